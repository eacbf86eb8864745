"""A bare Scrapy spider that saves the pages which policywire's crawl of the same site fetches, and does nothing else.

    python bench/peers/bare_spider.py '{"source": …, "start": […], "folder": …, "connect_to": …, "ca_file": …}'

What it does: obeys robots.txt, goes each listing page by page (China Daily's pages, the ministry's list endpoint with
the parameters that a column's page names), asks for each story once, follows a story's further pages, and writes every
body whole, listings included, to a file of its own. What it leaves out: reading a story, telling new from known,
archiving headers and requests, syncing to disk, a database. Settings that matter are the same as for policywire's
crawl: TLS with the same check, requests at a time, no delay, retries, no cookies, no telnet; the loopback site is
reached by the same resolver.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import AsyncIterator, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scrapy import Spider  # noqa: E402
from scrapy.crawler import AsyncCrawlerProcess  # noqa: E402
from scrapy.http import Request, Response  # noqa: E402

from spiders.connect import CA_FILE, CONNECT_TO, HOSTS  # noqa: E402

STORY = re.compile(r"/WS[0-9a-f]{24}(_\d+)?\.html$|/art/\d{4}/art_[0-9a-f]{32}\.html$|/\d{14}\.shtml$")
UNIT = re.compile(r'url="([^"]+)"\s+queryData="([^"]+)"', re.IGNORECASE)
ROWS = 15


class Bare(Spider):
    """Follows and saves."""

    name = "bare"
    told: dict[str, Any]

    async def start(self) -> AsyncIterator[Request]:
        """The listings."""
        for url in self.told["start"]:
            yield Request(url, self.listing)

    def listing(self, response: Response) -> Iterator[Request]:
        """A page of a listing: its stories, and the page after it."""
        self.save(response)
        if (unit := UNIT.search(response.text)) is not None:
            query = json.loads(unescape(unit[2]).replace("'", '"'))
            yield from self.unit_page(response.urljoin(unescape(unit[1])), query, 1)
            return
        yield from self.stories(response, response.css("a::attr(href)").getall())
        for link in response.css("#div_currpage a.pagestyle"):
            if link.css("::text").get() == "Next":
                yield Request(response.urljoin(link.attrib["href"]), self.listing)
        for href in response.css("a::attr(href)").re(r"^[^?]*\?\d+$"):
            yield Request(response.urljoin(href), self.listing)

    def unit_page(self, url: str, query: dict[str, str], number: int) -> Iterator[Request]:
        """The request for one page of a column's rows."""
        pairs = dict(query)
        if number > 1:
            pairs.pop("editType", None)
            pairs["paramJson"] = json.dumps({"pageNo": number, "pageSize": ROWS})
        told = {"url": url, "query": query, "number": number}
        yield Request(f"{url}?{urlencode(pairs)}", self.unit, cb_kwargs=told)

    def unit(self, response: Response, url: str, query: dict[str, str], number: int) -> Iterator[Request]:
        """An answer of the list endpoint."""
        self.save(response)
        rows = re.findall(r'<a href="([^"]+)"', json.loads(response.text)["data"]["html"])
        stories = [href for href in rows if STORY.search(href)]
        yield from self.stories(response, stories)
        if len(stories) == ROWS:
            yield from self.unit_page(url, query, number + 1)

    def stories(self, response: Response, links: list[str]) -> Iterator[Request]:
        """Requests for those links that are stories."""
        for href in links:
            if STORY.search(href):
                yield Request(response.urljoin(href), self.story)

    def story(self, response: Response) -> Iterator[Request]:
        """A story, and its further pages."""
        self.save(response)
        yield from self.stories(response, response.css("#div_currpage a::attr(href)").getall())

    def save(self, response: Response) -> None:
        """Keep the body."""
        name = hashlib.sha1(response.url.encode(), usedforsecurity=False).hexdigest()
        (Path(self.told["folder"]) / name).write_bytes(response.body)


def main(told: dict[str, Any]) -> int:
    """Crawl; prints how many pages were saved."""
    hosts = sorted({urlsplit(url).hostname for url in told["start"]})
    process = AsyncCrawlerProcess({
        "USER_AGENT": "bare/0 (bench)",
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS_PER_DOMAIN": told["per_host"],
        "CONCURRENT_REQUESTS": 3 + told["per_host"],
        "DOWNLOAD_DELAY": 0,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        HOSTS: hosts,
        CONNECT_TO: told["connect_to"],
        CA_FILE: told["ca_file"],
        "TWISTED_DNS_RESOLVER": "spiders.connect.HostResolver",
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "spiders.connect.DownloadHandler"),
    })  # fmt: skip
    crawler = process.create_crawler(type("Bare", (Bare,), {"told": told}))
    process.crawl(crawler)
    process.start()
    print(json.dumps({"pages": sum(1 for _ in Path(told["folder"]).iterdir())}))
    return 0


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))

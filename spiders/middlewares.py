"""What stands between a request and the network: the host allow-list and robots.txt, one reading a host.

Size, time and redirect caps are settings; `spiders.connect` checks the hosts once more when a connection is made.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser

from pipeline.model import Issue
from spiders.answers import LOST, Ending, why_lost
from spiders.connect import HOSTS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_URL = 2000
"""Letters of an address; no story's has more than 200."""
ROBOTS_LIMIT = 512 * 1024
"""Bytes of a robots.txt that are read; RFC 9309 asks for at least 500 KiB."""
MAX_CRAWL_DELAY = 60.0
"""Seconds; a larger Crawl-delay is taken as this, so that one line cannot stop a crawl for good."""
NO_RULES = b""
NOTHING_ALLOWED = b"User-agent: *\nDisallow: /\n"


class HostRefused(IgnoreRequest):
    """The address is not of a host that the source may contact."""


class RobotsDenied(IgnoreRequest):
    """robots.txt forbids the address."""


class RobotsUnreachable(IgnoreRequest):
    """robots.txt could not be read, so nothing of the host is fetched."""


def allowed_host(url: str, hosts: frozenset[str]) -> bool:
    """Whether an address is plain http(s) on its usual port, of a listed host, without a login in it, and no novel."""
    if len(url) > MAX_URL:
        return False
    try:
        parts = urlsplit(url)
        usual = parts.port in (None, 443 if parts.scheme == "https" else 80)
    except ValueError:  # a port that is no number
        return False
    return parts.scheme in ("http", "https") and usual and parts.hostname in hosts and "@" not in parts.netloc


def site_of(url: str) -> str:
    """Scheme, host and port of an address: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class HostAllowList:
    """Refuses every request, redirects and robots.txt included, that leaves the source's hosts."""

    def __init__(self, hosts: frozenset[str]) -> None:
        self.hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostAllowList:
        """Scrapy calls it with the settings of `spiders.settings`."""
        return cls(frozenset(crawler.settings.getlist(HOSTS)))

    def process_request(self, request: Request) -> None:
        """Let the request pass or raise HostRefused."""
        if not allowed_host(request.url, self.hosts):
            raise HostRefused(f"not an address of this source: {request.url[:MAX_URL]}")


class RobotsPerHost(RobotsTxtMiddleware):
    """Obeys robots.txt however many requests ask for it at once.

    Scrapy 2.14 to 2.19 answer all but the first of several simultaneous requests to a host with "no rules", which
    means allowed. Here one lock a host is held while its robots.txt is read. As RFC 9309 says, a 4xx means no rules
    and a host whose robots.txt cannot be had (5xx, no answer) is left alone, which becomes an issue.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.rules: dict[str, RobotParser] = {}
        self.unread: dict[str, str] = {}
        """Sites whose robots.txt could not be had, and why."""
        self.slowed: set[str] = set()
        """Hosts that ask for a longer delay than ours."""

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Let the request pass or raise RobotsDenied or RobotsUnreachable."""
        if (why := self.unread.get(site_of(request.url))) is not None:
            raise RobotsUnreachable(why)
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsDenied(f"robots.txt forbids {request.url}") from error

    async def robot_parser(self, request: Request) -> RobotParser:
        """The rules of the request's scheme, host and port, read once."""
        site = site_of(request.url)
        async with self.locks[site]:
            if site not in self.rules:
                self.rules[site] = await self.read_rules(site)
        if urlsplit(site).hostname in self.slowed:
            request.meta["autothrottle_dont_adjust_delay"] = True  # it knows nothing of this host's own minimum
        return self.rules[site]

    async def read_rules(self, site: str) -> RobotParser:
        """Fetch and parse one robots.txt."""
        url = f"{site}/robots.txt"
        asked = Request(url, priority=self.DOWNLOAD_PRIORITY, meta={"dont_obey_robotstxt": True}, callback=NO_CALLBACK)
        self._stats.inc_value("robotstxt/request_count")
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(asked)
        except Ending:
            raise
        except LOST as error:
            kind, detail = why_lost(error)
            body = self.leave_alone(site, f"{kind}: {detail}")
        else:
            body = self.rules_in(response, site)
        rules = ProtegoRobotParser.from_crawler(self.crawler, body)
        self.slow_down(urlsplit(site).hostname or "", rules)
        return rules

    def rules_in(self, response: Response, site: str) -> bytes:
        """The rules that an answer stands for."""
        self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        if response.status >= 500 or response.status == 429:
            return self.leave_alone(site, f"status {response.status}")
        if response.status >= 300:
            return NO_RULES
        body = response.body[:ROBOTS_LIMIT]
        # An HTML page in its place is the site's way to say that there is none, whatever the status.
        return NO_RULES if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else body

    def slow_down(self, host: str, rules: ProtegoRobotParser) -> None:
        """Obey a Crawl-delay that is longer than our own delay."""
        asked = rules.rp.crawl_delay(self._robotstxt_useragent or self._default_useragent)
        own = self.crawler.settings.getfloat("DOWNLOAD_DELAY")
        if asked is None or not asked > own or self.crawler.engine is None:  # not: so that "nan" asks for nothing
            return
        downloader: Any = self.crawler.engine.downloader
        delay = min(float(asked), MAX_CRAWL_DELAY)
        self.slowed.add(host)
        downloader.per_slot_settings[host] = {"delay": delay}
        if host in downloader.slots:
            downloader.slots[host].delay = delay

    def leave_alone(self, site: str, why: str) -> bytes:
        """The rules for a site whose robots.txt cannot be had, which becomes an issue."""
        url = f"{site}/robots.txt"
        self.unread[site] = f"{url} could not be read ({why}); the host is left alone"
        spider: Any = self.crawler.spider
        spider.note(Issue(kind="robots_unreachable", source=spider.name, url=url, detail=self.unread[site]))
        return NOTHING_ALLOWED

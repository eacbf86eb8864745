"""What a crawl must never do: press a host, leave its hosts, trust a stranger, swallow a bomb."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from spiders.crawl import CrawlOptions
from spiders.settings import crawl_settings
from spiders.source import SOURCES
from tests.spiders_loopback import CD, ROOT, Answer, Site, crawl, listing, loopback, rows, story, story_url

ECONOMY = f"{CD}/business/economy"
ONLY = ["business/economy"]
PLAIN = {"Content-Type": "text/plain"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with loopback(tmp_path) as running:
        yield running


def publish(site: Site, page: list[tuple[str, str, str]]) -> None:
    site.add(ECONOMY, listing(page))
    for url, title, time in page:
        site.add(url, story(title, updated=time))


# Eight first requests at once, through our settings, as Scrapy's own middleware fails to hold back.
AT_ONCE = """
import json, sys
from pathlib import Path
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from spiders.options import CrawlOptions
from spiders.settings import crawl_settings
from spiders.source import SOURCES

told = json.loads(sys.argv[1])

class Crowd(Spider):
    name = "crowd"
    notes = []
    def note(self, issue):
        self.notes.append(issue.kind)
    async def start(self):
        for number in range(8):
            yield Request(f"https://www.chinadaily.com.cn/secret/{number}", errback=lambda failure: None)
    def parse(self, response):
        self.notes.append("fetched")

options = CrawlOptions(delay=0, connect_to=told["connect_to"], ca_file=Path(told["ca_file"]))
settings = {**crawl_settings(SOURCES["china_daily"], options), "CONCURRENT_REQUESTS": 16,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 16, **told["settings"]}
process = AsyncCrawlerProcess(settings)
process.crawl(Crowd)
process.start()
print(json.dumps(Crowd.notes))
"""


def crowd(site: Site, **settings: object) -> list[str]:
    told = {
        "connect_to": site.connect_to("www.chinadaily.com.cn"),
        "ca_file": str(site.ca_file),
        "settings": settings,
    }
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE, json.dumps(told)], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    kinds: list[str] = json.loads(done.stdout)
    return kinds


@pytest.mark.parametrize(
    ("robots", "fetched", "noted"),
    [
        (Answer(b"User-agent: *\nDisallow: /secret/\n", headers=PLAIN), 0, 0),
        (Answer(b"User-agent: policywire\nDisallow: /\n\nUser-agent: *\nAllow: /\n", headers=PLAIN), 0, 0),
        (Answer(b"<html><body>User-agent: *\nDisallow: /</body></html>", 404), 8, 0),
        (Answer(b"<html>\nUser-agent: *\nDisallow: /\n</html>", 200), 8, 0),
        (Answer(b"oh", 500), 0, 1),
    ],
    ids=["forbidden", "forbidden by name", "404 with a page", "a page of status 200", "broken"],
)
def test_robots_txt_holds_for_every_one_of_many_first_requests(
    site: Site, robots: Answer, fetched: int, noted: int
) -> None:
    site.pages[f"{CD}/robots.txt"] = robots
    for number in range(8):
        site.add(f"{CD}/secret/{number}", "secret")
    kinds = crowd(site)
    assert site.count("/secret/") == kinds.count("fetched") == fetched
    assert kinds.count("robots_unreachable") == noted
    assert len({url for url in site.asked if url.endswith("robots.txt")}) == 1


def test_scrapys_own_middleware_still_lets_some_through(site: Site) -> None:
    """When this fails, Scrapy has mended it and `RobotsPerHost` need only keep its 404 and 5xx rules."""
    site.add(f"{CD}/robots.txt", "User-agent: *\nDisallow: /secret/\n", headers=PLAIN)
    for number in range(8):
        site.add(f"{CD}/secret/{number}", "secret")
    kinds = crowd(site, DOWNLOADER_MIDDLEWARES={"scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": 100})
    assert kinds.count("fetched") > 0


def test_requests_that_have_waited_together_are_not_sent_together(site: Site) -> None:
    for number in range(8):
        site.add(f"{CD}/secret/{number}", "secret")
    assert crowd(site, CONCURRENT_REQUESTS_PER_DOMAIN=2).count("fetched") == 8
    assert len(site.clients) <= 2


def test_scrapys_own_downloader_still_sends_them_all(site: Site) -> None:
    """When this fails, Scrapy has mended it and `spiders.downloader` can go."""
    for number in range(8):
        site.add(f"{CD}/secret/{number}", "secret")
    crowd(site, CONCURRENT_REQUESTS_PER_DOMAIN=2, DOWNLOADER="scrapy.core.downloader.Downloader")
    assert len(site.clients) > 2


def test_what_robots_txt_forbids_is_told_and_not_fetched(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 10)
    publish(site, page)
    site.add(f"{CD}/robots.txt", f"User-agent: *\nDisallow: {page[2][0].removeprefix(CD)}\n", headers=PLAIN)
    done = crawl(site, tmp_path / "c", sections=ONLY)
    assert (done.report["state"], done.report["new"], done.report["failed"]) == ("ok", 9, 1)
    assert page[2][0] not in site.asked
    assert done.kinds() == ["robots_denied"]


def test_a_host_whose_robots_txt_is_broken_is_left_alone_and_the_run_says_so(site: Site, tmp_path: Path) -> None:
    publish(site, rows("2026-11-18", 1, 10))
    site.add(f"{CD}/robots.txt", "oh", status=500)
    done = crawl(site, tmp_path / "c", sections=ONLY)
    assert set(site.asked) == {f"{CD}/robots.txt"}
    assert done.report["state"] == done.report["routes"][0]["state"] == "failed"
    assert "robots.txt could not be read (status 500)" in done.report["routes"][0]["detail"]
    assert done.kinds() == ["listing_failed", "robots_unreachable"]


def test_a_crawl_delay_is_kept(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 12)
    publish(site, page)
    site.add(f"{CD}/robots.txt", "User-agent: *\nCrawl-delay: 30\n", headers=PLAIN)
    done = crawl(site, tmp_path / "c", sections=ONLY, max_seconds=1.0)
    assert len(site.asked) <= 2
    assert done.report["reason"] == "timeout"


def test_no_redirect_leads_off_the_sources_hosts(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 10)
    publish(site, page)
    there = {
        f"http://127.0.0.1:{site.plain.server_address[1]}/x": page[0][0],
        "https://www.chinadaily.com.cn:8443/x": page[1][0],
        "file:///etc/passwd": page[2][0],
        "https://evil.example/": page[3][0],
        f"{CD}/a/1": page[4][0],
    }
    for target, url in there.items():
        site.add(url, b"", status=302, headers={"Location": target})
    for number in range(1, 9):
        site.add(f"{CD}/a/{number}", b"", status=301, headers={"Location": f"{CD}/a/{number + 1}"})
    done = crawl(site, tmp_path / "c", sections=ONLY)
    assert done.report["new"] == 5
    assert done.kinds() == ["fetch_failed", "host_refused", "host_refused", "host_refused", "redirect_loop"]
    assert not [url for url in site.asked if not url.startswith(CD)]
    assert site.count("/a/6") == 0, "five redirects are the most"
    assert "passwd" not in "".join(str(event) for event in done.of("store"))


def test_addresses_that_are_too_long_hold_nothing_up(site: Site, tmp_path: Path) -> None:
    long = [(f"{CD}/a/{'pears-' * 400}/WS{n:024x}.html", f"Long {n}", "2026-11-18 10:00") for n in range(70)]
    escaped = [(f"{CD}/a/{'梨' * 700}/WS{n:024x}.html", f"Pears {n}", "2026-11-18 10:00") for n in range(70)]
    good = story_url("2026-11-18", 1)
    site.add(f"{CD}/business/economy", listing([*long, *escaped, (good, "Good", "2026-11-18 09:00")]))
    site.add(good, story("Good"))
    crawled = crawl(site, tmp_path / "crawl", sections=["business/economy"], max_seconds=120)
    assert crawled.report["reason"] == "finished"
    assert site.stories() == [good]
    assert set(crawled.kinds()) == {"host_refused"}


def test_links_to_other_hosts_are_not_followed(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 10)
    publish(site, page)
    elsewhere = page[0][0].replace("www.chinadaily.com.cn", "evil.example")
    site.add(ECONOMY, listing([(elsewhere, "x", "2026-11-18 10:00"), *page]))
    done = crawl(site, tmp_path / "c", sections=ONLY)
    assert (done.report["state"], done.report["new"]) == ("ok", 10)
    assert not [url for url in site.asked if "evil" in url]


def test_an_allowed_name_that_is_not_pinned_and_not_public_is_not_connected_to(site: Site, tmp_path: Path) -> None:
    """`localhost` stands for a name that an attacker's name server points into our network."""
    code = """
import sys
import threading
import zlib
from twisted.internet import reactor
from spiders.connect import HostResolver
found = []
class Receiver:
    def resolutionBegan(self, resolution): pass
    def addressResolved(self, address): found.append(address)
    def resolutionComplete(self):
        waiting.remove(1)
        if not waiting: reactor.stop()
waiting = [1, 1, 1]
hosts = frozenset({"localhost", "pinned.example"})
resolver = HostResolver(reactor, hosts, {("pinned.example", 443): ("127.0.0.1", 9)})
def go():
    resolver.resolveHostName(Receiver(), "localhost", 443)
    resolver.resolveHostName(Receiver(), "127.0.0.1", 443)
    resolver.resolveHostName(Receiver(), "pinned.example", 443)
reactor.callWhenRunning(go)
reactor.run()
print([(address.host, address.port) for address in found])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.stdout.strip() == "[('127.0.0.1', 9)]", done.stderr


def test_bombs_and_large_and_endless_bodies_are_refused_and_memory_stays_small(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 10)
    publish(site, page)
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()
    site.add(page[0][0], bomb, headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})
    site.add(page[1][0], b"x" * (9 << 20))
    site.add(page[2][0], b"not gzip at all", headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})
    done = crawl(site, tmp_path / "c", sections=ONLY)
    noted = {event["url"]: event["kind"] for event in done.of("note")}
    assert noted[page[0][0]] == noted[page[1][0]] == "too_large"
    assert done.report["new"] == 7
    assert done.report["state"] == "partial"
    assert done.peak_rss < 220_000, "kB; the bomb alone is 200 MB"
    assert site.asked.count(page[0][0]) == 1


def test_a_server_that_dribbles_is_left_after_the_timeout(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 10)
    publish(site, page)
    never = threading.Event()
    site.pages[page[0][0]] = Answer(b"x", before=lambda: (never.wait(6), None)[1])
    done = crawl(site, tmp_path / "c", sections=ONLY, timeout=0.3)
    never.set()
    assert done.of("note")[0]["kind"] == "timeout"
    assert done.report["new"] == 9


@pytest.mark.parametrize("stranger", [True, False], ids=["another authority trusted", "only the system trusted"])
def test_tls_is_verified(site: Site, tmp_path: Path, stranger: bool) -> None:
    publish(site, rows("2026-11-18", 1, 10))
    ca_file = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(ca_file))
    done = crawl(site, tmp_path / "c", sections=ONLY, ca_file=str(ca_file) if stranger else None)
    assert done.report["state"] == "failed"
    assert site.asked == []


def test_the_settings_have_no_doors_open() -> None:
    settings = crawl_settings(SOURCES["mofcom"], CrawlOptions(user_agent="policywire (mail desk@example.org)"))
    assert settings["ROBOTSTXT_OBEY"] is settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True
    for off in ("TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED", "HTTPCACHE_ENABLED",
                "METAREFRESH_ENABLED", "HTTPPROXY_ENABLED"):  # fmt: skip
        assert settings[off] is False
    handlers = settings["DOWNLOAD_HANDLERS"]
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}
    assert {"file", "ftp", "s3", "data"} <= set(handlers)
    assert settings["CONCURRENT_REQUESTS_PER_DOMAIN"] == 1
    assert settings["DOWNLOAD_DELAY"] >= 1
    assert settings["DOWNLOAD_MAXSIZE"] == 8 * 1024 * 1024
    assert settings["USER_AGENT"] == "policywire (mail desk@example.org)"
    assert {code for code in settings["RETRY_HTTP_CODES"] if 400 <= code < 500} == {429}

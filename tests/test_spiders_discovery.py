"""China Daily's discovery goes on from any page that it gave before, whatever kind of route it is. No network."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime

import pytest

from pipeline.model import Issue, Listing, Page, PageKind
from spiders.options import CrawlOptions
from spiders.routes import Route, RouteLost
from spiders.source import SOURCES
from tests.spiders_loopback import CD, listing, rows

SEARCHES = [f"https://newssearch.chinadaily.com.cn/rest/{name}" for name in ("en/search", "search")]
EPAPER = "https://epaper.chinadaily.com.cn/china"
OPTIONS = CrawlOptions(today=date(2026, 11, 20), query="pears", sections=("business/economy", "epaper"))
OLD_DAYS = CrawlOptions(
    since=date(2013, 3, 20), until=date(2013, 3, 30), sections=("epaper",), today=date(2026, 11, 20)
)


class Shelf:
    """A crawl that has some pages and no others."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.asked: list[str] = []

    async def listing(
        self, url: str, kind: PageKind = "listing", headers: dict[str, str] | None = None, *, posted: bool = False
    ) -> Page:
        self.asked.append(url)
        if url not in self.pages:
            raise RouteLost("failed", f"status 404 from {url}", gone=True)
        body = self.pages[url].encode()
        return Page(url=url, source="china_daily", body=body, fetched_at=datetime.now(UTC), kind=kind)

    def note(self, issue: Issue) -> None:
        raise AssertionError(issue)


def read(shelf: Shelf, options: CrawlOptions, name: str, at: str | None = None) -> list[Listing]:
    """The pages that the discovery gives of a route; a route that is lost ends there."""
    source = SOURCES["china_daily"]
    discovery = source.discovery(source, options, shelf)
    route = next(route for route in discovery.routes() if route.name == name)

    async def gone() -> list[Listing]:
        found = []
        try:
            async for page in discovery.listings(route, at):
                found.append(page)
        except RouteLost:
            pass
        return found

    return asyncio.run(gone())


def section(shelf: Shelf) -> None:
    for number in range(1, 5):
        address, following = (
            f"{CD}/business/economy/page_{n}.html" if n > 1 else f"{CD}/business/economy" for n in (number, number + 1)
        )
        page = rows(f"2026-11-{19 - number}", 100 * number, 10)
        shelf.pages[address] = listing(page, following if number < 4 else None)


def search(shelf: Shelf, base: str) -> None:
    for number in range(4):
        content = [
            {"title": title, "url": url, "pubDateStr": time}
            for url, title, time in rows(f"2026-11-{19 - number}", 100 * number + 1, 10)
        ]
        address = f"{base}?keywords=pears&sort=dp&page={number}&curType=story&type=&channel=&source="
        shelf.pages[address] = json.dumps({"content": content, "totalElements": 40, "totalPages": 4})


def papers(shelf: Shelf) -> None:
    for day in ("20", "19", "18", "17", "16", "14", "13"):  # the 15th is a Sunday
        stories = "".join(
            f'<a href="//epaper.chinadaily.com.cn/a/202611/{day}/WS{n:024x}.html">Pears {n}</a>' for n in range(6)
        )
        shelf.pages[f"{EPAPER}/2026-11/{day}"] = f'<div class="newslist-common">{stories}</div>'


def old_papers(shelf: Shelf) -> None:
    for day in ("28", "27", "26"):
        for part in (1, 2):
            links = "".join(f"<a href='content_{day}{part}000{n}.htm'>Pears {n}</a>" for n in range(6))
            more = "<a href='index2.html'>2</a>" if part == 1 else ""
            shelf.pages[f"{CD}/cndy/2013-03/{day}/index{part}.html"] = f"<body>{links}{more}</body>"


@pytest.mark.parametrize(
    ("name", "options", "made"),
    [
        ("business/economy", OPTIONS, section),
        ("search", OPTIONS, lambda shelf: search(shelf, SEARCHES[0])),
        ("search", OPTIONS, lambda shelf: search(shelf, SEARCHES[1])),
        ("epaper", OPTIONS, papers),
        ("epaper", OLD_DAYS, old_papers),
    ],
    ids=["section", "search", "search at its other address", "paper", "older paper"],
)
def test_a_route_goes_on_from_any_page_that_it_gave(name: str, options: CrawlOptions, made: object) -> None:
    shelf = Shelf()
    made(shelf)  # type: ignore[operator]
    whole = read(shelf, options, name)
    assert len(whole) > 3
    for place, page in enumerate(whole):
        again = read(shelf, options, name, page.url)
        rest = {row.url for listed in whole[place:] for row in listed.rows}
        assert rest <= {row.url for listed in again for row in listed.rows}, page.url
        assert len(again) - len(whole[place:]) in (0, 1), "no more than the day of the page is read anew"


def test_a_route_that_is_told_to_begin_where_it_is_said_to_begins_at_its_top() -> None:
    shelf = Shelf()
    papers(shelf)
    source = SOURCES["china_daily"]
    (route,) = (route for route in source.discovery(source, OPTIONS, shelf).routes() if route.name == "epaper")
    assert isinstance(route, Route)
    assert read(shelf, OPTIONS, "epaper", route.url)[0].url == f"{EPAPER}/2026-11/20"
    assert route.url not in shelf.asked, "the bare entry leads to one day of 2021"

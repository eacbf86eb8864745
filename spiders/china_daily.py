"""Finds China Daily's stories: section listings and their pages, feeds, the search's JSON, the paper's days.

Site quirks (2026-11): a listing has 20 rows, newest first, its next page is `page_2.html`; the search counts pages
from 0 and wants to be asked like its own script does; at which of two addresses it stands and whether it heeds its
date parameters is disputed, so both are tried and the rows' dates are looked at as well; a listing may redirect to a
regional edition by the caller's country; feeds print no dates and may have stood still for years, so they only stand
beside the sections that tell the same. Section paths have not changed since 2017; a section that is not certain is
there but not on by default.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from pipeline.model import Listing, Page
from spiders.china_daily_paper import ENTRY, Paper
from spiders.routes import Route, RouteLost, within
from spiders.site import Discovery, Section, Source

SEARCHES = (
    "https://newssearch.chinadaily.com.cn/rest/en/search",
    "https://newssearch.chinadaily.com.cn/rest/search",
)
"""The search's address, and where others say that it is."""
SEARCH_HEADERS = {
    "Accept": "application/json",
    "Referer": "https://newssearch.chinadaily.com.cn/en/search",
    "X-Requested-With": "XMLHttpRequest",
}
PAPERS = 9000
"""Days of the paper that one crawl reads at most: all that there can be."""


class ChinaDaily(Discovery):
    """Routes: the chosen sections, or the search when there is a query; the paper's days where a date is given."""

    def routes(self) -> Sequence[Route]:
        """A query alone searches; sections named beside it are gone as well."""
        routes = []
        if self.options.query is not None:
            routes.append(Route(name="search", url=self.search_url(self.options.query), kind="search"))
        if self.options.query is None or self.options.sections:
            routes.extend(self.route_of(section) for section in self.sections())
        return routes

    def sections(self) -> Sequence[Section]:
        """The chosen ones; for a back catalogue that names none, the paper as well."""
        chosen = self.source.chosen(self.options.sections)
        if self.options.since is None or self.options.sections:
            return chosen
        return (*chosen, *(section for section in self.source.sections if section.url == ENTRY))

    def route_of(self, section: Section) -> Route:
        """The way along a section; the paper's older days are no sign that it stands still."""
        route = Route.of(section)
        if section.url != ENTRY:
            return route
        return replace(route, most_pages=PAPERS, max_age_days=None if self.options.until else route.max_age_days)

    def listings(self, route: Route, at: str | None = None) -> AsyncGenerator[Listing]:
        """The pages of a section, a feed or a search, or the days of the paper."""
        if route.kind == "search":
            return self.search(route, at)
        if route.url == ENTRY:
            remarks = self.remarks[route.name]
            paper = Paper(route=route, options=self.options, crawl=self.crawl, read=self.read_listing, remarks=remarks)
            return paper.listings(at)
        return self.section(route, at)

    async def section(self, route: Route, at: str | None) -> AsyncGenerator[Listing]:
        """The pages of a section's listing or a feed, of whichever edition answers."""
        async with aclosing(self.pages_from(at or route.url, route.kind)) as listings:
            async for listing in listings:
                if (said := other_edition(route.url, listing.url)) is not None:
                    self.remarks[route.name].setdefault("redirected_edition", said)
                yield listing

    async def search(self, route: Route, at: str | None) -> AsyncGenerator[Listing]:
        """The pages of the search, from its other address where the first gives nothing."""
        remarks, begun = self.remarks[route.name], False
        urls = [route.url.replace(SEARCHES[0], base, 1) for base in SEARCHES]
        if at is not None:
            urls = [at] if at.startswith(SEARCHES[1]) else [at, at.replace(SEARCHES[0], SEARCHES[1], 1)]
        trouble: RouteLost | None = None
        for url in urls:
            try:
                async with aclosing(self.pages_from(url, "search", SEARCH_HEADERS)) as listings:
                    async for listing in listings:
                        if not listing.rows and not begun:
                            break
                        begun = True
                        if url.startswith(SEARCHES[1]):
                            why = f"{SEARCHES[0]} gave nothing ({trouble.detail if trouble else 'no hits'})"
                            remarks["fallback"] = f"{why}; {SEARCHES[1]} was asked in its place"
                        if not all(within(row.published, self.options) for row in listing.rows):
                            remarks["dates_unheeded"] = "the search gives stories of other days than it was asked for"
                        yield listing
            except RouteLost as lost:
                if begun or lost.state == "blocked":
                    raise
                trouble = trouble or lost
            if begun:
                return
        if trouble is not None:
            raise trouble
        remarks["no_hits"] = "the search found nothing"

    def read_listing(self, page: Page) -> Listing:
        """Parse a page of a listing; one without rows on a host that was not asked is another edition's front page."""
        try:
            return super().read_listing(page)
        except RouteLost as lost:
            said = other_edition(page.url, page.final_url or page.url)
            if lost.state != "empty" or said is None:
                raise
            raise RouteLost("redirected_edition", f"{said}, without a row in it") from lost

    def search_url(self, words: str) -> str:
        """Where the search gives its first page, newest story first."""
        fields = {
            "keywords": words,
            "sort": "dp",
            "page": "0",
            "curType": "story",
            "type": "",
            "channel": "",
            "source": "",
        }
        if self.options.since is not None:
            fields["publishedDateFrom"] = self.options.since.isoformat()
        if self.options.until is not None:
            fields["publishedDateTo"] = self.options.until.isoformat()
        return f"{SEARCHES[0]}?{urlencode(fields)}"


def other_edition(asked: str, got: str) -> str | None:
    """A line about the edition that answered in place of the one that was asked; None where it is the same."""
    hosts = [(urlsplit(url).hostname or "").removeprefix("www.") for url in (asked, got)]
    if hosts[0] == hosts[1]:
        return None
    return f"{urlsplit(asked).hostname} sent us to {urlsplit(got).hostname}: a listing of another edition"


CD = "https://www.chinadaily.com.cn"
CD_CN = "https://china.chinadaily.com.cn"
CD_DEFAULTS = {
    "business/economy": 7,
    "business/companies": 7,
    "business/biz_industries": 14,
    "business/tech": 14,
    "business/motoring": 30,
    "business/money": 14,
    "china/governmentandpolicy": 7,
    "world/china-us": 30,
    "world/cn_eu": 60,
}
"""The sections that are crawled unless others are named, with the age in days at which they stand still."""
CD_OTHERS = (
    "china/society", "china/scitech", "china/environment", "china/coverstory",
    "china/59b8d010a3108c54ed7dfc30", "china/59b8d010a3108c54ed7dfc27", "china/59b8d010a3108c54ed7dfc25",
    "world/asia_pacific", "world/america", "world/europe", "world/middle_east", "world/africa",
    "world/China-Japan-Relations", "world/china-africa",
    "opinion/editionals", "opinion/op-ed", "opinion/commentator", "opinion/opinionline",
)  # fmt: skip
CD_FEEDS = {"china": "china", "bizchina": "business", "world": "world", "opinion": "opinion", "cndy": "cndy"}
"""The feeds, with what the names of the sections begin with that tell the same."""
CD_FEEDS_BY_DEFAULT = ("china", "bizchina", "world")

SOURCE = Source(
    name="china_daily",
    discovery=ChinaDaily,
    domain="chinadaily.com.cn",
    hosts=frozenset(
        {"chinadaily.com.cn"}
        | {
            f"{name}.chinadaily.com.cn"
            for name in (
                "www", "global", "usa", "europe", "africa", "cn", "china", "world", "caijing", "newssearch",
                "epaper", "govt", "investinchina",
            )
        }
    ),
    sections=(
        *(
            Section(name=name, url=f"{CD}/{name}", floor=10, default=True, max_age_days=age)
            for name, age in CD_DEFAULTS.items()
        ),
        *(Section(name=name, url=f"{CD}/{name}", floor=10) for name in CD_OTHERS),
        *(
            Section(
                name=f"rss/{name}", url=f"{CD}/rss/{name}_rss.xml", floor=5, kind="feed", max_age_days=7,
                default=name in CD_FEEDS_BY_DEFAULT, spare_for=subject,
            )
            for name, subject in CD_FEEDS.items()
        ),
        Section(name="epaper", url=ENTRY, floor=5, max_age_days=7),
        Section(
            name="cn/observer",
            url=f"{CD_CN}/5bd5639ca3101a87ca8ff634/5bd5669ba3101a87ca8ff666",
            floor=5,
            language="zh",
        ),
    ),
    delay=2.0,
    every=timedelta(minutes=30),
    searchable=True,
)  # fmt: skip

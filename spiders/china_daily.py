"""Finds China Daily's stories: section listings and their pages, feeds, and the search's JSON.

Site quirks (2026-11): a listing has 20 rows, newest first, its next page is `page_2.html`; the search counts pages
from 0 and wants to be asked like its own script does; whether it heeds its date parameters is disputed, so the rows'
dates are looked at as well; a listing may redirect to a regional edition by the caller's country. Section paths have
not changed since 2017; a section that is not certain is there but not on by default.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from pipeline.model import Issue, Listing, Page
from spiders.routes import Route
from spiders.site import Discovery, Section, Source

SEARCH = "https://newssearch.chinadaily.com.cn/rest/en/search"
SEARCH_HEADERS = {
    "Accept": "application/json",
    "Referer": "https://newssearch.chinadaily.com.cn/en/search",
    "X-Requested-With": "XMLHttpRequest",
}


class ChinaDaily(Discovery):
    """Routes: the chosen sections, or the search when there is a query."""

    def routes(self) -> Sequence[Route]:
        """A query alone searches; sections named beside it are gone as well."""
        routes = []
        if self.options.query is not None:
            routes.append(Route(name="search", url=self.search_url(self.options.query), kind="search"))
        if self.options.query is None or self.options.sections:
            routes.extend(Route.of(section) for section in self.source.chosen(self.options.sections))
        return routes

    def listings(self, route: Route, at: str | None = None) -> AsyncGenerator[Listing]:
        """The pages of a section, a feed or a search."""
        headers = SEARCH_HEADERS if route.kind == "search" else None
        return self.pages_from(at or route.url, route.kind, headers)

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
        return f"{SEARCH}?{urlencode(fields)}"

    def look_at(self, page: Page) -> None:
        """Say so when another edition answers than the one that was asked."""
        asked, got = urlsplit(page.url).hostname, urlsplit(page.final_url or page.url).hostname
        if asked != got:
            detail = f"{asked} sent us to {got}: a listing of another edition"
            self.crawl.note(Issue(kind="redirected_edition", source=self.source.name, url=page.url, detail=detail))


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
    "world/asia_pacific", "world/america", "world/europe", "world/middle_east", "world/africa",
    "world/China-Japan-Relations", "world/china-africa",
    "opinion/editionals", "opinion/op-ed", "opinion/commentator", "opinion/opinionline",
)  # fmt: skip
CD_FEEDS = ("china", "bizchina", "world", "opinion", "cndy")

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
            Section(name=f"rss/{name}", url=f"{CD}/rss/{name}_rss.xml", floor=5, kind="feed", max_age_days=7)
            for name in CD_FEEDS
        ),
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

"""Finds the ministry's documents: columns of the jpaas content system, through their list endpoint or as they stand.

Site quirks (2026-11): a column page is a shell; a script in it names the list endpoint and the query (`queryData`).
Some columns, the policy hub and all of the `.shtml` era have their rows in the page. A news item often links to the
document it is about, which may stand on a bureau's host; that one link is followed.
The export-control portal answers to forms (POST). A column that is not certain is there but not on by default.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from pipeline.html import PageError
from pipeline.listings.mofcom import (
    column_query,
    is_old_list,
    next_numbered,
    page_number,
    says_gone,
    unit_url,
)
from pipeline.model import Article, Language, Listing, Page
from spiders.routes import Route, RouteLost
from spiders.site import Discovery, Section, Source

LEADS = 1
"""In-body links of one news item that are followed."""
FULL_PAGE = 15
"""Rows of an old list's page that make a next one likely."""
_YEAR = re.compile(r"/gg/(\d{4})/(?=index\.html$)")


class Mofcom(Discovery):
    """Routes: the chosen columns, a yearly one once for each year asked for."""

    def routes(self) -> Sequence[Route]:
        """In the order of the source's table."""
        routes = []
        for section in self.source.chosen(self.options.sections):
            route = Route.of(section)
            routes.extend(self.yearly(route) if "{year}" in route.url else [route])
        return routes

    def yearly(self, route: Route) -> list[Route]:
        """One route a year, from today's back to that of `since`; this year's index may be empty in January."""
        today = self.options.today or datetime.now(UTC).date()
        first = min(self.options.since.year, today.year) if self.options.since else today.year
        return [
            replace(
                route,
                name=f"{route.name}/{year}",
                url=route.url.format(year=year),
                floor=0 if year == today.year and today.month == 1 else route.floor,
            )
            for year in range(today.year, first - 1, -1)
        ]

    async def listings(self, route: Route, at: str | None = None) -> AsyncGenerator[Listing]:
        """The pages of a column, by its list endpoint where the page names one.

        The endpoint's parameters are read anew each time; of `at` only the number of the page is kept.
        """
        if "#" in route.url:  # the export-control portal answers to forms
            async for listing in self.pages_from(at or route.url, route.kind, posted=True):
                yield listing
            return
        shell = await self.front_page(route.url)
        headers = None
        last: Listing | None = None
        try:
            query = column_query(shell)
        except PageError:  # the rows must stand in the page, or reading them says what is wrong with it
            url = at
            if at in (None, shell.url, shell.final_url):
                last = self.read_listing(shell)
                yield last
                url = last.next_page
        else:
            url = unit_url(query, page_number(at) if at else 1)
            headers = {"Referer": shell.final_url or shell.url}
        async for last in self.pages_from(url, "listing", headers, after=shell.url):
            yield last
        if last is not None and last.pages is None and headers is None and is_old_list(last.url):
            async for listing in self.numbered(last):
                yield listing

    async def front_page(self, url: str) -> Page:
        """The first page of a column; a year's index stands under one of two names."""
        other = _YEAR.sub(r"/gg/\1nswbgg/", url)
        try:
            page = await self.crawl.listing(url)
        except RouteLost as lost:
            if other == url or not lost.gone:
                raise
            return await self.crawl.listing(other)
        return await self.crawl.listing(other) if other != url and says_gone(page) else page

    async def numbered(self, last: Listing) -> AsyncGenerator[Listing]:
        """The pages `?n` of an old list whose pager a script makes: on, while they show something else."""
        shown = {row.url for row in last.rows}
        while last.next_page is None and len(last.rows) >= FULL_PAGE:
            try:
                last = self.read_listing(await self.crawl.listing(next_numbered(last.url)))
            except RouteLost as lost:
                if lost.gone or lost.state == "empty":
                    return  # we asked for a page that nobody promised
                raise
            if shown.issuperset(row.url for row in last.rows):
                return
            shown.update(row.url for row in last.rows)
            yield last

    def leads(self, article: Article) -> Sequence[str]:
        """The document that a news item is about, on any of the ministry's hosts."""
        if article.kind not in ("news", "remarks"):
            return ()
        return [url for url in article.links if urlsplit(url).hostname in self.source.hosts][:LEADS]


MOFCOM_WWW = "https://www.mofcom.gov.cn"
MOFCOM_EN = "https://english.mofcom.gov.cn"
AQYGZJ = "https://aqygzj.mofcom.gov.cn"
PORTAL = "http://exportcontrol.mofcom.gov.cn/edi_ecms_web_front/front/column"
"""Its endpoint is known by http only; where that leads to https the form is sent there."""


def _column(
    name: str, url: str, floor: int, *, default: bool = False, language: Language = "zh", age: int | None = None
) -> Section:
    return Section(name=name, url=url, floor=floor, kind="column", language=language, default=default, max_age_days=age)


def _portal(name: str, path: str, floor: int, *, default: bool = False) -> Section:
    return Section(name=name, url=f"{PORTAL}/{path}", floor=floor, kind="form", language="zh", default=default)


SOURCE = Source(
    name="mofcom",
    discovery=Mofcom,
    domain="mofcom.gov.cn",
    hosts=frozenset(
        f"{name}.mofcom.gov.cn"
        for name in (
            "www", "english", "aqygzj", "exportcontrol", "cacs", "trb", "cws", "dcj", "chinawto", "fms", "fdi",
            "policy", "m", "zhongshan2", "wangwentao2", "wangshouwen2", "lingji2",
        )
    ),
    sections=(
        _column("zcfb", f"{MOFCOM_WWW}/zwgk/zcfb/index.html", 5, default=True, age=30),
        _column("gg", f"{MOFCOM_WWW}/zcfb/blgg/gg/{{year}}/index.html", 1, default=True),
        _column("rcxwfb", f"{MOFCOM_WWW}/xwfb/rcxwfb/index.html", 5, default=True, age=14),
        _column("xwfyrth", f"{MOFCOM_WWW}/xwfb/xwfyrth/index.html", 5, default=True, age=30),
        _column("lxxwfbh", f"{MOFCOM_WWW}/xwfb/lxxwfbh/index.html", 3, default=True, age=30),
        _column("en/announcements", f"{MOFCOM_EN}/Policies/AnnouncementsOrders/", 3, default=True, language="en"),
        _column("en/general-policies", f"{MOFCOM_EN}/Policies/GeneralPolicies/", 3, default=True, language="en"),
        _column("en/press-conference", f"{MOFCOM_EN}/News/PressConference/index.html", 3, default=True, language="en"),
        _column("en/significant-news", f"{MOFCOM_EN}/News/SignificantNews/index.html", 3, default=True, language="en"),
        _portal("exportcontrol/catalogue", "getColumnListZcfgGn#parentId=11", 5, default=True),
        _portal("exportcontrol/domestic", "getColumnList#pageNumber=1&columnID=1&title=", 5, default=True),
        _column("zcfb-hub", f"{MOFCOM_WWW}/zcfb/index.html", 5),
        _column("blgg", f"{MOFCOM_WWW}/zcfb/blgg/index.html", 5),
        _column("zgdwjjmywg", f"{MOFCOM_WWW}/zcfb/zgdwjjmywg/index.html", 1),
        _column("dwmygl", f"{MOFCOM_WWW}/zcfb/dwmygl/index.html", 1),
        _column("zc", f"{MOFCOM_WWW}/zcfb/zc/index.html", 1),
        _column("gz", f"{MOFCOM_WWW}/zfxxgk/zc/gz/index.html", 1),
        _column("ztxwfbh", f"{MOFCOM_WWW}/xwfb/ztxwfbh/index.html", 0),
        _column("sjfzrfb", f"{MOFCOM_WWW}/xwfb/sjfzrfb/index.html", 3),
        _column("ldrhd", f"{MOFCOM_WWW}/xwfb/ldrhd/index.html", 3),
        _column("bldhd", f"{MOFCOM_WWW}/xwfb/bldhd/index.html", 3),
        _column("en/policies", f"{MOFCOM_EN}/Policies/index.html", 1, language="en"),
        _column("en/remarks", f"{MOFCOM_EN}/article/newsrelease/policyreleasing/", 1, language="en"),
        *(
            _column(f"aqygzj/{name}", f"{AQYGZJ}/{path}/index.html", 1)
            for name, path in {
                "gzjgfxwj": "flzc/gzjgfxwj", "zhxx": "zhxx", "qdml": "qdml", "gzdt": "gzdt", "zsyd": "zsyd",
            }.items()
        ),
        _column("cws/gztz", "https://cws.mofcom.gov.cn/gztz/index.html", 1),
        *(
            _column(f"old/{name}", f"{MOFCOM_WWW}/article/{path}/", 1)
            for name, path in {"b": "b", "ai": "ae/ai", "ag": "ae/ag", "slfw": "ae/slfw"}.items()
        ),
        *(
            _column(f"en/old-{name}", f"{MOFCOM_EN}/article/{path}/", 1, language="en")
            for name, path in {
                "press": "newsrelease/press", "news": "newsrelease/significantnews",
                "announcements": "policyrelease/announcement",
            }.items()
        ),
        _column("home", f"{MOFCOM_WWW}/index.html", 5),
        _column("en/home", f"{MOFCOM_EN}/index.html", 5, language="en"),
        *(
            _column(f"{name}/home", f"https://{name}.mofcom.gov.cn/index.html", 1)
            for name in ("aqygzj", "trb", "cws", "dcj", "chinawto", "fms")
        ),
        *(
            _portal(f"exportcontrol/{name}", f"getColumnList#pageNumber=1&columnID={number}&title=", 1)
            for name, number in {
                "international": 2, "laws": 13, "regulations": 14, "rules": 15, "views": 16, "questions": 17,
            }.items()
        ),
    ),
    delay=3.0,
    every=timedelta(minutes=20),
)  # fmt: skip

"""Finds the ministry's documents: columns of the jpaas content system, through their list endpoint or as they stand.

Site quirks (2026-11): a column page is a shell; a script in it names the list endpoint and the query (`queryData`).
Some columns, the policy hub and all of the `.shtml` era have their rows in the page. A news item often links to the
document it is about, which may stand on a bureau's host; that one link is followed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pipeline.html import PageError
from pipeline.listings import column_query, unit_url
from pipeline.model import Article, Listing
from spiders.routes import Route
from spiders.spider import SourceSpider

LEADS = 1
"""In-body links of one news item that are followed."""


class MofcomSpider(SourceSpider):
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

    async def listings(self, route: Route) -> AsyncGenerator[Listing]:
        """The pages of a column, by its list endpoint where the page names one."""
        shell = await self.listing(route.url)
        try:
            query = column_query(shell)
        except PageError:  # the rows must stand in the page, or reading them says what is wrong with it
            listing = self.read_listing(shell)
            yield listing
            url, headers = listing.next_page, None
        else:
            url, headers = unit_url(query), {"Referer": shell.final_url or shell.url}
        async for listing in self.pages_from(url, "listing", headers, after=shell.url):
            yield listing

    def leads(self, article: Article) -> Sequence[str]:
        """The document that a news item is about, on any of the ministry's hosts."""
        return article.links[:LEADS] if article.kind in ("news", "remarks") else ()

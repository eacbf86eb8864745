"""Reads the listing of one route: what is new in it becomes owed page by page, and how far it is read is kept."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime

from pipeline.model import Issue, Listing, ListingRow, Reading, ReadingKey, SinkFailed
from spiders.answers import Ending
from spiders.ledger import Ledger
from spiders.middlewares import allowed_host
from spiders.routes import Route, RouteLost, Survey, needs_fetch, within
from spiders.site import Discovery
from spiders.tally import NOBODYS_WORK

logger = logging.getLogger(__name__)

MOST_ROWS = 2000
"""Of one page of a listing that are read; the longest real one, a year of announcements, has a few hundred."""


class ListingReader:
    """Goes one route, from its top and from where an earlier crawl was cut short."""

    def __init__(
        self, ledger: Ledger, discovery: Discovery, route: Route, rank: int, stopping: Callable[[], bool]
    ) -> None:
        self.ledger = ledger
        self.discovery = discovery
        self.route = route
        self.rank = rank
        """Which route of the crawl it is: of two addresses of one document the first is its own."""
        self.stopping = stopping
        self.source, self.sink, self.options = ledger.source, ledger.sink, ledger.options
        self.key = ReadingKey(
            source=self.source.name, url=route.url, since=self.options.since, until=self.options.until
        )
        before = ledger.trust(lambda: self.sink.reading(self.key))
        self.survey = Survey(route=route, options=self.options, page_limit=self.source.page_limit, before=before)

    async def read(self) -> AsyncGenerator[list[ListingRow]]:
        """The stories of each page that are to be fetched and that nobody had found before.

        A reading that ends before it is whole is gone on with by the next crawl. Raises SinkFailed.
        """
        lost: RouteLost | None = None
        try:
            async for found in self.pages(None):
                yield found
            if self.survey.head_is_read and not self.survey.over and not self.stopping():
                async for found in self.resume():
                    yield found
            if self.survey.whole and not self.stopping():
                self.ledger.trust(lambda: self.sink.finish_reading(self.key))
        except Ending:
            pass  # what was seen of the route is its report
        except SinkFailed:
            raise
        except RouteLost as error:
            lost = error
        except Exception as error:  # noqa: BLE001 - one route's crash must not end the others; it is counted and noted
            self.ledger.crashed(self.route.url, error)
            lost = RouteLost("failed", f"{type(error).__name__}: {error}"[:300])
        if self.survey.pages or not self.stopping():  # what the end of the crawl cut off before it began is no report
            self.close(lost)

    async def resume(self) -> AsyncGenerator[list[ListingRow]]:
        """The pages from where an earlier crawl was cut short; if that page is no more, the next one begins anew."""
        mark, pages = self.survey.state.mark, self.survey.pages
        logger.info("reading goes on where a crawl was cut short route=%s at=%s", self.route.name, mark)
        self.survey.joined = True
        try:
            async for found in self.pages(mark):
                yield found
        except RouteLost as error:
            if self.survey.pages == pages and (error.gone or error.state == "empty"):
                anew = Reading(mark=self.route.url)
                self.ledger.trust(lambda: self.sink.take_page(self.key, anew, (), self.rank))
            raise

    async def pages(self, at: str | None) -> AsyncGenerator[list[ListingRow]]:
        """The pages from the top, or from that address, until there is no more to ask for here."""
        async with aclosing(self.discovery.listings(self.route, at)) as listings:
            async for listing in listings:
                yield self.take(listing)
                if self.survey.over or self.survey.head_is_read or self.stopping():
                    return
        self.survey.joined = True  # down to its last page: all of it was read

    def take(self, listing: Listing) -> list[ListingRow]:
        """Count one listing page and owe its new rows; those that nobody had found before.

        A row that another section had as well is asked for once, but counts as new for how far this one is read.
        """
        if len(listing.rows) > MOST_ROWS:
            detail = f"{listing.url} has {len(listing.rows):,} rows; the first {MOST_ROWS:,} are read"
            self.ledger.note(Issue(kind="listing_too_long", source=self.source.name, url=self.route.url, detail=detail))
            listing = replace(listing, rows=listing.rows[:MOST_ROWS])
        needed = [row for row in listing.rows if self.is_needed(row)]
        state = self.survey.reach(listing)
        wanted = list(self.ledger.trust(lambda: self.sink.take_page(self.key, state, needed, self.rank)))
        self.survey.add(listing, len(wanted), fresh=self.ledger.has_news(needed, wanted))
        self.ledger.tally.listings += 1
        self.ledger.tally.found += len(wanted)
        self.ledger.tally.covered[self.route.name] = self.survey.covered
        self.ledger.tell(listing.url)
        return wanted

    def is_needed(self, row: ListingRow) -> bool:
        """Whether a row is of our hosts, in the span of days, and not known or listed with a later time."""
        return (
            allowed_host(row.url, self.source.hosts)
            and within(row.published, self.options)
            and needs_fetch(row.published, self.ledger.trust(lambda: self.sink.known(row.url)))
        )

    def close(self, lost: RouteLost | None) -> None:
        """Keep the route's report, and make an issue of it unless all is well."""
        today = self.options.today or datetime.now(UTC).date()
        report = self.survey.report(lost, today, self.discovery.remarks.get(self.route.name))
        tally = self.ledger.tally
        tally.routes.append(report)
        tally.covered[self.route.name] = 1.0
        if self.route.spare_for is not None:
            tally.spares[self.route.name] = self.route.spare_for
        if report.state not in NOBODYS_WORK and not tally.is_spared(report):
            kind = f"listing_{report.state}"
            self.ledger.note(Issue(kind=kind, source=self.source.name, url=self.route.url, detail=report.detail or ""))

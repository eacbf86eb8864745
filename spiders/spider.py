"""The spider of every source: goes the routes that a site's discovery names and asks for the stories they list.

The order is always the same: a fetched page goes to the sink's archive before anything reads it. Fetching beside the
queue stands in `fetching`, what becomes of a story in `stories`, what is counted and noted in `ledger`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any, ClassVar

from scrapy import Spider
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from pipeline.model import Issue, Listing, ListingRow
from spiders.answers import Ending, why_lost
from spiders.fetching import Fetcher
from spiders.ledger import Ledger, SinkFailed
from spiders.middlewares import allowed_host
from spiders.options import CrawlOptions
from spiders.routes import Route, RouteLost, Survey, needs_fetch, within
from spiders.sink import Sink
from spiders.site import Source
from spiders.stories import Stories

QUEUE = 60
"""Stories that may wait to be fetched before the next listing page is asked for: keeps memory flat."""


class SourceSpider(Spider):
    """A spider with a source, a sink and options; made by `spiders.crawl` as a class closed over them."""

    source: ClassVar[Source]
    sink: ClassVar[Sink]
    options: ClassVar[CrawlOptions]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger = Ledger(self.source, self.sink, self.options, self.end)
        self.fetcher = Fetcher(self.ledger, self.download)
        self.discovery = self.source.discovery(self.source, self.options, self.fetcher)
        self.stories = Stories(self.ledger, self.fetcher, self.discovery)
        self.ended: str | None = None
        """Why the spider itself ended the crawl, if it did."""
        self.waiting = 0
        self.room = asyncio.Event()
        self.clock: asyncio.TimerHandle | None = None
        self.closing: asyncio.Future[None] | None = None

    async def download(self, request: Request) -> Response:
        """The answer to a request beside the queue, through all middlewares."""
        assert self.crawler.engine is not None
        return await self.crawler.engine.download_async(request)

    def note(self, issue: Issue) -> None:
        """Record an issue; a middleware calls it."""
        self.ledger.note(issue)

    # -- discovery ---------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        """Go all routes; one that crashes does not keep the next from being gone."""
        if self.options.max_seconds is not None:
            self.clock = asyncio.get_running_loop().call_later(self.options.max_seconds, self.end, "timeout")
        for route in self.discovery.routes():
            if self.stopping:
                return
            async with aclosing(self.follow(route)) as requests:
                async for request in requests:
                    yield request

    async def follow(self, route: Route) -> AsyncGenerator[Request]:
        """The requests for the stories of one route that are to be fetched, and its report.

        With `since` they come newest first as the listing is read. Without, the listing is read up to what is known
        and they come oldest first: a crawl that is killed then leaves no gap below what it has stored.
        """
        survey = Survey(route=route, options=self.options, page_limit=self.source.page_limit)
        held: list[ListingRow] = []
        lost: RouteLost | None = None
        try:
            async with aclosing(self.discovery.listings(route)) as pages:
                async for listing in pages:
                    wanted = self.survey_page(survey, listing)
                    if self.options.since is None:
                        held.extend(wanted)
                    else:
                        for row in wanted:
                            yield self.ask(row)
                        await self.wait_for_room()
                    if self.stopping or survey.over:
                        break
        except Ending:
            pass  # what was seen of the route is its report
        except RouteLost as error:
            lost = error
        except SinkFailed as error:
            self.ledger.give_up(error)
            return
        except Exception as error:  # noqa: BLE001 - one route's crash must not end the others; it is counted and noted
            self.ledger.crashed(route.url, error)
            lost = RouteLost("failed", f"{type(error).__name__}: {error}"[:300])
        if survey.pages or not self.stopping:  # a route that the end of the crawl cut off before it began is no report
            self.close_route(survey, lost)
        for row in reversed(held):
            if self.stopping:
                return
            await self.wait_for_room()
            yield self.ask(row)

    def survey_page(self, survey: Survey, listing: Listing) -> list[ListingRow]:
        """Count one listing page; its rows that are to be fetched.

        A row that another section had as well is asked for once, but counts as new for how far this one is read.
        """
        needed = [row for row in listing.rows if self.is_needed(row)]
        wanted = [row for row in needed if self.ledger.is_first(row.url)]
        survey.add(listing, len(wanted), fresh=bool(needed))
        self.ledger.tally.listings += 1
        self.ledger.tally.found += len(wanted)
        self.ledger.tell(listing.url)
        return wanted

    def close_route(self, survey: Survey, lost: RouteLost | None) -> None:
        """Keep the route's report, and make an issue of it unless all is well."""
        report = survey.report(lost, self.options.today or datetime.now(UTC).date())
        self.ledger.tally.routes.append(report)
        if report.state == "ok":
            return
        kind = f"listing_{report.state}"
        try:
            self.ledger.note(
                Issue(kind=kind, source=self.source.name, url=survey.route.url, detail=report.detail or "")
            )
        except SinkFailed as error:
            self.ledger.give_up(error)

    def is_needed(self, row: ListingRow) -> bool:
        """Whether a row is of our hosts, in the span of days, and not known or listed with a later time."""
        return (
            allowed_host(row.url, self.source.hosts)
            and within(row.published, self.options)
            and needs_fetch(row.published, self.sink.known(row.url))
        )

    def ask(self, row: ListingRow) -> Request:
        """The request for a story; conditional when an older copy of it is known."""
        self.waiting += 1
        known = self.sink.known(row.url)
        headers = {}
        if known is not None and known.etag:
            headers["If-None-Match"] = known.etag
        if known is not None and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        return Request(
            row.url,
            headers=headers,
            callback=self.story,
            errback=self.lost,
            dont_filter=True,  # `seen` is our filter; Scrapy's would swallow a redirect to a known address
            cb_kwargs={"row": row},
        )

    async def wait_for_room(self) -> None:
        """Wait until few stories are waiting."""
        while self.waiting > QUEUE and not self.stopping:
            self.room.clear()
            await self.room.wait()

    # -- stories -----------------------------------------------------------------------------------------------

    async def story(self, response: Response, row: ListingRow) -> None:
        """Callback of a story's first page."""
        self.done_waiting()
        try:
            page, ref = self.fetcher.keep(response, "article")
            self.ledger.tally.fetched += 1
            await self.stories.read_story(page, ref, row)
        except Ending:
            pass  # it waits for the next crawl
        except SinkFailed as error:
            self.ledger.give_up(error)
        except Exception as error:  # noqa: BLE001 - the boundary: one story's crash must never stop the crawl
            self.ledger.crashed(row.url, error)
        self.ledger.tell(row.url)

    def lost(self, failure: Failure) -> None:
        """Errback of a story: no answer came."""
        self.done_waiting()
        request: Request = failure.request  # type: ignore[attr-defined] # Scrapy puts it there
        kind, detail = why_lost(failure.value)
        try:
            self.ledger.fail(Issue(kind=kind, source=self.source.name, url=request.url, detail=detail))
        except SinkFailed as error:
            self.ledger.give_up(error)
        self.ledger.tell(request.url)

    # -- beginning and end -------------------------------------------------------------------------------------

    @property
    def stopping(self) -> bool:
        """Whether the crawl is to end: by its own decision, or because the process was told to."""
        return self.ended is not None or not self.crawler.crawling

    def end(self, reason: str) -> None:
        """End the crawl after the pages in hand; requests that still wait for their turn are dropped."""
        if self.ended is not None or self.crawler.engine is None:
            return
        self.ended = reason
        self.room.set()
        for slot in self.crawler.engine.downloader.slots.values():
            while slot.queue:  # waiting for the host's delay, which may be a minute
                _, answer = slot.queue.popleft()
                answer.errback(Ending("the crawl is ending"))
        self.closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))

    def closed(self, reason: str) -> None:
        """Scrapy's call when the spider is closed."""
        if self.clock is not None:
            self.clock.cancel()

    def done_waiting(self) -> None:
        """One story less is waiting."""
        self.waiting -= 1
        self.room.set()

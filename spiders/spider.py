"""The spider of every source: goes the routes that a site's discovery names and asks for the stories they list.

The order is always the same: a fetched page goes to the sink's archive before anything reads it. Fetching beside the
queue stands in `fetching`, what becomes of a story in `stories`, what is counted and noted in `ledger`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from typing import Any, ClassVar

from scrapy import Spider
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from pipeline.model import Issue, ListingRow, SinkFailed
from spiders.annexes import Annexes, AnnexSink
from spiders.answers import Ending, why_lost
from spiders.fetching import Fetcher, conditions
from spiders.ledger import Ledger
from spiders.options import CrawlOptions
from spiders.reading import ListingReader
from spiders.routes import Route
from spiders.sink import Sink
from spiders.site import Source
from spiders.stories import Stories

logger = logging.getLogger(__name__)

QUEUE = 60
"""Stories that may wait to be fetched before the next listing page is asked for: keeps memory flat."""


class SourceSpider(Spider):
    """A spider with a source, a sink and options; made by `spiders.crawl` as a class closed over them."""

    source: ClassVar[Source]
    sink: ClassVar[Sink]
    options: ClassVar[CrawlOptions]
    annex_sink: ClassVar[AnnexSink | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger = Ledger(self.source, self.sink, self.options, self.end)
        self.fetcher = Fetcher(self.ledger, self.download)
        self.discovery = self.source.discovery(self.source, self.options, self.fetcher)
        self.annexes = Annexes(self.ledger, self.fetcher, self.annex_sink, self.options.max_annex_bytes)
        self.stories = Stories(self.ledger, self.fetcher, self.discovery, self.annexes)
        self.ended: str | None = None
        """Why the spider itself ended the crawl, if it did."""
        self.waiting = 0
        self.room = asyncio.Event()
        self.ending = asyncio.Event()
        """Set when the crawl is ending, for those who wait for something else."""
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
        try:
            async for request in self.requests():
                yield request
        except SinkFailed as error:
            self.ledger.give_up(error)

    async def requests(self) -> AsyncGenerator[Request]:
        """What earlier crawls left, then what the routes show, then the stories that are due to be seen again."""
        await self.take_up()
        await self.annexes.left_over()
        async for request in self.left_over():
            yield request
        routes = self.discovery.routes()
        self.ledger.tally.planned = len(routes)
        for rank, route in enumerate(routes):
            if self.stopping:
                return
            async with aclosing(self.follow(route, rank)) as requests:
                async for request in requests:
                    yield request
        if self.options.query is None and self.options.since is None and self.options.revisit:
            due = self.ledger.trust(lambda: self.sink.due_visits(self.options.revisit))
            for row in self.ledger.trust(lambda: self.sink.owe(due)):
                self.ledger.tally.found += 1
                await self.wait_for_room()
                if self.stopping:
                    return
                yield self.ask(row)

    async def take_up(self) -> None:
        """Read the stories that an earlier crawl archived and died before it stored; they are not fetched again."""
        behind = iter(self.sink.left_behind())
        while not self.stopping and (found := self.ledger.trust(lambda: next(behind, None))) is not None:
            page, ref, row = found
            self.ledger.tally.found += 1
            with self.one_story(row.url):
                await self.stories.read_story(page, ref, row)

    async def left_over(self) -> AsyncGenerator[Request]:
        """The requests for stories that earlier crawls found and did not have, as far as they are due."""
        mark, taken = None, 0
        while portion := self.ledger.trust(lambda mark=mark: self.sink.owed(mark, QUEUE)):  # type: ignore[misc]
            mark = portion[-1][0]
            for _, row in portion:
                await self.wait_for_room()
                if self.stopping:
                    return
                self.ledger.tally.found += 1
                taken += 1
                yield self.ask(row)
        if taken:
            logger.info("asked for what earlier crawls had found and not had stories=%d", taken)

    async def follow(self, route: Route, rank: int) -> AsyncGenerator[Request]:
        """The requests for the stories of one route that are to be fetched.

        With `since` they come newest first as the listing is read. Without, the listing is read up to what is known
        and they come oldest first, so that mails go out in the order of events.
        """
        reader = ListingReader(self.ledger, self.discovery, route, rank, lambda: self.stopping)
        held: list[ListingRow] = []
        async with aclosing(reader.read()) as pages:
            async for found in pages:
                if self.options.since is None:
                    held.extend(found)
                    continue
                for row in found:
                    yield self.ask(row)
                await self.wait_for_room()
        for row in reversed(held):
            if self.stopping:
                return
            await self.wait_for_room()
            yield self.ask(row)

    def ask(self, row: ListingRow) -> Request:
        """The request for a story; conditional when an older copy of it is known."""
        known = self.ledger.trust(lambda: self.sink.known(row.url))
        self.waiting += 1
        return Request(
            row.url,
            headers=conditions(known),
            callback=self.story,
            errback=self.lost,
            dont_filter=True,  # what is owed is our filter; Scrapy's would swallow a redirect to a known address
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
        with self.one_story(row.url):
            page, ref = await self.fetcher.keep(response, "article")
            self.ledger.tally.fetched += 1
            await self.stories.read_story(page, ref, row)

    @contextmanager
    def one_story(self, url: str) -> Iterator[None]:
        """The boundary of one story: its crash never stops the crawl."""
        try:
            yield
        except Ending:
            pass  # it waits for the next crawl
        except SinkFailed as error:
            self.ledger.give_up(error)
        except Exception as error:  # noqa: BLE001 - whatever a story trips over is counted and noted
            self.ledger.crashed(url, error)
        self.ledger.tell(url)

    def lost(self, failure: Failure) -> None:
        """Errback of a story: no answer came."""
        self.done_waiting()
        request: Request = failure.request  # type: ignore[attr-defined] # Scrapy puts it there
        row: ListingRow = request.cb_kwargs["row"]
        kind, detail = why_lost(failure.value)
        url = request.meta.get("redirect_urls", [request.url])[0]  # as a page of it would be named
        try:
            self.ledger.fail(Issue(kind=kind, source=self.source.name, url=url, detail=detail), row.url)
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
        self.ending.set()
        for slot in self.crawler.engine.downloader.slots.values():
            while slot.queue:  # waiting for the host's delay, which may be a minute
                _, answer = slot.queue.popleft()
                answer.errback(Ending("the crawl is ending"))
        self.closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))

    def closed(self, reason: str) -> None:
        """Scrapy's call when the spider is closed."""
        if self.clock is not None:
            self.clock.cancel()
        self.sink.close()

    def done_waiting(self) -> None:
        """One story less is waiting."""
        self.waiting -= 1
        self.room.set()

"""What the spiders of all sources share: fetch, archive, then parse; a story from its rows to the sink.

A site's spider says which routes there are and yields the listings of each; everything else stands here. The order
is always the same: a fetched page goes to the sink's archive before anything reads it. A story that crashes becomes
an issue and the crawl goes on; a sink that cannot keep pages ends it, for there is no use in fetching more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar

from scrapy import Spider
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from pipeline.articles import PARSER_VERSION, merge, parse
from pipeline.html import LayoutChanged, NotAnArticle, PageError, PageGone, PageMoved
from pipeline.listings import parse_listing
from pipeline.model import (
    ArchiveRef,
    Article,
    Issue,
    Listing,
    ListingRow,
    Page,
    PageKind,
)
from pipeline.shells import is_script_shell
from spiders.answers import LOST, Ending, answer_state, page_of, why_lost
from spiders.middlewares import allowed_host
from spiders.options import CrawlOptions
from spiders.routes import Route, RouteLost, Survey, needs_fetch, within
from spiders.sink import Sink
from spiders.source import Source
from spiders.tally import Tally

logger = logging.getLogger(__name__)

T = TypeVar("T")

QUEUE = 60
"""Stories that may wait to be fetched before the next listing page is asked for: keeps memory flat."""
STORY_PAGES = 60
"""Pages of one story at most; the longest seen is a gallery of about 40."""
MOVES = 2
"""How often a page may send us on to another by script."""
BLOCKS = 5
"""Answers of "not you" in a row after which the crawl ends: going on would be pressing the site."""


class SinkFailed(Exception):
    """The sink could not keep a page or an issue."""


class SourceSpider(Spider):
    """A spider with a source, a sink and options; made by `spiders.crawl` as a class closed over them."""

    source: ClassVar[Source]
    sink: ClassVar[Sink]
    options: ClassVar[CrawlOptions]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tally = Tally()
        self.ended: str | None = None
        """Why the spider itself ended the crawl, if it did."""
        self.why: str | None = None
        """A line about it."""
        self.seen: set[str] = set()
        self.waiting = 0
        self.room = asyncio.Event()
        self.blocks = 0
        self.clock: asyncio.TimerHandle | None = None
        self.closing: asyncio.Future[None] | None = None

    # -- what a site's spider says -----------------------------------------------------------------------------

    def routes(self) -> Sequence[Route]:
        """The ways to find stories, in the order they are gone."""
        raise NotImplementedError

    def listings(self, route: Route) -> AsyncGenerator[Listing]:
        """The pages of a route's listing, first one first; raises RouteLost."""
        raise NotImplementedError

    def leads(self, article: Article) -> Sequence[str]:
        """Addresses in a story that are worth one more request."""
        return ()

    def look_at(self, page: Page) -> None:
        """See whether a listing page shows something else that a person should know."""

    # -- discovery ---------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        """Go all routes; one that crashes does not keep the next from being gone."""
        if self.options.max_seconds is not None:
            self.clock = asyncio.get_running_loop().call_later(self.options.max_seconds, self.end, "timeout")
        for route in self.routes():
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
            async with aclosing(self.listings(route)) as pages:
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
            self.give_up(error)
            return
        except Exception as error:  # noqa: BLE001 - one route's crash must not end the others; it is counted and noted
            self.crashed(route.url, error)
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
        wanted = [row for row in needed if self.is_first(row.url)]
        survey.add(listing, len(wanted), fresh=bool(needed))
        self.tally.listings += 1
        self.tally.found += len(wanted)
        self.tell(listing.url)
        return wanted

    def close_route(self, survey: Survey, lost: RouteLost | None) -> None:
        """Keep the route's report, and make an issue of it unless all is well."""
        report = survey.report(lost, self.options.today or datetime.now(UTC).date())
        self.tally.routes.append(report)
        if report.state == "ok":
            return
        kind = f"listing_{report.state}"
        try:
            self.note(Issue(kind=kind, source=self.source.name, url=survey.route.url, detail=report.detail or ""))
        except SinkFailed as error:
            self.give_up(error)

    def is_needed(self, row: ListingRow) -> bool:
        """Whether a row is of our hosts, in the span of days, and not known or listed with a later time."""
        return (
            allowed_host(row.url, self.source.hosts)
            and within(row.published, self.options)
            and needs_fetch(row.published, self.sink.known(row.url))
        )

    def is_first(self, url: str) -> bool:
        """Whether this crawl meets an address for the first time; http and https are one."""
        address = url.partition("#")[0].partition("://")[2]
        if address in self.seen:
            return False
        self.seen.add(address)
        return True

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

    # -- fetching ----------------------------------------------------------------------------------------------

    async def fetch(
        self, url: str, kind: PageKind, headers: dict[str, str] | None = None
    ) -> tuple[Page, ArchiveRef | None]:
        """Fetch an address beside the queue (a listing, a later page of a story); archived when this returns.

        Raises what `LOST` names.
        """
        assert self.crawler.engine is not None
        request = Request(url, headers=headers, dont_filter=True)
        return self.keep(await self.crawler.engine.download_async(request), kind)

    def keep(self, response: Response, kind: PageKind) -> tuple[Page, ArchiveRef | None]:
        """The response as a page, archived; an answer 304 has nothing to archive."""
        page = page_of(response, self.source.name, kind)
        self.tally.bytes_received += len(response.body)
        state = answer_state(page)
        self.blocks = self.blocks + 1 if state == "blocked" else 0
        if self.blocks >= BLOCKS:
            self.end("blocked")
        if state == "unchanged":
            return page, None
        return page, self.trust(lambda: self.sink.archive(page))

    async def listing(self, url: str, kind: PageKind = "listing", headers: dict[str, str] | None = None) -> Page:
        """A page of a listing, answered with status 200; raises RouteLost."""
        try:
            page, _ = await self.fetch(url, kind, headers)
        except Ending:
            raise
        except LOST as error:
            why, detail = why_lost(error)
            raise RouteLost("blocked" if why == "robots_denied" else "failed", f"{why}: {detail}") from error
        state = answer_state(page)
        if state == "blocked":
            raise RouteLost("blocked", f"status {page.status} from {url}")
        if state != "fine":
            raise RouteLost("failed", f"status {page.status} from {url}", gone=state == "gone")
        return page

    async def pages_from(
        self, url: str | None, kind: PageKind, headers: dict[str, str] | None = None, *, after: str | None = None
    ) -> AsyncGenerator[Listing]:
        """A listing and the pages that it names as the next, to the last; `after` is a page already read before it.

        A pager that promises one page too many ends the listing; one that leads back to rows already seen is lost.
        """
        links: set[str] = set()
        asked = {after}
        while url is not None and url not in asked:
            asked.add(url)
            try:
                page = await self.listing(url, kind, headers)
                listing = self.read_listing(page)
            except RouteLost as lost:
                if lost.gone and links:
                    return
                raise
            self.look_at(page)
            rows = {row.url for row in listing.rows}
            if rows and rows <= links:
                raise RouteLost("failed", f"{url} gives the rows of the pages before it")
            links |= rows
            yield listing
            url = listing.next_page

    def read_listing(self, page: Page) -> Listing:
        """Parse a page of a listing; raises RouteLost with the state that it shows."""
        try:
            return parse_listing(page)
        except PageError as error:
            raise self.route_lost(page, error) from error

    def route_lost(self, page: Page, error: PageError) -> RouteLost:
        """What a listing page that cannot be read means for its route."""
        if is_script_shell(page):
            return RouteLost("script_shell", f"{page.url} holds scripts and no rows")
        if isinstance(error, LayoutChanged):
            return RouteLost("empty", f"{page.url}: {error.detail}")
        return RouteLost("failed", f"{page.url}: {error.detail}", gone=isinstance(error, PageGone))

    # -- stories -----------------------------------------------------------------------------------------------

    async def story(self, response: Response, row: ListingRow) -> None:
        """Callback of a story's first page."""
        self.done_waiting()
        try:
            page, ref = self.keep(response, "article")
            self.tally.fetched += 1
            await self.read_story(page, ref, row)
        except Ending:
            pass  # it waits for the next crawl
        except SinkFailed as error:
            self.give_up(error)
        except Exception as error:  # noqa: BLE001 - the boundary: one story's crash must never stop the crawl
            self.crashed(row.url, error)
        self.tell(row.url)

    async def read_story(
        self, page: Page, ref: ArchiveRef | None, row: ListingRow, moves: int = 0, *, lead: bool = False
    ) -> None:
        """Parse, complete and store a story; what it leads on to comes first.

        Once a story is stored its address is known and not fetched again: were it stored before what only it leads
        to, a crawl that is killed in between would never come there. Raises Ending when it has to wait.
        """
        state = answer_state(page)
        if ref is None or state == "unchanged":
            self.tally.outcomes["unchanged"] += 1
            return
        if state == "gone":
            self.reject(page, ref, PageGone(page.url, "status", page.status))
            return
        if state != "fine":
            self.fail(
                Issue(kind=_failure(state), source=self.source.name, url=page.url, detail=f"status {page.status}")
            )
            return
        try:
            article = parse(page)
            if isinstance(article, Listing):
                raise NotAnArticle(page.url, "address", "a listing")
        except PageMoved as moved:
            await self.move_on(page, ref, moved, row, moves)
            return
        except PageError as error:
            if is_script_shell(page):
                self.fail(Issue(kind="script_shell", source=self.source.name, url=page.url, detail=error.detail))
            else:
                self.reject(page, ref, error)
            return
        pages = [(page, ref)]
        rest = await self.rest_of(article, pages)
        if rest is None:
            return
        whole = merge(article, rest) if rest else article
        if not lead:
            await self.follow_leads(whole)
        outcome = self.sink.store(whole, pages, None if lead else row)
        self.tally.outcomes[outcome] += 1

    async def rest_of(self, article: Article, pages: list[tuple[Page, ArchiveRef]]) -> list[Article] | None:
        """Pages 2…n of a story, added to `pages`; None when one could not be had now and the story must wait.

        A page that is gone, or no longer has the layout, is left out with an issue: the others still say something.
        """
        rest: list[Article] = []
        for url in article.next_pages[:STORY_PAGES]:
            if not allowed_host(url, self.source.hosts):
                continue
            try:
                page, ref = await self.fetch(url, "article")
            except LOST as error:
                kind, detail = why_lost(error)
                self.fail(Issue(kind=kind, source=self.source.name, url=url, detail=f"page of {article.url}: {detail}"))
                return None
            state = answer_state(page)
            if ref is None or state in ("blocked", "failed"):
                self.fail(
                    Issue(
                        kind=_failure(state),
                        source=self.source.name,
                        url=url,
                        detail=f"page of {article.url}: status {page.status}",
                    )
                )
                return None
            try:
                if state == "gone":
                    raise PageGone(url, "status", page.status)
                read = parse(page)
                if isinstance(read, Listing):
                    raise NotAnArticle(url, "address", "a listing")
            except PageError as error:
                self.note(self.issue(error, url))
                continue
            pages.append((page, ref))
            rest.append(read)
        return rest

    async def move_on(self, page: Page, ref: ArchiveRef, moved: PageMoved, row: ListingRow, moves: int) -> None:
        """Follow a page that only leads on to another; it counts as known when the other has been had."""
        target = moved.target
        if (
            moves < MOVES
            and allowed_host(target, self.source.hosts)
            and self.is_first(target)
            and needs_fetch(row.published, self.sink.known(target))
            and not await self.read_beside(replace(row, url=target), moves + 1)
        ):
            self.tally.failures["page_moved"] += 1
            return
        self.tally.outcomes["alias"] += 1
        self.trust(lambda: self.sink.reject(page, ref, self.issue(moved, page.url)))

    async def follow_leads(self, article: Article) -> None:
        """Read what a story leads to and is not known; leads are not followed further."""
        for url in self.leads(article):
            if not allowed_host(url, self.source.hosts) or not self.is_first(url) or self.sink.known(url) is not None:
                continue
            try:
                await self.read_beside(ListingRow(url=url, title=""), lead=True)
            except (Ending, SinkFailed):
                raise
            except Exception as error:  # noqa: BLE001 - a lead's crash must not cost the story that leads to it
                self.crashed(url, error)

    async def read_beside(self, row: ListingRow, moves: int = 0, *, lead: bool = False) -> bool:
        """Fetch and read a story while another one waits for it; False when it could not be had. Raises Ending."""
        self.tally.found += 1
        try:
            page, ref = await self.fetch(row.url, "article")
        except Ending:
            raise
        except LOST as error:
            kind, detail = why_lost(error)
            self.fail(Issue(kind=kind, source=self.source.name, url=row.url, detail=detail))
            return False
        self.tally.fetched += 1
        await self.read_story(page, ref, row, moves, lead=lead)
        return True

    def lost(self, failure: Failure) -> None:
        """Errback of a story: no answer came."""
        self.done_waiting()
        request: Request = failure.request  # type: ignore[attr-defined] # Scrapy puts it there
        kind, detail = why_lost(failure.value)
        try:
            self.fail(Issue(kind=kind, source=self.source.name, url=request.url, detail=detail))
        except SinkFailed as error:
            self.give_up(error)
        self.tell(request.url)

    # -- what went wrong ---------------------------------------------------------------------------------------

    def issue(self, error: PageError, url: str) -> Issue:
        """The issue that a page which gave no article is."""
        return Issue(
            kind=error.kind,
            source=self.source.name,
            url=url,
            detail=error.detail,
            selector=error.selector,
            version=PARSER_VERSION,
        )

    def reject(self, page: Page, ref: ArchiveRef, error: PageError) -> None:
        """A page that will give no article however often it is fetched."""
        self.tally.failures[error.kind] += 1
        self.trust(lambda: self.sink.reject(page, ref, self.issue(error, page.url)))

    def fail(self, issue: Issue) -> None:
        """A story that could not be had now and is tried again by the next crawl."""
        if issue.kind == "ending":  # not asked for at all; the run is partial for what it left
            return
        self.tally.failures[issue.kind] += 1
        self.note(issue)

    def crashed(self, url: str, error: Exception) -> None:
        """An exception that nobody expected, in one story or route."""
        self.tally.crashes += 1
        self.tally.failures["crashed"] += 1
        logger.error("crashed url=%s", url, exc_info=error)
        try:
            self.note(
                Issue(kind="crashed", source=self.source.name, url=url, detail=f"{type(error).__name__}: {error}"[:300])
            )
        except SinkFailed as failed:
            self.give_up(failed)

    def note(self, issue: Issue) -> None:
        """Give an issue to the sink."""
        self.trust(lambda: self.sink.note(issue))

    def trust(self, act: Callable[[], T]) -> T:
        """Do what the crawl cannot go on without; whatever it raises is SinkFailed."""
        try:
            return act()
        except Exception as error:  # the sink's own kinds of error (disk, database) are not ours to list
            raise SinkFailed(f"{type(error).__name__}: {error}") from error

    def give_up(self, error: SinkFailed) -> None:
        """End the crawl: what is fetched could not be kept."""
        self.why = str(error)
        self.end("sink_failed")

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

    def tell(self, url: str) -> None:
        """Report progress."""
        if self.options.progress is not None:
            self.options.progress(self.tally.progress(self.source.name, url))


def _failure(state: str) -> str:
    return "blocked" if state == "blocked" else "fetch_failed"

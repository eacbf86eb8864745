"""A story from its first page to the sink: its later pages, what it has moved to, what it leads on to."""

from __future__ import annotations

from dataclasses import replace

from pipeline.articles import merge
from pipeline.html import NotAnArticle, PageError, PageGone, PageMoved
from pipeline.model import ArchiveRef, Article, Issue, Listing, ListingRow, Page, SinkFailed
from pipeline.shells import is_script_shell
from spiders.annexes import Annexes
from spiders.answers import LOST, Ending, answer_state, why_lost
from spiders.fetching import Fetcher
from spiders.ledger import Ledger
from spiders.middlewares import allowed_host
from spiders.routes import needs_fetch
from spiders.site import Discovery

STORY_PAGES = 60
"""Pages of one story at most; the longest seen is a gallery of about 40."""
MOVES = 2
"""How often a page may send us on to another by script."""


class Stories:
    """Reads the stories of one crawl."""

    def __init__(self, ledger: Ledger, fetcher: Fetcher, discovery: Discovery, annexes: Annexes) -> None:
        self.ledger = ledger
        self.fetcher = fetcher
        self.discovery = discovery
        self.annexes = annexes
        self.source = ledger.source
        self.sink = ledger.sink

    async def read_story(
        self, page: Page, ref: ArchiveRef | None, row: ListingRow, moves: int = 0, *, lead: bool = False
    ) -> None:
        """Parse, complete and store a story; what it leads on to comes first.

        Once a story is stored its address is known and not fetched again: were it stored before what only it leads
        to, a crawl that is killed in between would never come there. Raises Ending when it has to wait.
        """
        state = answer_state(page)
        if ref is None or state == "unchanged":
            self.ledger.tally.outcomes["unchanged"] += 1
            self.ledger.trust(lambda: self.sink.unchanged(page))
            return
        if state == "gone":
            self.ledger.reject(page, ref, PageGone(page.url, "status", page.status))
            return
        if state != "fine":
            self.ledger.fail(
                Issue(kind=_failure(state), source=self.source.name, url=page.url, detail=f"status {page.status}"),
                row.url,
            )
            return
        try:
            article = await self.sink.parse(page)
            if isinstance(article, Listing):
                raise NotAnArticle(page.url, "address", "a listing")
        except PageMoved as moved:
            await self.move_on(page, ref, moved, row, moves)
            return
        except PageError as error:
            if is_script_shell(page):
                shell = Issue(kind="script_shell", source=self.source.name, url=page.url, detail=error.detail)
                self.ledger.fail(shell, row.url)
            else:
                self.ledger.reject(page, ref, error)
            return
        pages = [(page, ref)]
        rest = await self.rest_of(article, pages, row.url)
        if rest is None:
            return
        whole = merge(article, rest) if rest else article
        if not lead:
            await self.follow_leads(whole)
        outcome = await self.sink.store(whole, pages, None if lead else row)
        self.ledger.tally.outcomes[outcome] += 1
        if whole.url:
            await self.annexes.of_story(whole.url, outcome)

    async def rest_of(self, article: Article, pages: list[tuple[Page, ArchiveRef]], story: str) -> list[Article] | None:
        """Pages 2…n of a story, added to `pages`; None when one could not be had now and the story must wait.

        A page that is gone, or no longer has the layout, is left out with an issue: the others still say something.
        """
        rest: list[Article] = []
        for url in article.next_pages[:STORY_PAGES]:
            if not allowed_host(url, self.source.hosts):
                continue
            try:
                page, ref = await self.fetcher.fetch(url, "article")
            except LOST as error:
                kind, detail = why_lost(error)
                self.ledger.fail(
                    Issue(kind=kind, source=self.source.name, url=url, detail=f"page of {article.url}: {detail}"),
                    story,
                )
                return None
            state = answer_state(page)
            if ref is None or state in ("blocked", "failed"):
                self.ledger.fail(
                    Issue(
                        kind=_failure(state),
                        source=self.source.name,
                        url=url,
                        detail=f"page of {article.url}: status {page.status}",
                    ),
                    story,
                )
                return None
            try:
                if state == "gone":
                    raise PageGone(url, "status", page.status)
                read = await self.sink.parse(page)
                if isinstance(read, Listing):
                    raise NotAnArticle(url, "address", "a listing")
            except PageError as error:
                self.ledger.note(self.ledger.issue(error, url))
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
            and self.ledger.is_first(target)
            and needs_fetch(row.published, self.sink.known(target))
            and not await self.read_beside(replace(row, url=target), moves + 1)
        ):
            self.ledger.tally.failures["page_moved"] += 1
            self.ledger.put_off(row.url, f"{target} could not be had")
            return
        self.ledger.tally.outcomes["alias"] += 1
        self.ledger.trust(lambda: self.sink.reject(page, ref, self.ledger.issue(moved, page.url)))

    async def follow_leads(self, article: Article) -> None:
        """Read what a story leads to and is not known; leads are not followed further."""
        for url in self.discovery.leads(article):
            if (
                not allowed_host(url, self.source.hosts)
                or not self.ledger.is_first(url)
                or self.sink.known(url) is not None
            ):
                continue
            lead = ListingRow(url=url, title="")
            if not self.ledger.trust(lambda lead=lead: self.sink.owe([lead])):  # type: ignore[misc]
                continue  # an earlier crawl found it: it is asked for in its turn
            try:
                await self.read_beside(lead, lead=True)
            except (Ending, SinkFailed):
                raise
            except Exception as error:  # noqa: BLE001 - a lead's crash must not cost the story that leads to it
                self.ledger.crashed(url, error)

    async def read_beside(self, row: ListingRow, moves: int = 0, *, lead: bool = False) -> bool:
        """Fetch and read a story while another one waits for it; False when it could not be had. Raises Ending."""
        self.ledger.tally.found += 1
        try:
            page, ref = await self.fetcher.fetch(row.url, "article")
        except Ending:
            raise
        except LOST as error:
            kind, detail = why_lost(error)
            self.ledger.fail(Issue(kind=kind, source=self.source.name, url=row.url, detail=detail), row.url)
            return False
        self.ledger.tally.fetched += 1
        await self.read_story(page, ref, row, moves, lead=lead)
        return True


def _failure(state: str) -> str:
    return "blocked" if state == "blocked" else "fetch_failed"

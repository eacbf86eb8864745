"""The files attached to a story: fetched after it is stored, archived, read, and joined to it.

A file that cannot be had is an issue and waits in the database for the next crawl; it never holds its story up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from pipeline.model import AnnexText, ArchiveRef, DueAnnex, Issue, Outcome, Page, SinkFailed
from spiders.answers import LOST, Ending, answer_state, why_lost
from spiders.fetching import Fetcher, conditions
from spiders.ledger import Ledger, bare_address
from spiders.middlewares import allowed_host

LEFT_OVER, OF_STORY = 40, 200
"""Files of earlier crawls that are fetched before this one begins, for a long list must not keep the news waiting; and
of one story, should more be allowed by configuration."""
FOR_GOOD = frozenset({"too_large", "host_refused", "robots_denied", "redirect_loop"})
"""Why a file that was not had will not be had tomorrow either."""


class AnnexSink(Protocol):
    """Who keeps attached files; every call but `read` is made from the crawl's own thread, one at a time."""

    def due(self, url: str | None, *, changed: bool, limit: int = ...) -> Sequence[DueAnnex]:
        """Files to fetch for the article at `url`, those that are held too where it has `changed`; None: left ones."""

    def held(self, page: Page) -> AnnexText | None:
        """What the same content gave before; None: it has to be read."""

    def read(self, page: Page) -> AnnexText:
        """The text of a file; called from a thread of its own, for it may take a minute."""

    def keep(self, page: Page, ref: ArchiveRef | None, text: AnnexText) -> None:
        """Store the page and what was read in it."""

    def lose(self, due: DueAnnex, why: str, *, for_good: bool) -> None:
        """Note that a file could not be had: tried again later unless `for_good`."""

    def refuse(self, page: Page, ref: ArchiveRef | None) -> None:
        """Store a page that came in place of the file, such as "not found"."""

    def settle(self, article_id: str) -> None:
        """Join what was kept to its article, and bring the statements up to date."""


_Lost = tuple[str, str]
"""Why a file could not be had: a word and a line."""


class Annexes:
    """Fetches the attached files of one crawl; without a sink none are."""

    def __init__(self, ledger: Ledger, fetcher: Fetcher, sink: AnnexSink | None, most_bytes: int) -> None:
        self.ledger = ledger
        self.fetcher = fetcher
        self.sink = sink
        self.most_bytes = most_bytes
        self.asked: dict[str, asyncio.Future[_Lost | None]] = {}
        """What became of each file that this crawl has asked for, by its address."""

    async def left_over(self) -> None:
        """Fetch what earlier crawls left when they were cut short, or could not have. Raises SinkFailed."""
        with suppress(Ending):  # they wait for the next crawl
            await self._fetch_due(None, changed=False)

    async def of_story(self, url: str, outcome: Outcome) -> None:
        """Fetch the files of a story that was stored; raises Ending when they have to wait, and SinkFailed."""
        if outcome != "failed":
            await self._fetch_due(url, changed=outcome == "revised")

    async def _fetch_due(self, url: str | None, *, changed: bool) -> None:
        sink = self.sink
        if sink is None:
            return
        due = self.ledger.trust(lambda: sink.due(url, changed=changed, limit=OF_STORY if url else LEFT_OVER))
        articles = dict.fromkeys(one.article_id for one in due)
        try:
            for one in due:
                if not one.kept:
                    await self._fetch_once(sink, one)
        finally:
            for article in articles:
                self.ledger.trust(lambda article=article: sink.settle(article))  # type: ignore[misc]

    async def _fetch_once(self, sink: AnnexSink, due: DueAnnex) -> None:
        """Fetch a file, or wait until it is there where another story has asked for it in this crawl.

        Two stories may link to one file, and a document that stands at two addresses is read at both at a time.
        """
        address = bare_address(due.url)
        if (others := self.asked.get(address)) is not None:
            lost = await asyncio.shield(others)
            if lost is not None:
                self._lose(sink, due, *lost, quiet=True)
            return
        self.asked[address] = ours = asyncio.get_running_loop().create_future()
        lost = None  # and so it is where the crawl ends: whoever waits finds no file, and leaves it to the next one
        try:
            lost = await self._fetch(sink, due)
        finally:
            ours.set_result(lost)

    async def _fetch(self, sink: AnnexSink, due: DueAnnex) -> _Lost | None:
        """Fetch and keep a file; why it could not be had, if so."""
        if not allowed_host(due.url, self.ledger.source.hosts):
            return self._lose(sink, due, "host_refused", f"not a host of this source: {due.url}", quiet=True)
        try:
            page, ref = await self.fetcher.fetch(
                due.url, "attachment", conditions(due.known), most_bytes=self.most_bytes
            )  # fmt: skip
        except Ending:
            raise
        except LOST as error:
            return self._lose(sink, due, *why_lost(error))
        state = answer_state(page)
        if state == "unchanged":
            return None
        if state != "fine":
            self.ledger.trust(lambda: sink.refuse(page, ref))
            return self._lose(sink, due, "fetch_failed", f"status {page.status}")
        try:
            held = self.ledger.trust(lambda: sink.held(page))
            text = held if held is not None else await asyncio.to_thread(sink.read, page)
        except (Ending, SinkFailed):
            raise
        except Exception as error:  # noqa: BLE001 - one file's crash must never stop the crawl
            self.ledger.crashed(due.url, error)
            return self._lose(sink, due, "crashed", f"{type(error).__name__}: {error}"[:300], quiet=True)
        self.ledger.trust(lambda: sink.keep(page, ref, text))
        return None

    def _lose(self, sink: AnnexSink, due: DueAnnex, kind: str, detail: str, *, quiet: bool = False) -> _Lost:
        """Note what could not be had, as an issue too unless that says nothing new."""
        self.ledger.trust(lambda: sink.lose(due, f"{kind}: {detail}", for_good=kind in FOR_GOOD))
        if not quiet:
            said = f"{kind}: {detail}; attached to {due.article_url}"
            self.ledger.note(Issue(kind="annex_failed", source=self.ledger.source.name, url=due.url, detail=said))
        return kind, detail

"""Stores what a crawl has read, several stories in one transaction while others are being read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlite_utils import Database

from db.connection import DatabaseFull, DatabaseLocked
from db.store import OnNew, Stored, Story, reject_page, store_articles
from pipeline.articles import PARSER_VERSION
from pipeline.extract import EXTRACTOR_VERSION
from pipeline.model import ArchiveRef, Issue, ListingRow, Page
from readers.reader import ReadingFailed

log = logging.getLogger(__name__)

MOST = 32
"""Stories of one transaction: together they keep a crawl that has so many in hand from its connections for 0.1 s.

The process that reads has pages waiting for longer than that (`readers.reader.AHEAD`).
"""
LONGEST = 0.25
"""Seconds that a story waits for others while the next one is being read."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    story: Story
    stored: asyncio.Future[Stored]

    def tell(self, outcome: Stored | Exception) -> None:
        """Let whoever waits go on, if it still does."""
        if self.stored.done():
            return
        if isinstance(outcome, Exception):
            self.stored.set_exception(outcome)
        else:
            self.stored.set_result(outcome)


class Storing:
    """Stores stories together; each is told what became of it when it is on the disk.

    A transaction costs its sync and the index pages that all stories change, once for all of them. Nothing waits that
    need not: as soon as nothing is read any more what is there is stored.
    """

    def __init__(self, db: Database, run_id: int, on_new: OnNew | None) -> None:
        self.db = db
        self.run_id = run_id
        self.on_new = on_new
        self._read = 0
        """Pages and stories that are being archived, parsed or extracted."""
        self._waiting: list[_Waiting] = []
        self._timer: asyncio.TimerHandle | None = None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Something is being read that may soon be stored."""
        self._read += 1
        try:
            yield
        finally:
            self._read -= 1
            self._soon()

    async def store(self, story: Story) -> Stored:
        """Store a story; raises what `db.store.store_article` raises."""
        one = _Waiting(story, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        self._soon()
        return await one.stored

    def _soon(self) -> None:
        if not self._waiting:
            return
        loop = asyncio.get_running_loop()
        if len(self._waiting) >= MOST:
            self._store_all()
        elif not self._read:
            loop.call_soon(self._store_if_idle)  # whoever has just read something goes on first
        elif self._timer is None:
            self._timer = loop.call_later(LONGEST, self._store_all)

    def _store_if_idle(self) -> None:
        if not self._read:
            self._store_all()

    def _store_all(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        taken, self._waiting = self._waiting, []
        if len(taken) > 1:
            try:
                found = store_articles(
                    self.db, [one.story for one in taken], parser_version=PARSER_VERSION, run_id=self.run_id,
                    on_new=self.on_new,
                )  # fmt: skip
            except (DatabaseFull, DatabaseLocked) as error:  # no fault of a story's: it would be the same alone
                for one in taken:
                    one.tell(error)
                return
            except Exception:
                log.info("stories are stored one by one, because they cannot be together", exc_info=True)
            else:
                for one, stored in zip(taken, found, strict=True):
                    one.tell(stored)
                return
        for one in taken:
            self._store_alone(one)

    def _store_alone(self, one: _Waiting) -> None:
        try:
            (stored,) = store_articles(
                self.db, [one.story], parser_version=PARSER_VERSION, run_id=self.run_id, on_new=self.on_new
            )
        except Exception as error:  # noqa: BLE001 - whoever waits for it gets it
            one.tell(error)
        else:
            one.tell(stored)


def reject_unextracted(
    db: Database,
    pages: Sequence[tuple[Page, ArchiveRef]],
    listed: ListingRow | None,
    run_id: int | None,
    error: Exception,
) -> None:
    """The boundary of one article: whatever the extractor trips over, the page is kept and named, the job goes on."""
    first, ref = pages[0]
    detail = str(error) if isinstance(error, ReadingFailed) else repr(error)
    issue = Issue(kind="extractor_failed", source=first.source, url=first.url, detail=detail, version=EXTRACTOR_VERSION)
    reject_page(db, first, ref, issue, run_id=run_id, listed=listed, parser_version=PARSER_VERSION)

"""Stores what was read again of archived pages, in the database that they were read into, or in a new one."""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial

from sqlite_utils import Database

from annexes.keeping import rejoin_annex, text_of
from archive.batch import read_page
from archive.places import Place
from archive.records import ArchiveError
from db.connection import DatabaseError, transaction
from db.keeping.annexes import texts_of
from db.linking import regroup_articles
from db.misread import forget, misread
from db.reprocessing import forget_marks, mark_of, set_mark
from db.store import Ready, Stored, Story, reject_page, store_articles
from ingest.reading import VERSION, Batch, PageRead, Sent, unextracted
from ingest.unfinished import Unfinished, Whole
from pipeline.articles import PARSER_VERSION
from pipeline.extract import extract
from pipeline.model import AnnexText, ArchiveRef, Issue, Page

log = logging.getLogger(__name__)

MOST = 128
"""Pages of one transaction; while it is open, a crawl beside it waits with its own."""
TOLD = 50
"""Failures that are named; all are counted."""

Writing = Callable[[Database], AbstractContextManager[object]]


@dataclass(slots=True, kw_only=True)
class Rereading:
    """Brings the database to what today's code makes of archived pages; the one writer.

    Batches come in the order of the archive. What is stored together is stored with the mark up to which the place is
    done, so whoever is killed leaves neither half a batch nor a wrong mark. Nobody is mailed about what is only read
    again.
    """

    db: Database
    writing: Writing = transaction
    """What all that is stored together is stored in."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """Articles by outcome, statements `added`, `changed` and `retired`, and pages that gave no article as `failed`."""
    pages: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    """Records that others wrote and that were passed over, by why."""
    failed: int = 0
    """Records that are damaged or were passed over, and stretches that could not be read."""
    failures: list[str] = field(default_factory=list)
    """The first of them, one line each."""
    _unfinished: Unfinished = field(default_factory=Unfinished)
    _ready: list[Story | Ready] = field(default_factory=list)
    """Stories that are whole and are stored before whatever else follows."""
    _place: Place | None = None
    """Where the last batch came from."""
    _reached: int = 0
    """Up to where that place was read."""
    _held: dict[str, Place] = field(default_factory=dict)
    """Places that are read to their end and hold pages of stories which wait for others."""
    _unread: set[str] = field(default_factory=set)
    """Places of which a stretch could not be read: their marks stay before it."""
    _goes_on: bool = False
    """Whether a run that was cut short has read some of it."""
    _one_by_one: bool = False
    """Whether each story is stored for itself, each with a savepoint, which of all together takes much memory."""

    def begin_of(self, place: Place) -> int:
        """Where reading a place is to begin: at the mark that a run left which was cut short, else at its start."""
        begin = mark_of(self.db, place.name, size=place.size, version=VERSION)
        self._goes_on |= begin > 0
        return begin

    def keep(self, batch: Batch) -> None:
        """Store what a stretch gave."""
        self._enter(batch)
        found = self._joined(batch)
        self.pages += batch.pages
        self.skipped.update(batch.skipped)
        for first in range(0, max(1, len(found)), MOST):
            portion = found[first : first + MOST]
            last = first + MOST >= len(found)
            if not last:
                self._reached = portion[-1].ref.offset + portion[-1].ref.length
            else:
                self._reached = max(self._reached, batch.reached)
            self._keep(portion, batch.stretch.place)

    def finish(self, places: Iterable[Place], *, whole_archive: bool = True) -> bool:
        """Store the stories of which some further page never came, with the pages there are; forget what only older
        readings said, and the places' marks.

        To find what only older readings said takes a look at all groups; some files in which nothing is read otherwise
        than before are not worth it. False where something could not be read: then the marks stay, and the next run
        goes on there.
        """
        self._write(self._close)
        if whole_archive or self._goes_on or any(self.outcomes[name] for name in _OTHERWISE):
            for piece in misread(self.db):
                with self.writing(self.db):
                    forget(self.db, piece)
        with self.writing(self.db):
            if not self._unread:
                forget_marks(self.db, [place.name for place in places])
        return not self._unread

    # -- where we are

    def _enter(self, batch: Batch) -> None:
        """Note what batch comes now, and what is wrong with it."""
        place = batch.stretch.place
        if self._place is None or self._place.name != place.name:
            if self._place is not None and self._unfinished.begin_of(self._place.name) is not None:
                self._held[self._place.name] = self._place
            self._place, self._reached = place, batch.stretch.start
        self._tell(batch.damaged)
        if batch.unread is not None:
            self._tell([batch.unread])
            self._unread.add(place.name)

    def _joined(self, batch: Batch) -> Sequence[PageRead | Sent]:
        """What a batch found, without what lies inside a record of the stretch before: a file may hold records."""
        if batch.first is None:
            return batch.found
        if batch.first > self._reached and batch.stretch.place.name not in self._unread:
            gap = batch.first - self._reached
            self._tell([f"{batch.stretch.place.name} at {self._reached}: {gap} bytes hold no record"])
        return [read for read in batch.found if read.ref.offset >= self._reached]

    def _mark(self) -> None:
        """Note up to where the places are done, but for stories that wait for further pages."""
        assert self._place is not None
        places = {**self._held, self._place.name: self._place}
        for name, place in places.items():
            if name in self._unread:
                continue
            held = self._unfinished.begin_of(name)
            if held is None:
                self._held.pop(name, None)
            reached = self._reached if place is self._place else place.size
            offset = reached if held is None else min(held, reached)
            set_mark(self.db, name, size=place.size, version=VERSION, offset=offset)

    def _tell(self, lines: Sequence[str]) -> None:
        self.failed += len(lines)
        self.failures.extend(lines[: max(0, TOLD - len(self.failures))])

    # -- storing

    def _keep(self, portion: Sequence[PageRead | Sent], place: Place) -> None:
        """Store a portion of a batch and its mark, all or nothing."""
        annexes = self._annexes(portion, place)

        def write() -> None:
            for read in portion:
                if isinstance(read, Sent):
                    self._sent(read)
                elif read.issue is not None:
                    self._store()
                    self._reject(read.page, read.ref, read.issue)
                elif read.article is not None:
                    self._read(read)
                elif (text := annexes.get(read.ref)) is not None:
                    self._store()
                    self._rejoin(read, text)
            self._store()
            self._mark()

        self._write(write)

    def _close(self) -> None:
        """Store the stories of which some further page never came."""
        for whole in self._unfinished.close():
            self._whole(whole)
        self._store()

    def _write(self, write: Callable[[], None]) -> None:
        """Run it in one transaction; from its beginning and story by story, where some cannot be stored together."""
        outcomes, failed, named, unfinished = (
            self.outcomes.copy(), self.failed, len(self.failures), self._unfinished.copy()
        )  # fmt: skip
        try:
            with self.writing(self.db):
                write()
        except _NotTogether as unlike:
            log.info("stories are stored one by one, because they cannot be together", exc_info=unlike.__cause__)
            self.outcomes, self.failed, self._unfinished = outcomes, failed, unfinished
            del self.failures[named:]
            self._one_by_one = True
            try:
                with self.writing(self.db):
                    write()
            finally:
                self._one_by_one = False

    def _annexes(self, portion: Iterable[PageRead | Sent], place: Place) -> Mapping[ArchiveRef, AnnexText]:
        """What the attached files of a portion say: read before the transaction, because that can take long."""
        found = {}
        for read in portion:
            if isinstance(read, PageRead) and read.issue is None and read.article is None:
                try:
                    found[read.ref] = text_of(self.db, read_page(place, read.ref))
                except ArchiveError as error:
                    self._tell([str(error)])
        return found

    def _sent(self, story: Sent) -> None:
        """A story that is ready; not where it is a part of another one, or where attached files tell more of it."""
        prepared = story.prepared
        has_texts = prepared.attached and texts_of(self.db, story.story().article.attachments)
        if has_texts or self._unfinished.is_awaited(prepared.pages[0]["url"]):
            self._read(story.opened())
        else:
            self._ready.append(Ready(prepared, story.story))

    def _read(self, read: PageRead) -> None:
        assert read.article is not None
        for whole in self._unfinished.take(read, read.article):
            self._whole(whole)

    def _whole(self, whole: Whole) -> None:
        """A story that is to be stored; extracted from here where only the whole of it, or its files, tell."""
        statements, article = whole.statements, whole.article
        annexes = texts_of(self.db, article.attachments)
        if statements is None or annexes:
            try:
                statements = extract(article, annexes)
            except Exception as error:
                log.exception("extractor failed", extra={"url": article.url})
                self._store()
                page, ref = whole.pages[0]
                self._reject(page, ref, unextracted(page, error))
                return
        self._ready.append(Story(article=article, pages=whole.pages, statements=statements))

    def _store(self) -> None:
        """Store the stories that are ready; one that cannot be stored with the others, alone or not at all."""
        ready, self._ready = self._ready, []
        if not ready:
            return
        if self._one_by_one:
            for one in ready:
                page = (one.story() if isinstance(one, Ready) else one).pages[0][0]
                self._alone(page, partial(self._store_together, [one]))
            return
        try:
            self._store_together(ready)
        except _NO_FAULT_OF_THE_PAGE:
            raise
        except Exception as error:
            raise _NotTogether from error

    def _store_together(self, stories: Sequence[Story | Ready]) -> None:
        stored = store_articles(self.db, stories, parser_version=PARSER_VERSION, run_id=None)
        regroup_articles(self.db, [one.article_id for one in stored])
        self._count(stored)
        self.outcomes.update(one.outcome for one in stored)

    def _alone(self, page: Page, store: Callable[[], None]) -> None:
        """The boundary of one page: what cannot be stored of it is told, and the next one follows."""
        try:
            with transaction(self.db):
                store()
        except _NO_FAULT_OF_THE_PAGE:
            raise
        except Exception as error:
            log.exception("a page cannot be stored", extra={"url": page.url})
            self._tell([f"{page.url} cannot be stored: {error!r}"])

    def _reject(self, page: Page, ref: ArchiveRef, issue: Issue) -> None:
        self._alone(page, lambda: self._rejected(page, ref, issue))

    def _rejected(self, page: Page, ref: ArchiveRef, issue: Issue) -> None:
        reject_page(self.db, page, ref, issue, run_id=None, parser_version=PARSER_VERSION)
        self.outcomes["failed"] += 1

    def _rejoin(self, read: PageRead, text: AnnexText) -> None:
        self._alone(read.page, lambda: self._count(rejoin_annex(self.db, read.page, read.ref, text)))

    def _count(self, stored: Iterable[Stored]) -> None:
        for one in stored:
            self.outcomes["added"] += len(one.new)
            self.outcomes["changed"] += len(one.changed)
            self.outcomes["retired"] += len(one.retired)


class _NotTogether(Exception):
    """Some of the stories cannot be stored; the transaction is undone."""


_OTHERWISE = ("changed", "retired", "revised", "alias", "failed")
"""Outcomes after which something may be known that nobody says any more."""
_NO_FAULT_OF_THE_PAGE = (DatabaseError, sqlite3.OperationalError)
"""A full disk, a lock: it would be the same with any other page, and SQLite may have undone the whole transaction."""

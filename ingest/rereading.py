"""Stores what was read again of archived pages, in the database that they were read into, or in a new one."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from annexes.keeping import reread_annex
from archive.batch import read_page
from archive.places import Place
from archive.records import ArchiveError
from db.connection import DatabaseFull, DatabaseLocked, transaction
from db.keeping.annexes import texts_of
from db.linking import regroup_article
from db.store import Stored, Story, reject_page, store_articles
from ingest.reading import Batch, PageRead, unextracted
from pipeline.articles import PARSER_VERSION, merge
from pipeline.extract import extract
from pipeline.model import ArchiveRef, Article, Issue, Page, Statements

log = logging.getLogger(__name__)

MOST = 64
"""Stories of one transaction."""
TOLD = 50
"""Failures that are named; all are counted."""


@dataclass(slots=True, kw_only=True)
class Rereading:
    """Brings the database to what today's code makes of archived pages; the one writer.

    Batches come in the order of the archive. The pages of a story that runs over several are held until they are all
    there, so memory grows with the stories that are incomplete and not with the archive. Nobody is mailed about what
    is only read again.
    """

    db: Database
    outcomes: Counter[str] = field(default_factory=Counter)
    """Articles by outcome, statements `added`, `changed` and `retired`, and pages that gave no article as `failed`."""
    pages: int = 0
    failed: int = 0
    """Records that are damaged, and stretches that could not be read."""
    failures: list[str] = field(default_factory=list)
    """The first of them, one line each."""
    _stories: dict[str, _Unfinished] = field(default_factory=dict)
    """Stories that wait for further pages, by the address of their first one."""
    _parts: dict[str, str] = field(default_factory=dict)
    """Address of a further page that is waited for -> address of its story's first page."""
    _ready: list[Story] = field(default_factory=list)
    """Stories that are whole and go into the next transaction."""

    def keep(self, batch: Batch) -> None:
        """Store what a stretch gave."""
        self.pages += batch.pages
        self._tell(batch.damaged)
        if batch.unread is not None:
            self._tell([batch.unread])
        for read in batch.found:
            self._take(read, batch.stretch.place)
            if len(self._ready) >= MOST:
                self._store()
        self._store()

    def finish(self) -> None:
        """Store the stories of which some further page never came, with the pages there are."""
        for story in list(self._stories.values()):
            self._close(story)
        self._store()

    def _tell(self, lines: Sequence[str]) -> None:
        self.failed += len(lines)
        self.failures.extend(lines[: max(0, TOLD - len(self.failures))])

    def _take(self, read: PageRead, place: Place) -> None:
        page, ref, article = read.page, read.ref, read.article
        if read.issue is not None:
            self._store()
            self._reject(page, ref, read.issue)
        elif article is None:
            self._store()
            self._reread_annex(place, ref)
        elif (first := self._parts.pop(page.url, None)) is not None:
            self._add_part(first, article, ref, page)
        elif article.next_pages:
            self._begin(article, ref, page)
        else:
            self._whole(article, [(page, ref)], read.statements)

    # -- stories over several pages

    def _begin(self, article: Article, ref: ArchiveRef, page: Page) -> None:
        if earlier := self._stories.get(page.url):
            self._close(earlier)
        story = _Unfinished(first=article, pages=[(page, ref)], wanted=list(article.next_pages))
        self._stories[page.url] = story
        self._parts |= dict.fromkeys(article.next_pages, page.url)

    def _add_part(self, first: str, article: Article, ref: ArchiveRef, page: Page) -> None:
        story = self._stories[first]
        story.wanted.remove(page.url)
        story.rest[page.url] = article
        story.pages.append((page, ref))
        if not story.wanted:
            self._close(story)

    def _close(self, story: _Unfinished) -> None:
        for url in story.wanted:
            self._parts.pop(url, None)
        del self._stories[story.pages[0][0].url]
        parts = [story.rest[url] for url in story.first.next_pages if url in story.rest]
        self._whole(merge(story.first, parts), story.pages, None)

    # -- storing

    def _whole(self, article: Article, pages: Sequence[tuple[Page, ArchiveRef]], statements: Statements | None) -> None:
        """A story that is to be stored; extracted from here where only the whole of it, or its files, tell."""
        annexes = texts_of(self.db, article.attachments)
        if statements is None or annexes:
            try:
                statements = extract(article, annexes)
            except Exception as error:
                log.exception("extractor failed", extra={"url": article.url})
                self._store()
                self._reject(*pages[0], unextracted(pages[0][0], error))
                return
        self._ready.append(Story(article=article, pages=pages, statements=statements))

    def _store(self) -> None:
        """Store the stories that are ready, all in one transaction; those that break it, alone."""
        ready, self._ready = self._ready, []
        if not ready:
            return
        try:
            stored = self._store_together(ready)
        except (DatabaseFull, DatabaseLocked):  # no fault of a story's: it would be the same alone
            raise
        except Exception:
            if len(ready) == 1:
                raise
            log.info("stories are stored one by one, because they cannot be together", exc_info=True)
            stored = [one for story in ready for one in self._store_alone(story)]
        self._count(stored)
        self.outcomes.update(one.outcome for one in stored)

    def _store_together(self, stories: Sequence[Story]) -> list[Stored]:
        with transaction(self.db):
            stored = store_articles(self.db, stories, parser_version=PARSER_VERSION, run_id=None)
            for one in stored:
                regroup_article(self.db, one.article_id)
        return stored

    def _store_alone(self, story: Story) -> list[Stored]:
        try:
            return self._store_together([story])
        except (DatabaseFull, DatabaseLocked):
            raise
        except Exception as error:
            page, ref = story.pages[0]
            log.exception("a story cannot be stored", extra={"url": page.url})
            self._tell([f"{page.url} ({ref.file} at {ref.offset}): {error!r}" if ref else f"{page.url}: {error!r}"])
            return []

    def _reject(self, page: Page, ref: ArchiveRef, issue: Issue) -> None:
        self.outcomes["failed"] += 1
        reject_page(self.db, page, ref, issue, run_id=None, parser_version=PARSER_VERSION)

    def _reread_annex(self, place: Place, ref: ArchiveRef) -> None:
        try:
            page = read_page(place, ref)
        except ArchiveError as error:
            self._tell([str(error)])
            return
        self._count(reread_annex(self.db, page, ref))

    def _count(self, stored: Iterable[Stored]) -> None:
        for one in stored:
            self.outcomes["added"] += len(one.new)
            self.outcomes["changed"] += len(one.changed)
            self.outcomes["retired"] += len(one.retired)


@dataclass(slots=True, kw_only=True)
class _Unfinished:
    """A story that runs over several pages, while it is put together."""

    first: Article
    pages: list[tuple[Page, ArchiveRef]]
    wanted: list[str]
    rest: dict[str, Article] = field(default_factory=dict)

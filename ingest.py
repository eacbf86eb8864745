"""Archive, parse, extract, store: the sink of a crawl and the writer of a reprocessing."""

from __future__ import annotations

import logging
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from annexes.keeping import reread_annex
from archive.files import order
from archive.find import end_of, entries_from
from archive.warc import Archive, ArchiveError
from db import frontier, visits
from db.annexes import texts_of
from db.archived import archive_mark, files_with_pages, is_superseded, offsets_of, row_owed, set_archive_mark
from db.connection import DatabaseFull, DatabaseLocked
from db.issues import add_issue, close_issues
from db.store import OnNew, Stored, known, reject_page, store_article
from pipeline.articles import PARSER_VERSION, merge, parse
from pipeline.extract import EXTRACTOR_VERSION, extract
from pipeline.html import PageError, PageMoved
from pipeline.model import (
    ArchiveRef,
    Article,
    Issue,
    Known,
    Listing,
    ListingRow,
    Mark,
    Outcome,
    Page,
    PageKind,
    Reading,
    ReadingKey,
    SinkFailed,
    Statements,
)
from pipeline.oracle import LEAST, agreement
from pipeline.shells import is_script_shell
from readers.reader import Reader, ReaderDied, ReadingFailed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSink:
    """What a crawl gives its pages to (`spiders.sink.Sink`): first the archive, then the database."""

    source: str
    archive_folder: Archive
    db: Database
    run_id: int
    on_new: OnNew | None = None
    behind: LeftBehind | None = None
    oracle_every: int = 0
    """One story in so many is read by a generic extractor as well; 0: none."""
    reader: Reader | None = None
    """Parses and extracts in a process of its own; None: in this one."""

    def left_behind(self) -> Iterator[tuple[Page, ArchiveRef, ListingRow]]:
        """Stories that an earlier crawl archived and did not come to store, in the order of fetching, each once."""
        for page, ref in self.behind.stories() if self.behind is not None else ():
            yield page, ref, row_owed(self.db, page.url)

    def archived(self, url: str, kind: PageKind) -> tuple[Page, ArchiveRef] | None:
        """One of those, or a file that belongs to one, by its address, given once."""
        return self.behind.take(kind, url) if self.behind is not None else None

    def known(self, url: str) -> Known | None:
        """What is held of that address; None: it must be fetched."""
        return known(self.db, url)

    def archive(self, page: Page) -> ArchiveRef:
        """Keep the page, durably, before anything is made of it."""
        ref = self.archive_folder.append(page)
        if self.behind is not None:
            self.behind.end = (ref.file, ref.offset + ref.length)
        return ref

    async def parse(self, page: Page) -> Article | Listing:
        """What the page holds; raises PageError, or what ended its reading."""
        return parse(page) if self.reader is None else await self.reader.parse(page)

    async def store(
        self, article: Article, pages: Sequence[tuple[Page, ArchiveRef]], listed: ListingRow | None
    ) -> Outcome:
        """Extract from the article and store both in one transaction; `failed` when the extractor is."""
        annexes = texts_of(self.db, article.attachments)
        try:
            if self.reader is None:
                statements = extract(article, annexes)
            else:
                statements = await self.reader.extract(article, annexes)
        except ReaderDied:
            raise
        except Exception as error:
            log.exception("extractor failed", extra={"url": article.url})
            _reject_unextracted(self.db, pages, listed, self.run_id, error)
            return "failed"
        try:
            stored = _store(self.db, article, statements, pages, listed, self.run_id, self.on_new)
        except (DatabaseFull, DatabaseLocked) as error:  # no fault of the story: the next crawl takes it up
            raise SinkFailed(str(error)) from error
        page = pages[0][0]
        if self.oracle_every and len(pages) == 1 and zlib.crc32(page.url.encode()) % self.oracle_every == 0:
            self.compare(page, article)
        return stored.outcome

    def compare(self, page: Page, article: Article) -> None:
        """Tell a person where a generic extractor reads another text in a page than we do."""
        alike = agreement(page, article)
        now = datetime.now(UTC)
        if alike is not None and alike < LEAST:
            detail = f"{article.layout}: a generic extractor agrees with {alike:.0%} of the text (at least {LEAST:.0%})"
            issue = Issue(kind="layout?", source=page.source, url=page.url, detail=detail, version=PARSER_VERSION)
            add_issue(self.db, issue, run_id=self.run_id, now=now)
        else:
            close_issues(self.db, url=page.url, kinds=("layout?",), reason="both read the same text", now=now)

    def close(self) -> None:
        """End what reads for us."""
        if self.reader is not None:
            self.reader.close()

    def reject(self, page: Page, ref: ArchiveRef | None, issue: Issue) -> None:
        """Record that the page gave no article; its address counts as known from now on."""
        reject_page(self.db, page, ref, issue, run_id=self.run_id, parser_version=PARSER_VERSION)

    def note(self, issue: Issue) -> None:
        """Record an issue that has no page of its own."""
        add_issue(self.db, issue, run_id=self.run_id, now=datetime.now(UTC))

    def unchanged(self, page: Page) -> None:
        """Record that the site said of a story that it is as we have it."""
        visits.note_visit(self.db, page)

    def owed(self, after: Mark | None, limit: int) -> Sequence[tuple[Mark, ListingRow]]:
        """Stories that are due to be asked for, oldest first."""
        return frontier.owed(self.db, self.source, datetime.now(UTC), after=after, limit=limit)

    def owe(self, rows: Sequence[ListingRow]) -> Sequence[ListingRow]:
        """Record that these stories are to be fetched; gives those of which that was not known."""
        return frontier.owe(self.db, self.source, rows, datetime.now(UTC))

    def put_off(self, url: str, why: str) -> bool:
        """Record that a story could not be had now; True when it is given up with that."""
        return frontier.put_off(self.db, url, why, datetime.now(UTC))

    def due_visits(self, window: timedelta) -> Sequence[ListingRow]:
        """Stories of the window that are due to be looked at again."""
        return visits.due_visits(self.db, self.source, datetime.now(UTC), window=window)

    def reading(self, key: ReadingKey) -> Reading | None:
        """How far a listing was read by earlier crawls; None: never."""
        return frontier.reading(self.db, key)

    def take_page(self, key: ReadingKey, state: Reading, rows: Sequence[ListingRow], rank: int) -> Sequence[ListingRow]:
        """Owe the rows of a listing page and record how far the listing is read, both or neither."""
        return frontier.take_page(self.db, key, state, rows, datetime.now(UTC), rank=rank)

    def finish_reading(self, key: ReadingKey) -> None:
        """Record that a listing was read as far as it was to be."""
        frontier.finish_reading(self.db, key, datetime.now(UTC))

    def last_listing(self, url: str) -> Page | None:
        """The last copy of a listing page; None when there is none, or the archive no longer gives it."""
        ref = visits.kept_listing(self.db, url)
        if ref is None:
            return None
        try:
            page = self.archive_folder.read(ref)
        except ArchiveError:
            return None
        return page if page.url == url else None  # the archive was deleted, and another page lies there

    def keep_listing(self, page: Page, ref: ArchiveRef) -> None:
        """Remember a listing page as the last copy."""
        visits.keep_listing(self.db, page, ref)


@dataclass(slots=True, kw_only=True)
class LeftBehind:
    """Pages of a source that a crawl archived and did not come to store: the process died, or the disk was full.

    A mark in the database says up to where every record was stored or judged. It moves when a crawl has come to its
    end: a crawl that follows such a one reads nothing, and one that follows a dead one what that one archived.
    """

    db: Database
    archive: Archive
    source: str
    end: tuple[str, int]
    """Where the last record that was seen ends."""
    waiting: dict[tuple[PageKind, str], ArchiveRef]
    """By kind and address, in the order of fetching."""

    def stories(self) -> Iterator[tuple[Page, ArchiveRef]]:
        """The pages of stories that wait, without those that are taken meanwhile."""
        for kind, url in list(self.waiting):
            taken = self.take(kind, url) if kind == "article" else None
            if taken is not None:
                yield taken

    def take(self, kind: PageKind, url: str) -> tuple[Page, ArchiveRef] | None:
        """The page of that address, if it waits; it does no longer."""
        ref = self.waiting.pop((kind, url), None)
        page = _read(self.archive, ref) if ref is not None else None
        return (page, ref) if page is not None and ref is not None else None

    def settle(self) -> None:
        """Note that the crawl came to its end: what has no row now was judged, and is left to the next listing."""
        set_archive_mark(self.db, self.source, *self.end)


def find_left_behind(db: Database, archive: Archive, source: str) -> LeftBehind:
    """What the source's archive holds behind its mark and the database does not know; call it under the crawl's lock.

    Without a mark it begins behind the last record that is known. A database that knows none begins at the archive's
    end: to read an old archive into a new database is `policywire reprocess`, which mails nobody.
    """
    mark = archive_mark(db, source)
    end = mark or _first_mark(db, archive, source)
    waiting: dict[tuple[PageKind, str], ArchiveRef] = {}
    known: dict[str, set[int]] = {}
    first: tuple[str, int] | None = None
    for entry in entries_from(archive, source, *end):
        ref = entry.ref
        end = (ref.file, ref.offset + ref.length)
        if ref.file not in known:
            known = {ref.file: offsets_of(db, ref.file)}
        if ref.offset in known[ref.file] or entry.kind not in ("article", "attachment") or not entry.tells:
            continue
        page = _read(archive, ref)
        if page is not None and not is_superseded(db, page):
            waiting[page.kind, page.url] = ref
            first = first or (ref.file, ref.offset)
    if (first or end) != mark:
        set_archive_mark(db, source, *(first or end))
    if waiting:
        log.info("pages are taken up from the archive", extra={"source": source, "pages": len(waiting)})
    return LeftBehind(db=db, archive=archive, source=source, end=end, waiting=waiting)


def _read(archive: Archive, ref: ArchiveRef) -> Page | None:
    try:
        return archive.read(ref)
    except ArchiveError as error:
        log.warning("an archived page cannot be taken up", extra={"why": str(error)})
        return None


def _first_mark(db: Database, archive: Archive, source: str) -> tuple[str, int]:
    """Where a source's mark stands when no crawl has set one."""
    if known := files_with_pages(db, f"{source}/"):
        newest = max(known, key=order)
        return newest, max(offsets_of(db, newest))
    return end_of(archive, source)


def _reject_unextracted(
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


def _store(
    db: Database,
    article: Article,
    statements: Statements,
    pages: Sequence[tuple[Page, ArchiveRef]],
    listed: ListingRow | None,
    run_id: int | None,
    on_new: OnNew | None,
) -> Stored:
    return store_article(
        db,
        article,
        pages=pages,
        statements=statements,
        parser_version=PARSER_VERSION,
        run_id=run_id,
        listed=listed,
        on_new=on_new,
    )


@dataclass(slots=True, kw_only=True)
class Rereading:
    """Brings the database to what today's code makes of archived pages; the handler of `archive.batch.reprocess`.

    The pages of a story that runs over several are held until they are all there, so memory grows with the stories
    that are incomplete and not with the archive. Nobody is mailed about what is only read again.
    """

    db: Database
    outcomes: Counter[str] = field(default_factory=Counter)
    """Articles by outcome, statements `added`, `changed` and `retired`, and pages that gave no article as `failed`."""
    _stories: dict[str, _Story] = field(default_factory=dict)
    """Stories that wait for further pages, by the address of their first one."""
    _parts: dict[str, str] = field(default_factory=dict)
    """Address of a further page that is waited for -> address of its story's first page."""

    def handle(self, ref: ArchiveRef, page: Page) -> None:
        """Read one archived page or attached file again; listings and feeds are passed over."""
        if page.kind == "attachment" and page.status < 300:
            self._count(reread_annex(self.db, page, ref))
        if page.kind != "article" or (page.status >= 400 and page.status not in _GONE) or page.status == 304:
            return  # answers that say nothing of the story: a crawl notes them and asks again
        try:
            article = parse(page)
        except PageMoved:
            return  # it only led on; the page that it led to has a record of its own
        except PageError as error:
            if not is_script_shell(page):
                self._reject(ref, page, error)
            return
        if not isinstance(article, Article):
            return
        first = self._parts.pop(page.url, None)
        if first is not None:
            self._add_part(first, article, ref, page)
        elif article.next_pages:
            self._begin(article, ref, page)
        else:
            self._keep(article, [(page, ref)])

    def finish(self) -> None:
        """Store the stories of which some further page never came, with the pages there are."""
        for story in list(self._stories.values()):
            self._close(story)

    def _begin(self, article: Article, ref: ArchiveRef, page: Page) -> None:
        if earlier := self._stories.get(page.url):
            self._close(earlier)
        story = _Story(first=article, pages=[(page, ref)], wanted=list(article.next_pages))
        self._stories[page.url] = story
        self._parts |= dict.fromkeys(article.next_pages, page.url)

    def _add_part(self, first: str, article: Article, ref: ArchiveRef, page: Page) -> None:
        story = self._stories[first]
        story.wanted.remove(page.url)
        story.rest[page.url] = article
        story.pages.append((page, ref))
        if not story.wanted:
            self._close(story)

    def _close(self, story: _Story) -> None:
        for url in story.wanted:
            self._parts.pop(url, None)
        del self._stories[story.pages[0][0].url]
        parts = [story.rest[url] for url in story.first.next_pages if url in story.rest]
        self._keep(merge(story.first, parts), story.pages)

    def _keep(self, article: Article, pages: Sequence[tuple[Page, ArchiveRef]]) -> None:
        try:
            statements = extract(article, texts_of(self.db, article.attachments))
        except Exception as error:
            log.exception("extractor failed", extra={"url": article.url})
            _reject_unextracted(self.db, pages, None, None, error)
            self.outcomes["failed"] += 1
            return
        stored = _store(self.db, article, statements, pages, None, None, None)
        self.outcomes[stored.outcome] += 1
        self._count([stored])

    def _count(self, stored: Sequence[Stored]) -> None:
        for one in stored:
            self.outcomes["added"] += len(one.new)
            self.outcomes["changed"] += len(one.changed)
            self.outcomes["retired"] += len(one.retired)

    def _reject(self, ref: ArchiveRef, page: Page, error: PageError) -> None:
        self.outcomes["failed"] += 1
        issue = Issue(
            kind=error.kind,
            source=page.source,
            url=page.url,
            detail=error.detail,
            selector=error.selector,
            version=PARSER_VERSION,
        )
        reject_page(self.db, page, ref, issue, run_id=None, parser_version=PARSER_VERSION)


@dataclass(slots=True, kw_only=True)
class _Story:
    """A story that runs over several pages, while it is put together."""

    first: Article
    pages: list[tuple[Page, ArchiveRef]]
    wanted: list[str]
    rest: dict[str, Article] = field(default_factory=dict)


_GONE = frozenset({404, 410})
"""Answers that say the page is gone."""

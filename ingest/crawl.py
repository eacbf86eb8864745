"""The sink of a crawl: archives, parses, extracts and stores its pages."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from archive.warc import Archive, ArchiveError
from db.connection import DatabaseFull, DatabaseLocked
from db.crawling import frontier, visits
from db.crawling.archived import row_owed
from db.issues import add_issue, close_issues
from db.keeping.annexes import texts_of
from db.store import OnNew, Story, known, reject_page
from ingest.archiving import Archiving
from ingest.left_behind import LeftBehind
from ingest.storing import Storing, reject_unextracted
from pipeline.articles import PARSER_VERSION, parse
from pipeline.extract import extract
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
from readers.reader import Reader, ReaderDied

log = logging.getLogger(__name__)

READ_AHEAD = 200
"""Stories at most whose statements are held; more are never being read at a time."""


@dataclass(slots=True, kw_only=True)
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
    archiving: Archiving = field(init=False)
    storing: Storing = field(init=False)
    read_ahead: dict[int, tuple[Article, Statements]] = field(init=False, default_factory=dict)
    """What was extracted together with the parsing, by the article's identity, until it is stored."""

    def __post_init__(self) -> None:
        """What runs beside the crawl; it is idle while nobody asks."""
        self.archiving = Archiving(self.archive_folder)
        self.storing = Storing(self.db, self.run_id, self.on_new)

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

    async def archive(self, page: Page) -> ArchiveRef:
        """Keep the page, durably, before anything is made of it."""
        with self.storing.reading():
            ref = await self.archiving.keep(page)
        if self.behind is not None:
            self.behind.saw(ref)
        return ref

    async def parse(self, page: Page) -> Article | Listing:
        """What the page holds; raises PageError, or what ended its reading."""
        with self.storing.reading():
            if self.reader is None:
                return parse(page)
            found, statements = await self.reader.read(page)
        if isinstance(found, Article) and statements is not None:
            while len(self.read_ahead) >= READ_AHEAD:  # stories that were parsed and never came to be stored
                del self.read_ahead[next(iter(self.read_ahead))]
            self.read_ahead[id(found)] = found, statements
        return found

    async def store(
        self, article: Article, pages: Sequence[tuple[Page, ArchiveRef]], listed: ListingRow | None
    ) -> Outcome:
        """Extract from the article and store both in one transaction; `failed` when the extractor is."""
        annexes = texts_of(self.db, article.attachments)
        try:
            with self.storing.reading():
                ahead = self.read_ahead.pop(id(article), None)
                if ahead is not None and not annexes:
                    statements = ahead[1]
                elif self.reader is None:
                    statements = extract(article, annexes)
                else:
                    statements = await self.reader.extract(article, annexes)
        except ReaderDied:
            raise
        except Exception as error:
            log.exception("extractor failed", extra={"url": article.url})
            reject_unextracted(self.db, pages, listed, self.run_id, error)
            return "failed"
        try:
            stored = await self.storing.store(Story(article=article, pages=pages, statements=statements, listed=listed))
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

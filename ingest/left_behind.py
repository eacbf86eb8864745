"""What a crawl archived and did not come to store; the next one takes it up."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from archive.files import order
from archive.find import end_of, entries_from
from archive.warc import Archive, ArchiveError
from db.crawling.archived import archive_mark, files_with_pages, is_superseded, offsets_of, set_archive_mark
from pipeline.model import ArchiveRef, Page, PageKind

log = logging.getLogger(__name__)


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

    def saw(self, ref: ArchiveRef) -> None:
        """This crawl has archived a page itself."""
        self.end = (ref.file, ref.offset + ref.length)

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

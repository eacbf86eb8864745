"""Append fetched pages to WARC files and read them back: gzip files by day and source, durable when `append` returns.

Each page is a response record (the body as decoded from its content encoding, with its true length) and the request
that asked for it, each a gzip member of its own, so that any WARC tool reads them and one page is read by its offset.

A process that is killed while it writes leaves a torn tail. Whoever opens the file next, or finds that another writer
has changed it, looks for the last whole gzip member, puts what follows aside in `<file>.torn` and cuts it off.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.appender import Appender
from archive.files import SUFFIX, day_and_number, day_of, in_order, newest_number, order
from archive.index import is_settled
from archive.members import member_at
from archive.reading import read_pages
from archive.records import ArchiveError, DamagedRecord, page_in
from pipeline.model import ArchiveRef, Page

__all__ = ["Archive", "ArchiveError", "DamagedRecord", "read_pages"]

logger = logging.getLogger(__name__)

ROTATE = 1 << 30
"""Bytes at which a file is full, unless said otherwise."""


class Archive:
    """A folder of WARC files by source and the UTC day of fetching (`archive.files` has their names).

    Several processes may append; a lock on the file keeps their records whole. One thread may write at a time, while
    another one reads. A file that holds `rotate` bytes is full, and the next one of that day begins.
    """

    def __init__(self, folder: Path, *, rotate: int = ROTATE) -> None:
        self.folder = folder
        self.rotate = rotate
        self._files: dict[str, Appender] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files; nothing is left to be written."""
        for file in self._files.values():
            if file.is_there():
                file.close()
            else:
                file.abandon()
        self._files.clear()

    def append(self, page: Page) -> ArchiveRef:
        """Write a page; it is on the disk when this returns. Raises ArchiveError when it cannot be."""
        return self.append_all([page])[0]

    def append_all(self, pages: Sequence[Page]) -> list[ArchiveRef]:
        """Write pages, in their order, with one sync for as many as go into one file: what takes time is the sync.

        Raises ArchiveError when one cannot be written; those before it in another file may have been.
        """
        refs: list[ArchiveRef] = []
        for (source, day), together in groupby(
            pages, lambda page: (_folder_name(page.source), day_of(page.fetched_at))
        ):
            waiting = list(together)
            try:
                file = self._file(source, day)
                while waiting:
                    written = file.write(waiting)
                    refs += written
                    waiting = waiting[len(written) :]
                    if waiting:
                        file = self._file(source, day, full=file)
            except OSError as error:
                raise ArchiveError(f"cannot write {error.filename or self.folder / source / day}: {error}") from error
        return refs

    def read(self, ref: ArchiveRef) -> Page:
        """The page that `append` gave this reference for. Raises ArchiveError."""
        path = (self.folder / ref.file).resolve()
        if "://" in ref.file or not path.is_relative_to(self.folder.resolve()):
            raise ArchiveError(f"{ref.file} lies outside the archive")
        try:
            with path.open("rb") as file:
                found = member_at(file, ref.offset)
        except OSError as error:
            raise ArchiveError(f"cannot read {path}: {error.strerror or error}") from error
        page = page_in(found[1], f"{ref.file} at {ref.offset}") if found is not None else None
        if page is None:
            raise DamagedRecord(f"{ref.file} holds no page at {ref.offset}")
        return page

    def paths(self, pattern: str = f"**/*{SUFFIX}") -> list[Path]:
        """The files that a glob below the folder matches, in the order of source and writing."""
        return in_order(path for path in self.folder.glob(pattern) if path.name.endswith(SUFFIX))

    def pages(self, pattern: str = f"**/*{SUFFIX}") -> Iterator[tuple[ArchiveRef, Page]]:
        """All pages of the matching files, in the order in which they were written; a damaged one raises."""
        for path in self.paths(pattern):
            yield from read_pages(path, self.folder)

    def _file(self, source: str, day: str, full: Appender | None = None) -> Appender:
        """The file that the pages of a day are written to, opened; `full` is the one that takes no more."""
        current = self._files.get(source)
        if current is not None and not current.is_there():
            logger.warning("the file was taken away while pages were written to it file=%s", current.path)
            current.abandon()
            current = None
            del self._files[source]
        if current is not None and current is not full and current.day == day:
            return current
        if current is not None:
            current.close()
            del self._files[source]
        number = newest_number(self.folder / source, day)
        if full is not None and full.day == day:
            number = max(number, full.number + 1)
        self._files[source] = file = Appender(self.folder, source, day, number, self.rotate)
        self._close_earlier(source, file.path)
        return file

    def _close_earlier(self, source: str, newest: Path) -> None:
        """Mend the file before the newest one and sort its index, where the process that wrote it died."""
        earlier = [path for path in self.paths(f"{source}/*{SUFFIX}") if order(path) < order(newest)][-1:]
        for path in earlier:
            place = day_and_number(path.name)
            if place is not None and not is_settled(path):
                Appender(self.folder, source, *place, self.rotate).close()


def _folder_name(source: str) -> str:
    if not source or not source.replace("_", "").replace("-", "").isalnum():
        raise ArchiveError(f"{source!r} cannot name a folder of the archive")
    return source

"""Append fetched pages to WARC files and read them back: gzip files by day and source, durable when `append` returns.

Each page is a response record (the body as decoded from its content encoding, with its true length) and the request
that asked for it, each a gzip member of its own, so that any WARC tool reads them and one page is read by its offset.

A process that is killed while it writes leaves a torn tail. Whoever opens the file next, or finds that another writer
has changed it, looks for the last whole gzip member, puts what follows aside in `<file>.torn` and cuts it off.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.appender import Appender
from archive.files import SUFFIX, day_of, in_order, newest_number, order
from archive.members import member_at, members
from archive.records import ArchiveError, DamagedRecord, page_in
from pipeline.model import ArchiveRef, Page

__all__ = ["Archive", "ArchiveError", "DamagedRecord", "read_pages"]

ROTATE = 1 << 30
"""Bytes at which a file is full, unless said otherwise."""


class Archive:
    """A folder of WARC files by source and the UTC day of fetching (`archive.files` has their names).

    Several processes may append; a lock on the file keeps their records whole. Not for several threads. A file that
    holds `rotate` bytes is full, and the next one of that day begins.
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
            file.close()
        self._files.clear()

    def append(self, page: Page) -> ArchiveRef:
        """Write a page; it is on the disk when this returns. Raises ArchiveError when it cannot be."""
        source, day = _folder_name(page.source), day_of(page.fetched_at)
        try:
            file = self._file(source, day)
            while (place := file.write(page)) is None:
                file = self._file(source, day, full=file)
        except OSError as error:
            raise ArchiveError(f"cannot write {error.filename or self.folder / source / day}: {error}") from error
        offset, length = place
        return ArchiveRef(file=file.name, offset=offset, length=length)

    def read(self, ref: ArchiveRef) -> Page:
        """The page that `append` gave this reference for. Raises ArchiveError."""
        path = (self.folder / ref.file).resolve()
        if not path.is_relative_to(self.folder.resolve()):
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

    def pages_from(self, source: str, file: str, offset: int) -> Iterator[tuple[ArchiveRef, Page]]:
        """The pages of a source from a place in one of its files on (`""`: all); what is damaged is passed over."""
        for path in self.paths(f"{_folder_name(source)}/*{SUFFIX}"):
            name = str(path.relative_to(self.folder))
            if not file or order(name) >= order(file):
                yield from read_pages(path, self.folder, [], start=offset if name == file else 0)

    def _file(self, source: str, day: str, full: Appender | None = None) -> Appender:
        """The file that the pages of a day are written to, opened; `full` is the one that takes no more."""
        current = self._files.get(source)
        if current is not None and current is not full and current.day == day:
            return current
        if current is not None:
            current.close()
            del self._files[source]
        number = newest_number(self.folder / source, day)
        if full is not None and full.day == day:
            number = max(number, full.number + 1)
        self._files[source] = file = Appender(self.folder, source, day, number, self.rotate)
        return file


def read_pages(
    path: Path, folder: Path | None = None, damaged: list[str] | None = None, *, start: int = 0
) -> Iterator[tuple[ArchiveRef, Page]]:
    """The pages of one file from `start` on, with their references, relative to `folder` where the file lies in it.

    A torn tail, which a killed writer leaves and the next one mends, is passed over. What is damaged before it is added
    to `damaged`, one line each, or raises DamagedRecord when there is no such list. Raises ArchiveError for a file that
    cannot be read at all.
    """
    name = str(path.relative_to(folder)) if folder is not None and path.is_relative_to(folder) else str(path)
    try:
        with path.open("rb") as file:
            expected = start
            for offset, end, content in members(file, start):
                if offset != expected:
                    _report(f"{name} at {expected}: {offset - expected} bytes hold no record", damaged)
                expected = end
                try:
                    page = page_in(content, f"{name} at {offset}")
                except DamagedRecord as error:
                    _report(str(error), damaged)
                    continue
                if page is not None:
                    yield ArchiveRef(file=name, offset=offset, length=end - offset), page
            if expected == start == 0 and file.seek(0, os.SEEK_END) > 0:
                _report(f"{name} holds no record", damaged)
    except OSError as error:
        raise ArchiveError(f"cannot read {path}: {error.strerror or error}") from error


def _report(line: str, damaged: list[str] | None) -> None:
    if damaged is None:
        raise DamagedRecord(line)
    damaged.append(line)


def _folder_name(source: str) -> str:
    if not source or not source.replace("_", "").replace("-", "").isalnum():
        raise ArchiveError(f"{source!r} cannot name a folder of the archive")
    return source

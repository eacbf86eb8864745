"""Append fetched pages to WARC files and read them back: one gzip file a day and source, durable when `append` returns.

Each page is a response record (the body as decoded from its content encoding, with its true length) and the request
that asked for it, each a gzip member of its own, so that any WARC tool reads them and one page is read by its offset.

A process that is killed while it writes leaves a torn tail. Whoever opens the file next, or finds that another writer
has changed it, looks for the last whole gzip member, puts what follows aside in `<file>.torn` and cuts it off.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.members import last_whole_member, member_at, members
from archive.records import ArchiveError, DamagedRecord, page_in, records_of, warcinfo
from pipeline.model import ArchiveRef, Page

__all__ = ["Archive", "ArchiveError", "DamagedRecord", "read_pages"]

logger = logging.getLogger(__name__)

SUFFIX = ".warc.gz"
TORN = ".torn"
CHUNK = 1 << 20


class Archive:
    """A folder of WARC files, `<source>/<day>.warc.gz` by the UTC day of fetching.

    Several processes may append; a lock on the file keeps their records whole. Not for several threads.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[str, _Appender] = {}

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
        name = f"{_folder_name(page.source)}/{page.fetched_at.astimezone(UTC):%Y-%m-%d}{SUFFIX}"
        try:
            offset, length = self._appender(page.source, name).write(page)
        except OSError as error:
            raise ArchiveError(f"cannot write {self.folder / name}: {error}") from error
        return ArchiveRef(file=name, offset=offset, length=length)

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
        """The files that a glob below the folder matches, in the order of source and day."""
        return sorted(path for path in self.folder.glob(pattern) if path.name.endswith(SUFFIX))

    def pages(self, pattern: str = f"**/*{SUFFIX}") -> Iterator[tuple[ArchiveRef, Page]]:
        """All pages of the matching files, in the order in which they were written; a damaged one raises."""
        for path in self.paths(pattern):
            yield from read_pages(path, self.folder)

    def _appender(self, source: str, name: str) -> _Appender:
        current = self._files.get(source)
        if current is not None and current.name == name:
            return current
        if current is not None:  # a new day
            current.close()
        self._files[source] = appender = _Appender(self.folder, name)
        return appender


class _Appender:
    """One file that is being written."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.path = folder / name
        new_folder = not self.path.parent.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self.whole = 0
        """Up to here the file is known to hold whole records."""
        _sync_folder(self.path.parent)
        if new_folder:
            _sync_folder(folder)
        with _locked(self.file):
            self.mend()

    def close(self) -> None:
        os.close(self.file)

    def write(self, page: Page) -> tuple[int, int]:
        """Append a page's records under the lock; the offset and length of the response record."""
        with _locked(self.file):
            if os.fstat(self.file).st_size != self.whole:
                self.mend()
            head = warcinfo(self.path.name) if self.whole == 0 else b""
            response, request = records_of(page)
            try:
                _write_all(self.file, head + response + request, self.whole)
                os.fsync(self.file)
            except OSError:
                os.ftruncate(self.file, self.whole)  # a full disk must not leave half a record behind
                raise
            offset = self.whole + len(head)
            self.whole = offset + len(response) + len(request)
            return offset, len(response)

    def mend(self) -> None:
        """Find the end of the last whole record and cut off what follows, which is kept in the `.torn` file."""
        size = os.fstat(self.file).st_size
        if size < self.whole:  # somebody replaced or cut the file
            self.whole = 0
        with os.fdopen(os.dup(self.file), "rb") as file:
            end = last_whole_member(file, self.whole)
            if end < size:
                file.seek(end)
                with Path(f"{self.path}{TORN}").open("ab") as torn:
                    while chunk := file.read(CHUNK):
                        torn.write(chunk)
                    torn.flush()
                    os.fsync(torn.fileno())
        if end < size:
            os.ftruncate(self.file, end)
            os.fsync(self.file)
            logger.warning("cut a torn record off file=%s offset=%d bytes=%d", self.path, end, size - end)
        self.whole = end


def read_pages(
    path: Path, folder: Path | None = None, damaged: list[str] | None = None
) -> Iterator[tuple[ArchiveRef, Page]]:
    """The pages of one file with their references, relative to `folder` where the file lies in it.

    A torn tail, which a killed writer leaves and the next one mends, is passed over. What is damaged before it is added
    to `damaged`, one line each, or raises DamagedRecord when there is no such list. Raises ArchiveError for a file that
    cannot be read at all.
    """
    name = str(path.relative_to(folder)) if folder is not None and path.is_relative_to(folder) else str(path)
    try:
        with path.open("rb") as file:
            expected = 0
            for offset, end, content in members(file):
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
            if expected == 0 and file.seek(0, os.SEEK_END) > 0:
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


def _write_all(file: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(file, view, offset)
        view = view[written:]
        offset += written


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _locked:
    """Holds the lock on a file; another writer waits."""

    def __init__(self, file: int) -> None:
        self.file = file

    def __enter__(self) -> None:
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        fcntl.flock(self.file, fcntl.LOCK_UN)

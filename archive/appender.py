"""One WARC file that is being written: whole records under a lock, a torn tail mended."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from archive import index
from archive.entries import entries_of, line_of
from archive.files import file_name
from archive.locks import locked
from archive.members import last_whole_member, member_at
from archive.records import records_of, warcinfo
from pipeline.model import ArchiveRef, Page

logger = logging.getLogger(__name__)

TORN = ".torn"
CHUNK = 1 << 20
SETTLE = 20_000
"""Lines that are added to an index before they are sorted into it; about 10 MB in memory."""


class Appender:
    """Appends to the `number`th file of a source's day below `folder` until it holds `limit` bytes."""

    def __init__(self, folder: Path, source: str, day: str, number: int, limit: int) -> None:
        self.day = day
        self.number = number
        self.limit = limit
        self.name = f"{source}/{file_name(day, number)}"
        self.path = folder / self.name
        new_folder = not self.path.parent.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self.archive = folder
        self.whole = 0
        """Up to here the file is known to hold whole records."""
        self.behind = True
        """Whether the index may lack something."""
        self.unsorted = 0
        """Lines of the index that are not sorted in."""
        sync_folder(self.path.parent)
        if new_folder:
            sync_folder(folder)
        with locked(self.file):
            self.mend()
            self.index()

    def close(self) -> None:
        """Close the file, its index sorted; nothing is left to be written."""
        with locked(self.file):
            if os.fstat(self.file).st_size != self.whole:  # another writer has gone on with it
                self.mend()
            self.index(sort=True)
        os.close(self.file)

    def is_there(self) -> bool:
        """Whether the name still stands for the file; what is written to a deleted one is lost without a word."""
        try:
            return os.path.samestat(self.path.stat(), os.fstat(self.file))
        except FileNotFoundError:
            return False

    def abandon(self) -> None:
        """Close a file that was taken away."""
        os.close(self.file)

    def write(self, pages: Sequence[Page]) -> list[ArchiveRef]:
        """Append the records of pages under the lock, synced once; where each response record lies.

        Gives fewer than there are pages, or none, when the file is full. Full is what holds `limit` bytes, and not what
        has no room for a page: so no writer ever appends to a file after another one has begun the next, and pages are
        read in the order in which they were written. All that is given is on the disk, or nothing was written.
        """
        with locked(self.file):
            if os.fstat(self.file).st_size != self.whole:
                self.mend()
            written = [warcinfo(self.path.name)] if self.whole == 0 else []
            end = sum(map(len, written))
            refs: list[ArchiveRef] = []
            for page in pages:
                if self.whole + (end if refs else 0) >= self.limit:
                    break
                response, request = records_of(page)
                refs.append(ArchiveRef(file=self.name, offset=self.whole + end, length=len(response)))
                written += (response, request)
                end += len(response) + len(request)
            if refs:
                self._append(b"".join(written))
                self.index(
                    [line_of(entry) for page, ref in zip(pages, refs, strict=False) for entry in entries_of(page, ref)]
                )
            return refs

    def _append(self, data: bytes) -> None:
        """Write whole records behind the last one, and sync them."""
        try:
            _write_all(self.file, data, self.whole)
            os.fsync(self.file)
        except OSError as error:
            os.ftruncate(self.file, self.whole)  # a full disk must not leave half a record behind
            error.filename = str(self.path)
            raise
        self.whole += len(data)

    def index(self, lines: list[bytes] | None = None, *, sort: bool = False) -> None:
        """Bring the index up to date; a disk that has no room for it costs no page, for it can be made again."""
        try:
            sort = sort or self.unsorted >= SETTLE
            if self.behind or sort:
                self.unsorted += index.catch_up(self.path, self.archive, self.whole)
                self.behind = False
            elif lines:
                self.behind = True  # until the line is written
                index.add(self.path, lines)
                self.unsorted += len(lines)
                self.behind = False
            if sort:
                index.settle(self.path, self.whole)
                self.unsorted = 0
        except (OSError, ValueError) as error:
            self.behind = True
            logger.warning("the index cannot be written file=%s: %s", self.path, error)

    def mend(self) -> None:
        """Find the end of the last whole record and cut off what follows, which is kept in the `.torn` file."""
        size = os.fstat(self.file).st_size
        if size < self.whole:  # somebody replaced or cut the file
            self.whole = 0
        with os.fdopen(os.dup(self.file), "rb") as file:
            end = last_whole_member(file, self.whole or self._known_start(file, size))
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
        self.behind = True

    def _known_start(self, file: IO[bytes], size: int) -> int:
        """Where the last record begins that the index knows: to open a large file must not mean to read it."""
        try:
            start = index.known_up_to(self.path)[1]
        except OSError:
            return 0
        return start if start == size or (start < size and member_at(file, start)) else 0


def _write_all(file: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(file, view, offset)
        view = view[written:]
        offset += written


def sync_folder(folder: Path) -> None:
    """Make what was created or renamed in a folder last."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

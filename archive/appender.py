"""One WARC file that is being written: whole records under a lock, a torn tail mended."""

from __future__ import annotations

import fcntl
import logging
import os
from pathlib import Path
from types import TracebackType

from archive.files import file_name
from archive.members import last_whole_member
from archive.records import records_of, warcinfo
from pipeline.model import Page

logger = logging.getLogger(__name__)

TORN = ".torn"
CHUNK = 1 << 20


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
        self.whole = 0
        """Up to here the file is known to hold whole records."""
        sync_folder(self.path.parent)
        if new_folder:
            sync_folder(folder)
        with locked(self.file):
            self.mend()

    def close(self) -> None:
        """Close the file; nothing is left to be written."""
        os.close(self.file)

    def write(self, page: Page) -> tuple[int, int] | None:
        """Append a page's records under the lock; offset and length of the response record, None when it is full.

        Full is what holds `limit` bytes, and not what has no room for this page: so no writer ever appends to a file
        after another one has begun the next, and pages are read in the order in which they were written.
        """
        with locked(self.file):
            if os.fstat(self.file).st_size != self.whole:
                self.mend()
            if self.whole >= self.limit:
                return None
            head = warcinfo(self.path.name) if self.whole == 0 else b""
            response, request = records_of(page)
            try:
                _write_all(self.file, head + response + request, self.whole)
                os.fsync(self.file)
            except OSError as error:
                os.ftruncate(self.file, self.whole)  # a full disk must not leave half a record behind
                error.filename = str(self.path)
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


class locked:
    """Holds the lock on a file; another writer waits."""

    def __init__(self, file: int) -> None:
        self.file = file

    def __enter__(self) -> None:
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        fcntl.flock(self.file, fcntl.LOCK_UN)

"""The lock on a WARC file: who adds to it, or to its index, holds it for so long."""

from __future__ import annotations

import fcntl
from types import TracebackType


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

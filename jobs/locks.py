"""Who works on something alone: a lock that the kernel lets go of however its process ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another process does the same on the same database."""


@contextmanager
def only_one(lock: Path, what: str) -> Iterator[None]:
    """Holds `lock` while the block runs; the kernel lets go of it however the process ends.

    Raises AlreadyRunning when another process holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            holder = handle.read().strip() or "unknown"
            raise AlreadyRunning(f"{what} is already running (process {holder}); stop it first") from error
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield

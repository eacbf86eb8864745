"""Who works on something alone: a lock that the kernel lets go of however its process ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path


class AlreadyRunning(Exception):
    """Another process does the same on the same database."""


@contextmanager
def only_one(lock: Path, what: str) -> Iterator[None]:
    """Holds `lock` while the block runs; the kernel lets go of it however the process ends.

    Raises AlreadyRunning, with the process and since when, where another process holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            holder = _said(handle.read())
            raise AlreadyRunning(f"{what} is already running (process {holder}); stop it first") from error
        handle.truncate(0)
        handle.write(f"{os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        handle.flush()
        yield


def held_by(lock: Path) -> str | None:
    """The process that holds `lock`, and since when; None if nobody does."""
    try:
        with lock.open() as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _said(handle.read())
    except FileNotFoundError:
        pass
    return None


def _said(text: str) -> str:
    return text.strip()[:80] or "unknown"


def lock_file(database: Path, name: str) -> Path:
    """A lock file next to the database, the same one by whatever path the database is named."""
    real = database.resolve()
    return real.with_name(f"{real.name}.{name}.lock")

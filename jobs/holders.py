"""Who holds the database: which process has its write lock, and which of ours still has a file that it was before."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_WRITE_LOCK = 120
"""The byte of the `-shm` file that SQLite locks for writing in WAL mode."""


def holder_of_the_write_lock(database: Path) -> str:
    """The process that keeps others from writing, as `process 4711 (python)`; Linux tells, others do not."""
    try:
        shared = Path(f"{database}-shm").stat()
        locks = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return "another process"
    for line in locks:
        # `1: POSIX  ADVISORY  WRITE 4711 fe:00:2277652 120 120`
        fields = line.split()
        if len(fields) < 8 or fields[3] != "WRITE" or not fields[-1].isdigit():
            continue
        inode = fields[-3].rpartition(":")[2]
        if inode == str(shared.st_ino) and int(fields[-2]) <= _WRITE_LOCK <= int(fields[-1]):
            return f"process {fields[4]} ({_name_of(fields[4])})"
    return "another process"


def _name_of(pid: str) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
    return "unknown"


def writers_to_former_files(database: Path) -> list[int]:
    """Children of this process that have a file open which was the database and is not any more."""
    return [pid for pid in _children() if _has_former(pid, database)]


def end_writers_to_former_files(database: Path) -> list[int]:
    """Tell them to end: what they store is lost."""
    found = writers_to_former_files(database)
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    return found


def _children() -> Iterator[int]:
    own = str(os.getpid())
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if fields[1] == own:
                yield int(entry.name)


def _has_former(pid: int, database: Path) -> bool:
    gone = f"{database.absolute()} (deleted)"
    with suppress(OSError):
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                if str(handle.readlink()) == gone:
                    return True
    return False

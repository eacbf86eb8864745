"""The scheduler's heartbeat: a small file beside the database that is touched while it works.

It needs no database: `policywire status` reads it while the database is locked, damaged or gone. The time of the file
is the last beat; a scheduler that stops takes it away, so that one left behind is of a scheduler that died.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from db.crawling.runs import process_mark
from jobs.notify import notify

EVERY = timedelta(seconds=10)
LATE = timedelta(seconds=90)
"""After so long without a beat the scheduler counts as stuck."""

Liveness = Literal["alive", "stuck", "died", "off"]


def beat_file(database: Path) -> Path:
    """The heartbeat's file of a database."""
    return database.with_name(f"{database.name}.run.beat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduler:
    """What the heartbeat tells of the scheduler."""

    state: Liveness
    """`off`: none was started, or it has stopped as it was told to."""
    pid: int | None = None
    since: datetime | None = None
    beat_at: datetime | None = None

    def age(self, now: datetime) -> timedelta | None:
        """How long ago its heart beat last."""
        return max(now - self.beat_at, timedelta()) if self.beat_at else None


@dataclass(slots=True)
class Heart:
    """The heart of the scheduler of this process. `beat` is called by the scheduler's own loop, and by nobody else."""

    path: Path
    monotonic: Callable[[], float] = time.monotonic
    _last: float = field(default=0.0, init=False)

    def begin(self, now: datetime) -> None:
        """Write who we are, whole or not at all, and beat for the first time."""
        said = {
            "pid": os.getpid(), "process": process_mark(os.getpid()), "namespace": _namespace(),
            "since": now.astimezone(UTC).isoformat(),
        }  # fmt: skip
        unfinished = self.path.with_name(f".{self.path.name}.unfinished")
        unfinished.write_text(json.dumps(said), encoding="utf-8")
        unfinished.replace(self.path)
        self._touch(now)

    def beat(self, now: datetime) -> None:
        """Say that the loop goes round: to the file, to systemd's watchdog, and to whoever asks `stopped_for`."""
        notify("WATCHDOG=1")
        self._touch(now)

    def _touch(self, now: datetime) -> None:
        self._last = self.monotonic()
        os.utime(self.path, (now.timestamp(), now.timestamp()))

    def stopped_for(self) -> timedelta:
        """Time since the last beat, whatever the clock was set to meanwhile."""
        return timedelta(seconds=self.monotonic() - self._last)

    def end(self) -> None:
        """The scheduler stops because it was told to."""
        self.path.unlink(missing_ok=True)


def read_scheduler(path: Path, now: datetime) -> Scheduler:
    """What the file at `path` tells; a file that is none of ours is a scheduler that died."""
    try:
        beat_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        said = json.loads(path.read_text(encoding="utf-8"))
        pid, process, since = int(said["pid"]), str(said["process"]), datetime.fromisoformat(said["since"])
        here = said["namespace"] == _namespace()
    except FileNotFoundError:
        return Scheduler(state="off")
    except (OSError, ValueError, KeyError, TypeError):
        return Scheduler(state="died")
    state: Liveness = "alive" if now - beat_at <= LATE else "stuck"
    if here and process_mark(pid) != process:
        state = "died"
    return Scheduler(state=state, pid=pid, since=since, beat_at=beat_at)


def _namespace() -> str:
    """Which numbering of processes a pid belongs to: another container has another."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""

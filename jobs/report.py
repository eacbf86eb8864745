"""One look at a desk from outside: its scheduler, database and disks, and its status where the database can be read.

What `policywire status`, /healthz, /metrics and the dead-man's switch tell is told from this. It never waits long: a
database that is locked, damaged, slow or gone is a state like any other.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlite_utils import Database

from config import Config
from db import DatabaseError, open_database
from db.connection import DatabaseLocked, DatabaseMissing, explain
from db.status import Status, read_status
from db.totals import Totals, read_totals
from jobs.beat import LATE, Scheduler, beat_file, read_scheduler
from jobs.book import Standing, standing_faults
from jobs.faults import FAULTS
from logs import inert

Readable = Literal["ok", "locked", "missing", "slow", "unreadable"]
LONGEST = 5.0
"""Seconds that reading may take in all; then the database counts as `slow`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """The disk that a folder of ours lies on."""

    name: Literal["database", "archive", "backups"]
    folder: str
    free: int
    """Bytes that we may write."""
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseFile:
    """The file of the database, looked at from outside."""

    path: str
    state: Readable
    detail: str | None = None
    """What is wrong, in one line that says what to do."""
    size: int = 0
    """Bytes."""
    wal: int = 0
    """Bytes of the write-ahead log beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The state of a desk at one moment."""

    at: datetime
    scheduler: Scheduler
    database: DatabaseFile
    disks: tuple[Disk, ...]
    faults: tuple[Standing, ...]
    """Faults of the machine that stand, oldest first."""
    status: Status | None = field(repr=False)
    """None where the database cannot be read."""
    totals: Totals | None = None
    troubles: tuple[str, ...] = ()
    """What needs a person and stands in no database."""

    @property
    def needs_a_person(self) -> tuple[str, ...]:
        """One line for each thing that nobody but a person will put right, the worst first."""
        return tuple(map(inert, (*self.troubles, *(self.status.needs_a_person if self.status else ()))))


def read_report(config: Config, now: datetime, *, leads: bool = False) -> Report:
    """Look at everything; raises nothing that a broken desk could cause."""
    path = config.storage.database
    scheduler = read_scheduler(beat_file(path), now)
    disks = tuple(_disks(config))
    status, totals, detail = None, None, None
    readable: Readable = "ok"
    try:
        with _reading(path) as db:
            status, totals = read_status(db, now, leads=leads), read_totals(db, now)
    except (DatabaseError, sqlite3.Error) as error:
        told = error if isinstance(error, DatabaseError) else explain(error, path)
        readable = _readable(error)
        detail = _SLOW.format(path=path) if readable == "slow" else str(told)
    database = DatabaseFile(
        path=str(path), state=readable, detail=detail, size=_size(path), wal=_size(path.with_name(f"{path.name}-wal"))
    )
    faults = standing_faults(path)
    # the rows of the jobs say which one is stuck, where they can be read
    known = frozenset({"job_stuck"} if status else ())
    troubles = tuple(_troubles(scheduler, database, disks, faults, config.storage.min_free_mib << 20, known))
    return Report(
        at=now,
        scheduler=scheduler,
        database=database,
        disks=disks,
        faults=faults,
        status=status,
        totals=totals,
        troubles=troubles,
    )


def alive(report: Report, *, stopped_for: timedelta | None = None) -> tuple[tuple[str, str], ...]:
    """Why the scheduler is not well, as a name for machines and a line for people; empty: it is alive.

    A source that is silent, or mail that nobody takes, is no reason: another process would not change it. `stopped_for`
    is how long the heart of this very process has stood still; without it, its file is believed.
    """
    return tuple(_faults(report, stopped_for))


def _faults(report: Report, stopped_for: timedelta | None) -> Iterator[tuple[str, str]]:
    if stopped_for is not None and stopped_for > LATE:
        yield "scheduler_stuck", f"the scheduler's loop has stood still for {stopped_for.total_seconds():.0f} s"
    elif stopped_for is None and report.scheduler.state != "alive":
        yield f"scheduler_{report.scheduler.state}", _SCHEDULER[report.scheduler.state]
    if report.database.state != "ok":
        yield f"database_{report.database.state}", str(report.database.detail)
    for job in report.status.jobs if report.status else ():
        if job.state == "stuck":
            yield "job_stuck", f"job {job.name} has been running since {job.last_started_at}, longer than it may"


_SCHEDULER = {
    "off": "the scheduler is not running: start `policywire run`",
    "died": "the scheduler has died without a word: start `policywire run`, its log says why it ended",
    "stuck": "the scheduler runs, but its loop stands still: restart it, and keep its log",
}


def _troubles(
    scheduler: Scheduler,
    database: DatabaseFile,
    disks: tuple[Disk, ...],
    faults: tuple[Standing, ...],
    spare: int,
    told: frozenset[str],
) -> Iterator[str]:
    if scheduler.state in ("died", "stuck"):
        beat = f" (process {scheduler.pid}, last heartbeat {scheduler.beat_at:%Y-%m-%dT%H:%M:%SZ})"
        yield _SCHEDULER[scheduler.state] + (beat if scheduler.pid and scheduler.beat_at else "")
    for fault in faults:
        if fault.name not in told:
            yield f"{FAULTS[fault.name].means}: {fault.detail}"
    # what the scheduler has seen already is told once; but it may not be running
    known = {fault.name.partition("_")[0] for fault in faults}
    if database.detail and "database" not in known:
        yield database.detail
    for disk in disks:
        if disk.free < spare and "disk" not in known:
            yield f"the disk of the {disk.name} ({disk.folder}) has {disk.free >> 20:,} MiB free: make room"


def _disks(config: Config) -> Iterator[Disk]:
    folders: dict[Literal["database", "archive", "backups"], Path | None] = {
        "database": config.storage.database.parent,
        "archive": config.storage.archive,
        "backups": config.schedule.backup_to,
    }
    for name, folder in folders.items():
        if folder is None:
            continue
        try:
            # a folder that is not there yet will be made on the disk of the one above it
            there = next((one for one in (folder, *folder.absolute().parents) if one.is_dir()), folder)
            usage = shutil.disk_usage(there)
        except OSError:
            continue
        yield Disk(name=name, folder=str(folder), free=usage.free, size=usage.total)


@contextmanager
def _reading(path: Path) -> Iterator[Database]:
    """The database, read for `LONGEST` seconds at most."""
    until = time.monotonic() + LONGEST
    with closing(open_database(path, mode="ro", timeout=1.0)) as db:
        db.conn.set_progress_handler(lambda: time.monotonic() > until, 10_000)
        db.conn.execute("BEGIN")  # all figures are of one moment
        yield db


def _readable(error: DatabaseError | sqlite3.Error) -> Readable:
    if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
        return "slow"
    told = error if isinstance(error, DatabaseError) else explain(error, "")
    if isinstance(told, DatabaseLocked):
        return "locked"
    return "missing" if isinstance(told, DatabaseMissing) else "unreadable"


_SLOW = f"{{path}} took longer than {LONGEST:.0f} s to tell its state: look at the disk and at what else uses it"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

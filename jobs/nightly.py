"""The nightly copy: room for it, made, restored and tried, then the older ones by the rule of `jobs.rotation`."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from db.backup import BackupFailed, BackupReport, backup
from db.connection import DatabaseError
from db.crawling.runs import close_lost_runs, finish_run, open_run
from jobs.locks import AlreadyRunning, only_one
from jobs.rotation import RESTORED, Keep, clear_unfinished, copy_name, rotate
from logs import name_process

_MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What a night's copy came to."""

    path: Path
    size: int
    rows: int
    restored: bool
    """Whether it was restored and tried; without room for that it was only checked as it lies."""
    removed: tuple[Path, ...]
    search: str | None
    """What is wrong with the full text, where it was restored and tried."""

    def __str__(self) -> str:
        tried = "restored and tried" if self.restored else "checked, not restored for want of room"
        older = f"; {len(self.removed)} older ones removed" if self.removed else ""
        search = f"; its full text is damaged: {self.search}" if self.search else ""
        return f"{self.path.name}: {self.size:,} bytes, {self.rows:,} rows, {tried}{older}{search}"


def nightly_backup(db: Database, folder: Path, keep: Keep, *, now: datetime, spare: int) -> Night:
    """Make the copy of the day of `now`, in its zone, then remove those that are too old.

    `spare`: bytes that must stay free on the disk. A copy that cannot be made, or is not good, leaves the earlier ones
    as they are. Noted as a run `backup`. Raises a `DatabaseError`, or AlreadyRunning.
    """
    close_lost_runs(db, now)
    run = open_run(db, source=None, job="backup", pid=os.getpid(), now=now)
    name_process(job="backup", run=run)
    state, said = "failed", "it was ended"
    try:
        done = _make(db, folder, keep, now=now, spare=spare)
        state, said = "partial" if done.search else "ok", str(done)
    except (DatabaseError, AlreadyRunning) as error:
        said = str(error)
        raise
    finally:
        finish_run(db, run, state=state, reason=said, now=datetime.now(now.tzinfo))
    return done


def _make(db: Database, folder: Path, keep: Keep, *, now: datetime, spare: int) -> Night:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with only_one(folder / ".policywire-backup.lock", "a backup to this folder"):
            clear_unfinished(folder)
            size = _size(db)
            free = shutil.disk_usage(folder).free
            if free < size + spare:
                raise BackupFailed(
                    f"{folder} has {free // _MIB:,} MiB free and a copy needs {(size + spare) // _MIB:,}: "
                    "make room, or give `backup_to` another disk"
                )
            restored = free >= 2 * size + spare
            path = folder / copy_name(now.date())
            report = _tried(db, path) if restored else backup(db, path, force=True)
            return Night(
                path=path,
                size=report.size,
                rows=sum(report.counts.values()),
                restored=restored,
                removed=tuple(rotate(folder, keep)),
                search=report.search,
            )
    except OSError as error:
        raise BackupFailed(
            f"{error.filename or folder}: {error.strerror}; look at the folder of the backups"
        ) from error


def _tried(db: Database, path: Path) -> BackupReport:
    restored = path.with_name(RESTORED)
    restored.mkdir(mode=0o700)
    try:
        return backup(db, path, force=True, restore_to=restored)
    finally:
        shutil.rmtree(restored, ignore_errors=True)


def _size(db: Database) -> int:
    pages, page = (int(db.conn.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
    return pages * page

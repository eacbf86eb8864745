"""What keeps a database that is written for years quick and known to be whole, without making a crawl wait.

A writer waits ten seconds for another one. So nothing of it holds the write lock for more than a moment: the full text
is merged in small pieces with pauses between them, and what cannot be done in pieces is given up after `LONGEST_HOLD`.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from db.connection import database_path, transaction
from db.finding.fulltext import INDEXES, index_everything
from db.names import utc

LONGEST_HOLD = 4.0
"""Seconds for which the write lock may be held at most."""
PIECE = 200
"""Pages that one piece of merging may write."""
_ENOUGH = 20_000
"""Pieces of merging in one run: what is left is for the next one."""
_STEPS = 20_000
"""Of SQLite's machine, between two looks at the time."""
_ROUTES_KEPT = timedelta(days=400)
_STATISTICS_FROM = 1_000
"""Rows of an index that are read to estimate it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a check found; empty where all is well."""

    damaged: str | None = None
    dangling: str | None = None
    """Rows that point at rows that are not there."""
    search: str | None = None
    unchecked: tuple[str, ...] = ()
    """Full-text tables that take longer to check than a crawl may be kept waiting."""


def check(db: Database, *, thorough: bool, patience: float | None = LONGEST_HOLD) -> Findings:
    """Look for damage while others write. `thorough`: indexes are held against their tables, too.

    `patience` is how many seconds the check of a full-text table may hold the write lock; None: as long as it takes.
    """
    pragma = "integrity_check" if thorough else "quick_check"
    try:
        problems = [problem for (problem,) in db.conn.execute(f"PRAGMA {pragma}(3)") if problem != "ok"]
        dangling = db.conn.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        if not getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise
        return Findings(damaged=str(error))
    wrong: list[str] = []
    unchecked: list[str] = []
    for index in INDEXES.values():
        try:
            with _no_longer_than(db, patience):
                db.conn.execute(f"INSERT INTO {index.table} ({index.table}) VALUES ('integrity-check')")  # noqa: S608
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorname", "") != "SQLITE_INTERRUPT":
                raise
            unchecked.append(index.table)
        except sqlite3.DatabaseError as error:
            wrong.append(f"{index.table} ({error})")
    return Findings(
        damaged="; ".join(problems)[:500] or None,
        dangling=f"row {dangling[1]} of {dangling[0]} points at no row of {dangling[2]}" if dangling else None,
        search=", ".join(wrong) or None,
        unchecked=tuple(unchecked),
    )


@contextmanager
def _no_longer_than(db: Database, seconds: float | None) -> Iterator[None]:
    """Ends what runs on the connection with SQLITE_INTERRUPT when its time is over."""
    if seconds is None:
        yield
        return
    until = time.monotonic() + seconds
    db.conn.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    try:
        yield
    finally:
        db.conn.set_progress_handler(None, 0)


def merge_full_text(db: Database, *, until: Callable[[], bool], pause: Callable[[float], object] = time.sleep) -> int:
    """Bring the full-text tables into fewer pieces, a little at a time; gives how many steps that took.

    Between two steps there is a pause of three times what the last one took, at least a fiftieth of a second, in which
    others write. Stops when `until` says so.
    """
    steps = 0
    for index in INDEXES.values():
        pages = -PIECE  # begins to merge everything; then goes on with it
        while steps < _ENOUGH and not until():
            before, began = db.conn.total_changes, time.monotonic()
            db.conn.execute(f"INSERT INTO {index.table} ({index.table}, rank) VALUES ('merge', ?)", [pages])  # noqa: S608
            pages = PIECE
            steps += 1
            # fewer than two changes: there is nothing left to merge
            if db.conn.total_changes - before < 2:
                break
            pause(max(0.02, 3 * (time.monotonic() - began)))
    return steps


def remake_search(db: Database) -> None:
    """Make the full-text tables anew from the rows, whatever is wrong with them; nobody writes meanwhile."""
    with transaction(db):
        for index in INDEXES.values():
            # what is damaged cannot be deleted row by row
            db.conn.execute(f"INSERT INTO {index.table} ({index.table}) VALUES ('rebuild')")  # noqa: S608
        index_everything(db)


def refresh_statistics(db: Database) -> None:
    """Estimate anew what the planner goes by, from a sample of each index."""
    db.conn.execute(f"PRAGMA analysis_limit = {_STATISTICS_FROM}")
    with transaction(db):
        db.conn.execute("ANALYZE")


def shorten_log(db: Database) -> tuple[int, bool]:
    """Bring the write-ahead log into the file and cut it; bytes that are left of it, and whether a reader kept it."""
    busy = bool(db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
    log = Path(f"{database_path(db)}-wal")
    return (log.stat().st_size if log.exists() else 0), busy


def forget(db: Database, now: datetime) -> int:
    """Delete what has served: sessions that are over, attempts to log in, claims, and how listings stood long ago.

    Nothing that says what was published, extracted, decided or mailed. Gives how many rows there were.
    """
    gone = 0
    for sql in _SERVED:
        while True:
            with transaction(db):
                deleted = db.conn.execute(sql, {"now": utc(now), "long_ago": utc(now - _ROUTES_KEPT)}).rowcount
            gone += deleted
            if not deleted:
                break
    return gone


# each a moment's work, and run until there is nothing left
_SERVED = (
    "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= :now LIMIT 1000)",
    "DELETE FROM login_attempts WHERE id IN (SELECT id FROM login_attempts "
    "WHERE attempted_at <= strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-1 day') LIMIT 1000)",
    "DELETE FROM claims WHERE until <= :now",
    "DELETE FROM routes WHERE run_id < (SELECT coalesce(min(id), 0) FROM runs WHERE started_at >= :long_ago) "
    "AND run_id < (SELECT min(run_id) FROM routes) + 100",
)

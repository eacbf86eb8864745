"""How each job of the scheduler stands: one row a job, replaced by what comes after it, so that no trail is left.

Crawls and upkeep have a row a run in `runs` beside it; this is what status, /healthz, metrics and the site read.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from db.connection import rows, transaction
from db.crawling.runs import process_mark
from db.names import utc

Standing = Literal["waiting", "running", "ok", "failed", "stuck", "stopped", "lost", "jumped"]
"""`waiting`: has not run yet, or cannot for now; `stuck`: has been running for longer than it may; `stopped`: ended
with the scheduler; `lost`: its process died; `jumped`: of the job `clock` only, the machine's time was set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """A row of `job_states`. Times are UTC, `2026-03-01T09:30:00Z`."""

    name: str
    """`crawl mofcom`, `deliver`, `backup` …; `scheduler` is the process itself, `clock` the machine's time."""
    source: str | None = None
    """The source, if it is a crawl."""
    state: Standing = "waiting"
    due_at: str | None = None
    """When the next run is due, or the one that is running was."""
    next_at: str | None = None
    """When it is planned to begin: later than it is due by jitter, or by a pause after a failure."""
    last_started_at: str | None = None
    last_ended_at: str | None = None
    last_ok_at: str | None = None
    failures: int = 0
    """How often in a row it has failed."""
    missed: int = 0
    """How many times that it was due the last run made up for, beside its own."""
    missed_since: str | None = None
    """The first of those times."""
    detail: str | None = None
    """One line on the state: what went wrong, or what it waits for."""
    pid: int | None = None
    """The process that runs it, or has run it last."""
    process: str | None = None
    """What tells that process from a later one with the same number."""
    changed_at: str = ""
    """When the row was written: for `scheduler` a sign of life."""


def begun(
    found: JobState,
    *,
    now: datetime,
    source: str | None = None,
    due_at: datetime | None = None,
    missed: int = 0,
    missed_since: datetime | None = None,
) -> JobState:
    """The row of a job that begins in this process."""
    return replace(
        found,
        source=source,
        state="running",
        due_at=_utc(due_at),
        last_started_at=utc(now),
        missed=missed,
        missed_since=_utc(missed_since),
        detail=None,
        pid=os.getpid(),
        process=process_mark(os.getpid()),
        changed_at=utc(now),
    )


def ended(found: JobState, *, state: Standing, now: datetime, detail: str | None = None) -> JobState:
    """The row of a job that has ended."""
    failures = {"failed": found.failures + 1, "ok": 0}.get(state, found.failures)
    return replace(
        found,
        state=state,
        last_ended_at=utc(now),
        last_ok_at=utc(now) if state == "ok" else found.last_ok_at,
        failures=failures,
        detail=detail,
        changed_at=utc(now),
    )


def save(db: Database, state: JobState) -> JobState:
    """Write the whole row."""
    with transaction(db):
        db.conn.execute(_UPSERT, asdict(state))
    return state


def states(db: Database) -> tuple[JobState, ...]:
    """How all jobs stand, by name."""
    return tuple(JobState(**found) for found in rows(db, "SELECT * FROM job_states ORDER BY name"))


def forget_others(db: Database, names: Collection[str]) -> None:
    """Drop the rows of jobs that are planned no more."""
    with transaction(db):
        for state in states(db):
            if state.name not in names:
                db.conn.execute("DELETE FROM job_states WHERE name = ?", [state.name])


def _utc(moment: datetime | None) -> str | None:
    return utc(moment) if moment else None


_NAMES = [field.name for field in fields(JobState)]
_UPSERT = (
    f"INSERT OR REPLACE INTO job_states ({', '.join(_NAMES)}) "  # noqa: S608
    f"VALUES ({', '.join(f':{name}' for name in _NAMES)})"
)

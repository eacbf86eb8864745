"""Crawls that somebody asks for on the site: a row that `policywire run` or `serve` takes up, one a source at once.

A request waits while a crawl of its source runs, whoever began that. It is taken in one transaction by the process that
will run it, and ended by that process; where the process dies first, the next that looks ends it as lost.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlite_utils import Database

from db.connection import insert, row, rows, transaction, update
from db.crawling.runs import process_mark
from db.names import utc

Ending = Literal["done", "timeout", "stopped", "refused", "lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that was taken."""

    id: int
    source: str


def ask_for_crawl(db: Database, source: str, *, by: str, now: datetime) -> bool:
    """Ask for a crawl of the source; False where one is asked for or runs already."""
    with transaction(db):
        if _busy(db, source) or row(db, _WAITING, [source]):
            return False
        insert(db, "crawl_requests", {"source": source, "asked_by": by, "asked_at": utc(now)})
    return True


def take_request(db: Database, *, now: datetime, patience: timedelta = timedelta(0)) -> Request | None:
    """Take the oldest request that has waited for `patience`, for this process; None if there is none that may run."""
    until = utc(now - patience)
    if row(db, _DUE + " LIMIT 1", [until]) is None:  # the usual case, without a write
        return None
    with transaction(db):
        close_lost_requests(db, now=now)
        for found in list(rows(db, _DUE, [until])):
            if not _busy(db, found["source"]):
                taken = {"taken_at": utc(now), "pid": os.getpid(), "process": process_mark(os.getpid())}
                update(db, "crawl_requests", "id", found["id"], taken)
                return Request(id=found["id"], source=found["source"])
    return None


def end_request(db: Database, request_id: int, *, ended: Ending, detail: str | None = None, now: datetime) -> None:
    """Write down how the crawl that was asked for ended."""
    with transaction(db):
        update(db, "crawl_requests", "id", request_id, {"ended_at": utc(now), "ended": ended, "detail": detail})


def close_lost_requests(db: Database, *, now: datetime) -> int:
    """End as `lost` what a process took that is gone; gives how many there were."""
    lost = [found["id"] for found in rows(db, _TAKEN) if not _lives(found)]
    for request_id in lost:
        end_request(db, request_id, ended="lost", detail="its process is gone", now=now)
    return len(lost)


def last_requests(db: Database) -> dict[str, dict[str, Any]]:
    """The newest request of each source, by source."""
    return {found["source"]: found for found in rows(db, _NEWEST)}


def running_crawls(db: Database) -> dict[str, dict[str, Any]]:
    """The runs that are open and whose process lives, by source."""
    found = rows(db, _RUNNING)
    return {run["source"]: run for run in found if _lives(run)}


def _busy(db: Database, source: str) -> bool:
    taken = rows(db, _TAKEN + " AND source = ?", [source])
    return source in running_crawls(db) or any(_lives(one) for one in taken)


def _lives(found: dict[str, Any]) -> bool:
    mark = process_mark(found["pid"])
    return mark != "gone" and mark == str(found["process"])


_WAITING = "SELECT id FROM crawl_requests WHERE source = ? AND taken_at IS NULL"
# SQLite would go through all runs and requests there ever were, instead of the few that are open
_RUNNING = """
SELECT id, source, pid, process, started_at FROM runs INDEXED BY runs_open WHERE state = 'running' AND job = 'crawl'
"""
_DUE = """
SELECT id, source FROM crawl_requests INDEXED BY crawl_requests_waiting
WHERE taken_at IS NULL AND asked_at <= ? ORDER BY id"""
_TAKEN = """
SELECT id, pid, process FROM crawl_requests INDEXED BY crawl_requests_taken
WHERE taken_at IS NOT NULL AND ended_at IS NULL"""
_NEWEST = """
WITH RECURSIVE sources (source) AS (
  SELECT min(source) FROM crawl_requests
  UNION ALL
  SELECT (SELECT min(c.source) FROM crawl_requests AS c WHERE c.source > sources.source) FROM sources
  WHERE sources.source IS NOT NULL
)
SELECT c.* FROM sources AS s CROSS JOIN crawl_requests AS c
  ON c.id = (SELECT max(l.id) FROM crawl_requests AS l WHERE l.source = s.source)
"""

REQUESTS_AND_ISSUES = """
CREATE TABLE crawl_requests (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at TEXT NOT NULL,
  taken_at TEXT,
  pid INTEGER,
  process TEXT,
  ended_at TEXT,
  ended TEXT CHECK (ended IN ('done', 'timeout', 'stopped', 'refused', 'lost')),
  detail TEXT,
  CHECK ((taken_at IS NULL) = (process IS NULL)),
  CHECK ((ended_at IS NULL) = (ended IS NULL))
) STRICT;
CREATE INDEX crawl_requests_by_source ON crawl_requests (source, id);
CREATE UNIQUE INDEX crawl_requests_waiting ON crawl_requests (source) WHERE taken_at IS NULL;
CREATE INDEX crawl_requests_taken ON crawl_requests (id) WHERE taken_at IS NOT NULL AND ended_at IS NULL;

ALTER TABLE issues ADD COLUMN closed_by TEXT;
CREATE INDEX issues_open_by_time ON issues (last_seen_at, id) WHERE closed_at IS NULL;
CREATE INDEX issues_open_by_source ON issues (source, last_seen_at, id) WHERE closed_at IS NULL;
CREATE INDEX issues_closed ON issues (closed_at, id) WHERE closed_at IS NOT NULL;
"""
"""The migration that brought them, and who closed an issue."""

"""Runs: one row a job's run, opened before it and closed after it, so that a run that died is seen to have died."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from sqlite_utils import Database

from db.connection import insert, row, rows, transaction, update
from db.names import utc
from pipeline.model import CrawlReport, RouteReport


def open_run(
    db: Database,
    *,
    source: str | None,
    job: str,
    pid: int,
    now: datetime,
    due_at: datetime | None = None,
    missed: int = 0,
) -> int:
    """Note that `job` begins in process `pid`; gives the run's id.

    `due_at` is the time that it was planned for, `missed` how many later times it makes up for.
    """
    with transaction(db):
        return insert(
            db,
            "runs",
            {
                "job": job,
                "source": source,
                "pid": pid,
                "process": process_mark(pid),
                "due_at": utc(due_at) if due_at else None,
                "missed": missed,
                "started_at": utc(now),
                "state": "running",
            },
        )


def close_run(db: Database, run_id: int, report: CrawlReport) -> None:
    """Write what a crawl did into its run row. LookupError if there is no such run."""
    with transaction(db):
        _close(
            db,
            run_id,
            {
                "finished_at": utc(report.finished_at),
                "state": report.state,
                "reason": report.reason,
                "listings": report.listings,
                "articles_fetched": report.articles_fetched,
                "new": report.new,
                "revised": report.revised,
                "unchanged": report.unchanged,
                "failed": report.failed,
                "bytes_received": report.bytes_received,
                "errors": report.errors,
            },
        )
        db.conn.execute("DELETE FROM routes WHERE run_id = ?", [run_id])
        # a route that was tried twice in one run is judged by the last try
        for route in {route.route: route for route in report.routes}.values():
            insert(
                db,
                "routes",
                {
                    "run_id": run_id,
                    "route": route.route,
                    "state": route.state,
                    "links": route.links,
                    "new": route.new,
                    "detail": route.detail,
                    "url": route.url,
                },
            )
            db.conn.execute(_RECOVERED, {"at": utc(report.finished_at), "source": report.source, **_place(route)})


_RECOVERED = """
UPDATE issues INDEXED BY issues_open SET closed_at = :at, closed_reason = 'the listing is ' || :state
WHERE closed_at IS NULL AND url IN (:url, :robots) AND source = :source AND (
  url = :url AND kind GLOB 'listing_*' AND kind <> 'listing_' || :state
  OR url = :url AND kind = 'crashed' AND :state = 'ok'
  OR url = :robots AND kind = 'robots_unreachable' AND :state = 'ok'
)
"""


def _place(route: RouteReport) -> dict[str, str | None]:
    robots = urlunsplit((*urlsplit(route.url)[:2], "/robots.txt", "", "")) if route.url else None
    return {"url": route.url, "robots": robots, "state": route.state}


def finish_run(db: Database, run_id: int, *, state: str, reason: str, now: datetime) -> None:
    """Close the run of a job that has no crawl report: `ok`, `partial` or `failed`, and why."""
    with transaction(db):
        _close(db, run_id, {"finished_at": utc(now), "state": state, "reason": reason})


def adopt_run(db: Database, run_id: int, *, source: str, pid: int) -> None:
    """Go on in process `pid` with a run that its parent has opened. LookupError if there is no such open run."""
    with transaction(db):
        found = db.conn.execute(
            "UPDATE runs SET pid = ?, process = ? WHERE id = ? AND source = ? AND state = 'running'",
            [pid, process_mark(pid), run_id, source],
        )
        if not found.rowcount:
            raise LookupError(f"no open run {run_id} of {source}")


def settle_run(db: Database, run_id: int, *, state: str, reason: str, now: datetime) -> dict[str, Any]:
    """Close a run whose process did not come to do so, as `finish_run`; gives its row, however it was closed."""
    with transaction(db):
        db.conn.execute(
            "UPDATE runs SET state = ?, reason = ?, finished_at = ? WHERE id = ? AND state = 'running'",
            [state, reason, utc(now), run_id],
        )
        found = row(db, "SELECT * FROM runs WHERE id = ?", [run_id])
    if found is None:
        raise LookupError(f"no run {run_id}")
    return found


def close_own_runs(db: Database, *, source: str, pid: int, now: datetime) -> None:
    """Close as `lost` the open runs of a source that this process holds: it is about to begin the next one."""
    with transaction(db):
        for run in list(
            rows(
                db,
                "SELECT id FROM runs INDEXED BY runs_open WHERE state = 'running' AND source = ? AND pid = ?",
                [source, pid],
            )
        ):
            _close(db, run["id"], {"finished_at": utc(now), "state": "lost", "reason": "how it ended was not stored"})


def close_lost_runs(db: Database, now: datetime) -> int:
    """Close as `lost` every open run whose process is gone; gives how many there were."""
    with transaction(db):
        lost = [
            run["id"]
            for run in rows(db, "SELECT id, pid, process FROM runs WHERE state = 'running'")
            if process_mark(run["pid"]) != run["process"]
        ]
        for run_id in lost:
            _close(db, run_id, {"finished_at": utc(now), "state": "lost", "reason": "its process is gone"})
    return len(lost)


def _close(db: Database, run_id: int, values: dict[str, object]) -> None:
    if not update(db, "runs", "id", run_id, values):
        raise LookupError(f"no run {run_id}")


def process_mark(pid: int) -> str:
    """What tells the process `pid` from a later one with the same number; `gone` if there is none.

    Boot and start time where the kernel tells them (Linux), else only that it is alive.
    """
    try:
        # the second field is the command in brackets, which may hold anything
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "alive" if _alive(pid) else "gone"
    # a zombie has ended, though its parent has not asked for it yet
    return "gone" if fields[0] in "ZX" else f"{boot}:{fields[19]}"


def _alive(pid: int) -> bool:
    if Path("/proc/self/stat").exists():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def last_run(db: Database, *, job: str, source: str | None) -> dict[str, Any] | None:
    """The newest run of a job on a source that has ended, as its row; None if there is none."""
    return row(
        db,
        "SELECT * FROM runs WHERE job = ? AND source IS ? AND state <> 'running' ORDER BY id DESC LIMIT 1",
        [job, source],
    )

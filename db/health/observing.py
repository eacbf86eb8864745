"""What is seen of a source: its days, runs, newest pages and routes, each by a query that is bounded at any size."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from sqlite_utils import Database

from db.connection import rows
from db.health.days import newest_found, read_days, troubles_of
from db.health.layouts import shape_of
from db.health.limits import LIMITS, Limits
from db.health.model import Observation, PageRead, RouteSeen, RunSeen
from db.health.workdays import china_day
from db.names import utc

_REFUSED = ("blocked", "script_shell")
_RUNS, _ROUTE_RUNS, _PAGES, _MOST_PAGES = 50, 12, 4_000, 400


def sources_of(db: Database) -> list[str]:
    """The sources that were ever crawled."""
    return [one["source"] for one in rows(db, _SOURCES)]


def observe(
    db: Database,
    source: str,
    now: datetime,
    *,
    well_from: datetime | None = None,
    limits: Limits = LIMITS,
) -> Observation:
    """Everything that the source is judged by at `now`; its days must have been counted."""
    today = china_day(now)
    days = read_days(db, source, today, days=limits.reach_days, troubles=troubles_of(db, source, now))
    runs = list(rows(db, _NEWEST_RUNS, [source, utc(now), _RUNS]))
    ended = [run for run in runs if run["state"] != "running"]
    routes = _routes(db, [run["id"] for run in ended[:_ROUTE_RUNS]])
    bad, good = [], None
    for run in ended:
        states = [route["state"] for route in routes.get(run["id"], ())]
        refused = run["reason"].startswith("blocked") or (bool(states) and all(one in _REFUSED for one in states))
        if run["state"] not in ("failed", "lost") and not run["reason"].startswith("blocked"):
            good = run
            break
        bad.append(_run(run, refused=refused))
    begun = [datetime.fromisoformat(run["started_at"]) for run in runs]
    return Observation(
        now=now,
        days=days,
        newest=newest_found(db, source, days, limits),
        last_good=datetime.fromisoformat(good["finished_at"]) if good else _last_good(db, source, now, bad),
        last_begun=begun[0] if begun else None,
        gap_hours=_usual_gap(begun),
        bad_runs=tuple(bad),
        pages=_pages(db, source, now, limits),
        well_from=well_from,
    )


def observe_routes(db: Database, source: str, now: datetime) -> dict[str, list[RouteSeen]]:
    """By route, how it went in the newest runs that tried it, the newest first; all well in a run that was `ok`."""
    runs = [run for run in rows(db, _NEWEST_RUNS, [source, utc(now), _ROUTE_RUNS]) if run["state"] != "running"]
    found: dict[str, list[RouteSeen]] = defaultdict(list)
    routes = _routes(db, [run["id"] for run in runs])
    for run in runs:
        for route in routes.get(run["id"], ()):
            found[route["route"]].append(
                RouteSeen(
                    run=run["id"],
                    at=datetime.fromisoformat(run["started_at"]),
                    # a feed that is old where its sections are well leaves its run `ok`, and is nobody's work
                    state="ok" if run["state"] == "ok" else route["state"],
                    links=route["links"],
                    new=route["new"],
                    detail=route["detail"],
                    url=route["url"],
                )
            )
    return dict(found)


def _run(run: dict[str, Any], *, refused: bool) -> RunSeen:
    return RunSeen(
        number=run["id"],
        state=run["state"],
        reason=run["reason"],
        started_at=datetime.fromisoformat(run["started_at"]),
        finished_at=datetime.fromisoformat(run["finished_at"]),
        blocked=refused,
    )


def _last_good(db: Database, source: str, now: datetime, bad: list[RunSeen]) -> datetime | None:
    """The last good run where more have failed since than were looked at."""
    if len(bad) < _RUNS:
        return None
    found = next(rows(db, _LAST_GOOD, [source, utc(now)]), None)
    return datetime.fromisoformat(found["finished_at"]) if found else None


def _usual_gap(begun: list[datetime]) -> float | None:
    gaps = [(later - earlier) / timedelta(hours=1) for later, earlier in pairwise(begun[:11])]
    return median(gaps) if len(gaps) >= 2 else None


def _pages(db: Database, source: str, now: datetime, limits: Limits) -> tuple[PageRead, ...]:
    since = utc(now - timedelta(days=limits.layout_days))
    span = {"source": source, "since": since, "now": utc(now), "among": _PAGES, "most": _MOST_PAGES}
    return tuple(
        PageRead(
            page=one["id"],
            url=one["url"],
            shape=shape_of(one["url"]),
            layout=one["layout"],
            selector=one["selector"],
            failed=one["outcome"] == "failed",
        )
        for one in rows(db, _NEWEST_PAGES, span)
        if one["outcome"] != "failed" or one["changed"]
    )


def _routes(db: Database, runs: list[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    marks = ", ".join("?" for _ in runs)
    for route in rows(db, f"SELECT * FROM routes WHERE run_id IN ({marks})", runs):  # noqa: S608
        found[route["run_id"]].append(route)
    return found


_SOURCES = """
WITH RECURSIVE names (source) AS (
  SELECT min(source) FROM runs
  UNION ALL
  SELECT (SELECT min(r.source) FROM runs AS r WHERE r.source > names.source) FROM names WHERE names.source IS NOT NULL
)
SELECT source FROM names WHERE source IS NOT NULL
"""
_NEWEST_RUNS = """
SELECT id, state, coalesce(reason, '') AS reason, started_at, finished_at FROM runs
WHERE job = 'crawl' AND source = ? AND started_at <= ? ORDER BY id DESC LIMIT ?
"""
_LAST_GOOD = """
SELECT finished_at FROM runs WHERE source = ? AND state IN ('ok', 'partial') AND started_at <= ?
ORDER BY id DESC LIMIT 1
"""
_NEWEST_PAGES = """
SELECT p.id, p.url, p.outcome, (SELECT r.layout FROM revisions AS r WHERE r.id = p.revision_id) AS layout,
  i.selector, i.id IS NOT NULL AS changed
FROM (SELECT * FROM pages ORDER BY id DESC LIMIT :among) AS p
LEFT JOIN issues AS i INDEXED BY issues_open
  ON p.outcome = 'failed' AND i.closed_at IS NULL AND i.url = p.url AND i.kind = 'layout_changed'
WHERE p.source = :source AND p.kind = 'article' AND p.fetched_at BETWEEN :since AND :now
ORDER BY p.id DESC LIMIT :most
"""

"""What the page of sources shows beside their health: routes, runs, issues, what is owed; bounded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.bounded import counted
from db.connection import rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Stories of a source that were found and are not had."""

    waiting: int
    given_up: int


def runs_before(
    db: Database, *, before: int | None = None, source: str | None = None, limit: int
) -> list[dict[str, Any]]:
    """Runs, newest first, from the one before `before` on, of all jobs or of one source."""
    conditions = [*(["id < :before"] if before is not None else []), *(["source = :source"] if source else [])]
    sql = f"SELECT * FROM runs WHERE {' AND '.join(conditions) or '1'} ORDER BY id DESC LIMIT :limit"  # noqa: S608
    return list(rows(db, sql, {"before": before, "source": source, "limit": limit}))


def routes_of(db: Database, runs: Sequence[int]) -> Mapping[int, list[dict[str, Any]]]:
    """The routes of these runs, by run; those that are not well first."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    marks = ", ".join("?" for _ in runs)
    sql = f"SELECT * FROM routes WHERE run_id IN ({marks}) ORDER BY run_id, state = 'ok', route"  # noqa: S608
    for route in rows(db, sql, list(runs)):
        found[route["run_id"]].append(route)
    return found


def last_crawls(db: Database, sources: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The newest crawl of each source that has ended and has routes."""
    found = {}
    for source in sources:
        for run in rows(db, _LAST_CRAWL, [source]):
            found[source] = run
    return found


def owed_of(db: Database, source: str) -> Owed:
    """What is owed, counted to `db.bounded.COUNT_TO`."""
    return Owed(
        waiting=counted(db, "SELECT 1 FROM owed WHERE source = ? AND next_attempt_at IS NOT NULL", [source]),
        given_up=counted(db, "SELECT 1 FROM owed WHERE source = ? AND next_attempt_at IS NULL", [source]),
    )


def issues_before(
    db: Database,
    *,
    closed: bool = False,
    source: str | None = None,
    before: tuple[str, int] | None = None,
    limit: int,
) -> list[dict[str, Any]]:
    """Open issues, the last seen first, or closed ones, the last closed first; `before` is time and id of the last."""
    at = "closed_at" if closed else "last_seen_at"
    conditions = [f"closed_at IS {'NOT ' if closed else ''}NULL"]
    conditions += ["source = :source"] if source else []
    conditions += [f"({at}, id) < (:before_at, :before_id)"] if before else []
    before_at, before_id = before or (None, None)
    return list(
        rows(
            db,
            f"SELECT * FROM issues WHERE {' AND '.join(conditions)} "  # noqa: S608
            f"ORDER BY {at} DESC, id DESC LIMIT :limit",
            {"source": source, "before_at": before_at, "before_id": before_id, "limit": limit},
        )
    )


# the last hundred: a source whose runs were all lost before they had a route shows none
_LAST_CRAWL = """
SELECT * FROM (
  SELECT * FROM runs WHERE source = ? AND job = 'crawl' AND state <> 'running' ORDER BY id DESC LIMIT 100
) AS recent
WHERE EXISTS (SELECT 1 FROM routes WHERE run_id = recent.id) ORDER BY id DESC LIMIT 1
"""

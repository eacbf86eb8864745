"""Figures for a monitor that asks every few seconds: each is the end of an index, or a handful of rows.

How much was ever stored is the last number that a table has given: rows are retired, never deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from db.connection import rows, value
from db.names import utc

_NEWEST_RUNS = 500
"""Runs that are looked at; more than a day has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What has come together since the database was made, and what ran on its last day."""

    stored: dict[str, int]
    """By table: `articles`, `announcements`, `quotes`, `pages`, `mails`."""
    runs_24h: dict[tuple[str, str, str], int]
    """Runs that began within 24 hours, by job, source (none: empty) and state."""


def read_totals(db: Database, now: datetime) -> Totals:
    """The figures at `now`."""
    runs: dict[tuple[str, str, str], int] = {}
    for run in rows(db, _RUNS, {"most": _NEWEST_RUNS}):
        if utc(now - timedelta(hours=24)) < run["started_at"]:
            key = (run["job"], run["source"] or "", run["state"])
            runs[key] = runs.get(key, 0) + 1
    return Totals(stored={name: int(value(db, sql) or 0) for name, sql in _STORED.items()}, runs_24h=runs)


_RUNS = "SELECT job, source, state, started_at FROM runs ORDER BY id DESC LIMIT :most"
_STORED = {
    "articles": "SELECT max(seq) FROM articles",
    "announcements": "SELECT max(seq) FROM policies",
    "quotes": "SELECT max(seq) FROM quotes",
    "pages": "SELECT max(id) FROM pages",
    "mails": "SELECT max(id) FROM outbox",
}

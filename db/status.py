"""One look at everything: sources, last runs, review queue, outbox, issues; and what of it needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from db.connection import rows, value
from db.health import source_health
from db.names import utc
from db.numbering import gap_lines
from db.outbox import OutboxCounts, outbox_counts

_NEEDS_A_PERSON = ("failing", "silent", "thin")
_EXPECTED_ISSUES = ("page_gone", "robots_denied", "not_an_article")
"""Kinds of issue that are told and counted but are nobody's work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state of the whole desk at one moment."""

    sources: tuple[dict[str, Any], ...]
    """Rows of `source_health`."""
    runs: tuple[dict[str, Any], ...]
    """The newest run of each job and source."""
    counts: dict[str, int]
    """Articles, quotes and announcements that count, instruments; stories found and not had yet, stories given up."""
    to_review: int
    outbox: OutboxCounts
    issues: tuple[dict[str, Any], ...]
    """Open issues by source and kind, with how many and the newest of them."""
    leads: tuple[str, ...]
    """One line for each gap in the numbering of a ministry's documents; nobody's duty."""
    needs_a_person: tuple[str, ...]
    """One line for each thing that nobody but a person will put right; empty: all is well."""


def read_status(db: Database, now: datetime) -> Status:
    """The status at `now`."""
    sources = tuple(source_health(db, now=utc(now)))
    outbox = outbox_counts(db)
    issues = tuple(rows(db, _ISSUES))
    return Status(
        sources=sources,
        runs=tuple(rows(db, _LAST_RUNS)),
        counts={name: int(value(db, sql)) for name, sql in _COUNTS.items()},
        to_review=int(value(db, "SELECT count(*) FROM review_queue")),
        outbox=outbox,
        issues=issues,
        leads=tuple(gap_lines(db)),
        needs_a_person=_troubles(sources, outbox, issues),
    )


def needs_a_person(db: Database, sources: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """The lines of the status that nobody but a person will put right, without its counts: quick at any size."""
    return _troubles(sources, outbox_counts(db), tuple(rows(db, _ISSUES)))


def _troubles(
    sources: Sequence[dict[str, Any]], outbox: OutboxCounts, issues: tuple[dict[str, Any], ...]
) -> tuple[str, ...]:
    return (*_sick(sources), *_undelivered(outbox), *_unexpected(issues))


def _sick(sources: Sequence[dict[str, Any]]) -> list[str]:
    return [f"source {s['source']} is {s['state']}" for s in sources if s["state"] in _NEEDS_A_PERSON]


def _undelivered(outbox: OutboxCounts) -> list[str]:
    return (
        [f"{outbox.dead} mails could not be delivered; `policywire alerts retry` makes them due again"]
        if outbox.dead
        else []
    )


def _unexpected(issues: tuple[dict[str, Any], ...]) -> list[str]:
    return [
        f"{issue['open']} open issues {issue['kind']!r} of {issue['source']}, the newest at {issue['url']}"
        for issue in issues
        if issue["kind"] not in _EXPECTED_ISSUES
    ]


_ISSUES = """
SELECT source, kind, count(*) AS open, max(last_seen_at) AS last_seen_at, url, detail
FROM issues WHERE closed_at IS NULL GROUP BY source, kind ORDER BY source, open DESC
"""
_LAST_RUNS = """
SELECT job, source, state, reason, started_at, finished_at, new, revised, unchanged, failed FROM runs
WHERE id IN (SELECT max(id) FROM runs GROUP BY job, source) ORDER BY source, job
"""
_COUNTS = {
    "articles": "SELECT count(*) FROM articles",
    "announcements": "SELECT count(*) FROM policy_announcements",
    "quotes": "SELECT count(*) FROM quotes_attributed",
    "instruments": "SELECT count(*) FROM instrument_registry WHERE same_as = id",
    "owed": "SELECT count(*) FROM owed WHERE next_attempt_at IS NOT NULL",
    "given up": "SELECT count(*) FROM owed WHERE next_attempt_at IS NULL",
}

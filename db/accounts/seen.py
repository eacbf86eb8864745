"""What each viewer of the site has seen, so that a page can mark what is new to that person.

What is new is told by the order of storing (`seq`), not by any time of day: a page that was fetched before a visit and
stored after it is new all the same. The mark moves when a session of reading ends, that is when the viewer comes back
after half an hour away; while somebody reads, what was new when they sat down stays new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from db.connection import row, rows, transaction
from db.names import utc

IDLE = timedelta(minutes=30)
"""Time away after which a session of reading has ended."""
LATE = timedelta(days=7)
"""An article published so long before the last visit, and stored after it, is news still; an older one is archive."""
LONGEST_AWAY = timedelta(days=60)
"""Nobody who comes back after a year is told of all that year."""
MOST_NEW = 1000
"""So many new statements are counted; there may be more."""

_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Up to where the announcements and the quotes of the database have been shown."""

    policy: int
    quote: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A viewer's session of reading."""

    since_at: str | None
    """End of the session before, UTC; None: this is the first one."""
    since: Place
    """What is stored behind this is new."""
    begun: bool
    """Whether the viewer has ever been shown what is new."""
    noted: bool
    """Whether the database knows of this visit and its last minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is new to a viewer."""

    announcements: tuple[tuple[str, str], ...]
    """Instrument and action of each instrument in the news, the newest first; up to MOST_NEW reports are looked at."""
    quotes: int
    executives: int
    """How many of the quotes are by executives."""
    more: bool
    """Whether there is more than was counted."""


def newest(db: Database) -> Place:
    """The end of what is stored."""
    found = row(
        db,
        "SELECT (SELECT coalesce(max(seq), 0) FROM policies) AS policy, "
        "(SELECT coalesce(max(seq), 0) FROM quotes) AS quote",
    )
    assert found is not None
    return Place(**found)


def visit_of(db: Database, viewer: str, *, now: datetime) -> Visit:
    """The session that a viewer is in at `now`, or that begins with this look."""
    found = row(db, "SELECT * FROM viewers WHERE viewer = ?", [viewer])
    if found is None:
        return Visit(since_at=None, since=newest(db), begun=False, noted=False)
    noted = found["active_at"] > utc(now - _NOTED_EVERY)
    if found["active_at"] < utc(now - IDLE):
        shown = Place(policy=found["shown_policy"], quote=found["shown_quote"])
        return Visit(since_at=found["active_at"], since=shown, begun=True, noted=noted)
    since = Place(policy=found["since_policy"], quote=found["since_quote"])
    return Visit(since_at=found["since_at"], since=since, begun=True, noted=noted)


def note_visit(db: Database, viewer: str, *, now: datetime, shown: Place | None = None) -> None:
    """Keep that a viewer reads at `now`; `shown` is the end of what a page of news has shown."""
    with transaction(db):
        visit = visit_of(db, viewer, now=now)
        known = row(db, "SELECT shown_policy AS policy, shown_quote AS quote FROM viewers WHERE viewer = ?", [viewer])
        place = shown or (Place(**known) if known else visit.since)
        db.conn.execute(_NOTE, [viewer, visit.since_at, visit.since.policy, visit.since.quote, utc(now), *_pair(place)])


def mark_seen(db: Database, viewer: str, *, now: datetime, shown: Place) -> None:
    """All that a page has shown is seen; what came after it stays new."""
    with transaction(db):
        end = newest(db)
        seen = Place(policy=min(shown.policy, end.policy), quote=min(shown.quote, end.quote))
        db.conn.execute(_NOTE, [viewer, utc(now), seen.policy, seen.quote, utc(now), *_pair(seen)])


def _pair(place: Place) -> tuple[int, int]:
    return place.policy, place.quote


def horizon(visit: Visit, *, now: datetime) -> str:
    """The time of publication from which something stored since the last visit is news to the viewer."""
    earliest = utc(now - LONGEST_AWAY)
    if visit.since_at is None:
        return earliest
    return max(earliest, utc(datetime.fromisoformat(visit.since_at) - LATE))


def what_is_new(db: Database, visit: Visit, *, now: datetime) -> News:
    """The announcements and quotes that were stored since the last visit, copies of articles left out."""
    held = {"from": horizon(visit, now=now), "limit": MOST_NEW}
    reports = [(r["instrument"], r["action"]) for r in rows(db, _REPORTS, {**held, "seq": visit.since.policy})]
    roles = [r["role"] for r in rows(db, _ROLES, {**held, "seq": visit.since.quote})]
    first: dict[str, str] = {}
    for instrument, action in reports:
        first.setdefault(instrument, action)
    return News(
        announcements=tuple(first.items()),
        quotes=len(roles),
        executives=roles.count("executive"),
        more=max(len(reports), len(roles)) == MOST_NEW,
    )


def new_reports(db: Database, visit: Visit, *, now: datetime, limit: int) -> tuple[Mapping[str, Any], ...]:
    """The newest rows of `policy_announcements` among them, for a page that shows them."""
    held = {"from": horizon(visit, now=now), "seq": visit.since.policy, "limit": limit}
    return tuple(rows(db, _NEW_REPORTS, held))


_NOTE = """
INSERT INTO viewers (viewer, since_at, since_policy, since_quote, active_at, shown_policy, shown_quote)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET since_at = excluded.since_at, since_policy = excluded.since_policy,
  since_quote = excluded.since_quote, active_at = excluded.active_at, shown_policy = excluded.shown_policy,
  shown_quote = excluded.shown_quote
"""
_REPORTS = """
SELECT coalesce(p.instrument_id, p.id) AS instrument, p.action
FROM policies AS p JOIN articles AS a ON a.id = p.article_id
WHERE p.salience = 'news' AND p.sort_at >= :from AND p.seq > :seq AND p.retired_at IS NULL
  AND p.review_state <> 'rejected' AND a.duplicate_of IS NULL
ORDER BY p.sort_at DESC, p.seq DESC LIMIT :limit
"""
_NEW_REPORTS = """
SELECT * FROM policy_announcements
WHERE salience = 'news' AND sort_at >= :from AND seq > :seq AND duplicate_of IS NULL
ORDER BY sort_at DESC, seq DESC LIMIT :limit
"""
_ROLES = """
SELECT q.role FROM quotes AS q JOIN articles AS a ON a.id = q.article_id
WHERE q.sort_at >= :from AND q.seq > :seq AND q.retired_at IS NULL
  AND q.review_state <> 'rejected' AND a.duplicate_of IS NULL
ORDER BY q.sort_at DESC, q.seq DESC LIMIT :limit
"""

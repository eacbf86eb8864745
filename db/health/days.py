"""What came from a source on each day: kept in `source_days`, of which only the last days are counted anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from db.connection import rows, transaction, value
from db.health.baseline import baseline_before
from db.health.limits import LIMITS, Limits
from db.health.model import Day
from db.health.workdays import china_day, midnight
from db.names import utc

MOST_ARTICLES = 20_000
"""Newest articles that one count looks at; a source has brought at most 150 a day."""
_MOST_RUNS = 5_000


def refresh_days(db: Database, source: str, now: datetime, limits: Limits = LIMITS) -> None:
    """Count the last days of the source; those that were counted before and can no longer change are left."""
    today = china_day(now)
    furthest = today - timedelta(days=limits.reach_days - 1)
    last = value(db, "SELECT max(day) FROM source_days WHERE source = ? AND day <= ?", [source, str(today)])
    settled = timedelta(days=limits.fresh_days + 1)
    first = max(furthest, min(today, date.fromisoformat(last)) - settled) if last else furthest
    counts = _counted(db, source, first, today, limits)
    crawled = _crawled(db, source, first, today, now, limits)
    with transaction(db):
        db.conn.executemany(
            _KEEP,
            [
                {"source": source, "day": str(day), "crawled": day in crawled, **counts.get(str(day), _NOTHING)}
                for day in _between(first, today)
            ],
        )


def read_days(
    db: Database, source: str, today: date, *, days: int, troubles: Sequence[tuple[datetime, datetime]] = ()
) -> tuple[Day, ...]:
    """The last `days` days without a gap, today the last; those within `troubles` are marked."""
    first = today - timedelta(days=days - 1)
    known = {one["day"]: one for one in rows(db, _DAYS, [source, str(first), str(today)])}
    found = []
    for day in _between(first, today):
        held = known.get(str(day))
        read = Day(day=day, crawled=False)
        if held is not None:
            counts = {name: held[name] for name in ("articles", "late", "quotes", "announcements")}
            read = Day(day=day, crawled=bool(held["crawled"]), **counts)
        begins, ends = midnight(day), midnight(day + timedelta(days=1))
        found.append(replace(read, troubled=any(start < ends and end > begins for start, end in troubles)))
    return tuple(found)


def days_with_expected(
    db: Database, source: str, now: datetime, *, days: int, limits: Limits = LIMITS
) -> tuple[tuple[Day, ...], tuple[float | None, ...]]:
    """The last `days` days as they stand now, today the last, and what was to be expected on each.

    Counted anew, so that it is right where nobody evaluates; None where no baseline is known.
    """
    today = china_day(now)
    troubles = troubles_of(db, source, now)
    known = read_days(db, source, today, days=days + limits.reach_days, troubles=troubles)
    counts = _counted(db, source, today - timedelta(days=days - 1), today, limits)
    shown = tuple(
        replace(day, articles=held["articles"], late=held["late"], crawled=day.crawled or bool(held["articles"]))
        for day in known[-days:]
        for held in [counts.get(str(day.day), _NOTHING)]
    )
    usual = [baseline_before(known, day.day, limits) for day in shown]
    return shown, tuple(one.expected(day.day) if one else None for one, day in zip(usual, shown, strict=True))


def troubles_of(db: Database, source: str, now: datetime) -> list[tuple[datetime, datetime]]:
    """From when to when the source was not well, as far as the last transitions tell."""
    found, start = [], None
    for one in reversed(list(rows(db, _TRANSITIONS, [source]))):
        at = datetime.fromisoformat(one["since"] or one["at"])
        if one["to_state"] == "ok":
            found.append((start or at, at))
            start = None
        else:
            start = start or at
    return [*found, *([(start, now)] if start else [])]


def newest_found(db: Database, source: str, days: Sequence[Day], limits: Limits = LIMITS) -> datetime | None:
    """When the newest article that was fresh then was found; None: none was on these days."""
    last = next((day.day for day in reversed(days) if day.articles), None)
    if last is None:
        return None
    span = {"from": utc(midnight(last - timedelta(days=limits.fresh_days))), "fresh": limits.fresh_days}
    found = value(db, _NEWEST, {"source": source, **span, "until": utc(midnight(days[-1].day + timedelta(days=1)))})
    return datetime.fromisoformat(found) if found else None


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def _counted(db: Database, source: str, first: date, today: date, limits: Limits) -> dict[str, dict[str, Any]]:
    span = {"from": utc(midnight(first)), "until": utc(midnight(today + timedelta(days=1)))}
    found = rows(db, _COUNTED, {"source": source, **span, "fresh": limits.fresh_days, "most": MOST_ARTICLES})
    return {one.pop("day"): one for one in found}


def _crawled(db: Database, source: str, first: date, today: date, now: datetime, limits: Limits) -> set[date]:
    """Days whose articles a good run came in time to find: after their working hours, and before they were old."""
    begin = utc(midnight(first))
    found: set[date] = set()
    for run in rows(db, _GOOD_RUNS, [source, utc(now), _MOST_RUNS]):
        if run["finished_at"] < begin:
            break
        at = datetime.fromisoformat(run["finished_at"])
        for back in range(limits.fresh_days):
            day = china_day(at) - timedelta(days=back)
            if back or at >= midnight(day) + timedelta(hours=limits.day_ends):
                found.add(day)
            elif day == today:
                found.add(day)  # as far as it is over
    return found


_TRANSITIONS = """
SELECT from_state, to_state, at, since FROM health_transitions WHERE source = ? AND route = ''
ORDER BY id DESC LIMIT 100
"""
_NOTHING = {"articles": 0, "late": 0, "quotes": 0, "announcements": 0}
_KEEP = """
INSERT INTO source_days (source, day, articles, late, quotes, announcements, crawled)
VALUES (:source, :day, :articles, :late, :quotes, :announcements, :crawled)
ON CONFLICT DO UPDATE SET articles = excluded.articles, late = excluded.late, quotes = excluded.quotes,
  announcements = excluded.announcements, crawled = excluded.crawled
"""
_DAYS = "SELECT * FROM source_days WHERE source = ? AND day BETWEEN ? AND ?"
_GOOD_RUNS = """
SELECT finished_at FROM runs
WHERE source = ? AND state IN ('ok', 'partial') AND finished_at <= ? ORDER BY id DESC LIMIT ?
"""
# the sum is a count of rows of an index, article by article: a join would let SQLite begin with all quotes
_COUNTED = """
SELECT day, sum(fresh) AS articles, sum(NOT fresh) AS late, sum(quotes) AS quotes, sum(announcements) AS announcements
FROM (
  SELECT day, fresh,
    CASE WHEN fresh THEN (SELECT count(*) FROM quotes AS q WHERE q.article_id = newest.id AND q.retired_at IS NULL)
      ELSE 0 END AS quotes,
    CASE WHEN fresh THEN (SELECT count(*) FROM policies AS p WHERE p.article_id = newest.id AND p.retired_at IS NULL)
      ELSE 0 END AS announcements
  FROM (
    SELECT a.id, date(a.sort_at, '+8 hours') AS day,
      julianday(a.first_seen_at) - julianday(a.sort_at) <= :fresh AS fresh
    FROM articles AS a WHERE a.source = :source AND a.sort_at >= :from AND a.sort_at < :until
    ORDER BY a.sort_at DESC LIMIT :most
  ) AS newest
) GROUP BY day
"""
_NEWEST = """
SELECT max(a.first_seen_at) FROM articles AS a
WHERE a.source = :source AND a.sort_at >= :from AND a.sort_at < :until
  AND julianday(a.first_seen_at) - julianday(a.sort_at) <= :fresh
"""

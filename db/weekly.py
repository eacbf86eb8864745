"""How many announcements and quotes there were in each of the last weeks, by action and by role.

Each count is one range of an index that holds just what is counted, so that twelve weeks of three million quotes take
a few milliseconds. A week begins on Monday in China, as a search's dates do; an article counts in
the week in which it was published.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlite_utils import Database

from db.connection import rows
from db.names import moment_of

WEEKS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Counts by week, the oldest first."""

    mondays: tuple[date, ...]
    counts: Mapping[str, tuple[int, ...]]
    """For each action or role as many counts as there are weeks."""


def announcements_by_action(db: Database, actions: Sequence[str], *, today: date) -> Weekly:
    """Announcements in the news, copies of articles included, as a search with these dates finds them."""
    return _counted(db, _ANNOUNCEMENTS, actions, today)


def quotes_by_role(db: Database, roles: Sequence[str], *, today: date) -> Weekly:
    """Quotes of persons, likewise."""
    return _counted(db, _QUOTES, roles, today)


def _counted(db: Database, sql: str, names: Sequence[str], today: date) -> Weekly:
    monday = today - timedelta(days=today.weekday())
    mondays = tuple(monday - timedelta(weeks=back) for back in reversed(range(WEEKS)))
    weeks = [[moment_of(str(one)), moment_of(str(one + timedelta(weeks=1)))] for one in mondays]
    held: dict[str, list[int]] = {name: [0] * WEEKS for name in names}
    for found in rows(db, sql, {"weeks": json.dumps(weeks), "names": json.dumps(list(names))}):
        held[found["name"]][found["week"]] = found["number"]
    return Weekly(mondays=mondays, counts={name: tuple(counts) for name, counts in held.items()})


# the conditions repeat those of the indexes word for word: only then does SQLite count without looking at a row
_ANNOUNCEMENTS = """
SELECT n.value AS name, w.key AS week, (
    SELECT count(*) FROM policies AS p
    WHERE p.action = n.value AND p.sort_at >= w.value ->> 0 AND p.sort_at < w.value ->> 1
      AND p.salience = 'news' AND p.retired_at IS NULL AND p.review_state <> 'rejected') AS number
FROM json_each(:names) AS n, json_each(:weeks) AS w
"""
_QUOTES = """
SELECT n.value AS name, w.key AS week, (
    SELECT count(*) FROM quotes AS q
    WHERE q.role = n.value AND q.sort_at >= w.value ->> 0 AND q.sort_at < w.value ->> 1
      AND q.retired_at IS NULL AND q.review_state <> 'rejected') AS number
FROM json_each(:names) AS n, json_each(:weeks) AS w
"""

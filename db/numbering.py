"""Gaps in the numbers of a ministry's documents: what was issued and is not among what we hold. Leads, not faults.

The ministry numbers its announcements, alone or with others behind its name, in one series a year, and its orders in
another. A number between two that we hold belongs to a document that we have not: taken off, never put on line, or in
a column that is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from db.connection import rows

LONGEST_GAP = 20
"""Of more numbers in a row than this the year was not read as far back, so they are no leads."""
MOST_READ = 5_000
"""Documents of one spelling of a series that are looked at, by the year and number they bear, from the end; the year
of a series that this cuts in two, and those before it, are left out. The ministry has issued fewer in forty years."""
DAYS_TO_WAIT = 3
"""Pages of one week appear in any order: a number is missed when its source holds what is so much younger."""

_SERIES = (
    ("商务部公告", "announcement", ("商务部", "中华人民共和国商务部", "mofcom", "")),
    ("商务部令", "order", ("商务部", "中华人民共和国商务部", "mofcom")),
)
"""What a series is called, its kind, and the bodies that its numbers print (`db.linking.number_key`); a number without
a body stands on the ministry's own pages. In English the number is the same."""

# one question a spelling: a limit cannot be set for each row of a join
_DOCUMENTS = """
  SELECT * FROM (
    SELECT '{prefix}', '{name}', '{kind}', number_key, source, sort_at, published_at FROM articles
    WHERE number_key >= '{prefix}'{year} AND number_key < '{prefix}:' ORDER BY number_key DESC LIMIT {most})"""


def _gaps(year: str = "") -> str:
    """The gaps among numbers of all years, or from one on."""
    documents = " UNION ALL ".join(
        _DOCUMENTS.format(prefix=f"{body}|{kind}|", name=name, kind=kind, year=year, most=MOST_READ)
        for name, kind, bodies in _SERIES
        for body in bodies
    )
    return f"""
WITH RECURSIVE documents (prefix, name, kind, number_key, source, sort_at, published_at) AS ({documents}),
cut (name, year) AS (
  SELECT name, max(year) FROM (
    SELECT name, substr(min(number_key), length(prefix) + 1, 4) AS year FROM documents
    GROUP BY prefix HAVING count(*) >= {MOST_READ}
  ) GROUP BY name
),
known AS (
  SELECT d.name, d.kind, d.source, CAST(substr(d.number_key, length(d.prefix) + 1, 4) AS INTEGER) AS year,
    CAST(substr(d.number_key, length(d.prefix) + 6) AS INTEGER) AS number, min(d.sort_at) AS sort_at,
    substr(min(d.published_at), 1, 10) AS day
  FROM documents AS d
  WHERE substr(d.number_key, length(d.prefix) + 1, 4)
    > coalesce((SELECT c.year FROM cut AS c WHERE c.name = d.name), '')
  GROUP BY d.name, d.kind, d.source, 4, 5
),
pairs AS (
  SELECT name, kind, source, year, number AS lower, day AS lower_on,
    lead(number) OVER series_of_a_year AS upper, lead(day) OVER series_of_a_year AS upper_on,
    lead(sort_at) OVER series_of_a_year AS upper_at
  FROM known WINDOW series_of_a_year AS (PARTITION BY name, kind, source, year ORDER BY number)
),
gaps (name, kind, source, year, number, lower, lower_on, upper, upper_on) AS (
  SELECT name, kind, source, year, lower + 1, lower, lower_on, upper, upper_on FROM pairs
  WHERE upper - lower BETWEEN 2 AND {LONGEST_GAP + 1}
    AND julianday((SELECT max(sort_at) FROM articles WHERE source = pairs.source)) - julianday(upper_at)
      >= {DAYS_TO_WAIT}
  UNION ALL
  SELECT name, kind, source, year, number + 1, lower, lower_on, upper, upper_on FROM gaps WHERE number + 1 < upper
)
SELECT g.name AS series, g.year, g.number, g.name || g.year || '年第' || g.number || '号' AS document,
  g.lower, g.lower_on, g.upper, g.upper_on, i.same_as AS instrument_id, g.source
FROM gaps AS g LEFT JOIN instrument_registry AS i
  ON i.number_key = 'ministry of commerce|' || g.kind || '|' || g.year || '|' || g.number
ORDER BY g.year DESC, g.name, g.number DESC
"""  # noqa: S608 - made of our own constants


NUMBERING_GAPS = _gaps()
_SINCE = _gaps(" || :year")


def gap_lines(db: Database, *, most: int = 10, since: int | None = None) -> list[str]:
    """A line for each stretch of missing numbers, newest first; after `most` one that says how many more there are.

    With `since` only the years from that one on are looked at.
    """
    lines = list(
        _lines(rows(db, "SELECT * FROM numbering_gaps") if since is None else rows(db, _SINCE, {"year": str(since)}))
    )
    more = [f"and {len(lines) - most} more in the view numbering_gaps"] if len(lines) > most else []
    return lines[:most] + more


def _lines(found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for (series, year, lower, upper), stretch in groupby(
        found, key=lambda gap: (gap["series"], gap["year"], gap["lower"], gap["upper"])
    ):
        missing = list(stretch)
        last, first = missing[0], missing[-1]
        numbers = str(first["number"]) if len(missing) == 1 else f"{first['number']} to {last['number']}"
        told = sum(gap["instrument_id"] is not None for gap in missing)
        below, above = (f"{at} of {first[day] or 'no date'}" for at, day in ((lower, "lower_on"), (upper, "upper_on")))
        more = f"; {told} told of by others" if told else ""
        yield f"{series} {year}: no document {numbers} between {below} and {above}{more}"

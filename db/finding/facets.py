"""Hits by the values of each filter, and by year or month: counted over the newest ones, never over all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from db.connection import row
from db.finding.fulltext import INDEXES, LISTS, Kind, moment_at
from db.finding.surveying import Search, Survey, newest, survey
from db.names import CHINA, folded

SAMPLED = 2_000
"""Hits, the newest ones, whose values are counted."""
IN_A_PERIOD = 1_000
"""Hits of a year or month that are counted."""
_YEARS = 30

Counts = tuple[tuple[str, int], ...]
"""Values and how many hits have them, the commonest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A year or month that has hits."""

    prefix: str
    count: int
    more: bool
    """Whether there are more than were counted."""


_OF_FILE = {"kind": "f.kind", "state": "CASE b.state WHEN 'kept' THEN f.state ELSE b.state END"}
_OTHERWISE: Mapping[Kind, Mapping[str, str]] = MappingProxyType(
    {
        "article": {"authors": ""},  # behind the text in its row: too dear
        "quote": {"language": "a.language"},
        "policy": {"language": "a.language", "number": ""},
        "annex": {"source": "a.source", "language": "a.language", **_OF_FILE},
    }
)
"""Columns that are not in the rows themselves, and where they are; nothing for those that are not counted."""
_JOINED: Mapping[str, str] = MappingProxyType(
    {
        "a.": " JOIN articles AS a ON a.id = b.article_id",
        "f.": " LEFT JOIN annex_files AS f ON f.id = b.file_id",
    }
)
_ONE_SPELLING = frozenset({"source", "language", "kind", "role", "speaker_type", "review_state", "action", "instrument",
                        "salience", "status", "state"})  # fmt: skip
"""Filters whose values are spelt in one way."""


def facets(db: Database, search: Search, known: Survey) -> Mapping[str, Counts]:
    """The values of each filter among the newest SAMPLED hits; where a filter is set, among the hits without it, so
    that another of its values can be added."""
    names = [name for name in INDEXES[search.kind].filters if name not in search.filters]
    found = _counted(db, search.kind, known.places[:SAMPLED], names)
    for name in search.filters:
        if name in INDEXES[search.kind].filters:
            loose = survey(db, without(search, name), most=SAMPLED)
            found |= _counted(db, search.kind, loose.places, [name])
    return found


def without(search: Search, name: str) -> Search:
    """The search without one of its filters."""
    return replace(search, filters={other: held for other, held in search.filters.items() if other != name})


def _counted(db: Database, kind: Kind, places: tuple[int, ...], names: Sequence[str]) -> dict[str, Counts]:
    index = INDEXES[kind]
    columns = {name: index.filters[name] for name in names}
    where = {column: _OTHERWISE[kind].get(column, f"b.{column}") for column in columns.values()}
    columns = {name: column for name, column in columns.items() if where[column]}
    if not columns:
        return {}
    chosen = ", ".join(where[column] for column in columns.values())
    joins = "".join(join for table, join in _JOINED.items() if table in chosen)
    sql = f"SELECT {chosen} FROM {index.base} AS b{joins} WHERE b.place IN (SELECT value FROM json_each(?))"  # noqa: S608
    held = list(zip(*db.conn.execute(sql, [json.dumps(places)]), strict=True)) or [()] * len(columns)
    return {
        name: _listed(Counter(values)) if column in LISTS else _joined(name, Counter(values))
        for (name, column), values in zip(columns.items(), held, strict=True)
    }


def _listed(counter: Counter[str]) -> Counts:
    """The members of JSON lists; most rows have one of a few lists."""
    members: Counter[str] = Counter()
    for held, count in counter.items():
        for member in set(json.loads(held)):
            members[member] += count
    return _joined("", members)


def _joined(name: str, counter: Mapping[Any, int]) -> Counts:
    """Spellings that the filter takes for one value, under the commonest of them."""
    counted = [(held, count) for held, count in sorted(counter.items(), key=lambda one: -one[1]) if held]
    if name in _ONE_SPELLING:
        return tuple(counted)
    spelt: dict[str, tuple[str, int]] = {}
    for held, count in counted:
        key = _folded(held)
        first, so_far = spelt.get(key, (held, 0))
        spelt[key] = (first, so_far + count)
    return tuple(sorted(spelt.values(), key=lambda one: -one[1]))


_folded = lru_cache(maxsize=20_000)(folded)


# -- time -------------------------------------------------------------------------------------------------------------


def year_of(search: Search) -> str | None:
    """The year that the dates of a search lie in; None where they are open or in several."""
    since, until = search.since or "", search.until or ""
    return since[:4] if since[:4] and since[:4] == until[:4] else None


def periods(db: Database, search: Search, known: Survey) -> tuple[Period, ...]:
    """The years in which there are hits, newest first, whatever dates are asked for; of one year, its months."""
    year = year_of(search)
    timeless = replace(search, since=None, until=None)
    if search != timeless:
        known = survey(db, timeless)
    if known.complete:
        moments = [moment_at(place).astimezone(CHINA) for place in known.places]
        counted = Counter(f"{one:%Y-%m}" if year else f"{one:%Y}" for one in moments)
        prefixes = sorted((one for one in counted if one.startswith(year or "")), reverse=True)
        return tuple(Period(prefix=one, count=counted[one], more=False) for one in prefixes)
    spans = [f"{year}-{month:02}" for month in range(12, 0, -1)] if year else list(_years(db, search.kind))
    return tuple(
        Period(prefix=span, count=min(count, IN_A_PERIOD), more=count > IN_A_PERIOD)
        for span in spans
        if (count := len(newest(db, replace(timeless, since=span, until=span), IN_A_PERIOD + 1)))
    )


def _years(db: Database, kind: Kind) -> Iterator[str]:
    base = INDEXES[kind].base
    sql = f"SELECT (SELECT min(place) FROM {base}) AS first, (SELECT max(place) FROM {base}) AS last"  # noqa: S608
    found = row(db, sql)
    if found is None or found["last"] is None:
        return
    first, last = (_year(moment_at(found[name])) for name in ("first", "last"))
    for year in range(last, max(first, last - _YEARS + 1) - 1, -1):
        yield f"{year:04}"


def _year(moment: datetime) -> int:
    return moment.astimezone(CHINA).year

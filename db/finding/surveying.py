"""Where the hits of a search stand in the index: walked from the newest on, counted up to a limit.

Words and filters are one expression to FTS5, and its rows stand in the order of time. So a common word costs no more
than a rare one, and nothing here counts or sorts more than COUNTED hits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from db.finding.fulltext import EVERY, INDEXES, Kind, place_at, tag
from db.finding.marking import worded
from db.names import moment_of

COUNTED = 10_000
"""Hits that are counted, and of which the best are looked for: the newest ones, where there are more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for among one kind."""

    kind: Kind
    query: str | None = None
    since: str | None = None
    """ISO prefix of a day, month or year in China, where the sources print their times."""
    until: str | None = None
    """Likewise, included."""
    duplicates: bool = True
    """Whether articles that repeat another count, and what is said in them."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of each filter's values one must hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The places of the newest hits, at most COUNTED."""

    places: tuple[int, ...]
    complete: bool
    """Whether these are all."""


def search_for(
    kind: Kind,
    query: str | None = None,
    /,
    *,
    since: str | None = None,
    until: str | None = None,
    duplicates: bool = True,
    **filters: str | Sequence[str] | None,
) -> Search:
    """A search from loose options. ValueError for a filter that there is not."""
    chosen: dict[str, tuple[str, ...]] = {}
    for name, wanted in filters.items():
        if name not in filters_of(kind):
            raise ValueError(f"no filter {name!r}: there are {', '.join(sorted(filters_of(kind)))}")
        if wanted is not None:
            chosen[name] = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    return Search(
        kind=kind,
        query=query if query and query.strip() else None,
        since=since,
        until=until,
        duplicates=duplicates,
        filters=MappingProxyType(chosen),
    )


def filters_of(kind: Kind) -> frozenset[str]:
    """The names of the filters that a kind has."""
    return frozenset(INDEXES[kind].filters) | INDEXES[kind].links


def survey(db: Database, search: Search, *, most: int = COUNTED) -> Survey:
    """The newest hits, counted up to `most`."""
    found = newest(db, search, most + 1)
    return Survey(places=found[:most], complete=len(found) <= most)


def newest(
    db: Database, search: Search, most: int, *, below: int | None = None, above: int | None = None
) -> tuple[int, ...]:
    """The places of the newest hits, newest first; with `below`, of those older than that place; with `above`, of those
    that are next to it on the newer side."""
    found = question(search, above=above, below=below)
    direction = "ASC" if above is not None else "DESC"
    sql = (
        f"SELECT {found.place} FROM {found.tables} WHERE {' AND '.join(found.conditions)} "  # noqa: S608
        f"ORDER BY {found.place} {direction} LIMIT :most"
    )
    places = tuple(one for (one,) in db.conn.execute(sql, {**found.parameters, "most": most}))
    return places[::-1] if above is not None else places


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The parts of a SELECT that walks along the index, or along the rows that belong to one article or person."""

    tables: str
    place: str
    conditions: tuple[str, ...]
    parameters: Mapping[str, Any]
    base: bool
    """Whether `tables` has the rows themselves, as `b`."""


def question(search: Search, *, above: int | None = None, below: int | None = None) -> Question:
    """How to ask for the places of a search, of those newer than `above` and older than `below`."""
    index = INDEXES[search.kind]
    match = expression(search)
    links = {name: held for name, held in search.filters.items() if name in index.links}
    parameters: dict[str, Any] = {"match": match}
    if links:
        tables, place = f"{index.base} AS b", "+b.place"
        conditions = ["b.place IS NOT NULL"]
        if match != _EVERY_ROW:
            hit = f"SELECT 1 FROM {index.table} WHERE {index.table} MATCH :match AND rowid = b.place"  # noqa: S608
            conditions.append(f"EXISTS ({hit})")
        for name, held in links.items():
            marks = ", ".join(f":{name}_{at}" for at in range(len(held)))
            parameters.update({f"{name}_{at}": one for at, one in enumerate(held)})
            conditions.append(f"b.{name} IN ({marks})")
    else:
        tables, place = f"{index.table} AS f", "f.rowid"
        conditions = [f"{index.table} MATCH :match"]
    first, behind = _times(search)
    limits = (("first", ">=", first), ("behind", "<", behind), ("above", ">", above), ("below", "<", below))
    for name, sign, limit in limits:
        if limit is not None:
            parameters[name] = limit
            conditions.append(f"{place} {sign} :{name}")
    base = bool(links) or not search.duplicates
    if not search.duplicates:
        if not links:
            tables += f" CROSS JOIN {index.base} AS b ON b.place = f.rowid"
        if search.kind != "article":
            tables += " CROSS JOIN articles AS a ON a.id = b.article_id"
        conditions.append(f"{'b' if search.kind == 'article' else 'a'}.duplicate_of IS NULL")
    return Question(
        tables=tables, place=place, conditions=tuple(conditions), parameters=MappingProxyType(parameters), base=base
    )


def expression(search: Search) -> str:
    """Words and filters as one FTS5 expression."""
    index = INDEXES[search.kind]
    parts = []
    if search.query:
        parts.append(worded(search.kind, search.query))
    for name, held in search.filters.items():
        if name in index.filters:
            parts.append(f"tags : ({' OR '.join(tag(name, one) for one in held)})")
    return " AND ".join(parts) or _EVERY_ROW


_EVERY_ROW = f"tags : {EVERY}"


def _times(search: Search) -> tuple[int | None, int | None]:
    """The first place of the time asked for, and the first one behind it; None where it is open."""
    first = moment_of(search.since)
    behind = moment_of(following(search.until)) if search.until else None
    return (None if first is None else place_at(first), None if behind is None else place_at(behind))


def following(prefix: str) -> str:
    """The day, month or year after the one that an ISO prefix names; the prefix itself where it names none."""
    try:
        if len(prefix) == 4:
            return f"{int(prefix) + 1:04}"
        if len(prefix) == 7:
            year, month = int(prefix[:4]), int(prefix[5:])
            return f"{year + 1:04}-01" if month == 12 else f"{year:04}-{month + 1:02}"
        return f"{datetime.fromisoformat(prefix[:10]) + timedelta(days=1):%Y-%m-%d}"
    except (ValueError, OverflowError):
        return prefix

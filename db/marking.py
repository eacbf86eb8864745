"""Whether one article or statement matches a query, and where the words stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlite_utils import Database

from db.connection import value
from db.fulltext import INDEXES, KINDS, Kind, rejoin
from db.query import to_match

MARK_START, MARK_END = "\x02", "\x03"
"""What stands around a hit: characters that no text has, so a page can escape first and mark up after."""

SEARCH_COLUMNS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {kind: index.columns for kind, index in INDEXES.items()}
)
"""What a query looks in, by kind."""


def worded(kind: Kind, query: str) -> str:
    """A user's query as an expression over what is said, which leaves the tags of filters alone."""
    columns = SEARCH_COLUMNS[kind]
    return f"{{{' '.join(columns)}}} : ({to_match(query, columns=columns)})"


def matches(db: Database, target: str, query: str) -> bool:
    """Whether the article or statement with the id `target` matches `query`, as it is stored now; for watch rules."""
    kind = KINDS[target[0]]
    index = INDEXES[kind]
    expression = worded(kind, query)
    place = value(db, f"SELECT place FROM {index.base} WHERE id = ?", [target])  # noqa: S608
    if place is None:
        return False
    sql = f"SELECT 1 FROM {index.table} WHERE {index.table} MATCH ? AND rowid = ?"  # noqa: S608
    return value(db, sql, [expression, place]) is not None


def highlight(db: Database, target: str, query: str) -> str | None:
    """The text of an article or statement with marks around what `query` asks for; None where it does not match."""
    kind = KINDS[target[0]]
    index = INDEXES[kind]
    found = value(
        db,
        f"SELECT highlight({index.table}, {index.shown}, ?, ?) FROM {index.table} "  # noqa: S608
        f"WHERE {index.table} MATCH ? AND rowid = (SELECT place FROM {index.base} WHERE id = ?)",
        [MARK_START, MARK_END, worded(kind, query), target],
    )
    return None if found is None else rejoin(found)

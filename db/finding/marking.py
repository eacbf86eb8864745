"""Whether one article or statement matches a query, and where the words stand in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from sqlite_utils import Database

from db.connection import value
from db.finding.fulltext import INDEXES, KINDS, Kind, rejoin
from db.finding.query import phrases, to_match

MARK_START, MARK_END = "\x02", "\x03"
"""What stands around a hit: characters that no text has, so a page can escape first and mark up after."""

_LOOKED_THROUGH = 300_000
_BEFORE, _SHOWN = 40, 240
"""Characters of an excerpt before the first hit, and in all."""

SEARCH_COLUMNS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {kind: index.columns for kind, index in INDEXES.items()}
)
"""What a query looks in, by kind."""


def worded(kind: Kind, query: str) -> str:
    """A user's query as an expression over what is said, which leaves the tags of filters alone."""
    columns = SEARCH_COLUMNS[kind]
    return f"{{{' '.join(columns)}}} : ({to_match(query, columns=columns)})"


def excerpt(kind: Kind, query: str, text: str) -> str:
    """The place in a text where something of the query stands first, with marks; its beginning where nothing does.

    For texts on which FTS5's own snippet would take seconds, since it weighs each hit against every other, and for rows
    far apart, each of which it would look for anew.
    """
    pattern = _wanted(kind, query)
    first = pattern.search(text[:_LOOKED_THROUGH])
    start = max(0, first.start() - _BEFORE) if first else 0
    shown = text[start : start + _SHOWN]
    if len(shown.encode()) > 2 * len(shown):  # Chinese says as much in half the characters
        shown = shown[: _SHOWN // 2]
    end = start + len(shown)
    return f"{'…' if start else ''}{_with_marks(pattern, shown)}{'…' if end < len(text) else ''}"


def marked(kind: Kind, query: str, text: str) -> str:
    """A short text with marks around everything in it that the query looks for."""
    return _with_marks(_wanted(kind, query), text)


@lru_cache(maxsize=200)
def _wanted(kind: Kind, query: str) -> re.Pattern[str]:
    patterns = [_pattern(phrase) for phrase in phrases(query, columns=SEARCH_COLUMNS[kind])]
    return re.compile("|".join(sorted(patterns, key=len, reverse=True)) or r"(?!)", re.IGNORECASE)


def _with_marks(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: f"{MARK_START}{found[0]}{MARK_END}", text)


def _pattern(phrase: str) -> str:
    words = phrase.rstrip("*")
    said = r"[\W_]+".join(map(re.escape, re.findall(r"[^\W_]+", words)))
    # Chinese has no ends of words, and a number may stand right before a Chinese character
    begin = "(?<![0-9A-Za-z])" if words[:1].isascii() else ""
    end = "(?![0-9A-Za-z])" if words[-1:].isascii() else ""
    return begin + said + ("[0-9A-Za-z]*" if phrase.endswith("*") else end)


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

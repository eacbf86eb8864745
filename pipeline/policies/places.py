"""Provinces, cities, zones and countries; the table is places.csv."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.patterns import regex
from pipeline.policies.gazetteer import Gazetteer
from pipeline.policies.tables import rows, several
from pipeline.text import has_chinese


@dataclass(frozen=True, slots=True)
class Place:
    """A place named at `start:end`."""

    start: int
    end: int
    name: str
    kind: str
    parent: str
    """The province or country that it lies in, as the table names it."""
    government: str
    """Usual English name of its government; empty where it has none of its own."""


_HAN = regex(r"[一-龥]")
Row = tuple[str, str, str, str]
"""Name, kind, parent and government of a place."""


@cache
def _english() -> Gazetteer[Row]:
    return Gazetteer(_rows(lambda row: (row["name"], *several(row["also"]))))


@cache
def _chinese() -> tuple[re.Pattern[str], dict[str, Row]]:
    known = _rows(lambda row: (row["chinese"],))
    return re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True)))), known


def _rows(printed: Callable[[dict[str, str]], tuple[str, ...]]) -> dict[str, Row]:
    known: dict[str, Row] = {}
    for row in rows("places"):
        for name in printed(row):
            if name:
                known.setdefault(name, (row["name"], row["kind"], row["parent"], row["government"]))
    return known


def places_in(text: str, start: int, end: int) -> tuple[Place, ...]:
    """The places named in `text[start:end]`, in order, none overlapping; the longest name wins."""
    places, starts, ends = _named(text)
    return places[bisect_left(starts, start) : bisect_right(ends, end)]


@lru_cache(maxsize=16)
def _named(text: str) -> tuple[tuple[Place, ...], list[int], list[int]]:
    """All places that the text names, with where they begin and end."""
    found = [Place(start, stop, *row) for start, stop, row in _english().find(text)]
    if has_chinese(text) and _HAN.search(text):
        pattern, known = _chinese()
        found.extend(Place(match.start(), match.end(), *known[match[0]]) for match in pattern.finditer(text))
        found.sort(key=lambda place: place.start)
    return tuple(found), [place.start for place in found], [place.end for place in found]


def printed_places(text: str, start: int, end: int, *, foreign_only: bool = False) -> tuple[str, ...]:
    """The places named there, as printed, each once."""
    kinds = {"country", "bloc"}
    names = [text[p.start : p.end] for p in places_in(text, start, end) if not foreign_only or p.kind in kinds]
    return tuple(dict.fromkeys(names))

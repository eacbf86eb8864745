"""Provinces, cities, zones and countries; the table is places.csv."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.policies.tables import rows, several


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


_HAN = re.compile(r"[一-龥]")


@cache
def _table() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, tuple[str, str, str, str]]]:
    known: dict[str, tuple[str, str, str, str]] = {}
    english: list[str] = []
    chinese: list[str] = []
    for row in rows("places"):
        entry = (row["name"], row["kind"], row["parent"], row["government"])
        for printed in (row["name"], *several(row["also"])):
            known.setdefault(printed, entry)
            english.append(printed)
        if row["chinese"]:
            known.setdefault(row["chinese"], entry)
            chinese.append(row["chinese"])
    english.sort(key=len, reverse=True)
    chinese.sort(key=len, reverse=True)
    return (
        # the first letter is asked first: most words of a text begin no name of a place
        re.compile(
            rf"\b(?=[{''.join(sorted({name[0] for name in english}))}])(?:{'|'.join(map(re.escape, english))})\b"
        ),
        re.compile("|".join(map(re.escape, chinese))),
        known,
    )


@lru_cache(maxsize=4096)
def places_in(text: str, start: int, end: int) -> tuple[Place, ...]:
    """The places named in `text[start:end]`, in order."""
    english, chinese, known = _table()
    found = [
        Place(match.start(), match.end(), *known[match[0]])
        for pattern in ((english, chinese) if _HAN.search(text, start, end) else (english,))
        for match in pattern.finditer(text, start, end)
    ]
    return tuple(sorted(found, key=lambda place: place.start))


def printed_places(text: str, start: int, end: int, *, foreign_only: bool = False) -> tuple[str, ...]:
    """The places named there, as printed, each once."""
    kinds = {"country", "bloc"}
    names = [text[p.start : p.end] for p in places_in(text, start, end) if not foreign_only or p.kind in kinds]
    return tuple(dict.fromkeys(names))

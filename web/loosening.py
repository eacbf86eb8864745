"""What to try where a search finds nothing: fewer filters, other words; each with what it would find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlite_utils import Database

from db.finding.query import plain_words
from db.search import SearchError, survey
from web.narrowing import label_of, value_label
from web.searching import ALL, KINDS, Asked

_COUNTED = 1_000
_MOST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A search that finds something."""

    words: str
    address: str
    count: str


def suggestions(db: Database, asked: Asked) -> tuple[Suggestion, ...]:
    """Searches near to one that finds nothing, those that find something."""
    found: list[Suggestion] = []
    for words, other in _near(asked):
        if len(found) < _MOST and (count := _count(db, other)):
            more = f"{_COUNTED:,}+" if count > _COUNTED else f"{count:,}"
            found.append(Suggestion(words=words, address=other.address(), count=more))
    return tuple(found)


def _near(asked: Asked) -> Iterator[tuple[str, Asked]]:
    asked = replace(asked, after=None, before=None)
    if asked.since or asked.until:
        yield "at any time", asked.dated("", "")
    for name, values in asked.chosen.items():
        named = " or ".join(value_label(name, value) for value in values[:3])
        yield f"whatever the {label_of(name)} (without {named})", asked.with_filter(name, ())
    if len(asked.chosen) + bool(asked.since or asked.until) > 1:
        yield "without any filter", replace(asked, chosen={}, since="", until="")
    words = plain_words(asked.query)
    free = replace(asked, chosen={}, since="", until="")
    looser = []
    if words and words[-1].isascii() and len(words[-1]) > 4:
        stem = words[-1][: max(4, len(words[-1]) - 3)]
        looser.append((f"with words that begin with {stem}", " ".join((*words[:-1], f"{stem}*"))))
    if 1 < len(words) <= 12:
        looser.append(("with any of the words", " OR ".join(words)))
    for said, query in looser:
        yield said, replace(asked, query=query)
        if free != asked:
            yield f"{said}, without any filter", replace(free, query=query)


def _count(db: Database, asked: Asked) -> int:
    tabs = KINDS if asked.tab == ALL else (asked.tab,)
    count = 0
    for tab in tabs:
        try:
            known = survey(db, asked.search(KINDS[tab]), most=_COUNTED)
        except SearchError:
            return 0
        count += len(known.places) + (not known.complete)
    return count

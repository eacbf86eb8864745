"""What narrows a search down: the filters that are set, and the facets whose values set and unset more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from db.connection import value
from db.finding.facets import SAMPLED, Counts, Period, facets, periods, year_of
from db.finding.surveying import Search, Survey
from db.names import folded
from web.labels import source_name, words
from web.searching import KINDS, NAMED, NAMES, Asked, filters_in

_AT_FIRST = 8
"""Values of a facet that stand open; the rest opens."""
_MOST = 40
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_HIDDEN = frozenset({"article_id", "person_id", "organization_id", "instrument_id", "number", "author"})
"""Filters that are set by links alone, or typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a facet."""

    label: str
    count: str
    address: str
    """Of the search with the value added, or taken away where it is chosen."""
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One filter with its commonest values."""

    name: str
    label: str
    values: tuple[Value, ...]
    rest: tuple[Value, ...] = ()
    typed: bool = False
    """Whether any name may be typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFilter:
    """A filter that is set."""

    label: str
    value: str
    address: str
    """Of the search without it."""


def label_of(name: str) -> str:
    """What readers see for a filter."""
    return NAMES.get(name, name.replace("_", " "))


def value_label(name: str, value: str) -> str:
    """What readers see for a value of a filter."""
    if name == "source":
        return source_name(value)
    return value if name in {one for named in NAMED.values() for one in named} else words(value)


def set_filters(db: Database, asked: Asked) -> tuple[SetFilter, ...]:
    """Every value that is chosen, and the dates."""
    found = [
        SetFilter(label=label_of(name), value=_named(db, name, value), address=asked.toggled(name, value).address())
        for name, values in asked.chosen.items()
        for value in values
    ]
    if asked.since or asked.until:
        dates = asked.since if asked.since == asked.until else f"{asked.since or '…'} to {asked.until or '…'}"
        found.append(SetFilter(label="date", value=dates, address=asked.dated("", "").address()))
    return tuple(found)


_NAME_OF = {
    "person_id": "SELECT name FROM persons WHERE id = ?",
    "organization_id": "SELECT name FROM organizations WHERE id = ?",
    "instrument_id": "SELECT title FROM instrument_registry WHERE id = ?",
    "article_id": "SELECT r.title FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id WHERE a.id = ?",
}


def _named(db: Database, name: str, held: str) -> str:
    """A value in words; an id by what it is the id of."""
    return str(value(db, _NAME_OF[name], [held]) or held) if name in _NAME_OF else value_label(name, held)


def facets_of(
    db: Database, asked: Asked, search: Search, known: Survey, sources: tuple[str, ...]
) -> tuple[tuple[Facet, ...], str]:
    """The facets of a search, and over how many of its hits they are counted where these are not all."""
    if not known.places and not search.filters:
        return (), ""
    counts = facets(db, search, known)
    offered = [name for name in filters_in(asked.tab, sources) if name not in _HIDDEN]
    found = [_facet(asked, name, counts.get(name, ())) for name in offered]
    dates = _dates(asked, search, periods(db, search, known))
    typed = [Facet(name=name, label=label_of(name), values=(), typed=True) for name in _typed(asked)]
    sampled = "" if len(known.places) <= SAMPLED and known.complete else f"{SAMPLED:,}"
    shown = [facet for facet in [dates, *found] if facet.values or facet.typed]
    return (*shown, *typed), sampled


def _typed(asked: Asked) -> Iterator[str]:
    for name in NAMED[KINDS[asked.tab]]:
        if name in _HIDDEN:
            yield name


def _facet(asked: Asked, name: str, counts: Counts) -> Facet:
    chosen = asked.chosen.get(name, ())
    known = {folded(held) for held, _count in counts}
    listed = [*((held, count) for held, count in counts), *((held, 0) for held in chosen if folded(held) not in known)]
    marked = [(held, count, _spelling(held, chosen)) for held, count in listed]
    # what is chosen stands first, so that it can be unset
    marked.sort(key=lambda one: one[2] is None)
    values = [
        Value(
            label=value_label(name, held),
            count=f"{count:,}",
            address=asked.toggled(name, spelt or held).address(),
            chosen=spelt is not None,
        )
        for held, count, spelt in marked[:_MOST]
    ]
    named = name in NAMED[KINDS[asked.tab]]
    if not named and len(values) == 1 and not values[0].chosen:
        values = []  # nothing to choose between
    return Facet(
        name=name, label=label_of(name), values=tuple(values[:_AT_FIRST]), rest=tuple(values[_AT_FIRST:]), typed=named
    )


def _spelling(held: str, chosen: tuple[str, ...]) -> str | None:
    """How the address spells a value, where it is chosen."""
    return next((one for one in chosen if folded(one) == folded(held)), None)


def _dates(asked: Asked, search: Search, found: tuple[Period, ...]) -> Facet:
    year = year_of(search)
    values = [
        Value(
            label=_period_label(period.prefix),
            count=f"{period.count:,}+" if period.more else f"{period.count:,}",
            address=asked.dated(*_either(period.prefix, asked, year)).address(),
            chosen=period.prefix == asked.since == asked.until,
        )
        for period in found
    ]
    if year:
        values.insert(0, Value(label=f"all of {year}", count="", address=asked.dated(year, year).address(),
                               chosen=asked.since == asked.until == year))  # fmt: skip
        values.insert(0, Value(label="all years", count="", address=asked.dated("", "").address(), chosen=False))
    shown = len(values) if year else _AT_FIRST
    return Facet(name="date", label="date", values=tuple(values[:shown]), rest=tuple(values[shown:]))


def _either(prefix: str, asked: Asked, year: str | None) -> tuple[str, str]:
    """The dates that a click on a period sets: the period, or what is around it where it is set already."""
    if prefix == asked.since == asked.until:
        return (year, year) if year and prefix != year else ("", "")
    return prefix, prefix


def _period_label(prefix: str) -> str:
    return f"{_MONTHS[int(prefix[5:]) - 1]} {prefix[:4]}" if len(prefix) == 7 else prefix

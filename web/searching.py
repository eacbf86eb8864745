"""A search as its address says it: read from the parameters, and written in one order, so that it is one address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, get_args
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from db.finding.fulltext import INDEXES, Kind
from db.finding.surveying import Search
from db.review import VOCABULARIES
from pipeline.model import ArticleKind, Language

ALL = "all"
KINDS: Mapping[str, Kind] = MappingProxyType(
    {"announcements": "policy", "quotes": "quote", "articles": "article", "attachments": "annex"}
)
"""By the name of the tab."""

_REVIEW_STATES = ("open", "accepted", "corrected")
CHOICES: Mapping[Kind, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "policy": MappingProxyType(
            {
                "action": VOCABULARIES["policy"]["action"],
                "instrument": VOCABULARIES["policy"]["instrument"],
                "salience": VOCABULARIES["policy"]["salience"],
                "status": VOCABULARIES["policy"]["status"],
                "language": get_args(Language),
                "review_state": _REVIEW_STATES,
            }
        ),
        "quote": MappingProxyType(
            {
                "role": VOCABULARIES["quote"]["role"],
                "kind": VOCABULARIES["quote"]["kind"],
                "speaker_type": VOCABULARIES["quote"]["speaker_type"],
                "language": get_args(Language),
                "review_state": _REVIEW_STATES,
            }
        ),
        "article": MappingProxyType({"kind": get_args(ArticleKind), "language": get_args(Language)}),
        "annex": MappingProxyType(
            {
                "kind": ("pdf", "docx", "doc", "xlsx", "xls", "ofd", "zip", "text"),
                "state": ("read", "no_text", "unreadable", "due", "failed", "refused"),
                "language": get_args(Language),
            }
        ),
    }
)
"""Filters with a closed list of values, `source` aside."""
NAMED: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        "policy": ("issuer", "sector", "region", "entity", "number"),
        "quote": ("organization", "speaker"),
        "article": ("author",),
        "annex": (),
    }
)
"""Filters that take any name, as it is printed; case, width and spaces do not matter."""
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "review_state": "review",
        "speaker_type": "kind of speaker",
        "salience": "reported as",
        "entity": "companies and names",
        "region": "where it applies",
        "sector": "goods and sectors",
        "organization": "organization",
        "article_id": "article",
        "person_id": "person",
        "organization_id": "organization, linked",
        "instrument_id": "instrument, linked",
    }
)
"""What readers see for a filter whose name is none."""
_ORDER = (
    "source", "language", "kind", "action", "instrument", "status", "salience", "role", "speaker_type", "state",
    "review_state", "issuer", "sector", "region", "entity", "number", "organization", "speaker", "author",
    "article_id", "instrument_id", "person_id", "organization_id",
)  # fmt: skip
_ON_ALL = frozenset({"source", "language"})
LONGEST_QUERY = 4000
_LONGEST_NAME = 200
_MOST_VALUES = 20
_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")
_LINKED = re.compile(r"[aino][0-9a-f]{15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search as its address says it, values that there are not left out."""

    tab: str
    query: str
    chosen: Mapping[str, tuple[str, ...]]
    since: str
    until: str
    sort: str
    after: str | None
    before: str | None
    problems: tuple[str, ...]

    def parameters(self) -> list[tuple[str, str]]:
        """Names and values in the order in which they stand in each address, without the mark of a page."""
        held = [("q", self.query), ("in", "" if self.tab == ALL else self.tab)]
        held += [(name, value) for name in _ORDER for value in self.chosen.get(name, ())]
        held += [("since", self.since), ("until", self.until), ("sort", "" if self.sort == "date" else self.sort)]
        return [(name, value) for name, value in held if value]

    def address(self, path: str = "/search", **more: str | None) -> str:
        """The address of this search below another path, with the mark of a page or a format added."""
        given = urlencode([*self.parameters(), *((name, value) for name, value in more.items() if value)])
        return f"{path}?{given}" if given else path

    def toggled(self, name: str, value: str) -> Asked:
        """The same search with a value of a filter added, or taken away where it is chosen."""
        held = self.chosen.get(name, ())
        kept = tuple(one for one in held if one != value) if value in held else (*held, value)[:_MOST_VALUES]
        return self.with_filter(name, kept)

    def with_filter(self, name: str, values: tuple[str, ...]) -> Asked:
        """The same search with just these values of a filter."""
        chosen = {**self.chosen, name: values}
        return replace(self, chosen={one: held for one, held in chosen.items() if held})

    def sorted_by(self, sort: str) -> Asked:
        """The same search in another order."""
        return replace(self, sort=sort)

    def dated(self, since: str, until: str) -> Asked:
        """The same search over another time."""
        return replace(self, since=since, until=until)

    def search(self, kind: Kind) -> Search:
        """As the database takes it, for one kind; filters that the kind has not are left out."""
        known = set(INDEXES[kind].filters) | INDEXES[kind].links
        return Search(
            kind=kind,
            query=self.query or None,
            since=self.since or None,
            until=self.until or None,
            filters={name: held for name, held in self.chosen.items() if name in known},
        )


def read_address(parameters: QueryParams, sources: tuple[str, ...]) -> Asked:
    """The search that an address asks for; what it cannot mean is told as a problem and left out."""
    given = {name: parameters.getlist(name) for name in _ORDER if any(parameters.getlist(name))}
    tab, problems = _tab(parameters.get("in", ""), given)
    chosen: dict[str, tuple[str, ...]] = {}
    for name, allowed in filters_in(tab, sources).items():
        values = list(dict.fromkeys(value.strip()[:_LONGEST_NAME] for value in given.get(name, ()) if value.strip()))
        wrong = [value for value in values if not _may_be(name, value, allowed)]
        problems += [f"“{value[:60]}” is no {NAMES.get(name, name)}; the filter was left out." for value in wrong[:3]]
        if len(values) > _MOST_VALUES:
            problems.append(f"{NAMES.get(name, name)}: only the first {_MOST_VALUES} values were taken.")
        if kept := tuple(value for value in values if value not in wrong)[:_MOST_VALUES]:
            chosen[name] = kept
    dates = {}
    for name in ("since", "until"):
        dates[name] = parameters.get(name, "").strip()
        if dates[name] and not _DATE.fullmatch(dates[name]):
            problems.append(f"“{dates[name][:60]}” is no date such as 2026-03-01, 2026-03 or 2026; it was left out.")
            dates[name] = ""
    return Asked(
        tab=tab,
        # one more than a query may have, so that it is told, and not carried along whole
        query=parameters.get("q", "").strip()[: LONGEST_QUERY + 1],
        chosen=chosen,
        sort="relevance" if parameters.get("sort") == "relevance" else "date",
        after=parameters.get("after") or None,
        before=parameters.get("before") or None,
        problems=tuple(problems),
        **dates,
    )


def filters_in(tab: str, sources: tuple[str, ...]) -> dict[str, tuple[str, ...] | None]:
    """The filters of a tab with their values; None: any name."""
    common: dict[str, tuple[str, ...] | None] = {"source": sources, "language": get_args(Language)}
    if tab == ALL:
        return common
    kind = KINDS[tab]
    named = dict.fromkeys((*NAMED[kind], *sorted(INDEXES[kind].links)))
    return {**CHOICES[kind], **common, **named}


def in_tab(asked: Asked, tab: str, sources: tuple[str, ...]) -> Asked:
    """The same question under another tab, with the filters that both have."""
    shared = set(filters_in(tab, sources)) - ({"kind"} if tab != asked.tab else set())  # each has kinds of its own
    chosen = {name: held for name, held in asked.chosen.items() if name in shared}
    return replace(asked, tab=tab, chosen=chosen, after=None, before=None)


def _tab(wanted: str, given: Mapping[str, Any]) -> tuple[str, list[str]]:
    if wanted == ALL or wanted in KINDS:
        return wanted, []
    problems = [f"There is nothing to search under “{wanted[:60]}”."] if wanted else []
    if not given.keys() - _ON_ALL:
        return ALL, problems
    names = set(given)
    return next((tab for tab in KINDS if names <= filters_in(tab, ()).keys()), "announcements"), problems


def _may_be(name: str, value: str, allowed: tuple[str, ...] | None) -> bool:
    if allowed is not None:
        return value in allowed
    return not name.endswith("_id") or _LINKED.fullmatch(value) is not None

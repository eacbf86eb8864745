"""Search over announcements, quotes, articles and attached files; every search has an address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, get_args
from urllib.parse import urlencode

from sqlite_utils import Database
from starlette.requests import Request
from starlette.responses import Response

from db.connection import rows
from db.review import VOCABULARIES
from db.search import Hits, Kind, SearchError, find
from pipeline.model import ArticleKind, Language
from web.addresses import Address
from web.labels import source_name, words
from web.render import desk_of, page

KINDS: Mapping[str, Kind] = MappingProxyType(
    {"announcements": "policy", "quotes": "quote", "articles": "article", "attachments": "annex"}
)
_REVIEW_STATES = ("open", "accepted", "corrected")
_FILTERS: Mapping[Kind, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "policy": MappingProxyType(
            {
                "language": get_args(Language),
                "instrument": VOCABULARIES["policy"]["instrument"],
                "action": VOCABULARIES["policy"]["action"],
                "status": VOCABULARIES["policy"]["status"],
                "salience": VOCABULARIES["policy"]["salience"],
                "review_state": _REVIEW_STATES,
            }
        ),
        "quote": MappingProxyType(
            {
                "language": get_args(Language),
                "role": VOCABULARIES["quote"]["role"],
                "speaker_type": VOCABULARIES["quote"]["speaker_type"],
                "kind": VOCABULARIES["quote"]["kind"],
                "review_state": _REVIEW_STATES,
            }
        ),
        "article": MappingProxyType({"language": get_args(Language), "kind": get_args(ArticleKind)}),
        "annex": MappingProxyType(
            {
                "language": get_args(Language),
                "kind": ("pdf", "docx", "doc", "xlsx", "xls", "ofd", "zip", "text"),
                "state": ("read", "no_text", "unreadable", "due", "failed", "refused"),
            }
        ),
    }
)
_NAMED: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {"policy": ("issuer", "sector"), "quote": ("organization",), "article": ("author",), "annex": ()}
)
"""Filters that take any name, exactly as it is printed."""
_LONGEST_NAME = 200
_NAMES = MappingProxyType({"review_state": "review", "speaker_type": "speaker", "salience": "reported as"})
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_ON_A_PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One filter of the form."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    """Value and words; none: any name may be entered."""
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search as its address says it, values that there are not left out."""

    tab: str
    query: str
    chosen: Mapping[str, str]
    since: str
    until: str
    sort: str
    after: str | None
    problems: tuple[str, ...]

    def without_filters(self) -> str:
        """The address of the same words without any filter or date."""
        return self.address(**dict.fromkeys(self.chosen, None), since=None, until=None)

    def address(self, **changes: str | None) -> str:
        """The address of this search with some parameters changed."""
        held = {"q": self.query, "in": self.tab, **self.chosen, "since": self.since, "until": self.until}
        held["sort"] = "" if self.sort == "date" else self.sort
        return "/search?" + urlencode({name: value for name, value in {**held, **changes}.items() if value})


def search(request: Request) -> Response:
    """One page of a search. A query that cannot be understood gives status 400 and says where it is wrong."""
    with desk_of(request).reading() as db:
        sources = tuple(found["source"] for found in rows(db, SOURCES))
        asked = read_address(request.query_params, sources)
        found, trouble = _answer(db, asked)
    return page(
        "search.html",
        status=400 if trouble else 200,
        here="search",
        heading=f"{asked.query} · Search" if asked.query else "Search",
        query=asked.query,
        asked=asked,
        filters=_filters(asked, sources),
        tabs=[(name, asked_in(asked, name)) for name in KINDS],
        hits=found.rows,
        next=asked.address(after=found.next) if found.next else None,
        trouble=trouble,
    )


def read_address(parameters: Mapping[str, str], sources: tuple[str, ...]) -> Asked:
    """The search that an address asks for; what it cannot mean is told as a problem and left out."""
    tab = parameters.get("in", "")
    problems = [] if not tab or tab in KINDS else [f"There is nothing to search under “{tab}”."]
    tab = tab if tab in KINDS else "announcements"
    chosen: dict[str, str] = {}
    for name, allowed in {"source": sources, **_FILTERS[KINDS[tab]]}.items():
        wanted = parameters.get(name, "")
        if wanted in allowed:
            chosen[name] = wanted
        elif wanted:
            problems.append(f"“{wanted[:60]}” is no {_NAMES.get(name, name)}; the filter was left out.")
    for name in _NAMED[KINDS[tab]]:
        if wanted := parameters.get(name, "").strip()[:_LONGEST_NAME]:
            chosen[name] = wanted
    dates = {}
    for name in ("since", "until"):
        dates[name] = parameters.get(name, "").strip()
        if dates[name] and not _DATE.fullmatch(dates[name]):
            problems.append(f"“{dates[name][:60]}” is no date such as 2026-03-01; it was left out.")
            dates[name] = ""
    return Asked(
        tab=tab,
        query=parameters.get("q", "").strip(),
        chosen=chosen,
        sort="relevance" if parameters.get("sort") == "relevance" else "date",
        after=parameters.get("after") or None,
        problems=tuple(problems),
        **dates,
    )


def asked_in(asked: Asked, tab: str) -> str:
    """The address of the same question under another tab, with the filters that both have."""
    shared = {"source", *_FILTERS[KINDS[tab]], *_NAMED[KINDS[tab]]}
    lost = {name: None for name in asked.chosen if name not in shared or name == "kind"}
    return asked.address(**{**lost, "in": tab})


def _answer(db: Database, asked: Asked) -> tuple[Hits, str]:
    filters: dict[str, Any] = dict(asked.chosen)
    try:
        found = find(
            db,
            KINDS[asked.tab],
            asked.query,
            since=asked.since or None,
            until=asked.until or None,
            order="relevance" if asked.sort == "relevance" else "date",
            limit=_ON_A_PAGE,
            after=asked.after,
            **filters,
        )
    except SearchError as error:
        return Hits(rows=(), next=None), str(error)
    return found, ""


def _filters(asked: Asked, sources: tuple[str, ...]) -> list[Filter]:
    return [
        Filter(
            name=name,
            label=_NAMES.get(name, name),
            choices=tuple((value, source_name(value) if name == "source" else words(value)) for value in allowed),
            chosen=asked.chosen.get(name, ""),
        )
        for name, allowed in {"source": sources, **_FILTERS[KINDS[asked.tab]]}.items()
    ] + [
        Filter(name=name, label=name, choices=(), chosen=asked.chosen.get(name, ""))
        for name in _NAMED[KINDS[asked.tab]]
    ]


# the few sources among a million articles, by steps through the index
SOURCES: Any = """
WITH RECURSIVE step (source) AS (
  SELECT min(source) FROM articles
  UNION ALL
  SELECT (SELECT min(a.source) FROM articles AS a WHERE a.source > step.source) FROM step WHERE step.source IS NOT NULL
)
SELECT source FROM step WHERE source IS NOT NULL
"""


ADDRESSES = (Address("/search", search),)

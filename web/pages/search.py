"""Search over announcements, quotes, articles and attached files; every search has an address, a feed and a watch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.connection import rows
from db.search import COUNTED, Hits, SearchError, Survey, page_of, survey
from web.addresses import Address
from web.feed import feed_of
from web.inert import cut
from web.loosening import Suggestion, suggestions
from web.narrowing import Facet, facets_of, set_filters
from web.render import desk_of, page
from web.searching import ALL, KINDS, LONGEST_QUERY, Asked, in_tab, read_address

__all__ = ["ADDRESSES", "KINDS", "SOURCES", "read_address", "search"]

_ON_A_PAGE = 25
_OF_EACH = 3
"""Hits of each kind on the page of all."""
_IN_A_FEED = 50
_SORTS = (("date", "newest first"), ("relevance", "best match"))
NOUNS: Mapping[str, tuple[str, str]] = {name: (name.removesuffix("s"), name) for name in KINDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One kind that can be searched."""

    name: str
    address: str
    count: str
    """How many hits it has, in words: `1,204`, `10,000+`; empty where the query cannot be understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a page of a search shows."""

    tabs: tuple[Tab, ...]
    groups: tuple[tuple[str, str, Hits], ...]
    """Name of the tab, its address, and its hits; more than one on the page of all."""
    facets: tuple[Facet, ...] = ()
    sampled: str = ""
    """Over how many hits the facets are counted, where these are not all."""
    suggestions: tuple[Suggestion, ...] = ()
    trouble: str = ""
    """Why the query cannot be understood."""


def search(request: Request) -> Response:
    """One page of a search. A query that cannot be understood gives status 400 and says where it is wrong."""
    with desk_of(request).reading() as db:
        sources = sources_of(db)
        asked = read_address(request.query_params, sources)
        if not asked.problems and any(not value for _name, value in request.query_params.multi_items()):
            # a form sends its empty fields too: its answer should be at the search's own address
            return RedirectResponse(asked.address(), 303)
        found = _answer(db, asked, sources)
        chosen = set_filters(db, asked)
    shown = cut(asked.query, 100)
    return page(
        "search.html",
        status=400 if found.trouble else 200,
        here="search",
        heading=f"{shown} · Search" if shown else "Search",
        query=cut(asked.query, LONGEST_QUERY),
        asked=asked,
        found=found,
        total=_total(found, asked),
        chosen=chosen,
        sorts=[(sort, label, asked.sorted_by(sort).address()) for sort, label in _SORTS],
    )


def feed(request: Request) -> Response:
    """The newest hits of a search as an Atom feed; status 400 for a query that cannot be understood."""
    desk = desk_of(request)
    with desk.reading() as db:
        asked = read_address(request.query_params, sources_of(db))
        try:
            groups = [(tab, page_of(db, asked.search(KINDS[tab]), limit=_IN_A_FEED)) for tab in _tabs(asked)]
        except SearchError as error:
            return Response(f"The query cannot be understood: {error}.\n", 400, media_type="text/plain")
        access = request.app.state.access
        # with logins the address that people type, whatever a proxy in front of us makes of it
        typed = access.base_url.rstrip("/") if access.logins else ""
        base = typed or f"{request.url.scheme}://{request.url.netloc}"
        return Response(
            feed_of(asked, groups, base=base, now=desk.clock(), most=_IN_A_FEED),
            media_type="application/atom+xml",
        )


def sources_of(db: Database) -> tuple[str, ...]:
    """The sources that have articles."""
    return tuple(found["source"] for found in rows(db, SOURCES))


def _tabs(asked: Asked) -> Sequence[str]:
    return tuple(KINDS) if asked.tab == ALL else (asked.tab,)


def _answer(db: Database, asked: Asked, sources: tuple[str, ...]) -> Found:
    try:
        known = {tab: survey(db, in_tab(asked, tab, sources).search(kind), most=COUNTED) for tab, kind in KINDS.items()}
        tabs = (_tab(asked, ALL, sources, None), *(_tab(asked, tab, sources, known[tab]) for tab in KINDS))
        if asked.tab == ALL:
            groups = tuple(_overview(db, asked, sources, known))
            return Found(tabs=tabs, groups=groups, suggestions=_help(db, asked, known))
        search = asked.search(KINDS[asked.tab])
        hits = page_of(
            db,
            search,
            order="relevance" if asked.sort == "relevance" else "date",
            limit=_ON_A_PAGE,
            after=asked.after,
            before=asked.before,
            known=known[asked.tab],
        )
        facets, sampled = facets_of(db, asked, search, known[asked.tab], sources)
    except SearchError as error:
        empty = tuple(_tab(asked, tab, sources, None) for tab in (ALL, *KINDS))
        return Found(tabs=empty, groups=(), trouble=str(error))
    return Found(
        tabs=tabs,
        groups=((asked.tab, asked.address(), hits),) if hits.rows else (),
        facets=facets,
        sampled=sampled,
        suggestions=_help(db, asked, known),
    )


def _overview(
    db: Database, asked: Asked, sources: tuple[str, ...], known: Mapping[str, Survey]
) -> list[tuple[str, str, Hits]]:
    return [
        (tab, in_tab(asked, tab, sources).address(), page_of(db, asked.search(kind), limit=_OF_EACH, known=known[tab]))
        for tab, kind in KINDS.items()
        if known[tab].places
    ]


def _help(db: Database, asked: Asked, known: Mapping[str, Survey]) -> tuple[Suggestion, ...]:
    """What to try where nothing was found."""
    places = [known[tab].places for tab in _tabs(asked)]
    return () if any(places) else suggestions(db, asked)


def _tab(asked: Asked, tab: str, sources: tuple[str, ...], known: Survey | None) -> Tab:
    return Tab(name=tab, address=in_tab(asked, tab, sources).address(), count=counted(known) if known else "")


def counted(known: Survey) -> str:
    """How many hits there are, in words."""
    return f"{len(known.places):,}" if known.complete else f"{COUNTED:,}+"


def _total(found: Found, asked: Asked) -> str:
    """`1,204 announcements`, for the tab that is shown."""
    if asked.tab == ALL or found.trouble:
        return ""
    count = next(tab.count for tab in found.tabs if tab.name == asked.tab)
    one, many = NOUNS[asked.tab]
    return f"{count} {one if count == '1' else many}"


# the few sources among a million articles, by steps through the index
SOURCES: Any = """
WITH RECURSIVE step (source) AS (
  SELECT min(source) FROM articles
  UNION ALL
  SELECT (SELECT min(a.source) FROM articles AS a WHERE a.source > step.source) FROM step WHERE step.source IS NOT NULL
)
SELECT source FROM step WHERE source IS NOT NULL
"""


ADDRESSES = (Address("/search", search), Address("/search.atom", feed))

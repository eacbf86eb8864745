"""Articles, quotes, announcements and attached files by words and filters: a page at a time, newest or best first."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from sqlite_utils import Database

from db.connection import rows, value
from db.finding.fulltext import INDEXES, Kind, rejoin
from db.finding.marking import MARK_END, MARK_START, SEARCH_COLUMNS, excerpt, highlight, marked, matches
from db.finding.pieces import in_pieces
from db.finding.query import MOST_CHARACTERS, SearchError, to_match
from db.finding.surveying import COUNTED, Search, Survey, expression, filters_of, newest, question, search_for, survey

__all__ = [
    "COUNTED", "MARK_END", "MARK_START", "MOST_CHARACTERS", "SEARCH_COLUMNS", "Hits", "Kind", "Order", "Search",
    "SearchError", "Survey", "filters_of", "find", "find_annexes", "find_articles", "find_policies", "find_quotes",
    "highlight", "iterate", "matches", "newest", "page_of", "search_for", "survey", "to_match",
]  # fmt: skip

Order = Literal["date", "relevance"]

_A_SNIPPET = 56
"""Words of a snippet; each Chinese character is one."""
_LONG = 20_000
"""Characters, separators counted, of texts from which on FTS5 is not asked for the snippet."""
_FURTHEST = 3
"""Times a page's hits that are walked over for it, where some between them are left out (copies of a story)."""
_PLACE = re.compile(r"[0-9]{1,17}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """One page of what was found."""

    rows: tuple[Mapping[str, Any], ...]
    """The columns of the public view, `snippet`: text with MARK_START and MARK_END around what was looked for, and
    `heading`: the title, name or speaker, marked likewise; both None where no words were asked for."""
    next: str | None
    """Give it as `after` for the next page; None on the last one."""
    previous: str | None = None
    """Give it as `before` for the page before; None on the first one."""


def find_articles(db: Database, query: str | None = None, **options: Any) -> Hits:
    """Articles, newest first. Filters: source, language, kind, author; options as for `find`."""
    return find(db, "article", query, **options)


def find_quotes(db: Database, query: str | None = None, **options: Any) -> Hits:
    """Quotes, newest article first. Filters: source, language, kind, role, speaker_type, speaker, organization,
    review_state, person_id, organization_id, article_id; options as for `find`."""
    return find(db, "quote", query, **options)


def find_policies(db: Database, query: str | None = None, **options: Any) -> Hits:
    """Announcements, newest article first. Filters: source, language, instrument, action, status, salience,
    review_state, number, issuer, region, sector, entity, instrument_id, article_id; options as for `find`."""
    return find(db, "policy", query, **options)


def find_annexes(db: Database, query: str | None = None, **options: Any) -> Hits:
    """Attached files, newest article first. Filters: source, language, kind, state, article_id; options as for
    `find`."""
    return find(db, "annex", query, **options)


def find(
    db: Database,
    kind: Kind,
    query: str | None = None,
    /,
    *,
    since: str | None = None,
    until: str | None = None,
    duplicates: bool = True,
    order: Order = "date",
    limit: int = 20,
    after: str | None = None,
    before: str | None = None,
    **filters: str | Sequence[str] | None,
) -> Hits:
    """One page of articles, quotes, announcements or attached files.

    `since` and `until` are ISO prefixes of the article's time in China, `until` included; `duplicates=False` leaves
    out articles that repeat another; a filter takes one value or several of which one must hold. Raises `SearchError`
    for a query that cannot be understood and ValueError for a filter that there is not.
    """
    wanted = search_for(kind, query, since=since, until=until, duplicates=duplicates, **filters)
    return page_of(db, wanted, order=order, limit=limit, after=after, before=before)


# -- pages ------------------------------------------------------------------------------------------------------------


def page_of(
    db: Database,
    search: Search,
    *,
    order: Order = "date",
    limit: int = 20,
    after: str | None = None,
    before: str | None = None,
    known: Survey | None = None,
) -> Hits:
    """One page of a search; `known` is its survey, where that was made already. SearchError for an odd mark of a page.

    By relevance, the best of the newest COUNTED hits.
    """
    limit = max(1, min(limit, 1000))
    if order == "relevance" and search.query:
        return _best(db, search, limit, after or before, known or survey(db, search))
    if before is not None:
        edge = _place_of(before)
        found = _between(db, search, limit + 1, known, above=edge)
        if len(found) > limit:
            page = found[1:]
            return Hits(rows=records(db, search, page), next=str(page[-1]), previous=str(page[0]))
        after = None  # fewer than a page are newer: that is the first page
    found = _between(db, search, limit + 1, known, below=None if after is None else _place_of(after))
    page = found[:limit]
    return Hits(
        rows=records(db, search, page),
        next=str(page[-1]) if len(found) > limit else None,
        previous=str(page[0]) if after is not None and page else None,
    )


def _between(
    db: Database, search: Search, most: int, known: Survey | None, *, below: int | None = None, above: int | None = None
) -> tuple[int, ...]:
    if known is None or not known.complete:
        return newest(db, search, most, below=below, above=above)
    if above is not None:
        return tuple(place for place in known.places if place > above)[-most:]
    return tuple(place for place in known.places if below is None or place < below)[:most]


def _place_of(mark: str) -> int:
    if not _PLACE.fullmatch(mark):
        raise SearchError("this is no mark of a page of results", 0)
    return int(mark)


def _best(db: Database, search: Search, limit: int, mark: str | None, known: Survey) -> Hits:
    """By relevance; a mark is the number of hits before the page."""
    start = 0 if mark is None else _place_of(mark)
    if not 0 <= start <= COUNTED:
        raise SearchError("this is no mark of a page of results", 0)
    index = INDEXES[search.kind]
    rank = f"bm25({index.table}, {', '.join(map(str, index.weights))})"
    ranked = db.conn.execute(
        f"SELECT rowid FROM {index.table} WHERE {index.table} MATCH ? AND rowid BETWEEN ? AND ? "  # noqa: S608
        f"ORDER BY {rank}, rowid DESC",
        [expression(search), known.places[-1], known.places[0]] if known.places else ["tags : none", 0, 0],
    )
    counted = set(known.places)
    places = [place for (place,) in ranked if place in counted]
    page = places[start : start + limit]
    return Hits(
        rows=records(db, search, page),
        next=str(start + limit) if len(places) > start + limit else None,
        previous=str(max(0, start - limit)) if start else None,
    )


def records(db: Database, search: Search, places: Sequence[int]) -> tuple[Mapping[str, Any], ...]:
    """The rows of the public view that stand at `places`, in that order, with what was looked for marked."""
    index = INDEXES[search.kind]
    given = json.dumps(list(places))
    at = dict(
        db.conn.execute(
            f"SELECT place, seq FROM {index.base} WHERE place IN (SELECT value FROM json_each(?))",  # noqa: S608
            [given],
        )
    )
    sql = f"SELECT * FROM {index.view} WHERE seq IN (SELECT value FROM json_each(?))"  # noqa: S608
    held = {one["seq"]: one for one in rows(db, sql, [json.dumps(list(at.values()))])}
    shown = _marked(db, search, places) if search.query and places else {}
    return tuple(
        {**held[at[place]], **shown.get(place, _UNMARKED)} for place in places if place in at and at[place] in held
    )


_UNMARKED: Mapping[str, str | None] = MappingProxyType({"snippet": None, "heading": None})


def _marked(db: Database, search: Search, places: Sequence[int]) -> dict[int, dict[str, str | None]]:
    """Snippets and headings by place."""
    index = INDEXES[search.kind]
    shown, heading = index.columns[index.shown], index.columns[index.heading]
    found: dict[int, dict[str, str | None]] = {}
    if list(places) == sorted(places, reverse=True) and not index.links & search.filters.keys():
        # a page by date is a stretch of the index: one walk over it, where each place alone would be looked for anew
        sql = (
            f"SELECT rowid, CASE WHEN length({shown}) <= {_LONG} "  # noqa: S608
            f"THEN snippet({index.table}, {index.shown}, ?1, ?2, '…', {_A_SNIPPET}) END, "
            f"CASE WHEN length({heading}) <= {_LONG} THEN highlight({index.table}, {index.heading}, ?1, ?2) END "
            f"FROM {index.table} WHERE {index.table} MATCH ?3 AND rowid BETWEEN ?4 AND ?5 ORDER BY rowid DESC LIMIT ?6"
        )
        given = [MARK_START, MARK_END, expression(search), places[-1], places[0], _FURTHEST * len(places)]
        for place, snippet, above in db.conn.execute(sql, given).fetchall():
            if snippet is not None:
                found[place] = {"snippet": rejoin(snippet), "heading": above and rejoin(above)}
    for place in places:
        if place not in found:
            found[place] = _excerpted(db, search, place)
    return found


def _excerpted(db: Database, search: Search, place: int) -> dict[str, str | None]:
    index = INDEXES[search.kind]
    shown, heading = index.columns[index.shown], index.columns[index.heading]
    sql = (
        f"SELECT {shown}, CASE WHEN length({heading}) <= {_LONG} THEN {heading} END FROM {index.table} WHERE rowid = ?"  # noqa: S608
    )
    text, above = db.conn.execute(sql, [place]).fetchone() or (None, None)
    query = search.query or ""
    return {
        "snippet": excerpt(search.kind, query, rejoin(text)) if text else None,
        "heading": marked(search.kind, query, rejoin(above)) if above else None,
    }


def iterate(
    db: Database,
    kind: Kind,
    query: str | None = None,
    /,
    *,
    since: str | None = None,
    until: str | None = None,
    duplicates: bool = True,
    **filters: str | Sequence[str] | None,
) -> Generator[dict[str, Any], None, None]:
    """All that `find` has on all its pages, as rows of the public view, oldest first; for exports.

    Read in pieces (`db.finding.pieces`): what is stored meanwhile is left out, what changes meanwhile is given as it
    stands when its piece is read. Raises what `find` raises, before the first row.
    """
    search = search_for(kind, query, since=since, until=until, duplicates=duplicates, **filters)
    index = INDEXES[kind]
    last = value(db, f"SELECT max(seq) FROM {index.base}") or 0  # noqa: S608
    found = question(search)
    # CROSS JOIN: whatever the filters are, rows come by place, so that the next piece begins where this one ends
    sql = (
        f"SELECT v.*, {found.place} AS _place FROM {found.tables} "  # noqa: S608
        f"{'' if found.base else f'CROSS JOIN {index.base} AS b ON b.place = f.rowid '}"
        f"CROSS JOIN {index.view} AS v ON v.seq = b.seq "
        f"WHERE {' AND '.join(found.conditions)} AND {found.place} > :after AND b.seq <= :last ORDER BY {found.place}"
    )
    return _without_place(in_pieces(db, sql, {**found.parameters, "last": last}, key="_place"))


def _without_place(found: Iterable[dict[str, Any]]) -> Generator[dict[str, Any], None, None]:
    for one in found:
        yield {name: held for name, held in one.items() if name != "_place"}

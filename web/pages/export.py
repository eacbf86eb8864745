"""Any table or search as a file: the page on which it is chosen, and the file itself."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.connection import rows
from db.export import SEARCHED, VIEW_OF, ExportError, Selection, columns_of, manifest, rows_of
from db.formats import FORMATS, MEDIA, Format, pieces_of
from db.views import PUBLIC_VIEWS
from web.addresses import Address
from web.desk import Desk
from web.download import Download, Ended
from web.pages.search import KINDS, SOURCES, read_address
from web.render import desk_of, page

TABLES: Mapping[str, str] = MappingProxyType(
    {
        "policy_announcements": "A policy announcement that an article makes, with issuers, dates, action and evidence",
        "quotes_attributed": "A quote with its speaker, role and organization",
        "executive_quotes": "The quotes of executives",
        "instruments": "One real-world instrument over all articles, with how many report it and react to it",
        "policy_reactions": "A quote in an article that reports an instrument as news",
        "instrument_relations": "What an article says one instrument does to another: amends, repeals, suspends …",
        "people": "A person who is quoted, over all articles",
        "organizations_quoted": "An organization that is quoted, or for which somebody is",
        "articles_latest": "An article in its newest revision, with its text",
        "attachments": "A file that an article links to, with the text that was read in it",
        "review_queue": "A statement that waits for a decision",
        "numbering_gaps": "A number of the ministry's series that no document we hold bears",
        "source_health": "A source, as it stands now",
    }
)
"""The public views, in the order in which analysts ask for them, and what a row is."""
LABELS: Mapping[Format, str] = MappingProxyType(
    {"csv": "CSV", "xlsx": "XLSX", "parquet": "Parquet", "jsonl": "JSON lines"}
)
_OPTIONS = frozenset({"table", "format", "bom", "zip", "q", "since", "until"})
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_LONGEST = 4000


class Left(Exception):
    """The reader has gone."""


def choose(request: Request) -> Response:
    """The page on which table, format and options are chosen."""
    chosen = request.query_params.get("table", "")
    return page(
        "export.html",
        here="export",
        heading="Export",
        tables=TABLES,
        labels=LABELS,
        searched=tuple(view for view in TABLES if view in SEARCHED),
        chosen=chosen if chosen in TABLES else "policy_announcements",
    )


def chosen(request: Request) -> Response:
    """From the form to the file's own address."""
    given = request.query_params
    table, form = given.get("table", ""), given.get("format", "")
    if table not in PUBLIC_VIEWS or form not in FORMATS:
        raise HTTPException(400, "Choose one of the tables and one of the formats.")
    rest = [(name, held) for name, held in given.multi_items() if name not in ("table", "format") and held.strip()]
    return RedirectResponse(f"/export/{table}.{form}" + (f"?{urlencode(rest)}" if rest else ""), 303)


def table_file(request: Request) -> Response:
    """A public view as a file, with the parameters of the search where it is searched; 404 for no such table."""
    view, form = request.path_params["view"], request.path_params["form"]
    if view not in PUBLIC_VIEWS or form not in FORMATS:
        raise HTTPException(404, f"There are tables {', '.join(PUBLIC_VIEWS)}, each as {', '.join(FORMATS)}.")
    given = request.query_params
    filters = {
        name: given.getlist(name) for name in dict.fromkeys(given) if name not in _OPTIONS and any(given.getlist(name))
    }
    selection = Selection(
        view=view,
        query=given.get("q", "").strip()[:_LONGEST],
        since=_date(given, "since"),
        until=_date(given, "until"),
        filters=filters,
    )
    return _download(desk_of(request), selection, form, given)


def search_file(request: Request) -> Response:
    """What a search finds as a file: its parameters, and `format`."""
    given = request.query_params
    form = given.get("format", "csv")
    if form not in FORMATS:
        raise HTTPException(400, f"There is no format {form[:60]!r}: there are {', '.join(FORMATS)}.")
    with desk_of(request).reading() as db:
        asked = read_address(given, tuple(found["source"] for found in rows(db, SOURCES)))
    if asked.problems:
        raise HTTPException(400, " ".join(asked.problems))
    if asked.tab not in KINDS:
        raise HTTPException(400, f"Say what to take along: in={', in='.join(KINDS)}.")
    selection = Selection(
        view=VIEW_OF[KINDS[asked.tab]],
        query=asked.query,
        since=asked.since or None,
        until=asked.until or None,
        filters=asked.chosen,
    )
    return _download(desk_of(request), selection, form, given)


def _date(given: QueryParams, name: str) -> str | None:
    printed = given.get(name, "").strip()
    if printed and not _DATE.fullmatch(printed):
        raise HTTPException(400, f"{name}: {printed[:60]!r} is no date such as 2026-03-01, 2026-03 or 2026.")
    return printed or None


def _download(desk: Desk, selection: Selection, form: Format, options: QueryParams) -> Download:
    at = desk.clock()
    bom, packed = options.get("bom") == "1", options.get("zip") == "1"

    def make(ended: Ended) -> Generator[bytes, None, None]:
        try:
            with desk.streaming(ended) as db, closing(rows_of(db, selection)) as found:
                about = manifest(db, selection, at=at)
                columns = columns_of(db, selection.view)
                yield from pieces_of(_while_wanted(found, ended), columns, form, about, bom=bom, packed=packed)
        except ExportError as error:
            raise HTTPException(400, f"This cannot be exported: {error}.") from error

    name = f"{selection.view}-{at:%Y-%m-%d}.{form}"
    return Download(make, name=f"{name}.zip" if packed else name, media_type=MEDIA["zip" if packed else form])


def _while_wanted(found: Iterable[dict[str, Any]], ended: Ended) -> Iterator[dict[str, Any]]:
    for one in found:
        if ended():
            raise Left
        yield one


ADDRESSES = (
    Address("/export", choose),
    Address("/export/file", chosen),
    Address("/export/{view}.{form}", table_file),
    Address("/search/export", search_file),
)

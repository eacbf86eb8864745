"""What is exported: any public view, or any search, whole or filtered, row by row in the order of storing."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType
from typing import Any, Literal

from sqlite_utils import Database

from db.connection import rows, value
from db.finding.pieces import in_pieces
from db.names import utc
from db.search import Kind, SearchError, iterate
from db.views import PUBLIC_VIEWS

Holds = Literal["text", "integer", "real", "names", "files", "spans"]
"""What a column holds; `names` are lists of text, `files` of `{url, name}`, `spans` of `{start, end, text}`."""

_LISTS: Mapping[str, Holds] = MappingProxyType(
    {
        **dict.fromkeys(("authors", "section", "captions", "editors"), "names"),
        **dict.fromkeys(("issuers", "regions", "sectors", "entities"), "names"),
        "attachments": "files",
        "evidence": "spans",
    }
)
_COMPUTED: Mapping[str, Holds] = MappingProxyType(
    {
        **dict.fromkeys(("articles", "reactions", "articles_7d", "failures", "last_run_id", "open_issues"), "integer"),
        "quotes": "integer",
        **dict.fromkeys(("year", "lower", "upper"), "integer"),
        "baseline_7d": "real",
    }
)
"""Numbers that a view computes, so that SQLite knows no type of them."""
_DECLARED: Mapping[str, Holds] = MappingProxyType({"INTEGER": "integer", "REAL": "real"})

SEARCHED: Mapping[str, Kind] = MappingProxyType(
    {
        "articles_latest": "article",
        "policy_announcements": "policy",
        "quotes_attributed": "quote",
        "executive_quotes": "quote",
        "attachments": "annex",
    }
)
"""The views that take a query, dates and the filters of the search."""
VIEW_OF: Mapping[Kind, str] = MappingProxyType(
    {
        "article": "articles_latest",
        "policy": "policy_announcements",
        "quote": "quotes_attributed",
        "annex": "attachments",
    }
)

_BY_KEY = MappingProxyType(
    {
        "instruments": (
            "SELECT max(seq) FROM instrument_registry",
            "SELECT v.*, k.seq AS _key FROM (SELECT seq FROM instrument_registry WHERE seq > :after AND seq <= :last) "
            "AS k CROSS JOIN instruments AS v WHERE v.seq = k.seq",
        ),
        "policy_reactions": (
            "SELECT max(seq) FROM instrument_registry",
            "SELECT v.*, k.seq AS _key FROM (SELECT seq, id FROM instrument_registry WHERE seq > :after "
            "AND seq <= :last) AS k CROSS JOIN policy_reactions AS v WHERE v.instrument_id = k.id",
        ),
        "people": (
            "SELECT max(seq) FROM persons",
            "SELECT v.*, v.seq AS _key FROM people AS v WHERE v.seq > :after AND v.seq <= :last",
        ),
        "organizations_quoted": (
            "SELECT max(seq) FROM organizations",
            "SELECT v.*, v.seq AS _key FROM organizations_quoted AS v WHERE v.seq > :after AND v.seq <= :last",
        ),
        "instrument_relations": (
            "SELECT max(id) FROM relations",
            "SELECT v.*, v.id AS _key FROM instrument_relations AS v WHERE v.id > :after AND v.id <= :last",
        ),
        "review_queue": (
            "SELECT max((SELECT coalesce(max(seq), 0) FROM policies), (SELECT coalesce(max(seq), 0) FROM quotes))",
            "SELECT v.*, v.seq AS _key FROM review_queue AS v WHERE v.seq > :after AND v.seq <= :last",
        ),
    }
)
"""The last key and the rows of the views that may be long; the others are read in one piece."""


class ExportError(ValueError):
    """The export cannot be made; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a public view."""

    name: str
    holds: Holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is to be exported."""

    view: str
    query: str = ""
    """As it is typed into the search."""
    since: str | None = None
    until: str | None = None
    """ISO prefixes of the article's time in China, `until` included."""
    filters: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    """As the search takes them; where a view is not searched, any of its columns with the values that it may have."""


def rows_of(db: Database, selection: Selection) -> Generator[dict[str, Any], None, None]:
    """The rows that are selected, JSON columns still as text.

    ExportError, before the first row, for a view that there is not, or a query, date or filter that it does not take.
    """
    _check(selection.view)
    if selection.view in SEARCHED:
        return _searched(db, selection)
    if selection.query or selection.since or selection.until:
        raise ExportError(
            f"{selection.view} takes no query and no dates: only {', '.join(SEARCHED)} do; filter by a column instead"
        )
    conditions, parameters = _equalities(columns_of(db, selection.view), selection)
    if selection.view not in _BY_KEY:
        where = " AND ".join(conditions) or "1"
        return rows(db, f'SELECT v.* FROM "{selection.view}" AS v WHERE {where}', parameters)  # noqa: S608
    last, sql = _BY_KEY[selection.view]
    parameters["last"] = value(db, last) or 0
    return _without_key(in_pieces(db, " AND ".join([sql, *conditions]) + " ORDER BY _key", parameters, key="_key"))


def columns_of(db: Database, view: str) -> tuple[Column, ...]:
    """The columns of a public view, in order. ExportError for any other name."""
    _check(view)
    return tuple(
        Column(name=name, holds=_holds(view, name, declared))
        for _at, name, declared, *_rest in db.conn.execute(f'PRAGMA table_info("{view}")')
    )


def manifest(db: Database, selection: Selection, *, at: datetime) -> dict[str, Any]:
    """What an export is of: for whoever finds the file a year later. The number of rows is added when it is known."""
    return {
        "table": selection.view,
        "query": selection.query or None,
        "since": selection.since,
        "until": selection.until,
        "filters": {name: [held] if isinstance(held, str) else list(held) for name, held in selection.filters.items()},
        "order": "oldest first" if selection.view in SEARCHED else "as stored, oldest first",
        "exported_at": utc(at),
        "program": f"policywire {_version()}",
        "schema": value(db, "SELECT name FROM _sqlite_migrations ORDER BY id DESC LIMIT 1"),
        "columns": [{"name": column.name, "holds": column.holds} for column in columns_of(db, selection.view)],
    }


def _version() -> str:
    try:
        return version("policywire")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "(not installed)"


def _check(view: str) -> None:
    if view not in PUBLIC_VIEWS:
        raise ExportError(f"no table {view!r}: there are {', '.join(PUBLIC_VIEWS)}")


def _holds(view: str, name: str, declared: str) -> Holds:
    if name in _LISTS:
        return _LISTS[name]
    if view == "numbering_gaps" and name == "number":
        return "integer"
    return _DECLARED.get(declared) or _COMPUTED.get(name, "text")


def _searched(db: Database, selection: Selection) -> Generator[dict[str, Any], None, None]:
    filters: dict[str, Any] = dict(selection.filters)
    if selection.view == "executive_quotes":
        if filters.get("role", "executive") not in ("executive", ["executive"], ("executive",)):
            raise ExportError("executive_quotes has one role only: take quotes_attributed for the others")
        filters["role"] = "executive"
    try:
        return iterate(
            db,
            SEARCHED[selection.view],
            selection.query,
            since=selection.since,
            until=selection.until,
            **filters,
        )
    except SearchError as error:
        raise ExportError(f"the query cannot be understood: {error}") from error
    except ValueError as error:
        raise ExportError(f"{selection.view} has {error}") from error


def _equalities(columns: Iterable[Column], selection: Selection) -> tuple[list[str], dict[str, Any]]:
    known = {column.name: column for column in columns}
    conditions, parameters = [], {}
    for name, wanted in selection.filters.items():
        if name not in known:
            raise ExportError(f"{selection.view} has no column {name!r}: there are {', '.join(known)}")
        values = [wanted] if isinstance(wanted, str) else list(wanted)
        marks = ", ".join(f":{name}_{at}" for at in range(len(values)))
        parameters.update({f"{name}_{at}": one for at, one in enumerate(values)})
        conditions.append(
            f"EXISTS (SELECT 1 FROM json_each(v.{name}) WHERE value IN ({marks}))"  # noqa: S608
            if known[name].holds == "names"
            else f'CAST(v."{name}" AS TEXT) IN ({marks})'
        )
    return conditions, parameters


def _without_key(found: Iterable[dict[str, Any]]) -> Generator[dict[str, Any], None, None]:
    for one in found:
        del one["_key"]
        yield one


def decoded(held: Any, column: Column) -> Any:
    """A cell with what is a JSON list in the database as a list."""
    return json.loads(held) if column.holds in ("names", "files", "spans") and isinstance(held, str) else held

"""How the sources are doing, what the last runs did, and what waits for somebody to look at."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from db.connection import rows, value
from db.names import utc
from db.status import read_status
from web.addresses import Address
from web.render import desk_of, page

_RUNS = 30
_ISSUES = 100


def sources(request: Request) -> Response:
    """Health, runs and open issues."""
    desk = desk_of(request)
    now = desk.clock()
    with desk.reading() as db:
        runs = list(rows(db, "SELECT * FROM runs ORDER BY id DESC LIMIT ?", [_RUNS]))
        routes: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for route in rows(db, _ROUTES, [runs[-1]["id"] if runs else 0]):
            routes[route["run_id"]].append(route)
        return page(
            "sources.html",
            here="sources",
            heading="Sources",
            now=utc(now),
            whole=read_status(db, now),
            runs=runs,
            routes=routes,
            issues=list(rows(db, _OPEN_ISSUES, [_ISSUES])),
        )


def healthz(request: Request) -> Response:
    """`{"status": "ok"}` while the database can be read; else the error page's status, 503."""
    with desk_of(request).reading() as db:
        value(db, "SELECT count(*) FROM _sqlite_migrations")
    return JSONResponse({"status": "ok"})


_ROUTES = "SELECT * FROM routes WHERE run_id >= ? ORDER BY run_id, route"
_OPEN_ISSUES = "SELECT * FROM issues WHERE closed_at IS NULL ORDER BY last_seen_at DESC, id DESC LIMIT ?"


ADDRESSES = (
    Address("/sources", sources),
    Address("/healthz", healthz, role="anyone"),
)

"""The analysts' site as one Starlette application: its addresses, and what is said when something goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from db import DatabaseError
from web.access import Access
from web.addresses import Address, Subtree
from web.data.mount import data_app
from web.data.tables import NAME
from web.desk import Desk, utc_now
from web.doors import behind_doors
from web.guard import HEADERS, guarded
from web.navigation import entries
from web.pace import Pace
from web.pages import (
    account,
    additions,
    archived,
    articles,
    attachments,
    batches,
    changes,
    export,
    instruments,
    keys,
    linking,
    mail,
    people,
    quality,
    review,
    rule_edit,
    rules,
    search,
    second,
    sources,
    today,
    unsubscribe,
)  # fmt: skip
from web.records import ReadRecord, no_archive
from web.render import STATIC, environment, page
from web.visits import keeping_sessions

log = logging.getLogger("policywire.web")

_PAGES = (
    today, search, articles, archived, attachments, changes, instruments, people, linking, second, batches,
    additions, review, quality, rule_edit, rules, sources, mail, export, account, keys,
    unsubscribe,
)  # fmt: skip


LOCAL = Access()
"""One person on one machine: no logins, loopback only."""


def make_app(
    database: Path,
    *,
    archive: Path,
    access: Access = LOCAL,
    clock: Callable[[], datetime] = utc_now,
    read_record: ReadRecord = no_archive,
) -> Starlette:
    """The site over the database file at `database`; `archive` is the folder of the fetched pages,
    from which `read_record` reads one.

    Opens nothing yet: a database that is missing or locked is told on the page that needs it, with status 503.
    """
    desk = Desk(database=database, archive=archive, clock=clock, read_record=read_record)
    places = _places(database, access)
    doors = [(place.route(), place.role) for place in places]
    app = Starlette(
        routes=[route for route, _needed in doors],
        middleware=[
            Middleware(guarded, access=access),
            Middleware(ExceptionMiddleware, handlers={DatabaseError: _unavailable}),
            Middleware(behind_doors, doors=doors, desk=desk, access=access),
            Middleware(keeping_sessions, desk=desk),
        ],
        exception_handlers={
            HTTPException: _refused,
            DatabaseError: _unavailable,
            Exception: _broken,
        },
    )
    environment().globals["navigation"] = entries(places)
    app.state.desk = desk
    app.state.access = access
    app.state.doors = doors
    app.state.unsubscribing = Pace()
    return app


def _places(database: Path, access: Access) -> list[Address | Subtree]:
    def datasette() -> ASGIApp:
        from web.data.build import make_datasette  # here: it takes a second, and nobody may ask for it

        return make_datasette(database, https=access.https)

    return [
        *(address for page_module in _PAGES for address in page_module.ADDRESSES),
        Address("/data", lambda request: RedirectResponse(f"/data/{NAME}", 303)),
        Subtree(path="/data", app=data_app(datasette), role="reader"),
        Subtree(path="/static", app=StaticFiles(directory=STATIC), role="anyone"),
    ]


_SAID = {
    404: ("Not found", "There is no page at this address."),
    405: ("Not allowed", "This address does not take such a request."),
}


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    heading, usual = _SAID.get(error.status_code, ("That did not work", ""))
    # Starlette's own words for a missing route are not ours
    detail = error.detail if error.detail not in ("Not Found", "Method Not Allowed") else usual
    answer = page("error.html", status=error.status_code, heading=heading, detail=detail)
    answer.headers.update(error.headers or {})
    return answer


def _unavailable(request: Request, error: Exception) -> Response:
    log.error("database unavailable", extra={"path": request.url.path, "detail": str(error)})
    if request.url.path == "/healthz":
        return JSONResponse({"status": "unavailable"}, 503)  # anybody may ask: paths and reasons stand in the log
    answer = page("error.html", status=503, heading="The database cannot be read", detail=str(error))
    answer.headers["Retry-After"] = "5"
    return answer


def _broken(request: Request, error: Exception) -> Response:
    """The last resort; it answers outside the guard, so it brings the headers itself. The server logs the error."""
    answer = page(
        "error.html",
        status=500,
        heading="Something is broken here",
        detail="The mistake is ours and stands in the log of `policywire serve`.",
    )
    answer.headers.update(HEADERS)
    return answer

"""Who may pass: the one place where an address's role is held against the person who asks. Shut unless it says open."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from db import DatabaseError, DatabaseLocked
from db.accounts.sessions import LoggedIn, is_due, seen, session
from web.access import Access
from web.addresses import Needs
from web.desk import Desk
from web.render import page
from web.viewer import CURRENT, Viewer, whoever_sits_here

log = logging.getLogger("policywire.web")

Door = tuple[BaseRoute, Needs]


def behind_doors(app: ASGIApp, *, doors: Sequence[Door], desk: Desk, access: Access) -> ASGIApp:
    """`app` behind the roles of its routes, tried in the order in which the router tries them.

    What matches no door is no page: a route that was added past the doors cannot be reached.
    """

    async def closed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})  # the site has none
            return
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        needed = _needed(scope, doors)
        if needed == "anyone":
            await app(scope, receive, send)
            return
        request = Request(scope)
        viewer = await _viewer(request, desk, access)
        token = CURRENT.set(viewer)
        try:
            refusal = _refusal(request, viewer, needed)
            if refusal is not None:
                await refusal(scope, receive, send)
                return
            scope["viewer"] = viewer
            await app(scope, receive, send)
        finally:
            CURRENT.reset(token)

    return closed


def _needed(scope: Scope, doors: Sequence[Door]) -> Needs | None:
    """The role that the first matching door asks for, as the router goes: of two the one that takes the method."""
    partial: Needs | None = None
    for route, needed in doors:
        match, _child = route.matches(scope)
        if match is Match.FULL:
            return needed
        if match is Match.PARTIAL and partial is None:
            partial = needed
    return partial


async def _viewer(request: Request, desk: Desk, access: Access) -> Viewer | None:
    if not access.logins:
        return whoever_sits_here()
    token = request.cookies.get(access.cookie)
    return await run_in_threadpool(_logged_in, token, desk, access) if token else None


def _logged_in(token: str, desk: Desk, access: Access) -> Viewer | None:
    now = desk.clock()
    with desk.reading() as db:
        held = session(db, token, idle=access.idle, now=now)
    if held is None:
        return None
    if is_due(held, now):
        _write_down(held, desk)
    return Viewer(name=held.name, role=held.role, user_id=held.user_id, session_id=held.session_id)


def _write_down(held: LoggedIn, desk: Desk) -> None:
    """A page waits for no crawl: where the database is being written, the next request says so."""
    try:
        with desk.writing(patience=0.2) as db:
            seen(db, held.session_id, desk.clock())
    except DatabaseLocked:
        return
    except DatabaseError as error:
        log.warning("session not written down", extra={"detail": str(error)})


def _refusal(request: Request, viewer: Viewer | None, needed: Needs | None) -> Response | None:
    if viewer is None:
        return _to_login(request)
    if needed is None:
        return page("error.html", status=404, heading="Not found", detail="There is no page at this address.")
    if not viewer.may(needed):
        return page(
            "error.html",
            status=403,
            heading="Not for you",
            detail=f"This page is for the role {needed}; you are {viewer.name}, {viewer.role}. "
            "An administrator changes it with `policywire user role`.",
        )
    return None


def _to_login(request: Request) -> Response:
    if request.method in ("GET", "HEAD"):
        return RedirectResponse(login_address(request.url.path, request.url.query), 303)
    return page(
        "error.html",
        status=401,
        heading="Please log in",
        detail="Your session has ended and nothing was stored. Log in again in another window, then go back and "
        "send the form once more.",
    )


def login_address(path: str, query: str) -> str:
    """Where somebody logs in who wants to see a page."""
    wanted = quote(path, safe="/~") + (f"?{query}" if query else "")
    return "/login" if wanted == "/" else f"/login?{urlencode({'next': wanted})}"

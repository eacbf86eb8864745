"""Keeping that a viewer reads, after the page was sent: no reader waits for it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from db import DatabaseError
from db.accounts.seen import Place, Visit, note_visit, visit_of
from web.desk import Desk
from web.viewer import Viewer

log = logging.getLogger("policywire.web")

_EVERY = timedelta(minutes=1)
_PATIENCE = 1.0
"""Seconds that the note waits for another writer; the next page notes it again."""


def keeping_sessions(app: ASGIApp, *, desk: Desk) -> ASGIApp:
    """`app`, where whatever page a viewer opens keeps their session of reading going; once a minute is enough."""
    kept: dict[str, datetime] = {}

    async def keep(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)
        viewer = scope.get("viewer")
        if not isinstance(viewer, Viewer) or scope["method"] != "GET" or scope["path"] == "/":
            return  # Today notes its visits itself, with how far it has shown the news
        now = desk.clock()
        if viewer.name not in kept or abs(now - kept[viewer.name]) >= _EVERY:
            kept[viewer.name] = now
            await run_in_threadpool(_read_on, desk, viewer.name, now)

    return keep


def _read_on(desk: Desk, viewer: str, now: datetime) -> None:
    """Note a visit that has begun; one that has not is not begun by any page but Today."""
    try:
        with desk.reading() as db:
            visit = visit_of(db, viewer, now=now)
    except DatabaseError:
        return  # the page has told it
    if visit.begun and not visit.noted:
        _note(desk, viewer, now, None)


def noting(
    desk: Desk, viewer: str, visit: Visit, *, now: datetime, shown: Place | None = None
) -> BackgroundTask | None:
    """What is to be done when the page is sent; nothing where the last minute is known. `shown`: see `note_visit`."""
    return None if visit.noted else BackgroundTask(_note, desk, viewer, now, shown)


def _note(desk: Desk, viewer: str, now: datetime, shown: Place | None) -> None:
    try:
        with desk.writing(patience=_PATIENCE) as db:
            note_visit(db, viewer, now=now, shown=shown)
    except DatabaseError as error:
        log.info("a visit was not noted", extra={"viewer": viewer, "detail": str(error)})

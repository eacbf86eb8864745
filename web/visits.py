"""Keeping that a viewer reads, after the page was sent: no reader waits for it."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlite_utils import Database
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from db import DatabaseError
from db.seen import Place, Visit, note_visit, visit_of
from web.desk import Desk
from web.render import desk_of
from web.viewer import viewer_of

log = logging.getLogger("policywire.web")

_PATIENCE = 1.0
"""Seconds that the note waits for another writer; the next page notes it again."""


def reading_on(request: Request, db: Database, answer: Response) -> Response:
    """The answer to somebody who reads on, which keeps their session going; one that has not begun is not begun."""
    desk, viewer = desk_of(request), viewer_of(request).name
    now = desk.clock()
    visit = visit_of(db, viewer, now=now)
    if visit.begun:
        answer.background = noting(desk, viewer, visit, now=now)
    return answer


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

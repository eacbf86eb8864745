"""What Datasette asks us: how a cell is shown, and what is said when something goes wrong."""

from __future__ import annotations

import logging
import re
import sqlite3
from typing import Any

from datasette import Response, hookimpl
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError
from markupsafe import Markup

from db import DatabaseError
from web.inert import cut, inert, web_address
from web.render import page

log = logging.getLogger("policywire.web")

_OUR_PAGES = {"a": "articles", "i": "instruments", "n": "people", "o": "organizations", "f": "attachments"}
_ID = re.compile(r"[ainof][0-9a-f]{15}")
_TOO_SLOW = "The answer took too long. Ask for less: a filter, a LIMIT, a shorter stretch of time."


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: Any) -> Markup | None:
    """An id of ours leads to its page, a plain web address to where it says; all else is shown as text by Datasette."""
    if not isinstance(value, str) or len(value) > 2000:
        return None
    if _ID.fullmatch(value):
        return Markup('<a href="/{}/{}">{}</a>').format(_OUR_PAGES[value[0]], value, value)
    if value.lower().startswith(("http://", "https://")):
        shown = cut(inert(value), 80)
        address = web_address(value)
        if not address:
            return Markup("<span>{}</span>").format(shown)
        return Markup('<a href="{}" rel="noreferrer noopener external">{}</a>').format(address, shown)
    return None


@hookimpl  # type: ignore[untyped-decorator]
def handle_exception(request: Any, exception: Exception) -> Response:
    """Every error in our frame; what is no mistake of the asker stands in the log and not on the page."""
    status, heading, detail = _said(exception)
    if status >= 500:
        log.error("data page failed", exc_info=exception, extra={"path": request.path})
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": detail, "status": status, "title": heading}, status=status)
    answer = page("data/error.html", status=status, heading=heading, detail=detail, sql=request.args.get("sql") or "")
    return Response.html(bytes(answer.body).decode(), status=status)


def _said(exception: Exception) -> tuple[int, str, str]:
    if isinstance(exception, Base400):
        missing = exception.status == 404
        return exception.status, "Not found" if missing else "That did not work", _sentence(exception)
    if isinstance(exception, QueryInterrupted) or (
        isinstance(exception, DatasetteError) and exception.title == "SQL Interrupted"
    ):
        return 400, "Too slow", _TOO_SLOW
    if isinstance(exception, DatasetteError) and not exception.message_is_html:
        # with 500 too: it is what was asked for that cannot be, such as sorting by a column that there is not
        return min(exception.status, 400), exception.title or "That did not work", str(exception.message)
    if isinstance(exception, DatabaseError):
        return 503, "The database cannot be read", str(exception)
    if isinstance(exception, sqlite3.DatabaseError) and "prohibited" in str(exception) + _authorized(exception):
        return 403, "Not open here", "This table is not open here; the page Data lists what is."
    if isinstance(exception, sqlite3.Error | ValueError | KeyError | OverflowError):
        return 400, "That did not work", str(exception)
    return 500, "Something is broken here", "The mistake is ours and stands in the log of `policywire serve`."


def _authorized(exception: Exception) -> str:
    return "prohibited" if str(exception) == "not authorized" else ""


def _sentence(exception: Exception) -> str:
    said = str(exception.args[0]) if exception.args else ""
    return "There is no such page, table or row." if said in ("404", "Table not found", "Record not found") else said

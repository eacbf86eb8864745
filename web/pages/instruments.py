"""One real-world instrument over all articles: what it is, who reported it, who was quoted on it."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from db.connection import row, rows
from web.addresses import Address
from web.labels import listed
from web.pages.today import VOICES
from web.render import desk_of, page

_MOST_REPORTS = 200
_MOST_VOICES = 200


def instrument(request: Request) -> Response:
    """One instrument; 404 if there is none of that id."""
    identity = request.path_params["id"]
    with desk_of(request).reading() as db:
        found = row(db, "SELECT * FROM instruments WHERE id = ?", [identity])
        if found is None:
            raise HTTPException(404, "There is no such instrument.")
        reports = list(rows(db, _REPORTS, [identity, _MOST_REPORTS]))
        voices = list(rows(db, VOICES, {"instrument": identity, "articles": _MOST_VOICES, "limit": _MOST_VOICES}))
        official = _official(db, found["official_url"])
    return page(
        "instrument.html",
        heading=found["title"],
        instrument=found,
        names=_distinct(report["title"] for report in reports),
        effective=_distinct(report["effective_on"] for report in reports),
        actions=_distinct(report["action"] for report in reports if report["action"] != "other"),
        statuses=_distinct(report["status"] for report in reports),
        lists={name: _distinct(one for report in reports for one in listed(report[name])) for name in _LISTS},
        reports=reports,
        voices=voices,
        official=official,
    )


_LISTS = ("issuers", "regions", "sectors", "entities")


def _distinct(values: Any) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _official(db: Database, url: str | None) -> dict[str, Any] | None:
    if not url:
        return None
    return row(db, "SELECT id, title FROM articles_latest WHERE url = ?", [url]) if url else None


_REPORTS = """
SELECT * FROM policy_announcements WHERE instrument_id = ?
ORDER BY CASE salience WHEN 'news' THEN 0 ELSE 1 END, sort_at, seq LIMIT ?
"""


ADDRESSES = (Address("/instruments/{id}", instrument),)

"""A person: everything that he or she is quoted with, and the posts that the articles name."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from db.connection import row, rows
from web.addresses import Address
from web.render import desk_of, page

_MOST_QUOTES = 200


def person(request: Request) -> Response:
    """One person; 404 if there is none of that id."""
    identity = request.path_params["id"]
    with desk_of(request).reading() as db:
        found = row(db, _PERSON, [identity])
        if found is None:
            raise HTTPException(404, "There is no such person.")
        quotes = list(rows(db, _QUOTES, [identity, _MOST_QUOTES]))
    return page("person.html", heading=found["name"], person=found, quotes=quotes, posts=posts(quotes))


def posts(quotes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Post and organization as printed, with the first and last article that prints them, newest first."""
    held: dict[tuple[str, str], dict[str, Any]] = {}
    for quote in quotes:
        if not quote["title"] and not quote["organization"]:
            continue
        key = (quote["title"] or "", quote["organization"] or "")
        known = held.setdefault(key, {"title": key[0], "organization": key[1], "last": quote["published_at"]})
        known["first"] = quote["published_at"]
    return list(held.values())


_PERSON = """
SELECT p.id, p.name, o.name AS organization FROM persons AS p
LEFT JOIN organizations AS o ON o.id = p.organization_id WHERE p.id = ?
"""
_QUOTES = "SELECT * FROM quotes_attributed WHERE person_id = ? ORDER BY sort_at DESC, seq DESC LIMIT ?"


ADDRESSES = (Address("/people/{id}", person),)

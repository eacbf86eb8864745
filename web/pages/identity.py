"""What the pages of instruments, people and organizations share: an id that stands for another, lists page by page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.links.entities import Before, found_as

PLACES = {"i": "/instruments", "n": "/people", "o": "/organizations"}
"""Where the ids that begin with a letter have their pages."""
NAMES = {"i": "instrument", "n": "person", "o": "organization"}


def standing(db: Database, request: Request, letter: str) -> tuple[str, Response | None]:
    """The id that an address asks for, and where it leads if that stands for another now. 404 for one unknown."""
    asked = request.path_params["id"]
    found = found_as(db, asked) if asked[:1] == letter else None
    if found is None:
        raise HTTPException(404, f"There is no such {NAMES[letter]}.")
    identity, other = found
    # not for good: a merge can be taken back
    return identity, RedirectResponse(f"{PLACES[letter]}/{identity}", 307) if other else None


def asked_before(request: Request, name: str) -> Before | None:
    """The place in a list that an address names, `TIME~NUMBER`; None for its beginning or what is none."""
    at, mark, seq = request.query_params.get(name, "").partition("~")
    if not mark or not seq.isascii() or not seq.isdigit() or len(seq) > 18 or len(at) > 40:
        return None
    return at, int(seq)


def earlier(request: Request, name: str, found: list[dict[str, Any]], limit: int) -> str | None:
    """The address of the next page of a list of which one row more than `limit` was asked for; None on the last."""
    if len(found) <= limit:
        return None
    last = found[limit - 1]
    parameters = request.url.include_query_params(**{name: f"{last['sort_at']}~{last['seq']}"}).query
    return f"{request.url.path}?{parameters}#{name}"


def said_once(quotes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Quotes of which the same words by the same speaker come once; `also` are the rows of the other articles."""
    said: dict[tuple[Any, str], dict[str, Any]] = {}
    for quote in quotes:
        key = (quote["person_id"] or quote["speaker"], quote["text"].strip())
        if key in said:
            said[key]["also"].append(quote)
        else:
            said[key] = {**quote, "also": []}
    return list(said.values())


def by_speaker(quotes: Iterable[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """What one speaker says in one article stands together: the first quote, and all of them."""
    together: dict[tuple[Any, Any], list[Mapping[str, Any]]] = {}
    for quote in quotes:
        together.setdefault((quote["article_id"], quote["person_id"] or quote["speaker"]), []).append(quote)
    return [(of_one[0], of_one) for of_one in together.values()]

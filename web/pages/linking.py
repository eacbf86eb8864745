"""What belongs together: merge, split and undo for instruments, people and organizations, with the links' reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.links import entities
from db.links.identities import resolve
from db.links.overrides import Override, OverrideError, history, merge, move, split, undo
from db.links.suggestions import suggest
from web.addresses import Address
from web.forms import FormError, read_lists
from web.pages.identity import NAMES, PLACES
from web.render import desk_of, page
from web.viewer import viewer_of

_STATEMENTS = 200
"""Of an identity that can be chosen from at a time, the newest."""


def linking(request: Request) -> Response:
    """The names that are taken for one, what else may be the same, its statements, and what people ruled."""
    with desk_of(request).reading() as db:
        asked = request.path_params["id"]
        identity = resolve(db, asked) if asked[:1] in PLACES else None
        if identity is None:
            raise HTTPException(404, "There is no such instrument, person or organization.")
        if identity != asked:
            return RedirectResponse(f"/linking/{identity}", 307)
        return _shown(request, db, identity)


async def rule(request: Request) -> Response:
    """Take a ruling: `do` is merge (with `other`), split or move (with `statement`s, `to`), or undo (with `event`)."""
    try:
        entered = read_lists(await request.body())
    except FormError as error:
        raise HTTPException(400, str(error)) from error
    return await run_in_threadpool(_rule, request, request.path_params["id"], entered)


def _rule(request: Request, identity: str, entered: Mapping[str, list[str]]) -> Response:
    if identity[:1] not in PLACES:
        raise HTTPException(404, "There is no such instrument, person or organization.")
    desk = desk_of(request)
    try:
        with desk.writing() as db:
            made = _written(db, identity, entered, by=viewer_of(request).name, now=desk.clock())
    except (OverrideError, FormError, LookupError) as error:
        with desk.reading() as db:
            standing = resolve(db, identity)
            if standing is None:
                raise HTTPException(404, "There is no such instrument, person or organization.") from error
            return _shown(request, db, standing, trouble=str(error.args[0]), status=409)
    return RedirectResponse(f"/linking/{made.identity}?" + urlencode({"done": made.event}), 303)


def _written(db: Database, identity: str, entered: Mapping[str, list[str]], *, by: str, now: Any) -> Override:
    does = _one(entered, "do")
    reason = _one(entered, "reason")[:500] or None
    statements = entered.get("statement", [])[:_STATEMENTS]
    if does == "merge":
        other = _id_in(_one(entered, "other"))
        return merge(db, identity, other, by=by, reason=reason, now=now)
    if does == "split":
        return split(db, identity, statements, by=by, reason=reason, now=now)
    if does == "move":
        return move(db, statements, _id_in(_one(entered, "to")), by=by, reason=reason, now=now)
    if does == "undo":
        event = _one(entered, "event")
        if not event.isascii() or not event.isdigit() or len(event) > 18:
            raise FormError("event: the number of a ruling is missing")
        return undo(db, int(event), by=by, reason=reason, now=now)
    raise FormError("do: one of merge, split, move and undo")


def _one(entered: Mapping[str, list[str]], name: str) -> str:
    return (entered.get(name) or [""])[-1].strip()


def _id_in(text: str) -> str:
    """The id in what was entered: the id itself, or the address of its page."""
    found = text.rstrip("/").rpartition("/")[2].partition("?")[0].partition("#")[0]
    if found[:1] not in PLACES or not found.isascii() or not found.isalnum() or len(found) > 40:
        raise FormError(f"“{text[:60]}” is no id and no address of a page; copy the address of the other page")
    return found


def _shown(request: Request, db: Database, identity: str, *, trouble: str = "", status: int = 200) -> Response:
    found = _READERS[identity[0]](db, identity)
    assert found is not None, "an id that stands for itself is one"
    events = history(db, identity)
    done = request.query_params.get("done", "")
    return page(
        "linking.html",
        status=status,
        heading=found["title"] if identity[0] == "i" else found["name"],
        identity=identity,
        what=NAMES[identity[0]],
        place=f"{PLACES[identity[0]]}/{identity}",
        places=PLACES,
        names=found.get("names", []),
        suggestions=suggest(db, identity),
        statements=_STATEMENTS_OF[identity[0]](db, identity, limit=_STATEMENTS),
        most=_STATEMENTS,
        events=list(reversed(events)),
        done=next((event for event in events if str(event["id"]) == done), None),
        trouble=trouble,
    )


_READERS = {"i": entities.instrument, "n": entities.person, "o": entities.organization}
_STATEMENTS_OF = {
    "i": entities.reports,
    "n": entities.quotes_of_person,
    "o": entities.quotes_of_organization,
}

ADDRESSES = (
    Address("/linking/{id}", linking, role="reviewer"),
    Address("/linking/{id}", rule, role="reviewer", method="POST"),
)

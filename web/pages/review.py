"""Review: the queue one statement at a time, decisions by one key or one button each, and their undoing.

The pages work as plain forms. The script of the site sends the same forms without leaving the page: it says so by
asking for JSON, and gets the event where a plain form is sent on to the next statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from db import DatabaseLocked
from db.connection import transaction
from db.deciding.known import FIELDS as KNOWN_FIELDS
from db.deciding.known import names_like
from db.deciding.queue import claim, claim_of, claimed_by_others, queue, queue_length, rules_that_matched
from db.review import (
    AlreadyDecided,
    Reviewed,
    ReviewError,
    decide,
    history,
    last_decision,
    statement,
    undo,
    undo_last,
)
from pipeline.sources import TITLES
from web.addresses import Address
from web.desk import Desk
from web.forms import changes, digest, expected_in, fields, posted, readings
from web.labels import counted
from web.pages.review_item import item_page, name_of, seen_or_404
from web.places import STATEMENT, Place, place_in, place_of
from web.render import desk_of, page
from web.viewer import viewer_of

_UPCOMING = 5
_SAID = {"accept": "Accepted", "correct": "Corrected", "reject": "Rejected", "undo": "Taken back"}
_AGREED = "the extractor no longer finds it"


def review(request: Request) -> Response:
    """The statement that waits first and that nobody else is looking at, without those that were skipped."""
    desk, place = desk_of(request), place_of(request.query_params)
    reviewer = viewer_of(request).name
    first = _taken(desk, place, reviewer)
    with desk.reading() as db:
        done = _done(db, request.query_params.get("done", ""))
        if first is None:
            return page(
                "review_empty.html",
                here="review",
                heading="Review",
                place=place,
                waiting=queue_length(db, place.wanted),
                others=len(claimed_by_others(db, reviewer, now=desk.clock())),
                sources=sorted(TITLES),
                rules=rules_that_matched(db),
                done=done,
            )
        following = queue(db, place.wanted, limit=_UPCOMING, skip={*place.skip, *place.ahead, first})
        upcoming = [{**one, "says": _says(statement(db, one["id"]))} for one in following]
        return item_page(request, db, seen_or_404(db, first), place=place, done=done, upcoming=upcoming)


def _taken(desk: Desk, place: Place, reviewer: str) -> str | None:
    """The id of the first that is free, kept from others from now on; a database that is busy keeps nothing."""
    now = desk.clock()
    with desk.reading() as db:
        skip = {*place.skip, *place.ahead, *claimed_by_others(db, reviewer, now=now)}
        free = queue(db, place.wanted, limit=3, skip=skip)
        if not free:
            return None
        if claim_of(db, free[0]["id"], now=now) is not None:
            return str(free[0]["id"])
    try:
        with desk.writing() as db:
            return next((str(one["id"]) for one in free if claim(db, one["id"], reviewer, now=now)), None)
    except DatabaseLocked:
        return str(free[0]["id"])


def _says(seen: Reviewed) -> str:
    """A statement in one line, for a list: what was announced, or who said what."""
    record = seen.record
    return record["title"] if seen.kind == "policy" else f"{record['speaker']}: {record['text']}"


def one_statement(request: Request) -> Response:
    """The form of one statement, reviewed or not; 404 if there is none of that id."""
    with desk_of(request).reading() as db:
        seen = seen_or_404(db, request.path_params["id"])
        return item_page(request, db, seen, place=place_of(request.query_params))


def suggestions(request: Request) -> Response:
    """Names that are known for a field and begin as typed, as a JSON list."""
    field, typed = request.query_params.get("field", ""), request.query_params.get("q", "")
    if field not in KNOWN_FIELDS:
        raise HTTPException(404, f"Names are known for {', '.join(KNOWN_FIELDS)} only.")
    with desk_of(request).reading() as db:
        return JSONResponse(names_like(db, field, typed))


async def take_decision(request: Request) -> Response:
    """Store what the form says and go on to the next; the form again, with the reason, where that cannot be."""
    return await run_in_threadpool(_decided, request, await posted(request))


async def take_back(request: Request) -> Response:
    """Undo the reviewer's own last decision and show its statement."""
    return await run_in_threadpool(_undone, request, await posted(request))


def _decided(request: Request, entered: Mapping[str, str]) -> Response:
    identity, place = request.path_params["id"], place_in(entered.get("place", ""))

    def write(db: Database, now: datetime) -> str:
        _write(db, seen_or_404(db, identity), entered, viewer_of(request).name, now)
        return str(identity)

    undone = entered.get("decision") == "undo"
    return _stored(request, write, place, entered, here=undone)


def _undone(request: Request, entered: Mapping[str, str]) -> Response:
    def write(db: Database, now: datetime) -> str:
        return undo_last(db, reviewer=viewer_of(request).name, now=now)

    return _stored(request, write, place_in(entered.get("place", "")), entered, here=True)


def _stored(
    request: Request,
    write: Callable[[Database, datetime], str],
    place: Place,
    entered: Mapping[str, str],
    *,
    here: bool,
) -> Response:
    """Run `write`, which gives the statement's id, and say what came of it; `here` stays with the statement."""
    desk = desk_of(request)
    try:
        with desk.writing() as db, transaction(db):
            identity = write(db, desk.clock())
    except ReviewError as error:
        with desk.reading() as db:
            return _refused(request, db, error, entered, place)
    if "application/json" not in request.headers.get("accept", ""):
        return RedirectResponse(place.address(f"/review/{identity}") if here else place.address(done=identity), 303)
    with desk.reading() as db:
        seen, last = statement(db, identity), history(db, identity)[-1]
        return JSONResponse(
            {
                "id": identity,
                "event": last["id"],
                "said": _SAID[last["decision"]],
                "name": name_of(seen)[:120],
                "waiting": counted(queue_length(db, place.wanted)),
                "address": place.address(f"/review/{identity}"),
            }
        )


def _write(db: Database, seen: Reviewed, entered: Mapping[str, str], reviewer: str, now: datetime) -> None:
    decision = "reject" if entered.get("reject_as") else entered.get("decision", "")
    expected = expected_in(entered)
    if decision == "undo":
        undo(db, seen.id, reviewer=reviewer, now=now, expected=expected)
        return
    if decision not in ("accept", "correct", "reject", "take"):
        raise ReviewError("decision: accept, save corrections or reject")
    # a person's decision since then is told by `decide`; the machine's new reading only shows in the record
    if expected == seen.last_decision and entered.get("seen") != digest(seen):
        raise AlreadyDecided("the extractor has read this statement anew in the meantime: look again", None)
    changed: Mapping[str, Any] = changes(seen, entered)
    reason = entered.get("reject_as") or entered.get("reason")
    if decision == "accept" and changed:
        named = ", ".join(field.label for field in fields(seen) if field.name in changed)
        raise ReviewError(f"you have changed {named}: save the corrections, or put the fields back to accept")
    if decision == "correct" and not changed:
        raise ReviewError("you have changed nothing: to confirm the statement as it stands, accept it")
    if decision == "take":
        changed = {reading.name: seen.machine[reading.name] for reading in readings(seen)}
        decision = "reject" if seen.machine_state == "gone" else "correct" if changed else "accept"
        reason = _AGREED
    decide(
        db,
        seen.id,
        reviewer=reviewer,
        decision=decision,  # type: ignore[arg-type]
        changes=changed if decision == "correct" else None,
        reason=reason if decision == "reject" else None,
        now=now,
        expected=expected,
    )


def _refused(request: Request, db: Database, error: ReviewError, entered: Mapping[str, str], place: Place) -> Response:
    """The form again with what was entered and why it was not stored; after a conflict with what others decided."""
    latest = error.latest if isinstance(error, AlreadyDecided) else None
    identity = request.path_params.get("id") or (latest or {}).get("statement_id")
    if identity is None:
        raise HTTPException(409, f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    return item_page(request, db, seen_or_404(db, identity), place=place, refused=error, entered=entered)


def _done(db: Database, identity: str) -> dict[str, Any] | None:
    """What the reviewer has just decided, so that it can be taken back."""
    if not STATEMENT.fullmatch(identity):
        return None
    try:
        seen = statement(db, identity)
    except LookupError:
        return None
    events = history(db, identity)
    if not events or events[-1]["decision"] == "undo":
        return None
    said = _SAID[events[-1]["decision"]]
    return {"id": identity, "said": said, "name": name_of(seen), "expected": last_decision(db, identity)}


ADDRESSES = (
    Address("/review", review, role="reviewer"),
    Address("/review/suggest", suggestions, role="reviewer"),
    Address("/review/undo", take_back, role="reviewer", method="POST"),
    Address("/review/{id}", one_statement, role="reviewer"),
    Address("/review/{id}", take_decision, role="reviewer", method="POST"),
)

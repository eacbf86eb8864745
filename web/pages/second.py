"""The blind second reading: a statement of a sample, without what the first reader decided; it changes no record."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from db.deciding.agreement import Item, draw_sample, item, next_item, read_second, unread
from db.deciding.known import names_in_article
from db.review import ReviewError
from web.addresses import Address
from web.forms import changes, fields, posted
from web.pages.review_item import REASONS, article_of, evidence_in_context, name_of
from web.render import desk_of, page
from web.viewer import viewer_of

_SAID = {"right": "Read as right", "wrong": "Read as wrong in some fields", "rejected": "Read as no statement"}
_PLACE = re.compile(r"(\d{1,9})\.(\d{1,9})")


def second(request: Request) -> Response:
    """The next statement that the viewer may read as the second reader."""
    reviewer = viewer_of(request).name
    found = _PLACE.fullmatch(request.query_params.get("after", ""))
    after = (int(found[1]), int(found[2])) if found else (0, -1)
    with desk_of(request).reading() as db:
        return _shown(db, next_item(db, reviewer, after=after), reviewer)


async def read(request: Request) -> Response:
    """Store a second reading and go on; the form again, with the reason, where that cannot be."""
    return await run_in_threadpool(_read, request, await posted(request))


async def draw(request: Request) -> Response:
    """Draw a sample for a second reading."""
    return await run_in_threadpool(_draw, request, await posted(request))


def _read(request: Request, entered: Mapping[str, str]) -> Response:
    desk, reviewer = desk_of(request), viewer_of(request).name
    sample, position = request.path_params["sample"], request.path_params["position"]
    with desk.writing() as db:
        found = item(db, sample, position)
        if found is None:
            raise HTTPException(404, "There is no such statement in a sample.")
        try:
            label = _stored(db, found, entered, request)
        except ReviewError as error:
            return _shown(db, found, reviewer, refused=error, entered=entered)
        waiting = unread(db, reviewer)
    after = f"/review/second?after={sample}.{position}"
    if "application/json" not in request.headers.get("accept", ""):
        return RedirectResponse(after, 303)
    said = {"said": _SAID[label], "name": name_of(found.seen)[:120], "waiting": f"{waiting:,}"}
    return JSONResponse({"id": found.seen.id, "address": f"/articles/{found.seen.article_id}#{found.seen.id}", **said})


def _stored(db: Database, found: Item, entered: Mapping[str, str], request: Request) -> str:
    decision = "reject" if entered.get("reject_as") else entered.get("decision", "")
    if decision not in ("accept", "correct", "reject"):
        raise ReviewError("decision: accept, save corrections or reject")
    changed = changes(found.seen, entered)
    if decision == "accept" and changed:
        named = ", ".join(field.label for field in fields(found.seen) if field.name in changed)
        raise ReviewError(f"you have changed {named}: save the corrections, or put the fields back to accept")
    if decision == "correct" and not changed:
        raise ReviewError("you have changed nothing: to confirm the statement as it stands, accept it")
    return read_second(
        db,
        found,
        reviewer=viewer_of(request).name,
        decision=decision,  # type: ignore[arg-type]
        changes=changed,
        reason=entered.get("reject_as") or entered.get("reason"),
        now=desk_of(request).clock(),
    )


def _shown(
    db: Database,
    found: Item | None,
    reviewer: str,
    *,
    refused: ReviewError | None = None,
    entered: Mapping[str, str] | None = None,
) -> Response:
    if found is None:
        return page("second_empty.html", here="review", heading="Second reading", waiting=unread(db, reviewer))
    seen = found.seen
    article = article_of(db, seen)
    message = str(refused or "")
    return page(
        "second.html",
        status=422 if refused else 200,
        here="review",
        heading="Second reading",
        found=found,
        seen=seen,
        name=name_of(seen),
        article=article,
        paragraphs=evidence_in_context(seen, article["text"]),
        fields=fields(seen, entered),
        known=names_in_article(db, seen.article_id),
        reasons=REASONS[seen.kind],
        reason=(entered or {}).get("reason", ""),
        trouble=f"{message[:1].upper()}{message[1:]}." if refused else "",
        waiting=unread(db, reviewer),
    )


def _draw(request: Request, entered: Mapping[str, str]) -> Response:
    desk = desk_of(request)
    size = entered.get("size", "")
    try:
        with desk.writing() as db:
            draw_sample(
                db,
                seed=entered.get("seed", ""),
                size=int(size) if size.isdecimal() and len(size) < 9 else 0,
                drawn_by=viewer_of(request).name,
                now=desk.clock(),
            )
    except ReviewError as error:
        raise HTTPException(422, f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    return RedirectResponse("/quality#second", 303)


ADDRESSES = (
    Address("/review/second", second, role="reviewer"),
    Address("/review/second/{sample:int}/{position:int}", read, role="reviewer", method="POST"),
    Address("/quality/samples", draw, role="reviewer", method="POST"),
)

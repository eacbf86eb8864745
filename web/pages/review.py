"""Review by a plain form: the queue, one statement with its evidence in context, a decision, and its undoing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlencode

from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.connection import row, transaction
from db.queue import Filter
from db.review import (
    AlreadyDecided,
    Reviewed,
    ReviewError,
    decide,
    history,
    last_decision,
    queue,
    queue_length,
    statement,
    undo,
)
from web.addresses import Address
from web.forms import Field, FormError, changes, digest, fields, read_body
from web.marks import Marked, around
from web.render import desk_of, page

REASONS = {
    "policy": (
        "no policy announcement", "a company's own plan", "the same as another statement", "evidence does not say so",
    ),
    "quote": ("no quote", "words of the reporter", "the same as another statement", "cut wrongly"),
}  # fmt: skip
"""Reasons that come up again and again, offered beside a free text."""

_ID = re.compile(r"[qp][0-9a-f]{15}")
_COOKIE = "policywire_reviewer"
_A_YEAR = 365 * 24 * 3600
_LONGEST_NAME = 80
_MOST_SKIPPED = 100
_UPCOMING = 8
_SAID = {"accept": "Accepted", "correct": "Corrected", "reject": "Rejected", "undo": "Taken back"}


def review(request: Request) -> Response:
    """The statement that waits first, without those that the address says were skipped."""
    skipped = _skipped(request.query_params.get("skip", ""))
    only = request.query_params.get("only", "")
    done = request.query_params.get("done", "")
    with desk_of(request).reading() as db:
        waiting = queue(
            db,
            Filter(kind=only if only in ("policy", "quote") else None),  # type: ignore[arg-type]
            limit=_UPCOMING + 1,
            skip=frozenset(skipped),
        )
        context: dict[str, Any] = {"skipped": skipped, "only": only, "done": _done(db, done)}
        if not waiting:
            return page(
                "review_empty.html",
                here="review",
                heading="Review",
                waiting=queue_length(db),
                reviewer=reviewer_of(request),
                **context,
            )
        seen = statement(db, waiting[0]["id"])
        upcoming = [{**one, "says": _says(statement(db, one["id"]))} for one in waiting[1:]]
        return _form(request, db, seen, upcoming=upcoming, **context)


def _says(seen: Reviewed) -> str:
    """A statement in one line, for a list: what was announced, or who said what."""
    record = seen.record
    return record["title"] if seen.kind == "policy" else f"{record['speaker']}: {record['text']}"


def one_statement(request: Request) -> Response:
    """The form of one statement, reviewed or not; 404 if there is none of that id."""
    with desk_of(request).reading() as db:
        seen = _seen(db, request.path_params["id"])
        skipped = _skipped(request.query_params.get("skip", ""))
        return _form(request, db, seen, upcoming=(), skipped=skipped, only="", done=None)


async def take_decision(request: Request) -> Response:
    """Store what the form says and go on to the next; the form again, with the reason, where that cannot be."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise HTTPException(415, "A decision comes as a plain form.")
    try:
        entered = read_body(await request.body())
    except FormError as error:
        raise HTTPException(400, str(error)) from error
    return await run_in_threadpool(_decided, request, entered)


def reviewer_of(request: Request) -> str:
    """The name that this browser signed its last decision with."""
    return _name(unquote(request.cookies.get(_COOKIE, "")))


def _decided(request: Request, entered: Mapping[str, str]) -> Response:
    desk = desk_of(request)
    identity = request.path_params["id"]
    reviewer = _name(entered.get("reviewer", ""))
    where = {"skip": ",".join(_skipped(entered.get("skip", ""))), "only": entered.get("only", "")}
    try:
        with desk.writing() as db, transaction(db):
            _write(db, _seen(db, identity), entered, reviewer, desk.clock())
    except ReviewError as error:
        with desk.reading() as db:
            return _refused(request, db, error, entered, reviewer, **where)
    if entered.get("decision") == "undo":
        answer = RedirectResponse(f"/review/{identity}", 303)
    else:
        answer = RedirectResponse(_address(**where, done=identity), 303)
    answer.set_cookie(
        _COOKIE, quote(reviewer, safe=""), max_age=_A_YEAR, path="/review", httponly=True, samesite="strict"
    )
    return answer


def _write(db: Database, seen: Reviewed, entered: Mapping[str, str], reviewer: str, now: datetime) -> None:
    decision = entered.get("decision", "")
    if not reviewer:
        raise ReviewError("please give your name: it stands beside every decision")
    expected = int(entered["expected"]) if re.fullmatch(r"\d{1,18}", entered.get("expected", "")) else -1
    if decision == "undo":
        undo(db, seen.id, reviewer=reviewer, now=now, expected=expected)
        return
    if decision not in ("accept", "correct", "reject"):
        raise ReviewError("decision: accept, save corrections or reject")
    # a person's decision since then is told by `decide`; the machine's new reading only shows in the record
    if expected == seen.last_decision and entered.get("seen") != digest(seen):
        raise AlreadyDecided("the extractor has read this statement anew in the meantime: look again", None)
    changed = changes(seen, entered)
    if decision == "accept" and changed:
        named = ", ".join(field.label for field in fields(seen) if field.name in changed)
        raise ReviewError(f"you have changed {named}: save the corrections, or put the fields back to accept")
    if decision == "correct" and not changed:
        raise ReviewError("you have changed nothing: to confirm the statement as it stands, accept it")
    decide(
        db,
        seen.id,
        reviewer=reviewer,
        decision=decision,  # type: ignore[arg-type]
        changes=changed if decision == "correct" else None,
        reason=entered.get("reason") if decision == "reject" else None,
        now=now,
        expected=expected,
    )


def _refused(
    request: Request,
    db: Database,
    error: ReviewError,
    entered: Mapping[str, str],
    reviewer: str,
    *,
    skip: str,
    only: str,
) -> Response:
    """The form again: with what was entered, or, after a conflict, with what stands now and the entries beside it."""
    seen = _seen(db, request.path_params["id"])
    conflict = isinstance(error, AlreadyDecided)
    changed = changes(seen, entered)
    return _form(
        request,
        db,
        seen,
        status=409 if conflict else 422,
        trouble=_trouble(error),
        entered=None if conflict else entered,
        lost=[(field.label, field.value) for field in fields(seen, entered) if conflict and field.name in changed],
        reviewer=reviewer or reviewer_of(request),
        upcoming=(),
        skipped=_skipped(skip),
        only=only,
        done=None,
    )


def _form(
    request: Request,
    db: Database,
    seen: Reviewed,
    *,
    entered: Mapping[str, str] | None = None,
    reviewer: str | None = None,
    status: int = 200,
    trouble: str = "",
    lost: list[tuple[str, str]] | None = None,
    **context: Any,
) -> Response:
    article = row(db, _ARTICLE, {"statement": seen.id, "article": seen.article_id})
    if article is None:
        raise HTTPException(404, "The article of this statement is gone.")
    spans = (
        [(seen.record["start"], seen.record["end"])]
        if seen.kind == "quote"
        else [(span["start"], span["end"]) for span in seen.record["evidence"]]
    )
    place = Marked(id=seen.id, kind=seen.kind, number=1, spans=tuple(spans))
    shown: tuple[Field, ...] = fields(seen, entered)
    return page(
        "review.html",
        status=status,
        here="review",
        heading="Review",
        seen=seen,
        mark=digest(seen),
        name=seen.record["title"] if seen.kind == "policy" else seen.record["speaker"],
        article=article,
        paragraphs=around(article["text"], place),
        fields=shown,
        reasons=REASONS[seen.kind],
        reason=(entered or {}).get("reason", ""),
        events=history(db, seen.id),
        waiting=queue_length(db),
        reviewer=reviewer_of(request) if reviewer is None else reviewer,
        trouble=trouble,
        lost=lost or [],
        skip_address=_address(skip=",".join([*context["skipped"], seen.id][-_MOST_SKIPPED:]), only=context["only"]),
        **context,
    )


def _seen(db: Database, identity: str) -> Reviewed:
    try:
        return statement(db, identity)
    except LookupError as error:
        raise HTTPException(404, "There is no such statement.") from error


def _done(db: Database, identity: str) -> dict[str, Any] | None:
    """What the reviewer has just decided, so that it can be taken back."""
    if not _ID.fullmatch(identity):
        return None
    try:
        seen = statement(db, identity)
    except LookupError:
        return None
    events = history(db, identity)
    if not events or events[-1]["decision"] == "undo":
        return None
    return {
        "id": identity,
        "said": _SAID[events[-1]["decision"]],
        "name": seen.record["title"] if seen.kind == "policy" else seen.record["speaker"],
        "expected": last_decision(db, identity),
    }


def _skipped(printed: str) -> list[str]:
    return [one for one in printed.split(",") if _ID.fullmatch(one)][-_MOST_SKIPPED:]


def _address(**parameters: str) -> str:
    given = urlencode({name: value for name, value in parameters.items() if value}, safe=",")
    return f"/review?{given}" if given else "/review"


def _name(printed: str) -> str:
    return " ".join(printed.split())[:_LONGEST_NAME]


def _trouble(error: ReviewError) -> str:
    message = str(error)
    return message[:1].upper() + message[1:] + "."


_ARTICLE = """
SELECT a.id, a.url, a.source, a.published_at, newest.title, newest.language,
  (SELECT text FROM revisions WHERE id = coalesce(
    (SELECT revision_id FROM quotes WHERE id = :statement), (SELECT revision_id FROM policies WHERE id = :statement)
  )) AS text
FROM articles AS a JOIN revisions AS newest ON newest.id = a.revision_id WHERE a.id = :article
"""


ADDRESSES = (
    Address("/review", review, role="reviewer"),
    Address("/review/{id}", one_statement, role="reviewer"),
    Address("/review/{id}", take_decision, role="reviewer", method="POST"),
)

"""Accepting many statements at once: a filter, a confirmation that names the number and what, and its undoing."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.deciding.batches import (
    LARGEST,
    accept_batch,
    batch_of,
    batch_reasons,
    batch_statements,
    batches,
    prepare_batch,
    undo_batch,
)
from db.deciding.queue import Filter, queue_length, rules_that_matched
from db.deciding.verdicts import NEWS, REASONS
from db.review import ReviewError, statement
from pipeline.sources import TITLES
from web.addresses import Address
from web.forms import posted
from web.places import Place, place_of
from web.render import desk_of, page
from web.viewer import viewer_of

_SHOWN = 50


def prepare_page(request: Request) -> Response:
    """The filter of a batch, and the batches so far."""
    return _form(request, place_of(request.query_params), {})


async def prepare(request: Request) -> Response:
    """Write down what the filter names, and ask for the confirmation."""
    return await run_in_threadpool(_prepare, request, await posted(request))


def confirm_page(request: Request) -> Response:
    """What a batch holds; before it is accepted the confirmation, afterwards what came of it."""
    with desk_of(request).reading() as db:
        try:
            batch = batch_of(db, request.path_params["batch"])
        except LookupError as error:
            raise HTTPException(404, "There is no such batch; one that was not confirmed is kept for a day.") from error
        return page(
            "batch.html",
            here="review",
            heading="Accept a batch",
            batch=batch,
            made_of=batch_reasons(db, batch.id),
            shown=[statement(db, one) for one in batch_statements(db, batch.id, limit=_SHOWN)],
            reasons=REASONS,
            mine=batch.reviewer == viewer_of(request).name,
        )


async def settle(request: Request) -> Response:
    """Accept a batch, or take it back."""
    return await run_in_threadpool(_settle, request, await posted(request))


def _prepare(request: Request, entered: Mapping[str, str]) -> Response:
    desk, place = desk_of(request), place_of(entered)
    try:
        wanted = _wanted(place, entered)
        with desk.writing() as db:
            batch = prepare_batch(db, wanted, reviewer=viewer_of(request).name, now=desk.clock())
    except ReviewError as error:
        return _form(request, place, entered, trouble=f"{str(error)[:1].upper()}{str(error)[1:]}.")
    return RedirectResponse(f"/review/batches/{batch}", 303)


def _settle(request: Request, entered: Mapping[str, str]) -> Response:
    desk, batch = desk_of(request), request.path_params["batch"]
    work = {"accept": accept_batch, "undo": undo_batch}.get(entered.get("decision", ""))
    if work is None:
        raise HTTPException(422, "Decision: accept the batch, or take it back.")
    try:
        with desk.writing() as db:
            work(db, batch, reviewer=viewer_of(request).name, now=desk.clock())
    except ReviewError as error:
        raise HTTPException(409, f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    except LookupError as error:
        raise HTTPException(404, "There is no such batch; one that was not confirmed is kept for a day.") from error
    return RedirectResponse(f"/review/batches/{batch}", 303)


def _wanted(place: Place, entered: Mapping[str, str]) -> Filter:
    wanted, rank, sure = place.wanted, entered.get("rank", ""), entered.get("sure", "").strip()
    if rank and not (rank.isdecimal() and int(rank[:4]) in _CLASSES):
        raise ReviewError("class: choose one of the list")
    if sure and not (sure.isdecimal() and int(sure[:4]) <= 100):
        raise ReviewError("confidence: a whole number of percent from 0 to 100")
    return Filter(
        kind=wanted.kind, source=wanted.source, sector=wanted.sector, rule=wanted.rule,
        rank=int(rank) if rank else None, sure=int(sure) / 100 if sure else None,
    )  # fmt: skip


def _form(request: Request, place: Place, entered: Mapping[str, str], trouble: str = "") -> Response:
    with desk_of(request).reading() as db:
        return page(
            "batches.html",
            status=422 if trouble else 200,
            here="review",
            heading="Accept a batch",
            place=place,
            entered=entered,
            trouble=trouble,
            classes=_CLASSES,
            sources=sorted(TITLES),
            rules=rules_that_matched(db),
            waiting=queue_length(db, place.wanted),
            largest=LARGEST,
            batches=batches(db),
        )


_CLASSES = {rank: reason for rank, reason in REASONS.items() if rank >= NEWS}


ADDRESSES = (
    Address("/review/batches", prepare_page, role="reviewer"),
    Address("/review/batches", prepare, role="reviewer", method="POST"),
    Address("/review/batches/{batch:int}", confirm_page, role="reviewer"),
    Address("/review/batches/{batch:int}", settle, role="reviewer", method="POST"),
)

"""Making, changing, pausing and deleting watch rules; a preview before a rule is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from alerts.preview import preview
from alerts.rules import MOST_RECIPIENTS, MOST_RULES, Fault, Rule, faults, paused, resumed, rule_of, settings_of
from db.accounts.users import UserError, user_named
from db.connection import transaction
from db.rules import Change, NameTaken, RuleConflict, StoredRule, add_rule, change_rule, delete_rule
from db.unsubscriptions import let_in_again
from web.addresses import Address
from web.pages.rules import may_change, may_let_in, rule_asked_for, rule_page
from web.render import desk_of, page
from web.rule_form import (
    ZONES,
    Entered,
    entered_in,
    entered_of,
    frequencies,
    from_search,
    kinds,
    parts,
    rule_entered,
    weekdays,
)
from web.rule_words import LABELS, shown
from web.viewer import viewer_of


def new_rule(request: Request) -> Response:
    """An empty form, or one that a search begins."""
    entered, lost = from_search(request.query_params)
    viewer = viewer_of(request)
    if viewer.user_id is not None:
        with desk_of(request).reading() as db:
            entered = {**entered, "to": [_address(db, viewer.name)]}
    return _form(entered, notices=lost)


async def make_rule(request: Request) -> Response:
    """Save a new rule, or show what it would have sent."""
    return await run_in_threadpool(_made, request, await entered_in(request))


def edit_rule(request: Request) -> Response:
    """The form of a rule."""
    with desk_of(request).reading() as db:
        stored = _changeable(db, request)
    return _form(entered_of(rule_of(stored.settings)), stored)


async def save_rule(request: Request) -> Response:
    """Save a changed rule, or show what it would have sent."""
    return await run_in_threadpool(_saved, request, await entered_in(request))


async def pause_rule(request: Request) -> Response:
    """Pause a rule, until a day or for good."""
    return await run_in_threadpool(_paused, request, await entered_in(request))


async def readmit(request: Request) -> Response:
    """Let in again somebody who has left the rule by the link in its mails."""
    return await run_in_threadpool(_readmitted, request, await entered_in(request))


async def resume_rule(request: Request) -> Response:
    """Let a paused rule work again."""
    return await run_in_threadpool(_switched, request, await entered_in(request), resumed, "resumed")


def ask_to_delete(request: Request) -> Response:
    """Says what deleting a rule means, and asks once more."""
    desk = desk_of(request)
    with desk.reading() as db:
        stored = _changeable(db, request)
    one = shown(stored, desk.clock())
    return page("rule_delete.html", here="rules", heading=f"Delete {one.name}?", one=one, trouble="")


async def take_out(request: Request) -> Response:
    """Delete a rule; its history stays."""
    return await run_in_threadpool(_deleted, request, await entered_in(request))


def _made(request: Request, entered: Entered) -> Response:
    desk, viewer = desk_of(request), viewer_of(request)
    rule, wrong = rule_entered(entered)
    if wrong or _asked(entered) == "preview":
        return _form_again(request, entered, rule, wrong)
    name = viewer.name
    try:
        with desk.writing() as db:
            identity = add_rule(
                db, settings_of(rule), owner=name, by=name, now=desk.clock(), most=MOST_RULES
            )  # fmt: skip
    except NameTaken as error:
        return _form_again(request, entered, rule, [Fault(field="name", message=_not_twice(error))])
    except RuleConflict as error:
        return _form(entered, trouble=str(error), status=409)
    return RedirectResponse(f"/rules/{identity}?said=created", 303)


def _saved(request: Request, entered: Entered) -> Response:
    desk = desk_of(request)
    rule, wrong = rule_entered(entered)
    with desk.reading() as db:
        stored = _changeable(db, request)
    if wrong or _asked(entered) == "preview":
        return _form_again(request, entered, rule, wrong, stored)
    try:
        with desk.writing() as db, transaction(db):
            stored = _changeable(db, request)
            changed = change_rule(
                db,
                stored.id,
                settings_of(rule),
                by=viewer_of(request).name,
                now=desk.clock(),
                expected=_expected(entered),
            )
    except NameTaken as error:
        return _form_again(request, entered, rule, [Fault(field="name", message=_not_twice(error))], stored)
    except RuleConflict as error:
        # who saves once more has been told, and means it
        return _form({**entered, "expected": ()}, stored, trouble=str(error), status=409)
    return RedirectResponse(f"/rules/{stored.id}?said={'edited' if changed else 'same'}", 303)


def _paused(request: Request, entered: Entered) -> Response:
    until = next(iter(entered.get("until", ())), "").strip()
    desk = desk_of(request)
    with desk.reading() as db:
        stored = _changeable(db, request)
        if until and not _is_to_come(until, rule_of(stored.settings), desk.clock()):
            trouble = "a day to come such as 2026-12-01, or nothing to pause the rule for good"
            return rule_page(request, db, stored, status=422, trouble=trouble, until=until)
    return _switched(request, entered, lambda rule: paused(rule, until=until or None), "paused")


def _switched(request: Request, entered: Entered, change: Callable[[Rule], Rule], named: Change) -> Response:
    desk = desk_of(request)
    try:
        with desk.writing() as db, transaction(db):
            stored = _changeable(db, request)
            change_rule(
                db,
                stored.id,
                settings_of(change(rule_of(stored.settings))),
                by=viewer_of(request).name,
                now=desk.clock(),
                expected=_expected(entered),
                change=named,
            )
    except RuleConflict as error:
        raise HTTPException(409, f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    return RedirectResponse(f"/rules/{stored.id}?said={named}", 303)


def _readmitted(request: Request, entered: Entered) -> Response:
    desk, viewer = desk_of(request), viewer_of(request)
    recipient = next(iter(entered.get("recipient", ())), "")
    with desk.writing() as db, transaction(db):
        stored = rule_asked_for(db, request)
        if not may_let_in(stored, viewer):
            raise HTTPException(403, "Whoever may change the rule lets people in again.")
        let_in_again(db, stored.id, recipient, by=viewer.name, now=desk.clock())
    return RedirectResponse(f"/rules/{stored.id}?said=readmitted", 303)


def _deleted(request: Request, entered: Entered) -> Response:
    desk = desk_of(request)
    stored: StoredRule
    try:
        with desk.writing() as db, transaction(db):
            stored = _changeable(db, request)
            by = viewer_of(request).name
            delete_rule(db, stored.id, by=by, now=desk.clock(), expected=_expected(entered))
    except RuleConflict as error:
        with desk.reading() as db:
            one = shown(_changeable(db, request), desk.clock())
        return page(
            "rule_delete.html", status=409, here="rules", heading=f"Delete {one.name}?", one=one, trouble=str(error)
        )
    return RedirectResponse("/rules?said=deleted", 303)


def _form_again(
    request: Request, entered: Entered, rule: Rule, wrong: Sequence[Fault], stored: StoredRule | None = None
) -> Response:
    """The form with what was entered: with what is wrong beside its field, or with what the rule would have sent."""
    if wrong:
        return _form(entered, stored, wrong=wrong, status=422)
    desk = desk_of(request)
    with desk.reading() as db:
        # a preview is of the rule at work
        found = preview(db, replace(rule, paused=False), desk.clock())
    return _form(entered, stored, found=found, rule=rule)


def _form(
    entered: Entered,
    stored: StoredRule | None = None,
    *,
    wrong: Sequence[Fault] = (),
    trouble: str = "",
    status: int = 200,
    **context: Any,
) -> Response:
    beside: dict[str, Fault] = {}
    for fault in sorted(wrong, key=lambda one: list(LABELS).index(one.field)):
        beside.setdefault(fault.field, fault)
    version = next(iter(entered.get("expected", ())), "") or (str(stored.version) if stored else "")
    heading = f"Change {stored.name}" if stored else "New watch rule"
    values = {"notices": (), "found": None, "rule": None, **context}
    return page(
        "rule_form.html",
        status=status,
        here="rules",
        heading=heading,
        stored=stored,
        action=f"/rules/{stored.id}/edit" if stored else "/rules/new",
        entered=entered,
        expected=version,
        faults=beside,
        labels=LABELS,
        trouble=trouble,
        parts=parts(),
        kinds=kinds(),
        frequencies=frequencies(),
        weekdays=weekdays(),
        zones=ZONES,
        most_recipients=MOST_RECIPIENTS,
        **values,
    )


def _changeable(db: Database, request: Request) -> StoredRule:
    """The rule of the address, if the viewer may change it; 404 or 403."""
    stored = rule_asked_for(db, request)
    if not may_change(stored, viewer_of(request)):
        if stored.deleted_at is not None:
            raise HTTPException(409, "The rule was deleted; what it has sent is kept.")
        raise HTTPException(403, "This rule stands in the configuration file and is changed there.")
    return stored


def _is_to_come(day: str, rule: Rule, now: datetime) -> bool:
    wanted = paused(rule, until=day)
    return not any(fault.field == "resumes_on" for fault in faults(wanted)) and not wanted.works(now)


def _address(db: Database, name: str) -> str:
    try:
        return user_named(db, name).email or ""
    except UserError:
        return ""


def _asked(entered: Entered) -> str:
    return next(iter(entered.get("do", ())), "")


def _expected(entered: Entered) -> int:
    printed = next(iter(entered.get("expected", ())), "")
    return int(printed) if printed.isdecimal() and len(printed) < 19 else -1


def _not_twice(error: NameTaken) -> str:
    return f"a name of its own ({error})"


ADDRESSES = (
    Address("/rules/new", new_rule),
    Address("/rules/new", make_rule, method="POST"),
    Address("/rules/{id}/edit", edit_rule),
    Address("/rules/{id}/edit", save_rule, method="POST"),
    Address("/rules/{id}/pause", pause_rule, method="POST"),
    Address("/rules/{id}/resume", resume_rule, method="POST"),
    Address("/rules/{id}/readmit", readmit, method="POST"),
    Address("/rules/{id}/delete", ask_to_delete),
    Address("/rules/{id}/delete", take_out, method="POST"),
)
"""Tried before those of `web.pages.rules`: `new` is no rule's number."""

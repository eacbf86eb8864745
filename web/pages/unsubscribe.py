"""Where a recipient leaves a watch rule by the link in its mails (RFC 8058): no login, no cookie, never by a GET.

Mail programs send the POST themselves, from anywhere: the guard lets it pass without an origin. What proves the right
to it is the token, and nothing here says whom a token was made for.
"""

from __future__ import annotations

import logging

from sqlite_utils import Database
from starlette.requests import Request
from starlette.responses import Response

from alerts.unsubscribing import PLACE, KeyUnusable, holder, rule_of_token, unsubscribe_key
from db.rules import stored_rule, versions
from db.unsubscriptions import leave, stays
from web.addresses import Address
from web.desk import Desk
from web.guard import BY_ONE_CLICK
from web.pace import Pace
from web.render import desk_of, page

log = logging.getLogger("policywire.web")

assert f"{PLACE}/" == BY_ONE_CLICK

_VERSIONS_READ = 200
"""Of a rule: whoever was once a recipient may leave."""


def ask(request: Request) -> Response:
    """A page with one button. Programs that follow the links of a mail unsubscribe nobody."""
    if rule_of_token(request.path_params["token"]) is None:
        return _said(404, "broken")
    return _said(200, "ask")


def take(request: Request) -> Response:
    """Take the recipient out of the rule, from the button or by one click in a mail program; again is as well."""
    desk, pace = desk_of(request), _pace(request)
    client = request.client.host if request.client else ""
    if (wait := pace.wait(client, desk.clock())) is not None:
        answer = _said(429, "often")
        answer.headers["Retry-After"] = str(wait)
        return answer
    printed = request.path_params["token"]
    try:
        key = unsubscribe_key(desk.database)
    except KeyUnusable as error:
        log.error("nobody can unsubscribe", extra={"why": str(error)})
        return _said(503, "broken")
    found = _found(desk, key, printed)
    if found is None:
        pace.note(client, desk.clock())
        return _said(404, "broken")
    rule_id, recipient, there = found
    if there:
        with desk.writing() as db:
            leave(db, rule_id, recipient, now=desk.clock())
        log.info("recipient has unsubscribed", extra={"rule": rule_id})
    return _said(200, "done")


def _found(desk: Desk, key: bytes, printed: str) -> tuple[int, str, bool] | None:
    """The rule and the recipient of a token, and whether the recipient is still to be taken out."""
    rule_id = rule_of_token(printed)
    if rule_id is None:
        return None
    with desk.reading() as db:
        recipient = holder(key, rule_id, printed, _recipients(db, rule_id))
        return None if recipient is None else (rule_id, recipient, bool(stays(db, rule_id, (recipient,))))


def _recipients(db: Database, rule_id: int) -> dict[str, None]:
    stored = stored_rule(db, rule_id)
    held = [stored.settings, *(one.settings for one in versions(db, rule_id, limit=_VERSIONS_READ))] if stored else []
    return {address: None for settings in held for address in settings["to"]}


def _said(status: int, what: str) -> Response:
    heading = {"ask": "Stop these mails?", "done": "You will get no more of these mails"}.get(what, "That did not work")
    return page("unsubscribe.html", status=status, heading=heading, what=what)


def _pace(request: Request) -> Pace:
    pace = request.app.state.unsubscribing
    assert isinstance(pace, Pace)
    return pace


ADDRESSES = (
    Address(f"{PLACE}/{{token}}", ask, role="anyone"),
    Address(f"{PLACE}/{{token}}", take, role="anyone", method="POST"),
)

"""Watch rules: which there are, what each asks for and has sent, and whether its mail arrived."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from sqlite_utils import Database
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from alerts.preview import preview
from db.matches import MOST_COUNTED, Figures, figures, sent
from db.rules import StoredRule, list_rules, stored_rule, versions
from db.unsubscriptions import unsubscribed
from web.addresses import Address
from web.render import desk_of, page
from web.rule_words import due, edits, sent_mails, shown
from web.viewer import Viewer, viewer_of

_ON_A_PAGE = 50
_MATCHES_ON_A_PAGE = 100
_MAILS = 4
_LATELY = timedelta(days=30)
_SAID = {
    "created": "The rule is saved and works from the next article on.",
    "edited": "The change is saved and counts from the next article on.",
    "same": "Nothing was changed.",
    "paused": "The rule is paused. What waited for a digest waits on.",
    "resumed": "The rule works again.",
    "readmitted": "The recipient is told again, from the next match on.",
    "deleted": "The rule is deleted. What it has sent is kept.",
}


def rules(request: Request) -> Response:
    """The rules that the viewer may see, with what each did of late."""
    desk, viewer = desk_of(request), viewer_of(request)
    now = desk.clock()
    after = request.query_params.get("after", "")
    with desk.reading() as db:
        found = list_rules(
            db,
            seen_by=None if viewer.may("reviewer") else viewer.name,
            after=int(after) if after.isdecimal() and len(after) < 19 else 0,
            limit=_ON_A_PAGE + 1,
        )
        listed = [(shown(one, now), counted(db, one, now)) for one in found[:_ON_A_PAGE]]
    return page(
        "rules.html",
        here="rules",
        heading="Watch rules",
        rules=listed,
        next=found[_ON_A_PAGE - 1].id if len(found) > _ON_A_PAGE else None,
        said=_SAID.get(request.query_params.get("said", ""), ""),
        most=MOST_COUNTED,
        viewer_name=viewer.name,
    )


def rule(request: Request) -> Response:
    """One rule: what it asks for, its last mails, its changes; with `preview=1` what it would have sent."""
    with desk_of(request).reading() as db:
        return rule_page(request, db, rule_asked_for(db, request))


def rule_page(
    request: Request, db: Database, stored: StoredRule, *, status: int = 200, trouble: str = "", until: str = ""
) -> Response:
    """The page of one rule; with what was wrong where it was to be paused `until` a day."""
    now = desk_of(request).clock()
    one = shown(stored, now)
    return page(
        "rule.html",
        status=status,
        here="rules",
        heading=f"{one.name} · Watch rules",
        one=one,
        deleted=stored.deleted_at,
        may_change=may_change(stored, viewer_of(request)),
        figures=counted(db, stored, now),
        most=MOST_COUNTED,
        due=due(one.rule, now) if one.rule.frequency != "instant" and one.works else "",
        mails=sent_mails(sent(db, stored.id, limit=_MATCHES_ON_A_PAGE), one.rule, now)[:_MAILS],
        edits=edits(versions(db, stored.id, limit=20)),
        found=preview(db, one.rule, now) if request.query_params.get("preview") else None,
        said=_SAID.get(request.query_params.get("said", ""), ""),
        trouble=trouble,
        until=until,
        left=unsubscribed(db, stored.id),
        may_let_in=may_let_in(stored, viewer_of(request)),
    )


def history(request: Request) -> Response:
    """Everything that a rule has matched, newest first, with the mail that told of it and how that fared."""
    desk = desk_of(request)
    now = desk.clock()
    recipient = request.query_params.get("recipient", "")
    before = request.query_params.get("before", "")
    with desk.reading() as db:
        stored = rule_asked_for(db, request)
        one = shown(stored, now)
        found = sent(
            db,
            stored.id,
            recipient=recipient or None,
            before=int(before) if before.isdecimal() and len(before) < 19 else None,
            limit=_MATCHES_ON_A_PAGE + 1,
        )
    more = len(found) > _MATCHES_ON_A_PAGE
    whose = {"recipient": recipient} if recipient else {}
    following = {"before": found[_MATCHES_ON_A_PAGE - 1]["id"]} if more else {}
    return page(
        "rule_history.html",
        here="rules",
        heading=f"History of {one.name} · Watch rules",
        one=one,
        deleted=stored.deleted_at,
        mails=sent_mails(found[:_MATCHES_ON_A_PAGE], one.rule, now),
        recipient=recipient,
        next=f"/rules/{stored.id}/history?{urlencode({**whose, **following})}" if more else None,
    )


def rule_asked_for(db: Database, request: Request) -> StoredRule:
    """The rule of the address; 404 if there is none, or none that the viewer may see."""
    printed, viewer = request.path_params["id"], viewer_of(request)
    stored = stored_rule(db, int(printed)) if printed.isdecimal() and len(printed) < 19 else None
    if stored is None or not _may_see(stored, viewer):
        raise HTTPException(404, "There is no such rule.")
    return stored


def may_change(stored: StoredRule, viewer: Viewer) -> bool:
    """Whether the viewer may change a rule: one's own, or anybody's as a reviewer; the configuration's nobody."""
    if stored.origin == "configuration" or stored.deleted_at is not None:
        return False
    return stored.owner == viewer.name or viewer.may("reviewer")


def may_let_in(stored: StoredRule, viewer: Viewer) -> bool:
    """Whether the viewer may let in again who has left a rule: whoever may change it, and of the configuration's rules
    reviewers.
    """
    return may_change(stored, viewer) or (
        stored.origin == "configuration" and stored.deleted_at is None and viewer.may("reviewer")
    )


def counted(db: Database, stored: StoredRule, now: datetime) -> Figures:
    """What a rule did in the last 30 days."""
    return figures(db, stored.id, since=now - _LATELY)


def _may_see(stored: StoredRule, viewer: Viewer) -> bool:
    return stored.origin == "configuration" or stored.owner == viewer.name or viewer.may("reviewer")


ADDRESSES = (
    Address("/rules", rules),
    Address("/rules/{id}", rule),
    Address("/rules/{id}/history", history),
)

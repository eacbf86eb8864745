"""Digests: what matched since the last one, in one mail a rule and recipient when it is due, in the rule's zone.

A period has one digest: its mail's key is made of rule, recipient and the moment it was due. What lands after that
moment, or while nobody was there to send, goes with the next one; periods that were missed are caught up as one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from alerts.compose import message_key
from alerts.digest_mail import compose_digest
from alerts.matching import VIEWS, Match
from alerts.rules import Rule, RuleKind, Watch, watch_of
from alerts.when import last_due
from db.connection import rows, transaction, value
from db.matches import Target, Waiting, drop, late_between, rules_with_waiting, tell, waiting
from db.names import utc
from db.outbox import enqueue
from db.rules import stored_rule
from db.unsubscriptions import WHY, stays

_KINDS: dict[Target, RuleKind] = {"policy": "announcement", "quote": "quote", "article": "article"}
_AT_A_TIME = 500
LATE_SETTLES = timedelta(minutes=15)
"""What came late to an instant rule is told when so long nothing more has come: when the crawl is over;"""
LATE_AT_MOST = timedelta(hours=3)
"""and when the first of it has waited for so long."""


def send_due(db: Database, now: datetime, *, base_url: str) -> int:
    """Put in the digests that are due; gives how many mails they are. One transaction a rule of which one is."""
    return sum(_send(db, rule_id, now, base_url) for rule_id in rules_with_waiting(db) if _is_due(db, rule_id, now))


def history_page(rule_id: int, base_url: str) -> str:
    """The address of a rule's history on the site."""
    return f"{base_url.rstrip('/')}/rules/{rule_id}/history"


def _is_due(db: Database, rule_id: int, now: datetime) -> bool:
    """Whether there is something to do for a rule: looked at without keeping a crawl from writing."""
    stored = stored_rule(db, rule_id)
    assert stored is not None, "rules are never taken out of their table"
    if stored.deleted_at is not None:
        return True
    watch = watch_of(stored)
    due = _due(watch.rule, now)
    return due is not None and bool(waiting(db, rule_id, before=due, most=1, late=_tells_late(db, watch, now)))


def _due(rule: Rule, now: datetime) -> datetime | None:
    """Up to when a rule's matches are told now; None while it is paused."""
    if not rule.works(now):
        return None
    # an instant rule's matches wait only where it was made instant after they came: they go at once
    return now + timedelta(seconds=1) if rule.frequency == "instant" else last_due(rule, now)


def _send(db: Database, rule_id: int, now: datetime, base_url: str) -> int:
    with transaction(db):
        stored = stored_rule(db, rule_id)
        assert stored is not None, "rules are never taken out of their table"
        watch = watch_of(stored)
        if stored.deleted_at is not None:
            found = waiting(db, rule_id, before=now + timedelta(days=1))
            drop(db, [match.id for match in found], "the rule was deleted")
            return 0
        due = _due(watch.rule, now)
        found = waiting(db, rule_id, before=due, late=_tells_late(db, watch, now)) if due else []
        if due is None or not found:
            return 0
        return sum(
            put_together(
                db,
                watch,
                recipient,
                [match for match in found if match.recipient == recipient],
                due,
                base_url,
                key=message_key("digest", str(watch.id), recipient, utc(due)),
                now=now,
            )
            for recipient in dict.fromkeys(match.recipient for match in found)
        )


def put_together(
    db: Database,
    watch: Watch,
    recipient: str,
    found: Sequence[Waiting],
    due: datetime,
    base_url: str,
    *,
    key: str,
    kind: str | None = None,
    now: datetime | None = None,
) -> bool:
    """Put in one mail that tells `recipient` of what waits, and note that; what no longer stands is dropped.

    False where there is nothing to say, or a mail with that key. `kind` says in its head what kind of digest it is.
    Call it in a transaction.
    """
    if not stays(db, watch.id, (recipient,)):
        drop(db, [match.id for match in found], WHY)
        return False
    if recipient not in watch.rule.to:
        drop(db, [match.id for match in found], "the recipient has left the rule")
        return False
    records = {match.record["id"]: match for match in _matches(db, watch, found)}
    gone = [match.id for match in found if match.target_id not in records]
    drop(db, gone, "it no longer stands: retired, rejected, or the copy of another story")
    mine = [match for match in found if match.target_id in records]
    # what was being stored when this period's digest went out waits for the next one
    if not mine or value(db, "SELECT 1 FROM outbox WHERE key = ? AND recipient = ?", [key, recipient]):
        return False
    composed = compose_digest(
        db,
        watch,
        [records[match.target_id] for match in mine],
        due=due,
        page=history_page(watch.id, base_url),
        base_url=base_url,
        kind=kind,
    )
    enqueue(
        db,
        key=key,
        recipient=recipient,
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        rule=watch.rule.name,
        rule_id=watch.id,
        zone=watch.rule.zone,
        due_at=due,
        now=now or due,
    )
    tell(db, [match.id for match in mine], outbox_key=key, recipient=recipient)
    return True


def _tells_late(db: Database, watch: Watch, now: datetime) -> bool:
    """Whether what an instant rule was late to find is told now: when no more of it comes, and not much later."""
    if watch.rule.frequency != "instant":
        return True
    first, last = late_between(db, watch.id)
    if first is None or last is None:
        return True
    return now - last >= LATE_SETTLES or now - first >= LATE_AT_MOST


def _matches(db: Database, watch: Watch, found: Sequence[Waiting]) -> Iterator[Match]:
    """What still stands of what waits, as it reads now."""
    wanted = {match.target_id: match for match in found}
    for kind in dict.fromkeys(match.kind for match in found):
        ids = [one for one, match in wanted.items() if match.kind == kind]
        for at in range(0, len(ids), _AT_A_TIME):
            for record in _records(db, _KINDS[kind], ids[at : at + _AT_A_TIME]):
                yield Match(watch=watch, kind=_KINDS[kind], record=record, why=wanted[record["id"]].why)


def _records(db: Database, kind: RuleKind, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    # an article's text is read only where the mail shows it
    columns = "id, source, url, title, duplicate_of, published_at, sort_at, seq" if kind == "article" else "*"
    sql = f"SELECT {columns} FROM {VIEWS[kind]} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY sort_at, seq"  # noqa: S608
    return rows(db, sql, [json.dumps(list(ids))])

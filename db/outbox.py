"""Mail that is to be sent: put in within the transaction of what it tells of, claimed by one sender at a time.

Delivery is at least once. A row is `due`, then `claimed` under a lease, then `sent` or `dead`, or `dropped` where its
recipient has left the rule meanwhile; a claim whose lease has
run out, because its sender died, is taken by the next one, which sends the same message with the same key.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from db.bounded import counted
from db.connection import insert, row, rows, transaction, value
from db.names import utc

_LONGEST_ERROR = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One message for one recipient."""

    id: int
    key: str
    """The Message-ID is derived from it, so that a repeat is recognised."""
    recipient: str
    subject: str
    text: str
    html: str | None
    headers: Mapping[str, str] = field(default_factory=dict)
    """Further headers, such as References and List-Id."""
    rule: str | None
    rule_id: int | None = None
    zone: str | None = None
    """The time zone that its date is written in: that of its rule."""
    follows: tuple[str, ...] = ()
    """Keys of the mails to the same recipient that stand before it in its thread, the first one first."""
    article_id: str | None
    created_at: str
    due_at: str
    attempts: int
    """How often it was claimed, this time included; what was given back untried does not count."""
    first_attempt_at: str | None = None
    """When it was first refused for now; the time after which it is given up counts from there."""
    lease_token: str
    """Proves the claim to `settle`, `postpone` and `bury`."""


def enqueue(
    db: Database,
    *,
    key: str,
    recipient: str,
    subject: str,
    text: str,
    html: str | None = None,
    rule: str | None = None,
    rule_id: int | None = None,
    zone: str | None = None,
    follows: Sequence[str] = (),
    article_id: str | None = None,
    due_at: datetime,
    now: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> bool:
    """Put a message in; False where there is one with this key for this recipient, which is left as it is.

    Call it inside the transaction that stores what the message tells of.
    """
    with transaction(db):
        if value(db, "SELECT 1 FROM outbox WHERE key = ? AND recipient = ?", [key, recipient]):
            return False
        insert(
            db,
            "outbox",
            {
                "key": key,
                "recipient": recipient,
                "rule": rule,
                "rule_id": rule_id,
                "zone": zone,
                "follows": json.dumps(list(follows)) if follows else None,
                "article_id": article_id,
                "subject": subject,
                "text": text,
                "html": html,
                "headers": json.dumps(dict(headers or {}), ensure_ascii=False),
                "state": "due",
                "created_at": utc(now or due_at),
                "due_at": utc(due_at),
                "next_attempt_at": utc(due_at),
            },
        )
    return True


def claim(db: Database, now: datetime, lease: timedelta, limit: int) -> list[OutboxRow]:
    """Take up to `limit` messages that are due, oldest first, for `lease`; nobody else gets them meanwhile."""
    token = secrets.token_hex(8)
    with transaction(db):
        taken = [found["id"] for found in rows(db, _WAITING, [utc(now), limit])]
        parameters = {"token": token, "until": utc(now + lease)}
        claimed = [next(rows(db, _CLAIM, {**parameters, "id": identity})) for identity in taken]
    return [_read(found) for found in claimed]


_WAITING = """
SELECT id FROM outbox INDEXED BY outbox_waiting
WHERE state IN ('due', 'claimed') AND next_attempt_at <= ? ORDER BY next_attempt_at, id LIMIT ?
"""
# while it is claimed, the next attempt is the end of the lease: one index serves both states
_CLAIM = """
UPDATE outbox SET state = 'claimed', lease_token = :token, lease_until = :until, next_attempt_at = :until,
  attempts = attempts + 1
WHERE id = :id RETURNING *
"""


def is_due(db: Database, now: datetime) -> bool:
    """Whether there is a message to claim."""
    return value(db, _WAITING, [utc(now), 1]) is not None


def settle(
    db: Database, identity: int, *, token: str | None = None, now: datetime, response: str | None = None
) -> bool:
    """Note that a message was taken by the server; False where the claim has passed to somebody else meanwhile."""
    return _finish(
        db,
        "UPDATE outbox SET state = 'sent', sent_at = :now, response = :response, lease_token = NULL, "
        "lease_until = NULL, last_error = NULL "
        # one whose recipient unsubscribed while it was on its way was sent all the same
        "WHERE id = :id AND (state = 'claimed' AND (:token IS NULL OR lease_token = :token) "
        "OR state = 'dropped' AND lease_token = :token)",
        {"id": identity, "token": token, "now": utc(now), "response": response},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message that the server has taken, and is to be settled."""

    id: int
    token: str
    at: datetime
    response: str


def settle_all(db: Database, taken: Sequence[Taken]) -> None:
    """Note in one transaction what was taken; a claim that has passed to somebody else is left to them."""
    with transaction(db):
        for one in taken:
            settle(db, one.id, token=one.token, now=one.at, response=one.response)


def postpone(
    db: Database,
    identity: int,
    error: str,
    retry_at: datetime,
    *,
    token: str | None = None,
    tried_at: datetime | None = None,
) -> bool:
    """Give a message back to be tried again at `retry_at`; False where the claim is no longer ours.

    `tried_at` is when it was refused; the first of them is kept.
    """
    return _finish(
        db,
        "UPDATE outbox SET state = 'due', next_attempt_at = :retry, last_error = :error, lease_token = NULL, "
        "lease_until = NULL, first_attempt_at = coalesce(first_attempt_at, :tried) "
        "WHERE id = :id AND state = 'claimed' AND (:token IS NULL OR lease_token = :token)",
        {
            "id": identity,
            "token": token,
            "retry": utc(retry_at),
            "error": error[:_LONGEST_ERROR],
            "tried": utc(tried_at) if tried_at else None,
        },
    )


def release(
    db: Database, claimed: Sequence[OutboxRow], *, until: datetime | None = None, due_then: bool = False
) -> None:
    """Give messages back that were not tried: nothing is held against them.

    They are tried again at once, or from `until` on; with `due_then` they count as due then, and as late not before.
    """
    with transaction(db):
        for one in claimed:
            again = utc(until) if until else one.due_at
            db.conn.execute(
                "UPDATE outbox SET state = 'due', next_attempt_at = :again, due_at = :due, attempts = attempts - 1, "
                "lease_token = NULL, lease_until = NULL "
                "WHERE id = :id AND state = 'claimed' AND lease_token = :token",
                {"id": one.id, "token": one.lease_token, "again": again, "due": again if due_then else one.due_at},
            )


def bury(db: Database, identity: int, error: str, *, token: str | None = None) -> bool:
    """Give a message up: it stays as a dead letter until a person revives it."""
    return _finish(
        db,
        "UPDATE outbox SET state = 'dead', last_error = :error, lease_token = NULL, lease_until = NULL "
        "WHERE id = :id AND state = 'claimed' AND (:token IS NULL OR lease_token = :token)",
        {"id": identity, "token": token, "error": error[:_LONGEST_ERROR]},
    )


def revive(db: Database, identity: int, *, now: datetime) -> bool:
    """Make a dead letter due again, with the same key; False where there is no such dead letter."""
    return _finish(
        db,
        "UPDATE outbox SET state = 'due', next_attempt_at = :now, due_at = :now, attempts = 0, "
        "first_attempt_at = NULL WHERE id = :id AND state = 'dead'",
        {"id": identity, "now": utc(now)},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxCounts:
    """How full the outbox is; `COUNT_TO` + 1 of a state stands for more than `COUNT_TO`."""

    due: int
    claimed: int
    sent: int
    dead: int
    oldest_due_at: str | None
    """When the longest-waiting message was due; None if none waits."""


def outbox_counts(db: Database) -> OutboxCounts:
    """How many messages are in each state."""
    found = {
        state: counted(db, "SELECT 1 FROM outbox WHERE state = ?", [state])
        for state in ("due", "claimed", "sent", "dead")
    }
    oldest = value(db, "SELECT min(due_at) FROM outbox INDEXED BY outbox_by_due WHERE state IN ('due', 'claimed')")
    return OutboxCounts(**found, oldest_due_at=oldest)


def message(db: Database, identity: int) -> dict[str, Any] | None:
    """The whole row of a message, whatever its state."""
    return row(db, "SELECT * FROM outbox WHERE id = ?", [identity])


def _finish(db: Database, sql: str, parameters: Mapping[str, Any]) -> bool:
    with transaction(db):
        return db.conn.execute(sql, dict(parameters)).rowcount == 1


def _read(found: Mapping[str, Any]) -> OutboxRow:
    names = (
        "id", "key", "recipient", "subject", "text", "html", "rule", "rule_id", "zone", "article_id", "created_at",
        "due_at", "attempts", "first_attempt_at", "lease_token",
    )  # fmt: skip
    follows = tuple(json.loads(found["follows"] or "[]"))
    return OutboxRow(headers=json.loads(found["headers"]), follows=follows, **{name: found[name] for name in names})

"""Mails of watch rules that nobody has tried to send yet, and putting them aside for one mail that tells of it all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlite_utils import Database

from db.connection import rows
from db.matches import Waiting
from db.names import utc

MOST = 20_000
"""Mails that are looked at in one go; the rest is, the next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Untried:
    """A mail that is due and was never tried."""

    id: int
    rule_id: int
    recipient: str
    due_at: str


def untried(db: Database, now: datetime) -> Iterator[list[Untried]]:
    """The mails of rules that are due and were never tried, by recipient, oldest first.

    One that was claimed once is left out: its recipient may have it already, under its own Message-ID.
    """
    found = rows(db, _UNTRIED, [utc(now), MOST])
    for _recipient, mails in groupby((Untried(**one) for one in found), key=lambda one: one.recipient):
        yield list(mails)


_UNTRIED = """
SELECT id, rule_id, recipient, due_at FROM outbox INDEXED BY outbox_untried
WHERE state = 'due' AND attempts = 0 AND rule_id IS NOT NULL AND due_at <= ? ORDER BY recipient, due_at, id LIMIT ?
"""


def put_aside(db: Database, mails: Sequence[int], why: str) -> tuple[list[int], list[Waiting]]:
    """Take mails out of the outbox that nobody has claimed meanwhile; gives which, and what they were to tell.

    Their matches wait again: call it in the transaction that tells them otherwise.
    """
    chosen = json.dumps(list(mails))
    taken = [one["id"] for one in rows(db, _ASIDE, [why, chosen])]
    ids = json.dumps(taken)
    told = [
        Waiting(**{**one, "why": tuple(json.loads(one["why"])["reasons"])}) for one in rows(db, _TOLD, [ids])
    ]  # fmt: skip
    db.conn.execute(_UNTELL, [ids])
    return taken, told


_ASIDE = """
UPDATE outbox SET state = 'dropped', last_error = ?
WHERE id IN (SELECT value FROM json_each(?)) AND state = 'due' AND attempts = 0 RETURNING id
"""
_TOLD = """
SELECT id, kind, target_id, article_id, recipient, why, matched_at FROM alert_matches INDEXED BY alert_matches_by_mail
WHERE outbox_id IN (SELECT value FROM json_each(?)) ORDER BY id
"""
_UNTELL = "UPDATE alert_matches SET outbox_id = NULL WHERE outbox_id IN (SELECT value FROM json_each(?))"


def folded_into(db: Database, mails: Sequence[int], *, key: str, recipient: str) -> None:
    """Note that the mail with that key tells what these were to tell."""
    db.conn.execute(
        "UPDATE outbox SET folded_into = (SELECT id FROM outbox WHERE key = ? AND recipient = ?) "
        "WHERE id IN (SELECT value FROM json_each(?))",
        [key, recipient, json.dumps(list(mails))],
    )

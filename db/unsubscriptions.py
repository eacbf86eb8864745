"""Recipients who have left a watch rule by the link in its mails; they stay out whatever its list of recipients says.

Leaving and being let in again are events; a list that is edited, or read from the configuration anew, changes neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from db.connection import insert, rows, transaction, value
from db.names import utc

WHY = "the recipient has unsubscribed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscription:
    """A recipient who has left a rule."""

    recipient: str
    left_at: str


def leave(db: Database, rule_id: int, recipient: str, *, now: datetime) -> bool:
    """Note that a recipient has left a rule, and drop what of it waits for that address; False where that is so
    already.
    """
    with transaction(db):
        if value(db, _STANDS, [rule_id, recipient]):
            return False
        insert(db, "unsubscriptions", {"rule_id": rule_id, "recipient": recipient, "left_at": utc(now)})
        # the lease stays: a mail that is on its way just now may be settled by the one who sends it
        db.conn.execute(_DROP_MAILS, [WHY, rule_id, recipient])
        db.conn.execute(_DROP_MATCHES, [WHY, rule_id, recipient])
    return True


def let_in_again(db: Database, rule_id: int, recipient: str, *, by: str, now: datetime) -> bool:
    """Undo it: from the next match on the recipient is told again. False where nobody of that address has left.

    What was dropped meanwhile stays dropped.
    """
    with transaction(db):
        return (
            db.conn.execute(
                "UPDATE unsubscriptions SET lifted_at = ?, lifted_by = ? "
                "WHERE rule_id = ? AND recipient = ? AND lifted_at IS NULL",
                [utc(now), by, rule_id, recipient],
            ).rowcount
            == 1
        )


def unsubscribed(db: Database, rule_id: int) -> list[Unsubscription]:
    """Who has left a rule and was not let in again, in the order of leaving."""
    found = rows(
        db,
        "SELECT recipient, left_at FROM unsubscriptions WHERE rule_id = ? AND lifted_at IS NULL ORDER BY id",
        [rule_id],
    )
    return [Unsubscription(**one) for one in found]


def stays(db: Database, rule_id: int, recipients: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the recipients who have not left the rule."""
    gone = {one.recipient.casefold() for one in unsubscribed(db, rule_id)}
    return tuple(one for one in recipients if one.casefold() not in gone) if gone else recipients


_STANDS = "SELECT 1 FROM unsubscriptions WHERE rule_id = ? AND recipient = ? AND lifted_at IS NULL"
_DROP_MAILS = """
UPDATE outbox SET state = 'dropped', last_error = ?
WHERE rule_id = ? AND recipient = ? COLLATE NOCASE AND state IN ('due', 'claimed')
"""
_DROP_MATCHES = """
UPDATE alert_matches SET dropped = ?
WHERE rule_id = ? AND recipient = ? COLLATE NOCASE AND outbox_id IS NULL AND dropped IS NULL
"""

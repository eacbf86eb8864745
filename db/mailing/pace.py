"""How much mail was taken of late: limits are counted from what was sent, so that a restart forgets nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from db.connection import row, value
from db.names import utc

HOUR = timedelta(hours=1)


def sent_since(db: Database, since: datetime, *, most: int) -> int:
    """How many mails were taken after then; stops counting at `most`."""
    return int(
        value(
            db,
            "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE state = 'sent' AND sent_at > ? LIMIT ?)",
            [utc(since), most],
        )
    )


def sent_to(db: Database, recipient: str, now: datetime) -> tuple[int, datetime]:
    """How many mails of watch rules `recipient` was sent within the hour, and when the first of them leaves it."""
    found = row(
        db,
        "SELECT count(*) AS mails, min(sent_at) AS first FROM outbox "
        "WHERE state = 'sent' AND recipient = ? AND sent_at > ? AND rule IS NOT NULL",
        [recipient, utc(now - HOUR)],
    )
    assert found is not None, "it counts"
    return found["mails"], (datetime.fromisoformat(found["first"]) if found["first"] else now) + HOUR

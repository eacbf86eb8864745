"""Since when the mail server cannot be used, why, and when it is tried again; kept, so no restart hammers at it."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from db.connection import transaction, value
from db.names import utc

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=30)
_KEY = "mail:outage"
_LONGEST_ERROR = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A mail server that cannot be used."""

    since: str
    failures: int
    """How often it was tried in vain, one after the other."""
    retry_at: str
    error: str


def outage(db: Database) -> Outage | None:
    """The outage that goes on; None where mail could be sent when it was last tried."""
    held = value(db, "SELECT value FROM meta WHERE key = ?", [_KEY])
    return Outage(**json.loads(held)) if held else None


def note_outage(db: Database, error: str, now: datetime) -> Outage:
    """Note that the server could not be used now; the pause before the next try doubles, up to half an hour."""
    with transaction(db):
        before = outage(db)
        failures = before.failures + 1 if before else 1
        pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE) * random.uniform(0.8, 1.0)
        noted = Outage(
            since=before.since if before else utc(now),
            failures=failures,
            retry_at=utc(now + pause),
            error=error[:_LONGEST_ERROR],
        )
        held = json.dumps(asdict(noted), ensure_ascii=False)
        db.conn.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [_KEY, held])
    return noted


def end_outage(db: Database) -> None:
    """Note that the server takes mail."""
    if outage(db) is not None:
        with transaction(db):
            db.conn.execute("DELETE FROM meta WHERE key = ?", [_KEY])

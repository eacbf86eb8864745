"""The outbox for a person to look at: what was given up and why, what waits; and making dead letters due again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from db.bounded import COUNT_TO
from db.connection import rows, transaction
from db.names import utc

_BRIEF = "id, recipient, rule, subject, state, created_at, due_at, next_attempt_at, attempts, last_error"


def dead_letters(db: Database, *, error: str | None = None, after: int = 0, limit: int = 50) -> list[dict[str, Any]]:
    """Dead letters, oldest first, from the one behind `after` on: all, or those of an error."""
    return list(
        rows(
            db,
            f"SELECT {_BRIEF} FROM outbox WHERE state = 'dead' AND id > :after "  # noqa: S608
            "AND (:error IS NULL OR last_error = :error) ORDER BY id LIMIT :limit",
            {"after": after, "error": error, "limit": limit},
        )
    )


def errors_of_dead_letters(db: Database, *, limit: int = 10) -> list[dict[str, Any]]:
    """Each error with how many letters it killed, the most frequent first; of the first `COUNT_TO` dead letters."""
    return list(
        rows(
            db,
            "SELECT last_error AS error, count(*) AS letters FROM "
            "(SELECT last_error FROM outbox WHERE state = 'dead' ORDER BY id LIMIT ?) "
            "GROUP BY last_error ORDER BY letters DESC, error LIMIT ?",
            [COUNT_TO, limit],
        )
    )


def waiting_letters(db: Database, *, limit: int = 20) -> list[dict[str, Any]]:
    """What is due or on its way, what is tried next first."""
    return list(
        rows(
            db,
            f"SELECT {_BRIEF} FROM outbox INDEXED BY outbox_waiting "  # noqa: S608
            "WHERE state IN ('due', 'claimed') ORDER BY next_attempt_at, id LIMIT ?",
            [limit],
        )
    )


def revive_all(db: Database, *, now: datetime, error: str | None = None) -> int:
    """Make all dead letters due again, or those of an error; they keep their Message-IDs. Gives how many they are."""
    with transaction(db):
        return db.conn.execute(
            "UPDATE outbox SET state = 'due', next_attempt_at = :now, due_at = :now, attempts = 0, "
            "first_attempt_at = NULL WHERE state = 'dead' AND (:error IS NULL OR last_error = :error)",
            {"now": utc(now), "error": error},
        ).rowcount

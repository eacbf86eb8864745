"""The changes of state that were written down: those that nobody was told of yet, and all of them for the site."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from db.connection import insert, rows
from db.health.limits import LIMITS, Limits
from db.health.model import Seen, Transition, Verdict
from db.names import utc


def untold(db: Database, now: datetime, limits: Limits = LIMITS) -> list[Transition]:
    """Changes that the operator is to hear of and has not, the oldest first; what is a week old is no news any more."""
    since = utc(now - timedelta(days=limits.tell_within_days))
    return [_transition(one) for one in rows(db, _UNTOLD, [since])]


def note_told(db: Database, transition_id: int, *, outbox_id: int | None, now: datetime) -> None:
    """Note that a mail tells of it; called in the transaction that puts that mail in."""
    insert(db, "health_told", {"transition_id": transition_id, "told_at": utc(now), "outbox_id": outbox_id})


def transitions_of(db: Database, source: str, *, limit: int) -> list[Transition]:
    """The newest changes of a source and its routes, the newest first."""
    return [_transition(one) for one in rows(db, _OF_SOURCE, [source, limit])]


def states_of_routes(db: Database, source: str) -> dict[str, dict[str, Any]]:
    """What is remembered of each route, by name; the reasons as a tuple."""
    found = rows(db, "SELECT * FROM health_states WHERE source = ? AND route > '' ORDER BY route LIMIT 500", [source])
    return {one["route"]: {**one, "reasons": tuple(json.loads(one["reasons"]))} for one in found}


def state_of(db: Database, source: str) -> dict[str, Any] | None:
    """What is remembered of a source; None where it was never evaluated."""
    found = next(rows(db, "SELECT * FROM health_states WHERE source = ? AND route = ''", [source]), None)
    return {**found, "reasons": tuple(json.loads(found["reasons"]))} if found else None


def _transition(one: dict[str, Any]) -> Transition:
    pages: dict[str, Any] = {
        name: Seen(url=one[f"{name}_url"], page=one[f"{name}_page"]) if one[f"{name}_url"] else None
        for name in ("last_good", "first_bad")
    }
    plain = {name: one[name] for name in ("expected", "actual", "layout", "selector")}
    verdict = Verdict(
        state=one["to_state"],
        reasons=tuple(json.loads(one["reasons"])),
        since=datetime.fromisoformat(one["since"]) if one["since"] else None,
        **plain,
        **pages,
    )
    return Transition(
        id=one["id"],
        source=one["source"],
        route=one["route"],
        before=one["from_state"],
        after=one["to_state"],
        at=datetime.fromisoformat(one["at"]),
        verdict=verdict,
        tell=bool(one["tell"]),
    )


_UNTOLD = """
SELECT t.* FROM health_transitions AS t INDEXED BY health_transitions_to_tell
WHERE t.tell AND t.at >= ? AND NOT EXISTS (SELECT 1 FROM health_told AS h WHERE h.transition_id = t.id) ORDER BY t.id
"""
_OF_SOURCE = "SELECT * FROM health_transitions WHERE source = ? ORDER BY id DESC LIMIT ?"

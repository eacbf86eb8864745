"""Accepting many statements at once: what was shown is kept, only what has not changed since is accepted, each by an
event of its own that names the batch, and the whole can be taken back.

A batch is worked off in short transactions, so that a crawl that writes meanwhile waits for none of it; one that was
interrupted goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from db.connection import insert, row, rows, transaction, update
from db.deciding.corrections import ReviewError
from db.deciding.queue import Filter, queue
from db.deciding.verdicts import NEWS, Kind
from db.names import utc
from db.review import decide, last_decision, statement, undo

LARGEST = 2_000
"""Statements of one batch; the rest is the next one."""

_CHUNK = 50
_KEPT_UNCONFIRMED = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch as it stands."""

    id: int
    reviewer: str
    filters: Mapping[str, Any]
    prepared_at: str
    accepted_at: str | None
    undone_at: str | None
    states: Mapping[str, int]
    """How many of its statements are `waiting`, `accepted`, `passed` (they had changed) or `undone`."""

    @property
    def size(self) -> int:
        """All its statements."""
        return sum(self.states.values())


def prepare_batch(db: Database, wanted: Filter, *, reviewer: str, now: datetime) -> int:
    """Write down what of the queue a filter names, as it stands now; gives the batch's id.

    What the machine has changed its mind about is left out: that wants a look. Raises ReviewError where nothing fits.
    """
    found = [one for one in queue(db, wanted, limit=LARGEST) if one["rank"] >= NEWS]
    if not found:
        raise ReviewError("batch: nothing that waits fits this filter")
    filters: dict[str, Any] = {
        "kind": wanted.kind,
        "source": wanted.source,
        "sector": wanted.sector,
        "rule": wanted.rule,
    }
    filters |= {"rank": wanted.rank, "sure": wanted.sure}
    seen = [(n, one["id"], last_decision(db, one["id"]), _digest(db, one["id"])) for n, one in enumerate(found)]
    with transaction(db):
        _forget_unconfirmed(db, utc(now - _KEPT_UNCONFIRMED))
        held = {name: value for name, value in filters.items() if value is not None}
        batch = insert(
            db,
            "decision_batches",
            {"reviewer": reviewer, "filters": json.dumps(held, ensure_ascii=False), "prepared_at": utc(now)},
        )
        db.conn.executemany(
            "INSERT INTO batch_items (batch_id, position, statement_id, last_decision, digest) VALUES (?, ?, ?, ?, ?)",
            [(batch, *one) for one in seen],
        )
    return batch


def batch_of(db: Database, batch_id: int) -> Batch:
    """A batch; LookupError if there is none, or its statements were forgotten."""
    found = row(db, "SELECT * FROM decision_batches WHERE id = ?", [batch_id])
    batch = _batch(db, found) if found else None
    if batch is None or not batch.states:
        raise LookupError(f"no batch {batch_id}")
    return batch


def batches(db: Database, *, limit: int = 20) -> list[Batch]:
    """The newest batches that were accepted."""
    sql = "SELECT * FROM decision_batches WHERE accepted_at IS NOT NULL ORDER BY id DESC LIMIT ?"
    return [_batch(db, found) for found in list(rows(db, sql, [limit]))]


def batch_reasons(db: Database, batch_id: int) -> list[tuple[Kind, str, str, int]]:
    """What a batch is made of: kind, why it waits, source, and how many; the most first."""
    counted: Counter[tuple[Kind, str, str]] = Counter()
    for kind, sql in _MADE_OF:
        for one in rows(db, sql, [batch_id]):
            counted[kind, one["queue_reason"] or "decided", one["source"] or ""] += one["times"]
    return [(*what, times) for what, times in counted.most_common()]


def batch_statements(db: Database, batch_id: int, *, limit: int) -> list[str]:
    """The ids of its first statements."""
    sql = "SELECT statement_id FROM batch_items WHERE batch_id = ? ORDER BY position LIMIT ?"
    return [one["statement_id"] for one in rows(db, sql, [batch_id, limit])]


def accept_batch(db: Database, batch_id: int, *, reviewer: str, now: datetime) -> None:
    """Accept what of the batch has not changed since it was shown, each by its own event; the rest is passed over.

    Raises ReviewError for another reviewer's batch and one that was taken back.
    """
    batch = batch_of(db, batch_id)
    if batch.reviewer != reviewer:
        raise ReviewError(f"batch: {batch.reviewer} has prepared it; prepare one of your own")
    if batch.undone_at:
        raise ReviewError("batch: it was taken back; prepare a new one")
    update(db, "decision_batches", "id", batch_id, {"accepted_at": batch.accepted_at or utc(now)})
    while True:
        with transaction(db):
            chunk = list(rows(db, _WAITING, [batch_id, _CHUNK]))
            for item in chunk:
                _set_state(db, item, "accepted" if _accept(db, item, reviewer, now) else "passed")
        if len(chunk) < _CHUNK:
            return


def undo_batch(db: Database, batch_id: int, *, reviewer: str, now: datetime) -> None:
    """Take back every acceptance of the batch about which nobody has decided since, each by its own event.

    Raises ReviewError for a batch that was never accepted.
    """
    batch = batch_of(db, batch_id)
    if not batch.accepted_at:
        raise ReviewError("batch: it has not been accepted")
    update(db, "decision_batches", "id", batch_id, {"undone_at": utc(now)})
    behind = -1
    while True:
        with transaction(db):
            chunk = list(rows(db, _ACCEPTED, [batch_id, behind, _CHUNK]))
            for item in chunk:
                behind = item["position"]
                if item["latest_batch"] == batch_id and item["latest_decision"] == "accept":
                    undo(
                        db, item["statement_id"], reviewer=reviewer, now=now, expected=item["latest"],
                        reason=f"batch {batch_id} taken back", batch=batch_id,
                    )  # fmt: skip
                    _set_state(db, item, "undone")
            # what was waiting when the batch was interrupted is not to be accepted any more
            db.conn.execute(
                "UPDATE batch_items SET state = 'passed' WHERE batch_id = ? AND state = 'waiting'", [batch_id]
            )
        if len(chunk) < _CHUNK:
            return


def _accept(db: Database, item: Mapping[str, Any], reviewer: str, now: datetime) -> bool:
    seen = statement(db, item["statement_id"])
    if seen.retired or seen.last_decision != item["last_decision"] or _digest(db, seen.id) != item["digest"]:
        return False
    decide(
        db, seen.id, reviewer=reviewer, decision="accept", now=now, expected=item["last_decision"],
        batch=item["batch_id"],
    )  # fmt: skip
    return True


def _set_state(db: Database, item: Mapping[str, Any], state: str) -> None:
    where = [state, item["batch_id"], item["position"]]
    db.conn.execute("UPDATE batch_items SET state = ? WHERE batch_id = ? AND position = ?", where)


def _digest(db: Database, statement_id: str) -> str:
    record = statement(db, statement_id).record
    return hashlib.sha256(json.dumps(record, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def _batch(db: Database, found: Mapping[str, Any]) -> Batch:
    counted = rows(db, "SELECT state, count(*) AS times FROM batch_items WHERE batch_id = ? GROUP BY 1", [found["id"]])
    states = {one["state"]: one["times"] for one in counted}
    return Batch(**{**found, "filters": json.loads(found["filters"])}, states=states)


def _forget_unconfirmed(db: Database, before: str) -> None:
    old: Sequence[Any] = db.conn.execute(
        "SELECT id FROM decision_batches WHERE accepted_at IS NULL AND prepared_at < ?", [before]
    ).fetchall()
    for (batch,) in old:
        # its row stays: its number must never be another batch's
        db.conn.execute("DELETE FROM batch_items WHERE batch_id = ?", [batch])


_GIVE_UP = "UPDATE batch_items SET state = 'passed' WHERE batch_id = ? AND state = 'waiting'"

_WAITING = "SELECT * FROM batch_items WHERE batch_id = ? AND state = 'waiting' ORDER BY position LIMIT ?"

_ACCEPTED = """
SELECT i.*, d.id AS latest, d.batch_id AS latest_batch, d.decision AS latest_decision
FROM batch_items AS i
  JOIN decisions AS d ON d.id = (SELECT max(e.id) FROM decisions AS e WHERE e.statement_id = i.statement_id)
WHERE i.batch_id = ? AND i.state = 'accepted' AND i.position > ? ORDER BY i.position LIMIT ?
"""

_MADE_OF: tuple[tuple[Kind, str], ...] = (
    (
        "policy",
        "SELECT s.queue_reason, s.source, count(*) AS times FROM batch_items AS i "
        "JOIN policies AS s ON s.id = i.statement_id WHERE i.batch_id = ? GROUP BY 1, 2",
    ),
    (
        "quote",
        "SELECT s.queue_reason, s.source, count(*) AS times FROM batch_items AS i "
        "JOIN quotes AS s ON s.id = i.statement_id WHERE i.batch_id = ? GROUP BY 1, 2",
    ),
)

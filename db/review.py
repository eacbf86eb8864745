"""What people decide about statements: append-only events over what the machine said, and the queue that waits.

A decision never overwrites: it is an event with the reviewer, the time, the old and the new value, the machine's record
and its version at that moment. A correction holds for its fields, an acceptance for the whole record as it was shown;
both survive every re-extraction. Undoing is an event too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlite_utils import Database

from db.connection import insert, row, rows, transaction, value
from db.deciding.corrections import VOCABULARIES as VOCABULARIES
from db.deciding.corrections import ReviewError as ReviewError
from db.deciding.corrections import checked
from db.deciding.judgements import judge
from db.deciding.queue import queue as queue
from db.deciding.queue import queue_length as queue_length
from db.deciding.queue import release
from db.deciding.verdicts import Kind, Record, Verdict, standing_decisions, verdicts_of
from db.keeping.records import TABLES, kind_of, machine_record_of, record_of
from db.names import utc
from db.statements import apply_verdict, retire

Decision = Literal["accept", "correct", "reject"]


UNDO_WITHIN = timedelta(hours=12)
"""How old a decision may be that is taken back without naming the statement."""


class AlreadyDecided(ReviewError):
    """Somebody else has decided in the meantime; `latest` is their event."""

    def __init__(self, message: str, latest: Mapping[str, Any] | None) -> None:
        super().__init__(message)
        self.latest = latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A statement as a reviewer needs it."""

    id: str
    kind: Kind
    article_id: str
    record: Mapping[str, Any]
    """The record that counts."""
    machine: Mapping[str, Any]
    """The machine's own record."""
    review_state: str
    machine_state: str
    reason: str | None
    """Why it waits in the queue; None if it does not."""
    last_decision: int
    """Give it to `decide` as `expected`; 0 while nobody has decided."""
    retired: bool
    extractor_version: str
    confidence: float | None


def statement(db: Database, statement_id: str) -> Reviewed:
    """One statement with both records; LookupError if there is none."""
    stored = _stored(db, statement_id)
    kind = kind_of(statement_id)
    return Reviewed(
        id=statement_id,
        kind=kind,
        article_id=stored["article_id"],
        record=record_of(kind, stored),
        machine=machine_record_of(kind, stored),
        review_state=stored["review_state"],
        machine_state=stored["machine_state"],
        reason=stored["queue_reason"],
        last_decision=last_decision(db, statement_id),
        retired=stored["retired_at"] is not None,
        extractor_version=stored["extractor_version"],
        confidence=stored["confidence"],
    )


def last_decision(db: Database, statement_id: str) -> int:
    """The id of the newest event about a statement, 0 if there is none."""
    return int(value(db, "SELECT coalesce(max(id), 0) FROM decisions WHERE statement_id = ?", [statement_id]))


def decide(
    db: Database,
    statement_id: str,
    *,
    reviewer: str,
    decision: Decision,
    changes: Mapping[str, Any] | None = None,
    reason: str | None = None,
    now: datetime,
    expected: int | None = None,
    batch: int | None = None,
) -> int:
    """Take a decision about a statement; gives the event's id.

    `correct` needs `changes`, a mapping of fields of the extraction spec to their right values (`text` of a quote and
    `evidence` of an announcement must stand in the article; offsets are found). `reject` needs a `reason`. `expected`
    is the `last_decision` that the reviewer saw: where there is a later one, `AlreadyDecided` is raised and nothing
    written. `batch` names the batch that it belongs to. Raises ReviewError for a value that the spec does not allow,
    LookupError for an unknown statement.
    """
    if not reviewer.strip():
        raise ReviewError("reviewer: a decision needs a name")
    if decision == "reject" and not (reason or "").strip():
        raise ReviewError("reason: a rejection needs one")
    if (decision == "correct") != bool(changes):
        raise ReviewError("changes: a correction needs at least one field, and only a correction takes any")
    with transaction(db):
        stored = _stored(db, statement_id)
        _check_expected(db, statement_id, expected)
        kind = kind_of(statement_id)
        record = record_of(kind, stored)
        new_values: Record = {}
        if decision == "correct":
            new_values = {
                name: new
                for name, new in checked(kind, changes or {}, record, _text_of(db, stored)).items()
                if record[name] != new
            }
            if not new_values:
                raise ReviewError("changes: every field has that value already; accept the statement instead")
        elif decision == "accept":
            moving = {"start", "end", "evidence"} | ({"text"} if kind == "quote" else set())
            new_values = {name: held for name, held in record.items() if name not in moving}
        event = insert(
            db,
            "decisions",
            {
                "statement_id": statement_id,
                "reviewer": reviewer.strip(),
                "decided_at": utc(now),
                "decision": decision,
                "old_values": _json({name: record[name] for name in new_values}),
                "new_values": _json(new_values),
                "machine": _json(_machine_says(kind, stored)),
                "reason": (reason or "").strip() or None,
                "extractor_version": _version(db, stored),
                "confidence": stored["confidence"],
                "batch_id": batch,
            },
        )
        _apply(db, kind, statement_id)
        release(db, statement_id)
    return event


def undo(
    db: Database,
    statement_id: str,
    *,
    reviewer: str,
    now: datetime,
    expected: int | None = None,
    reason: str | None = None,
    batch: int | None = None,
) -> int:
    """Take back the newest standing decision about a statement; gives the id of the event that does so.

    Raises ReviewError where there is nothing to take back.
    """
    with transaction(db):
        stored = _stored(db, statement_id)
        _check_expected(db, statement_id, expected)
        last = row(
            db,
            "SELECT * FROM decisions AS d WHERE statement_id = ? AND decision <> 'undo' "
            "AND NOT EXISTS (SELECT 1 FROM decisions AS u WHERE u.undoes = d.id) ORDER BY id DESC LIMIT 1",
            [statement_id],
        )
        if last is None:
            raise ReviewError(f"{statement_id}: there is no decision to take back")
        kind = kind_of(statement_id)
        event = insert(
            db,
            "decisions",
            {
                "statement_id": statement_id,
                "reviewer": reviewer.strip(),
                "decided_at": utc(now),
                "decision": "undo",
                "old_values": last["new_values"],
                "new_values": last["old_values"],
                "machine": _json(_machine_says(kind, stored)),
                "undoes": last["id"],
                "reason": reason,
                "extractor_version": _version(db, stored),
                "confidence": stored["confidence"],
                "batch_id": batch,
            },
        )
        _apply(db, kind, statement_id)
        if added_by(db, statement_id) and not standing_decisions(db, statement_id):
            # nobody stands for it any more, and the machine never has
            retire(db, kind, _stored(db, statement_id), utc(now))
    return event


def added_by(db: Database, statement_id: str) -> str | None:
    """Who has added a statement that the machine does not find; None where the machine found it."""
    sql = "SELECT reviewer FROM additions WHERE statement_id = ?"
    found = value(db, sql, [statement_id]) if _stored(db, statement_id)["machine_state"] == "gone" else None
    return None if found is None else str(found)


def undo_last(db: Database, *, reviewer: str, now: datetime) -> str:
    """Take back the reviewer's own newest standing decision of the last `UNDO_WITHIN`; gives the statement's id.

    Raises ReviewError where there is none, AlreadyDecided where somebody has decided about the statement since.
    """
    with transaction(db):
        last = row(db, _OWN_LAST_DECISION, [reviewer.strip(), utc(now - UNDO_WITHIN)])
        if last is None:
            raise ReviewError(f"you have decided nothing in the last {UNDO_WITHIN.total_seconds() / 3600:.0f} hours")
        if last["batch_id"] is not None:
            raise ReviewError(f"your last decision was batch {last['batch_id']}: take it back as a whole on its page")
        undo(db, last["statement_id"], reviewer=reviewer, now=now, expected=last["id"])
    return str(last["statement_id"])


def record_before(record: Record, events: Sequence[Mapping[str, Any]]) -> Record:
    """`record` as it was before `events` of `history`, oldest first."""
    before = dict(record)
    for event in reversed(events):
        before.update(event["old_values"])
    return before


def history(db: Database, statement_id: str) -> list[dict[str, Any]]:
    """Every event about a statement, oldest first, values as they were."""
    return [
        {**event, **{name: json.loads(event[name]) for name in ("old_values", "new_values", "machine")}}
        for event in rows(db, "SELECT * FROM decisions WHERE statement_id = ? ORDER BY id", [statement_id])
    ]


def _apply(db: Database, kind: Kind, statement_id: str) -> None:
    stored = _stored(db, statement_id)
    verdict = verdicts_of(db, [statement_id]).get(statement_id, Verdict())
    apply_verdict(db, kind, stored, verdict, _text_of(db, stored))
    judge(db, statement_id)


def _machine_says(kind: Kind, stored: Mapping[str, Any]) -> Record | None:
    return None if stored["machine_state"] == "gone" else machine_record_of(kind, stored)


def _version(db: Database, stored: Mapping[str, Any]) -> str:
    """The version that says so, or that no longer does."""
    if stored["machine_state"] != "gone":
        return str(stored["extractor_version"])
    return str(value(db, "SELECT extractor_version FROM revisions WHERE id = ?", [stored["revision_id"]]))


def _stored(db: Database, statement_id: str) -> dict[str, Any]:
    try:
        table = TABLES[kind_of(statement_id)]
    except ValueError as error:
        raise LookupError(str(error)) from error
    found = row(db, f"SELECT * FROM {table} WHERE id = ?", [statement_id])  # noqa: S608
    if found is None:
        raise LookupError(f"no statement {statement_id!r}")
    return found


def _text_of(db: Database, stored: Mapping[str, Any]) -> str:
    return str(value(db, "SELECT text FROM revisions WHERE id = ?", [stored["revision_id"]]))


def _check_expected(db: Database, statement_id: str, expected: int | None) -> None:
    if expected is None or expected == last_decision(db, statement_id):
        return
    latest = row(db, "SELECT * FROM decisions WHERE statement_id = ? ORDER BY id DESC LIMIT 1", [statement_id])
    who = f"{latest['reviewer']} has decided ({latest['decision']})" if latest else "the decision is gone"
    raise AlreadyDecided(f"{who} in the meantime: look again", latest)


def _json(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False)


_OWN_LAST_DECISION = """
SELECT id, statement_id, batch_id FROM decisions AS d
WHERE reviewer = ? AND decision <> 'undo' AND decided_at >= ?
  AND NOT EXISTS (SELECT 1 FROM decisions AS u WHERE u.undoes = d.id)
ORDER BY id DESC LIMIT 1
"""

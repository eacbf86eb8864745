"""What each decision says about the machine: was its record right, wrong in which fields, no statement, or missing.

Derived from the events, one row a statement and version of the extractor, made anew with each decision and its undoing:
figures of quality are counted here, without opening the events.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlite_utils import Database

from db.connection import insert, row
from db.deciding.verdicts import Kind, standing_decisions

Outcome = Literal["right", "wrong", "rejected", "missed"]
"""`wrong`: a statement, but not in all fields; `rejected`: none; `missed`: one that the machine did not find."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a person found out about one version's record of a statement."""

    extractor_version: str
    decision_id: int
    confidence: float | None
    outcome: Outcome
    fields: tuple[str, ...]
    """The fields that were corrected."""
    batch: bool
    """Whether it was accepted with others, unread."""


def judge(db: Database, statement_id: str) -> None:
    """Bring the judgements about a statement to its standing decisions."""
    db.conn.execute("DELETE FROM judgements WHERE statement_id = ?", [statement_id])
    kind: Kind = "quote" if statement_id.startswith("q") else "policy"
    found = row(db, _SOURCE[kind], [statement_id])
    if found is None:
        return
    latest = {one.extractor_version: one for one in judgements_of(standing_decisions(db, statement_id))}
    for one in latest.values():
        insert(
            db,
            "judgements",
            {
                "statement_id": statement_id,
                "extractor_version": one.extractor_version,
                "decision_id": one.decision_id,
                "kind": kind,
                "source": found["source"],
                "confidence": one.confidence,
                "outcome": one.outcome,
                "fields": json.dumps(one.fields),
                "batch": int(one.batch),
            },
        )


def judgements_of(events: Sequence[Mapping[str, Any]]) -> Iterator[Judgement]:
    """One judgement an event, oldest first; that a lost statement was rightly lost says nothing about a record."""
    values: dict[str, Any] = {}
    for event in events:
        values.update(json.loads(event["new_values"]))
        machine = json.loads(event["machine"])
        rejected = event["decision"] == "reject"
        if machine is None and rejected:
            continue
        fields = () if machine is None or rejected else differing(machine, values)
        outcome: Outcome = "rejected" if rejected else "missed" if machine is None else "wrong" if fields else "right"
        yield Judgement(
            extractor_version=event["extractor_version"],
            decision_id=event["id"],
            confidence=event["confidence"],
            outcome=outcome,
            fields=fields,
            batch=event["batch_id"] is not None,
        )


def differing(machine: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields in which `values` say something else than the machine's record; a place that moved is none."""
    return tuple(
        name
        for name, held in machine.items()
        if name in values and name not in ("start", "end") and _said(name, held) != _said(name, values[name])
    )


def _said(name: str, held: Any) -> Any:
    return [span["text"] for span in held] if name == "evidence" else held


_SOURCE: Mapping[Kind, str] = {
    "quote": "SELECT source FROM quotes WHERE id = ?",
    "policy": "SELECT source FROM policies WHERE id = ?",
}

"""What people have decided about a statement, summed up from the events, and what still waits for a decision.

A decision that was taken while the machine did not find the statement has no machine's record (`null`): the statement
was added by a person, or the extractor had lost it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from sqlite_utils import Database

from db.connection import rows

Kind = Literal["quote", "policy"]
Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What people have decided about a statement so far, decisions that were undone left out."""

    state: Literal["open", "accepted", "corrected", "rejected"] = "open"
    values: Mapping[str, Any] = field(default_factory=dict)
    """Fields that a person has fixed, with their values."""
    machine: Mapping[str, Any] | None = None
    """The machine's record that the last decision was about; None where the machine did not find the statement."""

    @property
    def without_machine(self) -> bool:
        """Whether a person has settled it knowing that the machine does not find it."""
        return self.state != "open" and self.machine is None


def verdicts_of(db: Database, statements: Sequence[str]) -> dict[str, Verdict]:
    """What people have decided about each of `statements`, from the events; those without a decision are left out."""
    events = {statement: standing_decisions(db, statement) for statement in statements}
    return {statement: verdict_of(found) for statement, found in events.items() if found}


def standing_decisions(db: Database, statement: str) -> list[dict[str, Any]]:
    """The events about a statement that have not been undone, oldest first, values as JSON."""
    return list(rows(db, _STANDING_DECISIONS, [statement]))


def verdict_of(events: Sequence[Mapping[str, Any]]) -> Verdict:
    """The sum of a statement's decisions, oldest first, undone ones left out.

    A correction holds for its fields; an acceptance for the whole record as it was shown. The place of the evidence
    is only held where it was corrected, because it moves with the text.
    """
    state: Any = "open"
    values: dict[str, Any] = {}
    corrected = False
    machine = None
    for event in events:
        values.update(json.loads(event["new_values"]))
        machine = json.loads(event["machine"])
        corrected = corrected or event["decision"] == "correct"
        state = "rejected" if event["decision"] == "reject" else "corrected" if corrected else "accepted"
    return Verdict(state=state, values=values, machine=machine)


CHANGED, GONE, NEWS, EXECUTIVE, OFFICIAL, BACKGROUND, OTHER = 10, 15, 20, 30, 40, 50, 60

REASONS: Mapping[int, str] = MappingProxyType(
    {
        CHANGED: "the extractor now reads a reviewed statement differently",
        GONE: "the extractor no longer finds a confirmed statement",
        NEWS: "news announcement",
        EXECUTIVE: "quote of an executive",
        OFFICIAL: "quote of an official",
        BACKGROUND: "announcement cited as background",
        OTHER: "quote",
    }
)
"""The classes of the queue, in its order, and why a statement of each waits."""


def queue_place(
    kind: Kind, record: Mapping[str, Any], review_state: str, machine_state: str, *, settled: bool = False
) -> dict[str, Any]:
    """Where the statement stands in the review queue (low is early) and why; both None when it does not wait.

    `settled`: a person has decided about it knowing that the extractor does not find it.
    """
    rank = _rank(kind, record, review_state, machine_state, settled)
    return {"queue_rank": rank, "queue_reason": None if rank is None else REASONS[rank]}


def _rank(kind: Kind, record: Mapping[str, Any], review_state: str, machine_state: str, settled: bool) -> int | None:
    if review_state != "open":
        if machine_state == "changed":
            return CHANGED
        return GONE if machine_state == "gone" and not settled else None
    if kind == "policy":
        return NEWS if record["salience"] == "news" else BACKGROUND
    return {"executive": EXECUTIVE, "official": OFFICIAL}.get(record["role"], OTHER)


_STANDING_DECISIONS = """
SELECT * FROM decisions AS d
WHERE statement_id = ? AND decision <> 'undo' AND NOT EXISTS (SELECT 1 FROM decisions AS u WHERE u.undoes = d.id)
ORDER BY id
"""

"""Do two people decide alike? A sample of what one has decided is read by another who does not see that decision.

Cohen's kappa sets their agreement against what chance alone would give, with the large-sample interval of Fleiss, Cohen
and Everitt (Psychological Bulletin 72, 1969). Samples are drawn by a seed: the same seed over the same decisions draws
the same statements.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import sqrt
from typing import Any, Literal, get_args

from sqlite_utils import Database

from db.connection import insert, row, rows, transaction, value
from db.deciding.corrections import ReviewError, checked
from db.deciding.judgements import differing
from db.deciding.quality import Z95
from db.deciding.verdicts import Kind, Record
from db.keeping.standing import locate
from db.names import utc
from db.review import Reviewed, statement

Label = Literal["right", "wrong", "rejected"]
"""What a reader makes of a machine's record: right in every field, a statement but wrong in some, no statement."""

LABELS: tuple[Label, ...] = get_args(Label)
LARGEST_SAMPLE = 1_000
_POPULATION = 50_000
_MOST_READINGS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How two readers agree."""

    readings: int
    agreed: int
    kappa: float | None
    """None without readings, and where both have used one and the same label only: chance explains everything."""
    interval: tuple[float, float] | None
    """95 %."""
    table: Mapping[tuple[Label, Label], int]
    """Counts by first and second label."""


def agreement_of(pairs: Sequence[tuple[Label, Label]]) -> Agreement:
    """The agreement of pairs of labels, first and second reader's."""
    table: Counter[tuple[Label, Label]] = Counter(pairs)
    total = len(pairs)
    agreed = sum(table[label, label] for label in LABELS)
    kappa, interval = _kappa(table, total) if total else (None, None)
    return Agreement(readings=total, agreed=agreed, kappa=kappa, interval=interval, table=dict(table))


def _kappa(table: Mapping[tuple[Label, Label], int], total: int) -> tuple[float | None, tuple[float, float] | None]:
    share = {(a, b): table.get((a, b), 0) / total for a in LABELS for b in LABELS}
    first = {a: sum(share[a, b] for b in LABELS) for a in LABELS}
    second = {b: sum(share[a, b] for a in LABELS) for b in LABELS}
    observed = sum(share[a, a] for a in LABELS)
    by_chance = sum(first[a] * second[a] for a in LABELS)
    if 1 - by_chance < 1e-12:
        return None, None
    kappa = (observed - by_chance) / (1 - by_chance)
    on = sum(share[a, a] * (1 - (first[a] + second[a]) * (1 - kappa)) ** 2 for a in LABELS)
    off = sum(share[a, b] * (second[a] + first[b]) ** 2 for a in LABELS for b in LABELS if a != b)
    spread = on + (1 - kappa) ** 2 * off - (kappa - by_chance * (1 - kappa)) ** 2
    error = sqrt(max(0.0, spread) / total) / (1 - by_chance)
    return kappa, (max(-1.0, kappa - Z95 * error), min(1.0, kappa + Z95 * error))


# -- samples ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One statement of a sample that waits for its second reader."""

    sample_id: int
    position: int
    seen: Reviewed
    """The machine's record as the first reader had it, as if nobody had decided."""


def draw_sample(db: Database, *, seed: str, size: int, drawn_by: str, now: datetime) -> int:
    """Draw up to `size` statements of each kind from what people have read; gives the sample's id.

    Raises ReviewError for a size out of range, and where nothing has been read.
    """
    if not seed.strip() or len(seed) > 100:
        raise ReviewError("seed: 1 to 100 characters, such as the date")
    if not 1 <= size <= LARGEST_SAMPLE:
        raise ReviewError(f"size: a sample has 1 to {LARGEST_SAMPLE:,} statements of each kind")
    with transaction(db):
        by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for one in rows(db, _READ, {"most": _POPULATION}):
            by_kind[one["kind"]].append(one)
        drawn = [one for kind in sorted(by_kind) for one in _drawn(by_kind[kind], seed.strip(), size)]
        if not drawn:
            raise ReviewError("sample: nobody has decided about a statement yet")
        sample = insert(db, "samples", {"seed": seed.strip(), "size": size, "drawn_by": drawn_by, "drawn_at": utc(now)})
        for position, one in enumerate(drawn):
            item = {name: one[name] for name in ("statement_id", "kind", "decision_id")}
            first = {"first_reviewer": one["reviewer"], "first_label": one["outcome"]}
            insert(db, "sample_items", {"sample_id": sample, "position": position, **item, **first})
    return sample


def _drawn(read: Sequence[dict[str, Any]], seed: str, size: int) -> list[dict[str, Any]]:
    def lot(one: Mapping[str, Any]) -> str:
        return hashlib.sha256(f"{seed}\x1f{one['statement_id']}".encode()).hexdigest()

    return sorted(read, key=lot)[:size]


def unread(db: Database, reviewer: str, *, cap: int = 1_000) -> int:
    """How many statements wait for `reviewer` as the second reader."""
    return int(value(db, f"SELECT count(*) FROM ({_UNREAD} LIMIT :cap)", {"reviewer": reviewer, "cap": cap}))  # noqa: S608


def next_item(db: Database, reviewer: str, *, after: tuple[int, int] = (0, -1)) -> Item | None:
    """The next statement that `reviewer` may read as the second, behind a sample and position, if there is one."""
    where = {"reviewer": reviewer, "sample": after[0], "position": after[1]}
    for one in rows(db, f"{_UNREAD} {_BEHIND} ORDER BY sample_id, position LIMIT 50", where):
        found = item(db, one["sample_id"], one["position"])
        if found is not None:
            return found
    return None


def item(db: Database, sample_id: int, position: int) -> Item | None:
    """A statement of a sample as its second reader sees it; None where the article no longer holds the evidence."""
    held = row(db, _ITEM, [sample_id, position])
    if held is None:
        return None
    seen = statement(db, held["statement_id"])
    record = _placed(seen.kind, json.loads(held["machine"]), text_behind(db, seen))
    if record is None:
        return None
    blind = replace(
        seen, record=record, machine=record, review_state="open", machine_state="same", reason=None,
        last_decision=held["decision_id"], retired=False, extractor_version=held["extractor_version"],
        confidence=held["confidence"],
    )  # fmt: skip
    return Item(sample_id=sample_id, position=position, seen=blind)


def text_behind(db: Database, seen: Reviewed) -> str:
    """The text that a statement's offsets count in."""
    table = "quotes" if seen.kind == "quote" else "policies"
    sql = f"SELECT r.text FROM {table} AS s JOIN revisions AS r ON r.id = s.revision_id WHERE s.id = ?"  # noqa: S608
    return str(value(db, sql, [seen.id]))


def _placed(kind: Kind, machine: Record | None, text: str) -> Record | None:
    """The machine's record with its evidence where the text holds it now."""
    if machine is None:
        return None
    spans = [machine] if kind == "quote" else machine["evidence"]
    placed = []
    for span in spans:
        start = locate(text, span["text"], near=span["start"])
        if start is not None:
            placed.append({"start": start, "end": start + len(span["text"]), "text": span["text"]})
    if not placed:
        return None
    where = {"start": placed[0]["start"], "end": placed[0]["end"]} if kind == "quote" else {"evidence": placed}
    return {**machine, **where}


def read_second(
    db: Database,
    found: Item,
    *,
    reviewer: str,
    decision: Literal["accept", "correct", "reject"],
    changes: Mapping[str, Any] | None = None,
    reason: str | None = None,
    now: datetime,
) -> Label:
    """Store a second reading. It changes no record; gives its label.

    Raises ReviewError as `db.review.decide` does, and where somebody else, or the first reader, has read it.
    """
    values: Record = {}
    if decision == "correct":
        values = checked(found.seen.kind, changes or {}, dict(found.seen.record), text_behind(db, found.seen))
    if decision == "reject" and not (reason or "").strip():
        raise ReviewError("reason: a rejection needs one")
    wrong = decision == "correct" and differing(found.seen.machine, values)
    label: Label = "rejected" if decision == "reject" else "wrong" if wrong else "right"
    with transaction(db):
        stored = db.conn.execute(
            _STORE,
            {
                "sample": found.sample_id, "position": found.position, "reviewer": reviewer, "label": label,
                "values": json.dumps(values, ensure_ascii=False), "reason": reason, "now": utc(now),
            },
        )  # fmt: skip
        if not stored.rowcount:
            raise ReviewError("second reading: somebody else has read it, or you were the first")
    return label


def agreements(db: Database) -> Mapping[Kind, Agreement]:
    """The agreement of all second readings with the first, by kind."""
    pairs: dict[Kind, list[tuple[Label, Label]]] = {"policy": [], "quote": []}
    for one in rows(db, _PAIRS, [_MOST_READINGS]):
        pairs[one["kind"]].append((one["first_label"], one["second_label"]))
    return {kind: agreement_of(found) for kind, found in pairs.items()}


def samples(db: Database, *, limit: int = 10) -> list[dict[str, Any]]:
    """The newest samples: `id`, `seed`, `size`, `drawn_by`, `drawn_at`, `items`, `read`."""
    return list(rows(db, _SAMPLES, [limit]))


def disagreements(db: Database, *, limit: int = 20) -> list[dict[str, Any]]:
    """The newest statements about which two readers differ, for a third look."""
    return list(rows(db, _DISAGREEMENTS, [limit]))


_READ = """
SELECT j.statement_id, j.kind, j.decision_id, j.outcome, d.reviewer
FROM judgements AS j INDEXED BY judgements_read JOIN decisions AS d ON d.id = j.decision_id
WHERE j.batch = 0 AND j.outcome IN ('right', 'wrong', 'rejected') ORDER BY j.decision_id DESC LIMIT :most
"""

_UNREAD = """
SELECT sample_id, position FROM sample_items WHERE second_label IS NULL AND first_reviewer <> :reviewer
"""

_BEHIND = "AND (sample_id, position) > (:sample, :position)"

_ITEM = """
SELECT i.statement_id, i.decision_id, d.machine, d.extractor_version, d.confidence
FROM sample_items AS i JOIN decisions AS d ON d.id = i.decision_id WHERE i.sample_id = ? AND i.position = ?
"""

_STORE = """
UPDATE sample_items SET second_reviewer = :reviewer, second_label = :label, second_values = :values,
  second_reason = :reason, read_at = :now
WHERE sample_id = :sample AND position = :position AND second_label IS NULL AND first_reviewer <> :reviewer
"""

_PAIRS = """
SELECT kind, first_label, second_label FROM sample_items WHERE second_label IS NOT NULL ORDER BY read_at DESC LIMIT ?
"""

_SAMPLES = """
SELECT s.*, (SELECT count(*) FROM sample_items AS i WHERE i.sample_id = s.id) AS items,
  (SELECT count(*) FROM sample_items AS i WHERE i.sample_id = s.id AND i.second_label IS NOT NULL) AS read
FROM samples AS s ORDER BY s.id DESC LIMIT ?
"""

_DISAGREEMENTS = """
SELECT statement_id, kind, first_reviewer, first_label, second_reviewer, second_label, second_reason, read_at
FROM sample_items WHERE second_label IS NOT NULL AND second_label <> first_label ORDER BY read_at DESC LIMIT ?
"""

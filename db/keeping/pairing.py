"""Which stored statement each newly extracted one continues: the same evidence first, then what overlaps most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from db.deciding.verdicts import Kind, Record
from db.keeping.records import evidence_of, machine_record_of
from db.names import words_of


def paired(
    kind: Kind, stored: Sequence[Mapping[str, Any]], records: Sequence[Record], moved: Callable[[int], int] | None
) -> dict[int, Mapping[str, Any]]:
    """Which stored row each record continues, by the record's position: equal evidence first, then overlapping."""
    pairs: dict[int, Mapping[str, Any]] = {}
    used: set[str] = set()
    before = [(row, machine_record_of(kind, row)) for row in stored]
    # what is retired comes last: a current row with the same evidence has the better claim
    before.sort(key=lambda item: (item[0]["retired_at"] is not None, item[0]["position"]))

    def join(candidates: Iterable[tuple[float, int, Mapping[str, Any]]]) -> None:
        for _score, position, row in sorted(candidates, key=lambda c: (-c[0], c[1])):
            if position not in pairs and row["id"] not in used:
                pairs[position] = row
                used.add(row["id"])

    join(_same_evidence(kind, before, records))
    waiting = [(i, r) for i, r in enumerate(records) if i not in pairs]
    left = [(row, old) for row, old in before if row["id"] not in used and not row["retired_at"]]
    join(_overlapping(kind, left, waiting, moved))
    return pairs


def _same_evidence(
    kind: Kind, before: Sequence[tuple[Mapping[str, Any], Record]], records: Sequence[Record]
) -> Iterable[tuple[float, int, Mapping[str, Any]]]:
    by_text: dict[str, list[tuple[Mapping[str, Any], Record]]] = defaultdict(list)
    for row, old in before:
        by_text[evidence_of(kind, old)].append((row, old))
    nth: dict[str, int] = defaultdict(int)
    for position, record in enumerate(records):
        text = evidence_of(kind, record)
        place = nth[text]
        nth[text] += 1
        # the same words several times: first to first; hostile pages repeat them thousands of times
        nearest = max(0, place - 20)
        for rank, (row, old) in enumerate(by_text[text][nearest : place + 20], start=nearest):
            likeness = _likeness(kind, old, record)
            if likeness > 0:
                yield likeness - 0.01 * abs(rank - place), position, row


def _overlapping(
    kind: Kind,
    left: Sequence[tuple[Mapping[str, Any], Record]],
    waiting: Sequence[tuple[int, Record]],
    moved: Callable[[int], int] | None,
) -> Iterable[tuple[float, int, Mapping[str, Any]]]:
    if len(left) * len(waiting) > 250_000:
        return
    spans = [(position, record, _spans(kind, record)) for position, record in waiting]
    for row, old in left:
        mine = [(moved(a), moved(b)) if moved else (a, b) for a, b in _spans(kind, old)]
        for position, record, theirs in spans:
            shared = max((_iou(x, y) for x in mine for y in theirs), default=0.0)
            if shared >= 0.5 and _likeness(kind, old, record) > 0:
                yield shared, position, row


def _spans(kind: Kind, record: Mapping[str, Any]) -> list[tuple[int, int]]:
    if kind == "quote":
        return [(record["start"], record["end"])]
    return [(span["start"], span["end"]) for span in record["evidence"][:10]]


def _iou(a: tuple[int, int], b: tuple[int, int]) -> float:
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared / ((a[1] - a[0]) + (b[1] - b[0]) - shared) if shared > 0 else 0.0


def _likeness(kind: Kind, old: Mapping[str, Any], new: Mapping[str, Any]) -> float:
    """How surely two records over the same evidence are the same statement; a sentence may hold two announcements."""
    if kind == "quote":
        return 1.0
    if old["number"] and new["number"]:
        return 3.0 if old["number"] == new["number"] else 0.0
    mine, theirs = set(words_of(old["title"])), set(words_of(new["title"]))
    shared = len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0
    return 2 * shared + (0.5 if old["instrument"] == new["instrument"] else 0.0)

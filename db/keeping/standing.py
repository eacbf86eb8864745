"""The record that counts: the machine's, with what people have decided laid over it where the text still says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from db.deciding.verdicts import Kind, Record, Verdict, queue_place
from db.keeping.records import PLACE_FIELDS, columns_of, content_of


def standing_columns(kind: Kind, machine: Record, verdict: Verdict, text: str) -> dict[str, Any]:
    """The columns of the record that counts, its review state and its place in the queue."""
    placed = _placed(kind, verdict.values, machine, text)
    record = {**machine, **placed}
    state = "same"
    # a person's evidence that the article no longer holds cannot be kept up: a person must look again
    if any(name in verdict.values and name not in placed for name in ("text", "evidence")):
        state = "changed"
    if verdict.state != "open" and content_of(machine) not in (content_of(verdict.machine or {}), content_of(record)):
        state = "changed"
    beside = json.dumps(machine, ensure_ascii=False) if record != machine else None
    return {
        **columns_of(record),
        "machine": beside,
        "machine_state": state,
        "review_state": verdict.state,
        **queue_place(kind, record, verdict.state, state),
    }


def _placed(kind: Kind, values: Mapping[str, Any], machine: Record, text: str) -> Record:
    """A person's values, with corrected evidence found again in `text`; left out where it is no longer there."""
    placed = {
        name: value for name, value in values.items() if name not in PLACE_FIELDS and (kind, name) != ("quote", "text")
    }
    if kind == "quote" and "text" in values:
        start = locate(text, str(values["text"]), near=int(machine["start"]))
        if start is not None:
            placed.update(text=values["text"], start=start, end=start + len(values["text"]))
    if kind == "policy" and "evidence" in values:
        spans = []
        for span in values["evidence"]:
            start = locate(text, span["text"], near=span["start"])
            if start is not None:
                spans.append({"start": start, "end": start + len(span["text"]), "text": span["text"]})
        if spans:
            placed["evidence"] = spans
    return placed


def locate(text: str, wanted: str, *, near: int) -> int | None:
    """The offset of `wanted` in `text` that is closest to `near`, or None."""
    before, after = text.rfind(wanted, 0, near + len(wanted)), text.find(wanted, near)
    found = [offset for offset in (before, after) if offset >= 0]
    return min(found, key=lambda offset: abs(offset - near)) if wanted and found else None

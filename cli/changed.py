"""What a reprocess has changed, as a table for a person and as JSON for a program."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from db.changes import Change
from db.inert import cut, inert
from ingest.changes import Counted, Tally

_WIDTH = 48
"""Characters of a value that an example shows."""
_BEFORE = 12
"""Characters shown before the place at which two values begin to differ."""
_PLURALS = {"article": "articles", "quote": "quotes", "policy": "policies", "attachment": "attachments",
            "relation": "relations", "instrument": "instruments", "person": "people",
            "organization": "organizations"}  # fmt: skip
_WHOLE = {"new": "new", "back": "back", "gone": "gone"}
_OF_DECIDED = {
    ("accepted", "gone"): "confirmed, and the words no longer stand in the article: retired",
    ("corrected", "gone"): "corrected, and the words no longer stand in the article: retired",
    ("rejected", "gone"): "rejected, and the extractor no longer finds it: nothing to do",
    ("accepted", "misses"): "confirmed, and the extractor no longer finds it: it stays, and waits in the queue",
    ("corrected", "misses"): "corrected, and the extractor no longer finds it: it stays, and waits in the queue",
    ("accepted", "reads"): "confirmed, and the extractor now reads it differently: it stays, and waits in the queue",
    ("corrected", "reads"): "corrected, and the extractor now reads it differently: the correction stays",
    ("rejected", "reads"): "rejected, and the extractor now reads it differently: waits in the queue",
    ("accepted", "finds"): "confirmed, and the extractor finds it again",
    ("corrected", "finds"): "corrected, and the extractor finds it again",
    ("rejected", "finds"): "rejected, and the extractor finds it again: stays rejected",
    ("accepted", "changed"): "confirmed, and what nobody has confirmed of it has changed, such as its place",
    ("corrected", "changed"): "corrected, and a field that nobody has corrected has changed",
    ("rejected", "changed"): "rejected, and what it says has changed: stays rejected",
    ("accepted", "back"): "confirmed, and its words stand in the article again",
    ("corrected", "back"): "corrected, and its words stand in the article again",
    ("rejected", "back"): "rejected, and the extractor finds it again: stays rejected",
}
"""What a change means for a statement that people have decided about."""


def changed_lines(tally: Tally) -> Iterator[str]:
    """The table: kinds, under each its fields with examples; at last what people have decided about."""
    if not tally.counts:
        yield "nothing has changed"
        return
    yield "what has changed:"
    by_kind: dict[str, list[Counted]] = defaultdict(list)
    for counted in tally.counts:
        by_kind[counted[0]].append(counted)
    for kind, plural in _PLURALS.items():
        if kind in by_kind:
            yield from _kind_lines(tally, plural, by_kind[kind])
    if tally.decided:
        yield "of what people have decided about:"
        for (decided, what), count in sorted(tally.decided.items()):
            yield f"  {count:>7,}  {_OF_DECIDED.get((decided, what), f'{decided}, {what}')}"
        for one in tally.to_look_at:
            if one.what != "changed":
                yield f"           {one.id} {_said(one)}  {_address(one)}".rstrip()


def _kind_lines(tally: Tally, plural: str, counted: list[Counted]) -> Iterator[str]:
    whole = [f"{tally.counts[one]:,} {word}" for what, word in _WHOLE.items() for one in counted if one[1] == what]
    fields = sorted((one for one in counted if one[1] == "changed"), key=lambda one: (-tally.counts[one], one[2]))
    yield f"  {plural}: {', '.join(whole) or 'none new, none gone'}"
    for one in fields:
        yield f"  {tally.counts[one]:>7,}  {one[2]}"
        for example in tally.examples[one]:
            yield f"             {_said(example)}  {_address(example)}".rstrip()


def _said(one: Change) -> str:
    if one.field is None:
        return one.what
    old, new = differing(_text(one.old), _text(one.new))
    named = "" if one.what == "changed" else f"{one.field}: "
    return f"{named}{old} → {new}"


def _address(one: Change) -> str:
    return inert(one.url or one.id)


def _text(value: Any) -> str:
    if value is None or value == []:
        return "–"
    if isinstance(value, list):
        return "; ".join(one["text"] if isinstance(one, dict) and "text" in one else str(one) for one in value)
    return str(value)


def differing(old: str, new: str) -> tuple[str, str]:
    """Two values from shortly before the place at which they begin to differ, each short enough for a line."""
    same = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    begin = 0 if max(len(old), len(new)) <= _WIDTH else max(0, same - _BEFORE)
    return _cut(old, begin), _cut(new, begin)


def _cut(value: str, begin: int) -> str:
    shown = ("…" if begin else "") + value[begin : begin + 4 * _WIDTH]
    return cut(" ".join(inert(shown).split()), _WIDTH)


def as_json(tally: Tally) -> dict[str, Any]:
    """The same for a program."""
    return {
        "changes": [
            {
                "kind": kind, "what": what, "field": field or None, "count": count,
                "examples": [_plain(one) for one in tally.examples[kind, what, field]],
            }
            for (kind, what, field), count in sorted(tally.counts.items())
        ],
        "decided": [
            {"decided": decided, "what": what, "count": count}
            for (decided, what), count in sorted(tally.decided.items())
        ],
        "to_look_at": [_plain(one) for one in tally.to_look_at],
    }  # fmt: skip


def _plain(one: Change) -> dict[str, Any]:
    return {"id": one.id, "article": one.article, "url": one.url, "field": one.field, "old": one.old, "new": one.new,
            "what": one.what, "decided": one.decided}  # fmt: skip

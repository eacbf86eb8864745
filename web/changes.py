"""The difference between two texts as stretches that a page shows: what went, what came, and some of what stayed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from db.keeping.differences import difference

_CONTEXT = 160
"""Characters of unchanged text that are shown on either side of a change, about: words are kept whole."""
_MOST_COMPARED = 120_000
"""Characters of two texts that are compared word by word; longer ones paragraph by paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stretch of a difference."""

    what: Literal["same", "gone", "new", "skipped"]
    text: str


def between(older: str, newer: str) -> list[Step]:
    """What leads from one text to the other; nothing where they are the same."""
    if older == newer:
        return []
    if len(older) + len(newer) > _MOST_COMPARED:
        return _by_paragraph(older.split("\n"), newer.split("\n"))
    return told(older, difference(older, newer))


def told(older: str, difference_held: Iterable[Sequence[int | str]]) -> list[Step]:
    """A difference as `db.keeping.differences` writes it, told with the words of the older text."""
    steps: list[Step] = []
    at = 0
    for what, value in difference_held:
        if what == "+":
            steps.append(Step(what="new", text=str(value)))
            continue
        length = value if isinstance(value, int) else len(value)
        piece = older[at : at + length]
        at += length
        steps += [Step(what="gone", text=piece)] if what == "-" else [Step(what="same", text=piece)]
    return _shortened(steps)


def summary(steps: Iterable[Step]) -> str:
    """How much came and went: `14 characters gone, 20 new`."""
    held = list(steps)
    gone, new = (sum(len(step.text) for step in held if step.what == what) for what in ("gone", "new"))
    return f"{gone:,} {'character' if gone == 1 else 'characters'} gone, {new:,} new"


def _shortened(steps: list[Step]) -> list[Step]:
    """Long stretches that stayed are shown at their ends only."""
    shown: list[Step] = []
    for at, step in enumerate(steps):
        if step.what != "same" or len(step.text) <= 3 * _CONTEXT:
            shown.append(step)
            continue
        head = "" if at == 0 else _begin(step.text)
        tail = "" if at == len(steps) - 1 else _end(step.text)
        left_out = len(step.text) - len(head) - len(tail)
        shown += [Step(what="same", text=head)] if head else []
        shown.append(Step(what="skipped", text=f"{left_out:,} characters unchanged"))
        shown += [Step(what="same", text=tail)] if tail else []
    return shown


def _begin(text: str) -> str:
    """The first words of a text: to the end of a paragraph where one ends soon, else to a space."""
    within = text[: 2 * _CONTEXT]
    for gap in ("\n", " "):
        if (at := within.find(gap, _CONTEXT)) > 0:
            return within[:at]
    return within[:_CONTEXT]


def _end(text: str) -> str:
    within = text[-2 * _CONTEXT :]
    for gap in ("\n", " "):
        if (at := within.rfind(gap, 0, _CONTEXT)) >= 0:
            return within[at + 1 :]
    return within[-_CONTEXT:]


def _by_paragraph(older: list[str], newer: list[str]) -> list[Step]:
    """The paragraphs that only one of two long texts has, in their order."""
    held, holds = set(older), set(newer)
    gone = [paragraph for paragraph in older if paragraph not in holds]
    new = [paragraph for paragraph in newer if paragraph not in held]
    return [Step(what="gone", text=f"{text}\n") for text in gone] + [Step(what="new", text=f"{text}\n") for text in new]

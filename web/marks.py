"""An article's text with its statements marked in place: paragraphs of markup, and what was found in each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from web.inert import inert

_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A statement that is to be marked."""

    id: str
    kind: Literal["quote", "policy"]
    number: int
    """Its number in the margin, from 1."""
    spans: tuple[tuple[int, int], ...]
    """Offsets into the text; the first carries the anchor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph, escaped and marked."""

    markup: Markup
    statements: tuple[str, ...]
    """Ids of the statements that are anchored in it, in text order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    start: int
    end: int
    of: Marked
    first: bool
    last: bool


def mark_up(text: str, statements: Sequence[Marked], *, numbered: bool = True) -> tuple[Paragraph, ...]:
    """The paragraphs of `text` with a `<mark>` around every span; the first of each statement has its id."""
    found = []
    for start, end in _paragraphs(text):
        stretches = [one for statement in statements for one in _inside(statement, start, end)]
        anchored = [s for s in statements if s.spans and start <= _clip(s.spans[0][0], len(text)) < end]
        anchored.sort(key=lambda one: one.spans[0])
        found.append(
            Paragraph(
                markup=_markup(text, start, end, stretches, numbered),
                statements=tuple(one.id for one in anchored),
            )
        )
    return tuple(found)


def around(text: str, statement: Marked, *, beside: int = 1) -> tuple[Paragraph, ...]:
    """The paragraphs that hold the statement, and `beside` more on either side of each."""
    paragraphs = _paragraphs(text)
    wanted: set[int] = set()
    for at, (start, end) in enumerate(paragraphs):
        if any(a < end and b > start for a, b in statement.spans):
            wanted.update(range(max(0, at - beside), min(len(paragraphs), at + beside + 1)))
    return tuple(p for at, p in enumerate(mark_up(text, [statement], numbered=False)) if at in wanted)


def _paragraphs(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for gap in _BREAK.finditer(text):
        if gap.start() > start:
            found.append((start, gap.start()))
        start = gap.end()
    if start < len(text):
        found.append((start, len(text)))
    return found


def _clip(offset: int, length: int) -> int:
    return max(0, min(offset, length - 1))


def _inside(statement: Marked, start: int, end: int) -> Iterable[_Stretch]:
    for at, (a, b) in enumerate(statement.spans):
        if a < end and b > start and a < b:
            yield _Stretch(
                start=max(a, start), end=min(b, end), of=statement, first=at == 0 and a >= start, last=b <= end
            )


def _markup(text: str, start: int, end: int, stretches: list[_Stretch], numbered: bool) -> Markup:
    """Nested marks; where two stretches cross, the inner one is closed and opened again without its id."""
    starts: dict[int, list[_Stretch]] = {}
    for one in stretches:
        starts.setdefault(one.start, []).append(one)
    points = sorted({start, end, *starts, *(one.end for one in stretches)})
    pieces: list[Markup] = []
    stack: list[_Stretch] = []
    for at, point in enumerate(points):
        ending = [depth for depth, one in enumerate(stack) if one.end == point]
        if ending:
            shut = stack[ending[0] :]
            del stack[ending[0] :]
            for one in reversed(shut):
                pieces.append(Markup("</mark>"))
                if numbered and one.end == point and one.last:
                    pieces.append(_reference(one.of))
            for one in shut:
                if one.end != point:
                    pieces.append(_opening(one, with_id=False))
                    stack.append(one)
        for one in sorted(starts.get(point, ()), key=lambda found: -found.end):
            pieces.append(_opening(one, with_id=one.first))
            stack.append(one)
        if at + 1 < len(points):
            pieces.append(escape(inert(text[point : points[at + 1]])))
    return Markup("").join(pieces)


def _opening(one: _Stretch, *, with_id: bool) -> Markup:
    if with_id:
        return Markup('<mark class="{}" id="{}" tabindex="-1">').format(one.of.kind, one.of.id)
    return Markup('<mark class="{}">').format(one.of.kind)


def _reference(of: Marked) -> Markup:
    return Markup('<sup class="ref"><a href="#r-{}" aria-label="record {}">{}</a></sup>').format(
        of.id, of.number, of.number
    )

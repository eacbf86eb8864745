"""An article's text with its statements marked in place: paragraphs of markup, and what was found in each."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from web.inert import inert

_DEEPEST = 8
"""Marks inside one another; a statement below that keeps its anchor without a mark, so that a page stays small."""

MOST_POINTED = 60
"""Statements of an article whose marks and notes point at each other: a rule of `static/marks.css` each."""

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
    """The paragraphs of `text` with a `<mark>` around every span; the first of each statement has its id.

    `numbered`: behind each statement stands its number, a link to the record `r-<id>`, and marks carry the class
    `n<number>`, by which the style sheet shows the record that belongs to them.
    """
    places = _paragraphs(text)
    starts = [start for start, _end in places]
    stretches: list[list[_Stretch]] = [[] for _ in places]
    anchored: list[list[Marked]] = [[] for _ in places]
    for statement in sorted(statements, key=lambda one: one.spans):
        for nth, (a, b) in enumerate(statement.spans):
            at = max(0, bisect_right(starts, a) - 1)
            if nth == 0 and places and a <= places[at][1]:
                anchored[at].append(statement)
            for where in range(at, bisect_left(starts, b)):
                stretches[where] += _inside(statement, nth, places[where])
    return tuple(
        Paragraph(
            markup=_markup(text, start, end, inside, numbered),
            statements=tuple(one.id for one in here),
        )
        for (start, end), inside, here in zip(places, stretches, anchored, strict=True)
    )


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


def _inside(statement: Marked, nth: int, place: tuple[int, int]) -> list[_Stretch]:
    """What of the statement's nth span lies in a paragraph: one stretch or none."""
    (a, b), (start, end) = statement.spans[nth], place
    first, last = nth == 0 and a >= start, b <= end
    clipped = (max(a, start), min(b, end))
    if clipped[0] >= clipped[1]:
        return []
    return [_Stretch(start=clipped[0], end=clipped[1], of=statement, first=first, last=last)]


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
                    pieces.append(_opening(one, with_id=False, numbered=numbered))
                    stack.append(one)
        for one in sorted(starts.get(point, ()), key=lambda found: -found.end):
            if len(stack) < _DEEPEST:
                pieces.append(_opening(one, with_id=one.first, numbered=numbered))
                stack.append(one)
            elif one.first:
                pieces.append(Markup('<span id="{}" tabindex="-1"></span>').format(one.of.id))
        if at + 1 < len(points):
            pieces.append(escape(inert(text[point : points[at + 1]])))
    return Markup("").join(pieces)


def _opening(one: _Stretch, *, with_id: bool, numbered: bool) -> Markup:
    kind = f"{one.of.kind} {pointer(one.of.number)}".rstrip() if numbered else one.of.kind
    if with_id:
        return Markup('<mark class="{}" id="{}" tabindex="-1">').format(kind, one.of.id)
    return Markup('<mark class="{}">').format(kind)


def pointer(number: int) -> str:
    """The class that the marks and the note of a statement share."""
    return f"n{number}" if number <= MOST_POINTED else ""


def _reference(of: Marked) -> Markup:
    return Markup('<sup class="{}"><a href="#r-{}" aria-label="record {}">{}</a></sup>').format(
        f"ref {pointer(of.number)}".rstrip(), of.id, of.number, of.number
    )

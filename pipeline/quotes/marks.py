"""Stretches between quotation marks: where they open and close, and how the text looks without them.

A paragraph is read once from left to right. Curly and corner marks say by themselves whether they open or close;
a straight mark opens when nothing is open. A paragraph whose last mark is never closed is a quotation that
goes on in the next paragraph, and ends with its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from pipeline.patterns import regex
from pipeline.text import places_of

BLANK = "\ue000"
"""Stands for a quoted letter in `masked`: a private-use character that no rule of grammar matches."""

_MARKS = '"“”„«»「」＂'
_OPEN = "“„«「"
_CLOSE = {"“": "”", "„": "”“", "«": "»", "「": "」"}
_MIXED = frozenset(['"“', '”"'])
"""A closing mark and the opening one that is of another sort."""
_ENDS = ".,!?;:…。，！？；："
_CLAUSE_END = regex(r"[.,!?…。！？，—-]['’]?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The words between two marks: `start` and `end` leave the marks out."""

    start: int
    end: int
    closed: bool

    @property
    def outer(self) -> tuple[int, int]:
        """The offsets with the marks."""
        return self.start - 1, self.end + (1 if self.closed else 0)


def find_marked(text: str, start: int, end: int) -> Iterator[Marked]:
    """The marked stretches of one paragraph, in order, none inside another, none empty."""
    paragraph = text[start:end]
    present = [mark for mark in _marks_in(text) if mark in paragraph]
    if not present:
        return
    opened: int | None = None
    mark = ""
    depth = 0
    balanced = _straight_parity(text, start, end)
    curly = straight = -2
    for at in sorted(start + at for mark in present for at in places_of(mark, paragraph)):
        found = text[at].replace("＂", '"')
        if opened is None:
            if _opens(text, at, found, start, end):
                opened, mark, depth = at + 1, found, 0
        elif found == mark and mark in _OPEN:
            depth += 1
        elif found == '"' and mark == '"' and not balanced and _must_open(text, at, start):
            yield from _stretch(text, opened, at, closed=False)
            opened, balanced = at + 1, True
        elif _closes(found, mark) or found + mark in _MIXED:
            if found + mark in _MIXED:
                # `“the Applicants"`: the other sort closes where its own never comes
                curly = text.rfind("”", start, end) if curly == -2 else curly
                straight = text.rfind('"', start, end) if straight == -2 else straight
                if opened <= (curly if mark == "“" else straight):
                    continue
            if depth:
                depth -= 1
                continue
            yield from _stretch(text, opened, at, closed=True)
            opened = None
    if opened is not None:
        yield from _stretch(text, opened, end, closed=False)


@lru_cache(maxsize=2)
def _marks_in(text: str) -> list[str]:
    """The marks that the text has at all: one sort or two."""
    return [mark for mark in _MARKS if mark in text]


def _straight_parity(text: str, start: int, end: int) -> bool:
    return text.count('"', start, end) % 2 == 0


def _opens(text: str, at: int, mark: str, start: int, end: int) -> bool:
    if mark in _OPEN:
        return True
    if mark != '"':
        return False
    inch = at > start and text[at - 1].isdigit() and (at + 1 >= end or not text[at + 1].isalnum())
    return not inch


def _must_open(text: str, at: int, start: int) -> bool:
    """A straight mark at a word's left edge: it cannot close the one before it."""
    return at > start and text[at - 1] in " ([—" and at + 1 < len(text) and not text[at + 1].isspace()


def _closes(found: str, mark: str) -> bool:
    return found == '"' if mark == '"' else found in _CLOSE[mark]


def _stretch(text: str, start: int, end: int, *, closed: bool) -> Iterator[Marked]:
    while start < end and text[start].isspace():
        start += 1
    stop = end
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    if stop > start:
        yield Marked(start=start, end=stop, closed=closed and stop == end)


def between(stretches: list[Marked], start: int, end: int) -> list[Marked]:
    """The stretches that begin in `start:end`, of a list in text order."""
    if not stretches:
        return []
    first = bisect_left(stretches, start, key=_START)
    return stretches[first : bisect_left(stretches, end, lo=first, key=_START)]


_START = attrgetter("start")


def masked(text: str, stretches: list[Marked]) -> str:
    """`text`, same length, with the letters inside the marks blanked; a closing comma or full stop stays visible."""
    parts: list[str] = []
    at = 0
    for stretch in stretches:
        last = stretch.end - 1 if text[stretch.end - 1] in _ENDS else stretch.end
        parts += text[at : stretch.start], BLANK * (last - stretch.start), text[last : stretch.end]
        at = stretch.end
    parts.append(text[at:])
    return "".join(parts)


def ends_like_a_clause(text: str, stretch: Marked) -> bool:
    """Whether the marked words carry their own closing punctuation, as a quoted sentence does."""
    return bool(_CLAUSE_END.search(text, stretch.end - 2, stretch.end))

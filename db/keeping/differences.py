"""The word-level difference between two texts, small enough to store and exact enough to rebuild the newer one.

A difference is a list of steps `["=", n]` (keep n characters), `["-", text]` (taken out), `["+", text]` (put in).
Paragraphs are compared first and words only inside paragraphs that changed, so that the cost follows the change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

Step = tuple[str, int | str]

_PARAGRAPH = re.compile(r"[^\n]*\n*")
_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|\s+|[^\w\s]")

# SequenceMatcher is quadratic at worst; beyond these a changed stretch is stored as replaced whole.
_MOST_PARAGRAPHS = 1000
_MOST_TOKENS = 2000


def difference(old: str, new: str) -> list[Step]:
    """The steps that lead from `old` to `new`."""
    before = [piece for piece in _PARAGRAPH.findall(old) if piece]
    after = [piece for piece in _PARAGRAPH.findall(new) if piece]
    steps: list[Step] = []
    for same, a, b in _blocks(before, after, most=_MOST_PARAGRAPHS):
        if same:
            steps.append(("=", len(a)))
        else:
            for same_words, x, y in _blocks(_TOKEN.findall(a), _TOKEN.findall(b), most=_MOST_TOKENS):
                steps.extend([("=", len(x))] if same_words else _replaced(x, y))
    return _joined(steps)


def rebuild(old: str, steps: Sequence[Sequence[int | str]]) -> str:
    """The newer text, from the older one and the steps; ValueError if they do not belong together."""
    at = 0
    pieces: list[str] = []
    for what, value in steps:
        if what == "+":
            pieces.append(str(value))
            continue
        length = value if isinstance(value, int) else len(value)
        piece = old[at : at + length]
        if len(piece) != length or (what == "-" and piece != value):
            raise ValueError("the difference does not belong to this text")
        if what == "=":
            pieces.append(piece)
        at += length
    if at != len(old):
        raise ValueError("the difference does not belong to this text")
    return "".join(pieces)


def _blocks(a: list[str], b: list[str], *, most: int) -> Iterator[tuple[bool, str, str]]:
    """Stretches that are the same in both lists or not, in order, as text."""
    head = _common(a, b)
    tail = _common(a[head:][::-1], b[head:][::-1])
    end_a, end_b = len(a) - tail, len(b) - tail
    if head:
        yield True, "".join(a[:head]), "".join(b[:head])
    if max(end_a, end_b) - head > most:
        yield False, "".join(a[head:end_a]), "".join(b[head:end_b])
    else:
        matcher = SequenceMatcher(None, a[head:end_a], b[head:end_b], autojunk=False)
        for tag, i, j, k, m in matcher.get_opcodes():
            yield tag == "equal", "".join(a[head + i : head + j]), "".join(b[head + k : head + m])
    if tail:
        yield True, "".join(a[end_a:]), "".join(b[end_b:])


def _common(a: list[str], b: list[str]) -> int:
    length = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        length += 1
    return length


def _replaced(old: str, new: str) -> list[Step]:
    return [step for step in (("-", old), ("+", new)) if step[1]]


def _joined(steps: list[Step]) -> list[Step]:
    joined: list[Step] = []
    for what, value in steps:
        if joined and joined[-1][0] == what:
            last = joined[-1][1]
            joined[-1] = (what, last + value)  # type: ignore[operator]
        else:
            joined.append((what, value))
    return joined

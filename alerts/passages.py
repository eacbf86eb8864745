"""A stretch of an article as a mail shows it: the evidence marked in its paragraph, and in it the words asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from db.finding.fulltext import Kind
from db.finding.marking import MARK_END, MARK_START, marked

CONTEXT = 280
"""Characters of the surrounding paragraph that are shown on either side of what is marked."""
LONGEST = 1500
"""Characters of one marked stretch; a page of 100 kB in a sentence is cut here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text, whether it is the evidence itself, and whether the rule's query asks for it."""

    text: str
    marked: bool = False
    hit: bool = False


def in_context(
    text: str, spans: Sequence[tuple[int, int]], *, kind: Kind = "policy", query: str | None = None
) -> tuple[Piece, ...]:
    """The stretches `spans` of `text` marked, with what stands around and between them in their paragraph.

    `spans` are in order and do not overlap. What the `query` asks for of that `kind` is a hit, where it is marked.
    """
    start, end = spans[0][0], spans[-1][1]
    left = max(text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0, start - CONTEXT)
    stop = text.find("\n\n", end)
    right = min(stop if stop >= 0 else len(text), end + CONTEXT)
    before = _cut_left(text[left:start]) if left and text[left - 1] != "\n" else text[left:start]
    after = _cut_right(text[end:right]) if right < len(text) and text[right] != "\n" else text[end:right]
    pieces = [Piece(text=before)]
    for (begin, until), following in zip(spans, [*(span[0] for span in spans[1:]), end], strict=True):
        pieces += [Piece(text=_capped(text[begin:until]), marked=True), Piece(text=text[until:following])]
    return tuple(found for piece in (*pieces, Piece(text=after)) if piece.text for found in _hits(piece, kind, query))


def alone(said: str, *, kind: Kind = "policy", query: str | None = None) -> tuple[Piece, ...]:
    """Evidence whose place in the text is not known, by itself."""
    return tuple(_hits(Piece(text=_capped(said), marked=True), kind, query))


def by_paragraph(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """The spans in order, those of one paragraph together; where two overlap, the second begins at the first's end."""
    for _, together in groupby(sorted(spans), key=lambda span: text.count("\n\n", 0, span[0])):
        apart: list[tuple[int, int]] = []
        for start, end in together:
            begin = max(start, apart[-1][1]) if apart else start
            if begin < end:
                apart.append((begin, end))
        if apart:
            yield apart


def in_signs(pieces: Sequence[Piece]) -> str:
    """The pieces as plain text: « » around the evidence, * * around what was asked for."""
    said = ""
    for is_marked, together in groupby(pieces, key=lambda piece: piece.marked):
        words = "".join(f"*{piece.text}*" if piece.hit else piece.text for piece in together)
        said += f"«{words}»" if is_marked else words
    return said


def _hits(piece: Piece, kind: Kind, query: str | None) -> Iterator[Piece]:
    if query is None or not piece.marked:
        yield piece
        return
    clean = piece.text.replace(MARK_START, "").replace(MARK_END, "")
    for part in re.split(f"({MARK_START}[^{MARK_END}]*{MARK_END})", marked(kind, query, clean)):
        if part:
            yield replace(piece, text=part.strip(MARK_START + MARK_END), hit=part.startswith(MARK_START))


def _capped(text: str) -> str:
    return text if len(text) <= LONGEST else _cut_right(text[:LONGEST])


def _cut_left(text: str) -> str:
    return "… " + re.sub(r"^\w*\W", "", text, count=1)


def _cut_right(text: str) -> str:
    return re.sub(r"\W\w*$", "", text, count=1) + " …"

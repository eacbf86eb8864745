"""Pieces of text with their places on a page -> rows -> paragraphs; for formats that only know where letters stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.patterns import regex
from pipeline.text import is_chinese

_CELL = 1.0
"""A gap of so many letter heights parts two cells of a table; words are never so far apart."""
_WORD = 0.18
_FULL = 2.5
"""A line that ends within so many heights of the right margin may go on in the next."""
_BEGINS = regex(
    r"[ 　]*(?:\d{1,3}[.．、)）]|[（(]?[一二三四五六七八九十]{1,3}[)）、.]|第[一二三四五六七八九十\d]{1,4}[章节条]"
    r"|附[ 　]?件|[A-Za-z][.)] )"
)
_ENDS = regex(r"[。；;：:！？!?.]$")
_NUMBER_OF_PAGE = re.compile(r"[-—– ]*\d{1,4}[-—– ]*|第 ?\d{1,4} ?页(?:[,，/ ]*共 ?\d{1,4} ?页)?|Page \d+(?: of \d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A character, or a run of them, and its place; `bottom` and `top` grow upwards."""

    text: str
    left: float
    right: float
    bottom: float
    top: float


@dataclass(slots=True, kw_only=True)
class Row:
    """A printed line; cells of a table that stand in it are parted by tabs."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    high: float
    """Height of a letter, the largest of the line."""


def rows_of(pieces: Iterable[Piece]) -> Iterator[Row]:
    """The printed lines of a page, from pieces in the order in which they are drawn."""
    row: Row | None = None
    spaced = False
    for piece in pieces:
        if not piece.text.strip():
            spaced = True
            continue
        if row is None or not _goes_on(row, piece):
            if row is not None:
                yield row
            row = Row(
                text=piece.text.strip(), left=piece.left, right=piece.right, bottom=piece.bottom, top=piece.top,
                high=max(piece.top - piece.bottom, 0.1),
            )  # fmt: skip
        else:
            row.text += _gap(row, piece, spaced) + piece.text.strip()
            row.right = max(row.right, piece.right)
            row.bottom, row.top = min(row.bottom, piece.bottom), max(row.top, piece.top)
            row.high = max(row.high, piece.top - piece.bottom)
        spaced = piece.text[-1:].isspace()
    if row is not None:
        yield row


def _goes_on(row: Row, piece: Piece) -> bool:
    middle = (piece.top + piece.bottom) / 2
    return row.bottom <= middle <= row.top and piece.left >= row.right - row.high


def _gap(row: Row, piece: Piece, spaced: bool) -> str:
    gap = piece.left - row.right
    if gap > _CELL * row.high:
        return "\t"
    if spaced or piece.text[:1].isspace():
        return " "
    wide = gap > _WORD * row.high and not (is_chinese(row.text[-1:]) or is_chinese(piece.text[:1]))
    return " " if wide else ""


def paragraphs(rows: Iterable[Row]) -> list[str]:
    """The lines of a page with those joined that one paragraph was broken into; numbers of pages left out."""
    found = list(rows)
    if found and _NUMBER_OF_PAGE.fullmatch(found[-1].text):
        found.pop()
    if found and _NUMBER_OF_PAGE.fullmatch(found[0].text):
        found.pop(0)
    margin = max((row.right for row in found), default=0.0)
    joined: list[str] = []
    for at, row in enumerate(found):
        if at and _is_rest(found[at - 1], row, margin, found):
            joined[-1] += _seam(joined[-1], row.text) + row.text
        else:
            joined.append(row.text)
    return joined


def joined_lines(rows: Iterable[Row]) -> str:
    """All lines as one, as those of a cell are."""
    text = ""
    for row in rows:
        text += (_seam(text, row.text) if text else "") + row.text
    return text


def _is_rest(before: Row, row: Row, margin: float, found: Sequence[Row]) -> bool:
    """Whether a line only goes on with the one before: that was full, and nothing begins here."""
    return (
        "\t" not in before.text
        and "\t" not in row.text
        and before.right > margin - _FULL * before.high
        and len(found) > 2
        and before.bottom - row.top < 1.2 * before.high
        and not _BEGINS.match(row.text)
        and not (_ENDS.search(before.text) and row.left > min(one.left for one in found) + 0.5 * row.high)
    )


def _seam(before: str, after: str) -> str:
    return "" if is_chinese(before[-1:]) or is_chinese(after[:1]) else " "

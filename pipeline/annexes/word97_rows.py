"""Where rows of tables end in a Word 97 file: by the properties of its paragraphs ([MS-DOC] 2.4.6.1, 2.9.174).

In the text a cell ends with the same mark as a row, so that an empty cell looks like the end of one; only the
paragraph that closes a row says so itself.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass

_PAGE = 512
_IN_TABLE, _ROW_END = 0x2416, 0x2417
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
"""Bytes of a property's value, by the kind in its name."""
_LONG_VALUE = 0xD608
_MOST_PAGES = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraphs:
    """The paragraphs of the file in the order of their bytes."""

    starts: tuple[int, ...]
    in_table: tuple[bool, ...]
    row_end: tuple[bool, ...]

    def at(self, offset: int) -> tuple[bool, bool]:
        """Of the paragraph that the byte belongs to: whether it stands in a table, whether it closes a row."""
        place = bisect_right(self.starts, offset) - 1
        return (self.in_table[place], self.row_end[place]) if place >= 0 else (False, False)


def paragraphs_of(main: bytes, table: bytes) -> Paragraphs:
    """Read them; what is damaged is left out."""
    start, size = struct.unpack_from("<II", main, 0x0102)
    plc = table[start : start + size]
    count = max(0, (len(plc) - 4) // 8)
    found: dict[int, tuple[bool, bool]] = {}
    for number in struct.unpack_from(f"<{count}I", plc, 4 * (count + 1))[:_MOST_PAGES] if count else ():
        page = main[(number & 0x3FFFFF) * _PAGE : ((number & 0x3FFFFF) + 1) * _PAGE]
        if len(page) == _PAGE:
            _read_page(page, found)
    places = sorted(found)
    return Paragraphs(
        starts=tuple(places),
        in_table=tuple(found[place][0] for place in places),
        row_end=tuple(found[place][1] for place in places),
    )


def _read_page(page: bytes, found: dict[int, tuple[bool, bool]]) -> None:
    count = page[-1]
    if 4 * (count + 1) + 13 * count > _PAGE:
        return
    for at in range(count):
        offset = 2 * page[4 * (count + 1) + 13 * at]
        found[struct.unpack_from("<I", page, 4 * at)[0]] = _properties(page, offset) if offset else (False, False)


def _properties(page: bytes, at: int) -> tuple[bool, bool]:
    size = 2 * page[at] - 1 if page[at] else 2 * page[at + 1] if at + 1 < _PAGE else 0
    at += 1 if page[at] else 2
    end = min(at + size, _PAGE - 1)
    at += 2  # the style
    values = {_IN_TABLE: False, _ROW_END: False}
    while at + 3 <= end:
        name = struct.unpack_from("<H", page, at)[0]
        if name in values:
            values[name] = page[at + 2] != 0
        kind = name >> 13
        if name == _LONG_VALUE:
            at += 2 + 1 + struct.unpack_from("<H", page, at + 2)[0]
        elif kind == 6:
            at += 3 + page[at + 2]
        else:
            at += 2 + _SIZES[kind]
    return values[_IN_TABLE], values[_ROW_END]

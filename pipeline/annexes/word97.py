"""Word 97 to 2003 (DOC), and WPS Writer's files, which are the same: the text by its piece table ([MS-DOC] 2.4.1).

Read here, over olefile: the one library for it that is alive (`legacy-doc`) is half a year old and reads no tables, the
others run a program of 1999 (antiword) or a whole office.
"""

from __future__ import annotations

import re
import struct
from io import BytesIO
from itertools import pairwise

import olefile

from pipeline.annexes.blocks import Reading, Unreadable
from pipeline.annexes.word97_rows import Paragraphs, paragraphs_of

_WORD = 0xA5EC
_WORD97 = 0x00C1
_ENCRYPTED, _WHICH_TABLE = 0x0100, 0x0200
_MAX_STREAM = 128 * 2**20
# a field is its code, a separator, and what it shows; only the last is text
_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*(?:\x14|(?=\x15))")
_CELL, _ROW = "\x07", "\x1d"
"""The mark that ends a cell, and the one that is put in where a row ends."""
_MARK = re.compile("[\r\x07]")
_FIELD_MARK = re.compile("[\x13\x14\x15]")


def read(body: bytes) -> Reading:
    """Paragraphs and table rows of the main text."""
    try:
        with olefile.OleFileIO(BytesIO(body)) as compound:
            main = _stream(compound, "WordDocument")
            flags = struct.unpack_from("<H", main, 0x0A)[0]
            if flags & _ENCRYPTED:
                raise Unreadable("encrypted: it opens with a password only")
            table = _stream(compound, "1Table" if flags & _WHICH_TABLE else "0Table")
        text = _text(main, table)
    except (OSError, struct.error, IndexError, KeyError, ValueError) as error:
        raise Unreadable(f"damaged: {type(error).__name__}: {error}"[:200]) from error
    reading = Reading()
    _add(reading, text)
    return reading


def _stream(compound: olefile.OleFileIO, name: str) -> bytes:
    if compound.get_size(name) > _MAX_STREAM:
        raise Unreadable(f"its text is larger than {_MAX_STREAM >> 20} MiB")
    content: bytes = compound.openstream(name).read()
    return content


def _text(main: bytes, table: bytes) -> str:
    """The main text: \\r ends a paragraph, `_CELL` a cell, `_ROW` a row."""
    magic, version = struct.unpack_from("<HH", main)
    if magic != _WORD or version < _WORD97:
        raise Unreadable("a Word file from before 1997, which no reader here reads")
    length = struct.unpack_from("<i", main, 0x4C)[0]
    start, size = struct.unpack_from("<II", main, 0x01A2)
    pieces = _piece_table(table[start : start + size])
    count = (len(pieces) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}i", pieces)
    paragraphs = paragraphs_of(main, table)
    found: list[str] = []
    for at, (first, after) in enumerate(pairwise(ends)):
        after = min(after, length)
        if not 0 <= first < after:
            continue
        place = struct.unpack_from("<I", pieces, 4 * (count + 1) + 8 * at + 2)[0]
        offset = place & 0x3FFFFFFF
        if place & 0x40000000:  # one byte a letter
            offset, width = offset // 2, 1
            text = main[offset : offset + after - first].decode("cp1252", "replace")
        else:
            width = 2
            text = main[offset : offset + 2 * (after - first)].decode("utf-16-le", "replace")
        found.append(_marked(text, offset, width, paragraphs))
    text = "".join(found).replace("\x0b", " ").replace("\x0c", "\r").replace("\x1e", "-")
    return _FIELD_MARK.sub("", _FIELD_CODE.sub("", text))


def _marked(text: str, offset: int, width: int, paragraphs: Paragraphs) -> str:
    """A piece with the end of a row told from that of a cell, and paragraphs inside a cell on one line."""
    letters = list(text)
    for match in _MARK.finditer(text):
        in_table, row_end = paragraphs.at(offset + width * match.start())
        if row_end and match[0] == _CELL:
            letters[match.start()] = _ROW
        elif in_table and match[0] == "\r":
            letters[match.start()] = " "
    return "".join(letters)


def _piece_table(clx: bytes) -> bytes:
    at = 0
    while at < len(clx):
        if clx[at] == 2:
            size = struct.unpack_from("<I", clx, at + 1)[0]
            return clx[at + 5 : at + 5 + size]
        if clx[at] != 1:
            break
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    raise Unreadable("damaged: it has no table of its pieces")


def _add(reading: Reading, text: str) -> None:
    """Paragraphs and rows."""
    *lines, rest = text.split(_ROW)
    rows: list[list[str]] = []
    for line in lines:
        above, _, cells = line.rpartition("\r")
        if above:
            reading.table(rows)
            rows = []
            _add_paragraphs(reading, above)
        rows.append(cells.removesuffix(_CELL).split(_CELL))
    reading.table(rows)
    _add_paragraphs(reading, rest)


def _add_paragraphs(reading: Reading, text: str) -> None:
    for paragraph in text.split("\r"):
        reading.paragraph(paragraph)

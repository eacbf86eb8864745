"""The records of a WARC file: where each begins and ends, and what to do when some bytes are none.

A record is a gzip member of its own, or stands there as it is (`.warc`). Inflating is most of what reading costs, so it
is Intel's ISA-L that does it, at twice zlib's rate; of a record that nobody wants only the head is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO

from isal import igzip_lib, isal_zlib

CHUNK = 1 << 16
PIECE = 1 << 14
"""Bytes that are inflated at a time."""
HEAD = 1 << 12
"""Bytes by which it is judged whether a record is wanted."""
AT_ONCE = 1 << 18
"""Bytes that are inflated into at a time: a few bytes of gzip may be very many."""
MOST = 1 << 29
"""Bytes that are kept of a record."""
MAGIC = b"\x1f\x8b\x08"
PLAIN = b"WARC/"
_NEXT = re.compile(rb"\x1f\x8b\x08|(?<=\r\n\r\n)WARC/[0-9.]{3,5}\r\n")
_OVERLAP = 16
_BLOCK = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)

Judge = Callable[[bytes], int]
"""Told the head of a record, says how many bytes of it are wanted at most; 0: none, and its content is given as b""."""


def everything(_head: bytes) -> int:
    """Wants every record."""
    return MOST


def _nothing(_head: bytes) -> int:
    return 0


def members(
    file: IO[bytes],
    start: int = 0,
    watch: Callable[[int], None] | None = None,
    judge: Judge = everything,
    *,
    exact: bool = True,
) -> Iterator[tuple[int, int, bytes]]:
    """Offset, end and content of each whole record; what is none is passed over.

    `watch` is told each offset before it is looked at. Content is empty where `judge` does not want it, and only the
    head where it is longer than that allows: in memory is one record that is wanted, whatever it says of its length. A
    member that holds more than the record says, such as a file that was packed as a whole, is none if `exact`.
    """
    window = _Window(file)
    offset: int | None = start
    while offset is not None:
        if watch is not None:
            watch(offset)
        found = _record_at(window, offset, judge, exact)
        if found is None:
            offset = _next_begin(file, offset + 1)
        else:
            yield offset, *found
            offset = found[0]


def last_whole_member(file: IO[bytes], start: int = 0) -> int:
    """The offset at which the last whole member ends; damage before it does not count, only a torn tail does."""
    return max((end for _, end, _ in members(file, start, judge=_nothing, exact=False)), default=start)


def member_at(file: IO[bytes], offset: int) -> tuple[int, bytes] | None:
    """End and content of the record that begins there, or None when no whole one does."""
    return _record_at(_Window(file), offset, everything, False)


def is_packed_whole(file: IO[bytes]) -> bool:
    """Whether a file is one gzip member that holds many records."""
    window = _Window(file)
    if window.bytes(0, len(MAGIC)) != MAGIC or _record_at(window, 0, _nothing, True) is not None:
        return False
    head = isal_zlib.decompressobj(wbits=31)
    try:
        begin = head.decompress(window.piece(0, PIECE), HEAD)
    except igzip_lib.IsalError:  # type: ignore[misc]
        return False
    whole = _whole_of(begin, 0)
    return begin.startswith(PLAIN) and begin[whole : whole + len(PLAIN)] == PLAIN


class _Window:
    """The bytes of a file from wherever one is, read in chunks."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self._chunk = b""
        self._at = 0
        """Where the chunk begins in the file; it ends where the file stands."""

    def piece(self, offset: int, length: int) -> bytes:
        """Bytes from an offset on, at least one and at most so many; none at the end of the file."""
        inside = offset - self._at
        if not 0 <= inside < len(self._chunk):
            self.file.seek(offset)
            self._chunk, self._at, inside = self.file.read(CHUNK), offset, 0
        return self._chunk[inside : inside + length]

    def bytes(self, offset: int, length: int) -> bytes:
        """Exactly so many bytes, or all to the end of the file."""
        parts, missing = [], length
        while missing > 0 and (piece := self.piece(offset, missing)):
            parts.append(piece)
            offset += len(piece)
            missing -= len(piece)
        return b"".join(parts)


def _record_at(window: _Window, offset: int, judge: Judge, exact: bool) -> tuple[int, bytes] | None:
    begin = window.bytes(offset, len(PLAIN))
    if begin.startswith(MAGIC):
        return _member_at(window, offset, judge, exact)
    return _plain_at(window, offset, judge) if begin == PLAIN else None


def _member_at(window: _Window, offset: int, judge: Judge, exact: bool) -> tuple[int, bytes] | None:
    """End and content of the gzip member that begins there; None for what is torn, damaged, or not one record."""
    inflate = isal_zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    size = 0
    """Bytes inflated so far."""
    most = -1
    """Bytes that are kept; below 0 while the head is not judged."""
    whole = MOST
    """Bytes that the record has by its own word."""
    given = inflate.unconsumed_tail
    while not inflate.eof:
        if not given:
            given = window.piece(offset, PIECE)
            offset += len(given)
            ended = not given
        try:
            inflated = inflate.decompress(given, HEAD if most < 0 else AT_ONCE)
        except igzip_lib.IsalError:  # type: ignore[misc] # its stub does not say what it is derived from
            return None
        given = inflate.unconsumed_tail
        if ended and not inflated and not inflate.eof:
            return None
        size += len(inflated)
        if most < 0 or size <= most:
            parts.append(inflated)
        if most < 0 and (size >= HEAD or inflate.eof):
            head = b"".join(parts)
            if not head.startswith(PLAIN):
                return None
            most = judge(head)
            whole = _whole_of(head, size)
        if exact and size > whole:
            return None  # several records, or a length that is not true
    end = offset - len(inflate.unused_data)
    if most == 0:
        return end, b""
    return (end, b"".join(parts)) if size <= most else (end, b"".join(parts)[:HEAD])


def _whole_of(head: bytes, size: int) -> int:
    """How long the record is by its own word; where it has none, nothing is held against it here."""
    block = head.find(_BLOCK)
    length = _LENGTH.search(head, 0, block + 2) if block >= 0 else None
    return block + 4 + int(length[1]) + 4 if length else max(size, MOST)


def _plain_at(window: _Window, offset: int, judge: Judge) -> tuple[int, bytes] | None:
    head = window.bytes(offset, HEAD)
    block = head.find(_BLOCK)
    length = _LENGTH.search(head, 0, block + 2) if block >= 0 else None
    if length is None:
        return None
    whole = block + 4 + int(length[1]) + 4
    if window.bytes(offset + whole - 4, 4) != _BLOCK:
        return None
    most = judge(head[:whole])
    content = b"" if most == 0 else window.bytes(offset, whole if whole <= most else HEAD)
    return offset + whole, content


def _next_begin(file: IO[bytes], offset: int) -> int | None:
    """Where the next record may begin."""
    start = max(0, offset - len(_BLOCK))
    file.seek(start)
    tail = b""
    while chunk := file.read(CHUNK):
        window = tail + chunk
        first = start - len(tail)
        for found in _NEXT.finditer(window):
            if first + found.start() >= offset:
                return first + found.start()
        start += len(chunk)
        tail = window[-_OVERLAP:]
    return None

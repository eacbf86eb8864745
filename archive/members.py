"""The gzip members of a WARC file, one a record: where each ends, and what to do when some bytes are none."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import IO

CHUNK = 1 << 14
MAGIC = b"\x1f\x8b\x08"


def members(
    file: IO[bytes], start: int = 0, watch: Callable[[int], None] | None = None
) -> Iterator[tuple[int, int, bytes]]:
    """Offset, end and content of each whole gzip member that holds a record; what is none is passed over.

    `watch` is told each offset before it is looked at.
    """
    offset: int | None = start
    while offset is not None:
        if watch is not None:
            watch(offset)
        found = member_at(file, offset)
        if found is None:
            offset = _next_magic(file, offset + 1)
        else:
            yield offset, *found
            offset = found[0]


def last_whole_member(file: IO[bytes], start: int = 0) -> int:
    """The offset at which the last whole member ends; damage before it does not count, only a torn tail does."""
    return max((end for _, end, _ in members(file, start)), default=start)


def member_at(file: IO[bytes], offset: int) -> tuple[int, bytes] | None:
    """End and content of the record that begins there, or None when no whole one does."""
    file.seek(offset)
    inflate = zlib.decompressobj(wbits=31)
    parts, taken = [], 0
    while not inflate.eof:
        chunk = file.read(CHUNK)
        if not chunk:
            return None
        try:
            parts.append(inflate.decompress(chunk))
        except zlib.error:
            return None
        taken += len(chunk) - len(inflate.unused_data)
    content = b"".join(parts)
    return (offset + taken, content) if content.startswith(b"WARC/") else None


def _next_magic(file: IO[bytes], offset: int) -> int | None:
    """Where the next gzip member may begin."""
    file.seek(offset)
    tail = b""
    while chunk := file.read(CHUNK):
        window = tail + chunk
        if (found := window.find(MAGIC)) >= 0:
            return offset - len(tail) + found
        offset += len(chunk)
        tail = window[1 - len(MAGIC) :]
    return None

"""The index beside each WARC file, `<file>.cdxj`: sorted lines to search in, then those added since, in their order.

A first line `!meta` says how far the lines are sorted and how much of the WARC file they cover; `!` sorts before every
key, so other tools pass over it. The index holds nothing that the WARC file does not: it is not synced, and what a
crash took of it, or a tool deleted, is made again from the records that it does not cover.
"""

from __future__ import annotations

import heapq
import json
import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from archive.entries import entries_of, entry_in, line_of
from archive.files import SUFFIX
from archive.locks import locked
from archive.members import last_whole_member
from archive.reading import read_pages

INDEX = ".cdxj"
WINDOW = 1 << 16
"""Bytes at the end of an index in which its last line is looked for."""
_META = b"!meta "


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How an index file is laid out."""

    start: int
    """Where the sorted lines begin."""
    end: int
    """Where they end and those in the order of writing begin."""
    covers: int
    """Bytes of the WARC file that the sorted lines cover."""


def index_of(warc: Path) -> Path:
    """The index beside a WARC file."""
    return warc.with_name(warc.name.removesuffix(SUFFIX) + INDEX)


class Lines:
    """The lines of an index from `low` to below `high`; afterwards `covers` is known."""

    def __init__(self, file: IO[bytes], low: bytes = b"", high: bytes = b"\xff") -> None:
        self.found = _lines_between(file, low, high)
        self.covers = 0
        """Bytes of the WARC file that the whole index covers."""

    def __iter__(self) -> Iterator[bytes]:
        self.covers = yield from self.found


def _lines_between(file: IO[bytes], low: bytes, high: bytes) -> Generator[bytes, None, int]:
    layout = layout_of(file)
    if layout is None:
        return 0
    position = _first_from(file, layout, low)
    file.seek(position)
    while position < layout.end:
        line = file.readline()
        position += len(line)
        if line >= high:
            break
        yield line
    file.seek(layout.end)
    last = b""
    for line in file:
        if not line.endswith(b"}\n"):
            break
        last = line
        if low <= line < high:
            yield line
    ref = entry_in(last).ref if last else None
    return ref.offset + ref.length if ref is not None else layout.covers


def layout_of(file: IO[bytes]) -> Layout | None:
    """How an index is laid out; None when its first line promises what the file does not hold."""
    file.seek(0)
    first = file.readline(WINDOW)
    if not first.startswith(_META):
        return Layout(start=0, end=0, covers=0)
    try:
        said = json.loads(first.removeprefix(_META))
        layout = Layout(start=len(first), end=len(first) + int(said["sorted"]), covers=int(said["covers"]))
    except (ValueError, KeyError, TypeError):
        return None
    return layout if layout.end <= file.seek(0, os.SEEK_END) else None


def is_settled(warc: Path) -> bool:
    """Whether the index is sorted and covers the whole WARC file."""
    try:
        with index_of(warc).open("rb") as file:
            layout = layout_of(file)
            whole = layout is not None and layout.end == file.seek(0, os.SEEK_END)
    except FileNotFoundError:
        return False
    return whole and layout is not None and layout.covers == warc.stat().st_size


def catch_up(warc: Path, folder: Path, size: int) -> int:
    """Add what the index lacks of the WARC file's first `size` bytes; gives the lines added.

    Call it, and `settle`, under the lock of the WARC file. The last record that is there is always added anew: a writer
    that died may have left only one of its lines.
    """
    index = index_of(warc)
    keep, start = known_up_to(warc)
    if start > size:  # the WARC file was replaced by a shorter one
        keep = start = 0
    added = 0
    with index.open("ab") as file:
        file.truncate(keep)
        for ref, page in read_pages(warc, folder, [], start=start):
            lines = [line_of(entry) for entry in entries_of(page, ref)]
            file.write(b"".join(lines))
            added += len(lines)
    return added


def add(warc: Path, lines: list[bytes]) -> None:
    """Append the lines of a page. Raises FileNotFoundError where somebody has taken the index away meanwhile."""
    file = os.open(index_of(warc), os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    try:
        os.write(file, b"".join(lines))
    finally:
        os.close(file)


def settle(warc: Path, size: int) -> None:
    """Sort the lines that were added into the others; the file is replaced in one step. `size`: that of the WARC file.

    In memory are the lines that were added; those that were sorted before stream past.
    """
    index = index_of(warc)
    unfinished = index.with_name(index.name + ".part")
    with index.open("rb") as file:
        layout = layout_of(file)
        if layout is None:
            raise ValueError(f"{index} is damaged")
        file.seek(layout.end)
        added = sorted(file.readlines())
        if not added and layout.covers == size and layout.start:
            return
        with unfinished.open("wb") as out:
            out.write(_meta(0, 0))
            before, written = b"", 0
            for line in heapq.merge(_lines(file, layout), added):
                if line != before:
                    written += out.write(line)
                before = line
            out.seek(0)
            out.write(_meta(written, size))
            out.flush()
            os.fsync(out.fileno())
    unfinished.replace(index)


def make(warc: Path, folder: Path, *, anew: bool = False) -> None:
    """Bring the index of a file that nobody has open up to date and sort it; `anew`: from the records alone."""
    with warc.open("rb") as file, locked(file.fileno()):
        if anew or known_up_to(warc)[1] > file.seek(0, os.SEEK_END):  # of a file that was longer
            index_of(warc).unlink(missing_ok=True)
        size = last_whole_member(file, known_up_to(warc)[1])
        catch_up(warc, folder, size)
        settle(warc, size)


def _meta(written: int, covers: int) -> bytes:
    return _META + f'{{"sorted": {written:<15}, "covers": {covers:<15}}}\n'.encode("ascii")


def _lines(file: IO[bytes], layout: Layout) -> Iterator[bytes]:
    position = layout.start
    file.seek(position)
    while position < layout.end:
        line = file.readline()
        position += len(line)
        yield line


def _first_from(file: IO[bytes], layout: Layout, wanted: bytes) -> int:
    """Where the first sorted line that is not below `wanted` begins."""
    low, high = layout.start, layout.end
    while low < high:
        middle = (low + high) // 2
        if middle > low:
            file.seek(middle - 1)
            file.readline()
        else:
            file.seek(low)
        begin = file.tell()
        line = file.readline() if begin < high else b""
        if line and line < wanted:
            low = begin + len(line)
        else:
            high = middle
    return low


def known_up_to(warc: Path) -> tuple[int, int]:
    """Bytes of the index to keep, and the offset in the WARC file from which on records are to be added."""
    try:
        file = index_of(warc).open("rb")
    except FileNotFoundError:
        return 0, 0
    with file:
        layout = layout_of(file)
        if layout is None:
            return 0, 0
        begin = max(layout.end, file.seek(0, os.SEEK_END) - WINDOW)
        file.seek(begin)
        lines = file.read().splitlines(keepends=True)
    if begin > layout.end:  # in the middle of a line
        begin += len(lines[0])
        del lines[0]
    whole = [(begin + sum(map(len, lines[:n])), line) for n, line in enumerate(lines)]
    for n, (_, line) in enumerate(whole):
        if not line.endswith(b"}\n"):
            del whole[n:]
            break
    try:
        offsets = [(position, entry_in(line).ref.offset) for position, line in whole[-3:]]
    except ValueError:
        offsets = []
    if not offsets:
        return layout.end, layout.covers
    last = offsets[-1][1]
    return next(position for position, offset in offsets if offset == last), last

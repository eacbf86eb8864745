"""WARC files cut into stretches that are read apart from each other, on any core or machine.

A stretch is a range of bytes. To it belong the records that begin in it: whoever reads it looks for the first one that
begins at or after its start, and ends before the first that begins at or after its end. No index is needed for that.
What looks like a record inside another one, as a file that a site serves may, is found out when stretches are put
together: it lies before the place up to which the stretch before has read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import IO

from archive.foreign import Sieve, is_ours
from archive.members import Judge, everything, is_packed_whole, member_at, members
from archive.places import Place, open_place
from archive.records import ArchiveError, DamagedRecord, page_in
from pipeline.model import ArchiveRef, Page

STRETCH = 1 << 20
"""Bytes of a stretch, as they lie in the file: about a hundred pages."""
FAR_STRETCH = 4 << 20
"""Of a file that is read over the network: each stretch is a request, or two."""
_LAST, _PIECES = 3, 4
"""So many of the last stretches are cut into so many pieces each."""


Hosts = tuple[tuple[str, str], ...]
"""The hosts of our sources, each with the name of its source."""


_ZSTD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The records of a place that begin at or after `start` and before `end`."""

    place: Place
    start: int
    end: int
    hosts: Hosts = ()
    """Of records that others wrote, those of these hosts are read."""


def stretches_of(place: Place, start: int = 0, size: int | None = None, hosts: Hosts = ()) -> Iterator[Stretch]:
    """The stretches of a place from `start` on, without a gap, in order."""
    size = size or (FAR_STRETCH if place.is_remote else STRETCH)
    for at in range(start, place.size, size):
        yield Stretch(place=place, start=at, end=min(at + size, place.size), hosts=hosts)


def tapered(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """The same, with the last of them cut into pieces: when all is read, little is left to be stored."""
    held: deque[Stretch] = deque()
    for stretch in stretches:
        held.append(stretch)
        if len(held) > _LAST:
            yield held.popleft()
    for stretch in held:
        size = -(-(stretch.end - stretch.start) // _PIECES)
        for at in range(stretch.start, stretch.end, size):
            yield replace(stretch, start=at, end=min(at + size, stretch.end))


def records_in(
    stretch: Stretch, watch: Callable[[int], None] | None = None, judge: Judge = everything
) -> Iterator[tuple[ArchiveRef, bytes]]:
    """The records of a stretch, inflated, each with where it lies. Raises ArchiveError for what cannot be read.

    `watch` is told each offset at which one may begin, before it is looked at. Of what `judge` does not want nothing is
    given but where it lies.
    """
    name = stretch.place.name
    try:
        with open_place(stretch.place, stretch.start, stretch.end) as file:
            if stretch.start == 0:
                _refuse_other_kinds(stretch.place, file)
            for offset, end, content in members(file, stretch.start, watch, judge):
                if offset >= stretch.end:
                    return
                yield ArchiveRef(file=name, offset=offset, length=end - offset), content
                if end >= stretch.end:
                    return
    except OSError as error:
        raise ArchiveError(f"cannot read {stretch.place.url}: {error.strerror or error}") from error


def read_page(place: Place, ref: ArchiveRef) -> Page:
    """One page of a place again. Raises ArchiveError."""
    try:
        with open_place(place, ref.offset, ref.offset + ref.length) as file:
            found = member_at(file, ref.offset)
    except OSError as error:
        raise ArchiveError(f"cannot read {place.url}: {error.strerror or error}") from error
    page = page_of(ref, found[1]) if found is not None else None
    if not isinstance(page, Page):
        raise page or DamagedRecord(f"{ref.file} holds no page at {ref.offset}")
    return page


def page_of(ref: ArchiveRef, content: bytes, sieve: Sieve | None = None) -> Page | DamagedRecord | None:
    """The page of a record, what is wrong with it, or None for a record that holds none.

    With a sieve, a record that others wrote is read as theirs.
    """
    where = f"{ref.file} at {ref.offset}"
    try:
        return page_in(content, where) if sieve is None or is_ours(content) else sieve.page_in(content, where)
    except DamagedRecord as error:
        return error


def _refuse_other_kinds(place: Place, file: IO[bytes]) -> None:
    """Raise ArchiveError for a file whose records cannot be read apart from each other."""
    file.seek(0)
    if file.read(4) == _ZSTD:
        raise ArchiveError(f"{place.name}: packed by zstd, which is not read; unpack it with `zstd -d` to a .warc file")
    if is_packed_whole(file):
        raise ArchiveError(f"{place.name}: packed as a whole and not record by record; `warcio recompress` mends that")

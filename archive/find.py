"""Find pages by address and time, in the indexes and in what they do not cover yet; nothing here writes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from archive.entries import STAMP, Entry, entries_of, entry_in, key_of, offset_in
from archive.files import SUFFIX, day_and_number, lies_between, order
from archive.index import Lines, index_of
from archive.reading import read_pages
from archive.records import ArchiveError
from archive.surt import surt
from archive.warc import Archive

logger = logging.getLogger(__name__)

EVERYTHING = (b"", b"\xff")


def closest(archive: Archive, url: str, at: datetime | None = None) -> Entry | None:
    """The newest copy of an address, or the newest that was fetched at `at` (aware) or before; None: there is none.

    What stands behind a `#` may be the form that was posted.
    """
    url, _, form = url.partition("#")
    found = _closest(archive, key_of(url, form), at) if form else None
    return found or _closest(archive, key_of(url), at)


def _closest(archive: Archive, wanted: str, at: datetime | None) -> Entry | None:
    key = wanted.encode("ascii")
    limit = at.strftime(STAMP) if at is not None else "9"
    paths = [p for p in archive.paths() if at is None or lies_between(p.name, None, at.date())]
    paths.sort(key=_day, reverse=True)
    for _, same_day in groupby(paths, key=_day):
        found = [
            entry
            for path in same_day
            for entry in entries_in(path, archive.folder, key + b" ", key + b"!")
            if entry.stamp <= limit
        ]
        if found:
            return max(found, key=lambda entry: (entry.stamp, entry.ref.file, entry.ref.offset))
    return None


def list_entries(
    archive: Archive,
    prefix: str | None = None,
    source: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[Entry]:
    """The copies that are kept, by source and in the order of fetching; `since` and `until` are days (UTC), both in.

    In memory are those of one file.
    """
    low, high = _range(prefix) if prefix else EVERYTHING
    for path in archive.paths(f"{source}/*{SUFFIX}" if source else f"**/*{SUFFIX}"):
        if lies_between(path.name, since, until):
            entries = entries_in(path, archive.folder, low, high)
            found = {(entry.ref.offset, entry.redirect is None): entry for entry in entries if _begins(entry, prefix)}
            yield from (found[at] for at in sorted(found))


def entries_from(archive: Archive, source: str, file: str, offset: int) -> Iterator[Entry]:
    """The entries of a source from a place in one of its files on (`""`: all), in the order of fetching, one a page."""
    for path in archive.paths(f"{source}/*{SUFFIX}"):
        name = str(path.relative_to(archive.folder))
        if file and order(name) < order(file):
            continue
        start = offset if name == file else 0
        found = {entry.ref.offset: entry for entry in entries_in(path, archive.folder, *EVERYTHING, start=start)}
        yield from (found[at] for at in sorted(found))


def end_of(archive: Archive, source: str) -> tuple[str, int]:
    """File and offset at which a source's last page ends; `("", 0)` when there is none."""
    end = ("", 0)
    for entry in entries_from(archive, source, *end):
        end = (entry.ref.file, entry.ref.offset + entry.ref.length)
    return end


def entries_in(warc: Path, folder: Path, low: bytes, high: bytes, *, start: int = 0) -> Iterator[Entry]:
    """The entries of one file whose lines lie from `low` to below `high`, its index being up to date or not.

    Records that begin before `start` are left out.
    """
    covers = 0
    try:
        with index_of(warc).open("rb") as file:
            lines = Lines(file, low, high)
            for line in lines:
                if not start or offset_in(line) >= start:
                    yield entry_in(line)
            covers = lines.covers
        if covers >= warc.stat().st_size:
            return
    except FileNotFoundError:
        covers = 0
    except ValueError as error:
        logger.warning(
            "damaged (%s); `policywire archive index --rebuild` makes it anew file=%s", error, index_of(warc)
        )
        covers = 0
    except OSError as error:
        raise ArchiveError(f"cannot read {error.filename}: {error.strerror}") from error
    for ref, page in read_pages(warc, folder, [], start=max(covers, start)):
        for entry in entries_of(page, ref):
            if low <= entry.key.encode("ascii") + b" " < high:
                yield entry


def _range(prefix: str) -> tuple[bytes, bytes]:
    key = surt(prefix).encode("ascii")
    return key, key + b"\xff"


def _begins(entry: Entry, prefix: str | None) -> bool:
    """Whether an entry lies below a prefix that ends in a slash; SURT drops that slash."""
    if prefix is None or not prefix.endswith("/"):
        return True
    key = surt(prefix)
    rest = entry.key.removeprefix(key)
    return key.endswith("/") or not rest or rest[0] in "/?"


def _day(path: Path) -> str:
    found = day_and_number(path.name)
    return found[0] if found is not None else ""

"""Where WARC files lie, on this machine or elsewhere: what a pattern names, and how it is opened."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, cast

from archive.files import SUFFIX, in_order
from archive.index import INDEX
from archive.records import ArchiveError
from archive.remote import Found, RemoteFile, find_remote, joined, root_of, sizes_of, small_file
from archive.trouble import is_address, name_of

LISTS = (".paths", ".paths.gz")
"""Ends of names that Common Crawl gives its lists of files."""
LIST_BYTES = 64 << 20
LIST_LINES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One WARC file, wherever it lies."""

    name: str
    """As references note it: relative to the archive's folder for a file there, else whole path or address."""
    url: str
    """What `open_place` opens: a path, or an address."""
    size: int
    """Bytes, when it was looked up."""

    @property
    def is_remote(self) -> bool:
        """Whether it is read over the network."""
        return is_address(self.url)


def find_places(patterns: Sequence[str], folder: Path) -> list[Place]:
    """The files that the patterns match, each once; without a pattern all files of the archive in `folder`.

    A pattern is a path or a glob, `s3://BUCKET/…` or a glob of it, `https://…`, or a list of those: `@FILE`, or what
    ends in `.paths` or `.paths.gz`. Those of one folder come in the order in which they were written. Raises
    ArchiveError for what is no pattern, and for what is elsewhere and cannot be looked up.
    """
    if not patterns:
        return _places(folder.glob(f"**/*{SUFFIX}"), folder)
    found = (place for pattern in patterns for place in _matches(pattern, folder))
    return list(dict.fromkeys(found))


def open_place(place: Place, start: int = 0, end: int | None = None) -> IO[bytes]:
    """The file, to be read from any offset; from `start` to `end` all at once, where it comes over the network.

    Raises ArchiveError when it cannot be opened; reading a remote one may, too.
    """
    if place.is_remote:
        return cast(IO[bytes], RemoteFile(place.url, place.size, start, place.size if end is None else end))
    try:
        return Path(place.url).open("rb")
    except OSError as error:
        raise ArchiveError(f"cannot read {place.url}: {error.strerror or error}") from error


def _matches(pattern: str, folder: Path) -> Iterable[Place]:
    if pattern.startswith("@") or pattern.endswith(LISTS):
        return _listed(pattern.removeprefix("@"), folder)
    if is_address(pattern):
        return [_place(found) for found in find_remote(pattern)]
    return _globbed(pattern, folder)


def _place(found: Found) -> Place:
    return Place(name=name_of(found.url), url=found.url, size=found.size)


def _listed(listing: str, folder: Path) -> Iterator[Place]:
    """The files that a list names, a line each: addresses, and paths from where the list's files are kept.

    Those of a list that lies elsewhere begin at its host or bucket, as Common Crawl's do, and stay there; those of a
    list that lies here begin at its folder.
    """
    lines = _lines(listing)
    if is_address(listing):
        root = root_of(listing)
        far = [joined(root, line, f"{name_of(listing)}:{number}") for number, line in lines]
    else:
        far = [line for _, line in lines if is_address(line)]
    sizes = {url: Found(url=url, size=size) for url, size in zip(far, sizes_of(far), strict=True)}
    if is_address(listing):
        yield from (_place(sizes[url]) for url in far)
        return
    for number, line in lines:
        if line in sizes:
            yield _place(sizes[line])
            continue
        there = list(_globbed(str(Path(listing).expanduser().parent / Path(line).expanduser()), folder))
        if not there:
            raise ArchiveError(f"{listing}:{number}: no file {line}; paths in a list begin at the list's own folder")
        yield from there


def _lines(listing: str) -> list[tuple[int, str]]:
    """The lines of a list with their numbers; blank ones, and comments after a `#`, left out."""
    try:
        raw = small_file(listing, LIST_BYTES) if is_address(listing) else _read_some(Path(listing).expanduser())
        if raw.startswith(b"\x1f\x8b"):
            with gzip.open(BytesIO(raw)) as file:
                raw = file.read(LIST_BYTES + 1)
        lines = raw.decode("utf-8").splitlines()
    except (OSError, EOFError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise ArchiveError(f"cannot read the list {name_of(listing)}: {said}") from error
    if len(raw) > LIST_BYTES or len(lines) > LIST_LINES:
        raise ArchiveError(f"{name_of(listing)} is too long for a list of files: at most {LIST_LINES:,} lines")
    named = [(number, line.strip()) for number, line in enumerate(lines, 1)]
    found = [(number, line) for number, line in named if line and not line.startswith("#")]
    if not found:
        raise ArchiveError(f"{name_of(listing)} names no file")
    return found


def _read_some(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LIST_BYTES + 1)


def _globbed(pattern: str, folder: Path) -> list[Place]:
    try:
        given = Path(pattern).expanduser()
        anchor = Path(given.anchor) if given.is_absolute() else Path()
        found = anchor.glob(str(given.relative_to(anchor)))
        return _places((path for path in found if path.is_file() and path.suffix != INDEX), folder)
    except (ValueError, IndexError, RuntimeError) as error:  # `a**b`, `/`, `~nobody`
        raise ArchiveError(
            f"--warc {pattern}: is no pattern for files ({error}); give one such as 'archive/*/*.gz'"
        ) from error


def _places(paths: Iterable[Path], folder: Path) -> list[Place]:
    """The files as places; those of the archive by the names that it has them under, however they were named."""
    inside = folder.resolve()
    found = []
    for path in in_order(paths):
        there = path.resolve()
        name = there.relative_to(inside) if there.is_relative_to(inside) else path.absolute()
        found.append(Place(name=str(name), url=str(path.absolute()), size=path.stat().st_size))
    return found

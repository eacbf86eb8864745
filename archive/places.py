"""Where WARC files lie: what a pattern names, and how it is opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from archive.files import SUFFIX, in_order
from archive.index import INDEX
from archive.records import ArchiveError


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One WARC file, wherever it lies."""

    name: str
    """As references note it: relative to the archive's folder for a file that lies there, else its path or address."""
    url: str
    """What `open_place` opens: a path, or an address."""
    size: int
    """Bytes, when it was looked up."""


def find_places(patterns: Sequence[str], folder: Path) -> list[Place]:
    """The files that the patterns match, each once; without a pattern all files of the archive in `folder`.

    Those of one folder come in the order in which they were written. Raises ArchiveError for what is no pattern.
    """
    if not patterns:
        return _places(folder.glob(f"**/*{SUFFIX}"), folder)
    found = (place for pattern in patterns for place in _globbed(pattern, folder))
    return list(dict.fromkeys(found))


def open_place(place: Place) -> IO[bytes]:
    """The file, to be read from any offset. Raises ArchiveError when it cannot be opened."""
    try:
        return Path(place.url).open("rb")
    except OSError as error:
        raise ArchiveError(f"cannot read {place.url}: {error.strerror or error}") from error


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
        name = there.relative_to(inside) if there.is_relative_to(inside) else path
        found.append(Place(name=str(name), url=str(path.absolute()), size=path.stat().st_size))
    return found

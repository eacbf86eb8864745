"""The pages of a WARC file, one after the other, whatever is wrong between them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from archive.members import members
from archive.records import ArchiveError, DamagedRecord, NotOurs, page_in
from pipeline.model import ArchiveRef, Page


def read_pages(
    path: Path, folder: Path | None = None, damaged: list[str] | None = None, *, start: int = 0
) -> Iterator[tuple[ArchiveRef, Page]]:
    """The pages of one file from `start` on, with their references, relative to `folder` where the file lies in it.

    A torn tail, which a killed writer leaves and the next one mends, is passed over. What is damaged before it is added
    to `damaged`, one line each, or raises DamagedRecord when there is no such list. Raises ArchiveError for a file that
    cannot be read at all, or that others wrote.
    """
    name = str(path.relative_to(folder)) if folder is not None and path.is_relative_to(folder) else str(path)
    try:
        with path.open("rb") as file:
            expected = start
            for offset, end, content in members(file, start):
                if offset != expected:
                    _report(f"{name} at {expected}: {offset - expected} bytes hold no record", damaged)
                expected = end
                try:
                    page = page_in(content, f"{name} at {offset}")
                except NotOurs:
                    raise
                except DamagedRecord as error:
                    _report(str(error), damaged)
                    continue
                if page is not None:
                    yield ArchiveRef(file=name, offset=offset, length=end - offset), page
            if expected == start == 0 and file.seek(0, os.SEEK_END) > 0:
                _report(f"{name} holds no record", damaged)
    except OSError as error:
        raise ArchiveError(f"cannot read {path}: {error.strerror or error}") from error


def _report(line: str, damaged: list[str] | None) -> None:
    if damaged is None:
        raise DamagedRecord(line)
    damaged.append(line)

"""Go through archived pages again with a better parser or extractor: streaming, in one process, never stopping."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from archive.warc import ArchiveError, read_pages
from pipeline.model import ArchiveRef, Page

logger = logging.getLogger(__name__)

TOLD = 50
"""Failures that a report names; all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchProgress:
    """How far a batch is; told after every page."""

    file: str
    files: int
    """Files begun."""
    pages: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReport:
    """What a batch did."""

    files: int
    pages: int
    failed: int
    """Pages that the handler raised on, records that are damaged, and files that cannot be read."""
    failures: tuple[str, ...]
    """The first of them, one line each."""


def reprocess(
    paths: Iterable[Path],
    handle: Callable[[ArchiveRef, Page], None],
    progress: Callable[[BatchProgress], None] | None = None,
    *,
    folder: Path | None = None,
) -> BatchReport:
    """Hand every page of the WARC files to `handle`, in their order; references are relative to `folder`.

    All kinds of page come, listings too: `page.kind` says which. Whatever one page raises is counted and told, and the
    next page follows.
    """
    files = pages = failed = 0
    failures: list[str] = []
    for path in paths:
        files += 1
        damaged: list[str] = []
        try:
            for ref, page in read_pages(path, folder, damaged):
                pages += 1
                try:
                    handle(ref, page)
                except Exception as error:
                    logger.error("reprocessing failed url=%s file=%s", page.url, ref.file, exc_info=error)
                    damaged.append(f"{page.url} ({ref.file} at {ref.offset}): {type(error).__name__}: {error}")
                if progress is not None:
                    progress(BatchProgress(file=ref.file, files=files, pages=pages, failed=failed + len(damaged)))
        except ArchiveError as error:
            damaged.append(str(error))
        failed += len(damaged)
        failures.extend(damaged[: max(0, TOLD - len(failures))])
    return BatchReport(files=files, pages=pages, failed=failed, failures=tuple(failures))

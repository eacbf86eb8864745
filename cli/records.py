"""Reads the archive for the site, which may not know it: a record by its place, or a line on why there is none."""

from __future__ import annotations

from pathlib import Path

from archive.warc import Archive, ArchiveError, DamagedRecord
from pipeline.html import decode
from pipeline.model import ArchiveRef, Page
from web.records import ReadRecord, Record, RecordMissing


def record_reader(folder: Path) -> ReadRecord:
    """A reader of the archive in `folder`; several threads may use it."""
    kept = Archive(folder)

    def read(ref: ArchiveRef) -> Record:
        try:
            page = kept.read(ref)
        except DamagedRecord as error:
            raise RecordMissing(
                f"The record in {ref.file} at {ref.offset:,} is damaged: `policywire archive verify` says more."
            ) from error
        except ArchiveError as error:
            raise RecordMissing(
                f"The file {ref.file} of the archive is gone or cannot be read: restore it from a backup."
            ) from error
        return Record(status=page.status, headers=page.headers, size=len(page.body), text=_text(page))

    return read


def _text(page: Page) -> str | None:
    """The body as text; None where a NUL or the kind says that it is none."""
    if page.kind == "attachment" or b"\x00" in page.body[:4096].replace(b"\xff\xfe", b""):
        return None
    return decode(page.body, charset=_charset(page))


def _charset(page: Page) -> str | None:
    """The charset that the Content-Type names."""
    named = (page.header("content-type") or "").lower().partition("charset=")[2]
    return named.strip(" \"';") or None

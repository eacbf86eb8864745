"""Which records of the archive the database knows, and up to where a source's were all stored or judged."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from db.connection import row, rows, transaction, value
from db.names import canonical_url, utc
from pipeline.model import ListingRow, Page


def archive_mark(db: Database, source: str) -> tuple[str, int] | None:
    """File and offset before which every record of a source is done with; None: no crawl has set one yet."""
    found = row(db, "SELECT warc_file, warc_offset FROM archive_marks WHERE source = ?", [source])
    return (found["warc_file"], found["warc_offset"]) if found else None


def set_archive_mark(db: Database, source: str, file: str, offset: int) -> None:
    """Move a source's mark."""
    with transaction(db):
        db.conn.execute(
            "INSERT INTO archive_marks (source, warc_file, warc_offset) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET warc_file = excluded.warc_file, warc_offset = excluded.warc_offset",
            [source, file, offset],
        )


def files_with_pages(db: Database, prefix: str = "") -> list[str]:
    """Names of the archive's files that rows of `pages` point at and that begin with `prefix`.

    One step of the index a file, however many pages there are. Files that lie elsewhere, from which others' pages were
    read, are none of the archive's.
    """
    found = rows(db, _FILES, {"prefix": prefix, "end": prefix + "\U0010ffff"})
    return [each["name"] for each in found if not lies_elsewhere(each["name"])]


def lies_elsewhere(name: str) -> bool:
    """Whether the file of a page's record is outside the archive: named by its whole path, or an address."""
    return name.startswith("/") or "://" in name


def pages_elsewhere(db: Database) -> int:
    """How many pages were read from files outside the archive."""
    found = rows(db, "SELECT warc_file, count(*) AS pages FROM pages WHERE warc_file IS NOT NULL GROUP BY warc_file")
    return sum(each["pages"] for each in found if lies_elsewhere(each["warc_file"]))


def offsets_of(db: Database, file: str) -> set[int]:
    """Offsets of the records of one file that have a row."""
    found = rows(db, "SELECT warc_offset FROM pages WHERE warc_file = ?", [file])
    return {each["warc_offset"] for each in found}


def pages_in(db: Database, file: str) -> dict[int, dict[str, Any]]:
    """What the rows of one file's pages say of them, by offset."""
    sql = "SELECT url, status, size, warc_offset, warc_length FROM pages WHERE warc_file = ?"
    return {found["warc_offset"]: found for found in rows(db, sql, [file])}


def is_superseded(db: Database, page: Page) -> bool:
    """Whether a page of the same address is known that is as new or newer."""
    sql = "SELECT 1 FROM pages WHERE canonical_url = ? AND fetched_at >= ?"
    return bool(value(db, sql, [canonical_url(page.url), utc(page.fetched_at)]))


def row_owed(db: Database, url: str) -> ListingRow:
    """What a listing said of a story that is still owed; only its address where none did."""
    found = row(db, "SELECT title, listed_at FROM owed WHERE canonical_url = ?", [canonical_url(url)])
    return ListingRow(url=url, title=found["title"] if found else "", published=found["listed_at"] if found else None)


_FILES = """
WITH RECURSIVE files (name) AS (
  SELECT min(warc_file) FROM pages WHERE warc_file >= :prefix AND warc_file < :end
  UNION ALL
  SELECT (SELECT min(warc_file) FROM pages WHERE warc_file > name AND warc_file < :end) FROM files
  WHERE name IS NOT NULL
)
SELECT name FROM files WHERE name IS NOT NULL
"""

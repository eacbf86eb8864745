"""Which files of the archive have been verified, when, and how far one is that takes more than a night."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from db.connection import row, rows, transaction, update
from db.names import utc

ARCHIVE_FILES = """
CREATE TABLE archive_files (
  name TEXT PRIMARY KEY,
  state TEXT NOT NULL DEFAULT 'new'
    CHECK (state IN ('new', 'ok', 'missing', 'unreadable', 'truncated', 'damaged', 'changed', 'disagrees', 'index')),
  detail TEXT,
  size INTEGER,
  digest TEXT,
  verified_at TEXT,
  position INTEGER NOT NULL DEFAULT 0,
  chain TEXT NOT NULL DEFAULT '',
  lines TEXT NOT NULL DEFAULT '0',
  found TEXT,
  found_detail TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_files_by_turn ON archive_files (verified_at, name);
CREATE INDEX archive_files_wrong ON archive_files (name) WHERE state NOT IN ('new', 'ok');
"""

Wrong = Literal["missing", "unreadable", "truncated", "damaged", "changed", "disagrees", "index"]


@dataclass(slots=True, kw_only=True)
class Pass:
    """How far one reading of a file is."""

    position: int = 0
    """Up to here its records are read."""
    chain: str = ""
    """A digest of all bytes before, made record by record."""
    lines: str = "0"
    """Sum of the digests of the lines that the index must have, in hexadecimal: their order does not matter."""
    found: Wrong | None = None
    """The first thing that is wrong."""
    found_detail: str | None = None


def note_files(db: Database, names: Iterable[str]) -> None:
    """Files that are to be verified from now on; those that are known stay as they are."""
    with transaction(db):
        db.conn.executemany("INSERT OR IGNORE INTO archive_files (name) VALUES (?)", [(name,) for name in names])


def noted_files(db: Database) -> list[tuple[str, str]]:
    """Name and state of every file that is verified."""
    return [(found["name"], found["state"]) for found in rows(db, "SELECT name, state FROM archive_files")]


def next_file(db: Database, night: datetime) -> dict[str, Any] | None:
    """The file whose turn it is: one that is begun, then one never verified, then the one verified longest ago.

    None when all that are there were verified in the night that began then.
    """
    return row(
        db,
        "SELECT * FROM archive_files WHERE state <> 'missing' AND verified_at IS NOT ? "
        "ORDER BY position > 0 DESC, verified_at, name LIMIT 1",
        [utc(night)],
    )


def keep_pass(db: Database, name: str, reading: Pass) -> None:
    """Note how far a file is, so that the next night goes on there."""
    with transaction(db):
        update(db, "archive_files", "name", name, asdict(reading))


def end_pass(db: Database, name: str, reading: Pass, *, size: int, now: datetime) -> None:
    """Note what a whole reading came to. What was verified as good before stays what a file is compared with."""
    values: dict[str, Any] = {
        "state": reading.found or "ok",
        "detail": reading.found_detail,
        "verified_at": utc(now),
        **asdict(Pass()),
    }
    if reading.found in (None, "index", "disagrees"):
        values |= {"size": size, "digest": reading.chain}
    with transaction(db):
        update(db, "archive_files", "name", name, values)


def set_missing(db: Database, name: str, detail: str) -> None:
    """A file is not there."""
    with transaction(db):
        update(db, "archive_files", "name", name, {"state": "missing", "detail": detail, **asdict(Pass())})


def set_found(db: Database, name: str) -> None:
    """A file that was missing is there again, and is verified first."""
    with transaction(db):
        update(db, "archive_files", "name", name, {"state": "new", "detail": None, "verified_at": None})


def wrong_files(db: Database) -> list[dict[str, Any]]:
    """The files of which something is wrong: name, state and detail."""
    sql = "SELECT name, state, detail FROM archive_files WHERE state NOT IN ('new', 'ok') ORDER BY name"
    return list(rows(db, sql))


def rows_between(db: Database, file: str, start: int, end: int) -> dict[int, dict[str, Any]]:
    """What the rows of pages say whose records begin in a stretch of a file, by offset."""
    sql = (
        "SELECT url, status, size, warc_offset, warc_length FROM pages "
        "WHERE warc_file = ? AND warc_offset >= ? AND warc_offset < ?"
    )
    return {found["warc_offset"]: found for found in rows(db, sql, [file, start, end])}

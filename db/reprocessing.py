"""Up to where a reprocess that was cut short has stored what archived pages give."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from db.connection import row, transaction

REPROCESS_MARKS = """
CREATE TABLE reprocess_marks (
  place TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  version TEXT NOT NULL,
  offset INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


def mark_of(db: Database, place: str, *, size: int, version: str) -> int:
    """The offset before which all of a file's records are stored as `version` reads them; 0: nothing is known.

    A file that has become shorter is another one; one that has grown, as the archive's do, is the same.
    """
    found = row(db, "SELECT size, version, offset FROM reprocess_marks WHERE place = ?", [place])
    if found is None or found["version"] != version or found["size"] > size:
        return 0
    return int(found["offset"])


def set_mark(db: Database, place: str, *, size: int, version: str, offset: int) -> None:
    """Move the mark of a file; called in the transaction that stores what lies before it."""
    with transaction(db):
        db.conn.execute(
            "INSERT INTO reprocess_marks (place, size, version, offset) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
            "SET size = excluded.size, version = excluded.version, offset = excluded.offset",
            [place, size, version, offset],
        )


def forget_marks(db: Database, places: Iterable[str]) -> None:
    """All of these files is read: the next reprocess begins anew with them."""
    with transaction(db):
        db.conn.executemany("DELETE FROM reprocess_marks WHERE place = ?", [(place,) for place in places])

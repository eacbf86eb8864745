"""The database behind the site: a connection a request, read-only unless a decision is stored."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from db import DatabaseError, open_database
from db.connection import explain
from web.records import ReadRecord, no_archive

SLOWEST = 10.0
"""Seconds after which a question is given up; a page that takes longer helps nobody and holds a thread."""

_STEPS_BETWEEN_LOOKS = 20_000


class TooSlow(DatabaseError):
    """The question took too long; the message says what to do."""


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where the pages find what they show."""

    database: Path
    archive: Path
    clock: Callable[[], datetime] = utc_now
    read_record: ReadRecord = no_archive

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """One snapshot of the database that cannot be written to. Raises DatabaseError with a one-line message."""
        db = open_database(self.database, mode="ro")
        deadline = time.monotonic() + SLOWEST
        try:
            db.conn.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
            # one snapshot a page: a crawl that writes meanwhile must not show half of an article
            db.conn.execute("BEGIN")
            yield db
        except sqlite3.DatabaseError as error:
            raise _told(error, self.database) from error
        finally:
            db.conn.close()

    @contextmanager
    def streaming(self, ended: Callable[[], bool]) -> Iterator[Database]:
        """A connection for a long export, without the limit on time: it is over when `ended()` says so.

        Holds no snapshot by itself; each question is one (`db.pieces`). Raises DatabaseError with a one-line message.
        """
        db = open_database(self.database, mode="ro")
        try:
            db.conn.set_progress_handler(ended, _STEPS_BETWEEN_LOOKS)
            yield db
        except sqlite3.DatabaseError as error:
            raise _told(error, self.database) from error
        finally:
            db.conn.close()

    @contextmanager
    def writing(self, *, patience: float = SLOWEST) -> Iterator[Database]:
        """A connection for one short write transaction that waits for another writer for `patience` seconds.

        Raises DatabaseError with a one-line message.
        """
        db = open_database(self.database, mode="rw", timeout=patience)
        try:
            yield db
        except sqlite3.DatabaseError as error:
            raise _told(error, self.database) from error
        finally:
            db.conn.close()


def _told(error: sqlite3.DatabaseError, path: Path) -> Exception:
    """A fault of the machine as a DatabaseError; a mistake in a statement of ours stays what it is."""
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_INTERRUPT":
        return TooSlow(f"the answer took longer than {SLOWEST:.0f} seconds: ask for less, with a filter or a date")
    if not name or name.startswith(("SQLITE_ERROR", "SQLITE_CONSTRAINT", "SQLITE_MISUSE", "SQLITE_MISMATCH")):
        return error
    return explain(error, path)

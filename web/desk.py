"""The database behind the site: a connection a request, read-only unless a decision is stored."""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from db import DatabaseError, open_database
from db.connection import explain
from web.records import ReadRecord, no_archive

SLOWEST = 10.0
"""Seconds after which a question is given up; a page that takes longer helps nobody and holds a thread."""

_STEPS_BETWEEN_LOOKS = 20_000
_MOST_KEPT = 8


class TooSlow(DatabaseError):
    """The question took too long; the message says what to do."""


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A connection that waits for the next page: opening one reads the whole schema, which takes milliseconds."""

    db: Database
    mark: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where the pages find what they show."""

    database: Path
    archive: Path
    clock: Callable[[], datetime] = utc_now
    read_record: ReadRecord = no_archive
    _kept: deque[_Kept] = field(default_factory=deque, repr=False, compare=False)

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """One snapshot of the database that cannot be written to. Raises DatabaseError with a one-line message."""
        kept = self._taken()
        deadline = time.monotonic() + SLOWEST
        try:
            kept.db.conn.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
            # one snapshot a page: a crawl that writes meanwhile must not show half of an article
            kept.db.conn.execute("BEGIN")
            yield kept.db
            kept.db.conn.set_progress_handler(None, 0)
            kept.db.conn.execute("ROLLBACK")
        except sqlite3.DatabaseError as error:
            kept.db.conn.close()
            raise _told(error, self.database) from error
        except BaseException:
            kept.db.conn.close()
            raise
        if len(self._kept) < _MOST_KEPT:
            self._kept.append(kept)
        else:
            kept.db.conn.close()

    def _taken(self) -> _Kept:
        """A connection that was used before and still leads to the file as it was checked, or a new one."""
        while self._kept:
            try:
                kept = self._kept.pop()
            except IndexError:  # another thread was faster
                break
            if _mark(kept.db, self.database) == kept.mark:
                return kept
            kept.db.conn.close()
        db = open_database(self.database, mode="ro")
        return _Kept(db=db, mark=_mark(db, self.database))

    @contextmanager
    def streaming(self, ended: Callable[[], bool]) -> Iterator[Database]:
        """A connection for a long export, without the limit on time: it is over when `ended()` says so.

        Holds no snapshot by itself; each question is one (`db.finding.pieces`). Raises DatabaseError with a one-line
        message.
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


def _mark(db: Database, path: Path) -> tuple[int, ...]:
    """What changes when another file stands there, or another program has changed its schema."""
    try:
        found = path.stat()
        version = db.conn.execute("PRAGMA schema_version").fetchone()[0]
    except (OSError, sqlite3.Error):
        return ()
    return found.st_dev, found.st_ino, int(version)


def _told(error: sqlite3.DatabaseError, path: Path) -> Exception:
    """A fault of the machine as a DatabaseError; a mistake in a statement of ours stays what it is."""
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_INTERRUPT":
        return TooSlow(f"the answer took longer than {SLOWEST:.0f} seconds: ask for less, with a filter or a date")
    if not name or name.startswith(("SQLITE_ERROR", "SQLITE_CONSTRAINT", "SQLITE_MISUSE", "SQLITE_MISMATCH")):
        return error
    return explain(error, path)

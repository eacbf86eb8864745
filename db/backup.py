"""A copy of the live database that is known to be good.

Copying the file of a database in use gives a stale or broken copy; SQLite's own backup does not. The copy is made
beside its place, checked, and only then moved there.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from db.connection import DatabaseError, DatabaseMissing, explain
from db.restoring import Marks, check_copy, check_whole, compare, note_marks, restore_test

__all__ = ["BackupFailed", "BackupReport", "backup", "check_copy"]


class BackupFailed(DatabaseError):
    """The copy was not made, or is not good; nothing stands at its place that did not stand there before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """A copy that was checked."""

    path: Path
    size: int
    """Bytes."""
    counts: dict[str, int]
    """Rows of each table in the copy."""
    search: str | None = None
    """What is wrong with its full text, where the copy was restored and tried."""


def backup(db: Database, path: Path | str, *, force: bool = False, restore_to: Path | None = None) -> BackupReport:
    """Copy the database to `path`: integrity checked, rows counted against the original, put in place at once.

    Writers may go on meanwhile. A file that is there is replaced only with `force`. With `restore_to`, an empty folder
    that has room for it, the copy is also restored there and used as the program would (`restore_test`), before it gets
    its name. Raises a `DatabaseError` with a one-line message.
    """
    path = Path(path)
    if path.is_dir():
        raise BackupFailed(f"{path} is a folder: give the path of the copy")
    if path.exists() and not path.is_file():
        raise BackupFailed(f"{path} is no ordinary file: give another path for the copy")
    if path.exists() and path.samefile(_file_of(db)):
        raise BackupFailed(f"{path} is the database itself: give another path for the copy")
    if not path.absolute().parent.is_dir():
        raise DatabaseMissing(f"folder {path.absolute().parent} does not exist: create it first")
    if path.exists() and not force:
        raise BackupFailed(f"{path} is there already: choose another name, or use --force to replace it")
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.unfinished")
    try:
        unfinished.touch(mode=0o600)  # it holds what the database holds, of users too
        marks = _copy(db, unfinished)
        search = None
        if restore_to is None:
            _check(unfinished, marks)
        else:
            search = restore_test(unfinished, restore_to, marks)
        _put_in_place(unfinished, path)
    except sqlite3.Error as error:
        raise explain(error, path) from error
    except OSError as error:
        raise BackupFailed(f"{path} cannot be written: {error.strerror}") from error
    finally:
        for leftover in (unfinished, *(Path(f"{unfinished}{end}") for end in ("-journal", "-wal", "-shm"))):
            leftover.unlink(missing_ok=True)
    return BackupReport(path=path, size=path.stat().st_size, counts=marks.rows, search=search)


def _file_of(db: Database) -> Path:
    return Path(db.conn.execute("PRAGMA database_list").fetchone()[2])


def _copy(db: Database, to: Path) -> Marks:
    # a second connection holds one read snapshot, so that copy and marks are of the same moment
    with (
        closing(sqlite3.connect(f"{_file_of(db).as_uri()}?mode=ro", uri=True, isolation_level=None)) as source,
        closing(sqlite3.connect(to, isolation_level=None)) as copy,
    ):
        source.execute("BEGIN")
        marks = note_marks(source)
        source.backup(copy)
        source.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode = DELETE")
    return marks


def _check(copy: Path, marks: Marks) -> None:
    with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as opened:
        check_whole(opened, copy)
        compare(marks, note_marks(opened))


def _put_in_place(unfinished: Path, path: Path) -> None:
    with unfinished.open("rb+") as written:
        os.fsync(written.fileno())
    unfinished.replace(path)
    folder = os.open(path.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

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

from db.connection import DatabaseError, DatabaseFull, DatabaseMissing, explain


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


def backup(db: Database, path: Path | str, *, force: bool = False) -> BackupReport:
    """Copy the database to `path`: integrity checked, rows counted against the original, put in place at once.

    Writers may go on meanwhile. A file that is there is replaced only with `force`. Raises a `DatabaseError` with a
    one-line message.
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
        report = _copy(db, unfinished)
        _put_in_place(unfinished, path)
    except sqlite3.Error as error:
        raise explain(error, path) from error
    except OSError as error:
        raise DatabaseFull(f"{path} cannot be written: {error.strerror}") from error
    finally:
        for leftover in (
            unfinished,
            Path(f"{unfinished}-journal"),
            Path(f"{unfinished}-wal"),
            Path(f"{unfinished}-shm"),
        ):
            leftover.unlink(missing_ok=True)
    return BackupReport(path=path, size=path.stat().st_size, counts=report)


def check_copy(path: Path | str) -> dict[str, int]:
    """Rows of each table of a copy, after its integrity was checked; BackupFailed if it is not good."""
    with closing(sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)) as copy:
        return _checked_counts(copy, Path(path))


def _file_of(db: Database) -> Path:
    return Path(db.conn.execute("PRAGMA database_list").fetchone()[2])


def _copy(db: Database, to: Path) -> dict[str, int]:
    # a second connection holds one read snapshot, so that copy and counts are of the same moment
    with (
        closing(sqlite3.connect(f"{_file_of(db).as_uri()}?mode=ro", uri=True, isolation_level=None)) as source,
        closing(sqlite3.connect(to, isolation_level=None)) as copy,
    ):
        source.execute("BEGIN")
        expected = _counts(source)
        source.backup(copy)
        source.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode = DELETE")
        found = _checked_counts(copy, to)
    wrong = [name for name in expected if expected[name] != found.get(name)]
    if wrong:
        raise BackupFailed(f"the copy has another number of rows in {', '.join(wrong)}: nothing was written, try again")
    return found


def _checked_counts(copy: sqlite3.Connection, path: Path) -> dict[str, int]:
    try:
        problems = [problem for (problem,) in copy.execute("PRAGMA integrity_check(5)") if problem != "ok"]
        if not problems and copy.execute("PRAGMA foreign_key_check").fetchone():
            problems = ["rows that point nowhere"]
        if problems:
            raise BackupFailed(f"{path} is damaged: {problems[0]}")
        return _counts(copy)
    except sqlite3.DatabaseError as error:
        raise explain(error, path) from error


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    tables = [name for (name,) in connection.execute(_TABLES)]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608


_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name"


def _put_in_place(unfinished: Path, path: Path) -> None:
    with unfinished.open("rb+") as written:
        os.fsync(written.fileno())
    unfinished.replace(path)
    folder = os.open(path.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

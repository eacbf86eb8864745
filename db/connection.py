"""Opening the database file, and writing to it: one way in, one kind of write transaction, errors that say what to do.

sqlite-utils leaves a connection with journal=delete, foreign keys off and deferred transactions; a deferred
transaction that turns into a write fails at once with SQLITE_BUSY_SNAPSHOT whatever the timeout, so every write
here begins with BEGIN IMMEDIATE. Writers run with synchronous=FULL, because an outbox row lands in the same
transaction as the statement it tells of, and a mail that was promised must survive a power cut.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from sqlite_utils import Database

_SURROGATE = re.compile("[\ud800-\udfff]")

Mode = Literal["ro", "rw", "create"]
Parameters = Sequence[Any] | Mapping[str, Any]

APPLICATION_ID = 0x504F4C57
"""`POLW` in the header of the file: how a database of ours is told from anybody else's."""

BUSY_TIMEOUT = 10.0
"""Seconds that a writer waits for another writer."""


class DatabaseError(Exception):
    """The database cannot be used; the message is one line and says what to do."""


class DatabaseMissing(DatabaseError):
    """There is no such file, or no such folder."""


class DatabaseUnreadable(DatabaseError):
    """The file is no database, is damaged, or may not be read or written."""


class DatabaseDamaged(DatabaseUnreadable):
    """What stands in the file is not what SQLite wrote."""


class DatabaseReadOnly(DatabaseUnreadable):
    """The file, its folder or its disk may not be written."""


class ForeignDatabase(DatabaseError):
    """The file is a database, but another program's."""


class NewerSchema(DatabaseError):
    """The file was written by a newer version of the program."""


class OlderSchema(DatabaseError):
    """The file needs a migration, and was opened for reading only."""


class DatabaseLocked(DatabaseError):
    """Somebody else has been writing for longer than we wait."""


class DatabaseFull(DatabaseError):
    """The disk is full, or the file could not be written for a like reason."""


def open_database(path: Path | str, *, mode: Mode = "rw", timeout: float = BUSY_TIMEOUT) -> Database:
    """The database at `path`, brought to this program's schema.

    `ro` and `rw` want a file that is there; `create` makes it (not its folder). A connection may be handed from
    thread to thread, one at a time. Raises a `DatabaseError` whose message is one line.
    """
    path = Path(path)
    _check_path(path, mode)
    try:
        connection = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?mode={'rwc' if mode == 'create' else mode}",
            uri=True,
            timeout=timeout,
            isolation_level=None,  # no implicit BEGIN by the driver: it would be a deferred one
            check_same_thread=False,
        )
    except sqlite3.Error as error:
        raise explain(error, path) from error
    try:
        return _prepare(connection, path, mode, timeout)
    except sqlite3.Error as error:
        connection.close()
        raise explain(error, path) from error
    except BaseException:
        connection.close()
        raise


def _prepare(connection: sqlite3.Connection, path: Path, mode: Mode, timeout: float) -> Database:
    from db.migrations import check_schema, migrate

    blank = _check_owner(connection, path)
    if blank and mode != "create":
        raise DatabaseMissing(f"{path} is empty: run `policywire crawl` or `policywire demo` to fill a database")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -32000")
    if mode == "ro":
        connection.execute("PRAGMA query_only = ON")
    else:
        _use_wal(connection, timeout)
        connection.execute("PRAGMA synchronous = FULL")
    # plugins of sqlite-utils that happen to be installed have no business here
    db = Database(connection, execute_plugins=False)
    check_schema(db, path, writable=mode != "ro")
    if mode != "ro":
        migrate(db, application_id=APPLICATION_ID)
    return db


def _use_wal(connection: sqlite3.Connection, timeout: float) -> None:
    """Switch to WAL, once in the life of a file; the busy timeout does not hold for that, so we wait ourselves."""
    until = time.monotonic() + timeout
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def _check_path(path: Path, mode: Mode) -> None:
    folder = path.absolute().parent
    if path.is_dir():
        raise DatabaseUnreadable(f"{path} is a folder: give the path of the database file")
    if mode != "create" and not path.exists():
        raise DatabaseMissing(f"{path} does not exist: run `policywire crawl` or `policywire demo` first")
    if not folder.is_dir():
        raise DatabaseMissing(f"folder {folder} does not exist: create it, or change `database` in policywire.toml")
    if not path.exists():
        if not os.access(folder, os.W_OK):
            raise DatabaseUnreadable(f"folder {folder} cannot be written to: change its permissions or the path")
    elif not os.access(path, os.R_OK if mode == "ro" else os.R_OK | os.W_OK):
        raise DatabaseUnreadable(f"{path} cannot be {'read' if mode == 'ro' else 'written'}: change its permissions")


def _check_owner(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the file is still blank; raises if it is somebody else's."""
    # in this order: tables and mark are written in one transaction, and another process may be at it
    without_tables = connection.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()[0]
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    blank = bool(without_tables) and found == 0
    if found != APPLICATION_ID and not blank:
        raise ForeignDatabase(f"{path} belongs to another program: give the path of a policywire database")
    return blank


def explain(error: sqlite3.Error, path: Path | str) -> DatabaseError:
    """What SQLite reported, as one line that says what to do."""
    text = str(error)
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseLocked(f"{path} is locked by another process: wait for it to finish, or stop it, and try again")
    if code.startswith("SQLITE_NOTADB"):
        return DatabaseUnreadable(f"{path} is not a SQLite database: give the path of a policywire database")
    if code.startswith("SQLITE_CORRUPT"):
        return DatabaseDamaged(f"{path} is damaged ({text}): restore the newest backup, or reprocess the archive")
    if code.startswith("SQLITE_FULL"):
        return DatabaseFull(f"the disk is full while writing {path}: make room and try again")
    if code.startswith("SQLITE_READONLY"):
        return DatabaseReadOnly(f"{path} cannot be written ({text}): change its permissions")
    if code.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return DatabaseUnreadable(f"{path} cannot be opened ({text}): look at the permissions of file and folder")
    if code.startswith("SQLITE_IOERR"):
        return DatabaseFull(f"{path} cannot be read or written ({text}): look at the disk")
    return DatabaseError(f"{path}: {text}")


def database_path(db: Database) -> str:
    """The path of the file behind `db`, for messages."""
    return str(db.conn.execute("PRAGMA database_list").fetchone()[2]) or ":memory:"


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """One write transaction (`BEGIN IMMEDIATE`), or a savepoint inside the one that is open.

    Commits at the end, rolls back on any exception. `with db.conn:` is inert around sqlite-utils 4 and
    `db.atomic()` is deferred: neither may be used for writes.
    """
    if db.conn.in_transaction:
        with _savepoint(db):
            yield db
        return
    try:
        db.conn.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise explain(error, database_path(db)) from error
    try:
        yield db
    except sqlite3.OperationalError as error:
        db.rollback()
        if getattr(error, "sqlite_errorname", "").startswith(_NOT_OUR_MISTAKE):
            raise explain(error, database_path(db)) from error
        raise
    except BaseException:
        db.rollback()
        raise
    try:
        db.conn.execute("COMMIT")
    except sqlite3.Error as error:
        db.rollback()
        raise explain(error, database_path(db)) from error


@contextmanager
def joined(db: Database) -> Iterator[Database]:
    """One write transaction, or simply a part of the one that is open: whoever catches an error then undoes all of it.

    A savepoint keeps what each page of the file was before, which of many stories at once is much.
    """
    if db.conn.in_transaction:
        yield db
        return
    with transaction(db):
        yield db


@contextmanager
def _savepoint(db: Database) -> Iterator[None]:
    """Undoes what failed of the transaction that is open; one name, so that the statement is prepared once."""
    db.conn.execute("SAVEPOINT inner_write")
    try:
        yield
    except BaseException:
        if db.conn.in_transaction:  # a fault of the machine has undone the whole transaction
            db.conn.execute("ROLLBACK TO SAVEPOINT inner_write")
            db.conn.execute("RELEASE SAVEPOINT inner_write")
        raise
    db.conn.execute("RELEASE SAVEPOINT inner_write")


# Faults of the machine, which a person can mend; any other error is a mistake in a statement of ours.
_NOT_OUR_MISTAKE = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN")


def rows(db: Database, sql: str, parameters: Parameters = ()) -> Generator[dict[str, Any], None, None]:
    """The rows that `sql` selects, one by one, as dictionaries."""
    with closing(db.conn.execute(sql, parameters)) as cursor:
        names = [column[0] for column in cursor.description]
        for found in cursor:
            yield dict(zip(names, found, strict=True))


def row(db: Database, sql: str, parameters: Parameters = ()) -> dict[str, Any] | None:
    """The first row that `sql` selects, or None."""
    with closing(db.conn.execute(sql, parameters)) as cursor:
        found = cursor.fetchone()
        return None if found is None else dict(zip((column[0] for column in cursor.description), found, strict=True))


def value(db: Database, sql: str, parameters: Parameters = ()) -> Any:
    """The first column of the first row that `sql` selects, or None."""
    found = db.conn.execute(sql, parameters).fetchone()
    return found[0] if found else None


def json_of(held: Any) -> str:
    """A list or mapping as it is stored; nothing is an empty list."""
    return _encode(held) if held else "[]"


_encode = json.JSONEncoder(ensure_ascii=False).encode


def storable(held: Any) -> Any:
    """`held` with what SQLite cannot hold, halves of a surrogate pair, replaced one by one: offsets stay right.

    Goes into tuples, lists and mappings.
    """
    if isinstance(held, str):
        return held if held.isascii() or not _SURROGATE.search(held) else _SURROGATE.sub("\ufffd", held)
    if held is None or isinstance(held, (int, float)):  # before the slow test for a Mapping
        return held
    if isinstance(held, (tuple, list)):
        return type(held)(storable(one) for one in held)
    if isinstance(held, Mapping):
        return {name: storable(one) for name, one in held.items()}
    return held


def insert(db: Database, table: str, values: Mapping[str, Any]) -> int:
    """Insert one row; gives its integer key. Names come from our own code, never from outside."""
    cursor = db.conn.execute(insertion(table, tuple(values)), [storable(one) for one in values.values()])
    return int(cursor.lastrowid or 0)


@lru_cache(maxsize=256)
def insertion(table: str, columns: tuple[str, ...]) -> str:
    """The statement that inserts a row; names come from our own code."""
    names = ", ".join(f'"{name}"' for name in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'  # noqa: S608


def update(db: Database, table: str, key: str, where: Any, values: Mapping[str, Any]) -> int:
    """Update the rows of `table` whose column `key` is `where`; gives how many there were."""
    changes = ", ".join(f'"{name}" = :{name}' for name in values)
    cursor = db.conn.execute(
        f'UPDATE "{table}" SET {changes} WHERE "{key}" = :_where',  # noqa: S608
        {**storable(values), "_where": where},
    )
    return cursor.rowcount

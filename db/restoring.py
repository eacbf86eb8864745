"""Whether a copy of the database can stand in for it: restored to another folder, opened as the program opens it,
and asked the questions that people ask.

What it must hold is noted from the source in the moment that the copy is of (`note_marks`).
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from sqlite_utils import Database

from db.connection import DatabaseError, explain, open_database, row, value
from db.finding.fulltext import INDEXES
from db.finding.query import to_match
from db.views import PUBLIC_VIEWS


class CopyUnusable(DatabaseError):
    """A copy is damaged, or is not what was copied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a copy of one moment must hold."""

    rows: dict[str, int]
    """Of each table."""
    newest: dict[str, int]
    """The newest integer key of each table that has one."""
    schema: tuple[str, ...]
    """Migrations that were applied."""


def note_marks(source: sqlite3.Connection) -> Marks:
    """What stands in the database as this connection sees it; within a transaction, so that it is of one moment."""
    tables = source.execute(_TABLES).fetchall()
    with_keys = [name for name, sql in tables if not sql.startswith("CREATE VIRTUAL") and "WITHOUT ROWID" not in sql]
    return Marks(
        rows={name: source.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name, _ in tables},  # noqa: S608
        newest={
            name: source.execute(f'SELECT max(rowid) FROM "{name}"').fetchone()[0] or 0  # noqa: S608
            for name in with_keys
        },
        schema=tuple(name for (name,) in source.execute("SELECT name FROM _sqlite_migrations ORDER BY name")),
    )


_TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name"


def check_copy(path: Path | str) -> dict[str, int]:
    """Rows of each table of a copy, after its integrity was checked; CopyUnusable if it is not good."""
    path = Path(path)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            check_whole(copy, path)
            return note_marks(copy).rows
    except sqlite3.DatabaseError as error:
        raise explain(error, path) from error


def check_whole(copy: sqlite3.Connection, path: Path) -> None:
    """Raises CopyUnusable where pages, indexes or references of the file are broken."""
    problems = [problem for (problem,) in copy.execute("PRAGMA integrity_check(5)") if problem != "ok"]
    if not problems and copy.execute("PRAGMA foreign_key_check").fetchone():
        problems = ["rows that point nowhere"]
    if problems:
        raise CopyUnusable(f"{path} is damaged: {problems[0]}")


def compare(marks: Marks, found: Marks) -> None:
    """Raises CopyUnusable where a copy is not what was copied."""
    if marks.schema != found.schema:
        raise CopyUnusable("the copy is of another version: nothing was written, try again")
    for what, expected, held in (
        ("number of rows", marks.rows, found.rows),
        ("newest key", marks.newest, found.newest),
    ):
        if wrong := [name for name in expected if expected[name] != held.get(name)]:
            raise CopyUnusable(f"the copy has another {what} in {', '.join(wrong)}: nothing was written, try again")


def restore_test(copy: Path, folder: Path, marks: Marks) -> str | None:
    """Restore `copy` into `folder`, which is left empty, and use it as the program would. Raises a DatabaseError.

    Integrity and references are checked; rows, newest keys and version are compared with `marks`; every public view is
    read; the full-text tables are checked, and the newest article and statements searched for by a word of theirs. What
    is wrong with the full text is given back, and is no reason to be without a copy: it can be made anew from the rows.
    """
    with _restored(copy, folder) as path, closing(open_database(path)) as db:
        try:
            check_whole(db.conn, path)
            compare(marks, note_marks(db.conn))
            _read_views(db)
            return _wrong_with_search(db)
        except sqlite3.Error as error:
            raise explain(error, copy) from error


@contextmanager
def _restored(copy: Path, folder: Path) -> Iterator[Path]:
    path = folder / "restored.db"
    try:
        shutil.copyfile(copy, path)
        yield path
    except OSError as error:
        raise CopyUnusable(f"{copy} could not be restored to {folder}: {error.strerror}") from error
    finally:
        for leftover in (path, *(Path(f"{path}{end}") for end in ("-journal", "-wal", "-shm"))):
            leftover.unlink(missing_ok=True)


def _wrong_with_search(db: Database) -> str | None:
    """Which full-text table is damaged, or does not find the newest row by a word of it."""
    for kind, index in INDEXES.items():
        try:
            db.conn.execute(f"INSERT INTO {index.table} ({index.table}) VALUES ('integrity-check')")  # noqa: S608
        except sqlite3.DatabaseError as error:
            return f"{index.table} ({error})"
        newest = row(db, f"SELECT place, {_WORDS[kind]} AS words FROM {_NEWEST[kind]}")  # noqa: S608
        if newest is None:
            continue
        match = _match_of(str(newest["words"]))
        sql = f"SELECT 1 FROM {index.table} WHERE {index.table} MATCH ? AND rowid = ?"  # noqa: S608
        if match is not None and not value(db, sql, [match, newest["place"]]):
            return f"{index.table} does not find its newest row"
    return None


def _match_of(text: str) -> str | None:
    """A question that finds a row with this text: a word of it that no tokenizer could take in another way."""
    found = _PLAIN_WORD.search(text)
    return to_match(f'"{found[0]}"') if found else None


_PLAIN_WORD = re.compile(r"\b[A-Za-z]{3,20}\b|[\u4e00-\u9fa5]{2,6}")
_WORDS = MappingProxyType({"article": "r.title", "quote": "b.text", "policy": "b.title", "annex": "b.name"})
_NEWEST = MappingProxyType(
    {
        "article": "articles AS b JOIN revisions AS r ON r.id = b.revision_id WHERE b.place IS NOT NULL "
        "ORDER BY b.seq DESC LIMIT 1",
        "quote": "quotes AS b WHERE b.place IS NOT NULL ORDER BY b.seq DESC LIMIT 1",
        "policy": "policies AS b WHERE b.place IS NOT NULL ORDER BY b.seq DESC LIMIT 1",
        "annex": "annexes AS b WHERE b.place IS NOT NULL ORDER BY b.seq DESC LIMIT 1",
    }
)


def _read_views(db: Database) -> None:
    for name in PUBLIC_VIEWS:
        db.conn.execute(f'SELECT * FROM "{name}" LIMIT 1').fetchall()  # noqa: S608

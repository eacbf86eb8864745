"""A copy of the database to try something on, which nobody else sees and nothing is left of."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlite_utils import Database

from db.connection import DatabaseMissing, OlderSchema, explain, open_database


@contextmanager
def rehearsal(path: Path) -> Iterator[Database]:
    """A database as the one at `path` is now, or a new one where there is none; gone when the block is left.

    The copy lies beside it, so its disk must have room for it twice; those that a killed process has left are removed.
    The caller sees to it that only one is made at a time. Raises a `DatabaseError`.
    """
    if not path.exists():
        with (
            tempfile.TemporaryDirectory(prefix="policywire-dry-run-") as folder,
            closing(open_database(Path(folder) / path.name, mode="create")) as db,
        ):
            yield db
        return
    name = f".{path.name}.dry-run-"
    for left in path.absolute().parent.glob(f"{name}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=name) as folder:
        copy = Path(folder) / path.name
        _copy(path, copy)
        with closing(open_database(copy, mode="create")) as db:
            db.conn.execute("PRAGMA synchronous = OFF")
            yield db


def _copy(path: Path, copy: Path) -> None:
    """What stands in the file now; writers may go on meanwhile."""
    # that it is ours and can be read; the copy is brought to today's schema, and an empty file becomes a database
    with suppress(OlderSchema, DatabaseMissing):
        open_database(path, mode="ro").close()
    try:
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)) as here,
            closing(sqlite3.connect(copy, isolation_level=None)) as there,
        ):
            here.execute("BEGIN")
            here.backup(there)
    except sqlite3.Error as error:
        raise explain(error, copy) from error

"""The connections behind `/data`: read-only, without what is nobody's business, bounded in time and in bytes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from datasette.database import Database, QueryInterrupted, Results
from datasette.utils import sqlite_timelimit

from db import open_database
from web.data.tables import READABLE, TABLES, VIEWS

COUNT_MS = 300
"""How long a page waits for the number of all rows; it says "many" instead."""
MOST_BYTES = 32 * 1024 * 1024
"""Of text in one answer; rows beyond are left out, and the answer says so."""
LONGEST_VALUE = 4 * 1024 * 1024
"""Bytes of one value that SQL may make; a function over two much larger texts takes hours and cannot be stopped."""

_SCHEMA = frozenset({"sqlite_master", "sqlite_schema"})
_FUNCTIONS = frozenset({"json_each", "json_tree"})
_PRAGMAS = frozenset(
    {"foreign_key_list", "index_info", "index_list", "index_xinfo", "schema_version", "table_info", "table_xinfo"}
)
_PLAIN = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_FUNCTION})


class ReadableDatabase(Database):  # type: ignore[misc] # Datasette ships no types
    """Datasette's view of our file: the listed views and tables, and nothing else."""

    def __init__(self, ds: Any, path: Path) -> None:
        super().__init__(ds, str(path), is_mutable=True)

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection that reads what is listed. Raises DatabaseError with a one-line message."""
        if write:
            raise sqlite3.OperationalError("this database is read-only here")
        connection: sqlite3.Connection = open_database(Path(self.path), mode="ro").conn
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        there = frozenset(name.lower() for (name,) in connection.execute("SELECT name FROM sqlite_master"))
        connection.set_authorizer(lambda *asked: allowed(*asked, there=there))
        self._all_file_connections.append(connection)
        return connection

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,
    ) -> Results:
        """As Datasette's own, with a limit for counts and for bytes; errors are the asker's and are not logged."""
        limit = self.ds.sql_time_limit_ms
        if not truncate and sql.startswith("select count(*) "):
            limit = COUNT_MS
        limit = min(limit, custom_time_limit or limit)
        most = self.ds.max_returned_rows + (self.ds.max_returned_rows == (page_size or self.ds.page_size))

        def run(connection: sqlite3.Connection) -> Results:
            with sqlite_timelimit(connection, limit):
                try:
                    cursor = connection.execute(sql, params if params is not None else {})
                    rows, cut = _fetched(cursor, most if truncate else None)
                except sqlite3.OperationalError as error:
                    if error.args == ("interrupted",):
                        raise QueryInterrupted(error, sql, params) from error
                    raise
            return Results(rows, cut, cursor.description)

        return await self.execute_fn(run)

    async def table_names(self) -> list[str]:
        return await self._there("table", tuple(TABLES))

    async def view_names(self) -> list[str]:
        return await self._there("view", VIEWS)

    async def table_exists(self, table: str) -> bool:
        return table in await self.table_names()

    async def get_view_definition(self, view: str) -> str | None:
        definition: str | None = await super().get_view_definition(view) if view in await self.view_names() else None
        return definition

    async def hidden_table_names(self) -> list[str]:
        return []

    async def fts_table(self, table: str) -> str | None:
        return None

    async def attached_databases(self) -> list[Any]:
        return []

    async def foreign_keys_for_table(self, table: str) -> list[dict[str, str]]:
        found = await super().foreign_keys_for_table(table) if table in TABLES else []
        return [key for key in found if key["other_table"] in TABLES]

    async def get_all_foreign_keys(self) -> dict[str, dict[str, list[dict[str, str]]]]:
        keys: dict[str, dict[str, list[dict[str, str]]]] = {
            table: {"incoming": [], "outgoing": []} for table in await self.table_names()
        }
        for table, held in keys.items():
            for key in await self.foreign_keys_for_table(table):
                held["outgoing"].append(key)
                incoming = {"other_table": table, "column": key["other_column"], "other_column": key["column"]}
                keys[key["other_table"]]["incoming"].append(incoming)
        return keys

    async def _there(self, kind: str, listed: tuple[str, ...]) -> list[str]:
        found: Results = await self.execute("SELECT name FROM sqlite_master WHERE type = ?", [kind])
        there = {row[0] for row in found.rows}
        return [name for name in listed if name in there]


def allowed(
    action: int, first: str | None, second: str | None, _base: str | None, _inside: str | None, *, there: frozenset[str]
) -> int:
    """SQLite's question whether a statement may do this: read what is listed, call functions, nothing else.

    It is the table that counts, not the view through which it is read (`_inside`): SQLite gives the name of a `WITH`
    there too, and whoever asks may name that like one of our views.
    """
    name = (first or "").lower()
    if action in _PLAIN:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and (name in READABLE or name in _SCHEMA or name in _FUNCTIONS):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and second == "" and name not in there:
        return sqlite3.SQLITE_OK  # a `WITH` of which no column is used
    if action == sqlite3.SQLITE_READ and name.startswith("pragma_") and name.removeprefix("pragma_") in _PRAGMAS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and name in _PRAGMAS:
        about = (second or "").lower()
        return sqlite3.SQLITE_OK if not about or about in READABLE or "index" in name else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_UPDATE and name in _SCHEMA:
        return sqlite3.SQLITE_OK  # how SQLite declares json_each to itself; the file cannot be written
    return sqlite3.SQLITE_DENY


def _fetched(cursor: sqlite3.Cursor, most: int | None) -> tuple[list[Any], bool]:
    """The rows, up to `most` and up to the bytes of one answer, and whether there were more."""
    rows: list[Any] = []
    held = 0
    for row in cursor:
        held += sum(len(value) if isinstance(value, str | bytes) else 8 for value in row)
        if held > MOST_BYTES or (most is not None and len(rows) >= most):
            return rows, True
        rows.append(row)
    return rows, False

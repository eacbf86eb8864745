"""Counts that stop, so that they cost the same however much a table holds."""

from __future__ import annotations

from sqlite_utils import Database

from db.connection import Parameters, value

COUNT_TO = 10_000
"""Counting stops here: of more only "10,000+" is said."""


def counted(db: Database, sql: str, parameters: Parameters = ()) -> int:
    """How many rows `sql` selects, which must go along an index; `COUNT_TO` + 1 stands for more than `COUNT_TO`."""
    return int(value(db, f"SELECT count(*) FROM ({sql} LIMIT {COUNT_TO + 1:d})", parameters))  # noqa: S608

"""Many full-text questions about a few articles or statements: what watch rules ask of everything that is new.

The same answers as `db.search.matches`, from a full-text table in memory that holds nothing but those few: a question
takes microseconds, however large the archive is.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager

from sqlite_utils import Database

from db.finding.fulltext import INDEXES, TOKENIZER, Kind

Asked = Callable[[str], frozenset[int]]
"""An FTS5 expression, as `db.search.to_match` makes it -> the integer keys (`seq`) of those that it matches."""


@contextmanager
def probing_all(db: Database, kind: Kind, seqs: Sequence[int]) -> Iterator[Asked]:
    """A question to ask many times of the articles or statements of one kind with these integer keys."""
    index = INDEXES[kind]
    names, marks = ", ".join(index.columns), ", ".join("?" for _ in index.columns)
    said = ", ".join(f"f.{name}" for name in index.columns)
    held = db.conn.execute(
        f"SELECT b.seq, {said} FROM {index.base} AS b JOIN {index.table} AS f ON f.rowid = b.place "  # noqa: S608
        "WHERE b.seq IN (SELECT value FROM json_each(?))",
        [json.dumps(list(seqs))],
    ).fetchall()
    with closing(sqlite3.connect(":memory:")) as small:
        small.execute(f"CREATE VIRTUAL TABLE few USING fts5 ({names}, tokenize = '{TOKENIZER}')")
        small.executemany(f"INSERT INTO few (rowid, {names}) VALUES (?, {marks})", held)  # noqa: S608

        def asked(expression: str) -> frozenset[int]:
            found = small.execute("SELECT rowid FROM few WHERE few MATCH ?", [expression]).fetchall()
            return frozenset(seq for (seq,) in found)

        yield asked

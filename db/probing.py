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

from db.search import SEARCH_COLUMNS, TOKENIZER, Kind

Asked = Callable[[str], frozenset[int]]
"""An FTS5 expression, as `db.search.to_match` makes it -> the integer keys (`seq`) of those that it matches."""

_INDEXES: dict[Kind, str] = {
    "article": "articles_fts",
    "quote": "quotes_fts",
    "policy": "policies_fts",
    "annex": "annexes_fts",
}


@contextmanager
def probing_all(db: Database, kind: Kind, seqs: Sequence[int]) -> Iterator[Asked]:
    """A question to ask many times of the articles or statements of one kind with these integer keys."""
    columns = SEARCH_COLUMNS[kind]
    names, marks = ", ".join(columns), ", ".join("?" for _ in columns)
    held = db.conn.execute(
        f"SELECT rowid, {names} FROM {_INDEXES[kind]} WHERE rowid IN (SELECT value FROM json_each(?))",  # noqa: S608
        [json.dumps(list(seqs))],
    ).fetchall()
    with closing(sqlite3.connect(":memory:")) as small:
        small.execute(f"CREATE VIRTUAL TABLE few USING fts5 ({names}, tokenize = '{TOKENIZER}')")
        small.executemany(f"INSERT INTO few (rowid, {names}) VALUES (?, {marks})", held)  # noqa: S608

        def asked(expression: str) -> frozenset[int]:
            found = small.execute("SELECT rowid FROM few WHERE few MATCH ?", [expression]).fetchall()
            return frozenset(seq for (seq,) in found)

        yield asked

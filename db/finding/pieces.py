"""Reading very many rows in pieces, so that neither memory nor a snapshot is held while the reader is busy.

An open read transaction keeps SQLite from starting the write-ahead log again: a reader that pauses for an hour would
let it grow for an hour. So each piece is read at once, in a transaction of its own, and the next begins behind its key.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from typing import Any

from sqlite_utils import Database

from db.connection import rows

LARGEST = 1_000_000
"""Characters of text in a piece, about."""
MOST = 2_000
"""Rows of a piece, unless more have the same key."""


def in_pieces(
    db: Database, sql: str, parameters: Mapping[str, Any], *, key: str
) -> Generator[dict[str, Any], None, None]:
    """The rows of `sql`, which takes the last key as `:after` and gives rows by rising integers in the column `key`.

    A key below 0 comes never. All rows of one key are in one piece, so it is as consistent as one question is.
    """
    after = -1
    piece = _piece(db, sql, {**parameters, "after": after}, key)
    while piece:
        after = piece[-1][key]  # now: the rows are the reader's from here on
        yield from piece
        piece = _piece(db, sql, {**parameters, "after": after}, key)


def _piece(db: Database, sql: str, parameters: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    piece: list[dict[str, Any]] = []
    size = 0
    with closing(rows(db, sql, parameters)) as found:
        for one in found:
            if (size > LARGEST or len(piece) >= MOST) and one[key] != piece[-1][key]:
                break
            piece.append(one)
            size += sum(len(held) for held in one.values() if isinstance(held, str))
    return piece

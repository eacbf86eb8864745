"""The vocabulary of policy announcements: CSV tables beside this module, read once and on first use."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """The rows of `<table>.csv`, each a mapping from column to text; a cell joins several values by `|`."""
    with (_HERE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def several(cell: str) -> tuple[str, ...]:
    """The values of a cell that lists several."""
    return tuple(value for value in cell.split("|") if value)


@cache
def words(role: str) -> frozenset[str]:
    """The lower-case English words of one role in a sentence, from words.csv: `stop`, `preposition`, `quantifier` …"""
    return frozenset(word for row in rows("words") if row["role"] == role for word in several(row["words"]))

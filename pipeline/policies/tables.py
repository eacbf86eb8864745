"""The vocabulary of policy announcements: CSV tables beside this module, read once and on first use."""

from __future__ import annotations

import csv
from collections.abc import Iterable
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


def either(alternatives: Iterable[tuple[str, str]]) -> str:
    """An expression for any of many `(printed, expression)`, the first that matches: sorted by their first letters.

    One flat list is tried from its beginning at each place of a text; this one only where two letters fit.
    """
    by_letter: dict[str, dict[str, list[str]]] = {}
    for printed, expression in alternatives:
        by_letter.setdefault(printed[0], {}).setdefault(printed[:2], []).append(expression)
    return "|".join(
        "(?:" + "|".join("(?:" + "|".join(group) + ")" for group in pairs.values()) + ")"
        for pairs in by_letter.values()
    )


@cache
def words(role: str) -> frozenset[str]:
    """The lower-case English words of one role in a sentence, from words.csv: `stop`, `preposition`, `quantifier` …"""
    return frozenset(word for row in rows("words") if row["role"] == role for word in several(row["words"]))

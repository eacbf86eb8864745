"""How probable it is that a record is right, from how often records like it were right on annotated articles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

Counts = Mapping[tuple[str, str], tuple[int, int]]
"""(feature, value) -> how many records of annotated articles were right, out of how many; (`all`, ``) for all, and
(`unseen`, ``) for those of articles that the rules were not tuned on."""


def read_counts(rows: Iterable[Mapping[str, str]]) -> Counts:
    """The counts in a table with the columns feature, value, right, seen."""
    return {(row["feature"], row["value"]): (int(row["right"]), int(row["seen"])) for row in rows}


def probability(
    counts: Counts, values: Mapping[str, str], prior: float, doubts: Mapping[str, tuple[float, float]] | None = None
) -> float:
    """The probability, 0 to 1, rounded to hundredths: each feature's value moves the odds from those of all records.

    The moves are counted on all articles; where they start from, on unseen ones alone, since known text flatters.
    `prior` records of the common rate are added to every count, so that a rare value moves the odds little; a feature
    in `doubts` gets so many records of another share instead, as (records, share).
    """
    right, seen = counts["all", ""]
    common = right / seen
    fresh, seen_fresh = counts.get(("unseen", ""), (right, seen))
    odds = _logit((fresh + 1) / (seen_fresh + 2))
    for name, value in values.items():
        good, all_of_it = counts.get((name, value), (0, 0))
        weight, share = (doubts or {}).get(name, (prior, common))
        odds += _logit((good + weight * share) / (all_of_it + weight)) - _logit(common)
    return round(1 / (1 + math.exp(-odds)), 2)


def _logit(share: float) -> float:
    return math.log(share / (1 - share)) if share < 1 else 8.0

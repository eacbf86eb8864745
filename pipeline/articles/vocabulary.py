"""The words of bylines and page furniture, from the tables beside this module."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=4)
def _table(name: str) -> frozenset[str]:
    with files("pipeline.articles").joinpath(name).open(encoding="utf-8") as lines:
        return frozenset(row["name"].casefold() for row in csv.DictReader(lines))


def is_outlet(text: str) -> bool:
    """Whether a byline part is the name of a newspaper or agency, in any case: `CHINA DAILY`, `Xinhua`."""
    return " ".join(text.split()).casefold() in _table("outlets.csv")


def outlet_at_end(text: str) -> str | None:
    """The outlet that a byline without separators ends in, as printed: `By HE WEI in Shanghai CHINA DAILY`."""
    folded = text.casefold()
    found = [name for name in _table("outlets.csv") if folded.endswith(" " + name) or folded == name]
    return text[-len(max(found, key=len)) :] if found else None


def is_place(text: str) -> bool:
    """Whether a byline part is a province, region or country that follows a city: `Zhejiang`, `South Africa`."""
    folded = text.casefold().removesuffix(" province")
    return folded in _table("places.csv") or text.endswith((" province", " region", " county", " state"))

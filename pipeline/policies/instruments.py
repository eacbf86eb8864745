"""Nouns that name instruments, English and Chinese; the table is instruments.csv."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.tables import rows

Strength = Literal["strong", "weak", "vague", "name", "measure", "head"]
"""strong: the noun alone says that there is an instrument · weak: with an authority that issues it · vague: with a
number or name too · name: in a title of its own · measure: what a measure is about · head: only ending 《》."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A row of instruments.csv."""

    noun: str
    instrument: Instrument
    strength: Strength


@cache
def nouns(language: str) -> dict[str, Noun]:
    """The table by noun."""
    return {
        row["noun"]: Noun(row["noun"], row["instrument"], row["strength"])  # type: ignore[arg-type]
        for row in rows("instruments")
        if row["language"] == language
    }


_EDITION = regex(r"[（(][^（）()]{0,40}[)）]")


def instrument_of_title(title: str) -> Noun | None:
    """The noun that a Chinese title ends in, brackets left out: `…管理办法（征求意见稿）` -> 办法."""
    bare = _EDITION.sub("", title).rstrip('》”" 　')
    table = nouns("zh")
    for length in range(min(6, len(bare)), 0, -1):
        noun = table.get(bare[-length:])
        if noun:
            return noun
    return None

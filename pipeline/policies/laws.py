"""Foreign and international instruments that everybody calls by name alone, with who made them; the table is laws.csv.

China's own laws are not here: a story that says no more than `China` names no body.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.patterns import regex
from pipeline.policies.tables import either, rows


def maker_of(title: str) -> tuple[str, ...]:
    """Who made the instrument that the title names; empty for one that the table does not know."""
    match = _names()[0].search(title)
    return (_names()[1][match[0]],) if match else ()


def known_laws(text: str, start: int, end: int) -> list[tuple[int, int, str, str]]:
    """(start, end, name, maker) of the instruments of the table that `text[start:end]` names."""
    pattern, makers = _names()
    return [(m.start(), m.end(), m[0], makers[m[0]]) for m in pattern.finditer(text, start, end)]


@cache
def first_words() -> frozenset[str]:
    """The words, lower case, that the names begin with: a text without one names none."""
    return frozenset(_WORD.findall(row["name"])[0].lower() for row in rows("laws"))


_WORD = regex(r"\w+")


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    makers = {row["name"]: row["issuer"] for row in rows("laws")}
    longest_first = sorted(makers, key=len, reverse=True)
    return re.compile(r"\b(?:" + either((name, re.escape(name)) for name in longest_first) + r")(?!\w)"), makers

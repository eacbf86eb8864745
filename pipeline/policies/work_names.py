"""The names of works in running text: the nouns that head them, and how far their capitals go."""

from __future__ import annotations

from functools import cache

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.cues import cues
from pipeline.policies.places import places_in
from pipeline.policies.tables import rows
from pipeline.policies.tokens import Token

_OWNERS = frozenset({"china's", "country's", "nation's", "beijing's"})
_BETWEEN = regex(r"\b[Bb]etween (?:the )?")
JOINING = frozenset({"of", "on", "for", "and", "the", "in", "to", "against", "a", "between", "from", "plus"})


@cache
def work_heads() -> dict[str, tuple[Instrument, bool]]:
    """Head word in title case -> (kind, whether such a name is of state whoever is said to act)."""
    return {row["head"]: (row["instrument"], row["public"] == "yes") for row in rows("works")}  # type: ignore[misc]


@cache
def printed_heads() -> dict[str, list[str]]:
    """The heads as printed by their small letters; most sentences have the word in small letters only."""
    printed: dict[str, list[str]] = {}
    for head in work_heads():
        printed.setdefault(head.lower(), []).append(head)
    return printed


HEADS = cues(printed_heads)


def parties_of(text: str, at: int, stop: int) -> tuple[str, ...]:
    """The countries between which the name says that it stands, China left out."""
    between = _BETWEEN.search(text, at, stop)
    named = places_in(text, between.end(), stop) if between else []
    countries = [p.government for p in named if p.kind in {"country", "bloc"} and p.name != "China" and p.government]
    return tuple(dict.fromkeys(countries))


def name_around(tokens: list[Token], head: int) -> tuple[int, int]:
    """The first and last token of the name around its head: capitals, joined by small words between capitals."""
    first = head
    while first > 0 and head - first < 12:
        before = tokens[first - 1]
        if before.low == "body" or before.word[0].isupper() or before.word[:2] in {"19", "20"}:
            first -= 1
        elif (
            before.low in JOINING
            and first > 1
            and tokens[first - 2].word[0].isupper()
            and before.low not in {"the", "to", "in", "a"}
        ):
            first -= 2
        else:
            break
    while first < head and (
        tokens[first].low in _OWNERS or tokens[first].low in {"the", "both", "a", "in", "an", "its", "under", "this"}
    ):
        first += 1
    last = head
    while last + 1 < len(tokens) and last - head < 36:
        after = tokens[last + 1]
        if after.low == "body" or after.word[0].isupper() or _YEARS.fullmatch(after.word):
            last += 1
            continue
        step = last + 2
        while step < len(tokens) and tokens[step].low in JOINING and step - last < 4:
            step += 1
        if after.low in JOINING and after.low != "in" and step < len(tokens) and _in_name(tokens[step]):
            if after.low == "and" and any(t.word in work_heads() for t in tokens[step : step + 6]):
                break
            last = step
        else:
            break
    return first, last


def to_mark(text: str, tokens: list[Token], first: int, last: int) -> int:
    """The last token of a name that an opening mark begins: the one before the closing mark."""
    if text[tokens[first].start - 1 : tokens[first].start] not in {'"', "“"}:
        return last
    close = next((k for k in range(last + 1, min(len(tokens), last + 30)) if tokens[k].low in {'"', "“", "”"}), None)
    return last if close is None else close - 1 if tokens[close - 1].low not in {",", "."} else close - 2


def _in_name(token: Token) -> bool:
    """Whether a word after `of` or `for` goes on a name: a capital, or the years that it runs for."""
    return token.word[0].isupper() or _YEARS.fullmatch(token.word) is not None


_YEARS = regex(r"20\d\d(?:[-–]\d{2,4})?")

"""The day of a measure whose own sentence does not date it: that of the meeting, talks or speech it was told at.

`The meeting also approved a plan` after `A chaired the meeting on Monday`; `unveiled the plan at the conference`;
`Delivering the work report, the mayor said …` after `the mayor said on Sunday`.
"""

from __future__ import annotations

from pipeline.patterns import regex
from pipeline.policies.cues import cues
from pipeline.policies.dates import dates_in

_NOUNS = r"conference|meeting|forum|event|ceremony|briefing|summit|session|exhibition|expo|fair|seminar|hearing"
OCCASIONS = cues(f"{_NOUNS} talks".replace("|", " "))
"""A sentence without one of these words names no occasion."""
_AT = regex(
    rf"\b(?:[Aa]t|[Dd]uring) (?:the|this) (?:same )?(?:(?:news|press|opening|signing|launch) )?(?P<noun>{_NOUNS})\b"
    r"(?! of| on| for| in)"
    rf"|^(?:[Tt]he )(?P<held>{_NOUNS})(?: also)? (?:reviewed|approved|adopted|passed|endorsed|deliberated|decided)"
    r"|\b(?:[Aa]fter|[Dd]uring) (?:the|their) (?P<talks>talks)\b"
)
_HELD_FOR_DAYS = regex(r"\b(?:conclud|clos|end|open|kick|beg[aiu]n|running|lasting|from)\w*\b")
_BACK = 1500
_MOST = 6
_STOP = regex(r"[.!?]\s|\n")
_SAID_ON = regex(r"\b(?:said|announced|told|according to)\b[^.;]{0,60}$")
_DELIVERS = regex(r"\b[Dd]eliver(?:ing|ed)\b")


def occasion_day(text: str, start: int, end: int, today: str | None) -> str | None:
    """The day of the occasion that the sentence names with `the`, from the last sentence before it that dates it.

    Of an occasion of several days only the month is known.
    """
    named = _AT.search(text[start:end])
    if named is None or today is None:
        return None
    noun = named["noun"] or named["held"] or named["talks"]
    edge, floor = start, max(0, start - _BACK)
    for _ in range(_MOST):
        found = text[floor:edge].lower().rfind(noun)
        if found < 0:
            return None
        at = floor + found
        first, last = _around(text, at)
        days = [when for when in dates_in(text, first, last, today) if len(when.value) == 10 and when.value <= today]
        if days:
            nearest = min(days, key=lambda when: abs(when.start - at))
            several = _HELD_FOR_DAYS.search(text, min(at, nearest.start), max(at, nearest.start))
            return nearest.value[:7] if several else nearest.value
        edge = first
    return None


def speech_day(text: str, start: int, end: int, today: str | None) -> str | None:
    """The day that a sentence shortly before gives to what a speaker said, where this one has the report delivered."""
    if start == 0 or today is None or _DELIVERS.search(text, start, end) is None:
        return None
    edge = start
    for _ in range(3):
        first, last = _around(text, max(0, edge - 3))
        days = [when for when in dates_in(text, first, last, today) if len(when.value) == 10 and when.value <= today]
        said = [when for when in days if _SAID_ON.search(text, max(first, when.start - 80), when.start)]
        if said or first == 0:
            return said[-1].value if said else None
        edge = first
    return None


def _around(text: str, at: int) -> tuple[int, int]:
    """The sentence that holds `at`, roughly: up to the stops around it."""
    first = 0
    for stop in _STOP.finditer(text, max(0, at - 600), at):
        first = stop.end()
    after = _STOP.search(text, at, min(len(text), at + 600))
    return first or max(0, at - 600), after.end() if after else min(len(text), at + 600)

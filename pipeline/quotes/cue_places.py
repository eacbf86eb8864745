"""Where words that report stand in an English text: looked up once per article, then read sentence by sentence."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache
from operator import itemgetter

from pipeline.patterns import regex
from pipeline.quotes.tables import alternation, cue_forms
from pipeline.text import places_of, places_of_word, words_of


def _spellings(word: str) -> tuple[str, str, str]:
    return word, word.capitalize(), word.upper()


@cache
def _by_first_word() -> dict[str, list[str]]:
    """The first word of every cue, as it may be printed, to all cues that begin with it."""
    forms: dict[str, list[str]] = {}
    for form, cue in cue_forms("en").items():
        if "source" not in cue.takes:
            first = form.split()[0]
            for printed in _spellings(first):
                forms.setdefault(printed, []).append(form)
    return forms


@cache
def _first_words() -> frozenset[str]:
    return frozenset(_by_first_word())


_ONE_WORD = regex(r"[\w'’-]+")


@cache
def _cues_from(first: str) -> re.Pattern[str]:
    """The cues that open with that word; most are the word alone, for which none is compiled."""
    if all(" " not in form for form in _by_first_word()[first]):
        return _ONE_WORD
    return re.compile(rf"(?:{alternation(_by_first_word()[first])})(?![\w'’-])", re.I)


_AT = itemgetter(0)


@lru_cache(maxsize=2)
def _cue_places(text: str) -> list[tuple[int, str, re.Pattern[str]]]:
    """Where first words of cues stand in the whole text, found once for all its sentences: place, word, its cues.

    The words that the text has at all are looked up, and only those few of them that open a cue are searched for.
    """
    present = _first_words() & words_of(text)
    return sorted(
        (at, word, cues) for word in present for cues in (_cues_from(word),) for at in places_of_word(word, text)
    )


MOST_CUES = 40
"""Cues that are read in one sentence; real ones have fewer than ten."""


def find_cues(text: str, start: int, end: int) -> list[re.Match[str]]:
    """The reporting words of one sentence, left to right."""
    places = _cue_places(text)
    first = bisect_left(places, start, key=_AT)
    here = places[first : bisect_left(places, end, lo=first, key=_AT)]
    found = (cues.match(text, at, end) for at, word, cues in here if at + len(word) <= end)
    return [match for match in found if match][:MOST_CUES]


@cache
def _viewpoint_forms() -> tuple[str, ...]:
    return tuple(form for form, cue in cue_forms("en").items() if "source" in cue.takes)


@cache
def viewpoints() -> re.Pattern[str]:
    """Every viewpoint phrase (`according to`) as one expression."""
    return re.compile(rf"(?<!\w)(?:{alternation(_viewpoint_forms())}) ", re.I)


@lru_cache(maxsize=2)
def _viewpoint_starts(text: str) -> list[int]:
    """Where viewpoint phrases may stand in the whole text, found once for all its sentences."""
    words = words_of(text)
    present = [form[1:] for form in _viewpoint_forms() if not words.isdisjoint(_spellings(form.split()[0]))]
    return sorted(at - 1 for form in present for at in places_of(form, text))


def has_viewpoint(text: str, start: int, end: int) -> bool:
    """Whether a viewpoint phrase may stand in that sentence."""
    known = _viewpoint_starts(text)
    index = bisect_left(known, start)
    return index < len(known) and known[index] < end


@lru_cache(maxsize=2)
def _reporting_places(text: str) -> list[int]:
    return sorted([*map(_AT, _cue_places(text)), *_viewpoint_starts(text)])


def may_report(text: str, start: int, end: int) -> bool:
    """Whether anything that reports may stand in that sentence; in most it does not."""
    places = _reporting_places(text)
    index = bisect_left(places, start)
    return index < len(places) and places[index] < end

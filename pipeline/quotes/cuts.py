"""Where the sentences of a text with quotations begin and end: marks, questions and missing spaces considered."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from pipeline.patterns import regex
from pipeline.quotes.marks import Marked, between, ends_like_a_clause
from pipeline.text import sentences_within, split_sentences

_SPLIT_QUESTION = regex(r"[?!…][\"”] (?=[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2} (?:said|asked|added|told|says|wrote)\b)")


_CLOSING = frozenset('"”')

_COMPANY_STOP = regex(r"\b(?:Inc|Ltd|Corp|Co|Jr|Sr|PLC|SA|AG)\. $")
"""A company's name closes the sentence that the full stop of its abbreviation ends."""

_LONGEST = 6000
"""No sentence of an article is longer; what is longer is cut, so that hostile text costs linear time."""


def _at_glued_marks(
    sentences: Iterable[tuple[int, int]], blank: str, text: str, marks: list[Marked]
) -> Iterator[tuple[int, int]]:
    """Cut where a quotation opens right after a full stop, the space between them missing: `she said."We …"`."""
    for first, last in sentences:
        for stretch in between(marks, first, last):
            at = stretch.outer[0]
            glued = at > first + 1 and blank[at - 1] in ".?!" and blank[at - 2].islower()
            if glued or (
                text[stretch.start].isupper()
                and ends_like_a_clause(text, stretch)
                and at > first + 4
                and _COMPANY_STOP.search(blank, at - 6, at)
            ):
                yield first, at
                first = at
        yield first, last


_GLUED_STOPS = tuple(regex(rf"{re.escape(stop)}(?=[A-Z][a-z]+ [a-zA-Z])") for stop in ".?!")
"""One for each sign: what opens with a fixed letter is searched fast."""


def glued_stops(blank: str) -> list[int]:
    """Where a sentence begins without a space before it: `until spring.She notes that …`."""
    return sorted(
        match.end()
        for stop in _GLUED_STOPS
        for match in stop.finditer(blank)
        if (before := blank[max(0, match.start() - 3) : match.start()]).islower() and before.strip(")").isalpha()
    )


def _at_glued_stops(sentences: Iterable[tuple[int, int]], glued: list[int]) -> Iterator[tuple[int, int]]:
    for first, last in sentences:
        for at in glued[bisect_left(glued, first + 1) : bisect_left(glued, last)]:
            yield first, at
            first = at
        yield first, last


def _bounded(sentences: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for first, last in sentences:
        while last - first > _LONGEST:
            yield first, first + _LONGEST
            first += _LONGEST
        yield first, last


def quoting_sentences(
    text: str, blank: str, start: int, end: int, marks: list[Marked], glued: list[int]
) -> list[tuple[int, int]]:
    """Sentences of the blanked text; `"…?" Zhang said.` is one."""
    out: list[tuple[int, int]] = []
    parts: Iterable[tuple[int, int]] = (
        split_sentences(blank, start, end) if marks else sentences_within(text, start, end)
    )
    if glued:
        parts = _at_glued_stops(parts, glued)
    if marks:
        parts = _at_glued_marks(parts, blank, text, marks)
    if end - start > _LONGEST:
        parts = _bounded(parts)
    for first, last in parts:
        if out and blank[out[-1][1] - 1] in _CLOSING and _SPLIT_QUESTION.match(blank, out[-1][1] - 2):
            out[-1] = (out[-1][0], last)
        else:
            out.append((first, last))
    return out

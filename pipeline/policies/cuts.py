"""Sentences as evidence wants them: a Chinese one whole over its semicolons and without its 答： in front."""

from __future__ import annotations

from functools import lru_cache

from pipeline.patterns import regex
from pipeline.text import has_chinese, sentences

_ANSWER = regex(r"(?:有记者问|记者问|问|答)[ 　]?[：:][ 　]*")


_LONGEST = 3000
"""A longer stretch without a stop is a table or worse; rules look at no such sentence, so that time stays linear."""


@lru_cache(maxsize=8)
def evidence_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets of the sentences of `text`: a Chinese sentence that `；` divides within its paragraph is one."""
    found: list[tuple[int, int]] = []
    for start, end in sentences(text):
        if end - start > _LONGEST:
            continue
        if (
            found
            and text[found[-1][1] - 1] in "；;"
            and "\n" not in text[found[-1][1] : start]
            and text[start - 1] in "；;"
        ):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    if not has_chinese(text):
        return tuple(found)
    return tuple((_past_marker(text, start, end), end) for start, end in found)


def _past_marker(text: str, start: int, end: int) -> int:
    marker = _ANSWER.match(text, start, end)
    return marker.end() if marker and marker.end() < end else start

"""What stands below an article and is not parsed is looked through for words; what all pages end with, only once.

A page is split before its foot, at the beginning of a tag: no word goes on behind that, and counts of both add up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_HIDDEN = re.compile(
    rb"&(?:lowbar|underbar|fjlig|#(?:x0*[0-7]?[0-9a-f](?![0-9a-f])|0*(?:\d\d?|1[01]\d|12[0-7])(?!\d)))"
)
"""A letter, digit or sign of a name that is written as a reference."""
_LONGEST, _MOST = 40_000, 64


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of a page."""

    markup: bytes
    """In small letters."""
    opened: int
    """How many tags it opens beyond those that it closes; elements that need no closing are counted."""
    silent: bool
    """Whether it says nothing of what stands above it, and hides no word."""


_feet: dict[bytes, Part] = {}


def parts_of(below: bytes, foot: bytes | None) -> tuple[Part, ...]:
    """What stands below an article in two parts, the second of which begins with `foot`, or in one."""
    at = below.find(foot) if foot else -1
    if at < 0 or len(below) - at > _LONGEST:
        return (_part(below),)
    ending = below[at:]
    if ending not in _feet:
        if len(_feet) >= _MOST:
            _feet.clear()
        _feet[ending] = _part(ending)
    return _part(below[:at]), _feet[ending]


def _part(markup: bytes) -> Part:
    markup = markup.lower()
    return Part(
        markup=markup,
        opened=markup.count(b"<") - markup.count(b"</"),
        silent=b"<html" not in markup and b"<body" not in markup and _HIDDEN.search(markup) is None,
    )


def stands_in(parts: Sequence[Part], word: bytes) -> bool:
    """Whether a word, in small letters, stands in one of the parts."""
    *others, last = parts
    return any(word in part.markup for part in others) or _stands_in(last, word)


@lru_cache(maxsize=256)
def _stands_in(part: Part, word: bytes) -> bool:
    return word in part.markup

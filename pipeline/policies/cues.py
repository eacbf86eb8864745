"""Which questions of the rules the words of a sentence answer, as one number: each question is one of its bits.

There are more than a hundred questions of the form "has the sentence one of these words?", and most sentences answer
few. So it is turned round: each word knows which questions it answers, and a sentence is looked at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

Cues = int
"""A question, or what a sentence answers: a question is answered with yes where the two have a bit in common."""

_ASKED: list[str | Callable[[], Iterable[str]]] = []
_TOLD: list[tuple[Cues, Callable[[str], bool]]] = []
_KNOWN: set[str] = set()
_SAYING: set[str] = set()
_SAYS: dict[str, Cues] = {}
"""Words that were asked before, over all articles; of these the ones that answer a question; and which."""
_REMEMBERED = 1 << 15


def cues(words: str | Callable[[], Iterable[str]]) -> Cues:
    """The question whether a sentence has one of the words, lower case; those of a table are read at first use.

    A sentence answers the questions that there were when it was looked at: they are made when modules are loaded.
    """
    _ASKED.append(words)
    _by_word.cache_clear()
    _KNOWN.clear()
    return 1 << len(_ASKED) - 1


def cues_telling(tells: Callable[[str], bool]) -> Cues:
    """The question whether a sentence has a word, lower case, of which `tells` is true; each word is asked once."""
    question = cues("")
    _TOLD.append((question, tells))
    return question


def cues_of(words: Sequence[str]) -> Cues:
    """All questions that these words, lower case, answer."""
    found = 0 if _KNOWN.issuperset(words) else _learned(words)
    for word in _SAYING.intersection(words):
        found |= _SAYS[word]
    return found


def _learned(words: Sequence[str]) -> Cues:
    """What those words answer that cannot be remembered any more; the other new ones are."""
    found = 0
    for word in set(words) - _KNOWN:
        answers = _by_word().get(word, 0)
        for question, tells in _TOLD:
            if tells(word):
                answers |= question
        if len(_KNOWN) >= _REMEMBERED:
            found |= answers
            continue
        if answers:
            _SAYS[word] = answers
            _SAYING.add(word)
        _KNOWN.add(word)
    return found


@cache
def _by_word() -> dict[str, Cues]:
    """Each word of a question with the questions that it answers."""
    found: dict[str, Cues] = {}
    for place, asked in enumerate(_ASKED):
        for word in asked.split() if isinstance(asked, str) else asked():
            found[word] = found.get(word, 0) | 1 << place
    return found

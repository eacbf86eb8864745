"""Names of a table found in a text through their first words, once a text: a stretch of it is cut from what was found.

Most words of a text begin no name, and most names begin with a capital; so the capital words are looked up, each in
the names that it begins, and the few names in lower case are searched for as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Generic, TypeVar

Entry = TypeVar("Entry")

_FIRST = re.compile(r"\w+")
_CAPITAL = re.compile(r"[A-Z]\w*")


class Gazetteer(Generic[Entry]):
    """The printed names of a table, each with what it stands for."""

    def __init__(self, names: Mapping[str, Entry]) -> None:
        self._lower: list[tuple[str, Entry]] = []
        by_word: dict[str, list[tuple[str, Entry]]] = {}
        for printed, entry in names.items():
            if "A" <= printed[0] <= "Z":
                by_word.setdefault(_FIRST.match(printed)[0], []).append((printed, entry))  # type: ignore[index]
            else:
                self._lower.append((printed, entry))
        self._by_word = {word: sorted(pairs, key=_longest_first) for word, pairs in by_word.items()}

    def find(self, text: str) -> list[tuple[int, int, Entry]]:
        """`(start, end, entry)` of the names in `text`, in order, none overlapping; the longest of a place wins."""
        hits = sorted([*self._capital(text), *self._small(text)], key=lambda hit: (hit[0], -hit[1]))
        found: list[tuple[int, int, Entry]] = []
        edge = 0
        for hit in hits:
            if hit[0] >= edge:
                found.append(hit)
                edge = hit[1]
        return found

    def _capital(self, text: str) -> Iterator[tuple[int, int, Entry]]:
        by_word = self._by_word
        for word, start in capital_words(text):
            if word in by_word:
                for printed, entry in by_word[word]:
                    stop = start + len(printed)
                    if text.startswith(printed, start) and _ends(text, stop):
                        yield start, stop, entry
                        break

    def _small(self, text: str) -> Iterator[tuple[int, int, Entry]]:
        for printed, entry in self._lower:
            start = text.find(printed)
            while start >= 0:
                stop = start + len(printed)
                if _ends(text, stop) and not (start and text[start - 1].isalnum()):
                    yield start, stop, entry
                start = text.find(printed, stop)


@lru_cache(maxsize=4)
def capital_words(text: str) -> tuple[tuple[str, int], ...]:
    """The words that begin with a capital letter, each with its place; `iPhone` is none."""
    found = ((match[0], match.start()) for match in _CAPITAL.finditer(text))
    return tuple((word, at) for word, at in found if not at or not (text[at - 1].isascii() and text[at - 1].isalnum()))


def _longest_first(pair: tuple[str, object]) -> int:
    return -len(pair[0])


def _ends(text: str, at: int) -> bool:
    return not text[at : at + 1].isalnum()

"""Names of a table found in a text through their first words, once a text: a stretch of it is cut from what was found.

Most words of a text begin no name, and most names begin with a capital; so the capital words are looked up, each in
the names that it begins; of the few names in lower case the first words are searched for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Generic, TypeVar

Entry = TypeVar("Entry")

_FIRST = re.compile(r"\w+")
_FEW = 2
_CAPITAL = re.compile(r"[A-Z]\w*")


class Gazetteer(Generic[Entry]):
    """The printed names of a table, each with what it stands for."""

    def __init__(self, names: Mapping[str, Entry]) -> None:
        by_word: dict[str, list[tuple[str, Entry]]] = {}
        for printed, entry in sorted(names.items(), key=lambda pair: -len(pair[0])):
            by_word.setdefault(_FIRST.match(printed)[0], []).append((printed, entry))  # type: ignore[index]
        self._by_word = by_word
        # `the` begins two names and stands everywhere: of so few names each is searched for whole
        small = {word: names for word, names in by_word.items() if not "A" <= word[0] <= "Z"}
        self._lower = [
            (word, part)
            for word, names in small.items()
            for part in ([word] if len(names) > _FEW else [printed for printed, _ in names])
        ]

    def find(self, text: str) -> list[tuple[int, int, Entry]]:
        """`(start, end, entry)` of the names in `text`, in order, none overlapping; the longest of a place wins."""
        by_word = self._by_word
        hits: list[tuple[int, int, Entry]] = []
        for word, start in (*capital_words(text), *self._lower_words(text)):
            if word in by_word:
                for printed, entry in by_word[word]:
                    stop = start + len(printed)
                    if text.startswith(printed, start) and not text[stop : stop + 1].isalnum():
                        hits.append((start, stop, entry))
                        break
        hits.sort(key=lambda hit: hit[0])
        found: list[tuple[int, int, Entry]] = []
        edge = 0
        for hit in hits:
            if hit[0] >= edge:
                found.append(hit)
                edge = hit[1]
        return found

    def _lower_words(self, text: str) -> Iterator[tuple[str, int]]:
        for word, part in self._lower:
            at = text.find(part)
            while at >= 0:
                if not (at and text[at - 1].isalnum()):
                    yield word, at
                at = text.find(part, at + len(part))


@lru_cache(maxsize=4)
def capital_words(text: str) -> list[tuple[str, int]]:
    """The words that begin with a capital letter, each with its place; `iPhone` is none."""
    return [
        (match[0], at)
        for match in _CAPITAL.finditer(text)
        if not (at := match.start()) or (before := text[at - 1]) == " " or not (before.isascii() and before.isalnum())
    ]

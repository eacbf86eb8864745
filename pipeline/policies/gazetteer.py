"""Names of a table found in a text through one of their words, once a text: a stretch of it is cut from what was found.

Most words of a text begin no name, and most names begin with a capital; so the capital words are looked up, each in
the names that it begins. The few names in lower case are found by the words that most of them share, like `ministry`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Generic, TypeVar

from pipeline.patterns import regex

Entry = TypeVar("Entry")

_WORD = regex(r"\w+")
_SHORT = 3
"""Words up to this length are in every text."""
_AHEAD = 4
"""So many signs after its first word tell which of the names that begin with it a place may hold."""
_BEYOND = 8
"""So many signs after a shared word tell it of the names that the word opens, like `government of the …`."""
_NONE: list[str] = []
_CAPITAL = regex(r"[A-Z]\w*")


class Gazetteer(Generic[Entry]):
    """The printed names of a table, each with what it stands for."""

    def __init__(self, names: Mapping[str, Entry]) -> None:
        self._names = names
        self._by_first: dict[str, dict[str, list[str]]] = {}
        self._by_shared: dict[str, _Around] = {}
        small = [printed for printed in names if not "A" <= printed[0] <= "Z"]
        shared = Counter(word for printed in small for word in set(_WORD.findall(printed)) if len(word) > _SHORT)
        for printed in sorted(names, key=len, reverse=True):
            words = _WORD.findall(printed)
            if "A" <= printed[0] <= "Z":
                after = printed[len(words[0]) : len(words[0]) + _AHEAD]
                self._by_first.setdefault(words[0], {}).setdefault(after if len(after) == _AHEAD else "", []).append(
                    printed
                )
            else:
                part = max(words, key=lambda word: (shared[word], word[0].isupper(), len(word)))
                self._by_shared.setdefault(part, _Around()).add(printed, printed.index(part), len(part))

    def find(self, text: str) -> list[tuple[int, int, Entry]]:
        """`(start, end, entry)` of the names in `text`, in order, none overlapping; the longest of a place wins."""
        hits = [*self._capital(text), *self._small(text)]
        hits.sort(key=lambda hit: (hit[0], -hit[1]))
        found: list[tuple[int, int, Entry]] = []
        edge = 0
        for start, stop in hits:
            if start >= edge:
                found.append((start, stop, self._names[text[start:stop]]))
                edge = stop
        return found

    def _capital(self, text: str) -> Iterator[tuple[int, int]]:
        by_first = self._by_first
        for word, start in capital_words(text):
            if word not in by_first:
                continue
            beginnings, after = by_first[word], start + len(word)
            longer = beginnings.get(text[after : after + _AHEAD], _NONE)
            for printed in (*longer, *beginnings.get("", _NONE)) if longer else beginnings.get("", _NONE):
                stop = start + len(printed)
                if text.startswith(printed, start) and not text[stop : stop + 1].isalnum():
                    yield start, stop
                    break

    def _small(self, text: str) -> Iterator[tuple[int, int]]:
        for part, names in self._by_shared.items():
            at = text.find(part)
            while at >= 0:
                for printed, lead in names.fitting(text, at, at + len(part)):
                    start, stop = at - lead, at - lead + len(printed)
                    if start >= 0 and text.startswith(printed, start) and _alone(text, start, stop):
                        yield start, stop
                        break
                at = text.find(part, at + len(part))


class _Around:
    """Names that hold one word, longest first, by a few signs before that word, or after it where nothing leads."""

    def __init__(self) -> None:
        self._by_signs: dict[tuple[str, str], list[tuple[int, str, int]]] = {}
        self._size = 0

    def add(self, printed: str, lead: int, size: int) -> None:
        """Note a name in which the word stands after `lead` signs."""
        before, after = printed[max(0, lead - _AHEAD) : lead], printed[lead + size : lead + size + _BEYOND]
        signs = (before, "") if len(before) == _AHEAD else ("", after if len(after) == _BEYOND else "")
        self._by_signs.setdefault(signs, []).append((self._size, printed, lead))
        self._size += 1

    def fitting(self, text: str, start: int, end: int) -> list[tuple[str, int]]:
        """The names that may stand around the word at `start:end`, each with what leads it."""
        known = self._by_signs.get
        found = [
            *known((text[max(0, start - _AHEAD) : start], ""), ()),
            *known(("", text[end : end + _BEYOND]), ()),
            *known(("", ""), ()),
        ]
        return [(printed, lead) for _, printed, lead in sorted(found)]


def _alone(text: str, start: int, stop: int) -> bool:
    return not text[stop : stop + 1].isalnum() and not (start and text[start - 1].isalnum())


@lru_cache(maxsize=4)
def capital_words(text: str) -> list[tuple[str, int]]:
    """The words that begin with a capital letter, each with its place; `iPhone` is none."""
    return [
        (match[0], at)
        for match in _CAPITAL.finditer(text)
        if not (at := match.start()) or (before := text[at - 1]) == " " or not (before.isascii() and before.isalnum())
    ]

"""Fixed words looked up in a phrase by the first of them.

An expression of some thousand words does the same, but takes longer to compile than an article to read.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.patterns import regex

_RUN = regex(r"\w+")
_GOES_ON = regex(r"[\w-]")
_TIES = "’'-"
"""Signs that tie what follows them to the word before."""


class FixedWords:
    """Words of a table, each with the endings that it may have where it is printed."""

    def __init__(self, words: Iterable[str], endings: tuple[str, ...] = ("",)) -> None:
        self._endings = endings
        self._by_first: dict[str, list[str]] = {}
        for word in words:
            run = _RUN.match(word)
            first = run.group() if run else ""
            for ending in endings if first == word else ("",):
                self._by_first.setdefault(first + ending, []).append(word)

    def stand_in(self, text: str) -> bool:
        """Whether one of the words stands in the text, and not as a part of a longer one."""
        known = self._by_first
        for match in _RUN.finditer(text):
            run = match.group()
            if run in known and not ((at := match.start()) and text[at - 1] in _TIES):
                for word in known[run]:
                    if text.startswith(word, at) and self._ends(text, at + len(word)):
                        return True
        return any(self._stands_alone(text, word) for word in known.get("", ()))

    def _stands_alone(self, text: str, word: str) -> bool:
        """Whether a word that begins with a sign, like `& Co`, stands there; it is looked for once."""
        at = text.find(word)
        before = at > 0 and (text[at - 1] in _TIES or _GOES_ON.match(text, at - 1) is not None)
        return at >= 0 and not before and self._ends(text, at + len(word))

    def _ends(self, text: str, stop: int) -> bool:
        return any(
            text.startswith(ending, stop) and _GOES_ON.match(text, stop + len(ending)) is None
            for ending in self._endings
        )

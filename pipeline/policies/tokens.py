"""English words and signs with their places, and the verbs of issuing among them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from pipeline.patterns import regex
from pipeline.policies.cues import cues
from pipeline.policies.tables import rows

_TOKEN = regex(r"[A-Za-z][A-Za-z0-9]*+(?:[-'’.&/][A-Za-z0-9]++)*+(?:['’](?!\w))?|\$?\d+(?:[.,]\d+)*(?:-\w+)*%?|[^\w\s]")
PART = regex(r"\w+")


class Token(NamedTuple):
    """A word or a sign with its place in the article."""

    word: str
    low: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verb:
    """A form of a verb of verbs.csv at tokens `first..last`."""

    first: int
    last: int
    lemma: str
    sense: str
    form: str
    """base · past · participle (or both, `past`) · gerund · third."""


def tokenize(text: str, start: int, end: int) -> list[Token]:
    """The tokens of `text[start:end]`."""
    found: list[Token] = []
    new = tuple.__new__  # without the detour over arguments by name: a story has hundreds of tokens
    add, parts = found.append, _PARTS
    at = start
    for run in text[start:end].split(" "):
        for word, low, first, last in parts[run]:
            add(new(Token, (word, low, at + first, at + last)))
        at += len(run) + 1
    return found


_Parts = tuple[tuple[str, str, int, int], ...]


class _Runs(dict[str, _Parts]):
    """The tokens of what stands between two blanks, remembered over articles: no token reaches over a blank."""

    def __missing__(self, run: str) -> _Parts:
        parts = tuple(
            (match[0], match[0].lower().replace("’", "'"), match.start(), match.end()) for match in _TOKEN.finditer(run)
        )
        if len(run) <= _LONGEST_RUN and len(self) < _MOST_RUNS:
            self[run] = parts
        return parts


_PARTS = _Runs()
_LONGEST_RUN = 40
"""A longer run is no word and not worth remembering."""
_MOST_RUNS = 1 << 15


@cache
def verb_forms() -> dict[str, tuple[str, str, str]]:
    """A verb's form -> (lemma, sense, form); two-word verbs keyed by both words."""
    table: dict[str, tuple[str, str, str]] = {}
    for row in rows("verbs"):
        for form in ("gerund", "third", "lemma", "participle", "past"):
            table[row[form]] = (row["lemma"], row["sense"], "base" if form == "lemma" else form)
    return table


@cache
def _openers() -> frozenset[str]:
    """The words that a form of a verb begins with: most tokens are none, and are told so at once."""
    return frozenset(form.split(" ")[0] for form in verb_forms())


VERBS = cues(lambda: [PART.findall(word)[0] for word in _openers()])
"""A sentence without one of these words has no verb of issuing."""


def verbs_of(tokens: list[Token]) -> list[Verb]:
    """The verbs of verbs.csv among the tokens, in order."""
    table, openers = verb_forms(), _openers()
    found = []
    for i, token in enumerate(tokens):
        if token.low not in openers:
            continue
        pair = f"{token.low} {tokens[i + 1].low}" if i + 1 < len(tokens) else ""
        if pair in table:
            found.append(Verb(i, i + 1, *table[pair]))
        elif token.low in table and not (token.word[:1].isupper() and i > 0 and token.low != "cut"):
            found.append(Verb(i, i, *table[token.low]))
    return found


def spell(text: str, tokens: list[Token], first: int, last: int) -> str:
    """The printed words of tokens `first..last`."""
    return text[tokens[first].start : tokens[last].end].strip(' ,;:."”“')

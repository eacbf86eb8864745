"""The head nouns of sources without a name (groups, documents, bodies), and what a noun phrase may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pipeline.patterns import regex
from pipeline.quotes.tables import alternation, nouns

DETERMINED = regex(
    r"(?:the|The|this|This|that|That|its|Its|his|His|her|Her|their|Their|a|A|an|An|these|"
    r"These|those|Those|some|Some|our|another|Another|one|One|many|Many|most|Most|several|"
    r"Several|such|Such|other|Other|two|Two|both|Both|local|Local|(?:[A-Z][\w-]* ){0,3}[A-Z][\w-]*(?:'s|"
    r"’s|(?<=s)'|(?<=s)’)) "
)
PREPOSITION = (
    r"(?:of|on|for|at|from|in|with|to|by|about|under|across|against|who|that|which|including|"
    r"released|published|issued|jointly|specializing|attending|familiar|close|interviewed|"
    r"surveyed|participating|based|focused|focusing|conducted|entitled|titled|prepared|compiled|dated|submitted|representing)"
)


@dataclass(frozen=True, slots=True, eq=False)
class _Heads:
    """The nouns of one class as heads of a noun phrase, after some words and before its end or a preposition."""

    before: str
    """The words that may stand before the head."""
    first: frozenset[str]
    """The first word of every noun: a phrase without any of them is not tried."""
    nouns: tuple[str, ...]

    def match(self, phrase: str, words: frozenset[str]) -> re.Match[str] | None:
        """The phrase up to its head, where it has one; `words` are its words in small letters."""
        return None if self.first.isdisjoint(words) else _head_pattern(self).match(phrase)


@cache
def _head_pattern(heads: _Heads) -> re.Pattern[str]:
    after = rf"(?= {PREPOSITION}\b| \(|,|$| \d{{4}}\b| (?:last|this|earlier) )"
    return re.compile(rf"{heads.before}(?P<head>{alternation(heads.nouns)}){after}", re.I)


def _heads(before: str, words: Iterable[str]) -> _Heads:
    small = tuple(word.lower() for word in words)
    return _Heads(before, frozenset(word.split()[0] for word in small), small)


@cache
def group_head() -> _Heads:
    """`experts`, `local traders`."""
    return _heads(r"(?:[\w'’&./-]+,? ){0,9}?", nouns("group"))


@cache
def document_head() -> _Heads:
    """`the annual report`, `a notice`."""
    return _heads(r"(?:[\w'’&./-]+ ){0,9}?", nouns("document"))


@cache
def lower_body_head() -> _Heads:
    """`the ministry`, `the company`."""
    small = [word for word in nouns("organization") if word[:1].islower()]
    return _heads(r"(?:[\w'’&./-]+ ){0,7}?", [*small, *nouns("body")])


_VERBISH = regex(
    r" (?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|be|been|do|does|did|said|says|that) "
)

_INNER_ARTICLE = regex(
    r" (?<! of )(?<! in )(?<! from )(?<! at )(?<! for )(?<! with )(?<! on )(?<! by )(?<! and )(?<! or )(?<!^ )"
    r"(?:the|a|an|his|her|its|their) "
)
_TO_SMALL = regex(r" to (?![A-Z])")

_REPORTING = frozenset(
    ("suggests", "suggested", "shows", "showed", "reveals", "indicates", "heard", "gave", "made", "said",
     "says", "expects", "expected", "believes", "told", "urged", "warned", "noted", "added", "urge",
     "urging")
)  # fmt: skip


def is_noun_phrase(text: str) -> bool:
    """Whether the words hold no finite verb of the closed list, no infinitive and no second noun phrase."""
    if _VERBISH.search(f" {text} ") or (" to " in text and _TO_SMALL.search(text)) or _INNER_ARTICLE.search(text):
        return False
    return not any(word in _REPORTING for word in text.split()[1:])

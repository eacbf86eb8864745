"""One sentence of an English story with what the rules ask of it, each found once and not before a rule asks.

A rule begins with the cheapest question: whether the sentence has one of the words that it cannot do without
(`sentence.cues & _WORDS`). Only then does it ask for tokens, dates or authorities.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

from pipeline.patterns import regex
from pipeline.policies.cues import Cues, cues_of
from pipeline.policies.dates import When, dates_in
from pipeline.policies.issuers import bodies_in
from pipeline.policies.numbers import Number, find_numbers
from pipeline.policies.phrases import NOUNS, Phrase, phrases_of
from pipeline.policies.tokens import VERBS, Token, Verb, tokenize, verbs_of

_WORD = regex(r"\w+")
_SIGNS = "“”‘’—–…•·€£¥°™®\xa0\u3000\u200b"
"""Signs beyond ASCII that English prose prints."""
_BLANKS = {sign: " " for sign in range(128) if not (chr(sign).isalnum() or chr(sign) == "_")}


class Sentence:
    """The sentence `text[start:end]`; `today` is the article's own date."""

    def __init__(self, text: str, start: int, end: int, today: str | None) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.span = start, end
        self.today = today
        self.printed = text[start:end]
        letters = _letters(text)
        self._words = _WORD.findall(self.printed.lower()) if letters is None else letters[start:end].split()
        self.cues = cues_of(self._words)
        """Which of the rules' questions its words answer."""

    def has(self, question: Cues) -> bool:
        """Whether one of the words of the question stands in it; the same as `sentence.cues & question`."""
        return self.cues & question != 0

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words in lower case, cut at every sign: `trade-in` is two."""
        return frozenset(self._words)

    @cached_property
    def tokens(self) -> list[Token]:
        """Its tokens, those in a body's name made opaque: no regulation in `Administration for Market Regulation`."""
        tokens = tokenize(self.text, self.start, self.end)
        i = 0
        for mention in bodies_in(self.text, self.start, self.end):
            while i < len(tokens) and tokens[i].start < mention.start:
                i += 1
            while i < len(tokens) and tokens[i].start < mention.end:
                tokens[i] = tokens[i]._replace(low="body")
                i += 1
        return tokens

    @cached_property
    def verbs(self) -> list[Verb]:
        """The verbs of issuing among its tokens."""
        return verbs_of(self.tokens) if self.cues & VERBS else []

    @cached_property
    def phrases(self) -> list[Phrase]:
        """Its phrases with an instrument noun."""
        return phrases_of(self.tokens) if self.cues & NOUNS else []

    @cached_property
    def dates(self) -> list[When]:
        """The dates printed in it."""
        return dates_in(self.text, self.start, self.end, self.today)

    @cached_property
    def numbers(self) -> list[Number]:
        """The document numbers printed in it."""
        return find_numbers(self.text, self.start, self.end)

    def token_from(self, at: int) -> int:
        """The first token that begins at `at` of the text or after it; past the last where there is none."""
        return next((i for i, token in enumerate(self.tokens) if token.start >= at), len(self.tokens))


@lru_cache(maxsize=4)
def _letters(text: str) -> str | None:
    """The text in lower case, each sign of it a blank; None where letters beyond ASCII need a closer look."""
    for sign in _SIGNS:
        text = text.replace(sign, " ")
    return text.lower().translate(_BLANKS) if text.isascii() else None

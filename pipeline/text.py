"""Paragraphs, sentences and offsets of an article's text, English and Chinese.

Everything is an offset pair into the text it was cut from, so that a statement can always point at its evidence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*")
_CJK = re.compile(r"[\u3400-\u9fff]")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[\w'’-]+")
_INSIDE_WORD = re.compile(r"[\w'’-]")

# A full stop after one of these, or after a letter, does not end a sentence.
_SHORTENED = (
    "Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Sgt|St|Jr|Sr|Inc|Ltd|Corp|Co|No|Nos|Art|vs|etc|al|Fig|approx"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
)
_ABBREVIATIONS = frozenset(_SHORTENED.split("|"))
_ABBREVIATION = re.compile(rf"(?:\b(?:{_SHORTENED})|\b(?:[A-Za-z]\.)*[A-Za-z])\.$")
_AROUND = 12
"""Signs before a full stop that are looked at: no abbreviation is longer."""
# A company's name may end its sentence: then a word follows that opens one.
_COMPANY = re.compile(r"\b(?:Inc|Ltd|Corp|Co)\.$")
# The platform's name is a letter, and no initial.
_ON_X = re.compile(r"\b(?:on|via|platform|app) X\.$")
_OPENER = re.compile(
    r"\s+(?:The|A|An|It|Its|He|She|They|We|I|In|On|At|As|But|And|For|This|That|These|Those|According|After|However|"
    r"Meanwhile|By|When|While|If|To|With|From|Since|There|Both|So|Now|Last|Under)\s"
)
# One class of letters comes first, so that the text between two ends is passed over fast.
_EN_END = re.compile(
    r"[.!?…\n](?:(?<=\n)|(?<![.!?…]{2})[.!?…]*+[\"”’')\]]*+(?=\s+[\"“‘'(\[]*[A-Z0-9$€£À-ÖØ-Þ\u3400-\u9fff\ue000]))"
)
_ZH_END = re.compile(r"[。！？；…]+[”’」』）)]*|\n")


def is_chinese(text: str) -> bool:
    """Whether more than a fifth of the first 2,000 characters are Chinese."""
    head = text[:2000]
    if head.isascii():
        return False
    more = len(head.encode("utf-8", "surrogatepass")) - len(head)  # of which each Chinese character brings two
    size, found = len(head.strip()), 0
    for run in _CHINESE.finditer(head) if more * 5 > size * 2 else ():
        found += run.end() - run.start()
        if found * 5 > size:  # a Chinese text has as many in its first lines
            return True
    return False


@lru_cache(maxsize=4)
def paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets of the paragraphs of `text`, in order; paragraphs are separated by blank lines."""
    return tuple(match.span() for match in _PARAGRAPH.finditer(text))


@lru_cache(maxsize=8)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets of the sentences of `text`, in order, none across a paragraph; white space at the ends left out."""
    found: list[tuple[int, int]] = []
    for start, end in paragraphs(text):
        found.extend(split_sentences(text, start, end))
    return tuple(found)


def sentences_within(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Those of the text's sentences that begin in `text[start:end]`, which is a paragraph or several."""
    known = sentences(text)
    first = bisect_left(known, (start,))
    return known[first : bisect_left(known, (end,), lo=first)]


@lru_cache(maxsize=4)
def has_chinese(text: str) -> bool:
    """Whether any Chinese character stands in the text, looked for once."""
    return not text.isascii() and _CJK.search(text) is not None


def split_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of one paragraph, `text[start:end]`, without the white space between them."""
    pattern = _ZH_END if is_chinese(text[start:end]) else _EN_END
    at = start
    for match in pattern.finditer(text, start, end):
        stop = match.end()
        if (
            pattern is _EN_END
            and text[match.start()] == "."
            and _abbreviated(text, max(at, stop - _AROUND), stop)
            and not (_COMPANY.search(text, max(at, stop - 6), stop) and _OPENER.match(text, stop))
            and not _ON_X.search(text, max(at, stop - _AROUND), stop)
        ):
            continue
        first, last = _trimmed(text, at, stop)
        if first < last:
            yield first, last
        at = stop
    first, last = _trimmed(text, at, end)
    if first < last:
        yield first, last


def _abbreviated(text: str, floor: int, stop: int) -> bool:
    """Whether the full stop that ends at `stop` closes an abbreviation; a plain word is looked up, which is faster."""
    blank = text.rfind(" ", floor, stop)
    if blank >= 0 and (word := text[blank + 1 : stop - 1]).isalpha():
        return word in _ABBREVIATIONS or (len(word) == 1 and word.isascii())
    return _ABBREVIATION.search(text, floor, stop) is not None


@lru_cache(maxsize=4)
def words_of(text: str) -> frozenset[str]:
    """Every word of `text` as printed, with its hyphens and apostrophes, read once."""
    printed = set(text.split())
    plain = {word for word in printed if word.isalpha()}
    return frozenset(plain.union(_WORD.findall(" ".join(printed - plain))))


def places_of_word(word: str, text: str) -> Iterator[int]:
    """Where that word stands in the text, and not as a part of a longer one."""
    last, size = len(text), len(word)
    for at in places_of(word, text):
        stop = at + size
        if (stop == last or text[stop] == " " or not _INSIDE_WORD.match(text, stop)) and (
            text[at - 1] == " " or not continues_word(text, at)
        ):
            yield at


def continues_word(text: str, at: int) -> bool:
    """Whether what stands at `at` is a later part of a word."""
    return at > 0 and _INSIDE_WORD.match(text, at - 1) is not None


def places_of(words: str, text: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Where the words stand in `text[start:end]`, each place once; much faster than an expression for fixed words."""
    size = len(words)
    at = text.find(words, start, end)
    while at >= 0:
        yield at
        at = text.find(words, at + size, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end

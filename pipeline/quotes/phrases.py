"""English noun phrases that name a source: what sort of source, and a post split into title and organisation."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pipeline.patterns import regex
from pipeline.quotes.fixed_words import FixedWords
from pipeline.quotes.tables import alternation, names, nouns

_UPPER = "[A-ZÀ-ÖØ-ÞĀŁŚŠŽČ]"
_AFTER_UPPER = rf"(?:\.(?:{_UPPER}\.){{0,2}}|[\w'’\-]*(?:\.(?:com|cn|ai|net)(?!\w))?)"
CAPITAL = _UPPER + _AFTER_UPPER
"""A capitalised word or up to three initials; what opens with a class of letters is searched fast."""
PARTICLE = r"(?:de|van|der|den|von|bin|al|el|da|dos|del|di|la|le|ten|ter|zu|y|bint|ibn)"
_RUN = rf"{_UPPER}(?<![\w'’\-].){_AFTER_UPPER}(?: (?:{PARTICLE} ){{0,2}}{CAPITAL})"
PERSON_RUN = regex(_RUN + "{0,7}")
NAME_RUN = regex(_RUN + "{1,7}")
"""A run of at least two capitalised words, as a full name is."""
_SYLLABLE = r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?[aeiouü]{1,3}(?:ng|n|r)?"
_GIVEN_PINYIN = regex(rf"{_SYLLABLE}(?:['’-]?{_SYLLABLE}){{0,2}}$", re.I)
_HONORIFIC = regex(
    r"(?:(?:Mr|Ms|Mrs|Dr|Prof|Sir|Madam|Madame|Miss|Admiral|"
    r"(?<!Attorney )(?<!Consul )(?<!Director )(?<!Secretary )(?<!Governor )(?<!Inspector )General|Colonel|Captain|"
    r"Major|Lieutenant|Lord|Lady|Dame|Baroness)\.? )"
)
_ARTICLE = regex(
    r"(?:the|a|an|one|another|whose|its|his|her|their|our|who is|who was|who serves as|"
    r"who also serves as|who has been|who has served as|who acts as|who works as|also|then|currently|now) ",
    re.I,
)
_AGE = regex(r"\d{2}(?:-year-old)?,? ?")


def last_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last of the pattern's matches in the text."""
    last = None
    for found in pattern.finditer(text):
        last = found
    return last


@cache
def title_words() -> re.Pattern[str]:
    """Every post of the table as one expression, plural and capital forms included, longest first."""
    return re.compile(rf"(?<![\w'’])(?:{alternation(map(str.lower, nouns('title')))})(?![\w’'-]|\.\w)", re.I)


@cache
def _organization_words() -> FixedWords:
    return FixedWords((*nouns("organization"), *nouns("company")), endings=("", "s", "es"))


@cache
def _place_words() -> frozenset[str]:
    return frozenset(nouns("country")) | frozenset(nouns("place")) | frozenset(nouns("time"))


@cache
def country_prefix() -> re.Pattern[str]:
    words = alternation([*nouns("country"), *nouns("region-adjective")])
    return re.compile(rf"(?:former |the |veteran |prominent |senior )?(?:{words})(?:'s|’s)? ")


@lru_cache(maxsize=8192)
def has_organization_word(text: str) -> bool:
    """Whether the phrase holds a company suffix, an institution noun or a well-known name."""
    return _organization_words().stand_in(text)


@cache
def _body_nouns() -> FixedWords:
    return FixedWords(nouns("organization"))


def has_body_noun(text: str) -> bool:
    """Whether the phrase holds a suffix or institution noun; a firm's name may be a surname too (`Roche`)."""
    return _body_nouns().stand_in(text)


@lru_cache(maxsize=8192)
def is_place(text: str) -> bool:
    """Whether the phrase is nothing but countries, cities and days."""
    return text in _place_words() or all(word in _place_words() for word in text.split())


def is_pinyin(word: str) -> bool:
    """Whether a word can be a given name in Hanyu Pinyin."""
    return _GIVEN_PINYIN.match(word) is not None


def is_chinese_name(words: list[str]) -> bool:
    """Surname and given name in Hanyu Pinyin, surname first: `Zhang Yu`, `Ouyang Minggao`, `Lan Fo'an`."""
    return (
        2 <= len(words) <= 3
        and words[0] in names("surname")
        and all(_GIVEN_PINYIN.match(word) is not None for word in words[1:])
        and not is_place(" ".join(words))
        and not is_place(" ".join(words[1:]))
        and not any(word in _place_words() for word in words[1:])
    )


def strong_name(words: list[str]) -> bool:
    """A personal name by its own words: Pinyin, or a given name first."""
    if len(words) == 2 and words[1] in names("given") and words[0] not in _place_words() and words[0].isalpha():
        return is_chinese_name(words) or words[0] in names("given")
    return is_chinese_name(words) or (2 <= len(words) <= 5 and words[0].split("-")[0] in names("given"))


def possible_name(words: list[str]) -> bool:
    """Two to five capitalised words that are no body, place or day."""
    return (
        2 <= len(words) <= 5
        and not has_organization_word(" ".join(words))
        and words[-1] not in nouns("thing")
        and not any(word in _place_words() for word in words)
        and all(len(word) > 1 for word in words[-1:])
        and not any(word.isupper() and len(word.strip(".")) > 1 for word in words)
        and not any(word.endswith(("'s", "’s", "-based", "-backed", "-listed", "-led")) for word in words)
    )


@lru_cache(maxsize=8192)
def split_run(run: str) -> tuple[str, str]:
    """(what stands before, personal name) of a run of capitalised words: `Premier Li Qiang` gives its two halves.

    The name is empty when the run's end cannot be one.
    """
    words = run.split()
    if len(words) < 2:
        return run, ""
    for size in (2, 3):
        tail = words[-size:]
        if len(words) > size and is_chinese_name(tail) and (size == 3 or not is_chinese_name(words[-3:])):
            if len(words) > size and words[-size - 1] in names("given") and words[-size - 1] not in names("surname"):
                size += 1
            return " ".join(words[:-size]), " ".join(words[-size:])
    if (owner := max(run.rfind("'s "), run.rfind("’s "))) > 0 and strong_name(run[owner + 3 :].split()):
        return run[: owner + 2], run[owner + 3 :]
    last_title = last_match(title_words(), run)
    cut = last_title.end() if last_title else 0
    cut = _past_honorific(run, cut)
    cut += _places_at(run, cut)
    name = run[cut:].strip().split()
    if strong_name(name) or possible_name(name):
        return run[:cut].strip(), " ".join(name)
    return run, ""


def _past_honorific(run: str, cut: int) -> int:
    match = last_match(_HONORIFIC, run[cut:])
    return cut + match.end() if match else cut


def is_honorific(front: str) -> bool:
    """Whether the words before a name end with a form of address or a rank: `Admiral`, `Dr`."""
    return bool(front) and any(match.end() > len(front) for match in _HONORIFIC.finditer(front + " "))


def _places_at(run: str, cut: int) -> int:
    match = country_prefix().match(run[cut:].lstrip())
    return len(run[cut:]) - len(run[cut:].lstrip()) + match.end() if match else 0


@lru_cache(maxsize=256)
def bare(phrase: str) -> str:
    """The phrase without article, age and outer punctuation."""
    phrase = phrase.strip(" ,.;:—-")
    while match := (_ARTICLE.match(phrase) or _AGE.match(phrase)):
        phrase = phrase[match.end() :]
    return phrase.strip(" ,")

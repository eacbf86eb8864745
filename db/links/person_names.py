"""Names of people: one key in every spelling, and how a Chinese name is spelled in Latin letters.

A name counts only in full: a surname, a description (`the ministry's spokesperson`) and two people at once have no key.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from itertools import islice, product

from db.names import words_of

LONGEST_NAME = 200
_HONORIFIC = re.compile(r"^(?:(?:mr|ms|mrs|miss|dr|prof|professor|sir|madam)\.?\s+)+", re.IGNORECASE)
_SEVERAL = re.compile(r"\s(?:and|&)\s|、|,", re.IGNORECASE)
_JOINTS = re.compile(r"[-‐‑·・•.'’]")
_HOLDER = re.compile(
    r"(?:发言人|负责人|负责同志|有关人士|官员|专家|记者|人士|部长|司长|局长|主任)$|\b(?:spokes\w+|officials?|officers?|experts?|analysts?)$"
)
"""Who is called by the post alone: whoever holds it, another person in another year."""
_SYLLABLE = (
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uan|uai|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|[aeiouv])"
)
_ONE_SYLLABLE = re.compile(_SYLLABLE)
_TWO_SYLLABLES = re.compile(_SYLLABLE * 2)
_HAN = re.compile(r"[\u3400-\u9fff]+")
_MOST_SPELLINGS = 6


def person_key(speaker: str) -> str | None:
    """The name folded: no honorifics or hyphens, a Chinese name in Latin letters with the surname first.

    None for several people, a surname alone, and whoever is called by a post only.
    """
    name = _HONORIFIC.sub("", unicodedata.normalize("NFKC", speaker).strip()[:LONGEST_NAME])
    if not name or _SEVERAL.search(name) or _HOLDER.search(name.casefold()):
        return None
    words = words_of(_JOINTS.sub("", name))
    if len(words) < 2:
        return None
    if all(_HAN.fullmatch(word) for word in words):
        return "".join(words)
    return " ".join(_surname_first(words))


def shown_name(speaker: str) -> str:
    """The name as it is shown: without honorifics."""
    return _HONORIFIC.sub("", speaker)[:LONGEST_NAME]


def is_chinese(key: str) -> bool:
    """Whether the key of a person is written in Chinese characters."""
    return _HAN.fullmatch(key) is not None


def _surname_first(words: list[str]) -> list[str]:
    """`lian qing he` and `he lian qing` as `he lianqing`; other names as they are printed.

    Turned round only where the last word is a surname and what stands before it can be nothing but a given name.
    """
    readings = _readings()
    if len(words) == 3 and words[0] in readings and all(map(_ONE_SYLLABLE.fullmatch, words)):
        return [words[0], words[1] + words[2]]
    if len(words) == 2 and words[0] not in readings and words[1] in readings and _TWO_SYLLABLES.fullmatch(words[0]):
        return [words[1], words[0]]
    return words


@lru_cache(maxsize=4096)
def spellings(key: str) -> tuple[str, ...]:
    """How a key may be spelled in Latin letters without spaces, the usual way first; people are looked up by these.

    Several where a character has several readings; a surname has the reading of surnames.
    """
    if not is_chinese(key):
        return (_folded(key.replace(" ", "")),)
    from pypinyin import Style, pinyin  # a table of 40,000 characters: only who links a Chinese name pays for it

    surname = next((key[:size] for size in (2, 1) if key[:size] in _surnames() and len(key) > size), "")
    first = [[_surnames()[surname]]] if surname else []
    rest = pinyin(key[len(surname) :], style=Style.NORMAL, heteronym=True, errors="ignore")
    made = islice(product(*first, *rest), _MOST_SPELLINGS)
    return tuple(dict.fromkeys("".join(map(_folded, parts)) for parts in made))


def _folded(word: str) -> str:
    """`lü`, `lyu` and `lv` are one; accents of other letters go."""
    plain = word.replace("ü", "v").replace("lyu", "lv").replace("nyu", "nv")
    return "".join(sign for sign in unicodedata.normalize("NFD", plain) if not unicodedata.combining(sign))


@cache
def _surnames() -> dict[str, str]:
    with resources.files("db.links").joinpath("surnames.csv").open(encoding="utf-8") as lines:
        return {line["surname"]: line["reading"] for line in csv.DictReader(lines)}


@cache
def _readings() -> frozenset[str]:
    return frozenset(_surnames().values()) | {"lyu"}

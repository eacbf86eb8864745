"""Numbers and titles of instruments: when two of them are the same document, in one language or across two."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from db.names import words_of

_NUMBER_FORMS = (
    # 商务部公告2023年第46号, 商务部 海关总署公告2025年第55号, 商务部令2020年第4号
    re.compile(r"^(?P<body>[^\d〔\[(（]{0,60}?)(?P<kind>公告|令|通告)\s*(?P<year>\d{4})年第?\s*(?P<n>\d{1,4})号$"),
    # 公告2020年第9号 printed with the year first: 商务部2014年第34号公告
    re.compile(r"^(?P<body>[^\d〔\[(（]{0,60}?)(?P<year>\d{4})年第?\s*(?P<n>\d{1,4})号\s*(?P<kind>公告|令|通告)$"),
    # MOFCOM Announcement No. 46 of 2024, Decree No 4 of 2020
    re.compile(
        r"^(?P<body>.{0,120}?)\s*\b(?P<kind>announcement|order|decree)\s*no\.?\s*(?P<n>\d{1,4})\s*(?:of|,|\()\s*(?P<year>\d{4})\)?$",
        re.IGNORECASE,
    ),
)
_NUMBER_KINDS = {
    "公告": "announcement", "通告": "announcement", "announcement": "announcement",
    "令": "order", "order": "order", "decree": "order",
}  # fmt: skip
_TITLE_STOP_WORDS = frozenset(
    {"a", "an", "the", "of", "on", "in", "to", "for", "and", "or", "by", "with", "new", "its", "their", "from", "at",
     "as", "that", "的", "关", "于", "和", "与", "及"}
)  # fmt: skip
_DRAFT = re.compile(
    r"[（(]?(?:征求意见稿|公开征求意见稿|草案)[）)]?|[（(]?\bdraft(?: for (?:public )?comments?)?\b[）)]?",
    re.IGNORECASE,
)
_MARKS = re.compile(
    r"[（(][^（()）]{0,40}(?:修订|修正|调整|版|revision|revised|edition)[^（()）]{0,10}[）)]", re.IGNORECASE
)
_EDITION = re.compile(
    r"\d{4}|第[一二三四五六七八九十百\d]{1,4}[批号次版期]"
    r"|\b(?:first|second|third|fourth|fifth|sixth|\d+(?:st|nd|rd|th))\b (?=batch|edition|list)"
)
FEWEST_WORDS = 3
_CHANGED_RUN = 2


def number_key(number: str | None, lead_issuer: str | None) -> str | None:
    """One key for a document number in either language, `ministry of commerce|announcement|2024|46`; None if none.

    The body is the lead issuer where it is known, because the number prints it in one language only; without one it is
    what the number prints.
    """
    if not number:
        return None
    printed = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", number)).strip()
    printed = re.sub(r"(?<=\d) (?=[年号])|(?<=年) (?=第)|(?<=第) (?=\d)", "", printed)
    for form in _NUMBER_FORMS:
        if found := form.match(printed):
            body = (lead_issuer or found["body"].split(" ")[0]).casefold().strip()
            return f"{body}|{_NUMBER_KINDS[found['kind'].lower()]}|{found['year']}|{int(found['n'])}"
    return "|".join(words_of(printed)) or None


@lru_cache(maxsize=4096)
def name_key(title: str) -> str:
    """The words of a title that tell it from others, in order; a mark that it is a draft is left out.

    A law or list that stands for years has one key in both languages, `standing` and its number in the table.
    """
    known = _standing_key(title)
    if known:
        return known
    return " ".join(word for word in words_of(_DRAFT.sub(" ", title)) if word not in _TITLE_STOP_WORDS)


def is_standing(key: str) -> bool:
    """Whether a key is that of a law or list that needs no issuer and no date to be known by."""
    return key.startswith("standing ")


def has_editions(key: str) -> bool:
    """Whether that is one of which there is an edition every few years."""
    return key.endswith(" edition")


_OF_THE_LAND = re.compile(
    r"^(?:中华人民共和国|我国|中国的?|the |china['’]s )+"
    r"|(?: of (?:the )?(?:people['’]s republic of china|prc|china))$|（?\d{4}年版）?$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:the|a|an) ", re.IGNORECASE)


def _standing_key(title: str) -> str | None:
    bare = _OF_THE_LAND.sub("", _OF_THE_LAND.sub("", unicodedata.normalize("NFKC", title).strip('《》 “”"')))
    return _standing_names().get(" ".join(words_of(_ARTICLE.sub("", bare))))


@cache
def _standing_names() -> dict[str, str]:
    with resources.files("db.links").joinpath("standing_instruments.csv").open(encoding="utf-8") as lines:
        table = list(csv.DictReader(lines))
    return {
        " ".join(words_of(line[language])): f"standing {line['english'].casefold()}"
        + (" edition" if line["editions"] == "yes" else "")
        for line in table
        for language in ("chinese", "english")
    }


def is_draft(title: str, status: str) -> bool:
    """Whether what is reported is a draft: another document than what becomes of it."""
    return status == "draft" or _DRAFT.search(title) is not None


@lru_cache(maxsize=4096)
def edition_of(title: str) -> str:
    """What tells one edition, batch or year of a title from another: `2026`, `第三批`; empty if nothing does."""
    return " ".join(sorted(set(_EDITION.findall(title.casefold()))))


def title_likeness(a: str, b: str) -> float:
    """How alike two titles are, 0 to 1: shared words over all words, Chinese by pairs of characters."""
    return key_likeness(name_key(a), name_key(b))


def key_likeness(a: str, b: str) -> float:
    """The same of two name keys."""
    mine, theirs = _grams(a), _grams(b)
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0


def holds(a: str, b: str) -> bool:
    """Whether one of two name keys says all that the other says; of Chinese pairs a few may differ at the joints.

    Two rulings of one day differ in nothing but the name of the goods: where one says something else in the place of
    what the other says, they are two.
    """
    shorter, longer = sorted((_grams(a), _grams(b)), key=len)
    if len(shorter) < FEWEST_WORDS:
        return False
    if not by_character(a):
        return shorter <= longer
    return len(shorter & longer) >= 0.75 * len(shorter) and not _says_otherwise(a, b)


@lru_cache(maxsize=8192)
def _says_otherwise(a: str, b: str) -> bool:
    """Whether a run of signs of one key stands in the place of another run in the other key.

    Words that only say that something is made known (`部署`, `公布`) say nothing else.
    """
    frames = _terms().frames
    mine, theirs = (frames.sub("", "".join(key.split())) for key in (a, b))
    steps = SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()
    return any(what == "replace" and min(i2 - i1, j2 - j1) >= _CHANGED_RUN for what, i1, i2, j1, j2 in steps)


@lru_cache(maxsize=4096)
def by_character(key: str) -> bool:
    """Whether a key is of a Chinese title."""
    words = key.split()
    return sum(len(word) == 1 for word in words) * 2 > len(words)


@lru_cache(maxsize=4096)  # what an issuer publishes in a month is compared with each other again and again
def _grams(key: str) -> frozenset[str]:
    words = key.split()
    if by_character(key):
        return frozenset(a + b for a, b in pairwise(words))
    return frozenset(_plain(word) for word in words) - _KIND_NOUNS or frozenset(words)


_KIND_NOUNS = frozenset(
    {"rule", "measure", "provision", "regulation", "notice", "circular", "announcement", "guideline", "guidance",
     "opinion", "plan", "scheme", "program", "programme", "decision", "list", "catalog", "catalogue"}
)  # fmt: skip
"""What kind of instrument it is stands beside the title; one report says rules where another says measures."""


def _plain(word: str) -> str:
    """A word without the s of a plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


_ON_GOODS = re.compile("反倾销|反补贴|保障措施")


# -- across languages -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Terms:
    """The bilingual table: what is looked for in titles of either language, with the term's number."""

    chinese: re.Pattern[str]
    by_chinese: dict[str, int]
    english: tuple[tuple[re.Pattern[str], int], ...]
    frames: re.Pattern[str]
    """Chinese words that only say that something is made known."""
    matters: frozenset[int]
    """Terms that say what an instrument is about; the others say what kind it is."""


@cache
def _terms() -> _Terms:
    with resources.files("db.links").joinpath("title_terms.csv").open(encoding="utf-8") as lines:
        table = list(csv.DictReader(lines))
    by_chinese = {line["chinese"]: at for at, line in enumerate(table)}
    chinese = re.compile("|".join(map(re.escape, sorted(by_chinese, key=len, reverse=True))))
    english = tuple(
        (re.compile(rf"\b(?:{line['english'].replace(' ', '[ -]').casefold()})"), at) for at, line in enumerate(table)
    )
    matters = frozenset(at for at, line in enumerate(table) if line["weight"] == "matter")
    frames = re.compile("|".join(line["chinese"] for line in table if line["weight"] == "frame"))
    return _Terms(chinese, by_chinese, english, frames, matters)


@lru_cache(maxsize=2048)
def _named_zh(title: str) -> frozenset[int]:
    terms = _terms()
    return frozenset(terms.by_chinese[found[0]] for found in terms.chinese.finditer(title))


@lru_cache(maxsize=2048)
def _named_en(title: str) -> frozenset[int]:
    folded = title.casefold()
    return frozenset(at for pattern, at in _terms().english if pattern.search(folded))


def same_in_translation(chinese: str, english: str) -> float:
    """How much of what a Chinese title is about an English title says too, 0 to 1; 0 where too little can be told.

    Two matters at least must be named by both (one, where neither title says anything else that the table knows), and
    no number in the place of another. Rulings on goods tell nothing: the goods are in no table, and two of one day
    differ in nothing else.
    """
    if _ON_GOODS.search(chinese):
        return 0.0
    matters = _terms().matters
    mine, theirs = _named_zh(chinese), _named_en(english)
    about = mine & matters
    shared = about & theirs
    numbers = set(re.findall(r"\d+", chinese)), set(re.findall(r"\d+", english))
    alone = len(mine & theirs) >= 3 and mine <= theirs and theirs & matters <= about
    if not shared or (len(shared) < 2 and not alone) or (all(numbers) and numbers[0] != numbers[1]):
        return 0.0
    return len(mine & theirs) / len(mine) * len(shared) / len(about)

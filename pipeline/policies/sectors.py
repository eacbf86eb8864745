"""Industries and goods that an instrument applies to, and the places, as the text prints them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline.patterns import regex
from pipeline.policies.cues import cues_telling
from pipeline.policies.places import places_in, printed_places
from pipeline.policies.sentence import Sentence
from pipeline.policies.tables import rows

_TRADED = regex(
    r"原产于[^，。；]{2,40}?的(?:进口)?(?P<goods>[^，。；、所征发进的（(]{2,30}?)(?=反倾销"
    r"|反补贴|所适用|征收|发起|的|进行|产业|继续|（|\(|，|。|$)"
)
_IMPORTED = regex(r"进口(?P<goods>[^，。；、的（(经关环]{2,24}?)(?=反倾销|反补贴|所适用|征收|发起|存在|的)")
_CONTROLLED = regex(
    r"(?:对|公布对|优化调整|调整)(?P<goods>[^，。；：]{1,40}?)(?:相关物项|等物项|物项)?["
    r" 　]*(?:临时)?(?:实施|的)?(?:临时)?出口管制"
)
_DUAL = regex(r"两用物项|军民两用物项")
_ORIGIN = regex(r"原产于(?P<places>[^，。；]{2,40}?)的")


def sectors_zh(title: str, sentence: str, text: str) -> tuple[str, ...]:
    """Goods of a Chinese document: what is taxed, controlled or licensed."""
    found: list[str] = []
    for source in (title, sentence):
        for pattern in (_TRADED, _IMPORTED):
            match = pattern.search(source)
            if match and not found:
                found.append(match["goods"].removeprefix("进口"))
        match = _CONTROLLED.search(source)
        if match and not found and not re.search(r"部|条例|法》|下列|中国|实体|公司", match["goods"]):
            found.extend(part.removesuffix("相关物项") for part in re.split(r"[、和及]", match["goods"]) if part)
    if (
        not found
        and _DUAL.search(f"{sentence}{text[:1500]}")
        and re.search(r"实体|名单|管控|清单|出口", f"{title}{sentence}")
    ):
        found.append("两用物项")
    return tuple(dict.fromkeys(goods.strip(" 　") for goods in found if goods.strip(" 　")))


def regions_zh(source: str) -> tuple[str, ...]:
    """Countries and places that a Chinese document applies to: origins of goods, homes of the listed entities."""
    origin = _ORIGIN.search(source)
    if origin:
        return printed_places(source, origin.start("places"), origin.end("places"))
    found = []
    for place in places_in(source, 0, len(source)):
        after = source[place.end : place.end + 12]
        printed = source[place.start : place.end]
        if printed == "台湾":
            if re.match(r"地区(?:\d+家|实体|企业)?实体", after) or after.startswith("地区实体"):
                found.append("台湾地区")
            continue
        if re.match(r"[^，。；]{0,8}?(?:实体|企业|公司|集团|军事用户)|[^，。]{0,4}出口", after) or re.search(
            r"(?:对|向)$", source[: place.start]
        ):
            found.append(printed)
    return tuple(dict.fromkeys(found))


_WORD = regex(r"[A-Za-z0-9]+")
_LETTER = regex(r"[A-Za-z]")


@cache
def _vocabulary() -> dict[str, list[str]]:
    """First word -> the terms that it begins, longest first; all in lower case."""
    by_word: dict[str, list[str]] = {}
    for term in sorted((row["term"] for row in rows("sectors")), key=len, reverse=True):
        by_word.setdefault(_WORD.findall(term)[0].lower(), []).append(term.lower())
    return by_word


def _same(term: str, printed: str) -> bool:
    """Whether a term stands there in lower case, a space in it printed also as a hyphen."""
    return term == printed or (
        len(term) == len(printed)
        and " " in term
        and all(own == sign or (own == " " and sign == "-") for own, sign in zip(term, printed, strict=True))
    )


_TERMS = cues_telling(lambda word: not _vocabulary().keys().isdisjoint(_WORD.findall(word)))


def sectors_en(title: str, sentence: Sentence) -> tuple[str, ...]:
    """Industries and goods named in the title, else in the sentence."""
    for source in (title, sentence.printed) if sentence.cues & _TERMS else (title,):
        first: dict[str, str] = {}
        for term in _terms(source):
            first.setdefault(term.lower(), term)
        if first:
            return tuple(first.values())[:8]
    return ()


def _terms(source: str) -> Iterator[str]:
    """The terms that stand in the source, in order, none overlapping."""
    vocabulary = _vocabulary()
    edge = 0
    for match in _WORD.finditer(source):
        word = match[0].lower()
        if word not in vocabulary or match.start() < edge:
            continue
        at = match.start()
        if at and (source[at - 1] == "-" or _LETTER.match(source, at - 1)):
            continue
        for term in vocabulary[word]:
            stop = at + len(term)
            if _same(term, source[at:stop].lower()) and not _LETTER.match(source, stop):
                edge = stop
                yield source[at:stop]
                break

"""Offices of China's provinces, cities and districts, by the words that all of them are named with; none in a table.

`the Sample provincial department of ponds`, `Huli's municipal health commission`, `Huli District Education Bureau`,
`the commerce bureau of Huli district`; `the city's transport bureau` is that of the city spoken of.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache

from pipeline.patterns import regex
from pipeline.policies.places import Place, places_in
from pipeline.policies.tables import either, words
from pipeline.text import continues_word, places_of

_LEVELS = {
    "provincial": "Provincial", "municipal": "Municipal", "district": "District", "county": "County",
    "region": "Regional",
}  # fmt: skip
"""Words for the level of an office, and how its name has them."""
_INITIALS = {word: {word[0]} if word == "region" else {word[0], word[0].upper()} for word in _LEVELS}
"""How these words may begin; `Region` is the end of a name."""
_PLACES = {
    "province": "Provincial", "city": "Municipal", "municipality": "Municipal", "district": "District",
    "county": "County", "region": "Regional", "capital": "Municipal",
}  # fmt: skip
"""What an office belongs to: `the city's housing bureau`, `the housing bureau of Huli district`."""
_KINDS = {
    "Provincial": frozenset({"province"}), "Municipal": frozenset({"city", "municipality"}),
    "Regional": frozenset({"region"}),
}  # fmt: skip
_OF_KIND = {
    "province": "Provincial", "city": "Municipal", "municipality": "Municipal", "region": "Regional", "sar": "",
}  # fmt: skip
_LOWEST = frozenset({"District", "County"})
"""Levels whose places no table has."""
_NOUNS = ("ureau", "epartment", "ommission", "dministration", "ommittee", "enter", "gency")
"""The nouns that every office is named with, but for the letter that may be a capital."""
_FORMAL = ("bureau", "department", "commission", "administration")
"""Nouns for an office that may come before its field: `department of ponds`."""
_OWNER = regex(r"(?P<name>[A-Z][a-z]+(?:['’][a-z]+)?)(?:['’]s)? $")
_INDEFINITE = regex(r"\b(?:[Aa]n?|[Ee]very|[Ee]ach|[Aa]ny|[Ss]ome|[Oo]ther|same|different|[A-Z][\w'’-]*) $")
_THE = regex(r"\bThe $")
_NO_NAMES = frozenset(
    {"The", "This", "That", "A", "An", "Its", "Their", "Every", "Each", "All", "Both", "Another", "Other", "In", "By"}
)
_BETWEEN = regex(r"(?: (?:Zhuang|Hui|Uygur))?(?: (?:autonomous|Autonomous|special administrative))?(?:['’]s)? ")
_OF_PLACE = regex(
    r" (?:of|in) (?:the )?(?P<name>[A-Z][a-z]+(?:['’][a-z]+)?(?: (?!Province)[A-Z][a-z]+)?)"
    r"(?:(?: (?:Zhuang|Hui|Uygur))? (?:autonomous |Autonomous )?(?P<level>[Pp]rovince|city|[Mm]unicipality|[Dd]istrict"
    r"|[Cc]ounty|[Rr]egion))?(?![\w-]|['’]\w{2})"
)
_SMALL = frozenset({"and", "of", "for", "the"})
_BACK = 1500
_BEFORE = 48
_SPAN = 140
_SIGN = 16
"""Letters of the longest word for a level, with what joins it to the office."""

Office = tuple[int, int, str, str]
"""Start, end, name and place of an office."""


@cache
def _office() -> re.Pattern[str]:
    """What the name of an office has after its place and level: `bureau of ponds and rivers`, `ponds bureau`."""
    fields = sorted(words("office field"), key=len, reverse=True)
    known = f"(?i:{either((field, field) for field in fields)})"
    noun = f"(?i:{'|'.join(sorted(words('office noun')))})"
    formal = f"(?i:{'|'.join(_FORMAL)})"
    capital = (
        r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|[A-Z]\w+ (?:Municipal|Provincial|District)\b)[A-Z][a-z-]+"
    )
    field = rf"(?:{known}|{capital})(?![\w-])"
    tail = rf"(?: {known}(?![\w-])|,? and {field}|, {field}(?=[\w ,-]{{1,60}} and )){{0,8}}"
    return re.compile(
        rf"(?:(?P<noun>{formal}) (?:of|for) {field}{tail}|(?!government (?!service))(?:{field}(?:,? and |, | )){{1,8}}?"
        rf"(?P<noun2>{noun})(?![\w-])(?: (?:of|for) {known}(?![\w-]){tail})?)"
    )


@cache
def _first_words() -> frozenset[str]:
    """The words that the name of an office begins with where it does not with a capital."""
    return frozenset({*_FORMAL, *words("office field")})


def local_offices(text: str) -> list[Office]:
    """The offices that the text names, in no order; some may overlap."""
    if not _noun_ends(text):
        return []
    return [*_with_level(text), *_possessed(text), *_its(text), *_of_place(text), *_of_region(text)]


@lru_cache(maxsize=4)
def _noun_ends(text: str) -> tuple[int, ...]:
    """Where the nouns end that every office is named with."""
    ends = [at + len(noun) for noun in _NOUNS for at in places_of(noun, text)]
    return tuple(sorted(end for end in ends if not _in_word(text[end : end + 1])))


@lru_cache(maxsize=4)
def _before_nouns(text: str) -> tuple[tuple[int, int], ...]:
    """What stands before such a noun, as far as the name of an office and the word that leads to it may reach."""
    spans: list[tuple[int, int]] = []
    for end in _noun_ends(text):
        start = max(0, end - _SPAN - _SIGN)
        if spans and start <= spans[-1][1]:
            start = spans.pop()[0]
        spans.append((start, end))
    return tuple(spans)


def _leading(word: str, text: str) -> Iterator[int]:
    """Where that word stands before the noun of an office."""
    for start, end in _before_nouns(text):
        yield from places_of(word, text, start, end)


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter in {"-", "_"}


def _with_level(text: str) -> Iterator[Office]:
    """`The Sample provincial department of ponds`; without a place it is that of the one spoken of."""
    for word, level in _LEVELS.items():
        for second in _leading(f"{word[1:]} ", text):
            at = second - 1
            office = _match(text, at + len(word) + 1)
            if office is None or text[at] not in _INITIALS[word] or continues_word(text, at):
                continue
            near = _place_before(text, at)
            owner = None if near else _OWNER.search(text, max(0, at - _BEFORE), at)
            if near is not None:
                if near.kind in _OF_KIND:
                    yield near.start, office.end(), _named(near, level, office), near.name
            elif owner is not None and owner["name"] not in _NO_NAMES:
                yield owner.start(), office.end(), f"{owner['name']} {level} {_title_case(office[0])}", owner["name"]
            elif level in _KINDS:
                yield from _at_home(text, at, level, office)


def _possessed(text: str) -> Iterator[Office]:
    """`Huli's transport bureau`, `the city's housing department`: without a word for the level of the office."""
    for mark in ("'s ", "’s "):
        for at in _leading(mark, text):
            if (office := _match(text, at + len(mark))) is None:
                continue
            near = next((p for p in places_in(text, max(0, at - _BEFORE), at) if p.end == at), None)
            first = text.rfind(" ", 0, at) + 1
            level = _PLACES.get(text[first:at], "")
            if near is not None and near.kind in _OF_KIND:
                yield near.start, office.end(), _named(near, _OF_KIND[near.kind], office), near.name
            elif level and (owned := _place_before(text, first)) is not None and owned.kind in _OF_KIND:
                yield owned.start, office.end(), _named(owned, level, office), owned.name
            elif level in _LOWEST and (owner := _OWNER.search(text, max(0, first - _BEFORE), first)) is not None:
                if owner["name"] not in _NO_NAMES:
                    name = f"{owner['name']} {level} {_title_case(office[0])}"
                    yield owner.start(), office.end(), name, owner["name"]
            elif level in _KINDS and text[max(0, first - 4) : first].lower() == "the ":
                yield from _at_home(text, first, level, office)


def _its(text: str) -> Iterator[Office]:
    """`Huli's transport bureau and its education bureau`: of the place that an office was named of right before."""
    for at in _leading("its ", text):
        office = _match(text, at + 4)
        if office is None or continues_word(text, at):
            continue
        if near := [p for p in places_in(text, max(0, at - _SPAN), at) if p.kind in _OF_KIND]:
            yield at + 4, office.end(), _named(near[-1], _OF_KIND[near[-1].kind], office), near[-1].name


def _of_region(text: str) -> Iterator[Office]:
    """`Hong Kong Transport Department`, `the HKSAR government's Health Bureau`: capitals, and no word for a level."""
    for place in places_in(text, 0, len(text)) if "Hong Kong" in text or "Macao" in text or "HKSAR" in text else ():
        after = _SAR_OWN.match(text, place.end) if place.kind == "sar" else None
        if after is not None and (office := _match(text, after.end())) is not None and office[0][0].isupper():
            yield place.start, office.end(), _named(place, "", office), place.name


_SAR_OWN = regex(r"(?: SAR| Special Administrative Region)?(?: [Gg]overnment)?(?:['’]s)? (?=[A-Z])")


def _of_place(text: str) -> Iterator[Office]:
    """`The commerce bureau of Huli district`, `the department of ponds of Sample province`."""
    for end in _noun_ends(text):
        at = text.rfind(" ", 0, end) + 1
        if text[at:end].lower() not in _FORMAL:
            continue
        the = text[max(0, at - _SPAN) : at].lower().rfind("the ")
        for first in (at, max(0, at - _SPAN) + the + 4) if the >= 0 else (at,):
            office = _match(text, first)
            if office is None or not first <= at < office.end():
                continue
            after = _OF_PLACE.match(text, office.end(), min(len(text), office.end() + 60))
            if after is None:
                continue
            level = _PLACES.get((after["level"] or "").lower(), "")
            places = places_in(text, after.start("name"), after.end())
            known = next((p for p in places if p.start == after.start("name") and p.kind in _OF_KIND), None)
            if level in _LOWEST:
                yield first, after.end(), f"{after['name']} {level} {_title_case(office[0])}", after["name"]
            elif known is not None:
                stop = after.end() if level or known.end > after.end() else known.end
                yield first, stop, _named(known, _OF_KIND[known.kind], office), known.name


def _match(text: str, at: int) -> re.Match[str] | None:
    """The office named at `at`; whether one may be is asked of its noun and its first word before the expression."""
    ends = _noun_ends(text)
    noun = bisect_right(ends, at)
    if noun == len(ends) or ends[noun] > at + _SPAN:
        return None
    first = text[at : text.find(" ", at)]
    if not first[:1].isupper() and first.rstrip(",").lower() not in _first_words():
        return None
    return _office().match(text, at, min(len(text), at + _SPAN))


def _at_home(text: str, at: int, level: str, office: re.Match[str]) -> Iterator[Office]:
    """`The city's housing bureau`, `the municipal bureau of ponds`: that of the place spoken of."""
    if _INDEFINITE.search(text, max(0, at - 20), at) and not _THE.search(text, max(0, at - 5), at):
        return
    home = _home(text, at, level)
    if home is not None:
        yield at, office.end(), _named(home, level, office), home.name


def _place_before(text: str, at: int) -> Place | None:
    """The place that the word for a level at `at` belongs to."""
    near = places_in(text, max(0, at - _BEFORE), at)
    return near[-1] if near and _BETWEEN.fullmatch(text, near[-1].end, at) else None


def _named(place: Place, level: str, office: re.Match[str]) -> str:
    """The name of an office of a known place."""
    own = _title_case(office[0])
    if place.kind == "sar":
        return f"{own} of the {place.government.removesuffix(' government')}"
    if place.kind == "region" and level not in _LOWEST:
        return f"{place.government.partition(' of ')[2]} {own}"
    return f"{place.name} {level} {own}"


def _home(text: str, at: int, level: str) -> Place | None:
    """The place of that level that the text spoke of last, else the one that it names most."""
    before = [p for p in places_in(text, max(0, at - _BACK), at) if p.kind in _KINDS[level] and p.government]
    if before:
        return before[-1]
    rest = [p for p in places_in(text, 0, min(len(text), _BACK)) if p.kind in _KINDS[level] and p.government]
    most = Counter(p.name for p in rest).most_common(1)
    return next(p for p in rest if p.name == most[0][0]) if most else None


def _title_case(name: str) -> str:
    return " ".join(word if word in _SMALL else word[:1].upper() + word[1:] for word in name.split(" "))

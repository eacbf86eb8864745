"""Foreign authorities by what they are: `France's domestic intelligence service`, `the Dutch parliament`, `US President
A B`; and the heads of cities and states by their post."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pipeline.patterns import regex
from pipeline.policies.gazetteer import capital_words
from pipeline.policies.organs import organ_of
from pipeline.policies.places import places_in

_BODY = regex(
    r"(?:['’]s?)? (?:(?!and\b|that\b|has\b|have\b|said\b|to\b|in\b|on\b|for\b|with\b|by\b|of\b)[A-Za-z-]+ ){0,3}?"
    r"(?:authority|bureau|[Pp]arliament|[Cc]abinet|[Ss]enate|[Cc]ongress|[Ll]egislature|lawmakers|legislators"
    r"|authorities|regulators?"
    r"|watchdogs?|commissioner|governor"
    r"|(?:[Mm]inistry|[Dd]epartment|[Cc]ommission)(?: (?:of|for) [A-Z]\w+(?:,? (?:and )?[A-Z]\w+){0,4})?"
    r"|ministr(?:y|ies)|ministers|central bank|agency|(?:intelligence|security|secret|customs|border) service"
    r"|administration|[Tt]reasury|leaders?|coalition|governments?|council|(?:prime|finance|trade|interior|health"
    r"|education"
    r"|economy|energy|industry|transport) minister|president|chancellor|premier)"
    r"(?! (?:officials?|members?|chief|head|spokes\w+|reports?|data|figures|minister|policy|policies|subsidies)\b)"
    r"(?!['’-])\b"
)
_CAPITALS = {
    "London": "United Kingdom", "Paris": "France", "Rome": "Italy", "Madrid": "Spain", "Bangkok": "Thailand",
    "Vienna": "Austria", "Stockholm": "Sweden", "Copenhagen": "Denmark", "Oslo": "Norway", "Helsinki": "Finland",
    "Lisbon": "Portugal", "Athens": "Greece", "Dublin": "Ireland", "Cairo": "Egypt", "Nairobi": "Kenya",
    "Pretoria": "South Africa", "Abuja": "Nigeria", "The Hague": "Netherlands", "Kuala Lumpur": "Malaysia",
    "Phnom Penh": "Cambodia", "Kathmandu": "Nepal", "Budapest": "Hungary", "Astana": "Kazakhstan",
    "Wellington": "New Zealand", "Baghdad": "Iraq", "Doha": "Qatar", "Abu Dhabi": "United Arab Emirates",
}  # fmt: skip
"""Capitals that stand for their country where they act, and are cities everywhere else."""
_FIRST_WORDS = frozenset(name.split()[0] for name in _CAPITALS)
_CAPITAL_ACTS = regex(
    rf"(?:{'|'.join(sorted(_CAPITALS, key=len, reverse=True))})"
    r"(?=(?: (?:has|had|also|will|plans to|is to|recently|later|on \w+day|last (?:week|month|year)|in [A-Z][a-z]+))*"
    r" (?:[a-z]{3,}ed|cut|put|set|ban|bar|lift|raise|impose|halve|double|extend|grant|introduce|scrap|waive)\b)"
)
_CLAUSE = regex(r"(?:^|[.;,“\"]\s|\b(?:after|since|before|while|as|because|that|but|when|and|although)\s)$")
_POST = (
    r"(?:(?:Prime|Finance|Trade|Interior|Health|Education|Economy|Foreign|Defen[cs]e|Energy|Industry|Transport|Labou?r"
    r"|Agriculture|Treasury|Home|Commerce|Vice) )?(?:Minister|President|Premier|Chancellor|Secretary)"
)
_NAME = r"[A-Z][\w'’.-]+(?: (?:[A-Z][\w.-]+|bin|al|de|van|von|der)){1,4}"
_HEAD = regex(rf"(?:['’]s?)? {_POST}(?: {_NAME})?(?!\w|['’])")
_CITY_HEAD = regex(
    rf"\b(?P<place>[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?:['’]s)? (?P<post>Mayor|Governor) {_NAME}(?!\w|['’])"
    r"|\b(?P<post2>[Mm]ayor|[Gg]overnor) of (?P<place2>[A-Z][a-z]+(?: [A-Z][a-z]+)?)\b"
)
_GOVERNOR = regex(rf"\bGovernor {_NAME}(?!\w|['’])")
"""`California became the first state to … when Governor A B signed`: of the state named before."""
_POSTS = frozenset({"Minister", "President", "Premier", "Chancellor", "Secretary"})
_INTRODUCED = regex(
    r"(?<!\w)\w+ (?P<name>[A-Z][\w'’.-]+"
    r"(?: (?:[A-Z][\w.-]+|bin|al|de|van|von|der)){1,4})"
)
_BEFORE_POST = regex(
    r"(?<!\w)(?:Prime|Finance|Trade|Interior|Health|Education|Economy|Foreign|Defen[cs]e|Energy|Industry|Transport"
    r"|Labou?r|Agriculture|Treasury|Home|Commerce|Vice) $"
)
"""The post alone is looked for; what it is for stands before it."""


def bodies_abroad(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Where the sentence names a foreign body or head of government by what it is, and whose it is."""
    for place in places_in(text, start, end):
        if place.name == "China" or not place.government:
            continue
        if place.kind not in {"country", "bloc"} and text[place.end : place.end + 1] not in {"'", "’"}:
            continue
        if organ_of(text, place, end) is not None:
            continue
        found = _BODY.match(text, place.end, end) or _HEAD.match(text, place.end, end)
        if found is not None:
            yield place.start, found.end(), place.government
    for first, last, government in _acting(text):
        if start <= first < end and (first == start or _CLAUSE.search(text, max(start, first - 10), first)):
            yield first, last, government
    if "Governor " in text[start:end]:
        for match in _GOVERNOR.finditer(text, start, end):
            near = [p for p in places_in(text, max(0, match.start() - 240), match.start()) if p.kind == "state"]
            if near and near[-1].end != match.start() - 1:
                yield match.start(), match.end(), near[-1].government
    if "ayor" in text[start:end] or "overnor" in text[start:end]:
        for match in _CITY_HEAD.finditer(text, start, end):
            post, city = match["post"] or match["post2"], match["place"] or match["place2"]
            if post == "Governor" or not any(p.parent for p in places_in(text, *match.span()) if p.kind != "country"):
                yield match.start(), match.end(), f"{post.capitalize()} of {city}"


@lru_cache(maxsize=4)
def _acting(text: str) -> tuple[tuple[int, int, str], ...]:
    """The capitals of a text that have a verb after them, each with its country."""
    firsts = _FIRST_WORDS
    matches = (_CAPITAL_ACTS.match(text, at) for word, at in capital_words(text) if word in firsts)
    return tuple((match.start(), match.end(), _CAPITALS[match[0]]) for match in matches if match is not None)


def heads_by_surname(text: str) -> dict[str, str]:
    """Surname -> country of the heads of foreign governments that the text introduces with their post."""
    found: dict[str, str] = {}
    edge = 0
    told = "inister " in text or "resident " in text or "hancellor" in text
    for word, begins in capital_words(text) if told else ():
        match = _INTRODUCED.match(text, begins) if word in _POSTS and begins >= edge else None
        if match is None:
            continue
        office = _BEFORE_POST.search(text, max(edge, match.start() - 12), match.start())
        at = match.start() if office is None else office.start()
        edge = match.end()
        near = [p for p in places_in(text, max(0, at - 24), at) if p.kind == "country" and at - p.end <= 3]
        if near and near[-1].name != "China":
            found[match["name"].split()[-1]] = near[-1].government
    return found

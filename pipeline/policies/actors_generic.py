"""Authorities told by a common noun: `the city`, `local authorities`, `the district`, `the zone's administration`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.actors_meant import EXECUTIVE
from pipeline.policies.actors_taken import Named
from pipeline.policies.organs import zones_in
from pipeline.text import places_of

_AUTHORITY = (
    r"|(?P<authority>(?:(?!(?:with|by|of|to|for|from|and|in|on|that|said|says|as|the"
    r"|told|when|after|while|at|but|if)\b)[A-Za-z-]+ ){0,2}(?:[Aa]uthorities|[Rr]egulators"
    r"|[Tt]he (?:[a-z-]+ ){1,2}(?:authority|watchdog|regulator)(?!['’])"
    r"|[Pp]olicymakers|[Ll]awmakers|[Ll]egislators|[Ll]egislature|(?:government|central"
    r"|State|other) (?:departments|agencies|bodies)|(?:[A-Za-z]+ ){0,2}departments"
    r"|(?:(?:[Mm]any|[Ss]ome|[Ss]everal|[Vv]arious|[Aa]ll) )?(?:[Ll]ocal|[Pp]rovincial|[Mm]unicipal|[Cc]ity"
    r"|[Rr]egional) governments))"
)
_PLURAL_BODIES = (
    "uthorit", "egulator", "atchdog", "olicymakers", "awmakers", "egislat", "departments", "agencies", "bodies",
    "governments",
)  # fmt: skip
"""Without one of these `_AUTHORITY`, which is dear, cannot match."""
_BEGINS = (
    r"(?=[Tt]he (?:coun|nati|[Gg]ove|cent|Chin|[Ll]oca|[Cc]ity|muni|prov|dist|regi|[Tt]he |mini|comm|admi|bure|depa"
    r"|regu|agen|offi|mech|bloc|unio|capi|metr|meet|peop"
    r"|SAR |[Cc]abi|[Pp]arl|[Ss]ena|uppe|lowe|Diet|[Tt]rea)|[Cc](?:hin"
    r"|ent|ity|oun)|[Gg]ov"
    r"|[Ll]oca|muni|prov|dist|regi|Parl|[Ww]e\b)"
)
"""The first letters of all that is named below without `authority`: at most words the search is over here."""


def _generic_pattern(authority: str) -> re.Pattern[str]:
    begins = "" if authority else _BEGINS
    return re.compile(
        rf"\b{begins}"
        r"(?:(?P<country>[Cc]hina(?! (?![MTWFS][a-z]{2,5}day\b)[A-Z][a-z])|[Tt]he (?:country|nation))"
        r"(?!['’]s?\b)|(?P<gov>(?:the |[Tt]he |China['’]s |central |Chinese )*"
        r"(?:central |Chinese |local |[Pp]eople['’]s )?[Gg]overnment)"
        r"(?!\w)(?! work report| procurement| agencies| officials| departments| bodies| authorities"
        r"| services)"
        r"|(?P<local>(?:the |[Tt]he |local |[Ll]ocal |city |[Cc]ity's )*(?:municipal|provincial"
        r"|district|city|regional|county) (?:government|authorities|administration)|[Tt]he SAR [Gg]overnment)"
        r"|(?P<ministry>[Tt]he (?:ministry|commission|administration|bureau|department"
        r"|regulator|agency|central bank|council|office|mechanism))(?!['’]s| of | for "
        rf"| on ){authority}"
        r"|(?P<assembly>[Tt]he (?:[Cc]abinet|[Pp]arliament|[Ss]enate|upper house|lower house|Diet|[Tt]reasury)"
        r"|Parliament(?= (?:has |will |on \w+day )?[a-z]+))(?!['’]s)"
        r"|(?P<bloc>[Tt]he (?:bloc|union))(?!['’]s)|"
        r"(?P<city>[Tt]he (?:capital city|capital(?= (?:has|plans to|will|recently) )"
        r"|metropolis|city|province|region"
        r"|municipality))(?!['’]s)|(?P<meeting>[Tt]he meeting)(?! of| on|['’]s)|(?P<we>\b[Ww]e)\b)"
    )


_GENERIC = _generic_pattern(_AUTHORITY)
_GENERIC_SINGULAR = _generic_pattern("")
LOCAL_AREA = regex(
    r"\b(?P<name>(?!The |This |That |Each |Every |In |Our )[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
    r" (?P<kind>district|county|prefecture|city|province|New Area)\b(?!['’]s)"
)


def by_common_noun(named: Named) -> None:
    """Authorities by their kind only: `the ministry`, `the city`, `regulators`."""
    meant, text, start, end = named.meant, named.text, named.start, named.end
    for match in _kinds(text, start, end):
        if match.lastgroup == "meeting" and not EXECUTIVE.search(text[:3000]):
            continue
        if match.lastgroup == "gov" and text[match.start() - 3 : match.start()] in {"'s ", "’s "}:
            # `Huli's government`: of the place, and named with it
            continue
        if any(e == match.start() - 1 for _, e in named.taken) and match[0] == "government":
            # `the Education Bureau of the Huli Region government`: the end of a body's name
            named.found = [replace(a, end=match.end()) if a.end == match.start() - 1 else a for a in named.found]
            continue
        if named.free(match.start(), match.end()):
            named.found.append(meant.generic(match, end))


def _kinds(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """What `_GENERIC` finds there, asked only at the words that one of the plural bodies may begin with."""
    dear = sorted({at for part in _PLURAL_BODIES for at in _leading_to(part, text, start, end)})
    if not dear:
        yield from _GENERIC_SINGULAR.finditer(text, start, end)
        return
    edge = start
    while True:
        plain = _GENERIC_SINGULAR.search(text, edge, end)
        stop = plain.start() if plain is not None else end
        asked = (_GENERIC.match(text, at, end) for at in dear if edge <= at <= stop)
        match = next(filter(None, asked), plain)
        if match is None:
            return
        yield match
        edge = match.end()


def _leading_to(part: str, text: str, start: int, end: int) -> Iterator[int]:
    """Where the words begin that a plural body named by this part of a word may begin with."""
    for at in places_of(part, text, start, end):
        first = at
        for _ in range(_MOST_WORDS):
            first = max(start, text.rfind(" ", start, first))
        yield from (word.start() for word in _WORD.finditer(text, first, at + 1))


_WORD = regex(r"\b(?=[A-Za-z])")
_MOST_WORDS = 6
"""So many blanks at most stand between the beginning of a plural body and the beginning of the word that tells it."""


def by_small_areas(named: Named) -> None:
    """`The district`, `the zone`: the one of the kind that the text named last."""
    text, start, end = named.text, named.start, named.end
    for match in _SMALL_AREA.finditer(text, start, end) if any(map(named.sentence.__contains__, _SMALL_WORDS)) else ():
        if not named.free(match.start(), match.end()):
            continue
        floor, kind = max(0, match.start() - 2500), match["kind"].lower()
        issuer = ""
        if kind in {"zone", "park", "area"}:
            before = zones_in(text, floor, match.start())
            issuer = before[-1][0] if before else ""
        else:
            for area in LOCAL_AREA.finditer(text, floor, match.start()):
                if area["kind"].lower() == kind:
                    issuer = f"{area['name']} {area['kind']} government"
        named.add(Actor((issuer,) if issuer else (), match[0], match.start(), match.end()))


_SMALL_WORDS = ("he district", "he county", "he zone", "he prefecture", "he new area", "he New Area")
_SMALL_AREA = regex(
    r"\b[Tt]he (?P<kind>district|county|zone|prefecture|[Nn]ew [Aa]rea)"
    r"(?= (?:has|have|had|will|also|is|was|plans|decided|announced|introduced|launched|rolled|released|unveiled|issued"
    r"|offers|offered|set|said|recently)\b|,)"
)

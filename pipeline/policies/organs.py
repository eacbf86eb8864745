"""Organs of state by the place they belong to, and offices by the words of their own name: none of them in a table.

`Sampleland's parliament`, `the Samplish Senate`, `Sampleland's Ministry of Rivers`; `Huli's municipal health
commission`, `Huli's legislature`; `the State Council's leading group on pears`, `the office of the joint conference
for pears`; `the Huli National Hi-tech Zone`.
"""

from __future__ import annotations

from pipeline.patterns import regex
from pipeline.policies.places import Place, places_in

_REGION = r"(?: (?:Zhuang|Hui|Uygur))?(?: (?:(?:autonomous|special administrative) region|province|city|SAR))?"
"""What the name of a place may have after it: `Sample province's`, `Sample Hui autonomous region`."""
_ORGAN = regex(
    rf"{_REGION}"
    r"(?:['’]s?)? (?:(?:people['’]s|national|federal|central|lower|upper|new|ruling|military|interim|municipal"
    r"|provincial|regional"
    r"|local|city|coalition) ){0,2}"
    r"(?:(?P<assembly>[Pp]arliament|[Ll]egislature|[Ll]awmakers|[Ll]egislators|[Ss]enate|[Ll]ower [Hh]ouse"
    r"|[Uu]pper [Hh]ouse|people['’]s congress)|[Cc]abinet|[Gg]overnment|authorities|[Pp]residency)"
    r"(?!\w|['’]| (?:officials?|members?|source|sources|building|data|bonds?|work report|agenc|departments?|services?"
    r"|procurement|spokes\w+|employees|workers|debt|spending|support|subsid\w+|funding|statistics|policy|policies))"
)
_FOREIGN_OFFICE = regex(
    r"['’]s? (?P<name>(?P<of>(?:Ministry|Department) of) [A-Z]\w+(?:(?:,? and (?:the )?|, | )[A-Z]\w+){0,5}"
    r"|(?:[A-Z][\w&-]+ ){1,4}(?:Ministry|Agency|Authority|Commission|Regulator|Council|Board|Department|Bureau"
    r"|Administration|Office|Committee))(?![\w'’])"
)
_WATCHDOG = regex(
    r"['’]s? (?:[a-z-]+ ){0,3}(?:authority|regulator|watchdog|agency|commission|customs service"
    r"|central bank)(?!\w|['’]| of\b)"
)
"""`Sampleland's data protection authority`: a body of a country in small letters."""
_LOCAL_OFFICE = regex(
    r"(?:['’]s)? (?P<level>(?:municipal |provincial |district )?)"
    r"(?P<name>(?:(?!and\b)[a-z-]+ ){0,3}?(?:[a-z-]+(?: and [a-z-]+)? )"
    r"(?:commission|bureau|department|administration|committee))(?!\w|['’]| (?:of|for)\b| on [a-z])"
)
_CUSTOMS_ACTS = (
    r" [Cc]ustoms(?: authorities)?(?= (?:has|have|had|will|also|said|introduced|launched|rolled|piloted|adopted|issued"
    r"|approved|seized|extended|set|on|recently)\b)"
)
_CUSTOMS = regex(_CUSTOMS_ACTS)
CUSTOMS_OF = regex(
    rf"\b(?!The |Local |National |Chinese |All |And )(?P<name>[A-Z][a-z]{{2,}}(?: [A-Z][a-z]{{2,}})?){_CUSTOMS_ACTS}"
)
"""`Sampleton customs`: the customs house there."""
_OFFICE = regex(
    r"(?:the |an? )?(?P<name>(?:[A-Z][\w-]*(?: [A-Z][\w-]*){0,4}['’]s )?(?:office of the |secretariat of the )?"
    r"(?:inter-ministerial |interagency |[a-z]+ ){0,3}?(?:leading group|joint conference|working group|task force"
    r"|coordination mechanism|steering committee|leading small group|headquarters)"
    r"(?: (?:on|for|of) (?![MTWFS][a-z]{2,5}day)[^,.;:()\"”]{4,90}?)?)"
    r"(?= (?:on|in|last|this|earlier|late) (?:[A-Z]|\d|week\b|month\b|year\b|this\b|last\b)"
    r"| (?:has|have|is|was|will|which|that|says?|said)\b|[,.;:()\"”]|$)"
)
_ZONE = regex(
    r"\b(?P<committee>(?:[Aa]dministrative|[Mm]anagement|[Ee]xecutive|[Aa]dministration) [Cc]ommittee of (?:the )?)?"
    r"(?P<name>(?!The )[A-Z][\w-]+ (?:[A-Z][\w-]+ ){0,5}?(?:(?:[Hh]i-tech|[Hh]igh-tech|Development|Demonstration"
    r"|Economic|Technology|Industrial|Science|Free[ -]Trade|Bonded|Cooperation|Special) )+(?:District|Zone|Park|Area))"
    r"(?P<own>['’]s (?:administrative|management) committee)?(?!\w|['’])"
)
_LISTED = regex(r"(?:,? and |, )?(?:the )?")


def organ_of(text: str, place: Place, end: int) -> tuple[str, int] | None:
    """(issuer, end) of the organ that is named right after its place and before `end`; None if there is none.

    A country acts under its own name whichever organ of it does; a ministry under its own.
    """
    organ = _ORGAN.match(text, place.end, end)
    if organ is not None:
        return (assembly_of(place) if organ["assembly"] else place.government), organ.end()
    office = _FOREIGN_OFFICE.match(text, place.end, end) if place.kind in {"country", "bloc"} else None
    if office is not None:
        return (f"{office['name']} of {place.name}" if office["of"] else office["name"]), office.end()
    watchdog = (
        _WATCHDOG.match(text, place.end, end) if place.kind in {"country", "bloc"} and place.name != "China" else None
    )
    if watchdog is not None:
        return place.government, watchdog.end()
    local_place = place.kind not in {"country", "bloc"}
    customs = _CUSTOMS.match(text, place.end, end) if local_place else None
    if customs is not None:
        return f"{place.name} Customs", customs.end()
    local = _LOCAL_OFFICE.match(text, place.end, end) if local_place else None
    if local is not None:
        level = local["level"].strip() or ("provincial" if place.kind == "province" else "municipal")
        return f"{place.name} {_title_case(level)} {_title_case(local['name'])}", local.end()
    return None


def assembly_of(place: Place) -> str:
    """The people's congress of a Chinese place; of a country the country itself."""
    return place.government.replace("People's Government", "People's Congress")


def printed_office(text: str, at: int, end: int) -> tuple[str, int] | None:
    """(name, end) of a leading group, joint conference or the like that is named at `at`, as printed."""
    office = _OFFICE.match(text, at, end)
    return (office["name"], office.end()) if office else None


def zones_in(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """(name, start, end) of the development zones and parks that are named, as printed."""
    if all(text.find(word, start, end) < 0 for word in ("District", "Zone", "Park", "Area")):
        return []
    return [
        (
            f"Administrative Committee of the {match['name']}" if match["committee"] or match["own"] else match["name"],
            *match.span(),
        )
        for match in _ZONE.finditer(text, start, end)
    ]


def lands_named(text: str, at: int, end: int) -> list[Place]:
    """The countries of the list that begins at `at`: `Austria, Romania and Hungary`."""
    parties: list[Place] = []
    edge = at
    for place in places_in(text, at, min(end, at + 300)):
        if place.kind not in {"country", "bloc"} or _LISTED.fullmatch(text, edge, place.start) is None:
            break
        parties.append(place)
        edge = place.end
    return parties


def _title_case(words: str) -> str:
    return " ".join(word if word in {"and", "of", "for"} else word.capitalize() for word in words.split())

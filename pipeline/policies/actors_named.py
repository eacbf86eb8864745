"""All public authorities that an English sentence names, wherever they stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.actors_abroad import bodies_abroad
from pipeline.policies.actors_meant import EXECUTIVE, Meant
from pipeline.policies.issuers import bodies_in, country_of
from pipeline.policies.organs import CUSTOMS_OF, lands_named, organ_of, zones_in
from pipeline.policies.places import Place, places_in

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
_AREA_WORDS = ("district", "county", "prefecture", "city", "province", "New Area")
_BODY_WORDS = (
    "Bureau", "Commission", "Department", "Administration", "Tax Service", "Parliament", "Legislature", "Congress",
    "Authority", "Ministry",
)  # fmt: skip
_LOCAL_AREA = regex(
    r"\b(?P<name>(?!The |This |That |Each |Every |In |Our )[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
    r" (?P<kind>district|county|prefecture|city|province|New Area)\b(?!['’]s)"
)
_FROM_LANDS = regex(
    r"\b(?:[Mm]inisters|[Ll]eaders|[Oo]fficials|[Rr]epresentatives|[Pp]residents|[Ee]nvoys|[Gg]overnments) (?:from|of) "
)
_ENVOYS = ("inisters ", "eaders ", "fficials ", "epresentatives ", "residents ", "nvoys ", "overnments ")
_HEADS_OF_STATE = ("resident", "rime Minister", "rime minister", "remier", "hancellor")
_GOVERNMENT = regex(r"(?: (?:government|authorities))?")
# a body that the table does not know keeps its printed name: `Beijing Municipal Bureau of Culture and Tourism`
_PRINTED_BODY = regex(
    r"\b(?P<name>(?:[A-Z][a-z'’]+ ){0,3}(?:(?:Municipal|Provincial|State|National|Federal"
    r"|Regional|Central|City|District|Autonomous Region) (?:[A-Z][a-z]+,? (?:and )?){0,4}"
    r"|[A-Z][a-z]+ (?:[A-Z][a-z]+ )?)(?:Bureau|Commission|Department|Administration"
    r"|Tax Service|Parliament|Legislature|People['’]s Congress|Authority|Ministry)"
    r"(?: (?:of|for|on) (?![MTWFS][a-z]{2,5}day|(?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)\b)"
    r"(?:[A-Z][a-z]+(?:,? and |, | )?){1,6}(?<=[a-z]))?)\b(?!['’])"
)
_IN_ADDRESS = regex(r"\b(?:in|of|at|from|to|near) (?:[A-Z][\w'-]* ?){1,4}, $")
_LIES_IN = regex(r"\b[A-Z][a-z]+ in $")
_BESIDE_VERB = regex(
    r"\b(?:[Ii]n|to|[Ff]rom|[Aa]gainst|with|of|[Ff]or|on|[Aa]cross|between|into|[Aa]t|toward|towards|via)\s(?:the\s)?$"
)
_LEADER = regex(
    r"\b(?:[Pp]resident|[Pp]rime [Mm]inister|[Pp]remier|[Cc]hancellor) of (?:the )?(?P<of>[A-Z]\w+(?: [A-Z]\w+){0,2})"
    r"(?: and [a-z]+ of [A-Z]\w+)?,?"
    r"|\b(?P<by>[A-Z]\w+(?: [A-Z]\w+)?) (?:President|Prime Minister|Premier"
    r"|Chancellor)(?: [A-Z][\w'’.-]+){1,3}(?!\w|['’]s)"
)
_LEADER_ALONE = regex(
    r"\b(?:President|Prime Minister|Chancellor|Premier)(?! (?:Xi|Li|Hu|Wen|Zhu|Jiang)\b)(?: [A-Z][\w'’.-]+){1,3}"
    r"(?!\w|['’]s)"
)
"""Who heads a government acts for the country: `Japanese Prime Minister A B`, `A B, president of Kenya,`."""
_CHIEF = regex(
    r"\b(?P<place>Hong Kong|HKSAR|Macao)(?: SAR| Special Administrative Region)?(?:['’]s)? Chief Executive"
    r"(?: [A-Z][\w.-]+){0,4}(?!\w|['’]s)"
)
"""What the chief executive of a special administrative region announces is its government's."""
_CAPITALS = frozenset({"Washington", "Britain", "Tehran", "Berlin", "Belgrade", "Turkiye", "Bosnia", "Harare"})
"""Other names of countries that end like their adjectives."""
_POSSESSED = regex(r"^['’]s? ")
_ASSEMBLIES = frozenset({"international", "supranational"})
_ASSEMBLED = regex(
    r"(?:['’]s?)?(?: (?:annual|informal|economic|foreign|trade|finance|Economic|Foreign|Trade|Finance|\d{4}))*"
    r" (?:[Ss]ummit|[Mm]inisterial [Mm]eeting|[Mm]eeting|(?:[Ll]eaders|[Mm]inisters|members|member states|nations"
    r"|economies"
    r"|countries|allies)"
    r"(?:['’]? (?:[Mm]eeting|[Ss]ummit))?)(?![\w'’])"
)
"""What a union or organisation adopts at its summit, by its leaders or its ministers, is its own."""
_BOARD = regex(
    r"['’]s? (?:executive board|board of \w+|governing council|board|council|(?:monetary )?policy (?:committee|board)"
    r"|rate-setting (?:committee|panel)|policymakers)(?! members?\b)(?![\w'’])"
)
"""What the fund's board or the bank's committee decides is the fund's and the bank's."""
_LEADERS_OF = regex(
    r"\b(?:[Ll]eaders|[Mm]inisters|[Mm]embers|[Mm]ember states|[Gg]overnments|[Cc]ountries) of (?:the )?$"
)
_MEMBERS = regex(
    r"\b(?:[Aa] (?:bipartisan )?group of |(?:(?:[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]ome|[Ss]everal|[Bb]ipartisan"
    r"|top) )+)?(?:US )?(?:(?:Republican|Democratic|Democrat) )?(?:[Ss]enators|[Cc]ongressmen|members of Congress)\b"
    r"(?!['’])"
)
_NOT_WHOLE = regex(r" (?:departments|agencies|bodies|officials|organs|ministries)\b")


@dataclass(slots=True)
class _Named:
    """What has been found so far in `text[start:end]`, and which of its words are told for."""

    meant: Meant
    text: str
    start: int
    end: int
    sentence: str
    found: list[Actor]
    taken: list[tuple[int, int]]

    def free(self, first: int, last: int) -> bool:
        """Whether no authority takes a word between these places."""
        return not any(s < last and first < e for s, e in self.taken)

    def add(self, actor: Actor) -> None:
        """One more authority, whose words no other may take."""
        self.found.append(actor)
        self.taken.append((actor.start, actor.end))


def authorities(meant: Meant, start: int, end: int) -> list[Actor]:
    """All authorities named in the text from `start` to `end`, in order."""
    text = meant.text
    named = _Named(meant, text, start, end, text[start:end], [], [])
    _bodies(named)
    _heads(named)
    _printed(named)
    _areas(named)
    _envoys(named)
    _zones(named)
    _leaders(named)
    _organs(named)
    _members(named)
    _generic(named)
    _small_areas(named)
    _places(named)
    return sorted(named.found, key=lambda actor: actor.start)


def _bodies(named: _Named) -> None:
    """Bodies of the table, and foreign ones by what they are."""
    text, start, end = named.text, named.start, named.end
    abroad = list(bodies_abroad(text, start, end))
    for body in bodies_in(text, start, end):
        if any(
            (body.place == "China" and s < body.start < e) or (s == body.start and body.end < e) for s, e, _ in abroad
        ):
            # `South Korea's finance ministry`, `EU leaders`
            continue
        board = _BOARD.match(text, body.end, end) if text[body.end : body.end + 1] in "'’" else None
        if (
            not _POSSESSED.match(text[body.end : body.end + 3])
            or re.match(r"['’]s? (?:executive|Commission)", text[body.end : body.end + 14])
            or board
            or (body.kind in _ASSEMBLIES and _ASSEMBLED.match(text, body.end, end))
        ):
            stop = board.end() if board else body.end
            if body.kind in _ASSEMBLIES and (assembled := _ASSEMBLED.match(text, body.end, end)):
                stop = assembled.end()
            if body.name == "Chinese government" and _NOT_WHOLE.match(text, body.end):
                continue
            led = _LEADERS_OF.search(text, max(start, body.start - 28), body.start)
            whose = country_of(body)
            if text[body.start : body.end] in _CHAMBERS:
                whose = _chamber(named, body.start) or whose
            named.found.append(Actor((whose,), text[body.start : body.end], led.start() if led else body.start, stop))
    named.taken = [(a.start, a.end) for a in named.found] + [
        (b.start, b.end)
        for b in bodies_in(text, start, end)
        if not any((b.place == "China" and s < b.start < e) or (s == b.start and b.end < e) for s, e, _ in abroad)
        and not (b.name == "Chinese government" and _NOT_WHOLE.match(text, b.end))
    ]
    for first, last, government in abroad:
        if named.free(first, last):
            named.add(Actor((government,), text[first:last], first, last))


_CHAMBERS = frozenset({"The Senate", "The House", "House of Representatives"})


def _chamber(named: _Named, at: int) -> str:
    """The country whose senate it is, where the story has just spoken of another than the United States."""
    country = named.meant.foreign_before(at)
    return "" if country == "United States" or "US" in named.text[max(0, at - 400) : at] else country


def _heads(named: _Named) -> None:
    """Heads of foreign governments by the surname."""
    meant, text, start, end = named.meant, named.text, named.start, named.end
    for surname, government in meant.heads.items():
        for match in re.finditer(rf"\b{re.escape(surname)}\b(?!['’])", text[start:end]):
            if named.free(start + match.start(), start + match.end()):
                named.add(Actor((government,), surname, start + match.start(), start + match.end()))


def _printed(named: _Named) -> None:
    """Bodies that no table knows, as printed."""
    text, start, end = named.text, named.start, named.end
    for match in _PRINTED_BODY.finditer(text, start, end) if any(map(named.sentence.__contains__, _BODY_WORDS)) else ():
        if named.free(match.start(), match.end()):
            name = match["name"].strip().removeprefix("The ")
            named.add(Actor((name,), name, match.start("name"), match.end("name")))

    for match in CUSTOMS_OF.finditer(text, start, end) if " customs " in named.sentence else ():
        if named.free(match.start(), match.end()):
            named.add(Actor((f"{match['name']} Customs",), match[0], match.start(), match.end()))


def _areas(named: _Named) -> None:
    """Districts, counties and cities by their kind: `Huli district`."""
    text, start, end = named.text, named.start, named.end
    for match in _LOCAL_AREA.finditer(text, start, end) if any(map(named.sentence.__contains__, _AREA_WORDS)) else ():
        if _IN_ADDRESS.search(text, max(start, match.start() - 40), match.start()):
            continue
        if text[match.end() : match.end() + 1] == "," and text[max(start, match.start() - 3) : match.start()] == "In ":
            continue
        if _LIES_IN.search(text, max(start, match.start() - 30), match.start()):
            # `the government of Huli in Sample province`
            continue
        inner = places_in(text, max(start, match.start() - 40), match.start())
        if any(p.end == match.start() - 2 and p.parent == match["name"] for p in inner):
            # `Huli, Sample province, called for …`: the city acts
            continue
        if named.free(match.start(), match.end()):
            name = f"{match['name']} {match['kind']} government"
            known = [p for p in places_in(text, match.start(), match.end()) if p.government]
            stop = match.end() + len(_GOVERNMENT.match(text[match.end() : match.end() + 16])[0])  # type: ignore[index]
            named.add(Actor((known[-1].government if known else name,), match[0], match.start(), stop))


def _envoys(named: _Named) -> None:
    """The lands whose ministers or leaders act."""
    text, start, end = named.text, named.start, named.end
    for lands in _FROM_LANDS.finditer(text, start, end) if any(map(named.sentence.__contains__, _ENVOYS)) else ():
        parties = lands_named(text, lands.end(), end)
        if len(parties) > 1:
            names = tuple(dict.fromkeys(p.government for p in parties if p.government))
            named.add(Actor(names, lands[0], lands.start(), parties[-1].end))


def _zones(named: _Named) -> None:
    """Development zones and parks."""
    text, start, end = named.text, named.start, named.end
    for name, first, stop in zones_in(text, start, end):
        if named.free(first, stop):
            named.add(Actor((name,), name, first, stop))


def _leaders(named: _Named) -> None:
    """Presidents and prime ministers, who act for their country."""
    meant, text, start, end = named.meant, named.text, named.start, named.end
    headed = any(map(named.sentence.__contains__, _HEADS_OF_STATE))
    for match in _LEADER.finditer(text, start, end) if headed else ():
        which = match.lastgroup or "of"
        land = next((p for p in places_in(text, match.start(which), match.end(which)) if p.kind == "country"), None)
        if land is None or land.name == "China" or not named.free(match.start(), match.end()):
            continue
        named.add(Actor((land.government,), match[0].strip(","), match.start(), match.end()))
    for match in _CHIEF.finditer(text, start, end) if "Chief Executive" in named.sentence else ():
        region = "Macao" if match["place"] == "Macao" else "Hong Kong"
        if named.free(match.start(), match.end()):
            government = f"{region} Special Administrative Region government"
            named.add(Actor((government,), match[0], match.start(), match.end()))
    for match in _LEADER_ALONE.finditer(text, start, end) if headed else ():
        land_name = "" if not named.free(match.start(), match.end()) else meant.foreign_before(match.start())
        if land_name:
            named.add(Actor((land_name,), match[0], match.start(), match.end()))


def _organs(named: _Named) -> None:
    """Governments, assemblies and offices by their place: `Huli's provincial legislature`."""
    text, start, end = named.text, named.start, named.end
    near = places_in(text, start, end)
    for place in near:
        if not place.government or not named.free(place.start, place.end) or _not_acting(text, place, start, near):
            continue
        organ = organ_of(text, place, end)
        if organ is not None and named.free(place.start, organ[1]):
            named.add(Actor((organ[0],), text[place.start : organ[1]], place.start, organ[1]))


def _not_acting(text: str, place: Place, start: int, near: tuple[Place, ...]) -> bool:
    """Whether the place only tells where: as a city's province, in an address, after a preposition."""
    if place.start > 2 and any(p.end == place.start - 2 and p.parent == place.name for p in near):
        return True
    return (
        _IN_ADDRESS.search(text, max(start, place.start - 40), place.start) is not None
        or _BESIDE_VERB.search(text, max(start, place.start - 12), place.start) is not None
    )


def _members(named: _Named) -> None:
    """Senators and members of Congress, who bring in bills: of the country spoken of, else of the United States."""
    meant, text, start, end = named.meant, named.text, named.start, named.end
    if "enators" not in named.sentence and "ongress" not in named.sentence:
        return
    for match in _MEMBERS.finditer(text, start, end):
        if named.free(match.start(), match.end()):
            country = meant.foreign_before(match.start())
            whose = "US Congress" if not country or country == "United States" or "US" in match[0] else country
            named.add(Actor((whose,), match[0], match.start(), match.end()))


def _generic(named: _Named) -> None:
    """Authorities by their kind only: `the ministry`, `the city`, `regulators`."""
    meant, text, start, end = named.meant, named.text, named.start, named.end
    generic = _GENERIC if any(word in named.sentence for word in _PLURAL_BODIES) else _GENERIC_SINGULAR
    for match in generic.finditer(text, start, end):
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


def _small_areas(named: _Named) -> None:
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
            for area in _LOCAL_AREA.finditer(text, floor, match.start()):
                if area["kind"].lower() == kind:
                    issuer = f"{area['name']} {area['kind']} government"
        named.add(Actor((issuer,) if issuer else (), match[0], match.start(), match.end()))


_SMALL_WORDS = ("he district", "he county", "he zone", "he prefecture", "he new area", "he New Area")
_SMALL_AREA = regex(
    r"\b[Tt]he (?P<kind>district|county|zone|prefecture|[Nn]ew [Aa]rea)"
    r"(?= (?:has|have|had|will|also|is|was|plans|decided|announced|introduced|launched|rolled|released|unveiled|issued"
    r"|offers|offered|set|said|recently)\b|,)"
)


def _places(named: _Named) -> None:
    """Places that act: `Sampleland`, `Huli city`."""
    text, start, end = named.text, named.start, named.end
    near = places_in(text, start, end)
    for place in near:
        if place.government and named.free(place.start, place.end):
            after = text[place.end : place.end + 40]
            if _not_acting(text, place, start, near):
                continue
            if re.match(
                (
                    r"['’]| (?:companies|company|firms|businesses|market|residents|automakers"
                    r"|-based|tech|enterprises|stocks|shares)|-"
                ),
                after,
            ):
                continue
            if (
                text[place.start : place.end].endswith(("n", "h", "e"))
                and text[place.start : place.end] not in _CAPITALS
                and place.kind in {"country"}
                and place.name != text[place.start : place.end]
                and not re.match(r" (?:government|authorities|administration|parliament)", after)
            ):
                continue
            stop = place.end + (
                len(m[0])
                if (
                    m := re.match(
                        r" (?:autonomous region|province|city|municipality|government|authorities|administration)",
                        after,
                    )
                )
                else 0
            )
            named.found.append(Actor((place.government,), place.name, place.start, stop))

"""All public authorities that an English sentence names, wherever they stand in it."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.actors_abroad import bodies_abroad
from pipeline.policies.actors_generic import LOCAL_AREA, by_common_noun, by_small_areas
from pipeline.policies.actors_meant import Meant
from pipeline.policies.actors_taken import Named
from pipeline.policies.issuers import bodies_in, country_of
from pipeline.policies.organs import CUSTOMS_OF, lands_named, organ_of, zones_in
from pipeline.policies.places import Place, places_in

_AREA_WORDS = ("district", "county", "prefecture", "city", "province", "New Area")
_BODY_WORDS = (
    "Bureau", "Commission", "Department", "Administration", "Tax Service", "Parliament", "Legislature", "Congress",
    "Authority", "Ministry",
)  # fmt: skip
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


def authorities(meant: Meant, start: int, end: int) -> list[Actor]:
    """All authorities named in the text from `start` to `end`, in order."""
    text = meant.text
    named = Named(meant, text, start, end, text[start:end], [], [])
    _bodies(named)
    _heads(named)
    _printed(named)
    _areas(named)
    _envoys(named)
    _zones(named)
    _leaders(named)
    _organs(named)
    _members(named)
    by_common_noun(named)
    by_small_areas(named)
    _places(named)
    return sorted(named.found, key=lambda actor: actor.start)


def _bodies(named: Named) -> None:
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


def _chamber(named: Named, at: int) -> str:
    """The country whose senate it is, where the story has just spoken of another than the United States."""
    country = named.meant.foreign_before(at)
    return "" if country == "United States" or "US" in named.text[max(0, at - 400) : at] else country


def _heads(named: Named) -> None:
    """Heads of foreign governments by the surname."""
    meant, text, start, end = named.meant, named.text, named.start, named.end
    for surname, government in meant.heads.items():
        for match in re.finditer(rf"\b{re.escape(surname)}\b(?!['’])", text[start:end]):
            if named.free(start + match.start(), start + match.end()):
                named.add(Actor((government,), surname, start + match.start(), start + match.end()))


def _printed(named: Named) -> None:
    """Bodies that no table knows, as printed."""
    text, start, end = named.text, named.start, named.end
    for match in _PRINTED_BODY.finditer(text, start, end) if any(map(named.sentence.__contains__, _BODY_WORDS)) else ():
        if named.free(match.start(), match.end()):
            name = match["name"].strip().removeprefix("The ")
            named.add(Actor((name,), name, match.start("name"), match.end("name")))

    for match in CUSTOMS_OF.finditer(text, start, end) if " customs " in named.sentence else ():
        if named.free(match.start(), match.end()):
            named.add(Actor((f"{match['name']} Customs",), match[0], match.start(), match.end()))


def _areas(named: Named) -> None:
    """Districts, counties and cities by their kind: `Huli district`."""
    text, start, end = named.text, named.start, named.end
    for match in LOCAL_AREA.finditer(text, start, end) if any(map(named.sentence.__contains__, _AREA_WORDS)) else ():
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


def _envoys(named: Named) -> None:
    """The lands whose ministers or leaders act."""
    text, start, end = named.text, named.start, named.end
    for lands in _FROM_LANDS.finditer(text, start, end) if any(map(named.sentence.__contains__, _ENVOYS)) else ():
        parties = lands_named(text, lands.end(), end)
        if len(parties) > 1:
            names = tuple(dict.fromkeys(p.government for p in parties if p.government))
            named.add(Actor(names, lands[0], lands.start(), parties[-1].end))


def _zones(named: Named) -> None:
    """Development zones and parks."""
    text, start, end = named.text, named.start, named.end
    for name, first, stop in zones_in(text, start, end):
        if named.free(first, stop):
            named.add(Actor((name,), name, first, stop))


def _leaders(named: Named) -> None:
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


def _organs(named: Named) -> None:
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


def _members(named: Named) -> None:
    """Senators and members of Congress, who bring in bills: of the country spoken of, else of the United States."""
    meant, text, start, end = named.meant, named.text, named.start, named.end
    if "enators" not in named.sentence and "ongress" not in named.sentence:
        return
    for match in _MEMBERS.finditer(text, start, end):
        if named.free(match.start(), match.end()):
            country = meant.foreign_before(match.start())
            whose = "US Congress" if not country or country == "United States" or "US" in match[0] else country
            named.add(Actor((whose,), match[0], match.start(), match.end()))


def _places(named: Named) -> None:
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

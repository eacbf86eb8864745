"""Who acts in an English sentence: the public body, government or country that a verb has as its subject or agent."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.model import Article
from pipeline.patterns import regex
from pipeline.policies.actors_abroad import bodies_abroad, heads_by_surname
from pipeline.policies.issuers import bodies_in, country_of
from pipeline.policies.organs import lands_named, organ_of, printed_office, zones_in
from pipeline.policies.places import Place, places_in
from pipeline.policies.tables import words


@dataclass(frozen=True, slots=True)
class Actor:
    """A public authority as subject or agent."""

    issuers: tuple[str, ...]
    """Empty for `China`, `authorities` and the like."""
    name: str
    """As printed, or what it was resolved to."""
    start: int
    end: int


_ADVERB = words("adverb")
_DATE = regex(
    r"^(?:mon|tues|wednes|thurs|fri|satur|sun)day$|^(?:jan|feb|mar|apr|may|jun|jul"
    r"|aug|sep|oct|nov|dec)[a-z]*\.?$|^\d{1,4}$|^,$"
)
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
    r"|regu|agen|offi|mech|bloc|unio|capi|metr|meet)|[Cc](?:hin|ent|ity|oun)|[Gg]ov|[Ll]oca|muni|prov|dist|regi|[Ww]e\b)"
)
"""The first letters of all that is named below without `authority`: at most words the search is over here."""


def _generic_pattern(authority: str) -> re.Pattern[str]:
    begins = "" if authority else _BEGINS
    return re.compile(
        rf"\b{begins}"
        r"(?:(?P<country>[Cc]hina(?! (?![MTWFS][a-z]{2,5}day\b)[A-Z][a-z])|[Tt]he (?:country|nation))"
        r"(?!['’]s?\b)|(?P<gov>(?:the |[Tt]he |China['’]s |central |Chinese )*(?:central |Chinese )?[Gg]overnment)"
        r"(?!\w)(?! work report| procurement| agencies| officials| departments| bodies| authorities"
        r"| services)"
        r"|(?P<local>(?:the |[Tt]he |local |[Ll]ocal |city |[Cc]ity's )*(?:municipal|provincial"
        r"|district|city|regional|county) (?:government|authorities|administration))"
        r"|(?P<ministry>[Tt]he (?:ministry|commission|administration|bureau|department"
        r"|regulator|agency|central bank|council|office|mechanism))(?!['’]s| of | for "
        rf"| on ){authority}"
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
_COUNT_AFTER = regex(
    r"^(?:,? (?:and|along with|together with|as well as) (?:[a-z]+ |\d+ ){0,3}(?:other"
    r" |relevant |related )?(?:government |central )?(?:departments|agencies|authorities"
    r"|ministries|bodies|regulators|departments and agencies|government departments))"
)
_APPOSITION = regex(r"^, [^,]{3,80},|^ [—–] [^—–]{3,80} [—–]")
_BESIDE = regex(
    r",? ?(?:in (?:collaboration|cooperation|conjunction|coordination)|together|along|jointly)? ?with [^,]{3,120}?,"
)
_FROM_LANDS = regex(
    r"\b(?:[Mm]inisters|[Ll]eaders|[Oo]fficials|[Rr]epresentatives|[Pp]residents|[Ee]nvoys|[Gg]overnments) (?:from|of) "
)
_ENVOYS = ("inisters ", "eaders ", "fficials ", "epresentatives ", "residents ", "nvoys ", "overnments ")
_HEADS_OF_STATE = ("resident", "rime Minister", "rime minister", "remier", "hancellor")
_PROVINCE = regex(r" (?:province|autonomous region|municipality|city)\b")
_IN_PLACE = regex(r" (?:in|of) (?:the )?")
_LIES_IN = regex(
    r"^ in (?:the )?[A-Z][\w'’-]+(?:,? (?:and )?[A-Z][\w'’-]+){0,3}(?: province| autonomous region| municipality)?,?"
)
"""`Huli district in Sampleland, Sample province, issued`: where the actor lies."""
_DISTRICT_END = regex(r"(?:district|county|prefecture|New Area|township)$")
"""`Huli district of Sampleland issued`: a district's city stands with `of`."""
_TOGETHER = regex(
    r"\b(?:together|jointly|along|in (?:collaboration|cooperation|conjunction|coordination)) with (?:the )?$"
)
_GOVERNMENT = regex(r"(?: (?:government|authorities))?")
# a body that the table does not know keeps its printed name: `Beijing Municipal Bureau of Culture and Tourism`
_PRINTED_BODY = regex(
    r"\b(?P<name>(?:[A-Z][a-z'’]+ ){0,3}(?:(?:Municipal|Provincial|State|National|Federal"
    r"|Regional|Central|City|District|Autonomous Region) (?:[A-Z][a-z]+ ){0,4}"
    r"|[A-Z][a-z]+ (?:[A-Z][a-z]+ )?)(?:Bureau|Commission|Department|Administration"
    r"|Tax Service|Parliament|Legislature|People['’]s Congress|Authority|Ministry)"
    r"(?: (?:of|for|on) (?:[A-Z][a-z]+(?:,? and |, | )?){1,6}(?<=[a-z]))?)\b(?!['’])"
)
# `by an office of the joint conference on ponds`: public, though no table knows it
_UNKNOWN_BODY = regex(
    r"(?:the |an? )?(?:[\w'’-]+ ){0,5}?(?:office of the|ministry|bureau|commission"
    r"|departments?|authorities|government|regulators?|agenc(?:y|ies)|inter-ministerial)\b"
)
_ACTS = regex(r" (?:(?:has|have|had|also|recently|jointly|[a-z]+ly) )*[a-z]+(?:ed|ook|ade|ave|id|et|ut|ld)\b")
_EXECUTIVE = regex(r"State Council(?:['’]s)? (?:executive|regular) meeting|executive meeting of the State Council")
_ONLY_LEAD = regex(r"(?:[\w'’-]+ ){0,7}(?:[\w'’-]+, (?:including|such as|led by) (?:the )?)?")
_BY = regex(r"(?: (?:on|in|last|late|early|earlier)(?: [\w.]{2,12}){1,2},?(?: \d{1,4},?){0,2})?(?: jointly)? by ")
_CONSENTS = regex(r"(?:approved by|approval (?:of|from)|consent of)\s(?:the\s)?$")
_IN_ADDRESS = regex(r"\b(?:in|of|at|from|to|near) (?:[A-Z][\w'-]* ?){1,4}, $")
_BESIDE_VERB = regex(
    r"\b(?:[Ii]n|to|[Ff]rom|[Aa]gainst|with|of|[Ff]or|on|[Aa]cross|between|into|[Aa]t|toward|towards|via)\s(?:the\s)?$"
)
_BESIDE_BODY = regex(r"\b(?:by|to|from|against|with|of|for|across|between|toward|towards|via)\s(?:the\s)?$")
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
_CAPITALS = frozenset({"Washington", "Britain", "Tehran", "Berlin", "Belgrade", "Turkiye", "Bosnia", "Harare"})
"""Other names of countries that end like their adjectives."""
_POSSESSED = regex(r"^['’]s? ")


_ANY_KIND = frozenset({"municipality", "province", "region", "city", "sar", "zone"})
PROVINCES = frozenset({"province", "region"})
CITIES = frozenset({"city", "municipality", "sar"})
_KINDS_OF = {
    "province": frozenset({"province"}),
    "city": CITIES,
    "municipality": frozenset({"municipality"}),
}
"""Which places `the province`, `the city` may mean."""
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
_WHERE = regex(
    r"^ (?:in|of|across|from) (?:the )?[A-Z][\w'-]+(?: [A-Z][\w-]+| province| city| district"
    r"| county)*(?: province)?(?= [a-z])"
)
"""`Lawmakers in Sampleland passed …`, `the government of Sampleland has …`."""
_LEADERS_OF = regex(
    r"\b(?:[Ll]eaders|[Mm]inisters|[Mm]embers|[Mm]ember states|[Gg]overnments|[Cc]ountries) of (?:the )?$"
)
_AGENCY = regex(r"(?:Commission|Administration|Authority|Service|Bureau|Office)$")
"""`The agency` of a story that has named none: the commission or administration named last."""
_NOT_WHOLE = regex(r" (?:departments|agencies|bodies|officials|organs|ministries)\b")
_CENTRAL = regex(r"(?:[Tt]he |[Cc]hinese |China['’]s )*[Cc]entral authorities")
_LED_BY = regex(r",? (?:led by|headed by|including|such as) (?:the )?")
_BETWEEN = regex(r"(?:[,\s]|and\b|as well as\b|the\b)*")


_TOGETHER_WITH = regex(r",? (?:together|jointly|along) with (?:the )?")


class Actors:
    """Resolves the authorities of one article; keeps what its sentences have named so far."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.text = article.text
        self._span = (-1, -1)
        self._named: list[Actor] | None = None
        self._ministry = (
            article.source == "mofcom"
            or "MOFCOM" in (article.title or "")
            or "Ministry of Commerce" in (article.title or "")
        )

    @cached_property
    def _home(self) -> Place | None:
        return _home(self.article)

    @cached_property
    def heads(self) -> dict[str, str]:
        """Surname -> country of the heads of foreign governments that the text introduces."""
        return heads_by_surname(self.text)

    def enter(self, start: int, end: int) -> None:
        """Begin a sentence: its authorities are found once for all its verbs, and not before a rule asks."""
        self._span, self._named = (start, end), None

    def _before(self, start: int, at: int) -> list[Actor]:
        if self._span[0] != start:
            return self._find(start, at)
        return [actor for actor in self.actors(*self._span) if actor.end <= at]

    def joined_subject(self, start: int, at: int) -> Actor | None:
        """The subject of an earlier verb that `and` joins to the one at `at`: `China proposed … and released …`."""
        for actor in reversed(self._before(start, at)):
            if _BESIDE_BODY.search(self.text, max(start, actor.start - 14), actor.start):
                continue
            if _ACTS.match(self.text, actor.end, at):
                return self._whole_list(actor, start)
        return None

    def subject(self, start: int, at: int) -> Actor | None:
        """The authority that stands as subject of a verb at `at`, in the sentence that begins at `start`."""
        for actor in reversed(self._before(start, at)):
            if _BESIDE_BODY.search(self.text, max(start, actor.start - 14), actor.start):
                continue
            if self._reaches(actor.end, at):
                return self._beside(self._whole_list(actor, start), at)
        return None

    def _beside(self, actor: Actor, at: int) -> Actor:
        """`The ministry, together with the bureau, released …`: both, the body that stands first."""
        together = _TOGETHER_WITH.match(self.text, actor.end, at)
        if together is None or not actor.issuers:
            return actor
        names = list(actor.issuers)
        edge = together.end()
        for other in self.actors(together.end(), at):
            if _BETWEEN.fullmatch(self.text, edge, other.start) is None:
                break
            names += [name for name in other.issuers if name not in names]
            edge = other.end
        return replace(actor, issuers=tuple(names))

    def with_partners(self, actor: Actor, start: int) -> Actor:
        """`The ministry said it had, together with the bureau, paid …`: both, the body that speaks first."""
        if _TOGETHER.search(self.text, max(start, actor.start - 40), actor.start) is None:
            return actor
        lead = next((a for a in reversed(self._before(start, actor.start)) if a.issuers), None)
        if lead is None:
            return actor
        return replace(actor, issuers=tuple(dict.fromkeys((*lead.issuers, *actor.issuers))))

    def agent(self, at: int, end: int) -> Actor | None:
        """The authority after `by` at `at`, with those that are joined to it."""
        window = self.text[at : min(end, at + 400)]
        match = _BY.match(window)
        if match is None:
            return None
        unknown = _UNKNOWN_BODY.match(window, match.end())
        actors = self.actors(at + match.end(), min(end, at + 500))
        office = printed_office(self.text, at + match.end(), end)
        if office is not None:
            return Actor((office[0],), office[0], at + match.end(), office[1])
        if not actors or _ONLY_LEAD.fullmatch(self.text, at + match.end(), actors[0].start) is None:
            return Actor((), unknown[0], at, at + unknown.end()) if unknown else None
        names: list[str] = []
        edge = actors[0].start
        for actor in actors:
            gap = self.text[edge : actor.start]
            if names and len(gap) > 60:
                break
            if names and not re.fullmatch(
                r"[,\s]*(?:and|including|such as|as well as|led by|along with|together with|the|[\s,])*",
                gap,
            ):
                break
            if names and re.search(r"\b(?:on|in|to|for|at|aims|will|has|is|was|said)\b", gap):
                break
            names.extend(actor.issuers)
            edge = actor.end
        return Actor(tuple(dict.fromkeys(names)), actors[0].name, actors[0].start, edge)

    def actors(self, start: int, end: int) -> list[Actor]:
        """All authorities named in `text[start:end]`, in order."""
        if (start, end) != self._span:
            return self._find(start, end)
        if self._named is None:
            self._named = self._find(start, end)
        return self._named

    def _find(self, start: int, end: int) -> list[Actor]:
        text = self.text
        sentence = text[start:end]
        abroad = list(bodies_abroad(text, start, end))
        found: list[Actor] = []
        for body in bodies_in(text, start, end):
            if any(
                (body.place == "China" and s < body.start < e) or (s == body.start and body.end < e)
                for s, e, _ in abroad
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
                found.append(
                    Actor((country_of(body),), text[body.start : body.end], led.start() if led else body.start, stop)
                )
        taken = [(a.start, a.end) for a in found] + [
            (b.start, b.end)
            for b in bodies_in(text, start, end)
            if not any((b.place == "China" and s < b.start < e) or (s == b.start and b.end < e) for s, e, _ in abroad)
            and not (b.name == "Chinese government" and _NOT_WHOLE.match(text, b.end))
        ]
        for first, last, government in abroad:
            if not any(s < last and first < e for s, e in taken):
                found.append(Actor((government,), text[first:last], first, last))
                taken.append((first, last))
        for surname, government in self.heads.items():
            for match in re.finditer(rf"\b{re.escape(surname)}\b(?!['’])", text[start:end]):
                if not any(s < start + match.end() and start + match.start() < e for s, e in taken):
                    found.append(Actor((government,), surname, start + match.start(), start + match.end()))
                    taken.append((start + match.start(), start + match.end()))
        for match in _PRINTED_BODY.finditer(text, start, end) if any(map(sentence.__contains__, _BODY_WORDS)) else ():
            if not any(s < match.end() and match.start() < e for s, e in taken):
                name = match["name"].strip().removeprefix("The ")
                found.append(Actor((name,), name, match.start("name"), match.end("name")))
                taken.append((match.start(), match.end()))
        for match in _LOCAL_AREA.finditer(text, start, end) if any(map(sentence.__contains__, _AREA_WORDS)) else ():
            if _IN_ADDRESS.search(text, max(start, match.start() - 40), match.start()):
                continue
            if (
                text[match.end() : match.end() + 1] == ","
                and text[max(start, match.start() - 3) : match.start()] == "In "
            ):
                continue
            inner = places_in(text, max(start, match.start() - 40), match.start())
            if any(p.end == match.start() - 2 and p.parent == match["name"] for p in inner):
                # `Huli, Sample province, called for …`: the city acts
                continue
            if not any(s < match.end() and match.start() < e for s, e in taken):
                name = f"{match['name']} {match['kind']} government"
                known = [p for p in places_in(text, match.start(), match.end()) if p.government]
                found.append(Actor((known[-1].government if known else name,), match[0], match.start(), match.end()))
                stop = match.end() + len(_GOVERNMENT.match(text[match.end() : match.end() + 16])[0])  # type: ignore[index]
                found[-1] = replace(found[-1], end=stop)
                taken.append((match.start(), stop))
        for lands in _FROM_LANDS.finditer(text, start, end) if any(map(sentence.__contains__, _ENVOYS)) else ():
            parties = lands_named(text, lands.end(), end)
            if len(parties) > 1:
                names = tuple(dict.fromkeys(p.government for p in parties if p.government))
                found.append(Actor(names, lands[0], lands.start(), parties[-1].end))
                taken.append((lands.start(), parties[-1].end))
        for name, first, stop in zones_in(text, start, end):
            if not any(s < stop and first < e for s, e in taken):
                found.append(Actor((name,), name, first, stop))
                taken.append((first, stop))
        headed = any(map(sentence.__contains__, _HEADS_OF_STATE))
        for match in _LEADER.finditer(text, start, end) if headed else ():
            which = match.lastgroup or "of"
            land = next((p for p in places_in(text, match.start(which), match.end(which)) if p.kind == "country"), None)
            if land is None or land.name == "China" or any(s < match.end() and match.start() < e for s, e in taken):
                continue
            found.append(Actor((land.government,), match[0].strip(","), match.start(), match.end()))
            taken.append((match.start(), match.end()))
        for match in _LEADER_ALONE.finditer(text, start, end) if headed else ():
            land_name = (
                ""
                if any(s < match.end() and match.start() < e for s, e in taken)
                else self._foreign_before(match.start())
            )
            if land_name:
                found.append(Actor((land_name,), match[0], match.start(), match.end()))
                taken.append((match.start(), match.end()))
        generic = _GENERIC if any(word in sentence for word in _PLURAL_BODIES) else _GENERIC_SINGULAR
        for match in generic.finditer(text, start, end):
            if match.lastgroup == "meeting" and not _EXECUTIVE.search(text[:3000]):
                continue
            if match.lastgroup == "gov" and text[match.start() - 3 : match.start()] in {"'s ", "’s "}:
                # `Huli's government`: of the place, and named with it
                continue
            if any(e == match.start() - 1 for _, e in taken) and match[0] == "government":
                # `the Education Bureau of the Huli Region government`: the end of a body's name
                found = [replace(a, end=match.end()) if a.end == match.start() - 1 else a for a in found]
                continue
            if not any(s < match.end() and match.start() < e for s, e in taken):
                found.append(self._generic(match, end))
        near = places_in(text, start, end)
        for place in near:
            if place.government and not any(s < place.end and place.start < e for s, e in taken):
                after = text[place.end : place.end + 40]
                if place.start > 2 and any(p.end == place.start - 2 and p.parent == place.name for p in near):
                    continue
                if _IN_ADDRESS.search(text, max(start, place.start - 40), place.start) or _BESIDE_VERB.search(
                    text, max(start, place.start - 12), place.start
                ):
                    continue
                organ = organ_of(text, place, end)
                if organ is not None:
                    found.append(Actor((organ[0],), text[place.start : organ[1]], place.start, organ[1]))
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
                found.append(Actor((place.government,), place.name, place.start, stop))
        return sorted(found, key=lambda actor: actor.start)

    def _generic(self, match: re.Match[str], end: int) -> Actor:
        text = self.text
        kind = match.lastgroup
        at = match.start()
        issuers: tuple[str, ...] = ()
        if kind in {"gov", "city"} and (whose := self._of_place(match.end(), end)) is not None:
            # `the government of Sample province`, `the city of Huli`
            tail = _PROVINCE.match(text, whose.end, end)
            return Actor((whose.government,), match[0], at, tail.end() if tail else whose.end)
        if kind == "gov":
            issuers = ("Chinese government",)
            if self._foreign_before(at):
                issuers = (self._foreign_before(at),)
        elif kind == "local":
            home = self.home_before(at)
            issuers = (home.government,) if home else ()
        elif kind == "city":
            home = self.home_before(at, _KINDS_OF.get(match["city"].split()[-1], _ANY_KIND))
            issuers = (home.government,) if home and home.government else ()
        elif kind == "bloc":
            issuers = ("European Union",) if "EU" in text or "European" in text else ()
        elif kind == "ministry":
            word = match["ministry"].split()[-1]
            issuers = self._last_body(word, at)
        elif kind == "authority" and (whose := self._of_place(match.end(), end)) is not None:
            return Actor((whose.government,), match[0], at, whose.end)
        elif kind == "authority" and match[0].endswith("governments"):
            issuers = ()
        elif kind == "authority":
            home = self.home_before(at) if re.match(r"(?:local|municipal|city) (?!gov)", match[0].lower()) else None
            issuers = (home.government,) if home else self._led_by(match.end())
            if not issuers and _CENTRAL.fullmatch(match[0]) and not self._foreign_before(at):
                issuers = ("Chinese government",)
        elif kind == "meeting":
            issuers = ("State Council",) if _EXECUTIVE.search(text[:3000]) else ()
        elif kind == "we":
            issuers = ("Ministry of Commerce",) if self._ministry else ()
        return Actor(issuers, match[0], at, match.end())

    def _of_place(self, at: int, end: int) -> Place | None:
        """The place of `authorities in Huli` or `regulators of Sampleland`."""
        match = _IN_PLACE.match(self.text, at, end)
        near = places_in(self.text, match.end(), min(end, match.end() + 40)) if match else ()
        return near[0] if match and near and near[0].start == match.end() and near[0].government else None

    def _led_by(self, at: int) -> tuple[str, ...]:
        """The bodies after `eight departments, led by …`, as far as their list goes."""
        lead = _LED_BY.match(self.text, at)
        names: list[str] = []
        edge = lead.end() if lead else at
        for body in bodies_in(self.text, edge, edge + 240) if lead else ():
            if _BETWEEN.fullmatch(self.text, edge, body.start) is None:
                break
            names.append(body.name)
            edge = body.end
        return tuple(dict.fromkeys(names))

    def _foreign_before(self, at: int) -> str:
        """The foreign government that `the government` means: of the country spoken of, where China is not."""
        countries = [p for p in places_in(self.text, max(0, at - 400), at) if p.kind == "country"]
        if countries and self.text.find("Chin", max(0, at - 400), at) < 0:
            return countries[-1].government
        found = [
            b
            for b in bodies_in(self.text, max(0, at - 160), at)
            if b.kind in {"government", "foreign"} and b.place not in {"China", ""}
        ]
        return found[-1].name if found and self.text.find("China", found[-1].end, at) < 0 else ""

    def _last_body(self, word: str, at: int) -> tuple[str, ...]:
        wanted = {"central bank": "Bank", "bank": "Bank", "regulator": ""}.get(word, word)
        floor = max(0, at - 4000)
        for body in reversed(bodies_in(self.text, floor, at)):
            if wanted.lower() in body.name.lower():
                return (body.name,)
        if word == "agency":
            near = [b.name for b in bodies_in(self.text, max(0, at - 1200), at) if _AGENCY.search(b.name)]
            return (near[-1],) if near else ()
        return ("Ministry of Commerce",) if self._ministry and word == "ministry" else ()

    def home_before(self, at: int, kinds: frozenset[str] = _ANY_KIND) -> Place | None:
        """The Chinese city or province that the text spoke of last, else the one that its headline names."""
        local = [p for p in places_in(self.text, max(0, at - 1500), at) if p.government and p.kind in kinds]
        home = self._home if self._home and self._home.kind in kinds else None
        if home and (not local or any(p.government == home.government for p in local)):
            return home
        return local[-1] if local else home

    def _reaches(self, end: int, at: int) -> bool:
        """Whether only auxiliaries, adverbs, dates and appositions stand between an authority and its verb."""
        gap = self.text[end:at]
        if len(gap) > 260:
            return False
        if gap.startswith(" of ") and _DISTRICT_END.search(self.text, max(0, end - 12), end):
            gap = f" in {gap[4:]}"
        for pattern in (_LIES_IN, _COUNT_AFTER, _APPOSITION, _BESIDE, _COUNT_AFTER):
            gap = pattern.sub("", gap, count=1)
        gap = re.sub(r"\([^()]{0,60}\)", "", gap)
        words = re.findall(r"[\w'’.-]+|[^\w\s]", gap.lower())
        return len(words) <= 14 and all(w in _ADVERB or w.endswith("ly") or _DATE.match(w) for w in words)

    def _whole_list(self, actor: Actor, start: int) -> Actor:
        """The subject with the bodies that stand before it in the same list."""
        names = list(actor.issuers)
        edge = actor.start
        for other in reversed([a for a in self._before(start, actor.start) if a.issuers]):
            gap = self.text[other.end : edge]
            if not re.fullmatch(
                r"(?:,|, and| and|,? as well as|,? (?:together|along|jointly|in conjunction) with)"
                r"\s*(?:the |China['’]s )?(?:\d{1,2} )?",
                gap,
            ):
                break
            if _CONSENTS.search(self.text, max(start, other.start - 24), other.start):
                break
            names[:0] = [n for n in other.issuers if n not in names]
            edge = other.start
        return Actor(tuple(dict.fromkeys(names)), actor.name, edge, actor.end)


def _home(article: Article) -> Place | None:
    """The Chinese place that the headline is about, else the one named most in the first 1,500 characters."""
    title = article.title or ""
    kinds = {"municipality", "province", "region", "city", "sar", "zone"}
    for place in places_in(title, 0, len(title)):
        if place.kind in kinds and place.government:
            return place
    count: dict[str, list[Place]] = {}
    for place in places_in(article.text, 0, min(len(article.text), 1500)):
        if place.kind in kinds and place.government:
            count.setdefault(place.government, []).append(place)
    best = max(count.values(), key=len, default=None)
    return best[0] if best else None

"""Whom an article means by `the ministry`, `the government`, `the city`, `authorities in Huli`."""

from __future__ import annotations

import re
from functools import cached_property

from pipeline.model import Article
from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.actors_abroad import heads_by_surname
from pipeline.policies.issuers import bodies_in
from pipeline.policies.organs import assembly_of
from pipeline.policies.places import Place, places_in

_PROVINCE = regex(r" (?:(?:Uygur|Hui|Zhuang) )?(?:province|autonomous region|municipality|city)\b")
_IN_PLACE = regex(r" (?:in|of) (?:the )?")
EXECUTIVE = regex(r"State Council(?:['’]s)? (?:executive|regular) meeting|executive meeting of the State Council")
_ANY_KIND = frozenset({"municipality", "province", "region", "city", "sar", "zone"})
PROVINCES = frozenset({"province", "region"})
CITIES = frozenset({"city", "municipality", "sar"})
_KINDS_OF = {
    "province": frozenset({"province"}),
    "city": CITIES,
    "municipality": frozenset({"municipality"}),
}
"""Which places `the province`, `the city` may mean."""
_AGENCY = regex(r"(?:Commission|Administration|Authority|Service|Bureau|Office)$")
"""`The agency` of a story that has named none: the commission or administration named last."""
_CENTRAL = regex(r"(?:[Tt]he |[Cc]hinese |China['’]s )*[Cc]entral authorities")
_LAWMAKERS = regex(r"^(?:[Tt]he )?(?:[Ll]awmakers|[Ll]egislators|[Ll]egislature)$")
_LAWMAKING = regex(r"awmakers|egislat")
_LED_BY = regex(r",? (?:led by|headed by|including|such as) (?:the )?")
BETWEEN = regex(r"(?:[,\s]|and\b|as well as\b|the\b|its\b)*")
_UNKNOWN_PLACE = regex(r" (?:in|of) (?:the city of )?(?P<name>[A-Z][a-z]+)(?: city)?(?P<then>, (?:in )?| in )")


class Meant:
    """Whom an article means where it names an authority by its kind only."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.text = article.text
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

    def generic(self, match: re.Match[str], end: int) -> Actor:
        """The authority of a match of the pattern for kinds; `end` is where its sentence ends."""
        text = self.text
        kind = match.lastgroup
        at = match.start()
        issuers: tuple[str, ...] = ()
        if kind in {"gov", "city", "local"} and (whose := self._of_place(match.end(), end)) is not None:
            # `the government of Sample province`, `the city of Huli`
            tail = _PROVINCE.match(text, whose.end, end)
            return Actor((whose.government,), match[0], at, tail.end() if tail else whose.end)
        if kind in {"authority", "local", "gov"} and (city := self._of_city(match.end(), end)) is not None:
            organ = "Congress" if _LAWMAKING.search(match[0]) else "Government"
            return Actor((f"{city[0]} Municipal People's {organ}",), match[0], at, city[1])
        if kind == "gov":
            issuers = ("Chinese government",)
            if self.foreign_before(at):
                issuers = (self.foreign_before(at),)
        elif kind == "local":
            home = self.home_before(at, frozenset({"sar"}) if "SAR" in match[0] else _ANY_KIND)
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
            tail = _PROVINCE.match(text, whose.end, end)
            lawmaking = whose.kind in _ANY_KIND and _LAWMAKING.search(match[0]) is not None
            issuer = assembly_of(whose) if lawmaking else whose.government
            return Actor((issuer,), match[0], at, tail.end() if tail else whose.end)
        elif kind == "authority" and match[0].endswith("governments"):
            issuers = ()
        elif kind == "authority":
            home = self.home_before(at) if re.match(r"(?:local|municipal|city) (?!gov)", match[0].lower()) else None
            issuers = (home.government,) if home else self._led_by(match.end())
            if not issuers and _LAWMAKERS.search(match[0]) and self.foreign_before(at):
                issuers = (self.foreign_before(at),)
            if not issuers and _CENTRAL.fullmatch(match[0]) and not self.foreign_before(at):
                issuers = ("Chinese government",)
        elif kind == "meeting":
            issuers = ("State Council",) if EXECUTIVE.search(text[:3000]) else ()
        elif kind == "assembly":
            issuers = self._assembly(match["assembly"], at)
        elif kind == "we":
            issuers = ("Ministry of Commerce",) if self._ministry else ()
        return Actor(issuers, match[0], at, match.end())

    def _assembly(self, printed: str, at: int) -> tuple[str, ...]:
        """`Parliament`, `the cabinet`: that of the country spoken of; China's Cabinet is the State Council."""
        country = self.foreign_before(at)
        if country:
            return (country,)
        home = printed.endswith("Cabinet") and any(b.name == "State Council" for b in bodies_in(self.text, 0, at))
        return ("State Council",) if home else ()

    def _of_place(self, at: int, end: int) -> Place | None:
        """The place of `authorities in Huli` or `regulators of Sampleland`."""
        match = _IN_PLACE.match(self.text, at, end)
        near = places_in(self.text, match.end(), min(end, match.end() + 40)) if match else ()
        return near[0] if match and near and near[0].start == match.end() and near[0].government else None

    def _of_city(self, at: int, end: int) -> tuple[str, int] | None:
        """The city of `authorities in Pearfield, Sample province`, which no table has, and where its name ends."""
        city = _UNKNOWN_PLACE.match(self.text, at, end)
        near = places_in(self.text, city.end(), min(end, city.end() + 40)) if city else ()
        known = bool(city) and self._of_place(at, end) is not None
        if city is None or known or not near or near[0].start != city.end() or near[0].kind not in PROVINCES:
            return None
        return city["name"], city.end("name")

    def _led_by(self, at: int) -> tuple[str, ...]:
        """The bodies after `eight departments, led by …`, as far as their list goes."""
        lead = _LED_BY.match(self.text, at)
        names: list[str] = []
        edge = lead.end() if lead else at
        for body in bodies_in(self.text, edge, edge + 240) if lead else ():
            if BETWEEN.fullmatch(self.text, edge, body.start) is None:
                break
            names.append(body.name)
            edge = body.end
        return tuple(dict.fromkeys(names))

    def foreign_before(self, at: int) -> str:
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


def _home(article: Article) -> Place | None:
    """The Chinese place that the headline is about, else the one named most in the first 1,500 characters."""
    title = article.title or ""
    for place in places_in(title, 0, len(title)):
        if place.kind in _ANY_KIND and place.government:
            return place
    count: dict[str, list[Place]] = {}
    for place in places_in(article.text, 0, min(len(article.text), 1500)):
        if place.kind in _ANY_KIND and place.government:
            count.setdefault(place.government, []).append(place)
    best = max(count.values(), key=len, default=None)
    return best[0] if best else None

"""Who acts in an English sentence: the authority that a verb has as its subject or agent, with those joined to it."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.model import Article
from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.actors_meant import BETWEEN, Meant
from pipeline.policies.actors_named import authorities
from pipeline.policies.organs import printed_office
from pipeline.policies.tables import words

_ADVERB = words("adverb")
_DATE = regex(
    r"^(?:mon|tues|wednes|thurs|fri|satur|sun)day$|^(?:jan|feb|mar|apr|may|jun|jul"
    r"|aug|sep|oct|nov|dec)[a-z]*\.?$|^\d{1,4}$|^,$"
)
_COUNT_AFTER = regex(
    r"^(?:,? (?:and|along with|together with|as well as) (?:[a-z]+ |\d+ ){0,3}(?:other"
    r" |relevant |related )?(?:government |central )?(?:departments|agencies|authorities"
    r"|ministries|bodies|regulators|departments and agencies|government departments|members|member states|countries"
    r"|nations|economies|states|governments))"
)
_APPOSITION = regex(r"^, [^,]{3,80},|^ [—–] [^—–]{3,80} [—–]")
_BESIDE = regex(
    r",? ?(?:in (?:collaboration|cooperation|conjunction|coordination)|together|along|jointly)? ?with [^,]{3,120}?,"
)
_LIES_IN = regex(
    r"^ in (?:the )?[A-Z][\w'’-]+(?:,? (?:and )?[A-Z][\w'’-]+){0,3}(?: province| autonomous region| municipality)?,?"
)
"""`Huli district in Sampleland, Sample province, issued`: where the actor lies."""
_DISTRICT_END = regex(r"(?:district|county|prefecture|New Area|township)$")
"""`Huli district of Sampleland issued`: a district's city stands with `of`."""
_TOGETHER = regex(
    r"\b(?:together|jointly|along|in (?:collaboration|cooperation|conjunction|coordination)) with (?:the )?$"
)
# `by an office of the joint conference on ponds`: public, though no table knows it
_UNKNOWN_BODY = regex(
    r"(?:the |an? )?(?:[\w'’-]+ ){0,5}?(?:office of the|ministry|bureau|commission"
    r"|departments?|authorities|government|regulators?|agenc(?:y|ies)|inter-ministerial)\b"
)
_OCCASION = regex(
    r",? in (?:return|response|turn),?|,? (?:on )?the same day,?"
    r"|,? at the same (?:time|meeting|session|event),?|,? for the first time,?"
    r"|,? (?:in|through|with) (?:a|an|its) (?:joint |separate |brief )?(?:statement|announcement|notice|circular),?"
)
"""`The ministry on the same day added …`, `the bank, in a separate statement, cut …`."""
_OF_OCCASIONS = (
    " return", " response", " turn", " same ", " first time", "statement", "announcement", "notice", "circular",
)  # fmt: skip
"""Parts of what it finds, one of which it needs."""
_ACTS = regex(r" (?:(?:has|have|had|also|recently|jointly|[a-z]+ly) )*[a-z]+(?:ed|ook|ade|ave|id|et|ut|ld)\b")
_ONLY_LEAD = regex(r"(?:[\w'’-]+ ){0,7}(?:[\w'’-]+, (?:including|such as|led by) (?:the )?)?")
BY_AGENT = regex(r"(?: (?:on|in|last|late|early|earlier)(?: [\w.]{2,12}){1,2},?(?: \d{1,4},?){0,2})?(?: jointly)? by ")
_CONSENTS = regex(r"(?:approved by|approval (?:of|from)|consent of)\s(?:the\s)?$")
_BESIDE_BODY = regex(r"\b(?:by|to|from|against|with|of|for|across|between|toward|towards|via)\s(?:the\s)?$")
_SPEAKS_FOR = regex(
    r"\b(?:[Ss]pokes(?:man|woman|person)|[Oo]fficials?|[Mm]inister|[Hh]ead|[Gg]overnor|[Cc]hairman|[Dd]irector)"
    r" (?:for|of|from|with) (?:the )?$"
)
"""What an official announces for a body is the body's: `a spokesman for the ministry announced …`."""
_TOGETHER_WITH = regex(r",? (?:together|jointly|along) with (?:the )?")


class Actors:
    """Resolves the authorities of one article; keeps what its sentences have named so far."""

    def __init__(self, article: Article) -> None:
        self.text = article.text
        self.meant = Meant(article)
        self._span = (-1, -1)
        self._named: list[Actor] | None = None

    def enter(self, start: int, end: int) -> None:
        """Begin a sentence: its authorities are found once for all its verbs, and not before a rule asks."""
        self._span, self._named = (start, end), None

    def _before(self, start: int, at: int) -> list[Actor]:
        if self._span[0] != start:
            return authorities(self.meant, start, at)
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
            if _BESIDE_BODY.search(self.text, max(start, actor.start - 14), actor.start) and not _SPEAKS_FOR.search(
                self.text, max(start, actor.start - 40), actor.start
            ):
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
            if BETWEEN.fullmatch(self.text, edge, other.start) is None:
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
        match = BY_AGENT.match(window)
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
            return authorities(self.meant, start, end)
        if self._named is None:
            self._named = authorities(self.meant, start, end)
        return self._named

    def _reaches(self, end: int, at: int) -> bool:
        """Whether only auxiliaries, adverbs, dates and appositions stand between an authority and its verb."""
        gap = self.text[end:at]
        if len(gap) > 260:
            return False
        if gap.startswith(" of ") and _DISTRICT_END.search(self.text, max(0, end - 12), end):
            gap = f" in {gap[4:]}"
        for pattern in (_LIES_IN, _COUNT_AFTER, _APPOSITION):
            gap = pattern.sub("", gap, count=1)
        if "with " in gap:
            gap = _BESIDE.sub("", gap, count=1)
        gap = re.sub(r"\([^()]{0,60}\)", "", _COUNT_AFTER.sub("", gap, count=1))
        if any(map(gap.__contains__, _OF_OCCASIONS)):
            gap = _OCCASION.sub("", gap)
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
                r"\s*(?:its |the (?:(?:country|nation|city|province)['’]s )?|China['’]s )?(?:\d{1,2} )?",
                gap,
            ):
                break
            if _CONSENTS.search(self.text, max(start, other.start - 24), other.start):
                break
            names[:0] = [n for n in other.issuers if n not in names]
            edge = other.start
        return Actor(tuple(dict.fromkeys(names)), actor.name, edge, actor.end)

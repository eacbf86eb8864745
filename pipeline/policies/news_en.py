"""Announcements that English prose reports, sentence by sentence.

Rules, in the order tried: `issued` (authority + verb of issuing + noun phrase, active or passive), `planned` (the same
after will, plans to …), `measure` (authority + imposes, bans, fines, launches a probe …), `in force` (came into
effect), `described` (a definite instrument with a complement of its own), and the kinds of instrument with names of
their own: document numbers, five-year plans, work reports, negative lists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Article, Instrument, Salience, Status
from pipeline.policies.actions import action_of, usual_action
from pipeline.policies.actors import Actor, Actors
from pipeline.policies.candidates import LIMIT, Candidate
from pipeline.policies.cuts import evidence_sentences
from pipeline.policies.dates import When, dates_in, day_of
from pipeline.policies.issuers import Mention, bodies, bodies_in
from pipeline.policies.measures import deeds_in
from pipeline.policies.numbers import Number, find_numbers
from pipeline.policies.phrases import (
    Phrase,
    Token,
    Verb,
    head_at,
    object_phrase,
    phrase_before,
    phrases_of,
    spell,
    tokenize,
    verbs_of,
)
from pipeline.policies.places import places_in
from pipeline.policies.sectors import sectors_en
from pipeline.policies.tables import words

_LIKELY = re.compile(
    r"guid(?:eline|ance)|plan|polic|measure|regulation|rule|law|\bact\b|\bbill\b|order"
    r"|decree|notice|circular|announce|list|catalog|decision|ruling"
    r"|agreement|memorand|protocol|treaty|standard|pilot|trial|tariff|dut(?:y|ies)"
    r"|sanction|restriction|control|curb|\bban|subsid|investigat|probe"
    r"|fine[ds]?\b|white paper|report|opinions|provisions|program|scheme|campaign|strategy"
    r"|blueprint|roadmap|directive|legislation|statement"
    r"|incentive|fund|platform|visa|resolution|recommendation|proposal|exempt|decid"
    r"|recogni[sz]ed|professions|declaration|tax"
)
_AUX_PASSIVE = words("aux_passive")
_PERFECT = words("perfect")
_FUTURE = re.compile(
    r"(?:\b(?:will|would|shall|plans? to|planned to|planning to|aims? to|intends? to"
    r"|is to|are to|is set to|are set to|is expected to|are expected to"
    r"|vowed to|pledged to|promised to|going to|about to|is considering|are considering"
    r"|is preparing to|proposes? to|proposed to|try to|seeks? to|hopes? to|efforts"
    r" to|threatened to|threatens to))(?: \w+ly| also| soon| further| jointly| be|"
    r" try to|,[^,]{3,80},)*$"
)
_FORECAST = re.compile(r"\b(?:likely|unlikely|probably|expected|may|might|could|should)(?: to)?(?: \w+ly| also)*$")
_NEGATED = re.compile(
    r"\b(?:not|never|no|without|if|whether|should|could|may|might|would|must|call(?:s"
    r"|ed)? (?:for|on)|urg(?:e|es|ed|ing)|suggest\w*|recommend\w*|hop(?:e|es|ed|ing)"
    r" (?:that|to)|expect(?:s|ed)? that)\b[^,;.]{0,40}$"
)
_PRIVATE = re.compile(
    (
        r"\b(?:compan(?:y|ies)|firms?|automakers?|carmakers?|groups?|corp|inc|ltd|executives?"
        r"|ceo|universit(?:y|ies)|hospitals?|startups?|banks?|brands?|researchers?"
        r"|scientists|teams?|institutes?|associations?|organizers?|players?|developers?"
        r"|manufacturers?|enterprises|businesses|analysts?|experts?|chamber|court|police"
        r"|airlines?|operators?|giants?|platforms?)\b"
    ),
    re.IGNORECASE,
)
_GROUPS = {"guidelines": "guideline", "guidance": "guideline", "opinions": "guideline", "policies": "measures"} | {
    "policy": "measures", "regulations": "regulation",
}  # fmt: skip
"""Head nouns that may point back to one another: `the guidance` after `a guideline`."""

_NOMINAL = re.compile(
    r"\b(?P<what>decision to (?P<how>impose|levy|raise|cut|extend|ban|restrict|suspend|lift"
    r"|lower|scrap|remove|expand|exempt)\b[^,.;]{3,90})"
)
_REPORTED = re.compile(r"\b(?:media reports|reports|reported|rumou?rs|it is reported)\b")
_FORCE = re.compile(
    r"\b(?:came|come|comes|coming|went|goes|entered|put|enter|enters) into (?:effect"
    r"|force)|\b(?:took|take|takes|taken|taking) effect|\bbec(?:ame|omes?) effective"
    r"|\beffective (?:from|on|as of|since)"
)
_EFFECTIVE = re.compile(
    r"\b(?:effective(?: from| on| as of| since)?|(?:took|take|takes|taking) effect(?:"
    r" on| from)?|(?:came|come|comes|coming|went|goes|go|enter(?:ed|s)?) into (?:effect"
    r"|force)(?: on| from| in)?|starting(?: from| on)?|starts? from|beginning|as of"
    r"|from)\s*,?$"
)
_PERIOD = re.compile(
    r"\b(?:by|until|till|through|before|between|to|and|over|after|during|since the"
    r"|than|for|next|from)\s(?:the\s)?(?:end of\s)?(?:late\s|early\s|mid-)?$"
)
_SINCE = re.compile(
    r"\b(?:since|operational since|running from|starting|effective|from)\s(?:early |late |the )?$", re.IGNORECASE
)
_FIVE_YEAR = re.compile(
    r"(?P<lead>(?:(?:the |its |China['’]s )?(?:draft (?:outline|proposal|version)|outline"
    r"|blueprint|recommendations|[Rr]ecommendations|proposals?|[Pp]roposals?|outline"
    r" draft|suggestions|full text)"
    r"(?: for| of| on| to)(?: formulating| drafting| the formulation of)?) (?:the "
    r"|its |China['’]s |the country['’]s |the nation['’]s |national )?)(?P<ord>\d{1,2}(?:st"
    r"|nd|rd|th)|Fourteenth|Fifteenth) Five-Year Plan(?: \(\d{4}-\d{2,4}\)| for [A-Z][\w"
    r" ]{4,50})?"
)
_WORK_REPORT = re.compile(
    r"(?:(?P<year>20\d\d) )?(?:(?P<place>[A-Z][a-z]+) )?(?:annual )?(?P<head>[Gg]overnment [Ww]ork [Rr]eport)(?!ed)"
)
_NEGATIVE = re.compile(
    r"(?:(?P<edition>the latest edition of|the \d{4} edition of|the new|new|revised"
    r"|updated|latest)\s)?(?:the |its |China['’]s |the country['’]s )?(?:national )?negative"
    r" list(?:s)? (?:for|of|on) (?:foreign investment|market access|cross-border (?:trade"
    r" in services|services trade|service trade)|cross-border data)[^,.;]{0,60}?(?=,"
    r"| which| that| has| have| was| were| is| in order|\.|;| to | and |$)"
)
_PREP_LEGAL = re.compile(
    r"(?:in accordance with|according to|in line with|pursuant to|under|based on|on"
    r" the basis of|in compliance with|violat\w+|Article \d+ of|provisions of|requirements"
    r" of|by)\s+(?:Article \d+ of )?(?:the |its |China['’]s |relevant |[A-Z]\w+['’]s?"
    r" ){0,3}$"
)


_DETAILED = re.compile(
    r"\b(?:was|were|is|are|been) (?:\w+ly )?(?:detailed|outlined|set out|laid out|spelled"
    r" out|specified|contained|included|listed|unveiled|announced) in (?=an? |the "
    r"|its )"
)
_SAID = re.compile(
    r"(?P<who>(?:[Aa]uthorit(?:y|ies)|[Mm]inistry|[Cc]ommission|[Gg]overnment|[Aa]dministration"
    r"|[Rr]egulator|[Bb]ureau|[Cc]ouncil|[Dd]epartment|[Oo]ffice|MOFCOM|NDRC|MIIT|officials?),?"
    r" )?(?:said|says|told)\b[^,]*$"
)
_REPORT_SAYS = re.compile(
    r"\b(?:[Tt]he|[Tt]his year['’]s) report (?:also )?(?:highlight|stress|pledge|call|set|outline|emphasi|propose)\w*"
)
_WORK_REPORT_SAYS = re.compile(
    r"\b[Ww]ork [Rr]eport (?:also )?(?:said|mention|highlight|stress|pledge|call|set|outline|emphasi|propose|note)\w*"
)
_SAYS = re.compile(r",? (?:said|announced)\b")
_HABIT = re.compile(r"\b(?:repeatedly|often|always|usually|sometimes|constantly|frequently|continually|consistently)\b")
_SIGNERS = re.compile(
    r"\b(?:Ministers?|Presidents?|Premiers?|Prime Minister|leaders|two sides|two countries"
    r"|both sides|two governments|governments|China and [A-Z]\w+)\b[^.;]{0,160}$"
)
_LOCAL = re.compile(r"(?:local|city['’]?s?|provincial|municipal|province['’]s|region['’]s) (?:\w+ )?$")
_OWNED = re.compile(r"^(?:the |its )?(?:China['’]s |country['’]s |nation['’]s )?")
_OF_POLICY = re.compile(
    r"tariff|dut(?:y|ies)|sanction|restriction|\bban|curb|control|subsid|\btax|quota|visa|measure|export|import"
)
_PAST_FORCE = re.compile(r"came|went|entered|took|became|put")
_NO_AGENT = re.compile(r" by (?:consensus|a vote|\d|the end|[A-Z][a-z]{2,8} \d|late|early|mid)")
_PLURALS = frozenset(
    {
        "guidelines",
        "regulations",
        "rules",
        "standards",
        "provisions",
        "notices",
        "circulars",
        "laws",
        "agreements",
        "national standards",
    }
)
_DOCUMENT_SUBJECT = re.compile(
    r"(?:The|This|These|It|Its) (?:[\w'’-]+ ){0,3}?(?:guidelines?|guidance|plans?|measures"
    r"|notice|circular|document|regulations?|rules|campaign|program|blueprint|report"
    r"|policy|policies|opinions)\b(?! to\b)"
)
_AHEAD = re.compile(
    r"\b(?:will|pledge\w*|plans?|goals?|targets?|priorit\w+|outlined|according to|call(?:ed"
    r"|ing|s) for|propos\w+|stress\w*|emphasi\w+)\b"
)
_CONFERENCE = re.compile(r"[Pp]ress [Cc]onference|发布会")
_PASSING = re.compile(r"\b(?:series|package|raft|range|set|number|host|slew|batch|more|multiple|various|many) (?:of )?")
_NAMES_IT = re.compile(
    r"(?:, |\bis |\bwas )(?:code-?named|named|called|dubbed|titled|entitled|known as) [\"“](?P<name>[^\"”“]{3,80})[\"”]"
)
_NOMINAL_ACT = re.compile(
    r"\b(?P<act>rollout|roll-out|release|launch|introduction|issuance|implementation"
    r"|promulgation|announcement|publication|expansion) of "
)
_TURN = re.compile(r"(?:^|\n\n)\[?(?P<label>[A-Z][\w.&' -]{1,40})\]?: ")
_PASSIVE_RUN = re.compile(r"\b(?:was|were|been|is|are|be|being)(?: \w+ly)?$")
_JOINED = re.compile(r"\band(?: \w+ly| also| then)?$")
_SUBORDINATE = re.compile(
    r"\b(?:after|since|because|following)(?: the| that)?\s*$|\b(?:remarks?|comments?|statement) after\b[^,]*$"
)
_DEED_KIND: dict[str, Instrument] = {"probe": "other", "order": "order", "list": "list"}


def reported_records(article: Article) -> list[Candidate]:
    """Candidates of a page that reports, in text order; several of one instrument are still apart."""
    reader = _Reader(article)
    for start, end in evidence_sentences(article.text):
        if len(reader.found) >= LIMIT:
            break
        if _LIKELY.search(article.text[start:end].lower()):
            reader.read(start, end)
        else:
            reader.pass_over(start, end)
    return reader.found


class _Reader:
    """Reads sentence after sentence; remembers what was found, so that `the plan` finds the plan that it means."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.text = article.text
        self.actors = Actors(article)
        self.found: list[Candidate] = []
        self.seen: dict[str, tuple[str, tuple[int, int]]] = {}
        """Head noun -> the fullest phrase with it that no verb of issuing took, and its sentence."""
        self.numbers: list[Number] = []
        title = re.search(r"\((?P<day>[^()]*\d{4})\)\s*$", article.title or "")
        self.today = article.published
        if title:
            dated = dates_in(title["day"], 0, len(title["day"]), article.published)
            if dated and len(dated[0].value) == 10:
                self.today = dated[0].value
        self.conference = (
            _CONFERENCE.search(article.title or "") is not None and _TURN.search(article.text[:3000]) is not None
        )
        self.ministry = article.source == "mofcom" or "MOFCOM" in (article.title or "")

    def pass_over(self, start: int, end: int) -> None:
        """A sentence without a word of ours: it can only date the measure that the one before it told."""
        known = self.found[-1] if self.found else None
        if known is not None and known.issued_on is None and known.evidence[-1][1] + 3 >= start:
            self.actors.enter(start, end)
            self._answered_for(start, end, dates_in(self.text, start, end, self.today))

    def read(self, start: int, end: int) -> None:
        text = self.text
        tokens = tokenize(text, start, end)
        if not tokens or len(tokens) > 400 or text[end - 1] == "?":
            return
        tokens = _masked(tokens, bodies_in(text, start, end))
        dates = dates_in(text, start, end, self.today)
        self.numbers = find_numbers(text, start, end)
        taken: set[int] = set()
        before = len(self.found)
        self.actors.enter(start, end)
        self._answered_for(start, end, dates)
        if self._detailed(tokens, start, end, dates):
            return
        verbs = verbs_of(tokens)
        for verb in verbs:
            candidate, phrase = self._verb(tokens, verb, start, end, dates)
            if candidate is not None:
                self.found.append(candidate)
                if phrase is not None and candidate.kept:
                    taken.update(range(phrase.first, phrase.last + 1))
        if not any(c.kept for c in self.found[before:]):
            self._measure(start, end, dates)
        naming = _NAMES_IT.search(text, start, end)
        if naming:
            for candidate in reversed(self.found):
                if (
                    candidate.kept
                    and candidate.strength < 3
                    and candidate.evidence
                    and start - candidate.evidence[0][0] < 800
                ):
                    candidate.title, candidate.strength = naming["name"], 3
                    candidate.add_evidence((start, end))
                    break
        self._named(start, end, dates)
        self._nominal_act(tokens, start, end, dates, taken)
        self._in_force(tokens, start, end, dates, taken)
        self._described(tokens, start, end, dates, taken)
        for candidate in self.found[before:]:
            self._finish(candidate, start, end)

    # -- rules ---------------------------------------------------------------------------------------------------------

    def _verb(
        self, tokens: list[Token], verb: Verb, start: int, end: int, dates: list[When]
    ) -> tuple[Candidate | None, Phrase | None]:
        text = self.text
        at = tokens[verb.first].start
        group = _group_start(tokens, verb.first)
        passive = any(t.low in _AUX_PASSIVE for t in tokens[group : verb.first]) and verb.form in {"past", "participle"}
        after = tokens[verb.last + 1].low if verb.last + 1 < len(tokens) else ""
        reduced = (
            verb.form in {"past", "participle"}
            and not passive
            and (after == "by" or (after in {"on", "in", "last", "earlier", "this"} and _noun_before(tokens, group)))
        )
        if reduced and after != "by" and self.actors.subject(start, at):
            # `China unveiled on Wednesday a plan`: the date stands before the object
            reduced = False
        lead = text[start : tokens[group].start].rstrip() if group else ""
        run = text[start:at].rstrip()
        future = _FUTURE.search(run) is not None
        perfect = (
            any(t.low in _PERFECT for t in tokens[max(0, group - 1) : verb.first]) or _JOINED.search(run) is not None
        )
        if passive and not future and any(t.low == "to" for t in tokens[group : verb.first]):
            return None, None
        if reduced and verb.lemma == "approve":
            # `as approved by the State Council`: who consents is no issuer
            return None, None
        if (
            verb.form in {"past", "participle"}
            and not passive
            and verb.first > 0
            and tokens[verb.first - 1].low in {"newly", "recently", "just", "previously"}
            and head_at(tokens, verb.last + 1)
        ) or (
            verb.last + 2 < len(tokens)
            and tokens[verb.first - 1].low in {"newly", "recently"}
            and head_at(tokens, verb.last + 2)
            and tokens[verb.last + 1].low not in {"a", "an", "the", "its"}
        ):
            # `according to a newly released plan`, `China's recently released recommendations for …`
            phrase = object_phrase(tokens, verb.last + 1)
            owner = self.actors.actors(max(start, at - 40), at)
            actor = owner[-1] if owner else None
            passive = True
            if phrase is not None and start < 600 and phrase.noun.strength == "weak":
                actor = actor or Actor((), "authorities", at, at)
        elif reduced and verb.first <= 1 and start + 40 > at:
            comma = next((i for i in range(verb.last + 1, len(tokens)) if tokens[i].low == ","), None)
            phrase = object_phrase(tokens, comma + 1) if comma is not None else None
            actor = self.actors.agent(tokens[verb.last].end, end)
            if (
                phrase is not None
                and phrase.definite
                and not _complemented(phrase, tokens)
                and self._antecedent(tokens[phrase.head].low, phrase) is None
            ):
                phrase = replace(phrase, definite=False)
        elif passive or reduced:
            phrase = phrase_before(tokens, group)
            actor = self.actors.agent(tokens[verb.last].end, end)
        else:
            drafting = verb.sense == "draft" and group < verb.first and tokens[verb.first - 1].low in _AUX_PASSIVE
            if (verb.form == "gerund" and not drafting) or (verb.form == "base" and not future):
                return None, None
            phrase = object_phrase(tokens, verb.last + 1)
            actor = self.actors.subject(start, tokens[group].start) or self.actors.subject(start, at)
        if phrase is None and actor is not None and not (passive or reduced):
            # `under the Measures for …, which the ministry issued on Monday`
            which = next(
                (i for i in range(group - 1, max(-1, group - 30), -1) if tokens[i].low in {"which", "that"}), None
            )
            phrase = phrase_before(tokens, which) if which is not None and which > 0 else None
        if phrase is None or self._has_number(tokens, phrase):
            return None, None
        if actor is None and passive and after != "by" and self.conference and self.ministry:
            # a ministry that speaks of itself leaves itself out
            actor = Actor(("Ministry of Commerce",), "the ministry", at, at)
        if actor is None and verb.sense == "sign" and _SIGNERS.search(run):
            parties = [m.name for m in bodies_in(text, tokens[phrase.first].start, end)]
            actor = Actor(tuple(dict.fromkeys(parties)), "signers", start, start)
        if actor is None and not (passive or reduced):
            actor = self._coordinate(tokens, verb, start)
            if (
                actor is None
                and phrase.named
                and phrase.noun.strength in {"strong", "weak"}
                and re.search(
                    r"\b[Ww]e(?: have| also)*(?: \w+ly)*$|\b[Ww]e (?:have )?[^.]{0,200}, (?:and )?$",
                    run + (" " if run.endswith(",") else ""),
                )
            ):
                actor = Actor((), "we", start, start)
        if phrase.noun.noun.endswith("work report"):
            return None, None
        candidate = self._candidate(tokens, phrase, actor, start, end, dates, verb)
        status: Status = "issued"
        if verb.sense == "draft" and not future:
            status = "draft" if after != "and" else "issued"
        if future:
            status = "planned"
        if verb.sense == "repeal":
            status = "planned" if future else "repealed"
        if (
            status == "issued"
            and verb.sense == "issue"
            and re.match(r"(?:an? )?(?:[\w-]+ )?(?:draft|proposed)\b", candidate.title)
        ):
            status = "draft"
        candidate.status = status
        candidate.rule = "planned" if status == "planned" else "issued"
        strength = phrase.noun.strength
        if _FORECAST.search(run) or (_NEGATED.search(run) and not future):
            candidate.drop("wished, denied or supposed")
        elif (
            (passive or reduced)
            and actor is None
            and after == "by"
            and not _NO_AGENT.match(text, tokens[verb.last].end, end)
        ):
            candidate.drop("issued by no public authority")
        elif (
            candidate.head in {"plan", "plans"}
            and "five-year plan" in candidate.title.lower()
            and verb.lemma in {"launch", "implement", "initiate", "outline", "expand", "extend", "carry out"}
        ):
            candidate.drop("a period, not a document")
        elif candidate.head == "paper" and (passive or reduced) and re.match(r"According to", text[start:end]):
            candidate.drop("a report cited for figures")
        elif strength == "measure" and (verb.sense != "issue" or passive or not _complemented(phrase, tokens)):
            return None, None
        elif (
            not (passive or reduced)
            and _DOCUMENT_SUBJECT.match(text, start, at)
            and verb.sense not in {"sign", "deliver"}
        ):
            candidate.drop("what a document holds")
        elif (actor is None and not (passive or reduced)) or (
            actor is None
            and (strength not in {"strong"} or _PRIVATE.search(lead[-80:]))
            and not (phrase.named and strength == "name")
        ):
            candidate.drop("no public authority acts")
        elif verb.lemma == "announce" and strength in {"vague"}:
            candidate.drop("a plan that is only spoken of")
        elif (
            phrase.definite
            and not phrase.named
            and (not _complemented(phrase, tokens) or self._purpose(phrase, tokens))
        ):
            self._refer(candidate, phrase, actor, start, end, dates)
        elif (
            strength in {"vague", "name"}
            and not phrase.named
            and not (
                actor
                and _complemented(phrase, tokens)
                and (actor.issuers or (perfect and verb.sense in {"issue", "apply"}))
            )
        ):
            candidate.drop("too vague a noun")
        elif (
            status == "planned"
            and (strength not in {"strong", "weak", "measure"} or verb.sense in {"apply", "adjust"})
            and not self.ministry
        ):
            candidate.drop("an intention without an instrument")
        elif self._in_passing(candidate, phrase, tokens, start):
            candidate.drop("policies that are only spoken of")
        elif (
            phrase.noun.instrument != "pilot"
            and verb.sense in {"apply", "adjust"}
            and (strength != "strong" and not _complemented(phrase, tokens))
        ):
            candidate.drop("carried out, not issued")
        elif (
            verb.sense == "sign"
            and phrase.noun.instrument != "agreement"
            and not (phrase.named and "joint" in candidate.title.lower())
        ):
            candidate.drop("signed, but no agreement")
        elif verb.sense == "lift" and strength not in {"strong"}:
            candidate.drop("takes something away that is no instrument")
        return candidate, phrase

    def _has_number(self, tokens: list[Token], phrase: Phrase) -> bool:
        """Whether the noun is the first word of a document number, which has a rule of its own."""
        at = tokens[phrase.head].start
        return any(n.start <= at < n.end for n in self.numbers)

    def _detailed(self, tokens: list[Token], start: int, end: int, dates: list[When]) -> bool:
        """`The measures were detailed in a guideline to …`: the guideline is the instrument, they are its content."""
        match = _DETAILED.search(self.text, start, end)
        if match is None:
            return False
        at = next((i for i, t in enumerate(tokens) if t.start >= match.end()), len(tokens))
        phrase = object_phrase(tokens, at) if at < len(tokens) else None
        subject = phrase_before(tokens, next(i for i, t in enumerate(tokens) if t.end > match.start()))
        if (
            phrase is None
            or phrase.noun.strength not in {"strong", "name", "weak"}
            or "report" in tokens[phrase.head].low
        ):
            return False
        known = self._antecedent(tokens[subject.head].low, subject) if subject else None
        found = self._candidate(tokens, phrase, None, start, end, dates, None)
        if "five-year" in found.title.lower():
            return False
        found.rule = "detailed in"
        if known is None:
            if not _complemented(phrase, tokens):
                return False
            self.found.append(found)
            self._finish(found, start, end)
            return True
        known.title, known.instrument, known.head, known.strength = found.title, found.instrument, found.head, 2
        known.add_evidence((start, end))
        known.action = action_of(found.title, *(self.text[s:e] for s, e in known.evidence))
        known.sectors = sectors_en(self.text[start:end]) or known.sectors
        known.regions = _outer((*known.regions, *_regions(self.text, start, end)))
        return True

    def _purpose(self, phrase: Phrase, tokens: list[Token]) -> bool:
        """`We introduced the Rules to protect …`: a purpose, where the rules were named before."""
        after = tokens[phrase.head + 1].low if phrase.head + 1 < len(tokens) else ""
        own = [t for t in tokens[phrase.first : phrase.head] if t.low not in _PLAIN]
        return after == "to" and not own and self._antecedent(tokens[phrase.head].low, phrase) is not None

    def _measure(self, start: int, end: int, dates: list[When]) -> None:
        text = self.text
        last: Actor | None = None
        for deed in deeds_in(text, start, end):
            run = text[start : deed.start].rstrip()
            future = _FUTURE.search(run) is not None
            passive = _PASSIVE_RUN.search(run) is not None
            actor = self.actors.agent(deed.end, end) if passive else self.actors.subject(start, deed.start)
            if actor is None and not passive:
                actor = last if last is not None and _JOINED.search(run) else self._pronoun(run, start)
            if actor is None:
                continue
            last = actor
            candidate = Candidate(
                rule="planned" if future else "measure",
                trigger=text[deed.start : deed.end],
                title=deed.title,
                instrument=_DEED_KIND.get(deed.family, "other" if future else "decision"),
                head=deed.object,
                issuers=self._we_as_nation(actor),
                actor=actor.name,
                status="planned" if future else "issued",
                evidence=[(start, end)],
                reason="an authority takes a measure",
                entities=(deed.target,) if deed.target else (),
            )
            candidate.issued_on, candidate.effective_on = self._dates(start, end, deed.start, dates, future)
            candidate.action = action_of(deed.title)
            if _FORECAST.search(run) or (_NEGATED.search(run) and not future):
                candidate.drop("wished, denied or supposed")
            elif deed.family == "probe" and len(deed.title.split()) < 2:
                candidate.drop("an investigation of nothing named")
            elif _HABIT.search(run[-40:]):
                candidate.drop("a habit, not one measure")
            elif deed.family == "ban" and deed.title.split()[0] in {"ban", "block", "bar", "prohibit"} and not future:
                candidate.drop("no finite verb")
            elif _SUBORDINATE.search(text[start : actor.start]):
                candidate.salience = "background"
                candidate.rule = "measure in a subordinate clause"
            self.found.append(candidate)
        for match in _NOMINAL.finditer(text, start, end):
            lead = text[max(start, match.start() - 30) : match.start()]
            actors = self.actors.actors(max(start, match.start() - 30), match.start())
            owner = re.search(r"(?P<who>\w+)['’]s? $", lead)
            issuers: tuple[str, ...] = actors[-1].issuers if actors else ()
            if owner:
                named = [p for p in places_in(text, match.start() - len(owner[0]), match.start()) if p.government]
                issuers = (named[-1].government,) if named else issuers
            candidate = Candidate(
                rule="decision to",
                trigger="decision to",
                title=match["what"],
                instrument="decision",
                head="decision",
                issuers=issuers,
                evidence=[(start, end)],
                reason="a decision with what it decides",
            )
            same = [c for c in self.found if c.rule == "decision to" and _alike(c.title, candidate.title)]
            if same:
                same[0].add_evidence((start, end))
                same[0].issuers = same[0].issuers or issuers
            elif "decided" not in lead and (
                match["how"] in {"impose", "levy", "ban"} or _OF_POLICY.search(match["what"])
            ):
                self.found.append(candidate)

    def _named(self, start: int, end: int, dates: list[When]) -> None:
        text = self.text
        for number in self.numbers:
            about = self.ministry or "Ministry of Commerce" in self.text or "ommerce ministry" in self.text.lower()
            printed = number.printed or (("MOFCOM",) if about else ())
            normal = number.normal(printed=printed)
            if not printed:
                continue
            if normal is None and self._short_number(number, start, end):
                continue
            owner = next(
                (
                    c
                    for c in reversed(self.found)
                    if c.kept and c.number is None and c.strength == 3 and c.evidence[0] == (start, end)
                ),
                None,
            )
            if owner is not None and text[number.start - 1 : number.start] == "(":
                owner.number, owner.issuers = normal, number.issuers or owner.issuers
                owner.issued_on = owner.issued_on or number.year
                continue
            candidate = Candidate(
                rule="number", trigger=text[number.start : number.end], title=text[number.start : number.end],
                instrument="order" if number.kind == "order" else "announcement", head="announcement", number=normal,
                issuers=number.issuers or ("Ministry of Commerce",), issued_on=number.year, evidence=[(start, end)],
                strength=3,
                reason="has a document number",
            )  # fmt: skip
            on, effective = self._dates(start, end, number.start, dates, False)
            if normal is None:
                # `Announcement No 41, which was issued on Saturday`: the year is that of its day, else of the story
                candidate.number = number.normal(printed=printed, year=(on or self.today or "")[:4] or None)
                candidate.issued_on = on
            if on and on[:4] == number.year:
                candidate.issued_on = on
            candidate.effective_on = effective
            self.found.append(candidate)
        for match in _FIVE_YEAR.finditer(text, start, end):
            lead = match["lead"].lower()
            kind: Instrument = "guideline" if re.search(r"recommend|proposal|suggestion", lead) else "plan"
            status: Status = "draft" if "draft" in lead else "issued"
            self._mention(
                "five-year plan",
                match[0],
                kind,
                "five-year plan" if kind == "plan" else "recommendations",
                start,
                end,
                status,
            )
        for match in _WORK_REPORT.finditer(text, start, end):
            self._work_report(match, start, end, dates)
        for match in _NEGATIVE.finditer(text, start, end):
            if _PREP_LEGAL.search(text[start : match.start()][-40:]) or re.search(
                r"\b(?:hindered|concept of)\b", text[start:end]
            ):
                continue
            found = self._mention("negative list", match[0], "list", "negative list", start, end, "issued")
            if found:
                edition = re.search(r"\b(20\d\d)\b", match[0])
                found.issued_on = found.issued_on or (edition[1] if edition else None)
                _, found.effective_on = self._dates(start, end, match.end(), dates, False)
                found.action = (
                    "opening"
                    if re.search(r"cross-border|remov|shorten|lift|short|cut|reduc", text[start:end])
                    else "restriction"
                )
                for body in self.actors.actors(start, end):
                    if (
                        body.issuers
                        and not found.issuers
                        and re.search(
                            r"according to (?:the )?$|(?:issued|released|published) by (?:the )?$",
                            text[start : body.start],
                        )
                    ):
                        found.issuers = body.issuers

    def _short_number(self, number: Number, start: int, end: int) -> bool:
        """`Announcement No 41` after `Announcement No 41 of 2026` was named: one more sentence of that record."""
        for known in self.found:
            if (
                known.kept
                and known.rule == "number"
                and re.search(rf"\bNo\.? {number.no}\b", known.number or known.title)
            ):
                known.add_evidence((start, end))
                return True
        return False

    def _work_report(self, match: re.Match[str], start: int, end: int, dates: list[When]) -> None:
        text = self.text
        known = next((c for c in self.found if c.kept and c.head == "work report"), None)
        if known:
            if len(known.evidence) < 4:
                known.add_evidence((start, end))
            return
        local = [
            p
            for p in places_in(text, max(start, match.start() - 60), match.end())
            if p.government and p.kind not in {"country", "bloc"}
        ]
        delivered = re.search(r"\b(?:deliver|releas|unveil|submit|present|outlin)\w*", text[start:end], re.IGNORECASE)
        issuers: tuple[str, ...] = ("State Council",)
        if local:
            issuers = (local[-1].government,)
        elif _LOCAL.search(text, max(start, match.start() - 30), match.start()):
            home = self.actors.home_before(match.start())
            issuers = (home.government,) if home else ()
        elif re.search(r"\b(?:city|province|region|municipal|mayor|governor)\b", text[start:end], re.IGNORECASE) and (
            home := self.actors.home_before(start)
        ):
            issuers = (home.government,)
        on, _ = self._dates(start, end, match.start(), dates, False)
        candidate = Candidate(
            rule="work report", trigger=match["head"], title=match[0].strip(), instrument="other", head="work report",
            issuers=issuers,
            issued_on=on if delivered and on else match["year"] or self._this_year(match.start()),
            evidence=[(start, end)], strength=3, reason="a government work report",
            action="support",
        )  # fmt: skip
        self.found.append(candidate)
        rest = self.text[start : start + 8000]
        ahead = _AHEAD.search(text[start:end]) or _REPORT_SAYS.search(rest[:900]) or _WORK_REPORT_SAYS.search(rest)
        if ahead is None:
            candidate.drop("a work report cited for figures")

    def _in_quotes(self, start: int) -> bool:
        """Whether the sentence goes on with what somebody says in marks, deep in the story."""
        if start < 1000:
            return False
        opening = self.text.rfind("\n\n", 0, start) + 1
        before = self.text[opening:start]
        return before.count('"') % 2 == 1 or before.count("“") > before.count("”")

    def _this_year(self, at: int) -> str | None:
        """The year of `this year's Government Work Report`."""
        this = re.search(r"\b[Tt]his year['’]s (?:annual )?$", self.text[max(0, at - 24) : at])
        return self.today[:4] if this and self.today else None

    def _mention(
        self, rule: str, title: str, kind: Instrument, head: str, start: int, end: int, status: Status
    ) -> Candidate | None:
        known = next((c for c in self.found if c.kept and c.head == head and c.instrument == kind), None)
        if known is not None:
            known.add_evidence((start, end))
            return None
        candidate = Candidate(
            rule=rule, trigger=title, title=_OWNED.sub("", title), instrument=kind, head=head, status=status,
            evidence=[(start, end)], strength=3, salience="background",
            reason="a kind of instrument with a name of its own",
        )  # fmt: skip
        self.found.append(candidate)
        return candidate

    def _described(self, tokens: list[Token], start: int, end: int, dates: list[When], taken: set[int]) -> None:
        """A definite strong noun with a complement of its own, or a bare one that points back."""
        text = self.text
        for phrase in phrases_of(tokens):
            if phrase.first in taken or phrase.head in taken:
                continue
            low = tokens[phrase.head].low
            if _complemented(phrase, tokens) and phrase.noun.strength in {"strong", "weak"}:
                self.seen[low] = (_bare(spell(text, tokens, phrase.first, phrase.last)), (start, end))
            if phrase.definite and not _complemented(phrase, tokens):
                known = self._antecedent(low, phrase)
                if known and len(known.evidence) < 6:
                    known.add_evidence((start, end))
                    if known.effective_on is None and not known.number:
                        known.effective_on = self._dates(start, end, tokens[phrase.head].end, dates, False)[1]
                continue
            if phrase.noun.strength != "strong" or phrase.noun.instrument not in {
                "plan",
                "guideline",
                "notice",
                "list",
                "measures",
                "regulation",
            }:
                continue
            if low in {"guidance"} or "five-year" in spell(text, tokens, phrase.first, phrase.head).lower():
                continue
            if not (phrase.definite or "latest" in spell(text, tokens, phrase.first, phrase.head)) or not _complemented(
                phrase, tokens
            ):
                continue
            if not phrase.named and phrase.noun.instrument not in {"plan", "guideline", "notice"}:
                continue
            lead = text[start : tokens[phrase.first].start]
            if _PREP_LEGAL.search(lead + " ") and phrase.noun.instrument in {"measures", "regulation", "list"}:
                continue
            if _PRIVATE.search(lead[-40:]) or (
                re.search(r"\b(?:company|firm|its|their)\b", spell(text, tokens, phrase.first, phrase.head).lower())
                and not self.ministry
            ):
                continue
            candidate = self._candidate(tokens, phrase, None, start, end, dates, None)
            candidate.rule = "described"
            candidate.salience = "background"
            known = self._similar(candidate) or self._wider(phrase, start)
            if known:
                known.add_evidence((start, end))
                if known.instrument != candidate.instrument:
                    known.title, known.instrument, known.head = candidate.title, candidate.instrument, candidate.head
                if (
                    len(candidate.title) > len(known.title)
                    and known.strength < 3
                    and not _complement_words(known.title)
                ):
                    known.title = candidate.title
                candidate.drop(f"the same instrument as {known.title[:40]!r}")
            self.found.append(candidate)

    def _nominal_act(self, tokens: list[Token], start: int, end: int, dates: list[When], taken: set[int]) -> None:
        """`accelerate the rollout of pilot projects for …`, `since the implementation of the negative list`."""
        for match in _NOMINAL_ACT.finditer(self.text, start, end):
            at = next((i for i, t in enumerate(tokens) if t.start >= match.end()), len(tokens))
            phrase = object_phrase(tokens, at) if at < len(tokens) else None
            if (
                phrase is None
                or phrase.head in taken
                or not _complemented(phrase, tokens)
                or phrase.noun.strength in {"vague", "measure"}
                or "report" in phrase.noun.noun
            ):
                continue
            if phrase.noun.strength != "strong" and not self.ministry:
                continue
            run = self.text[start : match.start()].rstrip()
            future = re.search(r"\b(?:will|would|plans? to|is to|are to|aims? to)\b[^,.;]{0,60}$", run) is not None
            actor = self.actors.subject(start, match.start()) or (self._we(start, match.start()) if future else None)
            if actor is None and (future or phrase.noun.strength != "strong"):
                continue
            candidate = self._candidate(tokens, phrase, actor, start, end, dates, None)
            candidate.rule = "planned" if future else "act as a noun"
            candidate.trigger = match["act"]
            candidate.status = "planned" if future else "issued"
            if _FORECAST.search(run):
                candidate.drop("wished, denied or supposed")
            self.found.append(candidate)
            taken.update(range(phrase.first, phrase.last + 1))

    def _in_force(self, tokens: list[Token], start: int, end: int, dates: list[When], taken: set[int]) -> None:
        """`The Free Trade Agreement came into effect on January 1`."""
        for match in _FORCE.finditer(self.text, start, end):
            at = next((i for i, t in enumerate(tokens) if t.end > match.start()), len(tokens))
            while at > 0 and tokens[at - 1].low in {
                "will",
                "has",
                "have",
                "had",
                "to",
                "recently",
                "officially",
                "formally",
                "is",
                "which",
                ",",
            }:
                at -= 1
            phrase = phrase_before(tokens, at)
            if phrase is None or phrase.head in taken or phrase.noun.strength not in {"strong", "name", "weak"}:
                continue
            future = _PAST_FORCE.match(match[0]) is None
            when = next(
                (
                    w
                    for w in dates_in(self.text, match.end(), end, self.today, future=future)
                    if w.start - match.end() < 12
                ),
                None,
            )
            known = self._antecedent(tokens[phrase.head].low, phrase) if phrase.definite and not phrase.named else None
            if known is not None and not _complemented(phrase, tokens):
                known.effective_on = known.effective_on or (when.value if when else None)
                known.add_evidence((start, end))
                continue
            if not (phrase.named or (phrase.noun.strength == "strong" and _complemented(phrase, tokens))):
                continue
            candidate = self._candidate(tokens, phrase, None, start, end, dates, None)
            candidate.rule, candidate.trigger, candidate.issued_on = "in force", match[0], None
            candidate.effective_on = when.value if when else None
            self.found.append(candidate)
            taken.update(range(phrase.first, phrase.last + 1))

    def _we(self, start: int, at: int) -> Actor | None:
        if re.search(r"\b[Ww]e (?:will|would|plan)\b", self.text[start:at]) and self.ministry:
            return Actor(("Ministry of Commerce",), "we", start, start)
        return None

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _candidate(
        self,
        tokens: list[Token],
        phrase: Phrase,
        actor: Actor | None,
        start: int,
        end: int,
        dates: list[When],
        verb: Verb | None,
    ) -> Candidate:
        title = re.sub(
            r"^(?:The|the|its|Its|their|this|these) ", "", spell(self.text, tokens, phrase.first, phrase.last)
        )
        kind = phrase.noun.instrument
        candidate = Candidate(
            rule="issued",
            trigger=spell(self.text, tokens, verb.first, verb.last) if verb else tokens[phrase.head].word,
            title=title,
            instrument=kind,
            head=tokens[phrase.head].low,
            issuers=self._we_as_nation(actor) if actor else (),
            actor=actor.name if actor else None,
            evidence=[(start, end)],
            possessed=tokens[phrase.first].low in {"its", "the", "their"},
            strength=3 if phrase.named else 2 if phrase.noun.strength == "strong" else 1,
            reason="a verb of issuing with a noun for instruments",
        )
        anchor = tokens[verb.first].start if verb else tokens[phrase.head].end
        planned = verb is not None and _FUTURE.search(self.text[start : tokens[verb.first].start].rstrip()) is not None
        candidate.issued_on, candidate.effective_on = self._dates(start, end, anchor, dates, planned)
        return candidate

    def _dates(
        self, start: int, end: int, anchor: int, dates: list[When], planned: bool
    ) -> tuple[str | None, str | None]:
        """The date of issue nearest to the verb, and the date of effect that its words announce."""
        issued: tuple[int, str] | None = None
        effective = None
        for when in dates:
            before = self.text[max(start, when.start - 40) : when.start]
            if _EFFECTIVE.search(before.rstrip()) or _SINCE.search(before):
                if (_EFFECTIVE.search(before.rstrip()) and not re.search(r"\bfrom\s*$", before)) or re.search(
                    r"(?:running|effective|starting|operational|sixth|duties|measures?) (?:from|since)\s*$",
                    before,
                    re.IGNORECASE,
                ):
                    future = dates_in(self.text, when.start, when.end, self.today, future=True)
                    effective = effective or (future[0].value if future else when.value)
                continue
            if _PERIOD.search(before) or self.text[when.end : when.end + 1] == "-" or re.search(r"\($", before):
                continue
            said = _SAID.search(self.text[max(start, when.start - 120) : when.start])
            if said and not said["who"]:
                continue
            if any(n.start <= when.start < n.end for n in self.numbers):
                continue
            distance = abs(when.start - anchor) + (60 if said else 0) + (60 if len(when.value) == 4 else 0)
            if issued is None or distance < issued[0]:
                issued = (distance, when.value)
        return (None if planned or issued is None else issued[1]), effective

    def _coordinate(self, tokens: list[Token], verb: Verb, start: int) -> Actor | None:
        """The subject of the verb before, where `and` joins this one to it; else who a pronoun stands for."""
        run = self.text[start : tokens[verb.first].start]
        if _JOINED.search(run.rstrip()):
            for other in verbs_of(tokens[: verb.first]):
                actor = self.actors.subject(start, tokens[_group_start(tokens, other.first)].start)
                if actor is not None:
                    return actor
            actor = self.actors.joined_subject(start, tokens[verb.first].start)
            if actor is not None:
                return actor
        return self._pronoun(run.rstrip(), start)

    def _we_as_nation(self, actor: Actor) -> tuple[str, ...]:
        """In a comment on another country's measure `we` is the country, in a press conference the ministry."""
        if actor.name.lower() == "we" and re.search(r"[Cc]omments? on", self.article.title or ""):
            return ()
        return actor.issuers

    def _in_passing(self, candidate: Candidate, phrase: Phrase, tokens: list[Token], start: int) -> bool:
        """Undated policies by number or degree, off the top of the story: `a series of policies`."""
        if phrase.noun.noun in _PLURALS and re.match(
            r"(?:more|many|some|several|various|other|such|all) ", candidate.title
        ):
            return True
        if phrase.noun.noun in _PLURALS and not _complemented(phrase, tokens) and candidate.issued_on is None:
            return True
        if (
            phrase.noun.noun not in {"policies", "policy", "measures", "incentives", "policy measures", "arrangements"}
            or phrase.named
        ):
            return False
        top = start < 600 and not re.search(r"\bmore (?:\w+ and )?\w+", candidate.title)
        return (
            not top
            and candidate.issued_on is None
            and not self.ministry
            and _PASSING.search(candidate.title) is not None
        )

    def _answered_for(self, start: int, end: int, dates: list[When]) -> None:
        """The sentence after an undated lead, `The European Commission said on Tuesday …`, dates it."""
        known = next((c for c in reversed(self.found[-6:]) if c.kept), None)
        if (
            known is None
            or not known.kept
            or known.issued_on
            or known.status != "issued"
            or known.evidence[-1][1] + 3 < start
            or start > 900
        ):
            return
        table = bodies()
        for actor in self.actors.actors(start, end):
            said = _SAYS.match(self.text, actor.end, min(end, actor.end + 30))
            if said is None or not actor.issuers or actor.issuers[0] not in table:
                continue
            place = table[actor.issuers[0]].place
            if known.issuers and (known.issuers[0] not in table or table[known.issuers[0]].place != place):
                continue
            when = next((w for w in dates if 0 <= w.start - actor.end < 16), None)
            if when is not None:
                known.issued_on = when.value
            if not known.issuers or _more_exact(actor.issuers, known.issuers):
                known.issuers = actor.issuers
            known.add_evidence((start, end))
            return

    def _attributed(self, start: int, end: int) -> tuple[str, ...]:
        """`China has issued …, the ministry said`: the ministry answers for what its country is said to have done."""
        for actor in self.actors.actors(start, end):
            if not actor.issuers or actor.name.lower() == "we":
                continue
            before, after = self.text[max(start, actor.start - 24) : actor.start], self.text[actor.end : actor.end + 24]
            if re.search(r"(?:according to|, said|, announced by) (?:the |China['’]s )?$", before) or (
                re.search(r", (?:the |China['’]s )?$", before) and re.match(r" (?:said|announced)\b", after)
            ):
                return actor.issuers
        return ()

    def _pronoun(self, run: str, start: int) -> Actor | None:
        if re.search(
            r"(?:^|[\s,])(?:[Ii]t|which|that|[Tt]hey)(?: has| have| had| also| will| would)*(?: \w+ly)*$", run
        ):
            floor = self.text.rfind("\n\n", 0, start)
            actors = [
                a for a in self.actors.actors(max(0, floor, start - 400), start + len(run)) if a.issuers or a.name
            ]
            if actors and not _PRIVATE.search(self.text[actors[-1].end : start + len(run)]):
                return actors[-1]
        return None

    def _refer(
        self, candidate: Candidate, phrase: Phrase, actor: Actor | None, start: int, end: int, dates: list[When]
    ) -> None:
        """`the guideline, issued by …`: what is known of the guideline that was named before."""
        known = self._antecedent(candidate.head, phrase)
        if known is not None and known.rule == "described" and actor is not None:
            known.rule = "issued"
            known.salience = "news" if start < 1000 else known.salience
        earlier = self.seen.get(candidate.head)
        if known is None and earlier is not None and actor is not None:
            candidate.title = earlier[0]
            candidate.add_evidence(earlier[1])
            return
        if known is None:
            if phrase.noun.strength == "strong" and actor is not None and candidate.issuers:
                return
            candidate.drop("points back to nothing that was named")
            return
        known.add_evidence((start, end))
        if actor and actor.issuers and _more_exact(actor.issuers, known.issuers):
            known.issuers = actor.issuers
        known.issued_on = known.issued_on or candidate.issued_on
        known.effective_on = known.effective_on or candidate.effective_on
        candidate.drop(f"the same instrument as {known.title[:40]!r}")

    def _antecedent(self, low: str, phrase: Phrase) -> Candidate | None:
        for candidate in reversed(self.found):
            if not candidate.kept or candidate.rule in {"number", "five-year plan"}:
                continue
            if candidate.head == low or _GROUPS.get(candidate.head, candidate.head) == _GROUPS.get(low, low):
                return candidate
            if (
                candidate.instrument == "plan"
                and low in {"plan", "campaign", "program", "programme", "scheme"}
                and candidate.head in {"plan", "campaign"}
            ):
                return candidate
        return None

    def _similar(self, candidate: Candidate) -> Candidate | None:
        for known in self.found:
            if (
                known.kept
                and known is not candidate
                and known.instrument == candidate.instrument
                and _same(known, candidate)
            ):
                return known
        return None

    def _wider(self, phrase: Phrase, start: int) -> Candidate | None:
        """`The implementation plan for …` right after `a policy released by …`: the wider word meant the plan."""
        if not phrase.definite:
            return None
        for known in reversed(self.found):
            if (
                known.kept
                and known.head in {"policy", "policies", "document", "measures"}
                and known.strength == 1
                and known.rule == "issued"
            ):
                return known if start - known.evidence[0][0] < 700 else None
        return None

    def _finish(self, candidate: Candidate, start: int, end: int) -> None:
        if candidate.evidence[0] != (start, end):
            return
        sentence = self.text[start:end]
        if candidate.kept and candidate.rule not in {"number"}:
            known = self._similar(candidate)
            if known and self.found.index(known) < self.found.index(candidate):
                _absorb(known, candidate)
                candidate.drop(f"the same instrument as {known.title[:40]!r}")
                return
        if not candidate.issuers and candidate.kept:
            candidate.issuers = self._attributed(start, end)
        if candidate.action == "other":
            candidate.action = action_of(candidate.title, sentence)
        if candidate.action == "other":
            around = self.text[max(0, start - 300) : end + 300] if candidate.rule == "number" else ""
            candidate.action = action_of(self.article.title or "", around) if around else "other"
        if candidate.action == "other" and candidate.rule != "measure":
            candidate.action = usual_action(candidate.instrument, named=candidate.strength == 3)
        candidate.sectors = candidate.sectors or sectors_en(candidate.title, sentence)
        candidate.regions = candidate.regions or _regions(self.text, start, end)
        candidate.salience = self._salience(candidate, start)
        if candidate.status == "planned" and _REPORTED.search(sentence):
            candidate.salience = "background"

    def _salience(self, candidate: Candidate, start: int) -> Salience:
        if (
            self.conference
            and candidate.status == "issued"
            and candidate.issued_on is None
            and candidate.effective_on is None
        ):
            return "background"
        if candidate.rule == "work report" and len(candidate.issued_on or "") < 10:
            return "background"
        if candidate.rule in {"five-year plan", "negative list", "described", "measure in a subordinate clause"}:
            return "background"
        on = candidate.issued_on or (candidate.effective_on if candidate.rule == "in force" else None)
        today, day = day_of(self.today), day_of(on)
        if today and day:
            return "news" if (today - day).days <= 14 else "background"
        if on and self.today and (on[:7] != self.today[:7] if len(on) >= 7 else True):
            return "background"
        if candidate.status == "planned":
            return "background" if self._in_quotes(start) else "news"
        if candidate.actor == "China" and "already" in self.text[start : start + 200]:
            return "background"
        overlap = _alike(candidate.title, self.article.title or "")
        return "news" if start < 1000 or overlap else "background"


_DAY = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Feb|Mar|Apr|May|Jun|Jul"
    r"|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2})"
)
_LEAD_WORDS = re.compile(rf"^(?:(?:on )?{_DAY},? )?(?:[Tt]he |[Ii]ts |their |this |these )?")
_MIDDLE_DATE = re.compile(rf" on {_DAY}(?= (?:to|for|aimed|that)\b)")


def _masked(tokens: list[Token], mentions: tuple[Mention, ...]) -> list[Token]:
    """The tokens, those in a body's name made opaque: no regulation in `Administration for Market Regulation`."""
    if not mentions:
        return tokens
    inside = [any(m.start <= t.start < m.end for m in mentions) for t in tokens]
    return [replace(t, low="body") if hidden else t for t, hidden in zip(tokens, inside, strict=True)]


def _bare(title: str) -> str:
    """A title without its article and without the day that stands in it."""
    return _MIDDLE_DATE.sub("", _LEAD_WORDS.sub("", title))


def _group_start(tokens: list[Token], i: int) -> int:
    """The first token of the verb group that ends at token `i`: auxiliaries and adverbs included."""
    while i > 0 and (
        tokens[i - 1].low
        in _AUX_PASSIVE
        | _PERFECT
        | {"will", "would", "also", "recently", "jointly", "newly", "just", "already", "to", "not", "never"}
        or (tokens[i - 1].low.endswith("ly") and len(tokens[i - 1].low) > 4)
    ):
        i -= 1
    return i


def _noun_before(tokens: list[Token], i: int) -> bool:
    return i > 0 and (tokens[i - 1].low == "," or tokens[i - 1].word[0].isalnum())


def _complemented(phrase: Phrase, tokens: list[Token]) -> bool:
    """Whether words of its own say which instrument it is: a complement, or two words before the noun."""
    if phrase.last > phrase.head:
        return True
    own = [t for t in tokens[phrase.first : phrase.head] if t.low not in _PLAIN and t.low[0].isalpha()]
    return len(own) >= 2


_PLAIN = words("plain")


def _complement_words(title: str) -> bool:
    return re.search(r"\b(?:to|for|on|of|aimed|regarding)\b", title) is not None


def _same(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates of one kind are one instrument; `one` stands before `other` in the story."""
    if one.number and other.number:
        return one.number == other.number
    within = one.title in other.title or other.title in one.title
    if one.evidence[0] == other.evidence[0] and one.head != other.head and not within:
        return False
    if one.issued_on and other.issued_on and not _prefix(one.issued_on, other.issued_on):
        return False
    if not _compatible(one.issuers, other.issuers):
        return False
    if _alike(one.title, other.title):
        return True
    if one.status != other.status:
        return False
    distance = other.evidence[0][0] - one.evidence[0][0]
    lead = one.evidence[0][0] < 600
    if lead and one.rule == other.rule == "issued" and other.possessed and one.actor == other.actor:
        # the lead says `a plan`, a later sentence `its action plan for …`
        return True
    if (
        lead
        and distance < 900
        and one.rule == "issued"
        and other.strength == 3
        and one.strength < 3
        and one.head == other.head
    ):
        # the lead says `a plan to …`, the second paragraph its name
        return True
    if (
        distance < 700
        and one.issuers
        and one.issuers == other.issuers
        and one.head != other.head
        and min(one.strength, other.strength) == 1
    ):
        # `rolled out a policy framework`, `introduced a package of measures`: two words for one thing
        return not (one.issued_on and other.issued_on)
    return (
        one.issued_on is not None
        and len(one.issued_on) == 10
        and one.issued_on == other.issued_on
        and one.head == other.head
    )


def _prefix(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _compatible(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two lists of issuers may be one: they share a body, one is empty, or one is only a government."""
    if not one or not other or set(one) & set(other):
        return True
    general = [len(names) == 1 and _general(names[0]) for names in (one, other)]
    places = {_place(names[0]) for names in (one, other)}
    return any(general) and not all(general) and (len(places) == 1 or "" in places)


def _general(name: str) -> bool:
    """Whether a name stands for a whole government and not for one of its bodies."""
    body = bodies().get(name)
    return (
        name.lower().endswith("government")
        or name == "European Union"
        or (body is not None and body.kind in {"government", "local"})
    )


def _place(name: str) -> str:
    body = bodies().get(name)
    return body.place if body else ""


_WORDS = re.compile(r"[A-Za-z]{3,}|\d+")
_COMMON = words("common")


def _alike(one: str, other: str) -> bool:
    a = {w.lower() for w in _WORDS.findall(one)} - _COMMON
    b = {w.lower() for w in _WORDS.findall(other)} - _COMMON
    return bool(a and b) and len(a & b) * 2 >= min(len(a), len(b)) and len(a & b) >= min(2, len(a), len(b))


def _more_exact(new: tuple[str, ...], old: tuple[str, ...]) -> bool:
    """Whether a list of issuers says more than the one known: more bodies, or a body instead of a government."""
    return len(new) > len(old) or (bool(old) and _general(old[0]) and not _general(new[0]))


def _absorb(known: Candidate, other: Candidate) -> None:
    known.add_evidence(*other.evidence)
    if other.issuers and _more_exact(other.issuers, known.issuers):
        known.issuers = other.issuers
    if len(other.issued_on or "") > len(known.issued_on or ""):
        known.issued_on = other.issued_on
    known.effective_on = known.effective_on or other.effective_on
    if other.strength > known.strength or (not _complement_words(known.title) and _complement_words(other.title)):
        known.title = other.title


_ADDRESS = re.compile(r", (?P<outer>[A-Z][a-z]+)(?: province| autonomous region| municipality)?")


def _regions(text: str, start: int, end: int) -> tuple[str, ...]:
    """Places that the sentence says a measure is for or in, as printed, a city with its province as one."""
    found = []
    edge = start
    for place in places_in(text, start, end):
        if place.start < edge or text[place.start - 1 : place.start] == "(":
            continue
        stop = place.end
        outer = _ADDRESS.match(text, place.end, end)
        if outer and outer["outer"] == place.parent:
            stop = outer.end()
        printed = text[place.start : stop]
        before = text[max(start, place.start - 8) : place.start]
        if place.kind != "country" or re.search(r"\b(?:in|on|from|against|for|with|of|to) $", before):
            found.append(printed)
        edge = stop
    return _outer(found)[:8]


def _outer(names: Sequence[str]) -> tuple[str, ...]:
    """Each place once, one that another names with more words left out: `Suzhou` beside `Suzhou, Jiangsu province`."""
    kept = dict.fromkeys(names)
    return tuple(name for name in kept if not any(name != other and other.startswith(f"{name},") for other in kept))

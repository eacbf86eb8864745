"""English prose: instruments that a story cites by a standing name, with whose they are.

`the 240-hour visa-free transit policy`, `the chief executive's policy address`, `the 2031-32 budget`, `the proposals
for the new five-year plan`.
"""

from __future__ import annotations

import re

from pipeline.model import Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.candidates import Candidate
from pipeline.policies.cues import Cues, cues
from pipeline.policies.issuers import bodies_in
from pipeline.policies.places import places_in
from pipeline.policies.reading import FORECAST, FUTURE, NEGATED, PRIVATE, Reader
from pipeline.policies.sentence import Sentence

_VISA = regex(
    r"\b(?P<what>(?:(?:unilateral|mutual|expanded|new|(?:24|72|144|240)-hour|\d+-day|nationwide|China['’]s|trial|latest"
    r"|optimi[sz]ed|broader|the country['’]s) )*(?:visa-free|visa exemption|visa-exemption|visa waiver"
    r"|transit visa-free)"
    r"(?: (?:transit|entry|travel))? (?:policy|policies|treatment|agreement|arrangement|program|scheme|access|regime)"
    r"(?: (?:for|to) (?:citizens|nationals|travelers|visitors|passport holders|holders|tourists)[^,;.:—–]{0,60}?)?)"
    r"(?=[,;.:—–\"”)]|$| (?:and|which|that|while|as|has|have|is|are|was|were|will|for|to|in|since|on|with|helped|allows"
    r"|from|until|by|also|would|can|at|through|over|introduced|launched|announced|between|took|continues|remains)\b)"
)
_ADDRESS = regex(
    r"\b(?P<what>(?:(?:annual|latest|new|20\d\d|first|second|third) )*[Pp]olicy [Aa]ddress)\b(?! by analysts)"
)
_PARTY_PLAN = regex(
    r"\b(?P<what>(?P<kind>[Rr]ecommendations|[Pp]roposals?|[Oo]utline|[Bb]lueprint|[Dd]raft)(?: of [\w ]{3,30})?"
    r" (?:for|of|on)(?: formulating| drafting)? (?:the |its |China['’]s |the country['’]s )?"
    r"(?:(?:new|next|upcoming|latest|country['’]s|national) )*(?:five-year plan|plan(?=[,.])))"
)
_BILL = regex(
    r"\b(?P<act>signed|passed|approved|enacted|adopted|vetoed|introduced)\b[^,.;]{0,30}? (?P<what>(?:SB|AB|HB"
    r"|HR|H\.R\.|S\.)"
    r" ?\d{1,5})\b"
)
_BATCH = regex(
    r"\b(?P<act>announced|released|published|unveiled|approved|issued|named|launched)(?: on \w+"
    r"| in \w+)? (?:its|the|a|an)"
    r" (?P<what>(?:first|second|third|fourth|fifth|new|latest|initial) (?:batch|list|group"
    r"|round) of (?:[^,;.:—–]|(?<=\d),){4,90}?)"
    r"(?=[,;.:—–]|$| (?:on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|to|which|that|in (?:20\d\d|[A-Z])|last"
    r"|this|after|as)\b)"
)
_PILOT = regex(
    r"\b(?P<act>took the lead in piloting|began piloting|started piloting|is piloting|are piloting|has piloted"
    r"|have piloted"
    r"|piloted|has been piloting|started trialing|is trialing|is testing) (?P<what>(?:the |an? )?(?:[\w-]+ ){0,5}?"
    r"(?:scheme|program|programme|system|policy|mechanism|project|model|reform|insurance|service|break|plan)\b"
    r"(?: (?:for|to|of|on|that) [^,;.:—–]{4,80}?)?)(?=[,;.:—–]|$| (?:in|across|since|which|as|at|with)\b)"
)
_TRIALS = regex(
    r"\b(?:through|launch(?:ed|ing|es)?|start(?:ed|ing|s)?|begun|began|conduct(?:ed|ing|s)?|run(?:ning)?|of|announced)"
    r" (?P<what>(?:an? |the |its )?(?:[\w-]+ ){0,2}?(?:trials?|pilots?) (?:of|for) (?:an? |the )?[^,;.:—–]{4,80}?)"
    r"(?=[,;.:—–]|$| (?:in|across|since|which|as|at|with)\b)"
)
_OF_SCIENCE = regex(r"\b(?:clinical|medical|drug|field|lab|vaccine|human|patient|test|airline|drone)\b")
_NEGOTIATES = regex(
    r"\b(?:agreed|have agreed|has agreed|will|plan|plans|decided)(?: \w+ly)? to (?P<act>negotiate"
    r"|start negotiations|begin"
    r" negotiations|launch negotiations|resume negotiations|upgrade|conclude)(?: on| for)?"
    r" (?P<what>(?:an?|the|their|its) [^,;.:—–]{0,60}?\b(?P<noun>agreement|treaty|programme|FTA|pact|plan|protocol)\b)"
)
_GENERAL = frozenset(
    {"visa-free policies", "visa-free policy", "visa-free access", "visa-free treatment", "visa-free entry policies"}
    | {"visa-free travel policies", "visa-free travel policy"}
)
"""Too wide a name to tell one policy from the others."""
_BUDGET = regex(
    r"\b(?:deliver(?:ed|ing|s)?|present(?:ed|ing|s)?|unveil(?:ed|ing|s)?|announc(?:ed|ing|es)|pass(?:ed|ing|es)"
    r"|approv(?:ed|ing|es)|adopt(?:ed|ing|s)|tabl(?:ed|ing|es)|releas(?:ed|ing|es)|propos(?:ed|ing|es))"
    r" (?:(?:the|his|her|its|their|a|an|this year['’]s|the government['’]s|the city['’]s) )?"
    r"(?P<title>(?:(?:latest|annual|new|draft|federal|national|government|supplementary|state|fiscal|autumn|spring"
    r"|record|20\d\d(?:[-–/]\d{2,4})?) )*[Bb]udget"
    r"(?: for [\w -]{4,30}?(?=[,.]| on | in ))?(?! cuts?\b| deficit| proposal))\b"
)
_OWN_BUDGET = regex(
    r"(?P<owner>[A-Z]\w+|[Tt]he (?:government|country|state|city|bloc))['’]s (?P<title>(?:(?:Union|new|annual"
    r"|latest|federal"
    r"|national|draft|government|20\d\d(?:[-–/]\d{2,4})?) )*budget(?: for 20[\d-]+)?)(?= (?:raised|sets?"
    r"|allocat|includ|propos"
    r"|provid|earmark|cut|increas|outlin|announc|pledg|aims|focus)\w*)"
)
_PLAN_BEFORE = regex(r"Five-Year Plan|five-year plan")
_STARTS = cues(
    "batch round group piloting piloted trialing testing trial trials pilot pilots negotiate negotiations upgrade"
)
_CHAMBERS = cues("sb ab hb hr")
_WORDS = cues("visa budget address recommendations proposals proposal outline blueprint draft")
CITED_WORDS = _CHAMBERS | _STARTS | _WORDS


def cited(reader: Reader, sentence: Sentence) -> None:
    """The standing policies, policy addresses and proposals that the sentence cites."""
    if sentence.cues & _CHAMBERS:
        for match in _BILL.finditer(reader.text, *sentence.span):
            near = [p for p in places_in(reader.text, *sentence.span) if p.government]
            reader.found.append(
                Candidate(
                    rule="issued", trigger=match["act"], title=match["what"], instrument="law", head="bill",
                    issuers=(near[0].government,) if near else (), evidence=[sentence.span], strength=3,
                    issued_on=reader.dates_of(sentence, match.end(), False)[0],
                    status="draft" if match["act"] == "introduced" else "issued", reason="a bill by its number",
                )
            )  # fmt: skip
    if sentence.cues & _STARTS:
        _started(reader, sentence)
    if not sentence.cues & _WORDS:
        return
    start, end = sentence.span
    text = reader.text
    if "isa" in sentence.printed:
        for match in _VISA.finditer(text, start, end):
            _visa(reader, sentence, match)
    if "udget" in sentence.printed:
        _budget(reader, sentence)
    if "ddress" in sentence.printed:
        for match in _ADDRESS.finditer(text, start, end):
            _address(reader, sentence, match)
    if " plan" in sentence.printed:
        for match in _PARTY_PLAN.finditer(text, start, end):
            if "five-year" in match[0] or _PLAN_BEFORE.search(text, start - 1500 if start > 1500 else 0, match.start()):
                guideline = match["kind"].lower().startswith(("rec", "prop"))
                reader.mention(
                    "five-year plan",
                    match["what"],
                    "guideline" if guideline else "plan",
                    "recommendations" if guideline else "five-year plan",
                    sentence,
                    "draft" if match["kind"].lower() == "draft" else "issued",
                )


def _visa(reader: Reader, sentence: Sentence, match: re.Match[str]) -> None:
    start = sentence.start
    text = reader.text
    for known in reader.found:
        if known.kept and "visa" in known.title.lower():
            known.add_evidence(sentence.span)
            return
    if match["what"].lower() in _GENERAL or NEGATED.search(text[start : match.start()].rstrip()[-60:]):
        return
    owner = next(
        (
            p.government
            for p in places_in(text, start, match.start())
            if p.kind == "country" and p.name != "China" and re.match(r"['’]s? ", text[p.end : p.end + 3])
        ),
        None,
    )
    candidate = Candidate(
        rule="described", trigger="visa", title=re.sub(r"^(?:China|the country)['’]s ", "", match["what"]),
        instrument="measures", head="visa policy", action="opening", salience="background",
        issuers=(owner,) if owner else (), evidence=[sentence.span], strength=1, reason="a standing policy by its name",
    )  # fmt: skip
    _, candidate.effective_on = reader.dates_of(sentence, match.end(), False)
    reader.found.append(candidate)


def _address(reader: Reader, sentence: Sentence, match: re.Match[str]) -> None:
    text = reader.text
    start, end = sentence.span
    known = next((c for c in reader.found if c.kept and c.head == "policy address"), None)
    if known is not None:
        known.add_evidence(sentence.span)
        return
    named = [b.name for b in bodies_in(text, start, end) if "Hong Kong" in b.name or "Macao" in b.name]
    near = next((p for p in places_in(text, max(0, start - 1500), end) if p.kind == "sar"), None)
    issuers = (named[0],) if named else (near.government,) if near else ()
    if not issuers:
        return
    on, _ = reader.dates_of(sentence, match.end(), False)
    reader.found.append(
        Candidate(
            rule="issued", trigger="address", title=match["what"], instrument="other", head="policy address",
            issuers=issuers, issued_on=on, action="support", evidence=[sentence.span], strength=2,
            reason="a policy address of a government",
        )
    )  # fmt: skip


def _budget(reader: Reader, sentence: Sentence) -> None:
    """`when delivering the 2031-32 budget`: the yearly budget of a government, with the act that makes it known."""
    start, end = sentence.span
    text = reader.text
    for match in (*_BUDGET.finditer(text, start, end), *_OWN_BUDGET.finditer(text, start, end)):
        lead = text[start : match.start()]
        if PRIVATE.search(lead[-60:]) or FORECAST.search(lead.rstrip()) or NEGATED.search(lead.rstrip()[-60:]):
            continue
        known = next((c for c in reader.found if c.kept and c.head == "budget"), None)
        if known is not None:
            known.add_evidence(sentence.span)
            continue
        actors = [a for a in reader.actors.actors(start, end) if a.issuers]
        before = [a for a in actors if a.end <= match.start()]
        if not actors and match["title"].lower() == "budget":
            continue
        chosen = next((a for a in (*before[::-1], *actors) if a.issuers != ("Chinese government",)), None)
        home = reader.actors.meant.home_before(match.start())
        beside = next((w.value for w in sentence.dates if 0 <= w.start - match.end() < 16), None)
        on = beside or reader.dates_of(sentence, match.end(), False)[0]
        planned = FUTURE.search(lead.rstrip()) is not None
        reader.found.append(
            Candidate(
                rule="planned" if planned else "issued", trigger=match[0].split()[0], title=match["title"],
                instrument="other", head="budget", status="planned" if planned else "issued",
                issuers=chosen.issuers if chosen else (home.government,) if home else (),
                issued_on=None if planned else on, evidence=[sentence.span], strength=2, action="support",
                reason="a budget that a government makes known",
            )
        )  # fmt: skip


def _started(reader: Reader, sentence: Sentence) -> None:
    """`announced the first batch of …`, `took the lead in piloting it`, `agreed to negotiate a treaty`."""
    start, end = sentence.span
    text = reader.text
    for pattern, needed, kind, status in _STARTED:
        for match in pattern.finditer(text, start, end) if sentence.cues & needed else ():
            title = re.sub(r"^(?:the|its|their|an?) ", "", match["what"])
            if _OF_SCIENCE.search(title) or any(
                c.kept and (c.evidence[0] == sentence.span or title in c.title) for c in reader.found
            ):
                continue
            lead = text[start : match.start()]
            act = match.start("act") if pattern is not _TRIALS else match.start()
            actor = (
                reader.actors.subject(start, act)
                or reader.actors.joined_subject(start, act)
                or reader.pronoun(lead.rstrip(), start)
            )
            if actor is None and pattern is _TRIALS:
                named = [a for a in reader.actors.actors(start, match.start()) if a.issuers]
                actor = named[0] if named else None
            if actor is None and pattern is _NEGOTIATES and _SIDES.search(lead):
                actor = Actor((), "two sides", start, start)
            if actor is None or PRIVATE.search(text, actor.end, match.start()) or NEGATED.search(lead.rstrip()[-60:]):
                continue
            planned = status == "planned" or FUTURE.search(lead.rstrip()) is not None
            candidate = Candidate(
                rule="planned" if planned else "issued",
                trigger=match[0].split()[0],
                title=title,
                instrument=_TREATIES.get(title.rsplit(" ", 1)[-1], kind),
                head=kind,
                status="planned" if planned else status,
                issuers=actor.issuers,
                actor=actor.name,
                evidence=[sentence.span],
                strength=2,
                reason="a batch, a pilot or talks on a treaty",
            )
            if candidate.status == "issued":
                candidate.issued_on, _ = reader.dates_of(sentence, match.end(), False)
            reader.found.append(candidate)


_SIDES = regex(r"\b(?:(?:[Tt]he )?two (?:sides|countries)|[Bb]oth (?:sides|countries))\b")
_TREATIES: dict[str, Instrument] = {"programme": "plan", "plan": "plan"}
_STARTED: tuple[tuple[re.Pattern[str], Cues, Instrument, Status], ...] = (
    (_BATCH, cues("batch list group round"), "list", "issued"),
    (_PILOT, cues("piloting piloted trialing testing"), "pilot", "issued"),
    (_TRIALS, cues("trial trials pilot pilots"), "pilot", "issued"),
    (_NEGOTIATES, cues("negotiate negotiations upgrade conclude"), "agreement", "planned"),
)

"""English prose: laws on their way, and decisions by their noun.

`Legislation to ban pears is passing through parliament`, `the government will legislate to …`, `its decision last
week to regularize workers`, `wants to prohibit social media`.
"""

from __future__ import annotations

import re

from pipeline.model import Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.actions import action_of
from pipeline.policies.actor import Actor
from pipeline.policies.candidates import Candidate
from pipeline.policies.cues import cues, cues_telling
from pipeline.policies.places import places_in
from pipeline.policies.reading import NEGATED, PRIVATE, Reader
from pipeline.policies.sameness import alike
from pipeline.policies.sentence import Sentence

_TAIL = (
    r"[^,;.:—–]{4,110}?(?=[,;.:—–]|$| (?:which|while|as|after|amid|because|said|says|has|have|had|is|are|was|were|will"
    r"|would|may|could|offers?|means|shows?|came|comes|marks?|marked|sparked|drew|prompted|remains?|pleased|led)\b)"
)
_BILL = regex(
    r"(?P<what>(?:[Dd]raft |[Pp]roposed |[Nn]ew )?(?:[Ll]egislation|[Bb]ill|[Ll]aw|[Aa]mendments?) (?:to|on|for"
    r"|that would)"
    r" [^,;.:]{4,90}?) (?:is|are|was|were)(?: currently| now| still)?"
    r" (?:passing through|before|being debated|going through|making (?:its|their) way through|under (?:review"
    r"|discussion"
    r"|consideration|deliberation)|up for|in the works|being drafted|being considered|awaiting|set to be (?:voted"
    r"|tabled))\b"
)
_LEGISLATE = regex(
    rf"\b(?:will|plans? to|intends? to|is to|are to|vowed to|pledged to) (?P<what>legislate\b(?: (?:this|next) year)?"
    rf" (?:to|on|for|against) {_TAIL})"
)
_SPEEDS = regex(
    rf"\b(?:will|plans? to|intends? to|aims? to|vowed to|pledged to|is to) (?:[a-z]+ly |also )?(?:accelerate"
    rf"|speed up|step up|advance"
    r"|push forward|expedite|start|begin) (?:the )?(?P<what>(?:national |local |special )?legislation (?:to|on|for|in) "
    rf"{_TAIL})"
)
_WANTS = regex(
    rf"\b(?P<how>wants? to|wanted to|proposed to|is close to|are close to|is moving to|are moving to|is weighing"
    rf"|are weighing"
    rf"|is considering|are considering|proposed|has proposed|have proposed|is mulling)"
    rf" (?P<what>(?:(?:announcing |imposing |introducing )?(?:an? )?(?:similar |new |total |nationwide )*"
    r"(?:bans?|curbs|tariffs|tax|levy|restrictions|age limits?|visa waivers?|cap|price cap)|prohibit|ban|bar|outlaw"
    rf"|forbid|restrict|curb|tax|cap|abolish|scrap|phase out|raise taxes|legalize|regulate|limit|block)\b {_TAIL})"
)
_DECISION = regex(
    rf"(?P<owner>['’]s?) (?:[a-z-]+ )?(?P<what>decision(?: (?:last|this) (?:week|month|year)| on \w+day"
    rf"| in [A-Z]\w+)? to {_TAIL}"
    r"|(?:(?:road|partial|final|conditional|formal|initial|sudden|full|temporary|abrupt) )?(?:approval|ban"
    r"|imposition|suspension"
    rf"|removal|withdrawal|revocation|cancellation|relaxation|nationalization|seizure) (?:of|on|from) {_TAIL})"
)
_ALLOWED = regex(
    r"\b(?P<what>(?:[Vv]isitors|[Ff]oreigners|[Cc]itizens|[Tt]ravelers|[Tt]ourists|[Cc]ompanies|[Rr]esidents"
    r"|[Ii]nvestors|[Ff]irms"
    r"|[Nn]ationals|[Pp]assengers|[Pp]latforms|[Ss]tudents|[Mm]inors|[Bb]anks|[Ee]mployers|[Pp]arents|[Hh]olders"
    r"|[Pp]roducts"
    r"|[Vv]ehicles)(?: [^,;.]{2,50}?)? (?:have been|were|are now|will be) (?:allowed|permitted|required|banned"
    r"|barred|exempted"
    rf"|prohibited) (?:to|from) {_TAIL})"
)
_SET_IN = regex(
    r"\b(?:[Ss]ince|[Ff]rom|[Ss]tarting|[Bb]eginning|[Ee]ffective) (?:early |late |mid-)?(?:[A-Z][a-z]{2,8}\b|20\d\d)"
)
_DECISION_BY = regex(rf"\b(?P<what>decision (?:by|of) (?P<owner>[^,;.]{{3,70}}?) to {_TAIL})")
_NOMINAL = regex(
    r"(?!decision)(?:[a-z]+ )?(?:approval|ban|imposition|suspension|removal|withdrawal|revocation|relaxation) "
)
INTENDED_WORDS = cues(
    "legislation bill law amendment amendments legislate wants want wanted proposed close moving weighing"
    " considering mulling decision approval ban imposition suspension removal withdrawal revocation cancellation"
    " relaxation"
    " nationalization seizure allowed permitted required banned barred exempted prohibited"
)
_LAWS = cues_telling(lambda word: word.endswith(("legislation", "bill", "law", "amendment", "amendments")))
_LEGISLATING = cues("legislate")
_LEGISLATION = cues("legislation")
_DECISIONS = cues("decision")
_WANTING = cues("wants want wanted proposed close moving weighing considering mulling")
_ALLOWING = cues("allowed permitted required banned barred exempted prohibited")
_DECIDED = cues(
    "decision approval ban imposition suspension removal withdrawal revocation cancellation relaxation"
    " nationalization seizure"
)
_JUDGES = regex(r"\b(?:court|judge|company|firm|board|bank|Fed|investor|team|club|player)s?\b", re.IGNORECASE)
_PUBLIC = regex(
    r"\b(?:government|administration|ministry|parliament|cabinet|authorit|regulator|commission|council|senate"
    r"|congress)",
    re.IGNORECASE,
)


def intended(reader: Reader, sentence: Sentence) -> None:
    """The laws and decisions that the sentence tells so."""
    start, end = sentence.span
    text = reader.text
    for match in _BILL.finditer(text, start, end) if sentence.cues & _LAWS else ():
        _add(reader, sentence, match, "law", "draft", reader.actors.subject(start, match.start()))
    for match in _LEGISLATE.finditer(text, start, end) if sentence.cues & _LEGISLATING else ():
        actor = reader.actors.subject(start, match.start())
        if actor is not None:
            _add(reader, sentence, match, "law", "planned", actor)
    for match in _SPEEDS.finditer(text, start, end) if sentence.cues & _LEGISLATION else ():
        actor = reader.actors.subject(start, match.start())
        if actor is not None:
            _add(reader, sentence, match, "law", "planned", actor)
    for match in _WANTS.finditer(text, start, end) if sentence.cues & _WANTING else ():
        actor = reader.actors.subject(start, match.start())
        if actor is not None and actor.issuers and actor.name.lower() != "we":
            _add(reader, sentence, match, "other", "planned", actor)
    allowed = sentence.cues & _ALLOWING and _SET_IN.search(text, start, end) is not None
    for match in _ALLOWED.finditer(text, start, end) if allowed else ():
        _add(reader, sentence, match, "decision", "planned" if " will be " in match[0] else "issued", None)
    for match in _DECISION_BY.finditer(text, start, end) if sentence.cues & _DECISIONS else ():
        inside = [
            a
            for a in reader.actors.actors(*sentence.span)
            if match.start("owner") <= a.start and a.end <= match.end("owner")
        ] or reader.actors.actors(match.start("owner"), match.end("owner"))
        if inside and not PRIVATE.search(match["owner"]):
            _add(reader, sentence, match, "decision", "issued", inside[-1])
    for match in _DECISION.finditer(text, start, end) if sentence.cues & _DECIDED else ():
        actor = _owner(reader, sentence, match)
        if actor is not None:
            _add(reader, sentence, match, "decision", "issued", actor)


def _owner(reader: Reader, sentence: Sentence, match: re.Match[str]) -> Actor | None:
    """Whose decision it is: the authority right before `'s`, or the one that the sentence has spoken of."""
    start, at = sentence.start, match.start("owner")
    lead = reader.text[max(start, at - 60) : at]
    if match["owner"].startswith(("'", "’")):
        if _JUDGES.search(lead[-24:]):
            return None
        word = re.search(r"(\w+)(?: administration| government)?$", lead)
        if word is not None and word[1] in reader.actors.meant.heads:
            return Actor((reader.actors.meant.heads[word[1]],), word[0], start + word.start(), at)
        near = [a for a in reader.actors.actors(*sentence.span) if at - 3 <= a.end <= at + 2]
        if near:
            return near[-1]
        place = next((p for p in reversed(_governed(reader, sentence, at)) if _reaches(reader.text, p[1], at)), None)
        if place is not None:
            return Actor((place[2],), lead, place[0], place[1])
        return Actor((), "administration", at, at) if _PUBLIC.search(lead[-20:]) else None
    return None


_TO_OWNER = regex(
    r"(?: [A-Za-z-]+){0,2} (?:administration|government|parliament|ministry|regulator|watchdog|authorities|agency"
    r"|cabinet)"
)


def _reaches(text: str, end: int, at: int) -> bool:
    """Whether a place, or a body of it, ends where `'s` stands."""
    return at - 1 <= end <= at + 2 or (end < at and _TO_OWNER.fullmatch(text, end, at) is not None)


def _governed(reader: Reader, sentence: Sentence, at: int) -> list[tuple[int, int, str]]:
    return [(p.start, p.end, p.government) for p in places_in(reader.text, sentence.start, at + 2) if p.government]


def _add(
    reader: Reader, sentence: Sentence, match: re.Match[str], kind: Instrument, status: Status, actor: Actor | None
) -> None:
    text, start = reader.text, sentence.start
    title = match["what"].strip()
    if any(
        c.kept and (title in c.title or (c.evidence[0] == sentence.span and alike(c.title, title)))
        for c in reader.found
    ):
        return
    candidate = Candidate(
        rule="intended", trigger=title.split()[0], title=title, instrument=kind, head=title.split()[-1],
        issuers=actor.issuers if actor else (), actor=actor.name if actor else None, status=status,
        evidence=[sentence.span], strength=1, reason="a law or decision by its noun",
    )  # fmt: skip
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, match.start(), status == "planned")
    candidate.action = action_of(title)
    if NEGATED.search(text[start : match.start()].rstrip()):
        candidate.drop("wished, denied or supposed")
    if match.re == _DECISION and _NOMINAL.match(title):
        candidate.rule = "standing measure"
    reader.found.append(candidate)

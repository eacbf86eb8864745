"""English prose: drafts on their way to a decision, and what is asked of the public about them.

`a draft law on … was submitted to …`, `lawmakers are reviewing a draft …`, `soliciting opinions on a draft guideline`,
`a three-month consultation on …`, `policies for … will be developed`, `the formulation of norms will be explored`.
"""

from __future__ import annotations

import re

from pipeline.model import Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.candidates import Candidate
from pipeline.policies.cues import cues
from pipeline.policies.instruments import nouns
from pipeline.policies.reading import NEGATED, PRIVATE, Reader
from pipeline.policies.sameness import alike
from pipeline.policies.sentence import Sentence

_TAIL = (
    r"(?: (?:on|to|for|of|against|governing|regulating|concerning|regarding|banning|requiring|that) [^,;.:—–]{3,100}?)?"
)
_STOP = (
    r"(?=[,;.:—–\"”]|$| (?:until|from|by|at|in|which|that|while|as|after|before|has|have|is|are|was|were|will"
    r"|will be|said"
    r"|this|last|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|on [A-Z][a-z]{2,8} \d)\b)"
)
_NOUN = (
    r"(?P<noun>law|laws|bill|legislation|code|regulations?|rules?|measures|provisions|guidelines?|guidance"
    r"|standards?|plan"
    r"|policy|policies|amendments?|revisions?|directive|framework|catalogue?|list|opinions|act|ordinance|revision)"
)
_DRAFT = (
    rf"(?P<what>(?:an? |the |its |their |several |two |three |new )?(?:[\w-]+ )?(?:draft"
    rf"|proposed) (?:[\w-]+ ){{0,4}}?{_NOUN}"
    rf"{_TAIL})"
)
_SUBMITTED = regex(
    rf"(?<![\w-]){_DRAFT.replace('(?:an? |', '(?:[Aa]n? |[Tt]he |')} (?:was"
    rf"|were|has been|have"
    r" been|is|are|is being|are being)(?: also| recently| now| currently| formally)? (?:submitted|tabled|reviewed|read"
    r"|deliberated|discussed|posted|uploaded|circulated|considered|debated|under (?:review|deliberation|discussion"
    r"|consideration)|up for"
    r"|released|published|made public|open|put)\b"
)
_REVIEWING = regex(
    r"\b(?:review|deliberat|discuss|consider|debat|examin|submit|tabl|read|prepar|draft|work)(?:s|ed|ing|t?ted"
    r"|t?ting|e|es)?"
    rf"(?: on| over)? {_DRAFT}{_STOP}"
)
_ASKS = regex(
    r"\b(?:solicit|seek|gather|collect|request|invit|welcom|sought|ask)\w*(?: for)? (?:the )?(?:public "
    r"|written |wider )*"
    r"(?:opinions?|comments?|feedback|views|input|suggestions|advice)(?: from [\w\s-]{3,50}?)? (?:on|about"
    r"|regarding|for)"
    rf" (?P<what>(?:an? |the |its |their |several |two |three )?(?:[\w-]+ ){{0,6}}?{_NOUN}{_TAIL}){_STOP}"
)
_CONSULTS = regex(
    r"(?P<what>(?:an? |the |its )?(?:[\w-]+ ){0,2}?(?P<noun>consultation)s? (?:on|over|about) [^,;.:—–]{4,100}?)"
    + _STOP
)
_TALKS = regex(r"\b(?:political|medical|trade|bilateral|economic|foreign|diplomatic|doctor|patient|close|joint) cons")
_TO_COME = regex(
    r"(?P<what>(?:(?:[A-Z]\w*|an?|the|two|three|new) (?:[\w-]+ ){0,4}?)?"
    r"(?P<noun>(?i:policies|measures|rules|regulations|standards|guidelines|norms|guidance|policy|plan|laws|law"
    r"|regulation|standard|guideline|catalogue|list|campaign))\b"
    r"(?: (?:for|on|to|related to|governing|regulating|covering|of) [^,;.:—–]{4,110}?|(?<=of \w{4})|(?<=of \w{5})"
    r"|(?<=of \w{8})|(?=(?: will| is to| are to)(?: also)? be (?:\w+ly )?(?:introduced|formulated|issued|enacted"
    r"|rolled out)"
    r" (?:in|across) (?:[A-Z]|the (?:city|province|country|zone|region|area)))))"
    r" (?:will|is to|are to|is set to|are set to|is expected to|are expected to|is due to)(?: also| soon| then)? be"
    r" (?:\w+ly )?(?:developed|released|issued|introduced|unveiled|formulated|rolled out|launched|published|drafted"
    r"|announced|drawn up|put in place|implemented|enacted|adopted|revised|explored|improved|promulgated|piloted)\b"
)
_FORMULATION = regex(
    r"(?P<what>\b(?:formulation|drafting|revision|amendment|enactment) of (?:the |a |an )?(?:[\w'’-]+ ){0,5}?"
    r"(?P<noun>norms|standards?|rules|laws?|regulations?|guidelines?|measures|policies|plan|legislation)"
    r"(?: (?:for|on|to|of|governing) [^,;.:—–]{4,100}?)?)"
    r" (?:will|is to|are to|is expected to|would) (?:also )?be (?:\w+ly )?(?:explored|accelerated|sped up"
    r"|advanced|promoted"
    r"|stepped up|started|completed|pushed|studied)\b"
)
_TO_BE = regex(
    r" be (?:\w+ly )?(?:dev|rel|iss|intr|unv|form|roll|laun|publ|draf|ann|drawn|put|impl|ena|ado|rev|expl|impr"
    r"|prom|pil|acc"
    r"|sped|adv|step|start|compl|push|stud)"
)
"""Without one of these no pattern of what is to come can match."""
_ASSEMBLY = regex(
    r"\b(?:[Ll]egislat\w+|[Ll]awmakers?|[Pp]arliament|[Ss]tanding [Cc]ommittee|[Cc]ongress|[Ss]enate|[Cc]abinet"
    r"|[Cc]ouncil"
    r"|[Aa]ssembly|[Cc]ommission|[Mm]inistry|[Aa]dministration|[Rr]egulators?|[Gg]overnment|[Aa]uthorit\w+"
    r"|[Hh]ouse|session"
    r"|public|deputies|MPs|members|states|EU|Department|Bureau|officials?|deliberation|reading)\b"
)
_WORDS = cues(
    "draft proposed opinions opinion comments comment feedback views input suggestions consultation consultations"
)
_DRAFTED = cues("draft proposed")
_ASKED_FOR = cues("opinion opinions comment comments feedback views input suggestions advice")
_LATER = cues("will expected set due formulation drafting would to")
_KINDS: dict[str, Instrument] = {
    "norms": "standard", "consultation": "other", "amendment": "law", "amendments": "law", "revision": "law",
    "revisions": "law", "code": "law", "act": "law", "framework": "guideline", "policy": "measures",
    "policies": "measures", "measures": "measures", "rules": "measures", "rule": "measures",
    "campaign": "plan", "law": "law", "laws": "law", "bill": "law", "legislation": "law",
}  # fmt: skip
DRAFT_WORDS = _WORDS | cues("be")


def drafts(reader: Reader, sentence: Sentence, taken: set[int]) -> None:
    """The drafts, consultations and instruments to come that the sentence tells."""
    if sentence.cues & _WORDS:
        for pattern, needed in ((_SUBMITTED, _DRAFTED), (_REVIEWING, _DRAFTED), (_ASKS, _ASKED_FOR)):
            for match in pattern.finditer(reader.text, *sentence.span) if sentence.cues & needed else ():
                _add(reader, sentence, match, "draft")
        for match in _CONSULTS.finditer(reader.text, *sentence.span) if sentence.cues & _CONSULT_WORDS else ():
            if _TALKS.search(match["what"]) is None:
                _add(reader, sentence, match, "draft")
    if " be " in sentence.printed and sentence.cues & _LATER and _TO_BE.search(sentence.printed):
        for pattern in (_FORMULATION, _TO_COME):
            for match in pattern.finditer(reader.text, *sentence.span):
                _add(reader, sentence, match, "planned")


_CONSULT_WORDS = cues("consultation consultations")


def _add(reader: Reader, sentence: Sentence, match: re.Match[str], status: Status) -> None:
    start = sentence.start
    text = reader.text
    title = re.sub(r"^(?:[Tt]he|[Ii]ts|[Tt]heir) ", "", match["what"]).strip()
    if any(
        c.kept and (title in c.title or c.title in title or (c.evidence[0] == sentence.span and alike(c.title, title)))
        for c in reader.found
    ):
        return
    lead = text[start : match.start("what")]
    if NEGATED.search(lead.rstrip()[-70:]) or PRIVATE.search(lead) or PRIVATE.search(title):
        return
    actor = _who(reader, sentence, match)
    if actor is None:
        return
    noun = nouns("en").get(match["noun"].lower())
    kind = _KINDS.get(match["noun"].lower()) or (noun.instrument if noun else "measures")
    candidate = Candidate(
        rule="planned" if status == "planned" else "draft", trigger=match["noun"].lower(), title=title, instrument=kind,
        head=match["noun"].lower(), status=status, issuers=actor.issuers, actor=actor.name, evidence=[sentence.span],
        strength=2, reason="a draft or an instrument to come",
    )  # fmt: skip
    if status == "draft":
        candidate.issued_on, _ = reader.dates_of(sentence, match.end(), False)
    reader.found.append(candidate)


def _who(reader: Reader, sentence: Sentence, match: re.Match[str]) -> Actor | None:
    """Whose draft it is: an authority that the sentence names, else an assembly, else who was spoken of before."""
    start, end = sentence.span
    named = [a for a in reader.actors.actors(start, end) if a.issuers and a.name.lower() != "we"]
    before = [a for a in named if a.end <= match.start()]
    if named:
        return (before or named)[-1]
    assembly = _ASSEMBLY.search(reader.text, start, end)
    if assembly is not None:
        return Actor((), assembly[0], start, start)
    body = reader.last_body(start)
    return Actor(body, body[0], start, start) if body else None

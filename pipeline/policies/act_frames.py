"""The frame that a verb of acts.csv and its object make, and the candidate that it tells."""

from __future__ import annotations

import re

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.act_words import DETERMINER, Form, Object
from pipeline.policies.actor import Actor
from pipeline.policies.candidates import Candidate
from pipeline.policies.reading import Reader
from pipeline.policies.sentence import Sentence
from pipeline.policies.told_before import countries

CUT = regex(
    r"[;:]|,(?! ?\d)|\.(?=\s|$)|[\"”](?=\s|$)|[—–]| (?:said|says|after|while|when|which|who|that|because"
    r"|(?<!such )as|despite"
    r"|amid|although"
    r"|though|since|where|according|citing|prompting|making|helping|underscoring|highlighting|marking|effective"
    r"|starting|beginning|last (?:week|month|year|\w+day)|earlier this|over the (?:next|coming)|on (?:Mon|Tues"
    r"|Wednes|Thurs|Fri|Satur|Sun)day)\b"
    r"| (?:in|on|from|since|by) (?:(?:late |early |mid-)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|20\d\d)"
)
DOCUMENT = regex(
    r"^(?:The|This|These|It|Its|Under|According to)(?: [\w'’-]+){0,3}? (?:guidelines?|guidance|plans?|measures|notice"
    r"|circular|document|regulations?|rules|campaign|program|blueprint|report|policy|policies|opinions|law"
    r"|bill)\b(?! to\b)"
)
ASKED = regex(
    r"\b(?:expect(?:s|ed|ing)?|urg(?:e|es|ed|ing)|ask(?:s|ed|ing)?|press(?:es|ed|ing)?|want(?:s|ed|ing)?|push(?:es|ed"
    r"|ing)?"
    r"|call(?:s|ed|ing)? (?:on|for)|lobb(?:y|ied|ying)|encourag\w+|advis\w+|hop(?:e|es|ed|ing)(?: that)?|wish(?:es|ed)?"
    r"|expect(?:s|ed)? that|predict(?:s|ed)?(?: that)?|anticipat(?:es?|ed)(?: that)?)\s(?:the |China['’]s )?$"
)
"""What stands before an authority of which others want or expect an act."""
_PLACE = regex(r"[Tt]he (?:city|province|region|municipality)$")
"""What pays out money of its own, unlike a country, which is said to provide much."""
_LAND = regex(r"(?:[Tt]he )?(?:country|nation|city|province|region|municipality|bloc|union)$|^China$")
_NO_ACT = regex(r"^(?:\w+ )?(?:itself|themselves|himself|herself|it|them|him|her|us|me|you|one)\b(?!-)")
_FIRM_S = regex(r"\b(?!China|Country|Nation|Asia|Europe|Africa)[A-Z][\w-]+['’]s ")
"""`Pear Corp's delivery service`: what a firm offers is no measure."""
_OWNED = regex(r"\w['’]s? ")
_NEGATED_OBJECT = regex(r"\b(?:no|any|zero) ")
MOST_TITLE = 150
STRIKES = frozenset({"hit", "slap", "saddle", "punish"})
SEGMENT = frozenset({"that", "which", "when", "as", "after", "because", "while", "if", "but", "said", "since", "and",
                      "where", "once", "who", "although", "before", "until"})  # fmt: skip


def whole_land(actor: Actor) -> bool:
    """Whether a whole land or city is said to act, and no body of it."""
    return _LAND.search(actor.name) is not None


def frame_of(
    reader: Reader, form: Form, found: Object, actor: Actor, sentence: Sentence
) -> tuple[str, Instrument, bool] | None:
    """The frame that verb and object make: its name, the kind of the measure, whether the verb is of its title."""
    tokens, text = sentence.tokens, reader.text
    kinds = {thing.kind: thing for thing in found.things}
    printed = text[tokens[found.first].start : tokens[found.last].end]
    after = tokens[found.last + 1].low if found.last + 1 < len(tokens) else ""
    vague = found.head in {
        "framework",
        "regime",
        "package",
        "arrangements",
        "system",
        "systems",
        "mechanism",
        "network",
    }
    if vague and after not in _SAYS_WHICH and found.last - found.first < 3:
        return None
    if (
        found.head in {"investigation", "investigations", "probe", "inquiry", "inquiries", "review"}
        and after
        not in {
            "into",
            "against",
        }
        and not (form.lemma == "order" and after == "of")
    ):
        return None
    if re.search(r"\bsuch\b", printed):
        return None
    if _NO_ACT.match(printed) or _NEGATED_OBJECT.match(printed):
        return None
    body = not whole_land(actor)
    if "hold" in form.frames:
        held = _RATE_HELD.search(text, tokens[found.first].start, tokens[found.last].end + 12)
        bank = _BANK.search(f"{actor.name} {actor.issuers}") or (not body and _LENDING.search(printed))
        return ("hold", "decision", True) if held and bank else None
    if form.lemma in STRIKES and "burden" in kinds:
        return "move", "decision", True
    if form.lemma in {"put", "place"} and found.head in _BRAKES and after in {"to", "on"}:
        return "deny", "decision", True
    if found.head in _BEFORE_COURTS:
        return None
    if form.lemma in _PUTS_OFF and found.head in {"vote", "votes", "ratification"} and after in {"on", "of"} and body:
        return "free", "decision", True
    for frame in form.frames:
        if frame in {"deny", "free"}:
            if form.lemma in {"drop", "end", "cancel"} and body and not _bare(actor) and "abstract" not in kinds:
                return frame, "decision", True
            if "abstract" in kinds and not {"burden", "scheme"} & kinds.keys():
                continue
            if {"burden", "scheme", "status"} & kinds.keys() or (frame == "deny" and form.lemma not in _COMMON):
                return frame, "decision", True
            if form.lemma == "exempt" and after == "from":
                return frame, "decision", True
        elif frame == "consent":
            if (form.lemma == "back" and not _ASSEMBLY.search(actor.name)) or (
                form.lemma == "accept" and found.head not in _OFFERED
            ):
                continue
            if (
                form.form != "gerund"
                and "abstract" not in kinds
                and (
                    (body and (actor.issuers or _REGULATORS.search(actor.name)))
                    or (not body and form.lemma in _PERMITS)
                )
            ):
                return frame, "decision", True
        elif frame == "move":
            if "burden" in kinds or ("scheme" in kinds and form.lemma in _LAID):
                return frame, "decision", True
        elif frame == "pay":
            double = re.search(r"\w (?:an?|another|its) ", printed) is not None
            if (
                form.lemma in {"grant", "give", "award", "issue"}
                and "status" in kinds
                and (double or after in {"for", "to", "of"})
            ):
                return frame, "decision", True
            if form.lemma in _ALLOTS and found.head in {"quota", "quotas"} and after not in {"of", "at"}:
                return frame, "decision", True
            if form.lemma == "front-load" and not found.summed:
                continue
            if (found.summed and (form.lemma not in _SPENT or form.form in {"base", "gerund"})) or (
                "money" in kinds
                and (body or form.lemma in {"subsidize", "earmark", "hand out"} or _PLACE.search(actor.name))
            ):
                return frame, "other", False
            if form.lemma == "subsidize":
                return frame, "decision", True
        elif frame == "make":
            if form.lemma == "advance" and found.head not in {"pilot", "pilots", "trial", "trials", "programs"}:
                continue
            if form.lemma == "advance" and "pilot" not in printed and "trial" not in printed:
                continue
            if form.lemma in {"pilot", "trial"} and body and actor.issuers and "abstract" not in kinds:
                return frame, "pilot", False
            thing = kinds.get("scheme") or (kinds.get("soft") if body or actor.issuers else None)
            if thing is None and form.lemma in NAMED - {"subsidize"} and not whole_land(actor):
                named = [t for t in tokens[found.first : found.last + 1] if t.word[0].isupper() or t.word[0].isdigit()]
                plain = [
                    t for t in tokens[found.first : found.last + 1] if t.low not in DETERMINER and t.low[0].isalnum()
                ]
                if len(named) >= 2 and named == plain and not _OWNED.search(printed) and actor.issuers:
                    return frame, "other", False
            if thing is not None and thing.kind == "soft" and _FIRM_S.search(printed):
                continue
            if thing is not None:
                return frame, thing.instrument, False  # type: ignore[return-value]
        elif frame == "bind":
            let = form.lemma in {"allow", "permit"} and form.form != "base" and _bare(actor)
            if after in _BESIDE_BOUND and _BOUND_TO.match(text, tokens[found.last].end, sentence.end):
                after = "to"
            if after == "to" and body and actor.issuers and not let and "abstract" not in kinds:
                return frame, "order" if form.lemma in {"order", "instruct", "direct"} else "decision", True
        elif frame == "name" and body and (after == "as" or (form.lemma == "designate" and after == "for")):
            return frame, "decision", True
    return None


def _bare(actor: Actor) -> bool:
    """Whether the actor is printed as a place only, or is none that the table knows: `Norway`."""
    return not actor.issuers or actor.name in countries()


_ASSEMBLY = regex(
    r"\b(?:[Pp]arliament|[Ll]awmakers|[Ll]egislat\w+|[Ss]enate|[Cc]ongress|(?<!White )[Hh]ouse|[Cc]ommittee|MEPs|Diet"
    r"|Bundestag|[Cc]ouncil|[Cc]abinet|[Aa]ssembly)\b"
)
"""Whose backing is a vote, and no stance."""
_OFFERED = frozenset({"undertaking", "undertakings", "offer", "commitments", "remedies"})
_SAYS_WHICH = frozenset({"for", "to", "of", "on", "covering", "worth", "totaling", "totalling", "valued", "aimed"})
"""What follows a general noun that is told by more than itself: `a package worth 3 billion yen`."""
_RATE_HELD = regex(r"\brates? (?:unchanged|steady|on hold|at )")
_BANK = regex(r"\b(?:[Bb]ank|Fed|Reserve|Monetary|Riksbank)\b")
_LENDING = regex(r"\b(?:loan prime|(?:benchmark|market-based benchmark) lending|policy) rates?\b")
"""What a central bank leaves as it is, it has decided on."""
_BRAKES = frozenset(
    {"halt", "stop", "freeze", "hold", "pause", "ban", "bans", "moratorium", "cap", "limit", "limits", "restrictions",
     "embargo", "levy", "tariffs", "duties", "quota", "quotas"}
)  # fmt: skip
"""`put a halt to exports`, `placed limits on visas`."""
_PERMITS = frozenset(
    {"approve", "authorize", "green-light", "greenlight", "give the green light to", "give the go-ahead to",
     "give the go-ahead for", "give the nod to"}
)  # fmt: skip
"""What a whole land does only as an authority: `the city has greenlighted a …`."""
_BEFORE_COURTS = frozenset(
    {"lawsuit", "lawsuits", "suit", "case", "cases", "appeal", "appeals", "complaint", "charges"}
)
"""What is begun and dropped before courts is no measure."""
_PUTS_OFF = frozenset({"postpone", "delay", "suspend", "shelve", "freeze", "pause", "halt", "put off", "cancel"})
"""`Parliament postponed a vote on the trade deal`."""
_LAID = frozenset({"impose", "levy", "slap", "extend", "expand", "set"})
_BESIDE_BOUND = frozenset({"in", "from", "of", "with", "at", "on", "under"})
_BOUND_TO = regex(r" (?:in|from|of|with|at|on|under) [^,;:.—–]{3,60}? to (?=[a-z])")
"""`allowed insurers in 10 pilot programs to invest`."""
_REGULATORS = regex(r"\b(?:regulators?|authorities|lawmakers|government)$")
NAMED = frozenset({"launch", "unveil", "roll out", "introduce", "subsidize"})
"""Verbs that take a thing by its own name too."""
_SPENT = frozenset({"spend", "provide", "invest", "pay", "give", "offer", "distribute"})
"""What was spent is a figure, what will be is a measure."""
_ALLOTS = frozenset({"issue", "allocate", "allot", "grant", "give", "award", "distribute"})
_COMMON = frozenset({"limit", "restrict", "halt", "block", "seize", "ground", "clear", "drop", "crack down on"})
"""Verbs that have other objects more often than measures: only with a known noun."""


def act_candidate(
    reader: Reader,
    sentence: Sentence,
    form: Form,
    frame: tuple[str, Instrument, bool],
    found: Object,
    actor: Actor,
    verb: tuple[int, int],
) -> Candidate:
    """The candidate that one verb with its object tells, titled up to where its clause ends."""
    tokens, text = sentence.tokens, reader.text
    name, kind, with_verb = frame
    at = tokens[verb[0] if with_verb else found.first].start
    stop = CUT.search(text, tokens[found.last].end, sentence.end)
    edge = min(stop.start() if stop else sentence.end, at + MOST_TITLE)
    title = text[at:edge].rsplit(" ", 1)[0] if edge == at + MOST_TITLE else text[at:edge]
    head = found.things[-1].noun if found.things else form.lemma
    return Candidate(
        rule="act", trigger=text[tokens[verb[0]].start : tokens[verb[1]].end], title=title.strip(' ,."”“'),
        instrument=kind, head=head, issuers=reader.we_as_nation(actor), actor=actor.name, evidence=[sentence.span],
        strength=1, reason=f"an authority does what is a measure ({name})",
    )  # fmt: skip

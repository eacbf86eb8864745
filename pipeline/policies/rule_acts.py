"""English prose: what an authority does, told without a noun for instruments.

`The ministry capped the price of pears`, `the city will hand out coupons`, `France has dropped a contract with …`. The
verbs are in acts.csv, each with its frames; a frame says what kind of object the verb takes (things.csv):

`deny`, `free` and `consent` take any concrete thing where a body acts, `move` what authorities set (taxes, prices,
limits), `pay` money, `make` what they set up (schemes, funds, taxes), `bind` somebody who is to do something, `name`
something as something.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.act_words import (
    DETERMINER,
    FREE,
    OFFICIAL,
    Form,
    Object,
    forms,
    may_act,
    object_at,
    widths,
)
from pipeline.policies.actions import action_of, freed
from pipeline.policies.actor import Actor
from pipeline.policies.candidates import Candidate
from pipeline.policies.issuers import bodies
from pipeline.policies.phrases import Token
from pipeline.policies.reading import (
    AUX_PASSIVE,
    FORECAST,
    FUTURE,
    JOINED,
    NEGATED,
    PERFECT,
    PRIVATE,
    Reader,
    group_start,
)
from pipeline.policies.sentence import Sentence
from pipeline.policies.tables import rows
from pipeline.policies.tail import Tail

_CUT = regex(
    r"[;:]|,(?! ?\d)|\.(?=\s|$)|[\"”](?=\s|$)|[—–]| (?:said|says|after|while|when|which|who|that|because"
    r"|(?<!such )as|despite"
    r"|amid|although"
    r"|though|since|where|according|citing|prompting|making|helping|underscoring|highlighting|marking|effective"
    r"|starting|beginning|last (?:week|month|year|\w+day)|earlier this|over the (?:next|coming)|on (?:Mon|Tues"
    r"|Wednes|Thurs|Fri|Satur|Sun)day)\b"
    r"| (?:in|on|from|since|by) (?:(?:late |early |mid-)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|20\d\d)"
)
_DECIDED = Tail(
    r"\b(?:decided|agreed|voted|opted|moved|chose|ordered|resolved|began|begun|started)"
    r"(?: \w+ly| (?:by )?[\d,]+(?:-[\d,]+| (?:votes )?to [\d,]+))?"
    r"(?: (?:in|on|last|late|early|earlier|this)(?: [\w-]+){1,3})? to(?: \w+ly)?$",
    "to",
    "ly",
)
_HOPED = Tail(
    r"\b(?:hop(?:e|es|ed|ing)|want(?:s|ed)?|try|tries|trying|tried|seek(?:s|ing)?|sought|efforts?|attempts?|threaten\w*"
    r"|vow(?:s|ed)?|pledg(?:e|es|ed)|promis(?:e|es|ed)|need(?:s|ed)?|refus\w+|fail\w*|aim(?:s|ed|ing)?) to(?: \w+ly)?$",
    "to",
    "ly",
)
_WEIGHED = Tail(
    r"\b(?:is|are|was|were)(?: also| now| reportedly| currently)? (?:considering|planning|preparing|mulling|weighing)$",
    "ing",
)
_FAVORED = regex(r"\bvoted(?: \w+ly| [\d-]+(?: to \d+)?)? (?:in favou?r of|for)(?: \w+ly)?$")
"""`Parliament voted in favor of banning …`."""
_FIRST_TO = Tail(
    r" (?:was|is|became|has become|were|have become) (?:the|among the|one of the) first (?:[\w-]+ ){0,4}?to$",
    "to",
)
_ASKED = regex(
    r"\b(?:expect(?:s|ed|ing)?|urg(?:e|es|ed|ing)|ask(?:s|ed|ing)?|press(?:es|ed|ing)?|want(?:s|ed|ing)?|push(?:es"
    r"|ed|ing)?"
    r"|call(?:s|ed|ing)? (?:on|for)|lobb(?:y|ied|ying)|encourag\w+|advis\w+)\s(?:the |China['’]s )?$"
)
_RELATIVE = regex(r",? (?:which|that|who)(?: has| have| had| also| will| would| recently)*$")
_APPOSED = regex(r",?|, [^,]{3,60}")
_LISTS = regex(
    r" (?:to|in|on|onto|from) (?:its|the|a|an|their) (?P<list>(?:[\w'’-]+ ){0,6}?(?:list|catalog(?:ue)?|blacklist"
    r"|whitelist|carbon market|trading market|medical insurance|public holidays|reimbursement scope|pilot program))\b"
)
_IN_FORCE = regex(r" into (?:force|effect|practice)\b")
_DOCUMENT = regex(
    r"^(?:The|This|These|It|Its|Under|According to)(?: [\w'’-]+){0,3}? (?:guidelines?|guidance|plans?|measures|notice"
    r"|circular|document|regulations?|rules|campaign|program|blueprint|report|policy|policies|opinions|law"
    r"|bill)\b(?! to\b)"
)
_PLACE = regex(r"[Tt]he (?:city|province|region|municipality)$")
"""What pays out money of its own, unlike a country, which is said to provide much."""
_LAND = regex(r"(?:[Tt]he )?(?:country|nation|city|province|region|municipality|bloc|union)$|^China$")
_BROAD = regex(
    r"\b(?:[Ii]nitiative|AI Plus|AI ?\+|Belt and Road|BRI|[Ii]nternet Plus|emphasis|effort|strides|dialogue)\b"
)
_NO_ACT = regex(r"^(?:\w+ )?(?:itself|themselves|himself|herself|it|them|him|her|us|me|you|one)\b")
_FIRM_S = regex(r"\b(?!China|Country|Nation|Asia|Europe|Africa)[A-Z][\w-]+['’]s ")
"""`Pear Corp's delivery service`: what a firm offers is no measure."""
_OWNED = regex(r"\w['’]s? ")
_NEGATED_OBJECT = regex(r"\b(?:no|any|zero) ")
_MOST_TITLE = 150


def acts(reader: Reader, sentence: Sentence) -> None:
    """The acts of authorities that the sentence tells."""
    if not may_act(sentence):
        return
    tokens = sentence.tokens
    table, first_words = forms(), widths()
    last: Actor | None = None
    for i, token in enumerate(tokens):
        if token.low not in first_words or (token.word[:1].isupper() and i > 0):
            continue
        for width in first_words[token.low]:
            form = table.get(" ".join(t.low for t in tokens[i : i + width]))
            if form is not None:
                last = _act(reader, sentence, form, (i, i + width - 1), last) or last
                break


def _act(reader: Reader, sentence: Sentence, form: Form, verb: tuple[int, int], last: Actor | None) -> Actor | None:
    """One verb: its candidate goes to the reader; returns who acts."""
    needed = _NEEDS.get(form.frames[0])
    if form.form == "third" or (needed is not None and needed.isdisjoint(sentence.words)):
        return None
    start = sentence.start
    tokens, text = sentence.tokens, reader.text
    group = group_start(tokens, verb[0])
    while group > 0 and tokens[group - 1].low in {"now", "currently", "still"}:
        group = group_start(tokens, group - 1)
    auxiliary = {t.low for t in tokens[group : verb[0]]}
    if form.form == "base" and auxiliary.isdisjoint(_MODAL):
        return None
    at = tokens[verb[0]].start
    run = text[start:at].rstrip()
    passive = bool(auxiliary & AUX_PASSIVE) and form.form in {"past", "participle"}
    future = FUTURE.search(run) is not None
    favored = _FAVORED.search(run) if form.form == "gerund" else None
    decided = favored is not None or _DECIDED.search(run) is not None
    under_way = auxiliary & AUX_PASSIVE or favored or _WEIGHED.search(run)
    if _HOPED.search(run) or (form.form == "gerund" and not under_way):
        return None
    if form.form == "gerund" and "been" in auxiliary:
        return None
    first = _FIRST_TO.search(run) if form.form == "base" else None
    if form.form == "base" and not (future or decided or first):
        return None
    if form.form == "participle" and not (passive or auxiliary & PERFECT or JOINED.search(run)):
        return None
    if passive:
        _suffered(reader, sentence, form, verb, future)
        return None
    found = object_at(sentence, verb[1] + 1)
    if form.lemma in _STRIKES:
        found = _struck_with(sentence, found)
    elif form.lemma in {"agree to", "agree on"} and not _settles(tokens, verb[1] + 1):
        return None
    if (future or form.form in {"past", "participle"}) and (found is None or not found.things):
        _relative(reader, sentence, verb, future)
    if found is None or not (found.things or found.summed or FREE & set(form.frames) or _NAMES & {form.lemma}):
        return None
    weighed = _WEIGHED.search(run)
    actor = reader.actors.subject(start, tokens[group].start) or reader.actors.subject(start, at)
    if actor is None and weighed:
        actor = reader.actors.subject(start, start + weighed.start())
    if actor is None and (settled := favored or _DECIDED.search(run)) is not None:
        actor = reader.actors.subject(start, start + settled.start())
    if first:
        actor = reader.actors.subject(start, start + first.start() + 1)
    if actor is None and JOINED.search(run):
        actor = last or reader.actors.joined_subject(start, at)
    if actor is None:
        actor = reader.pronoun(run, start)
        relative = _RELATIVE.search(run)
        if actor is not None and relative and not _APPOSED.fullmatch(text, actor.end, start + relative.start()):
            # `licenses that allowed …`: what the licenses do
            actor = None
    if actor is None or (actor.name.lower() == "we" and not actor.issuers):
        return None
    frame = _frame(reader, form, found, actor, sentence)
    listed = _LISTS.match(text, tokens[found.last].end, sentence.end) if form.lemma in _ENTERS else None
    if listed is not None and not _land(actor):
        frame = ("list", "list", True)
    if form.lemma == "put" and _IN_FORCE.match(text, tokens[found.last].end, sentence.end):
        known = [thing for thing in found.things if thing.kind in {"scheme", "burden"}]
        frame = ("make", known[0].instrument, False) if known else None  # type: ignore[assignment]
    if frame is None:
        return actor
    candidate = _candidate(reader, sentence, form, frame, found, actor, verb)
    planned = (future or weighed is not None) and not decided
    if planned and candidate.instrument == "decision":
        candidate.instrument = "other"
    candidate.status = "planned" if planned else "draft" if form.lemma == "propose" else "issued"
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, at, planned)
    candidate.action = freed(candidate.title, action_of(candidate.title))
    if FORECAST.search(run) or (NEGATED.search(run) and not future):
        candidate.drop("wished, denied or supposed")
    elif _ASKED.search(text, start, actor.start):
        candidate.drop("asked or expected of an authority")
    elif _DOCUMENT.match(text, start, at):
        candidate.drop("what a document holds")
    elif PRIVATE.search(text, actor.end, at):
        candidate.drop("no public authority acts")
    elif _BROAD.search(candidate.title):
        candidate.drop("a broad initiative or stance")
    elif planned and (document := _told(reader, candidate)) is not None:
        candidate.drop(f"what {document.title[:40]!r} holds")
    reader.found.append(candidate)
    return actor


_NEEDS = {"hold": frozenset({"rate", "rates"}), "strike": frozenset({"with"})}
"""Words without which a common verb tells no measure."""
_STRIKES = frozenset({"hit", "slap", "saddle", "punish"})


def _struck_with(sentence: Sentence, found: Object | None) -> Object | None:
    """`hit imported pears with a duty of 20 percent`: the duty is what was imposed."""
    tokens = sentence.tokens
    if found is None or found.last + 2 >= len(tokens) or tokens[found.last + 1].low != "with":
        return found
    burden = object_at(sentence, found.last + 2)
    if burden is None or not burden.things:
        return found
    return Object(found.first, burden.last, burden.things, burden.head, burden.summed)


def _settles(tokens: list[Token], i: int) -> bool:
    """Whether `agreed to` has a noun phrase after it and no verb."""
    return i < len(tokens) and (tokens[i].low in DETERMINER or tokens[i].word[0].isdigit())


_RELATED = regex(r"(?:,? (?:which|that)| with which)? (?:the )?$")


def _relative(reader: Reader, sentence: Sentence, verb: tuple[int, int], future: bool) -> None:
    """`the tariffs that Sampleland imposed in May`, `the fees, which the bloc suspended`: told as known."""
    start, end = sentence.span
    tokens, text = sentence.tokens, reader.text
    if all(token.low not in OFFICIAL for token in tokens[max(0, verb[0] - 14) : verb[0]]):
        return
    at = tokens[verb[0]].start
    actor = reader.actors.subject(start, at)
    if actor is None or not actor.issuers:
        return
    before = max((i for i, t in enumerate(tokens[: verb[0]]) if t.end <= actor.start), default=-1)
    while before >= 0 and tokens[before].low in {"which", "that", "the", ",", "with"}:
        before -= 1
    if before < 0 or not _RELATED.fullmatch(text, tokens[before].end, actor.start):
        return
    first = before
    while first > 0 and before - first < 16 and tokens[first - 1].low not in _SEGMENT | set(",;:—–"):
        first -= 1
    for i in range(first, before + 1):
        found = object_at(sentence, i, before + 1)
        if (
            found is not None
            and found.last == before
            and found.things
            and found.things[-1].noun.split()[-1] in OFFICIAL
        ):
            break
    else:
        return
    if tokens[found.first].low in {"any", "no"} or any(
        c.kept and c.evidence[0] == sentence.span and found.head in c.title for c in reader.found
    ):
        return
    stop = _CUT.search(text, tokens[verb[1]].end, end)
    title = text[tokens[found.first].start : stop.start() if stop else end][:_MOST_TITLE].strip(' ,."”“')
    candidate = Candidate(
        rule="act", trigger=text[at : tokens[verb[1]].end], title=re.sub(r"^(?:[Tt]he|[Ii]ts) ", "", title),
        instrument="other" if future else "decision", head=found.things[-1].noun, actor=actor.name,
        issuers=reader.we_as_nation(actor), status="planned" if future else "issued",
        evidence=[sentence.span], strength=1, reason="what an authority did, told of a measure that is known",
    )  # fmt: skip
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, at, future)
    candidate.action = action_of(candidate.title)
    if NEGATED.search(text[start:at].rstrip()) and not future:
        candidate.drop("wished, denied or supposed")
    reader.found.append(candidate)


_CARRY_OUT = frozenset({"implement", "introduce", "impose", "enforce"})
_SEGMENT = frozenset({"that", "which", "when", "as", "after", "because", "while", "if", "but", "said", "since", "and",
                      "where", "once", "who", "although", "before", "until"})  # fmt: skip


def _suffered(reader: Reader, sentence: Sentence, form: Form, verb: tuple[int, int], future: bool) -> None:
    """A passive: `pear imports were banned by the ministry`, `the subsidies will be phased out`."""
    start, end = sentence.span
    tokens, text = sentence.tokens, reader.text
    group = group_start(tokens, verb[0])
    first = group
    while (
        first > 0
        and group - first < 24
        and (tokens[first - 1].low not in _SEGMENT and tokens[first - 1].low not in ",;:—–")
    ):
        first -= 1
    actor = reader.actors.agent(tokens[verb[1]].end, end)
    if actor is None and (far := _FAR_BY.match(text, tokens[verb[1]].end, end)) is not None:
        actor = reader.actors.agent(far.start("by"), end)
    found = object_at(sentence, first, group)
    if first > 0 and tokens[first - 1].low in {"and", "as", "who", "which", "that"}:
        first, found = _whole_clause(sentence, first, group) or (first, found)
    granted = form.lemma in {"grant", "give", "award"}
    if granted:
        given = object_at(sentence, verb[1] + 1)
        if given is None or not any(thing.kind == "status" for thing in given.things):
            return
        first, found = verb[1] + 1, given
    if "bind" in form.frames and actor is not None and found is not None:
        _bound(reader, sentence, actor, verb)
    if found is None or form.form not in {"past", "participle"} or "bind" in form.frames or "name" in form.frames:
        return
    official = any(thing.noun in OFFICIAL for thing in found.things)
    if actor is None and not (official or granted):
        return
    auxiliary = {t.low for t in tokens[group : verb[0]]}
    if actor is None and (
        ("being" in auxiliary or not (future or auxiliary & {"was", "were", "been"}))
        or not (granted or {"deny", "free", "move"} & set(form.frames) or (future and form.lemma in _CARRY_OUT))
        or any(c.kept and c.rule.startswith("act") and c.evidence[0] == sentence.span for c in reader.found)
    ):
        return
    if actor is None and re.match(
        r" by \b(?!\d|an? |half|nearly|about|up to|late|early|mid|the end|[A-Z][a-z]{2,8} \d)",
        text[tokens[verb[1]].end : end],
    ):
        return
    if actor is None and _FIRMS_OWN.search(text, tokens[first].start, tokens[verb[0]].start):
        return
    if actor is None and _BY_NAME.match(text, tokens[verb[1]].end, end):
        return
    dummy = actor or Actor((), "authorities", start, start)
    frame: tuple[str, Instrument, bool] | None = ("status", "decision", True)
    if not granted:
        frame = _frame(reader, form, found, dummy, sentence)
    if frame is None:
        return
    candidate = _candidate(reader, sentence, form, (frame[0], frame[1], False), found, dummy, verb)
    candidate.status = "planned" if future else "issued"
    at = tokens[verb[0]].start
    if not granted:
        stop = _CUT.search(text, tokens[verb[1]].end, end)
        edge = tokens[group - 1].end if frame[0] == "make" and group > found.first else stop.start() if stop else end
        candidate.title = text[tokens[found.first].start : edge][:_MOST_TITLE].strip(' ,."”“')
    candidate.actor = actor.name if actor else None
    candidate.rule = "act undergone"
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, at, future)
    candidate.action = action_of(candidate.title)
    run = text[start:at].rstrip()
    if FORECAST.search(run) or (NEGATED.search(run) and not future):
        candidate.drop("wished, denied or supposed")
    elif _DOCUMENT.match(text, start, at):
        candidate.drop("what a document holds")
    elif future and (document := _told(reader, candidate)) is not None:
        candidate.drop(f"what {document.title[:40]!r} holds")
    reader.found.append(candidate)


_FAR_BY = regex(r" (?:at|to|from) [^,;:.—–]{2,40}?(?P<by> by )(?=the |[A-Z])")
_FIRMS_OWN = regex(
    r"\b(?:company|firm|group|bank|airline|school|university|brand|platform|store|operator|carrier)['’]s? "
)
_BY_NAME = regex(
    r"(?: (?:in|on|last|this)(?: [\w.]{2,12}){1,2})? by (?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))[A-Z]"
)
"""What a firm does with its own fees, or somebody of a name who is no authority."""
_FINITE = frozenset({"has", "have", "had", "was", "were", "is", "are", "will", "would", "can", "said"})


def _whole_clause(sentence: Sentence, first: int, group: int) -> tuple[int, Object] | None:
    """`tariffs on pears and plums will be cut`: the subject opens the clause, before what `and` or `who` adds to it."""
    tokens = sentence.tokens
    start = first
    while start > 0 and first - start < 24 and tokens[start - 1].low not in {",", ";", ":", "—", "–"}:
        start -= 1
    if start == first or any(token.low in _FINITE for token in tokens[start:group]):
        return None
    found = object_at(sentence, start, group)
    if found is None or not any(thing.noun in OFFICIAL for thing in found.things):
        return None
    return start, found


def _bound(reader: Reader, sentence: Sentence, actor: Actor, verb: tuple[int, int]) -> None:
    """`Pear Corp was allowed by the US government to resume sales`: what the authority decided about it."""
    start, end = sentence.span
    text, at = reader.text, sentence.tokens[verb[0]].start
    to = re.compile(r" to (?=[a-z])").match(text, actor.end, end)
    if to is None or not actor.issuers:
        return
    stop = _CUT.search(text, to.end(), end)
    candidate = Candidate(
        rule="act undergone", trigger=text[at : sentence.tokens[verb[1]].end],
        title=text[at : stop.start() if stop else end][:_MOST_TITLE].strip(' ,."”“'), instrument="decision",
        head="decision", issuers=actor.issuers, actor=actor.name, evidence=[sentence.span],
        reason="what an authority lets or makes somebody do",
    )  # fmt: skip
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, at, False)
    candidate.action = action_of(candidate.title)
    run = text[start:at].rstrip()
    if FORECAST.search(run) or NEGATED.search(run) or FUTURE.search(run):
        candidate.drop("wished, denied or supposed")
    reader.found.append(candidate)


_NO_DOCUMENT = frozenset(
    {"act", "act undergone", "known", "intended", "standing measure", "measure", "standing policy", "in passing",
     "described", "measure in a subordinate clause"}
)  # fmt: skip
"""Rules that tell no document whose content a story could go through."""


def _foreign(candidate: Candidate) -> bool:
    body = bodies().get(candidate.issuers[0])
    return body.place not in {"China", ""} if body else candidate.issuers[0] in _countries()


@cache
def _countries() -> frozenset[str]:
    return frozenset(row["government"] for row in rows("places") if row["kind"] in {"country", "bloc"})


def _told(reader: Reader, candidate: Candidate) -> Candidate | None:
    """The document told before, whose content an intention is: `The plan was issued … The city will open …`."""
    kinds = {"plan", "guideline", "measures", "regulation", "notice", "law", "standard"}
    for known in reversed(reader.found):
        if not known.kept or known.rule in _NO_DOCUMENT or known.status == "repealed":
            continue
        apart = known.issuers and candidate.issuers and not set(known.issuers) & set(candidate.issuers)
        if apart and _foreign(known) != _foreign(candidate):
            continue
        if known.instrument in kinds or known.rule == "work report":
            return known
    return None


def _land(actor: Actor) -> bool:
    """Whether a whole land or city is said to act, and no body of it."""
    return _LAND.search(actor.name) is not None


def _frame(
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
    if vague and after not in {"for", "to", "of", "on", "covering"} and found.last - found.first < 3:
        return None
    if (
        found.head in {"investigation", "investigations", "probe", "inquiry", "review"}
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
    body = not _land(actor)
    if "hold" in form.frames:
        held = _RATE_HELD.search(text, tokens[found.first].start, tokens[found.last].end + 12)
        return ("hold", "decision", True) if held and _BANK.search(f"{actor.name} {actor.issuers}") else None
    if form.lemma in _STRIKES and "burden" in kinds:
        return "move", "decision", True
    if form.lemma in {"put", "place"} and found.head in _BRAKES and after in {"to", "on"}:
        return "deny", "decision", True
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
            thing = kinds.get("scheme") or (kinds.get("soft") if body or actor.issuers else None)
            if thing is None and form.lemma in _NAMES - {"subsidize"} and not _land(actor):
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
    return not actor.issuers or actor.name in _countries()


_ASSEMBLY = regex(
    r"\b(?:[Pp]arliament|[Ll]awmakers|[Ll]egislat\w+|[Ss]enate|[Cc]ongress|(?<!White )[Hh]ouse|[Cc]ommittee|MEPs|Diet"
    r"|Bundestag|[Cc]ouncil|[Cc]abinet|[Aa]ssembly)\b"
)
"""Whose backing is a vote, and no stance."""
_OFFERED = frozenset({"undertaking", "undertakings", "offer", "commitments", "remedies"})
_RATE_HELD = regex(r"\brates? (?:unchanged|steady|on hold|at )")
_BANK = regex(r"\b(?:[Bb]ank|Fed|Reserve|Monetary|Riksbank)\b")
"""What a central bank leaves as it is, it has decided on."""
_BRAKES = frozenset(
    {"halt", "stop", "freeze", "hold", "pause", "ban", "bans", "moratorium", "cap", "limit", "limits", "restrictions",
     "embargo", "levy", "tariffs", "duties", "quota", "quotas"}
)  # fmt: skip
"""`put a halt to exports`, `placed limits on visas`."""
_ENTERS = frozenset({"add", "include", "place", "put", "remove", "enter"})
_PERMITS = frozenset(
    {"approve", "authorize", "green-light", "greenlight", "give the green light to", "give the go-ahead to",
     "give the go-ahead for", "give the nod to"}
)  # fmt: skip
"""What a whole land does only as an authority: `the city has greenlighted a …`."""
_LAID = frozenset({"impose", "levy", "slap", "extend", "expand", "set"})
_BESIDE_BOUND = frozenset({"in", "from", "of", "with", "at", "on", "under"})
_BOUND_TO = regex(r" (?:in|from|of|with|at|on|under) [^,;:.—–]{3,60}? to (?=[a-z])")
"""`allowed insurers in 10 pilot programs to invest`."""
_REGULATORS = regex(r"\b(?:regulators?|authorities|lawmakers|government)$")
_MODAL = frozenset({"will", "would", "shall", "to"})
_NAMES = frozenset({"launch", "unveil", "roll out", "introduce", "subsidize"})
"""Verbs that take a thing by its own name too."""
_SPENT = frozenset({"provide", "invest", "pay", "give", "offer", "distribute"})
"""What was spent is a figure, what will be is a measure."""
_COMMON = frozenset({"limit", "restrict", "halt", "block", "seize", "ground", "clear", "drop", "crack down on"})
"""Verbs that have other objects more often than measures: only with a known noun."""


def _candidate(
    reader: Reader,
    sentence: Sentence,
    form: Form,
    frame: tuple[str, Instrument, bool],
    found: Object,
    actor: Actor,
    verb: tuple[int, int],
) -> Candidate:
    tokens, text = sentence.tokens, reader.text
    name, kind, with_verb = frame
    at = tokens[verb[0] if with_verb else found.first].start
    stop = _CUT.search(text, tokens[found.last].end, sentence.end)
    edge = min(stop.start() if stop else sentence.end, at + _MOST_TITLE)
    title = text[at:edge].rsplit(" ", 1)[0] if edge == at + _MOST_TITLE else text[at:edge]
    head = found.things[-1].noun if found.things else form.lemma
    return Candidate(
        rule="act", trigger=text[tokens[verb[0]].start : tokens[verb[1]].end], title=title.strip(' ,."”“'),
        instrument=kind, head=head, issuers=reader.we_as_nation(actor), actor=actor.name, evidence=[sentence.span],
        strength=1, reason=f"an authority does what is a measure ({name})",
    )  # fmt: skip

"""English prose: acts in the passive, `pear imports were banned by the ministry`, `subsidies will be phased out`."""

from __future__ import annotations

import re

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.act_frames import CUT, DOCUMENT, MOST_TITLE, SEGMENT, act_candidate, frame_of
from pipeline.policies.act_words import OFFICIAL, Form, Object, object_at
from pipeline.policies.actions import action_of
from pipeline.policies.actor import Actor
from pipeline.policies.attribution import answering
from pipeline.policies.candidates import Candidate
from pipeline.policies.reading import FORECAST, FUTURE, NEGATED, Reader, group_start
from pipeline.policies.sentence import Sentence
from pipeline.policies.told_before import document_before

_CARRY_OUT = frozenset({"implement", "introduce", "impose", "enforce"})


def suffered(reader: Reader, sentence: Sentence, form: Form, verb: tuple[int, int], future: bool) -> None:
    """A passive: `pear imports were banned by the ministry`, `the subsidies will be phased out`."""
    start, end = sentence.span
    tokens, text = sentence.tokens, reader.text
    group = group_start(tokens, verb[0])
    first = group
    while (
        first > 0
        and group - first < 24
        and (tokens[first - 1].low not in SEGMENT and tokens[first - 1].low not in ",;:—–")
    ):
        first -= 1
    if first == group and first > 0 and tokens[first - 1].low == ",":
        # `The second batch of pear quotas, totaling 5 tons, was issued by …`
        opening = next((k for k in range(first - 2, max(-1, first - 14), -1) if tokens[k].low == ","), None)
        while (
            opening
            and opening > 0
            and tokens[opening - 1].low not in SEGMENT
            and tokens[opening - 1].low not in ",;:—–"
        ):
            opening -= 1
            first = opening
    actor = reader.actors.agent(tokens[verb[1]].end, end)
    if actor is None and (far := _FAR_BY.match(text, tokens[verb[1]].end, end)) is not None:
        actor = reader.actors.agent(far.start("by"), end)
    found = object_at(sentence, first, group)
    if first > 0 and tokens[first - 1].low in {"and", "as", "who", "which", "that"}:
        whole = _whole_clause(sentence, first, group)
        if whole is not None and (_is_official(whole[1]) or answering(reader, sentence) is not None):
            first, found = whole
    granted = form.lemma in {"grant", "give", "award"}
    if granted:
        given = object_at(sentence, verb[1] + 1)
        if given is None or not any(thing.kind == "status" for thing in given.things):
            return
        first, found = verb[1] + 1, given
    if "name" in form.frames and found is not None:
        formal = (
            form.lemma in _FORMALLY
            and sentence.dates
            and any(t.low in {"officially", "formally"} for t in tokens[group : verb[0]])
        )
        named_by = actor or (Actor((), "authorities", start, start) if formal else None)
        if named_by is not None:
            _named(reader, sentence, named_by, (first, verb[1]), future)
    if "bind" in form.frames and actor is not None and found is not None:
        _bound(reader, sentence, actor, verb)
    if found is None or form.form not in {"past", "participle"} or "name" in form.frames:
        return
    if "bind" in form.frames and form.lemma != "order":
        return
    official = _is_official(found)
    reports = None
    if actor is None and not granted and _BY.match(text, tokens[verb[1]].end, end) is None:
        reports = answering(reader, sentence)
        if reports is not None and _BY_CHANCE.match(text, tokens[verb[1]].end, end):
            reports = None
        if reports is not None and (_COUNTED.match(text, tokens[first].start) or not _new(found, form, reports)):
            reports = None
    actor = actor or reports
    if actor is None and not (official or granted):
        return
    auxiliary = {t.low for t in tokens[group : verb[0]]}
    if actor is None and (
        ("being" in auxiliary or not (future or auxiliary & {"was", "were", "been"}))
        or not (
            granted
            or {"deny", "free", "move"} & set(form.frames)
            or (future and form.lemma in _CARRY_OUT)
            or (form.lemma == "pilot" and _IN_LANDS.match(text, tokens[verb[1]].end, end))
        )
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
        frame = frame_of(reader, form, found, dummy, sentence)
    if frame is None:
        return
    candidate = act_candidate(reader, sentence, form, (frame[0], frame[1], False), found, dummy, verb)
    candidate.status = "planned" if future else "issued"
    at = tokens[verb[0]].start
    if not granted:
        stop = CUT.search(text, tokens[verb[1]].end, end)
        edge = tokens[group - 1].end if frame[0] == "make" and group > found.first else stop.start() if stop else end
        candidate.title = text[tokens[found.first].start : edge][:MOST_TITLE].strip(' ,."”“')
    candidate.actor = actor.name if actor else None
    candidate.rule = "act undergone"
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, at, future)
    candidate.action = action_of(candidate.title)
    run = text[start:at].rstrip()
    if FORECAST.search(run) or (NEGATED.search(run) and not future):
        candidate.drop("wished, denied or supposed")
    elif _YET_TO_BE.search(run):
        candidate.drop("still to be done by somebody")
    elif DOCUMENT.match(text, start, at) and not (reports and _own_change(text, start, at, form)):
        candidate.drop("what a document holds")
    elif future and (document := document_before(reader, candidate)) is not None:
        candidate.drop(f"what {document.title[:40]!r} holds")
    reader.found.append(candidate)


_YET_TO_BE = regex(
    r"\b(?:needs?|needed|yet|must|remains?|awaits?|waiting|requires?|has|have|had)(?: still| also| first)?"
    r" to be(?: \w+ly)?$"
    r"|\bmust(?: still| also| first)? be(?: \w+ly)?$"
)
"""`The proposal needs to be approved by parliament`: it has not been."""


def _new(found: Object, form: Form, reports: Actor) -> bool:
    """Whether verb and thing make a measure whoever reports it: no growth that was cut, no plant that was started."""
    kinds = {thing.kind for thing in found.things}
    if "soft" in kinds and "make" in form.frames and reports.issuers:
        return True
    if kinds & {"scheme", "burden", "status"}:
        return True
    return form.lemma in _FORBIDS and "abstract" not in kinds


def _own_change(text: str, start: int, at: int, form: Form) -> bool:
    """`The pilot program allowing … will be expanded`: it is the thing, and not what holds it."""
    return form.lemma not in _CARRY_OUT and " " in text[start:at] and _SAYS.search(text, start, at) is None


_SAYS = regex(r"\b(?:say|said|says|stipulat\w+|stat(?:es|ed)|require[sd]?)\b|,")
_BY = regex(
    r"[^,;:]{0,60}? by (?!\d|an? (?:quarter|third|half|fifth|tenth|year|month|week|further|total|maximum|day|decade)"
    r"|one |two |three |four |five |six |another |half|nearly|about|up to|late|early|mid"
    r"|the end|[A-Z][a-z]{2,8} \d)"
)
_FORMALLY = frozenset({"designate", "classify", "recognize"})
_FORBIDS = frozenset({"ban", "bar", "prohibit", "forbid", "outlaw", "criminalize", "cap", "exempt"})
_COUNTED = regex(
    r"(?:(?:[Aa] total of|[Mm]ore than|[Oo]ver|[Aa]bout|[Nn]early|[Ss]ome|[Aa]round) )?\d[\d,.]* (?!percent)"
)
"""`More than 300 pilots have been launched`: a figure."""
_BY_CHANCE = regex(
    r"[^,;]{0,60}? (?:because of|due to|owing to|after|amid) (?:[\w-]+ ){0,3}?(?:typhoons?|rain\w*|snow\w*|fog|smog"
    r"|weather|floods?"
    r"|flooding|quakes?|earthquakes?|winds?|storms?|sandstorms?|accidents?|strikes?|maintenance|fires?|drought)\b"
)
"""What the weather stops is no measure."""
_IN_LANDS = regex(
    r" (?:in|across) (?:[A-Z]|\w+ (?:cities|provinces|regions|districts|counties|places|areas)\b|the country)"
)
"""`The subsidy has been piloted in Sampleton`: only an authority pilots one in a place."""
_FAR_BY = regex(r" (?:at|to|from|as) [^,;:.—–]{2,40}?(?P<by> by )(?=the |[A-Z])")
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
    return (start, found) if found is not None and found.things else None


def _is_official(found: Object) -> bool:
    return any(thing.noun in OFFICIAL for thing in found.things)


def _named(reader: Reader, sentence: Sentence, actor: Actor, clause: tuple[int, int], future: bool) -> None:
    """`The port was designated as an entry point for pears by the administration`: a decision on the port."""
    text, tokens, end = reader.text, sentence.tokens, sentence.end
    named = _AS.match(text, tokens[clause[1]].end, end)
    if named is None or not (actor.issuers or actor.name == "authorities") or reader.has_told(sentence):
        return
    at = tokens[clause[0]].start
    candidate = Candidate(
        rule="act undergone", trigger=tokens[clause[1]].word, title=text[at : named.end()][:MOST_TITLE].strip(" ,"),
        instrument="decision", head="decision", issuers=actor.issuers, actor=actor.name, evidence=[sentence.span],
        status="planned" if future else "issued", reason="what an authority makes of something",
    )  # fmt: skip
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, tokens[clause[1]].start, future)
    candidate.action = action_of(candidate.title)
    run = text[sentence.start : tokens[clause[1]].start].rstrip()
    if FORECAST.search(run) or NEGATED.search(run):
        candidate.drop("wished, denied or supposed")
    reader.found.append(candidate)


_AS = regex(r" (?:as|for) (?:an?|the|one of|[\w-]+) [^,;:.—–]{4,90}?(?= by |[,;:.—–]|$)")


def _bound(reader: Reader, sentence: Sentence, actor: Actor, verb: tuple[int, int]) -> None:
    """`Pear Corp was allowed by the US government to resume sales`: what the authority decided about it."""
    start, end = sentence.span
    text, at = reader.text, sentence.tokens[verb[0]].start
    to = re.compile(r" to (?=[a-z])").match(text, actor.end, end)
    if to is None or not actor.issuers:
        return
    stop = CUT.search(text, to.end(), end)
    candidate = Candidate(
        rule="act undergone", trigger=text[at : sentence.tokens[verb[1]].end],
        title=text[at : stop.start() if stop else end][:MOST_TITLE].strip(' ,."”“'), instrument="decision",
        head="decision", issuers=actor.issuers, actor=actor.name, evidence=[sentence.span],
        reason="what an authority lets or makes somebody do",
    )  # fmt: skip
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, at, False)
    candidate.action = action_of(candidate.title)
    run = text[start:at].rstrip()
    if FORECAST.search(run) or NEGATED.search(run) or FUTURE.search(run):
        candidate.drop("wished, denied or supposed")
    reader.found.append(candidate)

"""English prose: works in title case, `the Sample Protection Law`, where a verb beside the name says what became of it.

The head word of the name tells the kind (works.csv). A name alone is no announcement: a law that is only cited as the
basis of something else stays out, one that was adopted, amended, signed or took effect is told.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.model import Instrument
from pipeline.policies.candidates import Candidate
from pipeline.policies.issuers import bodies_in
from pipeline.policies.phrases import Token, spell
from pipeline.policies.places import places_in
from pipeline.policies.reading import FORECAST, FUTURE, HELD, NEGATED, PRIVATE, Reader
from pipeline.policies.sentence import Sentence
from pipeline.policies.tables import rows

_PAST = (
    r"(?:adopted|issued|enacted|passed|signed|approved|released|published|unveiled|promulgated|endorsed|amended"
    r"|revised|launched|introduced|inked|concluded|ratified|formulated|reached|announced|updated)"
)
_AFTER = re.compile(
    rf",? ?[\"”]?,? ?(?:which |that )?(?:(?:was|were|has been|had been|have been) )?(?:\w+ly |first )?{_PAST}\b"
    r"(?! (?:a|an|the|its|their)\b)"
)
_FORCE = re.compile(
    r",? ?[\"”]?,? ?(?:which |that )?(?:has |have |had |officially |formally |will )*"
    r"(?:took effect|takes effect|taken effect|take effect|c[ao]mes? into (?:effect|force)|entered into force"
    r"|went into effect|effective (?:from|on|since))"
)
_SAYS = re.compile(
    r",? ?(?:which |that )?(?:also |explicitly |clearly |further |now )?"
    r"(?:requires?|stipulates?|mandates?|prohibits?|bans?|specif(?:y|ies)|stat(?:es?)|obliges?|defines?|bars?)\b"
)
_BETWEEN = re.compile(r"\b[Jj]oint\b|\b[Bb]etween\b|\b(?:Declaration|Communique|Accord)$")
"""Whose name says that governments made it: it is told wherever a sentence has it as its subject."""
_OWNER = re.compile(r"(?:[A-Z]\w+['’]s?|\b[Tt]he (?:country|nation|bloc|city)['’]s) $")
_ON = re.compile(r"\b(?:Measures|Provisions|Regulations|Rules|Guidelines|Opinions|Action Plan) (?:on|for|of) ")
_ALIVE = re.compile(
    r"(?: \(\d{4}(?:-\d{2,4})?\)| for 20\d\d(?:-\d{2,4})?)? (?:also |now |formally |has |have |had )*(?:affirms?"
    r"|reaffirms?|endorse[sd]?|envisions?|envisaged|calls? for|called for"
    r"|outlines?|sets? out|underscore[sd]?|enshrines?|commits|emphasi[sz]e[sd]?|encourages?|promotes?|provides?"
    r"|established"
    r"|establishes|aims?|represent(?:s|ed)?|mark(?:s|ed)?|serves?|yielded|got|gets|progressed|helped|brought|laid"
    r"|is|are|was|were|remains?)\b"
)
_BEFORE = re.compile(
    rf"\b(?P<act>{_PAST}|(?:adoption|promulgation|enactment|issuance|release|introduction|publication) of"
    r"|formulating|(?:amendments?|revisions?|changes) (?:to|of))"
    r"(?: on \w+(?: \d+)?| in \d{4})?(?: (?:the|its|a|an|their|new|draft|landmark|first))*"
    r"(?: [\w-]+(?: [\w-]+){0,5}, the)?"
    r" ?[\"“]?$"
)
_LAUNCHED = re.compile(r"(?:unveiled|launched|introduced|released|published|announced|updated|formulated|issued)$")
_CITED = re.compile(r"\b(?:in accordance with|according to|under|pursuant to|citing|violat\w+|based on)(?: the)?$")
_BROKEN = re.compile(r"\b(?:breach(?:es|ing|ed)?|violat(?:es|ed|ing|ions?)|infring\w+)\b[^;]*$")
_OWNERS = frozenset({"china's", "country's", "nation's", "beijing's"})
_LINK = re.compile(r",? ?(?:and )?(?:the )?")
_JOINING = frozenset({"of", "on", "for", "and", "the", "in", "to", "against", "a", "between", "from", "plus"})
_ASSEMBLY = re.compile(
    r"\b(?:[Mm]eeting|[Ss]ummit|[Ll]egislature|[Pp]arliament|[Ll]awmakers|[Ss]ession|[Aa]ssembly|[Cc]ongress|[Ss]enate"
    r"|[Cc]abinet|[Ll]eaders|[Mm]inisters|[Cc]ountries|members|[Cc]ommittee)\b"
)
_CHINA = re.compile(r"\b(?:China|[Tt]he (?:country|nation|government))\b(?!['’])")


@cache
def _heads() -> dict[str, tuple[Instrument, bool]]:
    """Head word in title case -> (kind, whether such a name is of state whoever is said to act)."""
    return {row["head"]: (row["instrument"], row["public"] == "yes") for row in rows("works")}  # type: ignore[misc]


@cache
def _head_words() -> frozenset[str]:
    return frozenset(head.lower() for head in _heads())


def works(reader: Reader, sentence: Sentence, taken: set[int]) -> None:
    """The works of state that the sentence says were adopted, issued, amended, signed or put into force."""
    if not sentence.has(_head_words()):
        return
    start, end = sentence.span
    tokens = sentence.tokens
    text = reader.text
    heads = _heads()
    shared: tuple[int, str] | None = None
    for i, token in enumerate(tokens):
        if token.word not in heads or i in taken or token.low == "body":
            continue
        first, last = _name(tokens, i)
        if first == i and last == i:
            continue
        at, stop = tokens[first].start, tokens[last].end
        act = _act(text, start, at, stop, end)
        if act is None and shared is not None and _LINK.fullmatch(text, shared[0], at):
            act = shared[1]
        if act is None or _CITED.search(text, max(start, at - 30), at):
            continue
        shared = (stop, act)
        kind, public = heads[token.word]
        candidate = _candidate(reader, sentence, (first, last), kind)
        candidate.trigger, candidate.head = act, token.low
        run = text[start:at].rstrip()
        if FORECAST.search(run) or NEGATED.search(run[-60:]):
            candidate.drop("wished, denied or supposed")
        elif not (public or candidate.issuers or candidate.actor) or (
            candidate.actor is None and not candidate.issuers and _LAUNCHED.match(act)
        ):
            candidate.drop("no public authority acts")
        elif _BROKEN.search(run) and _SAYS.match(text, stop, end):
            candidate.drop("a law that somebody broke")
        elif PRIVATE.search(run[-60:]) and not candidate.issuers and not public:
            candidate.drop("issued by no public authority")
        reader.found.append(candidate)
        taken.update(range(first, last + 1))


def _name(tokens: list[Token], head: int) -> tuple[int, int]:
    """The first and last token of the name around its head: capitals, joined by small words between capitals."""
    first = head
    while first > 0 and head - first < 12:
        before = tokens[first - 1]
        if before.low == "body" or before.word[0].isupper() or before.word[:2] in {"19", "20"}:
            first -= 1
        elif (
            before.low in _JOINING
            and first > 1
            and tokens[first - 2].word[0].isupper()
            and before.low not in {"the", "to", "in", "a"}
        ):
            first -= 2
        else:
            break
    while first < head and (
        tokens[first].low in _OWNERS or tokens[first].low in {"the", "both", "a", "in", "an", "its", "under", "this"}
    ):
        first += 1
    last = head
    while last + 1 < len(tokens) and last - head < 20:
        after = tokens[last + 1]
        if after.word[0].isupper() or (after.word[:2] == "20" and len(after.word) == 4):
            last += 1
            continue
        step = last + 2
        while step < len(tokens) and tokens[step].low in _JOINING and step - last < 4:
            step += 1
        if after.low in _JOINING and after.low != "in" and step < len(tokens) and tokens[step].word[0].isupper():
            if after.low == "and" and any(t.word in _heads() for t in tokens[step : step + 6]):
                break
            last = step
        else:
            break
    return first, last


def _made_by_state(text: str, at: int, stop: int) -> bool:
    """Whether the name alone says that governments made the work, or whose it is stands before it."""
    if _BETWEEN.search(text, at, stop) is not None and stop - at > 12:
        return True
    return (
        stop - at > 40
        and _OWNER.search(text, max(0, at - 16), at) is not None
        and _ON.search(text, at, stop) is not None
    )


def _act(text: str, start: int, at: int, stop: int, end: int) -> str | None:
    """The words that say what became of the work: after its name, or before it."""
    after = _AFTER.match(text, stop, end) or _FORCE.match(text, stop, end) or _SAYS.match(text, stop, end)
    if after is None and at - start < 60 and _made_by_state(text, at, stop):
        after = _ALIVE.match(text, stop, end)
    if after is not None:
        return after[0].strip(" ,")
    before = _BEFORE.search(text[max(start, at - 110) : at].rstrip() + " ")
    return before["act"] if before else None


def _candidate(
    reader: Reader,
    sentence: Sentence,
    span: tuple[int, int],
    kind: Instrument,
) -> Candidate:
    start, end = sentence.span
    tokens = sentence.tokens
    text = reader.text
    at = tokens[span[0]].start
    title = spell(text, tokens, *span)
    actor = reader.actors.subject(start, at) or reader.actors.joined_subject(start, at)
    lead = text[start:at]
    issuers: tuple[str, ...] = actor.issuers if actor else ()
    name = actor.name if actor else None
    if not issuers and re.search(r"\b[Bb]etween\b", title):
        # a work of two governments names them itself
        issuers = tuple(
            dict.fromkeys(
                p.government
                for p in places_in(text, at, tokens[span[1]].end)
                if p.kind in {"country", "bloc"} and p.name != "China"
            )
        )
        name = issuers[0] if issuers else name
    if not issuers:
        agent = reader.actors.agent(tokens[span[1]].end, end)
        named = [b for b in bodies_in(text, start, at) if b.end > at - 160]
        if agent is not None:
            issuers, name = agent.issuers, agent.name
        elif named and (_ASSEMBLY.search(lead) or "Standing Committee" in lead):
            issuers, name = (named[0].name,), named[0].name
        elif assembly := _ASSEMBLY.search(lead) or _CHINA.search(lead):
            name = assembly[0]
    candidate = Candidate(
        rule="work", trigger="", title=title, instrument=kind, issuers=issuers, actor=name,
        evidence=[sentence.span], strength=3, reason="a name in title case with a verb that says what became of it",
    )  # fmt: skip
    run = lead.rstrip()
    if FUTURE.search(run[-60:]):
        candidate.status, candidate.rule = "planned", "planned"
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, tokens[span[1]].end, False)
    if candidate.issued_on is None and (held := HELD.search(lead)):
        candidate.issued_on = held["year"]
    year = re.match(r"20\d\d\b", title)
    if candidate.issued_on is None and year and not title.endswith(year[0]):
        candidate.issued_on = year[0]
    return candidate

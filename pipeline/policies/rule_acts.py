"""English prose: what an authority does, told without a noun for instruments.

`The ministry capped the price of pears`, `the city will hand out coupons`, `France has dropped a contract with …`. The
verbs are in acts.csv, each with its frames; a frame says what kind of object the verb takes (things.csv):

`deny`, `free` and `consent` take any concrete thing where a body acts, `move` what authorities set (taxes, prices,
limits), `pay` money, `make` what they set up (schemes, funds, taxes), `bind` somebody who is to do something, `name`
something as something.
"""

from __future__ import annotations

from itertools import pairwise

from pipeline.patterns import regex
from pipeline.policies.act_frames import ASKED, DOCUMENT, NAMED, STRIKES, act_candidate, frame_of, whole_land
from pipeline.policies.act_words import DETERMINER, FREE, Form, Object, forms, may_act, object_at, widths
from pipeline.policies.actions import action_of, freed
from pipeline.policies.actor import Actor
from pipeline.policies.candidates import Candidate
from pipeline.policies.places import places_in
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
from pipeline.policies.rule_acts_passive import suffered
from pipeline.policies.rule_acts_relative import in_relative_clause
from pipeline.policies.sentence import Sentence
from pipeline.policies.tail import Tail
from pipeline.policies.tokens import Token
from pipeline.policies.told_before import document_before

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
_AMONG = Tail(
    r"\b(?:is|are|was|were)(?: also| now)? (?:among|one of)(?: the| several| many| a few| some| \d+| first| \w+ty| "
    r"(?:two|three|four"
    r"|five|six|seven|eight|nine|ten))* (?:provinces|cities|regions|districts|countries|places|localities|counties"
    r"|areas)"
    r"(?: across the country| nationwide| in China| in the country| in the province)?(?: that (?:have been|are))?$",
    "provinces",
    "cities",
    "regions",
    "districts",
    "countries",
    "places",
    "localities",
    "counties",
    "areas",
    "country",
    "nationwide",
    "China",
    "province",
    "been",
    "are",
)
"""`Sampleton is among several cities introducing …`."""
_FAVORED = regex(r"\bvoted(?: \w+ly| [\d-]+(?: to \d+)?)? (?:in favou?r of|for)(?: \w+ly)?$")
"""`Parliament voted in favor of banning …`."""
_FIRST_TO = Tail(
    r" (?:was|is|became|has become|were|have become) (?:the|among the|one of the) first (?:[\w-]+ ){0,4}?to$",
    "to",
)
_RELATIVE = regex(r",? (?:which|that|who)(?: has| have| had| also| will| would| recently)*$")
_APPOSED = regex(r",?|, [^,]{3,60}")
_LISTS = regex(
    r"(?:, (?:including|such as|among them|namely) [^;:.]{3,160}?,)?"
    r" (?:to|in|on|onto|from) (?:its|the|a|an|their) (?P<list>(?:[\w'’-]+ ){0,6}?(?:list|catalog(?:ue)?|blacklist"
    r"|whitelist|carbon market|trading market|medical insurance|public holidays|reimbursement scope|pilot program))\b"
)
_IN_FORCE = regex(r" into (?:force|effect|practice)\b")
_BROAD = regex(
    r"\b(?:[Ii]nitiative|AI Plus|AI ?\+|Belt and Road|BRI|[Ii]nternet Plus|emphasis|effort|strides|dialogue)\b"
)


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


def acts_beside(reader: Reader, sentence: Sentence) -> None:
    """The acts that a sentence tells in another clause than what it has told: `…, while Huli scrapped all limits`.

    Each such clause names who acts; its verb joins to nothing that stands before.
    """
    if "," not in sentence.printed or not may_act(sentence):
        return
    edges = [match.end() for match in _BESIDE.finditer(sentence.text, *sentence.span)]
    if not edges:
        return
    bounds = [sentence.start, *edges, sentence.end]
    told = [
        at
        for known in reader.found
        if known.kept and known.evidence and known.evidence[-1] == sentence.span
        for word in (known.title, known.trigger)
        if word and (at := sentence.text.find(word, *sentence.span)) >= 0
    ]
    tokens = sentence.tokens
    table, first_words = forms(), widths()
    for low, high in pairwise(bounds):
        if any(low <= at < high for at in told) or not any(
            low <= actor.start < high and actor.issuers for actor in reader.actors.actors(*sentence.span)
        ):
            continue
        for i, token in enumerate(tokens):
            if not low <= token.start < high or token.low not in first_words or token.word[:1].isupper():
                continue
            for width in first_words[token.low]:
                form = table.get(" ".join(t.low for t in tokens[i : i + width]))
                if form is not None:
                    before = len(reader.found)
                    _act(reader, sentence, form, (i, i + width - 1), None, low)
                    for found in reader.found[before:]:
                        if found.kept and not _named_in(reader, sentence, found, low, high):
                            found.drop("who acts stands in another clause")
                    break


_BESIDE = regex(
    r", (?:while|whereas|and|but) (?=(?:in [A-Z]\w+, )?(?:the |The |its )?[A-Z])"
    r"|, (?:and|but) (?=(?:its|the) (?:[a-z]+ )?(?:government|ministry|commission|parliament|city|province"
    r"|central bank|regulator)\b)"
    r"|; (?=\w)|, while (?=the )"
)


def _named_in(reader: Reader, sentence: Sentence, found: Candidate, low: int, high: int) -> bool:
    """Whether the clause names whom the candidate says to act."""
    return any(
        low <= actor.start < high and set(actor.issuers) & set(found.issuers)
        for actor in reader.actors.actors(*sentence.span)
    )


def _act(
    reader: Reader, sentence: Sentence, form: Form, verb: tuple[int, int], last: Actor | None, clause: int = -1
) -> Actor | None:
    """One verb: its candidate goes to the reader; returns who acts. `clause` is where its own clause begins."""
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
    among = _AMONG.search(run) if form.form == "gerund" else None
    under_way = auxiliary & AUX_PASSIVE or favored or _WEIGHED.search(run) or among
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
        suffered(reader, sentence, form, verb, future)
        return None
    found = object_at(sentence, verb[1] + 1)
    if form.lemma in STRIKES:
        found = _struck_with(sentence, found)
    elif form.lemma in {"agree to", "agree on"} and not _settles(tokens, verb[1] + 1):
        return None
    if (future or form.form in {"past", "participle"}) and (found is None or not found.things):
        in_relative_clause(reader, sentence, verb, future)
    if found is None or not (found.things or found.summed or FREE & set(form.frames) or NAMED & {form.lemma}):
        return None
    weighed = _WEIGHED.search(run)
    actor = reader.actors.subject(start, tokens[group].start) or reader.actors.subject(start, at)
    if among:
        actor = reader.actors.subject(start, start + among.start() + 1)
    if actor is None and weighed:
        actor = reader.actors.subject(start, start + weighed.start())
    if actor is None and (settled := favored or _DECIDED.search(run)) is not None:
        actor = reader.actors.subject(start, start + settled.start())
    if actor is None and found.things:
        actor = _officials(reader, sentence, at)
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
    frame = frame_of(reader, form, found, actor, sentence)
    listed = _LISTS.match(text, tokens[found.last].end, sentence.end) if form.lemma in _ENTERS else None
    if listed is not None and (not whole_land(actor) or _OF_STATE.search(listed["list"])):
        frame = ("list", "list", True)
    if form.lemma == "put" and _IN_FORCE.match(text, tokens[found.last].end, sentence.end):
        known = [thing for thing in found.things if thing.kind in {"scheme", "burden"}]
        frame = ("make", known[0].instrument, False) if known else None  # type: ignore[assignment]
    if frame is None:
        return actor
    candidate = act_candidate(reader, sentence, form, frame, found, actor, verb)
    planned = (future or weighed is not None) and not decided
    if planned and candidate.instrument == "decision":
        candidate.instrument = "other"
    candidate.status = "planned" if planned else "draft" if form.lemma == "propose" else "issued"
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, at, planned)
    candidate.action = freed(candidate.title, action_of(candidate.title))
    if FORECAST.search(run) or (not future and NEGATED.search(run) and not _OTHER_VERB.search(run)):
        candidate.drop("wished, denied or supposed")
    elif ASKED.search(text, start, actor.start):
        candidate.drop("asked or expected of an authority")
    elif DOCUMENT.match(text, max(start, clause), at):
        candidate.drop("what a document holds")
    elif PRIVATE.search(text, actor.end, at):
        candidate.drop("no public authority acts")
    elif _BROAD.search(candidate.title) and not _of_a_place(candidate):
        candidate.drop("a broad initiative or stance")
    elif planned and (document := document_before(reader, candidate)) is not None:
        candidate.drop(f"what {document.title[:40]!r} holds")
    reader.found.append(candidate)
    return actor


def _of_a_place(candidate: Candidate) -> bool:
    """`The city will introduce a "pear kitchen" initiative`: a programme of its own, and no broad initiative."""
    own = _OWN_INITIATIVE.fullmatch(candidate.title) is not None
    return own and any("People's Government" in name or name.endswith(" government") for name in candidate.issuers)


_OWN_INITIATIVE = regex(
    r"(?:an? |the |its )?(?:new )?[\"“](?!AI|Internet|Belt|Global)[^\"“”]{4,60}[\"”],? initiative\b[^;]*"
)
_OTHER_VERB = regex(r"\b(?:not|never) to [a-z]+ [^,;]{3,40} and(?: \w+ly| also)?$")
"""`reminded schools not to sell pears and forbade …`: what is negated is another verb's."""
_OF_STATE = regex(
    r"\b(?:catalog(?:ue)?|negative|control|entity|visa-free|white|black|reimbursement|insurance|encouraged|pilot"
    r"|holidays"
    r"|market)|\b(?:white|black)list"
)
"""Lists that a whole land keeps."""
_OFFICIALS = regex(r"\b(?:[Oo]fficials|[Ll]eaders|[Pp]lanners) (?:in|of) (?=[A-Z])")


def _officials(reader: Reader, sentence: Sentence, at: int) -> Actor | None:
    """`Officials in Sampleton have decided to …`: the government of the place."""
    match = _OFFICIALS.search(reader.text, sentence.start, at)
    if match is None:
        return None
    place = next((p for p in places_in(reader.text, match.end(), at) if p.start == match.end()), None)
    if place is None or not place.government or _BEFORE_VERB.fullmatch(reader.text, place.end, at) is None:
        return None
    return Actor((place.government,), match[0] + place.name, match.start(), place.end)


_BEFORE_VERB = regex(
    r"(?:,? [A-Z][\w ]{2,30},)?(?: (?:has|have|had|also|recently|will|plan|intend|to|decided|agreed|voted|opted|moved"
    r"|begun|on|\w+ly"
    r"|\w+day))* ?"
)
_NEEDS = {"hold": frozenset({"rate", "rates"}), "strike": frozenset({"with"})}
"""Words without which a common verb tells no measure."""


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


_ENTERS = frozenset({"add", "include", "place", "put", "remove", "enter"})
_MODAL = frozenset({"will", "would", "shall", "to"})

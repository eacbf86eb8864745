"""English prose: an authority issues, plans, drafts, signs or repeals an instrument, active or passive."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.model import Status
from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.attribution import answering
from pipeline.policies.candidates import Candidate
from pipeline.policies.issued_by import Clause, acting_otherwise
from pipeline.policies.issued_kept import FIGURE, FUNDED, LIKELY, judged
from pipeline.policies.issuers import bodies_in
from pipeline.policies.phrases import Phrase, head_at, object_phrase, phrase_before
from pipeline.policies.reading import (
    AUX_PASSIVE,
    FUTURE,
    JOINED,
    PERFECT,
    PLAIN,
    Reader,
    complemented,
    group_start,
    noun_before,
)
from pipeline.policies.sentence import Sentence
from pipeline.policies.tokens import Token, Verb, spell

_FIRST_TO = regex(r" (?:was|is|became|has become|were) (?:the|among the|one of the) first (?:[\w-]+ ){0,4}?to$")
"""`the city was the first to release …`: it has released it."""
_VOTED_TO = regex(r" (?:has |have |had )?voted(?: \w+ly)? to$")
_PROPOSES = regex(
    r"\b(?:[Rr]eport|[Pp]lan|[Dd]ocument|[Gg]uideline|[Bb]lueprint|[Ii]t)(?: also| further)?"
    r" (?:propos\w+|call\w* for|pledg\w+|plans?)$"
)
_TASK = regex(r"\b(?:tasks?|priorit(?:y|ies)|steps?|goals?)\b[^.;]{0,120}\bis to(?: \w+ly| also)*$")
_PUBLIC = regex(r"\b(?:regulator|ministry|authorit(?:y|ies)|government|administration|commission)\b")
_VOTED = frozenset({"adopt", "approve", "pass", "endorse", "enact", "issue", "release", "outline", "put forward"})
_ASSEMBLY = regex(
    r"(?P<who>[Mm]eeting|[Ss]ummit|[Ll]egislature|[Pp]arliament|[Ll]awmakers|[Ss]ession|[Aa]ssembly|[Cc]ongress"
    r"|[Ss]enate"
    r"|[Cc]abinet|[Dd]istrict|Work Conference|[Pp]lenum)(?: (?:on|in) \w+(?: \d+)?| also| unanimously| recently"
    r"| has| have| had| formally)*"
    r"(?: (?:chaired|presided over|hosted|held|convened)\b[^,;]{0,90})?$"
)
"""Who votes without being a body of the table; a company's meeting adopts no instrument that the tables name."""
_BROUGHT_IN = frozenset({"introduce", "unveil", "present", "put forward", "submit", "propose", "publish", "launch"})
_LAWMAKERS = regex(r"[Ss]enators|[Cc]ongressmen|[Mm]embers of|[Ll]awmakers|[Ll]egislators|MEPs|MPs")
_RATES = frozenset({"rate", "rates", "stance", "tone", "toolbox", "tools", "makers", "direction", "enforcement"})
_THEIR_LIKE = regex(r"(?:\w+ )?(?:similar|such|their own|comparable|separate|corresponding|matching) ")
"""`have rolled out similar plans`: documents like the one told before."""
_ACCORDING = regex(r"\baccording to (?:an? |the )?$")
_UNDER = regex(r"\b(?:[Uu]nder|[Tt]hanks to) (?:an?|the) (?:[\w-]+ ){0,4}$")
_WHEN = frozenset({"on", "in", "last", "earlier", "this", "after", "at", "during", "following", "late", "yesterday"})


def issuing(reader: Reader, sentence: Sentence, verb: Verb) -> tuple[Candidate | None, Phrase | None]:
    """What one verb of issuing tells, kept or dropped with a reason, and the phrase that it takes."""
    start, end = sentence.span
    tokens = sentence.tokens
    text = reader.text
    at = tokens[verb.first].start
    group = group_start(tokens, verb.first)
    passive = any(t.low in AUX_PASSIVE for t in tokens[group : verb.first]) and verb.form in {"past", "participle"}
    after = tokens[verb.last + 1].low if verb.last + 1 < len(tokens) else ""
    reduced = (
        verb.form in {"past", "participle"}
        and not passive
        and (after == "by" or (after in _WHEN and noun_before(tokens, group)))
    )
    if reduced and after != "by" and reader.actors.subject(start, at):
        # `China unveiled on Wednesday a plan`: the date stands before the object
        reduced = False
    lead = text[start : tokens[group].start].rstrip() if group else ""
    run = text[start:at].rstrip()
    future = FUTURE.search(run) is not None or LIKELY.search(run) is not None
    perfect = any(t.low in PERFECT for t in tokens[max(0, group - 1) : verb.first]) or JOINED.search(run) is not None
    if passive and not future and any(t.low == "to" for t in tokens[group : verb.first]):
        return None, None
    if verb.lemma == "propose" and after.endswith("ing"):
        # `proposed establishing a sample list`: an act, no draft
        return None, None
    if reduced and verb.lemma in {"approve", "reach"}:
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
        owner = reader.actors.actors(max(start, at - 40), at)
        actor = owner[-1] if owner else None
        passive = True
        if phrase is not None and start < 600 and phrase.noun.strength == "weak":
            actor = actor or Actor((), "authorities", at, at)
    elif reduced and verb.first <= 1 and start + 40 > at:
        commas = [i for i in range(verb.last + 1, min(len(tokens), verb.last + 60)) if tokens[i].low == ","][:3]
        phrase = next((found for i in commas if (found := object_phrase(tokens, i + 1)) is not None), None)
        actor = reader.actors.agent(tokens[verb.last].end, end)
        if (
            phrase is not None
            and phrase.definite
            and not complemented(phrase, tokens)
            and reader.antecedent(tokens[phrase.head].low, phrase) is None
        ):
            phrase = replace(phrase, definite=False)
    elif passive or reduced:
        phrase = phrase_before(tokens, group)
        actor = reader.actors.agent(tokens[verb.last].end, end)
        if actor is None and reduced and _IN_A.match(text, start, at):
            # `In a notice released on Monday, the ministry said …`
            actor = next((a for a in reader.actors.actors(start, end) if 0 < a.start - at < 60 and a.issuers), None)
        if actor is None and reduced and phrase is not None and _UNDER.search(text[start : tokens[phrase.head].start]):
            # `under a policy introduced in May`: only an authority sets what others act under
            actor = Actor((), "authorities", at, at)
    else:
        drafting = verb.sense == "draft" and group < verb.first and tokens[verb.first - 1].low in AUX_PASSIVE
        funded = FUNDED.search(run) if verb.form == "base" and not future else None
        approving = verb.form == "gerund" and verb.lemma in {"approve", "adopt", "endorse", "pass"}
        first = (_FIRST_TO.search(run) or _VOTED_TO.search(run)) if verb.form == "base" and not future else None
        proposed = _PROPOSES.search(run) if verb.form == "gerund" else None
        if (verb.form == "gerund" and not (drafting or proposed or approving)) or (
            verb.form == "base" and not (future or funded or first)
        ):
            return None, None
        phrase = object_phrase(tokens, verb.last + 1)
        actor = reader.actors.subject(start, tokens[group].start) or reader.actors.subject(start, at)
        if approving and actor is None:
            # `concluded with the congress approving the plan`: the body right before the verb votes
            actor = next((a for a in reader.actors.actors(start, at) if 0 <= at - a.end <= 1), None)
        if first:
            actor = reader.actors.subject(start, start + first.start() + 1)
        elif funded:
            actor = reader.actors.subject(start, start + funded.start())
        elif proposed:
            future, actor = True, Actor((), "a document", start, start)
        elif future and actor is None and _TASK.search(run):
            named = [a for a in reader.actors.actors(start, at) if a.issuers]
            actor = (
                named[-1]
                if named
                else Actor(reader.last_body(start), "regulator", at, at)
                if _PUBLIC.search(run)
                else None
            )
        if actor is None and verb.lemma in _VOTED and (assembly := _ASSEMBLY.search(run)) is not None:
            inside = bodies_in(text, max(start, start + assembly.start() - 30), start + assembly.end())
            actor = Actor((inside[-1].name,) if inside else (), assembly["who"], start, start)
    if phrase is None and actor is not None and not (passive or reduced):
        # `under the Measures for …, which the ministry issued on Monday`
        which = next((i for i in range(group - 1, max(-1, group - 30), -1) if tokens[i].low in {"which", "that"}), None)
        phrase = phrase_before(tokens, which) if which is not None and which > 0 else None
    if phrase is None or reader.has_number(sentence, phrase):
        return None, None
    if phrase.last == phrase.head and phrase.head + 1 < len(tokens) and tokens[phrase.head + 1].low in _RATES:
        # `raised its policy rate`: the rate is the head
        return None, None
    if actor is None and reduced and after != "by" and _ACCORDING.search(text, start, tokens[phrase.first].start):
        # `The city aims to …, according to a plan released last year`
        opening = next(iter(reader.actors.actors(start, at)), None)
        if opening is not None and opening.start - start < 12 and opening.issuers:
            actor = opening
    clause = Clause(verb, at, run, lead, after, passive, reduced, future, perfect)
    actor = actor or acting_otherwise(reader, sentence, clause, phrase)
    if actor is None and passive and after != "by" and verb.sense in {"issue", "apply"} and not phrase.definite:
        counted = FIGURE.search(text, start, tokens[phrase.first].end)
        actor = answering(reader, sentence) if counted is None else None
    if phrase.noun.noun.endswith("work report"):
        return None, None
    candidate = reader.candidate(sentence, phrase, actor, verb)
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
        and re.match(r"(?:[Aa]n? )?(?:[\w-]+ )?(?:draft|proposed)\b", candidate.title)
    ):
        status = "draft"
    if (
        status == "issued"
        and phrase.noun.instrument == "law"
        and verb.lemma in _BROUGHT_IN
        and (candidate.head == "bill" or (actor is not None and _LAWMAKERS.search(actor.name)))
    ):
        # `senators introduced a bill`: it has yet to be passed
        status = "draft"
    if (
        candidate.head == "plans"
        and status == "issued"
        and phrase.noun.strength == "vague"
        and not _THEIR_LIKE.match(candidate.title)
    ):
        # `announced plans to build …`: not yet issued
        status = "planned"
    candidate.status = status
    candidate.rule = "planned" if status == "planned" else "issued"
    if not judged(reader, sentence, clause, candidate, phrase, actor):
        return None, None
    return candidate, phrase


_OF_ITS_OWN_VERB = regex(r"(?:,[^,;.]{3,90},| on [^,;.]{3,60}?)? (?:was|were|is|are|has been|have been|will be) ")
"""`issued a plan, and a second one, on pears, was released on Monday`: the second has a verb of its own."""
_AND = frozenset({"and", "alongside", "plus"})


def coordinated(reader: Reader, sentence: Sentence, candidate: Candidate, phrase: Phrase) -> list[int]:
    """The second of two instruments that one verb takes, `approved a plan on pears and a programme for schools`."""
    tokens = sentence.tokens
    taken: list[int] = []
    k = next((i for i in range(phrase.head + 1, min(phrase.head + 26, len(tokens) - 2)) if _joins(tokens, i)), None)
    second = object_phrase(tokens, k + 1) if k is not None else None
    if (
        k is None
        or second is None
        or second.head <= phrase.head
        or second.noun.strength in {"vague", "measure", "name"}
        or not (complemented(second, tokens) or any(t.low not in PLAIN for t in tokens[second.first : second.head]))
        or any(t.low in {"to", "aimed", "said", "which", "that", "while"} for t in tokens[phrase.head : k])
        or _OF_ITS_OWN_VERB.match(reader.text, tokens[second.last].end, sentence.end)
    ):
        return taken
    other = _as_beside(candidate, reader.candidate(sentence, second, None))
    if phrase.last >= k:
        candidate.title = spell(reader.text, tokens, phrase.first, k - (2 if tokens[k - 1].low == "," else 1))
    reader.found.append(other)
    return list(range(second.first, second.last + 1))


def _joins(tokens: list[Token], i: int) -> bool:
    """Whether a new noun phrase begins after this `and`: with an article or a number."""
    return tokens[i].low in _AND and tokens[i + 1].low in {"a", "an", "another", "new", "two", "three", "several"}


def _as_beside(first: Candidate, other: Candidate) -> Candidate:
    """The second of two instruments with what its verb says of both."""
    other.beside = True
    other.rule, other.trigger, other.status, other.actor = first.rule, first.trigger, first.status, first.actor
    other.issuers, other.issued_on, other.effective_on = first.issuers, first.issued_on, first.effective_on
    return other


_IN_A = regex(r"In an? ")

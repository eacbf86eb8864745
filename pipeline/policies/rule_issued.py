"""English prose: an authority issues, plans, drafts, signs or repeals an instrument, active or passive."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.model import Status
from pipeline.patterns import regex
from pipeline.policies.actions import action_of
from pipeline.policies.actor import Actor
from pipeline.policies.candidates import Candidate
from pipeline.policies.finish_en import finish
from pipeline.policies.issuers import bodies_in
from pipeline.policies.phrases import Phrase, Token, Verb, head_at, object_phrase, phrase_before, spell
from pipeline.policies.reading import (
    AUX_PASSIVE,
    FORECAST,
    FUTURE,
    JOINED,
    NEGATED,
    PERFECT,
    PLAIN,
    PRIVATE,
    Reader,
    complemented,
    group_start,
    noun_before,
)
from pipeline.policies.regions import outer_places, regions_of
from pipeline.policies.sameness import more_exact
from pipeline.policies.sectors import sectors_en
from pipeline.policies.sentence import Sentence, cues

_DETAILED = regex(
    r"\b(?:was|were|is|are|been) (?:\w+ly )?(?:detailed|outlined|set out|laid out|spelled"
    r" out|specified|contained|included|listed|unveiled|announced) in (?=an? |the "
    r"|its )"
)
_TELLING = cues("detailed outlined set laid spelled specified contained included listed unveiled announced")
_SIGNERS = regex(
    r"\b(?:Ministers?|Presidents?|Premiers?|Prime Minister|leaders|two sides|two countries"
    r"|both sides|two governments|governments|China and [A-Z]\w+)\b[^.;]{0,160}$"
)
_NO_AGENT = regex(r" by (?:consensus|a vote|\d|the end|[A-Z][a-z]{2,8} \d|late|early|mid)")
_FUNDED = regex(r"\b(?:earmarked|allocated|set aside|provided) [^,;]{3,60} to$")
"""`earmarked 3 billion yuan to roll out a package`: the money is spent on what is rolled out."""
_LIKELY = regex(r"\b(?:is|are) (?:also |very )?likely to(?: \w+ly| also)*$")
"""`the county is likely to release …`: what an authority is about to do is planned, no mere forecast."""
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
_AGENCY = regex(
    r"(?:[A-Z][\w'’-]+ ){1,4}(?:Agency|Bureau|Center|Office) of the (?:Ministry|Administration|Commission)"
    r"(?: (?:of|for) [A-Z]\w+(?: and [A-Z]\w+)?)?"
)
_UNDER = regex(r"\b(?:[Uu]nder|[Tt]hanks to) (?:an?|the) (?:[\w-]+ ){0,4}$")
_NO_INSTRUMENT = regex(
    r"\b(?:list|lists) of (?:\d+ |[\w-]+ ){0,3}?(?:candidates|winners|finalists|nominees|experts|members|names|speakers"
    r"|attendees|participants|songs|films|books|players|cases)\b"
)
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
_DOCUMENT_SUBJECT = regex(
    r"(?:The|This|These|It|Its) (?:[\w'’-]+ ){0,3}?(?:guidelines?|guidance|plans?|measures"
    r"|notice|circular|document|regulations?|rules|campaign|program|blueprint|report"
    r"|policy|policies|opinions)\b(?! to\b)"
)
_INCLUDING = regex(r", including ")
_WHEN = frozenset({"on", "in", "last", "earlier", "this", "after", "at", "during", "following", "late", "yesterday"})
_EXAMPLES = regex(r",? (?:including|such as|ranging from|among them|like) ")
_PASSING = regex(r"\b(?:series|package|raft|range|set|number|host|slew|batch|more|multiple|various|many) (?:of )?")


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
    future = FUTURE.search(run) is not None or _LIKELY.search(run) is not None
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
        funded = _FUNDED.search(run) if verb.form == "base" and not future else None
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
    if actor is None and passive and after != "by" and reader.conference and reader.ministry:
        # a ministry that speaks of itself leaves itself out
        actor = Actor(("Ministry of Commerce",), "the ministry", at, at)
    if actor is None and verb.sense == "sign" and _SIGNERS.search(run):
        parties = [m.name for m in bodies_in(text, tokens[phrase.first].start, end)]
        actor = Actor(tuple(dict.fromkeys(parties)), "signers", start, start)
    if (
        actor is None
        and (passive or reduced)
        and after != "by"
        and _between_states(reader, candidate_title(text, tokens, phrase), phrase, sentence, at)
    ):
        actor = Actor((), "signers", at, at)
    if (
        actor is None
        and (passive or reduced)
        and (held := _HELD_AT.match(text, tokens[verb.last].end, end)) is not None
    ):
        inside = bodies_in(text, held.start(), held.end())
        actor = Actor((inside[-1].name,) if inside else (), held["who"], at, at)
    if actor is None and passive and after != "by" and verb.sense == "issue" and phrase.noun.instrument in _BINDING:
        public = _GOVERNED.search(text, tokens[phrase.first].start, tokens[phrase.head].start)
        actor = Actor((), public[0], at, at) if public else None
    if actor is None and verb.sense == "sign" and not (passive or reduced):
        partner = re.compile(r" with (?:the )?").match(text, tokens[phrase.head].end, end)
        body = [m for m in bodies_in(text, partner.end(), end) if m.start == partner.end()] if partner else []
        agency = _AGENCY.match(text, partner.end(), end) if partner else None
        if body or agency:
            actor = Actor((body[0].name if body else agency[0],), "signers", start, start)  # type: ignore[index]
    if actor is None and not (passive or reduced):
        actor = reader.coordinate(tokens, verb, start)
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
    if candidate.head == "plans" and status == "issued" and phrase.noun.strength == "vague":
        # `announced plans to build …`: not yet issued
        status = "planned"
    candidate.status = status
    candidate.rule = "planned" if status == "planned" else "issued"
    strength = phrase.noun.strength
    if (FORECAST.search(run) and not (_LIKELY.search(run) and actor is not None and actor.issuers)) or (
        NEGATED.search(text[start : tokens[phrase.first].start].rstrip() if passive or reduced else run) and not future
    ):
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
    elif strength == "measure" and (
        verb.sense != "issue"
        or (passive and not (actor and actor.issuers))
        or not (complemented(phrase, tokens) or (reduced and actor and actor.issuers))
    ):
        return None, None
    elif (
        not (passive or reduced)
        and not (actor and actor.name == "a document")
        and _DOCUMENT_SUBJECT.match(text, start, at)
        and verb.sense not in {"sign", "deliver"}
    ):
        candidate.drop("what a document holds")
    elif (actor is None and not (passive or reduced)) or (
        actor is None
        and (strength not in {"strong"} or PRIVATE.search(lead[-80:]))
        and not (phrase.named and strength == "name")
        and not (
            verb.sense == "sign"
            and passive
            and candidate.issued_on
            and phrase.noun.instrument in {"agreement", "plan", "statement"}
            and (_own_words(tokens, phrase) or complemented(phrase, tokens))
            and not PRIVATE.search(text[start:end])
        )
    ):
        candidate.drop("no public authority acts")
    elif (
        verb.lemma == "announce"
        and strength in {"vague"}
        and not (actor and actor.issuers and complemented(phrase, tokens) and text[start] not in '"“')
    ):
        candidate.drop("a plan that is only spoken of")
    elif candidate.head == "strategy" and verb.sense == "apply" and not candidate.issuers:
        candidate.drop("a course that is followed, no document")
    elif verb.form == "gerund" and phrase.definite and not phrase.named and strength != "strong":
        candidate.drop("points back to what is known")
    elif (
        phrase.definite
        and not phrase.named
        and not _own(tokens, phrase)
        and not (actor is not None and actor.name == "signers" and reader.antecedent(candidate.head, phrase) is None)
        and (not complemented(phrase, tokens) or _purpose(reader, phrase, tokens))
    ):
        _refer(reader, candidate, phrase, actor, sentence)
    elif (
        strength in {"vague", "name"}
        and not phrase.named
        and not (
            actor
            and (complemented(phrase, tokens) or (reduced and candidate.issued_on))
            and (actor.issuers or candidate.issued_on or (perfect and verb.sense in {"issue", "apply"}))
        )
    ):
        candidate.drop("too vague a noun")
    elif (
        status == "planned"
        and (strength not in {"strong", "weak", "measure"} or verb.sense in {"apply", "adjust"})
        and not reader.ministry
    ):
        candidate.drop("an intention without an instrument")
    elif _NO_INSTRUMENT.search(candidate.title):
        candidate.drop("a list of people or works, no instrument")
    elif (
        _in_passing(reader, candidate, phrase, tokens, start)
        and not (_INCLUDING if text[start] in '"“' else _EXAMPLES).match(text, tokens[phrase.last].end)
        and not _FUNDED.search(run)
    ):
        candidate.drop("policies that are only spoken of")
    elif (
        phrase.noun.instrument != "pilot"
        and verb.sense in {"apply", "adjust"}
        and (strength != "strong" and not complemented(phrase, tokens))
    ):
        candidate.drop("carried out, not issued")
    elif (
        verb.sense == "sign"
        and phrase.noun.instrument not in {"agreement", "order", "law"}
        and "joint" not in candidate.title.lower()
        and not (phrase.noun.instrument == "plan" and candidate.issued_on)
    ):
        candidate.drop("signed, but no agreement")
    elif candidate.head in {"initiative"} and (phrase.named or '"' in candidate.title):
        candidate.drop("a broad initiative, no document")
    elif phrase.noun.instrument == "agreement" and _COUNTED.match(candidate.title):
        candidate.drop("agreements that are only counted")
    elif verb.sense == "lift" and strength not in {"strong"}:
        candidate.drop("takes something away that is no instrument")
    return candidate, phrase


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
    ):
        return taken
    other = replace_candidate(candidate, reader.candidate(sentence, second, None))
    if phrase.last >= k:
        candidate.title = spell(reader.text, tokens, phrase.first, k - (2 if tokens[k - 1].low == "," else 1))
    reader.found.append(other)
    return list(range(second.first, second.last + 1))


def _joins(tokens: list[Token], i: int) -> bool:
    """Whether a new noun phrase begins after this `and`: with an article or a number."""
    return tokens[i].low in _AND and tokens[i + 1].low in {"a", "an", "another", "new", "two", "three", "several"}


def replace_candidate(first: Candidate, other: Candidate) -> Candidate:
    """The second of two instruments with what its verb says of both."""
    other.beside = True
    other.rule, other.trigger, other.status, other.actor = first.rule, first.trigger, first.status, first.actor
    other.issuers, other.issued_on, other.effective_on = first.issuers, first.issued_on, first.effective_on
    return other


_GOVERNED = regex(r"\b(?:government|national|nationwide|provincial|municipal|federal|state|central)\b")
_BINDING = frozenset({"law", "regulation", "measures", "guideline", "standard"})
_IN_A = regex(r"In an? ")
_COUNTED = regex(r"(?:[5-9]\d|[\d,]{3,}) ")
_HELD_AT = regex(
    r" (?:at|during) (?:the |a |an |its )?(?:[\w'’-]+ ){0,6}?(?P<who>[Ss]ummit|[Mm]eeting|[Ss]ession|[Pp]lenum)\b"
)
_JOINT = regex(r"\bjoint (?:statement|declaration|communique)\b|\b(?:upgrade|FTA)\b", re.IGNORECASE)


def candidate_title(text: str, tokens: list[Token], phrase: Phrase) -> str:
    """The printed words of a phrase up to its head."""
    return spell(text, tokens, phrase.first, phrase.head)


def _between_states(reader: Reader, title: str, phrase: Phrase, sentence: Sentence, at: int) -> bool:
    """Whether an agreement or joint statement without a signer named is one of states: by its words, or dated."""
    if phrase.noun.instrument not in {"agreement", "statement"}:
        return False
    if PRIVATE.search(reader.text, sentence.start, at):
        return False
    return _JOINT.search(title) is not None


def _own_words(tokens: list[Token], phrase: Phrase) -> bool:
    """Whether a word before the noun tells one agreement from any other."""
    return any(t.low not in PLAIN and t.low[0].isalpha() for t in tokens[phrase.first : phrase.head])


def detailed(reader: Reader, sentence: Sentence) -> bool:
    """`Such measures were detailed in a guideline`: the guideline is the instrument, they are its content."""
    start, end = sentence.span
    match = _DETAILED.search(reader.text, start, end) if sentence.has(_TELLING) else None
    if match is None:
        return False
    tokens = sentence.tokens
    at = sentence.token_from(match.end())
    phrase = object_phrase(tokens, at) if at < len(tokens) else None
    subject = phrase_before(tokens, next(i for i, t in enumerate(tokens) if t.end > match.start()))
    if phrase is None or phrase.noun.strength not in {"strong", "name", "weak"} or "report" in tokens[phrase.head].low:
        return False
    known = reader.antecedent(tokens[subject.head].low, subject) if subject else None
    found = reader.candidate(sentence, phrase, None)
    if "five-year" in found.title.lower():
        return False
    found.rule = "detailed in"
    if known is None:
        if not complemented(phrase, tokens):
            return False
        reader.found.append(found)
        finish(reader, found, sentence)
        return True
    known.title, known.instrument, known.head, known.strength = found.title, found.instrument, found.head, 2
    known.add_evidence(sentence.span)
    known.action = action_of(found.title, *(reader.text[s:e] for s, e in known.evidence))
    known.sectors = sectors_en(reader.text[start:end]) or known.sectors
    known.regions = outer_places((*known.regions, *regions_of(reader.text, start, end)))
    return True


def _own(tokens: list[Token], phrase: Phrase) -> bool:
    """`its own plan` is another than the one that was told."""
    return phrase.first + 1 < len(tokens) and tokens[phrase.first + 1].low == "own"


def _purpose(reader: Reader, phrase: Phrase, tokens: list[Token]) -> bool:
    """`We introduced the Rules to protect …`: a purpose, where the rules were named before."""
    after = tokens[phrase.head + 1].low if phrase.head + 1 < len(tokens) else ""
    own = [t for t in tokens[phrase.first : phrase.head] if t.low not in PLAIN]
    return after == "to" and not own and reader.antecedent(tokens[phrase.head].low, phrase) is not None


def _refer(reader: Reader, candidate: Candidate, phrase: Phrase, actor: Actor | None, sentence: Sentence) -> None:
    """`the guideline, issued by …`: what is known of the guideline that was named before."""
    start = sentence.start
    known = reader.antecedent(candidate.head, phrase)
    if known is not None and known.rule == "described" and actor is not None:
        known.rule = "issued"
        known.salience = "news" if start < 1000 else known.salience
    earlier = reader.seen.get(candidate.head)
    if known is None and earlier is not None and actor is not None:
        candidate.title = earlier[0]
        candidate.add_evidence(earlier[1])
        return
    if known is None:
        dated = phrase.noun.strength == "weak" and candidate.issued_on is not None
        if (phrase.noun.strength == "strong" or dated) and actor is not None and candidate.issuers:
            return
        candidate.drop("points back to nothing that was named")
        return
    known.add_evidence(sentence.span)
    if actor and actor.issuers and more_exact(actor.issuers, known.issuers):
        known.issuers = actor.issuers
    known.issued_on = known.issued_on or candidate.issued_on
    known.effective_on = known.effective_on or candidate.effective_on
    candidate.drop(f"the same instrument as {known.title[:40]!r}")


def _in_passing(reader: Reader, candidate: Candidate, phrase: Phrase, tokens: list[Token], start: int) -> bool:
    """Undated policies by number or degree, off the top of the story: `a series of policies`."""
    if phrase.noun.noun in _PLURALS and re.match(
        r"(?:more|many|some|several|various|other|such|all) ", candidate.title
    ):
        return True
    if phrase.noun.noun in _PLURALS and not complemented(phrase, tokens) and candidate.issued_on is None:
        return True
    if (
        phrase.noun.noun not in {"policies", "policy", "measures", "incentives", "policy measures", "arrangements"}
        or phrase.named
    ):
        return False
    top = start < 600 and not re.search(r"\bmore (?:\w+ and )?\w+", candidate.title)
    return (
        not top and candidate.issued_on is None and not reader.ministry and _PASSING.search(candidate.title) is not None
    )

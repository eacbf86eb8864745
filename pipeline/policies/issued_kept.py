"""Which of the instruments that a verb of issuing takes is a policy of its own."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.candidates import Candidate
from pipeline.policies.issued_again import add_to_known, of_its_own, told_purpose
from pipeline.policies.issued_by import Clause, told_apart
from pipeline.policies.phrases import Phrase
from pipeline.policies.reading import (
    FORECAST,
    NEGATED,
    PRIVATE,
    Reader,
    complemented,
)
from pipeline.policies.sentence import Sentence
from pipeline.policies.tail import Tail
from pipeline.policies.tokens import Token

_NO_AGENT = regex(r" by (?:consensus|a vote|\d|the end|[A-Z][a-z]{2,8} \d|late|early|mid)")
FUNDED = regex(r"\b(?:earmarked|allocated|set aside|provided) [^,;]{3,60} to$")
"""`earmarked 3 billion yuan to roll out a package`: the money is spent on what is rolled out."""
LIKELY = Tail(r"\b(?:is|are) (?:also |very )?likely to(?: \w+ly| also)*$", "to", "ly", "also")
"""`the county is likely to release …`: what an authority is about to do is planned, no mere forecast."""
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
_HOW = Tail(r"\b(?:how|whether|if)\b[^,;.]{2,50} will$", "will")
"""`watching how the city will draw up its plans`."""
FIGURE = regex(r"\b(?:[Mm]ore than|[Oo]ver|[Nn]early|[Aa]bout|[Aa]round|[Ss]ome|[Aa] total of|[Aa]t least) \d[\d,]*$")
_EXAMPLES = regex(r",? (?:including|such as|ranging from|among them|like) ")
_PASSING = regex(r"\b(?:series|package|raft|range|set|number|host|slew|batch|more|multiple|various|many) (?:of )?")


def judged(
    reader: Reader, sentence: Sentence, clause: Clause, candidate: Candidate, phrase: Phrase, actor: Actor | None
) -> bool:
    """Drop the candidate with a reason where it is no policy of its own; False where nothing is told at all."""
    start, end = sentence.span
    tokens, text = sentence.tokens, reader.text
    verb, at, run, lead, after = clause.verb, clause.at, clause.run, clause.lead, clause.after
    passive, reduced, future, perfect = clause.passive, clause.reduced, clause.future, clause.perfect
    status = candidate.status
    strength = phrase.noun.strength
    if (FORECAST.search(run) and not (LIKELY.search(run) and actor is not None and actor.issuers)) or (
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
    elif future and _HOW.search(run):
        candidate.drop("wished, denied or supposed")
    elif passive and actor is None and FIGURE.search(text, start, tokens[phrase.first].end):
        candidate.drop("a number of instruments, a figure")
    elif candidate.head == "paper" and (passive or reduced) and re.match(r"According to", text[start:end]):
        candidate.drop("a report cited for figures")
    elif strength == "measure" and (
        verb.sense != "issue"
        or (passive and not (actor and actor.issuers))
        or not (complemented(phrase, tokens) or (reduced and actor and actor.issuers))
    ):
        return False
    elif (
        not (passive or reduced)
        and not (actor and (actor.name == "a document" or actor.start > tokens[phrase.head].start))
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
            and (told_apart(tokens, phrase) or complemented(phrase, tokens))
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
        and not of_its_own(tokens, phrase)
        and not (actor is not None and actor.name == "signers" and reader.antecedent(candidate.head, phrase) is None)
        and (not complemented(phrase, tokens) or told_purpose(reader, phrase, tokens))
    ):
        add_to_known(reader, candidate, phrase, actor, sentence)
    elif (
        strength in {"vague", "name"}
        and not phrase.named
        and not (
            candidate.head in {"strategy", "plans"} and actor and actor.issuers and _SAYS_WHICH.match(candidate.title)
        )
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
        and not FUNDED.search(run)
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
    return True


_SAYS_WHICH = regex(
    r"(?:an? |its |their )?(?:first |new |revised |updated |own )*(?:national|federal|regional|industrial|similar"
    r"|comparable) (?:[a-z-]+ ){1,3}?strategy|(?:their )?(?:similar|own|comparable) plans"
)
"""`unveiled a national chip strategy`: of what it is said to be."""
_COUNTED = regex(r"(?:[5-9]\d|[\d,]{3,}) ")


def _in_passing(reader: Reader, candidate: Candidate, phrase: Phrase, tokens: list[Token], start: int) -> bool:
    """Undated policies by number or degree, off the top of the story: `a series of policies`."""
    if phrase.noun.noun in _PLURALS and re.match(
        r"(?:more|many|some|several|various|other|such|all) ", candidate.title
    ):
        return True
    if phrase.noun.noun in _PLURALS and not complemented(phrase, tokens) and candidate.issued_on is None:
        # `the district has issued similar rules` is told of an authority by its name
        return not (candidate.title.startswith("similar ") and candidate.issuers)
    if (
        phrase.noun.noun not in {"policies", "policy", "measures", "incentives", "policy measures", "arrangements"}
        or phrase.named
    ):
        return False
    top = start < 600 and not re.search(r"\bmore (?:\w+ and )?\w+", candidate.title)
    return (
        not top and candidate.issued_on is None and not reader.ministry and _PASSING.search(candidate.title) is not None
    )

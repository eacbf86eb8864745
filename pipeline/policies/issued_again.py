"""What is told of an instrument that was named before: `the guideline, issued by …`."""

from __future__ import annotations

from pipeline.policies.actor import Actor
from pipeline.policies.candidates import Candidate
from pipeline.policies.phrases import Phrase
from pipeline.policies.reading import (
    PLAIN,
    Reader,
)
from pipeline.policies.sameness import more_exact
from pipeline.policies.sentence import Sentence
from pipeline.policies.tokens import Token


def of_its_own(tokens: list[Token], phrase: Phrase) -> bool:
    """`its own plan` is another than the one that was told."""
    return phrase.first + 1 < len(tokens) and tokens[phrase.first + 1].low == "own"


def told_purpose(reader: Reader, phrase: Phrase, tokens: list[Token]) -> bool:
    """`We introduced the Rules to protect …`: a purpose, where the rules were named before."""
    after = tokens[phrase.head + 1].low if phrase.head + 1 < len(tokens) else ""
    own = [t for t in tokens[phrase.first : phrase.head] if t.low not in PLAIN]
    return after == "to" and not own and reader.antecedent(tokens[phrase.head].low, phrase) is not None


def add_to_known(reader: Reader, candidate: Candidate, phrase: Phrase, actor: Actor | None, sentence: Sentence) -> None:
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

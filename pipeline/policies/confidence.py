"""How probable it is that a policy record is right: its sentence, kind and issuers; counted on annotated articles.

Three things tell a sure record from a doubtful one: which rule found it, how surely its words name an instrument, and
what stands beside it (issuer, date, further sentences). `confidence.csv` holds, for each value of the three, how many
records of annotated articles were right out of how many; each moves the odds from those of all records.
"""

from __future__ import annotations

from functools import cache

from pipeline.odds import Counts, probability, read_counts
from pipeline.policies.candidates import Candidate
from pipeline.policies.tables import rows

_PRIOR = 4.0
"""So many records of the common rate are added to every count: a rare value moves the odds little."""
_DOUBT = 0.7
"""The share right that a rule is given before it is counted: on articles that it was not written on a rule does worse,
and a rule seen a few times only has shown little."""
_DOUBTED = 8.0
"""So many records of that share are added to a rule's count."""
_WORDS = {3: "name", 2: "noun", 1: "phrase"}


def confidence(candidate: Candidate) -> float:
    """The probability, 0 to 1, that the record is right, rounded to hundredths."""
    return _estimate(features_of(candidate))


def features_of(candidate: Candidate) -> tuple[str, str, str]:
    """What the estimate rests on: (rule, how it is named, what stands beside it)."""
    words = "number" if candidate.number else _WORDS.get(candidate.strength, "phrase")
    beside = [
        "issuer" if candidate.issuers else "actor" if candidate.actor else "nobody",
        "dated" if candidate.issued_on or candidate.effective_on else "undated",
        "several sentences" if len(candidate.evidence) > 1 else "one sentence",
    ]
    return candidate.rule, words, ", ".join(beside)


@cache
def _estimate(features: tuple[str, str, str]) -> float:
    values = dict(zip(("rule", "words", "beside"), features, strict=True))
    return probability(_counts(), values, _PRIOR, {"rule": (_DOUBTED, _DOUBT)})


@cache
def _counts() -> Counts:
    return read_counts(rows("confidence"))

"""How probable it is that a quote is right: words, kind and speaker; counted on annotated articles.

Three things tell a sure quote from a doubtful one: how the source is named, whether the words stand in marks and what
sort of verb reports them, and which rule of grammar found the clause. `confidence.csv` holds, for each value of the
three, how many quotes of annotated articles were right out of how many; each moves the odds from those of all quotes.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from pipeline.odds import Counts, probability, read_counts
from pipeline.quotes.records import Candidate, Speaker
from pipeline.quotes.tables import cue_forms

_TABLE = Path(__file__).parent / "confidence.csv"
_PRIOR = 6.0
"""So many quotes of the common rate are added to every count: a rare value moves the odds little."""
_PRONOUNS = frozenset(("he", "she", "it", "they", "him", "her", "them", "他", "她", "他们", "其"))


def confidence(candidate: Candidate, language: str) -> float:
    """The probability, 0 to 1, that the record is right, rounded to hundredths."""
    features = features_of(candidate, language)
    return _estimate(features)


def features_of(candidate: Candidate, language: str) -> tuple[str, str, str]:
    """What the estimate rests on: (how the source is named, marks and verb, rule)."""
    assert candidate.speaker is not None
    marks = "marked" if candidate.kind != "indirect" else "indirect"
    cue = cue_forms(language).get(candidate.cue.lower())
    verb = "weak" if cue is not None and cue.takes & {"weak", "belief"} else "plain"
    return (
        f"{marks} {_naming(candidate.speaker)}",
        f"{candidate.kind} {verb}",
        candidate.rule.removeprefix("marked-"),
    )


def _naming(speaker: Speaker) -> str:
    if not speaker.chain:
        return "name" if speaker.type == "person" else speaker.type
    first = speaker.chain[0]
    if first.lower() in _PRONOUNS:
        return "pronoun"
    if speaker.type == "person":
        return "surname" if first in speaker.name else "description"
    return f"{speaker.type} by a short form"


@cache
def _estimate(features: tuple[str, str, str]) -> float:
    return probability(_counts(), dict(zip(("source", "words", "rule"), features, strict=True)), _PRIOR)


@cache
def _counts() -> Counts:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return read_counts(csv.DictReader(lines))

"""The document told before, whose content an intention is: `The plan was issued … The city will open …`."""

from __future__ import annotations

from functools import cache

from pipeline.policies.candidates import Candidate
from pipeline.policies.issuers import bodies
from pipeline.policies.reading import Reader
from pipeline.policies.tables import rows

_NO_DOCUMENT = frozenset(
    {"act", "act undergone", "known", "intended", "standing measure", "measure", "standing policy", "in passing",
     "described", "measure in a subordinate clause"}
)  # fmt: skip
"""Rules that tell no document whose content a story could go through."""


def abroad(candidate: Candidate) -> str:
    """The foreign country or bloc whose authority acts; nothing for one of China."""
    name = candidate.issuers[0]
    body = bodies().get(name)
    if body is not None:
        return "" if body.place in {"China", ""} or _in_china(body.place) else body.place
    return name if name in countries() else ""


@cache
def _in_china(place: str) -> bool:
    """Whether a place of the table of bodies is none of the countries and blocs."""
    return place not in {row["government"] for row in rows("places") if row["kind"] in {"country", "bloc"}} | {
        row["name"] for row in rows("places") if row["kind"] in {"country", "bloc"}
    }


@cache
def countries() -> frozenset[str]:
    """The governments of countries and blocs that the table of places has."""
    return frozenset(row["government"] for row in rows("places") if row["kind"] in {"country", "bloc"})


def document_before(reader: Reader, candidate: Candidate) -> Candidate | None:
    """The document told before, whose content an intention is: `The plan was issued … The city will open …`."""
    kinds = {"plan", "guideline", "measures", "regulation", "notice", "law", "standard"}
    for known in reversed(reader.found):
        if not known.kept or known.rule in _NO_DOCUMENT or known.status == "repealed":
            continue
        apart = known.issuers and candidate.issuers and not set(known.issuers) & set(candidate.issuers)
        if apart and abroad(known) != abroad(candidate):
            # what one country plans is not in the law of another
            continue
        if known.instrument in kinds or known.rule == "work report":
            return known
    return None

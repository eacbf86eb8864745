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


def _foreign(candidate: Candidate) -> bool:
    body = bodies().get(candidate.issuers[0])
    return body.place not in {"China", ""} if body else candidate.issuers[0] in countries()


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
        if apart and _foreign(known) != _foreign(candidate):
            continue
        if known.instrument in kinds or known.rule == "work report":
            return known
    return None

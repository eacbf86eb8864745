"""Bring the candidates of one instrument together: one record with all its sentences and the surest fields."""

from __future__ import annotations

from pipeline.policies.candidates import Candidate


def merged(candidates: list[Candidate]) -> list[Candidate]:
    """The kept candidates, one for each instrument, in the order of their first sentence."""
    groups: list[Candidate] = []
    by_key: dict[tuple[str, str], Candidate] = {}
    for candidate in candidates:
        if not candidate.kept:
            continue
        key = _key(candidate)
        first = by_key.get(key) if key else None
        if first is None:
            groups.append(candidate)
            if key:
                by_key[key] = candidate
            continue
        _into(first, candidate)
        candidate.drop(f"the same instrument as {first.title[:40]!r}")
    return groups


def _key(candidate: Candidate) -> tuple[str, str] | None:
    if candidate.number:
        return "number", candidate.number
    if candidate.strength >= 3:
        return "name", candidate.title.casefold().replace("’", "'").removeprefix("the ")
    return None


def _into(first: Candidate, other: Candidate) -> None:
    first.add_evidence(*other.evidence)
    if first.status == "issued" and other.status == "repealed":
        first.status = "repealed"
    if other.salience == "news":
        first.salience = "news"
    if len(other.issued_on or "") > len(first.issued_on or ""):
        first.issued_on = other.issued_on
    first.effective_on = first.effective_on or other.effective_on
    first.issuers = first.issuers or other.issuers
    first.regions = first.regions or other.regions
    first.sectors = first.sectors or other.sectors
    first.entities = first.entities or other.entities
    if first.action in {"other", "regulation"} and other.action != "other":
        first.action = other.action

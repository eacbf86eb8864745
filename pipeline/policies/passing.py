"""What the rules for measures named in passing share: where a phrase ends, what kind its noun makes, the candidate."""

from __future__ import annotations

import re

from pipeline.model import Action, Instrument
from pipeline.patterns import regex
from pipeline.policies.act_words import kind_of_noun
from pipeline.policies.actions import action_of
from pipeline.policies.candidates import Candidate
from pipeline.policies.places import places_in
from pipeline.policies.reading import Reader
from pipeline.policies.sameness import alike
from pipeline.policies.sentence import Sentence

STOP = (
    r"(?=[,;.:—–\"”]|$| (?:has|have|had|is|are|was|were|will|would|could|may|might|can|that|which|who|while|as"
    r"|after|when"
    r"|because|since|remain|took|began|precipitated|led|sparked|triggered|prompted|drew|caused|raised|hurt|shook"
    r"|angered|forced|pushed|left|made|came|said|says|in (?:early |late |mid-)?20\d\d|last|earlier|this"
    r"|designed|aimed)\b)"
)
BROAD = regex(
    r"\b(?:Belt and Road|BRI|AI Plus|AI ?\+|Global (?:\w+ )*(?:Development|Security|Civilization|Governance)|diplomatic"
    r"|relations|ties|partnership|dialogue|network|alliance|consensus|commitments|reform and opening|Strait|innovation"
    r"|model|models|product|products|brand|company|companies|university|school|hospital)\b"
)
_KINDS: dict[str, Instrument] = {
    "insurance": "other", "policy": "measures", "policies": "measures", "strategy": "plan", "initiative": "plan",
    "mechanism": "other", "system": "other", "reform": "measures", "framework": "plan", "catalog": "list",
    "catalogue": "list", "list": "list", "program": "plan", "programme": "plan", "scheme": "plan", "pilot": "pilot",
    "campaign": "plan", "rules": "measures", "restrictions": "other", "controls": "other", "curbs": "other",
}  # fmt: skip


def local_issuer(reader: Reader, sentence: Sentence) -> tuple[str, ...]:
    """The government of the first province, city or district that the sentence names; none where it names none."""
    named = places_in(reader.text, *sentence.span)
    local = next((place.government for place in named if place.government and place.kind != "country"), None)
    return (local,) if local else ()


def kind_of_head(head: str) -> Instrument:
    """The instrument that the noun of a measure named in passing stands for."""
    return _KINDS.get(head) or kind_of_noun(head)


def put(
    reader: Reader, sentence: Sentence, title: str, kind: Instrument, issuers: tuple[str, ...], actor: str, at: int,
    action: Action | None = None,
    *,
    named: bool = False,
) -> None:  # fmt: skip
    """The candidate, unless what was told before has it already."""
    title = re.sub(r"^(?:[Tt]he|[Ii]ts) ", "", title.strip(" ,."))
    if title.count('"') + title.count("“") + title.count("”") != 2:
        title = title.strip('"”“')
    if len(title) < 6:
        return
    for known in reader.found:
        if known.kept and (
            title in known.title
            or (known.title in title and len(known.title) > 12)
            or (named and known.evidence[-1] == sentence.span and known.title in title)
            or (not named and alike(known.title, title))
            or (not named and known.evidence[-1] == sentence.span and known.title.split()[-1] in title)
        ):
            return
    candidate = Candidate(
        rule="known", trigger=title.split()[0], title=title, instrument=kind, head=title.split()[-1].lower(),
        issuers=issuers, actor=actor or None, evidence=[sentence.span], strength=1,
        reason="a measure in force, named in passing",
    )  # fmt: skip
    candidate.issued_on, _ = reader.dates_of(sentence, at, False)
    candidate.action = action or action_of(title)
    reader.found.append(candidate)


def told_already(reader: Reader, title: str, sentence: Sentence) -> bool:
    """Whether what was found before is the same measure: it gains the sentence."""
    for known in reader.found:
        if known.kept and (
            title.lower() in known.title.lower()
            or known.title.lower() in title.lower()
            or (known.evidence[0] == sentence.span and alike(known.title, title))
        ):
            known.add_evidence(sentence.span)
            return True
    return False


def add_in_passing(
    reader: Reader, title: str, kind: Instrument, sentence: Sentence, issuers: tuple[str, ...], actor: str | None
) -> Candidate:
    """A measure that a story names as its context."""
    candidate = Candidate(
        rule="in passing", trigger=title.split()[0], title=title, instrument=kind, head=kind, issuers=issuers,
        actor=actor, evidence=[sentence.span], strength=2, reason="a measure named as the context of a story",
    )  # fmt: skip
    reader.found.append(candidate)
    return candidate

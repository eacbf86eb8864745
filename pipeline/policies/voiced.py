"""What is told from the thing's side or in an authority's own words becomes a candidate."""

from __future__ import annotations

import re

from pipeline.model import Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.act_words import kind_of_noun
from pipeline.policies.actions import action_of
from pipeline.policies.actor import Actor
from pipeline.policies.candidates import Candidate
from pipeline.policies.reading import Reader
from pipeline.policies.sameness import alike
from pipeline.policies.sentence import Sentence

_BROAD = regex(
    r"\b(?:Belt and Road|BRI|AI Plus|AI ?\+|Global (?:\w+ )*(?:Development|Security|Civilization|Governance)"
    r"|Internet Plus|similar measures"
    r"|community with a shared future|modernization|peace|ceasefire|dialogue|talks)\b"
)
_CUT = regex(
    r"[,;:]|\.(?=\s|$)|[\"”](?=\s|$)|[—–]| (?:said|says|after|while|when|which|who|because|as|despite|amid"
    r"|although|though"
    r"|since|where|according|citing|effective|starting|beginning|from [A-Z]|in (?:early |late )?(?:20\d\d"
    r"|[A-Z][a-z]+ 20)"
    r"|earlier this|last (?:week|month|year))\b"
)
_NOUN_KINDS: dict[str, Instrument] = {
    "platform": "other", "strategy": "plan", "initiative": "plan", "partnership": "plan", "framework": "plan",
    "contributions": "plan", "investment": "plan", "compact": "agreement", "deal": "plan", "package": "measures",
    "controls": "other", "restrictions": "other", "curbs": "other", "sanctions": "other", "bans": "decision",
    "policy": "measures", "policies": "measures",
}  # fmt: skip


def kind_in(title: str) -> Instrument:
    """The instrument that the first telling word of a title names."""
    for word in re.findall(r"[\w-]+", title.lower()):
        if word in _NOUN_KINDS:
            return _NOUN_KINDS[word]
    return kind_of(title.split()[-1].lower())


def kind_of(head: str) -> Instrument:
    """The instrument that a head noun names."""
    return _NOUN_KINDS.get(head) or kind_of_noun(head)


def clipped(title: str) -> str:
    """A title up to where its clause ends."""
    stop = _CUT.search(title)
    return title[: stop.start() if stop else len(title)].strip(' ,."”“')


def voiced(
    reader: Reader,
    sentence: Sentence,
    title: str,
    kind: Instrument,
    status: Status,
    actor: Actor,
    at: int,
    rule: str,
) -> Candidate | None:
    """The candidate, unless the sentence has told it already or it is a broad initiative."""
    if _BROAD.search(title) or len(title) < 6:
        return None
    for known in reader.found:
        if known.kept and (
            title in known.title
            or (known.title in title and len(known.title) > 12)
            or (known.evidence[-1] == sentence.span and alike(known.title, title))
        ):
            return None
    candidate = Candidate(
        rule=rule, trigger=title.split()[0], title=re.sub(r"^(?:[Tt]he|[Ii]ts) ", "", title), instrument=kind,
        head=title.split()[-1].lower(), issuers=reader.we_as_nation(actor), actor=actor.name, status=status,
        evidence=[sentence.span], strength=1, reason="told from the thing's side or in the authority's words",
    )  # fmt: skip
    candidate.issued_on, candidate.effective_on = reader.dates_of(
        sentence, at, status == "planned" or rule == "intended"
    )
    candidate.action = action_of(candidate.title)
    if candidate.action == "other" and rule == "act undergone" and kind in {"other", "plan", "pilot"}:
        candidate.action = "support"
    reader.found.append(candidate)
    return candidate

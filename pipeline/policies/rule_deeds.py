"""English prose: an authority imposes, bans, fines, investigates; measures told as deeds, not as documents."""

from __future__ import annotations

import re

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.act_frames import ASKED
from pipeline.policies.actions import action_of, freed
from pipeline.policies.actor import Actor
from pipeline.policies.candidates import Candidate
from pipeline.policies.cues import cues
from pipeline.policies.measures import deeds_in, may_tell
from pipeline.policies.places import places_in
from pipeline.policies.reading import FORECAST, FUTURE, JOINED, NEGATED, Reader
from pipeline.policies.sameness import alike
from pipeline.policies.sentence import Sentence

_NOMINAL = regex(
    r"\b(?P<what>(?:decision|move|policy|order|plan) to (?P<how>impose|levy|raise|cut|extend|ban|restrict|suspend|lift"
    r"|lower|scrap|remove|expand|exempt|grant|offer|waive)\b[^,.;]{3,90})"
)
_HABIT = regex(r"\b(?:repeatedly|often|always|usually|sometimes|constantly|frequently|continually|consistently)\b")
_OF_POLICY = regex(
    r"tariff|dut(?:y|ies)|sanction|restriction|\bban|curb|control|subsid|\btax|quota|visa|measure|export|import"
)
_GRANT = regex(
    r"^(?:decision|move|policy) to (?:grant|offer) |(?<=.{14}) (?:to|further|also|will|has|have) [\w ]*$(?<!countries)"
)
_PROGRESS = regex(
    r"\b(?:is|are)(?: also| now| currently)? (?P<pilot>(?:piloting|trialing|trialling) [^,;.]{5,90}?)"
    r"(?= and (?:expand|widen|eas|relax|lift)ing|[,;.]| (?:in sectors|as|while|after)\b)"
)
_WIDENING = regex(
    r"\b(?:(?:is|are)(?: also| now| currently)?|and) (?P<open>(?:expanding|widening|easing|relaxing|lifting)"
    r" (?:[\w-]+ ){0,3}?(?:market access|restrictions|visa-free|foreign ownership|foreign equity)\b[^,;.]{0,60}?)"
    r"(?=[,;.]| (?:in sectors|as|while|after)\b)"
)
_PILOTING = cues("piloting trialing trialling")
_EXPANDING = cues("expanding widening easing relaxing lifting")
_DECIDING = cues("decision move policy order plan")
_DECIDED = cues(
    "impose levy raise cut extend ban restrict suspend lift lower scrap remove expand exempt grant offer waive"
)
_PASSIVE_RUN = regex(r"\b(?:was|were|been|is|are|be|being)(?: \w+ly)?$")
_SUBORDINATE = regex(
    r"\b(?:after|since|because|following)(?: the| that)?\s*$|\b(?:remarks?|comments?|statement) after\b[^,]*$"
)
_DEED_KIND: dict[str, Instrument] = {"probe": "other", "order": "order", "list": "list"}


def _progress(reader: Reader, sentence: Sentence) -> None:
    """`China is piloting shops without clerks in 50 towns and easing market access`: what is under way is in force."""
    start, end = sentence.span
    text = reader.text
    pilot = _PROGRESS.search(text, start, end) if sentence.cues & _PILOTING else None
    wider = _WIDENING.search(text, start, end) if sentence.cues & _EXPANDING else None
    for match, name in ((pilot, "pilot"), (wider, "open")):
        if match is None or (name == "open" and match[0].startswith("and") and pilot is None):
            continue
        first = pilot if name == "open" and match[0].startswith("and") and pilot else match
        actor = reader.actors.subject(start, first.start())
        if actor is None:
            continue
        candidate = Candidate(
            rule="measure", trigger=match[name].split()[0], title=match[name].strip(),
            instrument="pilot" if name == "pilot" else "other", head=name, issuers=reader.we_as_nation(actor),
            actor=actor.name, evidence=[sentence.span], reason="an authority has a measure under way",
            action="opening" if name == "open" else "support",
        )  # fmt: skip
        candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, match.end(), False)
        reader.found.append(candidate)


def deeds(reader: Reader, sentence: Sentence) -> None:
    """The measures that the sentence tells as deeds of an authority."""
    start, end = sentence.span
    text = reader.text
    last: Actor | None = None
    for deed in deeds_in(text, start, end) if may_tell(sentence) else ():
        run = text[start : deed.start].rstrip()
        future = FUTURE.search(run) is not None
        passive = _PASSIVE_RUN.search(run) is not None
        actor = reader.actors.agent(deed.end, end) if passive else reader.actors.subject(start, deed.start)
        if actor is None and not passive:
            actor = last if last is not None and JOINED.search(run) else reader.pronoun(run, start)
        if actor is None:
            continue
        last = actor
        candidate = Candidate(
            rule="planned" if future else "measure",
            trigger=text[deed.start : deed.end],
            title=deed.title,
            instrument=_DEED_KIND.get(deed.family, "other" if future else "decision"),
            head=deed.object,
            issuers=reader.we_as_nation(actor),
            actor=actor.name,
            status="planned" if future else "issued",
            evidence=[sentence.span],
            reason="an authority takes a measure",
            entities=(deed.target,) if deed.target else (),
        )
        candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, deed.start, future)
        candidate.action = freed(deed.title, action_of(deed.title))
        if FORECAST.search(run) or (NEGATED.search(run) and not future):
            candidate.drop("wished, denied or supposed")
        elif ASKED.search(text, start, actor.start):
            candidate.drop("asked or expected of an authority")
        elif deed.family == "probe" and len(deed.title.split()) < 2:
            candidate.drop("an investigation of nothing named")
        elif _HABIT.search(run[-40:]):
            candidate.drop("a habit, not one measure")
        elif deed.family == "ban" and deed.title.split()[0] in {"ban", "block", "bar", "prohibit"} and not future:
            candidate.drop("no finite verb")
        elif _SUBORDINATE.search(text[start : actor.start]):
            candidate.salience = "background"
            candidate.rule = "measure in a subordinate clause"
        reader.found.append(candidate)
    _progress(reader, sentence)
    nominal = sentence.cues & _DECIDING and sentence.cues & _DECIDED
    for match in _NOMINAL.finditer(text, start, end) if nominal else ():
        if not match[0].startswith("decision") and (
            _OF_POLICY.search(match["what"]) is None
            or re.search(r"['’]s? (?:[\w-]+ )?$", text[max(start, match.start() - 24) : match.start()]) is None
        ):
            continue
        lead = text[max(start, match.start() - 30) : match.start()]
        actors = reader.actors.actors(max(start, match.start() - 30), match.start())
        owner = re.search(r"(?P<who>\w+)['’]s? $", lead)
        issuers: tuple[str, ...] = actors[-1].issuers if actors else ()
        if owner:
            named = [p for p in places_in(text, match.start() - len(owner[0]), match.start()) if p.government]
            issuers = (named[-1].government,) if named else issuers
        candidate = Candidate(
            rule="decision to",
            trigger=match[0].split()[0] + " to",
            title=_GRANT.sub("", match["what"]),
            instrument="decision",
            head="decision",
            issuers=issuers,
            evidence=[sentence.span],
            reason="a decision with what it decides",
        )
        same = [c for c in reader.found if c.rule == "decision to" and alike(c.title, candidate.title)]
        if same:
            same[0].add_evidence(sentence.span)
            same[0].issuers = same[0].issuers or issuers
        elif "decided" not in lead and (match["how"] in {"impose", "levy", "ban"} or _OF_POLICY.search(match["what"])):
            reader.found.append(candidate)

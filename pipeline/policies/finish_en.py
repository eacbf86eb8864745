"""The last fields of what an English sentence told: action, places, sectors, and whether it is news."""

from __future__ import annotations

import re

from pipeline.model import Action, Salience
from pipeline.policies.actions import action_of, strongest, usual_action, weighed
from pipeline.policies.actors import CITIES, PROVINCES
from pipeline.policies.candidates import Candidate
from pipeline.policies.dates import day_of
from pipeline.policies.laws import maker_of
from pipeline.policies.occasions import occasion_day
from pipeline.policies.reading import Reader
from pipeline.policies.regions import regions_of
from pipeline.policies.sameness import absorb, alike
from pipeline.policies.sectors import sectors_en
from pipeline.policies.sentence import Sentence

_WORD = 3
"""A cue that speaks for one action only weighs so much at least."""
_CLEARLY = 5
"""By so much must another action outweigh the usual one."""
_TOLD_LATER = frozenset({"plan", "guideline", "measures", "decision", "other", "order"})
_OWN_ACTION = frozenset({"five-year plan", "work report"})
_TOLD_AT = frozenset({"issued", "measure", "in passing", "work", "public money"})
"""The rules whose finds an occasion may date."""
_HOME = re.compile(
    r"^(?:[Aa]n? |[Tt]he )?(?:[\w-]+ )?(?P<kind>municipal|citywide|provincial|province-wide|provincewide)\b"
)
_REPORTED = re.compile(r"\b(?:media reports|reports|reported|rumou?rs|it is reported)\b")


def finish(reader: Reader, candidate: Candidate, sentence: Sentence) -> None:
    """Fill action, sectors, regions and salience of a candidate whose first sentence this is, or merge it."""
    start, end = sentence.span
    if candidate.evidence[0] != sentence.span:
        return
    if candidate.kept and candidate.rule not in {"number"}:
        known = reader.similar(candidate)
        if known and reader.found.index(known) < reader.found.index(candidate):
            absorb(known, candidate)
            candidate.drop(f"the same instrument as {known.title[:40]!r}")
            return
    if not candidate.issuers and candidate.kept and candidate.rule != "five-year plan":
        candidate.issuers = (
            reader.attributed(sentence) or _of_home(reader, candidate, start) or maker_of(candidate.title)
        )
    if candidate.issued_on is None and candidate.status in {"issued", "draft"} and candidate.rule in _TOLD_AT:
        candidate.issued_on = occasion_day(reader.text, start, end, reader.today)
    if candidate.action == "other":
        candidate.action = _told_here(candidate, sentence)
    if candidate.action == "other":
        around = reader.text[max(0, start - 300) : end + 300] if candidate.rule == "number" else ""
        candidate.action = action_of(reader.article.title or "", around) if around else "other"
    if candidate.action == "other" and candidate.rule != "measure":
        candidate.action = usual_action(candidate.instrument, named=candidate.strength == 3, head=candidate.head)
        candidate.usual = True
    candidate.sectors = candidate.sectors or sectors_en(candidate.title, sentence.printed)
    candidate.regions = candidate.regions or regions_of(reader.text, start, end)
    candidate.salience = _salience(reader, candidate, start)
    if candidate.status == "planned" and _REPORTED.search(sentence.printed):
        candidate.salience = "background"


def _told_here(candidate: Candidate, sentence: Sentence) -> Action:
    """What its title and sentence say that it does; a law rules, whatever else a word in passing may say."""
    score = weighed(candidate.title, sentence.printed)
    if candidate.instrument in {"law", "regulation", "standard"} and max(score.values(), default=0) < _WORD:
        return "other"
    return strongest(score)


def settle_action(reader: Reader, candidate: Candidate) -> None:
    """What the instrument does, from the sentences that came after its first one, where that one had no word for it."""
    if not candidate.usual or candidate.instrument not in _TOLD_LATER or candidate.rule in _OWN_ACTION:
        return
    sentences = [reader.text[start:end] for start, end in candidate.evidence[:4]]
    if candidate.salience == "news" and candidate.evidence[0][0] < 600:
        sentences.append(reader.article.title or "")
    score = weighed(candidate.title, *sentences)
    told = strongest(score)
    if told != "other" and score.get(told, 0) - score.get(candidate.action, 0) >= _CLEARLY:
        candidate.action = told


def _of_home(reader: Reader, candidate: Candidate, start: int) -> tuple[str, ...]:
    """`A municipal notice released in June`: that of the place that the story is about."""
    level = _HOME.match(candidate.title) if candidate.rule in {"issued", "described", "in force"} else None
    if level is None:
        return ()
    home = reader.actors.home_before(start, PROVINCES if level["kind"].startswith("prov") else CITIES)
    return (home.government,) if home else ()


_RELEASED = re.compile(
    r"\b(?:released|deliver(?:ed|ing)|unveil(?:ed|ing)|submitted|present(?:ed|ing)|adopted|approved)\b"
)
_EXAMPLE = re.compile(r"\b(?:such as|including|like|through initiatives)(?: (?:an?|the|its))? $")
_HAS_DONE = re.compile(r",? (?:has|have)(?:,[^,]{3,30},)? (?:\w+ly )?(?:[a-z]+ed|set|put)\b")
_CITED = re.compile(
    r"\b(?:[Ff]rom|[Aa]ccording to|[Ii]n|[Uu]nder|by|with) (?:the|this year['’]s|its) (?:[\w'’]+ ){0,3}$"
)
_HAS = re.compile(r"\b(?:(?:has|have) also|(?:is|are)(?: also| now| currently)?)(?: [a-z]+ing [^,;.]{3,60} and)?$")


def _report_told(reader: Reader, candidate: Candidate, start: int) -> Salience | None:
    """News is a work report that the story opens with, as what was delivered or as the subject of its first sentence.

    None: its own day decides.
    """
    text = reader.text
    at = text.find(candidate.trigger, start)
    if start < 300 and (
        _RELEASED.search(text, start, start + 200) or _HAS_DONE.match(text, at + len(candidate.trigger))
    ):
        return None if len(candidate.issued_on or "") == 10 else "news"
    if len(candidate.issued_on or "") < 10 or _CITED.search(text, max(start, at - 60), at):
        return "background"
    return None


def _led_by_report(reader: Reader) -> bool:
    """Whether the story opens with a work report: the sums that it goes through are its news."""
    return any(
        c.kept and c.rule == "work report" and c.salience == "news" and c.evidence[0][0] < 300 for c in reader.found
    )


def _under_way(reader: Reader, candidate: Candidate, start: int) -> bool:
    """`China has also rolled out …`, `is piloting …` in the reporter's own words: what is under way is reported."""
    at = reader.text.find(candidate.trigger, start) if candidate.trigger else -1
    if (
        at < 0
        or candidate.rule not in {"issued", "measure", "act"}
        or candidate.trigger == "signed"
        or reader.in_quotes(start)
    ):
        return False
    return _HAS.search(reader.text[start:at].rstrip()) is not None


def _salience(reader: Reader, candidate: Candidate, start: int) -> Salience:
    if (
        reader.conference
        and candidate.status == "issued"
        and candidate.issued_on is None
        and candidate.effective_on is None
    ):
        return "background"
    if candidate.rule == "work report" and (told := _report_told(reader, candidate, start)) is not None:
        return told
    if candidate.head in {"money", "subsidies"} and candidate.issued_on is None and _led_by_report(reader):
        return "news"
    if candidate.rule == "trade-in program" and f"{candidate.trigger} will " in reader.text[start : start + 300]:
        return "news"
    if candidate.rule == "five-year plan" and len(candidate.issued_on or "") == 10 and candidate.issuers:
        today, day = day_of(reader.today), day_of(candidate.issued_on)
        return "news" if today and day and (today - day).days <= 14 else "background"
    if candidate.rule in {
        "trade-in program",
        "standing policy",
        "five-year plan",
        "negative list",
        "described",
        "measure in a subordinate clause",
        "standing measure",
        "known",
    }:
        return "background"
    on = candidate.issued_on or (candidate.effective_on if candidate.rule == "in force" else None)
    today, day = day_of(reader.today), day_of(on)
    if candidate.rule == "in passing" and day is None and candidate.actor != "signers" and start > 600:
        return "background"
    if today and day:
        return "news" if (today - day).days <= 14 else "background"
    if on and reader.today and (on[:7] != reader.today[:7] if len(on) >= 7 else True):
        return "background"
    if candidate.status == "planned":
        return "background" if reader.in_quotes(start) else "news"
    if candidate.actor == "China" and "already" in reader.text[start : start + 200]:
        return "background"
    if candidate.rule == "decision to" and not candidate.trigger.startswith("decision"):
        return "background"
    if on is None and _EXAMPLE.search(reader.text, start, max(start, reader.text.find(candidate.title, start))):
        return "background"
    if _under_way(reader, candidate, start):
        return "news"
    overlap = alike(candidate.title, reader.article.title or "", least=2)
    return "news" if start < 1000 or overlap else "background"

"""Whether a measure is the news of an English story or stands in it as context: by place, day, tense and lead-in."""

from __future__ import annotations

from pipeline.model import Salience
from pipeline.patterns import regex
from pipeline.policies.candidates import Candidate
from pipeline.policies.dates import day_of
from pipeline.policies.issuers import place_of
from pipeline.policies.reading import Reader
from pipeline.policies.sameness import alike

_RELEASED = regex(r"\b(?:released|deliver(?:ed|ing)|unveil(?:ed|ing)|submitted|present(?:ed|ing)|adopted|approved)\b")
_EXAMPLE = regex(r"\b(?:such as|including|like|through initiatives)(?: (?:an?|the|its))? $")
_SHOWN = regex(
    r"\b(?:as (?:shown|seen|demonstrated|reflected|evidenced|exemplified|illustrated) (?:by|in)|citing)(?: an?| the)? $"
)
"""`as shown by the decision of …`: an example of what the writer says."""
_HAS_DONE = regex(r",? (?:has|have)(?:,[^,]{3,30},)? (?:\w+ly )?(?:[a-z]+ed|set|put)\b")
_CITED = regex(r"\b(?:[Ff]rom|[Aa]ccording to|[Ii]n|[Uu]nder|by|with) (?:the|this year['’]s|its) (?:[\w'’]+ ){0,3}$")
_HAS = regex(r"\b(?:(?:has|have) also|(?:is|are)(?: also| now| currently)?)(?: [a-z]+ing [^,;.]{3,60} and)?$")
_LEAD = 600
"""So far goes the beginning of a story, which tells its news."""
_ALREADY = regex(r"\b(?:has|have|had) already(?: \w+ly)? $")
"""`France has already imposed a levy`: what others have done before."""
_GOVERNMENT_HAS = regex(r"\bgovernment (?:has|have)(?: \w+ly)?(?: (?:earmarked|allocated|set aside) [^,;]{3,60} to)?$")


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


def _at(reader: Reader, candidate: Candidate, start: int) -> int:
    """Where the title or else the trigger stands in the first sentence, or its beginning."""
    end = candidate.evidence[0][1]
    at = reader.text.find(candidate.title, start, end)
    return max(start, at if at >= 0 else reader.text.find(candidate.trigger, start, end))


def _of_others(reader: Reader, candidate: Candidate) -> bool:
    """Whether the authority of another country or province acts than in the news that the story opens with."""
    if not candidate.issuers or alike(candidate.title, reader.article.title or "", least=2):
        return False
    lead = next(
        (c for c in reader.found if c.kept and c.salience == "news" and c.issuers and c.evidence[0][0] < _LEAD), None
    )
    if lead is None or lead is candidate:
        return False
    whose, leads = ({place_of(name) or "" for name in names} for names in (candidate.issuers, lead.issuers))
    return "" not in whose | leads and not whose & leads


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
    run = reader.text[start:at].rstrip()
    if candidate.issuers == ("Chinese government",) and start < 2500 and _GOVERNMENT_HAS.search(run):
        return "already" not in run
    return _HAS.search(run) is not None


def salience_of(reader: Reader, candidate: Candidate, start: int) -> Salience:
    """`news` or `background` for a candidate whose first sentence begins at `start`."""
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
    on = candidate.issued_on
    if (
        on is None
        and candidate.effective_on
        and (candidate.rule == "in force" or candidate.effective_on[:7] < (reader.today or "")[:7])
    ):
        on = candidate.effective_on
    today, day = day_of(reader.today), day_of(on)
    if candidate.rule == "in passing" and day is None and candidate.actor != "signers" and start > 600:
        return "background"
    if _SHOWN.search(reader.text, start, _at(reader, candidate, start)):
        return "background"
    if today and day:
        return "news" if (today - day).days <= 14 else "background"
    if on and reader.today and (on[:7] != reader.today[:7] if len(on) >= 7 else True):
        return "background"
    if candidate.rule == "act" and candidate.status == "planned" and start > 1500:
        return "news" if alike(candidate.title, reader.article.title or "", least=2) else "background"
    if candidate.status == "planned" or (candidate.status == "draft" and candidate.rule == "intended"):
        return "background" if reader.in_quotes(start) else "news"
    if candidate.actor == "China" and "already" in reader.text[start : start + 200]:
        return "background"
    if (
        candidate.status == "issued"
        and on is None
        and _ALREADY.search(
            reader.text, start, max(start, reader.text.find(candidate.trigger, start, candidate.evidence[0][1]))
        )
    ):
        return "background"
    if on is None and start > _LEAD and _of_others(reader, candidate):
        return "background"
    if candidate.rule == "decision to" and not candidate.trigger.startswith("decision"):
        return "background"
    if on is None and _EXAMPLE.search(reader.text, start, _at(reader, candidate, start)):
        return "background"
    if _under_way(reader, candidate, start):
        return "news"
    overlap = alike(candidate.title, reader.article.title or "", least=2)
    return "news" if start < 1000 or overlap else "background"

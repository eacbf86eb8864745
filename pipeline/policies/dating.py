"""When a measure was issued and when it holds, as far as its own words leave that open.

The day of the occasion it was told at, the year in brackets after its name, `effective immediately`, a sentence of its
own (`It will take effect on July 1.`), a ban's day, and what was `also approved` at the same meeting.
"""

from __future__ import annotations

from datetime import timedelta

from pipeline.patterns import regex
from pipeline.policies.candidates import Candidate
from pipeline.policies.cues import cues
from pipeline.policies.dates import day_of, reference
from pipeline.policies.occasions import OCCASIONS, occasion_day
from pipeline.policies.reading import Reader
from pipeline.policies.sentence import Sentence

_TOLD_AT = frozenset({"issued", "measure", "in passing", "work", "public money", "act"})
"""The rules whose finds an occasion may date."""
_OF_YEAR = regex(r"\((?P<year>20\d\d)\)")
_YEAR_FIRST = regex(r"(?:[Tt]he |[Ii]ts |China['’]s )?(?P<year>20\d\d) (?!Five)[A-Za-z]")
_YEAR_LAST = regex(r"\b(?:Act|Law|Bill|Regulations?|Order|Ordinance|Rules) (?:of )?(?P<year>(?:19|20)\d\d)$")
_THEN_YEAR = regex(r"[\"”]? \((?P<year>20\d\d)\)")
_IT_ENTERS = regex(
    r"(?:It|They|Both|These|The (?:new |updated |revised |amended |interim |trial |draft )?(?:rules?|regulations?"
    r"|measures|provisions|law|policy|policies|guidelines?|notice|circular|plan|standards?|ban|tariffs?|dut(?:y|ies)"
    r"|order))(?: \w+ly)? (?:will |(?:is|are) (?:set |scheduled |expected |due )?to |shall )?(?:\w+ly )?"
    r"(?:takes? effect|took effect|comes? into (?:effect|force)|came into (?:effect|force)|went into effect|goe?s? into"
    r" effect|enters? into force|entered into force|becomes? effective|became effective|be effective|is effective"
    r"|are effective|appl(?:y|ies) from|(?:be )?(?:implemented|enforced) (?:from|on|starting|as of|in)"
    r"|took force|takes? force)\b"
)
_PAST = regex(r"(?:took|came|went|entered|became) ")
_AFTER_ISSUE = regex(
    r"\b(?:effect|force|effective|appl(?:y|ies)|implemented|enforced)"
    r" (?:(?P<n>\d{1,3}|one|two|three|six|ten|thirty|sixty|ninety|a) (?P<unit>day|week|month|year)s?"
    r"|(?:after |in )(?P<n2>\d{1,3}|thirty|sixty|ninety) (?P<unit2>day|month)s?)"
    r"(?: later\b| (?:after|from|following) (?:it (?:is|was) |being |the (?:date|day) of )?"
    r"(?:its |their |the |official )*"
    r"(?:release|issuance|publication|promulgation|announcement|publishing|published|promulgated|issued|released)"
    r"|(?=[.;]))"
)
"""`The measures will take effect two months after promulgation`: counted from the day of issue."""
_NUMBERS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "six": 6, "ten": 10, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
_AT_ONCE = regex(
    r"\b(?:effective immediately|with immediate effect|tak(?:e|es|ing) effect immediately|took effect immediately"
    r"|(?:effective|tak(?:e|es|ing) effect|took effect|c[ao]mes? into (?:effect|force))(?: as of| from| on| upon)?"
    r" (?:the (?:day|date) of )?(?:its|their|the) (?:release|issuance|publication|promulgation|announcement|issue)"
    r"|(?:effective|took effect|takes effect|came into force) (?:on )?the same day)\b"
)
_BAN = regex(r"\bban\b")
_LAID_ON = frozenset({"imposed", "introduced", "rolled", "implemented", "enforced", "enacted"})
_ALSO = regex(
    r"\b(?:[Tt]hey|[Hh]e|[Ss]he|[Ii]t|sides|leaders|meeting) also\b|^After (?:the|their) talks\b|\b[Tt]hey then\b"
)
_TOGETHER = cues("also then talks")


def date_of(reader: Reader, candidate: Candidate, sentence: Sentence) -> None:
    """The occasion's day or the year in brackets, where the sentence has none; a ban's day is that of its effect."""
    start, end = sentence.span
    if candidate.issued_on is None and candidate.status in {"issued", "draft"}:
        if candidate.rule in _TOLD_AT:
            named = sentence.cues & OCCASIONS
            candidate.issued_on = occasion_day(reader.text, start, end, reader.today) if named else None
            candidate.occasion = candidate.issued_on is not None
        year = _OF_YEAR.search(candidate.title) if candidate.strength == 3 else None
        if year is None and candidate.strength == 3 and (at := reader.text.find(candidate.title, start, end)) >= 0:
            year = _THEN_YEAR.match(reader.text, at + len(candidate.title), end)
        if year is None and (candidate.rule == "issued" or candidate.strength == 3):
            year = _YEAR_FIRST.match(candidate.title) or _YEAR_LAST.search(candidate.title)
        if candidate.issued_on is None and year is not None and year["year"] <= (reader.today or "9999")[:4]:
            candidate.issued_on = year["year"]
            candidate.occasion = True
    if candidate.rule == "known" and "trade-in" in candidate.title:
        candidate.issued_on = None
    if candidate.effective_on is None and candidate.issued_on:
        candidate.effective_on = _counted_from(candidate.issued_on, sentence.printed)
    if candidate.status == "planned" and candidate.issued_on and len(candidate.issued_on) < 10:
        # `at the end of this year`: when it is to come
        candidate.issued_on = None
    if (
        candidate.issued_on
        and candidate.effective_on is None
        and candidate.status == "issued"
        and _BAN.search(candidate.title)
        and candidate.trigger.split(" ")[0] in _LAID_ON
    ):
        candidate.issued_on, candidate.effective_on = None, candidate.issued_on


def entry(reader: Reader, sentence: Sentence) -> None:
    """`It will take effect on July 1.`: of the measure that the sentence before told."""
    match = _IT_ENTERS.match(sentence.printed)
    known = next((c for c in reversed(reader.found[-6:]) if c.kept), None) if match else None
    if known is None or known.effective_on is not None or known.number or sentence.start - known.evidence[-1][1] > 3:
        return
    known.effective_on = reader.dates_of(sentence, sentence.start, _PAST.search(match[0]) is None)[1]  # type: ignore[index]
    if known.effective_on is None and known.issued_on:
        known.effective_on = _counted_from(known.issued_on, sentence.printed)
    if known.effective_on is not None:
        known.add_evidence(sentence.span)


def _counted_from(issued: str, printed: str) -> str | None:
    """The day of effect that a sentence counts from the day of issue: at once, or so many days or months later."""
    if len(issued) == 10 and _AT_ONCE.search(printed):
        return issued
    later = _AFTER_ISSUE.search(printed)
    if later is None:
        return None
    word, unit = later["n"] or later["n2"], later["unit"] or later["unit2"]
    count = _NUMBERS.get(word) or int(word)
    if unit in {"day", "week"}:
        day = day_of(issued)
        return (day + timedelta(days=count * (7 if unit == "week" else 1))).isoformat() if day else None
    year, month, day_in = reference(issued)
    if year is None or (month is None and unit == "month"):
        return None
    months = year * 12 + (month or 1) - 1 + count * (12 if unit == "year" else 1)
    head = f"{months // 12:04}-{months % 12 + 1:02}"
    last = f"{head}-{day_in:02}" if day_in else head
    return last[: len(issued)] if day_in is None or day_in <= 28 else head


def in_one_go(reader: Reader, candidate: Candidate, sentence: Sentence) -> None:
    """`They also approved …`, `After the talks, they signed …`: on the day of what was told right before."""
    if candidate.issued_on is not None or candidate.status != "issued" or candidate.rule not in _TOLD_AT:
        return
    if not sentence.cues & _TOGETHER:
        return
    start = sentence.start
    at = reader.text.find(candidate.trigger, start, candidate.evidence[0][1])
    if _ALSO.search(reader.text[start : max(start, at)]) is None:
        return
    first = next((c for c in reader.found if c.kept and c is not candidate and c.issuers == candidate.issuers), None)
    if first is not None and first.salience == "news" and first.status == "issued":
        candidate.salience = "news"
        if len(first.issued_on or "") == 10:
            candidate.issued_on = first.issued_on

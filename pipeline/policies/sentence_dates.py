"""The dates that an English sentence prints beside a measure: that of its issue, and that from which it holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from pipeline.patterns import regex
from pipeline.policies.dates import When, dates_in, day_of
from pipeline.policies.sentence import Sentence

_EFFECTIVE = regex(
    r"\b(?:(?:[Ee]ffective|(?:took|takes?|taken|taking) (?:effect|force)"
    r"|(?:came|comes?|coming|went|goes|go|going|enter(?:ed|s|ing)?|put) into (?:effect|force|operation|use|practice)"
    r"|(?:implemented|enforced)(?! by| in|,)|\bapply|\bapplies)(?: on| from| in| since| starting(?: from| on)?"
    r"| beginning(?: from| on)?| as (?:of|from)| at)?"
    r"(?: (?:this|early|mid|late))?(?: the (?:first|second|third|fourth) (?:half|quarter) of| the (?:end|middle) of)?"
    r"|(?:[Ss]tarting|[Bb]eginning|[Cc]ommencing)(?: from| on| in| as of)?|starts? (?:from|on)|[Aa]s (?:of|from)"
    r"|with effect from"
    r"|(?:applied|applicable|valid|introduced|rolled out|levied|available|lifted) from|from)\s*,?$"
)
_PERIOD = regex(
    r"(?:\b(?:by|until|till|through|before|between|to|over|after|during|since the|than|for|next|from)|(?<!,) and)"
    r"\s(?:the\s)?(?:end of\s)?(?:late\s|early\s|mid-)?$"
)
_SINCE = regex(
    r"\b(?:since|operational since|running from|starting|effective|from)\s(?:early |late |the )?$", re.IGNORECASE
)
_FORCE_UNDATED = regex(
    r"\b(?:took effect|came into (?:effect|force)|went into effect|entered into force|takes effect)"
    r"(?= ?(?:[.;,]|and\b|across\b|nationwide\b|in [a-z]))"
)
_PAST_FORCE = regex(r"took|came|went|entered|put")
_RUNS_FROM = regex(
    r"(?:running|effective|starting|operational|sixth|duties|measures?) (?:from|since)\s*$", re.IGNORECASE
)
_LONG_SINCE = regex(r"\bsince (?:the |its |their )?(?:[\w-]+ ){0,4}(?:took|came|went|entered|was|were)\b[^,;]*$")
"""`the fourth change since the rules took effect in 2031`: when the rules did, and not the change."""
_OF_ITS_OWN = regex(
    r"[\"”]?,?[\"”]? (?:(?:which|that) )?(?:(?:was|were|has been|have been|is|are) )?"
    r"(?:\w+ly |first |last )?[a-z]{3,}ed(?: (?:in|on|early|late|by [^,;]{3,60}? (?:in|on)))? (?:early |late )?"
)
"""`the Sample Law, which was revised in` 2031: no other date is nearer to it."""
_SAID = regex(r"(?:said|says|told)\b[^,]*$")
_WHO_SAYS = regex(
    r"(?:[Aa]uthorit(?:y|ies)|[Mm]inistry|[Cc]ommission|[Gg]overnment|[Aa]dministration"
    r"|[Rr]egulator|[Bb]ureau|[Cc]ouncil|[Dd]epartment|[Oo]ffice|MOFCOM|NDRC|MIIT|officials?|, it),? $"
)
_LONGEST_BEFORE = 20


def dates_beside(
    sentence: Sentence, anchor: int, planned: bool, body_says: Callable[[int], bool]
) -> tuple[str | None, str | None]:
    """The date of issue nearest to the verb at `anchor`, and the date of effect that its words announce.

    `body_says` tells whether the `said` right before a place is that of an authority.
    """
    text, start, today = sentence.text, sentence.start, sentence.today
    issued: tuple[int, str] | None = None
    effective = None
    for when in sentence.dates:
        before = text[max(start, when.start - 40) : when.start]
        effect = _EFFECTIVE.search(before.rstrip())
        if effect or _SINCE.search(before):
            if _LONG_SINCE.search(before):
                continue
            ahead = planned or _to_come(when, today)
            if (effect and (effect[0] != "from" or ahead)) or _RUNS_FROM.search(before):
                past = effect is not None and _PAST_FORCE.match(effect[0]) is not None
                future = dates_in(text, when.start, when.end, today, future=not past)
                day = future[0].value if future else when.value
                if planned and text[when.start : when.end].endswith("day"):
                    day = _next_week(day, today)
                effective = effective or day
            continue
        if _opens_force(text, start, when, sentence.end):
            effective = effective or when.value
            continue
        if _to_come(when, today):
            # a day to come is none of issue
            continue
        if _PERIOD.search(before) or text[when.end : when.end + 1] == "-" or re.search(r"\($", before):
            continue
        told = text[max(start, when.start - 120) : when.start]
        said = _SAID.search(told)
        by_body = said and _WHO_SAYS.search(told, max(0, said.start() - _LONGEST_BEFORE), said.start())
        if said and not by_body and not body_says(when.start):
            continue
        if any(n.start <= when.start < n.end for n in sentence.numbers):
            continue
        distance = abs(when.start - anchor) + (60 if said else 0) + (60 if len(when.value) == 4 else 0)
        if _OF_ITS_OWN.fullmatch(text, anchor, when.start) or before.endswith("dated "):
            distance = 0
        if issued is None or distance < issued[0]:
            issued = (distance, when.value)
    return (None if planned or issued is None else issued[1]), effective


def _to_come(when: When, today: str | None) -> bool:
    until = (today or "9999")[: len(when.value)]
    return when.value[: len(until)] > until


def _next_week(day: str, today: str | None) -> str:
    """`will cut prices from Tuesday`, printed on a Thursday: the Tuesday to come."""
    at, now = day_of(day), day_of(today)
    return (at + timedelta(days=7)).isoformat() if at is not None and now is not None and at < now else day


def _opens_force(text: str, start: int, when: When, end: int) -> bool:
    """`On Feb 1, the rules issued by A took effect`: the day that opens the sentence is that of the effect."""
    return (
        text[start : when.start] in {"On ", "From ", "Since "}
        and _FORCE_UNDATED.search(text, when.end, end) is not None
    )

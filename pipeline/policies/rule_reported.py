"""English prose: what becomes of prices, duties and goods, where the authority that sets them reports it.

`the export of pear seeds will require a license from Friday, according to an announcement by the ministry`, `fuel
prices will go up from Friday, the commission said`, `pear classes will be compulsory, the bureau announced`.
"""

from __future__ import annotations

from pipeline.model import Action, Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.attribution import answering
from pipeline.policies.cues import cues
from pipeline.policies.duty_told import TOLD_SO
from pipeline.policies.passing import BROAD, local_issuer, put
from pipeline.policies.reading import FORECAST, PRIVATE, Reader
from pipeline.policies.rule_duties import dates_told
from pipeline.policies.sentence import Sentence

_END = (
    r"(?=[,;:—–](?!\d)|\.(?=\s|$)|$| (?:while|after|when|according|starting|beginning|as of|from [A-Z]"
    r"|under (?:the|a|an|new|revised))\b)"
)
_LICENSED = regex(
    r"(?P<what>[A-Z][^,;:.—–]{4,110}? (?:will require|will need|must obtain|will be subject to|are subject to"
    r"|is subject to) (?:an? |the )?(?:[\w-]+ ){0,3}?(?:licen[cs]es?|permits?|approvals?|licensing|quotas?"
    r"|quota management|inspections?|quarantine))\b"
)
_WILL_BE = (
    r" (?:will be|will become|are to be|is to be) (?:made )?(?:compulsory|mandatory"
    r"|obligatory|optional|tax-free|duty-free|toll-free|tariff-free|free of charge)\b"
)
_BECOMES = regex(rf"(?P<what>[^,;:.—–]{{3,120}}?{_WILL_BE}[^,;:—–]{{0,80}}?)" + _END)
_WILL_MOVE = (
    r" (?:will|are to|is to|are set to|is set to) (?:rise|fall|drop|go up|go down|increase|decrease|climb"
    r"|(?:be|remain|stay) unchanged)\b"
)
_MOVES = regex(
    r"(?P<what>[^,;:.—–]{0,90}?\b(?:(?:fuel|gasoline|diesel|oil|power|electricity|water|gas|heating|ticket|drug"
    r"|medicine"
    r"|purchase|benchmark|on-grid) prices?|fees?|tolls?|minimum wages?|pensions?|allowances?|surcharges?|tariffs?"
    r"|(?:tax|interest|deposit|mortgage|lending|reimbursement|margin|contribution) (?:rates?|ratios?)|quotas?|premiums?"
    r"|thresholds?)(?: (?:for|of|on|in) [^,;:.—–]{2,60}?)?"
    rf"{_WILL_MOVE}[^,;:—–]{{0,80}}?)" + _END
)
"""What prices that an authority sets will do is its decision, where it tells so itself."""
_TELLING = (
    (regex(r"licen|permit|approval|quota|inspection|quarantine"), _LICENSED),
    (regex(_WILL_BE), _BECOMES),
    (regex(_WILL_MOVE), _MOVES),
)
"""Each telling behind the words without which it is not there: what leads to them is tried letter by letter."""
REPORT_WORDS = cues(
    "require license licenses permit permits approval subject compulsory mandatory obligatory optional free rise fall"
    " drop go increase decrease climb unchanged"
)
_AHEAD = cues("will must subject")
_REPORTS = cues("said announced according ruled decided confirmed")
_ANNOUNCED = regex(r"\bannouncement\b")
_SUPPOSED = regex(r"\b(?:if|should|could|might|would|whether|expected|likely|forecasts?|demand|output|growth)\b")


def may_report(sentence: Sentence) -> bool:
    """Whether the sentence has the words of one of these tellings."""
    return sentence.has(REPORT_WORDS) and sentence.has(_AHEAD) and sentence.has(_REPORTS)


def reported(reader: Reader, sentence: Sentence) -> None:
    """The measures that the sentence tells by what will become of things, with the authority that says so."""
    if not may_report(sentence) or reader.has_told(sentence) or '"' in sentence.printed or "“" in sentence.printed:
        return
    if any(c.kept and 0 <= sentence.start - c.evidence[-1][1] < 900 for c in reader.found):
        return
    text, (start, end) = reader.text, sentence.span
    for sign, pattern in _TELLING:
        match = pattern.search(text, start, end) if sign.search(text, start, end) else None
        reports = answering(reader, sentence) if match is not None else None
        if match is None or reports is None or reports.start < match.end():
            continue
        if pattern is not _BECOMES and not sentence.dates:
            continue
        title = match["what"].strip()
        if _SUPPOSED.search(title) or FORECAST.search(title) or PRIVATE.search(text, start, match.start("what")):
            continue
        if BROAD.search(title):
            continue
        if pattern is _MOVES and dates_told(reader, sentence, True)[1] is None:
            continue
        before = len(reader.found)
        licensed = pattern is _LICENSED
        kind: Instrument = "measures" if licensed else "decision"
        action: Action | None = "regulation" if licensed or pattern is _BECOMES else None
        if licensed and "xport" in title:
            action = "export_control"
        if licensed and _ANNOUNCED.search(text, match.end(), end):
            kind = "announcement"
        put(reader, sentence, title, kind, reports.issuers or local_issuer(reader, sentence), reports.name, end,
            action=action)  # fmt: skip
        for candidate in reader.found[before:]:
            status: Status = "issued" if licensed else "planned"
            candidate.rule, candidate.reason, candidate.status = "act", TOLD_SO, status
            candidate.issued_on, candidate.effective_on = dates_told(reader, sentence, not licensed)
        return

"""English prose: measures told by what people and firms may do, must do or get from now on.

`growers can now sell pears anywhere in the country, under revised rules`, `apps must obtain consent, according to
measures in effect since June`, `parents will enjoy 25 days of leave`, `sellers will be free of value-added tax`.
"""

from __future__ import annotations

from pipeline.patterns import regex
from pipeline.policies.attribution import answering
from pipeline.policies.cues import cues
from pipeline.policies.duty_told import END, SUPPOSED, TOLD_SO, document_told, put_duty
from pipeline.policies.passing import kind_of_head, local_issuer
from pipeline.policies.reading import Reader
from pipeline.policies.rule_duties_public import BAN_STANDS, by_authorities, by_papers
from pipeline.policies.sentence import Sentence
from pipeline.policies.told_before import abroad

_SOMEBODY = (
    r"\b(?:[Cc]ompanies|[Ff]irms|[Ee]nterprises|[Pp]latforms|[Ss]chools|[Uu]niversities"
    r"|[Cc]olleges"
    r"|[Hh]ospitals|[Cc]linics|[Mm]useums|[Kk]indergartens|[Ee]xporters|[Ii]mporters|[Pp]roducers|[Mm]akers"
    r"|[Mm]anufacturers|[Bb]anks|[Ll]enders|[Ii]nsurers|[Rr]esidents|[Cc]itizens|[Ff]amilies|[Bb]uyers|[Ss]ellers"
    r"|[Hh]ouseholds|[Cc]ouples|[Ww]omen|[Mm]en|[Pp]arents|[Mm]others|[Ff]athers|[Dd]rivers|[Oo]perators"
    r"|[Dd]evelopers"
    r"|[Pp]roviders|[Ee]mployers|[Ee]mployees|[Ww]orkers|[Ii]nvestors|[Tt]ravelers|[Tt]ourists|[Ff]oreigners"
    r"|[Nn]ationals"
    r"|[Ss]tudents|[Gg]raduates|[Mm]inors|[Ff]armers|[Tt]axpayers|[Vv]isitors|[Aa]pps|[Hh]osts|[Oo]fficials|[Cc]adres"
    r"|[Rr]etailers|[Mm]erchants|[Oo]wners|[Hh]omebuyers|[Ss]tartups|[Ee]ntrepreneurs|[Tt]alent|[Pp]eople)"
    r"(?: (?!(?:can|may|must|will|need|now|have|are|is|has|said)\b)[^ ,;:.—–]+){0,16}"
)
_WHO = rf"(?P<who>[^,;:.—–]{{0,60}}{_SOMEBODY})"
_BASIS = regex(
    r"\b(?:[Uu]nder|[Aa]ccording to|[Tt]hanks to|following|with) (?:the |an? |new |revised |updated "
    r"|trial "
    r"|official |national"
    r" |draft )*(?:[\w-]+ ){0,3}?(?P<noun>rules?|regulations?|policy|policies|measures|guidelines?|notice|circular"
    r"|law|scheme|program"
    r"|plan|document|reform|provisions|pilot)\b"
)
_RULED = regex(
    r", (?:the )?[A-Za-z][\w' ]{2,70} (?:ruled|announced|decided)(?: (?:on|in|this|last)? ?[\w ]{2,20})?\.?$"
)
"""`…, the ministry announced on Monday.`"""
_QUALIFIES = regex(
    r"\b(?:qualify|qualifies|(?:will be|are) (?:entitled|eligible)(?: to)?|will receive|will be given|will be paid"
    r"|will get|can get|can receive|may claim) (?:for )?(?P<what>(?:an? |up to"
    r" )?(?:[\w-]+ ){0,4}?"
    r"(?:subsid(?:y|ies)|tax (?:credits?|refunds?|breaks?|deductions?)|allowances?|VAT refunds?)\b[^,;:—–]{0,90}?)"
    + END
)
_REACH = regex(
    r"\b(?:nationwide|across the country|anywhere in the country|in \w+ pilot (?:cities|areas|zones|provinces)"
    r"|pilot cities"
    r"|free trade zones?|citywide|provincewide|in the province|in the city)\b"
)
_MAYS = (
    r"(?:can now|may now|are now able to|now can|can|may|will be able to|will no longer have to|no longer need to"
    r"|no longer have to|will be (?:eligible|entitled) to|are now (?:eligible|entitled) to)"
)
_CAN_NOW = regex(rf"{_WHO} {_MAYS} (?P<what>[a-z][^;:—–]{{8,140}}?)" + END)
_SOMEBODY_CAN = regex(rf"{_SOMEBODY} {_MAYS} [a-z]")
"""Without what may stand before them, which would be tried letter by letter."""
_MUSTS = (
    r"(?:must|have to|will have to|need to|will need to|will stop|will cease|shall|are not allowed to"
    r"|will be barred from|will be banned from|will be required to|will be prohibited from|are required to|will be"
    r" covered by|will be included in|will be eligible for"
    r"|have been forbidden to|have been banned from|are forbidden to|are banned from)"
)
_MUST = regex(rf"{_WHO} (?P<what>{_MUSTS} [a-z][^;:—–]{{8,140}}?)" + END)
_SOMEBODY_MUST = regex(rf"{_SOMEBODY} {_MUSTS} [a-z]")
_LEAVE = regex(
    rf"{_WHO} (?:will enjoy|can enjoy|will be granted|are entitled to|can take|will get|will have|are granted|will"
    rf" receive)"
    r" (?P<what>(?:up to |at least |an extra |an additional )?\w+ (?:more |extra |additional )?(?:days|months"
    r"|weeks) (?:of|off)"
    r" ?(?:\w+ )?(?:leave|maternity|paternity|marriage)?\b[^;:,—–]{0,60}?)" + END
)
_FREE_OF = regex(
    r"\b(?P<what>[A-Za-z][^,;:.—–]{4,120}? (?:will be|are now|are|is now|has been|have been|is) (?:free of|exempt"
    r" from"
    r"|exempted from|free from)"
    r" (?:the |any |all )?(?:[\w-]+ ){0,3}?(?:tax|taxes|tariffs?|duty|duties|fees?|tolls?|charges|levies|levy"
    r"|surcharge|visas?"
    r"|requirements?|checks|inspections?)\b[^;:,—–]{0,80}?)" + END
)
_GETS = regex(
    rf"{_WHO} (?:will|can|may)(?: each| also)? (?:get|receive|be given|be paid|be awarded|claim|be granted|be"
    rf" offered|apply for) "
    r"(?P<what>(?:a |an |up to |as much as |one-time |one-off )*(?:subsid(?:y|ies) of |grants? of |reward of |cash"
    r" of |allowance of )?"
    r"(?:RMB ?)?\d[\d.,]*(?: million| percent)? ?(?:yuan|off)\b[^;:—–]{0,100}?)" + END
)
_GIVER = regex(
    r"\b(?:from|by) (?:the )?(?:local |city |municipal |provincial |district |county |central )*(?:government"
    r"|authorities|city"
    r"|province|finance bureau|district|state)\b"
    r"|\b(?:[Uu]nder|[Tt]hanks to|[Ww]ith) (?:the|a|an|its) (?:[\w-]+ ){0,4}?(?:program|policy|scheme|plan|subsidy"
    r"|measures|rules)\b"
)
DUTY_WORDS = cues(
    "now can may must shall stop cease longer enjoy entitled exempt exempted free need needs requires under easier"
    " simpler"
    " cheaper possible new recent revised updated latest force effect document notice circular plan available get"
    " receive claim visas visa issuing releasing publishing unveiling promulgating barred banned forbidden required"
    " have"
    " consulting consulted soliciting solicited seeking sought approving accepting charging collecting granting"
    " requiring levying purchasing allowed permitted authorized access implemented qualify qualifies"
)
_NOW = cues("now can may able longer eligible entitled")
_DUTY = cues("must stop cease shall barred banned forbidden required have need")
_OFF = cues("days months weeks")
_TAXES = cues("exempt exempted free")
_GOT = cues("get receive claim given paid awarded granted offered apply")
_PEOPLE = cues(
    "companies firms enterprises platforms schools universities colleges hospitals clinics museums kindergartens"
    " exporters importers producers makers manufacturers banks lenders insurers residents citizens families buyers"
    " sellers households couples women men parents mothers fathers drivers operators developers providers employers"
    " employees workers investors travelers tourists foreigners nationals students graduates minors farmers taxpayers"
    " visitors apps hosts officials cadres retailers merchants owners homebuyers startups entrepreneurs talent people"
)
_IS_FREE = regex(
    r" (?:will be|are now|are|is now|has been|have been|is) (?:free of|exempt from|exempted from|free from) "
)
_UNDER = cues("under according thanks following with")
_PAPERS = cues(
    "rule rules regulation regulations policy policies measures guideline guidelines notice circular law scheme"
    " program plan document reform provisions pilot"
)
_QUALIFYING = cues("subsidy subsidies tax allowance allowances vat")
_SAID_BY = regex(
    r"\b(?:[Aa]nalysts?|[Ee]xperts?|[Ee]conomists?|compan(?:y|ies)|firm|manager|executives?) (?:said|says|added)\b"
)
_RULING = cues("ruled announced decided")
_FRESH = regex(r"\b(?:[Ss]tarting|[Bb]eginning|[Ff]rom|[Aa]s of|[Ee]ffective|now|no longer|will)\b")
_RIGHT = regex(
    r"(?:[a-z]+ly |also |directly )?(?:apply|claim|register|withdraw|obtain|purchase|buy|own|invest|trade|issue|open"
    r"|settle"
    r"|import|export|sell|book|enter|stay|transit|transfer|get|receive|renew|deduct|hire|rent|use|choose|file|convert"
    r"|borrow|take"
    r"|skip|participate|bid|set up|establish|operate|provide|offer|enjoy (?:[a-z-]+ ){0,2}(?:tax|duty|visa"
    r"|preferential|subsid))"
    r"|(?:change|exchange|extend|pay|drive|ship|store|work|study|practice|raise|list|hold) "
)
"""What it takes an authority to let people do."""


_DOCUMENTS = frozenset({"issued", "described", "in force", "draft", "work", "dated", "named", "intended", "cited"})
_SOON = 1200


def duties(reader: Reader, sentence: Sentence) -> None:
    """The measures that the sentence tells by what people and firms may, must or get."""
    if reader.has_told(sentence) or '"' in sentence.printed or "“" in sentence.printed:
        return
    before = len(reader.found)
    _people(reader, sentence)
    if not reader.has_told(sentence):
        by_authorities(reader, sentence)
    if not reader.has_told(sentence):
        by_papers(reader, sentence)
    for candidate in reader.found[before:]:
        if candidate.kept and BAN_STANDS.search(sentence.printed) is None:
            candidate.rule = "act"
        candidate.issued_on, candidate.effective_on = dates_told(reader, sentence, candidate.status == "planned")


def dates_told(reader: Reader, sentence: Sentence, planned: bool) -> tuple[str | None, str | None]:
    """The day of issue and that of effect; `will be able to … from June 1` is to come, although it has been issued."""
    issued, effective = reader.dates_of(sentence, sentence.end, planned)
    if effective is None and not planned and "will" in sentence.words:
        effective = reader.dates_of(sentence, sentence.end, True)[1]
    return issued, effective


def held_by_documents(reader: Reader) -> None:
    """What people must do from now on is no measure apart from the document that the story tells next."""
    for candidate in reader.found:
        if not candidate.kept or candidate.reason != TOLD_SO:
            continue
        at = candidate.evidence[0][0]
        for other in reader.found:
            if candidate.issuers and other.issuers and abroad(candidate) != abroad(other):
                # what Brussels adopts does not hold what a ministry in Beijing grants
                continue
            if other.kept and other.rule in _DOCUMENTS and 0 <= other.evidence[0][0] - at < _SOON:
                candidate.drop(f"what {other.title[:40]!r} holds")
                break


def may_bind(sentence: Sentence) -> bool:
    """Whether the sentence has the words of one of these tellings."""
    return sentence.has(DUTY_WORDS)


def _people(reader: Reader, sentence: Sentence) -> None:
    start, end = sentence.span
    text = reader.text
    who = sentence.cues & _PEOPLE
    may, must, off = who and sentence.cues & _NOW, who and sentence.cues & _DUTY, who and sentence.cues & _OFF
    free = sentence.cues & _TAXES and _IS_FREE.search(sentence.printed) is not None
    paid = who and ("yuan" in sentence.printed or "percent off" in sentence.printed)
    helped = sentence.cues & _QUALIFYING and _QUALIFIES.search(sentence.printed) is not None
    if not (may or must or off or free or paid or helped):
        return
    if document_told(reader, sentence) or SUPPOSED.search(sentence.printed) or _SAID_BY.search(sentence.printed):
        return
    grounds = _BASIS.search(text, start, end) if sentence.cues & _UNDER and sentence.cues & _PAPERS else None
    ruled = grounds is None and sentence.cues & _RULING and _RULED.search(sentence.printed) is not None
    ruled = ruled and any(a.issuers for a in reader.actors.actors(start, end))
    reports = answering(reader, sentence) if grounds is None and _FRESH.search(sentence.printed) else None
    ruled = ruled or reports is not None
    who_rules = reports.issuers if reports is not None and reports.issuers else local_issuer(reader, sentence)
    public = grounds is not None or ruled or _REACH.search(text, start, end) is not None
    kind = kind_of_head(grounds["noun"]) if grounds is not None else "measures"
    may = may and public and ("now" in sentence.words or "longer" in sentence.words or grounds is not None or ruled)
    if may and _SOMEBODY_CAN.search(text, start, end):
        for match in _CAN_NOW.finditer(text, start, end):
            if reports is None or _RIGHT.match(match["what"]):
                put_duty(reader, sentence, match["what"], kind, None, who_rules)
                return
    must = must and (grounds is not None or ruled or (public and bool(sentence.dates)))
    if must and _SOMEBODY_MUST.search(text, start, end):
        for match in _MUST.finditer(text, start, end):
            put_duty(reader, sentence, match["what"], kind, "regulation", who_rules)
            return
    if off and ("leave" in sentence.words or "paid" in sentence.words):
        for match in _LEAVE.finditer(text, start, end):
            put_duty(reader, sentence, match["what"], "measures", "support", who_rules)
            return
    if free and (public or sentence.dates or "now" in sentence.words or "next" in sentence.words):
        for match in _FREE_OF.finditer(text, start, end):
            planned = " will be " in match["what"]
            put_duty(reader, sentence, match["what"], "measures", "support", who_rules,
                 "planned" if planned else "issued")  # fmt: skip
            return
    if helped and (public or ruled or sentence.dates or "year" in sentence.words):
        for match in _QUALIFIES.finditer(text, start, end):
            put_duty(reader, sentence, match["what"], "other", "support", who_rules)
            return
    if paid and (sentence.cues & _GOT or "percent off" in sentence.printed):
        for match in _GETS.finditer(text, start, end):
            if ruled or _GIVER.search(text, start, end):
                put_duty(reader, sentence, match["what"], "other", "support", who_rules)
                return

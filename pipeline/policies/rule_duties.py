"""English prose: measures told by what people and firms may do, must do or get from now on.

`growers can now sell pears anywhere in the country, under revised rules`, `apps must obtain consent, according to
measures in effect since June`, `exporters now need a license`, `parents will enjoy 25 days of leave`, `sellers will be
free of value-added tax`, `the country has put pears under export control`, `a new policy in Huli subsidizes presses`.
"""

from __future__ import annotations

import re

from pipeline.model import Action, Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.attribution import answering
from pipeline.policies.issuers import bodies_in
from pipeline.policies.passing import BROAD, kind_of_head, local_issuer, put
from pipeline.policies.reading import NEGATED, PRIVATE, Reader
from pipeline.policies.sentence import Sentence, cues
from pipeline.policies.told_before import abroad

_END = (
    r"(?=[,;:—–](?!\d)|\.(?=\s|$)|$| (?:while|after|when|according|starting|beginning|from [A-Z]|since"
    r"|under (?:the|a|an|new|revised))\b)"
)
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
_CONSULTS = regex(
    r" (?:(?:is|are|was|were|has|have|began|started) )?(?:now |been |also )?(?:consult(?:ing|ed)|solicit(?:ing|ed)"
    r"|seek(?:ing)?"
    r"|sought) (?:the public|public (?:opinions?|comments?|feedback)|opinions|comments|feedback)(?: from the"
    r" public)? on "
    r"(?P<what>[^,;:.—–]{6,140}?)" + _END
)
_STOPPED = regex(
    r" (?:(?:has|have|had|will) )?(?:also |recently |temporarily )*(?P<what>(?:stopped|stop|ceased|begun|began"
    r"|started|start|suspended"
    r"|resumed|resume) (?:approving|issuing|accepting|charging|collecting|granting|requiring|levying|purchasing)"
    r" [^,;:.—–]{4,110}?)" + _END
)
_CHINA_LETS = regex(
    r"(?:^|[,.] )(?:China|The country|The nation|the country) (?:has|have)(?: also| recently)? (?P<what>(?:allowed"
    r"|permitted|authorized)"
    r" (?:[\w-]+ ){0,4}?(?:investors|companies|firms|residents|banks|insurers|funds|institutions|hospitals"
    r"|universities|travelers"
    r"|citizens|enterprises|exporters|importers|brokerages|visitors|foreigners|students|workers)"
    r" to [a-z][^,;:.—–]{4,110}?)" + _END
)
_ACCESS = regex(
    r"(?P<what>[A-Z][^,;:.—–]{3,90}? (?:gained|won|obtained|secured|has gained|have gained|been granted|were"
    r" granted|was granted) "
    r"(?:full |official )?(?:market )?access to (?:the Chinese|China's|the domestic|the mainland)(?: market)?)\b"
)
_APART = regex(
    r"(?P<what>(?:[Aa]|[Tt]he) (?:[\w-]+ ){0,4}?(?P<noun>regulation|law|standard|decree|rule)s? (?:on|for|to|of)"
    r" [^,;:.—–]{3,80}),"
    r" [^,;:.—–]{3,90}, (?:will be implemented|will come into force|will take effect|takes effect|took effect|came"
    r" into force"
    r"|will enter into force|was implemented|comes into force)\b"
)
_QUALIFIES = regex(
    r"\b(?:qualify|qualifies|(?:will be|are) (?:entitled|eligible)(?: to)?|will receive|will be given|will be paid"
    r"|will get|can get|can receive|may claim) (?:for )?(?P<what>(?:an? |up to"
    r" )?(?:[\w-]+ ){0,4}?"
    r"(?:subsid(?:y|ies)|tax (?:credits?|refunds?|breaks?|deductions?)|allowances?|VAT refunds?)\b[^,;:—–]{0,90}?)"
    + _END
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
_CAN_NOW = regex(rf"{_WHO} {_MAYS} (?P<what>[a-z][^;:—–]{{8,140}}?)" + _END)
_SOMEBODY_CAN = regex(rf"{_SOMEBODY} {_MAYS} [a-z]")
"""Without what may stand before them, which would be tried letter by letter."""
_MUSTS = (
    r"(?:must|have to|will have to|need to|will need to|will stop|will cease|shall|are not allowed to"
    r"|will be barred from|will be banned from|will be required to|will be prohibited from|are required to|will be"
    r" covered by|will be included in|will be eligible for"
    r"|have been forbidden to|have been banned from|are forbidden to|are banned from)"
)
_MUST = regex(rf"{_WHO} (?P<what>{_MUSTS} [a-z][^;:—–]{{8,140}}?)" + _END)
_SOMEBODY_MUST = regex(rf"{_SOMEBODY} {_MUSTS} [a-z]")
_LEAVE = regex(
    rf"{_WHO} (?:will enjoy|can enjoy|will be granted|are entitled to|can take|will get|will have|are granted|will"
    rf" receive)"
    r" (?P<what>(?:up to |at least |an extra |an additional )?\w+ (?:more |extra |additional )?(?:days|months"
    r"|weeks) (?:of|off)"
    r" ?(?:\w+ )?(?:leave|maternity|paternity|marriage)?\b[^;:,—–]{0,60}?)" + _END
)
_FREE_OF = regex(
    r"\b(?P<what>[A-Za-z][^,;:.—–]{4,120}? (?:will be|are now|are|is now|has been|have been|is) (?:free of|exempt"
    r" from"
    r"|exempted from|free from)"
    r" (?:the |any |all )?(?:[\w-]+ ){0,3}?(?:tax|taxes|tariffs?|duty|duties|fees?|tolls?|charges|levies|levy"
    r"|surcharge|visas?"
    r"|requirements?|checks|inspections?)\b[^;:,—–]{0,80}?)" + _END
)
_LICENSE = regex(
    r"(?P<what>[A-Z][^,;:.—–]{4,110}? (?:now need|now needs|will need|must obtain|must apply for|must now obtain"
    r"|will require"
    r"|now requires?) (?:an? )?(?:[\w-]+ ){0,2}?(?:licenses?|permits?|approvals?|clearance)) (?:from|of|by|issued"
    r" by) (?:the )?"
)
_UNDER_CONTROL = regex(
    r" (?:(?:has|have|had|will) )?(?:also |recently |formally )*(?P<what>(?:put|placed|place|bring|brought) (?!it\b"
    r"|them\b)"
    r"[^,;:.—–]{3,90}? under (?:an? |the |strict |stricter |temporary |national |unified )*(?:export controls?"
    r"|export bans?"
    r"|price controls?"
    r"|license management|licensing|quota management|[a-z-]+ closure|closure|quarantine|sanctions?|state management"
    r"|protection|supervision|control"
    r"|regulation|lockdown|management)\b[^,;:.—–]{0,60}?)" + _END
)
_EASIER = regex(
    r" (?:(?:has|have|had|will) )?(?:also |recently )*(?P<what>(?:made|make) it (?:easier|simpler|cheaper|harder"
    r"|possible) for"
    r" [^;:.—–]{4,60}? to [^,;:.—–]{4,90}?)" + _END
)
_NEW_DOES = regex(
    r"(?:^|[.,] )(?P<what>(?:[Aa]|[Tt]he|[Aa]nother) (?:new|newly issued|recent|revised|updated|latest)"
    r" (?:[\w-]+ ){0,3}?(?P<noun>policy|rule|regulation|law|program|scheme|guideline|circular|notice|standard"
    r"|measure)"
    r"(?: (?:in|by|from|issued by|of|on|for) [^,;:.—–]{3,60}?)?) (?:that )?(?:subsidizes|allows|bans|requires"
    r"|offers|gives"
    r"|provides|exempts|lets|stipulates|bars|permits|mandates|covers|grants|prohibits|limits|caps|waives|orders"
    r"|rewards)\b"
)
_BAN_STANDS = regex(
    r"(?P<what>(?:[Aa] |[Tt]he )?(?:nationwide |national |citywide |blanket |total |partial |temporary |new |city "
    r"|provincial )*"
    r"(?P<noun>ban|tax|levy|moratorium|policy|subsidy|quota|cap|exemption|waiver|allowance|curbs?) (?:on|for|of)"
    r" [^,;:.—–]{3,80}?)"
    r" (?:has been|have been|was|is|will be|remains|will remain|came|went|took|will take|takes) (?:in |into"
    r" )?(?:force|effect|place)"
    r"\b"
)
_BODY_PAPER = regex(
    r" (?P<noun>document|notice|circular|plan|guideline|regulation|statement on the rules) (?:said|showed|says"
    r"|shows)\b"
)
_AVAILABLE = regex(
    r"(?P<what>[^,;:.—–]{0,60}?\b(?:subsid(?:y|ies)|vouchers?|coupons?|grants?|loans?|rebates?|funds?|allowances?"
    r"|tax refunds?)"
    r"(?: (?:of|for|worth) [^,;:.—–]{3,40}?)? (?:has|have|had|will) (?:also )?(?:been|be) made available"
    r"[^,;:.—–]{0,80}?)" + _END
)
_GETS = regex(
    rf"{_WHO} (?:will|can|may)(?: each| also)? (?:get|receive|be given|be paid|be awarded|claim|be granted|be"
    rf" offered|apply for) "
    r"(?P<what>(?:a |an |up to |as much as |one-time |one-off )*(?:subsid(?:y|ies) of |grants? of |reward of |cash"
    r" of |allowance of )?"
    r"(?:RMB ?)?\d[\d.,]*(?: million| percent)? ?(?:yuan|off)\b[^;:—–]{0,100}?)" + _END
)
_GIVER = regex(
    r"\b(?:from|by) (?:the )?(?:local |city |municipal |provincial |district |county |central )*(?:government"
    r"|authorities|city"
    r"|province|finance bureau|district|state)\b"
    r"|\b(?:[Uu]nder|[Tt]hanks to|[Ww]ith) (?:the|a|an|its) (?:[\w-]+ ){0,4}?(?:program|policy|scheme|plan|subsidy"
    r"|measures|rules)\b"
)
_RECIPROCAL = regex(
    r" (?P<what>(?:will |has agreed to |have agreed to |agreed to )?(?:allow|grant|let|granted|allowed|waive|waived"
    r"|offer|exempt)"
    r" (?:each other['’]s |all |ordinary |holders of |visas for )?[^,;:.—–]{0,60}?\b(?:citizens|passport holders"
    r"|nationals|visitors"
    r"|travelers|tourists)\b[^,;:.—–]{0,60}?(?:without visas?|visa-free|visa free|from visa"
    r" requirements)\b[^,;:.—–]{0,50}?)" + _END
)
_WHILE_ISSUING = regex(
    r", (?:jointly )?(?:issuing|releasing|publishing|unveiling|promulgating) (?P<what>(?:an?|new|two|three)"
    r" (?:[\w'’-]+ ){0,5}?"
    r"(?P<noun>notice|circular|guidelines?|regulations?|rules|measures|catalog|opinions)\b[^,;:.—–]{0,100}?)" + _END
)
_CUES = cues(
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
_LICENSES = cues("license licenses permit permits approval approvals clearance")
_NEEDS = cues("need needs must require requires")
_VISAS = cues("visa visas")
_NEW = cues("new newly recent revised updated latest")
_DOES = cues(
    "subsidizes allows bans requires offers gives provides exempts lets stipulates bars permits mandates covers"
    " grants"
    " prohibits limits caps waives orders rewards"
)
_STANDS = cues("force effect place")
_ISSUING = cues("issuing releasing publishing unveiling promulgating")
_QUALIFYING = cues("subsidy subsidies tax allowance allowances vat")
_SAID_BY = regex(
    r"\b(?:[Aa]nalysts?|[Ee]xperts?|[Ee]conomists?|compan(?:y|ies)|firm|manager|executives?) (?:said|says|added)\b"
)
_RULING = cues("ruled announced decided")
_ASKING = cues("consulting consulted soliciting solicited seeking sought")
_TURNS = cues("approving issuing accepting charging collecting granting requiring levying purchasing")
_LETTING = cues("allowed permitted authorized")
_FORCE = cues("effect force implemented")
_SUPPOSED = regex(
    r"\b(?:if|should|could|might|would|whether|hope|hopes|called|calls|expected|likely|urge[ds]?|suggest\w*|think"
    r"|believes?)\b"
)
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
_WE = regex(r"\b(?:we|our|my|I|you|your)\b", re.IGNORECASE)


TOLD_SO = "told by what people may, must or get"
_DOCUMENTS = frozenset({"issued", "described", "in force", "draft", "work", "dated", "named", "intended", "cited"})
_SOON = 1200


def duties(reader: Reader, sentence: Sentence) -> None:
    """The measures that the sentence tells by what people and firms may, must or get."""
    if not sentence.has(_CUES) or reader.has_told(sentence) or '"' in sentence.printed or "“" in sentence.printed:
        return
    before = len(reader.found)
    _people(reader, sentence)
    if not reader.has_told(sentence):
        _authorities(reader, sentence)
    if not reader.has_told(sentence):
        _papers(reader, sentence)
    for candidate in reader.found[before:]:
        if candidate.kept and _BAN_STANDS.search(sentence.printed) is None:
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
    return sentence.has(_CUES)


def _near(reader: Reader, sentence: Sentence) -> bool:
    """Whether a document has been told, whose content a duty is."""
    return any(c.kept and 0 <= sentence.start - c.evidence[-1][1] < 900 for c in reader.found)


def _add(
    reader: Reader, sentence: Sentence, title: str, kind: Instrument, action: Action | None, issuers: tuple[str, ...],
    status: Status = "issued",
) -> None:  # fmt: skip
    before = len(reader.found)
    if BROAD.search(title) or _WE.search(title):
        return
    put(reader, sentence, title, kind, issuers, "", sentence.end, action=action)
    for candidate in reader.found[before:]:
        candidate.status, candidate.reason = status, TOLD_SO


def _people(reader: Reader, sentence: Sentence) -> None:
    start, end = sentence.span
    text = reader.text
    who = sentence.has(_PEOPLE)
    may, must, off = who and sentence.has(_NOW), who and sentence.has(_DUTY), who and sentence.has(_OFF)
    free = sentence.has(_TAXES) and _IS_FREE.search(sentence.printed) is not None
    paid = who and ("yuan" in sentence.printed or "percent off" in sentence.printed)
    helped = sentence.has(_QUALIFYING) and _QUALIFIES.search(sentence.printed) is not None
    if not (may or must or off or free or paid or helped):
        return
    if _near(reader, sentence) or _SUPPOSED.search(sentence.printed) or _SAID_BY.search(sentence.printed):
        return
    grounds = _BASIS.search(text, start, end) if sentence.has(_UNDER) and sentence.has(_PAPERS) else None
    ruled = grounds is None and sentence.has(_RULING) and _RULED.search(sentence.printed) is not None
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
                _add(reader, sentence, match["what"], kind, None, who_rules)
                return
    must = must and (grounds is not None or ruled or (public and bool(sentence.dates)))
    if must and _SOMEBODY_MUST.search(text, start, end):
        for match in _MUST.finditer(text, start, end):
            _add(reader, sentence, match["what"], kind, "regulation", who_rules)
            return
    if off and ("leave" in sentence.words or "paid" in sentence.words):
        for match in _LEAVE.finditer(text, start, end):
            _add(reader, sentence, match["what"], "measures", "support", who_rules)
            return
    if free and (public or sentence.dates or "now" in sentence.words or "next" in sentence.words):
        for match in _FREE_OF.finditer(text, start, end):
            planned = " will be " in match["what"]
            _add(reader, sentence, match["what"], "measures", "support", who_rules,
                 "planned" if planned else "issued")  # fmt: skip
            return
    if helped and (public or ruled or sentence.dates or "year" in sentence.words):
        for match in _QUALIFIES.finditer(text, start, end):
            _add(reader, sentence, match["what"], "other", "support", who_rules)
            return
    if paid and (sentence.has(_GOT) or "percent off" in sentence.printed):
        for match in _GETS.finditer(text, start, end):
            if ruled or _GIVER.search(text, start, end):
                _add(reader, sentence, match["what"], "other", "support", who_rules)
                return


def _authorities(reader: Reader, sentence: Sentence) -> None:
    start, end = sentence.span
    text = reader.text
    for match in _LICENSE.finditer(text, start, end) if sentence.has(_LICENSES) and sentence.has(_NEEDS) else ():
        body = next((b for b in bodies_in(text, match.end(), end) if b.start == match.end()), None)
        if body is not None and not _SUPPOSED.search(match["what"]):
            action: Action = "export_control" if re.search(r"[Ee]xport", match["what"]) else "regulation"
            _add(reader, sentence, match["what"], "measures", action, (body.name,))
            return
    rows: tuple[tuple[bool, re.Pattern[str], Instrument, Action | None], ...] = (
        ("under" in sentence.words, _UNDER_CONTROL, "decision", None),
        (
            "easier" in sentence.words or "simpler" in sentence.words or "possible" in sentence.words,
            _EASIER,
            "measures",
            None,
        ),
        (sentence.has(_VISAS), _RECIPROCAL, "agreement", "opening"),
        (sentence.has(_ASKING), _CONSULTS, "measures", None),
        (sentence.has(_TURNS), _STOPPED, "decision", None),
    )
    for asked, pattern, kind, act in rows:
        for match in pattern.finditer(text, start, end) if asked else ():
            actor = reader.actors.subject(start, match.start() + 1)
            run = text[start : match.start("what")]
            if actor is None or PRIVATE.search(text, actor.end, match.start()) or NEGATED.search(run.rstrip()):
                continue
            if pattern is not _UNDER_CONTROL and pattern is not _RECIPROCAL and not actor.issuers:
                continue
            planned = match["what"].startswith("will ") or text[: match.start("what")].endswith(" will ")
            status: Status = "draft" if pattern is _CONSULTS else "planned" if planned else "issued"
            _add(reader, sentence, match["what"], kind, act, actor.issuers, status)
            return


def _papers(reader: Reader, sentence: Sentence) -> None:
    start, end = sentence.span
    text = reader.text
    near = _near(reader, sentence)
    for asked, pattern in (
        (sentence.has(_LETTING), _CHINA_LETS),
        ("access" in sentence.words, _ACCESS),
        (not near and sentence.has(_FORCE), _APART),
    ):
        match = pattern.search(text, start, end) if asked else None
        if match is not None:
            kind = kind_of_head(match["noun"]) if pattern is _APART else "decision"
            _add(reader, sentence, match["what"], kind, None if pattern is _APART else "opening", ())
            return
    does = not near and sentence.has(_NEW) and sentence.has(_DOES)
    for match in _NEW_DOES.finditer(text, start, end) if does else ():
        if not PRIVATE.search(match["what"]):
            _add(reader, sentence, match["what"], kind_of_head(match["noun"]), None, local_issuer(reader, sentence))
            return
    if not near and sentence.has(_STANDS):
        for match in _BAN_STANDS.finditer(text, start, end):
            _add(reader, sentence, match["what"], kind_of_head(match["noun"]), None, local_issuer(reader, sentence))
            return
    if "available" in sentence.words and "made" in sentence.words:
        for match in _AVAILABLE.finditer(text, start, end):
            if not PRIVATE.search(match["what"]):
                _add(reader, sentence, match["what"], "other", "support", local_issuer(reader, sentence))
                return
    for match in _WHILE_ISSUING.finditer(text, start, end) if sentence.has(_ISSUING) else ():
        actors = [a for a in reader.actors.actors(start, match.start()) if a.issuers]
        if actors and not PRIVATE.search(text, start, actors[0].start):
            _add(reader, sentence, match["what"], kind_of_head(match["noun"]), None, actors[0].issuers)
            return
    if not near:
        for body in bodies_in(text, start, end):
            paper = _BODY_PAPER.match(text, body.end, end)
            if paper is not None:
                _add(
                    reader,
                    sentence,
                    text[body.start : paper.end("noun")],
                    kind_of_head(paper["noun"]),
                    None,
                    (body.name,),
                )
                return

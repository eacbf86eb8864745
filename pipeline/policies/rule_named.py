"""English prose: document numbers, five-year plans, work reports and negative lists, named wherever they stand."""

from __future__ import annotations

import re

from pipeline.model import Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.candidates import Candidate
from pipeline.policies.cues import cues
from pipeline.policies.issuers import bodies_in
from pipeline.policies.numbers import Number
from pipeline.policies.occasions import speech_day
from pipeline.policies.places import places_in
from pipeline.policies.reading import PRIVATE, Reader
from pipeline.policies.sentence import Sentence

_FIVE_YEAR = regex(
    r"(?P<lead>(?:(?:the |its |China['’]s )?(?:(?:final |first |official )?draft(?: (?:outline|proposal|version))?"
    r"|outline|blueprint|recommendations|[Rr]ecommendations|proposals?|[Pp]roposals?|outline"
    r" draft|suggestions|full text)(?: of the (?:\d+th )?(?:CPC |Party )?Central Committee"
    r"(?: of the (?:Communist Party of China|CPC))?)?"
    r"(?: for| of| on| to)(?: [Ff]ormulating| drafting| the formulation of)?) (?:the "
    r"|its |China['’]s |the country['’]s |the nation['’]s |national |the upcoming )?)(?P<ord>\d{1,2}(?:st"
    r"|nd|rd|th)|Fourteenth|Fifteenth) Five-Year Plan(?: \(\d{4}-\d{2,4}\)| for [A-Z][\w"
    r" ]{4,50})?"
)
_YEARS, _PLENARIES, _WORKING = cues("year"), cues("plenary"), cues("work")
_LEADING = cues("draft outline blueprint recommendations proposal proposals suggestions text")
"""What leads to the plan there."""
_FIVE_YEAR_BARE = regex(
    r"(?P<title>(?P<draft>draft )?(?:\d{1,2}(?:st|nd|rd|th)|Fourteenth|Fifteenth) Five-Year Plan"
    r"(?: \(\d{4}-\d{2,4}\))?)"
    r"(?! period| concludes?| \(\d{4}-\d{2,4}\) period)"
)
_BEFORE, _BEHIND = 20, 60
"""So many signs before and behind the words `Five-Year Plan` tell what is to be told there."""
_HOLDS = regex(
    r",? (?:the |a )(?:blueprint|roadmap|plan|document|guide|program)\b"
    r"|,? (?:which |that )?(?:also |explicitly |will |has |clearly )*(?:outlin|emphasi|designat|call|set|identif"
    r"|highlight|stress|list|puts|envision|prioriti|map|propos|aim|includ|specif|require|pledge|underscor)\w*"
)
_VERB = (
    r"(?:(?:has|have|had|is|was|will|would|also|therefore|thus|further|explicitly|clearly|now) )*"
    r"(?:accords?|advocates?|affirm|aim|align|allocat|allow|assign|attach|brings?|build|built|calls?\b|called"
    r"|center|charts?|charted|commit|cover|creat|dedicat|defin|deliver|designat|detail|devot|double[sd]? down|drawn?"
    r"|draws|elevat|embod|emphasi|enabl|encourag|endors|envis|establish|exemplif|expand|expected to|expects"
    r"|explicit|extend|featur|focus|foresee|gave|given?\b|gives|guid|highlight|identif|incorporat|indicat|integrat"
    r"|introduc|lays?\b|laid|list|makes?\b|map|mention|name[sd]|offer|open|outlin|place[sd]?\b|pledg|points|position"
    r"|present|priorit|project|promis|promot|propos|provid|puts?\b|reaffirm|recogni|reflect|reinforc|represent|requir"
    r"|resonat|scrutini|seek|sends|sent\b|sets?\b|shift|show|signal|specif|spell|state[sd]\b|stress|strengthen|support"
    r"|target|transform|treat|turn|underlin|underscor|underpin|unveil|urge|vows?|more than|designed|being"
    r"|a (?:\w+ )?(?:blueprint|roadmap|plan|guide|signal|framework|document))\w*"
)
"""What a document does by what stands in it: no period of five years does so."""
_DOES = regex(rf",? (?:which |that )?{_VERB}")
_OPENING = regex(
    r"(?:^|[,;:—–\"“] ?|\b(?:that|and|while|as|because|but|where|when|with|how|against this backdrop)\b )"
    r"(?:[Bb]oth )?(?:[Tt]he |[Ii]ts |[Oo]ur |[A-Z]\w+['’]s? |the (?:country|nation)['’]s )?"
    r"(?:new |upcoming |latest |national |forthcoming |earlier |previous |current )*$"
)
"""What stands before the subject of a clause."""
_PRIORITY = regex(
    r"\b(?:priorit(?:y|ies)|goals?|targets?|objectives?|tasks?|agenda|requirements?|proposals?|ambitions?"
    r"|guidelines|provisions|arrangements)(?: \w+){0,6}? (?:of|in|for|by|under)"
    r" (?:the |its |new |upcoming |China['’]s |the (?:country|nation)['’]s )*$"
)
_SMALL_PLAN = regex(
    r"\b(?P<title>(?:[Tt]he |its |China['’]s |the (?:country|nation)['’]s )(?:new |latest |upcoming |earlier |previous"
    r" |national |next |broader |draft )*five-year plan(?: \(\d{4}-\d{2,4}\))?)(?=,? )"
)
_UNDER = regex(
    r"\b(?P<by>[Ii]n|[Uu]nder|[Bb]y|[Ww]ith|to) (?:both )?"
    r"(?:the |its |China['’]s |the (?:country|nation)['’]s |national |upcoming |new )*$"
)
_PERIOD_OF = regex(
    r"\b(?:start|beginning|conclusion|year|launch|period|formulation|formulating|embark\w*|drafting|end|ahead)"
    r"(?: \w+){0,3} $"
)
_WORK_REPORT = regex(
    r"(?:(?P<year>20\d\d) )?(?:(?P<place>[A-Z][a-z]+) )?(?:annual )?(?P<head>[Gg]overnment [Ww]ork [Rr]eport)(?!ed)"
)
_NEGATIVE = regex(
    r"(?:(?P<edition>the latest edition of|the \d{4} edition of|the new|new|revised"
    r"|updated|latest)\s)?(?:the |its |China['’]s |the country['’]s )?(?:national )?negative"
    r" list(?:s)? (?:for|of|on) (?:foreign investment|market access|cross-border (?:trade"
    r" in services|services trade|service trade)|cross-border data)[^,.;]{0,60}?(?=,"
    r"| which| that| has| have| was| were| is| in order|\.|;| to | and |$)"
)
PREP_LEGAL = regex(
    r"(?:in accordance with|according to|in line with|pursuant to|under|based on|on"
    r" the basis of|in compliance with|violat\w+|Article \d+ of|provisions of|requirements"
    r" of|by)\s+(?:Article \d+ of )?(?:the |its |China['’]s |relevant |[A-Z]\w+['’]s?"
    r" ){0,3}$"
)
_REPORT_SAYS = regex(
    r"\b(?:[Tt]he|[Tt]his year['’]s) report (?:also )?(?:highlight|stress|pledge|call|set|outline|emphasi|propose)\w*"
)
_WORK_REPORT_SAYS = regex(
    r"\b[Ww]ork [Rr]eport (?:also )?(?:said|mention|highlight|stress|pledge|call|set|outline|emphasi|propose|note)\w*"
)
_APPROVED = regex(r"\b(?:approv(?:ed|ing)|adopt(?:ed|ing)|endors(?:ed|ing)|pass(?:ed|ing)) (?:the )?$")
_APPROVED_AT = regex(
    r"(?: for [\w ]{4,60})?,? (?:which |that )?(?:was |were |has been |have been )?(?:recently |formally |officially )?"
    r"(?:approved|adopted|endorsed|passed|reviewed|released|unveiled) (?:by|at|during) (?:the )?"
)
_YEAR = regex(r"\b20\d\d\b")
_OF_PARTY = regex(r" of the (?:\d+th )?(?:CPC |Party )?Central Committee")
_PLENARY = regex(
    r"(?P<head>[Rr]esolution|[Cc]ommunique|[Dd]ecision) (?:of|adopted at|issued after|issued at|from"
    r"|released after) the (?:recent )?\w+"
    r" [Pp]lenary [Ss]ession(?: of the \d+th (?:CPC |Communist Party of China )?(?:Central Committee)(?: of the"
    r" (?:CPC|Party))?)?"
)
_OF_DISTRICT = regex(r"\bdistrict['’]s (?:annual )?$")
_DISTRICT = regex(
    r"\b(?:congress|district|government) of (?P<one>[A-Z]\w+)\b|\b(?P<other>(?!The |This |Each )[A-Z]\w+) [Dd]istrict\b"
)
_COMING = regex(r"\b(?:will|would|may|might|could|upcoming|coming|is expected|is set|is to)\b")
_DELIVERED = regex(r"\b(?:deliver|releas|unveil|submit|present|outlin|approv|adopt)\w*", re.IGNORECASE)
_DRAFT = regex(r"\bdraft $")
_FIGURES = regex(r"\b(?:grew|rose|increased|reached|totaled|exceeded|stood at|accounted|fell)\b")
_REPORT_COUNTS = regex(rf"\b[Tt]he report (?:also )?(?:noted|showed|said|found) [^.;]{{0,120}}?{_FIGURES.pattern}")
_DELIVERING = regex(r"\b(?:deliver|present|submit)\w* (?:the|his|her|its|their|this) [^,;.]{0,50}[Ww]ork [Rr]eport")
_LOCAL = regex(
    r"(?:local|city['’]?s?|(?:district|county|prefecture)['’]s|provincial|municipal|province['’]s"
    r"|region['’]s) (?:\w+ )?$"
)
_AHEAD = regex(
    r"\b(?:will|pledge\w*|plans?|goals?|targets?|priorit\w+|outlined|according to|call(?:ed"
    r"|ing|s) for|propos\w+|stress\w*|emphasi\w+)\b"
)


def named(reader: Reader, sentence: Sentence) -> None:
    """The numbers, plans, reports and lists that the sentence names."""
    start, end = sentence.span
    text = reader.text
    whole = sentence.printed
    for number in sentence.numbers if "No" in whole or "Number" in whole or "号" in whole else ():
        about = (
            reader.ministry
            or "MOFCOM" in reader.text
            or "Ministry of Commerce" in reader.text
            or "ommerce ministry" in reader.text.lower()
        )
        printed = number.printed or (("MOFCOM",) if about else ())
        normal = number.normal(printed=printed)
        if not printed:
            continue
        if normal is None and _short_number(reader, number, sentence):
            continue
        owner = next(
            (
                c
                for c in reversed(reader.found)
                if c.kept and c.number is None and c.strength == 3 and c.evidence[0] == sentence.span
            ),
            None,
        )
        if owner is not None and text[number.start - 1 : number.start] == "(":
            owner.number, owner.issuers = normal, number.issuers or owner.issuers
            owner.issued_on = owner.issued_on or number.year
            continue
        candidate = Candidate(
            rule="number", trigger=text[number.start : number.end], title=text[number.start : number.end],
            instrument="order" if number.kind == "order" else "announcement", head="announcement", number=normal,
            issuers=number.issuers or ("Ministry of Commerce",), issued_on=number.year, evidence=[sentence.span],
            strength=3,
            reason="has a document number",
        )  # fmt: skip
        on, effective = reader.dates_of(sentence, number.start, False)
        if normal is None:
            # `Announcement No 41, which was issued on Saturday`: the year is that of its day, else of the story
            candidate.number = number.normal(printed=printed, year=(on or reader.today or "")[:4] or None)
            candidate.issued_on = on
        if on and on[:4] == number.year:
            candidate.issued_on = on
        candidate.effective_on = effective
        reader.found.append(candidate)
    five_year = sentence.cues & _YEARS and "Five-Year Plan" in whole
    for match in _FIVE_YEAR.finditer(text, start, end) if five_year and sentence.cues & _LEADING else ():
        lead = match["lead"].lower()
        kind: Instrument = "guideline" if re.search(r"recommend|proposal|suggestion", lead) else "plan"
        status: Status = "draft" if "draft" in lead else "issued"
        plan = reader.mention(
            "five-year plan",
            match[0],
            kind,
            "five-year plan" if kind == "plan" else "recommendations",
            sentence,
            status,
        )
        if plan is None:
            _fuller_name(reader, match[0], kind)
            continue
        if kind == "guideline" and ("CPC Central Committee" in text[start:end] or _OF_PARTY.search(match[0])):
            plan.issuers = ("CPC Central Committee",)
        _adopted(reader, plan, match, sentence)
    if five_year:
        _bare_plan(reader, sentence)
    elif sentence.cues & _YEARS and "five-year plan" in whole:
        _small_plan(reader, sentence)
    for match in _PLENARY.finditer(text, start, end) if sentence.cues & _PLENARIES else ():
        found = reader.mention("plenary session", match[0], "decision", match["head"], sentence, "issued")
        if found:
            found.issuers = ("CPC Central Committee",)
    worked = sentence.cues & _WORKING and ("ork report" in whole or "ork Report" in whole)
    for match in _WORK_REPORT.finditer(text, start, end) if worked else ():
        _work_report(reader, match, sentence)
    for match in _NEGATIVE.finditer(text, start, end) if "negative list" in whole else ():
        if PREP_LEGAL.search(text[start : match.start()][-40:]) or re.search(
            r"\b(?:hindered|concept of)\b", text[start:end]
        ):
            continue
        found = reader.mention("negative list", match[0], "list", "negative list", sentence, "issued")
        if found:
            edition = re.search(r"\b(20\d\d)\b", match[0])
            found.issued_on = found.issued_on or (edition[1] if edition else None)
            _, found.effective_on = reader.dates_of(sentence, match.end(), False)
            found.action = (
                "opening"
                if re.search(r"cross-border|remov|shorten|lift|short|cut|reduc", text[start:end])
                else "restriction"
            )
            for body in reader.actors.actors(start, end):
                if (
                    body.issuers
                    and not found.issuers
                    and re.search(
                        r"according to (?:the )?$|(?:issued|released|published) by (?:the )?$",
                        text[start : body.start],
                    )
                ):
                    found.issuers = body.issuers


def _adopted(reader: Reader, plan: Candidate, match: re.Match[str], sentence: Sentence) -> None:
    """Who adopted the plan and when: `the congress approved the plan`, `the plan, approved at …`, `A in its plan`."""
    start, end = sentence.span
    text = reader.text
    before = _APPROVED.search(text[start : match.start()])
    after = _APPROVED_AT.match(text, match.end(), end)
    if before is not None:
        actor = reader.actors.subject(start, start + before.start())
        plan.issuers = actor.issuers if actor else plan.issuers
        plan.issued_on, _ = reader.dates_of(sentence, match.start(), False)
    elif after is not None:
        bodies = bodies_in(text, after.end(), min(end, after.end() + 80))
        stop = bodies[0].end + 40 if bodies else after.end() + 40
        when = [w for w in sentence.dates if after.end() <= w.start < stop]
        year = _YEAR.search(text, after.end(), bodies[0].start) if bodies else None
        plan.issuers = (bodies[0].name,) if bodies else plan.issuers
        plan.issued_on = when[0].value if when else year[0] if year else None
    elif match["lead"].lower().startswith("its ") and plan.instrument == "guideline" and not plan.issuers:
        owners = [m for m in bodies_in(text, start, match.start()) if m.kind in {"party", "legislature"}]
        if owners:
            plan.issuers = (owners[0].name,)
            plan.issued_on = next((w.value for w in sentence.dates if w.start < match.start()), None)


def _fuller_name(reader: Reader, title: str, kind: Instrument) -> None:
    """`Recommendations of the Committee for …` after `the recommendations for …`: whose they are."""
    if kind != "guideline" or _OF_PARTY.search(title) is None:
        return
    known = next((c for c in reader.found if c.kept and c.head == "recommendations"), None)
    if known is not None and not known.issuers:
        known.issuers, known.title = ("CPC Central Committee",), title.removeprefix("the ")


def _bare_plan(reader: Reader, sentence: Sentence) -> None:
    """`under the 15th Five-Year Plan`: the document, where the words say that something stands in it; else a period."""
    start, end = sentence.span
    text = reader.text
    first, last = text.find("Five-Year Plan", start, end), text.rfind("Five-Year Plan", start, end)
    for match in _FIVE_YEAR_BARE.finditer(text, max(start, first - _BEFORE), min(end, last + _BEHIND)):
        before = text[max(start, match.start() - 60) : match.start()]
        under = _UNDER.search(before)
        holds = _HOLDS.match(text, match.end(), end) or (
            _OPENING.search(before) is not None and _DOES.match(text, match.end(), end)
        )
        if _PERIOD_OF.search(before[: under.start() + 3] if under else before) and not holds:
            continue
        if not (under or holds or _PRIORITY.search(before)):
            continue
        if any(
            c.kept
            and c.head in {"five-year plan", "recommendations"}
            and c.evidence[0] == sentence.span
            and match["title"].split()[0] in c.title
            for c in reader.found
        ):
            continue
        ahead = _COMING.search(text, start, end) is not None and _before_adoption(match["title"], reader.today)
        status: Status = "draft" if match["draft"] else "planned" if ahead else "issued"
        reader.mention("five-year plan", match["title"], "plan", "five-year plan", sentence, status)


def _before_adoption(title: str, today: str | None) -> bool:
    """Whether the story is older than the plan: the nth covers five years from 1951 + 5n and is adopted in March."""
    ordinal = re.search(r"\d{1,2}(?=st|nd|rd|th)", title)
    return ordinal is not None and today is not None and today < f"{1951 + 5 * int(ordinal[0])}-03-05"


def _small_plan(reader: Reader, sentence: Sentence) -> None:
    """`The new five-year plan puts … first`: the document in small letters."""
    start, end = sentence.span
    text = reader.text
    full = "Five-Year Plan" in text
    for match in _SMALL_PLAN.finditer(text, start, end):
        if full and not re.search(r"earlier|previous", match["title"]):
            continue
        if PRIVATE.search(text, start, match.start()):
            continue
        before = text[max(start, match.start() - 60) : match.start()]
        told = _HOLDS.match(text, match.end(), end) or (
            _OPENING.search(before) is not None and _DOES.match(text, match.end(), end)
        )
        if told and not any(c.kept and c.instrument == "plan" and c.evidence[0] == sentence.span for c in reader.found):
            head = "earlier five-year plan" if full else "five-year plan"
            reader.mention("five-year plan", match["title"], "plan", head, sentence, "issued")


def _short_number(reader: Reader, number: Number, sentence: Sentence) -> bool:
    """`Announcement No 41` after `Announcement No 41 of 2026` was named: one more sentence of that record."""
    for known in reader.found:
        if known.kept and known.rule == "number" and re.search(rf"\bNo\.? {number.no}\b", known.number or known.title):
            known.add_evidence(sentence.span)
            return True
    return False


def _work_report(reader: Reader, match: re.Match[str], sentence: Sentence) -> None:
    start, end = sentence.span
    text = reader.text
    known = next((c for c in reader.found if c.kept and c.head == "work report"), None)
    if known:
        if len(known.evidence) < 4:
            known.add_evidence(sentence.span)
        return
    local = [
        p
        for p in places_in(text, max(start, match.start() - 60), match.end())
        if p.government and p.kind not in {"country", "bloc"}
    ]
    delivered = _DELIVERED.search(text, max(start, match.start() - 90), min(end, match.end() + 90))
    issuers: tuple[str, ...] = ("State Council",)
    if local:
        issuers = (local[-1].government,)
    elif _OF_DISTRICT.search(text, max(start, match.start() - 30), match.start()) and (
        district := _DISTRICT.search(text, start, end) or _DISTRICT.search(text[:3000])
    ):
        issuers = (f"{district['one'] or district['other']} district government",)
    elif _LOCAL.search(text, max(start, match.start() - 30), match.start()):
        home = reader.actors.meant.home_before(match.start())
        issuers = (home.government,) if home else ()
    elif re.search(r"\b(?:city|province|region|municipal|mayor|governor)\b", text[start:end], re.IGNORECASE) and (
        home := reader.actors.meant.home_before(start)
    ):
        issuers = (home.government,)
    on, _ = reader.dates_of(sentence, match.start(), False)
    year = match["year"] or reader.year_of_report(match.start(), match.end(), end, local=issuers != ("State Council",))
    on = on if on and len(on) == 10 else speech_day(text, start, end, reader.today) or on
    opening = next((w for w in sentence.dates if w.start - start < 4 and w.end > match.start() - 40), None)
    if opening is not None and not delivered:
        # `Last month, the Government Work Report called for more ponds`
        on, delivered = opening.value, _DELIVERED.search("released")
    drafted = _DRAFT.search(text, max(start, match.start() - 8), match.start()) is not None
    candidate = Candidate(
        rule="work report", trigger=match["head"], title=match[0].strip(), instrument="other", head="work report",
        issuers=issuers,
        issued_on=on if delivered and on and (len(on) > 4 or on == (reader.today or "")[:4]) else year,
        evidence=[sentence.span], strength=3, reason="a government work report",
        action="support", status="draft" if drafted else "issued",
    )  # fmt: skip
    reader.found.append(candidate)
    rest = reader.text[start : start + 8000]
    ahead = (
        _DELIVERING.search(text[start:end])
        or _AHEAD.search(text[start:end])
        or _REPORT_SAYS.search(rest[:900])
        or _WORK_REPORT_SAYS.search(rest)
    )
    if ahead is None and (_FIGURES.search(text, start, end) or _REPORT_COUNTS.search(rest[:1500])):
        candidate.drop("a work report cited for figures")

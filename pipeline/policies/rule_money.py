"""English prose: public money and money's price as official measures.

Sums that an authority sets aside (funds, subsidies, vouchers, bonds, budgets), trade-in programs, and the rates of
central banks. Sums that firms raise, markets sell or people receive are none.
"""

from __future__ import annotations

import re

from pipeline.model import Instrument
from pipeline.patterns import regex
from pipeline.policies.candidates import Candidate
from pipeline.policies.cues import cues
from pipeline.policies.reading import FORECAST, FUTURE, NEGATED, PRIVATE, Reader
from pipeline.policies.sentence import Sentence

_SUM = (
    r"(?:(?:[€$£¥]|RMB |US\$)?\d[\d.,]*[ -](?:billion|million|trillion)[ -](?:yuan|euros?|yen|won|dollars?"
    r"|pounds?|dirhams?|riyals?|rupees?|rubles?|rand|ringgit|baht|francs?)"
    r"|[€$£]\d[\d.,]* (?:billion|million|trillion))(?: \([^()]{1,40}\))?"
)
_KIND = (
    r"(?:subsidies|vouchers|funds?|funding|financial instruments|treasury bonds|special-purpose bonds"
    r"|consumer benefits|tax (?:cuts|breaks|relief)|grants|allowances|relief)"
)
_THING = (
    r"(?:fund|trade-in program|program|programme|loan facility|facility|stimulus package|package|budget|scheme"
    r"|subsidy program|plan|competition|grant program|Fund|Program|Programme|Facility)"
)
_SUMMED = (
    rf"(?P<of>{_SUM} (?:in|of|worth of) (?:[\w-]+ ){{0,5}}?{_KIND})\b|(?P<thing>{_SUM} (?:[\w-]+ ){{0,4}}?{_THING})\b"
)
_PLAINLY = regex(_SUMMED)
_FISCAL = regex(
    rf"{_SUMMED}|(?P<worth>(?:(?:first|second|new|next|latest) (?:batch|round|tranche) of )?(?:[a-z-]+ ){{0,2}}"
    rf"(?:funds?|subsidies|budget|vouchers) (?:totaling|totalling|worth|of) {_SUM})"
)
_WORTH = regex(r"(?:funds?|subsidies|budget|vouchers) (?:totaling|totalling|worth|of) ")
"""Without this only what begins with the sum is there, which is found much faster."""
_PAID = cues(
    "subsidies vouchers fund funds funding instruments bonds benefits cuts breaks relief grants allowances program"
    " programme facility package budget scheme plan competition"
)
"""The last words of what `_FISCAL` finds."""
_COMPLEMENT = regex(r" (?:aimed at|for|to|through|on) (?!local|the end|a press)[^,.;:—]{3,90}")
_STOP = regex(r" (?:has|have|is|are|was|were|will|creates?|continues?|which|that|as|by|after|while)\b|[,.;:]")
_ALLOCATES = regex(
    r"\b(?:allocat\w+|earmark\w+|set aside|disburs\w+|distribut\w+|provid\w+|pledg\w+|approv\w+|launch\w*|roll\w* out"
    r"|set up|issu\w+|arrang\w+|hand\w* out|introduc\w+|unveil\w*|announc\w+|plan\w*|offer\w*|establish\w*|adopt\w*)\b"
)
_ALLOCATED = regex(
    r"[^,.;]{0,40}? (?:has been|have been|was|were|had been|will be) (?:\w+ )?"
    r"(?:allocated|earmarked|set aside|disbursed|distributed|arranged|issued|approved)\b"
)
_INCLUDES = regex(
    r"\b(?:[Pp]lan|[Rr]eport|[Ii]t|[Pp]ackage|[Bb]udget|[Gg]uideline|[Bb]lueprint)\b[^.;]{0,20}?"
    r" (?:also |has |have |will )*(?:includ\w+|pledg\w+|set\w*|provid\w+|feature\w*|contain\w*|propos\w+|earmark\w*)\b"
)
_PART = regex(r"\binclud(?:e|es|ed|ing)\b[^.;]{0,40}?\b(?:establishment|creation|launch|setting up) of (?:an?|the)$")
_OF_STATE = regex(
    r"\b(?:trade-in|fiscal|policy-oriented|ultra-long|special treasury|treasury|government|State|subsid\w+|national)\b"
)
_PUBLIC = regex(r"\b(?:[Ll]ocal|[Pp]rovincial|[Mm]unicipal|[Cc]entral) (?:governments|authorities)\b")
_WIDER = regex(
    r"(?P<title>(?:[Ee]xpanded|[Ii]ncreased|[Nn]ew|[Nn]ational) (?:[a-z-]+ ){0,3}subsidies (?:on|for) [^,.;]{3,60}?)"
    r"(?=[,.;]| (?:also|have|has|will|are|continue|strengthen)\b)"
)
_DAY = regex(r" on (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z][a-z]{2,8} \d{1,2})$")
_NO_GRANT = regex(
    r"\b(?:rais(?:e|ed|ing)|generat\w+|driv\w+|drove|receiv\w+|sales|invest(?:ed|ing|ment)|lost|worth|earn\w+"
    r"|spent)\b[^,]*$"
)
_TRADE_IN = regex(
    r"\b(?P<lead>(?:[Tt]he|[Aa]|[Ii]ts|China['’]s|[Tt]his year['’]s)(?: (?:country|nation|government)['’]s)?"
    r"(?: (?:continuing|national|nationwide|new|large-scale|ongoing|expanded|government))*)"
    r" (?P<name>(?:(?:consumer goods|consumer|goods|auto|automobile|car|vehicle|home appliance|appliance|equipment"
    r"|electronics|bicycle|old-for-new) ){0,2}trade-in (?:subsidy )?(?P<kind>program|programme|policy|scheme"
    r"|campaign|initiative|subsidies))\b"
)
_LAUNCHED = regex(r",? (?:was |has been |were )?(?:launched|introduced|issued|rolled out|started|announced)\b")
_LAUNCHED_LATER = regex(
    r" [^,.;]{0,80}? (?:was|were|has been|have been) (?:launched|introduced|issued|rolled out|started|announced)\b"
)
_DROVE = regex(r" (?:has |had |have )?(?:already )?(?:drove|driven|generated|boosted|benefited|brought|led to)\b")
_STANDING = regex(
    r"\b(?:China['’]s|its|the country['’]s) (?P<name>(?:[\w-]+ ){0,2}?(?P<what>visa-free (?:transit )?policy|visa-free"
    r" (?:access|entry)|zero-tariff (?:policy|treatment|access))(?: (?:for|to) [^,.;]{3,60}?)?)"
    r"(?=[,.;]| (?:has|have|is|was|which|that|and|will)\b)"
)
_RATE = regex(
    r"\b(?:further )?(?:cut|cuts|cutting|lower|lowers|lowered|lowering|reduce|reduces|reduced|reducing|trimmed"
    r"|raise|raises|raised|raising|hiked|hiking|slashed) (?:(?!said\b|that\b)[\w'’-]+ ){0,5}?"
    r"(?:interest rates?|policy rates?|lending rates?|deposit rates?|benchmark rates?|key rates?|loan prime rates?"
    r"|reserve requirement ratios?|RRR|repo rates?|relending rates?|refinancing rates?|base rates?|rates (?:on|for)\b"
    r"|refinancing rates?"
    r"|rates(?= (?:by|to|again|once|twice|(?:three|four|five|six) times|last|this|in|at|on) ?\b|[,.]))"
)
_RATES = cues("rate rates rrr ratio ratios")
MONEY_WORDS = _PAID | _RATES | cues("trade visa zero subsidies")
"""A sentence without one of these words tells no money."""
_BANK = regex(r"Bank\b|Reserve\b|Monetary")
_UP = regex(r"rais|hik")
_EXPECTED = regex(r"\b(?:expect(?:s|ed|ing)?|predict(?:s|ed)?|anticipat(?:es?|ed)|urged?|asked)\b[^.;,]* to$")
_AFTER = regex(r"\b(?:after|since|following|having)(?: \w+)?$")


def money(reader: Reader, sentence: Sentence) -> None:
    """The sums, trade-in programs and rates of central banks that the sentence tells as measures of an authority."""
    start, end = sentence.span
    text, printed = reader.text, sentence.printed
    if "trade-in" in printed:
        _trade_in(reader, sentence)
    if "visa-free" in printed or "zero-tariff" in printed:
        for match in _STANDING.finditer(text, start, end):
            _standing(reader, match, sentence)
    if "illion" in printed and sentence.cues & _PAID:
        fiscal = _FISCAL if _WORTH.search(printed) is not None else _PLAINLY
        for match in fiscal.finditer(text, start, end):
            _grant(reader, match, sentence)
    if "ubsidies" in printed and any(c.kept and c.head in {"work report", "money"} for c in reader.found):
        for match in _WIDER.finditer(text, start, end):
            reader.found.append(
                Candidate(
                    rule="public money", trigger=match["title"].split()[0], title=match["title"], instrument="other",
                    head="subsidies", evidence=[sentence.span], action="support", strength=2,
                    reason="a subsidy among the measures of a report",
                )
            )  # fmt: skip
    if sentence.cues & _RATES:
        for match in _RATE.finditer(text, start, end):
            _rate(reader, match, sentence)


def _grant(reader: Reader, match: re.Match[str], sentence: Sentence) -> None:
    start, end = sentence.span
    text = reader.text
    if any(c.kept and c.evidence[0] == sentence.span and match[0][:12] in c.title for c in reader.found):
        return
    run = text[start : match.start()].rstrip()
    subject = next((a for a in reversed(reader.actors.actors(start, match.start()))), None)
    subject = reader.actors.with_partners(subject, start) if subject is not None else None
    allocates = subject is not None and _ALLOCATES.search(text, subject.end, match.start()) is not None
    public = _PUBLIC.search(text, start, match.start())
    if not allocates and public is not None:
        allocates, subject = _ALLOCATES.search(text, public.end(), match.start()) is not None, None
    passive = _ALLOCATED.match(text, match.end(), end) is not None
    report = any(c.kept and c.head in {"work report", "five-year plan", "budget"} for c in reader.found)
    included = report and _OF_STATE.search(match[0]) is not None
    said = _INCLUDES.search(run) is not None and _OF_STATE.search(match[0]) is not None
    whole = _PART.search(run) and next((c for c in reversed(reader.found) if c.kept), None)
    part = whole if whole and whole.evidence[-1][1] + 3 >= start and whole.issuers else None
    ahead = text[subject.end : match.start()] if subject else ""
    future = FUTURE.search(run) is not None or re.search(r"\b(?:plans? to|will|is to|intends? to)\b", ahead) is not None
    after = _COMPLEMENT.match(text, match.end(), end)
    stop = match.end()
    if after is not None:
        edge = _STOP.search(text, match.end() + 5, after.end())
        stop = edge.start() if edge else after.end()
    kind: Instrument = "plan" if re.search(r"(?:program|programme|scheme)$", match[0]) else "other"
    candidate = Candidate(
        rule="planned" if future else "public money", trigger=match[0],
        title=_DAY.sub("", text[match.start() : stop]).strip(),
        instrument=kind, head="money", issuers=subject.issuers if subject and allocates else (),
        actor=subject.name if subject and allocates else None, status="planned" if future else "issued",
        evidence=[sentence.span], strength=2, reason="an authority sets a sum aside", action="support",
    )  # fmt: skip
    candidate.issued_on, _ = reader.dates_of(sentence, match.start(), future)
    if part is not None:
        candidate.issuers, candidate.issued_on = candidate.issuers or part.issuers, part.issued_on
    if not (allocates or passive or included or said or part):
        candidate.drop("no public authority gives the sum")
    elif _NO_GRANT.search(run[-50:]) or (PRIVATE.search(run[-60:]) and not (allocates or said)):
        candidate.drop("a sum that is raised, earned or spent")
    elif FORECAST.search(run) or (NEGATED.search(run) and not future):
        candidate.drop("wished, denied or supposed")
    reader.found.append(candidate)


def _trade_in(reader: Reader, sentence: Sentence) -> None:
    start, end = sentence.span
    text = reader.text
    for match in _TRADE_IN.finditer(text, start, end):
        known = next((c for c in reader.found if c.kept and "trade-in" in c.title), None)
        if known is not None:
            known.add_evidence(sentence.span)
            continue
        run = text[start : match.start()].rstrip()
        candidate = Candidate(
            rule="trade-in program", trigger=match["name"], title=match["name"],
            instrument="other" if match["kind"] == "subsidies" else "measures" if match["kind"] == "policy" else "plan",
            head="trade-in program", evidence=[sentence.span], strength=2, action="support",
            reason="a program that is known by what it pays for",
        )  # fmt: skip
        if _LAUNCHED.match(text, match.end(), end) or _LAUNCHED_LATER.match(text, match.end(), end):
            candidate.issued_on, _ = reader.dates_of(sentence, match.end(), False)
        elif match["lead"].lower().startswith("this year") and reader.today:
            candidate.issued_on = reader.today[:4]
        actor = reader.actors.subject(start, match.start()) or reader.actors.agent(
            _agent_at(text, match.end(), end), end
        )
        candidate.issuers = actor.issuers if actor else ()
        if _DROVE.match(text, match.end(), end):
            candidate.drop("a program cited for figures")
        elif PRIVATE.search(run[-40:]) or match["lead"].lower() == "a":
            candidate.drop("no public authority acts")
        elif FORECAST.search(run) or NEGATED.search(run):
            candidate.drop("wished, denied or supposed")
        reader.found.append(candidate)


def _standing(reader: Reader, match: re.Match[str], sentence: Sentence) -> None:
    """`China's visa-free policy for sailors`: a policy in force that the story names as its context."""
    known = next((c for c in reader.found if c.kept and match["what"].split()[0] in c.title), None)
    if known is not None:
        known.add_evidence(sentence.span)
        return
    kind: Instrument = "measures" if match["what"].endswith("policy") else "decision"
    reader.found.append(
        Candidate(
            rule="standing policy", trigger=match["what"], title=match["name"], instrument=kind, head=match["what"],
            evidence=[sentence.span], strength=2, action="opening", reason="a policy in force, named as context",
        )
    )  # fmt: skip


def _agent_at(text: str, at: int, end: int) -> int:
    """Where `by …` would begin after a program: behind `was launched`, else right behind its name."""
    verb = _LAUNCHED.match(text, at, end)
    return verb.end() if verb else at


def _rate(reader: Reader, match: re.Match[str], sentence: Sentence) -> None:
    start, end = sentence.span
    text = reader.text
    run = text[start : match.start()].rstrip()
    bank = next(
        (
            a
            for a in reversed(reader.actors.actors(start, match.start()))
            if a.issuers and _BANK.search(a.issuers[0]) and a.issuers[0] != "World Bank"
        ),
        None,
    )
    if bank is None:
        return
    future = FUTURE.search(run) is not None
    told = next((c for c in reader.found if c.kept and c.evidence[0] == sentence.span and match[0] in c.title), None)
    if told is not None:
        told.instrument, told.action = "decision", "other" if _UP.search(match[0]) else "support"
        return
    edge = re.compile(
        r"[,;:]|\.(?!\d)| (?:this year|after|while|which|as|said|in (?=[A-Z])|on (?=[A-Z])|to (?=\d))"
    ).search(text, match.end(), end)
    candidate = Candidate(
        rule="planned" if future else "rate", trigger=match[0],
        title=text[match.start() : edge.start() if edge else end].strip(' ."”'), instrument="decision", head="rate",
        issuers=bank.issuers, actor=bank.name, status="planned" if future else "issued", evidence=[sentence.span],
        reason="a central bank moves a rate", action="other" if _UP.search(match[0]) else "support",
    )  # fmt: skip
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, match.end(), future)
    if FORECAST.search(run) or _EXPECTED.search(run) or (NEGATED.search(run) and not future):
        candidate.drop("wished, denied or supposed")
    elif _AFTER.search(run):
        candidate.rule = "measure in a subordinate clause"
    reader.found.append(candidate)

"""The record of an English document's own page, and of the instruments that it repeals, amends or cites by number."""

from __future__ import annotations

import re
from datetime import timedelta

from pipeline.model import Action, Article, Instrument, Status
from pipeline.patterns import regex
from pipeline.policies.actions import action_of
from pipeline.policies.annexed import lists_in
from pipeline.policies.candidates import LIMIT, Candidate
from pipeline.policies.cuts import evidence_sentences
from pipeline.policies.dates import dates_in, day_of
from pipeline.policies.issuers import bodies_in
from pipeline.policies.numbers import Number, find_numbers
from pipeline.policies.pages import OwnPage
from pipeline.policies.places import printed_places

_DECIDES = regex(
    r"h(?<!\wh)(?:ereby (?:promulgated|announce[sd]?|issued?|released?)|as (?:decided|made the following decision)"
    r"|ave been (?:adopted|deliberated))|d(?<!\wd)ecided to"
    r"|hereby notified|formulated the following|following (?:guidelines?|opinions|measures) (?:is|are)"
)
"""Begins with few letters instead of an edge: the rest of a long page is passed over faster."""
_ON_ISSUE = regex(
    r"(?<!months )(?<!days )(?<!years )(?:as of|as from|from|on|upon|since) the (?:date|day) of (?:the |its |this )?"
    r"(?:promulgation|issuance|issue|release|announcement|publication|publishing)"
    r"|on the day when the (?:announcement|notice|order) is (?:released|issued|published)|with immediate effect"
)
_DAYS_AFTER = regex(
    r"\b(?P<days>\d{1,3}) days (?:after|from) the (?:date|day) of (?:its |the )?(?:promulgation|issu|public)"
)
_ENTRY = regex(
    r"\b(?:effective|shall (?:come|enter) into (?:force|effect)|take effect|in force"
    r"|implemented|[Ss]tarting|enter into force|as|As)\b(?: as)?(?: on| from| of| as of|"
    r" since)? (?=[A-Z]|\d)"
)
_REPEAL = regex(
    r"\b(?:abolish|repeal|annul|null and void|invalidat|cease to be (?:effective|in force)|be terminated)\w*"
)
_AMEND = regex(r"\b(?:delete|modify|amend|revise|replace|change)\w*\b")
_DOCUMENT = (
    r"(?:Measures|Provisions|Rules|Regulations|Decision|Catalogue|Catalog|List"
    r"|Opinions|Notice|Guidelines|Law|Interim Measures|Announcement)"
)
_NAME_BEFORE = regex(
    r"(?P<name>(?:[A-Z][\w’'-]*|\([A-Z][^()]{2,40}\))(?:[ -](?:[A-Z][\w’'-]*|\([^()]{2,40}\)"
    r"|for|of|on|the|and|to|in|against|by|with)){0,24})\s?\($"
)
_ADOPTED = regex(
    rf"(?:^|\n|\. )(?:The )?(?P<name>(?:[A-Z][\w’'() ,-]{{4,160}}?)?{_DOCUMENT}[\w’'()"
    rf" -]{{0,90}}?)(?:,? (?:adopted|approved|has been|have been|are|is|was|were)\b)"
)
_ORIGIN = regex(
    r"[Oo]riginating (?:in|from) (?P<places>[A-Z][\w ,]{2,80}?)(?= for | by | and (?:decided"
    r"|the)|\.|$|,? (?:is|are|has|on|according|starting))"
)
_GOODS = regex(
    r"(?:imports of|imported|Imports of)\s(?P<goods>[a-z][\w’' -]{2,60}?)(?= [Oo]riginating| from|,|\.|$)",
    re.IGNORECASE,
)
_ISSUED_AT = regex(r"\b(?:released|issued|promulgated|published)\b")
_OF = regex(
    r"^(?:Administrative |Special Administrative )?(?:Measures|Provisions|Rules|Regulations)(?:"
    r" \([^()]*\))? (?:for|on|of|concerning) (?:the )?(?P<sector>[\w’' -]{3,80})"
)


def own_record(article: Article, page: OwnPage) -> Candidate:
    """The news record for the document that the page is."""
    text, title = article.text, article.title or ""
    spans = evidence_sentences(text)
    decisions = [s for s in spans if _DECIDES.search(text, s[0], s[1])]
    lead = text[slice(*decisions[0])] if decisions else text[:600]
    name = _title(title, text)
    effective = _effective(text, spans, page.issued_on)
    record = Candidate(
        rule="own page",
        trigger=page.normal or name,
        title=name,
        instrument=_kind(page, title, text),
        head="announcement",
        number=page.normal,
        issuers=page.issuers or _parties(text),
        issued_on=page.issued_on,
        effective_on=effective,
        action=_action(name, lead, text),
        regions=_regions(f"{title}. {lead}"),
        sectors=_goods(f"{title}. {lead}") or _sector(name),
        entities=lists_in([text]).entities,
        strength=3,
        reason="the page is the document",
    )
    # what an earlier announcement decided stands in the same page: the last decision is the page's own
    own = [
        s for s in decisions if not any(n.normal(printed=page.printed) != page.normal for n in find_numbers(text, *s))
    ]
    record.add_evidence(*own[:3])
    if not record.evidence and page.number:
        record.add_evidence(*[s for s in spans if not find_numbers(text, *s)][:2])
    if not record.evidence:
        record.add_evidence(*(decisions or spans)[:3])
    return record


def _parties(text: str) -> tuple[str, ...]:
    """Who speaks in a joint statement: `The Government of A and the Government of B, …`."""
    stop = text.find("\n", 20)
    return tuple(dict.fromkeys(m.name for m in bodies_in(text, 0, min(400, stop if stop > 0 else 400))))


def cited_records(article: Article, page: OwnPage, own: Candidate) -> list[Candidate]:
    """Background records for the other instruments that the page names with their numbers."""
    text = article.text
    found: list[Candidate] = []
    for start, end in evidence_sentences(text):
        if len(found) >= LIMIT:
            break
        for number in find_numbers(text, start, end):
            normal = number.normal(printed=page.printed)
            if normal is None or normal == own.number:
                continue
            found.append(_cited(text, start, end, number, normal, page, own))
        found.extend(_named(text, start, end, own))
    return found


def _named(text: str, start: int, end: int, own: Candidate) -> list[Candidate]:
    """What the document executes, updates or repeals by name alone."""
    found: list[Candidate] = []
    if all(text.find(word, start, end) < 0 for word in _NAMED_BESIDE):
        return found
    for match in _BY_NAME.finditer(text, start, end):
        name = re.sub(r"^(?:The|the) ", "", match["executed"] or match["changed"]).strip(" ,")
        kind = next((kind for word, kind in _KINDS if re.search(rf"\b{word}\b", name)), None)
        if "Export Control List" in name or re.search(r"\bList\b", name):
            kind = "list"
        if kind is None or name == own.title or find_numbers(text, start, end):
            continue
        status: Status = "repealed" if _REPEAL.search(match[0]) else "issued"
        candidate = Candidate(
            rule="executes" if match["executed"] else "repealed" if status == "repealed" else "updates",
            trigger=match[0][:60],
            title=name,
            instrument=kind,
            status=status,
            salience="background",
            action=action_of(name, text[start:end]),
            evidence=[(start, end)],
            strength=3,
            reason="named as what the page carries out or changes",
        )
        issued = re.search(r"issued by the (?P<body>[A-Z][\w ]+?) in (?P<year>(?:19|20)\d{2})", text[start:end])
        if issued:
            candidate.issued_on = issued["year"]
            candidate.issuers = tuple(m.name for m in bodies_in(issued["body"], 0, len(issued["body"])))
        if candidate.action == "other":
            candidate.action = own.action
        found.append(candidate)
    return found


_TITLE_WORDS = r"[A-Z][\w’'-]*(?:[ -](?:[A-Z][\w’'-]*|for|of|on|the|and|to|in|by|with|\([^()]{2,40}\))){1,24}"
_NAMED_BESIDE = (
    "not covered", "unmentioned", "not mentioned", "updated", "repealed", "abolished", "annulled", "amended", "revised",
)  # fmt: skip
_BY_NAME = regex(
    r"(?:not covered|unmentioned|not mentioned)[^.;]{0,40} (?:in accordance with|pursuant to|under|subject to)"
    rf" the (?P<executed>{_TITLE_WORDS})"
    rf"|(?P<changed>{_TITLE_WORDS})(?:, issued by [^,;]{{3,80}},)? (?:shall be|is|are|be) (?:simultaneously )?"
    r"(?:updated|repealed|abolished|annulled|amended|revised)"
)


def _cited(text: str, start: int, end: int, number: Number, normal: str, page: OwnPage, own: Candidate) -> Candidate:
    sentence = text[start:end]
    named = _NAME_BEFORE.search(text, max(start, number.start - 220), number.start)
    name = re.sub(r"^(?:The|the) ", "", named["name"]).strip() if named else text[number.start : number.end]
    before = text[start : number.start]
    status: Status = "repealed" if _REPEAL.search(before) else "issued"
    candidate = Candidate(
        rule="repealed" if status == "repealed" else "amends" if _AMEND.search(before) else "cited by number",
        trigger=text[number.start : number.end],
        title=name,
        instrument=_cited_kind(name, number),
        head="announcement",
        number=normal,
        issuers=number.issuers or page.issuers,
        issued_on=number.year,
        status=status,
        salience="background",
        regions=_regions(sentence),
        sectors=_goods(sentence) or _sector(name),
        evidence=[(start, end)],
        strength=3,
        reason="named with its number as the measure in question",
    )  # fmt: skip
    candidate.action = action_of(name, sentence) if number.kind == "announcement" else _action(name, name, "")
    if candidate.action == "other":
        candidate.action = own.action
    if _ISSUED_AT.search(before):
        dates = dates_in(text, number.end, end, page.issued_on)
        issued = next(
            (w for w in dates if len(w.value) == 10 and re.search(r"\bon\s$", text[max(start, w.start - 4) : w.start])),
            None,
        )
        earlier = [w for w in dates_in(text, start, number.start, page.issued_on) if len(w.value) == 10]
        if issued is not None:
            # No. 79 of 2016 may come out in January 2017
            candidate.issued_on = issued.value
        elif earlier:
            candidate.issued_on = earlier[-1].value
        entry = next(
            (w for w in dates if re.search(r"\bstarting (?:from|on)?\s?$", text[max(start, w.start - 16) : w.start])),
            None,
        )
        candidate.effective_on = entry.value if entry else None
    return candidate


_NUMBER_PREFIX = regex(
    r"^(?:MOFCOM|Ministry of Commerce)(?:(?:,| and|, and) [A-Z]{2,6}){0,8} (?:Joint )?"
    r"(?:Order|Announcement|Decree|Notice) No\.? ?\d+(?: of|,| in)? \d{4}(?: on| regarding| concerning|:)? ?"
)


def _title(title: str, text: str) -> str:
    bare = _NUMBER_PREFIX.sub("", title).strip()
    if bare and not find_numbers(bare):
        return bare
    adopted = _ADOPTED.search(text[:3000])
    if adopted and find_numbers(title):
        return adopted["name"].strip()
    return title or (adopted["name"].strip() if adopted else text[:80].split("\n")[0])


_KINDS: tuple[tuple[str, Instrument], ...] = (
    ("Order", "order"),
    ("Decree", "order"),
    ("Notice", "notice"),
    ("Circular", "notice"),
    ("Negative List", "list"),
    ("Catalogue", "list"),
    ("Decision", "decision"),
    ("Regulations", "regulation"),
    ("Measures", "measures"),
    ("Provisions", "measures"),
    ("Rules", "measures"),
    ("Law", "law"),
    ("Statement", "statement"),
    ("Declaration", "statement"),
    ("Agreement", "agreement"),
    ("Protocol", "agreement"),
    ("Memorandum", "agreement"),
)


def _cited_kind(name: str, number: Number) -> Instrument:
    if re.search(r"Measures|Provisions|Rules", name):
        return "measures"
    if "Regulation" in name:
        return "regulation"
    return "order" if number.kind == "order" else "announcement"


_ORDER_HEAD = regex(r"\s*(?:Order|Decree) of the [A-Z]")


def _kind(page: OwnPage, title: str, text: str) -> Instrument:
    head = f"{title}\n{text[:300]}"
    if _ORDER_HEAD.match(text):
        return "order"
    if page.number and page.number.kind == "order":
        return "order"
    if page.number and page.number.label in {"Notice", "Circular"}:
        return "notice"
    if page.number or re.search(r"\bAnnouncement\b", head):
        return "announcement"
    for word, kind in _KINDS:
        if re.search(rf"\b{word}\b", title):
            return kind
    return "other"


def _effective(text: str, spans: tuple[tuple[int, int], ...], issued_on: str | None) -> str | None:
    for start, end in spans:
        sentence = text[start:end]
        if not re.search(r"hereby|shall (?:come|enter|be|take|provide|pay|apply)|has decided|effective", sentence):
            continue
        later = _DAYS_AFTER.search(sentence)
        day = day_of(issued_on) if later else None
        if later and day:
            return (day + timedelta(days=int(later["days"]))).isoformat()
        if _ON_ISSUE.search(sentence):
            return issued_on
        match = _ENTRY.search(text, start, end)
        if match:
            dates = dates_in(text, match.end(), min(end, match.end() + 30), issued_on, future=True)
            if dates and dates[0].start - match.end() < 4:
                return dates[0].value
    return None


def _action(name: str, lead: str, text: str) -> Action:
    if re.search(r"Negative List|negative list", name):
        return "restriction"
    found = action_of(name, lead, text[:500])
    return (
        "regulation"
        if found in {"support", "opening", "other"} and re.search(r"Measures|Provisions|Rules|Regulations", name)
        else found
    )


def _regions(source: str) -> tuple[str, ...]:
    match = _ORIGIN.search(source)
    return printed_places(source, match.start("places"), match.end("places")) if match else ()


def _goods(source: str) -> tuple[str, ...]:
    match = _GOODS.search(source)
    return (match["goods"].strip(),) if match else ()


def _sector(name: str) -> tuple[str, ...]:
    match = _OF.search(name)
    return (match["sector"].strip(),) if match else ()

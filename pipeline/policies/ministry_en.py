"""The ministry's English news, remarks and press conferences: what its prose has that a newspaper's has not.

`reported_records` reads the page as other English prose and then settles it: titles that are cut too early or too late,
measures that a question tells and an answer dates, instruments that only this ministry writes about (`regulations for
the implementation of the Sample Law`, `decided to suspend the measures under Announcement No. 7`).
"""

from __future__ import annotations

import re

from pipeline.model import Article
from pipeline.patterns import regex
from pipeline.policies import news_en
from pipeline.policies.actions import action_of
from pipeline.policies.candidates import Candidate
from pipeline.policies.cuts import evidence_sentences
from pipeline.policies.dates import dates_in, day_of
from pipeline.policies.issuers import bodies, bodies_in

_TITLE_DAY = regex(r"(?:\((?P<day>[^()]*\d{4})\)|\bon (?P<day2>[A-Z][a-z]+ \d{1,2}, \d{4}))\s*$")
_MANNER = regex(r",? (?:with|upon|after) the (?:approval|consent|authorization) of\b.*$")
_BARE = regex(
    r"(?:the )?(?:Regulations?|Rules|Measures|Provisions|Notice|Announcement|Decision|Order|Law|Opinions|Plan|Protocol"
    r"|Agreement|Statement)"
)
_PERIOD = regex(
    r" from (?P<first>\d{1,2}(?: [A-Z][a-z]+)?|[A-Z][a-z]+(?: \d{1,2})?) to"
    r" (?P<last>[A-Z\d][\w ,]{3,18}?(?P<year>\d{4}))$"
)
_PAPER_OF = regex(
    r"\b[Ii]ts (?:[\w-]+ ){0,3}white paper\b[^.;,]*, (?:the )?[^.;,]{0,30}?"
    r"(?:AmCham|Chambers? of Commerce|[Aa]ssociation|Business Council)\b"
)
_RULES_OF_LAW = regex(
    r"\b[Tt]he (?P<name>(?:[Ii]mplementing )?[Rr]egulations (?:for|on|of) the (?:implementation|Implementation) of"
    r" the (?P<law>(?:[A-Z][\w-]+ ){1,5}Law))"
)
_BASIS = regex(r"(?:[Ii]n accordance with|[Aa]ccording to|[Pp]ursuant to|[Uu]nder|based on|violat\w+)\s+(?:the )?$")
_ADDED = regex(r"(?:, (?:and )?[a-z]+ed\b| (?:according to|in accordance with|pursuant to)\b).*$")
_SUSPENDS = regex(
    r"\b(?P<who>China|MOFCOM|the Ministry of Commerce|[Ww]e)(?: has| have)?(?: also)? (?P<what>(?:decided to"
    r" (?:continue (?:to suspend|suspending)|suspend|resume|stop|adjust|extend the suspension of)|suspends)\b"
    r"[^;\n]{4,160}?\b(?:measures?|announcements?|dut(?:y|ies)|controls?|investigations?)\b)"
)
_LISTS = regex(
    r"\b(?:(?:has |have )?decided to|decides to|announced (?:the decision )?to)"
    r" (?P<what>(?:include|list|add|place|put) [^;\n]{3,200}? (?:on|to|in|into) the"
    r" (?P<list>[Uu]nreliable [Ee]ntit(?:y|ies) [Ll]ist|(?:[Ee]xport )?[Cc]ontrol [Ll]ist|[Ww]atch [Ll]ist"
    r"|[Cc]ountermeasures? [Ll]ist))"
)
_SAID_ON = regex(
    r"\bannounced on (?P<day>[A-Z][a-z]+ \d{1,2})|\bOn (?P<day2>[A-Z][a-z]+ \d{1,2}), [^.?]{3,90} announced\b"
)
_CONCLUDED = regex(
    r"\b(?:conclusion of|concluded|conclude)(?: the)? negotiations (?:on|of|for) the"
    r" (?P<what>(?:[A-Z\d][\w.’'-]*(?: (?:and|of|for|to))? ?){2,12})(?<! )"
)
_SIGNED_HEAD = regex(
    r"(?P<name>(?:Joint )?(?:Announcement|Statement|Declaration|Communique|Memorandum of Understanding|Memorandum"
    r"|Agreement|Protocol)) (?:between|among|on|of|concerning)\b"
)
_NAME_GOES_ON = regex(r"(?:(?: (?:between|among|on|of|for|and|the|in|to|with|an?)){0,3} [A-Z(][\w’'()-]*){2,40}")
_VISIT = regex(r"[Dd]uring (?:the |his |her |[A-Z]\w+ )[^,.;]{0,40}?visit to\b")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH_DAYS = regex(rf"\b({_MONTHS}) \d{{1,2}}\b")
_HABIT = regex(r"\b(?:repeatedly|always|frequently|constantly|continually|time and again)\b")
_JUST_NOW = regex(r"\b(?:[Rr]ecently|just|[Tt]oday|[Yy]esterday|this (?:morning|afternoon|week))\b[^.;?]*$")
_LATELY_AFTER = regex(r"[^.;?]{0,60}? (?:recently|today|yesterday|this (?:morning|afternoon|week))\b")
_HAS_DECIDED = regex(r"\b(?:has|have)(?: also)? decided to\s*$")
_STARTS = regex(rf" (?:from|as of|effective|starting(?: from)?) (?P<day>(?:{_MONTHS}) \d{{1,2}}(?:, \d{{4}})?)$")
_BARE_MONTH = regex(rf" (?:on|in|since|from) (?:{_MONTHS})$")
_ENDS = regex(
    r"\b(?P<who>The [A-Z]\w+(?: government)?|[A-Z][\w ]{2,40}?) (?:announced|said)"
    r"(?: on (?P<day>[A-Z][a-z]+ \d{1,2}))?,? that it (?:would|will)"
    r" (?P<what>(?:end|terminate|extend|launch|impose|lift|remove|revoke|suspend|raise|levy|ban|restrict)\b"
    r"[^,;.]{4,120})"
)


_WORDS = ("egulations", "decide", "negotiations", "that it w", "suspend", "announced to")
"""A sentence without one of these has none of the measures that only this module finds."""


def title_day(article: Article) -> str | None:
    """The day that the title of a press conference prints: `(January 9, 2031)`, `on December 2, 2031`."""
    match = _TITLE_DAY.search(article.title or "")
    if match is None:
        return None
    printed = match["day"] or match["day2"]
    dated = dates_in(printed, 0, len(printed), article.published)
    return dated[0].value if dated and len(dated[0].value) == 10 else None


def reported_records(article: Article) -> list[Candidate]:
    """Candidates of a page of the ministry that reports, in text order."""
    today = title_day(article) or article.published
    found = news_en.reported_records(article)
    for candidate in found:
        if candidate.kept:
            _settle(article, candidate, today)
    if any(word in article.text for word in _WORDS):
        for start, end in evidence_sentences(article.text):
            if any(article.text.find(word, start, end) >= 0 for word in _WORDS):
                found.extend(_more(article, start, end, found, today))
    _one_of_a_name(found)
    return sorted(found, key=lambda candidate: candidate.evidence[0][0] if candidate.evidence else 0)


def _settle(article: Article, candidate: Candidate, today: str | None) -> None:
    text = article.text
    start, end = candidate.evidence[0]
    if candidate.strength < 3:
        candidate.title = _ADDED.sub("", candidate.title)
    candidate.title = _MANNER.sub("", candidate.title).removeprefix("related ").removeprefix("relevant ")
    candidate.title = _BARE_MONTH.sub("", candidate.title)
    starts = _STARTS.search(candidate.title)
    if starts and candidate.effective_on is None:
        days = dates_in(starts["day"], 0, len(starts["day"]), today, future=True)
        candidate.effective_on = days[0].value if days else None
        candidate.title = candidate.title[: starts.start()]
    if candidate.action == "support" and _abroad(candidate) and action_of(candidate.title) == "other":
        around = action_of(text[start:end], text[end : end + 400])
        candidate.action = around if around != "support" else "restriction"
    period = _PERIOD.search(candidate.title)
    if period:
        candidate.title = candidate.title[: period.start()]
        days = dates_in(f"{period['first']} {period['year']}", 0, 40, today)
        month = re.search(r"[A-Z][a-z]+", period["first"]) or re.search(r"[A-Z][a-z]+", period["last"])
        if month and month[0] not in period["first"]:
            days = dates_in(f"{period['first']} {month[0]} {period['year']}", 0, 40, today)
        candidate.issued_on = candidate.issued_on or (days[0].value if days else None)
    if candidate.instrument == "law" and candidate.issuers == ("Ministry of Commerce",):
        candidate.issuers = ()
    if "white paper" in candidate.title.lower() and _PAPER_OF.search(text[start:end]):
        candidate.drop("a paper of an association")
    head = _SIGNED_HEAD.search(text, start, end)
    if head and candidate.title in {head["name"], f"the {head['name']}"}:
        goes_on = _NAME_GOES_ON.match(text, head.end("name"), end)
        candidate.title = text[head.start() : goes_on.end() if goes_on else head.end("name")]
        candidate.strength = 3
        candidate.action = action_of(candidate.title, text[start:end])
    if candidate.instrument in {"agreement", "announcement", "statement"} and candidate.issued_on is None:
        candidate.issued_on = _of_visit(text, start, end, today)
    told = _ENDS.search(text, start, end) if candidate.status == "planned" and not candidate.issued_on else None
    if told and told["day"] and candidate.title.split()[0] in told["what"]:
        days = dates_in(text, *told.span("day"), today)
        candidate.issued_on = days[0].value if days else None
    at = text.find(candidate.trigger, start, end) if candidate.trigger else -1
    if at >= 0 and candidate.strength < 3 and _HABIT.search(text, max(start, at - 30), at):
        candidate.drop("a habit, not one measure")
    if candidate.salience == "background" and candidate.status == "issued":
        _salience(text, candidate, today)


def _abroad(candidate: Candidate) -> bool:
    """Whether another country's body acts: what the ministry answers to is no support of ours."""
    table = bodies()
    return bool(candidate.issuers) and not any(
        name in table and table[name].place in {"China", ""} for name in candidate.issuers
    )


def _of_visit(text: str, start: int, end: int, today: str | None) -> str | None:
    """The month of the visit on which it was signed: `During the visit … signed` after `On July 3-4, … visited`."""
    if _VISIT.search(text, start, end) is None:
        return None
    days = _MONTH_DAYS.findall(text, max(0, start - 600), start)
    month = dates_in(days[-1], 0, len(days[-1]), today) if days else []
    return month[0].value[:7] if month else None


def _salience(text: str, candidate: Candidate, today: str | None) -> None:
    """News is what the days before the page brought, though a question told it first and the answer dated it."""
    last, first = day_of(today), day_of(candidate.issued_on or candidate.effective_on)
    if last and first:
        if candidate.rule not in {"number", "measure in a subordinate clause"} and 0 <= (last - first).days <= 14:
            candidate.salience = "news"
        return
    start, end = candidate.evidence[0]
    at = text.find(candidate.trigger, start, end) if candidate.trigger else -1
    if at < 0 or candidate.rule not in {"issued", "measure"}:
        return
    stop = at + len(candidate.trigger)
    lately = _JUST_NOW.search(text[max(start, at - 120) : at]) or _LATELY_AFTER.match(text, stop, end)
    if lately or _HAS_DECIDED.search(text[start:at]):
        candidate.salience = "news"


def _more(article: Article, start: int, end: int, found: list[Candidate], today: str | None) -> list[Candidate]:
    text = article.text
    made: list[Candidate] = []
    rules = _RULES_OF_LAW.search(text, start, end)
    if rules and not _BASIS.search(text[start : rules.start("name")]):
        made.append(_candidate("a law's regulations", rules["name"], "regulation", (start, end), "background", 3))
        made[-1].action = next((c.action for c in found if c.kept and c.title == rules["law"]), "other")
        made[-1].action = action_of(rules["law"], text[start:end]) if made[-1].action == "other" else made[-1].action
    suspends = _SUSPENDS.search(text, start, end)
    if suspends and not any(c.kept and c.instrument == "decision" and c.evidence[0] == (start, end) for c in found):
        made.append(_suspension(article, start, end, suspends, found, today))
    lists = _LISTS.search(text, start, end)
    if lists is not None:
        made.extend(_listing(article, start, end, lists, found, today))
    concluded = _CONCLUDED.search(text, start, end) if start < 600 else None
    if concluded and not any(concluded["what"].rstrip(" .") in c.title for c in found if c.kept):
        deal = _candidate(
            "negotiations concluded", concluded["what"].rstrip(" ."), "agreement", (start, end), "news", 3
        )
        deal.status, deal.action = "planned", action_of(deal.title, text[start:end])
        made.append(deal)
    ends = _ENDS.search(text, start, end)
    issuers = tuple(m.name for m in bodies_in(text, ends.start("who"), ends.end("who"))) if ends else ()
    if ends and issuers and not any(c.kept and c.evidence[0] == (start, end) for c in found):
        act = _candidate("announced that it would", ends["what"], "other", (start, end), "news", 1)
        act.issuers, act.status, act.action = issuers, "planned", action_of(ends["what"])
        days = dates_in(text, *ends.span("day"), today) if ends["day"] else []
        act.issued_on = days[0].value if days else None
        made.append(act)
    return [candidate for candidate in made if not any(c.kept and c.title == candidate.title for c in found)]


def _candidate(rule: str, title: str, kind: str, sentence: tuple[int, int], salience: str, strength: int) -> Candidate:
    return Candidate(
        rule=rule, trigger=title.split()[0], title=title, instrument=kind, evidence=[sentence],  # type: ignore[arg-type]
        salience=salience, strength=strength, reason="of the sort that the ministry writes about",  # type: ignore[arg-type]
    )  # fmt: skip


def _suspension(
    article: Article, start: int, end: int, match: re.Match[str], found: list[Candidate], today: str | None
) -> Candidate:
    """A suspension is a decision of its own; who issued what it suspends has decided it."""
    decision = _candidate("suspends", match["what"].removeprefix("decided to "), "decision", (start, end), "news", 2)
    touched = [c for c in found if c.kept and c.number and (start, end) in c.evidence]
    for number in touched:
        number.salience, number.effective_on = "background", None
    own = tuple(m.name for m in bodies_in(article.text, match.start("who"), match.end("who")))
    decision.issuers = touched[0].issuers if touched else tuple(n for n in own if bodies()[n].kind == "central")
    decision.action = touched[0].action if touched else action_of(match["what"], article.text[start:end])
    decision.issued_on = today if today and len(today) == 10 else None
    days = [
        w
        for w in dates_in(article.text, start, end, today, future=True)
        if re.search(r"(?:[Aa]s of|[Ff]rom|[Ss]tarting|effective) $", article.text[max(start, w.start - 10) : w.start])
    ]
    decision.effective_on = days[0].value if days else None
    return decision


def _listing(
    article: Article, start: int, end: int, match: re.Match[str], found: list[Candidate], today: str | None
) -> list[Candidate]:
    """`decided to include A and B on the Unreliable Entity List`; what a question said would be listed has been."""
    text = article.text
    said = _SAID_ON.search(text, 0, end)
    days = dates_in(text, *said.span("day" if said["day"] else "day2"), today) if said else []
    known = [c for c in found if c.kept and c.instrument == "list" and match["list"].lower() in c.title.lower()]
    for candidate in known:
        if candidate.status == "planned":
            candidate.status = "issued"
            candidate.issued_on = candidate.issued_on or (days[0].value if days else None)
        candidate.add_evidence((start, end))
    if known:
        return []
    listing = _candidate("lists", match["what"], "list", (start, end), "news", 2)
    listing.action = "sanction" if match["list"].lower().startswith(("unreliable", "counter")) else "export_control"
    names = tuple(dict.fromkeys(m.name for m in bodies_in(text, 0, match.start()) if m.kind == "mechanism"))
    own = tuple(m.name for m in bodies_in(text, start, match.start()) if m.kind in {"central", "mechanism"})
    listing.issuers = names[:1] if listing.action == "sanction" and names else own
    listing.issued_on = days[0].value if days else None
    return [listing]


def _one_of_a_name(found: list[Candidate]) -> None:
    """`The Regulations` in title case after the full name are that instrument."""
    for candidate in found:
        inside = (
            other
            for other in found
            if other is not candidate and candidate.kept and other.kept and len(other.title) > len(candidate.title) + 8
            if other.evidence[0] == candidate.evidence[0] and candidate.title in other.title and other.strength == 3
        )
        if (whole := next(inside, None)) is not None:
            candidate.drop(f"part of the name of {whole.title[:40]!r}")
        if not candidate.kept or _BARE.fullmatch(candidate.title) is None:
            continue
        noun = candidate.title.removeprefix("the ")
        named = [c for c in found if c is not candidate and c.kept and noun in c.title and len(c.title) > len(noun) + 4]
        if named:
            named[0].add_evidence(*candidate.evidence)
            candidate.drop(f"the same instrument as {named[0].title[:40]!r}")

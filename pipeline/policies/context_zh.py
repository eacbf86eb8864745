"""What Chinese prose names in passing: joint statements, agreements that are signed or enter into force, a law's own
regulations, and the year that a paragraph gives to the deeds it lists.
"""

from __future__ import annotations

import re

from pipeline.model import Article
from pipeline.patterns import regex
from pipeline.policies.actions import action_of
from pipeline.policies.candidates import Candidate
from pipeline.policies.dates import dates_in, day_of

_STATEMENT = regex(
    r"(?P<name>(?:中[一-龥]{1,4}|两国|双方|三国)[一-龥]{0,16}?联合(?:声明|公报))(?=中?(?:提到|提出|明确|达成|规定|指出|确认|承诺|发布|发表|[，。]))"
)
_AGREEMENT = regex(
    r"(?<![一-龥—·A-Z])(?P<name>RCEP|[一-龥—·\-．.0-9A-Z〈〉]{2,48}?(?:协定|议定书|谅解备忘录|合作备忘录|关税安排))"
    r"(?P<more>[^，。；《》]{0,14}?)(?P<deed>签署|生效|实施)"
)
_CONCLUDED = regex(
    r"(?<![一-龥—·A-Z])(?:宣布)?(?P<name>[一-龥—·\-．.0-9A-Z]{4,30}?(?:自贸区|自贸协定|自由贸易协定|投资协定)[^，。；谈]{0,10}?)"
    r"(?:升级)?谈判(?:已)?(?:实质性|全面|正式|顺利)*(?:完成|结束)"
)
_NOT_NEW = regex(r"推动|谈判|尽快|争取|力争|有望|期待|希望|早日|后$|将$|待$")
_AND_RULES = regex(r"《(?P<law>[^《》]{2,40}法)》(?:及|和|及其|和其)(?P<name>(?:实施)?(?:条例|细则))")
_THIS_YEAR = regex(r"今年以来|(?P<year>\d{4})年以来")


def in_passing(article: Article, start: int, end: int) -> list[Candidate]:
    """The instruments that a sentence names beside what it tells."""
    text = article.text
    found = []
    if text.find("联合", start, end) >= 0:
        for match in _STATEMENT.finditer(text, start, end):
            found.append(_named(match["name"], "statement", "statement named", (start, end)))
    if law := _AND_RULES.search(text, start, end):
        rules = _named(law["name"], "regulation", "a law's regulations", (start, end))
        rules.action = action_of(law["law"], text[start:end])
        found.append(rules)
    if concluded := _CONCLUDED.search(text, start, end):
        deal = _named(concluded["name"], "agreement", "negotiations concluded", (start, end))
        deal.status, deal.action, deal.strength = "planned", action_of(concluded["name"], text[start:end]), 2
        days = dates_in(text, start, concluded.start("name"), article.published)
        deal.salience = "news" if days or start < 300 else "background"
        found.append(deal)
    deed = _AGREEMENT.search(text, start, end)
    agreed = _agreed(article, start, end, deed) if deed else None
    if agreed is not None:
        found.append(agreed)
    return found


def _named(name: str, instrument: str, rule: str, sentence: tuple[int, int]) -> Candidate:
    return Candidate(
        rule=rule, trigger=name, title=name, instrument=instrument,  # type: ignore[arg-type]
        salience="background", strength=3, evidence=[sentence], reason="named as something that exists",
    )  # fmt: skip


def _agreed(article: Article, start: int, end: int, match: re.Match[str]) -> Candidate | None:
    """`中国—某国自由贸易协定升级议定书在某市签署`, `……自1月1日起生效`."""
    text = article.text
    if _NOT_NEW.search(text[start : match.start("name")] + match["more"]) or "《" in match["name"]:
        return None
    signed = match["deed"] == "签署"
    name = re.sub(r"^(?:\d{1,2}月)?\d{1,2}日", "", match["name"])
    candidate = _named(name, "agreement", "agreement in passing", (start, end))
    candidate.head, candidate.strength = "agreement", 2
    candidate.action = action_of(match["name"], text[start:end])
    dates = dates_in(text, start, match.start("deed"), article.published, future=not signed)
    if candidate.action == "other" and re.search(r"自贸|自由贸易|RCEP|经济伙伴", name):
        candidate.action = "opening"
    if dates and signed:
        candidate.issued_on = dates[-1].value
    elif dates:
        candidate.effective_on = dates[-1].value
    today = day_of(article.published)
    day = day_of(candidate.issued_on or candidate.effective_on)
    if today and day and -40 <= (today - day).days <= 14:
        candidate.salience = "news"
    return candidate


def short_names(found: list[Candidate]) -> None:
    """Fold `《指导意见》` into `《关于某事的指导意见》`, whose last words it is."""
    named = [c for c in found if c.kept and c.rule.startswith(("name", "number"))]
    for candidate in named:
        full = next(
            (c for c in named if c.kept and c is not candidate and c.title != candidate.title
             and c.title.endswith(candidate.title)),
            None,
        )  # fmt: skip
        if full is not None and not candidate.number:
            full.add_evidence(*candidate.evidence)
            candidate.drop("the short name of an instrument named in full")


def one_agreement(found: list[Candidate]) -> None:
    """Fold an agreement told in other words, `某某升级议定书在某市签署`, into its name in 《》 close by."""
    short = [c for c in found if c.kept and c.rule == "agreement in passing"]
    for candidate in short:
        for other in found:
            near = abs(other.evidence[0][0] - candidate.evidence[0][0]) < 300
            if other.kept and other.instrument == "agreement" and other.rule.startswith("name") and near:
                other.add_evidence(*candidate.evidence)
                other.issued_on = other.issued_on or candidate.issued_on
                other.effective_on = other.effective_on or candidate.effective_on
                other.salience = "news" if candidate.salience == "news" else other.salience
                other.action = candidate.action if other.action == "other" else other.action
                candidate.drop("told again with its name")
                break


def dated_by_paragraph(article: Article, found: list[Candidate]) -> None:
    """`今年以来，……。实施《某法》，公布某清单`: undated deeds that a paragraph lists for this year get the year."""
    text = article.text
    year = (article.published or "")[:4]
    for candidate in found:
        if not candidate.kept or candidate.status != "issued" or candidate.issued_on or candidate.effective_on:
            continue
        if candidate.rule not in {"name issued", "noun issued", "a law's regulations"}:
            continue
        start = candidate.evidence[0][0]
        opened = text.rfind("\n", 0, start) + 1
        since = _THIS_YEAR.search(text, opened, start)
        if since is None or not year or dates_in(text, since.end(), start, article.published):
            continue
        value = since["year"] or year
        if candidate.trigger.startswith("实施") or candidate.rule == "a law's regulations":
            candidate.effective_on = value
        else:
            candidate.issued_on = value


def of_the_page(found: list[Candidate]) -> None:
    """A joint statement that a measure carries out does what the measure does."""
    news = [c for c in found if c.kept and c.salience == "news"]
    for candidate in found:
        if candidate.rule == "statement named" and candidate.action == "other" and news:
            candidate.action = news[0].action

"""The words in which Chinese pages issue, decide and object, and whether a page reports the measures of others."""

from __future__ import annotations

import re

from pipeline.model import Article
from pipeline.patterns import regex
from pipeline.policies.acting_zh import chinese_bodies
from pipeline.policies.dates import dates_in, day_of
from pipeline.policies.issuers import bodies_in

ISSUE = regex(
    r"(?:联合)?(?:批复同意|发布|公布|印发|出台|颁布|制定(?:了|出台|并发布)|签署|推出|下发|修订(?:发布)?"
    r"|通过|实施了?(?=《|$)|公布实施|编制了?|起草|宣布|发表)了?"
)
STANCE = regex(
    r"坚决反对|敦促|希望|呼吁|要求(?:美|欧|日|荷|英|对)方|应当?(?:立即)?(?:停止|纠正"
    r"|撤销|取消)|立即(?:停止|纠正|撤销|取消)|破坏|意欲何为|不应受到|奉劝|停止对"
)
OWN_SIDE = regex(r"中方|中国政府|我国|我方|我(?=对|将)")
BASIS = regex(r"(?:根据|依据|依照|按照|违反|基于|落实|规避)(?:《[^《》]{2,80}》[、和及]?(?:等)?){0,6}$")
JUST_NOW = regex(r"(?:近日|日前|今日|今天|昨日|昨天|当天|刚刚)(?=[^。；]{0,60}$)")


def is_report(article: Article) -> bool:
    """Whether the page reports other bodies' measures, and neither answers the press nor tells of a meeting."""
    return not re.search(r"答记者问|发言人|发布会|座谈|会见|会谈|通电话", article.title or "") and not re.search(
        r"记者问|答：|表示[,，]|发布会", article.text[:600]
    )


def foreign_author(article: Article, start: int, before: str) -> tuple[str, ...]:
    """On a page that reports a foreign ministry's changes, the ministry named first is the author of all of them."""
    if not is_report(article) or OWN_SIDE.search(before):
        return ()
    foreign = [m.name for m in bodies_in(article.text, 0, min(start, 600)) if m.kind in {"foreign", "supranational"}]
    return (foreign[0],) if foreign else ()


def page_date(article: Article, start: int) -> str | None:
    """The day that a report names in its first words."""
    if not is_report(article):
        return None
    dates = [w.value for w in dates_in(article.text, 0, min(start, 200), article.published) if len(w.value) == 10]
    return dates[0] if dates else None


def is_topic(article: Article, noun: str) -> bool:
    """Whether the headline is about such an instrument, or is not that of an answer to the press."""
    return noun in (article.title or "") or "新闻发言人" not in (article.title or "")


def of_these_days(issuers: tuple[str, ...], issued: str | None, published: str | None) -> bool:
    """A Chinese body's own announcement of the page's day or the two before it is what the page is about."""
    first, last = day_of(issued), day_of(published)
    return bool(issuers) and chinese_bodies(issuers) and bool(first and last and 0 <= (last - first).days <= 2)

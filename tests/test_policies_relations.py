"""Which sentences say that one instrument amends, repeals or suspends another, and which only sound like it."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.model import Article, PolicyAnnouncement, Span
from pipeline.policies.relations import find_relations

Record = tuple[str, str | None]


def read(text: str, *records: Record, own: bool = False, language: str = "en") -> list[tuple[Any, ...]]:
    """(relation, subject, object or number, date) of a text whose announcements are `records`, the first the news."""
    policies = []
    for at, (title, number) in enumerate(records):
        place = max(text.find(title), 0)
        span = Span.cut(text, place, place + len(title)) if title in text else Span.cut(text, 0, len(text))
        policies.append(
            PolicyAnnouncement(
                title=title, number=number, instrument="announcement", evidence=(span,),
                salience="background" if at else "news", issuers=("Ministry of Commerce",),
            )
        )  # fmt: skip
    article = Article(
        source="mofcom", url="https://x.cn/1", title="t", text=text, language=language,  # type: ignore[arg-type]
        kind="announcement" if own else "news",
    )  # fmt: skip
    found = find_relations(article, policies)
    return [(one.relation, one.subject, one.number if one.object is None else one.object, one.on_date) for one in found]


OURS = ("关于竹藤制品的公告", "商务部公告2031年第8号")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("自2031年5月4日起，暂停实施商务部公告2030年第61号。", [("suspends", 0, 1, "2031-05-04")]),
        ("商务部公告2030年第61号自2031年5月4日起暂停实施。", [("suspends", 0, 1, "2031-05-04")]),
        ("本公告自2031年5月4日起执行，商务部公告2030年第61号同时废止。", [("repeals", 0, 1, "2031-05-04")]),
        ("将商务部公告2030年第61号第三条修改为“竹制品”。", [("amends", 0, 1, None)]),
        ("恢复实施商务部公告2030年第61号。", [("resumes", 0, 1, None)]),
        ("根据商务部公告2030年第61号，调查期限延长6个月。", []),
        ("商务部发布商务部公告2030年第61号，决定废止有关措施。", []),
        ("业界建议废止商务部公告2030年第61号。", []),
    ],
)
def test_a_ministrys_own_page_says_what_it_does(sentence: str, expected: list[tuple[Any, ...]]) -> None:
    text = f"关于竹藤制品的公告\n\n{sentence}"
    assert read(text, OURS, ("2030年第61号公告", "商务部公告2030年第61号"), own=True, language="zh") == expected


def test_a_list_behind_a_verb_is_taken_whole() -> None:
    text = (
        "关于竹藤制品的公告\n\n废止《竹编管理办法》（商务部令2011年第4号）和《藤编管理办法》（商务部令2012年第5号）。"
    )
    records = (OURS, ("竹编管理办法", "商务部令2011年第4号"), ("藤编管理办法", "商务部令2012年第5号"))
    assert read(text, *records, own=True, language="zh") == [("repeals", 0, 1, None), ("repeals", 0, 2, None)]


def test_a_document_that_is_no_announcement_of_the_article_is_known_by_its_number() -> None:
    text = "关于竹藤制品的公告\n\n自公布之日起，商务部公告2029年第12号废止。"
    assert read(text, OURS, own=True, language="zh") == [("repeals", 0, "商务部公告2029年第12号", None)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Announcement No. 8 of 2031 repeals Announcement No. 18 of 2030.", [("repeals", 0, 1, None)]),
        ("Announcement No. 18 of 2030 is repealed by Announcement No. 8 of 2031.", [("repeals", 0, 1, None)]),
        (
            "Announcement No. 8 of 2031 suspends Announcement No. 18 of 2030 from May 4, 2031.",
            [("suspends", 0, 1, "2031-05-04")],
        ),
        ("Traders called on the ministry to repeal Announcement No. 18 of 2030.", []),
        ("The ministry is not suspending Announcement No. 18 of 2030, Announcement No. 8 of 2031 said.", []),
        ("Announcement No. 8 of 2031 was read beside Announcement No. 18 of 2030.", []),
    ],
)
def test_news_say_what_one_does_to_the_other(sentence: str, expected: list[tuple[Any, ...]]) -> None:
    text = f"The Ministry of Commerce issued Announcement No. 8 of 2031 on bamboo.\n\n{sentence}"
    records = (
        ("Announcement No. 8 of 2031", "MOFCOM Announcement No. 8 of 2031"),
        ("Announcement No. 18 of 2030", "MOFCOM Announcement No. 18 of 2030"),
    )
    assert read(text, *records) == expected


def test_an_article_that_names_no_other_document_says_nothing() -> None:
    text = "The Ministry of Commerce suspended a plan to amend the rules that extend the tariff."
    assert read(text, ("a plan to amend the rules", None)) == []

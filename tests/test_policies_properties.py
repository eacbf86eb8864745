"""Whatever the text, evidence slices to itself, the answer is the same twice, and hostile input stays bounded."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Article, PolicyAnnouncement
from pipeline.policies import find_dropped, find_policies
from pipeline.policies.candidates import LIMIT

PIECES = (
    "The Ministry of Commerce ",
    "issued ",
    "a guideline ",
    "to support samples ",
    "on Nov 21",
    ". ",
    "\n\n",
    "will ",
    "banned exports ",
    "China ",
    "the plan ",
    "which took effect on Jan 1",
    "MOFCOM Announcement No. 4 of 2031",
    "，",
    "。",
    "商务部",
    "发布",
    "《样品管理办法》",
    "公告2031年第5号",
    "决定将",
    "列入不可靠实体清单",
    "本公告自公布之日起实施",
    "答：",
    "【发布文号】",
    "附件\n",
    "1. 青石公司\n",
    "同时废止",
    "“",
    "（",
    "自2031年",
    "government work report ",
    "negative list for foreign investment ",
    "and ",
    "by ",
    "(",
    '"',
    "2031",
    " ",
    "İ",
    "\u200c",
    "𠮷",
)
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.text(max_size=300))
PUBLISHED = st.sampled_from([None, "", "2031", "2031-02", "2031-02-30", "2031-11-28T10:21:00+08:00", "soon"])


def check(article: Article, records: tuple[PolicyAnnouncement, ...]) -> None:
    for record in records:
        assert record.title
        assert record.title == record.title.strip()
        assert len(set(record.issuers)) == len(record.issuers)
        for span in record.evidence:
            assert article.text[span.start : span.end] == span.text
            assert span.text == span.text.strip() != ""


@settings(max_examples=300, deadline=None)
@given(
    text=TEXTS,
    title=st.one_of(st.none(), TEXTS),
    published=PUBLISHED,
    source=st.sampled_from(["mofcom", "china_daily"]),
)
def test_evidence_slices_to_its_text(text: str, title: str | None, published: str | None, source: str) -> None:
    article = Article(source=source, text=text, title=title, published=published)
    check(article, find_policies(article))


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_the_answer_is_the_same_twice(text: str) -> None:
    first = find_policies(Article(source="mofcom", text=text, published="2031-11-28", id="a"))
    again = find_policies(Article(source="mofcom", text=text, published="2031-11-28", id="b"))
    assert first == again


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_records_and_what_was_dropped_have_a_rule_and_a_reason(text: str) -> None:
    article = Article(source="mofcom", text=text, published="2031-11-28")
    assert all(record.why and record.why.rule and record.why.notes for record in find_policies(article))
    assert all(dropped.reason and dropped.why.rule for dropped in find_dropped(article))


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_repetition_ends_and_makes_no_flood(piece: str) -> None:
    text = "The Ministry of Commerce issued a plan to " + piece * (60_000 // len(piece))
    article = Article(source="mofcom", text=text, published="2031-11-28")
    assert len(find_policies(article)) + len(find_dropped(article)) <= LIMIT + 20
    check(article, find_policies(article))


def test_many_sentences_stop_at_the_limit() -> None:
    text = "\n\n".join(
        f"The Ministry of Commerce issued a guideline to support sample{n} on Nov {n % 27 + 1}." for n in range(2000)
    )
    article = Article(source="china_daily", text=text, published="2031-11-28")
    assert len(find_policies(article)) + len(find_dropped(article)) <= LIMIT + 20


def test_importing_reads_no_crawler_and_no_site() -> None:
    code = (
        "import sys, pipeline.policies;"
        "heavy = {'scrapy', 'twisted', 'datasette', 'web', 'db', 'bs4', 'lxml'};"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in heavy))"
    )
    root = Path(__file__).resolve().parents[1]
    answer = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"

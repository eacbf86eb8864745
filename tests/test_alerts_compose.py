"""What an alert mail says, and that a hostile page can put nothing into it but words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from alerts.compose import compose_alert, message_key
from alerts.passages import in_context
from alerts.rules import Rule
from alerts.sheet import Composed, one_line
from alerts.surroundings import Surroundings
from db.connection import row, rows
from tests.db_samples import CHINESE, TEXT, Desk, article, ministry, policy, quote, statements
from tests.watching import watching

EVIL = '<script>alert("x")</script> & "Trade" \'n\' more'


def composed(desk: Desk, one: Any = None, found: Any = None, **rule: Any) -> dict[str, Any]:
    """The first mail that a story makes."""
    values: dict[str, Any] = {
        "name": "Freight watch",
        "to": ("reader@example.org",),
        "kinds": ("announcement", "quote"),
    }
    hook = watching(desk, Rule(**{**values, **rule}))
    desk.store(one or article(), found if found is not None else usual_and_more(), on_new=hook)
    mail = row(desk.db, "SELECT * FROM outbox ORDER BY id")
    assert mail is not None
    return mail


def usual_and_more() -> Any:
    return statements(
        [
            quote(TEXT, "Barges will carry twice the grain next year,"),
            quote(TEXT, "the company would hire two hundred deckhands before the spring", kind="indirect"),
        ],
        [policy(TEXT, TEXT.partition("\n\n")[0], number="No 4 of 2026", effective_on="2026-12-01")],
    )


def letter(**changes: Any) -> Composed:
    """A letter about an article alone, with parts changed."""
    about = {"id": "a1", "title": "Barges", "source": "china_daily", "url": "https://www.chinadaily.com.cn/a/1.html"}
    about |= {"published_at": "2026-11-19T09:30:00+08:00", "text": TEXT, "language": "en", **changes}
    return compose_alert(
        rule=Rule(name="Freight", to=("reader@example.org",)),
        article=about,
        announcements=(),
        quotes=(),
        why=("it says river",),
        around=Surroundings(base_url="http://d", rule_id=7),
    )


def test_a_mail_tells_what_who_and_why_with_the_evidence(desk: Desk) -> None:
    mail = composed(desk)
    assert mail["subject"] == "MOFCOM issues guideline on river freight (+2 more)"
    for body in (mail["text"], BeautifulSoup(mail["html"], "lxml").get_text(" ")):
        said = " ".join(body.split())
        for part in (
            "Barges to get easier permits", "China Daily", "19 Nov 2026, 09:30", "No 4 of 2026", "1 Dec 2026",
            "Issued by",
            "easing permits for barges", "Lin Qiao", "chief executive, Weir & Quay Shipping Co Ltd",
            "Why you read this", "Freight watch", "Extracted by machine",
        ):  # fmt: skip
            assert part in said, part
    for statement in rows(desk.db, "SELECT id FROM policy_announcements"):
        assert f"http://desk.example.org/articles/{mail['article_id']}#{statement['id']}" in mail["html"]


def test_a_speaker_is_named_once_for_all_his_quotes(desk: Desk) -> None:
    text = composed(desk, kinds=("quote",))["text"]
    assert text.count("== Lin Qiao") == 1
    assert "«Barges will carry twice the grain next year,»" in text
    assert "«the company would hire two hundred deckhands before the spring»" in text


def test_the_words_of_a_quote_are_marked_in_their_paragraph(desk: Desk) -> None:
    page = BeautifulSoup(composed(desk, kinds=("quote",))["html"], "lxml")
    first, second = page.find_all("mark")
    assert first.get_text() == "Barges will carry twice the grain next year,"
    assert "said Lin Qiao, chief executive" in first.parent.get_text()
    assert "Barges" not in second.parent.get_text(), "the next paragraph is not its context"


def test_the_evidence_is_marked_in_its_paragraph_and_the_words_asked_for_in_it(desk: Desk) -> None:
    mail = composed(desk, kinds=("announcement",), query="guideline OR freigh*")
    page = BeautifulSoup(mail["html"], "lxml")
    assert [found.get_text() for found in page.find_all("b")] == ["guideline", "freight"]
    assert "".join(found.get_text() for found in page.find_all("mark")) == TEXT.partition("\n\n")[0]
    assert "«The Ministry of Commerce issued a *guideline* on river *freight* on Nov 18, easing" in mail["text"]


def test_chinese_words_asked_for_are_marked(desk: Desk) -> None:
    found = statements(policies=[policy(CHINESE, CHINESE.partition("\n\n")[0], title="公布对银杏叶提取物实施出口管制")])
    mail = composed(desk, ministry(), found, kinds=("announcement",), query="许可管理", name="出口")
    assert mail["subject"] == "商务部公布对银杏叶提取物实施出口管制"
    assert "出口实行*许可管理*。»" in mail["text"]
    assert "商务部 (Ministry of Commerce)" in mail["text"]
    page = BeautifulSoup(mail["html"], "lxml")
    assert page.html["lang"] == "zh-Hans"
    assert {tag["lang"] for tag in page.find_all(["h1", "h2"])} == {"zh-Hans"}


def test_each_match_leads_to_article_source_archive_and_rule(desk: Desk) -> None:
    mail = composed(desk)
    (archived,) = rows(desk.db, "SELECT id FROM pages WHERE article_id IS NOT NULL")
    places = (
        f"http://desk.example.org/articles/{mail['article_id']}#",
        "https://www.chinadaily.com.cn/a/202611/19/WSaaaa0001.html",
        f"http://desk.example.org/archived/{archived['id']}",
        "http://desk.example.org/rules/1",
    )
    matches = mail["html"].split("<h2")[1:]
    assert len(matches) == 2
    for match in matches:
        links = re.findall(r'href="([^"]*)"', match)
        assert [place for place in places if not any(link.startswith(place) for link in links)] == []
    for match in mail["text"].split("\n== ")[1:]:
        assert [place for place in places if place not in match] == []


def test_a_mail_of_very_many_statements_is_not_cut_by_mail_programs(desk: Desk) -> None:
    text = "\n\n".join(f"Notice {n} on goods of class {n} was issued, {'and so on ' * 120}." for n in range(80))
    many = [policy(text, line, title=f"notice {n}", number=f"No {n}") for n, line in enumerate(text.split("\n\n"))]
    mail = composed(desk, article(text), statements(policies=many), kinds=("announcement",))
    assert len(mail["html"].encode()) < 102_000
    shown = mail["html"].count("<h2")
    assert 10 < shown < 60
    assert f"… and {80 - shown} more: " in mail["text"]
    assert mail["subject"].endswith("(+79 more)")


def test_a_sentence_of_a_hundred_thousand_characters_is_cut(desk: Desk) -> None:
    text = "word " * 20_000 + "end."
    mail = composed(desk, article(text), statements(policies=[policy(text, text)]), kinds=("announcement",))
    assert len(mail["html"]) < 20_000
    assert "word … »" in mail["text"] or "word …»" in mail["text"]


def test_a_long_paragraph_is_cut_between_words() -> None:
    text = "word " * 200 + "the quoted words" + " word" * 200
    start = text.index("the quoted")
    pieces = in_context(text, [(start, start + 16)])
    assert [piece.marked for piece in pieces] == [False, True, False]
    assert pieces[0].text.startswith("… word")
    assert pieces[2].text.endswith("word …")
    assert all(len(piece.text) < 300 for piece in pieces)


def test_what_a_page_says_cannot_become_markup(desk: Desk) -> None:
    text = TEXT.replace("Lin Qiao", "Lin <b>Qiao")
    found = statements(
        [quote(text, "Barges will carry twice the grain next year,", speaker="Lin <b>Qiao", organization=EVIL)],
        [policy(text, text.partition("\n\n")[0], title=EVIL, issuers=(EVIL,), entities=(EVIL,), number=EVIL)],
    )
    mail = composed(desk, article(text, title=EVIL), found, name="<i>rule</i>")
    page = BeautifulSoup(mail["html"], "lxml")
    assert page.find_all(["script", "b", "i"]) == []
    assert EVIL in page.find("h1").get_text()
    assert EVIL in mail["text"], "text is text: nothing is escaped in it"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "JavaScript:alert(1)", "file:///etc/passwd", "//evil.example.org/"],
)
def test_only_addresses_of_the_web_are_linked(url: str) -> None:
    made = letter(url=url)
    links = re.findall(r'href="([^"]*)"', made.html)
    assert links
    assert all(link.startswith("http://d/") for link in links)
    assert url not in made.text


def test_a_quotation_mark_in_an_address_ends_no_attribute() -> None:
    page = BeautifulSoup(letter(url='https://www.chinadaily.com.cn/a"onmouseover="x').html, "lxml")
    assert not [tag for tag in page.find_all("a") if tag.has_attr("onmouseover")]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("Tariffs\r\nBcc: all@example.org", "Tariffs Bcc: all@example.org"),
        ("a\x00b", "a b"),
        ("abc\u202egpj.exe", "abcgpj.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("one\u2028two\u0085three", "one two three"),
        ("half \ud800 pair", "half pair"),
        ("出口管制　公告", "出口管制 公告"),
        ("x" * 300, "x" * 149 + "…"),
    ],
)
def test_a_subject_is_one_line_of_printable_words(said: str, line: str) -> None:
    assert one_line(said, 150) == line


@given(st.text(max_size=300), st.integers(2, 200))
def test_a_subject_is_never_longer_nor_more_than_a_line(said: str, length: int) -> None:
    line = one_line(said, length)
    assert len(line) <= length
    assert line.splitlines() in ([], [line])
    assert one_line(line, length) == line


@given(st.text(alphabet="ab \n。", max_size=80), st.data())
def test_the_marked_words_are_the_words_whatever_stands_around_them(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    pieces = in_context(text, [(start, end)])
    assert "".join(piece.text for piece in pieces if piece.marked) == text[start:end]
    assert not [piece for piece in pieces if not piece.marked and "\n\n" in piece.text]


def test_equal_things_have_equal_keys_and_others_do_not() -> None:
    assert message_key("a", "b") == message_key("a", "b")
    assert len({message_key("a", "b"), message_key("ab"), message_key("b", "a"), message_key("a", "b", "")}) == 4

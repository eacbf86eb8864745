"""The pages of the site show what is held: announcements with evidence, articles with marks, instruments, people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from db.connection import row, value
from db.issues import add_issue
from db.review import decide
from tests.db_samples import CHINESE, NOON, TEXT, Desk, article, policy, quote, statements, usual
from tests.web_desk import FIRST, WORDS, Reader, filled, issue, site
from web.marks import Marked, mark_up
from web.render import STATIC


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return site(desk)


def one(desk: Desk, sql: str, *parameters: str) -> str:
    return str(value(desk.db, sql, list(parameters)))


def read(reader: Reader, path: str) -> str:
    answer = reader.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


# -- today ------------------------------------------------------------------------------------------------------------


def test_today_tells_each_announcement_with_issuer_dates_evidence_and_voices(reader: Reader) -> None:
    page = read(reader, "/")
    assert "guideline on river freight" in page
    assert "Ministry of Commerce" in page
    assert "issued <time" in page
    assert FIRST in page
    assert "Reactions" in page
    assert "Lin Qiao" in page
    assert "对银杏叶提取物实施出口管制的公告" in page
    assert 'lang="zh-Hans"' in page


def test_today_keeps_what_is_only_cited_apart_from_the_news(reader: Reader) -> None:
    page = read(reader, "/")
    news, _, beside = page.partition('<div class="beside">')
    assert "control of ginkgo extract" not in news
    assert "control of ginkgo extract" in beside


def test_today_tells_the_health_of_each_source_in_one_line(reader: Reader) -> None:
    page = read(reader, "/")
    assert "dot-ok" in page
    assert "China Daily" in page


def test_two_reports_of_one_instrument_are_one_story(desk: Desk, reader: Reader) -> None:
    again = "Barge owners cheered the guideline on river freight that the Ministry of Commerce issued on Nov 18."
    url = "https://www.chinadaily.com.cn/a/202611/19/WSaaaa0003.html"
    desk.store(article(again, url=url, title="Barge owners cheer"), statements(policies=[policy(again, again)]))
    page = read(reader, "/")
    assert page.count("guideline on river freight</a></h3>") == 1
    assert "Barge owners cheer" in page


def test_an_empty_database_says_what_to_do(tmp_path: Path) -> None:
    reader = site(Desk(tmp_path / "empty.sqlite"))
    assert "policywire crawl" in read(reader, "/")
    for path in ("/search", "/search?in=quotes&q=x", "/review", "/sources"):
        read(reader, path)


# -- search -----------------------------------------------------------------------------------------------------------


def test_a_search_finds_chinese_words_inside_longer_runs_and_marks_them(reader: Reader) -> None:
    page = read(reader, "/search?q=出口")
    assert "<mark>出口</mark>" in page


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/search?in=quotes&role=executive", "Lin Qiao"),
        ("/search?in=quotes&q=grain", "<mark>grain</mark>"),
        ("/search?in=articles&language=zh", "商务部公告2026年第9号"),
        ("/search?in=articles&q=deckhands&source=china_daily", "Barges to get easier permits"),
        ("/search?instrument=guideline&review_state=open", "guideline on river freight"),
        ("/search?salience=background", "control of ginkgo extract"),
        ("/search?issuer=Ministry+of+Commerce", "guideline on river freight"),
        ("/search?in=quotes&organization=Weir+%26+Quay+Shipping+Co+Ltd", "Lin Qiao"),
        ("/search?in=quotes&organization=商务部", "商务部新闻发言人"),
        ("/search?in=articles&since=2026-11-20", "Ginkgo growers shrug"),
    ],
)
def test_a_search_with_filters_has_an_address(reader: Reader, address: str, found: str) -> None:
    assert found in read(reader, address)


def test_filters_leave_out_what_does_not_fit(reader: Reader) -> None:
    assert "guideline on river freight" not in read(reader, "/search?action=export_control")
    assert "whatever the issuer (without Nobody)" in read(reader, "/search?issuer=Nobody")
    assert "Lin Qiao</a>" not in read(reader, "/search?in=quotes&role=official")


def test_the_tabs_keep_the_question_and_the_filters_that_both_have(reader: Reader) -> None:
    page = read(reader, "/search?q=ginkgo&language=en&salience=background")
    assert '/search?q=ginkgo&amp;in=quotes&amp;language=en"' in page


def test_a_query_that_cannot_be_understood_is_explained(reader: Reader) -> None:
    answer = reader.get("/search?q=(export")
    assert answer.status_code == 400
    assert "never closed" in answer.text


def test_a_filter_that_there_is_not_is_told_and_left_out(reader: Reader) -> None:
    page = read(reader, "/search?action=nonsense&since=yesterday")
    assert "“nonsense” is no action" in page
    assert "“yesterday” is no date" in page
    assert "guideline on river freight" in page


def test_more_results_are_a_link_away(desk: Desk, reader: Reader) -> None:
    for n in range(30):
        desk.store(
            article(f"Story number {n} of the flood.", url=f"https://www.chinadaily.com.cn/a/202611/01/WS{n:04}.html")
        )
    first = read(reader, "/search?in=articles&q=flood")
    following = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = read(reader, following)
    assert first.count('<article class="story">') == 25
    assert second.count('<article class="story">') == 5


# -- articles ---------------------------------------------------------------------------------------------------------


def test_an_article_marks_every_statement_at_the_anchor_that_mails_link_to(desk: Desk, reader: Reader) -> None:
    found = row(desk.db, "SELECT id, article_id FROM quotes_attributed WHERE text = ?", [WORDS])
    announced = one(desk, "SELECT id FROM policy_announcements WHERE title = 'guideline on river freight'")
    assert found is not None
    page = read(reader, f"/articles/{found['article_id']}")
    assert f'<mark class="quote n2" id="{found["id"]}" tabindex="-1">{WORDS}</mark>' in page
    assert f'<mark class="policy n1" id="{announced}" tabindex="-1">{FIRST}</mark>' in page
    assert f'id="r-{found["id"]}"' in page
    assert "Weir &amp; Quay Shipping Co Ltd" in page
    assert 'rel="noreferrer noopener external"' in page


def test_an_article_shows_its_header_block_number_and_attachments(desk: Desk, reader: Reader) -> None:
    identity = one(desk, "SELECT id FROM articles_latest WHERE language = ?", "zh")
    page = read(reader, f"/articles/{identity}")
    for expected in ("发布单位", "安全与管制局", "商务部公告2026年第9号", "附件：物项清单.pdf"):
        assert expected in page
    assert '<div class="text" lang="zh-Hans">' in page


def test_an_article_shows_what_its_revisions_changed(desk: Desk, reader: Reader) -> None:
    desk.store(article(TEXT.replace("two hundred deckhands", "three hundred deckhands")), usual())
    identity = one(desk, "SELECT id FROM articles_latest WHERE revision = 2")
    page = read(reader, f"/articles/{identity}")
    assert "Revision 2" in page
    assert "<del>two</del><ins>three</ins>" in page


def test_a_rejected_statement_keeps_its_anchor_with_the_reason(desk: Desk, reader: Reader) -> None:
    found = row(desk.db, "SELECT id, article_id FROM policy_announcements WHERE instrument = 'guideline'")
    assert found is not None
    decide(desk.db, found["id"], reviewer="Ana", decision="reject", reason="a plan of the company", now=NOON)
    page = read(reader, f"/articles/{found['article_id']}")
    assert f'<li id="{found["id"]}"' in page
    assert "rejected: a plan of the company" in page
    assert not re.search(rf'<mark class="[^"]*" id="{found["id"]}"', page)


def test_a_duplicate_points_to_the_first_article_and_back(desk: Desk, reader: Reader) -> None:
    url = "https://epaper.chinadaily.com.cn/a/202611/20/WSbbbb0001.html"
    stored = desk.store(article(url=url, published="2026-11-20"), usual())
    first = one(desk, "SELECT duplicate_of FROM articles WHERE id = ?", stored.article_id)
    assert "This article repeats" in read(reader, f"/articles/{stored.article_id}")
    assert f'/articles/{stored.article_id}"' in read(reader, f"/articles/{first}")


@pytest.mark.parametrize(
    "path", ["/articles/a0", "/instruments/i0", "/people/n0", "/review/q0", "/nowhere", "/review/x"]
)
def test_what_there_is_not_is_told(reader: Reader, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 404
    assert "There is no" in answer.text


# -- marks ------------------------------------------------------------------------------------------------------------


def test_marks_that_cross_are_closed_and_opened_again() -> None:
    text = "abcdefghij"
    marks = [
        Marked(id="p1", kind="policy", number=1, spans=((0, 6),)),
        Marked(id="q1", kind="quote", number=2, spans=((3, 9),)),
    ]
    markup = str(mark_up(text, marks, numbered=False)[0].markup)
    assert markup == (
        '<mark class="policy" id="p1" tabindex="-1">abc<mark class="quote" id="q1" tabindex="-1">def</mark></mark>'
        '<mark class="quote">ghi</mark>j'
    )


def test_a_quote_over_two_paragraphs_has_one_anchor() -> None:
    found = mark_up("one two\n\nthree four", [Marked(id="q1", kind="quote", number=1, spans=((4, 14),))])
    assert [p.statements for p in found] == [("q1",), ()]
    assert "".join(p.markup for p in found).count('id="q1"') == 1
    assert "".join(p.markup for p in found).count('class="ref n1"') == 1


def test_statements_heaped_upon_one_another_keep_their_anchors_and_the_page_small() -> None:
    text = "x" * 2000
    heap = [Marked(id=f"q{n}", kind="quote", number=n, spans=((n, n + 1000),)) for n in range(500)]
    markup = str(mark_up(text, heap)[0].markup)
    assert all(f'id="q{n}"' in markup for n in range(500))
    assert len(markup) < 100_000


# -- instruments, people, sources -------------------------------------------------------------------------------------


def test_an_instrument_gathers_reports_of_both_languages_and_who_was_quoted(desk: Desk, reader: Reader) -> None:
    identity = one(desk, "SELECT instrument_id FROM policy_announcements WHERE action = 'export_control' LIMIT 1")
    page = read(reader, f"/instruments/{identity}")
    for expected in (
        "2 articles report it",
        "control of ginkgo extract",
        "银杏叶提取物",
        "商务部新闻发言人",
        "same number",
    ):
        assert expected in page


def test_a_person_is_shown_with_every_quote_and_post(desk: Desk, reader: Reader) -> None:
    identity = one(desk, "SELECT person_id FROM quotes_attributed WHERE speaker = 'Lin Qiao' LIMIT 1")
    page = read(reader, f"/people/{identity}")
    assert "2 quotes" in page
    organization = one(desk, "SELECT organization_id FROM quotes_attributed WHERE speaker = 'Lin Qiao' LIMIT 1")
    assert f'href="/organizations/{organization}"' in page
    assert WORDS in page
    assert "We sell at home anyway," in page


def test_sources_show_health_runs_and_open_issues(desk: Desk, reader: Reader) -> None:
    add_issue(desk.db, issue(), run_id=None, now=NOON)
    page = read(reader, "/sources")
    for expected in ("business/tech", "layout changed", "<code>h1</code>", "Needs a person", "20 Nov 2026, 03:03 UTC"):
        assert expected in page


def test_healthz_is_well_while_the_database_can_be_read(reader: Reader) -> None:
    answer = reader.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_healthz_tells_strangers_nothing_but_that_it_is_not_well(desk: Desk, reader: Reader) -> None:
    desk.db.close()
    desk.path.rename(desk.path.with_name("aside"))
    answer = reader.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


def test_reading_leaves_the_database_as_it_was_once_the_visit_is_noted(desk: Desk, reader: Reader) -> None:
    read(reader, "/")
    before = desk.db.conn.execute("PRAGMA data_version").fetchone()
    for path in ("/", "/search?q=出口", "/sources", "/keys", "/healthz"):
        read(reader, path)
    assert desk.db.conn.execute("PRAGMA data_version").fetchone() == before


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_stands_out_from_what_it_stands_on(scheme: int) -> None:
    colours = colours_of_scheme(scheme)
    on = {
        "ink": ("ground", "sheet", "raised", "policy", "quote", "good-soft", "bad-soft", "warn-soft"),
        "quiet": ("ground", "sheet", "raised"),
        "accent": ("ground", "sheet", "raised"),
        "accent-ink": ("accent",),
        "good": ("good-soft", "ground", "sheet"),
        "warn": ("warn-soft", "sheet"),
        "bad": ("bad-soft", "ground", "raised"),
        "sheet": ("bad",),
    }
    weak = [(a, b) for a, grounds in on.items() for b in grounds if contrast(colours[a], colours[b]) < 4.5]
    assert weak == []


def colours_of_scheme(scheme: int) -> dict[str, str]:
    sheet = (STATIC / "site.css").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for block in re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)[: scheme + 1]:
        found.update(re.findall(r"--([\w-]+): #(\w{6});", block))
    return found


def contrast(a: str, b: str) -> float:
    """The contrast of two colours, as WCAG 2 reckons it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_a_statement_of_the_chinese_document_is_quoted_whole(reader: Reader) -> None:
    assert CHINESE.partition("\n\n")[0] in read(reader, "/")
    assert quote(TEXT, WORDS).span.text == WORDS

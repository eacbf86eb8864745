"""Full text: Chinese inside longer runs, queries as people type them, pages of results."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.connection import value
from db.search import (
    MARK_END,
    MARK_START,
    SearchError,
    find_articles,
    find_policies,
    find_quotes,
    highlight,
    matches,
    probing,
    rejoin,
    separate,
    to_match,
)
from tests.db_samples import CHINESE, TEXT, Desk, article, ministry, policy, quote, statements, usual


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.store(article(), usual())
    said = quote(
        CHINESE, "这一做法符合国际惯例，不针对任何特定国家", kind="indirect", cue="表示", speaker="商务部新闻发言人",
        speaker_type="unnamed", role=None, title=None, organization="商务部",
    )  # fmt: skip
    issued = policy(
        CHINESE, CHINESE.partition("\n\n")[0], title="商务部公告2026年第9号", instrument="announcement",
        number="商务部公告2026年第9号", action="export_control", sectors=("银杏叶提取物",),
    )  # fmt: skip
    desk.store(ministry(), statements([said], [issued]))
    return desk


def titles(desk: Desk, query: str, **options: object) -> list[str]:
    return [str(hit["title"]) for hit in find_articles(desk.db, query, **options).rows]


# -- Chinese ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["商务部", "出口", "许可管理", "２０２６年第９号", "公告", "银杏叶提取物", "口"])
def test_chinese_words_are_found_inside_longer_runs(filled: Desk, words: str) -> None:
    assert len(titles(filled, words)) == 1


@pytest.mark.parametrize("words", ["商部", "口出", "税务", "务商"])
def test_characters_that_do_not_stand_together_are_not_found(filled: Desk, words: str) -> None:
    assert titles(filled, words) == []


def test_full_text_finds_what_like_finds_in_a_thousand_chinese_texts(desk: Desk) -> None:
    characters = "商务部出口管制公告进令海关税"
    texts = [
        "".join(characters[(at * at * 7 + step * (at % 5 + 1)) % len(characters)] for step in range(12))
        for at in range(300)
    ]
    for at, text in enumerate(texts):
        desk.store(article(text, url=f"https://x.cn/{at}.html", language="zh", title=None))
    for word in ("商务部", "出口", "务部", "管制", "关", "公告进"):
        like = value(desk.db, "SELECT count(*) FROM articles_latest WHERE text LIKE ?", [f"%{word}%"])
        assert len(find_articles(desk.db, word, limit=1000).rows) == like, word


@settings(deadline=None, database=None)
@given(st.text(max_size=60))
def test_the_indexed_form_gives_the_text_back(text: str) -> None:
    plain = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff０-９Ａ-Ｚａ-ｚ]", "", text)
    assert rejoin(separate(plain)) == plain


def test_a_snippet_shows_the_text_with_marks_around_the_hit(filled: Desk) -> None:
    hit = find_articles(filled.db, "许可管理").rows[0]
    assert f"实行{MARK_START}许可管理{MARK_END}。" in hit["snippet"]
    assert highlight(filled.db, hit["id"], "商务部") == CHINESE.replace("商务部", f"{MARK_START}商务部{MARK_END}")
    assert highlight(filled.db, hit["id"], "barge") is None


# -- queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("barges permits", 1),
        ("BARGES", 1),
        ("barge", 0),
        ("barg*", 1),
        ('"river freight"', 1),
        ('"freight river"', 0),
        ("“river freight”", 1),
        ("barges OR 商务部", 2),
        ("barges AND 商务部", 0),
        ("barges NOT deckhands", 0),
        ("barges -copper", 1),
        ("(barges OR copper) AND spring", 1),
        ("deckhands -(copper OR tea)", 1),
        ("title:barges", 1),
        ("title:deckhands", 0),
        ('title:"easier permits"', 1),
        ("NEAR(hundred spring, 6)", 1),
        ("NEAR(guideline spring, 6)", 0),
        ("Weir & Quay", 1),
        ("co-operate", 0),
        ("and or not", 0),
        ("http://x.cn/?q='--;", 0),
    ],
)
def test_queries_mean_what_people_expect(filled: Desk, query: str, found: int) -> None:
    assert len(titles(filled, query)) == found


@pytest.mark.parametrize(
    ("query", "message", "position"),
    [
        ('barges "river', "this quotation mark is never closed", 7),
        ("(barges", "this bracket is never closed", 0),
        ("barges)", "this bracket closes nothing", 6),
        ("NOT barges", "NOT only takes away", 10),
        ("barges AND", "AND needs a word after it", 7),
        ("barges OR", "a word is missing here", 9),
        ("OR barges", "a word is missing here", 0),
        ("…", "no word to look for", 0),
        ("title:", "`title:` needs a word after it", 0),
        ("NEAR(barges)", "NEAR needs at least two words", 0),
        ("NEAR(barges permits", "NEAR( is never closed", 0),
        ("(" * 30 + "a" + ")" * 30, "brackets go more than", 20),
        ("a " * 201, "more than 200 words", 0),
        ("a" * 4001, "longer than 4,000", 4000),
    ],
)
def test_a_query_that_cannot_be_understood_says_what_is_wrong_and_where(
    filled: Desk, query: str, message: str, position: int
) -> None:
    with pytest.raises(SearchError, match=re.escape(message)) as caught:
        find_articles(filled.db, query)
    assert caught.value.position == position


_PIECES = st.sampled_from(
    ['"', "(", ")", "AND", "OR", "NOT", "NEAR(", "*", ":", "title:", "text:", "-", "^", "+", "商务部", "a", "b2", "“",
     "」", ",", "5", " ", "\x00", "'", ";", "\\", "{", "}", "\ud83d", "🙂", "é"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, database=None, max_examples=400)
@given(st.lists(_PIECES, max_size=14).map("".join) | st.text(max_size=30))
def test_no_query_ever_makes_sqlite_complain(filled: Desk, query: str) -> None:
    try:
        expression = to_match(query, columns=("title", "text"))
    except SearchError:
        return
    filled.db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", [expression]).fetchone()


# -- finding ----------------------------------------------------------------------------------------------------------


def test_quotes_and_announcements_are_found_by_what_they_say_and_who_says_it(filled: Desk) -> None:
    assert [hit["speaker"] for hit in find_quotes(filled.db, "grain").rows] == ["Lin Qiao"]
    assert [hit["speaker"] for hit in find_quotes(filled.db, "speaker:发言人").rows] == ["商务部新闻发言人"]
    assert [hit["action"] for hit in find_policies(filled.db, "银杏叶").rows] == ["export_control"]
    assert find_quotes(filled.db, "grain", role="executive", language="en").rows
    assert not find_quotes(filled.db, "grain", role=["official", "expert"]).rows
    assert find_policies(filled.db, issuer="Ministry of Commerce", sector="银杏叶提取物").rows
    assert not find_policies(filled.db, issuer="State Council").rows


def test_filters_of_time_and_source_hold(filled: Desk) -> None:
    assert titles(filled, "permits", since="2026-11-19", until="2026-11-19") == ["Barges to get easier permits"]
    assert titles(filled, "permits", since="2026-11-20") == []
    assert len(find_articles(filled.db, source="mofcom").rows) == 1
    with pytest.raises(ValueError, match="no filter 'colour'"):
        find_articles(filled.db, colour="red")


def test_duplicates_can_be_left_out(filled: Desk) -> None:
    filled.store(article(url="https://usa.chinadaily.com.cn/a/202611/19/WSaaaa0001.html"))
    assert len(titles(filled, "barges")) == 2
    assert len(titles(filled, "barges", duplicates=False)) == 1


@pytest.mark.parametrize("order", ["date", "relevance"])
def test_pages_of_results_are_complete_and_without_repeats(desk: Desk, order: str) -> None:
    for at in range(23):
        text = f"Tea number {at}. " + "tea " * (at % 4)
        desk.store(article(text, url=f"https://x.cn/{at}.html", title=None, published=f"2026-11-{at % 5 + 1:02}"))
    seen: list[str] = []
    after: str | None = None
    while True:
        page = find_articles(desk.db, "tea", order=order, limit=5, after=after)
        seen += [hit["id"] for hit in page.rows]
        after = page.next
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 23
    with pytest.raises(SearchError):
        find_articles(desk.db, "tea", after="nonsense")


def test_a_revision_replaces_what_is_found_and_a_retired_quote_is_found_no_more(filled: Desk) -> None:
    filled.store(article("Only about copper now."), statements())
    assert titles(filled, "barges") == ["Barges to get easier permits"], "the title still says so"
    assert titles(filled, "text:barges") == []
    assert titles(filled, "copper") == ["Barges to get easier permits"]
    assert find_quotes(filled.db, "grain").rows == ()


def test_a_rule_can_ask_whether_one_article_or_statement_matches(filled: Desk) -> None:
    stored = filled.store(article(url="https://x.cn/9.html"), usual(TEXT))
    assert matches(filled.db, stored.article_id, "barges AND permits")
    assert not matches(filled.db, stored.article_id, "商务部")
    assert matches(filled.db, stored.new[0], "speaker:Lin grain")
    assert matches(filled.db, stored.new[1], "guideline")
    assert not matches(filled.db, "a000000000000000", "barges")
    with pytest.raises(SearchError):
        matches(filled.db, stored.article_id, "(")


def test_many_rules_asked_at_once_are_answered_as_one_by_one(filled: Desk) -> None:
    stored = filled.store(article(url="https://x.cn/9.html"), usual(TEXT))
    chinese = str(value(filled.db, "SELECT id FROM articles WHERE language = 'zh'"))
    for target in (stored.article_id, *stored.new, chinese, "a000000000000000"):
        with probing(filled.db, target) as asked:
            for query in (
                "barges AND permits",
                "出口 OR grain",
                "guideline",
                "title:guideline -copper",
                "speak*",
                "务部",
            ):
                assert asked(query) == matches(filled.db, target, query), (target, query)

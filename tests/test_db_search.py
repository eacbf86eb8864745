"""Full text: Chinese inside longer runs, queries as people type them, pages of results."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.connection import rows, value
from db.finding.fulltext import INDEXES, index_everything, rejoin, separate
from db.finding.probing import probing_all
from db.review import decide, undo
from db.search import (
    MARK_END,
    MARK_START,
    SearchError,
    find_articles,
    find_policies,
    find_quotes,
    highlight,
    matches,
    to_match,
)
from tests.db_samples import CHINESE, NOON, TEXT, Desk, article, ministry, policy, quote, statements, usual


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


LONG = "Copper rose. " * 4_000 + "The Barges of Pèrth carry 2026年第9号 tea. " + "铜价上涨，" * 30_000


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("barges", "Barges"),
        ("“barges of” zinc OR barges", "Barges of"),
        ("barg*", "Barges"),
        ("-zinc 2026年第9号", "2026年第9号"),
        ("第9号", "第9号"),
        ("銅價 tea", "tea"),
        ("NEAR(carry tea, 9)", "carry"),
    ],
)
def test_a_very_long_text_is_cut_where_it_says_so(desk: Desk, query: str, marked: str) -> None:
    desk.store(article(LONG, url="https://x.cn/long.html", title="Long"))
    (hit,) = find_articles(desk.db, query).rows
    assert f"{MARK_START}{marked}{MARK_END}" in hit["snippet"]
    assert "Perth" in hit["snippet"].replace("è", "e")
    assert len(hit["snippet"]) < 400


def test_a_very_long_text_with_very_many_hits_is_not_left_to_the_index_to_cut(desk: Desk) -> None:
    desk.store(article("铜价" * 200_000, url="https://x.cn/long.html", title="铜价" * 30_000))
    (hit,) = find_articles(desk.db, "铜价").rows
    assert hit["snippet"] == f"{MARK_START}铜价{MARK_END}" * 60 + "…"
    assert hit["heading"] is None


def test_the_best_hits_are_marked_as_the_newest_are(filled: Desk) -> None:
    for query in ("许可管理", "barges -zinc", "deckhands"):
        (newest,) = find_articles(filled.db, query).rows
        (best,) = find_articles(filled.db, query, order="relevance").rows
        assert newest["heading"] == best["heading"]
        assert MARK_START in best["snippet"]
        assert newest["snippet"].count(MARK_START) == best["snippet"].count(MARK_START)


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
        ("商" * 100_000, "longer than 4,000", 4000),
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
    filled.store(article(url="https://x.cn/9.html"), usual(TEXT))
    for kind in INDEXES:
        ids = dict(filled.db.execute(f"SELECT seq, id FROM {INDEXES[kind].base}"))  # noqa: S608
        with probing_all(filled.db, kind, [*ids, 999]) as asked:
            for query in ("barges AND permits", "出口 OR grain", "title:guideline -copper", "Lin*", "务部", "every"):
                found = asked(to_match(query, columns=INDEXES[kind].columns))
                assert found == {seq for seq, held in ids.items() if matches(filled.db, held, query)}, (kind, query)


# -- time and filters -------------------------------------------------------------------------------------------------


def told(desk: Desk, at: int, published: str, **changes: object) -> str:
    """A story of its own; gives its id."""
    url = f"https://www.chinadaily.com.cn/a/202611/WS{at:04}.html"
    return desk.store(
        article(f"Copper tale {at}.", url=url, title=f"Tale {at}", published=published, **changes)
    ).article_id


def test_the_newest_come_first_whatever_the_order_of_storing(desk: Desk) -> None:
    for at, published in enumerate(["2026-11-03", "2019-05-01T08:00:00+08:00", "1949-10-01", "2026-11-04", "2020"]):
        told(desk, at, published)
    assert titles(desk, "copper") == ["Tale 3", "Tale 0", "Tale 4", "Tale 1", "Tale 2"]
    assert titles(desk, "") == ["Tale 3", "Tale 0", "Tale 4", "Tale 1", "Tale 2"]


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2026-11-18", "2026-11-18", ["day"]),
        ("2026-11", "2026-11", ["evening", "day"]),
        ("2026", None, ["evening", "day"]),
        (None, "2026-10", ["morning"]),
        (None, "2025", ["morning"]),
        ("2026-12-31", "2026-01-01", []),
        ("0000", "9999", ["evening", "day", "morning"]),
        ("2026-02-31", None, ["evening", "day", "morning"]),
    ],
)
def test_a_day_is_a_day_in_china(desk: Desk, since: str | None, until: str | None, found: list[str]) -> None:
    for at, (name, published) in enumerate(
        [("day", "2026-11-18"), ("evening", "2026-11-19T23:30:00+08:00"), ("morning", "2025-12-31T23:59:00+08:00")]
    ):
        desk.store(article("Copper.", url=f"https://x.cn/{at}.html", title=name, published=published))
    assert titles(desk, "copper", since=since, until=until) == found


def test_a_page_before_leads_back_to_the_first(desk: Desk) -> None:
    for at in range(23):
        told(desk, at, f"2026-11-{at + 1:02}")
    pages = [find_articles(desk.db, "copper", limit=5)]
    while pages[-1].next:
        pages.append(find_articles(desk.db, "copper", limit=5, after=pages[-1].next))
    back = pages[-1]
    for expected in reversed(pages[:-1]):
        assert back.previous is not None
        back = find_articles(desk.db, "copper", limit=5, before=back.previous)
        assert [hit["id"] for hit in back.rows] == [hit["id"] for hit in expected.rows]
    assert back.previous is None
    assert len(pages) == 5


@pytest.mark.parametrize("mark", ["nonsense", "-1", "1e9", "٣", "9" * 30, "1;--"])
@pytest.mark.parametrize("order", ["date", "relevance"])
def test_an_odd_mark_of_a_page_is_refused(filled: Desk, mark: str, order: str) -> None:
    for name in ("after", "before"):
        with pytest.raises(SearchError, match="no mark of a page"):
            find_articles(filled.db, "barges", order=order, **{name: mark})


def test_more_rows_than_a_minute_has_places_are_all_found_in_order(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.finding.fulltext.A_MINUTE", 3)
    for at in range(8):
        told(desk, at, "2026-11-03T10:00:00+08:00")
    told(desk, 8, "2026-11-03T10:01:00+08:00")
    assert len(titles(desk, "copper")) == 9
    assert value(desk.db, "SELECT count(DISTINCT place) FROM articles") == 9


def test_an_article_that_changes_its_time_takes_its_quotes_along(desk: Desk) -> None:
    told(desk, 1, "2026-11-10")
    stored = desk.store(article(published="2026-11-12"), usual())
    desk.store(article(published="2026-11-08"), usual())
    assert [hit["id"] for hit in find_articles(desk.db).rows][-1] == stored.article_id
    assert find_quotes(desk.db, "grain", since="2026-11-08", until="2026-11-08").rows
    assert not find_quotes(desk.db, "grain", since="2026-11-12").rows
    assert value(desk.db, "SELECT count(*) FROM quotes_fts") == 1


def test_a_decision_changes_what_a_filter_finds(filled: Desk) -> None:
    quoted = str(value(filled.db, "SELECT id FROM quotes WHERE speaker = 'Lin Qiao'"))
    decide(filled.db, quoted, reviewer="Ana", decision="correct", changes={"role": "expert"}, now=NOON)
    assert [hit["id"] for hit in find_quotes(filled.db, role="expert", review_state="corrected").rows] == [quoted]
    assert not find_quotes(filled.db, role="executive").rows
    decide(filled.db, quoted, reviewer="Ana", decision="reject", reason="no quote", now=NOON)
    assert not find_quotes(filled.db, "grain").rows
    undo(filled.db, quoted, reviewer="Ana", now=NOON)
    assert find_quotes(filled.db, "grain", role="expert").rows


@pytest.mark.parametrize("name", ["Ministry of Commerce", "ministry of commerce", "Ｍinistry of  Commerce"])
def test_a_name_is_found_whatever_its_case_width_and_spaces(filled: Desk, name: str) -> None:
    assert find_policies(filled.db, issuer=name).rows


def test_several_values_of_a_filter_are_alternatives_and_several_filters_conditions(filled: Desk) -> None:
    assert len(find_policies(filled.db, action=["opening", "export_control"]).rows) == 2
    assert len(find_policies(filled.db, action=["opening", "export_control"], language="zh").rows) == 1
    assert not find_policies(filled.db, action="opening", language="zh").rows


def test_words_never_match_the_tags_of_filters(filled: Desk) -> None:
    for word in ("every", "tags:every", "every*", "source*"):
        assert titles(filled, word) == [], word
    identity = str(value(filled.db, "SELECT id FROM articles WHERE language = 'en'"))
    assert not matches(filled.db, identity, "every")


@pytest.mark.parametrize(("asked", "said"), [("關稅", "关税"), ("关税", "關稅"), ("管製", "管制"), ("關税", "关税")])
def test_simplified_and_traditional_characters_find_each_other(desk: Desk, asked: str, said: str) -> None:
    desk.store(article(f"今日{said}调整。", url="https://x.cn/1.html", title="t", language="zh"))
    (hit,) = find_articles(desk.db, asked).rows
    assert f"{MARK_START}{said}{MARK_END}" in hit["snippet"]


def test_what_a_person_said_is_found_by_the_person_and_words(filled: Desk) -> None:
    person = str(value(filled.db, "SELECT person_id FROM quotes WHERE speaker = 'Lin Qiao'"))
    assert len(find_quotes(filled.db, person_id=person).rows) == 1
    assert len(find_quotes(filled.db, "grain", person_id=person, role="executive").rows) == 1
    assert not find_quotes(filled.db, "copper", person_id=person).rows
    assert not find_quotes(filled.db, person_id="n000000000000000").rows


def test_the_best_match_comes_first_where_relevance_is_asked_for(desk: Desk) -> None:
    told(desk, 1, "2026-11-10")
    desk.store(article("A tale.", url="https://x.cn/7.html", title="Copper, copper", published="2019-01-01"))
    assert titles(desk, "copper", order="relevance") == ["Copper, copper", "Tale 1"]
    assert titles(desk, "copper") == ["Tale 1", "Copper, copper"]


def test_no_search_sorts_or_scans(filled: Desk) -> None:
    options: list[dict[str, object]] = [
        {}, {"source": "mofcom"}, {"since": "2026"}, {"duplicates": False}, {"issuer": ["State Council", "x"]},
    ]  # fmt: skip
    for query in (None, "出口", "the OR 公告 -steel"):
        for chosen in options:
            asked: list[str] = []
            filled.db.conn.set_trace_callback(asked.append)
            find_policies(filled.db, query, **chosen)
            filled.db.conn.set_trace_callback(None)
            for sql in asked:
                if not sql.startswith("SELECT"):
                    continue  # what FTS5 and triggers ask themselves
                plan = [str(step["detail"]) for step in rows(filled.db, f"EXPLAIN QUERY PLAN {sql}")]
                assert not [step for step in plan if "TEMP B-TREE" in step], plan
                scans = [step for step in plan if step.startswith("SCAN")]
                assert all("VIRTUAL TABLE" in step or "json_each" in step for step in scans), plan


def test_an_older_database_is_indexed_anew(filled: Desk) -> None:
    def found() -> list[str]:
        return [hit["id"] for look in (find_articles, find_quotes, find_policies) for hit in look(filled.db).rows]

    before = found()
    index_everything(filled.db)
    assert found() == before
    assert find_policies(filled.db, "银杏叶", action="export_control").rows

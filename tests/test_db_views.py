"""The analysts' contract: every public view and table is documented as it is, and says what it promises."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from db.connection import row, rows, value
from db.crawling.runs import finish_run, open_run
from db.health.view import source_health
from db.issues import add_issue
from db.names import utc
from db.status import read_status
from db.views import PUBLIC_VIEWS
from pipeline.model import Issue
from tests.db_samples import CHINESE, NOON, TEXT, Desk, article, ministry, policy, quote, statements, usual

DOCS = Path(__file__).resolve().parents[1] / "docs" / "database.md"

PROMISED = {
    "articles_latest": "id source url title authors credit section language published_at updated_at text duplicate_of",
    "policy_announcements": "id article_id url title instrument number issuers issued_on effective_on status salience "
    "action regions sectors entities evidence review_state instrument_id",
    "quotes_attributed": "id article_id url kind text start end cue speaker speaker_type role title organization "
    "person_id review_state",
    "executive_quotes": "id article_id url kind text start end cue speaker speaker_type role title organization "
    "person_id review_state",
    "instruments": "id number title issuers issued_on official_url articles reactions",
    "policy_reactions": "instrument_id quote_id speaker organization role",
    "instrument_relations": "id from_id to_id relation on_date article_id start end text",
    "people": "id name name_zh organization_id organization quotes first_at last_at",
    "organizations_quoted": "id name name_zh quotes first_at last_at",
    "review_queue": "id kind article_id reason",
    "numbering_gaps": "series year number document lower lower_on upper upper_on instrument_id source",
    "attachments": "id article_id url name kind state why text",
    "source_health": "source last_success_at last_article_at articles_7d baseline_7d failures state",
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


def columns(desk: Desk, name: str) -> list[str]:
    return [found["name"] for found in rows(desk.db, f'PRAGMA table_info("{name}")')]


def documented_views() -> dict[str, list[str]]:
    chapter = DOCS.read_text(encoding="utf-8").partition("## Public views")[2].partition("## Tables")[0]
    sections = re.split(r"^### ", chapter, flags=re.MULTILINE)[1:]
    return {s.split("\n")[0].strip(): re.findall(r"^\| `(\w+)` \|", s, flags=re.MULTILINE) for s in sections}


def documented_tables() -> dict[str, list[str]]:
    chapter = DOCS.read_text(encoding="utf-8").partition("## Tables")[2].partition("## Rules")[0]
    found = re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", chapter, flags=re.MULTILINE)
    return {name: re.findall(r"`(\w+)`", held) for name, held in found}


def test_the_views_are_those_of_the_design_and_begin_with_what_was_promised(desk: Desk) -> None:
    assert set(PUBLIC_VIEWS) == set(PROMISED)
    for view, promised in PROMISED.items():
        assert columns(desk, view)[: len(promised.split())] == promised.split(), view


def test_every_view_is_documented_column_by_column(desk: Desk) -> None:
    assert documented_views() == {view: columns(desk, view) for view in PUBLIC_VIEWS}


def test_every_table_is_documented_column_by_column(desk: Desk) -> None:
    tables = [
        found["name"]
        for found in rows(desk.db, "SELECT name FROM sqlite_master WHERE type = 'table'")
        if not re.search(r"_fts_|^sqlite_", found["name"])
    ]
    assert documented_tables() == {table: columns(desk, table) for table in tables}


def test_every_view_can_be_selected_from_when_the_database_is_empty(desk: Desk) -> None:
    for view in PUBLIC_VIEWS:
        assert list(rows(desk.db, f"SELECT * FROM {view}")) == []  # noqa: S608


def test_an_instrument_counts_its_articles_and_the_reactions_to_it(desk: Desk) -> None:
    desk.store(article(), usual())
    other = TEXT.replace("easing permits for barges", "which eases permits")
    desk.store(
        article(other, url="https://www.chinadaily.com.cn/a/202611/25/WSaaaa0009.html", published="2026-11-25"),
        statements([quote(other, "the company would hire")], [policy(other, other.partition("\n\n")[0])]),
    )
    background = statements([quote(CHINESE, "符合国际惯例")], [policy(CHINESE, CHINESE[:10], salience="background")])
    desk.store(ministry(), background)

    found = list(rows(desk.db, "SELECT title, articles, reactions FROM instruments"))
    assert found == [{"title": "guideline on river freight", "articles": 3, "reactions": 2}]
    assert value(desk.db, "SELECT count(*) FROM policy_reactions WHERE role = 'executive'") == 2


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("SELECT * FROM articles_latest WHERE id = 'a'", "sqlite_autoindex_articles_1"),
        ("SELECT * FROM articles_latest ORDER BY sort_at DESC, seq DESC LIMIT 20", "articles_by_time"),
        ("SELECT * FROM quotes_attributed WHERE article_id = 'a'", "quotes_by_article"),
        ("SELECT * FROM executive_quotes ORDER BY sort_at DESC, seq DESC LIMIT 20", "quotes_by_role"),
        ("SELECT * FROM quotes_attributed WHERE person_id = 'n'", "quotes_by_person"),
        ("SELECT * FROM policy_announcements WHERE article_id = 'a'", "policies_by_article"),
        ("SELECT * FROM policy_announcements ORDER BY sort_at DESC, seq DESC LIMIT 20", "policies_by_time"),
        ("SELECT * FROM policy_reactions WHERE instrument_id = 'i'", "policies_by_instrument"),
        ("SELECT * FROM instruments WHERE id = 'i'", "policies_by_instrument"),
        ("SELECT * FROM review_queue LIMIT 20", "policies_to_review"),
        ("SELECT * FROM attachments WHERE id = 'f'", "sqlite_autoindex_annexes_1"),
        ("SELECT * FROM attachments WHERE article_id = 'a'", "sqlite_autoindex_annexes_2"),
        ("SELECT * FROM review_queue ORDER BY rank, confidence, seq DESC LIMIT 20", "quotes_to_review"),
    ],
)
def test_the_views_answer_through_indexes_and_never_sort_the_whole(desk: Desk, question: str, index: str) -> None:
    plan = [str(step["detail"]) for step in rows(desk.db, f"EXPLAIN QUERY PLAN {question}")]
    assert any(f"INDEX {index}" in step for step in plan), plan
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan, plan


# -- health -----------------------------------------------------------------------------------------------------------


def published(desk: Desk, days_ago: int, count: int = 1) -> None:
    day = (NOON - timedelta(days=days_ago)).date().isoformat()
    for at in range(count):
        url = f"https://www.chinadaily.com.cn/a/{day}/{at}.html"
        desk.store(article(f"Story {at} of {day}.", url=url, published=day))


def ran(desk: Desk, state: str, hours_ago: float = 1) -> None:
    moment = NOON - timedelta(hours=hours_ago)
    run = open_run(desk.db, source="china_daily", job="crawl", pid=1, now=moment)
    finish_run(desk.db, run, state=state, reason="test", now=moment)


def health(desk: Desk) -> dict[str, object]:
    return source_health(desk.db, now=utc(NOON))[0]


def test_a_source_with_its_usual_articles_is_ok(desk: Desk) -> None:
    for week in range(5):
        published(desk, 3 + 7 * week, count=6)
    ran(desk, "ok")
    assert (health(desk)["articles_7d"], health(desk)["baseline_7d"], health(desk)["state"]) == (6, 6.0, "ok")


def test_a_source_with_a_third_of_its_usual_articles_is_thin(desk: Desk) -> None:
    published(desk, 3, count=2)
    for week in range(1, 5):
        published(desk, 3 + 7 * week, count=6)
    ran(desk, "ok")
    assert health(desk)["state"] == "thin"


def test_a_source_without_articles_or_runs_is_silent(desk: Desk) -> None:
    for week in range(1, 5):
        published(desk, 3 + 7 * week)
    ran(desk, "ok")
    assert health(desk)["state"] == "silent"


def test_a_source_that_nobody_asked_for_two_days_is_not_crawled(desk: Desk) -> None:
    published(desk, 1)
    ran(desk, "ok", hours_ago=50)
    assert health(desk)["state"] == "not_crawled"


def test_two_failures_in_a_row_are_failing_and_a_success_mends_it(desk: Desk) -> None:
    ran(desk, "ok", hours_ago=9)
    ran(desk, "failed", hours_ago=8)
    assert health(desk)["state"] == "ok"
    ran(desk, "failed", hours_ago=7)
    assert (health(desk)["state"], health(desk)["failures"]) == ("failing", 2)
    ran(desk, "partial", hours_ago=6)
    assert (health(desk)["state"], health(desk)["failures"]) == ("ok", 0)


def test_a_back_catalogue_read_in_one_night_is_no_baseline(desk: Desk) -> None:
    for year in range(3):
        published(desk, 400 + 365 * year, count=9)
    published(desk, 2, count=3)
    ran(desk, "ok")
    assert (health(desk)["baseline_7d"], health(desk)["state"]) == (0.0, "ok")


def test_the_view_says_what_the_function_says(desk: Desk) -> None:
    ran(desk, "failed")
    issue = Issue(kind="listing_empty", source="china_daily", url="https://x.cn/", detail="no links")
    add_issue(desk.db, issue, now=NOON)
    found = row(desk.db, "SELECT source, state, failures, open_issues FROM source_health")
    assert found == {"source": "china_daily", "state": "failing", "failures": 1, "open_issues": 1}
    assert "source china_daily is failing" in read_status(desk.db, NOON).needs_a_person

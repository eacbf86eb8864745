"""The status of a desk costs the same however much it holds: counts stop, and every look goes along an index."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.connection import rows, value
from db.crawling.requests import ask_for_crawl, last_requests, take_request
from db.crawling.routes import owed_of
from db.crawling.runs import close_lost_runs, finish_run, last_run, open_run
from db.health.view import source_health
from db.issues import add_issue, close_issue
from db.names import utc
from db.numbering import gap_lines
from db.outbox import claim, outbox_counts
from db.status import needs_a_person, read_status
from pipeline.model import Issue
from tests.db_samples import NOON, Desk, article, ministry, usual
from tests.web_desk import filled

LARGE = "articles|revisions|quotes|policies|pages|instrument_registry|runs|issues|outbox|owed|crawl_requests"
_NUMBERS = """
CREATE TEMP TABLE numbers AS
WITH RECURSIVE some (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM some WHERE n <= 10000) SELECT n FROM some
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


def ran(desk: Desk, job: str, source: str | None, state: str, hours_ago: float) -> None:
    moment = NOON - timedelta(hours=hours_ago)
    finish_run(
        desk.db, open_run(desk.db, source=source, job=job, pid=1, now=moment), state=state, reason="test", now=moment
    )


def owe(desk: Desk, stories: int) -> None:
    desk.db.conn.execute(
        "INSERT INTO owed (canonical_url, source, url, title, rank, sort_at, found_at, "
        "next_attempt_at) SELECT 'https://x.cn/' || n, 'mofcom', '', '', 0, '', '', '2026' FROM numbers WHERE n <= ?",
        [stories],
    )


def test_no_question_reads_a_table_from_end_to_end(desk: Desk) -> None:
    asked: list[str] = []
    desk.db.conn.set_trace_callback(asked.append)
    read_status(desk.db, NOON)
    needs_a_person(desk.db, source_health(desk.db, now=utc(NOON)), NOON)
    gap_lines(desk.db, since=2025)
    owed_of(desk.db, "mofcom")
    last_requests(desk.db)
    desk.db.conn.set_trace_callback(None)
    assert len(asked) > 15
    for sql in asked:
        plan = [str(step["detail"]) for step in rows(desk.db, f"EXPLAIN QUERY PLAN {sql}")]
        # a plain count stops at its limit, and walks an index until then
        stops = re.search(r"^SELECT count\(\*\) FROM \(SELECT 1 FROM [^(]* LIMIT 10001\)$", sql)
        bounded = r".* USING (COVERING )?INDEX .*" if stops else r"(?!x)x"
        names = re.findall(rf"\b({LARGE}) AS (\w+)", sql)
        tables = "|".join({LARGE, *(alias for _table, alias in names)})
        scans = [step for step in plan if re.match(rf"SCAN ({tables})\b", step) and not re.fullmatch(bounded, step)]
        assert scans == [], sql
        assert not [step for step in plan if "AUTOMATIC" in step and re.search(rf"\b({LARGE})\b", step)], sql


@pytest.mark.parametrize(
    ("index", "question"),
    [
        ("owed_given_up", "SELECT 1 FROM owed WHERE source = 'mofcom' AND next_attempt_at IS NULL"),
        ("owed_waiting", "SELECT 1 FROM owed WHERE source = 'mofcom' AND next_attempt_at IS NOT NULL"),
        ("policies_by_place", "SELECT 1 FROM policies WHERE place IS NOT NULL"),
        ("quotes_by_place", "SELECT 1 FROM quotes WHERE place IS NOT NULL"),
    ],
)
def test_what_is_rare_is_counted_without_a_look_at_what_is_not(desk: Desk, index: str, question: str) -> None:
    (step,) = (str(step["detail"]) for step in rows(desk.db, f"EXPLAIN QUERY PLAN {question}"))
    assert re.search(rf"USING (COVERING )?INDEX {index}\b", step), step


def test_what_the_scheduler_asks_all_day_looks_only_at_what_is_open(desk: Desk) -> None:
    asked: list[str] = []
    desk.db.conn.set_trace_callback(asked.append)
    assert take_request(desk.db, now=NOON) is None
    assert ask_for_crawl(desk.db, "mofcom", by="ana", now=NOON)
    assert take_request(desk.db, now=NOON) is not None
    assert not ask_for_crawl(desk.db, "mofcom", by="ana", now=NOON)
    claim(desk.db, NOON, timedelta(minutes=1), 9)
    last_run(desk.db, job="crawl", source="mofcom")
    close_lost_runs(desk.db, NOON)
    desk.db.conn.set_trace_callback(None)
    found = [
        (str(step["detail"]), sql)
        for sql in asked
        if sql.lstrip().startswith(("SELECT", "WITH"))
        for step in rows(desk.db, f"EXPLAIN QUERY PLAN {sql}")
    ]
    few = r"(crawl_requests_(waiting|taken)|runs_open|runs_by_job_and_source \(job=\? AND source=\?\)|outbox_waiting)"
    assert len(found) > 8
    for step, sql in found:
        if re.match(rf"(SCAN|SEARCH) ({LARGE})\b", step):
            assert re.search(rf"INDEX {few}", step), (step, sql)


def test_the_counts_are_those_of_the_public_views(desk: Desk) -> None:
    reviewed = value(desk.db, "SELECT id FROM quotes_attributed LIMIT 1")
    desk.store(article(url="https://www.chinadaily.com.cn/a/202611/19/WSaaaa0031.html"), usual())
    desk.store(article("Nothing is left.", url="https://www.chinadaily.com.cn/a/202611/19/WSaaaa0031.html"))
    assert value(desk.db, "SELECT count(*) FROM quotes WHERE retired_at IS NOT NULL") == 1
    assert reviewed
    counts = read_status(desk.db, NOON).counts
    for name, view in (
        ("articles", "articles_latest"), ("announcements", "policy_announcements"), ("quotes", "quotes_attributed"),
    ):  # fmt: skip
        assert counts[name] == value(desk.db, f"SELECT count(*) FROM {view}"), name  # noqa: S608
    assert value(desk.db, "SELECT count(*) FROM review_queue") == read_status(desk.db, NOON).to_review


def test_a_count_stops_at_ten_thousand_and_says_so(desk: Desk) -> None:
    desk.db.conn.execute(_NUMBERS)
    owe(desk, 10_000)
    found = read_status(desk.db, NOON)
    assert (found.counts["owed"], found.more) == (10_000, ())
    desk.db.conn.execute("DELETE FROM owed")
    owe(desk, 10_001)
    desk.db.conn.execute(
        "INSERT INTO outbox (key, recipient, subject, text, headers, state, created_at, "
        "due_at, next_attempt_at) SELECT n, 'a@example.org', '', '', '{}', 'dead', '', '', '' FROM numbers"
    )
    desk.db.conn.execute(
        "INSERT INTO issues (kind, source, url, detail, first_seen_at, last_seen_at) "
        "SELECT 'crashed', 'mofcom', 'https://x.cn/' || n, '', '2026', '2026' FROM numbers"
    )
    found = read_status(desk.db, NOON)
    assert (found.counts["owed"], found.outbox.dead) == (10_000, 10_000)
    assert found.more == ("counts.owed", "outbox.dead")
    (issue,) = found.issues
    assert (issue["open"], issue["more"], issue["url"]) == (10_000, True, "https://x.cn/10001")
    assert (owed_of(desk.db, "mofcom").waiting, outbox_counts(desk.db).dead) == (10_001, 10_001)
    said = "\n".join(needs_a_person(desk.db, found.sources, NOON))
    assert "10,000+ mails could not be delivered" in said
    assert "10,000+ open issues 'crashed' of mofcom, the newest at https://x.cn/10001" in said
    assert {one["source"]: one["open_issues"] for one in found.sources}.get("mofcom", 10_000) == 10_000


def test_the_newest_run_of_each_job_and_source_is_shown_those_of_no_source_too(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "policywire.sqlite")
    ran(desk, "crawl", "mofcom", "ok", 9)
    ran(desk, "crawl", "china_daily", "failed", 8)
    ran(desk, "reprocess", None, "failed", 7)
    ran(desk, "reprocess", None, "ok", 6)
    ran(desk, "reprocess", "mofcom", "ok", 5)
    ran(desk, "crawl", "mofcom", "partial", 4)
    found = [(run["job"], run["source"], run["state"]) for run in read_status(desk.db, NOON).runs]
    assert found == [
        ("reprocess", None, "ok"),
        ("crawl", "china_daily", "failed"),
        ("crawl", "mofcom", "partial"),
        ("reprocess", "mofcom", "ok"),
    ]


def test_open_issues_are_told_by_source_and_kind_the_most_frequent_first(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "policywire.sqlite")
    for at, (source, kind) in enumerate(
        (("mofcom", "crashed"), ("mofcom", "timeout"), ("mofcom", "timeout"), ("china_daily", "blocked"))
    ):
        one = Issue(kind=kind, source=source, url=f"https://x.cn/{at}", detail=f"of {at}")
        add_issue(desk.db, one, now=NOON + timedelta(hours=at))
    gone = Issue(kind="blocked", source="mofcom", url="https://x.cn/9", detail="over")
    close_issue(desk.db, add_issue(desk.db, gone, now=NOON), by="ana", reason="over", now=NOON)
    found = read_status(desk.db, NOON).issues
    assert [(one["source"], one["kind"], one["open"], one["url"], one["more"]) for one in found] == [
        ("china_daily", "blocked", 1, "https://x.cn/3", False),
        ("mofcom", "timeout", 2, "https://x.cn/2", False),
        ("mofcom", "crashed", 1, "https://x.cn/0", False),
    ]


def test_the_last_success_is_the_latest_end_of_runs_that_overlap(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "policywire.sqlite")
    long = open_run(desk.db, source="mofcom", job="crawl", pid=1, now=NOON - timedelta(hours=9))
    ran(desk, "crawl", "mofcom", "ok", 8)
    finish_run(desk.db, long, state="ok", reason="test", now=NOON - timedelta(hours=2))
    (found,) = source_health(desk.db, now=utc(NOON))
    assert (found["last_success_at"], found["failures"]) == ("2026-11-20T02:00:00Z", 0)


def test_a_year_of_which_some_documents_are_not_looked_at_tells_no_gaps(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "policywire.sqlite")
    desk.store(ministry(number="商务部公告2024年第1号", published="2024-01-05"))
    desk.db.conn.execute(_NUMBERS)
    for year, documents in ((2024, 3), (2025, 4_999), (2026, 2)):
        desk.db.conn.execute(
            "INSERT INTO articles (id, source, canonical_url, url, kind, language, "
            "number_key, sort_at, published_at, first_seen_at, last_seen_at) "
            "SELECT :year || '-' || n, 'mofcom', :year || '-' || n, '', 'announcement', 'zh', "
            "'商务部|announcement|' || :year || '|' || (2 * n - 1), '2026-02-01', '2026-01-01', '', '' "
            "FROM numbers WHERE n <= :documents",
            {"year": year, "documents": documents},
        )
    desk.db.conn.execute("UPDATE articles SET sort_at = '2026-03-01' WHERE id = '2026-1'")
    assert {gap["year"] for gap in rows(desk.db, "SELECT year FROM numbering_gaps")} == {2026}


def test_a_year_whose_holidays_are_not_published_is_told_and_is_nobodys_duty(desk: Desk) -> None:
    line = "China's holidays and working weekends of 2040 are not in chinesecalendar"
    assert not [said for said in read_status(desk.db, NOON).leads if "chinesecalendar" in said]
    status = read_status(desk.db, datetime(2040, 3, 1, tzinfo=UTC))
    assert [said for said in status.leads if said.startswith(line)]
    assert not [said for said in status.needs_a_person if "chinesecalendar" in said]

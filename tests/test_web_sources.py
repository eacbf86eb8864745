"""Sources and runs: health by source and route, older runs, issues and their closing, and a crawl that is asked for."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.connection import row, rows, value
from db.crawling.requests import end_request, take_request
from db.crawling.routes import issues_before, owed_of, runs_before
from db.crawling.runs import close_run, finish_run, open_run
from db.health.days import days_with_expected
from db.health.evaluation import evaluate
from db.health.model import Day
from db.issues import add_issue, close_issues
from pipeline.model import CrawlReport, RouteReport
from tests.db_samples import NOON, Desk, article
from tests.web_desk import NOW, Reader, filled, issue, site
from tests.web_logins import logged_in, site_with_logins, with_users
from web.days import day_chart


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return site(desk)


def read(reader: Reader, path: str) -> str:
    answer = reader.get(path)
    assert answer.status_code == 200, path
    return " ".join(answer.text.split())


def card(page: str, source: str) -> str:
    start = page.index(f'<section class="side source" id="{source}"')
    return page[start : page.index("</section>", start)]


def crawled(desk: Desk, *routes: RouteReport, hour: int = 4) -> int:
    at = NOON.replace(hour=hour)
    run = open_run(desk.db, source="china_daily", job="crawl", pid=1, now=at)
    close_run(
        desk.db,
        run,
        CrawlReport(
            source="china_daily", started_at=at, finished_at=at + timedelta(minutes=12), state="partial",
            reason="finished", listings=31, articles_fetched=1200, new=7, bytes_received=2_500_000, routes=routes,
        ),
    )  # fmt: skip
    return run


# -- health -----------------------------------------------------------------------------------------------------------


def test_each_source_has_its_health_and_the_routes_that_are_not_well(desk: Desk, reader: Reader) -> None:
    crawled(
        desk,
        RouteReport(route="business/tech", state="ok", links=20, new=2),
        RouteReport(route="world/europe", state="all_old", links=5, new=0, detail="the newest link is of 2024"),
    )
    shown = card(read(reader, "/sources"), "china_daily")
    well, _, rest = shown.partition("Routes that are not well")
    assert "business/tech" not in well
    assert rest.index("world/europe") < rest.index("2 routes")
    assert "the newest link is of 2024" in rest
    assert "Run now" in rest


def test_a_source_that_was_never_crawled_is_shown_and_can_be_crawled(reader: Reader) -> None:
    shown = card(read(reader, "/sources"), "state_council")
    assert "never crawled" in shown
    assert "Run now" in shown


def test_what_is_owed_is_counted_to_a_limit(desk: Desk, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in range(4):
        desk.db.conn.execute(
            "INSERT INTO owed (canonical_url, source, url, title, rank, sort_at, found_at, next_attempt_at) "
            "VALUES (?, 'mofcom', 'u', 't', 0, '2026', '2026', ?)",
            [f"u{at}", "2026" if at else None],
        )
    assert (owed_of(desk.db, "mofcom").waiting, owed_of(desk.db, "mofcom").given_up) == (3, 1)
    assert "<dt>Waits to be fetched</dt><dd>3</dd>" in card(read(reader, "/sources"), "mofcom")
    monkeypatch.setattr("db.bounded.COUNT_TO", 2)
    monkeypatch.setattr("web.pages.sources.COUNT_TO", 2)
    assert "<dt>Waits to be fetched</dt><dd>2+</dd>" in card(read(reader, "/sources"), "mofcom")


def test_the_chart_counts_articles_by_the_day_of_china_that_they_were_published_on(desk: Desk) -> None:
    desk.store(article("More of the same day.", url="https://www.chinadaily.com.cn/a/202611/20/WSz.html",
                       published="2026-11-20T00:30:00+08:00"))  # fmt: skip
    desk.store(article("From the back catalogue.", url="https://www.chinadaily.com.cn/a/202611/10/WSy.html",
                       published="2026-11-10T09:00:00+08:00"))  # fmt: skip
    days, expected = days_with_expected(desk.db, "china_daily", NOW, days=11)
    assert [(str(day.day), day.articles, day.late) for day in days if day.articles or day.late] == [
        ("2026-11-10", 0, 1), ("2026-11-19", 1, 0), ("2026-11-20", 2, 0),
    ]  # fmt: skip
    assert set(expected) == {None}, "nothing is expected of a source that is new"


def test_the_chart_says_the_same_as_a_sentence_and_as_a_table() -> None:
    counts = (7, 0, 0, 30, 5)
    days = [Day(day=date(2026, 11, 13) + timedelta(days=at), articles=count) for at, count in enumerate(counts)]
    days[3] = replace(days[3], late=4, crawled=False)
    chart = day_chart(days, [20.0, 0.0, 0.0, 15.0, None])
    assert chart.said == "42 articles in 5 days, 30 at most, on 16 Nov 2026; about 35 were to be expected."
    assert [bar.height for bar in chart.bars] == [14.0, 0.0, 0.0, 60.0, 10.0]
    assert [bar.expected_y for bar in chart.bars] == [20.0, None, None, 30.0, None]
    assert [(band.x, band.width, band.holiday) for band in chart.bands] == [(12, 24, False)]
    assert [(row.day, row.articles, row.expected, row.note) for row in chart.rows] == [
        ("17 Nov 2026", 5, "", ""),
        ("16 Nov 2026", 30, "15", "not crawled, 4 more found late"),
        ("15 Nov 2026", 0, "none", "weekend"),
        ("14 Nov 2026", 0, "none", "weekend"),
        ("13 Nov 2026", 7, "20", ""),
    ]


def test_golden_week_is_one_band_of_holidays() -> None:
    days = [Day(day=date(2026, 9, 30) + timedelta(days=at)) for at in range(12)]
    chart = day_chart(days, [None] * 12)
    assert [(band.x, band.width, band.holiday) for band in chart.bands] == [(12, 84, True), (132, 12, False)]
    assert chart.said == "No article was published in these 12 days."


def test_a_card_tells_why_a_source_is_not_well_and_what_has_changed(desk: Desk, reader: Reader) -> None:
    for hour in range(0, 9, 3):
        crawled(desk, RouteReport(route="business/tech", state="ok", links=20, new=2, url="https://c.cn/tech"),
                RouteReport(route="<b>europe", state="empty", links=0, url="https://c.cn/<b>europe", detail="0 links"),
                RouteReport(route="world/asia", state="ok", links=9), hour=hour)  # fmt: skip
    for hour in (0, 2, 4):
        evaluate(desk.db, NOW + timedelta(hours=hour))
    shown = card(read(site(desk, lambda: NOW + timedelta(hours=4)), "/sources"), "china_daily")
    assert "changed layout since" in shown
    assert "<b>europe" not in shown
    assert "&lt;b&gt;europe: ok → <b>changed layout</b>" in shown
    assert "too few links, or none: the markup of the listing may have changed, in 3 runs: 0 links" in shown
    assert "last well 20 Nov 2026, 06:00 UTC, last new 20 Nov 2026, 06:00 UTC" in shown


def test_a_source_that_fails_shows_why_and_where_to_look(desk: Desk) -> None:
    for hours in (5, 3):
        at = NOW - timedelta(hours=hours)
        run = open_run(desk.db, source="mofcom", job="crawl", pid=1, now=at)
        finish_run(desk.db, run, state="failed", reason="blocked", now=at)
    evaluate(desk.db, NOW)
    reader = site(desk)
    shown = card(read(reader, "/sources"), "mofcom")
    assert "the last 2 runs were refused (403, 429 or a challenge): blocked" in shown
    assert 'Last good page: <a href="/archived/' in shown
    assert "ok → <b>failing</b>" in shown
    assert "dot-failing" in read(reader, "/")


def test_leads_are_shown_with_the_way_to_all_of_them(
    desk: Desk, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.sources.gap_lines", lambda _db, *, since: [f"a gap since {since}"])
    page = read(reader, "/sources")
    assert "a gap since 2025" in page
    assert 'href="/export/numbering_gaps.csv"' in page


# -- runs -------------------------------------------------------------------------------------------------------------


def test_runs_show_their_figures_and_how_long_they_took(desk: Desk, reader: Reader) -> None:
    run = crawled(desk)
    page = read(reader, "/sources")
    line = page[page.index(f'id="run-{run}"') :].partition("</tr>")[0]
    figures = re.findall(r'<td class="n">([^<]*)</td>', line)
    assert figures == ["12 min", "31", "1,200", "7", "0", "0", "0", "0", "2.5"]


def test_older_runs_follow_page_by_page_and_by_source(desk: Desk, reader: Reader) -> None:
    for at in range(120):
        run = open_run(desk.db, source="mofcom" if at % 2 else None, job=f"job{at}", pid=1, now=NOON)
        finish_run(desk.db, run, state="ok", reason="finished", now=NOON)
    seen: list[str] = []
    path: str | None = "/sources/runs"
    while path:
        page = read(reader, path)
        seen += re.findall(r'id="run-(\d+)"', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        path = following[1].replace("&amp;", "&") if following else None
    assert seen == [str(run["id"]) for run in rows(desk.db, "SELECT id FROM runs ORDER BY id DESC")]
    of_one = re.findall(
        r"<td>Ministry of Commerce</td>|<td>China Daily</td>", read(reader, "/sources/runs?source=mofcom")
    )
    assert of_one == ["<td>Ministry of Commerce</td>"] * 50
    assert 'href="/sources/runs?before=' in read(reader, "/sources")


@pytest.mark.parametrize("path", ["/sources/runs?source=x", "/sources/issues?source=x"])
def test_an_unknown_source_is_not_found(reader: Reader, path: str) -> None:
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/sources/runs?before=x", "/sources/runs?before=9" + "9" * 30, "/sources/issues?before=,"]
)
def test_an_odd_mark_begins_at_the_newest(reader: Reader, path: str) -> None:
    read(reader, path)


# -- issues -----------------------------------------------------------------------------------------------------------


def test_an_issue_names_its_selector_its_page_and_how_often_it_came(desk: Desk, reader: Reader) -> None:
    archived = value(desk.db, "SELECT id FROM pages LIMIT 1")
    add_issue(desk.db, issue(version="7"), now=NOON)
    add_issue(desk.db, issue(version="8"), now=NOON, page_id=archived)
    page = read(reader, "/sources/issues")
    for expected in (
        "layout changed",
        "2 times",
        "version 8",
        "Failing selector: <code>h1</code>",
        f'/archived/{archived}"',
    ):
        assert expected in page


def test_issues_follow_page_by_page_by_source_and_by_state(desk: Desk, reader: Reader) -> None:
    for at in range(60):
        add_issue(desk.db, issue(url=f"https://www.chinadaily.com.cn/{at}.html"), now=NOON - timedelta(minutes=at // 7))
    close_issues(
        desk.db, url="https://www.chinadaily.com.cn/3.html", kinds=("layout_changed",), reason="seen", now=NOON
    )
    first = read(reader, "/sources/issues?source=china_daily")
    second = read(reader, re.findall(r'href="([^"]+)" rel="next"', first)[0].replace("&amp;", "&"))
    numbers = re.findall(r'id="issue-(\d+)"', first + second)
    assert len(numbers) == len(set(numbers)) == 59
    assert re.findall(r'id="issue-(\d+)"', read(reader, "/sources/issues?source=mofcom")) == []
    closed = read(reader, "/sources/issues?closed=1")
    assert re.findall(r'id="issue-(\d+)"', closed) == ["4"]
    assert "closed 20 Nov 2026, 04:00 UTC: seen" in closed
    assert "Close the issue" not in closed


def test_an_issue_is_closed_by_hand_with_a_reason_and_a_name(desk: Desk) -> None:
    number = add_issue(desk.db, issue(), now=NOON)
    with_users(desk)
    reviewer = logged_in(site_with_logins(desk), "Vero")
    assert "Close the issue" in reviewer.get("/sources/issues").text
    answer = reviewer.post(f"/sources/issues/{number}/close", {"reason": " a column \n that was renamed "})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sources/issues")
    found = row(desk.db, "SELECT closed_at, closed_by, closed_reason FROM issues WHERE id = ?", [number])
    assert found is not None
    assert (found["closed_by"], found["closed_reason"]) == ("Vero", "a column that was renamed")
    assert reviewer.post(f"/sources/issues/{number}/close", {"reason": "again"}).status_code == 404
    assert add_issue(desk.db, issue(), now=NOW) != number, "when it comes again it is a new issue"


@pytest.mark.parametrize(
    ("number", "fields", "status", "said"),
    [
        ("1", {"reason": "  "}, 400, "Say why the issue is closed"),
        ("1", {}, 400, "Say why the issue is closed"),
        ("99", {"reason": "x"}, 404, "no such open issue"),
        ("9" * 40, {"reason": "x"}, 404, "no such issue"),
        ("one", {"reason": "x"}, 404, "no such issue"),
    ],
)
def test_an_issue_is_not_closed_without_a_reason_or_an_issue(
    desk: Desk, reader: Reader, number: str, fields: dict[str, str], status: int, said: str
) -> None:
    add_issue(desk.db, issue(), now=NOON)
    answer = reader.post(f"/sources/issues/{number}/close", fields)
    assert answer.status_code == status
    assert said in answer.text
    assert value(desk.db, "SELECT count(*) FROM issues WHERE closed_at IS NULL") == 1


def test_a_reader_closes_nothing_and_runs_nothing(desk: Desk) -> None:
    number = add_issue(desk.db, issue(), now=NOON)
    with_users(desk)
    plain = logged_in(site_with_logins(desk), "Rea")
    page = plain.get("/sources").text
    assert "Close the issue" not in page
    assert "Run now" not in page
    assert plain.post(f"/sources/issues/{number}/close", {"reason": "x"}).status_code == 403
    assert plain.post("/sources/mofcom/run", {}).status_code == 403
    assert value(desk.db, "SELECT count(*) FROM crawl_requests") == 0


# -- run now ----------------------------------------------------------------------------------------------------------


def test_a_crawl_that_is_asked_for_is_shown_until_it_has_ended(desk: Desk, reader: Reader) -> None:
    answer = reader.post("/sources/mofcom/run", {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sources#mofcom")
    shown = card(read(reader, "/sources"), "mofcom")
    assert "has asked for a crawl; it is taken up in a few seconds" in shown
    assert "Run now" not in shown

    taken = take_request(desk.db, now=NOW)
    assert taken is not None
    assert "begins" in card(read(reader, "/sources"), "mofcom")
    run = open_run(desk.db, source="mofcom", job="crawl", pid=os.getpid(), now=NOW)
    assert "A crawl runs since 20 Nov 2026, 05:00 UTC, asked for by" in card(read(reader, "/sources"), "mofcom")
    finish_run(desk.db, run, state="ok", reason="finished", now=NOW)
    end_request(desk.db, taken.id, ended="done", now=NOW)
    shown = card(read(reader, "/sources"), "mofcom")
    assert "asked for a crawl at 20 Nov 2026, 05:00 UTC: it has ended." in shown
    assert "Run now" in shown


def test_asking_twice_asks_once(desk: Desk, reader: Reader) -> None:
    for _ in range(3):
        assert reader.post("/sources/mofcom/run", {}).status_code == 303
    assert value(desk.db, "SELECT count(*) FROM crawl_requests") == 1


def test_a_request_that_nobody_takes_up_says_what_is_missing(desk: Desk, reader: Reader) -> None:
    reader.post("/sources/mofcom/run", {})
    desk.db.conn.execute("UPDATE crawl_requests SET asked_at = '2026-11-20T04:59:00Z'")
    assert "nobody has taken it up: is <code>policywire run</code>" in card(read(reader, "/sources"), "mofcom")


def test_a_crawl_that_was_refused_says_why(desk: Desk, reader: Reader) -> None:
    reader.post("/sources/mofcom/run", {})
    taken = take_request(desk.db, now=NOW)
    assert taken is not None
    end_request(desk.db, taken.id, ended="refused", detail="the source is disabled in the configuration", now=NOW)
    assert "it was refused, the source is disabled in the configuration." in card(read(reader, "/sources"), "mofcom")


@pytest.mark.parametrize("source", ["x", "%2e%2e", "china_daily%0a"])
def test_no_other_source_can_be_asked_for(desk: Desk, reader: Reader, source: str) -> None:
    assert reader.post(f"/sources/{source}/run", {}).status_code == 404
    assert value(desk.db, "SELECT count(*) FROM crawl_requests") == 0


def test_a_foreign_page_asks_for_nothing(desk: Desk, reader: Reader) -> None:
    assert reader.post("/sources/mofcom/run", {}, origin="https://evil.example").status_code == 403
    assert value(desk.db, "SELECT count(*) FROM crawl_requests") == 0


# -- at any size ------------------------------------------------------------------------------------------------------


def test_the_page_asks_through_indexes_only(desk: Desk) -> None:
    asked: list[str] = []
    desk.db.conn.set_trace_callback(asked.append)
    runs_before(desk.db, before=5, limit=9)
    runs_before(desk.db, source="mofcom", limit=9)
    for closed in (False, True):
        issues_before(desk.db, closed=closed, before=("2026", 7), limit=9)
    issues_before(desk.db, source="mofcom", limit=9)
    owed_of(desk.db, "mofcom")
    days_with_expected(desk.db, "mofcom", NOW, days=9)
    desk.db.conn.set_trace_callback(None)
    for question in asked:
        plan = [str(step["detail"]) for step in rows(desk.db, f"EXPLAIN QUERY PLAN {question}")]
        assert not [step for step in plan if re.match(r"SCAN (?!\(subquery|runs$|newest$)", step)], (question, plan)
        assert not [step for step in plan if "TEMP B-TREE FOR ORDER" in step], (question, plan)

"""Sources judged over a real database: what is written down, what the operator hears of it, and how often."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.operator import announce_health
from db.connection import row, rows, value
from db.health.days import refresh_days
from db.health.evaluation import evaluate
from db.health.history import states_of_routes, transitions_of
from db.health.view import source_health
from db.names import utc
from pipeline.model import RouteReport, RouteState
from tests.health_desk import MONDAY, World, told

OPERATOR, SITE = "operator@example.org", "http://desk.example.org"
FOUR_WEEKS = MONDAY - timedelta(days=33)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "policywire.db")
    yield made
    made.desk.db.close()


@pytest.fixture(scope="module")
def five_weeks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source that has been as usual for five weeks, up to Monday, midnight in China."""
    path = tmp_path_factory.mktemp("health") / "usual.db"
    made = World(path)
    assert made.usual(FOUR_WEEKS, 33) == []
    made.desk.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    made.desk.db.close()
    return path


@pytest.fixture
def usual(five_weeks: Path, tmp_path: Path) -> Iterator[World]:
    shutil.copyfile(five_weeks, tmp_path / "usual.db")
    made = World(tmp_path / "usual.db", number=10_000)
    yield made
    made.desk.db.close()


def mails(world: World) -> list[dict[str, Any]]:
    return list(rows(world.desk.db, "SELECT * FROM outbox ORDER BY id"))


def announce(world: World, at: datetime) -> list[str]:
    return announce_health(world.desk.db, OPERATOR, SITE, at)


def route(name: str, state: RouteState, links: int = 20) -> RouteReport:
    url = f"https://www.chinadaily.com.cn/{name}"
    return RouteReport(route=name, state=state, links=links, url=url, detail=None if links else "0 links")


# -- a source ---------------------------------------------------------------------------------------------------------


def test_an_outage_is_written_down_and_told_once_with_the_last_good_page_and_its_end_once(usual: World) -> None:
    changes = []
    for hour in range(0, 72, 3):
        at = MONDAY + timedelta(hours=hour)
        changes += usual.look(at)
        announce(usual, at + timedelta(minutes=4))
    changes += usual.usual(MONDAY + timedelta(days=3), 4)
    announce(usual, MONDAY + timedelta(days=7))
    announce(usual, MONDAY + timedelta(days=7, hours=1))
    assert told(changes) == [("ok", "silent"), ("silent", "ok")]
    bad, well = mails(usual)
    assert (bad["recipient"], bad["subject"]) == (
        OPERATOR,
        "policywire: China Daily has brought nothing new for too long",
    )
    last = value(usual.desk.db, "SELECT max(id) FROM pages WHERE fetched_at < ?", [utc(MONDAY)])
    assert f"Last good page, archived: {SITE}/archived/{last}" in bad["text"]
    assert "Last good page: https://www.chinadaily.com.cn/a/" in bad["text"]
    assert re.search(r"nothing new for [\d.]+ working days, where \d+ articles were to be expected", bad["text"])
    assert f'href="{SITE}/archived/{last}"' in bad["html"]
    assert well["subject"] == "policywire: China Daily has recovered"


def test_a_changed_layout_is_told_with_its_selector_and_both_pages(usual: World) -> None:
    at = MONDAY + timedelta(hours=12)
    usual.fail_to_read(at, 8, selector="#Content > p")
    changes = usual.look(at) + usual.look(at + timedelta(hours=3))
    assert told(changes) == [("ok", "changed_layout")]
    announce(usual, at + timedelta(hours=4))
    (mail,) = mails(usual)
    first = value(usual.desk.db, "SELECT min(id) FROM pages WHERE outcome = 'failed'")
    assert mail["subject"] == "policywire: China Daily seems to have changed its layout"
    for line in (
        "Selector: #Content > p",
        f"First bad page, archived: {SITE}/archived/{first}",
        f"Last good page, archived: {SITE}/archived/{first - 1}",
        "8 of the last 40 pages of www.chinadaily.com.cn/a could not be read: #Content > p",
    ):
        assert line in mail["text"]


def test_quotes_that_cease_are_told_with_the_last_article_that_had_one(world: World) -> None:
    world.usual(FOUR_WEEKS, 33, quotes=2)
    changes = []
    for hour in (9, 12, 15, 18, 33, 36, 39, 42, 57, 60):
        at = MONDAY + timedelta(hours=hour)
        world.bring(at, 6)
        changes += world.look(at)
    assert told(changes) == [("ok", "changed_layout")]
    verdict = changes[0].verdict
    assert verdict.reasons[0].startswith("0 quotes in ")
    assert verdict.last_good is not None
    assert verdict.first_bad is not None
    quoted = "SELECT count(*) FROM quotes AS q JOIN articles AS a ON a.id = q.article_id WHERE a.url = ?"
    assert value(world.desk.db, quoted, [verdict.last_good.url]) == 2
    assert value(world.desk.db, quoted, [verdict.first_bad.url]) == 0


def test_a_site_that_refuses_us_is_told_after_two_runs(usual: World) -> None:
    at = MONDAY + timedelta(hours=9)
    changes = usual.keep_looking(at, 6, "failed", reason="blocked", routes=[route("business", "blocked", 0)])
    assert told(changes) == [("ok", "failing")]
    announce(usual, at + timedelta(hours=6))
    assert "the last 2 runs were refused (403, 429 or a challenge): blocked" in mails(usual)[0]["text"]


def test_a_desk_that_has_not_crawled_says_so_and_does_not_call_the_source_silent(usual: World) -> None:
    changes = []
    for hour in range(0, 48, 3):
        changes += evaluate(usual.desk.db, MONDAY + timedelta(hours=hour, minutes=5))
    assert told(changes) == [("ok", "not_crawled")]


def test_a_week_without_the_desk_leaves_no_thin_week_behind(usual: World) -> None:
    back = MONDAY + timedelta(days=7)
    usual.bring(back, 20, published=back - timedelta(days=6))
    changes = usual.usual(back, 14)
    assert told(changes) == []


def test_a_back_catalogue_is_no_baseline(usual: World) -> None:
    at = MONDAY - timedelta(hours=5)
    for back in range(5, 40):
        usual.bring(at, 50, published=at - timedelta(days=back))
    refresh_days(usual.desk.db, usual.source, at)
    assert told(usual.usual(MONDAY, 7)) == []
    late = row(usual.desk.db, "SELECT sum(articles) AS fresh, sum(late) AS late FROM source_days")
    assert late is not None
    assert late["late"] == 0, "days that were settled are not counted again"


def test_a_new_source_is_warmed_up_before_it_is_judged(world: World) -> None:
    world.usual(MONDAY, 5)
    assert world.keep_looking(MONDAY + timedelta(days=7), 120) == []


def test_asking_twice_at_one_time_changes_nothing(usual: World) -> None:
    changes = usual.keep_looking(MONDAY, 72)
    assert told(changes) == [("ok", "silent")]
    at = MONDAY + timedelta(hours=69, minutes=3)
    before = list(rows(usual.desk.db, "SELECT * FROM health_states"))
    assert evaluate(usual.desk.db, at) == evaluate(usual.desk.db, at - timedelta(days=1)) == []
    assert list(rows(usual.desk.db, "SELECT * FROM health_states")) == before


def test_the_view_has_the_state_of_the_last_evaluation_and_why(usual: World) -> None:
    usual.keep_looking(MONDAY, 72)
    now = utc(MONDAY + timedelta(hours=72))
    (found,) = source_health(usual.desk.db, now=now)
    assert (found["state"], found["source"]) == ("silent", "china_daily")
    assert found["reason"].startswith("nothing new for")
    assert found["state_since"] is not None
    (found,) = source_health(usual.desk.db, now=utc(MONDAY + timedelta(days=5)))
    assert (found["state_since"], found["reason"]) == (None, None), "an evaluation of days ago says nothing of now"


# -- routes -----------------------------------------------------------------------------------------------------------


def test_a_section_without_links_is_told_by_itself_once_and_so_is_its_end(usual: World) -> None:
    changes = []
    for run in range(40):
        at = MONDAY + timedelta(hours=3 * run)
        state: RouteState = "empty" if run < 10 else "ok"
        routes = [route("business", "ok"), route("china", "ok"), route("world/europe", state, 20 if run >= 10 else 0)]
        usual.bring(at, 2)
        changes += usual.look(at, "partial" if run < 10 else "ok", routes=routes)
        announce(usual, at + timedelta(minutes=5))
    assert [(change.route, change.before, change.after) for change in changes if change.tell] == [
        ("world/europe", "ok", "changed_layout"), ("world/europe", "changed_layout", "ok"),
    ]  # fmt: skip
    bad, well = mails(usual)
    assert bad["subject"] == "policywire: China Daily: world/europe seems to have changed its layout"
    assert "First bad page: https://www.chinadaily.com.cn/world/europe" in bad["text"]
    assert well["subject"] == "policywire: China Daily: world/europe has recovered"
    assert states_of_routes(usual.desk.db, "china_daily")["world/europe"]["state"] == "ok"


def test_routes_of_a_source_that_fails_as_a_whole_are_told_in_one_mail(usual: World) -> None:
    routes = [route(name, "blocked", 0) for name in ("business", "china", "world/europe")]
    changes = usual.keep_looking(MONDAY, 24, "failed", reason="finished", routes=routes)
    changes += usual.usual(MONDAY + timedelta(days=1), 4)
    assert told(changes) == [("ok", "failing"), ("failing", "ok")]
    assert {change.route for change in changes if not change.tell} == {"business", "china", "world/europe"}


def test_half_of_the_routes_make_the_source_unwell(usual: World) -> None:
    routes = [route("business", "empty", 0), route("china", "ok")]
    changes = usual.keep_looking(MONDAY, 9, "partial", routes=routes)
    assert told([change for change in changes if not change.route]) == [("ok", "changed_layout")]
    assert "1 of 2 routes are not well: business" in changes[0].verdict.reasons


def test_a_route_that_is_given_up_is_forgotten_quietly(usual: World) -> None:
    bad = [route("business", "ok"), route("china", "ok"), route("world/europe", "empty", 0)]
    changes = usual.keep_looking(MONDAY, 9, "partial", routes=bad)
    assert told(changes) == [("ok", "changed_layout")]
    changes = []
    for run in range(40):
        at = MONDAY + timedelta(hours=12 + 3 * run)
        usual.bring(at, 2)
        changes += usual.look(at, routes=bad[:2])
    assert told(changes) == []


# -- what is told -----------------------------------------------------------------------------------------------------


def test_a_change_that_waits_for_an_operator_is_told_to_the_first_one(usual: World) -> None:
    usual.keep_looking(MONDAY, 48)
    assert announce(usual, MONDAY + timedelta(hours=60)) == ["china_daily"]
    assert announce(usual, MONDAY + timedelta(hours=61)) == []
    assert len(mails(usual)) == 1


def test_a_change_of_weeks_ago_is_no_news(usual: World) -> None:
    usual.keep_looking(MONDAY, 48)
    assert announce(usual, MONDAY + timedelta(days=20)) == []


def test_a_mail_that_cannot_be_put_in_leaves_the_change_untold(usual: World, monkeypatch: pytest.MonkeyPatch) -> None:
    usual.keep_looking(MONDAY, 48)

    def broken(*_args: object, **_named: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr("alerts.operator.note_told", broken)
        with pytest.raises(sqlite3.OperationalError):
            announce(usual, MONDAY + timedelta(hours=49))
    assert mails(usual) == []
    assert announce(usual, MONDAY + timedelta(hours=50)) == ["china_daily"]


@pytest.mark.parametrize(
    "statement", ["UPDATE health_transitions SET to_state = 'ok'", "DELETE FROM health_transitions"]
)
def test_a_transition_is_never_changed_nor_deleted(usual: World, statement: str) -> None:
    usual.keep_looking(MONDAY, 48)
    assert len(transitions_of(usual.desk.db, "china_daily", limit=9)) == 1
    with pytest.raises(sqlite3.IntegrityError, match="a transition is an event"):
        usual.desk.db.conn.execute(statement)


# -- at any size ------------------------------------------------------------------------------------------------------


def test_an_evaluation_asks_through_indexes_and_writes_little(usual: World) -> None:
    asked: list[str] = []
    usual.fail_to_read(MONDAY, 9)
    usual.crawl(MONDAY, "partial", routes=[route("business", "empty", 0)])
    usual.desk.db.conn.set_trace_callback(asked.append)
    evaluate(usual.desk.db, MONDAY + timedelta(minutes=3))
    announce(usual, MONDAY + timedelta(minutes=5))
    usual.desk.db.conn.set_trace_callback(None)
    assert len(asked) > 12
    for question in asked:
        if not question.lstrip().startswith(("SELECT", "WITH")):
            continue
        plan = [str(step["detail"]) for step in rows(usual.desk.db, f"EXPLAIN QUERY PLAN {question}")]
        scans = [step for step in plan if re.match(r"SCAN (?!near|newest|p$|\(|names|counted|s$|newest|h$)", step)]
        # the newest pages are read from the end of their table, and no further than a limit
        assert [step for step in scans if step != "SCAN pages"] == [], (question, plan)
    assert sum(question.lstrip().startswith("INSERT INTO source_days") for question in asked) <= 6

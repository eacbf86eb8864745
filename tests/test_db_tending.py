"""The weekly upkeep: damage is found and named, nobody is kept waiting, and only what has served is forgotten."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from db.connection import rows, transaction, value
from db.crawling.runs import close_run, open_run
from db.outbox import claim, enqueue, settle
from db.tending import check, forget, merge_full_text, refresh_statistics, shorten_log
from jobs.book import Book, standing_faults
from jobs.weekly import note, weekly_upkeep
from pipeline.model import CrawlReport, RouteReport
from tests.db_samples import NOON, Desk, article, ministry, usual


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "policywire.db")
    for number in range(40):
        desk.store(article(url=f"https://www.chinadaily.com.cn/a/202611/19/WS{number:04}.html"), usual())
    desk.store(ministry())
    return desk


def _harm(desk: Desk, sql: str) -> None:
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as other:
        other.execute("PRAGMA foreign_keys = OFF")
        other.execute(sql)


def _faults(desk: Desk) -> set[str]:
    return {one.name for one in standing_faults(desk.path)}


def test_a_database_that_is_whole_is_found_whole(desk: Desk) -> None:
    for thorough in (False, True):
        found = check(desk.db, thorough=thorough)
        assert (found.damaged, found.dangling, found.search, found.unchecked) == (None, None, None, ())


def test_rows_that_point_nowhere_are_named(desk: Desk) -> None:
    _harm(desk, "UPDATE quotes SET article_id = 'a000000000000000' WHERE seq = 3")
    assert check(desk.db, thorough=False).dangling == "row 3 of quotes points at no row of articles"


def test_a_full_text_table_that_lost_something_is_named(desk: Desk) -> None:
    _harm(desk, "UPDATE articles_fts_data SET block = zeroblob(length(block)) WHERE id > 99")
    said = check(desk.db, thorough=False).search
    assert said is not None
    assert said.startswith("articles_fts (")


def test_torn_pages_are_named(desk: Desk, tmp_path: Path) -> None:
    shorten_log(desk.db)
    desk.db.close()
    body = bytearray(desk.path.read_bytes())
    for at in range(4096 * 20, len(body), 4096):
        body[at : at + 64] = b"\xff" * 64
    (tmp_path / "torn.db").write_bytes(body)
    with closing(sqlite3.connect(tmp_path / "torn.db", isolation_level=None)) as torn:
        found = check(_Only(torn), thorough=False)  # type: ignore[arg-type]
    assert found.damaged


class _Only:
    """A database of which nothing is needed but its connection."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn


def test_a_check_of_the_full_text_is_given_up_before_a_crawl_has_to_wait(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.tending._STEPS", 10)
    found = check(desk.db, thorough=False, patience=0.0)
    assert "articles_fts" in found.unchecked
    assert check(desk.db, thorough=False, patience=None).unchecked == ()
    assert not desk.db.conn.in_transaction


def test_the_full_text_is_merged_in_steps_between_which_others_write(desk: Desk) -> None:
    before = _segments(desk)
    wrote: list[float] = []
    with closing(sqlite3.connect(desk.path, isolation_level=None, timeout=0.05)) as other:

        def write(seconds: float) -> None:
            other.execute("BEGIN IMMEDIATE")
            other.execute("COMMIT")
            wrote.append(seconds)

        steps = merge_full_text(desk.db, until=lambda: False, pause=write)
    assert steps > 4
    assert len(wrote) >= steps - 4, "one pause after each step but the last of a table"
    assert min(wrote) >= 0.02
    assert _segments(desk) < before
    assert value(desk.db, "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'barges'") == 40
    assert merge_full_text(desk.db, until=lambda: True, pause=write) == 0


def _segments(desk: Desk) -> int:
    return int(value(desk.db, "SELECT count(DISTINCT segid) FROM articles_fts_idx"))


def test_the_log_is_cut_and_a_reader_that_keeps_it_is_told_of(desk: Desk) -> None:
    assert Path(f"{desk.path}-wal").stat().st_size > 0
    assert shorten_log(desk.db) == (0, False)
    desk.store(article(title="Another"), usual())
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        desk.db.conn.execute("PRAGMA busy_timeout = 10")
        left, busy = shorten_log(desk.db)
    assert left > 0
    assert busy


def test_the_planner_is_told_what_the_tables_hold(desk: Desk) -> None:
    refresh_statistics(desk.db)
    assert value(desk.db, "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'articles'") > 0


def test_what_has_served_is_forgotten_and_nothing_else(desk: Desk) -> None:
    old, late = NOON - timedelta(days=500), NOON - timedelta(days=2)
    for at in (old, old + timedelta(days=1), late):
        run = open_run(desk.db, source="mofcom", job="crawl", pid=1, now=at)
        route = RouteReport(route="zcfb", url="https://www.mofcom.gov.cn/zcfb/", state="ok", links=3, new=0)
        close_run(desk.db, run, _report(at, route))
    enqueue(desk.db, key="k", recipient="ana@example.org", subject="s", text="t", html="<p>t</p>", due_at=old)
    (mail,) = claim(desk.db, old, timedelta(minutes=5), 1)
    settle(desk.db, mail.id, now=old)
    with transaction(desk.db):
        desk.db.conn.execute(
            "INSERT INTO users (name, name_key, role, password, created_at, password_at) "
            "VALUES ('Ana', 'ana', 'reader', 'x', '2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z')"
        )
        for digest, ends in (("a", "2026-11-20T03:00:00Z"), ("b", "2026-11-21T03:00:00Z")):
            desk.db.conn.execute(
                "INSERT INTO sessions (digest, user_id, created_at, seen_at, expires_at, address, agent) "
                "VALUES (?, 1, '2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z', ?, '127.0.0.1', 'x')",
                [digest, ends],
            )
        for at in ("2026-11-18T00:00:00Z", "2026-11-20T03:59:00Z"):
            desk.db.conn.execute(
                "INSERT INTO login_attempts (account, address, attempted_at) VALUES ('x', '127.0.0.1', ?)", [at]
            )
        desk.db.conn.execute("INSERT INTO claims VALUES ('q1', 'ana', '2026-11-20T03:00:00Z')")
    before = _counts(desk)
    assert forget(desk.db, NOON) == 5
    after = _counts(desk)
    assert {name: before[name] - after[name] for name in before if before[name] != after[name]} == {
        "sessions": 1, "login_attempts": 1, "claims": 1, "routes": 2,
    }  # fmt: skip
    assert value(desk.db, "SELECT text FROM outbox") == "t", "what was mailed is kept, word for word"
    assert forget(desk.db, NOON) == 0


def _report(at: object, route: RouteReport) -> CrawlReport:
    fields = {"source": "mofcom", "started_at": at, "finished_at": at, "state": "ok", "reason": "finished"}
    return CrawlReport(**fields, routes=(route,))  # type: ignore[arg-type]


def _counts(desk: Desk) -> dict[str, int]:
    names = [found["name"] for found in rows(desk.db, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: value(desk.db, f'SELECT count(*) FROM "{name}"') for name in names}  # noqa: S608


def test_a_week_is_noted_and_what_it_finds_stands_until_a_check_finds_nothing(desk: Desk) -> None:
    book = Book(desk.path)
    weekly_upkeep(desk.db, book, now=lambda: NOON, stopping=lambda: False)
    assert _faults(desk) == set()
    _harm(desk, "UPDATE quotes SET article_id = 'a000000000000000' WHERE seq = 3")
    weekly_upkeep(desk.db, book, now=lambda: NOON, stopping=lambda: False)
    assert _faults(desk) == {"references_broken"}
    noted = [(run["state"], run["reason"].split(";")[0]) for run in rows(desk.db, "SELECT * FROM runs ORDER BY id")]
    assert noted == [("ok", "nothing wrong"), ("partial", "row 3 of quotes points at no row of articles")]
    _harm(desk, "UPDATE quotes SET article_id = (SELECT id FROM articles LIMIT 1) WHERE seq = 3")
    note(book, check(desk.db, thorough=True), NOON)
    assert _faults(desk) == set()


def test_a_week_that_is_told_to_end_ends(desk: Desk) -> None:
    stop = threading.Event()
    stop.set()
    began = time.monotonic()
    week = weekly_upkeep(desk.db, Book(desk.path), now=lambda: NOON, stopping=stop.is_set)
    assert week.merged == 0
    assert time.monotonic() - began < 30

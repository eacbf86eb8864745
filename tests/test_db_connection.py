"""The database file: opened, recognised, written by one and read by many, and whole after a kill -9."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

import db as package
from db import (
    DatabaseError,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseUnreadable,
    ForeignDatabase,
    NewerSchema,
    OlderSchema,
    open_database,
    transaction,
)
from db.connection import APPLICATION_ID, rows, value
from db.crawling.runs import close_lost_runs, close_run, finish_run, open_run
from db.issues import add_issue
from db.migrations import migrations
from pipeline.model import CrawlReport, Issue, RouteReport
from tests.db_samples import NOON, Desk, article, usual

ROOT = Path(package.__file__).resolve().parents[1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "policywire.sqlite"


def test_a_new_database_is_ours_in_wal_with_foreign_keys_and_full_sync(path: Path) -> None:
    with open_database(path, mode="create") as db:
        settings = {name: value(db, f"PRAGMA {name}") for name in ("journal_mode", "foreign_keys", "synchronous")}
        assert settings == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}
        assert value(db, "PRAGMA application_id") == APPLICATION_ID
        assert not migrations.pending(db)


def test_every_table_is_strict(path: Path) -> None:
    with open_database(path, mode="create") as db:
        loose = [
            found["name"]
            for found in rows(db, "PRAGMA table_list")
            if found["schema"] == "main" and found["type"] == "table" and not found["strict"]
        ]
        # SQLite's own, and the one that sqlite-utils keeps its migrations in
        assert {name for name in loose if "_fts" not in name} == {"_sqlite_migrations", "sqlite_schema"}


def test_opening_again_changes_nothing(path: Path) -> None:
    open_database(path, mode="create").close()
    before = path.read_bytes()
    open_database(path, mode="rw").close()
    open_database(path, mode="ro").close()
    assert path.read_bytes() == before


def test_a_reader_cannot_write(path: Path) -> None:
    open_database(path, mode="create").close()
    with open_database(path, mode="ro") as db, pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM issues")


def one_line(caught: pytest.ExceptionInfo[DatabaseError], *parts: str) -> None:
    message = str(caught.value)
    assert "\n" not in message
    for part in parts:
        assert part in message


def test_a_missing_file_says_how_to_get_one(path: Path) -> None:
    with pytest.raises(DatabaseMissing) as caught:
        open_database(path)
    one_line(caught, str(path), "policywire crawl")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing) as caught:
        open_database(tmp_path / "nowhere" / "x.sqlite", mode="create")
    one_line(caught, "nowhere", "create it")


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreadable, match="is a folder"):
        open_database(tmp_path)


@pytest.mark.parametrize("content", [b"this is a letter, not a database\n" * 90, b"\x00" * 5000])
def test_garbage_is_no_database(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for mode in ("ro", "rw", "create"):
        with pytest.raises(DatabaseUnreadable) as caught:
            open_database(path, mode=mode)  # type: ignore[arg-type]
        one_line(caught, "is not a SQLite database")
    assert path.read_bytes() == content


def test_a_truncated_database_is_an_error_of_ours(path: Path) -> None:
    desk = Desk(path)
    desk.store(article(), usual())
    desk.db.close()
    path.write_bytes(path.read_bytes()[:6000])
    with pytest.raises(DatabaseUnreadable, match=r"damaged|is not a SQLite"):
        open_database(path)


@pytest.mark.parametrize("mode", ["ro", "rw", "create"])
def test_another_programs_database_is_left_alone(path: Path, mode: str) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (id INTEGER)")
        other.commit()
    before = path.read_bytes()
    with pytest.raises(ForeignDatabase) as caught:
        open_database(path, mode=mode)  # type: ignore[arg-type]
    one_line(caught, "belongs to another program")
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_database_only_when_asked(path: Path) -> None:
    path.touch()
    with pytest.raises(DatabaseMissing, match="is empty"):
        open_database(path)
    open_database(path, mode="create").close()


def test_a_newer_schema_is_refused(path: Path) -> None:
    with open_database(path, mode="create") as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('policywire', '9999_x', '')"
        )
    with pytest.raises(NewerSchema) as caught:
        open_database(path)
    one_line(caught, "9999_x", "update the program")


def test_an_older_schema_is_not_migrated_by_a_reader(path: Path) -> None:
    with open_database(path, mode="create") as db:
        db.execute("DROP TABLE articles_fts")
        db.execute("DROP TABLE quotes_fts")
        db.execute("DROP TABLE policies_fts")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = '0002_full_text'")
    with pytest.raises(OlderSchema):
        open_database(path, mode="ro")
    with open_database(path) as db:
        assert value(db, "SELECT count(*) FROM articles_fts") == 0


def test_views_that_have_changed_are_replaced(path: Path) -> None:
    with open_database(path, mode="create") as db:
        db.execute("DROP VIEW instruments")
        db.execute("CREATE VIEW instruments AS SELECT 1 AS old")
        db.execute("UPDATE meta SET value = 'older' WHERE key = 'views'")
    with open_database(path) as db:
        assert "official_url" in {column["name"] for column in rows(db, "PRAGMA table_info(instruments)")}


def test_a_locked_database_says_so(path: Path) -> None:
    open_database(path, mode="create").close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other, open_database(path, timeout=0.05) as db:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseLocked) as caught, transaction(db):
            pass
        one_line(caught, str(path), "locked by another process")


def test_two_processes_may_create_it_at_once(path: Path) -> None:
    script = f"from db import open_database; open_database({str(path)!r}, mode='create').close()"
    both = [subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) for _ in range(2)]
    assert [one.wait(timeout=30) for one in both] == [0, 0]
    open_database(path).close()


def test_a_failed_transaction_leaves_nothing_and_a_nested_one_only_its_own(path: Path) -> None:
    with open_database(path, mode="create") as db:

        def fails(key: str) -> None:
            with transaction(db):
                db["meta"].insert({"key": key, "value": "1"})
                raise KeyError

        with pytest.raises(KeyError):
            fails("a")
        with transaction(db):
            db["meta"].insert({"key": "b", "value": "1"})
            with pytest.raises(KeyError):
                fails("c")
        assert [found["key"] for found in rows(db, "SELECT key FROM meta WHERE key < 'd'")] == ["b"]


def test_readers_read_whole_pages_while_a_writer_writes(path: Path) -> None:
    desk = Desk(path)
    desk.store(article(), usual())
    torn: list[tuple[int, int]] = []
    looked = threading.Event()
    done = threading.Event()

    def look() -> None:
        with open_database(path, mode="ro") as db:
            while not done.is_set():
                found = db.execute("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM quotes)").fetchone()
                if found[0] != found[1]:
                    torn.append(found)
                looked.set()

    reader = threading.Thread(target=look)
    reader.start()
    assert looked.wait(10)
    for at in range(60):
        desk.store(article(url=f"https://www.chinadaily.com.cn/a/202611/19/WSbbbb{at:04}.html"), usual())
    done.set()
    reader.join()
    assert torn == []


_WRITER = """
import sys
from pathlib import Path
from tests.db_samples import Desk, article, usual
from db.outbox import enqueue
from tests.db_samples import NOON

def mail(db, stored):
    enqueue(db, key=stored.article_id, recipient="a@example.org", subject="s", text="t", due_at=NOON)
    print(stored.article_id, flush=True)  # inside the transaction: the kill comes before, at or after the commit

desk = Desk(Path(sys.argv[1]))
desk.pages = int(sys.argv[2]) * 10_000
for at in range(10_000):
    desk.store(article(url=f"https://x.cn/{sys.argv[2]}/{at}.html"), usual(), on_new=mail)
"""


def test_a_writer_killed_in_the_middle_leaves_whole_pages_only(path: Path) -> None:
    for attempt in range(4):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(path), str(attempt)], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        for _ in range(3 + 5 * attempt):
            assert writer.stdout.readline()
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        with open_database(path) as db:
            counts = {
                value(db, f"SELECT count(*) FROM {table}")  # noqa: S608
                for table in (
                    "articles",
                    "revisions",
                    "pages",
                    "quotes",
                    "policies",
                    "outbox",
                    "articles_fts",
                    "quotes_fts",
                )
            }
            assert len(counts) == 1, "every page is there with all that belongs to it, or not at all"
            assert value(db, "PRAGMA integrity_check") == "ok"
            assert value(db, "SELECT count(*) FROM pragma_foreign_key_check") == 0


# -- runs -------------------------------------------------------------------------------------------------------------


def test_a_run_is_opened_closed_and_counted(path: Path) -> None:
    with open_database(path, mode="create") as db:
        run = open_run(db, source="mofcom", job="crawl mofcom", pid=os.getpid(), now=NOON)
        route = RouteReport(route="https://x.cn/list", state="ok", links=20, new=2)
        close_run(
            db,
            run,
            CrawlReport(
                source="mofcom", started_at=NOON, finished_at=NOON + timedelta(minutes=2), state="ok",
                reason="finished", new=2, routes=(route, route),
            ),
        )  # fmt: skip
        found = next(rows(db, "SELECT state, new, finished_at FROM runs"))
        assert found == {"state": "ok", "new": 2, "finished_at": "2026-11-20T04:02:00Z"}
        assert value(db, "SELECT links FROM routes") == 20
        with pytest.raises(LookupError):
            finish_run(db, 99, state="ok", reason="x", now=NOON)


def test_a_listing_that_is_well_again_closes_its_issue_and_another_state_replaces_it(path: Path) -> None:
    def crawled(state: str) -> list[str]:
        run = open_run(db, source="mofcom", job="crawl", pid=os.getpid(), now=NOON)
        if state != "ok":
            issue = Issue(kind=f"listing_{state}", source="mofcom", url="https://x.cn/list", detail="x")
            add_issue(db, issue, run_id=run, now=NOON)
        route = RouteReport(route="list", state=state, url="https://x.cn/list")  # type: ignore[arg-type]
        report = CrawlReport(
            source="mofcom", started_at=NOON, finished_at=NOON, state="ok", reason="finished", routes=(route,)
        )
        close_run(db, run, report)
        return [found["kind"] for found in rows(db, "SELECT kind FROM issues WHERE closed_at IS NULL ORDER BY id")]

    with open_database(path, mode="create") as db:
        other = Issue(kind="layout_changed", source="mofcom", url="https://x.cn/list", detail="x")
        add_issue(db, other, now=NOON)
        robots = Issue(kind="robots_unreachable", source="mofcom", url="https://x.cn/robots.txt", detail="status 503")
        add_issue(db, robots, now=NOON)
        assert crawled("empty") == ["layout_changed", "robots_unreachable", "listing_empty"]
        assert crawled("all_old") == ["layout_changed", "robots_unreachable", "listing_all_old"]
        assert crawled("ok") == ["layout_changed"]


def test_a_run_whose_process_is_gone_is_closed_as_lost_and_a_living_one_is_not(path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with open_database(path, mode="create") as db:
        open_run(db, source="mofcom", job="crawl", pid=child.pid, now=NOON)
        mine = open_run(db, source="china_daily", job="crawl", pid=os.getpid(), now=NOON)
        assert close_lost_runs(db, NOON) == 0
        child.kill()
        child.communicate()
        assert close_lost_runs(db, NOON) == 1
        assert [found["id"] for found in rows(db, "SELECT id FROM runs WHERE state = 'running'")] == [mine]
        db.execute("UPDATE runs SET process = 'another boot:17' WHERE id = ?", [mine])
        assert close_lost_runs(db, NOON) == 1, "another process that has got the same number is not ours"


def test_a_reference_that_is_checked_late_goes_along_an_index(path: Path) -> None:
    # without one SQLite walks the whole table for each row that is referred to, while a reference is open
    with open_database(path, mode="create") as db:
        plan = [step[3] for step in db.conn.execute("EXPLAIN QUERY PLAN SELECT 1 FROM articles WHERE revision_id = 1")]
    assert any("articles_by_revision" in step for step in plan), plan

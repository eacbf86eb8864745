"""Kill a reprocess at any moment, or its readers, or tell it to stop: started again, it ends with the same rows."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.demo_desk import DemoDesk, column, set_up, wait_until
from tests.reread_desk import archive_of, facts, forker_of, generated_pages, lives, readers_of

SEED = 20261123
STORIES = 200
"""Of each source: four stretches, five transactions."""


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> DemoDesk:
    """A desk whose archive was read again in peace, in one process."""
    desk = set_up(tmp_path_factory.mktemp("quiet"), None)
    archive_of(desk.archive, generated_pages(STORIES))
    done = desk.run("reprocess")
    assert done.status == 0, done.err
    return desk


def beside(quiet: DemoDesk, folder: Path) -> DemoDesk:
    """A desk with the same archive and no database."""
    desk = set_up(folder, None)
    desk.archive.symlink_to(quiet.archive)
    return desk


def same(mine: DemoDesk, theirs: DemoDesk) -> None:
    with mine.database() as ours, theirs.database() as others:
        got, expected = facts(ours), facts(others)
        assert column(ours, "SELECT count(*) FROM reprocess_marks") == [0]
        assert column(ours, "PRAGMA integrity_check") == ["ok"]
        assert ours.conn.execute("PRAGMA foreign_key_check").fetchall() == []
    for name in expected:
        assert got[name] == expected[name], name


def marks(desk: DemoDesk) -> dict[str, int]:
    """Up to where the files are done, as another process sees it."""
    if not desk.path.exists():
        return {}
    with closing(sqlite3.connect(f"file:{desk.path}?mode=ro", uri=True)) as connection:
        try:
            return dict(connection.execute("SELECT place, offset FROM reprocess_marks"))
        except sqlite3.OperationalError:  # the schema is being made
            return {}


def in_the_middle(desk: DemoDesk, process: subprocess.Popen[bytes], before: dict[str, int]) -> None:
    """Wait until it has stored something beyond `before`, or has come to its end."""
    wait_until(lambda: process.poll() is not None or marks(desk) != before)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_one_that_is_killed_at_any_moment_ends_with_the_same_rows(
    quiet: DemoDesk, tmp_path: Path, workers: str
) -> None:
    desk, chance = beside(quiet, tmp_path), random.Random(f"{SEED} {workers}")
    _kill(desk.start("reprocess", "--workers", workers), chance.uniform(0, 1))
    left = []
    for _ in range(2):
        before = marks(desk)
        process = desk.start("reprocess", "--workers", workers)
        in_the_middle(desk, process, before)
        _kill(process, chance.uniform(0, 0.1))
        left.append(marks(desk))
    assert left[0], "the first kill fell behind the end"
    done = desk.run("reprocess", "--workers", workers)
    assert done.status == 0, done.err
    assert ("a reprocess that was cut short is gone on with" in done.err) == any(left[1].values())
    same(desk, quiet)


def _kill(process: subprocess.Popen[bytes], pause: float) -> None:
    threading.Event().wait(pause)
    process.kill()
    process.wait()


def beside_it(process: subprocess.Popen[bytes]) -> tuple[int, list[int]]:
    """The process that forks, and the two readers."""
    forker, readers = forker_of(process.pid), readers_of(process.pid)
    assert forker is not None
    assert len(readers) == 2
    return forker, readers


def test_readers_that_are_killed_cost_nothing(quiet: DemoDesk, tmp_path: Path) -> None:
    desk, chance = beside(quiet, tmp_path), random.Random(SEED)
    process = desk.start("reprocess", "--workers", "2")
    in_the_middle(desk, process, {})
    for _ in range(2):
        wait_until(lambda: process.poll() is not None or len(readers_of(process.pid)) == 2)
        for pid in readers_of(process.pid)[:1]:
            os.kill(pid, signal.SIGKILL)
        threading.Event().wait(chance.uniform(0, 0.2))
    assert process.wait(60) == 0, desk.log
    same(desk, quiet)


def test_the_process_that_forks_readers_may_be_killed_and_costs_nothing(quiet: DemoDesk, tmp_path: Path) -> None:
    desk = beside(quiet, tmp_path)
    process = desk.start("reprocess", "--workers", "2")
    in_the_middle(desk, process, {})
    forker, readers = beside_it(process)
    os.kill(forker, signal.SIGKILL)
    assert process.wait(60) == 0, desk.log
    assert not lives(forker, *readers)
    same(desk, quiet)


def test_nothing_is_left_of_one_that_is_killed(quiet: DemoDesk, tmp_path: Path) -> None:
    desk = beside(quiet, tmp_path)
    process = desk.start("reprocess", "--workers", "2")
    in_the_middle(desk, process, {})
    forker, readers = beside_it(process)
    _kill(process, 0)
    wait_until(lambda: not lives(forker, *readers))


@pytest.mark.parametrize(("workers", "number", "status"), [("1", signal.SIGTERM, 143), ("2", signal.SIGINT, 130)])
def test_one_that_is_told_to_stop_stores_what_is_in_hand_and_says_how_to_go_on(
    quiet: DemoDesk, tmp_path: Path, workers: str, number: int, status: int
) -> None:
    desk = beside(quiet, tmp_path)
    process = desk.start("reprocess", "--workers", workers)
    in_the_middle(desk, process, {})
    process.send_signal(number)
    assert process.wait(60) == status, desk.log
    assert "the same command goes on there" in desk.log
    left = marks(desk)
    assert left
    assert not readers_of(process.pid)
    with desk.database() as db:
        assert column(db, "SELECT state FROM runs") == ["partial"]
        stored = column(db, "SELECT count(*) FROM articles")[0]
        assert 0 < stored < column_of(quiet, "SELECT count(*) FROM articles")
    done = desk.run("reprocess")
    assert done.status == 0, done.err
    same(desk, quiet)
    with desk.database() as db:
        read_twice = pages_read(done.out) + stored - column(db, "SELECT count(*) FROM pages")[0]
    assert read_twice <= 10, "those of stories whose further page had not come yet"


def test_anew_begins_at_the_beginning(quiet: DemoDesk, tmp_path: Path) -> None:
    desk = beside(quiet, tmp_path)
    process = desk.start("reprocess")
    in_the_middle(desk, process, {})
    process.kill()
    process.wait()
    done = desk.run("reprocess", "--anew")
    assert done.status == 0, done.err
    assert pages_read(done.out) == column_of(quiet, "SELECT count(*) FROM pages")
    same(desk, quiet)


def pages_read(said: str) -> int:
    """How many pages the report says were read."""
    return int(said.split(" pages")[0].rpartition(" ")[2])


def column_of(desk: DemoDesk, sql: str) -> int:
    with desk.database() as db:
        return int(column(db, sql)[0])

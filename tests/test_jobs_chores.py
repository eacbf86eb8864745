"""Upkeep as jobs: in processes of their own, within limits; what does not come to its end stands as a fault."""

from __future__ import annotations

import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from cli.boundary import own_command
from config import Config, Schedule, Storage, load_config
from db import open_database
from jobs.book import standing_faults
from jobs.chores import Chore, chore_tasks, chores_of, do
from jobs.desk import Desk
from jobs.standing import Hindered
from tests.demo_desk import set_up


def _desk(folder: Path) -> Desk:
    storage = Storage(database=folder / "policywire.db", archive=folder / "archive")
    open_database(storage.database, mode="create").close()
    return Desk(config=Config(storage=storage), password=None)


def _chore(**fields: object) -> Chore:
    usual = {"name": "verify", "words": ("upkeep", "archive"), "rhythm": "0 5 * * *", "fault": "upkeep_failed"}
    return Chore(**{**usual, "limit": timedelta(seconds=30), **fields})  # type: ignore[arg-type]


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def _faults(desk: Desk) -> dict[str, str]:
    return {one.name: one.detail for one in standing_faults(desk.config.storage.database)}


def test_without_a_folder_for_it_there_is_no_nightly_copy() -> None:
    assert [chore.name for chore in chores_of(Schedule())] == ["verify", "weekly"]
    assert [chore.name for chore in chores_of(Schedule(backup_to=Path("x")))] == ["backup", "verify", "weekly"]


def test_a_chore_that_is_done_is_well_and_one_that_found_something_is_no_failure(tmp_path: Path) -> None:
    desk = _desk(tmp_path)
    assert do(_chore(), desk, _python("pass")).state == "ok"
    found = do(_chore(), desk, _python("raise SystemExit(1)"))
    assert (found.state, found.detail) == ("ok", "something was found; it stands as a fault")
    assert _faults(desk) == {}


def test_a_chore_that_takes_too_long_is_ended_and_told_of(tmp_path: Path) -> None:
    desk = _desk(tmp_path)
    ended = do(_chore(limit=timedelta(seconds=1)), desk, _python("import time; time.sleep(60)"))
    assert ended.state == "failed"
    assert _faults(desk)["upkeep_failed"].startswith("`policywire upkeep archive` was ended: timeout after ")


def test_a_chore_that_fails_is_told_of_in_its_own_words_where_it_had_any(tmp_path: Path) -> None:
    desk = _desk(tmp_path)
    assert do(_chore(), desk, _python("raise SystemExit(2)")).state == "failed"
    assert _faults(desk) == {"upkeep_failed": "`policywire upkeep archive` ended with status 2; the log says why"}
    desk.ground.watch.book.report("upkeep_failed", "no room", desk.now())
    do(_chore(), desk, _python("raise SystemExit(2)"))
    assert _faults(desk) == {"upkeep_failed": "no room"}


def test_a_chore_waits_while_the_database_or_what_it_needs_has_gone(tmp_path: Path) -> None:
    desk = _desk(tmp_path)
    desk.ground.watch.book.report("archive_missing", "gone", desk.now())
    with pytest.raises(Hindered, match="archive has gone"):
        do(_chore(bars=frozenset({"archive_missing"})), desk, _python("pass"))
    assert do(_chore(name="weekly"), desk, _python("pass")).state == "ok"
    desk.ground.watch.book.report("database_locked", "held", desk.now())
    with pytest.raises(Hindered, match="held by another process"):
        do(_chore(name="weekly"), desk, _python("pass"))


def test_a_chore_ends_with_the_scheduler(tmp_path: Path) -> None:
    desk = _desk(tmp_path)
    desk.stop.set()
    assert do(_chore(), desk, _python("import time; time.sleep(60)")).state == "stopped"
    assert _faults(desk) == {}


def test_all_of_them_run_as_the_scheduler_runs_them(tmp_path: Path) -> None:
    made = set_up(tmp_path, None, rest='[schedule]\nbackup_to = "copies"\n')
    open_database(made.path, mode="create").close()
    made.archive.mkdir()
    desk = Desk(config=load_config(made.config), password=None)
    states = [task.work() for task in chore_tasks(desk, partial(own_command, config=made.config))]
    assert [outcome.state for outcome in states] == ["ok", "ok", "ok"]  # type: ignore[attr-defined]
    with open_database(made.path, mode="ro").conn as db:
        done = db.execute("SELECT job, state FROM runs ORDER BY id").fetchall()
    assert done == [("backup", "ok"), ("verify", "ok"), ("weekly", "ok")]
    assert len(list((tmp_path / "copies").glob("policywire-*.db"))) == 1

"""What is told of a desk from outside, also while its database is locked, gone or damaged."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config import Config
from db.connection import rows
from db.job_states import JobState, save
from db.status import read_status
from db.totals import read_totals
from jobs import report as reporting
from jobs.beat import Heart, beat_file
from jobs.book import Book
from jobs.report import alive, read_report
from tests.db_samples import NOON, Desk
from tests.watched_desk import before, watched_desk


@pytest.fixture
def watched(tmp_path: Path) -> tuple[Config, Desk]:
    return watched_desk(tmp_path)


def names(reasons: tuple[tuple[str, str], ...]) -> list[str]:
    return [name for name, _line in reasons]


def test_a_desk_that_is_well_is_told_whole(watched: tuple[Config, Desk]) -> None:
    config, _desk = watched
    found = read_report(config, NOON)
    assert (found.scheduler.state, found.database.state, alive(found)) == ("alive", "ok", ())
    assert found.database.size + found.database.wal > 100_000
    assert [disk.name for disk in found.disks] == ["database", "archive", "backups"]
    assert all(0 < disk.free < disk.size for disk in found.disks)
    assert found.status is not None
    assert [job.name for job in found.status.jobs] == ["backup", "crawl mofcom", "deliver"]
    assert [letter["subject"] for letter in found.status.dead_letters] == ["Mail 0"]
    assert found.totals is not None
    assert found.totals.stored["mails"] == 3
    assert found.totals.runs_24h["crawl", "mofcom", "ok"] == 2, "the one of 30 hours ago is none of them"
    assert found.totals.runs_24h["crawl", "mofcom", "failed"] == 1


def test_what_needs_a_person_is_told_the_worst_first(watched: tuple[Config, Desk]) -> None:
    config, desk = watched
    save(desk.db, JobState(name="upkeep", state="stuck", last_started_at=before(hours=5), changed_at=""))
    Book(config.storage.database).report("archive_missing", "the folder was there and is not any more", NOON)
    late = NOON + timedelta(minutes=5)
    assert read_report(config, late).needs_a_person == (
        "the scheduler runs, but its loop stands still: restart it, and keep its log "
        f"(process {found_pid(config)}, last heartbeat 2026-11-20T04:00:00Z)",
        "the folder of the archive has gone: the folder was there and is not any more",
        "job upkeep has been running since 2026-11-19T23:00:00Z, which is longer than it may",
        "1 mail could not be delivered; `policywire alerts retry --all` makes it due again",
        "1 open issue 'crashed' of mofcom, at https://x.cn/1",
    )


def found_pid(config: Config) -> int | None:
    return read_report(config, NOON).scheduler.pid


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (JobState(name="deliver", state="failed", failures=2, detail="no route"), None),
        (JobState(name="deliver", state="running", failures=3), "3 times in a row, it last went well never"),
        (
            JobState(
                name="backup", state="failed", failures=1, detail="the disk is full", last_ok_at="2026-11-19T19:30:00Z",
                last_ended_at="2026-11-20T19:30:00Z", next_at="2026-11-21T19:30:00Z",
            ),
            "once, it last went well 2026-11-19T19:30:00Z: the disk is full",
        ),
        (JobState(name="crawl mofcom", source="mofcom", state="failed", failures=9), None),
    ],
)  # fmt: skip
def test_a_job_that_fails_is_told_once_it_is_no_passing_fault(
    watched: tuple[Config, Desk], state: JobState, said: str | None
) -> None:
    _config, desk = watched
    save(desk.db, replace(state, changed_at=""))
    told = [line for line in read_status(desk.db, NOON).needs_a_person if line.startswith("job ")]
    assert told == ([f"job {state.name} has failed {said}"] if said else [])


def test_mail_that_nobody_tries_to_send_is_told_after_hours(watched: tuple[Config, Desk]) -> None:
    _config, desk = watched
    for hours, told in ((5, False), (7, True)):
        lines = read_status(desk.db, NOON + timedelta(hours=hours)).needs_a_person
        assert any("mail could be sent since 2026-11-20T04:00:00Z" in line for line in lines) is told


def test_a_writer_holds_no_monitor_up(watched: tuple[Config, Desk]) -> None:
    config, desk = watched
    desk.db.conn.execute("BEGIN IMMEDIATE")
    desk.db.conn.execute("DELETE FROM outbox")
    found = read_report(config, NOON)
    desk.db.conn.execute("ROLLBACK")
    assert (found.database.state, found.status is None) == ("ok", False)


def test_a_locked_database_is_a_state_like_any_other(watched: tuple[Config, Desk]) -> None:
    config, desk = watched
    desk.db.conn.execute("PRAGMA locking_mode = EXCLUSIVE")
    desk.db.conn.execute("BEGIN EXCLUSIVE")
    found = read_report(config, NOON)
    desk.db.conn.execute("ROLLBACK")
    assert (found.database.state, found.status, found.totals) == ("locked", None, None)
    assert names(alive(found)) == ["database_locked"]
    assert "is locked by another process" in found.needs_a_person[0]


def test_a_database_that_is_gone_or_none_at_all_is_told_in_one_line(tmp_path: Path) -> None:
    config, desk = watched_desk(tmp_path)
    desk.db.close()
    path = config.storage.database
    path.rename(tmp_path / "aside.db")
    gone = read_report(config, NOON)
    assert (gone.database.state, gone.database.size) == ("missing", 0)
    path.write_bytes(b"no database at all, " * 100)
    other = read_report(config, NOON)
    assert other.database.state == "unreadable"
    for found in (gone, other):
        (line,) = found.needs_a_person
        assert str(path) in line
        assert found.scheduler.state == "alive", "the heartbeat needs no database"


def test_a_database_that_takes_too_long_is_given_up(
    watched: tuple[Config, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    config, desk = watched
    monkeypatch.setattr(reporting, "LONGEST", -1.0)
    desk.db.conn.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) "
        "INSERT INTO issues (kind, source, url, detail, first_seen_at, last_seen_at) "
        "SELECT 'timeout', 'mofcom', 'https://x.cn/' || i, '', '2026', '2026' FROM n"
    )
    found = read_report(config, NOON)
    assert (found.database.state, found.status) == ("slow", None)
    assert "took longer than" in str(found.database.detail)


def test_the_heart_of_this_process_is_believed_before_its_file(watched: tuple[Config, Desk]) -> None:
    config, _desk = watched
    found = read_report(config, NOON + timedelta(days=1))
    assert names(alive(found)) == ["scheduler_stuck"]
    assert alive(found, stopped_for=timedelta(seconds=5)) == ()
    assert names(alive(found, stopped_for=timedelta(minutes=3))) == ["scheduler_stuck"]
    Heart(beat_file(config.storage.database)).end()
    assert names(alive(read_report(config, NOON))) == ["scheduler_off"]


def test_a_disk_without_room_is_told_without_a_scheduler_too(
    watched: tuple[Config, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    config, _desk = watched
    monkeypatch.setattr("jobs.report.shutil.disk_usage", lambda folder: shutil_usage(free=15 << 20))
    lines = read_report(config, NOON).needs_a_person
    assert [line for line in lines if "make room" in line] == [
        f"the disk of the {name} ({folder}) has 15 MiB free: make room"
        for name, folder in (
            ("database", config.storage.database.parent),
            ("archive", config.storage.archive),
            ("backups", config.schedule.backup_to),
        )
    ]
    Book(config.storage.database).report("disk_low", "a disk has 15 MiB free, 16 are wanted", NOON)
    assert sum("15 MiB" in line for line in read_report(config, NOON).needs_a_person) == 1


def shutil_usage(*, free: int) -> object:
    from shutil import _ntuple_diskusage  # type: ignore[attr-defined]

    return _ntuple_diskusage(1 << 40, (1 << 40) - free, free)


def test_what_a_monitor_asks_goes_along_an_index(watched: tuple[Config, Desk]) -> None:
    _config, desk = watched
    asked: list[str] = []
    desk.db.conn.set_trace_callback(asked.append)
    read_totals(desk.db, NOON)
    read_status(desk.db, NOON, leads=False)
    desk.db.conn.set_trace_callback(None)
    large = r"\b(articles|quotes|policies|pages|outbox|runs|issues|owed|revisions)\b"
    for sql in asked:
        for step in rows(desk.db, f"EXPLAIN QUERY PLAN {sql}"):
            detail = str(step["detail"])
            if re.match(rf"SCAN {large}", detail) and " INDEX " not in detail:
                assert re.search(r"^SELECT max\((seq|id)\) FROM \w+$|ORDER BY id DESC LIMIT 500|LIMIT 10001\)$", sql), (
                    sql
                )

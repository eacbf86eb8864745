"""A crawl as the scheduler runs it: its run row opened before and closed after it, whatever becomes of its process."""

from __future__ import annotations

import fcntl
import sys
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from config import Config, Job
from db.connection import row
from db.crawling.runs import adopt_run, finish_run, open_run
from jobs.crawls import Crawls, limits_of, lock_of
from jobs.desk import Desk as Scheduled
from jobs.supervise import ChildReport, Ended, Limits
from jobs.tasks import Begun, Outcome
from tests.db_samples import NOON, Desk

MOFCOM = Job(source="mofcom", every=timedelta(hours=1), memory=512 << 20, size=64 << 20)
BEGUN = Begun(name="crawl mofcom", at=NOON, due_at=NOON - timedelta(hours=3), missed=3)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


def crawls(desk: Desk, ends: ChildReport | None = None, state: str | None = None) -> Crawls:
    """Crawls that end so; with a state, the crawl says itself how it went."""
    config = Config.model_validate({"storage": {"database": str(desk.path), "archive": str(desk.path.parent)}})
    scheduled = Scheduled(config=config, password=None)

    def ran(command: Sequence[str], limits: Limits) -> ChildReport:
        if state is not None:
            finish_run(desk.db, int(command[-1]), state=state, reason="it says", now=NOON)
        return ends or ChildReport(ended="done", returncode=0, seconds=1)

    return Crawls(desk=scheduled, command_of=lambda source, run: ["crawl", source, str(run)], run=ran)


def last(desk: Desk) -> tuple[str, str]:
    found = row(desk.db, "SELECT state, reason FROM runs ORDER BY id DESC LIMIT 1")
    assert found is not None
    return found["state"], found["reason"]


def test_a_run_says_what_it_was_due_for_and_how_much_it_makes_up_for(desk: Desk) -> None:
    assert crawls(desk, state="ok").crawl(MOFCOM, BEGUN) == Outcome()
    found = row(desk.db, "SELECT due_at, missed, state FROM runs")
    assert found == {"due_at": "2026-11-20T01:00:00Z", "missed": 3, "state": "ok"}


@pytest.mark.parametrize(
    ("ended", "status", "reason", "gentle"),
    [
        ("timeout", -15, "timeout: it took longer than 0:30:00 and was stopped", True),
        ("memory", -9, "memory: it held more than 512 MiB and was killed", False),
        ("size", -25, "size: a file of it grew by more than 64 MiB", False),
        ("killed", -11, "killed: it was ended by signal 11", False),
        ("done", 2, "it could not begin (exit status 2); the log says why", False),
        ("done", 1, "it ended without a report (exit status 1); the log says why", True),
    ],
)
def test_a_run_whose_process_did_not_close_it_is_closed_with_a_name(
    desk: Desk, ended: Ended, status: int, reason: str, gentle: bool
) -> None:
    report = ChildReport(ended=ended, returncode=status, seconds=1)
    assert crawls(desk, report).crawl(MOFCOM, BEGUN) == Outcome(state="failed", detail=reason, gentle=gentle)
    assert last(desk) == ("failed", reason)


def test_a_crawl_that_says_itself_how_it_went_is_believed(desk: Desk) -> None:
    told = {state: crawls(desk, state=state).crawl(MOFCOM, BEGUN) for state in ("partial", "failed")}
    assert told["partial"] == Outcome(detail="partial: it says")
    assert told["failed"] == Outcome(state="failed", detail="it says", gentle=True)


def test_a_crawl_that_was_stopped_is_made_up_for_unless_it_was_done(desk: Desk) -> None:
    stopped = ChildReport(ended="stopped", returncode=-15, seconds=1)
    assert crawls(desk, stopped, "partial").crawl(MOFCOM, BEGUN).state == "stopped"
    assert crawls(desk, stopped).crawl(MOFCOM, BEGUN).state == "stopped"
    assert crawls(desk, stopped, "ok").crawl(MOFCOM, BEGUN) == Outcome()


def test_nothing_is_begun_beside_another_crawl_or_while_it_would_be_pointless(desk: Desk) -> None:
    other = crawls(desk)
    lock = lock_of(desk.path, "mofcom")
    with lock.open("w") as held:
        held.write("17 since noon")
        held.flush()
        fcntl.flock(held, fcntl.LOCK_EX)
        assert other.crawl(MOFCOM, BEGUN).detail == "another crawl of mofcom is running (process 17 since noon)"
    hindered = Crawls(desk=other.desk, command_of=other.command_of, run=other.run, hindrance=lambda: "no disk")
    assert hindered.crawl(MOFCOM, BEGUN) == Outcome(state="waiting", detail="no disk")
    assert row(desk.db, "SELECT count(*) AS n FROM runs") == {"n": 0}


def test_two_jobs_of_one_source_take_turns(desk: Desk) -> None:
    begun, go_on = threading.Event(), threading.Event()
    found: list[Outcome] = []
    one = crawls(desk, state="ok")
    quick = one.run
    assert quick is not None

    def slow(command: Sequence[str], limits: Limits) -> ChildReport:
        begun.set()
        go_on.wait(30)
        return quick(command, limits)

    both = Crawls(desk=one.desk, command_of=one.command_of, run=slow)
    thread = threading.Thread(target=lambda: found.append(both.crawl(MOFCOM, BEGUN)))
    thread.start()
    begun.wait(30)
    assert both.crawl(MOFCOM, BEGUN) == Outcome(state="waiting", detail="another job crawls mofcom")
    go_on.set()
    thread.join()
    assert found == [Outcome()]


def test_a_database_that_cannot_be_written_keeps_a_crawl_waiting_and_due(desk: Desk) -> None:
    desk.path.rename(desk.path.with_name("aside"))
    heard: list[str] = []
    (desk.path).mkdir()
    one = crawls(desk)
    waiting = Crawls(desk=one.desk, command_of=one.command_of, run=one.run, heard=lambda e: heard.append(str(e)))
    assert waiting.crawl(MOFCOM, BEGUN).state == "waiting"
    assert len(heard) == 1


def test_a_run_is_adopted_by_its_crawl_only_while_it_is_open(desk: Desk) -> None:
    run = open_run(desk.db, source="mofcom", job="crawl", pid=1, now=NOON)
    adopt_run(desk.db, run, source="mofcom", pid=4242)
    assert row(desk.db, "SELECT pid FROM runs") == {"pid": 4242}
    with pytest.raises(LookupError, match=f"no open run {run} of other"):
        adopt_run(desk.db, run, source="other", pid=1)
    finish_run(desk.db, run, state="ok", reason="test", now=NOON)
    with pytest.raises(LookupError, match=f"no open run {run} of mofcom"):
        adopt_run(desk.db, run, source="mofcom", pid=1)


def test_a_file_may_grow_by_its_limit_from_where_the_database_is(tmp_path: Path) -> None:
    database = tmp_path / "policywire.db"
    assert limits_of(MOFCOM, database).file == 64 << 20
    database.write_bytes(bytes(1000))
    assert limits_of(MOFCOM, database) == Limits(time=timedelta(minutes=30), memory=512 << 20, file=(64 << 20) + 1000)


def test_a_crawl_is_a_process_when_nothing_else_is_given(desk: Desk) -> None:
    one = crawls(desk)
    real = Crawls(desk=one.desk, command_of=lambda source, run: [sys.executable, "-c", "raise SystemExit(3)"])
    assert real.crawl(MOFCOM, BEGUN).detail == "it ended without a report (exit status 3); the log says why"

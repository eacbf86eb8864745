"""The scheduler: what runs, what is told of it, and how it stops; in simulated time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config import Job, Schedule
from db import DatabaseError, open_database
from db.job_states import JobState, states
from jobs.ledger import Ledger
from jobs.planning import Item
from jobs.rhythm import Rhythm
from jobs.tasks import Begun, Outcome
from scheduler import Around, items_of, named_jobs, rhythm_of, run
from tests.simulated_time import Life, SimulatedThreads, SimulatedTime, patch_apscheduler

NOW = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def about(*minutes: float, late: float = 1.1) -> Any:
    """These minutes; the loop looks once a minute."""
    return pytest.approx([minute + late / 2 for minute in minutes], abs=late / 2 + 0.1)


@dataclass
class Run:
    """A scheduler in simulated time, and what it has told."""

    folder: Path
    time: SimulatedTime = field(default_factory=lambda: SimulatedTime(start=NOW))
    life: Life = field(default_factory=Life)
    stop: threading.Event = field(default_factory=threading.Event)
    begun: list[tuple[str, float]] = field(default_factory=list)
    """Name of each run, and when it began: minutes since the start, of the time that really passed."""
    faults: list[tuple[str, str]] = field(default_factory=list)
    over: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    broken: bool = False
    """Whether the database cannot be opened."""

    def item(
        self, name: str, every: timedelta, work: Callable[[Begun], object] = lambda begun: None, **more: timedelta
    ) -> Item:
        def worked(begun: Begun) -> object:
            self.begun.append((name, self.time.passed / 60))
            return work(begun)

        rhythm = Rhythm(zone=SHANGHAI, every=every)
        return Item(name=name, rhythm=rhythm, work=worked, patience=more.get("patience", HOUR))

    def began(self, name: str) -> list[float]:
        return [at for one, at in self.begun if one == name]

    def sleep(self, span: timedelta) -> None:
        self.time.wait(threading.Event(), span.total_seconds(), self.life)

    def run(self, *items: Item, until: timedelta, meanwhile: Callable[[], None] = lambda: None) -> tuple[str, ...]:
        """Run for so long; `meanwhile` may do what it likes with the time before it is over."""
        end = self.time.passed + until.total_seconds()

        def somebody() -> None:
            meanwhile()
            self.sleep(timedelta(seconds=end - self.time.passed))
            self.time.set(self.stop)
            self.time.leave()

        self.time.enter()
        self.time.enter()
        other = threading.Thread(target=somebody)
        other.start()
        left = run(
            items,
            ledger=Ledger(open=self._open, monotonic=lambda: self.time.passed),
            zone=SHANGHAI,
            stop=self.stop,
            clock=self.time.clock(self.life),
            around=Around(
                fault=lambda name, detail, now: self.faults.append((name, detail)),
                over=lambda name, now: self.over.append(name),
                failed=lambda error, now: bool(self.errors.append(str(error))),  # type: ignore[func-returns-value]
            ),
            executor=SimulatedThreads(self.time),
        )
        self.time.kill(self.life)
        self.time.leave()
        other.join()
        return left

    def _open(self):  # type: ignore[no-untyped-def]
        if self.broken:
            raise DatabaseError("it is locked")
        db = open_database(self.folder / "policywire.db", mode="create")
        db.conn.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug, and there are many rows an hour
        return db

    @property
    def rows(self) -> dict[str, JobState]:
        return {state.name: state for state in states(self._open())}


@pytest.fixture
def sim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    sim = Run(folder=tmp_path)
    patch_apscheduler(monkeypatch, sim.time)
    return sim


def test_jobs_run_when_they_are_due_and_their_rows_say_how_they_stand(sim: Run) -> None:
    assert sim.run(sim.item("digests", 20 * MINUTE), sim.item("health", HOUR), until=50 * MINUTE) == ()
    assert (sim.began("digests"), sim.began("health")) == (about(0, 20, 40), about(0))
    row = sim.rows["digests"]
    assert (row.state, row.last_ok_at, row.due_at) == ("ok", "2026-09-18T02:40:00Z", "2026-09-18T03:00:00Z")
    assert sim.rows["scheduler"].state == "stopped"


def test_a_job_that_fails_is_told_of_and_tried_again_after_growing_pauses(
    sim: Run, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(begun: Begun) -> object:
        raise OSError("disk full")

    sim.run(sim.item("deliver", MINUTE, broken), sim.item("digests", 2 * HOUR), until=HOUR)
    assert sim.began("deliver") == about(0, 0.5, 1.5, 3.5, 7.5, 15.5, 30.5, 45.5, late=8)
    assert [name for name, _ in sim.begun].count("digests") == 1
    assert set(sim.errors) == {"disk full"}
    assert "disk full" in caplog.text
    row = sim.rows["deliver"]
    assert (row.state, row.failures, row.detail) == ("failed", 8, "OSError: disk full")


def test_runs_of_one_job_never_overlap_and_what_came_due_meanwhile_is_made_up_for_once(sim: Run) -> None:
    missed: list[int] = []

    def long(begun: Begun) -> object:
        missed.append(begun.missed)
        sim.sleep(49.5 * MINUTE)
        return None

    sim.run(sim.item("backup", 20 * MINUTE, long), until=2 * HOUR)
    assert sim.began("backup") == about(0, 49.5, 99.5)
    assert (missed[:2], missed[2] in (1, 2)) == ([0, 1], True), "due at 02:20, and at 02:40 too; at 03:00, and at 03:20"


def test_a_job_that_hangs_is_told_of_as_stuck_once_and_hinders_no_other(sim: Run) -> None:
    def hangs(begun: Begun) -> object:
        sim.sleep(3 * HOUR if len(sim.begun) < 4 else MINUTE)
        return None

    items = (sim.item("deliver", MINUTE, hangs, patience=10 * MINUTE), sim.item("digests", HOUR))
    stood: list[str] = []

    def look() -> None:
        sim.sleep(HOUR)
        stood.append(sim.rows["deliver"].state)

    sim.run(*items, until=4 * HOUR, meanwhile=look)
    assert stood == ["stuck"]
    assert [name for name, _ in sim.faults] == ["job_stuck"]
    assert sim.faults[0][1].startswith("deliver: it has been working since 2026-09-18T02:00:00Z")
    assert sim.over == ["job_stuck"]
    assert sim.rows["deliver"].state in ("ok", "running", "stopped")
    assert sim.began("digests") == about(0, 60, 120, 180)


def test_a_stop_waits_for_what_works_but_not_for_ever(sim: Run) -> None:
    def ends_soon(begun: Begun) -> object:
        while not sim.stop.is_set():
            sim.sleep(timedelta(seconds=10))
        return Outcome(state="stopped")

    def never_ends(begun: Begun) -> object:
        sim.sleep(timedelta(days=1))
        return None

    left = sim.run(sim.item("crawl", HOUR, ends_soon), sim.item("deliver", HOUR, never_ends), until=5 * MINUTE)
    assert left == ("deliver",)
    assert (sim.rows["crawl"].state, sim.rows["deliver"].state) == ("stopped", "stopped")
    assert sim.time.passed == pytest.approx(5 * 60 + 25, abs=1), "thirty seconds are the promise"


def test_what_was_lost_with_its_scheduler_is_made_up_for_at_once(sim: Run) -> None:
    ledger = Ledger(open=sim._open)
    ledger.load(set())
    for name, state in (("crawl mofcom", "running"), ("deliver", "ok")):
        ledger.put(
            JobState(
                name=name, state=state, due_at="2026-09-18T01:55:00Z", last_started_at="2026-09-18T01:40:00Z",
                changed_at="2026-09-18T01:56:00Z",
            )
        )  # fmt: skip
    missed: list[tuple[str, int]] = []

    def told(begun: Begun) -> object:
        missed.append((f"{begun.due_at:%H:%M}", begun.missed))
        return None

    sim.run(sim.item("crawl mofcom", HOUR, told), until=30 * MINUTE)
    assert sim.began("crawl mofcom") == about(0)
    assert missed == [("01:55", 0)]
    assert set(sim.rows) == {"crawl mofcom", "scheduler"}, "what is planned no more is forgotten"


@pytest.mark.parametrize("by", [timedelta(days=3), timedelta(days=-3), timedelta(days=-400)])
def test_a_clock_that_is_set_doubles_and_stops_nothing(sim: Run, by: timedelta) -> None:
    def jump() -> None:
        sim.sleep(30.5 * MINUTE)  # between two looks at the clock
        sim.time.wall_ahead += by

    sim.run(sim.item("digests", 20 * MINUTE), until=119 * MINUTE, meanwhile=jump)
    assert sim.began("digests") == about(0, 20, 40, 60, 80, 100)
    assert [name for name, _ in sim.faults] == ["clock_jumped"]
    assert sim.over == ["clock_jumped"], "an hour later"
    assert sim.rows["clock"].state == "ok"
    assert str(sim.rows["clock"].detail).startswith("the clock was set ")


def test_what_was_slept_through_is_made_up_for_once(sim: Run) -> None:
    missed: list[int] = []

    def noted(begun: Begun) -> object:
        missed.append(begun.missed)
        return None

    def sleep() -> None:
        sim.sleep(9.5 * MINUTE)
        sim.time.slept += 5 * 3600

    sim.run(sim.item("crawl", HOUR, noted), until=80 * MINUTE, meanwhile=sleep)
    assert sim.began("crawl") == about(0, 10, 60), "five hours later by the clock, for the second and third"
    assert missed == [0, 4, 0]
    assert sim.faults == []


def test_a_database_that_cannot_be_used_keeps_nothing_from_being_planned(
    sim: Run, caplog: pytest.LogCaptureFixture
) -> None:
    def locked() -> None:
        sim.sleep(5 * MINUTE)
        sim.broken = True
        sim.sleep(HOUR)
        sim.broken = False

    sim.run(sim.item("watch", 10 * MINUTE), until=90 * MINUTE, meanwhile=locked)
    assert len(sim.begun) == 9
    assert sim.rows["watch"].last_ok_at == "2026-09-18T03:20:00Z"
    assert "job states cannot be saved" in caplog.text


def test_a_listener_that_fails_ends_nothing_and_is_told_of_once(sim: Run, caplog: pytest.LogCaptureFixture) -> None:
    def deaf(now: datetime) -> None:
        raise OSError("the heartbeat's file is gone")

    sim.time.enter()

    def stops(begun: Begun) -> object:
        if len(sim.begun) == 3:
            sim.time.set(sim.stop)
        return None

    with caplog.at_level(logging.ERROR):
        run(
            [sim.item("it", 10 * MINUTE, stops)],
            ledger=Ledger(open=sim._open),
            zone=SHANGHAI,
            stop=sim.stop,
            clock=sim.time.clock(sim.life),
            around=Around(each_round=deaf),
            executor=SimulatedThreads(sim.time),
        )
    sim.time.leave()
    assert caplog.text.count("what is to be told cannot be told") == 1
    assert len(sim.begun) == 3


def test_jobs_are_named_by_their_source_and_jitter_is_never_more_than_a_quarter_of_the_interval() -> None:
    jobs = (Job(source="mofcom", every=HOUR), Job(source="mofcom", cron="0 9 * * *"), Job(source="other", every=HOUR))
    assert list(named_jobs(jobs)) == ["crawl mofcom", "crawl mofcom 2", "crawl other"]
    assert rhythm_of(Job(source="mofcom", every=timedelta(seconds=20)), SHANGHAI).jitter == timedelta(seconds=5)
    crawled: list[str] = []

    def crawl(job: Job, begun: Begun) -> Outcome:
        crawled.append(f"{job.source} {begun.name}")
        return Outcome()

    items = items_of(Schedule(jobs=jobs), [], crawl, lambda source: NOW if source == "other" else None)
    for item in items:
        item.work(Begun(name=item.name, at=NOW, due_at=NOW, missed=0))
    assert crawled == ["mofcom crawl mofcom", "mofcom crawl mofcom 2", "other crawl other"]
    assert [item.last_started() for item in items] == [None, None, NOW]

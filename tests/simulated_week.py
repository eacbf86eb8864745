"""A week of the scheduler: the real planning, APScheduler and SQLite; crawls, faults and time are simulated."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from config import Config, Schedule
from db import DatabaseError, open_database
from db.connection import rows
from db.crawling.runs import close_lost_runs, finish_run
from jobs.crawls import Crawls
from jobs.desk import Desk
from jobs.ledger import Ledger
from jobs.supervise import ChildReport, Ended, Limits
from jobs.tasks import Task
from scheduler import Around, items_of, run
from tests.simulated_time import Killed, Life, SimulatedThreads, SimulatedTime, patch_apscheduler

FATES = (
    "well",
    "well",
    "well",
    "well",
    "well",
    "well",
    "partial",
    "site",
    "crash",
    "hangs",
    "killed",
    "memory",
    "full",
)
"""What may become of a crawl, the usual more often."""


@dataclass(frozen=True)
class Attempt:
    """A crawl that was begun: when it began and ended, in hours that really passed, and what became of it."""

    source: str
    began: float
    ended: float
    fate: str


@dataclass
class Week:
    """One database, and the schedulers that work on it one after the other."""

    folder: Path
    start: datetime
    schedule: dict[str, Any]
    seed: int
    fate_of: Callable[[str, random.Random, float], str]
    """What becomes of a crawl of a source that begins after so many hours."""
    time: SimulatedTime = field(init=False)
    chance: random.Random = field(init=False)
    attempts: list[Attempt] = field(default_factory=list)
    overlaps: list[str] = field(default_factory=list)
    tasks: list[tuple[str, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    generation: int = 0
    me: Life = field(default_factory=Life)
    _crawling: set[str] = field(default_factory=set)
    _life: Life | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _pool: SimulatedThreads | None = None

    def __post_init__(self) -> None:
        self.time = SimulatedTime(start=self.start)
        self.chance = random.Random(self.seed)
        self.folder.mkdir(exist_ok=True)
        (self.folder / "archive").mkdir(exist_ok=True)

    def patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        patch_apscheduler(monkeypatch, self.time)
        for place in ("db.crawling.runs", "db.job_states"):
            monkeypatch.setattr(f"{place}.process_mark", lambda pid: f"scheduler {self.generation}")
        monkeypatch.setattr("jobs.desk.open_database", lambda path, mode: self.open())
        monkeypatch.setattr("scheduler.ALIVE_EVERY", timedelta(hours=1))

    def open(self) -> Database:
        db = open_database(self.folder / "policywire.db", mode="create", timeout=0.01)
        db.conn.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug
        return db

    def rows(self, sql: str) -> list[dict[str, Any]]:
        with closing(self.open()) as db:
            return list(rows(db, sql))

    @property
    def hours(self) -> float:
        """What has passed for the machine's clock that cannot be set, with sleep."""
        return (self.time.passed + self.time.slept) / 3600

    # -- what happens to it --------------------------------------------------------------------------------------------

    def live(self, plan: Callable[[], None]) -> None:
        """Start a scheduler, do what `plan` does, and stop the scheduler."""
        with self.time.taking_part():
            self.begin()
            plan()
            self.end()

    def sleep(self, hours: float) -> None:
        """Let time pass."""
        self.time.wait(threading.Event(), hours * 3600, self.me)

    def begin(self) -> None:
        self.generation += 1
        life, stop = Life(), threading.Event()
        self._life, self._stop = life, stop
        self._pool = SimulatedThreads(self.time)
        self.time.enter()
        self._thread = threading.Thread(target=self._scheduler, args=(life, stop, self._pool))
        self._thread.start()

    def end(self) -> None:
        """SIGTERM."""
        self.time.set(self._stop)
        self._joined()

    def kill(self) -> None:
        """SIGKILL: the kernel ends the crawls with it."""
        assert self._life is not None
        self.time.kill(self._life)
        self._joined()

    def _joined(self) -> None:
        assert self._thread is not None
        assert self._pool is not None
        while self._thread.is_alive():
            self.time.wait(threading.Event(), 1, self.me)
            self._thread.join(0.001)
        self._pool._pool.shutdown(wait=True)

    def lock(self, hours: float) -> None:
        """Somebody holds the database."""
        with closing(sqlite3.connect(self.folder / "policywire.db", isolation_level=None, timeout=30)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            self.sleep(hours)
            holder.execute("ROLLBACK")

    def _scheduler(self, life: Life, stop: threading.Event, pool: SimulatedThreads) -> None:
        try:
            with suppress(Killed):
                self._run(life, stop, pool)
        finally:
            self.time.leave()

    def _run(self, life: Life, stop: threading.Event, pool: SimulatedThreads) -> None:
        storage = {"database": str(self.folder / "policywire.db"), "archive": str(self.folder / "archive")}
        config = Config.model_validate(
            {"storage": storage, "schedule": self.schedule, "mail": {"operator": "operator@example.org"}}
        )
        clock = self.time.clock(life, longest_wait=120)
        desk = Desk(config=config, password=None, stop=stop, now=self.time.now)
        crawls = Crawls(
            desk=desk,
            command_of=lambda source, run: [source, str(run)],
            clock=clock,
            run=lambda command, limits: self._crawl(command, limits, life, stop),
        )
        tasks = [
            Task(name="health", rhythm=timedelta(minutes=30), work=desk.judge_sources),
            Task(name="deliver", rhythm=timedelta(hours=1), work=lambda: self._task("deliver")),
            Task(name="backup", rhythm="30 3 * * *", work=lambda: self._task("backup")),
        ]
        with closing(self.open()) as db:
            close_lost_runs(db, self.time.now())
        schedule: Schedule = config.schedule
        run(
            items_of(schedule, tasks, crawls.crawl, desk.last_started),
            ledger=Ledger(open=self.open, monotonic=clock.monotonic),
            zone=schedule.timezone,
            stop=stop,
            clock=clock,
            around=Around(
                fault=lambda name, detail, now: self.faults.append(name),
                failed=lambda error, now: isinstance(error, DatabaseError),
            ),
            executor=pool,
        )

    def _task(self, name: str) -> None:
        self.tasks.append((name, self.hours))

    # -- a crawl -------------------------------------------------------------------------------------------------------

    def _crawl(self, command: Sequence[str], limits: Limits, life: Life, stop: threading.Event) -> ChildReport:
        source, number = command[0], int(command[1])
        if source in self._crawling:
            self.overlaps.append(source)
        self._crawling.add(source)
        began, fate = self.hours, self.fate_of(source, self.chance, self.hours)
        assert limits.time is not None
        lasts = limits.time.total_seconds() if fate == "hangs" else self.chance.uniform(30, 900)
        told: str | None = "killed with its scheduler"
        try:
            stopped = self.time.wait(stop, lasts, life)
            told = "stopped" if stopped else fate
            return self._report(number, told)
        finally:
            self._crawling.discard(source)
            self.attempts.append(Attempt(source=source, began=began, ended=self.hours, fate=str(told)))

    def _report(self, number: int, fate: str) -> ChildReport:
        says = {"well": "ok", "partial": "partial", "site": "failed", "stopped": "partial", "full": "failed"}.get(fate)
        ends: dict[str, Ended] = {"hangs": "timeout", "killed": "killed", "memory": "memory", "stopped": "stopped"}
        status = {"well": 0, "killed": -9, "memory": -9, "hangs": -15}.get(fate, 1)
        if says is not None:
            try:
                with closing(self.open()) as db:
                    finish_run(db, number, state=says, reason=fate, now=self.time.now())
            except DatabaseError:
                status = 1  # it could not say how it ended
        return ChildReport(ended=ends.get(fate, "done"), returncode=status, seconds=0.0)

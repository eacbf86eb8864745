"""Time that passes when everybody waits: threads run for real, and wait on a clock that jumps to the next wake-up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from apscheduler.executors.pool import ThreadPoolExecutor

from jobs.clock import Clock


class Killed(BaseException):
    """This thread belongs to a process that was killed."""


@dataclass(eq=False)
class Life:
    """A process of the simulation: its threads die with it."""

    dead: bool = False


@dataclass(eq=False)
class _Sleeper:
    until: float
    event: threading.Event
    life: Life
    woken: bool = False


@dataclass
class SimulatedTime:
    """The wall clock, and what really passes; advances when no thread that takes part has anything to do."""

    start: datetime
    passed: float = 0.0
    slept: float = 0.0
    wall_ahead: timedelta = timedelta()
    _condition: threading.Condition = field(default_factory=threading.Condition)
    _busy: int = 0
    _sleepers: list[_Sleeper] = field(default_factory=list)

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.passed + self.slept) + self.wall_ahead

    def clock(self, life: Life, longest_wait: float = 60.0) -> Clock:
        """The clock as a process of the simulation sees it."""
        return Clock(
            now=self.now,
            monotonic=lambda: self.passed,
            since_boot=lambda: self.passed + self.slept,
            wait=lambda event, seconds: self.wait(event, seconds, life),
            longest_wait=longest_wait,
        )

    def wait(self, event: threading.Event, seconds: float, life: Life) -> bool:
        """Wait in simulated time; raises Killed in a process that is killed meanwhile."""
        with self._condition:
            if life.dead:
                raise Killed
            if event.is_set():
                return True
            sleeper = _Sleeper(until=self.passed + max(seconds, 0.001), event=event, life=life)
            self._sleepers.append(sleeper)
            self._busy -= 1
            self._go_on()
            while not sleeper.woken:
                assert self._condition.wait(60), "the simulation stands still"
            if life.dead:
                raise Killed
            return event.is_set()

    def set(self, event: threading.Event) -> None:
        """Set an event that may be waited for."""
        with self._condition:
            event.set()
            self._wake(lambda sleeper: sleeper.event is event)

    def kill(self, life: Life) -> None:
        """Kill a process: its threads do nothing any more."""
        with self._condition:
            life.dead = True
            self._wake(lambda sleeper: sleeper.life is life)

    def enter(self) -> None:
        """A thread takes part from now on."""
        with self._condition:
            self._busy += 1

    def leave(self) -> None:
        """A thread takes part no more."""
        with self._condition:
            self._busy -= 1
            self._go_on()

    @contextmanager
    def taking_part(self) -> Iterator[None]:
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def _go_on(self) -> None:
        if self._busy == 0 and self._sleepers:
            self.passed = max(self.passed, min(sleeper.until for sleeper in self._sleepers))
            self._wake(lambda sleeper: sleeper.until <= self.passed)

    def _wake(self, which: Any) -> None:
        for sleeper in [one for one in self._sleepers if which(one)]:
            self._sleepers.remove(sleeper)
            sleeper.woken = True
            self._busy += 1
        self._condition.notify_all()


class SimulatedThreads(ThreadPoolExecutor):  # type: ignore[misc]  # APScheduler has no types
    """APScheduler's own thread pool, whose threads take part in the simulation."""

    def __init__(self, time: SimulatedTime, most: int = 20) -> None:
        super().__init__(most)
        self._time = time

    def _do_submit_job(self, job: Any, run_times: Any) -> None:
        self._time.enter()
        super()._do_submit_job(job, run_times)

    def _run_job_success(self, job_id: Any, events: Any) -> None:
        super()._run_job_success(job_id, events)
        self._time.leave()

    def _run_job_error(self, job_id: Any, exc: Any, traceback: Any = None) -> None:
        super()._run_job_error(job_id, exc, traceback)
        self._time.leave()


def patch_apscheduler(monkeypatch: pytest.MonkeyPatch, time: SimulatedTime) -> None:
    """Let APScheduler read the simulated wall clock."""

    class Simulated(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return time.now().astimezone(tz)

    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Simulated)

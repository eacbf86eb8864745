"""A crawl as the scheduler runs it: its run row opened before, a process within limits, its run row closed after."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from config import Job
from db import DatabaseError
from db.crawling.runs import close_lost_runs, close_own_runs, open_run, settle_run
from jobs.clock import Clock
from jobs.desk import Desk
from jobs.locks import held_by, lock_file
from jobs.supervise import ChildReport, Ended, Limits, supervise
from jobs.tasks import Begun, Outcome
from logs import named

log = logging.getLogger(__name__)

NOT_BEGUN = frozenset({2, 127})
"""Exit statuses of a command that could not begin: it was refused, or is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawls:
    """How crawls are run for a desk."""

    desk: Desk
    command_of: Callable[..., Sequence[str]]
    """The command line of a crawl of a source, from its name and, as `run`, the id of its run."""
    hindrance: Callable[[], str | None] = lambda: None
    """Why a crawl would be pointless now."""
    heard: Callable[[BaseException], object] = lambda error: None
    """The database could not be used: this is why."""
    began: Callable[[str], None] = lambda source: None
    """A crawl of this source has begun."""
    ended: Callable[[str, bool, str], None] = lambda source, well, line: None
    """It has ended, well or not; and how, in a line."""
    clock: Clock = field(default_factory=Clock)
    run: Callable[[Sequence[str], Limits], ChildReport] | None = None
    """What runs the command, in place of a process."""
    _busy: set[str] = field(default_factory=set)
    """Sources that are crawled by a job of this process: two jobs may have one source."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def crawl(self, job: Job, begun: Begun) -> Outcome:
        """Crawl once, or say why none can be begun now."""
        if hindrance := self.hindrance():
            return Outcome(state="waiting", detail=hindrance)
        with self._lock:
            if job.source in self._busy:
                return Outcome(state="waiting", detail=f"another job crawls {job.source}")
            self._busy.add(job.source)
        try:
            return self._crawl(job, begun)
        finally:
            with self._lock:
                self._busy.discard(job.source)

    def _crawl(self, job: Job, begun: Begun) -> Outcome:
        if holder := held_by(lock_of(self.desk.config.storage.database, job.source)):
            return Outcome(state="waiting", detail=f"another crawl of {job.source} is running (process {holder})")
        try:
            run = self._open(job, begun)
        except (DatabaseError, sqlite3.Error) as error:
            self.heard(error)
            return Outcome(state="waiting", detail=str(error))
        with named(run=run, source=job.source):
            log.info("crawl started", extra={"missed": begun.missed})
            self.began(job.source)
            report = self._run(
                [*self.command_of(job.source, run=run)], limits_of(job, self.desk.config.storage.database)
            )
            return self._settle(job, run, report)

    def _open(self, job: Job, begun: Begun) -> int:
        now, ours = self.clock.now(), os.getpid()
        with closing(self.desk.open()) as db:
            close_lost_runs(db, now)
            close_own_runs(db, source=job.source, pid=ours, now=now)
            return open_run(
                db, source=job.source, job="crawl", pid=ours, now=now, due_at=begun.due_at, missed=begun.missed
            )

    def _run(self, command: Sequence[str], limits: Limits) -> ChildReport:
        if self.run is not None:
            return self.run(command, limits)
        return supervise(command, limits, self.desk.stop, desk=str(self.desk.config.storage.database.resolve()))

    def _settle(self, job: Job, run: int, report: ChildReport) -> Outcome:
        """Close the run where the crawl did not, and say how it ended."""
        why = reason(report, job)
        try:
            with closing(self.desk.open()) as db:
                closed = settle_run(db, run, state="failed", reason=why, now=self.clock.now())
        except (DatabaseError, sqlite3.Error, LookupError) as error:  # or a database without it was put in its place
            self.heard(error)
            closed = {"state": "failed", "reason": f"how it ended could not be stored: {error}"}
        log.info(
            "crawl ended",
            extra={
                "ended": report.ended,
                "state": closed["state"],
                "status": report.returncode,
                "s": round(report.seconds, 1),
                "mib": report.memory >> 20,
            },
        )
        self.ended(job.source, closed["state"] in ("ok", "partial"), str(closed["reason"]))
        self._judge_sources()
        if report.ended == "stopped" and closed["state"] != "ok":  # else it was done before it heard of it
            return Outcome(state="stopped", detail="ended with the scheduler; made up for at the next start")
        if report.ended not in ("done", "stopped"):
            return Outcome(state="failed", detail=why, gentle=report.ended == "timeout")
        if closed["state"] in ("ok", "partial"):
            return Outcome(detail=None if closed["state"] == "ok" else f"partial: {closed['reason']}")
        return Outcome(state="failed", detail=str(closed["reason"]), gentle=report.returncode not in NOT_BEGUN)

    def _judge_sources(self) -> None:
        try:
            self.desk.judge_sources()
        except (DatabaseError, sqlite3.Error) as error:
            log.warning("sources cannot be judged", extra={"why": str(error)})  # the task of that name will
            self.heard(error)


def reason(report: ChildReport, job: Job) -> str:
    """Why a crawl ended that did not say so itself, in one line."""
    if report.ended == "done":
        begun = "it could not begin" if report.returncode in NOT_BEGUN else "it ended without a report"
        return f"{begun} (exit status {report.returncode}); the log says why"
    return _REASONS[report.ended].format(
        time=job.timeout, memory=job.memory >> 20, size=job.size >> 20, signal=-report.returncode
    )


_REASONS: dict[Ended, str] = {
    "timeout": "timeout: it took longer than {time} and was stopped",
    "memory": "memory: it held more than {memory:,} MiB and was killed",
    "size": "size: a file of it grew by more than {size:,} MiB",
    "killed": "killed: it was ended by signal {signal}",
    "stopped": "stopped: with the scheduler",
}


def limits_of(job: Job, database: Path) -> Limits:
    """The limits of a crawl: the largest file that it writes to, the database, may grow by `size` from where it is."""
    files = (database, Path(f"{database}-wal"))
    return Limits(
        time=job.timeout,
        memory=job.memory,
        file=max((file.stat().st_size for file in files if file.exists()), default=0) + job.size,
    )


def patience_of(job: Job) -> timedelta:
    """How long a crawl may keep its thread: its time, the time to end it, and some more for the database."""
    return job.timeout + timedelta(minutes=5)


def lock_of(database: Path, source: str) -> Path:
    """What a crawl of the source locks."""
    return lock_file(database, f"crawl-{source}")

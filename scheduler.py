"""What runs when: crawls as supervised subprocesses, mail delivery, the nightly backup; until SIGTERM."""

from __future__ import annotations

import fcntl
import logging
import os
import random
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlite_utils import Database

from alerts.announce import announce_reviewed
from alerts.deliver import Delivery, Server, deliver
from alerts.digest import send_due
from alerts.operator import announce_dead_letters, announce_health
from config import Config, Job, Schedule
from db import DatabaseError, open_database
from db.backup import backup
from db.crawling.requests import Ending, Request, end_request, take_request
from db.crawling.runs import close_lost_runs, last_run

log = logging.getLogger(__name__)

GRACE = timedelta(seconds=20)
"""How long a crawl may take to stop after SIGTERM before it is killed."""

REQUESTS_EVERY = 1.0
"""Seconds between two looks at what is asked for on the site."""
_REFUSED = 2
"""Exit status of a command that could not begin, such as a crawl beside another of its source."""

Ended = Literal["done", "timeout", "stopped"]


class AlreadyRunning(Exception):
    """Another scheduler works on the same database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildReport:
    """How one supervised subprocess ended."""

    ended: Ended
    returncode: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something the scheduler does in its own process, e.g. sending mail."""

    name: str
    rhythm: timedelta | str
    """How often, beginning at once; or five cron fields."""
    work: Callable[[], object]


@contextmanager
def only_one(lock: Path, what: str) -> Iterator[None]:
    """Holds `lock` while the block runs; the kernel lets go of it however the process ends.

    Raises AlreadyRunning when another process holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            holder = handle.read().strip() or "unknown"
            raise AlreadyRunning(f"{what} is already running (process {holder}); stop it first") from error
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def supervise(command: Sequence[str], timeout: timedelta, stop: threading.Event) -> ChildReport:
    """Run `command` in a process group of its own until it ends, `timeout` is over or `stop` is set.

    A command that has to end gets SIGTERM, and after `GRACE` SIGKILL, with all its children.
    """
    began = time.monotonic()
    child = subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL)
    ended: Ended = "done"
    while child.poll() is None:
        if stop.is_set() or time.monotonic() - began > timeout.total_seconds():
            ended = "stopped" if stop.is_set() else "timeout"
            _end(child)
            break
        # a child's end cannot be waited for together with an event; a fifth of a second is soon enough
        stop.wait(0.2)
    return ChildReport(ended=ended, returncode=child.wait(), seconds=time.monotonic() - began)


def _end(child: subprocess.Popen[bytes]) -> None:
    os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(GRACE.total_seconds())
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)


def trigger_of(job: Job, schedule: Schedule) -> BaseTrigger:
    """The APScheduler trigger of a job, in the schedule's time zone."""
    jitter = int(job.jitter.total_seconds())
    if job.cron is not None:
        return CronTrigger.from_crontab(job.cron, timezone=schedule.timezone)
    assert job.every is not None  # config.Job holds exactly one of the two
    seconds = int(job.every.total_seconds())
    return IntervalTrigger(seconds=seconds, jitter=min(jitter, seconds // 4), timezone=schedule.timezone)


def first_run(job: Job, schedule: Schedule, last_started: datetime | None, now: datetime) -> datetime:
    """When a job runs first after a start: at once if a run was missed while nobody ran, else when it is next due."""
    if last_started is None:
        return now
    due: datetime | None
    if job.every is not None:
        due = last_started + job.every
    else:
        due = trigger_of(job, schedule).get_next_fire_time(None, last_started + timedelta(seconds=1))
    if due is None or due <= now:
        return now
    return due


def run(
    *,
    schedule: Schedule,
    crawl_command: Callable[[str], Sequence[str]],
    last_started: Callable[[str], datetime | None],
    tasks: Sequence[Task],
    after_crawl: Callable[[str, ChildReport], None],
    stop: threading.Event,
) -> None:
    """Run everything of `schedule` until `stop` is set, then end children and return.

    `crawl_command(source)` is the command line of one crawl; `last_started(source)` is when its last run began;
    `after_crawl` hears how each crawl ended. A missed run is caught up once, runs of one job never overlap.
    """
    scheduler = BackgroundScheduler(
        timezone=schedule.timezone,
        executors={"default": ThreadPoolExecutor(max(4, len(schedule.jobs) + len(tasks)))},
        # facts: APScheduler's default grace of 1 s silently skips a late run
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    now = datetime.now(UTC)
    for number, job in enumerate(schedule.jobs):
        scheduler.add_job(
            _crawl,
            trigger_of(job, schedule),
            kwargs={"job": job, "command": crawl_command(job.source), "after": after_crawl, "stop": stop},
            id=f"crawl-{number}-{job.source}",
            # two sources due at the same start need not start in the same second
            next_run_time=first_run(job, schedule, last_started(job.source), now) + number * timedelta(seconds=1),
        )
    for task in tasks:
        if isinstance(task.rhythm, str):
            cron = CronTrigger.from_crontab(task.rhythm, timezone=schedule.timezone)
            scheduler.add_job(_work, cron, kwargs={"task": task}, id=task.name)
        else:
            interval = IntervalTrigger(seconds=max(1, int(task.rhythm.total_seconds())), timezone=schedule.timezone)
            scheduler.add_job(_work, interval, kwargs={"task": task}, id=task.name, next_run_time=now)
    scheduler.start()
    log.info("scheduler started", extra={"jobs": len(schedule.jobs), "tasks": len(tasks)})
    try:
        stop.wait()
    finally:
        stop.set()
        scheduler.shutdown(wait=True)
        log.info("scheduler stopped")


def _crawl(
    *, job: Job, command: Sequence[str], after: Callable[[str, ChildReport], None], stop: threading.Event
) -> None:
    if job.cron is not None and stop.wait(random.uniform(0, job.jitter.total_seconds())):
        return
    log.info("crawl started", extra={"source": job.source})
    report = supervise(command, job.timeout, stop)
    log.info(
        "crawl ended",
        extra={"source": job.source, "ended": report.ended, "status": report.returncode, "s": round(report.seconds, 1)},
    )
    after(job.source, report)


def _work(*, task: Task) -> None:
    try:
        task.work()
    except Exception:
        # a job's boundary: one failing task must not end the scheduler, and it runs again at its next time
        log.exception("task failed", extra={"task": task.name})


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the scheduler does between crawls; each call opens the database anew, for it runs in another thread."""

    config: Config
    password: str | None = field(repr=False)
    stop: threading.Event = field(default_factory=threading.Event)
    """Set when the process is to end: what takes long asks it."""

    def open(self) -> Database:
        """The database, made where there is none."""
        return open_database(self.config.storage.database, mode="create")

    def last_started(self, source: str) -> datetime | None:
        """When the last crawl of the source began; None too where it was lost, so that it is made up for at once.

        Runs that a dead process left open are closed first.
        """
        with closing(self.open()) as db:
            close_lost_runs(db, datetime.now(UTC))
            found = last_run(db, job="crawl", source=source)
        return datetime.fromisoformat(found["started_at"]) if found and found["state"] != "lost" else None

    def after_crawl(self, source: str, report: ChildReport) -> None:
        """Close the run of a crawl that was killed, and tell the operator of a source that has changed its state."""
        with closing(self.open()) as db:
            close_lost_runs(db, datetime.now(UTC))
            if self.config.mail.operator:
                announce_health(db, self.config.mail.operator, self.config.site.base_url, datetime.now(UTC))

    def compose(self) -> int:
        """Put in the digests that are due, and what people have reviewed for the rules that wait for it."""
        base_url = self.config.site.base_url
        with closing(self.open()) as db:
            announce_reviewed(db, base_url, datetime.now(UTC))
            return send_due(db, datetime.now(UTC), base_url=base_url)

    def end_request(self, request: Request, ended: Ending, detail: str | None = None) -> None:
        """Say on the site how it ended."""
        with closing(self.open()) as db:
            end_request(db, request.id, ended=ended, detail=detail, now=datetime.now(UTC))

    def deliver(self) -> Delivery:
        """Send what is due; the operator is told of what nobody takes."""
        mail = self.config.mail
        with closing(self.open()) as db:
            done = deliver(
                db,
                mail_server(self.config),
                self.password,
                now=lambda: datetime.now(UTC),
                lease=mail.lease,
                give_up_after=mail.give_up_after,
                stopping=self.stop.is_set,
            )
            if done.buried and mail.operator:
                announce_dead_letters(db, mail.operator, datetime.now(UTC))
        return done

    def back_up(self) -> None:
        """Write the nightly copy, named by its day."""
        folder = self.config.schedule.backup_to
        assert folder is not None  # the task is only planned where there is a folder
        folder.mkdir(parents=True, exist_ok=True)
        with closing(self.open()) as db:
            backup(db, folder / f"policywire-{datetime.now(self.config.schedule.timezone):%Y-%m-%d}.db", force=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCrawl:
    """How a crawl that was asked for is run."""

    command: Sequence[str]
    timeout: timedelta


def heed_requests(desk: Desk, crawl_of: Callable[[str], AskedCrawl | str], *, patience: timedelta) -> None:
    """Run the crawls that are asked for on the site, each in a thread of its own, until `desk.stop` is set.

    `crawl_of(source)` says how, or why not. With `patience` another process gets the first chance to take one up.
    """
    crawls: list[threading.Thread] = []
    db: Database | None = None
    while not desk.stop.wait(REQUESTS_EVERY):
        try:
            db = db or desk.open()
            request = take_request(db, now=datetime.now(UTC), patience=patience)
        except (DatabaseError, sqlite3.Error):
            # locked, full, moved away for a moment: the request stands, and is looked for again
            log.warning("requests cannot be read", exc_info=True)
            continue
        if request is None:
            continue
        crawl = crawl_of(request.source)
        if isinstance(crawl, str):
            desk.end_request(request, "refused", crawl)
            continue
        crawls = [one for one in crawls if one.is_alive()]
        crawls.append(threading.Thread(target=_asked, args=(desk, request, crawl), name=f"asked-{request.source}"))
        crawls[-1].start()
    for one in crawls:
        one.join()
    if db is not None:
        db.close()


def _asked(desk: Desk, request: Request, crawl: AskedCrawl) -> None:
    log.info("crawl started", extra={"source": request.source, "asked": request.id})
    ended: Ending = "lost"
    detail: str | None = "it could not be started; the log says why"
    try:
        report = supervise(crawl.command, crawl.timeout, desk.stop)
        ended, detail = report.ended, None
        if report.returncode == _REFUSED:
            ended, detail = "refused", "it could not begin; the log says why"
        desk.after_crawl(request.source, report)
    except (OSError, DatabaseError):
        log.exception("crawl could not be run", extra={"source": request.source, "asked": request.id})
    finally:
        desk.end_request(request, ended, detail)
    log.info("crawl ended", extra={"source": request.source, "ended": ended, "asked": request.id})


def mail_server(config: Config) -> Server:
    """The SMTP server of the configuration, its password left out."""
    mail = config.mail
    return Server(
        host=mail.host,
        port=mail.port,
        security=mail.security,
        sender=mail.sender,
        username=mail.username,
        reply_to=mail.reply_to,
        ca_file=mail.ca_file,
    )

"""What runs when: crawls as supervised subprocesses, and tasks such as the delivery of mail; until SIGTERM."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from config import Job, Schedule
from jobs.beat import EVERY
from jobs.notify import notify
from jobs.standing import Hindered
from jobs.supervise import ChildReport, supervise
from jobs.tasks import Task

log = logging.getLogger(__name__)


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
    wait_for_crawls: Callable[[], bool] = lambda: True,
    beat: Callable[[], None] = lambda: None,
) -> None:
    """Run everything of `schedule` until `stop` is set, then end children and return.

    `crawl_command(source)` is the command line of one crawl; `last_started(source)` is when its last run began;
    `after_crawl` hears how each crawl ended. `wait_for_crawls` returns when nothing stands in the way of a crawl, or
    with False when we are to end. `beat` is called as long as this loop goes round. A missed run is caught up once,
    runs of one job never overlap.
    """
    scheduler = BackgroundScheduler(
        timezone=schedule.timezone,
        executors={"default": ThreadPoolExecutor(max(4, 1 + len(schedule.jobs) + len(tasks)))},
        # facts: APScheduler's default grace of 1 s silently skips a late run
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    now = datetime.now(UTC)
    for number, job in enumerate(schedule.jobs):
        scheduler.add_job(
            _crawl,
            trigger_of(job, schedule),
            kwargs={
                "job": job,
                "command": crawl_command(job.source),
                "after": after_crawl,
                "stop": stop,
                "wait": wait_for_crawls,
            },
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
    # a job like any other, for it must show that they are begun; but it leaves no trace
    scheduler.add_job(beat, IntervalTrigger(seconds=int(EVERY.total_seconds())), id="beat", next_run_time=now)
    scheduler.start()
    log.info("scheduler started", extra={"jobs": len(schedule.jobs), "tasks": len(tasks)})
    try:
        stop.wait()
    finally:
        stop.set()
        notify("STOPPING=1")
        scheduler.shutdown(wait=True)
        log.info("scheduler stopped")


def _crawl(
    *,
    job: Job,
    command: Sequence[str],
    after: Callable[[str, ChildReport], None],
    stop: threading.Event,
    wait: Callable[[], bool],
) -> None:
    if job.cron is not None and stop.wait(random.uniform(0, job.jitter.total_seconds())):
        return
    if not wait():
        return
    log.info("crawl started", extra={"source": job.source})
    report = supervise(command, job.timeout, stop)
    log.info(
        "crawl ended",
        extra={"source": job.source, "ended": report.ended, "status": report.returncode, "s": round(report.seconds, 1)},
    )
    _work(task=Task(name=f"after-{job.source}", rhythm=timedelta(0), work=lambda: after(job.source, report)))


def _work(*, task: Task) -> None:
    try:
        task.work()
    except Hindered as hindered:
        log.debug("task waits", extra={"task": task.name, "why": str(hindered)})
    except Exception:
        # a job's boundary: one failing task must not end the scheduler, and it runs again at its next time
        log.exception("task failed", extra={"task": task.name})

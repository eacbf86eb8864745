"""What the scheduler does in its own process beside the crawls, and how often: one line a task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from jobs.desk import Desk

HEALTH_EVERY = timedelta(minutes=30)
"""How often the sources are judged, beside once after each crawl: what is missing shows itself by time alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something the scheduler does in its own process, e.g. sending mail."""

    name: str
    rhythm: timedelta | str
    """How often, beginning at once; or five cron fields."""
    work: Callable[[], object]


def tasks_of(desk: Desk) -> list[Task]:
    """The tasks of a configuration."""
    schedule = desk.config.schedule
    tasks = [
        Task(name="watch", rhythm=min(timedelta(minutes=1), schedule.deliver_every), work=desk.ground.look),
        Task(name="digests", rhythm=schedule.deliver_every, work=desk.ground.noting(desk.compose)),
        Task(name="deliver", rhythm=schedule.deliver_every, work=desk.ground.noting(desk.deliver)),
        Task(name="health", rhythm=HEALTH_EVERY, work=desk.ground.noting(desk.judge_sources)),
    ]
    if schedule.backup_to is not None:
        tasks.append(Task(name="backup", rhythm="30 3 * * *", work=desk.back_up))
    return tasks

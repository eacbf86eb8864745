"""What the scheduler does in its own process beside the crawls, and how often: one line a task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from jobs.desk import Desk

PATIENCE = timedelta(hours=1)
"""A task that works for longer is told of as stuck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A run of a job that begins."""

    name: str
    at: datetime
    due_at: datetime
    missed: int
    """How many later times that it was due it makes up for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run of a job ended, where it raised nothing."""

    state: Literal["ok", "failed", "waiting", "stopped"] = "ok"
    """`waiting`: it could not begin, for no fault of its own, and is tried again; `stopped`: with the scheduler."""
    detail: str | None = None
    gentle: bool = False
    """It failed for what a site did: it is tried again no sooner than a quarter of an hour later, if not due before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something the scheduler does in its own process, e.g. sending mail. Raising is how it fails."""

    name: str
    rhythm: timedelta | str
    """How often, beginning at once; or five cron fields, where a new database begins at the first time they name."""
    work: Callable[[], object]
    patience: timedelta = PATIENCE


def tasks_of(desk: Desk) -> list[Task]:
    """The tasks of a configuration."""
    schedule = desk.config.schedule
    return [
        Task(name="watch", rhythm=min(timedelta(minutes=1), schedule.deliver_every), work=desk.ground.look),
        Task(name="digests", rhythm=schedule.digests_every, work=desk.ground.noting(desk.compose)),
        Task(name="deliver", rhythm=schedule.deliver_every, work=desk.ground.noting(desk.deliver)),
        Task(name="health", rhythm=schedule.health_every, work=desk.ground.noting(desk.judge_sources)),
    ]

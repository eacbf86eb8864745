"""When each job begins next: after a start, after its end, and after the clock was set."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.job_states import JobState
from jobs.clock import JUMP, Jump
from jobs.rhythm import Rhythm, begins_after_failure
from jobs.tasks import Begun, Outcome

LOOK_AGAIN = timedelta(seconds=15)
"""Until a job that could not begin is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A job as the scheduler sees it."""

    name: str
    rhythm: Rhythm
    work: Callable[[Begun], object]
    patience: timedelta
    """After which it is told of as stuck."""
    source: str | None = None
    at_once: bool = True
    """Whether it begins at once where it never ran; else when it is first due."""
    last_started: Callable[[], datetime | None] = lambda: None
    """When it began last, where the scheduler does not know it: before there was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The time that a job is due, and the later one at which it is to begin."""

    due: datetime
    begins: datetime


def first_plan(item: Item, state: JobState, now: datetime) -> Planned:
    """The plan after a start, from what the last scheduler left: what was missed meanwhile begins at once."""
    started = _moment(state.last_started_at)
    due = _moment(state.due_at)
    if due is None and (before := item.last_started()):
        started, due = before, item.rhythm.after(before)
    if due is None:
        due = now if item.at_once else item.rhythm.after(now)
        return Planned(due=due, begins=due)
    if started is None:  # it was planned, and did not come to begin
        due = min(due, item.rhythm.after(now))
        return Planned(due=due, begins=max(due, now))
    if started > now + JUMP:  # the clock was ahead then: nothing of that time can be believed
        due = item.rhythm.after(now)
        return Planned(due=due, begins=due)
    if state.state in ("ok", "failed") and due > started:
        # the rhythm may be another one since
        following = item.rhythm.after(started)
        due = following if item.rhythm.cron is not None else min(due, following)
    due = min(due, item.rhythm.after(now))
    pause = _moment(state.next_at) if state.state == "failed" else None
    begins = min(pause, item.rhythm.after(now)) if pause else due
    return Planned(due=due, begins=max(due, begins, now))


def next_plan(item: Item, begun: Begun, last_due: datetime, outcome: Outcome, failures: int, now: datetime) -> Planned:
    """The plan after a run that stood for everything that was due up to `last_due`."""
    if outcome.state == "stopped":
        return Planned(due=begun.due_at, begins=now)
    if outcome.state == "waiting":
        return Planned(due=begun.due_at, begins=now + min(LOOK_AGAIN, item.rhythm.every or LOOK_AGAIN))
    due = item.rhythm.after(last_due)
    due = min(due, item.rhythm.after(now))  # the clock may have been set back meanwhile
    regular = max(now, due + _jitter(item.rhythm))
    if outcome.state == "failed":
        begins = begins_after_failure(now, failures, regular, gentle=outcome.gentle)
        # sooner than it is due: the same run once more
        return Planned(due=due if begins >= due else min(last_due, now), begins=begins)
    return Planned(due=due, begins=regular)


def plan_after_jump(item: Item, planned: Planned, jump: Jump, idle: timedelta, now: datetime) -> Planned:
    """The plan of a job that waits when the clock has been set; `idle` has really passed since it began last.

    What is due every so often keeps its distance: nothing runs twice for the clock, and nothing waits for it. What is
    due at times of day runs once where such a time was jumped over, and not again where the clock shows one twice.
    """
    if jump.kind == "slept":
        return planned
    if item.rhythm.every is not None or planned.begins > planned.due + item.rhythm.jitter + JUMP:
        begins = min(planned.begins + jump.by, item.rhythm.after(now))
        return Planned(due=min(planned.due + jump.by, begins), begins=begins)
    if jump.kind == "forward":
        return planned
    due = item.rhythm.after(now)
    while (due - now) + idle < item.rhythm.span(due) / 2:
        due = item.rhythm.after(due)
    return Planned(due=due, begins=due + _jitter(item.rhythm))


def _jitter(rhythm: Rhythm) -> timedelta:
    return rhythm.jitter * random.random()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

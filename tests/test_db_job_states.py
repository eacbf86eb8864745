"""How the scheduler's jobs stand: one row a job, whatever happens to it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.crawling.runs import process_mark
from db.job_states import JobState, Standing, begun, ended, forget_others, save, states
from db.names import utc
from tests.db_samples import NOON, Desk

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


def state_of(desk: Desk, name: str) -> JobState:
    return next((one for one in states(desk.db) if one.name == name), JobState(name=name))


def begin(desk: Desk, name: str, **found: Any) -> JobState:
    return save(desk.db, begun(state_of(desk, name), **found))


def end(desk: Desk, name: str, *, state: Standing, now: datetime, next_at: str | None = None, **why: Any) -> JobState:
    return save(desk.db, replace(ended(state_of(desk, name), state=state, now=now, **why), next_at=next_at))


def test_a_job_that_begins_says_since_when_and_in_which_process(desk: Desk) -> None:
    due, since = NOON - timedelta(minutes=2), NOON - timedelta(hours=3)
    begin(desk, "crawl mofcom", now=NOON, source="mofcom", due_at=due, missed=5, missed_since=since)
    (found,) = states(desk.db)
    assert (found.state, found.source, found.last_started_at) == ("running", "mofcom", "2026-11-20T04:00:00Z")
    assert (found.due_at, found.missed, found.missed_since) == ("2026-11-20T03:58:00Z", 5, "2026-11-20T01:00:00Z")
    assert (found.pid, found.process) == (os.getpid(), process_mark(os.getpid()))


def test_failures_are_counted_until_it_ends_well(desk: Desk) -> None:
    for _ in range(3):
        begin(desk, "backup", now=NOON)
        end(desk, "backup", state="failed", now=LATER, detail="the disk is full", next_at=utc(LATER))
    found = state_of(desk, "backup")
    assert (found.state, found.failures, found.detail) == ("failed", 3, "the disk is full")
    assert (found.last_ok_at, found.next_at) == (None, "2026-11-20T04:01:00Z")
    begin(desk, "backup", now=NOON)
    assert end(desk, "backup", state="stopped", now=LATER).failures == 3
    well = end(desk, "backup", state="ok", now=LATER)
    assert (well.failures, well.detail, well.last_ok_at) == (0, None, "2026-11-20T04:01:00Z")


def test_a_task_of_every_minute_leaves_one_row(desk: Desk) -> None:
    for minute in range(20):
        begin(desk, "deliver", now=NOON + timedelta(minutes=minute))
        end(desk, "deliver", state="ok", now=NOON + timedelta(minutes=minute))
    assert [(one.name, one.last_ended_at) for one in states(desk.db)] == [("deliver", "2026-11-20T04:19:00Z")]


def test_jobs_that_are_planned_no_more_are_forgotten(desk: Desk) -> None:
    for name in ("backup", "crawl mofcom", "deliver"):
        begin(desk, name, now=NOON)
    forget_others(desk.db, {"deliver", "digests"})
    assert [one.name for one in states(desk.db)] == ["deliver"]

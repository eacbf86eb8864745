"""The scheduler: what is due, what was missed."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import Job, Schedule
from jobs.supervise import ChildReport
from jobs.tasks import Task
from scheduler import first_run, run, trigger_of

NOW = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
PYTHON = sys.executable


def _job(**fields: str) -> Job:
    return Job.model_validate({"source": "mofcom", **fields})


def test_a_job_that_never_ran_runs_at_once() -> None:
    assert first_run(_job(every="30m"), Schedule(), None, NOW) == NOW


def test_a_run_that_was_missed_is_caught_up_at_once() -> None:
    last = NOW - timedelta(hours=9)
    assert first_run(_job(every="30m"), Schedule(), last, NOW) == NOW
    assert first_run(_job(cron="0 */2 * * *"), Schedule(), last, NOW) == NOW


def test_a_job_that_ran_lately_waits_for_its_time() -> None:
    last = NOW - timedelta(minutes=10)
    assert first_run(_job(every="30m"), Schedule(), last, NOW) == NOW + timedelta(minutes=20)


def test_cron_fields_are_read_in_the_zone_of_the_schedule() -> None:
    last = NOW - timedelta(hours=1)
    due = first_run(_job(cron="30 10 * * *"), Schedule(), last, NOW)
    assert due.astimezone(UTC) == datetime(2026, 9, 18, 2, 30, tzinfo=UTC), "10:30 in Shanghai"


def test_jitter_never_exceeds_a_quarter_of_the_interval() -> None:
    assert trigger_of(_job(every="20s"), Schedule()).jitter == 5


def test_crawls_run_tasks_run_and_a_stop_ends_both(tmp_path: Path) -> None:
    stop = threading.Event()
    heard: list[tuple[str, ChildReport]] = []
    worked = threading.Event()
    out = tmp_path / "out"

    def after(source: str, report: ChildReport) -> None:
        heard.append((source, report))
        worked.wait(10)
        stop.set()

    run(
        schedule=Schedule(jobs=(_job(every="1h"),)),
        crawl_command=lambda source: [PYTHON, "-c", f"open({str(out)!r}, 'w').write({source!r})"],
        last_started=lambda source: None,
        tasks=[Task(name="deliver", rhythm=timedelta(minutes=1), work=worked.set)],
        after_crawl=after,
        stop=stop,
    )
    assert out.read_text() == "mofcom"
    assert [(source, report.ended) for source, report in heard] == [("mofcom", "done")]


def test_a_task_that_fails_is_logged_and_the_rest_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    stop = threading.Event()

    def broken() -> None:
        try:
            raise OSError("disk full")
        finally:
            threading.Timer(0.1, stop.set).start()

    run(
        schedule=Schedule(jobs=()),
        crawl_command=lambda source: [],
        last_started=lambda source: None,
        tasks=[Task(name="deliver", rhythm=timedelta(minutes=1), work=broken)],
        after_crawl=lambda source, report: None,
        stop=stop,
    )
    assert "disk full" in caplog.text

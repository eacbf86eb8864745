"""The scheduler: what is due, what was missed, what must end."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import Job, Schedule
from scheduler import AlreadyRunning, ChildReport, Task, first_run, only_one, run, supervise, trigger_of

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


def test_a_child_that_ends_is_reported_with_its_status() -> None:
    report = supervise([PYTHON, "-c", "raise SystemExit(3)"], timedelta(seconds=30), threading.Event())
    assert (report.ended, report.returncode) == ("done", 3)


def test_a_child_over_its_time_is_stopped_with_all_its_children(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(child.pid))\n"
        "time.sleep(60)"
    )
    report = supervise([PYTHON, "-c", code], timedelta(seconds=2), threading.Event())
    assert (report.ended, report.returncode) == ("timeout", -signal.SIGTERM)
    grandchild = (tmp_path / "pid").read_text()
    state = Path(f"/proc/{grandchild}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_a_child_that_ignores_sigterm_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("scheduler.GRACE", timedelta(seconds=0.5))
    ready = tmp_path / "ready"
    code = (
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"open({str(ready)!r}, 'w').close()\n"
        "time.sleep(60)"
    )
    stop = threading.Event()
    watcher = threading.Thread(target=_set_when, args=(ready.exists, stop))
    watcher.start()
    report = supervise([PYTHON, "-c", code], timedelta(seconds=60), stop)
    watcher.join()
    assert (report.ended, report.returncode) == ("stopped", -signal.SIGKILL)


def _set_when(condition: Callable[[], bool], stop: threading.Event) -> None:
    pause = threading.Event()
    while not condition():
        pause.wait(0.02)
    stop.set()


def test_only_one_scheduler_works_on_a_database(tmp_path: Path) -> None:
    lock = tmp_path / "db.lock"
    code = f"import scheduler, pathlib\nwith scheduler.only_one(pathlib.Path({str(lock)!r}), 'the scheduler'): pass"
    with only_one(lock, "the scheduler"):
        second = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)
    assert "the scheduler is already running (process" in second.stderr
    assert subprocess.run([PYTHON, "-c", code], check=False).returncode == 0


def test_the_second_holder_in_one_process_is_refused_too(tmp_path: Path) -> None:
    with only_one(tmp_path / "l", "it"), pytest.raises(AlreadyRunning), only_one(tmp_path / "l", "it"):
        pass


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

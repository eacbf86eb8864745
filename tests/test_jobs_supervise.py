"""A command in a process group of its own: how it ends, and what is left of it."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from jobs.supervise import supervise

PYTHON = sys.executable


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
    monkeypatch.setattr("jobs.supervise.GRACE", timedelta(seconds=0.5))
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

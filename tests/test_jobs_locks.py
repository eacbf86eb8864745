"""Who works on a database alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jobs.locks import AlreadyRunning, only_one

PYTHON = sys.executable


def test_only_one_scheduler_works_on_a_database(tmp_path: Path) -> None:
    lock = tmp_path / "db.lock"
    code = f"import jobs.locks, pathlib\nwith jobs.locks.only_one(pathlib.Path({str(lock)!r}), 'the scheduler'): pass"
    with only_one(lock, "the scheduler"):
        second = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)
    assert "the scheduler is already running (process" in second.stderr
    assert subprocess.run([PYTHON, "-c", code], check=False).returncode == 0


def test_the_second_holder_in_one_process_is_refused_too(tmp_path: Path) -> None:
    with only_one(tmp_path / "l", "it"), pytest.raises(AlreadyRunning), only_one(tmp_path / "l", "it"):
        pass

"""Speed never falls unnoticed: the short form of `make bench` holds ratios of one run against generous floors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_no_ratio_is_beyond_its_floor() -> None:
    command = [sys.executable, "bench/run.py", "--short"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

"""Accuracy never falls unnoticed: the bench holds today's extraction against its floors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_no_figure_is_below_its_floor() -> None:
    done = subprocess.run(
        [sys.executable, "bench/accuracy.py", "--quick", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    floors = json.loads((ROOT / "bench" / "floors.json").read_text(encoding="utf-8"))["figures"]
    assert {name for name in floors if name.startswith("demo.")} <= set(figures), "the demo is always measured"

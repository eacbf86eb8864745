"""What the tests have forked: a process that says what it is given, and ends as it is told."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

LOADED: list[int] = []
"""By which process this was made ready."""
WORK = 0.2
"""Seconds of processor time."""


def get_ready() -> None:
    """Note which process does, and never come to an end where the environment says so."""
    LOADED.append(os.getpid())
    if loads := os.environ.get("FORKED_LOADS_AND_LOADS"):
        Path(loads).touch()
        signal.pause()


def main(file: int, way: str) -> None:
    """Say who made it ready, and end in a way: `done`, `raise`, `SIGPROF` …, or wait, after some work or none."""
    while way == "work" and time.process_time() < WORK:
        pass
    os.write(file, f"{LOADED[0]} {os.getpid()} {os.getsid(0)}\n".encode())
    if way == "raise":
        raise ValueError(way)
    if way.startswith("SIG"):
        os.kill(os.getpid(), signal.Signals[way])
    while way in ("wait", "work"):
        signal.pause()

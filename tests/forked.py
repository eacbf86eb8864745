"""What the tests have forked: a process that says what it is given, and ends as it is told."""

from __future__ import annotations

import os
import signal

LOADED: list[int] = []
"""By which process this was made ready."""


def get_ready() -> None:
    """Note which process does."""
    LOADED.append(os.getpid())


def main(file: int, way: str) -> None:
    """Say who made it ready, and end in a way: `done`, `raise`, `SIGPROF` …, or wait."""
    os.write(file, f"{LOADED[0]} {os.getpid()} {os.getsid(0)}\n".encode())
    if way == "raise":
        raise ValueError(way)
    if way.startswith("SIG"):
        os.kill(os.getpid(), signal.Signals[way])
    while way == "wait":
        signal.pause()

"""A command in a process group of its own, within limits, ended with all that it started when it is to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from jobs import leash
from jobs.processes import kill_left, leashed, memory_of, new_leash

GRACE = timedelta(seconds=15)
"""How long a crawl may take to stop after SIGTERM before it is killed."""
MEMORY_EVERY = 1.0
"""Seconds between two looks at how much memory a command holds."""
_ADDRESSES = 4
"""Address space for each byte of memory that is allowed: a crawl has been seen to reserve three times what it holds."""

Ended = Literal["done", "timeout", "stopped", "memory", "size", "killed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a command may take; None: what there is."""

    time: timedelta | None = None
    memory: int | None = None
    """Bytes that it and all it starts hold for themselves, before they are killed; each may reserve four times that."""
    file: int | None = None
    """Bytes to which a file may grow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildReport:
    """How one supervised subprocess ended."""

    ended: Ended
    """`size`: it wrote beyond the limit; `killed`: by a signal that was not ours, or by a fault of its own."""
    returncode: int
    seconds: float
    memory: int = 0
    """The most bytes that it was seen to hold."""

    @property
    def was_cut_short(self) -> bool:
        """Whether it did not come to its own end."""
        return self.ended != "done"


def supervise(command: Sequence[str], limits: Limits, stop: threading.Event, *, desk: str = "") -> ChildReport:
    """Run `command` in a process group of its own until it ends, goes beyond a limit or `stop` is set.

    A command that has to end gets SIGTERM and after `GRACE` SIGKILL; one that holds too much memory gets SIGKILL at
    once. Nothing that it started is left when this returns, and nothing of it outlives this process: `desk` names the
    database it works for, by which a later process finds what is left (`jobs.processes`).
    """
    began = time.monotonic()
    held = new_leash(desk)
    child = subprocess.Popen(
        [*_LEASH, str(os.getpid()), str((limits.memory or 0) * _ADDRESSES), str(limits.file or 0), *command],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        env=leashed(held, os.environ),
    )
    try:
        ended, most = _watch(child, limits, stop, began)
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        returncode = child.wait()
        kill_left(held, child.pid)
    if ended == "done" and returncode < 0:
        ended = "size" if returncode == -signal.SIGXFSZ else "killed"
    return ChildReport(ended=ended, returncode=returncode, seconds=time.monotonic() - began, memory=most)


# isolated and without site-packages: it starts in a fifth of the time, and nothing of a user's can get in its way
_LEASH = (sys.executable, "-IS", str(Path(leash.__file__).resolve()))


def _watch(child: subprocess.Popen[bytes], limits: Limits, stop: threading.Event, began: float) -> tuple[Ended, int]:
    """Wait for its end, or bring it about; how it ended, and the most memory that was seen."""
    most, looked = 0, began
    while child.poll() is None:
        now = time.monotonic()
        if stop.is_set() or (limits.time is not None and now - began > limits.time.total_seconds()):
            _end(child)
            return ("stopped" if stop.is_set() else "timeout"), most
        if limits.memory is not None and now - looked >= MEMORY_EVERY:
            looked = now
            most = max(most, memory_of(child.pid))
            if most > limits.memory:
                return "memory", most
        # a child's end cannot be waited for together with an event; a fifth of a second is soon enough
        stop.wait(0.2)
    return "done", most


def _end(child: subprocess.Popen[bytes]) -> None:
    os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(GRACE.total_seconds())
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)

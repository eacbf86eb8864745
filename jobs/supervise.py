"""A command in a process group of its own, ended with all its children when its time is over or we are to end."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

GRACE = timedelta(seconds=20)
"""How long a crawl may take to stop after SIGTERM before it is killed."""

Ended = Literal["done", "timeout", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildReport:
    """How one supervised subprocess ended."""

    ended: Ended
    returncode: int
    seconds: float


def supervise(command: Sequence[str], timeout: timedelta, stop: threading.Event) -> ChildReport:
    """Run `command` in a process group of its own until it ends, `timeout` is over or `stop` is set.

    A command that has to end gets SIGTERM, and after `GRACE` SIGKILL, with all its children.
    """
    began = time.monotonic()
    child = subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL)
    ended: Ended = "done"
    while child.poll() is None:
        if stop.is_set() or time.monotonic() - began > timeout.total_seconds():
            ended = "stopped" if stop.is_set() else "timeout"
            _end(child)
            break
        # a child's end cannot be waited for together with an event; a fifth of a second is soon enough
        stop.wait(0.2)
    return ChildReport(ended=ended, returncode=child.wait(), seconds=time.monotonic() - began)


def _end(child: subprocess.Popen[bytes]) -> None:
    os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(GRACE.total_seconds())
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)

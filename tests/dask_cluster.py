"""A real Dask scheduler and workers as processes of their own, and stretches for them to read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from archive.batch import Stretch, stretches_of
from archive.places import find_places

ROOT = Path(__file__).resolve().parents[1]


@dataclass(slots=True)
class Machines:
    """A scheduler, and workers that can be started and killed one by one."""

    folder: Path
    address: str = ""
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def start_scheduler(self, *options: str) -> subprocess.Popen[str]:
        """Start the scheduler; `address` is where it listens."""
        scheduler = self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", *options)
        self.address = _told(scheduler, "Scheduler at:")
        return scheduler

    def start_worker(self, *options: str, **environment: str) -> subprocess.Popen[str]:
        """Start a worker of one thread and without a nanny, so that one process is the whole of it."""
        worker = self._start("dask_worker", self.address, "--nthreads", "1", "--no-nanny", *options, **environment)
        _told(worker, "Registered to:")
        return worker

    def _start(self, command: str, *options: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{command}", "--no-dashboard", *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        )  # fmt: skip
        self.processes.append(process)
        return process


@contextmanager
def machines(folder: Path, *options: str) -> Iterator[Machines]:
    """A scheduler on loopback without workers; all processes are killed at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    here = Machines(folder)
    try:
        here.start_scheduler(*options)
        yield here
    finally:
        for process in here.processes:
            process.send_signal(signal.SIGKILL)
        for process in here.processes:
            process.wait()
            assert process.stderr is not None
            process.stderr.close()


def stretches(folder: Path, size: int) -> Sequence[Stretch]:
    """All of an archive in small stretches."""
    return [stretch for place in find_places((), folder) for stretch in stretches_of(place, size=size)]


def _read_away(said: IO[str]) -> None:
    with suppress(ValueError):  # it may be closed meanwhile
        deque(said, 0)


def _told(process: subprocess.Popen[str], words: str) -> str:
    """What follows these words in what a process says, as soon as it says so; what it says later is read away."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if words in line:
            threading.Thread(target=_read_away, args=(process.stderr,), daemon=True).start()
            return line.rpartition(words)[2].strip()
    raise AssertionError(f"it ended without saying {words!r}: {''.join(said)}")

"""Asks `readers.forker` for processes: each is a copy of one that has loaded what all of them need.

So the second one costs neither time nor the memory of its tables. It imports next to nothing, so that a command can
begin it before it loads its own modules.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from readers.forker import MOST_FILES, REQUEST, STATUS

_ROOT = Path(__file__).resolve().parents[1]
_ENDING = 5.0
"""Seconds that a process may take to be gone when it is killed."""


@dataclass(slots=True, eq=False)
class Forked:
    """A process that was asked for; it may not have begun yet."""

    _line: socket.socket
    _forker: subprocess.Popen[bytes]
    _said: bytes = b""

    def kill(self) -> None:
        """Have it ended at once."""
        with suppress(OSError):  # it has ended
            self._line.shutdown(socket.SHUT_WR)

    def wait(self, seconds: float = _ENDING) -> int | None:
        """Its exit status as `Popen` tells it, that of the process that forks where that ended it; None: it lives."""
        self._line.settimeout(seconds)
        try:
            while len(self._said) < STATUS:
                if not (more := self._line.recv(STATUS - len(self._said))):
                    return self._forker.wait(seconds)
                self._said += more
        except (TimeoutError, subprocess.TimeoutExpired):
            return None
        except OSError:
            return self._forker.poll()
        return int.from_bytes(self._said, "big", signed=True)

    def end(self) -> int | None:
        """Kill it where it still lives; its exit status."""
        self.kill()
        status = self.wait()
        self._line.close()
        return status


@dataclass(slots=True)
class Forks:
    """Processes that run a module's `main`; called by several threads."""

    module: str
    """Of ours, with `get_ready` and `main` (`readers.forker`)."""
    _forker: subprocess.Popen[bytes] | None = None
    _asking: socket.socket | None = None
    _alone: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> None:
        """Start the process that forks, so that it is ready when it is asked."""
        with self._alone:
            if self._forker is None or self._forker.poll() is not None:
                self._start()

    def fork(self, files: tuple[int, ...], *arguments: str | float) -> Forked:
        """A process that is given these files and arguments. One that forks and has died is replaced."""
        request = json.dumps(arguments).encode().ljust(REQUEST)
        if len(request) > REQUEST or len(files) >= MOST_FILES:
            raise ValueError(f"{len(request)} bytes and {len(files)} files are more than a request may have")
        self.begin()
        with self._alone:
            while True:
                assert self._forker is not None
                assert self._asking is not None
                ours, its = socket.socketpair()
                with its:
                    try:
                        socket.send_fds(self._asking, [request], [its.fileno(), *files])
                    except OSError:  # it has just ended
                        ours.close()
                        self._start()
                    else:
                        return Forked(ours, self._forker)

    def close(self) -> None:
        """End the process that forks, and with it all that it has forked."""
        with self._alone:
            self._end()

    def _start(self) -> None:
        self._end()
        self._asking, its = socket.socketpair()
        with its:
            self._forker = subprocess.Popen(
                [sys.executable, "-P", "-m", "readers.forker", str(its.fileno()), self.module],
                stdin=subprocess.DEVNULL,
                cwd=_ROOT,
                env={**os.environ, "PYTHONPATH": str(_ROOT)},
                pass_fds=(its.fileno(),),
                start_new_session=True,
            )

    def _end(self) -> None:
        if self._asking is not None:
            self._asking.close()
        if self._forker is not None:
            self._forker.terminate()  # one that still loads; any other ends its copies first
            with suppress(subprocess.TimeoutExpired):
                self._forker.wait(_ENDING)
            self._forker.kill()
            self._forker.wait()
        self._asking = self._forker = None

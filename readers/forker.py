"""The process that forks others: it loads a module once, and runs it in a copy of itself for whoever asks.

`python -m readers.forker SOCKET MODULE`. MODULE has `get_ready()`, which loads what all its copies need, and `main`,
which is called in a copy with the numbers of the files and the arguments that came with the request. Here is one thread
and nothing of the asking side's. The standard library's fork server would run the asking command's main module in every
copy, and leave the copies behind when it is killed; so it is not used.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

from readers.heap import give_back_what_is_freed

REQUEST: Final = 256
"""Bytes of a request: JSON, filled up with blanks."""
MOST_FILES: Final = 8
"""That come with a request; the first is the line on which the copy's end is told, and asked for by closing it."""
IDLE: Final = 600.0
"""Seconds after which it ends when it has no copy and is not asked for one."""
STATUS: Final = 8
"""Bytes of an exit status as it goes over the line: a number with a sign, the highest byte first."""
_PR_SET_PDEATHSIG: Final = 1


@dataclass(slots=True, kw_only=True)
class _Forker:
    """What this process holds open: all of it is closed in a copy."""

    asking: socket.socket
    ended: tuple[int, int]
    """A pipe that is written to when a copy ends."""
    lines: dict[int, socket.socket] = field(default_factory=dict)
    """Of each copy that lives."""

    def close(self) -> None:
        signal.set_wakeup_fd(-1)
        for each in (self.asking, *self.lines.values()):
            each.close()
        for number in self.ended:
            os.close(number)


def main(number: int, name: str) -> None:
    """Fork until nobody can ask any more; then end the copies."""
    give_back_what_is_freed()
    module = import_module(name)
    module.get_ready()
    gc.collect()
    gc.freeze()  # what is loaded stays: a copy that looks through it would make all its pages its own
    libc = ctypes.CDLL(None)
    ended = os.pipe()
    for end in ended:
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(ended[1])
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # from here on it ends when nobody can ask any more
    forker = _Forker(asking=socket.socket(fileno=number), ended=ended)
    while True:
        open_lines = {line.fileno(): pid for pid, line in forker.lines.items()}
        waited_for = [forker.asking.fileno(), ended[0], *open_lines]
        ready = select.select(waited_for, [], [], IDLE if not forker.lines else None)[0]
        if not ready:
            return
        if ended[0] in ready:
            with suppress(BlockingIOError):
                os.read(ended[0], 4096)
            _reap(forker)
        for each in ready:
            if open_lines.get(each) in forker.lines:
                _kill(open_lines[each], forker)
        if forker.asking.fileno() in ready and not _answer(forker, module, libc):
            break
    for pid in [*forker.lines]:
        _kill(pid, forker)  # and wait for it: what it used counts for whoever began us


def _answer(forker: _Forker, module: Any, libc: ctypes.CDLL) -> bool:
    """Fork for who asks; False where nobody can any more."""
    try:
        request, files, _flags, _address = socket.recv_fds(forker.asking, REQUEST, MOST_FILES)
    except ConnectionError:
        return False
    if not request:
        return False
    own = os.getpid()
    pid = os.fork()
    if not pid:
        forker.close()
        os.close(files[0])
        _run(module, libc, own, files[1:], json.loads(request))
    for each in files[1:]:
        os.close(each)
    forker.lines[pid] = socket.socket(fileno=files[0])
    return True


def _run(module: Any, libc: ctypes.CDLL, parent: int, files: Sequence[int], arguments: Sequence[Any]) -> None:
    """What the copy does; it never returns."""
    status = 1
    try:
        os.setsid()  # a Ctrl-C is for the asking side, which ends us
        for each in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)
        if sys.platform == "linux":
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:
            module.main(*files, *arguments)
            status = 0
    except BaseException:  # noqa: BLE001 - the boundary of the process: the asking side is told the status
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _reap(forker: _Forker) -> None:
    """Tell of all copies that have ended how they did."""
    while forker.lines:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        _tell(forker, pid, status)


def _kill(pid: int, forker: _Forker) -> None:
    """End a copy that nobody wants any more, and tell how it ended."""
    os.kill(pid, signal.SIGKILL)  # it is not reaped yet, so the number is its own
    _tell(forker, pid, os.waitpid(pid, 0)[1])


def _tell(forker: _Forker, pid: int, status: int) -> None:
    """Say how a copy has ended, and let go of it."""
    with forker.lines.pop(pid) as line, suppress(OSError):  # who asked may have gone
        line.sendall(os.waitstatus_to_exitcode(status).to_bytes(STATUS, "big", signed=True))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])

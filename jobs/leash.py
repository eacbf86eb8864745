"""Becomes a command that ends with its parent and stays within limits: `leash.py PARENT ADDRESSES FILE COMMAND…`.

Run as a program between fork and exec, because what must happen there may not happen in a process with threads. The
kernel kills the command when the thread that started it ends (PR_SET_PDEATHSIG holds across exec), so a scheduler that
is killed leaves no crawl behind. ADDRESSES and FILE are bytes of address space and of the largest file, 0 for no limit.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, addresses: int, file: int, command: list[str]) -> None:
    """Put on the limits and become the command."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before it could be bound to
        os._exit(1)
    _limit(resource.RLIMIT_AS, addresses)
    _limit(resource.RLIMIT_FSIZE, file)
    _limit(resource.RLIMIT_CORE, 0 if addresses or file else -1)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        os._exit(NOT_STARTED)


NOT_STARTED = 127
"""Exit status where there is no such command, as a shell's."""


def _limit(what: int, most: int) -> None:
    """Set a limit, within the one that is set already; 0 and less: leave it."""
    if (most <= 0 and what != resource.RLIMIT_CORE) or most < 0:
        return
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])

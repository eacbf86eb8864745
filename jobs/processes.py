"""Which processes belong to a command that we started, also those that have left its group or lost their parent.

Every command on a leash carries a mark in its environment, and so does what it starts (`readers`, `annexes` hand it
on); the kernel tells the environment of our own user's processes under /proc. Where there is no /proc only the process
group is known.
"""

from __future__ import annotations

import os
import secrets
import select
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from db.crawling.runs import process_mark

LEASH = "POLICYWIRE_LEASH"
"""The variable with the marks: of the command itself, and of those that started it."""
_PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leash:
    """What marks a command and all that it starts."""

    token: str
    holder: int
    """The process that started it, and is to end it."""
    mark: str
    """What tells the holder from a later process with the same number."""
    desk: str
    """The database that it works for."""

    def __str__(self) -> str:
        return f"{self.token} {self.holder} {self.mark} {self.desk}"


def new_leash(desk: str) -> Leash:
    """A leash held by this process."""
    return Leash(token=secrets.token_hex(8), holder=os.getpid(), mark=process_mark(os.getpid()), desk=desk)


def leashed(leash: Leash, environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` for a command on the leash; a leash that we are on ourselves stays on it, too."""
    held = environment.get(LEASH)
    return {**environment, LEASH: f"{held}\n{leash}" if held else str(leash)}


def memory_of(leader: int) -> int:
    """Bytes that a command and what it started hold for themselves alone (resident, not shared with a file)."""
    total = 0
    for pid in _family(leader):
        try:
            resident, shared = (_PROC / str(pid) / "statm").read_text("ascii").split()[1:3]
        except (OSError, ValueError):
            continue  # it has ended meanwhile
        total += (int(resident) - int(shared)) * _PAGE
    return total


def kill_left(leash: Leash, leader: int) -> int:
    """SIGKILL to all that is left of a command, and wait for its end; gives how many processes there were."""
    killed: set[int] = set()
    for _ in range(5):  # one that forks while it is looked for is found the next time
        left = {pid for pid in _alive() if _session(pid) == leader or leash.token in _marks(pid)}
        if not left:
            break
        killed |= left
        for pid in left:
            _kill(pid)
        for pid in left:
            _wait_for_end(pid)
    return len(killed)


def kill_orphans(desk: str) -> int:
    """SIGKILL to what was started for this database by processes that are gone; gives how many processes there were."""
    killed = 0
    for pid in list(_alive()):
        found = _last_leash(_marks(pid))
        if found and found.desk == desk and process_mark(found.holder) != found.mark:
            killed += _kill(pid)
    return killed


def _family(leader: int) -> set[int]:
    """The command and its descendants, as far as their parents live; and the rest of its session."""
    parents = {pid: (fields[1], fields[3]) for pid in _alive() if (fields := _stat(pid))}
    family = {leader}
    while more := {p for p, (parent, session) in parents.items() if {int(parent), int(session)} & family} - family:
        family |= more
    return family


def _alive() -> Iterator[int]:
    """All processes but this one that have not ended."""
    if not _PROC.is_dir():
        return
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            fields = _stat(int(entry.name))
            if fields and fields[0] not in "ZX":
                yield int(entry.name)


def _stat(pid: int) -> list[str]:
    """State, parent, group, session … of a process; empty if it is gone."""
    try:
        # the second field is the command in brackets, which may hold anything
        return (_PROC / str(pid) / "stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _session(pid: int) -> int | None:
    fields = _stat(pid)
    return int(fields[3]) if fields else None


def _marks(pid: int) -> str:
    try:
        environment = (_PROC / str(pid) / "environ").read_bytes()
    except OSError:
        return ""  # gone, or somebody else's
    found = (one for one in environment.split(b"\0") if one.startswith(LEASH.encode() + b"="))
    return next(found, b"").decode("utf-8", errors="surrogateescape").partition("=")[2]


def _last_leash(marks: str) -> Leash | None:
    parts = marks.rpartition("\n")[2].split(" ", 3)
    if len(parts) != 4 or not parts[1].isdecimal():
        return None
    return Leash(token=parts[0], holder=int(parts[1]), mark=parts[2], desk=parts[3])


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _wait_for_end(pid: int, seconds: float = 5.0) -> None:
    """A killed process runs on until its turn comes; one that hangs in the kernel is not waited for any longer."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        select.select([handle], [], [], seconds)
    finally:
        os.close(handle)

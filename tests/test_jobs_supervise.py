"""A command in a process group of its own: how it ends, and what is left of it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from jobs.processes import LEASH, kill_orphans
from jobs.supervise import Limits, supervise
from tests.demo_desk import wait_until

PYTHON = sys.executable


def test_a_child_that_ends_is_reported_with_its_status() -> None:
    report = supervise([PYTHON, "-c", "raise SystemExit(3)"], Limits(time=timedelta(seconds=30)), threading.Event())
    assert (report.ended, report.returncode) == ("done", 3)


FAMILY = """
import os, signal, subprocess, sys, time
from pathlib import Path
ignoring = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
said = subprocess.PIPE
child = [sys.executable, "-c", ignoring]
own = [subprocess.Popen(child, start_new_session=apart, stdout=said) for apart in (False, True)]
for child in own:
    child.stdout.readline()
signal.signal(signal.SIGTERM, getattr(signal, sys.argv[2]))
Path(sys.argv[1]).write_text(" ".join(str(child.pid) for child in own))
if sys.argv[3] == "ends":
    os._exit(0)
time.sleep(600)
"""
"""A command with two children that heed no SIGTERM, one of them in a session of its own, as `readers` are."""


def family(report: Path, on_sigterm: str = "SIG_DFL", then: str = "stays") -> list[str]:
    return [PYTHON, "-c", FAMILY, str(report), on_sigterm, then]


def alive(pids: str) -> list[int]:
    """Those of the processes that have not ended."""
    stats = {int(pid): Path(f"/proc/{pid}/stat") for pid in pids.split()}
    states = {pid: stat.read_text().rpartition(")")[2].split()[0] for pid, stat in stats.items() if stat.exists()}
    return [pid for pid, state in states.items() if state not in "ZX"]


@pytest.mark.parametrize(("on_sigterm", "signalled"), [("SIG_DFL", signal.SIGTERM), ("SIG_IGN", signal.SIGKILL)])
def test_of_a_command_over_its_time_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_sigterm: str, signalled: int
) -> None:
    monkeypatch.setattr("jobs.supervise.GRACE", timedelta(seconds=0.5))
    report = supervise(family(tmp_path / "pids", on_sigterm), Limits(time=timedelta(seconds=5)), threading.Event())
    assert (report.ended, report.returncode) == ("timeout", -signalled)
    pids = (tmp_path / "pids").read_text()
    assert len(pids.split()) == 2
    assert alive(pids) == []


def test_what_a_command_leaves_behind_at_its_own_end_is_killed_too(tmp_path: Path) -> None:
    report = supervise(family(tmp_path / "pids", then="ends"), Limits(), threading.Event())
    assert (report.ended, report.returncode) == ("done", 0)
    assert alive((tmp_path / "pids").read_text()) == []


def test_a_command_that_holds_too_much_memory_is_killed_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.supervise.MEMORY_EVERY", 0.1)
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'held = bytearray(96 << 20); input()'])"
    command = [PYTHON, "-c", f"import threading; {code}; threading.Event().wait()"]
    command[-1] = command[-1].replace("input()", "import time; time.sleep(600)")
    report = supervise(command, Limits(memory=64 << 20, time=timedelta(seconds=60)), threading.Event())
    assert (report.ended, report.returncode) == ("memory", -signal.SIGKILL)
    assert report.memory > 96 << 20, "what its child holds counts"


def test_a_command_cannot_reserve_more_than_four_times_its_memory() -> None:
    report = supervise([PYTHON, "-c", "bytearray(300 << 20)"], Limits(memory=64 << 20), threading.Event())
    assert (report.ended, report.returncode) == ("done", 1), "a MemoryError"


def test_a_command_that_writes_too_large_a_file_is_ended_with_its_name(tmp_path: Path) -> None:
    code = (
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n"
        f"file = open({str(tmp_path / 'file')!r}, 'wb', buffering=0)\n"
        "while True: file.write(bytes(65536))"
    )
    report = supervise([PYTHON, "-c", code], Limits(file=1 << 20), threading.Event())
    assert (report.ended, report.returncode) == ("size", -signal.SIGXFSZ)
    assert (tmp_path / "file").stat().st_size == 1 << 20


def test_a_command_that_somebody_else_kills_is_said_to_be_killed() -> None:
    report = supervise([PYTHON, "-c", "import os; os.kill(os.getpid(), 9)"], Limits(), threading.Event())
    assert (report.ended, report.returncode) == ("killed", -signal.SIGKILL)


def test_a_command_that_is_not_there_says_so_in_its_status(capfd: pytest.CaptureFixture[str]) -> None:
    report = supervise(["/nowhere/policywire"], Limits(), threading.Event())
    assert (report.ended, report.returncode) == ("done", 127)
    assert "/nowhere/policywire: No such file" in capfd.readouterr().err


SUPERVISOR = """
import sys, threading
from jobs.supervise import Limits, supervise
supervise(sys.argv[2:], Limits(), threading.Event(), desk=sys.argv[1])
"""


def test_a_command_dies_with_its_supervisor_and_what_is_left_of_it_is_found(tmp_path: Path) -> None:
    pids, desk = tmp_path / "pids", str(tmp_path / "policywire.db")
    supervisor = subprocess.Popen([PYTHON, "-c", SUPERVISOR, desk, *family(pids, "SIG_IGN")])
    wait_until(lambda: pids.exists() and len(pids.read_text().split()) == 2)
    own = pids.read_text()
    (leader,) = [pid for pid in _pids() if _parent(pid) == supervisor.pid]
    assert kill_orphans(desk) == 0, "its supervisor lives"
    supervisor.kill()
    supervisor.wait()
    wait_until(lambda: alive(str(leader)) == [])
    assert alive(own) == [int(pid) for pid in own.split()], "they have lost their parent, and heed nothing"
    assert kill_orphans(f"{desk}2") == 0, "another database's"
    assert kill_orphans(desk) == 2
    wait_until(lambda: alive(own) == [])


def test_a_command_within_a_command_is_on_both_leashes(tmp_path: Path) -> None:
    inner = [PYTHON, "-c", SUPERVISOR, "inner", PYTHON, "-c", f"import os; print(os.environ[{LEASH!r}].count(chr(10)))"]
    out = subprocess.run([PYTHON, "-c", SUPERVISOR, "outer", *inner], capture_output=True, text=True, check=True)
    assert out.stdout == "1\n"


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _parent(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def test_a_child_that_ignores_sigterm_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("jobs.supervise.GRACE", timedelta(seconds=0.5))
    ready = tmp_path / "ready"
    code = (
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"open({str(ready)!r}, 'w').close()\n"
        "time.sleep(60)"
    )
    stop = threading.Event()
    watcher = threading.Thread(target=_set_when, args=(ready.exists, stop))
    watcher.start()
    report = supervise([PYTHON, "-c", code], Limits(time=timedelta(seconds=60)), stop)
    watcher.join()
    assert (report.ended, report.returncode) == ("stopped", -signal.SIGKILL)


def _set_when(condition: Callable[[], bool], stop: threading.Event) -> None:
    pause = threading.Event()
    while not condition():
        pause.wait(0.02)
    stop.set()

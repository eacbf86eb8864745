"""The heartbeat: told to a file and to systemd, read without the database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs.beat import LATE, Heart, beat_file, read_scheduler
from jobs.notify import notify
from tests.demo_desk import ROOT

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return beat_file(tmp_path / "policywire.db")


def test_a_scheduler_that_beats_is_alive_and_says_since_when(path: Path) -> None:
    heart = Heart(path)
    heart.begin(NOON)
    heart.beat(NOON + timedelta(hours=3))
    found = read_scheduler(path, NOON + timedelta(hours=3, seconds=20))
    assert (found.state, found.pid, found.since) == ("alive", os.getpid(), NOON)
    assert found.age(NOON + timedelta(hours=3, seconds=20)) == timedelta(seconds=20)


def test_one_that_beats_no_more_is_stuck_one_that_was_told_to_stop_is_off(path: Path) -> None:
    heart = Heart(path)
    heart.begin(NOON)
    assert read_scheduler(path, NOON + LATE).state == "alive"
    assert read_scheduler(path, NOON + LATE + timedelta(seconds=1)).state == "stuck"
    heart.end()
    assert read_scheduler(path, NOON).state == "off"
    heart.end()


def test_one_that_was_killed_has_died_however_lately_its_heart_beat(path: Path) -> None:
    code = (
        "import sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\nfrom jobs.beat import Heart\n"
        f"Heart(Path({str(path)!r})).begin(datetime.now(UTC))\nprint('beats', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "beats\n"
        assert read_scheduler(path, datetime.now(UTC)).state == "alive"
        child.send_signal(signal.SIGKILL)
        child.wait()
        found = read_scheduler(path, datetime.now(UTC))
    assert (found.state, found.pid) == ("died", child.pid)


def test_a_scheduler_of_another_container_is_judged_by_its_beat_alone(path: Path) -> None:
    Heart(path).begin(NOON)
    said = path.read_text(encoding="utf-8")
    elsewhere = said.replace(f'"pid": {os.getpid()}', '"pid": 1').replace("pid:[", "pid:[9")
    path.write_text(elsewhere, encoding="utf-8")
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    assert read_scheduler(path, NOON).state == "alive"
    assert read_scheduler(path, NOON + timedelta(hours=1)).state == "stuck"


@pytest.mark.parametrize("said", ["", "{}", "[]", '{"pid": "x"}', "\x00"])
def test_a_file_that_says_nothing_is_of_a_scheduler_that_died(path: Path, said: str) -> None:
    path.write_text(said, encoding="utf-8")
    assert read_scheduler(path, NOON).state == "died"


def test_a_clock_that_is_set_leaves_the_heart_of_the_process_as_it_is(path: Path) -> None:
    passed = [100.0]
    heart = Heart(path, monotonic=lambda: passed[0])
    heart.begin(NOON)
    passed[0] += 30
    assert heart.stopped_for() == timedelta(seconds=30)
    heart.beat(NOON - timedelta(days=365))
    assert heart.stopped_for() == timedelta()


def test_systemd_is_told_on_a_path_and_on_an_abstract_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    for address, name in (
        (str(tmp_path / "notify"), str(tmp_path / "notify")),
        ("@policywire-test", "\0policywire-test"),
    ):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.bind(name)
            systemd.settimeout(5)
            monkeypatch.setenv("NOTIFY_SOCKET", address)
            assert notify("READY=1")
            heart = Heart(path)
            heart.begin(NOON)
            heart.beat(NOON)
            assert [systemd.recv(100), systemd.recv(100)] == [b"READY=1", b"WATCHDOG=1"]


@pytest.mark.parametrize("address", [None, "", "/nowhere/at/all", "@nobody-listens", "vsock:2:1"])
def test_without_systemd_nothing_happens(monkeypatch: pytest.MonkeyPatch, address: str | None) -> None:
    if address is None:
        monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    else:
        monkeypatch.setenv("NOTIFY_SOCKET", address)
    assert not notify("READY=1")

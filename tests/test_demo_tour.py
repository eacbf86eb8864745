"""`policywire demo`: the whole pipeline on the invented world, told to a person, held against its own promises."""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from db import open_database
from demo.tour import MARKER
from tests.demo_desk import ROOT, column


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder that a tour filled, and what it printed."""
    folder = tmp_path_factory.mktemp("tour") / "out"
    done = subprocess.run(
        [sys.executable, "-m", "cli", "demo", "--folder", str(folder)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return folder, done.stdout


def test_the_tour_keeps_its_promises(toured: tuple[Path, str]) -> None:
    assert "The demo found a fault" not in toured[1]


def test_the_tour_crawls_three_times(toured: tuple[Path, str]) -> None:
    shown = " ".join(toured[1].split())
    first, second, third = (shown.index(f"{name} crawl:") for name in ("First", "Second", "Third"))
    assert "0 for articles — 0 new, 0 revised" in shown[second:third]
    assert "0 new, 1 revised" in shown[third:]
    assert first < second


def test_the_tour_shows_a_person_what_matters(toured: tuple[Path, str]) -> None:
    shown = toured[1]
    for part in ("matters most", "alert mail", "agree", "What to try next", ".mofcom.gov.cn/", "“"):
        assert part in shown
    assert "Traceback" not in shown


def test_the_mails_are_there_to_be_opened(toured: tuple[Path, str]) -> None:
    mails = sorted((toured[0] / "mail").glob("*.eml"))
    assert mails
    for mail in mails:
        message = message_from_bytes(mail.read_bytes(), policy=policy.default)
        assert message["Subject"]
        assert mail.with_suffix(".html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_what_the_tour_made_can_be_used_on(toured: tuple[Path, str]) -> None:
    folder = toured[0]
    truth = [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(truth) >= 70
    database = next(folder.glob("*.db"))
    db = open_database(database, mode="ro")
    assert column(db, "SELECT DISTINCT state FROM outbox") == ["sent"]
    db.close()
    status = [sys.executable, "-m", "cli", "--config", str(folder / "policywire.toml"), "status", "--json"]
    done = subprocess.run(status, cwd=ROOT, capture_output=True, text=True)
    assert json.loads(done.stdout)["counts"]["articles"] > 200


def test_a_folder_that_is_not_the_demos_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = subprocess.run(
        [sys.executable, "-m", "cli", "demo", "--folder", str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "give another with --folder" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_folder_that_another_demo_uses_is_left_alone(tmp_path: Path) -> None:
    marker = tmp_path / MARKER
    (tmp_path / "policywire.db").touch()
    demo = [sys.executable, "-m", "cli", "demo", "--folder", str(tmp_path)]
    with marker.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = subprocess.run(demo, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"another demo is using {tmp_path}: wait for it" in done.stderr
    assert (tmp_path / "policywire.db").exists()


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    demo = [sys.executable, "-m", "cli", "demo", "--folder", str(tmp_path / "file" / "out")]
    done = subprocess.run(demo, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "cannot be written (Not a directory): give another with --folder" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_nothing_outlives_a_demo_that_is_interrupted(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "out"
    demo = [sys.executable, "-m", "cli", "demo", "--folder", str(folder)]
    running = subprocess.Popen(demo, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True)
    ended_by = time.monotonic() + 30
    while not list(folder.glob("archive/*/*.warc.gz")):  # until a crawl is well under way
        assert running.poll() is None
        assert time.monotonic() < ended_by
        time.sleep(0.05)
    running.send_signal(number)
    assert running.wait(30) == 128 + number
    ended_by = time.monotonic() + 10  # a reader that was still beginning ends when it finds nobody asking
    while _is_there(running.pid):
        assert time.monotonic() < ended_by
        time.sleep(0.05)


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_commands_to_try_next_are_there(toured: tuple[Path, str]) -> None:
    shown = [line.strip() for line in toured[1].splitlines() if line.strip().endswith("policywire.toml status")]
    done = subprocess.run(shlex.split(shown[0]), cwd=ROOT, capture_output=True, text=True)
    assert "Sources" in done.stdout

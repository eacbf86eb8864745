"""The systemd units: known to systemd, tight, and wide enough for all that the scheduler and the site do."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import httpx
import pytest

import cli
from demo.site import DemoSite
from jobs.beat import EVERY, LATE
from jobs.supervise import GRACE
from tests.confined import LIBRARY, settings
from tests.demo_desk import ROOT, DemoDesk, column, set_up, wait_until

UNITS = sorted((ROOT / "deploy").glob("*.service"))
SCHEDULER = ROOT / "deploy" / "policywire.service"
SITE = ROOT / "deploy" / "policywire-site.service"
EXPOSURE = 15
"""Tenths: what systemd-analyze calls OK begins at 5.0; a service without any of the settings has 9.6."""


def _has_libseccomp() -> bool:
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        return False
    return True


needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
needs_seccomp = pytest.mark.skipif(not _has_libseccomp(), reason=f"there is no {LIBRARY} here")


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: str(unit.name))
def test_systemd_knows_every_line_of_a_unit(unit: Path, tmp_path: Path) -> None:
    # it looks for the program, too
    there = tmp_path / unit.name
    there.write_text(unit.read_text(encoding="utf-8").replace("/opt/policywire/bin/policywire", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(there)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: str(unit.name))
def test_systemd_finds_a_unit_tight(unit: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: str(unit.name))
def test_a_unit_starts_a_command_that_exists(unit: Path) -> None:
    (line,) = settings(unit, "ExecStart")
    program, *arguments = line.split()
    assert program == "/opt/policywire/bin/policywire"
    option, _file, name = arguments
    assert (option, name) in (("--config", "run"), ("--config", "serve"))
    assert isinstance(cli.policywire.commands[name], click.Command)


def test_systemd_waits_for_longer_than_we_need() -> None:
    def seconds(unit: Path, name: str) -> float:
        return float(settings(unit, name)[0])

    for unit in UNITS:
        assert seconds(unit, "TimeoutStopSec") > GRACE.total_seconds() + 10
        assert settings(unit, "Restart") == ["always"]
        assert seconds(unit, "RestartSec") >= 5
    assert seconds(SCHEDULER, "WatchdogSec") > LATE.total_seconds() > 3 * EVERY.total_seconds()


def test_secrets_come_by_credentials_and_no_unit_holds_one() -> None:
    text = SCHEDULER.read_text(encoding="utf-8")
    loaded = re.findall(r"^#?LoadCredential=([a-z-]+):/etc/policywire/\1$", text, re.MULTILINE)
    used = re.findall(r"^#?Environment=POLICYWIRE_[A-Z_]+_FILE=%d/([a-z-]+)$", text, re.MULTILINE)
    assert loaded == used == ["smtp-password", "ping-url"]
    for unit in UNITS:
        assert not re.search(r"PASSWORD=|PING_URL=", unit.read_text(encoding="utf-8"))


def confined(desk: DemoDesk, unit: Path, *arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "tests" / "confined.py"), str(unit), *desk.command(*arguments)]


JOB = '[schedule]\nbackup_to = "backups"\n[[schedule.jobs]]\nsource = "mofcom"\nevery = "1h"\n'


@needs_systemd
@needs_seccomp
def test_a_crawl_is_done_under_the_system_calls_that_its_unit_allows(demo_site: DemoSite, tmp_path: Path) -> None:
    desk = set_up(tmp_path / "desk", demo_site, mail="port = 9", rest=JOB)
    with (tmp_path / "log").open("wb") as log:
        child = subprocess.Popen(confined(desk, SCHEDULER, "run"), cwd=ROOT, stdout=log, stderr=log)
    try:
        wait_until(lambda: "crawl closed" in (tmp_path / "log").read_text(encoding="utf-8"), 120)
        child.terminate()
        assert child.wait(40) == 0
    finally:
        child.kill()
        child.wait()
    with desk.database() as db:
        assert column(db, "SELECT state FROM runs WHERE job = 'crawl'") == ["ok"]
        assert column(db, "SELECT count(*) FROM articles")[0] > 20
        assert column(db, "SELECT count(*) FROM annexes WHERE state = 'kept'")[0] > 0, "attached files are read, too"
        assert column(db, "SELECT count(*) FROM issues WHERE kind = 'crashed'") == [0]
    assert "Operation not permitted" not in (tmp_path / "log").read_text(encoding="utf-8")


@needs_systemd
@needs_seccomp
def test_pages_are_served_under_the_system_calls_that_their_unit_allows(undisturbed: DemoDesk, tmp_path: Path) -> None:
    desk = undisturbed.copy(tmp_path / "desk")
    command = confined(desk, SITE, "serve", "--port", "0")
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as child:
        try:
            assert child.stderr is not None
            home = child.stderr.readline().split()[0]
            for path in ("healthz", "", "search?q=export", "data/policywire/articles_latest", "export/x.csv"):
                assert httpx.get(f"{home}{path}", timeout=60).status_code in (200, 404), path
            child.terminate()
            assert child.wait(40) == 0
        finally:
            child.kill()

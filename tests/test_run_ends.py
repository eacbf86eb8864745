"""How `policywire run` ends: beside another, told to, killed; and what is left of its crawls, all for real."""

from __future__ import annotations

import os
import re
import signal
import socket
from pathlib import Path

import pytest

from demo.site import DemoSite
from jobs.processes import LEASH
from tests.demo_desk import DemoDesk, column, counted, set_up, wait_until
from tests.test_cli_run import ONE, crawls, running, runs

SOON = 30
"""Seconds within which a scheduler ends that is told to."""


def on_the_leash(desk: DemoDesk) -> list[int]:
    """Processes that were started for this desk by a scheduler, crawls and what they started."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            marks = (process / "environ").read_bytes() if process.name.isdigit() else b""
            state = (process / "stat").read_text().rpartition(")")[2].split()[0] if marks else "Z"
        except OSError:
            continue  # it has ended meanwhile, or is somebody else's
        if LEASH.encode() in marks and str(desk.path).encode() in marks and state not in "ZX":
            found.append(int(process.name))
    return found


def test_a_second_scheduler_says_who_runs_since_when_by_whatever_path_and_configuration(
    demo_site: DemoSite, tmp_path: Path
) -> None:
    desk = set_up(tmp_path / "desk", demo_site, mail="port = 9", rest=ONE)
    (tmp_path / "other").mkdir()
    linked = DemoDesk(folder=tmp_path / "other")
    (tmp_path / "link.db").symlink_to(desk.path)
    named = desk.config.read_text(encoding="utf-8")
    with running(desk) as scheduler:
        wait_until(lambda: runs(desk) != [], 60)
        for path in (tmp_path / "link.db", Path("../desk/../desk/policywire.db")):
            linked.config.write_text(re.sub(r"(?m)^database = .*$", f'database = "{path}"', named), encoding="utf-8")
            second = linked.run("run")
            assert (second.status, len(second.lines)) == (2, 1), second.err
            assert re.search(rf"already running \(process {scheduler.pid} since 20\d\d-\d\d-\d\d \S+ UTC\)", second.err)
        scheduler.terminate()
        assert scheduler.wait(SOON) == 0


def test_with_a_scheduler_that_is_killed_its_crawl_dies_and_is_made_up_for_once(
    demo_site: DemoSite, tmp_path: Path
) -> None:
    desk = set_up(tmp_path / "desk", demo_site, mail="port = 9", rest=ONE)
    with counted(demo_site) as answers:
        with running(desk) as scheduler:
            answers.wait_for(5, "mofcom", scheduler, articles=True)
            assert len(on_the_leash(desk)) >= 2, "the crawl and its reader"
            os.kill(scheduler.pid, signal.SIGKILL)
            wait_until(lambda: crawls(desk) == [], 5)
        with running(desk) as scheduler:
            wait_until(lambda: runs(desk, "state <> 'running'") == ["mofcom lost", "mofcom ok"], 90)
            wait_until(lambda: on_the_leash(desk) == [])
            scheduler.terminate()
            assert scheduler.wait(SOON) == 0
    with desk.database() as db:
        due = column(db, "SELECT due_at FROM runs ORDER BY id")
        assert due[0] == due[1], "the same crawl once more"
        assert column(db, "SELECT state FROM job_states WHERE name = 'crawl mofcom'") == ["ok"]


def test_a_crawl_that_heeds_no_sigterm_is_killed_with_its_readers(demo_site: DemoSite, tmp_path: Path) -> None:
    desk = set_up(tmp_path / "desk", demo_site, mail="port = 9", rest=ONE)
    with counted(demo_site) as answers, running(desk) as scheduler:
        answers.wait_for(5, "mofcom", scheduler, articles=True)
        (crawl,) = crawls(desk)
        os.kill(crawl, signal.SIGSTOP)  # it cannot heed anything any more
        scheduler.terminate()
        assert scheduler.wait(SOON) == 0
        assert on_the_leash(desk) == []
    with desk.database() as db:
        assert column(db, "SELECT state || ' ' || reason FROM runs") == ["failed stopped: with the scheduler"]
        assert column(db, "SELECT state FROM job_states WHERE name = 'crawl mofcom'") == ["stopped"]
    assert "Traceback" not in desk.log


def test_a_mail_server_that_says_nothing_holds_up_no_end(crawled: DemoDesk, demo_site: DemoSite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        set_up(crawled.folder, demo_site, mail=f"port = {port}", rest='[schedule]\ndeliver_every = "1s"\n')
        with running(crawled) as scheduler:
            silent.settimeout(60)
            connection, _ = silent.accept()
            with connection:
                scheduler.terminate()
                assert scheduler.wait(SOON) == 0
    with crawled.database() as db:
        assert column(db, "SELECT DISTINCT state FROM outbox WHERE state = 'sent'") == []
    assert "Traceback" not in crawled.log


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_scheduler_with_nothing_to_do_ends_at_once(crawled: DemoDesk, demo_site: DemoSite, told: int) -> None:
    set_up(crawled.folder, demo_site, mail="port = 9", rest='[schedule]\ndeliver_every = "1h"\n')
    with running(crawled) as scheduler:
        wait_until(lambda: "scheduler started" in crawled.log, 60)
        scheduler.send_signal(told)
        assert scheduler.wait(SOON) == 0
    assert "Traceback" not in crawled.log

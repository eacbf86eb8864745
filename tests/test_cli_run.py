"""`policywire run` from its start to its end: crawls, mail, catching up after a crash, and a clean stop."""

from __future__ import annotations

import gzip
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from cli.running import planned
from config import Config, Job, Schedule, SourceSettings
from db import open_database
from db.connection import DatabaseMissing
from demo.sink import MailSink
from demo.site import DemoSite
from tests.demo_desk import ROOT, TODAY, DemoDesk, column, counted, set_up, wait_until

BOTH = """
[schedule]
deliver_every = "1s"
[[schedule.jobs]]
source = "china_daily"
every = "1h"
[[schedule.jobs]]
source = "mofcom"
every = "1h"
"""
ONE = '[schedule]\ndeliver_every = "1s"\n[[schedule.jobs]]\nsource = "mofcom"\nevery = "1h"\n'
LIMITED = '[schedule]\n[[schedule.jobs]]\nsource = "mofcom"\nevery = "1h"\ntimeout = "1s"\n'


@contextmanager
def running(desk: DemoDesk) -> Iterator[subprocess.Popen[bytes]]:
    """The scheduler as a process; killed if the test has not ended it."""
    child = desk.start("run")
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        for pid in crawls(desk):
            os.kill(pid, signal.SIGKILL)


def crawls(desk: DemoDesk) -> list[int]:
    """The processes that crawl for the desk, by their command line."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            words = (process / "cmdline").read_bytes().split(b"\0") if process.name.isdigit() else []
        except OSError:
            continue  # it has ended meanwhile
        if str(desk.config).encode() in words and b"crawl" in words:
            found.append(int(process.name))
    return found


def runs(desk: DemoDesk, where: str = "1") -> list[Any]:
    """Source and state of the runs; none before the scheduler has made its database."""
    try:
        with desk.database() as db:
            sql = f"SELECT source || ' ' || state FROM runs WHERE {where} ORDER BY source, id"  # noqa: S608
            return column(db, sql)
    except DatabaseMissing:
        return []


def test_everything_runs_at_the_start_and_stops_when_told(demo_site: DemoSite, tmp_path: Path) -> None:
    with MailSink(tmp_path / "mail") as sink:
        desk = set_up(tmp_path / "desk", demo_site, mail=f"port = {sink.port}", rest=BOTH)
        with running(desk) as scheduler:
            wait_until(lambda: len(runs(desk, "state <> 'running'")) == 2, 90)
            with desk.database() as db:
                due = column(db, "SELECT count(*) FROM outbox")[0]
            assert due > 50
            wait_until(lambda: len(sink.received) == due)
            second = desk.run("run")
            assert (second.status, len(second.lines)) == (2, 1)
            assert re.search(
                rf"the scheduler is already running \(process {scheduler.pid} since 20\S+ \S+ UTC\)", second.err
            )
            scheduler.terminate()
            assert scheduler.wait(30) == 0
        with desk.database() as db:
            assert column(db, "SELECT DISTINCT state FROM outbox") == ["sent"]
    assert crawls(desk) == []
    assert "Traceback" not in desk.log


def test_a_stop_in_the_middle_of_a_crawl_leaves_no_orphan(demo_site: DemoSite, tmp_path: Path) -> None:
    desk = set_up(tmp_path / "desk", demo_site, mail="port = 9", rest=ONE)
    with counted(demo_site) as answers, running(desk) as scheduler:
        answers.wait_for(5, "mofcom", scheduler, articles=True)
        assert len(crawls(desk)) == 1
        scheduler.terminate()
        assert scheduler.wait(40) == 0
        assert crawls(desk) == []
    assert runs(desk) == ["mofcom partial"], "the crawl said itself that it was cut short"
    with desk.database() as db:
        assert column(db, "SELECT count(*) FROM articles")[0] > 0


def test_a_crawl_that_was_lost_is_made_up_for_at_once(demo_site: DemoSite, tmp_path: Path) -> None:
    desk = set_up(tmp_path / "desk", demo_site, mail='port = 9\noperator = "operator@example.org"', rest=ONE)
    with counted(demo_site) as answers:
        with running(desk) as scheduler:
            answers.wait_for(5, "mofcom", scheduler, articles=True)
            lost = crawls(desk)
            scheduler.kill()
            for pid in lost:
                os.kill(pid, signal.SIGKILL)
        assert runs(desk) == ["mofcom running"]
        with running(desk) as scheduler:
            answers.wait_for(5, "mofcom", scheduler, articles=True)
            assert runs(desk, "state <> 'running'") == ["mofcom lost"]
            scheduler.terminate()
            assert scheduler.wait(40) == 0


def test_a_run_that_was_missed_is_caught_up_and_one_that_was_not_waits(crawled: DemoDesk, demo_site: DemoSite) -> None:
    set_up(crawled.folder, demo_site, mail="port = 9", rest=BOTH)
    with crawled.database() as db:
        db.conn.execute("UPDATE runs SET started_at = '2026-01-01T00:00:00Z' WHERE source = 'mofcom'")
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        db.conn.execute("UPDATE runs SET started_at = ? WHERE source = 'china_daily'", [now])
    with running(crawled) as scheduler:
        wait_until(lambda: runs(crawled, "state <> 'running'").count("mofcom ok") == 2)
        scheduler.terminate()
        assert scheduler.wait(30) == 0
    assert runs(crawled, "source <> 'state_council'") == ["china_daily ok", "mofcom ok", "mofcom ok"]


def test_a_crawl_over_its_time_is_stopped_and_its_run_closed(demo_site: DemoSite, tmp_path: Path) -> None:
    desk = set_up(tmp_path / "desk", demo_site, mail="port = 9", rest=LIMITED)
    with running(desk) as scheduler:
        wait_until(lambda: "ended=timeout" in desk.log)
        wait_until(lambda: runs(desk, "state = 'running'") == [])
        scheduler.terminate()
        assert scheduler.wait(30) == 0
    assert crawls(desk) == []


def test_a_source_that_is_switched_off_is_not_crawled() -> None:
    jobs = (Job(source="mofcom", cron="0 9 * * *"), Job(source="china_daily", cron="0 9 * * *"))
    for schedule in (Schedule(), Schedule(jobs=jobs)):
        config = Config(sources={"mofcom": SourceSettings(enabled=False)}, schedule=schedule)
        assert "mofcom" not in [job.source for job in planned(config).jobs]
        assert "china_daily" in [job.source for job in planned(config).jobs]


def test_without_jobs_every_source_is_crawled_at_its_own_pace() -> None:
    assert {job.source: job.every for job in planned(Config()).jobs} == {
        "china_daily": timedelta(minutes=30),
        "mofcom": timedelta(minutes=20),
        "state_council": timedelta(hours=1),
    }


def agents(desk: DemoDesk) -> set[bytes]:
    """What the requests in the archive called themselves."""
    records = b"".join(gzip.decompress(path.read_bytes()) for path in desk.archive.rglob("*.warc.gz"))
    return set(re.findall(rb"^User-Agent: (.*)\r$", records, re.MULTILINE))


def test_a_site_is_told_who_asks_and_how_to_reach_them(demo_site: DemoSite, tmp_path: Path) -> None:
    anonymous, named = (set_up(tmp_path / name, demo_site) for name in ("anonymous", "named"))
    told = named.config.read_text(encoding="utf-8")
    named.config.write_text(told.replace("[network]\n", '[network]\ncontact = "desk@example.org"\n'), encoding="utf-8")
    said = [desk.run("crawl", "state_council", "--as-of", TODAY).err for desk in (anonymous, named)]
    assert [err.count("network.contact is not set") for err in said] == [1, 0]
    assert agents(anonymous) == {b"policywire/0.1"}
    assert agents(named) == {b"policywire/0.1 (+desk@example.org)"}


# -- asked for on the site --------------------------------------------------------------------------------------------


@contextmanager
def serving(desk: DemoDesk) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The site as a process, and its address; killed if the test has not ended it."""
    with subprocess.Popen(desk.command("serve", "--port", "0"), cwd=ROOT, stderr=subprocess.PIPE, text=True) as child:
        try:
            assert child.stderr is not None
            found = re.match(r"(http://127\.0\.0\.1:\d+)/", child.stderr.readline())
            assert found
            yield found[1], child
        finally:
            child.kill()
            child.wait()
            for pid in crawls(desk):
                os.kill(pid, signal.SIGKILL)


def ask_for(home: str, source: str) -> None:
    assert httpx.post(f"{home}/sources/{source}/run", headers={"Origin": home}).status_code == 303


def asked(desk: DemoDesk) -> list[Any]:
    with desk.database() as db:
        return column(db, "SELECT source || ' ' || ended FROM crawl_requests WHERE ended IS NOT NULL ORDER BY id")


def test_the_site_alone_runs_a_crawl_that_is_asked_for(demo_site: DemoSite, tmp_path: Path) -> None:
    desk = set_up(tmp_path / "desk", demo_site)
    open_database(desk.path, mode="create").conn.close()
    with serving(desk) as (home, child):
        ask_for(home, "state_council")
        wait_until(lambda: asked(desk) == ["state_council done"], 90)
        assert runs(desk) == ["state_council ok"]
        child.terminate()
        assert child.wait(30) == 0


def test_the_scheduler_takes_up_what_is_asked_for_before_the_site_does(demo_site: DemoSite, tmp_path: Path) -> None:
    desk = set_up(tmp_path / "desk", demo_site, rest=ONE)
    open_database(desk.path, mode="create").conn.close()
    with running(desk) as scheduler, serving(desk) as (home, _child):
        wait_until(lambda: runs(desk, "state <> 'running'") != [], 90)
        ask_for(home, "mofcom")
        wait_until(lambda: asked(desk) == ["mofcom done"], 90)
        with desk.database() as db:
            assert column(db, "SELECT pid FROM crawl_requests") == [scheduler.pid]
        assert len(runs(desk)) == 2


def test_a_crawl_that_was_asked_for_ends_with_the_site(demo_site: DemoSite, tmp_path: Path) -> None:
    desk = set_up(tmp_path / "desk", demo_site)
    open_database(desk.path, mode="create").conn.close()
    with serving(desk) as (home, child):
        ask_for(home, "china_daily")
        wait_until(lambda: runs(desk) == ["china_daily running"], 90)
        child.terminate()
        assert child.wait(60) == 0
        assert crawls(desk) == []
    assert asked(desk) == ["china_daily stopped"]

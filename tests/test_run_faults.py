"""`policywire run` goes through faults of its machine: what waits, what is told, and that it goes on by itself."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db import open_database
from demo.sink import MailSink
from demo.site import DemoSite
from jobs.book import standing_faults
from tests.demo_desk import DemoDesk, column, set_up, wait_until
from tests.small_disk import small_disk
from tests.test_cli_run import crawls, running, runs

OFTEN = '[schedule]\ndeliver_every = "1s"\n[[schedule.jobs]]\nsource = "state_council"\nevery = "5s"\njitter = "1s"\n'


def _desk(folder: Path, site: DemoSite, sink: MailSink) -> DemoDesk:
    return set_up(folder, site, mail=f'port = {sink.port}\noperator = "operator@example.org"', rules="", rest=OFTEN)


def _faults(desk: DemoDesk) -> set[str]:
    return {one.name for one in standing_faults(desk.path)}


def _said(sink: MailSink) -> list[str]:
    """Subjects of the mails about the machine, in the order they came."""
    said = [str(mail.message["Subject"]) for mail in sink.received]
    return [line.removeprefix("policywire: ") for line in said if re.search("archive|database|disk", line)]


def _good_runs(desk: DemoDesk) -> int:
    return len(runs(desk, "job = 'crawl' AND state = 'ok'"))


def test_an_archive_that_is_not_mounted_keeps_crawls_waiting_until_it_is(demo_site: DemoSite, tmp_path: Path) -> None:
    with MailSink(tmp_path / "mail") as sink:
        desk = _desk(tmp_path / "desk", demo_site, sink)
        with running(desk) as scheduler:
            wait_until(lambda: _good_runs(desk) >= 1 and not crawls(desk), 60)
            desk.archive.rename(tmp_path / "unmounted")
            wait_until(lambda: "archive_missing" in _faults(desk))
            wait_until(lambda: _said(sink) == ["the folder of the archive has gone"])
            before = len(runs(desk))
            assert not desk.archive.exists(), "no crawl has begun an empty archive in its place"
            (tmp_path / "unmounted").rename(desk.archive)
            wait_until(lambda: len(runs(desk)) > before, 30)
            wait_until(lambda: len(_said(sink)) == 2)
            scheduler.terminate()
            assert scheduler.wait(30) == 0
        assert _said(sink)[1] == "the folder of the archive is there again"
    assert desk.run("archive", "verify").status == 0
    assert "Traceback" not in desk.log


def test_a_database_that_is_deleted_under_the_scheduler_is_told_and_taken_up_where_it_is_restored(
    demo_site: DemoSite, tmp_path: Path
) -> None:
    with MailSink(tmp_path / "mail") as sink:
        desk = _desk(tmp_path / "desk", demo_site, sink)
        with running(desk) as scheduler:
            wait_until(lambda: _good_runs(desk) >= 1, 60)
            assert desk.run("backup", str(tmp_path / "copy.db")).status == 0
            for path in desk.folder.glob("policywire.db*"):
                if path.name in ("policywire.db", "policywire.db-wal", "policywire.db-shm"):
                    path.unlink()
            wait_until(lambda: _said(sink) == ["the database has gone"])
            wait_until(lambda: not crawls(desk))
            assert not desk.path.exists(), "nothing has begun an empty one"
            with running(desk.copy(tmp_path / "twin")):
                pass  # another desk is not concerned
            scheduler.terminate()
            assert scheduler.wait(30) == 0
        with running(desk) as scheduler:  # a restart neither tells it again nor begins an empty database
            wait_until(lambda: desk.log.count("scheduler started") == 1 and "database_missing" in _faults(desk))
            shutil.copyfile(tmp_path / "copy.db", tmp_path / "restored")
            (tmp_path / "restored").replace(desk.path)
            wait_until(lambda: desk.log.count("scheduler started") == 2)
            wait_until(lambda: _good_runs(desk) >= 2, 60)
            wait_until(lambda: len(_said(sink)) >= 2)
            scheduler.terminate()
            assert scheduler.wait(30) == 0
        assert sorted(_said(sink)) == ["the database has gone", "there is a database again"]
    assert "Traceback" not in desk.log


def test_a_full_disk_is_waited_out_and_what_was_missed_is_crawled(demo_site: DemoSite, tmp_path: Path) -> None:
    with MailSink(tmp_path / "mail") as sink, small_disk(tmp_path / "disk", 40) as disk:
        desk = _desk(disk / "desk", demo_site, sink)
        text = desk.config.read_text(encoding="utf-8")
        desk.config.write_text(text.replace("[storage]\n", "[storage]\nmin_free_mib = 16\n"), encoding="utf-8")
        with running(desk) as scheduler:
            wait_until(lambda: _good_runs(desk) >= 1 and not crawls(desk), 60)
            filler = disk / "filler"
            with pytest.raises(OSError, match="No space left"):
                filler.write_bytes(b"x" * (64 << 20))
            wait_until(lambda: "disk_full" in _faults(desk))
            wait_until(lambda: len(_said(sink)) == 1)
            wait_until(lambda: not crawls(desk))
            filler.unlink()
            wait_until(lambda: _faults(desk) == set())
            after = len(runs(desk, "state <> 'running'"))
            wait_until(lambda: len(runs(desk, "state = 'ok'")) > after - 1, 30)
            wait_until(lambda: len(_said(sink)) == 2)
            scheduler.terminate()
            assert scheduler.wait(30) == 0
        assert re.match(r"a disk is (nearly )?full", _said(sink)[0])
        assert desk.run("status").status in (0, 1)
        assert "Traceback" not in desk.log, desk.log[: desk.log.index("Traceback") + 3000][-5000:]


def test_a_database_that_somebody_holds_stops_nothing_for_good(demo_site: DemoSite, tmp_path: Path) -> None:
    with MailSink(tmp_path / "mail") as sink:
        desk = _desk(tmp_path / "desk", demo_site, sink)
        with running(desk) as scheduler:
            wait_until(lambda: _good_runs(desk) >= 1 and not crawls(desk), 60)
            with closing(sqlite3.connect(desk.path, isolation_level=None, timeout=30)) as holder:
                holder.execute("BEGIN IMMEDIATE")
                wait_until(lambda: "database_locked" in _faults(desk))
                (fault,) = standing_faults(desk.path)
                assert f"process {os.getpid()} " in fault.detail
                holder.execute("ROLLBACK")
            before = _good_runs(desk)
            wait_until(lambda: _faults(desk) == set())
            wait_until(lambda: _good_runs(desk) > before, 30)
            scheduler.terminate()
            assert scheduler.wait(30) == 0
        assert _said(sink) == [], "it had passed before anybody had to hear of it"
    with desk.database() as db:
        assert column(db, "PRAGMA quick_check") == ["ok"]


def test_a_database_that_is_held_at_the_start_is_waited_for(tmp_path: Path) -> None:
    nothing = '[[schedule.jobs]]\nsource = "mofcom"\nevery = "1h"\n[sources.mofcom]\nenabled = false\n'
    desk = set_up(tmp_path, None, rest=f'[schedule]\ndeliver_every = "1s"\n{nothing}')
    open_database(desk.path, mode="create").close()
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with running(desk) as scheduler:
            wait_until(lambda: "database_locked" in _faults(desk), 60)
            assert scheduler.poll() is None
            holder.execute("ROLLBACK")
            wait_until(lambda: "scheduler started" in desk.log, 60)
            scheduler.terminate()
            assert scheduler.wait(40) == 0

"""`policywire upkeep`: by hand what is done by night and by week."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.warc import Archive
from jobs.book import Book, standing_faults
from jobs.locks import only_one
from pipeline.model import Page
from tests.db_samples import Desk, article, usual
from tests.demo_desk import DemoDesk, set_up


@pytest.fixture
def desk(tmp_path: Path) -> DemoDesk:
    made = set_up(tmp_path, None, rest='[schedule]\nbackup_to = "copies"\n')
    stored = Desk(made.path)
    stored.store(article(), usual())
    stored.db.close()
    return made


def _faults(desk: DemoDesk) -> set[str]:
    return {one.name for one in standing_faults(desk.path)}


def test_a_copy_is_made_now_and_a_fault_of_the_night_is_over(desk: DemoDesk) -> None:
    Book(desk.path).report("backup_failed", "no room", datetime.now(UTC))
    done = desk.run("upkeep", "backup")
    assert done.status == 0, done.err
    assert done.out.endswith("rows, restored and tried\n")
    assert len(list((desk.folder / "copies").glob("policywire-*.db"))) == 1
    assert _faults(desk) == set()


def test_a_copy_that_cannot_be_made_is_a_line_and_a_fault(desk: DemoDesk) -> None:
    (desk.folder / "copies").write_text("a file where a folder should be")
    done = desk.run("upkeep", "backup")
    assert done.status == 2
    assert "look at the folder of the backups" in done.lines[-1]
    assert _faults(desk) == {"backup_failed"}


def test_without_a_folder_for_copies_none_is_made(tmp_path: Path) -> None:
    done = set_up(tmp_path, None).run("upkeep", "backup")
    assert (done.status, len(done.lines)) == (2, 1)
    assert "schedule.backup_to is not set" in done.err


def test_the_week_is_done_now(desk: DemoDesk) -> None:
    done = desk.run("upkeep", "weekly")
    assert (done.status, done.out.split(";")[0]) == (0, "nothing wrong")


def test_damage_is_named_stands_as_a_fault_and_is_mended(desk: DemoDesk) -> None:
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as harmed:
        harmed.execute("DELETE FROM articles_fts_idx")
        harmed.execute("DELETE FROM articles_fts_data WHERE id > 10")
    done = desk.run("upkeep", "check")
    assert done.status == 1
    assert done.out.startswith("articles_fts (")
    assert _faults(desk) == {"search_damaged"}
    listed = desk.run("upkeep", "faults")
    assert listed.status == 1
    assert "policywire upkeep search" in listed.out
    mended = desk.run("upkeep", "search")
    assert (mended.status, mended.out) == (0, "the full-text index was made anew\n"), mended.err
    assert desk.run("upkeep", "check").out.endswith("policywire.db: all is well\n")
    assert desk.run("upkeep", "faults").out == "no fault stands\n"


def test_the_archive_is_verified_and_what_is_wrong_is_a_line_and_a_fault(desk: DemoDesk) -> None:
    none = desk.run("upkeep", "archive")
    assert (none.status, "there is no archive at" in none.err) == (2, True)
    page = Page(
        url="https://x.cn/a", source="mofcom", body=b"<html>", fetched_at=datetime(2026, 11, 1, tzinfo=UTC), status=200
    )
    with Archive(desk.archive) as archive:
        archive.append(page)
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as db:  # the story of the fixture was never archived
        db.execute("UPDATE pages SET warc_file = NULL, warc_offset = NULL, warc_length = NULL")
    done = desk.run("upkeep", "archive")
    assert (done.status, done.out.endswith("bytes verified: all is well\n")) == (0, True), done.err
    (desk.archive / "mofcom" / "2026-11-01.warc.gz").unlink()
    done = desk.run("upkeep", "archive", "--all")
    assert done.status == 1
    assert done.out.startswith("mofcom/2026-11-01.warc.gz: missing: ")
    assert _faults(desk) == {"archive_damaged"}


def test_the_index_is_not_made_anew_under_a_scheduler(desk: DemoDesk) -> None:
    with only_one(desk.path.with_name("policywire.db.run.lock"), "the scheduler"):
        done = desk.run("upkeep", "search")
    assert (done.status, len(done.lines)) == (2, 1)
    assert "the scheduler is already running" in done.err

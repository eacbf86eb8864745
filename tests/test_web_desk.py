"""The connections behind the pages: kept from page to page, and dropped when they lead to something else."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from db import DatabaseMissing, NewerSchema
from db.connection import open_database, value
from tests.db_samples import Desk as Stored
from tests.db_samples import article
from tests.web_desk import filled
from web.desk import Desk

COUNT = "SELECT count(*) FROM articles"


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    return filled(tmp_path / "policywire.sqlite")


@pytest.fixture
def desk(stored: Stored) -> Desk:
    return Desk(database=stored.path, archive=stored.path.parent)


def test_the_next_page_reads_over_the_same_connection_and_sees_what_is_new(stored: Stored, desk: Desk) -> None:
    with desk.reading() as db:
        first, before = db, value(db, COUNT)
        stored.store(article("Another story of barges.", url="https://www.chinadaily.com.cn/a/202611/22/WSn.html"))
        assert value(db, COUNT) == before, "one page is one snapshot"
    with desk.reading() as db:
        assert db is first
        assert value(db, COUNT) == before + 1


def test_two_pages_at_once_have_a_connection_each(desk: Desk) -> None:
    with desk.reading() as one, desk.reading() as other:
        assert one is not other


def test_a_page_that_fails_leaves_no_connection_behind(desk: Desk) -> None:
    with pytest.raises(RuntimeError, match="of the page"), desk.reading() as failed:
        raise RuntimeError("of the page")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        failed.conn.execute("SELECT 1")
    with desk.reading() as db:
        assert db is not failed


def test_what_is_kept_does_not_hold_up_who_writes(stored: Stored, desk: Desk) -> None:
    with desk.reading() as db:
        value(db, COUNT)
    stored.store(article("Another story of barges.", url="https://www.chinadaily.com.cn/a/202611/22/WSn.html"))
    busy, _pages, _moved = stored.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert busy == 0


def test_another_file_in_its_place_is_opened(stored: Stored, desk: Desk, tmp_path: Path) -> None:
    with desk.reading() as db:
        assert value(db, COUNT) == 3
    fresh = tmp_path / "fresh.sqlite"
    open_database(fresh, mode="create").close()
    stored.db.close()
    for beside in ("-wal", "-shm"):
        stored.path.with_name(stored.path.name + beside).unlink(missing_ok=True)
    fresh.replace(stored.path)
    with desk.reading() as db:
        assert value(db, COUNT) == 0


def test_a_file_that_has_gone_is_told(stored: Stored, desk: Desk) -> None:
    with desk.reading():
        pass
    stored.db.close()
    stored.path.unlink()
    with pytest.raises(DatabaseMissing), desk.reading():
        pass


def test_a_schema_that_another_program_has_changed_is_told(stored: Stored, desk: Desk) -> None:
    with desk.reading():
        pass
    stored.db["_sqlite_migrations"].insert({"migration_set": "policywire", "name": "9999_later", "applied_at": "2027"})
    stored.db.conn.execute("CREATE TABLE later (id INTEGER)")
    with pytest.raises(NewerSchema), desk.reading():
        pass

"""The nightly copy: restored and tried, the older ones kept by rule, and nothing half done left anywhere."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db import DatabaseError, open_database
from db.backup import BackupFailed
from db.connection import rows, value
from db.restoring import CopyUnusable, note_marks, restore_test
from jobs.locks import AlreadyRunning, only_one
from jobs.nightly import Night, nightly_backup
from jobs.rotation import Keep
from tests.db_samples import Desk, article, ministry, usual
from tests.small_disk import small_disk

NIGHT = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
KEEP = Keep(daily=2, weekly=0, monthly=0)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "policywire.db")
    desk.store(article(), usual())
    desk.store(ministry())
    return desk


def _make(desk: Desk, folder: Path, now: datetime = NIGHT, spare: int = 1 << 20) -> Night:
    return nightly_backup(desk.db, folder, KEEP, now=now, spare=spare)


def _runs(desk: Desk) -> list[tuple[str, str]]:
    found = rows(desk.db, "SELECT state, reason FROM runs WHERE job = 'backup' ORDER BY id")
    return [(run["state"], run["reason"]) for run in found]


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def test_a_night_leaves_a_copy_that_was_restored_and_tried_and_a_run_that_says_so(desk: Desk, tmp_path: Path) -> None:
    night = _make(desk, tmp_path / "copies")
    assert _names(tmp_path / "copies") == ["policywire-2026-11-20.db"]
    assert night.restored
    with closing(open_database(night.path, mode="ro")) as copy:
        assert value(copy, "SELECT count(*) FROM articles_latest") == 2
    ((state, said),) = _runs(desk)
    assert state == "ok"
    assert said.startswith(f"policywire-2026-11-20.db: {night.path.stat().st_size:,} bytes, ")
    assert said.endswith("rows, restored and tried")
    assert night.path.stat().st_mode & 0o077 == 0, "the copy holds what only the owner of the database may read"


def test_older_copies_go_once_the_new_one_is_good(desk: Desk, tmp_path: Path) -> None:
    for night in range(3):
        _make(desk, tmp_path / "copies", NIGHT + timedelta(days=night))
    assert _names(tmp_path / "copies") == ["policywire-2026-11-21.db", "policywire-2026-11-22.db"]
    assert _runs(desk)[-1][1].endswith("; 1 older ones removed")


def test_a_copy_without_room_is_not_begun_and_the_earlier_ones_stay(desk: Desk, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 3) as folder:
        _make(desk, folder, spare=0)
        before = (folder / "policywire-2026-11-20.db").read_bytes()
        with pytest.raises(BackupFailed, match=r"has [0-9] MiB free and a copy needs 1[0-9]:"):
            _make(desk, folder, NIGHT + timedelta(days=1), spare=10 << 20)
        assert _names(folder) == ["policywire-2026-11-20.db"]
        assert (folder / "policywire-2026-11-20.db").read_bytes() == before
    assert [state for state, _ in _runs(desk)] == ["ok", "failed"]


def test_a_disk_that_fills_up_during_the_copy_leaves_no_half_one(desk: Desk, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 1) as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("jobs.nightly._size", lambda db: 0)  # as if the room had gone after the look
        with closing(sqlite3.connect(desk.path)) as more, more:
            more.execute("CREATE TABLE filler (x)")
            more.execute("INSERT INTO filler VALUES (zeroblob(2000000))")
        with pytest.raises(DatabaseError, match=r"disk is full|No space left"):
            _make(desk, folder, spare=0)
        assert _names(folder) == []
    assert _runs(desk)[0][0] == "failed"


def test_with_room_for_one_copy_only_it_is_checked_as_it_lies(desk: Desk, tmp_path: Path) -> None:
    size = value(desk.db, "PRAGMA page_count") * 4096
    with small_disk(tmp_path / "small", size * 3 // 2 // (1 << 20) + 1) as folder:
        free = shutil.disk_usage(folder).free
        night = _make(desk, folder, spare=max(0, free - size * 3 // 2))
    assert not night.restored
    assert _runs(desk)[0][1].endswith("checked, not restored for want of room")


def test_what_a_killed_night_left_is_cleared(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    (folder / ".policywire-restore-test").mkdir(parents=True)
    (folder / ".policywire-2026-11-19.db.00ff00ff.unfinished").write_bytes(b"half")
    _make(desk, folder)
    assert _names(folder) == ["policywire-2026-11-20.db"]


def test_two_nights_at_once_do_not_disturb_each_other(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    with only_one(folder / ".policywire-backup.lock", "it"), pytest.raises(AlreadyRunning):
        _make(desk, folder)


def test_a_database_that_is_damaged_gives_no_copy_and_the_last_good_one_stays(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    _make(desk, folder)
    good = (folder / "policywire-2026-11-20.db").read_bytes()
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as broken:
        broken.execute("PRAGMA foreign_keys = OFF")
        broken.execute("UPDATE articles SET revision_id = 999999 WHERE seq = 1")
    with pytest.raises(CopyUnusable, match="rows that point nowhere"):
        _make(desk, folder)
    assert (folder / "policywire-2026-11-20.db").read_bytes() == good
    assert _names(folder) == ["policywire-2026-11-20.db"]


# -- the restore test itself ------------------------------------------------------------------------------------------


def _copy(desk: Desk, to: Path) -> Path:
    with closing(sqlite3.connect(to)) as copy:
        desk.db.conn.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    return to


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("DELETE FROM article_urls WHERE rowid = 1", "another number of rows in article_urls"),
        ("DELETE FROM articles_fts WHERE rowid = (SELECT max(place) FROM articles)", "articles_fts"),
        ("UPDATE meta SET rowid = rowid + 9", "another newest key in meta"),
    ],
)
def test_a_copy_that_lost_something_is_not_taken_for_good(desk: Desk, tmp_path: Path, harm: str, said: str) -> None:
    desk.db.conn.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('some', 'thing')")
    marks = note_marks(desk.db.conn)
    copy = _copy(desk, tmp_path / "copy.db")
    (tmp_path / "empty").mkdir()
    restore_test(copy, tmp_path / "empty", marks)
    with closing(sqlite3.connect(copy, isolation_level=None)) as harmed:
        harmed.execute(harm)
    with pytest.raises(DatabaseError, match=said):
        restore_test(copy, tmp_path / "empty", marks)
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("UPDATE articles_fts_data SET block = zeroblob(length(block)) WHERE id > 99", "articles_fts ("),
        ("UPDATE articles SET place = place + 1", "articles_fts does not find its newest row"),
    ],
)
def test_a_full_text_that_is_damaged_is_told_and_is_no_reason_to_be_without_a_copy(
    desk: Desk, tmp_path: Path, harm: str, said: str
) -> None:
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as harmed:
        harmed.execute(harm)
    night = _make(desk, tmp_path / "copies")
    assert night.path.exists()
    assert (night.search or "").startswith(said)
    ((state, line),) = _runs(desk)
    assert (state, "its full text is damaged: articles_fts" in line) == ("partial", True)


def test_a_copy_with_a_torn_page_is_not_taken_for_good(desk: Desk, tmp_path: Path) -> None:
    marks = note_marks(desk.db.conn)
    copy = _copy(desk, tmp_path / "copy.db")
    body = bytearray(copy.read_bytes())
    for at in range(4096 * 8, len(body), 4096):
        body[at : at + 64] = b"\xff" * 64
    copy.write_bytes(body)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatabaseError, match="damaged"):
        restore_test(copy, tmp_path / "empty", marks)

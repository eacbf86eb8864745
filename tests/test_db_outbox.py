"""The outbox: in with the statement, claimed by one, given back when its sender dies; and copies that are good."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from db import DatabaseMissing, open_database
from db.backup import BackupFailed, backup, check_copy
from db.connection import value
from db.outbox import bury, claim, enqueue, message, outbox_counts, postpone, revive, settle
from tests.db_samples import NOON, Desk, article, usual

LEASE = timedelta(minutes=5)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


def put(desk: Desk, key: str = "k1", recipient: str = "ana@example.org", minutes: int = 0) -> bool:
    due = NOON + timedelta(minutes=minutes)
    return enqueue(
        desk.db, key=key, recipient=recipient, subject="出口管制", text="t", html="<p>t</p>", due_at=due, now=NOON
    )


def test_a_key_goes_in_once_for_each_recipient(desk: Desk) -> None:
    assert [put(desk), put(desk), put(desk, recipient="ben@example.org")] == [True, False, True]
    assert outbox_counts(desk.db).due == 2


def test_what_is_due_is_claimed_oldest_first_and_by_one_only(desk: Desk) -> None:
    put(desk, "late", minutes=-1)
    put(desk, "early", minutes=-9)
    put(desk, "tomorrow", minutes=1440)
    first = claim(desk.db, NOON, LEASE, 10)
    assert [(one.key, one.attempts, one.subject) for one in first] == [
        ("early", 1, "出口管制"),
        ("late", 1, "出口管制"),
    ]
    with open_database(desk.path) as other:
        assert claim(other, NOON, LEASE, 10) == []


def test_a_sender_that_died_loses_its_claim_and_the_next_one_sends_the_same_key(desk: Desk) -> None:
    put(desk)
    dead = claim(desk.db, NOON, LEASE, 1)[0]
    assert claim(desk.db, NOON + timedelta(minutes=4), LEASE, 1) == []
    second = claim(desk.db, NOON + timedelta(minutes=5), LEASE, 1)[0]
    assert (second.key, second.attempts) == (dead.key, 2)
    assert not settle(desk.db, dead.id, token=dead.lease_token, now=NOON)
    assert settle(desk.db, second.id, token=second.lease_token, now=NOON, response="250 ok")
    assert not settle(desk.db, second.id, token=second.lease_token, now=NOON)
    assert claim(desk.db, NOON + timedelta(days=9), LEASE, 1) == []


def test_a_postponed_mail_waits_and_a_dead_one_is_given_up_until_a_person_revives_it(desk: Desk) -> None:
    put(desk)
    one = claim(desk.db, NOON, LEASE, 1)[0]
    assert postpone(desk.db, one.id, "451 busy", NOON + timedelta(hours=1), token=one.lease_token)
    assert claim(desk.db, NOON + timedelta(minutes=59), LEASE, 1) == []
    one = claim(desk.db, NOON + timedelta(hours=1), LEASE, 1)[0]
    assert bury(desk.db, one.id, "550 no such user", token=one.lease_token)
    assert claim(desk.db, NOON + timedelta(days=30), LEASE, 1) == []
    assert (outbox_counts(desk.db).dead, outbox_counts(desk.db).oldest_due_at) == (1, None)
    held = message(desk.db, one.id)
    assert held is not None
    assert (held["state"], held["last_error"]) == ("dead", "550 no such user")
    assert revive(desk.db, one.id, now=NOON)
    assert claim(desk.db, NOON, LEASE, 1)[0].key == "k1"


# -- backup -----------------------------------------------------------------------------------------------------------


def test_a_backup_of_a_database_in_use_opens_and_has_the_same_rows(desk: Desk, tmp_path: Path) -> None:
    desk.store(article(), usual())
    report = backup(desk.db, tmp_path / "copy.sqlite")
    assert report.counts["articles"] == 1
    assert report.size == (tmp_path / "copy.sqlite").stat().st_size
    with open_database(report.path, mode="ro") as copy:
        assert value(copy, "SELECT count(*) FROM quotes_attributed") == 1
    assert sorted(path.name for path in tmp_path.iterdir() if "copy" in path.name)[0] == "copy.sqlite"
    assert not list(tmp_path.glob(".*unfinished*"))


def test_a_backup_is_of_one_moment_while_others_write(desk: Desk, tmp_path: Path) -> None:
    desk.store(article(), usual())
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM lead_marks")
        assert backup(desk.db, tmp_path / "copy.sqlite").counts["lead_marks"] > 0
        other.execute("ROLLBACK")


def test_a_backup_replaces_nothing_unless_it_is_told_to(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    target.write_bytes(b"precious")
    with pytest.raises(BackupFailed, match="is there already"):
        backup(desk.db, target)
    assert target.read_bytes() == b"precious"
    backup(desk.db, target, force=True)
    assert check_copy(target)["articles"] == 0


def test_a_backup_never_takes_the_place_of_the_database(desk: Desk, tmp_path: Path) -> None:
    link = tmp_path / "link.sqlite"
    link.symlink_to(desk.path)
    for place in (desk.path, link):
        with pytest.raises(BackupFailed, match="is the database itself"):
            backup(desk.db, place, force=True)
    assert link.is_symlink()


def test_a_backup_says_what_is_wrong_with_its_place(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="is no ordinary file"):
        backup(desk.db, "/dev/null", force=True)
    with pytest.raises(BackupFailed, match="is a folder"):
        backup(desk.db, tmp_path)
    with pytest.raises(DatabaseMissing, match="does not exist"):
        backup(desk.db, tmp_path / "nowhere" / "x")


def test_a_damaged_copy_is_noticed(desk: Desk, tmp_path: Path) -> None:
    for at in range(30):
        desk.store(article(url=f"https://x.cn/{at}.html"), usual())
    target = backup(desk.db, tmp_path / "copy.sqlite").path
    body = bytearray(target.read_bytes())
    for at in range(4096 * 8, len(body), 4096):
        body[at : at + 64] = b"\xff" * 64
    target.write_bytes(body)
    with pytest.raises(Exception, match=r"damaged"):
        check_copy(target)

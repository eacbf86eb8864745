"""Faults of the machine: found with real disks, locks and files; told once; forgotten by no restart."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import Config, Mail, Storage
from db import open_database
from db.connection import rows, transaction
from db.outbox import enqueue
from jobs.alarm import Alarm
from jobs.book import Book, standing_faults
from jobs.desk import Desk as JobsDesk
from jobs.desk import mail_server
from jobs.faults import FAULTS, fault_of
from jobs.watch import LOOKED_FOR, Watch
from tests.small_disk import read_only, small_disk
from tests.smtp_loopback import Postbox, closed_port, postbox

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _config(folder: Path, **mail: object) -> Config:
    storage = Storage(database=folder / "policywire.db", archive=folder / "archive", min_free_mib=16)
    return Config(storage=storage, mail=Mail(security="none", **mail))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where faults are noted when the database's folder cannot be written: a later run would find them there."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("temporary")))


def _watch(config: Config, *, begun: bool = True) -> Watch:
    """A watch over a database and an archive that it has seen once."""
    if begun:
        config.storage.archive.mkdir(exist_ok=True)
        open_database(config.storage.database, mode="create").close()
    book = Book(config.storage.database)
    watch = Watch(
        config=config, book=book, alarm=Alarm(config=config, server=mail_server(config), password=None, book=book)
    )
    if begun:
        assert watch.look(NOW) == {}
    return watch


def _reachable(box: Postbox) -> dict[str, object]:
    return {"port": box.port, "operator": "operator@example.org"}


def _outbox(config: Config) -> list[str]:
    with closing(open_database(config.storage.database, mode="ro")) as db:
        return [found["subject"] for found in rows(db, "SELECT subject FROM outbox ORDER BY id")]


# -- what is found ----------------------------------------------------------------------------------------------------


def test_nothing_is_wrong_with_a_machine_on_which_nothing_is_wrong(tmp_path: Path) -> None:
    watch = _watch(_config(tmp_path))
    assert watch.hindrance(NOW) is None
    assert standing_faults(tmp_path / "policywire.db") == ()


def test_before_the_first_crawl_nothing_is_missing(tmp_path: Path) -> None:
    assert _watch(_config(tmp_path), begun=False).look(NOW) == {}


def test_a_disk_is_reported_before_it_is_full_and_has_room_again_only_with_a_margin(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 24) as folder:
        watch = _watch(_config(folder))
        filler = folder / "filler"
        filler.write_bytes(b"x" * (8 << 20))
        assert watch.look(NOW)["disk_low"].endswith("MiB free, 16 are wanted")
        assert "a disk is nearly full" in (watch.hindrance(NOW) or "")
        free = shutil.disk_usage(folder).free
        os.truncate(filler, filler.stat().st_size - ((16 << 20) + (100 << 10) - free))
        assert shutil.disk_usage(folder).free > 16 << 20
        assert "disk_low" in watch.look(NOW), "just above the limit is not yet room"
        os.truncate(filler, 1 << 20)
        assert watch.look(NOW) == {}
        assert watch.hindrance(NOW) is None


def test_a_full_disk_is_found_noted_and_told_without_the_database(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 24) as folder, postbox() as box:
        watch = _watch(_config(folder, **_reachable(box)))
        filler = folder / "filler"
        with pytest.raises(OSError, match="No space left"):
            filler.write_bytes(b"x" * (32 << 20))
        watch.round(NOW)
        assert {"disk_low", "disk_full"} <= {one.name for one in standing_faults(folder / "policywire.db")}
        assert [message["Subject"] for message in box.messages] == ["policywire: a disk is full (and 1 more)"]
        assert box.messages[0]["To"] == "operator@example.org"
        for restart in range(3):  # a supervisor that starts us again and again tells nothing anew
            _watch(watch.config, begun=False).round(NOW + restart * MINUTE)
        assert len(box.messages) == 1
        filler.unlink()
        watch.round(NOW + 9 * MINUTE)
        watch.round(NOW + 10 * MINUTE)
        assert standing_faults(folder / "policywire.db") == ()
        assert _outbox(watch.config) == ["policywire: the disk can be written again (and 1 more)"]


def test_a_database_that_may_not_grow_is_a_full_disk() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("PRAGMA max_page_count = 3")
        with pytest.raises(sqlite3.OperationalError) as full:
            db.execute("CREATE TABLE t AS SELECT zeroblob(100000)")
    found = fault_of(full.value)
    assert found is not None
    assert found[0] == "disk_full"


def test_who_holds_the_database_is_named(tmp_path: Path) -> None:
    watch = _watch(_config(tmp_path))
    code = (
        "import sqlite3, sys\n"
        "db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.execute('BEGIN IMMEDIATE')\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "policywire.db")]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder,
        pytest.MonkeyPatch.context() as patch,
    ):
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == b"held\n"
        patch.setattr("jobs.watch.WAIT", 0.1)
        said = watch.look(NOW)["database_locked"]
        name = Path(f"/proc/{holder.pid}/comm").read_text().strip()
        holder.stdin.close()
    assert said.endswith(f"is held by process {holder.pid} ({name})")
    assert watch.look(NOW) == {}


def test_a_database_on_a_disk_that_became_read_only_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    watch = _watch(_config(folder))
    with read_only(folder):
        assert {"database_readonly", "archive_readonly"} <= watch.look(NOW).keys()
        assert {one.name for one in standing_faults(folder / "policywire.db")} >= {"database_readonly"}, (
            "where the file cannot be written another one stands in"
        )
    assert watch.look(NOW + MINUTE) == {}


def test_a_database_that_was_deleted_is_missing_and_not_made_anew(tmp_path: Path) -> None:
    watch = _watch(_config(tmp_path))
    for path in tmp_path.glob("policywire.db*"):
        if not path.name.endswith(".faults"):
            path.unlink()
    assert watch.look(NOW)["database_missing"].endswith("was there and is not any more")
    assert not (tmp_path / "policywire.db").exists()
    again = _watch(_config(tmp_path), begun=False)
    assert "database_missing" in again.look(NOW), "a restart does not take it for a first start"


def test_a_database_that_was_replaced_is_told_of_and_who_writes_to_the_old_one_is_ended(tmp_path: Path) -> None:
    watch = _watch(_config(tmp_path))
    database = tmp_path / "policywire.db"
    code = "import sys; held = open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        open_database(tmp_path / "other.db", mode="create").close()
        (tmp_path / "other.db").replace(database)
        assert "database_replaced" in watch.look(NOW)
        assert writer.wait(30) == -15
    assert watch.look(NOW + MINUTE) == {}


def test_a_file_of_somebody_else_in_the_place_of_the_database_is_not_written_to(tmp_path: Path) -> None:
    watch = _watch(_config(tmp_path))
    for path in tmp_path.glob("policywire.db*"):
        if not path.name.endswith(".faults"):
            path.unlink()
    with closing(sqlite3.connect(tmp_path / "policywire.db")) as other:
        other.execute("CREATE TABLE theirs (x)")
    assert watch.look(NOW)["database_unusable"].endswith("is no database of policywire")
    (tmp_path / "policywire.db").write_bytes(b"no database at all, but a text that somebody put there\n" * 40)
    assert "not a SQLite database" in watch.look(NOW)["database_unusable"]


def test_an_archive_that_has_gone_is_missing_until_there_is_a_folder(tmp_path: Path) -> None:
    watch = _watch(_config(tmp_path))
    (tmp_path / "archive").rmdir()
    assert "archive_missing" in watch.look(NOW)
    assert "the folder of the archive has gone" in (watch.hindrance(NOW) or "")
    (tmp_path / "archive").mkdir()
    assert watch.hindrance(NOW + MINUTE) is None


def test_damage_that_a_task_meets_stands_until_a_check_or_another_file_ends_it(tmp_path: Path) -> None:
    watch = _watch(_config(tmp_path))
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorname = "SQLITE_CORRUPT"
    watch.heard(error, NOW)
    assert watch.look(NOW + MINUTE) == {}
    assert "damaged" in (watch.hindrance(NOW + MINUTE) or "")
    open_database(tmp_path / "copy.db", mode="create").close()
    (tmp_path / "copy.db").replace(tmp_path / "policywire.db")
    watch.look(NOW + 2 * MINUTE)
    assert watch.hindrance(NOW + 3 * MINUTE) is None


def test_an_error_that_is_no_fault_of_the_machine_is_none() -> None:
    assert fault_of(ValueError("x")) is None
    assert fault_of(FileNotFoundError(2, "No such file", "x")) is None


# -- what is told -----------------------------------------------------------------------------------------------------


def test_a_fault_is_told_once_and_its_end_once(tmp_path: Path) -> None:
    with postbox() as box:
        watch = _watch(_config(tmp_path, **_reachable(box)))
        (tmp_path / "archive").rmdir()
        for minute in range(5):
            watch.round(NOW + minute * MINUTE)
        (tmp_path / "archive").mkdir()
        for minute in range(5, 9):
            watch.round(NOW + minute * MINUTE)
    assert _outbox(watch.config) == [
        "policywire: the folder of the archive has gone", "policywire: the folder of the archive is there again",
    ]  # fmt: skip
    assert box.messages == []


def test_where_the_database_cannot_be_written_the_mail_goes_straight_out(tmp_path: Path) -> None:
    with postbox() as box:
        config = _config(tmp_path, **_reachable(box))
        watch = _watch(config)
        with closing(open_database(config.storage.database)) as holder, pytest.MonkeyPatch.context() as patch:
            patch.setattr("jobs.watch.WAIT", 0.05)
            with transaction(holder):
                for minute in range(4):
                    watch.round(NOW + minute * MINUTE)
        (alarm,) = box.messages
        assert alarm["Subject"] == "policywire: the database is held by another process"
        assert alarm["Auto-Submitted"] == "auto-generated"
        watch.round(NOW + 9 * MINUTE)
    assert _outbox(config) == ["policywire: the database is free again"]


def test_a_lock_that_passes_before_two_minutes_is_no_news(tmp_path: Path) -> None:
    with postbox() as box:
        config = _config(tmp_path, **_reachable(box))
        watch = _watch(config)
        watch.book.report("database_locked", "held", NOW)
        watch.alarm.tell(NOW + MINUTE)  # type: ignore[union-attr]
        watch.round(NOW + 2 * MINUTE)
    assert (box.messages, _outbox(config)) == ([], [])


def test_what_comes_and_goes_is_told_once_an_hour(tmp_path: Path) -> None:
    config = _config(tmp_path, operator="operator@example.org", port=closed_port())
    watch = _watch(config)
    for minute in range(0, 50, 2):
        watch.book.report("archive_damaged", "a.warc.gz", NOW + minute * MINUTE)
        watch.round(NOW + minute * MINUTE)
        watch.book.clear("archive_damaged", NOW + (minute + 1) * MINUTE)
        watch.round(NOW + (minute + 1) * MINUTE)
    assert len(_outbox(config)) == 2
    watch.book.report("archive_damaged", "a.warc.gz", NOW + 55 * MINUTE)
    for minute in range(55, 70):
        watch.round(NOW + minute * MINUTE)
    assert len(_outbox(config)) == 3, "one that stays is told of when the hour is over"


def test_an_alarm_that_nobody_took_is_tried_again_at_growing_intervals(tmp_path: Path) -> None:
    config = _config(tmp_path, operator="operator@example.org", port=closed_port())
    book = Book(config.storage.database)
    alarm = Alarm(config=config, server=mail_server(config), password=None, book=book)
    book.report("database_missing", "it was there", NOW)
    tries = 0
    for minute in range(240):
        before = book.read().standing["database_missing"].tell_at
        alarm.tell(NOW + minute * MINUTE)
        tries += book.read().standing["database_missing"].tell_at != before
    assert 6 <= tries <= 10
    with postbox() as box:
        later = config.model_copy(update={"mail": config.mail.model_copy(update={"port": box.port})})
        Alarm(config=later, server=mail_server(later), password=None, book=book).tell(NOW + timedelta(hours=6))
        assert [message["Subject"] for message in box.messages] == ["policywire: the database has gone"]


def test_of_a_mail_server_that_was_unusable_the_operator_hears_when_it_is_over(tmp_path: Path) -> None:
    config = _config(tmp_path, operator="operator@example.org", port=closed_port())
    watch = _watch(config)
    for minute in range(30):
        watch.book.report("mail_unusable", "127.0.0.1:25: refused", NOW + minute * MINUTE)
        watch.round(NOW + minute * MINUTE)
    assert _outbox(config) == []
    watch.book.clear("mail_unusable", NOW + 31 * MINUTE)
    watch.round(NOW + 31 * MINUTE)
    assert _outbox(config) == ["policywire: the mail server can be used again"]


def test_without_an_operator_faults_are_only_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    watch = _watch(_config(tmp_path))
    (tmp_path / "archive").rmdir()
    for minute in range(24 * 60):
        watch.round(NOW + minute * MINUTE)
    lines = [record for record in caplog.records if record.getMessage() == FAULTS["archive_missing"].means]
    assert 5 <= len(lines) <= 12, "logged when it is found, and then at growing intervals"
    assert _outbox(watch.config) == []


def test_a_delivery_that_finds_no_mail_server_says_so_and_the_next_one_that_does_ends_it(tmp_path: Path) -> None:
    config = _config(tmp_path, port=closed_port())
    _watch(config)
    desk = JobsDesk(config=config, password=None)
    assert desk.deliver().error is None, "nothing was due, and nothing was tried"
    with closing(open_database(config.storage.database)) as db:
        enqueue(db, key="k", recipient="ana@example.org", subject="s", text="t", due_at=datetime.now(UTC))
    desk.deliver()
    (fault,) = standing_faults(config.storage.database)
    assert fault.name == "mail_unusable"
    assert str(config.mail.port) in fault.detail
    with postbox() as box:
        again = config.model_copy(update={"mail": config.mail.model_copy(update={"port": box.port})})
        later = datetime.now(UTC) + timedelta(hours=2)
        JobsDesk(config=again, password=None, now=lambda: later).deliver()
        assert standing_faults(config.storage.database) == ()
        assert len(box.messages) == 1


# -- the book ---------------------------------------------------------------------------------------------------------


def test_the_book_is_written_in_place_and_never_grows(tmp_path: Path) -> None:
    book = Book(tmp_path / "policywire.db")
    sizes, inodes = set(), set()
    for name in FAULTS:
        book.report(name, "x" * 5000, NOW)
        found = book.places[0].stat()
        sizes.add(found.st_size)
        inodes.add(found.st_ino)
    assert (sizes, len(inodes)) == ({16384}, 1)
    assert len(standing_faults(tmp_path / "policywire.db")) == len(FAULTS)


def test_a_book_that_was_torn_or_is_no_file_of_ours_is_begun_anew(tmp_path: Path) -> None:
    book = Book(tmp_path / "policywire.db")
    book.places[0].write_bytes(b'{"edition": 7, "standing": {"disk')
    assert standing_faults(tmp_path / "policywire.db") == ()
    book.report("disk_full", "full", NOW)
    assert [one.name for one in standing_faults(tmp_path / "policywire.db")] == ["disk_full"]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("precious")
    link = Book(tmp_path / "linked.db")
    link.places[0].symlink_to(elsewhere)
    link.report("disk_full", "full", NOW)
    assert elsewhere.read_text() == "precious"
    link.places[1].unlink()


def test_two_processes_report_into_one_book(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path; from jobs.book import Book\n"
        "Book(Path(sys.argv[1])).report('backup_failed', 'no room', datetime.now(UTC))"
    )
    book = Book(tmp_path / "policywire.db")
    book.report("disk_full", "full", NOW)
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "policywire.db")], check=True, cwd=Path(__file__).parents[1]
    )
    assert {one.name for one in standing_faults(tmp_path / "policywire.db")} == {"disk_full", "backup_failed"}
    book.clear("disk_full", NOW)
    assert {one.name for one in standing_faults(tmp_path / "policywire.db")} == {"backup_failed"}


def test_every_fault_that_is_looked_for_is_known_and_described() -> None:
    assert FAULTS.keys() >= LOOKED_FOR
    described = (Path(__file__).parents[1] / "docs" / "upkeep.md").read_text(encoding="utf-8")
    assert [name for name in FAULTS if f"| `{name}` |" not in described] == []

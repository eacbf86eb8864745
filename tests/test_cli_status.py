"""`policywire status`: read by people and machines, bounded, clear also where there is nothing to read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cli.status import said_span
from db import open_database
from db.issues import add_issue
from db.job_states import JobState, save
from db.outbox import enqueue
from jobs.beat import Heart, beat_file
from jobs.book import Book
from pipeline.model import Issue
from tests.demo_desk import DemoDesk, Done, set_up
from tests.watched_desk import watched_desk

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json.loads((ROOT / "docs" / "status.schema.json").read_text(encoding="utf-8"))
Policywire = Callable[..., Done]


@pytest.fixture
def desk(tmp_path: Path) -> DemoDesk:
    return set_up(tmp_path, None, rest='[schedule]\nbackup_to = "backups"\n')


@pytest.fixture
def watched(desk: DemoDesk) -> DemoDesk:
    _config, made = watched_desk(desk.folder)
    made.db.close()
    Heart(beat_file(desk.path)).begin(datetime.now(UTC))
    return desk


def asked(policywire: Policywire, desk: DemoDesk, *options: str) -> tuple[Done, dict[str, Any]]:
    done = policywire("--config", desk.config, "status", "--json", *options)
    found: dict[str, Any] = json.loads(done.out)
    jsonschema.validate(found, SCHEMA, cls=jsonschema.Draft202012Validator)
    return done, found


def keys(schema: dict[str, Any], found: dict[str, Any]) -> None:
    """Every key that is told stands in the schema, at the first two levels."""
    assert set(found) <= set(schema["properties"])


def test_a_machine_reads_keys_that_stand_in_the_schema(policywire: Policywire, watched: DemoDesk) -> None:
    done, found = asked(policywire, watched)
    assert done.status == 1
    assert set(found) == set(SCHEMA["properties"])
    assert found["scheduler"]["state"] == "alive"
    assert found["backup"]["last_ok_at"] == "2026-11-19T19:06:00Z"
    assert [job["name"] for job in found["jobs"]] == ["backup", "crawl mofcom", "deliver"]
    assert [(letter["recipient"], letter["subject"]) for letter in found["dead_letters"]] == [
        ("reader@example.org", "Mail 0")
    ]
    assert [disk["name"] for disk in found["disks"]] == ["database", "archive", "backups"]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_person_reads_it_at_one_look(policywire: Policywire, watched: DemoDesk) -> None:
    Book(watched.path).report("archive_damaged", "2 files", datetime.now(UTC))
    done = policywire("--config", watched.config, "status")
    assert done.status == 1
    for line in (
        "Scheduler: running, process ",
        "  backup               ok       last 2026-11-19T19:00:00Z, next 2026-11-20T19:00:00Z\n",
        "  deliver              failed   last never, next -, 1 failure in a row\n",
        "0 failed runs since\n",
        "Outbox: 2 due, 0 being sent, 0 sent, 1 dead letters; the oldest has been due since 2026-11-20T04:00:00Z\n",
        "  dead 1: Mail 0 (550 nobody of that name)\n",
        "  archive_damaged since ",
        "Backup: the last good one ",
        "Disks: database ",
        "  1 open issue 'crashed' of mofcom, at https://x.cn/1\n",
        "  files of the archive are missing or damaged: 2 files\n",
    ):
        assert line in done.out, line


def test_one_is_not_called_several(policywire: Policywire, watched: DemoDesk) -> None:
    for text in (policywire("--config", watched.config, "status").out,):
        for wrong in (" 1 open issues", " 1 mails", " 1 articles in", " 1 failed runs"):
            assert wrong not in text
    with watched.database() as db:
        add_issue(
            db, Issue(kind="crashed", source="mofcom", url="https://x.cn/2", detail="again"), now=datetime.now(UTC)
        )
    assert (
        "2 open issues 'crashed' of mofcom, the newest at https://x.cn/2"
        in policywire("--config", watched.config, "status").out
    )


def test_all_is_well_is_exit_status_0(policywire: Policywire, desk: DemoDesk) -> None:
    open_database(desk.path, mode="create").close()
    done, found = asked(policywire, desk)
    assert (done.status, found["needs_a_person"], found["scheduler"]["state"]) == (0, [], "off")
    text = policywire("--config", desk.config, "status")
    assert (text.status, "Scheduler: not running\n" in text.out) == (0, True)


def test_what_was_scraped_moves_no_cursor_and_makes_no_line(policywire: Policywire, watched: DemoDesk) -> None:
    hostile = "https://x.cn/\x1b[2J\x9b1m\u202e\u2028\nNeeds a person\n  nothing"
    with watched.database() as db:
        add_issue(db, Issue(kind="crashed", source="mofcom", url=hostile, detail=hostile), now=datetime.now(UTC))
        enqueue(db, key="h", recipient="a@example.org", subject=hostile, text="", due_at=datetime.now(UTC))
        db.conn.execute("UPDATE outbox SET state = 'dead', last_error = subject WHERE key = 'h'")
        save(db, JobState(name="deliver", state="failed", failures=9, detail=hostile, changed_at=""))
    text = policywire("--config", watched.config, "status").out
    assert all(line.isprintable() for line in text.split("\n"))
    assert text.count("\nNeeds a person\n") == 1
    done, found = asked(policywire, watched)
    assert all(line.isprintable() for line in done.out.split("\n"))
    assert hostile in [letter["subject"] for letter in found["dead_letters"]]


# -- without a database -----------------------------------------------------------------------------------------------


def test_without_a_database_the_scheduler_and_the_faults_are_told(policywire: Policywire, watched: DemoDesk) -> None:
    watched.path.rename(watched.folder / "aside")
    Book(watched.path).report("database_missing", f"{watched.path} was there", datetime.now(UTC))
    done = policywire("--config", watched.config, "status")
    assert (done.status, len(done.lines)) == (2, 1)
    assert "does not exist: run `policywire crawl`" in done.err
    assert "Scheduler: running, process " in done.out
    assert "  the database has gone: " in done.out
    done, found = asked(policywire, watched)
    assert (done.status, found["database"]["state"], "jobs" in found) == (2, "missing", False)


def test_a_database_that_somebody_holds_is_told_in_one_line(policywire: Policywire, watched: DemoDesk) -> None:
    with watched.database() as db:
        db.conn.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.conn.execute("BEGIN EXCLUSIVE")
        found = watched.run("status", "--json")
        db.conn.execute("ROLLBACK")
    assert (found.status, len(found.lines)) == (2, 1)
    assert "is locked by another process" in found.err
    assert json.loads(found.out)["database"]["state"] == "locked"


def test_a_writer_at_work_holds_nobody_up(policywire: Policywire, watched: DemoDesk) -> None:
    with watched.database() as db:
        db.conn.execute("BEGIN IMMEDIATE")
        db.conn.execute("DELETE FROM job_states")
        done = watched.run("status", "--json")
        db.conn.execute("ROLLBACK")
    assert done.status == 1
    assert len(json.loads(done.out)["jobs"]) == 3


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=7), "7 s"), (timedelta(seconds=300), "5 min"), (timedelta(hours=26), "26 h"),
        (timedelta(days=5), "5 days"),
    ],
)  # fmt: skip
def test_spans_are_said_as_one_would(span: timedelta, said: str) -> None:
    assert said_span(span) == said

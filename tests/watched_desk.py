"""A desk that is watched over: a filled database, jobs that stand in several ways, mail in every state, a heartbeat."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from config import Config, Schedule, Storage
from db.crawling.runs import finish_run, open_run
from db.issues import add_issue
from db.job_states import JobState, save
from db.names import utc
from db.outbox import bury, claim, enqueue
from jobs.beat import Heart, beat_file
from pipeline.model import Issue
from tests.db_samples import NOON, Desk
from tests.web_desk import filled

PASSWORD = "canary-5d1c"


def before(**ago: float) -> str:
    """So long before noon, as the database has it."""
    return utc(NOON - timedelta(**ago))


def config_in(folder: Path) -> Config:
    """A configuration of that folder."""
    storage = Storage(database=folder / "policywire.db", archive=folder / "archive", min_free_mib=16)
    return Config(storage=storage, schedule=Schedule(backup_to=folder / "backups"))


def watched_desk(folder: Path) -> tuple[Config, Desk]:
    """The desk at noon: a source crawled, a letter dead, an issue open, a crawl under way, the backup of the night."""
    config = config_in(folder)
    desk = filled(config.storage.database)
    for hours, state in ((3, "ok"), (2, "failed"), (1, "ok"), (30, "ok")):
        moment = NOON - timedelta(hours=hours)
        run = open_run(desk.db, source="mofcom", job="crawl", pid=1, now=moment)
        finish_run(desk.db, run, state=state, reason="test", now=moment)
    for number in range(3):
        enqueue(
            desk.db, key=f"k{number}", recipient="reader@example.org", subject=f"Mail {number}", text="x", due_at=NOON
        )
    (first, *_rest) = claim(desk.db, NOON, timedelta(minutes=5), 1)
    bury(desk.db, first.id, "550 nobody of that name")
    add_issue(desk.db, Issue(kind="crashed", source="mofcom", url="https://x.cn/1", detail="it broke"), now=NOON)
    for state in (
        JobState(
            name="crawl mofcom", source="mofcom", state="running", last_started_at=before(minutes=1), changed_at="",
        ),
        JobState(
            name="backup", state="ok", last_started_at=before(hours=9), last_ended_at=before(hours=8.9),
            last_ok_at=before(hours=8.9), next_at=before(hours=-15), changed_at="",
        ),
        JobState(name="deliver", state="failed", failures=1, last_ended_at=before(minutes=1), changed_at=""),
    ):  # fmt: skip
        save(desk.db, state)
    archive = config.storage.archive / "mofcom"
    archive.mkdir(parents=True)
    (archive / "mofcom-2026-11-20.warc.gz").write_bytes(b"x" * 1000)
    Heart(beat_file(config.storage.database)).begin(NOON)
    return config, desk

"""The operator hears of a source when its state changes, and of nothing twice."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any

from alerts.operator import announce_dead_letters, announce_health
from db.connection import rows
from db.crawling.runs import close_lost_runs, close_run, open_run
from db.health.evaluation import evaluate
from db.outbox import bury, claim, enqueue
from pipeline.model import CrawlReport, RunState
from tests.db_samples import NOON, Desk

OPERATOR = "operator@example.org"


def crawled(desk: Desk, state: RunState, at: datetime, source: str = "china_daily") -> None:
    run = open_run(desk.db, source=source, job="crawl", pid=1, now=at)
    report: dict[str, Any] = {
        "source": source,
        "started_at": at,
        "finished_at": at,
        "state": state,
        "reason": "finished",
    }
    close_run(desk.db, run, CrawlReport(**report))


def told(desk: Desk, at: datetime) -> list[str]:
    evaluate(desk.db, at)
    return announce_health(desk.db, OPERATOR, "http://desk.example.org", at)


def mails(desk: Desk) -> list[dict[str, Any]]:
    return list(rows(desk.db, "SELECT recipient, subject, text FROM outbox ORDER BY id"))


def test_a_source_that_is_well_from_the_beginning_is_no_news(desk: Desk) -> None:
    crawled(desk, "ok", NOON)
    assert told(desk, NOON) == []


def test_a_source_that_fails_is_told_once_and_its_recovery_once(desk: Desk) -> None:
    crawled(desk, "ok", NOON)
    told(desk, NOON)
    heard = []
    for run, state in enumerate(("failed", "failed", "failed", "ok", "ok", "ok", "ok", "ok"), start=1):
        at = NOON + timedelta(hours=8 * run)
        crawled(desk, state, at)  # type: ignore[arg-type]
        heard.append(told(desk, at))
    one, none = ["china_daily"], list[str]()
    assert heard == [none, one, none, none, none, none, one, none], "told at the second failure, over after a day"
    assert [(mail["recipient"], mail["subject"]) for mail in mails(desk)] == [
        (OPERATOR, "policywire: China Daily fails to be crawled"),
        (OPERATOR, "policywire: China Daily has recovered"),
    ]


def test_a_run_whose_process_died_counts_as_failed(desk: Desk) -> None:
    for _ in range(2):
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as crawl:
            open_run(desk.db, source="mofcom", job="crawl", pid=crawl.pid, now=NOON)
            crawl.kill()
        assert close_lost_runs(desk.db, NOON) == 1
    assert told(desk, NOON) == ["mofcom"]


def test_two_sources_are_told_apart(desk: Desk) -> None:
    for source in ("china_daily", "mofcom"):
        crawled(desk, "failed", NOON, source)
    assert told(desk, NOON) == ["china_daily", "mofcom"]
    assert len(mails(desk)) == 2


def dead(desk: Desk, *recipients: str) -> None:
    for recipient in recipients:
        enqueue(desk.db, key=recipient, recipient=recipient, subject="Pears", text="", due_at=NOON, now=NOON)
        for row in claim(desk.db, now=NOON, lease=timedelta(minutes=1), limit=9):
            bury(desk.db, row.id, "550 no such reader", token=row.lease_token)


def test_mail_that_nobody_takes_is_told_once(desk: Desk) -> None:
    dead(desk, "a@example.org", "b@example.org")
    assert announce_dead_letters(desk.db, OPERATOR, NOON)
    assert not announce_dead_letters(desk.db, OPERATOR, NOON)
    told = mails(desk)[-1]
    assert told["subject"] == "policywire: 2 mails could not be delivered"
    assert "b@example.org: Pears (550 no such reader)" in told["text"]


def test_mail_to_the_operator_that_nobody_takes_is_not_told_by_mail(desk: Desk) -> None:
    dead(desk, OPERATOR)
    assert not announce_dead_letters(desk.db, OPERATOR, NOON)

"""Crawls that are asked for on the site: one a source at once, taken by one process, ended by it or lost with it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from config import Config, Job
from db import open_database
from db.connection import row, value
from db.crawling.requests import (
    ask_for_crawl,
    close_lost_requests,
    end_request,
    last_requests,
    running_crawls,
    take_request,
)
from db.crawling.runs import finish_run, open_run
from jobs.desk import Desk as Scheduler
from jobs.requests import AskedCrawl, heed_requests
from tests.db_samples import NOON, Desk
from tests.demo_desk import wait_until

LATER = NOON + timedelta(seconds=5)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


def ask(desk: Desk, source: str = "mofcom") -> bool:
    return ask_for_crawl(desk.db, source, by="Ana", now=NOON)


def state(desk: Desk, source: str = "mofcom") -> tuple[str | None, str | None]:
    found = last_requests(desk.db)[source]
    return found["ended"], found["detail"]


def gone() -> int:
    """A process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_what_is_asked_for_is_taken_once_and_ended(desk: Desk) -> None:
    assert ask(desk)
    taken = take_request(desk.db, now=LATER)
    assert taken is not None
    assert (taken.source, take_request(desk.db, now=LATER)) == ("mofcom", None)
    end_request(desk.db, taken.id, ended="done", now=LATER)
    found = last_requests(desk.db)["mofcom"]
    assert (found["asked_by"], found["ended"], found["pid"]) == ("Ana", "done", os.getpid())
    assert ask(desk), "it may be asked for again"


def test_a_source_is_asked_for_once_at_a_time(desk: Desk) -> None:
    assert ask(desk)
    assert not ask(desk)
    assert ask(desk, "china_daily")
    assert take_request(desk.db, now=LATER) is not None
    assert not ask(desk), "while it is being crawled"


def test_nothing_is_asked_for_beside_a_crawl_that_runs(desk: Desk) -> None:
    run = open_run(desk.db, source="mofcom", job="crawl", pid=os.getpid(), now=NOON)
    assert set(running_crawls(desk.db)) == {"mofcom"}
    assert not ask(desk)
    finish_run(desk.db, run, state="ok", reason="finished", now=LATER)
    assert ask(desk)


def test_a_request_waits_for_a_crawl_that_began_meanwhile_and_others_go_first(desk: Desk) -> None:
    ask(desk)
    ask(desk, "china_daily")
    run = open_run(desk.db, source="mofcom", job="crawl", pid=os.getpid(), now=NOON)
    taken = take_request(desk.db, now=LATER)
    assert taken is not None
    assert taken.source == "china_daily"
    assert take_request(desk.db, now=LATER) is None
    finish_run(desk.db, run, state="ok", reason="finished", now=LATER)
    again = take_request(desk.db, now=LATER)
    assert again is not None
    assert again.source == "mofcom"


def test_a_run_whose_process_is_gone_keeps_nobody_waiting(desk: Desk) -> None:
    open_run(desk.db, source="mofcom", job="crawl", pid=gone(), now=NOON)
    assert ask(desk)
    assert take_request(desk.db, now=LATER) is not None


def test_a_process_with_patience_leaves_the_first_chance_to_another(desk: Desk) -> None:
    ask(desk)
    assert take_request(desk.db, now=NOON + timedelta(seconds=3), patience=timedelta(seconds=4)) is None
    assert take_request(desk.db, now=NOON + timedelta(seconds=4), patience=timedelta(seconds=4)) is not None


def test_what_a_dead_process_took_is_lost_and_can_be_asked_for_again(desk: Desk) -> None:
    ask(desk)
    assert take_request(desk.db, now=LATER) is not None
    desk.db.conn.execute("UPDATE crawl_requests SET pid = ?, process = 'another boot:1'", [gone()])
    assert ask(desk)
    assert take_request(desk.db, now=LATER) is not None
    assert value(desk.db, "SELECT ended FROM crawl_requests ORDER BY id LIMIT 1") == "lost"
    assert close_lost_requests(desk.db, now=LATER) == 0


def test_of_many_that_look_at_once_one_takes_it(desk: Desk) -> None:
    ask(desk)
    together = threading.Barrier(6)

    def look(_at: int) -> bool:
        db = open_database(desk.path)
        together.wait()
        taken = take_request(db, now=LATER)
        db.conn.close()
        return taken is not None

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(look, range(6))) == 1


# -- run by the scheduler and by the site -----------------------------------------------------------------------------


@pytest.fixture
def scheduler(desk: Desk) -> Scheduler:
    config = Config.model_validate({"storage": {"database": str(desk.path), "archive": str(desk.path.parent)}})
    return Scheduler(config=config, password=None)


def heeded(
    scheduler: Scheduler,
    crawl_of: Callable[[str], AskedCrawl | str],
    until: Callable[[], bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Heed requests until something has happened."""
    monkeypatch.setattr("jobs.requests.REQUESTS_EVERY", 0.01)
    thread = threading.Thread(target=heed_requests, args=(scheduler, crawl_of), kwargs={"patience": timedelta(0)})
    thread.start()
    try:
        wait_until(until)
    finally:
        scheduler.stop.set()
        thread.join()


def job(timeout: timedelta) -> Job:
    return Job(source="mofcom", every=timedelta(hours=1), timeout=timeout)


def command(code: str) -> AskedCrawl:
    return AskedCrawl(command=[sys.executable, "-c", code], job=job(timedelta(seconds=30)))


@pytest.mark.parametrize(
    ("crawl", "wanted"),
    [
        (command("raise SystemExit(0)"), ("done", None)),
        (command("raise SystemExit(1)"), ("done", None)),
        (command("raise SystemExit(2)"), ("refused", "it could not begin; the log says why")),
        ("the source is disabled in the configuration", ("refused", "the source is disabled in the configuration")),
        (
            AskedCrawl(command=["/nowhere/policywire"], job=job(timedelta(seconds=30))),
            ("lost", "it could not be started; the log says why"),
        ),
    ],
    ids=["well", "with troubles", "not begun", "disabled", "no such program"],
)
def test_a_request_says_how_its_crawl_ended(
    desk: Desk, scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch, crawl: AskedCrawl | str, wanted: tuple[str, str]
) -> None:
    ask(desk)
    heeded(scheduler, lambda _source: crawl, lambda: state(desk)[0] is not None, monkeypatch)
    assert state(desk) == wanted


def test_a_crawl_that_takes_too_long_is_stopped_and_says_so(
    desk: Desk, scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(desk)
    slow = AskedCrawl(
        command=[sys.executable, "-c", "import threading; threading.Event().wait()"], job=job(timedelta(seconds=0.1))
    )
    heeded(scheduler, lambda _source: slow, lambda: state(desk)[0] is not None, monkeypatch)
    assert state(desk) == ("timeout", None)


def test_a_crawl_ends_with_the_program_that_runs_it(
    desk: Desk, scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ask(desk)
    begun = tmp_path / "begun"
    code = f"import pathlib, threading; pathlib.Path({str(begun)!r}).touch(); threading.Event().wait()"
    heeded(scheduler, lambda _source: command(code), begun.exists, monkeypatch)
    assert state(desk) == ("stopped", None)


def test_two_sources_are_crawled_side_by_side(
    desk: Desk, scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ask(desk)
    ask(desk, "china_daily")

    def meets(source: str) -> AskedCrawl:
        other = "mofcom" if source == "china_daily" else "china_daily"
        return command(
            f"import pathlib, time; here = pathlib.Path({str(tmp_path)!r}); (here / {source!r}).touch()\n"
            f"while not (here / {other!r}).exists(): time.sleep(0.01)"
        )

    heeded(scheduler, meets, lambda: state(desk)[0] == state(desk, "china_daily")[0] == "done", monkeypatch)
    assert row(desk.db, "SELECT count(*) AS n FROM crawl_requests WHERE ended = 'done'") == {"n": 2}

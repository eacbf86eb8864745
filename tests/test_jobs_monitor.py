"""/healthz, /readyz and /metrics: answered over a real socket beside the scheduler, which nothing there can end."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from config import Config
from db.job_states import JobState, save
from jobs import monitor as monitoring
from jobs.beat import Heart, beat_file
from jobs.metrics import Archived, Build, DeskCollector, registry_of
from jobs.monitor import Busy, Kept, Monitor, listen, monitor_app
from jobs.report import Report, read_report
from tests.db_samples import NOON, Desk
from tests.watched_desk import before, watched_desk


class Passed:
    """Time that passes when the test says so."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watched(tmp_path: Path) -> tuple[Config, Desk]:
    return watched_desk(tmp_path)


@pytest.fixture
def passed() -> Passed:
    return Passed()


@pytest.fixture
def home(watched: tuple[Config, Desk], passed: Passed) -> Iterator[str]:
    config, _desk = watched
    heart = Heart(beat_file(config.storage.database), monotonic=passed)
    heart.begin(NOON)
    look = Kept(lambda: read_report(config, NOON), 5, clock=passed)
    collector = DeskCollector(look.get, lambda: Archived(files=1, size=2), Build(version="1", extractor_version="2"))
    app = monitor_app(look=look.get, heart=heart, registry=registry_of(collector), ready=lambda: passed.seconds > 1000)
    with served(app) as there:
        yield there


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    bound = listen("127.0.0.1:0")
    port = bound.getsockname()[1]
    server = Monitor(app, bound)
    server.begin()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.end()
    with pytest.raises(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
        pass


def test_a_scheduler_that_is_well_says_so(home: str) -> None:
    answer = httpx.get(f"{home}/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_it_is_ready_once_its_loop_has_begun(home: str, passed: Passed) -> None:
    assert httpx.get(f"{home}/readyz").status_code == 503
    passed.seconds += 1
    assert httpx.get(f"{home}/readyz").json() == {"ready": True}


def test_a_loop_that_stands_still_and_a_job_that_is_stuck_are_reasons(
    home: str, passed: Passed, watched: tuple[Config, Desk]
) -> None:
    save(watched[1].db, JobState(name="deliver", state="stuck", last_started_at=before(hours=1), changed_at=""))
    passed.seconds += 120
    answer = httpx.get(f"{home}/healthz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failing",
        "reasons": [
            {"reason": "scheduler_stuck", "detail": "the scheduler's loop has stood still for 120 s"},
            {
                "reason": "job_stuck",
                "detail": "job deliver has been running since 2026-11-20T03:00:00Z, longer than it may",
            },
        ],
    }


def test_a_database_that_cannot_be_read_is_a_reason_and_the_metrics_go_on(
    home: str, passed: Passed, watched: tuple[Config, Desk]
) -> None:
    config, desk = watched
    desk.db.close()
    config.storage.database.rename(config.storage.database.with_name("aside"))
    answer = httpx.get(f"{home}/healthz")
    assert [one["reason"] for one in answer.json()["reasons"]] == ["database_missing"]
    text = httpx.get(f"{home}/metrics").text
    assert "policywire_database_readable 0.0" in text


def test_a_monitor_that_asks_for_it_gets_openmetrics(home: str) -> None:
    usual = httpx.get(f"{home}/metrics")
    assert usual.headers["content-type"].startswith("text/plain; version=0.0.4")
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    modern = httpx.get(f"{home}/metrics", headers=accept)
    assert modern.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert modern.text.endswith("# EOF\n")


@pytest.mark.parametrize("host", ["evil.example.org", "127.0.0.1.evil.example.org", ""])
def test_a_foreign_name_that_leads_here_is_not_answered(home: str, host: str) -> None:
    assert httpx.get(f"{home}/metrics", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "localhost:9350", "[::1]:9350"])
def test_this_machine_is_answered_by_any_of_its_names(home: str, host: str) -> None:
    assert httpx.get(f"{home}/healthz", headers={"Host": host}).status_code == 200


def test_nothing_else_is_there_and_nothing_can_be_sent(home: str) -> None:
    assert httpx.get(f"{home}/").status_code == 404
    assert httpx.post(f"{home}/metrics", content=b"x").status_code == 405


def test_questions_within_seconds_are_answered_from_one_report(watched: tuple[Config, Desk], passed: Passed) -> None:
    made: list[int] = []
    kept = Kept(lambda: made.append(1), 5, clock=passed)
    for _ in range(3):
        kept.get()
    assert len(made) == 1
    passed.seconds += 5
    kept.get()
    assert len(made) == 2


def test_who_comes_while_a_report_is_stuck_is_told_so_and_not_held_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitoring, "_PATIENCE", 0.05)
    began, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        began.set()
        go_on.wait(10)

    kept = Kept(slow, 5)
    first = threading.Thread(target=kept.get)
    first.start()
    began.wait(10)
    with pytest.raises(Busy):
        kept.get()

    def busy() -> Report:
        raise Busy

    app = monitor_app(look=busy, heart=Heart(Path("/nowhere")), registry=CollectorRegistry(), ready=lambda: True)
    with served(app) as there:
        assert httpx.get(f"{there}/healthz").json()["reasons"][0]["reason"] == "busy"
    go_on.set()
    first.join()


def test_a_mistake_of_ours_ends_neither_the_server_nor_anybody_else(caplog: pytest.LogCaptureFixture) -> None:
    def broken(request: Request) -> Response:
        raise ValueError("ours")

    with served(Starlette(routes=[Route("/", broken)])) as there:
        assert [httpx.get(there).status_code for _ in range(3)] == [500] * 3


def test_a_server_that_ends_by_itself_is_logged_and_ends_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    bound = listen("127.0.0.1:0")
    bound.close()
    server = Monitor(Starlette(), bound)
    server.begin()
    server.end()
    assert "monitoring has ended" in caplog.text


def test_those_who_say_nothing_keep_nobody_else_from_an_answer(home: str) -> None:
    port = int(home.rpartition(":")[2])
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(15)]
    assert httpx.get(f"{home}/healthz").status_code == 200
    for one in silent:
        one.close()
    assert timedelta(seconds=monitoring.KEPT) < timedelta(minutes=1)

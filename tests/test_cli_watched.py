"""`policywire run` as those see it who watch over it: systemd, a monitor, a dead-man's switch, a shell."""

from __future__ import annotations

import json
import os
import signal
import socket
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from jobs.beat import beat_file, read_scheduler
from tests.demo_desk import DemoDesk, wait_until
from tests.ping_loopback import switch

SECRET, PASSWORD = "canary-ping-71c3", "canary-mail-71c3"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


@pytest.fixture
def quiet(crawled: DemoDesk) -> DemoDesk:
    """A desk whose sources were all crawled just now, and that mails nobody."""
    with crawled.database() as db:
        db.conn.execute("UPDATE runs SET started_at = ?", [f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"])
        db.conn.execute("UPDATE outbox SET state = 'sent'")
    return crawled


def add(desk: DemoDesk, text: str) -> None:
    with desk.config.open("a", encoding="utf-8") as file:
        file.write(text)


def test_the_scheduler_is_watched_from_its_start_to_its_end(quiet: DemoDesk, tmp_path: Path) -> None:
    port = free_port()
    add(quiet, f'\n[monitoring]\nlisten = "127.0.0.1:{port}"\nping_every = "1s"\n[logging]\nlevel = "debug"\n')
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd, switch() as there:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        child = quiet.start(
            "run",
            NOTIFY_SOCKET=str(tmp_path / "notify"),
            POLICYWIRE_PING_URL=f"http://127.0.0.1:{there.port}/{SECRET}",
            POLICYWIRE_SMTP_PASSWORD=PASSWORD,
        )
        try:
            assert systemd.recv(200).startswith(b"READY=1")
            assert systemd.recv(200) == b"WATCHDOG=1"
            assert read_scheduler(beat_file(quiet.path), datetime.now(UTC)).state == "alive"
            home = f"http://127.0.0.1:{port}"
            assert httpx.get(f"{home}/healthz").json() == {"status": "ok"}
            assert httpx.get(f"{home}/readyz").json() == {"ready": True}
            metrics = {
                family.name: family for family in text_string_to_metric_families(httpx.get(f"{home}/metrics").text)
            }
            assert metrics["policywire_articles_stored"].samples[0].value > 200
            wait_until(lambda: len(there.heard) > 2)
            second = quiet.run("run")
            assert (second.status, len(second.lines)) == (2, 1)
            child.send_signal(signal.SIGTERM)
            assert child.wait(30) == 0
            said = systemd.recv(200)
            while said == b"WATCHDOG=1":
                said = systemd.recv(200)
            assert said == b"STOPPING=1"
        finally:
            child.kill()
            child.wait()
    assert there.paths[0] == f"/{SECRET}/start"
    needed = json.loads(quiet.run("status", "--json").out)["needs_a_person"]
    assert there.heard[1] == ((f"/{SECRET}/fail", "\n".join(needed)) if needed else (f"/{SECRET}", "all is well"))
    assert read_scheduler(beat_file(quiet.path), datetime.now(UTC)).state == "off"
    assert "Traceback" not in quiet.log
    kept = b"".join(file.read_bytes() for file in quiet.folder.rglob("*") if file.is_file())
    assert SECRET.encode() not in kept, "neither log nor database know the address"
    assert PASSWORD.encode() not in kept


def test_a_scheduler_that_was_killed_is_missed(quiet: DemoDesk) -> None:
    child = quiet.start("run")
    try:
        wait_until(lambda: read_scheduler(beat_file(quiet.path), datetime.now(UTC)).state == "alive", 60)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    done = quiet.run("status")
    assert done.status == 1
    assert (
        f"the scheduler has died without a word: start `policywire run`, its log says why it ended (process {child.pid}"
        in done.out
    )


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"POLICYWIRE_PING_URL": f"http://hc.example.org/{SECRET}"}, "POLICYWIRE_PING_URL must be an https address"),
        ({"POLICYWIRE_PING_URL_MOFCOM": f"{SECRET}?"}, "POLICYWIRE_PING_URL_MOFCOM must be an address such as"),
        ({"POLICYWIRE_PING_URL_FILE": "/nowhere/url"}, "POLICYWIRE_PING_URL_FILE: cannot read /nowhere/url"),
    ],
)
def test_an_address_that_cannot_be_pinged_is_told_at_the_start(
    quiet: DemoDesk, environment: dict[str, str], said: str
) -> None:
    done = quiet.run("run", **environment)
    assert (done.status, len(done.lines)) == (2, 1)
    assert said in done.err
    assert SECRET not in done.err


def test_a_port_that_is_taken_is_told_at_the_start(quiet: DemoDesk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        add(quiet, f'\n[monitoring]\nlisten = "127.0.0.1:{taken.getsockname()[1]}"\n')
        done = quiet.run("run")
    assert (done.status, len(done.lines)) == (2, 1)
    assert "monitoring.listen: 127.0.0.1:" in done.err
    assert "cannot be listened on (Address already in use); give another" in done.err

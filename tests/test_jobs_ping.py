"""The dead-man's switch: pinged by a thread that holds nobody up, tried again, never told to a log."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

import logs
from config import ConfigError, Secrets, source_ping_address
from jobs.ping import SCHEDULER, Pinger, address_fault
from tests.demo_desk import wait_until
from tests.ping_loopback import Switch, switch

SECRET = "canary-0b7e"


@pytest.fixture(autouse=True)
def _nothing_hidden_before(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(logs, "_SECRETS", [])
    caplog.set_level(logging.DEBUG)


@contextmanager
def pinging(there: Switch, *, scheme: str = "http", waits: tuple[float, ...] = ()) -> Iterator[Pinger]:
    """A pinger of two checks at `there`; it has sent everything when the block ends."""
    home = f"{scheme}://127.0.0.1:{there.port}"
    pinger = Pinger(addresses={SCHEDULER: f"{home}/{SECRET}", "mofcom": f"{home}/{SECRET}-mofcom/"}, waits=waits)
    thread = pinger.begin()
    assert thread is not None
    try:
        yield pinger
    finally:
        pinger.stop.set()
        thread.join()


def test_start_success_and_failure_are_told_apart_by_their_addresses() -> None:
    with switch() as there, pinging(there) as pinger:
        pinger.say(SCHEDULER, "start")
        pinger.say(SCHEDULER, "success", ["all is well"])
        pinger.say(SCHEDULER, "fail", ["source mofcom is silent", "2 mails could not be delivered"])
        pinger.say("mofcom", "success")
        wait_until(lambda: len(there.heard) == 4)
    assert there.heard == [
        (f"/{SECRET}/start", ""),
        (f"/{SECRET}", "all is well"),
        (f"/{SECRET}/fail", "source mofcom is silent\n2 mails could not be delivered"),
        (f"/{SECRET}-mofcom", ""),
    ]


def test_a_source_without_a_switch_is_not_pinged() -> None:
    with switch() as there, pinging(there) as pinger:
        pinger.say("china_daily", "fail")
        pinger.say(SCHEDULER, "success")
        wait_until(lambda: there.heard != [])
    assert there.paths == [f"/{SECRET}"]
    assert Pinger().begin() is None


def test_a_switch_that_is_busy_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    with switch(answers=[503, 429]) as there, pinging(there, waits=(0.01, 0.01)) as pinger:
        pinger.say(SCHEDULER, "success")
        wait_until(lambda: len(there.heard) == 3)
    assert "not heard" not in caplog.text


def test_it_is_logged_once_that_nobody_hears_and_once_that_somebody_does_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with switch(answers=[404, 404, 404]) as there, pinging(there, waits=(0.01,)) as pinger:
        for _ in range(5):
            pinger.say(SCHEDULER, "success")
        wait_until(lambda: len(there.heard) == 5)
        wait_until(lambda: "heard again" in caplog.text)
    told = [record for record in caplog.records if record.name == "jobs.ping"]
    assert [(record.levelname, record.getMessage()) for record in told] == [
        ("WARNING", "ping is not heard"),
        ("INFO", "ping is heard again"),
    ]
    assert vars(told[0])["why"] == "answer 404"


def test_a_redirect_takes_the_secret_to_no_other_host(caplog: pytest.LogCaptureFixture) -> None:
    with switch() as elsewhere, switch(answers=[302]) as there, pinging(there) as pinger:
        there.leads_to = f"http://127.0.0.1:{elsewhere.port}/{SECRET}"
        pinger.say(SCHEDULER, "success")
        wait_until(lambda: "not heard" in caplog.text)
    assert (len(there.heard), elsewhere.heard) == (1, [])


def test_a_certificate_is_verified(caplog: pytest.LogCaptureFixture) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with switch(tls=context) as there, pinging(there, scheme="https") as pinger:
        pinger.say(SCHEDULER, "success")
        wait_until(lambda: "not heard" in caplog.text)
    assert there.heard == []


def test_a_switch_that_does_not_answer_holds_nobody_up(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.ping.TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pinging(Switch(port=silent.getsockname()[1])) as pinger:
            for _ in range(200):
                pinger.say(SCHEDULER, "success")
            assert threading.current_thread().is_alive()
            wait_until(lambda: "not heard" in caplog.text)
        assert caplog.text.count("not heard") == 1


def test_the_address_is_in_no_log_line_and_no_repr(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    for form in ("text", "json"):
        with switch(answers=[500]) as there, pinging(there) as pinger:
            handler = logging.StreamHandler()
            handler.setFormatter(logs._Lines(form, for_journal=False))
            logging.root.addHandler(handler)
            pinger.say(SCHEDULER, "success", [f"the page is http://127.0.0.1:{there.port}/{SECRET}"])
            wait_until(lambda: "heard" in caplog.text)
            logging.root.removeHandler(handler)
            assert SECRET not in repr(pinger)
            assert there.heard == [(f"/{SECRET}", "the page is [hidden]")]
        said = capfd.readouterr().err
        assert "httpx" in said, "the library does tell of its requests"
        assert SECRET not in said
        caplog.clear()


@pytest.mark.parametrize(
    "address", ["https://hc-ping.com/1-2", "http://127.0.0.1:8000/ping/1", "http://[::1]/x", "https://u:p@hc.example/1"]
)
def test_an_address_that_can_be_pinged(address: str) -> None:
    assert address_fault(address) is None


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://hc-ping.com/canary", "must be an https address"),
        ("https://hc-ping.com/canary?a=1", "without ? and #"),
        ("https://hc-ping.com/canary#a", "without ? and #"),
        ("hc-ping.com/canary", "must be an address such as"),
        ("ftp://hc-ping.com/canary", "must be an address such as"),
        ("https://hc-ping.com:canary/", "is no address"),
        ("https://hc-ping.com/can ary", "must be an address such as"),
        ("", "must be an address such as"),
    ],
)
def test_an_address_that_cannot_be_pinged_is_told_without_naming_it(address: str, said: str) -> None:
    fault = address_fault(address)
    assert fault is not None
    assert said in fault
    assert "canary" not in fault


def test_the_address_comes_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (Secrets().ping_address(), source_ping_address("mofcom")) == (None, None)
    monkeypatch.setenv("POLICYWIRE_PING_URL", f"https://hc-ping.com/{SECRET}")
    monkeypatch.setenv("POLICYWIRE_PING_URL_CHINA_DAILY", f"https://hc-ping.com/{SECRET}-c")
    secrets = Secrets()
    assert secrets.ping_address() == f"https://hc-ping.com/{SECRET}"
    assert source_ping_address("china_daily") == f"https://hc-ping.com/{SECRET}-c"
    assert SECRET not in repr(secrets)
    monkeypatch.setenv("POLICYWIRE_PING_URL", "")
    monkeypatch.setenv("POLICYWIRE_PING_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("POLICYWIRE_PING_URL_MOFCOM_FILE", str(tmp_path / "url"))
    with pytest.raises(ConfigError, match=r"POLICYWIRE_PING_URL_FILE: cannot read .*url"):
        Secrets().ping_address()
    (tmp_path / "url").write_text("https://hc-ping.com/1\n", encoding="utf-8")
    assert (Secrets().ping_address(), source_ping_address("mofcom")) == ("https://hc-ping.com/1",) * 2

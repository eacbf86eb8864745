"""A mail server that refuses, stalls, drops or babbles: each mail ends as docs/alerts.md says, and none is lost."""

from __future__ import annotations

import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from alerts.deliver import Delivery, deliver
from alerts.smtp import Server
from db.connection import row, rows
from db.mailing.outage import outage
from db.outbox import enqueue
from tests.db_samples import NOON, Desk
from tests.faulty_server import (
    Fault,
    Stage,
    babble,
    drip,
    endless_answer,
    endless_line,
    faulty_server,
    half,
    hang_up,
    many_lines,
    reset,
    stall,
    torn_tls,
)
from tests.smtp_loopback import closed_port, postbox, repeated

HOUR = timedelta(hours=1)
PATIENCE = 0.5
"""Seconds that an answer may take here; the one to a whole mail four times as long."""
UNANSWERED: tuple[Fault, ...] = (stall, half, drip, hang_up, reset, endless_line, endless_answer, babble)


def put(desk: Desk, count: int) -> None:
    for number in range(count):
        enqueue(
            desk.db, key=f"key-{number}", recipient=f"reader{number}@example.org", subject=f"No {number}",
            text="Barges get permits.\n", due_at=NOON,
        )  # fmt: skip


def server(port: int, **changes: Any) -> Server:
    values: dict[str, Any] = {"host": "127.0.0.1", "port": port, "security": "none", "timeout": PATIENCE}
    return Server(**{**values, "sender": "wire@desk.example.org", **changes})


def send(desk: Desk, to: Server, *, after: timedelta = timedelta(), insist: bool = True) -> Delivery:
    now = NOON + after
    lease, week = timedelta(minutes=5), timedelta(days=3)
    return deliver(desk.db, to, None, now=lambda: now, lease=lease, give_up_after=week, insist=insist)


def states(desk: Desk) -> list[tuple[str, int]]:
    return [(one["state"], one["attempts"]) for one in rows(desk.db, "SELECT state, attempts FROM outbox ORDER BY id")]


# -- before the first mail: nothing is wrong with the mails ------------------------------------------------------------


@pytest.mark.parametrize("stage", ["banner", "ehlo"])
@pytest.mark.parametrize("fault", UNANSWERED)
def test_a_server_that_does_not_come_to_speak_costs_no_mail_an_attempt(desk: Desk, stage: Stage, fault: Fault) -> None:
    put(desk, 3)
    with faulty_server(stage, fault) as faulty:
        # after an EHLO that goes wrong, smtplib tries HELO once more where the connection still stands
        faulty.left = 2
        done = send(desk, server(faulty.port))
        assert done == Delivery(error=done.error)
        assert done.error
        assert states(desk) == [("due", 0)] * 3
        faulty.left = 0
        assert send(desk, server(faulty.port)) == Delivery(sent=3)


@pytest.mark.parametrize("answer", ["421 too busy", "450 not now", "550 go away", "554 no service"])
def test_a_server_that_refuses_us_at_the_door_costs_no_mail_an_attempt(desk: Desk, answer: str) -> None:
    put(desk, 2)

    def refuse(session: Any, usual: str) -> bool:
        session.say(answer)
        return False

    with faulty_server("banner", refuse) as faulty:
        assert answer.split()[0] in str(send(desk, server(faulty.port)).error)
        assert states(desk) == [("due", 0)] * 2


def test_a_server_that_is_away_is_left_in_peace_for_longer_and_longer(desk: Desk) -> None:
    put(desk, 2)
    away = server(closed_port())
    assert send(desk, away).error
    first = outage(desk.db)
    assert first is not None
    assert "2026-11-20T04:00:48Z" <= first.retry_at <= "2026-11-20T04:01:00Z"
    assert send(desk, away, after=timedelta(seconds=40), insist=False).error == first.error
    assert outage(desk.db) == first, "it was not tried"
    waits = []
    at = timedelta()
    for _ in range(8):
        at += timedelta(hours=1)
        send(desk, away, after=at, insist=False)
        now = outage(desk.db)
        assert now is not None
        waits.append(now.retry_at[11:])
    assert (now.failures, now.since) == (9, "2026-11-20T04:00:00Z")
    assert "12:24:00Z" <= waits[-1] <= "12:30:00Z"
    assert states(desk) == [("due", 0)] * 2
    with postbox() as box:
        assert send(desk, server(box.port), after=at + HOUR, insist=False) == Delivery(sent=2)
    assert outage(desk.db) is None


# -- with a mail in hand -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "pipelining"),
    [*((fault, True) for fault in UNANSWERED), *((fault, False) for fault in (hang_up, reset, babble))],
)
@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
def test_a_mail_whose_answer_does_not_come_is_tried_again_and_the_others_go(
    desk: Desk, stage: Stage, fault: Fault, pipelining: bool
) -> None:
    put(desk, 3)
    with faulty_server(stage, fault, pipelining=pipelining) as faulty:
        assert send(desk, server(faulty.port)) == Delivery(sent=2, postponed=1)
        assert faulty.connections == 2
        assert states(desk) == [("due", 1), ("sent", 1), ("sent", 1)]
        assert send(desk, server(faulty.port), after=HOUR) == Delivery(sent=1)
        ids = [mail.partition(b"Message-ID: ")[2].partition(b"\r\n")[0] for mail in faulty.seen]
        assert len(set(ids)) == 3
        assert len(ids) == (4 if stage == "dot" else 3), "only a mail that went out whole is repeated"


@pytest.mark.parametrize("stage", ["banner", "ehlo", "mail", "rcpt", "data", "dot"])
def test_an_answer_of_many_lines_is_one_answer(desk: Desk, stage: Stage) -> None:
    put(desk, 2)
    with faulty_server(stage, many_lines, left=9) as faulty:
        assert send(desk, server(faulty.port)) == Delivery(sent=2)
        assert len(faulty.taken) == 2


def test_a_server_that_hangs_up_on_mail_after_mail_is_left_in_peace(desk: Desk) -> None:
    put(desk, 10)
    with faulty_server("mail", hang_up, left=99) as faulty:
        done = send(desk, server(faulty.port))
        assert (done.postponed, faulty.connections) == (2, 2)
        assert "hung up 2 times" in str(done.error)
        assert states(desk)[2:] == [("due", 0)] * 8


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "one by one"])
@pytest.mark.parametrize(
    ("where", "answer", "ends"),
    [
        *((where, answer, "due") for where in ("to_sender", "to_recipient", "to_data")
          for answer in ("450 busy", "451 later", "452 full", "421 closing")),
        *((where, answer, "dead") for where in ("to_recipient", "to_data")
          for answer in ("550 no", "552 large", "554 x")),
        ("to_sender", "552 large", "dead"),
    ],
)  # fmt: skip
def test_what_the_server_says_to_a_mail_decides_of_that_mail_alone(
    desk: Desk, where: str, answer: str, ends: str, pipelining: bool
) -> None:
    put(desk, 4)
    with postbox(pipelining=pipelining) as box:
        if where == "to_sender" and not answer.startswith("421"):
            box.to_sender = [answer]
        else:
            setattr(box, where, [answer])
        done = send(desk, server(box.port, timeout=10.0))
        assert (done.sent, done.postponed, done.buried, done.error) == (3, ends == "due", ends == "dead", None)
        assert states(desk) == [(ends, 1), *[("sent", 1)] * 3]
        told = row(desk.db, "SELECT last_error FROM outbox WHERE id = 1")
        assert told is not None
        assert answer in told["last_error"]
        assert len(box.messages) == 3
        assert all(message["Subject"] for message in box.messages), "no mail without content, to nobody or anybody"


def test_a_server_that_defers_everything_is_left_in_peace(desk: Desk) -> None:
    put(desk, 30)
    with postbox() as box:
        box.to_data = ["451 later"] * 30
        done = send(desk, server(box.port, timeout=10.0))
    assert (done.postponed, done.error) == (20, f"127.0.0.1:{box.port}: defers one mail after the other: 451 later")
    assert states(desk)[20:] == [("due", 0)] * 10


def test_a_recipient_that_is_deferred_is_not_tried_again_in_the_same_run(desk: Desk) -> None:
    for number in range(3):
        enqueue(desk.db, key=f"k{number}", recipient="full@example.org", subject="x", text="x\n", due_at=NOON)
    put(desk, 1)
    with postbox(pipelining=True) as box:
        box.to_recipient = ["452 mailbox full"]
        assert send(desk, server(box.port, timeout=10.0)) == Delivery(sent=1, postponed=1, held=2)
    assert states(desk) == [("due", 1), ("due", 0), ("due", 0), ("sent", 1)]


def test_mails_and_the_next_envelope_go_out_in_one_write(desk: Desk) -> None:
    put(desk, 5)
    with faulty_server(pipelining=True) as faulty:
        assert send(desk, server(faulty.port)) == Delivery(sent=5)
        assert faulty.connections == 1
        assert len(faulty.taken) == 5


def test_a_mail_that_is_larger_than_the_server_takes_is_never_begun(desk: Desk) -> None:
    put(desk, 1)
    enqueue(desk.db, key="large", recipient="a@example.org", subject="x", text="x\n" * 600_000, due_at=NOON)
    with faulty_server(pipelining=True) as faulty:
        assert send(desk, server(faulty.port)) == Delivery(sent=1, buried=1)
        assert len(faulty.seen) == 1
    told = row(desk.db, "SELECT last_error FROM outbox WHERE id = 2")
    assert told is not None
    assert "are more than the 1,000,000 that the server takes" in told["last_error"]


# -- TLS ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def secured(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context, tmp_path / "ca.pem"


@pytest.mark.parametrize("fault", [stall, hang_up, reset, babble])
def test_a_server_that_will_not_encrypt_gets_nothing(
    desk: Desk, secured: tuple[ssl.SSLContext, Path], fault: Fault
) -> None:
    put(desk, 2)
    with faulty_server("starttls", fault, context=secured[0]) as faulty:
        done = send(desk, server(faulty.port, security="starttls", ca_file=secured[1]))
        assert done == Delivery(error=done.error)
        assert done.error
        assert faulty.seen == []
    assert states(desk) == [("due", 0)] * 2


@pytest.mark.parametrize("stage", ["mail", "data", "dot"])
@pytest.mark.parametrize("fault", [torn_tls, hang_up, reset, stall])
def test_tls_that_breaks_in_a_session_is_a_lost_connection(
    desk: Desk, secured: tuple[ssl.SSLContext, Path], stage: Stage, fault: Fault
) -> None:
    put(desk, 3)
    with faulty_server(stage, fault, context=secured[0]) as faulty:
        to = server(faulty.port, security="starttls", ca_file=secured[1], timeout=1.0)
        assert send(desk, to) == Delivery(sent=2, postponed=1)
        assert send(desk, to, after=HOUR) == Delivery(sent=1)


def test_what_comes_before_the_handshake_is_not_believed(desk: Desk, secured: tuple[ssl.SSLContext, Path]) -> None:
    def injected(session: Any, usual: str) -> bool:
        session.socket.sendall(b"220 go ahead\r\n250-evil\r\n250 PIPELINING\r\n")
        return True

    put(desk, 1)
    with faulty_server("starttls", injected, context=secured[0]) as faulty:
        to = server(faulty.port, security="starttls", ca_file=secured[1], timeout=2.0)
        assert send(desk, to).sent in (0, 1)
        assert faulty.seen == faulty.taken


def test_the_repeat_of_a_dropped_mail_is_known_by_its_message_id(desk: Desk) -> None:
    put(desk, 3)
    with postbox(pipelining=True) as box:
        box.to_data = ["250 OK", "drop"]
        assert send(desk, server(box.port, timeout=10.0)) == Delivery(sent=2, postponed=1)
        assert send(desk, server(box.port, timeout=10.0), after=HOUR) == Delivery(sent=1)
    assert (len(box.ids), len(repeated(box.ids)), len(set(box.ids))) == (4, 1, 3)

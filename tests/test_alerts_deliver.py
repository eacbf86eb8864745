"""The outbox goes out by SMTP, at least once, whatever the server does; the password is told to nobody else."""

from __future__ import annotations

import base64
import logging
import traceback
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
import trustme

from alerts.deliver import Delivery, deliver
from alerts.envelope import compose_mail
from alerts.probe import send_probe
from alerts.smtp import Server, ServerUnusable
from config import Config
from db.connection import rows
from db.outbox import claim, enqueue
from db.status import read_status
from jobs.desk import Desk as Scheduled
from tests.db_samples import NOON, Desk
from tests.smtp_loopback import DROP, PASSWORD, USER, Postbox, closed_port, postbox, repeated

LEASE = timedelta(minutes=5)
PATIENCE = timedelta(days=3)


def server(port: int, **changes: Any) -> Server:
    values: dict[str, Any] = {"host": "127.0.0.1", "port": port, "security": "none", "timeout": 10.0}
    return Server(**{**values, "sender": "policywire <wire@desk.example.org>", **changes})


def put(desk: Desk, count: int = 1, **changes: Any) -> None:
    for number in range(count):
        values: dict[str, Any] = {"key": f"key-{number}", "recipient": "reader@example.org", "subject": f"No {number}"}
        values |= {"text": "Barges get permits.\n", "html": "<p>Barges get permits.</p>", "due_at": NOON, **changes}
        enqueue(desk.db, now=NOON, **values)


def send(desk: Desk, to: Server, *, after: timedelta = timedelta(), password: str | None = None) -> Delivery:
    now = NOON + after
    return deliver(desk.db, to, password, now=lambda: now, lease=LEASE, give_up_after=PATIENCE)


def states(desk: Desk) -> list[str]:
    return [found["state"] for found in rows(desk.db, "SELECT state FROM outbox ORDER BY id")]


def errors(desk: Desk) -> list[str]:
    return [found["last_error"] for found in rows(desk.db, "SELECT last_error FROM outbox ORDER BY id")]


def untouched(desk: Desk) -> bool:
    """Whether all mail is as if nobody had tried."""
    found = list(rows(desk.db, "SELECT state, attempts, due_at, next_attempt_at, last_error FROM outbox"))
    at = "2026-11-20T04:00:00Z"
    clean = {"state": "due", "attempts": 0, "due_at": at, "next_attempt_at": at, "last_error": None}
    return bool(found) and all(one == clean for one in found)


def test_what_is_due_goes_out_over_one_connection(desk: Desk, box: Postbox) -> None:
    put(desk, 120)
    assert send(desk, server(box.port)) == Delivery(sent=120)
    assert (len(box.messages), box.connections) == (120, 1)
    assert set(states(desk)) == {"sent"}
    assert send(desk, server(box.port)) == Delivery()


def test_a_mail_says_who_it_is_from_and_that_no_person_wrote_it(desk: Desk, box: Postbox) -> None:
    put(desk, rule="出口 controls", headers={"X-Desk": "freight"})
    send(desk, server(box.port, reply_to="people@desk.example.org"))
    message = box.messages[0]
    assert box.envelopes == [("wire@desk.example.org", ("reader@example.org",))]
    assert message["Reply-To"] == "people@desk.example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Desk"] == "freight"
    assert message["X-Policywire-Rule"] == "出口 controls"
    assert message["Message-ID"].endswith("@desk.example.org>")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_what_is_not_due_waits(desk: Desk, box: Postbox) -> None:
    put(desk, due_at=NOON + timedelta(hours=1))
    assert send(desk, server(box.port)) == Delivery()
    assert send(desk, server(box.port), after=timedelta(hours=1)) == Delivery(sent=1)


def test_a_mail_refused_for_good_is_buried_and_the_next_one_goes(desk: Desk, box: Postbox) -> None:
    put(desk, 2)
    box.to_recipient = ["550 no such reader"]
    assert send(desk, server(box.port)) == Delivery(sent=1, buried=1)
    assert states(desk) == ["dead", "sent"]
    assert errors(desk)[0] == "550 no such reader"


@pytest.mark.parametrize("answer", ["451 come back later", "452 mailbox full"])
def test_a_mail_refused_for_now_is_tried_again_later_and_later(desk: Desk, box: Postbox, answer: str) -> None:
    put(desk)
    box.to_data = [answer, answer, answer]
    waits = []
    at = timedelta()
    for _ in range(3):
        assert send(desk, server(box.port), after=at) == Delivery(postponed=1)
        due = next(rows(desk.db, "SELECT next_attempt_at FROM outbox"))["next_attempt_at"]
        assert send(desk, server(box.port), after=at) == Delivery(), "not before its time"
        waits.append(due)
        at += timedelta(hours=1)
    assert waits == sorted(waits)
    assert send(desk, server(box.port), after=at) == Delivery(sent=1)


def test_a_mail_nobody_takes_is_given_up_in_the_end(desk: Desk, box: Postbox) -> None:
    put(desk)
    box.to_data = ["451 no"] * 2
    send(desk, server(box.port))
    assert send(desk, server(box.port), after=PATIENCE) == Delivery(buried=1)
    assert errors(desk) == ["given up after 2 attempts: 451 no"]


def test_a_server_that_hangs_up_after_the_data_gets_the_same_mail_under_the_same_name(desk: Desk, box: Postbox) -> None:
    put(desk, 3)
    box.to_data = ["250 OK", DROP]
    assert send(desk, server(box.port)) == Delivery(sent=2, postponed=1)
    assert send(desk, server(box.port), after=timedelta(hours=1)) == Delivery(sent=1)
    assert len(box.ids) == 4
    assert len(repeated(box.ids)) == 1
    assert len(set(box.ids)) == 3


@pytest.mark.parametrize("where", ["to_recipient", "to_data", "to_sender"])
def test_a_server_that_is_closing_keeps_nobody_from_sending_the_rest(desk: Desk, box: Postbox, where: str) -> None:
    put(desk, 3)
    setattr(box, where, ["421 closing"])
    assert send(desk, server(box.port)) == Delivery(sent=2, postponed=1)
    assert "421" in errors(desk)[0]
    assert send(desk, server(box.port), after=timedelta(hours=1)) == Delivery(sent=1)


def test_a_server_that_does_not_know_our_address_costs_no_mail(desk: Desk, box: Postbox) -> None:
    put(desk, 3)
    box.to_sender = ["530 5.7.0 who are you"]
    done = send(desk, server(box.port))
    assert (done.sent, done.postponed, done.buried) == (0, 0, 0)
    assert "530" in str(done.error)
    assert untouched(desk)
    assert send(desk, server(box.port)) == Delivery(sent=3)


def test_a_mail_that_is_too_large_is_buried_alone(desk: Desk, box: Postbox) -> None:
    put(desk, 2)
    box.to_sender = ["552 too large"]
    assert send(desk, server(box.port)) == Delivery(sent=1, buried=1)


def test_nobody_listening_costs_no_mail(desk: Desk) -> None:
    put(desk, 2)
    done = send(desk, server(closed_port()))
    assert done == Delivery(error=done.error)
    assert "refused" in str(done.error)
    assert untouched(desk)


@pytest.mark.parametrize(
    "changes",
    [{"recipient": "läser@example.org"}, {"headers": {"Message-ID": "<twice@x>"}}],
    ids=["address", "header"],
)
def test_a_mail_that_cannot_be_written_blocks_no_other(desk: Desk, box: Postbox, changes: dict[str, Any]) -> None:
    put(desk, 1, **changes)
    put(desk, 1, key="good")
    assert send(desk, server(box.port)) == Delivery(sent=1, buried=1)
    assert states(desk) == ["dead", "sent"]


def test_a_claim_of_a_dead_sender_is_free_when_its_lease_is_over(desk: Desk, box: Postbox) -> None:
    put(desk)
    assert len(claim(desk.db, now=NOON, lease=LEASE, limit=9)) == 1
    assert send(desk, server(box.port)) == Delivery()
    assert send(desk, server(box.port), after=LEASE) == Delivery(sent=1)


def test_a_sender_that_is_told_to_stop_gives_back_what_it_has_not_sent(desk: Desk, box: Postbox) -> None:
    put(desk, 5)
    done = deliver(
        desk.db,
        server(box.port),
        None,
        now=lambda: NOON,
        lease=LEASE,
        give_up_after=PATIENCE,
        stopping=lambda: len(box.messages) >= 2,
    )
    assert done == Delivery(sent=2)
    assert send(desk, server(box.port)) == Delivery(sent=3), "at once, without waiting for a lease to run out"


def test_a_slow_sender_leaves_to_another_what_it_could_not_send_in_time(
    desk: Desk, box: Postbox, tmp_path: Path
) -> None:
    put(desk, 5)
    other = Desk(tmp_path / "policywire.db")
    clock = [NOON]

    def now() -> datetime:
        if len(box.messages) == 2 and clock[0] == NOON:
            clock[0] = NOON + LEASE
            # two were taken and are not noted yet: the other, to whom the lease has passed, repeats them
            assert send(other, server(box.port), after=LEASE) == Delivery(sent=5)
        return clock[0]

    done = deliver(desk.db, server(box.port), None, now=now, lease=LEASE, give_up_after=PATIENCE)
    other.db.close()
    assert done == Delivery(sent=2)
    assert len(set(box.ids)) == 5
    assert repeated(box.ids) == set(box.ids[:2])


def test_what_a_page_put_into_a_subject_cannot_make_headers(desk: Desk, box: Postbox) -> None:
    put(desk, subject="Tariffs\r\nBcc: all@example.org\x00 \u202eevil\u2028end", text="a\x00b\n", html=None)
    assert send(desk, server(box.port)) == Delivery(sent=1)
    message = box.messages[0]
    assert message["Subject"] == "Tariffs Bcc: all@example.org evil end"
    assert message["Bcc"] is None
    assert message.get_content().splitlines() == ["ab"]


# -- login and TLS -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def certificate(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def test_a_login_goes_over_a_connection_whose_certificate_is_verified(
    desk: Desk, authority: trustme.CA, certificate: Path
) -> None:
    put(desk)
    with postbox(login=True, authority=authority) as box:
        to = server(box.port, security="starttls", username=USER, ca_file=certificate)
        assert send(desk, to, password=PASSWORD) == Delivery(sent=1)
    assert len(box.messages) == 1


def test_a_server_that_speaks_tls_from_the_first_byte(desk: Desk, authority: trustme.CA, certificate: Path) -> None:
    put(desk)
    with postbox(authority=authority, wrapped=True) as box:
        assert send(desk, server(box.port, security="tls", ca_file=certificate)) == Delivery(sent=1)
        put(desk, key="again")
        assert "certificate" in str(send(desk, server(box.port, security="tls")).error).lower()
    assert len(box.messages) == 1


def test_a_server_with_an_unknown_certificate_gets_neither_mail_nor_password(
    desk: Desk, authority: trustme.CA, certificate: Path
) -> None:
    put(desk)
    with postbox(login=True, authority=trustme.CA()) as box:
        for known in (certificate, None):
            to = server(box.port, security="starttls", username=USER, ca_file=known)
            done = send(desk, to, password=PASSWORD, after=timedelta(hours=1 if known else 9))
            assert "certificate" in str(done.error).lower()
            assert done == Delivery(error=done.error)
            assert untouched(desk)
    assert box.messages == []


def test_a_server_without_tls_is_not_sent_to_where_tls_is_wanted(desk: Desk, box: Postbox) -> None:
    put(desk)
    assert "STARTTLS" in str(send(desk, server(box.port, security="starttls")).error)
    assert box.messages == []


def test_the_password_is_told_to_nobody_but_the_server(
    desk: Desk, authority: trustme.CA, certificate: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(desk)
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.CRITICAL, logger="mail.log")  # the test server's own
    with postbox(login=True, authority=authority) as box:
        right = server(box.port, security="starttls", username=USER, ca_file=certificate)
        wrong = replace(right, username="nobody")
        refused = send(desk, wrong, password=PASSWORD)
        assert "535" in str(refused.error)
        status = str(read_status(desk.db, NOON))
        with pytest.raises(ServerUnusable) as told:
            send_probe(wrong, PASSWORD, "reader@example.org", NOON)
        assert send(desk, right, password=PASSWORD, after=timedelta(hours=1)) == Delivery(sent=1)
    desk.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    scheduled = Scheduled(config=Config(), password=PASSWORD)
    # the status says why the server could not be used, and was read while it could not
    seen = [caplog.text, str(refused), str(told.value), repr(right), repr(scheduled), status]
    seen += traceback.format_exception(told.value)
    seen += [path.read_bytes().decode("latin-1") for path in tmp_path.iterdir()]
    seen += [str(message) for message in box.messages]
    told_at_login = [PASSWORD.encode(), f"\0nobody\0{PASSWORD}".encode(), f"\0{USER}\0{PASSWORD}".encode()]
    secrets = [PASSWORD, *(base64.b64encode(one).decode() for one in told_at_login)]
    assert not [secret for secret in secrets for text in seen if secret in text]


def test_a_password_that_no_login_can_carry_costs_no_mail(desk: Desk, authority: trustme.CA, certificate: Path) -> None:
    put(desk)
    with postbox(login=True, authority=authority) as box:
        to = server(box.port, security="starttls", username=USER, ca_file=certificate)
        done = send(desk, to, password="p\u00e4ssword")
    assert "ASCII" in str(done.error)
    assert done == Delivery(error=done.error)
    assert untouched(desk)


def test_a_missing_certificate_file_is_named(desk: Desk, box: Postbox, tmp_path: Path) -> None:
    put(desk)
    done = send(desk, server(box.port, security="starttls", ca_file=tmp_path / "none.pem"))
    assert "none.pem" in str(done.error)


def test_a_test_mail_goes_past_the_outbox(desk: Desk, box: Postbox) -> None:
    send_probe(server(box.port), None, "reader@example.org", NOON)
    assert box.messages[0]["Subject"] == "policywire: test mail"
    assert states(desk) == []


def test_a_test_mail_that_is_refused_says_what_the_server_said(box: Postbox) -> None:
    box.to_recipient = ["550 no such reader"]
    with pytest.raises(ServerUnusable, match="no such reader"):
        send_probe(server(box.port), None, "reader@example.org", NOON)


def test_equal_rows_make_equal_mails(desk: Desk) -> None:
    put(desk)
    row = claim(desk.db, now=NOON, lease=LEASE, limit=1)[0]
    sheet = server(1).letterhead
    first, second = (message_from_bytes(compose_mail(row, sheet, NOON + timedelta(hours=n))) for n in range(2))
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] != second["Date"]

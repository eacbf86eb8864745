"""Quiet hours hold mail and nothing else: on the clock of the rule's zone, over midnight, in spring and autumn."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from alerts.deliver import Delivery, deliver
from alerts.quiet import holding, quiet_until
from alerts.rules import Rule, faults
from alerts.smtp import Server
from db.connection import rows, value
from tests.db_samples import NOON, Desk, article, usual
from tests.smtp_loopback import Postbox
from tests.watching import rule, watching

SHANGHAI = "Asia/Shanghai"
BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("hours", "zone", "now", "until"),
    [
        # 22:00 in Shanghai is 14:00 in Greenwich
        ("22:00-07:00", SHANGHAI, "2026-11-20T13:59:59Z", None),
        ("22:00-07:00", SHANGHAI, "2026-11-20T14:00:00Z", "2026-11-20T23:00:00Z"),
        ("22:00-07:00", SHANGHAI, "2026-11-20T22:59:59Z", "2026-11-20T23:00:00Z"),
        ("22:00-07:00", SHANGHAI, "2026-11-20T23:00:00Z", None),
        ("12:00-14:00", SHANGHAI, "2026-11-20T04:30:00Z", "2026-11-20T06:00:00Z"),
        ("12:00-14:00", SHANGHAI, "2026-11-20T06:00:00Z", None),
        ("00:00-23:59", SHANGHAI, "2026-11-20T15:59:30Z", None),
        # Berlin, 29 Mar 2026: 02:30 is skipped; it is over when the clock has jumped to 03:30
        ("22:00-02:30", BERLIN, "2026-03-29T01:10:00Z", "2026-03-29T01:30:00Z"),
        ("02:15-02:45", BERLIN, "2026-03-29T01:20:00Z", "2026-03-29T01:45:00Z"),
        # Berlin, 25 Oct 2026: 02:30 comes twice; it is over the first time
        ("22:00-02:30", BERLIN, "2026-10-25T00:20:00Z", "2026-10-25T00:30:00Z"),
        ("22:00-02:30", BERLIN, "2026-10-25T01:10:00Z", None),
        ("22:00-07:00", BERLIN, "2026-10-25T03:00:00Z", "2026-10-25T06:00:00Z"),
        (None, SHANGHAI, "2026-11-20T15:00:00Z", None),
        ("none", SHANGHAI, "2026-11-20T15:00:00Z", None),
    ],
)
def test_quiet_hours_are_those_of_the_readers_clock(hours: str | None, zone: str, now: str, until: str | None) -> None:
    found = quiet_until(hours, zone, datetime.fromisoformat(now))
    assert found == (datetime.fromisoformat(until) if until else None)


@pytest.mark.parametrize("hours", ["22:00", "22:00-22:00", "22-7", "24:00-07:00", "", "22:00-07:00 "])
def test_what_are_no_hours_is_said(hours: str) -> None:
    (fault,) = faults(rule(quiet=hours))
    assert (fault.field, fault.message) == ("quiet", "hours such as 22:00-07:00, or none")


NIGHT = datetime.fromisoformat("2026-11-20T23:30:00+08:00")
MORNING = datetime.fromisoformat("2026-11-21T07:00:00+08:00")


def send(desk: Desk, box: Postbox, now: datetime, default: str | None = None) -> Delivery:
    server = Server(host="127.0.0.1", port=box.port, security="none", sender="wire@desk.example.org")
    week = timedelta(days=7)
    return deliver(
        desk.db, server, None, now=lambda: now, lease=timedelta(minutes=5), give_up_after=week,
        held_until=holding(desk.db, default),
    )  # fmt: skip


def store(desk: Desk, asked: Rule, now: datetime) -> None:
    desk.store(article(), usual(), on_new=watching(desk, asked, now=lambda: now))


def test_a_match_of_the_night_is_noted_at_once_and_sent_in_the_morning(desk: Desk, box: Postbox) -> None:
    store(desk, rule(quiet="22:00-07:00"), NIGHT)
    assert value(desk.db, "SELECT count(*) FROM alert_matches WHERE outbox_id IS NOT NULL") == 1
    assert send(desk, box, NIGHT) == Delivery(held=1)
    assert send(desk, box, MORNING - timedelta(seconds=1)) == Delivery()
    (held,) = rows(desk.db, "SELECT state, attempts, due_at FROM outbox")
    assert held == {"state": "due", "attempts": 0, "due_at": "2026-11-20T23:00:00Z"}
    assert send(desk, box, MORNING) == Delivery(sent=1)
    assert len(box.messages) == 1


def test_what_was_to_be_tried_again_in_the_night_waits_too(desk: Desk, box: Postbox) -> None:
    store(desk, rule(quiet="22:00-07:00"), NIGHT - timedelta(hours=2))
    box.to_data = ["451 later"]
    assert send(desk, box, NIGHT - timedelta(hours=2)) == Delivery(postponed=1)
    assert send(desk, box, NIGHT) == Delivery(held=1)
    assert send(desk, box, MORNING) == Delivery(sent=1)


@pytest.mark.parametrize(("own", "held"), [(None, 1), ("none", 0), ("01:00-02:00", 0)])
def test_a_rule_may_have_hours_of_its_own_or_none(desk: Desk, box: Postbox, own: str | None, held: int) -> None:
    store(desk, rule(quiet=own), NIGHT)
    done = send(desk, box, NIGHT, default="22:00-07:00")
    assert (done.held, done.sent) == (held, 1 - held)


def test_mail_to_the_operator_goes_at_any_hour(desk: Desk, box: Postbox) -> None:
    from db.outbox import enqueue

    enqueue(desk.db, key="alarm", recipient="operator@example.org", subject="!", text="!\n", due_at=NOON)
    assert send(desk, box, NIGHT, default="22:00-07:00") == Delivery(sent=1)

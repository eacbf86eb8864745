"""What comes late comes together: old news, mail that has waited for too long, more than a reader takes an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts.announce import make_hook
from alerts.deliver import Delivery, Limits, deliver
from alerts.digest import send_due
from alerts.folding import fold
from alerts.lateness import Lateness
from alerts.smtp import Server
from db.connection import rows, value
from db.outbox import claim, release
from db.rules import delete_rule
from db.store import OnNew
from tests.db_samples import NOON, Desk, article, policy, statements
from tests.smtp_loopback import Postbox
from tests.watching import HERE, keep, rule

DAY = timedelta(days=1)
LATE = Lateness(stale_after=DAY, tell_within=30 * DAY)
HOUR = timedelta(hours=1)


def hook(desk: Desk, *, now: Callable[[], datetime] = lambda: NOON, **settings: Any) -> OnNew:
    keep(desk, rule(**settings))
    return make_hook(HERE, now, LATE)


NAMES = (
    "Otter",
    "Lantern",
    "Walnut",
    "Kite",
    "Saddle",
    "Violin",
    "Anchor",
    "Barley",
    "Copper",
    "Daisy",
    "Ember",
    "Fig",
)


def story(desk: Desk, number: int, on_new: OnNew, *, published: str = "2026-11-20T11:30:00+08:00") -> None:
    """One of a few stories that have nothing in common but a guideline each; fetched at noon."""
    name = NAMES[number]
    text = f"A guideline on {name.lower()}s was issued.\n\n{name}s are dear to those who keep a {name.lower()} shop."
    url = f"https://www.chinadaily.com.cn/a/202611/19/WS{number:08d}.html"
    one = article(text, url=url, title=f"{name}s", published=published)
    announced = policy(text, text.partition("\n\n")[0], title=f"guideline on {name.lower()}s")
    desk.store(one, statements(policies=[announced]), page=desk.page(url, at=NOON), on_new=on_new)


def outbox(desk: Desk) -> list[dict[str, Any]]:
    return list(rows(desk.db, "SELECT * FROM outbox ORDER BY id"))


def untold(desk: Desk) -> list[Any]:
    """Matches of which no mail tells that is sent or to be sent, and that were not dropped."""
    return [
        found["id"]
        for found in rows(
            desk.db,
            "SELECT m.id FROM alert_matches AS m LEFT JOIN outbox AS o ON o.id = m.outbox_id "
            "WHERE m.dropped IS NULL AND (o.id IS NULL OR o.state = 'dropped')",
        )
    ]


def folded(desk: Desk, now: datetime, *, hourly: int = 0) -> int:
    return fold(desk.db, now, stale_after=DAY, per_recipient_hourly=hourly, base_url=HERE)


def send(desk: Desk, box: Postbox, now: datetime, **limits: int) -> Delivery:
    server = Server(host="127.0.0.1", port=box.port, security="none", sender="wire@desk.example.org")
    return deliver(
        desk.db, server, None, now=lambda: now, lease=timedelta(minutes=5), give_up_after=3 * DAY,
        limits=Limits(**limits),
    )  # fmt: skip


# -- news that is found late -------------------------------------------------------------------------------------------


def test_what_is_found_a_week_late_is_told_in_one_mail_when_no_more_of_it_comes(desk: Desk) -> None:
    clock = [NOON]
    on_new = hook(desk, now=lambda: clock[0])
    for number in range(5):
        clock[0] = NOON + timedelta(minutes=number)
        story(desk, number, on_new, published="2026-11-13T09:00:00+08:00")
    assert outbox(desk) == []
    assert send_due(desk.db, clock[0] + timedelta(minutes=14), base_url=HERE) == 0
    assert send_due(desk.db, clock[0] + timedelta(minutes=15), base_url=HERE) == 1
    (mail,) = outbox(desk)
    assert mail["subject"].endswith("(+4 more)")
    assert "Found later than it was published" in mail["text"]
    assert untold(desk) == []


def test_a_crawl_that_finds_old_news_for_hours_is_not_waited_for(desk: Desk) -> None:
    clock = [NOON]
    on_new = hook(desk, now=lambda: clock[0])
    for number in range(10):
        clock[0] = NOON + number * timedelta(minutes=10)
        story(desk, number, on_new, published="2026-11-13T09:00:00+08:00")
        assert send_due(desk.db, clock[0], base_url=HERE) == 0
    clock[0] = NOON + 3 * HOUR
    story(desk, 10, on_new, published="2026-11-13T09:00:00+08:00")
    assert send_due(desk.db, clock[0], base_url=HERE) == 1
    assert untold(desk) == []


def test_fresh_news_beside_it_is_told_at_once(desk: Desk) -> None:
    on_new = hook(desk)
    story(desk, 0, on_new, published="2026-11-13")
    story(desk, 1, on_new)
    assert [mail["subject"] for mail in outbox(desk)] == ["MOFCOM issues guideline on lanterns"]


@pytest.mark.parametrize("frequency", ["instant", "daily", "weekly"])
def test_a_back_catalogue_is_noted_and_told_to_nobody(desk: Desk, frequency: str) -> None:
    on_new = hook(desk, frequency=frequency)
    story(desk, 0, on_new, published="2019-03-02")
    (match,) = rows(desk.db, "SELECT dropped, outbox_id FROM alert_matches")
    assert match == {"dropped": "published on 2019-03-02, found more than 30 days later", "outbox_id": None}
    assert send_due(desk.db, NOON + 9 * DAY, base_url=HERE) == 0


@pytest.mark.parametrize(
    ("published", "first_seen", "now", "verdict"),
    [
        ("2026-11-20T03:00:00Z", "2026-11-20T04:00:00Z", NOON, "fresh"),
        ("2026-11-19T04:00:00Z", "2026-11-20T04:00:00Z", NOON, "fresh"),
        ("2026-11-19T03:59:59Z", "2026-11-20T04:00:00Z", NOON, "late"),
        # of a day alone, its end counts
        ("2026-11-18", "2026-11-20T00:00:00Z", NOON, "fresh"),
        ("2026-11-17", "2026-11-20T00:00:00Z", NOON, "late"),
        ("2026-10-21T04:00:00Z", "2026-11-20T04:00:00Z", NOON, "late"),
        ("2026-10-21T03:59:59Z", "2026-11-20T04:00:00Z", NOON, "old"),
        (None, "2026-11-20T04:00:00Z", NOON, "fresh"),
        # a later version of what was found long ago is news when it comes, however old the story
        ("2019-03-02", "2026-11-20T04:00:00Z", NOON + DAY + HOUR, "fresh"),
    ],
)
def test_news_is_late_by_what_lies_between_its_publication_and_our_finding_it(
    published: str | None, first_seen: str, now: datetime, verdict: str
) -> None:
    assert LATE.judge({"published_at": published, "first_seen_at": first_seen}, now)[0] == verdict


# -- mail that has waited ----------------------------------------------------------------------------------------------


def test_mails_that_nobody_could_send_for_days_are_put_together(desk: Desk, box: Postbox) -> None:
    on_new = hook(desk)
    for number in range(6):
        story(desk, number, on_new)
    assert folded(desk, NOON + DAY) == 0
    assert folded(desk, NOON + DAY + HOUR) == 6
    *aside, together = outbox(desk)
    assert {(mail["state"], mail["folded_into"]) for mail in aside} == {("dropped", together["id"])}
    assert "6 mails put together" in together["text"]
    assert [name for name in NAMES[:6] if f"guideline on {name.lower()}s" not in together["text"]] == []
    assert value(desk.db, "SELECT count(*) FROM alert_matches WHERE outbox_id = ?", [together["id"]]) == 6
    assert folded(desk, NOON + 3 * DAY) == 0, "one mail is not put together with itself"
    assert send(desk, box, NOON + 3 * DAY) == Delivery(sent=1)


def test_each_recipient_and_each_rule_has_a_mail_of_its_own(desk: Desk) -> None:
    keep(desk, rule(name="second", to=("reader@example.org",)))
    on_new = hook(desk, to=("reader@example.org", "other@example.org"))
    for number in range(3):
        story(desk, number, on_new)
    assert folded(desk, NOON + 2 * DAY) == 9
    assert [(mail["rule"], mail["recipient"]) for mail in outbox(desk)[9:]] == [
        ("watch", "other@example.org"), ("second", "reader@example.org"), ("watch", "reader@example.org"),
    ]  # fmt: skip
    assert untold(desk) == []


def test_what_was_on_its_way_once_keeps_its_own_message_id(desk: Desk) -> None:
    on_new = hook(desk)
    for number in range(3):
        story(desk, number, on_new)
    claim(desk.db, now=NOON + HOUR, lease=timedelta(minutes=5), limit=1)
    assert folded(desk, NOON + 2 * DAY) == 2
    assert [mail["state"] for mail in outbox(desk)] == ["claimed", "dropped", "dropped", "due"]


def test_what_was_given_back_untried_is_put_together_like_the_rest(desk: Desk) -> None:
    on_new = hook(desk)
    for number in range(3):
        story(desk, number, on_new)
    release(desk.db, claim(desk.db, now=NOON + HOUR, lease=timedelta(minutes=5), limit=3))
    assert folded(desk, NOON + 2 * DAY) == 3


def test_what_a_deleted_rule_had_to_say_is_not_said_late(desk: Desk) -> None:
    on_new = hook(desk)
    for number in range(3):
        story(desk, number, on_new)
    delete_rule(desk.db, 1, by="ana", now=NOON)
    assert folded(desk, NOON + 2 * DAY) == 3
    assert value(desk.db, "SELECT count(*) FROM outbox WHERE state = 'due'") == 0
    assert value(desk.db, "SELECT count(*) FROM alert_matches WHERE dropped = 'the rule was deleted'") == 3


# -- more than a reader takes ------------------------------------------------------------------------------------------


def test_what_exceeds_a_recipients_hour_is_put_together_and_goes_in_the_next(desk: Desk, box: Postbox) -> None:
    on_new = hook(desk)
    for number in range(8):
        story(desk, number, on_new)
    assert folded(desk, NOON, hourly=3) == 5
    assert send(desk, box, NOON, per_recipient_hourly=3) == Delivery(sent=3, held=1)
    for number in range(8, 11):
        story(desk, number, on_new)
    # the mail that waits takes in what comes meanwhile
    assert folded(desk, NOON + timedelta(minutes=10), hourly=3) == 4
    assert send(desk, box, NOON + timedelta(minutes=10), per_recipient_hourly=3) == Delivery(held=1)
    assert folded(desk, NOON + HOUR, hourly=3) == 0
    assert send(desk, box, NOON + HOUR, per_recipient_hourly=3) == Delivery(sent=1)
    assert str(box.messages[-1]["Subject"]).endswith("(+7 more)")
    assert untold(desk) == []


def test_the_limit_of_an_hour_outlives_the_process(desk: Desk, box: Postbox) -> None:
    on_new = hook(desk)
    for number in range(3):
        story(desk, number, on_new)
    assert send(desk, box, NOON, per_recipient_hourly=2) == Delivery(sent=2, held=1)
    assert send(desk, box, NOON + timedelta(minutes=59), per_recipient_hourly=2) == Delivery()
    assert send(desk, box, NOON + HOUR + timedelta(seconds=1), per_recipient_hourly=2) == Delivery(sent=1)


def test_so_many_go_out_a_minute_and_the_rest_in_the_next(desk: Desk, box: Postbox) -> None:
    on_new = hook(desk, to=tuple(f"reader{n}@example.org" for n in range(5)))
    story(desk, 0, on_new)
    assert send(desk, box, NOON, per_minute=3) == Delivery(sent=3, full=True)
    assert send(desk, box, NOON + timedelta(seconds=59), per_minute=3) == Delivery(full=True)
    assert send(desk, box, NOON + timedelta(seconds=61), per_minute=3) == Delivery(sent=2)
    assert len(box.ids) == len(set(box.ids)) == 5

"""Digests: one mail a period, rule and recipient, what belongs together in one place; nothing lost, nothing twice."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from typing import Any

from alerts.digest import send_due
from alerts.rules import settings_of
from db.connection import rows, transaction, value
from db.matches import add_match
from db.review import decide
from db.rules import change_rule, delete_rule
from db.store import Stored
from tests.db_samples import NOON, TEXT, Desk, article, policy, quote, statements, usual
from tests.watching import HERE, keep, rule, watching

MORNING = datetime.fromisoformat("2026-11-21T08:00:00+08:00")
"""When a daily digest of what came on 20 November at noon is due."""
DAILY = rule(name="Morning", kinds=("announcement", "quote"), frequency="daily")


def mails(desk: Desk) -> list[dict[str, Any]]:
    return list(rows(desk.db, "SELECT * FROM outbox ORDER BY id"))


def send(desk: Desk, now: datetime) -> int:
    return send_due(desk.db, now, base_url=HERE)


NAMES = ("Otter", "Lantern", "Walnut", "Kite", "Saddle", "Violin")


def story(desk: Desk, number: int, hook: Any) -> Stored:
    """One of a few stories that have nothing in common but a guideline each."""
    name = NAMES[number]
    text = f"A guideline on {name.lower()}s was issued.\n\n{name}s are dear to those who keep a {name.lower()} shop."
    one = article(text, url=f"https://www.chinadaily.com.cn/a/202611/19/WS{number:08d}.html", title=f"{name}s")
    announced = policy(text, text.partition("\n\n")[0], title=f"guideline on {name.lower()}s")
    return desk.store(one, statements(policies=[announced]), on_new=hook)


def test_what_matched_is_sent_when_its_digest_is_due_and_not_before(desk: Desk) -> None:
    desk.store(article(), usual(), on_new=watching(desk, DAILY))
    assert mails(desk) == []
    assert send(desk, MORNING - timedelta(seconds=1)) == 0
    assert send(desk, MORNING) == 1
    (mail,) = mails(desk)
    assert mail["subject"] == "Morning: MOFCOM issues guideline on river freight"
    assert mail["text"].startswith("Morning: 1 announcement, 1 quote\n")
    assert "Daily digest, 21 Nov 2026, 08:00 Asia/Shanghai" in mail["text"]
    assert (mail["recipient"], mail["rule"], mail["due_at"]) == (
        "reader@example.org",
        "Morning",
        "2026-11-21T00:00:00Z",
    )
    assert value(desk.db, "SELECT count(*) FROM alert_matches WHERE outbox_id = ?", [mail["id"]]) == 2


def test_nothing_to_say_is_no_mail(desk: Desk) -> None:
    watching(desk, DAILY)
    assert [send(desk, MORNING + timedelta(days=day)) for day in range(3)] == [0, 0, 0]
    assert mails(desk) == []


def test_a_period_has_one_digest_however_often_it_is_looked_for(desk: Desk) -> None:
    desk.store(article(), usual(), on_new=watching(desk, DAILY))
    assert [send(desk, MORNING + timedelta(minutes=minutes)) for minutes in range(0, 1440, 90)].count(1) == 1
    assert len(mails(desk)) == 1


def test_periods_that_were_missed_are_caught_up_as_one(desk: Desk) -> None:
    clock = [NOON]
    hook = watching(desk, DAILY, now=lambda: clock[0])
    for number in range(4):
        story(desk, number, hook)
        clock[0] += timedelta(days=1)
    assert send(desk, MORNING + timedelta(days=10)) == 1
    (mail,) = mails(desk)
    assert mail["text"].startswith("Morning: 4 announcements\n")
    # a mail is tried for some days from when it is made, however long ago it was due
    late = MORNING + timedelta(days=10, hours=5)
    story(desk, 5, watching(desk, now=lambda: late))
    assert send(desk, late + timedelta(days=1)) == 1
    assert [(mail["due_at"], mail["created_at"]) for mail in mails(desk)] == [
        ("2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z"), ("2026-12-02T00:00:00Z", "2026-12-02T05:00:00Z"),
    ]  # fmt: skip


def test_what_is_still_being_stored_when_a_digest_goes_out_comes_with_the_next_one(desk: Desk) -> None:
    hook = watching(desk, DAILY, now=lambda: MORNING - timedelta(seconds=1))
    story(desk, 0, hook)
    assert send(desk, MORNING) == 1
    story(desk, 1, hook)  # its transaction had begun before the digest was due
    assert send(desk, MORNING + timedelta(minutes=1)) == 0
    assert send(desk, MORNING + timedelta(days=1)) == 1
    first, second = mails(desk)
    assert ("otters" in first["text"], "lanterns" in first["text"]) == (True, False)
    assert ("otters" in second["text"], "lanterns" in second["text"]) == (False, True)


def test_a_digest_that_is_rolled_back_is_sent_by_the_next_try(desk: Desk) -> None:
    desk.store(article(), usual(), on_new=watching(desk, DAILY))
    with contextlib.suppress(RuntimeError), transaction(desk.db):
        assert send(desk, MORNING) == 1
        raise RuntimeError("the power went")
    assert mails(desk) == []
    assert send(desk, MORNING) == 1
    assert send(desk, MORNING) == 0


def test_every_recipient_gets_a_digest_and_one_who_has_left_gets_none(desk: Desk) -> None:
    two = rule(name="Morning", frequency="daily", to=("a@example.org", "b@example.org"))
    identity = keep(desk, two)
    desk.store(article(), usual(), on_new=watching(desk))
    left = settings_of(rule(name="Morning", frequency="daily", to=("b@example.org", "c@example.org")))
    change_rule(desk.db, identity, left, by="ana", now=NOON)
    assert send(desk, MORNING) == 1
    assert [mail["recipient"] for mail in mails(desk)] == ["b@example.org"]
    assert value(desk.db, "SELECT dropped FROM alert_matches WHERE recipient = 'a@example.org'") == (
        "the recipient has left the rule"
    )


def test_a_paused_rules_matches_wait_and_a_deleted_ones_are_dropped(desk: Desk) -> None:
    identity = keep(desk, DAILY)
    desk.store(article(), usual(), on_new=watching(desk))
    settings = settings_of(DAILY)
    change_rule(desk.db, identity, {**settings, "paused": True, "resumes_on": "2026-11-25"}, by="ana", now=NOON)
    assert send(desk, MORNING) == 0
    assert send(desk, MORNING + timedelta(days=3)) == 0
    assert send(desk, MORNING + timedelta(days=4)) == 1
    story(desk, 0, watching(desk, now=lambda: MORNING + timedelta(days=4)))
    delete_rule(desk.db, identity, by="ana", now=NOON)
    assert send(desk, MORNING + timedelta(days=6)) == 0
    assert value(desk.db, "SELECT count(*) FROM alert_matches WHERE dropped = 'the rule was deleted'") == 1


def test_what_waits_when_a_rule_becomes_instant_goes_at_once(desk: Desk) -> None:
    identity = keep(desk, DAILY)
    desk.store(article(), usual(), on_new=watching(desk))
    change_rule(desk.db, identity, {**settings_of(DAILY), "frequency": "instant"}, by="ana", now=NOON)
    assert send(desk, NOON + timedelta(minutes=1)) == 1
    assert send(desk, NOON + timedelta(minutes=2)) == 0


def test_what_a_person_has_rejected_meanwhile_is_not_told(desk: Desk) -> None:
    stored = desk.store(article(), usual(), on_new=watching(desk, DAILY))
    for one in stored.new:
        decide(desk.db, one, reviewer="ana", decision="reject", reason="no quote", now=NOON)
    assert send(desk, MORNING) == 0
    assert mails(desk) == []
    assert "no longer stands" in value(desk.db, "SELECT dropped FROM alert_matches")


def test_two_stories_of_one_instrument_and_who_reacted_stand_together(desk: Desk) -> None:
    hook = watching(desk, rule(name="Morning", kinds=("announcement", "quote", "article"), frequency="daily"))
    number = "商务部公告2026年第9号"
    first = "The Ministry of Commerce put ginkgo extract under control on Nov 18.\n\nIt takes effect at once."
    second = (
        "Growers looked calmly at the control of ginkgo extract that the Ministry of Commerce announced on Nov 18.\n\n"
        '"We sell at home anyway," said Lin Qiao, chief executive of Weir & Quay Shipping Co Ltd.'
    )
    for at, text in enumerate((first, second)):
        quotes = [quote(text, "We sell at home anyway,")] if at else []
        announced = policy(
            text, text.partition("\n\n")[0], title=f"control {at}", number=number, instrument="announcement"
        )
        one = article(text, url=f"https://www.chinadaily.com.cn/a/202611/19/WSgink{at:04d}.html", title=f"Ginkgo {at}")
        desk.store(one, statements(quotes, [announced]), on_new=hook)
    story(desk, 0, hook)
    send(desk, MORNING)
    (mail,) = mails(desk)
    assert mail["text"].startswith("Morning: 3 announcements, 1 quote, 3 articles\n")
    headings = [line for line in mail["text"].splitlines() if line.startswith("== ")]
    assert sorted(headings) == ["== control 0", "== guideline on otters"]
    ginkgo = mail["text"].partition("== control 0")[2].partition("\n== ")[0]
    assert "-- Lin Qiao" in ginkgo
    assert "Ginkgo 0\n" in ginkgo
    assert "Ginkgo 1\n" in ginkgo


def test_copies_of_a_story_that_became_known_as_such_later_stand_together(desk: Desk) -> None:
    identity = keep(desk, rule(name="Morning", kinds=("article",), frequency="daily"))
    earlier = desk.store(article(published="2026-11-18T07:00:00+08:00"), usual())
    copy = desk.store(article(url="https://www.chinadaily.com.cn/a/202611/20/WSbbbb0002.html"), usual())
    assert copy.duplicate_of == earlier.article_id
    for one in (copy, earlier):
        add_match(
            desk.db, rule_id=identity, rule="Morning", kind="article", target_id=one.article_id,
            article_id=one.article_id, recipient="reader@example.org", why=("every new article",), now=NOON,
        )  # fmt: skip
    send(desk, MORNING)
    (mail,) = mails(desk)
    assert mail["text"].count("== ") == 1
    assert "China Daily, 18 Nov 2026: Barges to get easier permits (and China Daily)" in mail["text"]


def test_a_digest_of_very_much_says_how_much_more_there_is(desk: Desk) -> None:
    text = "\n\n".join(f"Notice {n} on goods of class {n} was issued." for n in range(45))
    many = [
        policy(text, line, title=f"notice {n}", number=f"No {n} of 2026") for n, line in enumerate(text.split("\n\n"))
    ]
    desk.store(article(text), statements(policies=many), on_new=watching(desk, DAILY))
    send(desk, MORNING)
    (mail,) = mails(desk)
    assert mail["text"].count("\n== ") == 30
    assert "… and 15 more: " in mail["text"]
    assert mail["subject"].endswith("(+44 more)")
    assert f"{HERE}rules/1/history" in mail["html"]


def test_hostile_words_are_inert_in_a_digest(desk: Desk) -> None:
    evil = '<script>alert("x")</script>\u202e & "Trade"'
    desk.store(
        article(title=evil),
        statements(
            [quote(TEXT, "Barges will carry twice the grain next year,", speaker=evil)],
            [policy(TEXT, TEXT.partition("\n\n")[0], title=evil)],
        ),
        on_new=watching(desk, DAILY),
    )
    send(desk, MORNING)
    (mail,) = mails(desk)
    assert "<script>" not in mail["html"]
    assert "\u202e" not in mail["subject"]

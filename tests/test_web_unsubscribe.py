"""Leaving a rule by the link in its mails: by one click, without a login, and never by following the link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from alerts.announce import make_hook
from alerts.deliver import Server, deliver
from alerts.rules import settings_of
from alerts.unsubscribing import Ways, token, unsubscribe_key
from db.connection import rows, value
from db.outbox import claim, postpone, settle
from db.rules import keep_configured, rules_in_service
from db.unsubscriptions import leave, let_in_again, unsubscribed
from tests.db_samples import NOON, Desk, article, policy, statements
from tests.smtp_loopback import postbox
from tests.watching import HERE, keep, rule
from tests.web_desk import NOW, Reader, filled
from tests.web_logins import logged_in, site_with_logins, with_users
from web.pace import MOST

TWO = rule(name="Barges", to=("ben@example.org", "cai@example.org"))
CLICK = b"List-Unsubscribe=One-Click"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = with_users(filled(tmp_path / "policywire.sqlite"))
    yield made
    made.db.close()


@pytest.fixture
def closed(desk: Desk) -> Reader:
    return site_with_logins(desk)


def link(desk: Desk, rule_id: int, recipient: str) -> str:
    return f"/unsubscribe/{token(unsubscribe_key(desk.path), rule_id, recipient)}"


def click(reader: Reader, path: str) -> httpx.Response:
    """What a mail program sends: no cookie, no origin."""
    kind = {"content-type": "application/x-www-form-urlencoded"}
    return Reader(reader.app).ask("POST", path, headers=kind, body=CLICK)


def story(desk: Desk, number: int) -> None:
    name = ("Otter", "Lantern", "Walnut")[number]
    text = f"A guideline on {name.lower()}s was issued.\n\n{name}s are dear to those who keep a {name.lower()} shop."
    one = article(text, url=f"https://www.chinadaily.com.cn/a/202611/20/WSleave{number:03}.html", title=f"{name}s")
    announced = policy(text, text.partition("\n\n")[0], title=f"guideline on {name.lower()}s")
    desk.store(one, statements(policies=[announced]), on_new=make_hook(HERE, now=lambda: NOON))


def recipients(desk: Desk, state: str = "due") -> list[str]:
    return [
        one["recipient"] for one in rows(desk.db, "SELECT recipient FROM outbox WHERE state = ? ORDER BY id", [state])
    ]


def test_following_the_link_shows_a_button_and_unsubscribes_nobody(desk: Desk, closed: Reader) -> None:
    identity = keep(desk, TWO)
    answer = Reader(closed.app).get(link(desk, identity, "ben@example.org"))
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert "ben@example.org" not in answer.text
    assert "Barges" not in answer.text
    assert re.findall(r"<form[^>]*>", answer.text) == ['<form method="post">']
    assert unsubscribed(desk.db, identity) == []


def test_one_click_takes_the_recipient_out_and_drops_what_waits(desk: Desk, closed: Reader) -> None:
    identity = keep(desk, TWO)
    story(desk, 0)
    path = link(desk, identity, "ben@example.org")
    answer = click(closed, path)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert recipients(desk) == ["cai@example.org"]
    assert recipients(desk, "dropped") == ["ben@example.org"]
    story(desk, 1)
    assert recipients(desk) == ["cai@example.org", "cai@example.org"]
    assert click(closed, path).text == answer.text, "again is as well"
    assert value(desk.db, "SELECT count(*) FROM unsubscriptions") == 1
    history = logged_in(closed, "Vero").get(f"/rules/{identity}/history").text
    assert "not sent: the recipient has unsubscribed" in history


def test_what_waits_for_a_digest_is_dropped_too(desk: Desk, closed: Reader) -> None:
    identity = keep(desk, rule(name="Daily", to=("ben@example.org",), frequency="daily"))
    story(desk, 0)
    assert click(closed, link(desk, identity, "ben@example.org")).status_code == 200
    assert value(desk.db, "SELECT dropped FROM alert_matches") == "the recipient has unsubscribed"


@pytest.mark.parametrize("path", ["/unsubscribe/7-abc", "/unsubscribe/x", "/unsubscribe/1-aaaaaaaaaaaaaaaaaaaaaaaa"])
def test_a_link_that_is_not_whole_does_nothing_and_says_nothing_of_whom(desk: Desk, closed: Reader, path: str) -> None:
    keep(desk, TWO)
    answer = click(closed, path)
    assert answer.status_code == 404
    assert answer.text == click(closed, "/unsubscribe/999-aaaaaaaaaaaaaaaaaaaaaaaa").text
    assert value(desk.db, "SELECT count(*) FROM unsubscriptions") == 0


def test_whoever_guesses_is_stopped(desk: Desk, closed: Reader) -> None:
    identity = keep(desk, TWO)
    for _ in range(MOST):
        assert click(closed, "/unsubscribe/1-aaaaaaaaaaaaaaaaaaaaaaaa").status_code == 404
    answer = click(closed, link(desk, identity, "ben@example.org"))
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) <= 601
    assert unsubscribed(desk.db, identity) == []


def test_no_other_form_is_taken_from_elsewhere(closed: Reader) -> None:
    assert Reader(closed.app).ask("POST", "/rules/new", headers={"origin": "https://evil.example"}).status_code == 403
    assert click(closed, "/login").status_code == 403


def test_somebody_who_has_left_a_rule_of_the_configuration_stays_out_of_it(desk: Desk, closed: Reader) -> None:
    keep_configured(desk.db, [settings_of(TWO)], now=NOON)
    (stored,) = rules_in_service(desk.db)
    click(closed, link(desk, stored.id, "ben@example.org"))
    keep_configured(desk.db, [{**settings_of(TWO), "to": ["BEN@example.org", "cai@example.org"]}], now=NOON)
    story(desk, 0)
    assert recipients(desk) == ["cai@example.org"]


def test_the_rules_owner_and_reviewers_let_people_in_again(desk: Desk, closed: Reader) -> None:
    identity = keep(desk, TWO, owner="Rea")
    click(closed, link(desk, identity, "ben@example.org"))
    page = logged_in(closed, "Rea").get(f"/rules/{identity}").text
    assert "ben@example.org has unsubscribed" in page
    answer = logged_in(closed, "Rea").post(f"/rules/{identity}/readmit", {"recipient": "ben@example.org"})
    assert answer.headers["location"] == f"/rules/{identity}?said=readmitted"
    assert unsubscribed(desk.db, identity) == []
    (event,) = rows(desk.db, "SELECT left_at, lifted_by FROM unsubscriptions")
    assert event["lifted_by"] == "Rea", "that somebody had left is not forgotten"
    story(desk, 0)
    assert recipients(desk) == ["ben@example.org", "cai@example.org"]


def test_a_reader_lets_nobody_in_to_a_rule_of_the_configuration(desk: Desk, closed: Reader) -> None:
    keep_configured(desk.db, [settings_of(TWO)], now=NOON)
    (stored,) = rules_in_service(desk.db)
    click(closed, link(desk, stored.id, "ben@example.org"))
    form = {"recipient": "ben@example.org"}
    assert "Let in again" not in logged_in(closed, "Rea").get(f"/rules/{stored.id}").text
    assert logged_in(closed, "Rea").post(f"/rules/{stored.id}/readmit", form).status_code == 403
    assert logged_in(closed, "Vero").post(f"/rules/{stored.id}/readmit", form).status_code == 303


def test_somebody_who_is_no_longer_named_may_leave_all_the_same(desk: Desk, closed: Reader) -> None:
    keep_configured(desk.db, [settings_of(TWO)], now=NOON)
    (stored,) = rules_in_service(desk.db)
    keep_configured(desk.db, [{**settings_of(TWO), "to": ["cai@example.org"]}], now=NOON)
    assert click(closed, link(desk, stored.id, "ben@example.org")).status_code == 200
    assert [one.recipient for one in unsubscribed(desk.db, stored.id)] == ["ben@example.org"]


def test_a_mail_that_is_on_its_way_is_settled_as_it_went(desk: Desk) -> None:
    identity = keep(desk, TWO)
    story(desk, 0)
    ben, cai = claim(desk.db, NOW, timedelta(minutes=5), 9)
    leave(desk.db, identity, "ben@example.org", now=NOW)
    leave(desk.db, identity, "cai@example.org", now=NOW)
    assert settle(desk.db, ben.id, token=ben.lease_token, now=NOW)
    assert not postpone(desk.db, cai.id, "451 later", NOW, token=cai.lease_token)
    assert recipients(desk, "sent") == ["ben@example.org"]
    assert recipients(desk, "dropped") == ["cai@example.org"]
    assert claim(desk.db, NOW + timedelta(days=1), timedelta(minutes=5), 9) == []


def test_what_was_dropped_stays_dropped_when_somebody_is_let_in_again(desk: Desk) -> None:
    identity = keep(desk, TWO)
    story(desk, 0)
    leave(desk.db, identity, "Ben@Example.org", now=NOW)
    assert not leave(desk.db, identity, "ben@example.org", now=NOW)
    assert let_in_again(desk.db, identity, "ben@example.org", by="ana", now=NOW)
    assert not let_in_again(desk.db, identity, "ben@example.org", by="ana", now=NOW)
    assert recipients(desk) == ["cai@example.org"]
    assert leave(desk.db, identity, "ben@example.org", now=NOW), "one may leave twice"


def test_the_link_of_a_mail_that_was_delivered_works(desk: Desk, closed: Reader) -> None:
    identity = keep(desk, rule(name="Barges", to=("ben@example.org",)))
    story(desk, 0)
    ways = Ways(base_url="https://desk.example.org", key=unsubscribe_key(desk.path))
    with postbox() as box:
        server = Server(host="127.0.0.1", port=box.port, security="none", sender="w@desk.example.org", ways_out=ways)
        done = deliver(
            desk.db, server, None, now=lambda: NOW, lease=timedelta(minutes=5), give_up_after=timedelta(days=3)
        )
    assert done.sent == 1
    (mail,) = box.messages
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(mail["List-Unsubscribe"]).strip("<>")
    assert value(desk.db, "SELECT text FROM outbox").find("/unsubscribe/") < 0, (
        "the database cannot unsubscribe anybody"
    )
    assert click(closed, urlsplit(address).path).status_code == 200
    assert [one.recipient for one in unsubscribed(desk.db, identity)] == ["ben@example.org"]

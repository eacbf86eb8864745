"""The headers of a mail, as a mail program reads them: who, when, in which thread, of which list, and no other."""

from __future__ import annotations

import json
import re
import stat
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.compose import compose_alert
from alerts.digest import send_due
from alerts.envelope import Letterhead, compose_mail
from alerts.rules import Rule
from alerts.surroundings import Surroundings
from alerts.unsubscribing import KeyUnusable, Ways, holder, key_file, rule_of_token, token, unsubscribe_key
from db.connection import rows
from db.links.overrides import merge
from db.outbox import OutboxRow
from pipeline.model import InstrumentRelation, PolicyAnnouncement, Span, Statements
from tests.db_samples import NOON, Desk, article
from tests.db_samples import policy as announcement
from tests.watching import HERE, rule, watching

KEY = b"k" * 32
WAYS = Ways(base_url="https://desk.example.org/", key=KEY)
SHEET = Letterhead(sender="policywire <wire@desk.example.org>", reply_to="people@desk.example.org", ways_out=WAYS)
OURS = {
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Id", "List-Unsubscribe",
    "List-Unsubscribe-Post", "X-Policywire-Rule", "MIME-Version", "Content-Type", "In-Reply-To", "References",
}  # fmt: skip


def outbox_row(**changes: Any) -> OutboxRow:
    values: dict[str, Any] = {
        "id": 1, "key": "0123456789abcdef", "recipient": "reader@example.org", "subject": "MOFCOM issues a guideline",
        "text": "Barges.\n", "html": "<p>Barges.<!--way out--></p>", "rule": "Freight", "rule_id": 7,
        "zone": "Asia/Shanghai", "follows": (), "article_id": None, "created_at": "2026-11-20T04:00:00Z",
        "due_at": "2026-11-20T04:00:00Z", "attempts": 1, "lease_token": "x",
    }  # fmt: skip
    return OutboxRow(**{**values, **changes})


def read(row: OutboxRow, letterhead: Letterhead = SHEET) -> EmailMessage:
    """The mail as it comes out of the wire at the other end."""
    found = message_from_bytes(compose_mail(row, letterhead, NOON), policy=policy.default)
    assert isinstance(found, EmailMessage)
    assert found.defects == []
    return found


def test_a_mail_says_of_which_list_it_is_and_how_one_leaves_it() -> None:
    mail = read(outbox_row())
    assert mail["From"] == "policywire <wire@desk.example.org>"
    assert mail["Reply-To"] == "people@desk.example.org"
    assert mail["List-Id"] == "<rule-7.policywire.desk.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] is None
    address = f"https://desk.example.org/unsubscribe/{token(KEY, 7, 'reader@example.org')}"
    assert mail["List-Unsubscribe"] == f"<{address}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = (part.get_content() for part in mail.iter_parts())
    assert text.splitlines()[-1] == f"Stop these mails: {address}"
    assert f'href="{address}"' in html


def test_the_date_is_in_the_zone_of_the_rule() -> None:
    assert read(outbox_row())["Date"] == "Fri, 20 Nov 2026 12:00:00 +0800"
    assert read(outbox_row(zone="America/New_York"))["Date"] == "Thu, 19 Nov 2026 23:00:00 -0500"
    assert read(outbox_row(zone=None))["Date"] == "Fri, 20 Nov 2026 04:00:00 +0000"


def test_a_mail_to_the_operator_is_of_no_list() -> None:
    mail = read(outbox_row(rule=None, rule_id=None, zone=None))
    assert {"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "X-Policywire-Rule"} & set(mail.keys()) == set()
    assert "Stop these mails" not in mail.as_string()


def test_one_click_is_promised_over_https_only() -> None:
    sheet = Letterhead(
        sender="w@x.example", ways_out=Ways(base_url="http://127.0.0.1:8350", key=KEY, mailto="a+b@x.example")
    )
    mail = read(outbox_row(), sheet)
    assert mail["List-Unsubscribe-Post"] is None
    web, by_mail = str(mail["List-Unsubscribe"]).split(", ")
    assert web.startswith("<http://127.0.0.1:8350/unsubscribe/7-")
    assert by_mail == f"<mailto:a%2Bb@x.example?subject=unsubscribe%20{token(KEY, 7, 'reader@example.org')}>"


def test_long_addresses_and_ids_stay_as_they_are_on_the_wire() -> None:
    base = "https://a-very-long-name-of-a-host-that-nobody-would-type.policy-watch.example.org/desk"
    sheet = Letterhead(sender="wire@mail.a-very-long-name-of-a-host.example.org", ways_out=Ways(base_url=base, key=KEY))
    row = outbox_row(follows=("first", "second", "third"))
    raw = compose_mail(row, sheet, NOON)
    head = raw.partition(b"\r\n\r\n")[0]
    assert b"=?" not in head
    assert max(map(len, head.split(b"\r\n"))) < 200
    mail = read(row, sheet)
    assert re.fullmatch(rf"<{re.escape(base)}/unsubscribe/7-[\w-]{{24}}>", str(mail["List-Unsubscribe"]))
    assert len(str(mail["References"]).split()) == 3


# -- threads -----------------------------------------------------------------------------------------------------------


def told(
    desk: Desk,
    hook: Any,
    number: str,
    text: str,
    *,
    about: tuple[str, str] | None = None,
    url: str,
    language: str = "en",
) -> None:
    """A story of one announcement, by its number; `about` is a relation and the number that it acts on."""
    start = text.index(number)
    said: list[PolicyAnnouncement] = [
        announcement(
            text,
            text,
            title=f"Announcement {number}",
            instrument="announcement",
            number=f"MOFCOM Announcement {number}",
        )
    ]
    relations: list[InstrumentRelation] = []
    if about:
        relations.append(
            InstrumentRelation(
                relation=about[0],  # type: ignore[arg-type]
                subject=0,
                object=None,
                evidence=Span.cut(text, start, start + len(number)),
                number=f"MOFCOM Announcement {about[1]}",
                issuers=("Ministry of Commerce",),
            )
        )
    found = Statements(quotes=(), policies=tuple(said), version="1", relations=tuple(relations))
    desk.store(article(text, url=url, title=text[:40]), found, on_new=hook)


def sent(desk: Desk) -> list[EmailMessage]:
    """The mails of the outbox as they come out at the other end, in the order of their making."""
    found = []
    for one in rows(desk.db, "SELECT * FROM outbox ORDER BY id"):
        names = ("id", "key", "recipient", "subject", "text", "html", "rule", "rule_id", "zone", "article_id")
        follows = tuple(json.loads(one["follows"] or "[]"))
        found.append(read(outbox_row(**{name: one[name] for name in names}, follows=follows)))
    return found


def test_what_suspends_an_instrument_arrives_in_the_thread_of_its_first_mail(desk: Desk) -> None:
    hook = watching(desk, rule(name="Ginkgo"))
    told(desk, hook, "No. 3 of 2026", "MOFCOM issued Announcement No. 3 of 2026 on ginkgo.", url="https://x.cn/1.html")
    told(desk, hook, "No. 8 of 2026", "MOFCOM issued Announcement No. 8 of 2026 on kites.", url="https://x.cn/2.html")
    told(
        desk, hook, "No. 9 of 2026", "MOFCOM issued Announcement No. 9 of 2026, suspending the former.",
        about=("suspends", "No. 3 of 2026"), url="https://x.cn/3.html",
    )  # fmt: skip
    told(
        desk, hook, "No. 12 of 2026", "MOFCOM issued Announcement No. 12 of 2026, resuming it.",
        about=("repeals", "No. 9 of 2026"), url="https://x.cn/4.html",
    )  # fmt: skip
    first, other, suspended, repealed = sent(desk)
    assert first["References"] is None
    assert other["References"] is None
    assert suspended["In-Reply-To"] == first["Message-ID"]
    assert suspended["References"] == first["Message-ID"]
    assert repealed["In-Reply-To"] == suspended["Message-ID"]
    assert repealed["References"] == f"{first['Message-ID']} {suspended['Message-ID']}"


def test_the_thread_is_each_recipients_and_each_rules_own(desk: Desk) -> None:
    hook = watching(
        desk, rule(name="One", to=("a@example.org",)), rule(name="Two", to=("b@example.org",), query="former")
    )
    told(desk, hook, "No. 3 of 2026", "MOFCOM issued Announcement No. 3 of 2026 on ginkgo.", url="https://x.cn/1.html")
    told(
        desk, hook, "No. 9 of 2026", "MOFCOM issued Announcement No. 9 of 2026, suspending the former.",
        about=("suspends", "No. 3 of 2026"), url="https://x.cn/3.html",
    )  # fmt: skip
    by_recipient = {str(mail["To"]): mail for mail in sent(desk)[1:]}
    assert by_recipient["a@example.org"]["References"] is not None
    assert by_recipient["b@example.org"]["References"] is None, "who never got the first mail has no thread"


def test_a_thread_holds_when_its_instruments_are_linked_anew(desk: Desk) -> None:
    hook = watching(desk, rule(name="Ginkgo"))
    told(desk, hook, "No. 3 of 2026", "MOFCOM issued Announcement No. 3 of 2026 on ginkgo.", url="https://x.cn/1.html")
    told(desk, hook, "No. 8 of 2026", "MOFCOM issued Announcement No. 8 of 2026 on leaves.", url="https://x.cn/2.html")
    one, other = (found["instrument_id"] for found in rows(desk.db, "SELECT instrument_id FROM policies ORDER BY seq"))
    merge(desk.db, one, other, by="ana", now=NOON)
    told(desk, hook, "No. 8 of 2026", "More on Announcement No. 8 of 2026 of MOFCOM.", url="https://x.cn/5.html")
    first, second, third = sent(desk)
    assert second["References"] is None
    assert third["In-Reply-To"] == second["Message-ID"]
    assert first["Message-ID"] not in str(third["References"]), "they were two threads when their mails were sent"


def test_a_digest_is_of_no_thread_and_alerts_do_not_follow_it(desk: Desk) -> None:
    hook = watching(desk, rule(name="Digest", frequency="daily"))
    text = "MOFCOM issued Announcement No. 3 of 2026 on ginkgo."
    told(desk, hook, "No. 3 of 2026", text, url="https://x.cn/1.html")
    assert send_due(desk.db, NOON + timedelta(days=2), base_url=HERE) == 1
    (digest,) = sent(desk)
    assert digest["References"] is None
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    desk.db.conn.execute("""UPDATE rules SET settings = json_set(settings, '$.frequency', 'instant')""")
    instant = watching(desk)
    told(desk, instant, "No. 3 of 2026", "More on Announcement No. 3 of 2026 of MOFCOM.", url="https://x.cn/5.html")
    assert sent(desk)[1]["References"] is None


# -- tokens ------------------------------------------------------------------------------------------------------------


def test_a_token_is_of_one_rule_and_one_recipient() -> None:
    made = token(KEY, 7, "Reader@example.org")
    assert made == token(KEY, 7, "reader@EXAMPLE.org")
    assert len({made, token(KEY, 8, "reader@example.org"), token(KEY, 7, "other@example.org")}) == 3
    assert token(b"x" * 32, 7, "reader@example.org") != made
    assert "reader" not in made
    assert rule_of_token(made) == 7
    assert holder(KEY, 7, made, ("other@example.org", "reader@example.org")) == "reader@example.org"
    assert holder(KEY, 8, made, ("reader@example.org",)) is None


@given(st.text(max_size=60))
def test_no_other_text_is_a_token(printed: str) -> None:
    found = rule_of_token(printed)
    assert found is None or found >= 0
    assert holder(KEY, found or 0, printed, ("reader@example.org",)) is None


def test_the_key_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    database = tmp_path / "policywire.db"
    key = unsubscribe_key(database)
    assert unsubscribe_key(database) == key
    assert len(key) == 32
    assert stat.S_IMODE(key_file(database).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["policywire.db.unsubscribe-key"]
    assert key.hex() not in repr(Ways(base_url="https://x", key=key))


@pytest.mark.parametrize("held", ["", "no key", "abcd"])
def test_a_key_that_is_none_is_told(tmp_path: Path, held: str) -> None:
    database = tmp_path / "policywire.db"
    key_file(database).write_text(held)
    with pytest.raises(KeyUnusable, match="unsubscribe-key"):
        unsubscribe_key(database)


# -- hostile words -----------------------------------------------------------------------------------------------------

HOSTILE = (
    "Tariffs\r\nBcc: all@example.org", "a\x00b\x1b[31m", "abc\u202egpj.exe\u2066x\u2069", "x" * 100_000,
    "<script>alert(1)</script><img src=x onerror=alert(1)>", "=?utf-8?q?=0D=0ABcc:_all@example.org?=",
    "=?utf-8?b?DQpCY2M6IGFsbEBleGFtcGxlLm9yZw==?= =?utf-8?q?x?=", "🐉🐉 出口管制 👩‍👩‍👧", "half \ud800 pair",
    "<!--way out-->", "\n\n-- \npolicywire", "“", "",
)  # fmt: skip
words = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=300), st.text(alphabet="=?utf-8bq\r\n\t :<>@商", max_size=200)
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(title=words, named=words, said=words)
def test_whatever_a_page_says_the_mail_has_our_headers_and_no_other(title: str, named: str, said: str) -> None:
    record = {
        "id": "p1", "article_id": "a1", "url": "https://x.cn/1.html", "title": title, "instrument": "notice",
        "number": named, "issuers": json.dumps([named]), "issued_on": None, "effective_on": None, "status": "issued",
        "salience": "news", "action": "tariff", "regions": "[]", "sectors": "[]", "entities": "[]",
        "instrument_id": None, "evidence": json.dumps([{"start": 0, "end": len(said), "text": said}]),
        "language": "en", "source": "china_daily", "sort_at": "2026-11-20T04:00:00Z", "seq": 1, "duplicate_of": None,
        "review_state": "open",
    }  # fmt: skip
    about = {
        "id": "a1", "title": title, "source": "china_daily", "url": "https://x.cn/1.html", "text": said,
        "language": "en", "published_at": "2026-11-19T09:30:00+08:00",
    }  # fmt: skip
    made = compose_alert(
        rule=Rule(name="Freight", to=("reader@example.org",), query="tariffs OR 出口"),
        article=about,
        announcements=[(record, (said[:100],))],
        quotes=(),
        why=(),
        around=Surroundings(base_url=HERE, rule_id=7),
    )
    row = outbox_row(subject=made.subject, text=made.text, html=made.html, rule=named)
    mail = read(row)
    assert set(mail.keys()) <= OURS
    assert len(mail.keys()) == len(set(mail.keys()))
    assert "\n" not in str(mail["Subject"])
    assert len(str(mail["Subject"])) <= 200
    assert mail["To"] == "reader@example.org"
    text, html = mail.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert "<script" not in html.get_content()
    assert html.get_content().count("/unsubscribe/7-") == 1

"""The outbox on the site: what was given up and why, its text of which nothing acts, and sending it again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from db.connection import row, value
from db.mailing.outage import note_outage
from tests.db_samples import NOON, Desk
from tests.web_browser import NEEDS_CHROMIUM, chromium, opened, served
from tests.web_desk import Reader, dead, filled, site

HOSTILE = "<script>document.title = 'owned'</script>"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = filled(tmp_path / "policywire.sqlite")
    yield made
    made.db.close()


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return site(desk)


def states(desk: Desk) -> list[str]:
    return [found[0] for found in desk.db.conn.execute("SELECT state FROM outbox ORDER BY id")]


def test_dead_letters_are_shown_with_why_and_sent_again_one_by_one_or_by_error(desk: Desk, reader: Reader) -> None:
    dead(desk, "550 no such user", "550 no such user", "554 spam")
    page = reader.get("/mail").text
    assert "reader0@example.org" in page
    assert page.index("550 no such user") < page.index("554 spam")
    answer = reader.post("/mail/again", {"id": "3"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/mail?again=1")
    assert "One mail is due again" in reader.get("/mail?again=1").text
    assert states(desk) == ["dead", "dead", "due"]
    assert reader.post("/mail/again", {"error": "550 no such user"}).headers["location"] == "/mail?again=2"
    assert states(desk) == ["due", "due", "due"]
    assert "Every mail was delivered" in reader.get("/mail").text
    key = row(desk.db, "SELECT key, attempts, last_error FROM outbox WHERE id = 1")
    assert key == {"key": "key-0", "attempts": 0, "last_error": "550 no such user"}


def test_what_is_no_dead_letter_any_more_is_not_sent_again(desk: Desk, reader: Reader) -> None:
    dead(desk, "550 no")
    assert reader.post("/mail/again", {"id": "1"}).status_code == 303
    assert reader.post("/mail/again", {"id": "1"}).status_code == 409
    assert reader.post("/mail/again", {"id": "x"}).status_code == 409
    assert reader.post("/mail/again", {}).status_code == 422
    assert reader.get("/mail/99").status_code == 404
    assert reader.get("/mail/x").status_code == 404


def test_a_mail_server_that_is_away_is_named_with_its_error(desk: Desk, reader: Reader) -> None:
    note_outage(desk.db, "mail.example.org:587: 535 who are you", NOON)
    assert "535 who are you" in reader.get("/mail").text


def test_nothing_in_a_mail_acts(desk: Desk, reader: Reader) -> None:
    dead(desk, HOSTILE, subject=HOSTILE, text=HOSTILE, html=HOSTILE)
    for path in ("/mail", "/mail/1"):
        page = reader.get(path).text
        assert "<script>document" not in page
        assert "&lt;script&gt;document" in page


def test_many_dead_letters_come_in_pages(desk: Desk, reader: Reader) -> None:
    dead(desk, *(["550 no"] * 60))
    assert reader.get("/mail").text.count(">Send again<") == 50
    assert reader.get("/mail?after=50&error=550%20no").text.count(">Send again<") == 10


@NEEDS_CHROMIUM
def test_a_reviewer_sends_all_of_an_error_again_in_a_browser(desk: Desk) -> None:
    dead(desk, "550 no such user", "550 no such user", "554 spam", text=HOSTILE)
    with served(site(desk).app) as home, chromium() as browser:
        context, wrong = opened(browser, java_script_enabled=False, viewport={"width": 360, "height": 700})
        page = context.new_page()
        page.goto(f"{home}/mail")
        page.get_by_role("link", name="Permits 1").click()
        expect(page.locator("pre")).to_contain_text("<script>")
        page.get_by_role("button", name="Send again").click()
        expect(page.get_by_role("status")).to_contain_text("One mail is due again")
        page.get_by_role("button", name="Send all of these again: 554 spam").click()
        expect(page.get_by_role("status")).to_contain_text("due again")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert wrong == []
        context.close()
    assert value(desk.db, "SELECT count(*) FROM outbox WHERE state = 'due'") == 2

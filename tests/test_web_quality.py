"""The quality page and the blind second reading, by plain forms and in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from db.connection import value
from db.deciding.agreement import agreements, draw_sample
from db.review import decide, queue
from tests.db_samples import NOON, Desk
from tests.web_browser import NEEDS_CHROMIUM, chromium, opened, served
from tests.web_desk import Reader, filled, form_of, site
from tests.web_logins import logged_in, site_of, site_with_logins, with_users


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Ana has accepted all announcements, and corrected the quotes."""
    desk = filled(tmp_path / "policywire.sqlite")
    for one in queue(desk.db):
        if one["kind"] == "policy":
            decide(desk.db, one["id"], reviewer="Ana", decision="accept", now=NOON)
        else:
            decide(desk.db, one["id"], reviewer="Ana", decision="correct", changes={"cue": "told"}, now=NOON)
    return desk


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return site(desk)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_page_says_how_often_records_were_right_and_which_fields_were_not(reader: Reader) -> None:
    page = text_of(reader.get("/quality").text)
    assert "the newest 6 readings" in page
    assert "1 announcement 100 % 44–100, of 3" in page
    assert "1 quote 0 % 0–56, of 3 100 % 44–100, of 3" in page
    assert "reporting word quote 3 times, 100 % 44–100, of 3" in page
    assert "No second reading yet" in page


def test_an_empty_database_has_no_figures(tmp_path: Path) -> None:
    page = site(filled(tmp_path / "fresh.sqlite")).get("/quality").text
    assert "Nobody has decided about a statement yet" in page


def test_a_sample_is_drawn_and_read_without_seeing_what_was_decided(desk: Desk, reader: Reader) -> None:
    assert reader.post("/quality/samples", {"seed": "spring", "size": "10"}).status_code == 303
    assert "Read 6 as the second reader" in text_of(reader.get("/quality").text)
    page = reader.get("/review/second").text
    place = "/review/second"
    for left in range(5, -1, -1):
        page = reader.get(place).text
        assert "Ana" not in page
        assert "told" not in form_of(page).get("cue", "")
        action = re.findall(r'action="(/review/second/\d+/\d+)"', page)[0]
        answer = reader.post(action, {**form_of(page), "decision": "accept"})
        assert answer.status_code == 303
        place = answer.headers["location"]
        assert f'<span id="waiting">{left}</span>' in reader.get(place).text
    both = agreements(desk.db)
    assert (both["policy"].readings, both["policy"].agreed) == (3, 3)
    assert (both["quote"].readings, both["quote"].agreed) == (3, 0)
    figures = text_of(reader.get("/quality").text)
    assert "3 of 3 alike (100 %)" in figures
    assert "not defined: both used one label only" in figures
    assert "κ 0.00" in figures
    assert value(desk.db, "SELECT count(*) FROM decisions") == 6


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"decision": "reject"}, "a rejection needs one"),
        ({"decision": "correct"}, "You have changed nothing"),
        ({"decision": "accept", "title": "x"}, "You have changed title"),
        ({"decision": "dance"}, "accept, save corrections or reject"),
    ],
)
def test_a_second_reading_that_cannot_be_stored_says_why(
    desk: Desk, reader: Reader, changes: dict[str, str], told: str
) -> None:
    draw_sample(desk.db, seed="x", size=10, drawn_by="Ana", now=NOON)
    page = reader.get("/review/second").text
    action = re.findall(r'action="(/review/second/\d+/\d+)"', page)[0]
    answer = reader.post(action, {**form_of(page), **changes})
    assert answer.status_code == 422
    assert told in answer.text


@pytest.mark.parametrize("fields", [{"seed": "x", "size": "0"}, {"seed": "x", "size": "many"}, {"size": "5"}])
def test_a_sample_that_cannot_be_drawn_says_why(reader: Reader, fields: dict[str, str]) -> None:
    answer = reader.post("/quality/samples", fields)
    assert answer.status_code == 422
    assert "Seed:" in answer.text or "Size:" in answer.text


def test_a_sample_that_is_not_there_is_not_found(reader: Reader) -> None:
    assert reader.post("/review/second/7/0", {"decision": "accept"}).status_code == 404


def test_readers_see_the_figures_and_no_forms(desk: Desk) -> None:
    page = logged_in(site_with_logins(with_users(desk)), "Rea").get("/quality").text
    assert "Do two readers agree?" in page
    assert "Draw a sample" not in page


@NEEDS_CHROMIUM
def test_a_sample_is_read_by_keyboard(browser: Browser, desk: Desk) -> None:
    draw_sample(desk.db, seed="x", size=10, drawn_by="Ana", now=NOON)
    with served(site_of(desk, "Bo")) as home:
        context, wrong = opened(browser)
        page = context.new_page()
        page.goto(f"{home}/review/second")
        for key in "aaaa12":
            shown = page.locator("form.review").get_attribute("action")
            page.keyboard.press(key)
            expect(page.locator(f'form.review[action="{shown}"]')).to_have_count(0)
        expect(page.get_by_role("heading", name="Nothing waits for a second reading")).to_be_visible()
        both = agreements(desk.db)
        assert both["policy"].readings + both["quote"].readings == 6
        assert wrong == []
        context.close()


@NEEDS_CHROMIUM
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_quality_page_is_accessible_and_fits(browser: Browser, desk: Desk, width: int, scheme: str) -> None:
    draw_sample(desk.db, seed="x", size=2, drawn_by="Ana", now=NOON)
    with served(site_of(desk, "Bo")) as home:
        context, wrong = opened(browser, viewport={"width": width, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        for place in ("/quality", "/review/second"):
            page.goto(home + place)
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, place
        assert wrong == []
        context.close()

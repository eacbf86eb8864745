"""Review in a real browser: by keyboard alone, two reviewers at once, a site that stops answering, without a script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from db.connection import rows, value
from db.deciding.queue import queue
from db.review import decide, history, statement
from tests.db_samples import NOON, TEXT, Desk, article, quote, statements, usual
from tests.web_browser import NEEDS_CHROMIUM, chromium, opened, served
from tests.web_desk import WORDS, filled
from tests.web_logins import site_of

pytestmark = NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


@pytest.fixture
def home(desk: Desk) -> Iterator[str]:
    with served(site_of(desk, "Ana")) as address:
        yield address


def many(desk: Desk, count: int) -> None:
    """That many more quotes in the queue."""
    said = [f"Barge number {n} will sail in spring" for n in range(count)]
    text = "\n\n".join(f"{words}, said Lin Qiao of Weir & Quay." for words in said)
    found = [quote(text, words, kind="indirect") for words in said]
    desk.store(article(text, url="https://www.chinadaily.com.cn/a/202611/22/WSmany.html"), statements(found))


def item(page: Page) -> str:
    """The id of the statement on the screen."""
    return str(page.locator("form.review").get_attribute("action")).rpartition("/")[2]


def settled(page: Page) -> None:
    """Wait until nothing is on its way any more."""
    page.wait_for_load_state("networkidle")


def stored(desk: Desk) -> int:
    return int(value(desk.db, "SELECT count(*) FROM decisions"))


def test_thirty_decisions_by_keyboard_are_all_stored_each_on_its_own_statement(
    browser: Browser, desk: Desk, home: str
) -> None:
    many(desk, 40)
    context, wrong = opened(browser)
    page = context.new_page()
    page.goto(f"{home}/review")
    pressed: dict[str, str] = {}
    for n in range(30):
        shown = item(page)
        key = "a" if n % 3 else "2"
        pressed[shown] = "accept" if key == "a" else "reject"
        page.keyboard.press(key)
        expect(page.locator(f'form.review[action$="{shown}"]')).to_have_count(0)
    settled(page)
    events = list(rows(desk.db, "SELECT * FROM decisions ORDER BY id"))
    assert {event["statement_id"]: event["decision"] for event in events} == pressed
    assert len(events) == len(pressed) == 30
    assert {event["reviewer"] for event in events} == {"Ana"}
    expect(page.locator("#waiting")).to_have_text("16")
    assert wrong == []
    context.close()


def test_keys_that_are_pressed_faster_than_the_site_answers_lose_and_double_nothing(
    browser: Browser, desk: Desk, home: str
) -> None:
    many(desk, 20)
    context, wrong = opened(browser)
    page = context.new_page()
    page.goto(f"{home}/review")
    for _ in range(26):
        page.keyboard.press("a")
    settled(page)
    decided = [event["statement_id"] for event in rows(desk.db, "SELECT statement_id FROM decisions")]
    assert len(decided) == len(set(decided))
    assert len(decided) + len(queue(desk.db, limit=100)) == 26
    assert wrong == []
    context.close()


def test_a_record_is_corrected_rejected_and_taken_back_by_keyboard_alone(
    browser: Browser, desk: Desk, home: str
) -> None:
    context, wrong = opened(browser)
    page = context.new_page()
    page.goto(f"{home}/review?kind=quote")
    first = item(page)
    page.keyboard.press("c")
    expect(page.get_by_label("speaker", exact=True)).to_be_focused()
    page.keyboard.type("Qiao Lin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Corrected: Qiao Lin")
    assert statement(desk.db, first).record["speaker"] == "Qiao Lin"

    second = item(page)
    assert second != first
    page.keyboard.press("x")
    page.keyboard.type("a joke of the bargemen's")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Rejected")
    assert history(desk.db, second)[-1]["reason"] == "a joke of the bargemen's"

    page.keyboard.press("u")
    expect(page.locator(f'form.review[action$="{second}"]')).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(f'form.review[action$="{first}"]')).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Taken back: Lin Qiao")
    assert [event["decision"] for event in history(desk.db, first)] == ["correct", "undo"]
    page.keyboard.press("u")
    expect(page.get_by_role("status")).to_contain_text("You have decided nothing")
    assert wrong == ["Failed to load resource: the server responded with a status of 409 (Conflict)"]
    context.close()


def test_keys_inside_a_field_are_letters_and_escape_leaves_it(browser: Browser, desk: Desk, home: str) -> None:
    context, _wrong = opened(browser)
    page = context.new_page()
    page.goto(f"{home}/review?kind=quote")
    page.keyboard.press("e")
    page.keyboard.type("usa1?")
    expect(page.get_by_label("speaker", exact=True)).to_have_value("usa1?")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.get_by_role("alert")).to_contain_text("You have changed speaker")
    expect(page.get_by_label("speaker", exact=True)).to_have_value("usa1?")
    assert stored(desk) == 0
    context.close()


def test_skipping_shows_the_next_and_help_lists_the_keys(browser: Browser, desk: Desk, home: str) -> None:
    context, wrong = opened(browser)
    page = context.new_page()
    page.goto(f"{home}/review")
    first = item(page)
    page.keyboard.press("s")
    expect(page.locator(f'form.review[action$="{first}"]')).to_have_count(0)
    second = item(page)
    page.keyboard.press("a")
    expect(page.locator(f'form.review[action$="{second}"]')).to_have_count(0)
    assert item(page) not in (first, second)
    page.keyboard.press("?")
    expect(page.get_by_text("undo your last decision, again for the one before")).to_be_visible()
    settled(page)
    assert [event["statement_id"] for event in rows(desk.db, "SELECT * FROM decisions")] == [second]
    assert wrong == []
    context.close()


def test_the_last_decision_ends_at_an_empty_queue(browser: Browser, desk: Desk, home: str) -> None:
    context, wrong = opened(browser)
    page = context.new_page()
    page.goto(f"{home}/review?source=mofcom")
    for _ in range(2):
        shown = item(page)
        page.keyboard.press("a")
        expect(page.locator(f'form.review[action$="{shown}"]')).to_have_count(0)
    expect(page.get_by_role("heading", name="Nothing waits for a decision")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(f'form.review[action$="{shown}"]')).to_be_visible()
    assert wrong == []
    context.close()


def test_two_reviewers_are_given_different_statements_and_the_second_on_one_is_told(
    browser: Browser, desk: Desk
) -> None:
    with served(site_of(desk, "Ana")) as ana, served(site_of(desk, "Bo")) as bo:
        pages = []
        for home in (ana, bo):
            context, _wrong = opened(browser)
            pages.append(context.new_page())
            pages[-1].goto(f"{home}/review?kind=quote")
        assert item(pages[0]) != item(pages[1])

        both = item(pages[0])
        pages[1].goto(f"{bo}/review/{both}")
        expect(pages[1].get_by_text("Ana is looking at this statement right now")).to_be_visible()
        pages[0].get_by_label("role").select_option("other")
        pages[0].get_by_role("button", name="Save corrections").click()
        expect(pages[0].get_by_role("status")).to_contain_text("Corrected")

        pages[1].get_by_label("speaker", exact=True).fill("Qiao Lin")
        pages[1].get_by_role("button", name="Save corrections").click()
        expect(pages[1].get_by_role("alert")).to_contain_text("Ana has decided (correct: role) in the meantime")
        expect(pages[1].get_by_role("alert")).to_contain_text("20 Nov 2026")
        expect(pages[1].get_by_label("speaker", exact=True)).to_have_value("Qiao Lin")
        expect(pages[1].get_by_label("role")).to_have_value("other")
        assert [event["reviewer"] for event in history(desk.db, both)] == ["Ana"]

        pages[1].get_by_role("button", name="Save corrections").click()
        expect(pages[1].get_by_role("status")).to_contain_text("Corrected: Qiao Lin")
        assert [event["reviewer"] for event in history(desk.db, both)] == ["Ana", "Bo"]
        for page in pages:
            page.context.close()


def test_a_decision_that_does_not_reach_the_site_comes_back_as_it_was_entered(
    browser: Browser, desk: Desk, home: str
) -> None:
    context, _wrong = opened(browser)
    page = context.new_page()
    page.goto(f"{home}/review?kind=quote")
    first = item(page)
    settled(page)

    def cut(route: Route) -> None:
        route.abort() if route.request.method == "POST" else route.continue_()

    page.route("**/*", cut)
    page.get_by_label("speaker", exact=True).fill("Qiao Lin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Not stored, the site does not answer")
    assert item(page) == first
    expect(page.get_by_label("speaker", exact=True)).to_have_value("Qiao Lin")
    assert stored(desk) == 0

    page.unroute("**/*", cut)
    page.get_by_role("button", name="Save corrections").click()
    expect(page.get_by_role("status")).to_contain_text("Corrected: Qiao Lin")
    assert stored(desk) == 1
    context.close()


def test_where_the_machine_has_changed_its_mind_one_key_settles_it(browser: Browser, desk: Desk, home: str) -> None:
    quoted = str(value(desk.db, "SELECT id FROM quotes WHERE text = ?", [WORDS]))
    decide(desk.db, quoted, reviewer="Bo", decision="correct", changes={"role": "expert"}, now=NOON)
    desk.store(article(), statements([quote(TEXT, WORDS, role="other")], usual().policies, "2"))
    context, wrong = opened(browser)
    page = context.new_page()
    page.goto(f"{home}/review")
    expect(page.get_by_role("row", name="role expert other")).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_role("status")).to_contain_text("Corrected: Lin Qiao")
    assert statement(desk.db, quoted).record["role"] == "other"
    page.keyboard.press("u")
    expect(page.get_by_role("row", name="role expert other")).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_role("status")).to_contain_text("Accepted: Lin Qiao")
    assert statement(desk.db, quoted).record["role"] == "expert"
    assert wrong == []
    context.close()


def test_names_are_offered_while_one_is_typed(browser: Browser, desk: Desk, home: str) -> None:
    context, wrong = opened(browser)
    page = context.new_page()
    page.goto(f"{home}/review?kind=policy")
    page.get_by_label("issuers 1").fill("comm")
    expect(page.locator("#known-issuers option")).to_have_count(1)
    expect(page.locator("#known-issuers option")).to_have_attribute("value", "Ministry of Commerce")
    assert wrong == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_review_page_is_accessible_and_fits(
    browser: Browser, desk: Desk, home: str, width: int, scheme: str
) -> None:
    quoted = str(value(desk.db, "SELECT id FROM quotes WHERE text = ?", [WORDS]))
    decide(desk.db, quoted, reviewer="Bo", decision="correct", changes={"role": "expert"}, now=NOON)
    desk.store(article(), statements([quote(TEXT, WORDS, role="other")], usual().policies, "2"))
    context, wrong = opened(browser, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    for place in (f"/review/{quoted}", "/review?kind=policy&source=mofcom", "/review?source=nowhere"):
        page.goto(home + place)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, place
    assert wrong == []
    context.close()

"""Watch rules in a real browser: from a search to a saved rule without JavaScript; every page at every width."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from db.outbox import bury, claim
from db.rules import keep_configured, rules_in_service
from tests.db_samples import NOON, Desk, article, policy, statements
from tests.watching import keep, rule, watching
from tests.web_browser import NEEDS_CHROMIUM, chromium, opened, served
from tests.web_desk import filled, site

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
    with served(site(desk).app) as address:
        yield address


def test_a_rule_is_made_previewed_saved_paused_and_deleted_without_javascript(
    browser: Browser, desk: Desk, home: str
) -> None:
    context, wrong = opened(browser, java_script_enabled=False, viewport={"width": 1100, "height": 800})
    page = context.new_page()
    page.goto(f"{home}/rules/new?q=ginkgo+OR+银杏叶&action=export_control")
    page.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_role("alert")).to_contain_text("Recipients")
    page.get_by_role("link", name="Recipients").click()
    page.get_by_label("Recipients").fill("ana@example.org")
    page.get_by_role("radio", name="Once a day").check()
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_role("button", name="What would it have sent?").click()
    expect(page.get_by_role("heading", name="Would have sent")).to_have_text("Would have sent 2 mails")
    expect(page.get_by_label("Recipients")).to_have_value("ana@example.org")
    page.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_role("status")).to_contain_text("works from the next article on")
    (kept,) = rules_in_service(desk.db)
    assert kept.settings["zone"] == "Europe/Berlin"

    page.get_by_label("Pause until").fill("2026-12-24")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("paused until 24 Dec 2026")).to_be_visible()
    page.get_by_role("button", name="Let it work again").click()
    page.get_by_role("link", name="Change").click()
    page.get_by_label("Words").fill("ginkgo")
    page.get_by_role("button", name="Save the rule").click()
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("button", name="Delete the rule").click()
    expect(page.get_by_text("Nothing is watched yet")).to_be_visible()
    assert rules_in_service(desk.db) == []
    # the browser itself reports the status of a form that is refused
    assert [line for line in wrong if "422" not in line] == []
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_rules_fits_asks_nobody_else_and_can_be_used_by_everybody(
    browser: Browser, desk: Desk, home: str, width: int, scheme: str
) -> None:
    keep_configured(desk.db, [{"name": "Configured " * 7, "to": ["desk@example.org"]}], now=NOON)
    own = keep(desk, rule(name="出口管制", to=("a@example.org", "b@example.org"), query="出口 OR gallium " * 20))
    every = keep(desk, rule(name="Everything", kinds=("announcement", "quote", "article"), to=("b@example.org",)))
    long = "x" * 400
    desk.store(
        article(long, url="https://www.chinadaily.com.cn/a/202611/21/WSlong.html", title="Long " * 60),
        statements(policies=[policy(long, long, title="出" * 300)]),
        on_new=watching(desk),
    )
    (letter, *_rest) = claim(desk.db, NOON, timedelta(minutes=5), 5)
    bury(desk.db, letter.id, "550 " + "nobody" * 100)
    context, wrong = opened(browser, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    places = [
        "/rules", "/rules/new", f"/rules/{own}", f"/rules/{every}?preview=1", f"/rules/{every}/edit",
        f"/rules/{every}/history", f"/rules/{every}/history?recipient=b@example.org", f"/rules/{own}/delete",
        "/rules/1",
    ]  # fmt: skip
    for place in places:
        answer = page.goto(home + place)
        assert answer is not None
        assert answer.status == 200, place
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, place
        assert page.get_by_role("heading", level=1).count() == 1, place
        assert Axe().run(page).response["violations"] == [], place
    page.goto(f"{home}/rules/new")
    page.get_by_label("Words").fill("(pears")
    page.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_label("Words")).to_have_attribute("aria-invalid", "true")
    assert Axe().run(page).response["violations"] == []
    # the browser itself reports the status of a form that is refused
    assert [line for line in wrong if "422" not in line] == []
    context.close()


def test_a_rule_is_made_by_keyboard_alone(browser: Browser, desk: Desk, home: str) -> None:
    context, _wrong = opened(browser)
    page = context.new_page()
    page.goto(f"{home}/rules/new")
    page.get_by_label("Name").focus()
    page.keyboard.type("Barges")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_label("Recipients").focus()
    page.keyboard.type("ana@example.org")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Save the rule").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("works from the next article on")
    (kept,) = rules_in_service(desk.db)
    assert (kept.settings["kinds"], kept.settings["frequency"]) == (["announcement", "quote"], "hourly")
    context.close()

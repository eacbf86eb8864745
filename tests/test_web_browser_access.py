"""Logging in, the own account and the pages below /data in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from db.accounts.users import disable
from db.connection import value
from tests.db_samples import NOON, Desk
from tests.web_browser import NEEDS_CHROMIUM, chromium, opened, served
from tests.web_desk import filled
from tests.web_logins import SECRETS, Clock, with_users
from web.access import Access
from web.app import make_app

pytestmark = NEEDS_CHROMIUM

PLACES = (
    "/login",
    "/account",
    "/data/policywire",
    "/data/policywire/quotes_attributed?_facet=role&language=en",
    "/data/policywire/articles",
    "/data/policywire/machine_against_reviewers",
    "/data/policywire?sql=select+*+from+articles_latest",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return with_users(filled(tmp_path / "policywire.sqlite"))


@pytest.fixture
def home(desk: Desk) -> Iterator[str]:
    """The site with logins."""
    access = Access(logins=True, base_url="http://127.0.0.1")
    with served(make_app(desk.path, archive=desk.path.parent, access=access, clock=Clock())) as home:
        yield home


def log_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False])
def test_one_logs_in_works_changes_the_password_and_logs_out(
    browser: Browser, desk: Desk, home: str, scripts: bool
) -> None:
    context, wrong = opened(browser, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{home}/search?q=出口")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    log_in(page, "Vero", SECRETS["Vero"])
    expect(page).to_have_url(f"{home}/search?q=%E5%87%BA%E5%8F%A3")

    page.get_by_role("link", name="Vero").click()
    for label, typed in (
        ("Current password", SECRETS["Vero"]),
        ("New password", "a new and longer sentence"),
        ("New password, again", "a new and longer sentence"),
    ):
        page.get_by_label(label, exact=True).fill(typed)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("status")).to_contain_text("Your password is changed")
    assert value(desk.db, "SELECT count(*) FROM sessions") == 1

    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert value(desk.db, "SELECT count(*) FROM sessions") == 0
    page.goto(home)
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert wrong == []
    context.close()


def test_a_wrong_password_is_told_and_the_name_is_kept(browser: Browser, home: str) -> None:
    context, _wrong = opened(browser)
    page = context.new_page()
    page.goto(home)
    log_in(page, "Vero", "no such password")
    expect(page.get_by_role("alert")).to_have_text("That name and password do not belong together.")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Vero")
    expect(page.get_by_label("Password")).to_be_focused()
    log_in(page, "Vero", SECRETS["Vero"])
    expect(page).to_have_url(f"{home}/")
    context.close()


def test_whoever_is_disabled_stands_before_the_login_with_the_next_click(
    browser: Browser, desk: Desk, home: str
) -> None:
    context, _wrong = opened(browser)
    page = context.new_page()
    page.goto(home)
    log_in(page, "Rea", SECRETS["Rea"])
    expect(page).to_have_url(f"{home}/")
    disable(desk.db, "Rea", now=NOON)
    page.get_by_role("link", name="Sources").first.click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_tables_are_filtered_counted_and_asked_by_sql_under_the_strict_policy(
    browser: Browser, home: str, scripts: bool
) -> None:
    context, wrong = opened(browser, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(home)
    log_in(page, "Rea", SECRETS["Rea"])
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_role("link", name="quotes_attributed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("quotes_attributed")

    page.get_by_label("Count by").select_option("role")
    page.get_by_role("button", name="Count by column").click()
    page.get_by_role("link", name="official").click()
    expect(page.get_by_text('1 row, where role = "official"')).to_be_visible()
    page.get_by_label("Column of filter 1").select_option("language")
    page.get_by_label("Value of filter 1").fill("en")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text('2 rows, where language = "en"')).to_be_visible()
    page.get_by_role("columnheader", name="speaker", exact=True).get_by_role("link").click()
    expect(page.get_by_text("sorted by speaker")).to_be_visible()

    page.get_by_role("link", name="View and edit the SQL").click()
    page.get_by_label("SQL").fill("select title from articles_latest where language = :language")
    page.get_by_role("button", name="Run").click()
    page.get_by_label("language").fill("zh")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("status")).to_have_text("1 row")
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    assert saved.value.suggested_filename.endswith(".csv")
    assert wrong == []
    context.close()


def test_every_page_fits_reports_no_error_and_passes_axe_at_any_width_by_day_or_night(
    browser: Browser, home: str
) -> None:
    context, wrong = opened(browser)
    page = context.new_page()
    page.goto(home)
    log_in(page, "Ada", SECRETS["Ada"])
    expect(page).to_have_url(f"{home}/")
    for place in PLACES:
        answer = page.goto(home + place)
        assert answer is not None
        assert answer.status == 200, place
        assert page.get_by_role("heading", level=1).count() == 1, place
        for scheme, width in (("light", 1280), ("dark", 360)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (place, width)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{place}, {scheme}: {found.generate_report()}"
    assert wrong == []
    context.close()

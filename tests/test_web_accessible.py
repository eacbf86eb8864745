"""Every page can be used by everybody: by axe's rules, by keyboard, without JavaScript, on a phone, in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, TimeoutError, expect

from tests.db_samples import TEXT, Desk, article, usual
from tests.web_browser import CHROMIUM, chromium, opened, served
from tests.web_desk import NOW, dead, filled
from tests.web_pages import PAGES, Place
from web.app import make_app
from web.records import Record

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}")

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
each_page = pytest.mark.parametrize("place", PAGES, ids=lambda place: place.name)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = filled(tmp_path_factory.mktemp("desk") / "policywire.sqlite")
    desk.store(article(TEXT.replace("two hundred", "three hundred"), title="Barges to get harder permits"), usual())
    dead(desk, "550 no such user here", "552 mailbox is full")
    return desk


@pytest.fixture(scope="module")
def home(desk: Desk) -> Iterator[str]:
    kept = Record(status=200, headers=(("Content-Type", "text/html"),), size=9, text="<h1>Barges</h1><p>出口</p>")
    archive = desk.path.parent / "archive"
    app = make_app(desk.path, archive=archive, clock=lambda: NOW, read_record=lambda ref: kept)
    with served(app) as address:
        yield address


def look(page: Page, home: str, desk: Desk, place: Place) -> None:
    answer = page.goto(home + place.at(desk.db))
    assert answer is not None
    assert answer.status == (404 if place.name == "error" else 200), place.name


@each_page
def test_axe_finds_nothing_wrong_at_any_width_by_day_or_night(
    browser: Browser, desk: Desk, home: str, place: Place
) -> None:
    context, _wrong = opened(browser, viewport=DESKTOP)
    page = context.new_page()
    look(page, home, desk, place)
    for scheme in ("light", "dark"):
        for size in (DESKTOP, PHONE):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size(size)  # type: ignore[arg-type]
            found = Axe().run(page)
            assert found.violations_count == 0, f"{scheme}, {size['width']}: {found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (scheme, size)
    context.close()


_STOPS = """
() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter(e => e.tabIndex >= 0 && e.type !== "hidden" && !e.disabled && e.checkVisibility({visibilityProperty: true}))
  .filter((e, at, all) => e.type !== "radio" || e === (
    all.find(one => one.type === "radio" && one.name === e.name && one.form === e.form && one.checked) ??
    all.find(one => one.type === "radio" && one.name === e.name && one.form === e.form)))
  .length
"""
_HERE = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  e.__at ??= (window.__stops = (window.__stops ?? 0) + 1);
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return {
    at: e.__at, what: e.outerHTML.slice(0, 120),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || e.tagName === "IFRAME",
  };
}
"""

_MOVED = """
before => {
  const e = document.activeElement;
  return (!e || e === document.body ? 0 : e.__at ?? -1) !== before;
}
"""


def press_tab(page: Page, before: int) -> None:
    """Into and out of a frame the focus moves a little after the key: another process of the browser draws that."""
    page.keyboard.press("Tab")
    if page.locator("iframe").count():
        with suppress(TimeoutError):  # inside of a frame, for us, it does not move
            page.wait_for_function(_MOVED, arg=before, timeout=2000)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@each_page
def test_the_tab_key_reaches_everything_and_shows_where_it_is(
    browser: Browser, desk: Desk, home: str, place: Place, size: dict[str, int]
) -> None:
    context, _wrong = opened(browser, viewport=size, java_script_enabled=True)
    page = context.new_page()
    look(page, home, desk, place)
    reached: dict[int, None] = {}
    wanted = page.evaluate(_STOPS)
    at = 0
    for _ in range(3 * wanted + 10):
        press_tab(page, at)
        here = page.evaluate(_HERE)
        at = here["at"] if here else 0
        if here is None:
            continue  # the browser's own bar; a page may begin in the middle, with its search
        if here["at"] in reached and here["at"] != next(reversed(reached)):
            break  # round once; a date is left by several Tabs
        assert here["seen"], f"out of sight: {here['what']}"
        assert here["marked"], f"without a mark of focus: {here['what']}"
        reached[here["at"]] = None
    assert len(reached) >= wanted, f"{len(reached)} of {wanted} were reached"
    context.close()


@each_page
def test_a_page_is_whole_without_javascript(browser: Browser, desk: Desk, home: str, place: Place) -> None:
    context, wrong = opened(browser, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    look(page, home, desk, place)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    if place.name != "unsubscribe":  # it is for people who have no business on the site
        expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Today")).to_be_visible()
    assert [text for text in wrong if "404" not in text] == []
    context.close()


# -- the article reader -----------------------------------------------------------------------------------------------


def quoted(desk: Desk) -> tuple[str, str]:
    found = desk.db.conn.execute("SELECT article_id, id FROM quotes WHERE retired_at IS NULL ORDER BY seq LIMIT 1")
    identity, statement = found.fetchone()
    return identity, statement


def test_words_show_their_record_by_mouse_without_javascript(browser: Browser, desk: Desk, home: str) -> None:
    identity, statement = quoted(desk)
    context, _wrong = opened(browser, viewport=DESKTOP, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{home}/articles/{identity}")
    note = page.locator(f"#r-{statement}")
    expect(note).not_to_have_css("outline-style", "solid")
    page.locator(f"mark#{statement}").hover()
    expect(note).to_have_css("outline-style", "solid")
    note.hover()
    expect(page.locator(f"mark#{statement}")).to_have_css("outline-style", "solid")
    context.close()


def test_on_a_phone_the_record_comes_up_and_goes_again_without_javascript(
    browser: Browser, desk: Desk, home: str
) -> None:
    identity, statement = quoted(desk)
    context, _wrong = opened(browser, viewport=PHONE, java_script_enabled=False, has_touch=True)
    page = context.new_page()
    page.goto(f"{home}/articles/{identity}")
    note = page.locator(f"#r-{statement}")
    expect(note).to_be_hidden()
    page.locator(f'a[href="#r-{statement}"]').tap()
    expect(note).to_be_visible()
    expect(note).to_be_in_viewport(ratio=1)
    note.get_by_role("link", name="close").tap()
    expect(note).to_be_hidden()
    context.close()


def test_an_address_of_a_mail_shows_words_and_record_on_a_phone(browser: Browser, desk: Desk, home: str) -> None:
    identity, statement = quoted(desk)
    context, _wrong = opened(browser, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{home}/articles/{identity}#{statement}")
    expect(page.locator(f"mark#{statement}")).to_be_in_viewport()
    expect(page.locator(f"#r-{statement}")).to_be_in_viewport(ratio=1)
    context.close()


def test_the_number_behind_the_words_shows_the_record_by_keyboard(browser: Browser, desk: Desk, home: str) -> None:
    identity, statement = quoted(desk)
    context, _wrong = opened(browser, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{home}/articles/{identity}")
    page.locator(f'a[href="#r-{statement}"]').focus()
    expect(page.locator(f"#r-{statement}")).to_be_in_viewport(ratio=1)
    context.close()


def test_keys_go_from_statement_to_statement_into_the_record_and_to_its_review(
    browser: Browser, desk: Desk, home: str
) -> None:
    identity, statement = quoted(desk)
    context, wrong = opened(browser, viewport=DESKTOP)
    page = context.new_page()
    page.goto(f"{home}/articles/{identity}")
    page.keyboard.press("j")
    expect(page.locator("mark:focus")).to_have_class("policy n1")
    page.keyboard.press("j")
    expect(page.locator("mark:focus")).to_have_attribute("id", statement)
    expect(page.locator(f"#r-{statement}")).to_have_css("outline-style", "solid")
    page.keyboard.press("Enter")
    expect(page.locator(f"#r-{statement} a.who")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("mark:focus")).to_have_class("policy n1")
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.wait_for_url(f"**/review/{statement}")
    assert wrong == []
    context.close()


def test_keys_go_from_entry_to_entry_of_today_and_to_their_list(browser: Browser, home: str) -> None:
    context, _wrong = opened(browser, viewport=DESKTOP)
    page = context.new_page()
    page.goto(home)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".item h3 a").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(".item h3 a").first).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("jk?r")
    expect(page.get_by_role("searchbox")).to_have_value("jk?r")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    page.wait_for_url("**/keys")
    context.close()


def test_each_number_has_its_rule_in_the_style_sheet() -> None:
    from web.marks import MOST_POINTED
    from web.render import STATIC

    rules = (Path(STATIC) / "marks.css").read_text(encoding="utf-8")
    for number in range(1, MOST_POINTED + 1):
        assert rules.count(f".n{number}:") == 3, number
        assert rules.count(f".note.n{number}:") == 1, number

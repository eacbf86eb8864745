"""Search in a real browser: from words to a narrow search by links alone, at every width, for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.db_samples import Desk, article
from tests.web_browser import NEEDS_CHROMIUM, chromium, opened, served
from tests.web_desk import filled, site

pytestmark = NEEDS_CHROMIUM

HOSTILE = "</script><script>alert(1)</script>\u202e" + "W" * 400


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = filled(tmp_path / "policywire.sqlite")
    for at in range(30):
        url = f"https://www.chinadaily.com.cn/a/202611/01/WS{at:04}.html"
        title = HOSTILE if at == 7 else f"Flood {at}"
        desk.store(article(f"Story {at} of the flood.", url=url, title=title, published=f"20{at % 9 + 17}-11-01"))
    return desk


@pytest.fixture
def home(desk: Desk) -> Iterator[str]:
    with served(site(desk).app) as address:
        yield address


def test_words_are_narrowed_down_by_links_and_widened_again_without_javascript(browser: Browser, home: str) -> None:
    context, wrong = opened(browser, java_script_enabled=False, viewport={"width": 1100, "height": 800})
    page = context.new_page()
    page.goto(f"{home}/search")
    page.get_by_label("Words to look for").fill("ginkgo OR 银杏叶")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(f"{home}/search?q=ginkgo+OR+%E9%93%B6%E6%9D%8F%E5%8F%B6")
    page.get_by_label("What to search").get_by_role("link", name="Announcements 2").click()
    expect(page.get_by_role("status")).to_have_text("2 announcements")
    filters = page.get_by_role("complementary", name="Filters")
    filters.get_by_role("link", name="background").click()
    expect(page.get_by_role("status")).to_have_text("1 announcement")
    expect(page.get_by_role("article")).to_contain_text("control of ginkgo extract")
    filters.get_by_label("from").fill("2027")
    filters.get_by_role("button", name="Set").click()
    expect(page.get_by_text("Nothing was found")).to_be_visible()
    page.get_by_role("link", name="at any time").click()
    expect(page.get_by_role("status")).to_have_text("1 announcement")
    page.get_by_role("link", name="Take away reported as: background").click()
    expect(page.get_by_role("status")).to_have_text("2 announcements")
    filters.locator("#facet-issuer + ul + details summary").click()
    filters.get_by_label("Issuer, as it is printed").fill("state council")
    filters.locator("#facet-issuer ~ details").get_by_role("button", name="Add").click()
    expect(page.get_by_text("Nothing was found")).to_be_visible()
    assert page.url.endswith("&in=announcements&issuer=state+council")
    assert wrong == []
    context.close()


def test_words_that_are_changed_keep_the_filters(browser: Browser, home: str) -> None:
    context, wrong = opened(browser, viewport={"width": 1100, "height": 800})
    page = context.new_page()
    page.goto(f"{home}/search?q=flood&in=articles&since=2020&until=2020")
    page.keyboard.press("/")
    page.keyboard.type("story -zinc")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{home}/search?q=story+-zinc&in=articles&since=2020&until=2020")
    expect(page.get_by_role("status")).to_have_text("3 articles")
    assert wrong == []
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_search_fits_asks_nobody_else_and_can_be_used_by_everybody(
    browser: Browser, home: str, width: int, scheme: str
) -> None:
    context, wrong = opened(browser, color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    for place in (
        "/search",
        "/search?q=出口",
        "/search?in=announcements&action=export_control&action=opening&issuer=Ministry+of+Commerce",
        "/search?in=quotes&q=grain&sort=relevance",
        "/search?in=articles&q=flood",
        "/search?in=articles&q=flood&since=2018&until=2018",
        "/search?in=attachments",
        "/search?in=articles&q=barges+zinc&language=en&since=2031",
        "/search?q=(",
        "/search?in=announcements&action=nonsense&since=yesterday&q=" + "W" * 300,
    ):
        page.goto(home + place)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (place, width)
        report = Axe().run(page)
        found = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in report.response["violations"]]
        assert found == [], (place, width, scheme)
    # the browser itself reports the status of a query that cannot be understood
    assert [line for line in wrong if "400" not in line] == []
    context.close()


def test_the_filters_are_a_jump_away_on_a_phone(browser: Browser, home: str) -> None:
    context, wrong = opened(browser, viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(f"{home}/search?in=articles&q=flood")
    page.get_by_role("link", name="Filters", exact=True).click()
    expect(page.get_by_role("heading", name="Date")).to_be_in_viewport()
    assert wrong == []
    context.close()

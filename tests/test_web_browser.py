"""The site in a real browser: review by form without JavaScript, at desktop and phone width, light and dark."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from alerts.rules import Rule
from db.connection import rows, value
from db.crawling.requests import end_request, take_request
from db.issues import add_issue
from db.review import history, statement
from pipeline.model import Attachment
from tests.db_samples import Desk, article, policy, quote, statements
from tests.watching import watching
from tests.web_browser import NEEDS_CHROMIUM, chromium, opened, served
from tests.web_desk import NOW, WORDS, filled, issue, site

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


def places(desk: Desk) -> list[str]:
    found = [
        "/",
        "/search?q=出口",
        "/search?in=quotes&role=executive",
        "/search?in=articles&q=nothing",
        "/review",
        "/sources",
        "/sources/runs",
        "/sources/issues",
        "/export",
    ]
    for table, place in (("articles", "articles"), ("instruments", "instruments"), ("persons", "people")):
        found += [f"/{place}/{one['id']}" for one in rows(desk.db, f"SELECT id FROM {table}")]  # noqa: S608
    return found


def test_a_reviewer_corrects_undoes_accepts_and_rejects_without_javascript(
    browser: Browser, desk: Desk, home: str
) -> None:
    quoted = str(value(desk.db, "SELECT id FROM quotes WHERE text = ?", [WORDS]))
    announced = str(value(desk.db, "SELECT id FROM policies WHERE instrument = 'guideline'"))
    context, wrong = opened(browser, java_script_enabled=False)
    page = context.new_page()

    page.goto(f"{home}/review/{quoted}")
    page.get_by_label("role").select_option("expert")
    page.get_by_role("button", name="Save corrections").click()
    expect(page.get_by_role("status")).to_contain_text("Corrected: Lin Qiao")
    assert statement(desk.db, quoted).record["role"] == "expert"

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("role")).to_have_value("executive")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("status")).to_contain_text("Accepted")

    page.goto(f"{home}/review/{announced}")
    page.get_by_label("another reason").fill("a company's own plan")
    page.get_by_role("button", name="Reject", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Rejected")
    assert [event["decision"] for event in history(desk.db, quoted)] == ["correct", "undo", "accept"]
    assert history(desk.db, announced)[0]["reason"] == "a company's own plan"
    assert wrong == []
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_asks_nobody_else_and_reports_no_error(
    browser: Browser, desk: Desk, home: str, width: int, scheme: str
) -> None:
    context, wrong = opened(browser, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    grounds = set()
    for place in places(desk):
        answer = page.goto(home + place)
        assert answer is not None
        assert answer.status == 200, place
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, place
        assert page.get_by_role("heading", level=1).count() == 1, place
        assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "the style sheet has not come"
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert wrong == []
    assert grounds == {"rgb(244, 242, 237)" if scheme == "light" else "rgb(21, 23, 26)"}
    context.close()


_WEAK = """
() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = e => {
    const colour = e ? parts(getComputedStyle(e).backgroundColor) : [255, 255, 255];
    return colour[3] === 0 ? ground(e.parentElement) : colour;
  };
  const says = e =>
    e.checkVisibility() && [...e.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  const contrast = e => {
    const [less, more] = [light(parts(getComputedStyle(e).color)), light(ground(e))].sort((a, b) => a - b);
    return (more + 0.05) / (less + 0.05);
  };
  return [...document.body.querySelectorAll("*")].filter(e => says(e) && contrast(e) < 4.5).map(e => e.textContent);
}
"""
"""Texts that are seen whose contrast is below 4.5 to 1 (WCAG 2.2, 1.4.3)."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_mail_can_be_read_on_a_phone_by_day_and_by_night(browser: Browser, desk: Desk, scheme: str) -> None:
    rule = Rule(name="Everything", to=("reader@example.org",), kinds=("announcement", "quote", "article"))
    words = "Quotas will rise by a tenth"
    text = f"A guideline on quotas was issued.\n\n{words}, said Lin Qiao, a manager of Heron Barges."
    desk.store(
        article(text, url="https://www.chinadaily.com.cn/a/202611/19/WSmail.html", title="Quotas rise"),
        statements([quote(text, words, kind="indirect")], [policy(text, "A guideline on quotas was issued.")]),
        on_new=watching(desk, rule),
    )
    context, wrong = opened(browser, viewport={"width": 360, "height": 640}, color_scheme=scheme)
    page = context.new_page()
    page.set_content(str(value(desk.db, "SELECT html FROM outbox ORDER BY id DESC LIMIT 1")))
    assert page.get_by_role("link", name="Read and correct").count() == 2  # the announcement, and what is said of it
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(_WEAK) == []
    assert wrong == []
    context.close()


def test_a_link_of_a_mail_leads_to_the_marked_words(browser: Browser, desk: Desk, home: str) -> None:
    text = "\n\n".join(f"Paragraph {n} of a long story about barges." for n in range(80))
    words = "Paragraph 70 of a long story about barges."
    stored = desk.store(
        article(text, url="https://www.chinadaily.com.cn/a/202611/19/WSlong.html", title="Long"),
        statements(policies=[policy(text, words)]),
    )
    context, wrong = opened(browser, viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(f"{home}/articles/{stored.article_id}#{stored.new[0]}")
    mark = page.locator(f"#{stored.new[0]}")
    expect(mark).to_have_text(words)
    expect(mark).to_be_in_viewport()
    assert wrong == []
    context.close()


def test_a_hostile_page_runs_nothing(browser: Browser, desk: Desk, home: str) -> None:
    text = 'A guideline was issued. <script>alert(1)</script><img src="https://evil.example/x" onerror="alert(2)">'
    stored = desk.store(
        article(
            text,
            url="https://www.chinadaily.com.cn/a/202611/19/WSevil.html",
            title="<script>alert(3)</script>\u202e" + "x" * 100_000,
            attachments=(Attachment(url="javascript:alert(4)", name="<img src=https://evil.example/y>"),),
        ),
        statements(policies=[policy(text, text, title="<svg onload=alert(5)>")]),
    )
    context, wrong = opened(browser, viewport={"width": 360, "height": 640})
    page = context.new_page()
    for place in (f"/articles/{stored.article_id}", "/", f"/review/{stored.new[0]}", "/search?q=guideline"):
        page.goto(home + place)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, place
        assert page.locator("main img, main script, main svg:not(.bars)").count() == 0
    assert wrong == []
    context.close()


def test_a_crawl_is_asked_for_and_an_issue_closed_without_javascript(browser: Browser, desk: Desk, home: str) -> None:
    add_issue(desk.db, issue(), now=NOW)
    context, wrong = opened(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{home}/sources")
    crawl = page.get_by_role("group", name="Crawl of Ministry of Commerce")
    crawl.get_by_role("button", name="Run now").click()
    expect(crawl.get_by_role("status")).to_contain_text("has asked for a crawl")
    assert value(desk.db, "SELECT source FROM crawl_requests") == "mofcom"

    taken = take_request(desk.db, now=NOW)
    assert taken is not None
    end_request(desk.db, taken.id, ended="done", now=NOW)
    page.reload()
    expect(crawl).to_contain_text("it has ended")

    page.get_by_text("Close…").click()
    page.get_by_label("Why is it over?").fill("the column has a new name")
    page.get_by_role("button", name="Close the issue").click()
    expect(page.get_by_text("None.")).to_be_visible()
    page.get_by_role("link", name="Closed issues").click()
    expect(page.get_by_text("the column has a new name")).to_be_visible()
    assert wrong == []
    context.close()


def test_a_table_and_a_search_are_downloaded_without_javascript(browser: Browser, home: str, tmp_path: Path) -> None:
    context, wrong = opened(browser, java_script_enabled=False, accept_downloads=True)
    page = context.new_page()
    page.goto(f"{home}/export")
    page.get_by_role("combobox", name="Table").select_option("quotes_attributed")
    page.get_by_label("Words").fill("barges")
    page.get_by_label("CSV begins with").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename == "quotes_attributed-2026-11-20.csv"
    download.value.save_as(tmp_path / "quotes.csv")
    with (tmp_path / "quotes.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [one["text"] for one in csv.DictReader(file)] == [WORDS]

    page.goto(f"{home}/search?in=announcements&q=银杏叶")
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON lines").click()
    download.value.save_as(tmp_path / "found.jsonl")
    found = [json.loads(line) for line in (tmp_path / "found.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["title"] for one in found] == ["对银杏叶提取物实施出口管制的公告"]
    assert wrong == []
    context.close()


def test_the_first_stop_of_the_keyboard_leads_past_the_navigation(browser: Browser, home: str) -> None:
    context, _wrong = opened(browser)
    page = context.new_page()
    page.goto(home)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    context.close()

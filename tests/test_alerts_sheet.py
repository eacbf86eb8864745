"""The sheet of the mails holds in programs that drop style sheets, on a phone and in the dark; the week's chart too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup, Comment, Tag
from playwright.sync_api import Browser

from alerts.digest import send_due
from alerts.notice import compose_notice
from alerts.sheet import LARGEST, Composed, fitting, with_way_out
from alerts.week import week_of
from db.connection import row
from tests.db_samples import CHINESE, NOON, TEXT, Desk, article, ministry, policy, quote, statements
from tests.watching import HERE, rule, watching
from tests.web_browser import CHROMIUM, NEEDS_CHROMIUM, chromium

SORTS = ("alert", "weekly", "notice")
FORBIDDEN = re.compile(
    r"(?:^|[;\s])(?:display:\s*(?:flex|grid|inline-flex)|position|float|transform|url\(|var\(|@import)"
)
WORDS = "Barges will carry twice the grain next year,"


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The HTML of a mail of each sort."""
    return {sort: _html(sort, tmp_path_factory.mktemp(sort) / "policywire.db") for sort in SORTS}


def _html(sort: str, path: Path) -> str:
    if sort == "notice":
        made = compose_notice("x", facts=(("Source", "China Daily"),), paragraphs=("a",), links=(("b", HERE),))
        return made.html
    desk = Desk(path)
    settings = {"frequency": "weekly"} if sort == "weekly" else {}
    hook = watching(desk, rule(name="Freight", kinds=("announcement", "quote", "article"), query="barges", **settings))
    found = statements([quote(TEXT, WORDS)], [policy(TEXT, TEXT.partition("\n\n")[0], action="tariff")])
    desk.store(article(), found, on_new=hook)
    chinese = policy(
        CHINESE, CHINESE.partition("\n\n")[0], title="公布对银杏叶实施出口管制 barges", action="export_control"
    )
    desk.store(ministry(), statements(policies=[chinese]), on_new=hook)
    send_due(desk.db, NOON + timedelta(days=4), base_url=HERE)
    held = row(desk.db, "SELECT text, html FROM outbox ORDER BY id")
    assert held is not None
    desk.db.close()
    return with_way_out(held["text"], held["html"], f"{HERE}unsubscribe/7-a")[1] or ""


each = pytest.mark.parametrize("sort", SORTS)


@each
def test_nothing_in_a_mail_needs_what_mail_programs_lack(mails: dict[str, str], sort: str) -> None:
    page = BeautifulSoup(mails[sort], "lxml")
    assert page.find_all(["img", "script", "link", "form", "svg", "iframe", "object", "base"]) == []
    assert [tag["style"] for tag in page.find_all(style=True) if FORBIDDEN.search(str(tag["style"]))] == []
    assert [tag.name for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)] == []
    assert "!important" not in "".join(str(tag["style"]) for tag in page.find_all(style=True))
    assert {str(link["href"]).partition(":")[0] for link in page.find_all("a")} <= {"http", "https"}


@each
def test_every_text_has_its_colour_and_its_font_without_the_style_element(mails: dict[str, str], sort: str) -> None:
    page = BeautifulSoup(mails[sort], "lxml")
    for element in page.find_all("style"):
        element.decompose()
    bare = []
    for text in page.body.find_all(string=True):
        if isinstance(text, Comment) or not text.strip("\xa0 \n"):
            continue
        styles = [str(tag.get("style", "")) for tag in text.parents if isinstance(tag, Tag)]
        cell = next(at for at, tag in enumerate(text.parents) if tag.name in ("td", "th", "div"))
        # what a cell says must be said in the cell: Outlook lets a table inherit little
        for wanted in ("color:", "font-size:"):
            if not any(re.search(rf"(?<![-\w]){wanted}", style) for style in styles[: cell + 1]):
                bare.append((wanted, text.strip()[:40]))
    assert bare == []
    assert [tag for tag in page.find_all("a") if "color:" not in str(tag.get("style"))] == []


@each
def test_tables_that_only_lay_out_say_so_and_headings_are_headings(mails: dict[str, str], sort: str) -> None:
    page = BeautifulSoup(mails[sort], "lxml")
    assert [t for t in page.find_all("table") if t.get("role") != "presentation" and "chart" not in t["class"]] == []
    assert len(page.find_all("h1")) == 1
    assert page.html["lang"] == "en"
    assert [tag["lang"] for tag in page.find_all(["h1", "h2"]) if "银杏" in tag.get_text()] in ([], ["zh-Hans"])


@each
def test_the_style_element_holds_the_night_twice_and_the_phone(mails: dict[str, str], sort: str) -> None:
    (element,) = BeautifulSoup(mails[sort], "lxml").find_all("style")
    style = element.get_text()
    assert "@media (prefers-color-scheme: dark)" in style
    assert "[data-ogsc] .ink, [data-ogsc] .head" in style
    assert "@media (max-width: 480px)" in style
    outside = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", style)
    left = [line for line in outside.splitlines() if line.strip() and not line.startswith((":root", "[data-ogsc]"))]
    assert left == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with chromium() as started:
        yield started


@NEEDS_CHROMIUM
@each
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (700, "light"), (700, "dark")])
def test_a_mail_fits_and_axe_finds_nothing_wrong(
    browser: Browser, mails: dict[str, str], sort: str, width: int, scheme: str
) -> None:
    asked: list[str] = []
    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.set_content(mails[sort])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # mails have no landmarks: their programs bring them
        found = Axe().run(
            page, options={"rules": {"region": {"enabled": False}, "landmark-one-main": {"enabled": False}}}
        )
        assert found.violations_count == 0, found.generate_report()
        dark = page.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor")
        assert dark == ("rgb(28, 31, 35)" if scheme == "dark" else "rgb(255, 254, 251)")
    assert [url for url in asked if not url.startswith(("about:", "data:"))] == [], "a mail asks nobody for anything"


def test_a_mail_that_would_be_cut_is_made_shorter() -> None:
    tried = []

    def made(most: int) -> Composed:
        tried.append(most)
        return Composed(subject="", text="", html="长" * most * 3_000)

    assert len(fitting(made, 40).html.encode()) <= LARGEST
    assert tried == [40, 11]
    tried.clear()
    fitting(lambda most: Composed(subject="", text="", html="x" * 2 * LARGEST), 3)


# -- the week ----------------------------------------------------------------------------------------------------------

MONDAY = datetime.fromisoformat("2026-11-23T08:00:00+08:00")
WEEKLY = rule(name="Week", frequency="weekly")


def announced(at: str, action: str) -> dict[str, str]:
    return {"sort_at": at, "action": action}


def test_the_week_counts_by_day_of_the_rules_zone_and_by_action() -> None:
    week = week_of(
        WEEKLY,
        [
            announced("2026-11-15T17:00:00Z", "tariff"),  # Monday in Shanghai
            announced("2026-11-16T03:00:00Z", "export_control"),
            announced("2026-11-16T04:00:00Z", "export_control"),
            announced("2026-11-22T15:59:59Z", "support"),
            announced("2026-11-22T16:00:00Z", "support"),  # the morning of the digest
            announced("2026-10-01T00:00:00Z", "other"),
        ],
        MONDAY,
    )
    assert week is not None
    assert [day.name for day in week.days][:2] == ["Mon 16 Nov", "Tue 17 Nov"]
    assert [day.count for day in week.days] == [3, 0, 0, 0, 0, 0, 1]
    assert week.days[0].words == "2 export controls, 1 tariff"
    assert week.days[1].words == "none"
    assert [(share.words, share.count) for share in week.legend] == [
        ("export controls", 2),
        ("tariff", 1),
        ("support", 1),
    ]
    assert week.outside == 2
    assert sum(share.width for share in week.days[0].shares) <= 300


def test_only_a_weekly_digest_with_news_of_its_week_has_a_chart() -> None:
    found = [announced("2026-11-17T03:00:00Z", "tariff")]
    assert week_of(rule(frequency="daily"), found, MONDAY) is None
    assert week_of(WEEKLY, [], MONDAY) is None
    assert week_of(WEEKLY, found, MONDAY + timedelta(days=30)) is None


def test_the_chart_is_a_table_and_words(mails: dict[str, str]) -> None:
    page = BeautifulSoup(mails["weekly"], "lxml")
    chart = page.find("table", class_="chart")
    assert len(chart.find_all("th", scope="row")) == 7
    shares = chart.select("td.share")
    assert shares
    assert all(cell["bgcolor"] in cell["style"] and cell["title"] for cell in shares)

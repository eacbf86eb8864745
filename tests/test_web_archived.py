"""The archived page is shown without anything that acts: no script runs, no request leaves, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from playwright.sync_api import Browser, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

import web.pages.archived
from archive.warc import Archive
from cli.records import record_reader
from db.connection import value
from pipeline.model import Page
from tests.db_samples import NOON, Desk, article, usual
from tests.web_browser import CHROMIUM, chromium, opened, served
from tests.web_desk import NOW, Reader
from web.app import make_app
from web.harmless import Harmless, harmless

URL = "https://www.chinadaily.com.cn/a/202611/19/WSaaaa0001.html"
HEADERS = (("Content-Type", "text/html; charset=utf-8"), ("X-Served-By", "a cache"))
PAGE = (
    "<!DOCTYPE html><html><head><title>Barges</title></head><body><h1>Barges to get easier permits</h1>"
    '<p>出口 <a href="https://elsewhere.example/">a link</a> <img src="x.jpg" alt="a barge"></p>'
    "<table><tr><td colspan='2'>a cell</td></tr></table>"
)


class Sites:
    """A desk whose pages lie in a real archive, and the site over both."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder / "policywire.sqlite")
        self.folder = folder / "archive"
        self.app = make_app(
            self.desk.path, archive=self.folder, clock=lambda: NOW, read_record=record_reader(self.folder)
        )
        self.reader = Reader(self.app)

    def keep(self, body: bytes, **changes: object) -> int:
        """Archive a page and store its article; gives the page's number."""
        page = replace(
            Page(url=URL, source="china_daily", body=body, fetched_at=NOON, headers=HEADERS),
            **changes,  # type: ignore[arg-type]
        )
        with Archive(self.folder) as kept:
            ref = kept.append(page)
        self.desk.store(article(), usual(), page=(page, ref))
        return int(value(self.desk.db, "SELECT max(id) FROM pages"))

    def read(self, path: str) -> str:
        answer = self.reader.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.fixture
def sites(tmp_path: Path) -> Sites:
    return Sites(tmp_path)


def test_an_article_leads_to_its_archived_page_and_back(sites: Sites) -> None:
    number = sites.keep(PAGE.encode())
    identity = value(sites.desk.db, "SELECT id FROM articles")
    assert f'href="/archived/{number}"' in sites.read(f"/articles/{identity}")
    page = sites.read(f"/archived/{number}")
    for expected in (f'href="/articles/{identity}"', URL, "200, text/html", "china_daily/2026-11-20", 'sandbox=""'):
        assert expected in page


def test_its_words_lists_and_tables_are_shown_and_its_links_are_words(sites: Sites) -> None:
    page = sites.read(f"/archived/{sites.keep(PAGE.encode())}/page")
    assert "<h1>Barges to get easier permits</h1>" in page
    assert "<p>出口 <a>a link</a> <small>[a barge]</small></p>" in page
    assert '<td colspan="2">a cell</td>' in page
    assert "elsewhere.example" not in page


def test_a_page_in_a_chinese_character_set_is_read(sites: Sites) -> None:
    body = "<html><body><p>商务部今日发布公告，决定对银杏叶提取物出口实行许可管理。</p>".encode("gb18030")
    headers = (("Content-Type", "text/html; charset=gb2312"),)
    assert "商务部今日发布公告" in sites.read(f"/archived/{sites.keep(body, headers=headers)}/page")


def test_the_record_is_saved_as_text_and_never_shown(sites: Sites) -> None:
    answer = sites.reader.get(f"/archived/{sites.keep(PAGE.encode())}/raw")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    head, _, body = answer.text.partition("\n\n")
    assert head.splitlines()[0] == "HTTP/1.1 200 OK"
    assert "X-Served-By: a cache" in head.splitlines()
    assert body == PAGE


def test_a_file_is_told_and_not_shown(sites: Sites) -> None:
    number = sites.keep(b"%PDF-1.7\x00\x01", headers=(("Content-Type", "application/pdf"),))
    assert "This record is a file and no page." in sites.read(f"/archived/{number}")
    assert sites.reader.get(f"/archived/{number}/page").status_code == 404
    assert "(10 bytes that are no text)" in sites.read(f"/archived/{number}/raw")


def test_an_answer_of_data_is_shown_as_its_text(sites: Sites) -> None:
    number = sites.keep(b'{"a": "<script>alert(1)</script>"}', headers=(("Content-Type", "application/json"),))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in sites.read(f"/archived/{number}/page")


def test_a_record_that_is_gone_is_told_by_its_file(sites: Sites) -> None:
    number = sites.keep(PAGE.encode())
    for file in sites.folder.glob("china_daily/*"):
        file.unlink()
    page = sites.read(f"/archived/{number}")
    assert "of the archive is gone or cannot be read" in page
    assert "<iframe" not in page
    assert str(sites.folder) not in page
    assert sites.reader.get(f"/archived/{number}/raw").status_code == 404


def test_a_damaged_record_is_told(sites: Sites) -> None:
    number = sites.keep(PAGE.encode())
    file = next(sites.folder.glob("china_daily/*.warc.gz"))
    file.write_bytes(b"\x00" * file.stat().st_size)
    assert "is damaged: `policywire archive verify` says more" in sites.read(f"/archived/{number}")


def test_a_site_without_an_archive_says_so(sites: Sites) -> None:
    number = sites.keep(PAGE.encode())
    reader = Reader(make_app(sites.desk.path, archive=sites.folder, clock=lambda: NOW))
    assert "without its archive" in reader.get(f"/archived/{number}").text


@pytest.mark.parametrize("number", ["0", "99", "x", "-1", "9" * 40, "²"])
@pytest.mark.parametrize("what", ["", "/page", "/raw"])
def test_a_page_that_there_is_not_is_told(sites: Sites, number: str, what: str) -> None:
    answer = sites.reader.get(f"/archived/{number}{what}")
    assert answer.status_code == 404
    assert "There is no such page in the archive." in answer.text


# -- what is made of a page -------------------------------------------------------------------------------------------

ALLOWED = {"colspan", "rowspan"}


@pytest.mark.parametrize(
    "markup",
    [
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<template shadowrootmode=open><link rel=stylesheet href=//evil.example></template>",
        "<form action=//evil.example><input name=a><button formaction=//evil.example>x",
        "<a href='javascript:alert(1)' ping=//evil.example style='background:url(//evil.example)'>x</a>",
        "<plaintext><script>alert(1)</script>",
        "<base href=//evil.example><link rel=preload as=script href=x><meta http-equiv=refresh content='0;url=x'>",
        "<img alt='\"><script>alert(1)</script>' src=x srcset='x 2x'>",
        "<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    ],
)
def test_nothing_of_a_trick_is_left_but_words(markup: str) -> None:
    tags, attributes = seen(str(harmless(f"<p>before</p>{markup}").markup))
    assert "p" in tags
    assert not tags & {
        "script",
        "style",
        "link",
        "meta",
        "base",
        "form",
        "input",
        "button",
        "svg",
        "template",
        "iframe",
    }
    assert attributes <= ALLOWED


@given(st.text(alphabet="<>/ab \"'=!-&;pstyle\n", max_size=300))
def test_whatever_the_markup_only_harmless_attributes_are_left(markup: str) -> None:
    assert seen(str(harmless(markup).markup))[1] <= ALLOWED


def seen(markup: str) -> tuple[set[str], set[str]]:
    """The elements and attributes that a browser would find."""
    tags: set[str] = set()
    attributes: set[str] = set()

    class Seen(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.add(tag)
            attributes.update(name for name, _held in attrs)

    reader = Seen()
    reader.feed(markup)
    reader.close()
    return tags, attributes


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + "deep",
        "<p>" + "".join(f"<b a={n}>" for n in range(200)) + "<p>x" * 50_000,
        "<p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">x",
        "x" * 2_000_000,
    ],
    ids=["deep", "misnested", "attributes", "long"],
)
def test_a_page_that_is_made_to_be_slow_is_cut_or_shown_as_its_source(markup: str) -> None:
    shown = harmless(markup)
    assert len(shown.markup) < 3_000_000
    assert shown.shortened or len(shown.markup) < 1_000_000


def test_characters_that_reorder_what_stands_beside_them_are_spelt_out() -> None:
    assert "[U+202E]gnp.exe" in harmless("<p>\u202egnp.exe</p>").markup


# -- in a real browser ------------------------------------------------------------------------------------------------

TRAPS = """<!DOCTYPE html><html><head><title>x</title>
<base href="{trap}/base/">
<meta http-equiv="refresh" content="0; url={trap}/refresh">
<link rel="stylesheet" href="{trap}/sheet.css"><link rel="preload" as="image" href="{trap}/preload">
<link rel="prefetch" href="{trap}/prefetch"><link rel="icon" href="{trap}/icon"><link rel="manifest" href="{trap}/m">
<style>@import "{trap}/import.css"; body {{ background: url("{trap}/background") }}
@font-face {{ font-family: f; src: url("{trap}/font") }} p {{ font-family: f }}</style>
<script>fetch("{trap}/fetch"); document.title = "owned"; parent.document.title = "owned"; alert(1)</script>
<script src="{trap}/script.js"></script></head>
<body background="{trap}/body" onload="fetch('{trap}/onload')">
<p style="background: url({trap}/style)">The words of the page.</p>
<img src="{trap}/img" srcset="{trap}/srcset 2x" onerror="alert(2)"><picture><source srcset="{trap}/source"></picture>
<svg width="9" height="9"><image href="{trap}/svg"/><use href="{trap}/use#a"/><script>alert(3)</script></svg>
<iframe src="{trap}/iframe"></iframe><iframe srcdoc="<img src={trap}/srcdoc>"></iframe>
<object data="{trap}/object"></object><embed src="{trap}/embed">
<video src="{trap}/video" poster="{trap}/poster"></video>
<audio src="{trap}/audio" autoplay></audio><input type="image" src="{trap}/input"><table background="{trap}/table">
<tr><td background="{trap}/cell">a cell</td></tr></table>
<div><template shadowrootmode="open"><img src="{trap}/shadow"></template></div>
<form id="f" action="{trap}/form" method="post"><button>Send</button></form><script>f.submit()</script>
<a href="{trap}/link" ping="{trap}/ping" target="_top">a link of the page</a>
<frameset><frame src="{trap}/frame"></frameset></body></html>"""

needs_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


class Trap:
    """A site that notes whoever comes."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.page = ""

        async def noted(request: Request) -> Response:
            if request.url.path == "/page":
                return HTMLResponse(self.page)
            self.asked.append(request.url.path)
            return Response("")

        self.app = Starlette(routes=[Route("/{path:path}", noted, methods=["GET", "POST", "HEAD", "OPTIONS"])])


@needs_chromium
def test_no_script_runs_and_no_request_leaves(browser: Browser, sites: Sites) -> None:
    trap = Trap()
    with served(trap.app) as elsewhere, served(sites.app) as home:
        number = sites.keep(TRAPS.format(trap=elsewhere).encode())
        context, wrong = opened(browser)
        page = context.new_page()
        for address in (f"{home}/archived/{number}", f"{home}/archived/{number}/page"):
            page.goto(address, wait_until="networkidle")
            shown = page.frame_locator("iframe") if address.endswith(str(number)) else page
            expect(shown.get_by_text("The words of the page.")).to_be_visible()
            shown.get_by_text("a link of the page").click()
            assert page.url == address
            assert page.title() != "owned"
        assert wrong == []
        assert trap.asked == []
        context.close()


@needs_chromium
def test_policy_and_sandbox_hold_even_if_nothing_were_cleaned(
    browser: Browser, sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.pages.archived, "harmless", lambda text: Harmless(markup=Markup(text), shortened=False))
    trap = Trap()
    with served(trap.app) as elsewhere, served(sites.app) as home:
        number = sites.keep(TRAPS.format(trap=elsewhere).encode())
        context, _wrong = opened(browser)
        page = context.new_page()
        page.goto(f"{home}/archived/{number}", wait_until="networkidle")
        expect(page.frame_locator("iframe").first.get_by_text("The words of the page.")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert trap.asked == []
        assert page.title() == "Archived page · policywire"
        context.close()


@needs_chromium
def test_the_same_page_loads_a_great_deal_where_nothing_guards_the_reader(browser: Browser) -> None:
    trap = Trap()
    with served(trap.app) as elsewhere:
        trap.page = TRAPS.format(trap=elsewhere).replace('http-equiv="refresh"', "").replace("f.submit()", "")
        context, _wrong = opened(browser)
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.dismiss())
        page.goto(f"{elsewhere}/page", wait_until="networkidle")
        assert {"/sheet.css", "/fetch", "/script.js", "/img", "/svg", "/iframe", "/style"} <= set(trap.asked)
        context.close()

"""Every layout against a page in its markup: our own pages, and the few real ones where they are at hand."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.articles import merge, parse
from pipeline.model import Article, Listing, Page
from pipeline.sites import sites

FOLDER = Path(__file__).parent / "fixtures" / "pages"
EXPECTED = sorted(FOLDER.glob("*/*.json"))
REAL = Path(__file__).resolve().parents[1].parent / "shared" / "pages"
needs_real_pages = pytest.mark.skipif(not REAL.is_dir(), reason="the saved real pages are not on this machine")


def a_page(url: str, body: bytes, source: str = "china_daily", **more: Any) -> Page:
    return Page(url=url, source=source, body=body, fetched_at=datetime(2026, 7, 1, tzinfo=UTC), **more)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_page_of_each_layout_gives_every_field(expected: Path) -> None:
    wanted = json.loads(expected.read_text(encoding="utf-8"))
    article = parse(a_page(wanted["url"], expected.with_suffix(".html").read_bytes(), expected.parent.name))
    assert isinstance(article, Article)
    made = json.loads(json.dumps(asdict(article)))
    empty = {name: value for name, value in made.items() if name not in wanted and value not in (None, [])}
    assert {name: made[name] for name in wanted} == wanted
    assert empty.keys() <= {"source"}


def test_every_layout_has_a_page() -> None:
    seen = {json.loads(path.read_text(encoding="utf-8"))["layout"] for path in EXPECTED}
    assert {layout.name for site in sites() for layout in site.layouts} - seen == set()


def test_pages_of_one_story_become_one_article() -> None:
    def part(number: int, text: str) -> Article:
        return Article(
            source="china_daily", text=text, captions=("A crane.",), next_pages=("x",) if number == 1 else ()
        )

    story = merge(part(1, "One."), [part(2, "Two."), part(3, "Three.")])
    assert story.text == "One.\n\nTwo.\n\nThree."
    assert story.captions == ("A crane.",)
    assert story.next_pages == ()


@needs_real_pages
def test_the_real_chinese_page_gives_its_printed_time_and_no_author() -> None:
    url = "https://china.chinadaily.com.cn/a/202311/17/WS65571297a310d5acd876f404.html"
    article = parse(a_page(url, (REAL / "china_daily_cn_article_2023.html").read_bytes()))
    assert isinstance(article, Article)
    assert article.published == "2023-11-17T15:13:00+08:00"
    assert article.authors == ()
    assert len(article.editors) == 2
    assert "编辑" not in article.text
    assert len(article.text.split("\n\n")) == 11
    assert article.credit == "中国日报网"
    assert article.language == "zh"


@needs_real_pages
def test_the_real_listing_gives_twenty_rows_and_the_next_page() -> None:
    listing = parse(
        a_page("https://www.chinadaily.com.cn/world/china-us", (REAL / "china_daily_listing_2019.html").read_bytes())
    )
    assert isinstance(listing, Listing)
    assert len(listing.rows) == 20
    assert listing.next_page == "https://www.chinadaily.com.cn/world/china-us/page_2.html"
    assert listing.pages == 113
    assert listing.title == "China-US"
    assert all(row.published and row.title for row in listing.rows)


@needs_real_pages
@pytest.mark.parametrize("name", sorted(p.name for p in (REAL / "china_daily_fragments").glob("*_Content.html")))
def test_real_bodies_keep_captions_apart(name: str) -> None:
    body = (REAL / "china_daily_fragments" / name).read_text(encoding="utf-8")
    shell = f'<div class="lft_art"><h1>Headline</h1><span class="info_l">Xinhua</span>{body}</div>'
    article = parse(a_page("https://www.chinadaily.com.cn/a/201809/22/WS5ba5bc0ba310c4ccaa004a7f.html", shell.encode()))
    assert isinstance(article, Article)
    assert len(article.captions) == 1
    assert article.captions[0] not in article.text
    assert "\n" not in article.text.replace("\n\n", "")
    assert article.text.count("\n\n") + 1 == body.count("<p>")


@needs_real_pages
def test_the_real_mofcom_body_loses_its_notice_and_keeps_its_translation() -> None:
    body = next((REAL / "mofcom_fragments").glob("fragment_2020_zh*")).read_text(encoding="utf-8")
    page = f"<html><head><title>标题</title></head><body>{body}</body></html>"
    article = parse(
        a_page("http://www.mofcom.gov.cn/article/ae/ag/202011/20201103012500.shtml", page.encode(), "mofcom")
    )
    assert isinstance(article, Article)
    assert [link.rpartition("/")[2] for link in article.translations] == ["20201103012533.shtml"]
    assert len(article.text.split("\n\n")) == 4
    assert article.published == "2020-11"
    assert article.language == "zh"

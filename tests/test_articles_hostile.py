"""Garbage, bombs and odd encodings: a clear PageError or a right article, never anything else."""

from __future__ import annotations

import pickle
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles import LayoutChanged, NotAnArticle, PageError, PageGone, PageMoved, parse
from pipeline.model import Article, Listing, Page

TODAY = "https://www.chinadaily.com.cn/a/202606/11/WS6a2a0999a310d6866eb40a11.html"
JPAAS = "https://www.mofcom.gov.cn/zwgk/zcfb/art/2026/art_0123456789abcdef0123456789abcd01.html"
SHTML = "http://www.mofcom.gov.cn/article/ae/slfw/201506/20150600000001.shtml"
PORTAL = "http://exportcontrol.mofcom.gov.cn/article/gndt/202510/1172.html"
SECTION = "https://www.chinadaily.com.cn/business/tech"
UNIT = "https://www.mofcom.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?pageId=1"
STORY = (
    '<div class="lft_art"><h1>关于轮胎</h1>'
    '<div id="Content"><p>轮胎厂在山东寻找新的橡胶来源，价格上涨。</p></div></div>'
)


def parse_bytes(body: bytes, url: str = TODAY, **more: Any) -> Article | Listing:
    source = "mofcom" if "mofcom" in url else "china_daily"
    return parse(Page(url=url, source=source, body=body, fetched_at=datetime(2026, 7, 1, tzinfo=UTC), **more))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "unreadable"),
        (b"  \n ", "unreadable"),
        (b"\x00" * 5000, "unreadable"),
        (b"<!-- only a comment", "unreadable"),
        (b"x" * (30 * 2**20), "too_large"),
        (b"<div>" * 200_000, "too_deep"),
        (b"<font><span>" * 300 + STORY.encode(), "too_deep"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "layout_changed"),
        (b"<html><body><p>nothing we know</p></body></html>", "layout_changed"),
    ],
    ids=["empty", "blank", "nul", "comment", "30MB", "200000 divs", "inline nesting", "picture", "other page"],
)
@pytest.mark.parametrize("url", [TODAY, JPAAS])
def test_what_is_no_page_says_why(body: bytes, kind: str, url: str) -> None:
    started = time.perf_counter()
    with pytest.raises(PageError) as caught:
        parse_bytes(body, url)
    assert caught.value.kind == kind
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(url)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_page_is_read_in_the_encoding_that_fits(encoding: str) -> None:
    article = parse_bytes(STORY.encode(encoding))
    assert isinstance(article, Article)
    assert article.title == "关于轮胎"
    assert article.text.startswith("轮胎厂")


def test_utf8_wins_over_whatever_the_header_says() -> None:
    article = parse_bytes(STORY.encode(), headers=(("Content-Type", "text/html; charset=ISO-8859-1"),))
    assert article.title == "关于轮胎"


def test_a_page_cut_off_inside_a_character_keeps_what_came() -> None:
    body = STORY.encode()
    article = parse_bytes(body[: body.index("橡胶".encode()) + 4])
    assert isinstance(article, Article)
    assert article.text == "轮胎厂在山东寻找新的橡"


def test_control_characters_inside_the_text_vanish() -> None:
    article = parse_bytes(STORY.replace("山东", "山\x00\x0b东\u200b").encode())
    assert isinstance(article, Article)
    assert "山东" in article.text


def test_a_huge_attribute_does_no_harm() -> None:
    article = parse_bytes(STORY.replace("<p>", f'<p data-x="{"x" * 7_000_000}">').encode())
    assert article.title == "关于轮胎"


@pytest.mark.parametrize(
    ("url", "body"),
    [
        (JPAAS, "<title>404 Error</title><p>404 Error</p>"),
        (JPAAS, "<p>抱歉，您访问的页面不存在！</p>"),
        (PORTAL, '<script>var siteId="1";</script><div class="bd"></div>'),
        (TODAY, "<p>404 Not Found</p>"),
    ],
)
def test_a_page_that_says_it_is_gone_is_gone(url: str, body: str) -> None:
    with pytest.raises(PageGone):
        parse_bytes(body.encode(), url)


@pytest.mark.parametrize("status", [404, 410])
def test_a_status_that_says_gone_is_gone(status: int) -> None:
    with pytest.raises(PageGone):
        parse_bytes(STORY.encode(), status=status)


def test_a_page_that_only_leads_on_names_its_target() -> None:
    body = b'<html><script>var _cofing1={href:"http://interview.mofcom.gov.cn/detail/201506/1.html",type:1}</script></html>'
    with pytest.raises(PageMoved) as caught:
        parse_bytes(body, SHTML)
    assert caught.value.target == "http://interview.mofcom.gov.cn/detail/201506/1.html"


def test_an_empty_body_names_the_selector_that_failed() -> None:
    with pytest.raises(LayoutChanged) as caught:
        parse_bytes(b'<div class="lft_art"><h1>Title</h1><div id="Content"></div></div>')
    assert caught.value.selector == "#Content p"


@pytest.mark.parametrize("error", [
    PageError("https://a/b\nc", "body", "9 bytes", kind="too_large"),
    LayoutChanged("https://a/b", "#Content", 0),
    PageGone("https://a/b", "status", "status 404"),
    PageMoved("https://a/b", "script", "https://a/c"),
    NotAnArticle("https://a/b", "address", "host b"),
], ids=lambda error: type(error).__name__)  # fmt: skip
def test_errors_travel_between_processes(error: PageError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.kind, copy.found) == (type(error), str(error), error.kind, error.found)
    assert "\n" not in str(copy)


def outcome(body: bytes, url: str, **more: Any) -> Article | Listing | PageError:
    """What parsing gives or says; any other exception goes through and fails the test."""
    try:
        return parse_bytes(body, url, **more)
    except PageError as error:
        return error


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000), st.sampled_from([TODAY, JPAAS, SHTML, PORTAL, SECTION, UNIT]), st.booleans())
def test_arbitrary_bytes_give_a_page_error_at_most(body: bytes, url: str, listing: bool) -> None:
    found = outcome(body, url, kind="listing" if listing else "article")
    assert "\n" not in str(found) if isinstance(found, PageError) else found.layout


PIECES = (
    """
<h1>|</h1>|<div class="lft_art">|<div id="Content">|</div>|<p>|<table><tr><td><img>|<figure>|<figcaption>|</p>|<br>
<span class="info_l">|By A and B |Updated: 2026-06-11 09:0|9999-99-99 99:99|<div class="art-con" ergodic="article">
【发布文号】商务部公告|公告2026年第1号|<a href="http://[">|<a href="/x.pdf">|<iframe>|<tbody><div>|var title='|<script>
</script>|　|文字|word |@chinadaily.com.cn|<div class="mb10 tw3_01_2 ">|<h4>|<meta name=PubDate content='|'>|&#0;
{"success":true,"code":"200",|"data":{"html":"<li><a href=x>|"}}|<rss><item><title>|<link>http://a/|]]>
<ul class=txtList_01><li>|<script url="/build/unit" queryData="{'pageId':1}">|<div class="ce_art"><h1>x</h1>
""".strip()
    .replace("\n", "|")
    .split("|")
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from([TODAY, JPAAS, SHTML, PORTAL, SECTION, UNIT]))
def test_pieces_of_markup_in_any_order_give_a_page_error_at_most(pieces: list[str], url: str) -> None:
    found = outcome("".join(pieces).encode(), url)
    if isinstance(found, Article):
        assert found.text == "\n\n".join(" ".join(line.split()) for line in found.text.split("\n\n"))


FILLERS = (
    """
<p>x|<table><tr><td><img>x|<h1 style='display:none'>x</h1>|By A, |- |（编辑：a b）<br>|【发布单位】x|2026-01-01 |《
<a href='/a_2.html'>2</a>|<figure><figcaption>x</figcaption></figure>|<div><p>x</p>|a@b |<td>Photo |Previous Page 1 2
""".strip()
    .replace("\n", "|")
    .split("|")
)


@pytest.mark.parametrize("filler", FILLERS)
@pytest.mark.parametrize("url", [TODAY, JPAAS])
def test_a_large_page_of_one_thing_is_done_in_seconds(filler: str, url: str) -> None:
    body = '<div class="lft_art"><h1>T</h1><div id="Content" ergodic="article">' + filler * (400_000 // len(filler))
    started = time.perf_counter()
    outcome(body.encode(), url)
    assert time.perf_counter() - started < 8

"""Section listings, columns, list-endpoint answers, searches and feeds, each in its own markup."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.html import LayoutChanged, NotAnArticle, PageError, PageGone
from pipeline.listings import parse_listing
from pipeline.listings.mofcom import column_query, unit_url
from pipeline.model import Listing, Page

REAL = Path(__file__).resolve().parents[1].parent / "shared" / "pages"
needs_real_pages = pytest.mark.skipif(not REAL.is_dir(), reason="the saved real pages are not on this machine")

SECTION = "https://www.chinadaily.com.cn/business/tech"
SEARCH = "https://newssearch.chinadaily.com.cn/rest/en/search?keywords=tyre&sort=dp&page=0"
FEED = "https://www.chinadaily.com.cn/rss/bizchina_rss.xml"
COLUMN = "https://www.mofcom.gov.cn/zwgk/zcfb/index.html"
UNIT = "https://www.mofcom.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit"


def listing_of(body: str | bytes, url: str, **more: Any) -> Listing:
    return parse_listing(page_of(body, url, **more))


def page_of(body: str | bytes, url: str, **more: Any) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page(url=url, source="any", body=raw, fetched_at=datetime(2026, 7, 1, tzinfo=UTC), kind="listing", **more)


def section_row(number: int, title: str = "Row") -> str:
    return f"""<div class="mb10 tw3_01_2 "><a href="//x.cn/p"><img src="p.jpg"></a><span class="tw3_01_2_t">
        <h4><a href="//www.chinadaily.com.cn/a/202606/1{number}/WS{number:024x}.html">{title} {number}</a></h4>
        <b>2026-06-1{number} 08:00</b></span></div>"""


PAGER = """<div id="div_currpage"><a href="/business/tech/page_1.html">1</a><span>2</span>
    <a href="/business/tech/page_3.html">3</a> <a class="pagestyle" href="/business/tech/page_3.html">Next</a>
    <a href="/business/tech/page_41.html">&gt;&gt;|</a></div>"""


def test_a_section_listing_gives_its_rows_in_order_and_nothing_of_the_blocks_around() -> None:
    around = '<div class="tw2"><a href="//www.chinadaily.com.cn/a/202501/01/WS000.html">Old</a></div>'
    crumbs = '<span id="bread-nav"><a>Home</a><a>/ Business</a><a>/ Tech</a></span>'
    rows = section_row(1, "<EM>Tyres</EM> are") + section_row(2) + section_row(1, "again")
    found = listing_of(f"<html>{crumbs}{around}{rows}{PAGER}</html>", SECTION + "/page_2.html")
    assert [row.title for row in found.rows] == ["Tyres are 1", "Row 2"]
    assert found.rows[0].url == "https://www.chinadaily.com.cn/a/202606/11/WS000000000000000000000001.html"
    assert found.rows[1].published == "2026-06-12T08:00:00+08:00"
    assert (found.title, found.next_page, found.pages) == ("Tech", SECTION + "/page_3.html", 41)


def test_a_micro_site_lists_its_stories_in_any_markup_by_their_addresses() -> None:
    body = """<div class="nav"><a href="/about.html">About</a><a href="//www.chinadaily.com.cn/tech">Tech</a></div>
        <ul><li><a href="2026-06/12/c_417002.htm">Quay reopens</a> 06-12</li>
        <li><a href="//xiamen.chinadaily.com.cn/tea/2026-06/11/c_417001.htm" title="Tea trees counted">Tea…</a></li>
        <li><a href="/s/202606/10/WS6a289000498e079e68021001/port-fees-fall.html">Port fees fall</a></li>
        <li><a href="2026-06/12/c_417002.htm"><img src="q.jpg"></a></li></ul>"""
    found = listing_of(f"<html><title>News</title>{body}</html>", "http://xiamen.chinadaily.com.cn/news.html")
    assert [(row.title, row.published) for row in found.rows] == [
        ("Quay reopens", "2026-06-12"),
        ("Tea trees counted", "2026-06-11"),
        ("Port fees fall", "2026-06-10"),
    ]
    assert found.rows[0].url == "http://xiamen.chinadaily.com.cn/2026-06/12/c_417002.htm"
    assert found.layout == "micro_site"


def test_the_last_page_of_a_section_leads_nowhere() -> None:
    pager = '<div id="div_currpage"><a href="/business/tech/page_1.html">1</a><span>2</span></div>'
    assert listing_of(section_row(1) + pager, SECTION + "/page_2.html").next_page is None


def test_a_chinese_column_gives_its_rows() -> None:
    rows = "".join(
        f'<div class="busBox3"><h3><a href="//cn.chinadaily.com.cn/a/{n}.html">题{n}</a></h3>'
        f"<p>摘要<b>2026-06-1{n} 09:00</b></p></div>"
        for n in (1, 2)
    )
    found = listing_of(
        f'<div class="left-liebiao">{rows}</div><a href="x">下一页</a>', "https://cn.chinadaily.com.cn/5b7/5bd"
    )
    assert [(row.title, row.published) for row in found.rows] == [
        ("题1", "2026-06-11T09:00:00+08:00"),
        ("题2", "2026-06-12T09:00:00+08:00"),
    ]


def test_a_day_of_the_paper_gives_leads_and_others() -> None:
    found = listing_of(
        '<div class="lft_art"><div class="newslist-bigtitle">'
        '<h2><a href="//epaper.chinadaily.com.cn/a/1.html">Lead</a></h2><p>Text.</p></div>'
        '<div class="newslist-common"><a href="//epaper.chinadaily.com.cn/a/2.html">Other</a></div></div>',
        "https://epaper.chinadaily.com.cn/china/2026-06/11",
    )
    assert [row.title for row in found.rows] == ["Lead", "Other"]


def test_a_search_answer_gives_rows_and_the_next_page() -> None:
    row = {"title": "<em>Tyre</em> makers", "url": "//www.chinadaily.com.cn/a/1.html", "pubDateStr": "2026-06-11 09:03"}
    found = listing_of(json.dumps({"content": [row], "totalElements": 21, "totalPages": 3}), SEARCH)
    assert [(row.title, row.published) for row in found.rows] == [("Tyre makers", "2026-06-11T09:03:00+08:00")]
    assert found.next_page == SEARCH.replace("page=0", "page=1")
    assert found.pages == 3


def test_a_search_without_hits_says_so_and_is_no_error() -> None:
    assert listing_of('{"content": [], "totalElements": 0, "totalPages": 0}', SEARCH).rows == ()


def test_a_feed_gives_its_items() -> None:
    item = (
        "<item><title><![CDATA[A & B]]></title><link><![CDATA[https://www.chinadaily.com.cn/a/1.html]]></link>{}</item>"
    )
    dated = item.format("<pubDate>Thu, 11 Jun 2026 01:03:00 GMT</pubDate>")
    found = listing_of(
        f'<?xml version="1.0" encoding="gbk"?><rss><channel><title>Biz</title>{dated}</channel></rss>', FEED
    )
    assert [(row.title, row.published) for row in found.rows] == [("A & B", "2026-06-11T09:03:00+08:00")]
    assert found.title == "Biz"


def test_a_feed_with_a_dtd_is_refused() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aa">]><rss><item><title>&a;</title><link>http://a/b</link></item></rss>'
    with pytest.raises(PageError, match="DTD"):
        listing_of(bomb, FEED)


SHELL = """<script src="/unitbuild.js" url="/api-gateway/jpaas-publish-server/front/page/build/unit"
    queryData="{'parseType':'bulidstatic','webId':'8f43','tplSetId':'5255','pageType':'column','tagId':'分页列表',
    'editType':'null','pageId':'fc8b'}"></script>"""


def test_a_column_shell_names_the_list_endpoint_and_its_parameters() -> None:
    query = column_query(page_of(SHELL, COLUMN))
    assert query.url == UNIT
    assert dict(query.parameters) == {
        "parseType": "bulidstatic", "webId": "8f43", "tplSetId": "5255", "pageType": "column", "tagId": "分页列表",
        "editType": "null", "pageId": "fc8b",
    }  # fmt: skip


def test_of_several_units_on_a_page_the_list_is_asked() -> None:
    menu = SHELL.replace("分页列表", "导航").replace("fc8b", "0000")
    broken = '<script src="/unitbuild.js" url="/api-gateway/x/build/unit" queryData="{"></script>'
    for page in (menu + broken + SHELL, SHELL + menu):
        assert dict(column_query(page_of(page, COLUMN)).parameters)["pageId"] == "fc8b"
    assert dict(column_query(page_of(broken + menu, COLUMN)).parameters)["pageId"] == "0000"


def test_further_pages_drop_edit_type_and_send_param_json() -> None:
    query = column_query(page_of(SHELL, COLUMN))
    first, second = (parse_qs(urlsplit(unit_url(query, number)).query) for number in (1, 2))
    assert (first["editType"], "paramJson" in first) == (["null"], False)
    assert "editType" not in second
    assert json.loads(second["paramJson"][0]) == {"pageNo": 2, "pageSize": 15}


@pytest.mark.parametrize(
    "shell", ["<p>no script</p>", SHELL.replace("pageId", "id"), SHELL.replace("{'parse", "{parse")]
)
def test_a_shell_that_changed_is_an_error(shell: str) -> None:
    with pytest.raises(LayoutChanged):
        column_query(page_of(shell, COLUMN))


def answer(rows: int, count: int, page: int = 1, **more: Any) -> str:
    items = "".join(
        f'<li><a href="/zwgk/zcfb/art/2026/art_{n:032x}.html" title="公告第{n}号">公告…</a>'
        f"<span>[2026-06-{n:02}]</span></li>"
        for n in range(1, rows + 1)
    )
    pager = f'<div class="pagination" rows="15" count="{count}" pageNo="{page}" unitUrl="/u"></div>'
    html = f'<div id="分页列表"><div class="page-content"><ul class="txtList_01">{items}</ul></div>{pager}</div>'
    return json.dumps({"success": True, "code": "200", "data": {"html": html}} | more)


def test_an_answer_of_the_list_endpoint_gives_rows_and_the_address_of_the_next_page() -> None:
    url = unit_url(column_query(page_of(SHELL, COLUMN)))
    found = listing_of(answer(15, 31), url)
    assert len(found.rows) == 15
    assert found.rows[0].url == "https://www.mofcom.gov.cn/zwgk/zcfb/art/2026/art_00000000000000000000000000000001.html"
    assert (found.rows[2].title, found.rows[2].published) == ("公告第3号", "2026-06-03")
    assert found.pages == 3
    assert found.next_page == unit_url(column_query(page_of(SHELL, COLUMN)), 2)
    last = listing_of(answer(1, 31, page=3), unit_url(column_query(page_of(SHELL, COLUMN)), 3))
    assert last.next_page is None


def test_an_answer_for_another_page_than_asked_is_an_error() -> None:
    with pytest.raises(LayoutChanged, match="pageNo"):
        listing_of(answer(15, 31, page=1), unit_url(column_query(page_of(SHELL, COLUMN)), 2))


def test_an_empty_column_is_no_error_if_it_counts_zero_itself() -> None:
    assert listing_of(answer(0, 0), UNIT).rows == ()
    with pytest.raises(LayoutChanged):
        listing_of(answer(0, 31), UNIT)


def test_a_refused_answer_is_an_error() -> None:
    with pytest.raises(PageError, match="code 500"):
        listing_of(answer(1, 1, success=False, code="500", message="no"), UNIT)


def test_the_ministrys_old_lists_skip_rules_and_follow_numbers() -> None:
    url = "http://english.mofcom.gov.cn/article/newsrelease/significantnews/"
    body = (
        '<div class="listCon iListCon f-mt30"><ul>'
        '<li><a href="/article/news/202006/20200602970001.shtml">One</a><span>2020-06-02 10:00:00</span></li>'
        '<li class="listline"></li>'
        '<li><a href="/article/news/202006/20200602970002.shtml">Two</a><span>(2020-06-01)</span></li>'
        '</ul><a href="?2">2</a><a href="?3">3</a></div>'
    )
    found = listing_of(body, url)
    assert [row.published for row in found.rows] == ["2020-06-02T10:00:00+08:00", "2020-06-01"]
    assert (found.next_page, found.pages) == (url + "?2", 3)
    assert listing_of(body, url + "?3").next_page is None


def test_times_that_a_script_would_print_are_read() -> None:
    body = (
        '<section><a href="/News/PressConference/art/2026/art_0123456789abcdef0123456789abcdef.html">News</a>'
        "<span><script>parseToData(1768995462538,1)</script></span></section>"
    )
    found = listing_of(body, "https://english.mofcom.gov.cn/News/PressConference/index.html")
    assert [(row.title, row.published) for row in found.rows] == [("News", "2026-01-21T19:37:00+08:00")]


@pytest.mark.parametrize("url", [SECTION, COLUMN, FEED])
def test_no_rows_is_a_changed_layout(url: str) -> None:
    body = "<rss><channel></channel></rss>" if url == FEED else "<html><body><p>Welcome</p></body></html>"
    with pytest.raises(LayoutChanged):
        listing_of(body, url)


def test_a_column_that_says_it_is_gone_is_gone() -> None:
    with pytest.raises(PageGone):
        listing_of("<p>抱歉，您访问的页面不存在！</p>", COLUMN)
    with pytest.raises(PageGone):
        listing_of(section_row(1), SECTION, status=404)


def test_a_listing_of_another_host_is_not_read() -> None:
    with pytest.raises(NotAnArticle):
        listing_of(section_row(1), "https://www.szjzcy.example/business/tech")


@needs_real_pages
def test_the_real_day_of_the_paper_is_of_its_day() -> None:
    body = next((REAL / "china_daily_fragments").glob("*_epaper_day_*.html")).read_bytes()
    found = listing_of(body, "https://epaper.chinadaily.com.cn/china/2026-09/26")
    assert [row.published for row in found.rows] == ["2026-09-26"] * 2


@needs_real_pages
def test_the_real_front_page_of_an_edition_gives_rows_of_the_days_of_their_addresses() -> None:
    body = next((REAL / "china_daily_fragments").glob("*_europe_home_columns_*.html")).read_bytes()
    found = listing_of(body, "http://europe.chinadaily.com.cn/")
    assert (found.layout, len(found.rows) > 5) == ("edition_2016", True)
    assert {row.published for row in found.rows} == {"2016-02-03"}


@needs_real_pages
def test_the_real_list_endpoint_answer_gives_its_rows() -> None:
    body = next((REAL / "mofcom_fragments").glob("reported_*.json")).read_bytes()
    found = listing_of(body, UNIT)
    assert len(found.rows) == 2
    assert found.pages == 550


@needs_real_pages
def test_the_real_home_page_rows_of_a_bureau_are_read() -> None:
    body = (REAL / "mofcom_fragments" / "fragment_aqygzj_home_rows_2026.html").read_bytes()
    found = listing_of(body, "https://aqygzj.mofcom.gov.cn/")
    assert len(found.rows) == 6
    assert found.rows[1].published == "2026-09-24"


def home_rows(section: str) -> list[str | None]:
    links = "".join(
        f'<div><p><a href="/News/SignificantNews/art/2026/art_{n:032x}.html">News {n}</a></p></div>' for n in (1, 2)
    )
    body = f"<html><body><section>{section.format(links=links)}</section></body></html>"
    return [row.published for row in listing_of(body, "https://english.mofcom.gov.cn/index.html").rows]


def test_the_time_of_a_home_pages_section_is_that_of_its_links() -> None:
    stamp = "<script>parseToData({},1)</script>"
    one = stamp.format("1768995462538")
    assert home_rows("{links}" + one) == ["2026-01-21T19:37:00+08:00"] * 2
    assert home_rows("{links}" + one + stamp.format("1768895462538")) == [None, None], (
        "two times, and nobody says whose"
    )

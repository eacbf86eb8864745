"""Crawls of an invented Ministry of Commerce on loopback: columns, their list endpoint, static rows, links."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.spiders_loopback import Site, crawl, loopback

WWW = "https://www.mofcom.gov.cn"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
COLUMN = {
    "parseType": "bulidstatic",
    "webId": "web0",
    "tplSetId": "tpl0",
    "pageType": "column",
    "tagId": "分页列表",
    "editType": "null",
    "pageId": "page0",
}
JSON = {"Content-Type": "application/json; charset=UTF-8"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with loopback(tmp_path) as running:
        yield running


def article_url(section: str, number: int, host: str = WWW) -> str:
    return f"{host}{section}/art/2026/art_{number:032x}.html"


def article(title: str, body: str = "") -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>
    <meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2026-11-18 10:00">
    <meta name="ContentSource" content="商务部新闻办公室"></head><body>
    <div class="art-con art-con-bottonmLine" ergodic="article"><p>11月18日，商务部就鸢湾梨的进口手续发布说明。</p>
    <p>有关企业可以在窗口办理。{body}</p></div></body></html>"""


def shell() -> str:
    told = "{" + ",".join(f"'{key}':'{value}'" for key, value in COLUMN.items()) + "}"
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>日常新闻发布</title></head><body>
    <script src="/cms_files/default/script/AuthorizedRead/unitbuild.js" url="{UNIT}" queryData="{told}"></script>
    </body></html>"""


def answer(section: str, numbers: range, page: int, count: int, size: int = 15) -> str:
    items = "".join(
        f'<li><a href="{article_url(section, n, "")}" title="关于鸢湾梨的说明（{n}）">关于鸢湾梨的说明（{n}）</a>'
        f"<span>[2026-11-{18 - page:02d}]</span></li>"
        for n in numbers
    )
    pager = f'<div class="pagination" rows="{size}" count="{count}" pageNo="{page}" unitid="分页列表"></div>'
    html = f'<div id="分页列表"><div class="page-content"><ul class="txtList_01">{items}</ul></div>{pager}</div>'
    return json.dumps({"success": True, "code": "200", "data": {"html": html}})


def unit(page: int) -> str:
    fields = dict(COLUMN)
    if page > 1:
        del fields["editType"]
        fields["paramJson"] = json.dumps({"pageNo": page, "pageSize": 15}, separators=(",", ":"))
    return f"{WWW}{UNIT}?{urlencode(fields)}"


def publish(site: Site, section: str = "/xwfb/rcxwfb") -> None:
    """A column of three pages, 35 articles."""
    site.add(f"{WWW}{section}/index.html", shell())
    for page, numbers in ((1, range(1, 16)), (2, range(16, 31)), (3, range(31, 36))):
        site.add(unit(page), answer(section, numbers, page, 35), headers=JSON)
    for number in range(1, 36):
        site.add(article_url(section, number), article(f"关于鸢湾梨的说明（{number}）"))


def test_a_column_is_read_through_its_list_endpoint_page_by_page(site: Site, tmp_path: Path) -> None:
    publish(site)
    done = crawl(site, tmp_path / "c", "mofcom", sections=["rcxwfb"])
    assert (done.report["state"], done.report["new"], done.report["listings"]) == ("ok", 35, 3), done.stderr
    asked = [url for url in site.asked if UNIT in url]
    assert [json.loads(parse_qs(urlsplit(url).query).get("paramJson", ["{}"])[0]) for url in asked] == [
        {},
        {"pageNo": 2, "pageSize": 15},
        {"pageNo": 3, "pageSize": 15},
    ]
    assert {site.headers[url].get("Referer") for url in asked} == {f"{WWW}/xwfb/rcxwfb/index.html"}
    assert all(event["title"].startswith("关于鸢湾梨") for event in done.of("store"))

    site.asked.clear()
    again = crawl(site, tmp_path / "c", "mofcom", sections=["rcxwfb"])
    assert (again.report["state"], again.report["new"], site.stories()) == ("ok", 0, [])
    assert len(site.asked) == 3, "robots.txt, the column and one page of its list"


def test_the_list_is_read_back_to_since(site: Site, tmp_path: Path) -> None:
    publish(site)
    done = crawl(site, tmp_path / "c", "mofcom", sections=["rcxwfb"], since="2026-11-17")
    assert (done.report["new"], done.report["listings"]) == (15, 2)


def test_an_endpoint_that_ignores_the_page_asked_for_is_noticed(site: Site, tmp_path: Path) -> None:
    publish(site)
    site.add(unit(2), answer("/xwfb/rcxwfb", range(1, 16), 1, 35), headers=JSON)
    done = crawl(site, tmp_path / "c", "mofcom", sections=["rcxwfb"])
    assert done.report["state"] == "partial"
    assert done.report["routes"][0]["state"] == "empty"
    assert "pageNo" in done.report["routes"][0]["detail"]
    assert done.report["new"] == 15


def test_rows_that_stand_in_the_page_and_yearly_indexes_are_read_as_they_are(site: Site, tmp_path: Path) -> None:
    for year, numbers in ((2026, range(1, 4)), (2025, range(4, 8))):
        items = "".join(
            f'<li><a href="{article_url("/zcfb/blgg/gg", n)}">公告{year}年第{n}号</a><span>{year}-10-0{n}</span></li>'
            for n in numbers
        )
        page = f'<html><body><ul class="policy-list f-mt20">{items}</ul></body></html>'
        site.add(f"{WWW}/zcfb/blgg/gg/{year}/index.html", page)
        for n in numbers:
            site.add(article_url("/zcfb/blgg/gg", n), article(f"商务部公告{year}年第{n}号"))
    this_year = crawl(site, tmp_path / "c", "mofcom", sections=["gg"])
    assert [(one["route"], one["new"]) for one in this_year.report["routes"]] == [("gg/2026", 3)]
    both = crawl(site, tmp_path / "c", "mofcom", sections=["gg"], since="2025-01-01")
    assert [(one["route"], one["new"]) for one in both.report["routes"]] == [("gg/2026", 0), ("gg/2025", 4)]
    assert both.report["state"] == "ok"


def test_the_document_that_a_news_item_links_to_is_fetched_once_and_no_further(site: Site, tmp_path: Path) -> None:
    publish(site)
    host = "https://aqygzj.mofcom.gov.cn"
    document, deeper = article_url("/flzc/gzjgfxwj", 900, host), article_url("/flzc/gzjgfxwj", 901, host)
    for number in (3, 4):
        linked = article("关于鸢湾梨的说明", f'<a href="{document}">全文</a>')
        site.add(article_url("/xwfb/rcxwfb", number), linked)
    site.add(
        article_url("/xwfb/rcxwfb", 5), article("说明", '<a href="https://evil.example/a/art/2026/art_1.html">x</a>')
    )
    site.add(document, article("商务部公告2026年第900号", f'<a href="{deeper}">另见</a>'))
    site.add(deeper, article("商务部公告2026年第901号"))
    done = crawl(site, tmp_path / "c", "mofcom", sections=["rcxwfb"])
    assert site.asked.count(document) == 1
    assert deeper not in site.asked
    assert f"{host}/robots.txt" in site.asked
    (stored,) = (event for event in done.of("store") if event["url"] == document)
    assert stored["listed"] is None
    assert (done.report["state"], done.report["new"]) == ("ok", 36)

    site.asked.clear()
    crawl(site, tmp_path / "c", "mofcom", sections=["rcxwfb"])
    assert document not in site.asked


def test_a_404_text_on_status_200_is_a_page_that_is_gone(site: Site, tmp_path: Path) -> None:
    publish(site)
    site.add(
        article_url("/xwfb/rcxwfb", 7), "<html><body><h1>404 Error</h1><p>抱歉，您访问的页面不存在！</p></body></html>"
    )
    done = crawl(site, tmp_path / "c", "mofcom", sections=["rcxwfb"])
    assert [event["kind"] for event in done.of("reject")] == ["page_gone"]
    assert (done.report["state"], done.report["new"]) == ("ok", 34)


def test_an_english_column_counts_for_its_own(site: Site, tmp_path: Path) -> None:
    english = "https://english.mofcom.gov.cn"
    site.add(f"{english}/News/PressConference/index.html", "<html><body><script>var app;</script></body></html>")
    done = crawl(site, tmp_path / "c", "mofcom", sections=["en/press-conference"])
    assert done.report["routes"][0]["state"] == "script_shell"
    assert done.report["state"] == "failed"

"""Crawls of an invented Ministry of Commerce on loopback: columns, their list endpoint, static rows, links."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from archive.warc import Archive
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


def test_a_link_to_a_host_that_is_not_asked_does_not_stand_in_the_way(site: Site, tmp_path: Path) -> None:
    publish(site)
    document = article_url("/zcfb/blgg/gg", 900)
    elsewhere = article_url("/gztz", 901, "https://scs.mofcom.gov.cn")
    links = f'<a href="{elsewhere}">商务部公告2026年第901号</a>，<a href="{document}">说明</a>'
    site.add(article_url("/xwfb/rcxwfb", 3), article("关于鸢湾梨的说明", links))
    site.add(document, article("商务部公告2026年第900号"))
    crawl(site, tmp_path / "c", "mofcom", sections=["rcxwfb"])
    assert document in site.asked


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


PORTAL = "http://exportcontrol.mofcom.gov.cn"
COLUMNS = f"{PORTAL}/edi_ecms_web_front/front/column"


def portal_url(number: int) -> str:
    return f"{PORTAL}/article/gndt/202611/{number}.html"


def portal_article(number: int) -> str:
    return f"""<html><head><meta charset="utf-8"><title>出口管制信息网</title></head><body><h1></h1>
    <script>var title='鸢湾梨出口许可说明（{number}）';
    var source='商务部'; var publishTime='2026-11-18 09:00:00';</script>
    <div class="bd"><p>11月18日，有关方面就鸢湾梨的出口许可发布说明。</p>
    <p>企业可以在窗口办理。</p></div></body></html>"""


def portal_column(page: int) -> str:
    return f"{COLUMNS}/getColumnList#pageNumber={page}&columnID=1&title="


def portal_answer(numbers: range, pages: int) -> str:
    rows = [
        {"id": n, "title": "???????" if n % 2 else f"说明{n}", "url": f"/article/gndt/202611/{n}.html",
         "publishTimeStr": "2026-11-18", "source": "商务部"}
        for n in numbers
    ]  # fmt: skip
    return json.dumps({"pageInfo": {"total": 35, "maxPageNum": pages, "rows": rows}})


def publish_portal(site: Site, prefix: str = "") -> None:
    """A column of three pages behind a form, 35 articles, of which one was taken off: the portal's shell is left."""
    for page, numbers in ((1, range(1, 16)), (2, range(16, 31)), (3, range(31, 36))):
        url = portal_column(page).replace("http:", prefix or "http:")
        site.add(url, portal_answer(numbers, 3), headers={**JSON, "ETag": '"1"'})
    for number in range(1, 36):
        site.add(portal_url(number), portal_article(number))
    furniture = "<p>首页 国内动态 国际动态 法律法规 各方观点 常见问题 办事指南 联系我们</p>" * 5
    site.add(portal_url(9), f'<html><body>{furniture}<div class="bd"></div><script>var siteId;</script></body></html>')


def test_the_portals_lists_are_asked_for_with_a_form_page_by_page(site: Site, tmp_path: Path) -> None:
    publish_portal(site)
    done = crawl(site, tmp_path / "c", "mofcom", sections=["exportcontrol/domestic"])
    assert (done.report["state"], done.report["new"], done.report["listings"]) == ("ok", 34, 3), done.stderr
    assert [url for url in site.asked if "getColumnList" in url] == [portal_column(page) for page in (1, 2, 3)]
    titles = {event["url"]: event["title"] for event in done.of("store")}
    assert titles[portal_url(7)] == "鸢湾梨出口许可说明（7）", "the list calls it ???????"
    assert [(event["url"], event["kind"]) for event in done.of("reject")] == [(portal_url(9), "page_gone")]

    site.asked.clear()
    again = crawl(site, tmp_path / "c", "mofcom", sections=["exportcontrol/domestic"])
    assert (again.report["state"], again.report["new"]) == ("ok", 0)
    assert [url for url in site.asked if "getColumnList" in url] == [portal_column(1)]
    assert "If-None-Match" not in site.headers[portal_column(1)], "to a POST with a condition the answer is 412"


def test_a_posted_listing_is_archived_with_what_was_posted(site: Site, tmp_path: Path) -> None:
    publish_portal(site)
    crawl(site, tmp_path / "c", "mofcom", sections=["exportcontrol/domestic"])
    pages = [page for _, page in Archive(tmp_path / "c" / "archive").pages() if page.form is not None]
    assert [(page.url, page.form) for page in pages] == [
        (portal_column(page), f"pageNumber={page}&columnID=1&title=") for page in (1, 2, 3)
    ]
    assert {page.final_url for page in pages} == {None}


def test_a_posted_listing_is_gone_on_with_at_its_page(site: Site, tmp_path: Path) -> None:
    publish_portal(site)
    options = {"sections": ["exportcontrol/domestic"], "since": "2026-01-01"}
    cut = crawl(site, tmp_path / "c", "mofcom", max_pages=2, **options)
    assert (cut.report["listings"], cut.report["new"]) == (2, 29)
    site.asked.clear()
    done = crawl(site, tmp_path / "c", "mofcom", **options)
    assert (done.report["state"], done.report["new"]) == ("ok", 5)


def test_a_form_that_a_redirect_lost_is_sent_to_where_it_led(site: Site, tmp_path: Path) -> None:
    publish_portal(site, prefix="https:")
    for page in (1, 2, 3):
        moved = portal_column(page).replace("http:", "https:").partition("#")[0]
        site.add(portal_column(page), status=301, headers={"Location": moved})
        site.add(moved, '{"pageInfo": {"total": 35, "maxPageNum": 3, "rows": []}}', headers=JSON)
    done = crawl(site, tmp_path / "c", "mofcom", sections=["exportcontrol/domestic"])
    assert (done.report["state"], done.report["new"], done.report["listings"]) == ("ok", 34, 3), done.report
    assert site.count("http://exportcontrol.mofcom.gov.cn/edi_ecms") == 1, "it is known where it has moved to"


def test_the_portals_catalogue_comes_in_one_answer(site: Site, tmp_path: Path) -> None:
    groups = [
        {
            "name": name,
            "datas": [{"title": f"条例{n}", "subTitle": "", "url": portal_url(n), "publishTimeStr": "2026-11-18"}],
        }
        for n, name in enumerate(("法律", "行政法规", "部门规章", "规范性文件", "清单"), 1)
    ]  # fmt: skip
    site.add(f"{COLUMNS}/getColumnListZcfgGn#parentId=11", json.dumps({"gnInfoLists": groups}), headers=JSON)
    for number in range(1, 6):
        site.add(portal_url(number), portal_article(number))
    done = crawl(site, tmp_path / "c", "mofcom", sections=["exportcontrol/catalogue"])
    assert (done.report["state"], done.report["new"], done.report["listings"]) == ("ok", 5, 1), done.stderr


def old_list(numbers: range, pager: str = "") -> str:
    rows = "".join(
        f'<li><a href="/article/newsrelease/press/202006/202006029{n:05d}.shtml">Notice {n}</a>'
        "<span>2020-06-02</span></li>"
        for n in numbers
    )
    return f'<html><body><div class="listCon"><ul class="txtList_01">{rows}</ul>{pager}</div></body></html>'


def publish_old_list(site: Site, pages: int, *, pager: bool) -> str:
    """An old list of pages of 15 rows; without a pager a script would make it."""
    url = "https://english.mofcom.gov.cn/article/newsrelease/press/"
    links = "".join(f'<a href="?{n}">{n}</a>' for n in range(1, pages + 1)) if pager else "<script>page(9)</script>"
    for page in range(1, pages + 1):
        numbers = range(15 * page - 14, 15 * page + 1)
        body = old_list(numbers, links)
        site.add(f"{url}?{page}", body)
        if page == 1:
            site.add(url, body)
        for n in numbers:
            story = f"{url}202006/202006029{n:05d}.shtml"
            site.add(story, article(f"Notice {n}", f"Notice {n} on pears."))
    return url


@pytest.mark.parametrize("pager", [True, False], ids=["with a pager", "with a pager that a script makes"])
def test_the_pages_of_an_old_list_are_numbered(site: Site, tmp_path: Path, pager: bool) -> None:
    url = publish_old_list(site, 3, pager=pager)
    done = crawl(site, tmp_path / "c", "mofcom", sections=["en/old-press"], since="2020-01-01")
    assert (done.report["state"], done.report["new"], done.report["listings"]) == ("ok", 45, 3), done.stderr
    lists = [asked for asked in site.asked if asked.startswith(url) and "/2020" not in asked]
    assert lists == [url, f"{url}?2", f"{url}?3", *([] if pager else [f"{url}?4"])]


def test_an_old_list_that_takes_no_number_ends_where_it_repeats_itself(site: Site, tmp_path: Path) -> None:
    url = publish_old_list(site, 1, pager=False)
    site.add(f"{url}?2", old_list(range(1, 16)))
    done = crawl(site, tmp_path / "c", "mofcom", sections=["en/old-press"], since="2020-01-01")
    assert (done.report["state"], done.report["new"], done.report["listings"]) == ("ok", 15, 1)


@pytest.mark.parametrize("status", [404, 200])
def test_a_years_index_may_have_another_name(site: Site, tmp_path: Path, status: int) -> None:
    site.add(f"{WWW}/zcfb/blgg/gg/2026/index.html", "<p>抱歉，您访问的页面不存在！</p>", status=status)
    row = f'<li><a href="{article_url("/zcfb/blgg/gg/2026nswbgg", 1)}">公告2026年第1号</a><span>2026-10-01</span></li>'
    site.add(f"{WWW}/zcfb/blgg/gg/2026nswbgg/index.html", f'<ul class="policy-list f-mt20">{row}</ul>')
    site.add(article_url("/zcfb/blgg/gg/2026nswbgg", 1), article("商务部公告2026年第1号"))
    done = crawl(site, tmp_path / "c", "mofcom", sections=["gg"])
    assert (done.report["state"], done.report["new"]) == ("ok", 1)


def test_a_press_conference_is_dated_by_its_address(site: Site, tmp_path: Path) -> None:
    days = [f"/xwfbzt/2026/swbzklxxwfbh2026n{month}y{day}r/index.html" for month, day in ((11, 19), (11, 5), (10, 29))]
    rows = "".join(f'<p><a href="{day}">例行新闻发布会</a></p>' for day in days)
    site.add(f"{WWW}/xwfb/lxxwfbh/index.html", f"<html><body>{rows}</body></html>")
    for day in days:
        site.add(f"{WWW}{day}", article("商务部召开例行新闻发布会").replace("2026-11-18 10:00", ""))
    done = crawl(site, tmp_path / "c", "mofcom", sections=["lxxwfbh"], since="2026-11-01")
    assert [(event["url"], event["listed"]) for event in done.of("store")] == [
        (f"{WWW}{days[0]}", "2026-11-19"),
        (f"{WWW}{days[1]}", "2026-11-05"),
    ]


def test_a_bureaus_home_page_gives_the_documents_that_stand_in_it(site: Site, tmp_path: Path) -> None:
    host = "https://trb.mofcom.gov.cn"
    document = article_url("/gzdt", 1, host)
    body = f'<a href="/">首页</a><section><h3><a href="{document}">商务部公告2026年第1号</a></h3></section>'
    site.add(f"{host}/index.html", f"<html><body>{body}</body></html>")
    site.add(document, article("商务部公告2026年第1号"))
    done = crawl(site, tmp_path / "c", "mofcom", sections=["trb/home"])
    assert (done.report["state"], done.report["new"]) == ("ok", 1)

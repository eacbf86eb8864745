"""Which of the links in a news item's body leads to the document that it is about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.articles import parse
from pipeline.model import Article, Page

WWW = "https://www.mofcom.gov.cn"
ITEM = f"{WWW}/xwfb/rcxwfb/art/2026/art_{1:032x}.html"
RULE = f"{WWW}/zcfb/blgg/gg/2026/art/2026/art_{2:032x}.html"
OTHER = f"{WWW}/zwgk/zcfb/art/2026/art_{3:032x}.html"
BUREAU = f"https://cws.mofcom.gov.cn/gztz/art/2026/art_{4:032x}.html"
REPORT = f"{WWW}/xwfb/xwfyrth/art/2026/art_{5:032x}.html"
OLD = "http://www.mofcom.gov.cn/article/b/e/201811/20181102806417.shtml"
PRESS = f"{WWW}/xwfbzt/2026/swbzklxxwfbh2026n9y3r/index.html"
PORTAL = "http://exportcontrol.mofcom.gov.cn/article/zcfg/gnzcfg/zcfggzqd/202609/1184.html"


def item(body: str, title: str = "商务部发布鸢湾梨出口管理办法", url: str = ITEM) -> Article:
    html = f"""<html><head><meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2026-09-03 10:00">
    </head><body><div class="art-con" ergodic="article"><p>9月3日，有关方面发布说明。</p>{body}</div></body></html>"""
    page = Page(url=url, source="mofcom", body=html.encode(), fetched_at=datetime(2026, 9, 3, tzinfo=UTC))
    article = parse(page)
    assert isinstance(article, Article)
    return article


def link(url: str, text: str) -> str:
    return f'<a href="{url}" target="_blank">{text}</a>'


@pytest.mark.parametrize(
    ("body", "documents"),
    [
        pytest.param(
            f"<p>{link(OTHER, '有关情况')}。{link(RULE, '商务部公告2026年第40号')}</p>", [RULE, OTHER], id="number"
        ),
        pytest.param(
            f"<p>{link(OTHER, '这里')}，{link(RULE, '《鸢湾梨出口管理办法》')}</p>", [RULE, OTHER], id="title"
        ),
        pytest.param(
            f"<p>{link(OTHER, '窗口')}</p><p>公告全文：{link(BUREAU, '点击查看')}</p>", [BUREAU, OTHER], id="whole"
        ),
        pytest.param(
            f"<p>根据{link(OLD, '商务部公告2018年第84号')}，现予调整，见{link(RULE, '新公告')}</p>",
            [RULE, OLD],
            id="basis",
        ),
        pytest.param(
            f"<p>此前发布的{link(OTHER, '《办法》')}。现发布{link(RULE, '《办法（修订）》')}</p>",
            [RULE, OTHER],
            id="earlier",
        ),
        pytest.param(
            f"<p>{link(REPORT, '发言人谈话')}和{link(PRESS, '发布会')}</p>", [], id="reports are no documents"
        ),
        pytest.param(
            f"<p>{link(f'{WWW}/zcfb/index.html', '政策发布')}{link(f'{WWW}/dl/file/1.pdf', '附件：公告.pdf')}"
            f"{link('https://www.customs.example/art/2026/x.html', '公告')}</p>",
            [],
            id="lists, files and foreign hosts",
        ),
        pytest.param(f"<p>{link(REPORT, '商务部公告2026年第40号')}</p>", [REPORT], id="a report's column may hold it"),
        pytest.param(f"<p>{link(PORTAL, '管控名单')}</p>", [PORTAL], id="the export-control portal"),
        pytest.param(
            f"<p>{link(RULE.replace('https://', 'http://big5.mofcom.gov.cn/gate/big5/'), '公告')}</p>",
            [RULE],
            id="gateway",
        ),
        pytest.param(
            f"<p>一、{link(OTHER, '一')}</p><p>二、{link(RULE, '二')}</p>", [OTHER, RULE], id="no words: in order"
        ),
    ],
)
def test_the_likeliest_document_comes_first(body: str, documents: list[str]) -> None:
    assert list(item(body).links) == documents


def test_the_number_in_the_headline_decides() -> None:
    body = f"<p>{link(OTHER, '商务部公告2026年第39号')}与{link(RULE, '商务部公告2026年第40号')}</p>"
    assert item(body).links == (OTHER, RULE)
    assert item(body, title="就商务部公告2026年第40号答记者问").links == (RULE, OTHER)


def test_an_english_item_is_read_the_same_way() -> None:
    english = "https://english.mofcom.gov.cn/Policies/AnnouncementsOrders/art/2026/art_" + "{:032x}.html"
    first, second = english.format(6), english.format(7)
    body = (
        f"<p>The ministry acted on Thursday pursuant to {link(first, 'Order No. 3 of 2013')}.</p>"
        f"<p>It published {link(second, 'Announcement No. 40 of 2026')}.</p>"
    )
    assert item(body, title="Ministry acts on pears").links == (second, first)


def test_a_body_of_nothing_but_links_stays_cheap() -> None:
    body = "".join(f"<p>{link(f'{WWW}/zcfb/art/2026/art_{n:032x}.html', '公告')}</p>" for n in range(10, 2000))
    assert len(item(body).links) == 60

"""Bylines, info lines, times and addresses, form by form."""

from __future__ import annotations

import pytest

from pipeline.articles import address_of
from pipeline.articles.byline import parse_byline, title_case
from pipeline.articles.china_daily import parse_info
from pipeline.articles.mofcom import own_number
from pipeline.html import NotAnArticle
from pipeline.times import read_time


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("By Yu Si", ["Yu Si"]),
        ("By YU SI", ["Yu Si"]),
        ("By Zhou Lanyi,Ouyang Shiyi and Zhang Chenyi", ["Zhou Lanyi", "Ouyang Shiyi", "Zhang Chenyi"]),
        ("By OUYANG SHIYI/ZHOU LANYI", ["Ouyang Shiyi", "Zhou Lanyi"]),
        ("By MO JINGYI, and ZHOU LANYI", ["Mo Jingyi", "Zhou Lanyi"]),
        (
            "By XIN YI in Beijing, XING ER in London and PAMELA SARTO in Hong Kong",
            ["Xin Yi", "Xing Er", "Pamela Sarto"],
        ),
        ("By EDITH MUTUA in Nairobi, Kenya", ["Edith Mutua"]),
        ("By CHEN BO in Cape Town, South Africa, WU DI in Nairobi, Kenya", ["Chen Bo", "Wu Di"]),
        ("Cheng Yi,Li Er and Chen San in Wuzhen, Zhejiang", ["Cheng Yi", "Li Er", "Chen San"]),
        (
            "By Anna de Souza in Hefei, Anhui province, Tom Harrow and Liu Yi in London, UK",
            ["Anna de Souza", "Tom Harrow", "Liu Yi"],
        ),
        ("By SHI YI in Shanghai shiyi@chinadaily.com.cn", ["Shi Yi"]),
        ("By ANGUS McDONALD and JEAN-PIERRE O'BRIEN in Xi'an", ["Angus McDonald", "Jean-Pierre O'Brien"]),
        ("Xinhua", []),
        ("", []),
    ],
)
def test_a_byline_is_its_writers(printed: str, names: list[str]) -> None:
    assert list(parse_byline(printed)[0]) == names


def test_an_outlet_in_brackets_is_no_writer() -> None:
    assert parse_byline("By Ding Yifen (China Daily)") == (("Ding Yifen",), "China Daily")


def test_names_that_are_not_in_capitals_stay_as_they_are() -> None:
    assert title_case("Ma Si") == "Ma Si"
    assert title_case("Ludwig van der Meer") == "Ludwig van der Meer"


@pytest.mark.parametrize(
    ("line", "authors", "credit", "published", "updated"),
    [
        (
            "By Yu Si | China Daily | Updated: 2026-09-14 10:21",
            ("Yu Si",),
            "China Daily",
            None,
            "2026-09-14T10:21:00+08:00",
        ),
        (
            "YU SI in Shanghai | China Daily | Updated: 2026-09-14 10:21",
            ("Yu Si",),
            "China Daily",
            None,
            "2026-09-14T10:21:00+08:00",
        ),
        ("Xinhua | Updated: 2026-09-14 10:21", (), "Xinhua", None, "2026-09-14T10:21:00+08:00"),
        ("Updated: 2026-09-14 10:21", (), None, None, "2026-09-14T10:21:00+08:00"),
        ("(chinadaily.com.cn) | Updated: 2007-07-30 11:58", (), "chinadaily.com.cn", None, "2007-07-30T11:58:00+08:00"),
        (
            "Updated: 2011-12-28 09:01 | By Ding Yi (China Daily) | Comments() Print Mail Large Medium Small",
            ("Ding Yi",),
            "China Daily",
            None,
            "2011-12-28T09:01:00+08:00",
        ),
        ("chinadaily.com.cn | 2017-03-05 10:35", (), "chinadaily.com.cn", "2017-03-05T10:35:00+08:00", None),
        ("Updated: May 23, 2019 By Ren Yi and Zhong Er Print", ("Ren Yi", "Zhong Er"), None, None, "2019-05-23"),
        ("chinadaily.com.cn| Updated: Oct 21, 2019", (), "chinadaily.com.cn", None, "2019-10-21"),
        ("By HE YI in Shanghai CHINA DAILY Updated: 2021-01-11", ("He Yi",), "CHINA DAILY", None, "2021-01-11"),
        (
            "Published: 02:57, February 24, 2020 | Updated: 23:29, June 5, 2023",
            (),
            None,
            "2020-02-24T02:57:00+08:00",
            "2023-06-05T23:29:00+08:00",
        ),
        ("来源： 中国日报网 | 2023-11-17 15:13　", (), "中国日报网", "2023-11-17T15:13:00+08:00", None),
        ("Share | Share - WeChat", (), None, None, None),
        ("", (), None, None, None),
    ],
)
def test_an_info_line_of_any_form_is_read(
    line: str, authors: tuple[str, ...], credit: str | None, published: str | None, updated: str | None
) -> None:
    info = parse_info(line)
    assert (info.authors, info.credit, info.published, info.updated) == (authors, credit, published, updated)


@pytest.mark.parametrize(
    ("printed", "stamp"),
    [
        ("2026-02-30 10:00", None),
        ("2026-02-28 25:00", None),
        ("2026年3月1日", "2026-03-01"),
        ("[2026-09-29]", "2026-09-29"),
        ("March 17, 2018 - 14:29 BJT (06:29 GMT)", "2018-03-17T14:29:00+08:00"),
        ("发布于 2020-5-9", "2020-05-09"),
        ("Maybe 12, 2020", None),
        ("", None),
    ],
)
def test_a_printed_time_becomes_an_iso_prefix(printed: str, stamp: str | None) -> None:
    assert read_time(printed) == stamp


@pytest.mark.parametrize(
    ("url", "shape", "printed"),
    [
        ("https://www.chinadaily.com.cn/a/202609/14/WS6ac4aaaaa310d6866eb40a11.html", "ws", "2026-09-14"),
        ("https://www.chinadaily.com.cn/a/202004/13/WS5e93d91ca3105d50a3d15c54_1.html", "ws", "2020-04-13"),
        ("http://covid-19.chinadaily.com.cn/english/doc/2004-05/23/content_333017.htm", "content", "2004-05-23"),
        ("http://europe.chinadaily.com.cn/china/2016-02/03/content_23381414.htm", "content", "2016-02-03"),
        ("https://www.mofcom.gov.cn/xwfbzt/2026/swbzklxxwfbh2026n9y3r/index.html", "press_index", "2026-09-03"),
        ("http://m.mofcom.gov.cn/aarticle/bh/200311/20031100148039.html", "aarticle", "2003-11"),
        (
            "http://big5.mofcom.gov.cn/gate/big5/english.mofcom.gov.cn/article/news/press/202005/20200502966332.shtml",
            "shtml",
            "2020-05",
        ),
        ("http://exportcontrol.mofcom.gov.cn/article/gndt/202510/1172.html", "portal", "2025-10"),
    ],
)
def test_an_address_says_its_era_and_date(url: str, shape: str, printed: str) -> None:
    address = address_of(url)
    assert (address.shape, address.printed) == (shape, printed)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.chinadaily.com.cn/business/20260301/plastic-film-regs",
        "https://www.chinadaily.com.cn.evil.example/a/202609/14/WS6ac4aaaaa310d6866eb40a11.html",
        "https://notchinadaily.com.cn/a/202609/14/WS6ac4aaaaa310d6866eb40a11.html",
        "https://www.chinadailyhk.com/article/123",
        "ftp://www.chinadaily.com.cn/a/202609/14/WS6ac4aaaaa310d6866eb40a11.html",
        "https://[www.mofcom.gov.cn/",
        "https://www.mofcom.gov.cn/zwgk/zcfb/index.html",
        "",
    ],
)
def test_any_other_address_is_no_article(url: str) -> None:
    with pytest.raises(NotAnArticle):
        address_of(url)


@pytest.mark.parametrize(
    ("title", "lines", "number"),
    [
        ("商务部公告2026年第71号 关于石英坩埚的公告", [], "商务部公告2026年第71号"),
        ("商务部 海关总署公告2026年第71号", [], "商务部 海关总署公告2026年第71号"),
        ("商务部令2026年第6号 拍卖档案管理办法", [], "商务部令2026年第6号"),
        ("MOFCOM Order No. 1 of 2026 on Auctions", [], "MOFCOM Order No. 1 of 2026"),
        ("商务部新闻发言人就公告2026年第71号答记者问", ["问：公告2026年第71号有何考虑？"], None),
        ("关于拍卖档案的公告", ["商务部公告2026年第71号", "现公布办法。"], "商务部公告2026年第71号"),
        ("Extension of a Case", ["Announcement", "No. 51 of 2026"], "Announcement No. 51 of 2026"),
        ("Extension of a Case", ["On May 1 the Ministry issued Announcement No. 51 of 2026."], None),
    ],
)
def test_only_a_documents_own_number_is_taken(title: str, lines: list[str], number: str | None) -> None:
    assert own_number(title, lines) == number

"""Plain stories that fill the demo's listings up to the length that a real listing has at least.

Market figures and nothing else: no story of the back file quotes anybody or announces anything, so whatever is
extracted from one is wrong. Made up anew each time, always the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from demo.plain import PLAIN
from demo.story import BEIJING, Story
from pipeline.model import Language

OLD_NEWEST: Final = datetime(2020, 6, 19, 17, 5, tzinfo=BEIJING)
NEWEST: Final = datetime(2026, 9, 17, 17, 5, tzinfo=BEIJING)
STALE_NEWEST: Final = datetime(2024, 2, 23, 10, 5, tzinfo=BEIJING)
PAPER_SINCE: Final = date(2026, 9, 7)
"""The oldest day of this month's paper that can be had."""
PAPER_ROWS: Final = 5
"""Stories that a day of the paper has at least."""
SHORT: Final = 12
"""Rows that every listing has at least: more than the floors of the sources."""
LONG: Final[Mapping[tuple[str, str], int]] = {
    ("www.chinadaily.com.cn", "/business/economy"): 44,
    ("www.mofcom.gov.cn", "/zwgk/zcfb"): 34,
    ("www.mofcom.gov.cn", "/xwfb/rcxwfb"): 20,
    ("english.mofcom.gov.cn", "/article/newsrelease/policyreleasing"): 32,
}
"""Listings that go on over several pages of 20 (China Daily) or 15 rows (MOFCOM)."""

SECTIONS: Final[tuple[str, ...]] = (
    "business/economy", "business/companies", "business/biz_industries", "business/tech", "business/motoring",
    "business/money", "china/governmentandpolicy", "china/society", "china/scitech", "china/environment",
    "china/coverstory", "china/59b8d010a3108c54ed7dfc30", "china/59b8d010a3108c54ed7dfc27",
    "china/59b8d010a3108c54ed7dfc25", "world/china-us", "world/cn_eu", "world/asia_pacific", "world/america",
    "world/europe", "world/middle_east", "world/africa", "world/China-Japan-Relations", "world/china-africa",
    "opinion/editionals", "opinion/op-ed", "opinion/commentator", "opinion/opinionline", "cndy",
)  # fmt: skip
"""The English sections of China Daily's front host."""

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "www.mofcom.gov.cn": (
        "zwgk/zcfb", "zcfb", "zcfb/blgg", "zcfb/blgg/gg/2026", "zcfb/zgdwjjmywg", "zcfb/dwmygl", "zcfb/zc",
        "zfxxgk/zc/gz", "xwfb/rcxwfb", "xwfb/xwfyrth", "xwfb/lxxwfbh", "xwfb/sjfzrfb", "xwfb/ldrhd", "xwfb/bldhd",
        "article/b", "article/ae/ai", "article/ae/ag", "article/ae/slfw", "",
    ),
    "english.mofcom.gov.cn": (
        "Policies", "Policies/AnnouncementsOrders", "Policies/GeneralPolicies", "News/PressConference",
        "News/SignificantNews", "article/newsrelease/press", "article/newsrelease/policyreleasing",
        "article/newsrelease/significantnews", "article/policyrelease/announcement", "",
    ),
    "exportcontrol.mofcom.gov.cn": (
        "getColumnList/1", "getColumnList/2", "getColumnList/13", "getColumnList/14", "getColumnList/15",
        "getColumnList/16", "getColumnList/17", "getColumnListZcfgGn/11",
    ),
    "aqygzj.mofcom.gov.cn": ("flzc/gzjgfxwj", "zhxx", "qdml", "gzdt", "zsyd", ""),
    "cws.mofcom.gov.cn": ("gztz", ""),
    **{f"{bureau}.mofcom.gov.cn": ("",) for bureau in ("trb", "dcj", "chinawto", "fms")},
}  # fmt: skip
"""The ministry's columns by host; "" is the home page. Those below `article/` are of the `.shtml` years."""

_GOODS: Final = (
    ("cold-rolled steel sheet", "冷轧钢板"), ("polyester staple fiber", "涤纶短纤"), ("copper cathode", "阴极铜"),
    ("soda ash", "纯碱"), ("float glass", "浮法玻璃"), ("natural rubber", "天然橡胶"), ("container board", "箱板纸"),
    ("cotton yarn", "棉纱"), ("caustic soda", "烧碱"), ("aluminum ingots", "铝锭"), ("ceramic tiles", "瓷砖"),
    ("refined zinc", "精炼锌"), ("corn starch", "玉米淀粉"),
)  # fmt: skip


_FOLDERS: Final = {
    "getColumnList/1": "gndt", "getColumnList/2": "gjdt", "getColumnList/13": "zcfg/fl",
    "getColumnList/14": "zcfg/xzfg", "getColumnList/15": "zcfg/bmgz", "getColumnList/16": "gfgd",
    "getColumnList/17": "cjwt",
    "getColumnListZcfgGn/11": "zcfg/gnzcfg/zcfggzqd",
}  # fmt: skip


def listings() -> tuple[tuple[str, str], ...]:
    """Host and path of every listing that the sites have, whether or not a story was written for it."""
    return (
        *(("www.chinadaily.com.cn", f"/{section}") for section in SECTIONS),
        *((host, f"/{column}") for host, columns in COLUMNS.items() for column in columns),
        *((site.host, path) for site in PLAIN.values() for path in site.listings),
    )


def backfile(host: str, path: str, held: int) -> Iterator[Story]:
    """The stories that are missing from a listing which holds `held` rows, newest first."""
    plain = next((name for name, site in PLAIN.items() if host == site.host), None)
    if plain is not None:
        for nth in range(PLAIN[plain].long.get(path, SHORT) - held):
            yield _plain(plain, path, nth)
        return
    make = _mofcom if host.endswith("mofcom.gov.cn") else _china_daily
    for nth in range(LONG.get((host, path), SHORT) - held):
        yield make(host, path.removeprefix("/"), nth)


def paper_stories(day: date, held: int) -> Iterator[Story]:
    """What is missing from a day of the paper that holds `held` stories."""
    for nth in range(PAPER_ROWS - held):
        published = datetime.combine(day, time(7, 10 + nth), BEIJING)
        key = _key(f"paper {day}", nth)
        title, text = _english(day.toordinal() * PAPER_ROWS % 997 + nth, published)
        yield _story(
            site="china_daily", host="epaper.chinadaily.com.cn", path=_ws(published, key), language="en", title=title,
            text=text, credit="China Daily", section=("China Daily", "Business"), published=published,
        )  # fmt: skip


def stale_stories() -> Iterator[Story]:
    """What stands in a feed that has stood still since the winter of 2024, newest first."""
    for nth in range(PAPER_ROWS):
        published = STALE_NEWEST - timedelta(days=4 * nth)
        key = _key("stale", nth)
        title, text = _english(40 + nth, published)
        yield _story(
            site="china_daily", host="www.chinadaily.com.cn", path=_ws(published, key), language="en", title=title,
            text=text, credit="China Daily", section=("World",), published=published,
        )  # fmt: skip


def _ws(published: datetime, key: str) -> str:
    """An address as the site has made them since 2017: its id begins with the second of publication."""
    return f"/a/{published:%Y%m/%d}/WS{int(published.timestamp()) + 20:08x}{key[:16]}.html"


def _china_daily(host: str, section: str, nth: int) -> Story:
    published = _time(section, nth)
    title, text = _english(nth, published)
    return _story(
        site="china_daily",
        host=host,
        path=_ws(published, _key(section, nth)),
        language="en",
        title=title,
        text=text,
        credit="China Daily",
        section=tuple(part.replace("-", " ").replace("_", " ").title() for part in section.split("/")),
        listing=f"/{section}",
        published=published,
    )


def _plain(name: str, listing: str, nth: int) -> Story:
    site, published = PLAIN[name], _time(f"{name}{listing}", nth)
    title, text = _english(nth, published)
    return _story(
        site=name,
        host=site.host,
        path=site.address(listing, published, _key(f"{name}{listing}", nth)),
        language="en",
        title=title,
        text=text,
        credit=site.credit,
        section=(site.listings[listing],),
        listing=listing,
        published=published,
    )


def _mofcom(host: str, column: str, nth: int) -> Story:
    published = _time(column, nth)
    chinese = host != "english.mofcom.gov.cn"
    title, text = (_chinese if chinese else _english)(nth, published)
    key = _key(f"{host}/{column}", nth)
    old = column.startswith("article/")
    if host == "exportcontrol.mofcom.gov.cn":
        path = f"/article/{_FOLDERS[column]}/{published:%Y%m}/{1000 + int(key[:8], 16) % 9000}.html"
    elif old:
        path = f"/{column}/{published:%Y%m/%Y%m}02{int(key[:8], 16) % 10**6:06d}.shtml"
    else:
        path = f"/{column or 'gzdt'}/art/{published:%Y}/art_{key[:32]}.html"
    return _story(
        site="mofcom",
        host=host,
        path=path,
        language="zh" if chinese else "en",
        title=title,
        text=text,
        credit="商务部" if chinese else "MOFCOM",
        section=tuple((column or "gzdt").split("/")[:1]),
        listing=f"/{column}",
        published=published,
    )


def _story(
    *, site: str, host: str, path: str, language: Language, title: str, text: str, credit: str,
    section: tuple[str, ...], published: datetime, listing: str | None = None,
) -> Story:  # fmt: skip
    return Story(
        id=f"old-{_key(path, 0)[:12]}",
        site=site,
        template=_template(site, language, path),
        host=host,
        path=path,
        language=language,
        title=title,
        text=text,
        pages=(tuple(text.split("\n\n")),),
        credit=credit,
        section=section,
        listings=(listing,) if listing else (),
        published=published,
        file="backfile",
    )


def _template(site: str, language: Language, path: str) -> str:
    if site in PLAIN:
        return PLAIN[site].template
    if site == "china_daily":
        return "today"
    if path.endswith(".shtml"):
        return f"shtml_{language}"
    if path.startswith("/article/"):
        return "portal"
    return "english" if language == "en" else "news"


def _time(listing: str, nth: int) -> datetime:
    """Two to three days between stories, at office hours that differ by listing."""
    hours = int(_key(listing, nth)[:2], 16) % 9
    newest = OLD_NEWEST if listing.startswith("article/") else NEWEST
    return newest - timedelta(days=nth * 2 + nth // 2, hours=hours, minutes=nth)


def _english(nth: int, when: datetime) -> tuple[str, str]:
    goods, month, change = _GOODS[nth % len(_GOODS)][0], f"{when - timedelta(days=28):%B}", 1 + nth % 7
    title = f"Price index of {goods} {'rises' if nth % 2 else 'falls'} {change / 10:.1f} percent in {month}"
    return title, (
        f"The price index of {goods} stood at {96 + nth / 4:.1f} points in {month}, "
        f"{'up' if nth % 2 else 'down'} {change / 10:.1f} percent from a month earlier.\n\n"
        f"Trading volume at 14 wholesale markets came to {310 + nth * 7},000 metric tons, and stocks at the end of the "
        f"month covered {18 + nth % 9} days of sales."
    )


def _chinese(nth: int, when: datetime) -> tuple[str, str]:
    goods, month, change = _GOODS[nth % len(_GOODS)][1], (when - timedelta(days=28)).month, 1 + nth % 7
    return f"{when.year}年{month}月{goods}市场价格监测情况", (
        f"{month}月，全国14个批发市场{goods}价格指数为{96 + nth / 4:.1f}，"
        f"环比{'上升' if nth % 2 else '下降'}0.{change}个百分点。\n\n"
        f"当月成交量为{31 + nth}万吨，月末库存可满足{18 + nth % 9}天的销售。"
    )


def _key(text: str, nth: int) -> str:
    return hashlib.sha256(f"{text} {nth}".encode()).hexdigest()

"""The sources: which hosts may be contacted, where the listings stand, how polite to be.

Addresses come from what is known of the two sites in 2026-11 (China Daily: section paths unchanged since 2017;
MOFCOM: the jpaas content system since about 2024). A section that is not certain is there but not on by default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from pipeline.model import Language

SectionKind = Literal["listing", "column", "feed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One listing of a source: where it stands and what it must hold to be believed."""

    name: str
    """What `--section` calls it: `business/economy`, `rcxwfb`."""
    url: str
    """First page; `{year}` stands for a year, one listing a year."""
    floor: int
    """How many links the first page must have; fewer is the state `empty`."""
    kind: SectionKind = "listing"
    """`listing`: rows stand in the page; `column`: the page may be a shell whose rows come from a list endpoint."""
    language: Language = "en"
    default: bool = False
    max_age_days: int | None = None
    """When the newest link is older than this, the listing counts as standing still; None: it may be old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One site, or a family of sites under one owner."""

    name: str
    title: str
    spider: str
    """`module:class` of its spider; named here and not imported, so that a list of sources costs no Scrapy."""
    hosts: frozenset[str]
    """Every host that may be contacted for it, exactly; no other is, by redirect or link."""
    sections: tuple[Section, ...]
    delay: float
    """Seconds between two requests to one host, before randomisation."""
    searchable: bool = False
    page_limit: int = 10
    """Listing pages a section when neither a date nor a number of pages is given."""
    robots_agent: str = "policywire"
    """The name that robots.txt may address us by."""

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of its sections, in order of first use."""
        return tuple(dict.fromkeys(section.language for section in self.sections))

    def chosen(self, names: tuple[str, ...]) -> tuple[Section, ...]:
        """The named sections, or the default ones when there is no name; ValueError names an unknown one."""
        if not names:
            return tuple(section for section in self.sections if section.default)
        by_name = {section.name: section for section in self.sections}
        if unknown := [name for name in names if name not in by_name]:
            raise ValueError(f"{self.name} has no section {unknown[0]!r}; it has: {', '.join(by_name)}")
        return tuple(by_name[name] for name in dict.fromkeys(names))


CD = "https://www.chinadaily.com.cn"
CD_CN = "https://china.chinadaily.com.cn"
CD_DEFAULTS = {
    "business/economy": 7,
    "business/companies": 7,
    "business/biz_industries": 14,
    "business/tech": 14,
    "business/motoring": 30,
    "business/money": 14,
    "china/governmentandpolicy": 7,
    "world/china-us": 30,
    "world/cn_eu": 60,
}
"""The sections that are crawled unless others are named, with the age in days at which they stand still."""
CD_OTHERS = (
    "china/society", "china/scitech", "china/environment", "china/coverstory",
    "world/asia_pacific", "world/america", "world/europe", "world/middle_east", "world/africa",
    "world/China-Japan-Relations", "world/china-africa",
    "opinion/editionals", "opinion/op-ed", "opinion/commentator", "opinion/opinionline",
)  # fmt: skip
CD_FEEDS = ("china", "bizchina", "world", "opinion", "cndy")

CHINA_DAILY = Source(
    name="china_daily",
    title="China Daily",
    spider="spiders.china_daily:ChinaDailySpider",
    hosts=frozenset(
        {"chinadaily.com.cn"}
        | {
            f"{name}.chinadaily.com.cn"
            for name in (
                "www", "global", "usa", "europe", "africa", "cn", "china", "world", "caijing", "newssearch",
                "epaper", "govt", "investinchina",
            )
        }
    ),
    sections=(
        *(
            Section(name=name, url=f"{CD}/{name}", floor=10, default=True, max_age_days=age)
            for name, age in CD_DEFAULTS.items()
        ),
        *(Section(name=name, url=f"{CD}/{name}", floor=10) for name in CD_OTHERS),
        *(
            Section(name=f"rss/{name}", url=f"{CD}/rss/{name}_rss.xml", floor=5, kind="feed", max_age_days=7)
            for name in CD_FEEDS
        ),
        Section(
            name="cn/observer",
            url=f"{CD_CN}/5bd5639ca3101a87ca8ff634/5bd5669ba3101a87ca8ff666",
            floor=5,
            language="zh",
        ),
    ),
    delay=2.0,
    searchable=True,
)  # fmt: skip

MOFCOM_WWW = "https://www.mofcom.gov.cn"
MOFCOM_EN = "https://english.mofcom.gov.cn"
AQYGZJ = "https://aqygzj.mofcom.gov.cn"


def _column(
    name: str, url: str, floor: int, *, default: bool = False, language: Language = "zh", age: int | None = None
) -> Section:
    return Section(name=name, url=url, floor=floor, kind="column", language=language, default=default, max_age_days=age)


MOFCOM = Source(
    name="mofcom",
    title="Ministry of Commerce",
    spider="spiders.mofcom:MofcomSpider",
    hosts=frozenset(
        f"{name}.mofcom.gov.cn"
        for name in (
            "www", "english", "aqygzj", "exportcontrol", "cacs", "trb", "cws", "dcj", "chinawto", "fms", "fdi",
            "policy", "m", "zhongshan2", "wangwentao2", "wangshouwen2", "lingji2",
        )
    ),
    sections=(
        _column("zcfb", f"{MOFCOM_WWW}/zwgk/zcfb/index.html", 5, default=True, age=30),
        _column("gg", f"{MOFCOM_WWW}/zcfb/blgg/gg/{{year}}/index.html", 1, default=True),
        _column("rcxwfb", f"{MOFCOM_WWW}/xwfb/rcxwfb/index.html", 5, default=True, age=14),
        _column("xwfyrth", f"{MOFCOM_WWW}/xwfb/xwfyrth/index.html", 5, default=True, age=30),
        _column("lxxwfbh", f"{MOFCOM_WWW}/xwfb/lxxwfbh/index.html", 3, default=True, age=30),
        _column("en/announcements", f"{MOFCOM_EN}/Policies/AnnouncementsOrders/", 3, default=True, language="en"),
        _column("en/general-policies", f"{MOFCOM_EN}/Policies/GeneralPolicies/", 3, default=True, language="en"),
        _column("en/press-conference", f"{MOFCOM_EN}/News/PressConference/index.html", 3, default=True, language="en"),
        _column("en/significant-news", f"{MOFCOM_EN}/News/SignificantNews/index.html", 3, default=True, language="en"),
        _column("zcfb-hub", f"{MOFCOM_WWW}/zcfb/index.html", 5),
        _column("blgg", f"{MOFCOM_WWW}/zcfb/blgg/index.html", 5),
        _column("zgdwjjmywg", f"{MOFCOM_WWW}/zcfb/zgdwjjmywg/index.html", 1),
        _column("dwmygl", f"{MOFCOM_WWW}/zcfb/dwmygl/index.html", 1),
        _column("zc", f"{MOFCOM_WWW}/zcfb/zc/index.html", 1),
        _column("gz", f"{MOFCOM_WWW}/zfxxgk/zc/gz/index.html", 1),
        _column("ztxwfbh", f"{MOFCOM_WWW}/xwfb/ztxwfbh/index.html", 0),
        _column("sjfzrfb", f"{MOFCOM_WWW}/xwfb/sjfzrfb/index.html", 3),
        _column("ldrhd", f"{MOFCOM_WWW}/xwfb/ldrhd/index.html", 3),
        _column("bldhd", f"{MOFCOM_WWW}/xwfb/bldhd/index.html", 3),
        _column("en/policies", f"{MOFCOM_EN}/Policies/index.html", 1, language="en"),
        _column("en/remarks", f"{MOFCOM_EN}/article/newsrelease/policyreleasing/", 1, language="en"),
        *(
            _column(f"aqygzj/{name}", f"{AQYGZJ}/{path}/index.html", 1)
            for name, path in {
                "gzjgfxwj": "flzc/gzjgfxwj", "zhxx": "zhxx", "qdml": "qdml", "gzdt": "gzdt", "zsyd": "zsyd",
            }.items()
        ),
    ),
    delay=3.0,
)  # fmt: skip

SOURCES: Mapping[str, Source] = MappingProxyType({source.name: source for source in (CHINA_DAILY, MOFCOM)})

"""What stands at which address of the demo world: a pure answer to every host and path.

Listings hold the written stories, then the back file. On each site one story stands in a listing that robots.txt
forbids (`HIDDEN`), so that the request log proves whether it is obeyed; one host answers robots.txt with 404 and HTML.
China Daily sends readers of one section to its European edition, one of its feeds has stood still for years, and its
paper has an index for each day but Sundays.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from demo import lists
from demo.backfile import backfile, listings, stale_stories
from demo.files import MAKERS
from demo.lists import Row
from demo.paper import ENTRY, EPAPER, copy_on, papers
from demo.plain import PLAIN
from demo.render import article, page_paths
from demo.story import BEIJING, DOMAINS, Annex, Story
from pipeline.listings.china_daily import paper_day

FRONT: Final = "www.chinadaily.com.cn"
SEARCH: Final = "newssearch.chinadaily.com.cn"
EUROPE: Final = "europe.chinadaily.com.cn"
SENT_TO_EUROPE: Final = frozenset({"/world/europe"})
"""Sections of the front host that redirect to the European edition."""
STALE_FEED: Final = "world_rss.xml"
"""The feed that has stood still."""
NO_ROBOTS: Final = "english.mofcom.gov.cn"
"""The host whose robots.txt is a 404 page in HTML, as cif.mofcom.gov.cn's is."""

SECTION_ROWS: Final = 20
SEARCH_ROWS: Final = 10
UNIT_ROWS: Final = 15
OLD_ROWS: Final = 15
PORTAL_ROWS: Final = 10
STATIC_ROWS: Final = 40
FEED_ITEMS: Final = 15
FEEDS: Final[Mapping[str, str]] = {
    "bizchina_rss.xml": "business", "china_rss.xml": "china", "world_rss.xml": "world", "opinion_rss.xml": "opinion",
    "cndy_rss.xml": "cndy",
}  # fmt: skip

COLUMN_NAMES: Final[Mapping[str, str]] = {
    "/": "首页", "/gztz": "工作通知",
    "/zwgk/zcfb": "政策发布", "/zcfb": "政策发布", "/zcfb/blgg": "部令公告", "/xwfb/rcxwfb": "日常新闻发布",
    "/xwfb/xwfyrth": "新闻发言人谈话", "/xwfb/lxxwfbh": "例行新闻发布会", "/xwfb/ztxwfbh": "专题新闻发布会",
    "/xwfb/sjfzrfb": "司局负责人发布", "/xwfb/ldrhd": "领导人活动", "/xwfb/bldhd": "部领导活动",
    "/Policies/AnnouncementsOrders": "Announcements & Orders", "/Policies/GeneralPolicies": "General Policies",
    "/News/PressConference": "Press Conference", "/article/newsrelease/press": "Press Conference",
    "/article/newsrelease/policyreleasing": "Spokesman's Remarks", "/News/SignificantNews": "Significant News",
}  # fmt: skip
_PAGE_IDS: Final = {
    ("www.mofcom.gov.cn", "/zwgk/zcfb"): "fc8bdff48fa345a48b651c1285b70b8f",
    ("www.mofcom.gov.cn", "/xwfb/rcxwfb"): "95d89972d8aa4fcea511701cd0f212d9",
}
PORTAL: Final = "exportcontrol.mofcom.gov.cn"
FORMS: Final = "/edi_ecms_web_front/front/column"
"""Where the export-control portal's lists answer to POST."""
PORTAL_FOLDERS: Final[Mapping[str, str]] = {
    "gndt": "/getColumnList/1", "gjdt": "/getColumnList/2", "fl": "/getColumnList/13", "xzfg": "/getColumnList/14",
    "bmgz": "/getColumnList/15", "gfgd": "/getColumnList/16", "cjwt": "/getColumnList/17",
    "zcfggzqd": "/getColumnListZcfgGn/11",
}  # fmt: skip
"""Folder of the portal's articles -> the listing that they stand in."""
EMPTY_COLUMN: Final = ("www.mofcom.gov.cn", "/xwfb/ztxwfbh")
"""A column that has nothing in it, on the real site too."""

_HTML: Final = "text/html; charset=utf-8"
_JSON: Final = "application/json; charset=UTF-8"
_FILES: Final = {
    "pdf": "application/pdf", "doc": "application/msword", "xls": "application/vnd.ms-excel",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
_NOT_FOUND: Final = (
    "<!DOCTYPE html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1>"
    "<p>User-agent: *</p><p>Disallow: /</p></body></html>"
)
"""What is nowhere; its text would close the site to a reader who takes a 404 page for robots.txt."""


_AT: Final = datetime(2026, 9, 17, 8, 30, tzinfo=BEIJING)


def _hidden(site: str, host: str, path: str, listing: str, template: str) -> Story:
    text = "This page is for the desk only."
    return Story(
        id=f"hidden-{site}", site=site, template=template, host=host, path=path,
        title="Desk schedule, not for publication" if site != "mofcom" else "值班安排（内部）", language="en",
        text=text, pages=((text,),), credit="China Daily", section=("Business",), listings=(listing,),
        published=_AT, file="routes",
    )  # fmt: skip


HIDDEN: Final[Mapping[str, Story]] = {
    "china_daily": _hidden(
        "china_daily", FRONT, "/a/202609/17/WS6aab349da310dead0000beef.html", "/business/economy", "today"
    ),
    "mofcom": _hidden(
        "mofcom", "www.mofcom.gov.cn", "/xwfb/rcxwfb/art/2026/art_dead0000beef0000dead0000beef0000.html",
        "/xwfb/rcxwfb", "news",
    ),
    **{
        name: _hidden(name, site.host, site.address(path, _AT, "dead0000beef0000"), path, site.template)
        for name, site in PLAIN.items() for path in list(site.listings)[:1]
    },
}  # fmt: skip
"""The story of each site that stands in a listing and that robots.txt forbids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One response before it is sent."""

    body: bytes
    status: int = 200
    kind: str = _HTML
    changed: datetime | None = None
    """For Last-Modified."""
    location: str | None = None
    """Where a redirect leads."""


class Routes:
    """The world at one moment. What the site changes later is another `Routes`, see `changed`."""

    def __init__(self, stories: Iterable[Story], *, rows: int = SECTION_ROWS, fill: bool = True) -> None:
        """`rows` is the length of a China Daily section page; `fill` adds the back file to the listings."""
        self.written = tuple(stories)
        self.rows = rows
        self.fill = fill
        self.articles: dict[tuple[str, str], tuple[Story, int, str]] = {}
        self.listings: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.files: dict[tuple[str, str], Annex] = {}
        for story in (*self.written, *HIDDEN.values()):
            self._add(story)
        filled = [
            story
            for host, path in (listings() if fill else ())
            for story in backfile(host, path, len(self.listings[host, path]))
        ]
        self.stale = tuple(stale_stories() if fill else ())
        self.papers = papers(self.written, fill=fill)
        filled += [
            *self.stale,
            *(row.story for paper in self.papers.values() for row in paper if not row.story.listings),
        ]
        for story in filled:
            self._add(story)
        self.stories = (*self.written, *filled)
        """Everything that is served but the hidden stories."""
        for listed in self.listings.values():
            listed.sort(key=lambda row: row.listed, reverse=True)
        self.columns = {
            self.page_id(host, path): (host, path)
            for host, path in {*self.listings, *listings(), EMPTY_COLUMN}
            if host.endswith("mofcom.gov.cn")
        }
        self.recent = sorted(self.written, key=lambda story: story.published, reverse=True)

    def changed(self) -> Routes:
        """The world after the site has edited its stories."""
        later = (replace(story.edited, edited=None) if story.edited else story for story in self.written)
        return Routes(later, rows=self.rows, fill=self.fill)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host with something on it."""
        hosts = {host for host, _ in (*self.articles, *self.listings)}
        return tuple(
            sorted(hosts | {FRONT, SEARCH, EPAPER, EUROPE, "www.mofcom.gov.cn", NO_ROBOTS, "aqygzj.mofcom.gov.cn"})
        )

    def answer(self, host: str, target: str) -> Answer:
        """The response to a GET of `target` (path and query) on `host`, or to a POST of the form behind its `#`."""
        parts = urlsplit(target)
        path = unquote(parts.path)
        if parts.fragment:
            return self._form(host, path, parts.fragment)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if path == "/robots.txt":
            return self._robots(host)
        if (found := self.articles.get((host, path))) is not None:
            story, page, address = found
            html = article(story, page=page, address=address, related=self._related(story))
            return Answer(body=html.encode(), changed=story.updated or story.published)
        if (annex := self.files.get((host, path))) is not None:
            return _file(annex)
        special: Callable[[str, str, Mapping[str, str]], Answer | None] = (
            self._china_daily if host.endswith(DOMAINS["china_daily"])
            else self._mofcom if host.endswith(DOMAINS["mofcom"])
            else self._plain
        )  # fmt: skip
        found_elsewhere = special(host, path, {**query, "": parts.query})
        return found_elsewhere or Answer(body=_NOT_FOUND.encode(), status=404)

    def page_id(self, host: str, path: str) -> str:
        """The list endpoint's name for a column."""
        return _PAGE_IDS.get((host, path)) or hashlib.md5(f"{host}{path}".encode(), usedforsecurity=False).hexdigest()

    # -- index

    def _add(self, story: Story) -> None:
        for page, path in enumerate(page_paths(story), 1):
            self.articles[story.host, path] = (story, page, story.url)
        for alias in story.aliases:
            parts = urlsplit(alias)
            self.articles[parts.hostname or "", parts.path] = (story, 1, alias)
        written = {annex.path: annex for annex in story.annexes}
        for file in story.attachments:
            parts = urlsplit(file.url)
            annex = written.get(file.url) or Annex(path=parts.path, paragraphs=(file.name, "（文件正文从略）"))
            self.files[parts.hostname or story.host, parts.path] = annex
        for listing in story.listings:
            host, path = listing_address(story, listing)
            self.listings[host, path].append(Row(story=story, url=_address_in(story, host, path)))
        for alias in story.aliases:  # a bureau's copy stands in the bureau's column
            parts = urlsplit(alias)
            column = (parts.hostname or "", parts.path.partition("/art/")[0])
            if parts.hostname == PORTAL:
                column = (PORTAL, PORTAL_FOLDERS[parts.path.split("/")[-3]])
                self.listings[column].append(Row(story=story, url=alias))
            elif "/art/" in parts.path and not any(row.story is story for row in self.listings[column]):
                self.listings[column].append(Row(story=story, url=alias))

    def _related(self, story: Story) -> Sequence[Story]:
        """Stories to link to beside this one: others of the site in its language, a little older ones first."""
        own = [other for other in self.recent if other.site == story.site and other.language == story.language]
        start = int(hashlib.sha256(story.id.encode()).hexdigest()[:4], 16) % max(1, len(own))
        return [other for other in (own[start:] + own[:start])[:8] if other.is_article and other.id != story.id]

    # -- robots.txt, China Daily

    def _robots(self, host: str) -> Answer:
        if host == NO_ROBOTS:
            return Answer(body=_NOT_FOUND.encode(), status=404)
        closed = ["/private/", *(story.path for story in HIDDEN.values() if story.host == host)]
        text = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in closed)
        return Answer(body=text.encode(), kind="text/plain")

    def _china_daily(self, host: str, path: str, query: Mapping[str, str]) -> Answer | None:
        if host == SEARCH:
            return self._search(path, query)
        if host == EPAPER and path.rstrip("/") == "/china":
            return Answer(body=b"", status=302, location=f"https://{EPAPER}/china/{ENTRY:%Y-%m/%d}")
        if host == EPAPER and (day := paper_day(path)) is not None:
            return self._epaper(day)
        if host == FRONT and path.startswith("/rss/"):
            return self._feed(path.removeprefix("/rss/"))
        base, number = page_of(path)
        if host == FRONT and base in SENT_TO_EUROPE:
            return Answer(body=b"", status=302, location=f"https://{EUROPE}{path}")
        listed = self.listings.get((host, base))
        if host == EUROPE and base in SENT_TO_EUROPE:
            listed = [copy_on(EUROPE, row) for row in self.listings[FRONT, base]]
        pages = max(1, -(-len(listed or ()) // self.rows))
        if listed is None or not 1 <= number <= pages:
            return None
        shown = listed[(number - 1) * self.rows : number * self.rows]
        # The block above and the right column show what stands in the listing too, and much older things.
        around = [*(row.story for row in listed[1:4]), *(row.story for row in reversed(listed[-5:]))]
        name = base.rpartition("/")[2].replace("_", " ").title()
        if listed[0].story.language == "zh" and listed[0].story.section:
            name = listed[0].story.section[-1]
        html = lists.section_page(host, name, base, shown, page=number, pages=pages, related=around)
        return Answer(body=html.encode())

    def _search(self, path: str, query: Mapping[str, str]) -> Answer | None:
        """newssearch: every word must occur; newest first unless `sort=ap`."""
        language = {"/rest/en/search": "en", "/rest/cn/search": "zh"}.get(path)
        if language is None:
            return None
        words = f"{query.get('keywords', '')} {query.get('fullMust', '')}".lower().split()
        first, last = query.get("publishedDateFrom", ""), query.get("publishedDateTo", "9999")
        page = int(query.get("page", "0")) if query.get("page", "0").isdigit() else 0
        found = [
            Row(story=story, url=story.url)
            for story in self.stories
            if story.site == "china_daily" and story.language == language and story.is_article
            and first <= f"{story.published:%Y-%m-%d}" <= last
            and all(word in f"{story.title}\n{story.text}".lower() for word in words)
        ]  # fmt: skip
        found.sort(key=lambda row: row.story.published, reverse=query.get("sort") != "ap")
        shown = found[page * SEARCH_ROWS : (page + 1) * SEARCH_ROWS]
        body = lists.search_answer(shown, page=page, total=len(found), size=SEARCH_ROWS)
        return Answer(body=body.encode(), kind="application/json;charset=UTF-8")

    def _epaper(self, day: str) -> Answer | None:
        try:
            when = date.fromisoformat(day)
        except ValueError:
            return None
        paper = self.papers.get(when)
        return Answer(body=lists.epaper_day("CHINA DAILY", paper).encode()) if paper else None

    def _feed(self, name: str) -> Answer | None:
        section = FEEDS.get(name)
        if section is None:
            return None
        if name == STALE_FEED and self.stale:
            body = lists.feed(f"{section} news", self.stale).encode()
            return Answer(body=body, kind="application/xml; charset=utf-8")
        items = {
            row.story.id: row.story
            for (host, path), listed in self.listings.items()
            if host == FRONT and path.startswith(f"/{section}")
            for row in listed
            if not row.story.id.startswith("hidden-")
        }
        newest = sorted(items.values(), key=lambda story: story.published, reverse=True)[:FEED_ITEMS]
        return Answer(body=lists.feed(f"{section} news", newest).encode(), kind="application/xml; charset=utf-8")

    # -- sites that are described by a file

    def _plain(self, host: str, path: str, query: Mapping[str, str]) -> Answer | None:
        base, number = page_of(path)
        named = next(((name, site) for name, site in PLAIN.items() if host == site.host), None)
        if named is None or base not in named[1].listings:
            return None
        name, site = named
        listed = self.listings[host, base]
        pages = max(1, -(-len(listed) // site.rows))
        if not 1 <= number <= pages:
            return None
        shown = listed[(number - 1) * site.rows : number * site.rows]
        related = [row.story for row in listed[1:4]]
        html = lists.plain_page(name, host, base, site.listings[base], shown, page=number, pages=pages, related=related)
        return Answer(body=html.encode())

    # -- MOFCOM

    def _mofcom(self, host: str, path: str, query: Mapping[str, str]) -> Answer | None:
        if path == lists.UNIT:
            return self._unit(host, query)
        base = path.removesuffix("index.html").rstrip("/") or "/"
        listed = self.listings.get((host, base))
        if listed is None and (host, base) != EMPTY_COLUMN:
            return None
        name = COLUMN_NAMES.get(base, listed[0].story.section[-1] if listed and listed[0].story.section else base)
        if base.startswith("/article/"):
            rows = listed or []
            number = int(query[""]) if query[""].isdigit() else 1
            shown = rows[(number - 1) * OLD_ROWS : number * OLD_ROWS]
            pages = max(1, -(-len(rows) // OLD_ROWS))
            return Answer(body=lists.old_column(host, base, name, shown, pages=pages).encode())
        if is_static(host, base):
            return Answer(body=lists.static_column(host, base, name, (listed or [])[:STATIC_ROWS]).encode())
        others = [(COLUMN_NAMES.get(other, other), f"{other}/index.html") for on, other in self.listings if on == host]
        html = lists.column_shell(host, base, name, self.page_id(host, base), others[:6])
        return Answer(body=html.encode())

    def _form(self, host: str, path: str, form: str) -> Answer:
        """The portal's lists: a column page by page, or the whole catalogue."""
        sent = {name: values[0] for name, values in parse_qs(form).items()}
        kind, _, name = path.rpartition("/")
        number = sent.get("columnID" if name == "getColumnList" else "parentId", "")
        listed = self.listings.get((host, f"/{name}/{number}"))
        if host != PORTAL or kind != FORMS or listed is None:
            return Answer(body=_NOT_FOUND.encode(), status=404)
        if name == "getColumnListZcfgGn":
            return Answer(body=lists.portal_catalogue(listed).encode(), kind=_JSON)
        page = int(sent["pageNumber"]) if sent.get("pageNumber", "").isdigit() else 1
        shown = listed[(page - 1) * PORTAL_ROWS : page * PORTAL_ROWS]
        body = lists.portal_answer(shown, count=len(listed), size=PORTAL_ROWS)
        return Answer(body=body.encode(), kind=_JSON)

    def _unit(self, host: str, query: Mapping[str, str]) -> Answer:
        """The list endpoint: answers only to the parameters that a column page names."""
        column = self.columns.get(query.get("pageId", ""))
        wanted = lists.unit_query(query.get("pageId", ""))
        must = ("parseType", "webId", "tplSetId", "pageType", "tagId")
        page, size = page_and_size(query.get("paramJson"))
        if column is None or column[0] != host or any(query.get(name) != wanted[name] for name in must) or page < 1:
            return Answer(body=lists.unit_refusal("参数错误").encode(), kind=_JSON)
        listed = self.listings.get(column, [])
        shown = listed[(page - 1) * size : page * size]
        body = lists.unit_answer(host, query["pageId"], shown, page=page, count=len(listed), size=size)
        return Answer(body=body.encode(), kind=_JSON)


def listing_address(story: Story, listing: str) -> tuple[str, str]:
    """Host and path of a listing that a story names."""
    parts = urlsplit(listing)
    front = FRONT if story.site == "china_daily" and story.language == "en" else story.host
    return parts.hostname or front, parts.path.removesuffix("index.html").rstrip("/") or "/"


def is_static(host: str, path: str) -> bool:
    """Whether a ministry column is rendered on the server, as home pages are; all others are shells."""
    if path == "/":
        return True
    if host == "english.mofcom.gov.cn":
        return path in ("/News/PressConference", "/Policies")
    return host == "www.mofcom.gov.cn" and (path == "/zcfb" or path.startswith("/zcfb/"))


def _address_in(story: Story, host: str, path: str) -> str:
    """The address under which a listing shows a story: an alias that lies in the listing comes first."""
    here = f"https://{host}{path}"
    if story.url.startswith(f"{here}/"):
        return story.url
    return next((alias for alias in story.aliases if alias.startswith((f"{here}/", here))), story.url)


def page_of(path: str) -> tuple[str, int]:
    """The listing and the page number of a section's address; 0 for an address that is none."""
    base, _, last = path.removesuffix("index.html").rstrip("/").rpartition("/")
    if last.startswith("page_") and last.endswith(".html"):
        number = last.removeprefix("page_").removesuffix(".html")
        return base, int(number) if number.isdigit() and len(number) < 6 else 0
    return f"{base}/{last}", 1


def page_and_size(parameters: str | None) -> tuple[int, int]:
    """What `paramJson` asks for; page 0 for what cannot be read."""
    if parameters is None:
        return 1, UNIT_ROWS
    try:
        wanted = json.loads(parameters)
        return int(wanted["pageNo"]), min(99, max(1, int(wanted["pageSize"])))
    except (ValueError, KeyError, TypeError):
        return 0, UNIT_ROWS


@lru_cache(maxsize=256)
def _file(annex: Annex) -> Answer:
    """An attachment, made of its words."""
    ending = annex.path.rpartition(".")[2].lower()
    make = MAKERS.get(ending)
    body = make(annex.paragraphs, annex.rows) if make else f"demo file {annex.path}\n".encode()
    kind = _FILES.get(ending, "application/octet-stream")
    return Answer(body=body, kind=kind, changed=datetime(2026, 8, 1, tzinfo=BEIJING) + timedelta(hours=9))

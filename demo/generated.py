"""Any number of generated stories over any number of listings, served like the written ones, with their manifest.

Everything follows from a seed and a story's number, which stands in its address: no story and no page is held in
memory, and what is asked for is made anew. One story in seven stands in a second listing, one in ten of the ministry's
announcements stands there under another address of its own, one of China Daily's in 25 runs over two pages.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from demo import lists
from demo.furniture import furnished
from demo.lists import Row
from demo.render import article, page_paths
from demo.routes import FRONT, NO_ROBOTS, OLD_ROWS, SECTION_ROWS, Answer, is_static, page_and_size, page_of
from demo.story import BEIJING, Site, Story, Template
from demo.wording import Genre, headline, wording
from spiders.source import SOURCES, Section

NEWEST: Final = datetime(2026, 9, 17, 17, 5, tzinfo=BEIJING)
YEAR: Final = NEWEST.year
_SECOND, _ALIAS, _TWO_PAGES = 7, 10, 25
_RELATED: Final = 8
_EXTRA: Final[Mapping[Site, tuple[str, ...]]] = {
    "china_daily": tuple(f"business/59b8d010a3108c54ed7d{at:04x}" for at in range(0xFD00, 0xFD40)),
    "mofcom": tuple(
        f"{bureau}/{column}"
        for bureau in ("trb", "cws", "dcj", "chinawto", "fms")
        for column in ("gzdt", "zcfg", "gztz", "tzgg", "xxfb", "dybg", "hyzx")
    ),
}
"""Listings beyond those that the registry names, as a desk may add them by configuration: columns whose address is an
id, and columns of the ministry's bureaus."""


def sections(site: Site, count: int) -> tuple[Section, ...]:
    """The first `count` listings of a source: those of the registry first, then more of the same kinds."""
    kind, host = ("column", "") if site == "mofcom" else ("listing", FRONT)
    own = [
        one for one in SOURCES[site].sections if one.kind == kind and host in one.url and not one.name.endswith("home")
    ]
    more = (
        Section(name=name, url=f"https://www.chinadaily.com.cn/{name}", floor=1)
        if site == "china_daily"
        else Section(
            name=name, url=f"https://{name.replace('/', '.mofcom.gov.cn/')}/index.html", floor=1, kind="column",
            language="zh",
        )
        for name in _EXTRA[site] if name not in {one.name for one in own}
    )  # fmt: skip
    found = tuple(section for section, _ in zip(chain(own, more), range(count), strict=False))
    if len(found) < count:
        raise ValueError(f"{site} has no more than {len(found)} listings")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A listing of the generated site."""

    host: str
    path: str
    genre: Genre
    template: Template
    chinese: bool


class Generated:
    """The sites as `DemoSite` serves them: `stories` of each source over `listings` listings of each."""

    def __init__(self, *, stories: int, listings: int, seed: int = 1, sites: Sequence[Site] = tuple(_EXTRA)) -> None:
        self.count = stories
        self.seed = seed
        self.sites = tuple(sites)
        self.columns = {site: tuple(_column(site, section) for section in sections(site, listings)) for site in sites}
        self.step = min(60, 370_000 // max(1, stories))
        """Minutes between two stories of a source: all lie in one year."""
        self.ranks = {site: tuple(_ranks(columns)) for site, columns in self.columns.items()}
        self.others = {
            column: tuple(other for other in columns if other.host == column.host and other is not column)
            for columns in self.columns.values()
            for column in columns
        }
        self.rows = {
            (column.host, column.path): (site, array("l", self._listed(site, at)))
            for site, columns in self.columns.items()
            for at, column in enumerate(columns)
        }
        """Numbers of the stories of a listing, newest first."""
        self.brief = lru_cache(maxsize=4096)(self._brief)
        """The story as a listing knows it: stories side by side in a listing link to the same others."""
        self.page_ids = {_page_id(host, path): (host, path) for host, path in self.rows}

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """Every host with something on it."""
        return tuple(sorted({host for host, _ in self.rows}))

    def changed(self) -> Generated:
        """This site never edits a story."""
        return self

    # -- stories

    def manifest(self) -> Iterator[dict[str, Any]]:
        """What a crawl must find, one record a story: addresses, title, digest of the text, listings."""
        for site in self.sites:
            for number in range(self.count):
                story = self.story(site, number)
                yield {
                    "source": site,
                    "url": story.url,
                    "aliases": list(story.aliases),
                    "title": story.title,
                    "sha256": hashlib.sha256(story.text.encode()).hexdigest(),
                    "listings": list(story.listings),
                }

    def story(self, site: Site, number: int) -> Story:
        """The story with that number, whole."""
        column, given = self._place(site, number)
        said = wording(self._seed(site, number), "zh" if column.chinese else "en", column.genre, given, number)
        paragraphs = said.paragraphs
        two = site == "china_daily" and number % _TWO_PAGES == _TWO_PAGES - 1
        half = len(paragraphs) // 2 if two else len(paragraphs)
        pages = (paragraphs[:half], paragraphs[half:]) if two else (paragraphs,)
        byline = f"By {said.writer}" if site == "china_daily" else None
        return replace(
            self.brief(site, number),
            text="\n\n".join(paragraphs),
            pages=pages,
            template="multipage" if two else column.template,
            byline=byline,
            authors=(said.writer,) if byline else (),
        )

    def _brief(self, site: Site, number: int) -> Story:
        """Without its text, which costs more to make than all the rest."""
        column, given = self._place(site, number)
        seed = self._seed(site, number)
        title = headline(seed, "zh" if column.chinese else "en", column.genre, given)
        published = NEWEST - timedelta(minutes=self.step * number)
        document = None
        if column.genre == "announcement":
            document = f"商务部公告{YEAR}年第{given['nth']}号" if column.chinese else title.partition(" on ")[0]
        header = (("发布单位", "贸易救济调查局"), ("发文日期", f"{published:%Y年%m月%d日}"))
        return Story(
            id=seed,
            site=site,
            template=column.template,
            host=column.host,
            path=_path(column, seed, number, published),
            aliases=self._aliases(site, number, seed),
            title=title,
            language="zh" if column.chinese else "en",
            published=published,
            text="",
            pages=((title,),),
            credit="China Daily" if site == "china_daily" else "商务部" if column.chinese else "MOFCOM",
            section=tuple(part.replace("_", " ").title() for part in column.path.strip("/").split("/"))[:2],
            listings=tuple(f"https://{one.host}{one.path}" for one in self._columns_of(site, number)),
            number=document,
            header=header if document and column.chinese else (),
            file="generated",
        )

    def _seed(self, site: Site, number: int) -> str:
        return f"generated-{self.seed}-{site}-{number}"

    def _place(self, site: Site, number: int) -> tuple[Column, Mapping[str, str]]:
        """The column that a story stands in first, and the number that its document has."""
        columns = self.columns[site]
        rounds, at = divmod(number, len(columns))
        rank, like = self.ranks[site][at]
        return columns[at], {"nth": str(rounds * like + rank), "year": str(YEAR)}

    def _columns_of(self, site: Site, number: int) -> tuple[Column, ...]:
        """Every column that a story stands in, its own first; the second is the next of its host."""
        columns = self.columns[site]
        own = columns[number % len(columns)]
        others = self.others[own]
        if number % _SECOND or not others:
            return (own,)
        return own, others[number // _SECOND % len(others)]

    def _aliases(self, site: Site, number: int, seed: str) -> tuple[str, ...]:
        """The second address of every tenth announcement that stands in two columns."""
        columns = self._columns_of(site, number)
        if columns[0].genre != "announcement" or len(columns) < 2 or number // _SECOND % _ALIAS:
            return ()
        published = NEWEST - timedelta(minutes=self.step * number)
        return (f"https://{columns[1].host}{_path(columns[1], f'{seed} again', number, published)}",)

    def _listed(self, site: Site, at: int) -> Iterator[int]:
        column = self.columns[site][at]
        return (number for number in range(self.count) if column in self._columns_of(site, number))

    # -- answers

    def answer(self, host: str, target: str) -> Answer:
        """The response to a GET of `target` (path and query) on `host`."""
        parts = urlsplit(target)
        path = unquote(parts.path)
        if path == "/robots.txt":
            missing = host == NO_ROBOTS
            body = b"<html><h1>Not Found</h1></html>" if missing else b"User-agent: *\nDisallow: /private/\n"
            return Answer(body=body, status=404 if missing else 200, kind="text/plain")
        found = self._article(host, path) or self._listing(host, path, parts.query)
        return found or Answer(body=b"<html><h1>Not Found</h1></html>", status=404)

    def _article(self, host: str, path: str) -> Answer | None:
        site: Site = "mofcom" if host.endswith("mofcom.gov.cn") else "china_daily"
        number = _number_in(path)
        if number is None or number >= self.count or site not in self.sites:
            return None
        story = self.story(site, number)
        paths = page_paths(story)
        address = f"https://{host}{path}"
        if host != story.host or path not in paths:
            if address not in story.aliases:
                return None
            paths = (path,)
        columns = len(self.columns[site])
        after = (number + columns * step for step in range(1, _RELATED + 1))
        related = [self.brief(site, other % self.count) for other in after]
        html = article(story, page=paths.index(path) + 1, address=f"https://{host}{paths[0]}", related=related)
        return Answer(body=furnished(html, site, story.language).encode(), changed=story.published)

    def _listing(self, host: str, path: str, query: str) -> Answer | None:
        if path == lists.UNIT:
            return self._unit(host, {name: values[0] for name, values in parse_qs(query).items()})
        base, page = page_of(path)
        if (host, base) not in self.rows:
            return None
        site, numbers = self.rows[host, base]
        name = base.rpartition("/")[2]
        if site == "china_daily":
            pages = max(1, -(-len(numbers) // SECTION_ROWS))
            if not 1 <= page <= pages:
                return None
            shown = self._rows(site, host, base, numbers[(page - 1) * SECTION_ROWS : page * SECTION_ROWS])
            around = [row.story for row in shown[:3]]
            html = lists.section_page(host, name, base, shown, page=page, pages=pages, related=around)
        elif base.startswith("/article/"):
            page = int(query) if query.isdigit() else 1
            shown = self._rows(site, host, base, numbers[(page - 1) * OLD_ROWS : page * OLD_ROWS])
            html = lists.old_column(host, base, name, shown, pages=max(1, -(-len(numbers) // OLD_ROWS)))
        elif is_static(host, base):
            html = lists.static_column(host, base, name, self._rows(site, host, base, numbers))
        else:
            html = lists.column_shell(host, base, name, _page_id(host, base), ())
        return Answer(body=furnished(html, site, "zh" if host.startswith("www.mofcom") else "en").encode())

    def _unit(self, host: str, query: Mapping[str, str]) -> Answer:
        kind = "application/json; charset=UTF-8"
        column = self.page_ids.get(query.get("pageId", ""))
        page, size = page_and_size(query.get("paramJson"))
        if column is None or column[0] != host or page < 1:
            return Answer(body=lists.unit_refusal("参数错误").encode(), kind=kind)
        site, numbers = self.rows[column]
        shown = self._rows(site, *column, numbers[(page - 1) * size : page * size])
        body = lists.unit_answer(host, query["pageId"], shown, page=page, count=len(numbers), size=size)
        return Answer(body=body.encode(), kind=kind)

    def _rows(self, site: Site, host: str, path: str, numbers: Sequence[int]) -> list[Row]:
        rows = []
        for number in numbers:
            story = self.brief(site, number)
            here = [alias for alias in story.aliases if alias.startswith(f"https://{host}{path}/")]
            rows.append(Row(story=story, url=here[0] if here else story.url))
        return rows


def _ranks(columns: Sequence[Column]) -> Iterator[tuple[int, int]]:
    """For each column its place among those whose documents are numbered in one series, and how many they are."""
    series = [(column.genre, column.chinese) for column in columns]
    return ((series[: at + 1].count(one), series.count(one)) for at, one in enumerate(series))


def _column(site: Site, section: Section) -> Column:
    parts = urlsplit(section.url.format(year=YEAR))
    host, path = parts.hostname or "", parts.path.removesuffix("index.html").rstrip("/")
    if site == "china_daily":
        return Column(host=host, path=path, genre="report", template="today", chinese=False)
    chinese = host != "english.mofcom.gov.cn"
    genre: Genre = "news"
    template: Template = "news" if chinese else "english"
    if "zcfb" in path or "zcfg" in path or "Announcements" in path:
        genre, template = "announcement", "announcement" if chinese else "english"
    elif "xwfyrth" in path or "sjfzrfb" in path or "Conference" in path:
        genre, template = "answers", "remarks" if chinese else "english"
    elif path.startswith("/article/"):
        template = "shtml_en"
    return Column(host=host, path=path, genre=genre, template=template, chinese=chinese)


def _path(column: Column, seed: str, number: int, published: datetime) -> str:
    """An address of the column's era that ends in the story's number."""
    key = hashlib.sha256(seed.encode()).hexdigest()
    if column.host.endswith("chinadaily.com.cn"):
        return f"/a/{published:%Y%m/%d}/WS{int(published.timestamp()) + 20:08x}{key[:8]}{number:08x}.html"
    if column.path.startswith("/article/"):
        return f"{column.path}/{published:%Y%m/%Y%m}02{number:06d}.shtml"
    return f"{column.path}/art/{published:%Y}/art_{key[:24]}{number:08x}.html"


def _number_in(path: str) -> int | None:
    """The number that an address ends in, if it looks like a story's."""
    name, _, ending = path.rpartition("/")[2].partition(".")
    digits = name.partition("_")[0][-8:] if name.startswith("WS") else name[-8:]
    try:
        return int(digits[-6:]) if ending == "shtml" else int(digits, 16)
    except ValueError:
        return None


def _page_id(host: str, path: str) -> str:
    return hashlib.md5(f"{host}{path}".encode(), usedforsecurity=False).hexdigest()


def manifest_lines(generated: Generated) -> Iterator[str]:
    """The manifest as JSON lines."""
    return (json.dumps(record, ensure_ascii=False) + "\n" for record in generated.manifest())

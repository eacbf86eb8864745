"""China Daily's section listings, epaper day index and search answers.

Only `.tw3_01_2` are rows (its class attribute may end in a space): the other blocks of a section page repeat links,
some of them months old. The `<title>` names another section at times: the section is the last crumb. A row that prints
no time is of the day that its address names; the paper's rows are of the paper's day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from lxml.html import HtmlElement

from pipeline.html import LayoutChanged, absolute, first, fold, select, text_of
from pipeline.model import Listing, ListingRow
from pipeline.sites import day_in
from pipeline.times import read_time

ROWS = ".tw3_01_2"
PAPER_ROWS = ".newslist-bigtitle, .newslist-common a"
_EDITION_ROWS = ".twBox h3, .twBox .liBox li, .liBox li"
"""Of the front and section pages of the regional editions until 2017."""
_PAPER_DAY = re.compile(r"(?:/china|/cndy)/(\d{4})-(\d\d)/(\d\d)(?:/|$)")
_OLD_PAPER = re.compile(r"/cndy/\d{4}-\d\d/\d\d/index(\d{1,2})\.html?$")
_CHINESE_ROWS = "div.left-liebiao h3, .busBox3 h3"
_MICRO_STORY = re.compile(
    r"chinadaily\.com\.cn/(?:s/(?P<a>\d{6}/\d\d)/WS[0-9a-f]{8,24}/[^/]{1,200}\.html$"
    r"|(?:[\w-]{1,60}/){0,4}(?P<b>\d{4}-\d\d/\d\d)/c_\d{1,10}\.html?$)"
)
_SEARCH_ROWS = 10
_PAGE = re.compile(r"page_(\d{1,5})\.html$")


def parse_section(tree: HtmlElement, url: str) -> Listing:
    """A section listing (`/world/china-us`, `page_2.html`), a Chinese column or an epaper day."""
    for name, selector, read in (
        ("section_2017", ROWS, _section_row),
        ("paper_day", PAPER_ROWS, _paper_row),
        ("chinese_column", _CHINESE_ROWS, _chinese_row),
        ("edition_2016", _EDITION_ROWS, _plain_row),
    ):
        boxes = select(tree, selector)
        rows = _unique(row for box in boxes if (row := read(box, url)) is not None)
        if rows:
            next_page, pages = _pager(tree, url)
            return Listing(url=url, rows=rows, layout=name, title=_title(tree), next_page=next_page, pages=pages)
    if _OLD_PAPER.search(url):
        return _old_paper(tree, url)
    rows = _unique(row for link in select(tree, "a[href]") if (row := _micro_row(link, url)) is not None)
    if rows:
        next_page, pages = _pager(tree, url)
        return Listing(url=url, rows=rows, layout="micro_site", title=_title(tree), next_page=next_page, pages=pages)
    raise LayoutChanged(url, f"{ROWS} h4 a", 0)


def paper_day(url: str) -> str | None:
    """The day of the paper whose index stands at `url`, as an ISO date; None for any other address."""
    found = _PAPER_DAY.search(url)
    return "-".join(found.groups()) if found else None


def _old_paper(tree: HtmlElement, url: str) -> Listing:
    """One page of the index that the paper had on www: its stories are those with the paper's own day."""
    folder = url.rpartition("/")[0]
    links = [(link, absolute(url, link.get("href"))) for link in select(tree, "a[href]")]
    rows = _unique(
        ListingRow(url=target, title=title, published=day_in(target))
        for link, target in links
        if target and target.startswith(f"{folder}/content_") and day_in(target) and (title := text_of(link))
    )
    if not rows:
        raise LayoutChanged(url, "a[href*='/content_']", 0)
    numbers = {int(number[1]): target for _, target in links if target and (number := _OLD_PAPER.search(target))}
    here = _OLD_PAPER.search(url)
    following = numbers.get(int(here[1]) + 1) if here else None
    return Listing(url=url, rows=rows, layout="paper_2008", title=_title(tree), next_page=following)


def _micro_row(link: HtmlElement, url: str) -> ListingRow | None:
    """A link to a story of a micro-site; their listings have no markup in common, their addresses have."""
    target, title = absolute(url, link.get("href")), fold(link.get("title") or "") or text_of(link)
    found = _MICRO_STORY.search(target) if target else None
    if target is None or found is None or not title:
        return None
    day = next(part for part in (found["a"], found["b"]) if part)
    return ListingRow(url=target, title=title, published=read_time(f"{day[:4]}-{day[-5:-3]}-{day[-2:]}"))


def _section_row(box: HtmlElement, url: str) -> ListingRow | None:
    link = first(box, ".tw3_01_2_t h4 a[href]", "h4 a[href]", ".tw3_01_2_t a[href]")
    stamp = first(box, ".tw3_01_2_t b", "b")
    return _row(link, stamp, url)


def _plain_row(box: HtmlElement, url: str) -> ListingRow | None:
    return _row(first(box, "h2 a[href]", "h3 a[href]", "h4 a[href]", "a[href]"), first(box, "b", "span"), url)


def _paper_row(box: HtmlElement, url: str) -> ListingRow | None:
    link = box if box.tag == "a" else first(box, "h2 a[href]", "h3 a[href]", "a[href]")
    row = _row(link, None, url)
    return replace(row, published=paper_day(url) or row.published) if row else None


def _chinese_row(heading: HtmlElement, url: str) -> ListingRow | None:
    box = heading.getparent()
    return _row(first(heading, "a[href]"), first(box, "p b", "b") if box is not None else None, url)


def _row(link: HtmlElement | None, stamp: HtmlElement | None, url: str) -> ListingRow | None:
    if link is None:
        return None
    target, title = absolute(url, link.get("href")), text_of(link)
    if target is None or not title:
        return None
    printed = read_time(text_of(stamp)) if stamp is not None else None
    return ListingRow(url=target, title=title, published=printed or day_in(target))


def _unique(rows: Iterable[ListingRow]) -> tuple[ListingRow, ...]:
    """The rows with the first of each address only."""
    first_of: dict[str, ListingRow] = {}
    for row in rows:
        first_of.setdefault(row.url, row)
    return tuple(first_of.values())


def _title(tree: HtmlElement) -> str | None:
    crumbs = first(tree, "#bread-nav", "#bread-nav1", ".da-bre")
    if crumbs is not None:
        parts = [part for text in re.split(r"[/>＞]", "/".join(crumbs.itertext())) if (part := fold(text))]
        if parts:
            return parts[-1]
    title = first(tree, "title")
    return fold(title.text or "") or None if title is not None else None


def _pager(tree: HtmlElement, url: str) -> tuple[str | None, int | None]:
    """Address of the next page, and how many pages there are, from the desktop pager or the mobile one."""
    following = None
    pages: int | None = None
    for link in select(tree, "#div_currpage a[href], .selectpage a[href]"):
        target = absolute(url, link.get("href"))
        label = text_of(link)
        number = _PAGE.search(target) if target else None
        if number:
            pages = max(pages or 1, int(number[1]))
        if target and label.casefold() in ("next", "下一页", "下页", ">") and target != url:
            following = following or target
        counter = re.fullmatch(r"\d{1,5}\s?/\s?(\d{1,5})", label)
        if counter:
            pages = max(pages or 1, int(counter[1]))
    return following, pages


def parse_search(answer: Mapping[str, Any], url: str) -> Listing:
    """An answer of the search service: `content` rows, `totalPages`, `totalElements`; page numbers from 0.

    Raises `LayoutChanged` if there is no `content`, or if it is empty though `totalElements` is not 0.
    """
    content = answer.get("content")
    if not isinstance(content, list):
        raise LayoutChanged(url, "content", "no list")
    rows = _unique(row for item in content if isinstance(item, dict) and (row := _search_row(item, url)) is not None)
    total = answer.get("totalElements")
    if not rows and total != 0:
        raise LayoutChanged(url, "content[].url", 0)
    pages = answer.get("totalPages")
    count = pages if isinstance(pages, int) and pages >= 0 else _pages_of(total, len(content))
    return Listing(url=url, rows=rows, layout="search", next_page=_next_search(url, count, bool(rows)), pages=count)


def _search_row(item: Mapping[str, Any], url: str) -> ListingRow | None:
    target = absolute(url, str(item.get("url") or item.get("shareUrl") or ""))
    title = fold(re.sub(r"</?(?:em|font|b|span)\b[^<>]{0,200}>", "", str(item.get("title") or ""), flags=re.IGNORECASE))
    if target is None or not title or target == url:
        return None
    printed = read_time(str(item.get("pubDateStr") or ""))
    return ListingRow(url=target, title=title, published=printed or day_in(target))


def _pages_of(total: object, here: int) -> int | None:
    """How many pages there must be, where the answer says only how many stories; ten stand on a page."""
    return -(-total // max(here, _SEARCH_ROWS)) if isinstance(total, int) and total >= 0 else None


def _next_search(url: str, pages: int | None, rows: bool) -> str | None:
    match = re.search(r"([?&]page=)(\d{1,5})", url)
    number = int(match[2]) if match else 0
    if not rows or pages is None or number + 1 >= pages:
        return None
    if match:
        return url[: match.start(2)] + str(number + 1) + url[match.end(2) :]
    return f"{url}{'&' if '?' in url else '?'}page={number + 1}"

"""MOFCOM's columns: rows in the page, or a shell that names the list endpoint, and that endpoint's JSON answers.

A shell's script tag carries `url="…/unit"` and `queryData="{'parseType':…}"`; the site's own script swaps ' for " and
sends the pairs as query parameters. Page N drops `editType` and adds `paramJson={"pageNo":N,"pageSize":15}`.
Columns list days only; the time stands in the article.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bs4 import Tag
from lxml.html import HtmlElement

from pipeline.html import (
    LayoutChanged,
    PageError,
    PageGone,
    absolute,
    first,
    fold,
    fragment,
    parse_document,
    select,
    text_of,
)
from pipeline.listings.portal import is_portal_answer, parse_portal
from pipeline.model import Listing, ListingRow, Page
from pipeline.times import from_epoch, read_time

ROWS = "ul.txtList_01 > li, .txtList_01 li, ul.policy-list > li, .listCon li"
_ARTICLES = 'a[href*="/art/20"]'
# the weekly press conference's pages tell their day in pinyin initials: …fbh2026n9y3r
_PRESS_DAY = r"/xwfbzt/\d{4}/[a-z]{1,40}(?P<year>\d{4})n(?P<month>\d{1,2})y(?P<day>\d{1,2})r/(?:index\.html)?$"
# since the migration of 2024 old addresses stand in one list with new ones
_LISTED = re.compile(rf"/art/20|/article/[\w/]{{1,80}}/\d{{6}}/\d{{14}}\.s?html$|{_PRESS_DAY}")
_NEW = re.compile(rf"/art/20|{_PRESS_DAY}")
_OLD_LIST = re.compile(r"/article/(?:[\w-]{1,40}/){1,4}(?:\?\d{1,4})?$")
_GONE = ("404 Error", "您访问的页面不存在")
_LIST_UNIT = "列表"
_SECTION_DEPTH, _ROW_SCRIPTS = 4, 10
_QUOTED_DATE = re.compile(r"parseToData\(\s{0,4}(\d{13})\s{0,4},")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitQuery:
    """How a column asks the list endpoint for its rows."""

    url: str
    parameters: tuple[tuple[str, str], ...]


def is_old_list(url: str) -> bool:
    """Whether an address is of a list of the `.shtml` era, which goes on at `?2`, `?3` …"""
    return _OLD_LIST.search(url) is not None


def next_numbered(url: str) -> str:
    """The page of an old list behind the one at `url`."""
    bare, _, number = url.partition("?")
    return f"{bare}?{int(number) + 1 if number else 2}"


def says_gone(page: Page) -> bool:
    """Whether a page of status 200 says that there is no such page."""
    tree = parse_document(page.body, url=page.final_url or page.url)
    return not select(tree, ROWS) and any(phrase in text_of(tree)[:2000] for phrase in _GONE)


def column_query(page: Page) -> UnitQuery:
    """The list endpoint and its parameters, read from a column page's script tag: of several that of the list.

    Raises `LayoutChanged` if the page names none or its `queryData` cannot be read.
    """
    url = page.final_url or page.url
    tree = parse_document(page.body, url=url)
    selector = "script[querydata][url]"
    found: list[UnitQuery] = []
    unread = False
    for script in select(tree, selector):
        endpoint = absolute(url, script.get("url"))
        data = (script.get("querydata") or "").replace("'", '"')
        try:
            pairs = json.loads(data)
        except (ValueError, RecursionError):
            unread = True
            continue
        if endpoint and "/build/unit" in endpoint and isinstance(pairs, dict) and "pageId" in pairs:
            query = UnitQuery(url=endpoint, parameters=tuple((str(key), _plain(value)) for key, value in pairs.items()))
            if _LIST_UNIT in str(pairs.get("tagId")):  # menus and banners are units too
                return query
            found.append(query)
    if found:
        return found[0]
    if unread:
        raise LayoutChanged(url, "script[queryData]", "no JSON after the quotes are swapped")
    raise LayoutChanged(url, selector, 0)


def _plain(value: Any) -> str:
    if value is None:
        return "null"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list, bool)) else str(value)


def unit_url(query: UnitQuery, page_number: int = 1, page_size: int = 15) -> str:
    """The address of one page of a column's list: page 1 as the site asks for it, page N with `paramJson`."""
    parameters = [pair for pair in query.parameters if pair[0] != "paramJson"]
    if page_number > 1:
        parameters = [pair for pair in parameters if pair[0] != "editType"]
        parameters.append(
            ("paramJson", json.dumps({"pageNo": page_number, "pageSize": page_size}, separators=(",", ":")))
        )
    return f"{query.url}?{urlencode(parameters)}"


def parse_answer(answer: Mapping[str, Any], url: str) -> Listing:
    """A JSON answer: of the export-control portal, else of the list endpoint."""
    return parse_portal(answer, url) if is_portal_answer(answer) else parse_unit(answer, url)


def parse_unit(answer: Mapping[str, Any], url: str) -> Listing:
    """A page of rows as the list endpoint answers it; `success` must be true and `code` "200".

    Raises `LayoutChanged` for an answer without rows whose `count` is not 0, or that is not the page asked for.
    """
    code = str(answer.get("code"))
    if answer.get("success") is not True or code != "200":
        raise PageError(url, "success", f"code {code}, message {str(answer.get('message'))[:80]!r}")
    data = answer.get("data")
    markup = data.get("html") if isinstance(data, dict) else None
    if not isinstance(markup, str):
        raise LayoutChanged(url, "data.html", "no text")
    soup = fragment(markup, url=url)
    pager = soup.find(class_="pagination")
    count, size, number = (_number(pager, name) for name in ("count", "rows", "pageno"))
    rows = [row for item in soup.find_all(["li", "tr"]) if (row := _unit_row(item, url)) is not None]
    if not rows and count != 0:
        raise LayoutChanged(url, "data.html li a[href]", 0)
    asked = _asked(url)
    if number is not None and asked is not None and number != asked:
        raise LayoutChanged(url, f".pagination[pageNo={asked}]", f"page {number}")
    pages = -(-count // size) if count is not None and size else None
    current = number or asked or 1
    following = _following(url, current + 1, size or 15) if rows and pages is not None and current < pages else None
    return Listing(url=url, rows=tuple(dict.fromkeys(rows)), layout="unit", next_page=following, pages=pages)


def _number(tag: object, name: str) -> int | None:
    value = tag.get(name) if isinstance(tag, Tag) else None
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 9 else None


def _unit_row(item: Tag, url: str) -> ListingRow | None:
    link = item.find("a", href=True)
    if not isinstance(link, Tag):
        return None
    target = absolute(_site_root(url), str(link["href"]))
    title = fold(str(link.get("title") or "")) or fold(link.get_text(" "))
    if target is None or not title:
        return None
    stamp = item.find("span")
    day = read_time(fold(stamp.get_text(" "))) if stamp is not None else None
    printed = day or read_time(fold(item.get_text(" ")))
    return ListingRow(url=target, title=title, published=printed or _press_day(target))


def _press_day(url: str) -> str | None:
    """The day that the address of a press conference tells."""
    found = re.search(_PRESS_DAY, url)
    return read_time(f"{found['year']}-{found['month']}-{found['day']}") if found else None


def _site_root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def page_number(url: str) -> int:
    """Which page of a list an address of the list endpoint asks for."""
    return _asked(url) or 1


def _asked(url: str) -> int | None:
    parameters = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    try:
        asked = json.loads(parameters.get("paramJson", "null"))
    except (ValueError, RecursionError):
        return None
    number = asked.get("pageNo") if isinstance(asked, dict) else None
    return number if isinstance(number, int) else None


def _following(url: str, number: int, size: int) -> str:
    parts = urlsplit(url)
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    kept = tuple(pair for pair in parameters if pair[0] != "paramJson")
    bare = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    return unit_url(UnitQuery(url=bare, parameters=kept), number, size)


def _listed_links(tree: HtmlElement) -> list[HtmlElement]:
    """Links to articles, in order, where there is one with a new address at all; a bureau's old home page has none."""
    found = [link for link in select(tree, "a[href]") if _LISTED.search(link.get("href", ""))]
    return found if any(_NEW.search(link.get("href", "")) for link in found) else []


def parse_column(tree: HtmlElement, url: str) -> Listing:
    """A column whose rows stand in the page: today's policy hub, the old lists, the home page's sections."""
    rows = [row for item in select(tree, ROWS) if (row := _column_row(item, url)) is not None]
    layout = "column"
    if not rows:
        rows = [row for link in _listed_links(tree) if (row := _link_row(link, url)) is not None]
        layout = "links"
    if not rows:
        text = text_of(tree)[:2000]
        if any(phrase in text for phrase in _GONE):
            raise PageGone(url, "body", "404 text on the page")
        raise LayoutChanged(url, f"{ROWS}, {_ARTICLES}", 0)
    unique: dict[str, ListingRow] = {}
    for row in rows:
        unique.setdefault(row.url, row)
    title = first(tree, "title")
    next_page, pages = _static_pages(tree, url)
    return Listing(
        url=url,
        rows=tuple(unique.values()),
        layout=layout,
        title=(fold(title.text or "") or None) if title is not None else None,
        next_page=next_page,
        pages=pages,
    )


def _column_row(item: HtmlElement, url: str) -> ListingRow | None:
    link = first(item, "a[href]")
    if link is None or "listline" in (item.get("class") or ""):
        return None
    return _link_row(link, url, item)


def _link_row(link: HtmlElement, url: str, item: HtmlElement | None = None) -> ListingRow | None:
    target = absolute(url, link.get("href"))
    title = fold(link.get("title") or "") or text_of(link)
    if target is None or not title or target == url:
        return None
    box = item if item is not None else link.getparent()
    return ListingRow(url=target, title=title, published=_row_time(box, title) or _press_day(target))


def _row_time(box: HtmlElement | None, title: str) -> str | None:
    if box is None or box.tag not in ("li", "p", "dd", "div", "section", "td"):
        return read_time(title)
    stamp = first(box, "span", "em", "b")
    if stamp is not None and (found := read_time(text_of(stamp))):
        return found
    if epoch := _epoch_around(box):
        return epoch
    return read_time(text_of(box).replace(title, " ", 1)) or read_time(title)


def _epoch_around(box: HtmlElement) -> str | None:
    """The time that a script would print beside a row: in its box, or the only one in the section around it."""
    if found := _epochs(box):
        return _beijing(found[0])
    for around, _ in zip(box.iterancestors(), range(_SECTION_DEPTH), strict=False):
        if around.tag == "section":
            found = _epochs(around)
            return _beijing(found[0]) if len(found) == 1 else None
    return None


def _epochs(box: HtmlElement) -> list[str]:
    scripts = select(box, "script")[:_ROW_SCRIPTS]
    return _QUOTED_DATE.findall("".join((script.text or "")[:500] for script in scripts))


def _beijing(milliseconds: str) -> str | None:
    at = from_epoch(int(milliseconds) // 1000)
    return at.isoformat() if at else None


def _static_pages(tree: HtmlElement, url: str) -> tuple[str | None, int | None]:
    """Address of the next page and number of pages: a link that says so, or the old lists' `?2`, `?3` …"""
    numbered: dict[int, str] = {}
    bare, _, query = url.partition("?")
    for link in select(tree, "a[href]"):
        target = absolute(url, link.get("href"))
        if target is None or target == url:
            continue
        if text_of(link).strip("[]> ").casefold() in ("下一页", "next", "next page"):
            return target, None
        start, _, number = target.partition("?")
        if start == bare and number.isascii() and number.isdigit() and len(number) < 5:
            numbered[int(number)] = target
    if not numbered:
        return None, None
    current = int(query) if query.isascii() and query.isdigit() and len(query) < 5 else 1
    return numbered.get(current + 1), max(*numbered, current)

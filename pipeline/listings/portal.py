"""The export-control portal's lists: JSON that answers a posted form, which the address carries behind a `#`.

Quirks, as of 2026-11 (the evidence is in the project's source notes): some titles come with every Chinese character
replaced by `?`, so a row stands by its address and the article's own page says its title. The catalogue of domestic
rules (`gnInfoLists`) comes in one answer, in groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.html import LayoutChanged, absolute, fold
from pipeline.model import Listing, ListingRow
from pipeline.times import read_time

_LOST = re.compile(r"\?{2,}|�")
_PAGE = re.compile(r"(?<=[#&]pageNumber=)\d{1,6}(?=&|$)")


def is_portal_answer(answer: Mapping[str, Any]) -> bool:
    """Whether a JSON answer is one of the portal's."""
    return "pageInfo" in answer or "gnInfoLists" in answer


def parse_portal(answer: Mapping[str, Any], url: str) -> Listing:
    """A page of a column (`pageInfo`), or the catalogue (`gnInfoLists`); the next page is the form's next number.

    Raises `LayoutChanged` for an answer without rows whose `total` is not 0.
    """
    groups = answer.get("gnInfoLists")
    if groups is not None:
        items = [item for group in _records(groups) for item in _records(group.get("datas"))]
        rows = _rows(items, url)
        if not rows:
            raise LayoutChanged(url, "gnInfoLists[].datas[].url", 0)
        return Listing(url=url, rows=rows, layout="portal_catalogue", pages=1)
    info = answer.get("pageInfo")
    if not isinstance(info, dict):
        raise LayoutChanged(url, "pageInfo", "no object")
    rows = _rows(_records(info.get("rows")), url)
    if not rows and _whole(info.get("total")) != 0:
        raise LayoutChanged(url, "pageInfo.rows[].url", 0)
    pages = _whole(info.get("maxPageNum"))
    asked = _PAGE.search(url)
    number = int(asked[0]) if asked else 1
    following = None
    if rows and asked is not None and pages is not None and number < pages:
        following = f"{url[: asked.start()]}{number + 1}{url[asked.end() :]}"
    return Listing(url=url, rows=rows, layout="portal", next_page=following, pages=pages)


def _rows(items: Iterable[Mapping[str, Any]], url: str) -> tuple[ListingRow, ...]:
    first_of: dict[str, ListingRow] = {}
    for item in items:
        target = absolute(url, str(item.get("url") or ""))
        if target is None or target == url.partition("#")[0]:
            continue
        title = fold(str(item.get("title") or ""))
        printed = fold(str(item.get("publishTimeStr") or ""))
        row = ListingRow(url=target, title="" if _LOST.search(title) else title, published=read_time(printed))
        first_of.setdefault(target, row)
    return tuple(first_of.values())


def _records(found: object) -> list[Mapping[str, Any]]:
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _whole(found: object) -> int | None:
    text = str(found) if isinstance(found, (int, str)) and not isinstance(found, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None

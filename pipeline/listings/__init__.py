"""A fetched listing, search answer or feed to its rows and the way on; zero rows are an error unless it says so."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from pipeline.html import NotAnArticle, PageError, PageGone, decode, first, parse_document
from pipeline.listings import china_daily, feeds, mofcom
from pipeline.listings.mofcom import UnitQuery, column_query, unit_url
from pipeline.model import Listing, Page

__all__ = ["LISTING_KINDS", "UnitQuery", "column_query", "looks_like_listing", "parse_listing", "unit_url"]

LISTING_KINDS = frozenset({"listing", "search", "feed"})

_MAX_JSON = 8 * 2**20


def parse_listing(page: Page) -> Listing:
    """The rows of a section listing, epaper day, column, list-endpoint answer, search answer or feed.

    Raises `LayoutChanged` when there is not one row (unless the listing itself says that it has none), `PageGone`, or
    another `PageError` when the bytes cannot be read.
    """
    url = page.final_url or page.url
    if page.status in (404, 410):
        raise PageGone(url, "status", f"status {page.status}")
    if page.status >= 400:
        raise PageError(url, "status", f"status {page.status}")
    host = _host(url)
    chinese_ministry = host == "mofcom.gov.cn" or host.endswith(".mofcom.gov.cn")
    if not chinese_ministry and host != "chinadaily.com.cn" and not host.endswith(".chinadaily.com.cn"):
        raise NotAnArticle(url, "address", f"host {host or '(none)'} belongs to no source")
    head = page.body[:300].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"{"):
        answer = _json(page, url)
        return mofcom.parse_unit(answer, url) if chinese_ministry else china_daily.parse_search(answer, url)
    if head.startswith((b"<?xml", b"<rss")) and b"<html" not in head:
        return feeds.parse_feed(page.body, url)
    tree = parse_document(page.body, url=url)
    return mofcom.parse_column(tree, url) if chinese_ministry else china_daily.parse_section(tree, url)


def looks_like_listing(page: Page) -> bool:
    """Whether a page whose address is no article's holds a listing: JSON, a feed, or rows in a listing's markup."""
    url = page.final_url or page.url
    head = page.body[:300].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"{", b"<rss")) or (head.startswith(b"<?xml") and b"<html" not in head):
        return True
    tree = parse_document(page.body, url=url)
    return first(tree, china_daily.ROWS, china_daily.PAPER_ROWS, mofcom.ROWS) is not None


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removesuffix(".")
    except ValueError:
        raise NotAnArticle(url, "address", "an address that cannot be read") from None


def _json(page: Page, url: str) -> dict[str, Any]:
    if len(page.body) > _MAX_JSON:
        raise PageError(url, "body", f"{len(page.body)} bytes, at most {_MAX_JSON} are read", kind="too_large")
    try:
        answer = json.loads(decode(page.body), strict=False)
    except (ValueError, RecursionError) as error:
        raise PageError(url, "body", f"no JSON ({type(error).__name__})") from None
    if not isinstance(answer, dict):
        raise PageError(url, "body", f"JSON {type(answer).__name__} where an object was expected")
    return answer

"""A fetched listing, search answer or feed to its rows and the way on; zero rows are an error unless it says so."""

from __future__ import annotations

import json
from typing import Any

from pipeline.html import PageError, PageGone, decode, first, parse_document
from pipeline.listings.feeds import parse_feed
from pipeline.model import Listing, Page
from pipeline.sites import site_of

__all__ = ["LISTING_KINDS", "looks_like_listing", "parse_listing"]

LISTING_KINDS = frozenset({"listing", "search", "feed"})

_MAX_JSON = 8 * 2**20


def parse_listing(page: Page) -> Listing:
    """The rows of a section listing, epaper day, column, list-endpoint answer, search answer or feed.

    Raises `LayoutChanged` when there is not one row (unless the listing itself says that it has none), `PageGone`, or
    another `PageError` when the bytes cannot be read.
    """
    url = page.url if page.form is not None else page.final_url or page.url
    if page.status in (404, 410):
        raise PageGone(url, "status", f"status {page.status}")
    if page.status >= 400:
        raise PageError(url, "status", f"status {page.status}")
    listings = site_of(url).listings
    head = page.body[:300].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"{") and listings.read_answer is not None:
        return listings.read_answer(_json(page, url), url)
    if head.startswith((b"<?xml", b"<rss")) and b"<html" not in head:
        return parse_feed(page.body, url)
    return listings.read(parse_document(page.body, url=url), url)


def looks_like_listing(page: Page) -> bool:
    """Whether a page whose address is no article's holds a listing: JSON, a feed, or rows in a listing's markup."""
    url = page.final_url or page.url
    head = page.body[:300].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"{", b"<rss")) or (head.startswith(b"<?xml") and b"<html" not in head):
        return True
    return first(parse_document(page.body, url=url), *site_of(url).listings.rows) is not None


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

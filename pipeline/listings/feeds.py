"""RSS feeds, read with every entity and DTD refused: a feed is hostile input like any other page.

China Daily's items have `title`, `link`, `description` and two elements of its own (`AuthorName`, `content`), and
often no date: whether a feed is alive shows in the addresses of its newest items.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from lxml import etree

from pipeline.html import MAX_BYTES, LayoutChanged, PageError, absolute, decode, fold
from pipeline.model import Listing, ListingRow
from pipeline.sites import day_in
from pipeline.times import BEIJING, read_time


def parse_feed(body: bytes, url: str) -> Listing:
    """The items of an RSS 2.0 feed; raises `LayoutChanged` for none, `PageError` for what is no XML or has a DTD."""
    if len(body) > MAX_BYTES:
        raise PageError(url, "body", f"{len(body)} bytes, at most {MAX_BYTES} are read", kind="too_large")
    text = decode(body).strip()
    if text.startswith("<?xml"):  # the encoding it names is that of the bytes, no longer ours
        text = text.partition("?>")[2]
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise PageError(url, "DOCTYPE", "a feed with a DTD")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.LxmlError, ValueError):
        root = None
    if root is None:
        raise PageError(url, "rss", "no XML")
    rows = [row for item in root.iter("item", "{*}item") if (row := _row(item, url)) is not None]
    if not rows:
        raise LayoutChanged(url, "rss item", 0)
    title = fold(root.findtext("channel/title") or "")
    return Listing(url=url, rows=tuple(rows), layout="rss", title=title or None, pages=1)


def _row(item: etree._Element, url: str) -> ListingRow | None:
    link = absolute(url, fold(item.findtext("link") or ""))
    title = fold(item.findtext("title") or "")
    if link is None or link == url or not title:
        return None
    return ListingRow(url=link, title=title, published=_published(fold(item.findtext("pubDate") or "")) or day_in(link))


def _published(printed: str) -> str | None:
    if not printed:
        return None
    try:
        at = parsedate_to_datetime(printed)
    except (ValueError, TypeError, OverflowError):
        return read_time(printed)
    aware = at if at.tzinfo else at.replace(tzinfo=BEIJING)
    try:
        return aware.astimezone(BEIJING).isoformat()
    except (OverflowError, ValueError):
        return None

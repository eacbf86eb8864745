"""A fetched page to an article: the right parser for its host, and the pages of one story to one article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.articles.layout import Address, Document
from pipeline.articles.menus import tree_without_menus
from pipeline.html import CutOut, LayoutChanged, NotAnArticle, PageError, PageGone, PageMoved, readable, tree_of
from pipeline.listings import LISTING_KINDS, looks_like_listing, parse_listing
from pipeline.model import Article, Listing, Page
from pipeline.sites import Site, site_of

__all__ = [
    "PARSER_VERSION", "Address", "LayoutChanged", "NotAnArticle", "PageError", "PageGone", "PageMoved",
    "address_of", "merge", "parse",
]  # fmt: skip

PARSER_VERSION = "1"
"""Goes up with every change that can alter what a page gives; stored with each article."""


def parse(page: Page) -> Article | Listing:
    """The article (or, for a page of another kind, the listing) that a page holds.

    Raises `PageError`: `LayoutChanged` with the selector that failed, `PageGone`, `PageMoved`, `NotAnArticle`, or one
    that says why the bytes cannot be read. Never another exception, whatever the bytes.
    """
    url = page.final_url or page.url
    if page.status in (404, 410):
        raise PageGone(url, "status", f"status {page.status}")
    if page.status >= 400:
        raise PageError(url, "status", f"status {page.status}")
    if page.kind in LISTING_KINDS:
        return parse_listing(page)
    site = site_of(url)
    try:
        address = site.address_of(url)
    except NotAnArticle:
        if looks_like_listing(page):
            return parse_listing(page)
        raise
    markup = readable(page.body, url=url, charset=charset_of(page))
    return _without_menus(markup, page, address, site) or site.parse_article(
        Document(address=address, source=page.source, tree=tree_of(markup, url=url))
    )


def _without_menus(markup: bytes, page: Page, address: Address, site: Site) -> Article | None:
    """The article as the page without its menus gives it; None where that cannot be told, or is no article."""
    if site.menus is None:
        return None
    try:
        tree = tree_without_menus(markup, site.menus, address)
        return tree if tree is None else site.parse_article(Document(address=address, source=page.source, tree=tree))
    except (PageError, CutOut):
        return None  # the whole page says why


def address_of(url: str) -> Address:
    """What the address of an article says: era, date, id, page; raises `NotAnArticle` for any other address."""
    return site_of(url).address_of(url)


def charset_of(page: Page) -> str | None:
    """The charset that the response names; a hint only, both sites are UTF-8 whatever they say."""
    _, found, name = (page.header("content-type") or "").lower().partition("charset=")
    return name.split(";")[0].strip(" \"'") or None if found else None


def merge(first: Article, rest: Sequence[Article]) -> Article:
    """One article out of the pages of a story: texts joined in order, captions, files, links and editors united."""
    pages = (first, *rest)
    return replace(
        first,
        text="\n\n".join(page.text for page in pages if page.text),
        captions=tuple(dict.fromkeys(caption for page in pages for caption in page.captions)),
        attachments=tuple(dict.fromkeys(file for page in pages for file in page.attachments)),
        editors=tuple(dict.fromkeys(name for page in pages for name in page.editors)),
        links=tuple(dict.fromkeys(link for page in pages for link in page.links)),
        kind="opinion" if any(page.kind == "opinion" for page in pages) else first.kind,
        next_pages=(),
    )

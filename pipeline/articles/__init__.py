"""A fetched page to an article: the right parser for its host, and the pages of one story to one article."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from pipeline.articles import china_daily
from pipeline.articles.layout import Document
from pipeline.html import NotAnArticle, PageError, PageGone, parse_document
from pipeline.model import Article, Listing, Page

PARSER_VERSION = "1"
"""Goes up with every change that can alter what a page gives; stored with each article."""

_SITES = {china_daily.DOMAIN: china_daily}


def parse(page: Page) -> Article | Listing:
    """The article (or, for a listing's address, the listing) that a page holds.

    Raises `PageError`: `LayoutChanged` with the selector that failed, `PageGone`, `NotAnArticle`, or one that says why
    the bytes cannot be read. Never another exception, whatever the bytes.
    """
    url = page.final_url or page.url
    if page.status in (404, 410):
        raise PageGone(url, "status", f"status {page.status}")
    if page.status >= 400:
        raise PageError(url, "status", f"status {page.status}")
    site = _site(url)
    address = site.address_of(url)
    tree = parse_document(page.body, url=url)
    return site.parse_article(Document(address=address, source=page.source, tree=tree))


def _site(url: str):
    host = urlsplit(url).hostname or ""
    for domain, site in _SITES.items():
        if host == domain or host.endswith("." + domain):
            return site
    raise NotAnArticle(url, "address", f"host {host or '(none)'} belongs to no source")


def merge(first: Article, rest: Sequence[Article]) -> Article:
    """One article out of the pages of a story, in order."""
    return china_daily.merge(first, list(rest))

"""How each source's pages are read: the article modules of the registry, found by the host of an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.html import NotAnArticle
from pipeline.model import Article
from pipeline.sources import TITLES

if TYPE_CHECKING:  # pipeline.articles reads by the host, so it imports this module
    from pipeline.articles.layout import Address, Document, Layout, Listings, Menus


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """How the pages of one domain, and of all hosts below it, are read: what an article module must hold."""

    domain: str
    address_of: Callable[[str], Address]
    parse_article: Callable[[Document], Article]
    layouts: tuple[Layout, ...]
    listings: Listings
    menus: Menus | None
    """None where links outside of an article's body say something of it: its pages are parsed as a whole."""


@cache
def sites() -> tuple[Site, ...]:
    """The sites of all sources; their modules are imported when the first page is read."""
    modules = [import_module(f"pipeline.articles.{name}") for name in TITLES]
    return tuple(
        Site(
            domain=module.DOMAIN,
            address_of=module.address_of,
            parse_article=module.parse_article,
            layouts=module.LAYOUTS,
            listings=module.LISTINGS,
            menus=getattr(module, "MENUS", None),
        )
        for module in modules
    )


def day_in(url: str) -> str | None:
    """The day that the address of an article names, as an ISO prefix; None for any other address."""
    try:
        return site_of(url).address_of(url).printed
    except NotAnArticle:
        return None


def site_of(url: str) -> Site:
    """The site that an address belongs to; raises `NotAnArticle`."""
    try:
        host = (urlsplit(url).hostname or "").removesuffix(".")
    except ValueError:
        raise NotAnArticle(url, "address", "an address that cannot be read") from None
    for site in sites():
        if host == site.domain or host.endswith("." + site.domain):
            return site
    raise NotAnArticle(url, "address", f"host {host or '(none)'} belongs to no source")

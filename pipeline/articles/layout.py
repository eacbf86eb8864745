"""Dated layouts: which template a page was made with, decided by host, shape of the address, date and container.

And `Listings`, how the listings of a site are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipeline.html import LayoutChanged, NotAnArticle, first
from pipeline.model import Article, Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What an article's address says by itself."""

    url: str
    host: str
    shape: str
    """Name of the era's pattern, e.g. `ws`, `content`, `jpaas`, `shtml`."""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    stem: str = ""
    """The address without page number and ending: pages of one story share it."""
    page: int | None = None
    """Number of the page inside a story of several pages; None on the first."""
    key: str = ""
    """The site's own id in the address."""

    @property
    def printed(self) -> str | None:
        """The date in the address as an ISO prefix; None if it has none or an impossible one."""
        if self.year is None:
            return None
        try:
            date(self.year, self.month or 1, self.day or 1)
        except ValueError:
            return None
        return "-".join([f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed page with its address."""

    address: Address
    source: str
    tree: HtmlElement


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One template of a site, from when to when its addresses used it, and how it is read."""

    name: str
    read: Callable[[Document, Layout], Article]
    container: str
    """Selector that must match for the page to be of this layout."""
    shapes: frozenset[str]
    hosts: re.Pattern[str] | None = None
    since: date | None = None
    """First and last date of an address for which the template was seen; None where it is open."""
    until: date | None = None
    title: str = "h1"
    body: str = "#Content"

    def fits(self, address: Address, printed: str | None) -> bool:
        """Whether host, shape and date of an address (`printed`) allow this layout."""
        if address.shape not in self.shapes or (self.hosts and not self.hosts.search(address.host)):
            return False
        if printed is None:
            return True
        latest = printed + "-12-31"[len(printed) - 4 :]
        return not (
            (self.since and latest < self.since.isoformat()) or (self.until and printed > self.until.isoformat())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Listings:
    """How a site's listings are read; what raises `LayoutChanged` when there is not one row."""

    rows: tuple[str, ...]
    """Selectors of which one matches on every listing and on no article."""
    read: Callable[[HtmlElement, str], Listing]
    """A page of markup, and its address."""
    read_answer: Callable[[Mapping[str, Any], str], Listing] | None = None
    """A JSON object, and its address; None where the site gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Menus:
    """That the lists of links around a site's articles say nothing of them, and so need not be parsed (`menus`)."""

    body: bytes
    """How the container of an article's text begins, within its tag."""
    above: tuple[bytes, ...]
    """What the headline and the crumbs above it begin with: from the first of them on lists are kept."""
    below: bytes | None = None
    """What keeps that which stands below the article from being left out: it is looked for in every page."""
    foot: bytes | None = None
    """How that begins, at a tag, which is the same below all articles: it is looked through only once."""
    but: Callable[[Address], str] | None = None
    """What an address has in it that is looked for in links all over a page: a page with it is parsed as a whole."""


def choose(layouts: Sequence[Layout], document: Document) -> Layout:
    """The first layout that the address allows and whose container is there.

    Raises `NotAnArticle` if no layout is for such an address, `LayoutChanged` if none of their containers is there.
    """
    printed = document.address.printed
    fitting = [layout for layout in layouts if layout.fits(document.address, printed)]
    if not fitting:
        raise NotAnArticle(document.address.url, "address", "no layout is known for this host, shape and date")
    for layout in fitting:
        if first(document.tree, layout.container) is not None:
            return layout
    raise LayoutChanged(document.address.url, " | ".join(layout.container for layout in fitting), 0)


def read_address(url: str, domain: str, shapes: Sequence[tuple[str, re.Pattern[str]]]) -> Address:
    """What an address on `domain` or below it says; raises `NotAnArticle` for other hosts and unknown shapes.

    A pattern may name the groups `year`, `month`, `day`, `page`, `key` and must name `stem`.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removesuffix(".")
    except ValueError:
        raise NotAnArticle(url, "address", "an address that cannot be read") from None
    if parts.scheme not in ("http", "https"):
        raise NotAnArticle(url, "address", "no http(s) address")
    if host != domain and not host.endswith("." + domain):
        raise NotAnArticle(url, "address", f"host {host or '(none)'} does not belong to {domain}")
    for shape, pattern in shapes:
        match = pattern.fullmatch(parts.path)
        if match:
            groups = match.groupdict()
            number = {
                name: int(groups[name]) if groups.get(name) else None for name in ("year", "month", "day", "page")
            }
            return Address(
                url=url, host=host, shape=shape, stem=groups["stem"], key=groups.get("key") or "",
                year=number["year"], month=number["month"], day=number["day"], page=number["page"],
            )  # fmt: skip
    raise NotAnArticle(url, "address", f"path {parts.path[:120]!r} has none of the shapes of {domain}")

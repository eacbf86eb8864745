"""The State Council's English site: its releases, and the listings that lead to them.

Site quirks (2026-11; [S] several independent readers of the site agree, [A] one says so; no page was at hand):
- [S] Addresses are `/policies/latestreleases/YYYYMM/DD/content_WS<24 hex>.html`. The ids are those of China Daily's
  system: the first 8 digits are Unix seconds of the day of the address (5 of 5 addresses of 2020 to 2026).
- [S] The body is `.Artical_Content` (sic). [A] `.Artical_Title` and, around time and source, `.Artical_Share_Source`,
  `.Artical_Share_Date` (the system's Chinese pages) or `.Artical_Info`; meta `source` and `publishdate` (a day).
- [S] `Updated: December 8, 2025 14:38` is printed, which is the last edit. The id says when it was first published.
- [A] Rows stand in `.TopNews_List_Div li`; the pager links `page_<n>.html`.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from pipeline.articles.layout import Address, Document, Layout, Listings, choose, read_address
from pipeline.articles.pictures import picture_captions
from pipeline.articles.publication import weigh
from pipeline.html import LayoutChanged, absolute, blocks, first, fold, many, one, select, text_of
from pipeline.model import Article, Doubt, Listing, ListingRow
from pipeline.times import from_epoch, read_time

DOMAIN = "english.www.gov.cn"
ROWS = ".TopNews_List_Div li"

_RELEASE = re.compile(
    r"(?P<stem>(?:/[a-z]\w{0,40}){1,4}/(?P<year>\d{4})(?P<month>\d\d)/(?P<day>\d\d)/content_WS(?P<key>[0-9a-f]{24}))"
    r"(?:_(?P<page>\d{1,3}))?\.html"
)
_PAGE = re.compile(r"page_(\d{1,5})\.html$")
_INFO = ".Artical_Info, .Artical_Share_Source, .Artical_Share_Date"


def address_of(url: str) -> Address:
    """What the address of a release says; raises `NotAnArticle`."""
    return read_address(url, DOMAIN, (("release", _RELEASE),))


def parse_article(document: Document) -> Article:
    """The article on a page of the site; raises `LayoutChanged`."""
    layout = choose(LAYOUTS, document)
    return layout.read(document, layout)


def _read(document: Document, layout: Layout) -> Article:
    tree, address = document.tree, document.address
    title, body = text_of(one(tree, layout.title)), one(tree, layout.body)
    below, pictured = picture_captions(body)
    captions = [*(text_of(caption) for caption in select(body, "figcaption")), *below]
    lines = [line for line in blocks(body, without={*pictured, *select(body, "figure")}) if line != title]
    if not lines and not captions:
        raise LayoutChanged(address.url, f"{layout.body} p", 0)
    updated = read_time(" ".join(text_of(part) for part in select(tree, _INFO)))
    timed = updated if updated and len(updated) > len("2026-09-14") else None  # the id knows the day better
    made = from_epoch(int(address.key[:8], 16))
    publication = weigh(day=address.printed, made=made, published=None, updated=timed)
    source = first(tree, 'meta[name="source"]')
    return Article(
        source=document.source,
        url=address.url,
        title=title,
        credit=(fold(source.get("content") or "") or None) if source is not None else None,
        section=(address.stem.split("/")[1].title(),),
        language="en",
        published=publication.published,
        updated=updated,
        text="\n\n".join(lines),
        captions=tuple(captions),
        kind="news" if lines else "gallery",
        layout=layout.name,
        doubts=(Doubt(kind="time_disagrees", detail=publication.doubt),) if publication.doubt else (),
        next_pages=() if address.page is not None else _next_pages(tree, address),
    )


def _next_pages(tree: HtmlElement, address: Address) -> tuple[str, ...]:
    later = re.compile(rf"https?://{re.escape(address.host + address.stem)}_\d{{1,3}}\.html")
    found = (absolute(address.url, link.get("href")) for link in select(tree, "a[href]"))
    return tuple(dict.fromkeys(url for url in found if url and later.fullmatch(url)))


def parse_listing(tree: HtmlElement, url: str) -> Listing:
    """A page of a listing; its rows have a title and an address, whose day is theirs."""
    rows: dict[str, ListingRow] = {}
    for link in many(tree, f"{ROWS} a[href]"):
        target, title = absolute(url, link.get("href")), fold(link.get("title") or "") or text_of(link)
        shape = _RELEASE.search(target) if target else None
        if target is not None and shape is not None and title:
            day = f"{shape['year']}-{shape['month']}-{shape['day']}"
            rows.setdefault(target, ListingRow(url=target, title=title, published=day))
    if not rows:
        raise LayoutChanged(url, f"{ROWS} a[href]", "no link to a release")
    linked = {
        int(number[1]): target
        for link in select(tree, "a[href]")
        if (target := absolute(url, link.get("href"))) and (number := _PAGE.search(target))
    }
    current = int(number[1]) if (number := _PAGE.search(url)) else 1
    return Listing(
        url=url,
        rows=tuple(rows.values()),
        layout="top_news_2022",
        next_page=linked.get(current + 1),
        pages=max(linked, default=None),
    )


LAYOUTS = (
    Layout(
        name="artical_2022", read=_read, shapes=frozenset({"release"}), container=".Artical_Content",
        title=".Artical_Title", body=".Artical_Content",
    ),
)  # fmt: skip
LISTINGS = Listings(rows=(ROWS,), read=parse_listing)

"""China Daily: pages of www and the side editions, English and Chinese, to articles.

Site quirks, as of 2026-11 (the evidence for each is in the project's source notes):
- The first 8 hex digits of a `WS…` id are Unix seconds; what they, the address and the printed time make of each other
  stands in `publication`.
- `#Content` holds figures with captions, so only its paragraphs are text.
- The info line has three parts, two, one or none; older shells print it on several lines and in other orders.
- Meta `author` is the web editor, never the writer.
- Writers' e-mail lines and the house's own notices (opinion pleas, "The views don't necessarily …") are no body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from pipeline.articles.byline import parse_byline
from pipeline.articles.layout import Address, Document, Layout, Listings, Menus, choose, read_address
from pipeline.articles.pictures import picture_captions
from pipeline.articles.publication import Publication, weigh
from pipeline.articles.vocabulary import is_outlet, outlet_at_end
from pipeline.html import (
    LayoutChanged,
    PageGone,
    absolute,
    between,
    blocks,
    first,
    fold,
    hidden,
    page_url,
    select,
    text_of,
    uncut,
)
from pipeline.listings.china_daily import PAPER_ROWS, ROWS, parse_search, parse_section
from pipeline.model import Article, ArticleKind, Doubt
from pipeline.text import is_chinese
from pipeline.times import find_time, from_epoch

DOMAIN = "chinadaily.com.cn"

SHAPES = (
    (
        "ws",
        re.compile(
            r"(?P<stem>/a/(?P<year>\d{4})(?P<month>\d\d)/(?P<day>\d\d)/WS(?P<key>[0-9a-f]{8,24}))"
            r"(?:_(?P<page>\d{1,4}))?\.html"
        ),
    ),
    (
        "content",
        re.compile(
            r"(?P<stem>(?:/[\w-]{1,60}){0,6}/(?P<year>\d{4})-(?P<month>\d\d)/(?P<day>\d\d)/content_(?P<key>\d{4,10}))"
            r"(?:_(?P<page>\d{1,4}))?\.html?"
        ),
    ),
    (
        "site",
        re.compile(
            r"(?P<stem>/s/(?P<year>\d{4})(?P<month>\d\d)/(?P<day>\d\d)/WS(?P<key>[0-9a-f]{8,24})/[\w%.,'-]{1,200}?)"
            r"(?:_(?P<page>\d{1,4}))?\.html"
        ),
    ),
    (
        "site",
        re.compile(
            r"(?P<stem>(?:/[\w-]{1,60}){0,4}/(?P<year>\d{4})-(?P<month>\d\d)/(?P<day>\d\d)/c_(?P<key>\d{1,10}))"
            r"(?:_(?P<page>\d{1,4}))?\.html?"
        ),
    ),
)

_INFO = (".info_l", ".xinf-le", ".lft_art .info, .ce_art .info", "div.info, p.info, span.info, .infoline")
_CRUMBS = ("#bread-nav", "#bread-nav1", ".bread", ".breadcrumb", ".da-bre", ".crumb", ".nav-crumb")
_FURNITURE = "figure, figcaption, #div_currpage, .selectpage, .picshow, .related, .relatedlinks, #playerFrame"
_PARAGRAPH = frozenset({"p", "h2", "h3", "h4", "h5", "li", "blockquote", "pre"})
_HOME = frozenset({"home", "homepage", "首页", "中国日报网", "中文网首页"})

_LABEL = re.compile(r"(?:last )?(?P<label>updated|published|发布时间|更新时间)\s*[:：]?\s*$", re.IGNORECASE)
_TOOLS = re.compile(
    r"\bComments?\s?\(\s?\d{0,6}\s?\)|\b(?:Print|Mail|Large|Medium|Small|Share(?: - WeChat)?)\b|字号|分享|\(\s?\)"
)
_BY = re.compile(r"by\b", re.IGNORECASE)
_SOURCE = re.compile(r"^(?:来源|Source)\s*[:：]\s*", re.IGNORECASE)
_EDITORS = re.compile(r"[（【(\[]\s*(?:责任编辑|编辑|责编|Editor)\s*[:：]\s*(?P<names>[^）】)\]]{1,80})[）】)\]]")
_CREDIT_TAIL = re.compile(
    r"[\[［(（](?:Photo|Provided|File photo|图|摄影|供图)[^\]］)）]{0,120}[\]］)）]\.?$"
    r"|\[[^\[\]]{1,60}/[^\[\]]{1,60}\]$"
)
_BRACKETS = ("]", "］", ")", "）")
_CAPITALS_TAIL = re.compile(r"[A-Z][A-Z .'-]{1,60}/(?:FOR )?[A-Z][A-Z ]{1,40}$")
_ADDRESS = r"[\w.+-]{1,64}@[\w.-]{1,80}"
_CONTACT = re.compile(
    r"(?:(?:You may )?Contact the (?:writers?|reporters?|editors?|authors?) (?:at|via|on) |E-?mails?: ?)?"
    rf"{_ADDRESS}(?:(?:,| and|;|/) ?{_ADDRESS}){{0,6}}\.?",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"The (?P<views>views|opinions)(?: expressed here)? (?:don't|don’t|do not) (?:necessarily )?(?:represent|reflect)"
    r" (?:those|the views) of China Daily"
    r"|If you have a specific expertise, or would like to share your thought about our stories",
    re.IGNORECASE,
)
_NOTICED = ("china daily", "specific expertise")
"""Words of each notice; looked for first, because the expression takes a twentieth of all parsing."""
_RELATED_HEAD = re.compile(
    r"Related (?:readings?|stories|articles?|links?|news)\s?:?|相关(?:阅读|新闻|链接)[:：]?", re.IGNORECASE
)
_PAGER = re.compile(
    r"Previous Page.{0,400}|(?:< )?(?:\d{1,3} ){1,120}(?:\d{1,3}|>|Next Page)(?: Next Page)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What an info line says."""

    authors: tuple[str, ...] = ()
    credit: str | None = None
    published: str | None = None
    updated: str | None = None


def parse_article(document: Document) -> Article:
    """The article on a China Daily page; raises `LayoutChanged`, `PageGone` or `NotAnArticle`."""
    try:
        layout = choose(LAYOUTS, document)
    except LayoutChanged:
        if says_gone(document.tree):
            raise PageGone(document.address.url, "body", "404 text on the page") from None
        raise
    return layout.read(document, layout)


def address_of(url: str) -> Address:
    """What a China Daily address says; raises `NotAnArticle`."""
    return read_address(url, DOMAIN, SHAPES)


def says_gone(tree: HtmlElement) -> bool:
    """Whether a page without any known container is the site's "not found" page."""
    text = text_of(tree)[:2000]
    return bool(
        re.search(
            r"\b404\b|page (?:you .{0,40})?(?:cannot be|was not|not) found|页面不存在|找不到", text, re.IGNORECASE
        )
    )


def _read(document: Document, layout: Layout) -> Article:
    tree, address = document.tree, document.address
    heading = _heading(tree, layout)
    title = text_of(heading)
    body = first(tree, *(part.strip() for part in layout.body.split("|")))
    if body is not None:
        uncut(body)
    gallery = first(tree, ".ce_art, .picshow") is not None
    video = first(tree, "#playerFrame") is not None
    if body is None and not (gallery or video):
        raise LayoutChanged(address.url, layout.body, 0)
    lines, captions = _body(body, title) if body is not None else ([], [])
    if gallery:
        uncut(tree)
        captions = list(dict.fromkeys([*_gallery_captions(tree, body), *captions]))
    info = _info(tree, heading, body)
    publication = _publication(address, info)
    paragraphs, editors, opinion = _without_tail(lines, title, info.credit)
    if not paragraphs and not (gallery or video or captions):
        raise LayoutChanged(address.url, f"{layout.body} p", 0)
    section = _section(tree)
    text = "\n\n".join(paragraphs)
    kind: ArticleKind = "news"
    if opinion or section[:1] in (("Opinion",), ("评论",)) or "/opinion/" in address.stem:
        kind = "opinion"
    elif video:
        kind = "video"
    elif gallery or not paragraphs:
        kind = "gallery"
    return Article(
        source=document.source,
        url=address.url,
        title=title,
        authors=info.authors,
        credit=info.credit,
        section=section,
        language="zh" if is_chinese(text or title) else "en",
        published=publication.published,
        updated=info.updated,
        text=text,
        captions=tuple(captions),
        editors=editors,
        kind=kind,
        layout=layout.name,
        next_pages=_next_pages(tree, address),
        doubts=(Doubt(kind="time_disagrees", detail=publication.doubt),) if publication.doubt else (),
    )


def _heading(tree: HtmlElement, layout: Layout) -> HtmlElement:
    for selector in layout.title.split("|"):
        for element in select(tree, selector.strip())[:20]:
            if not hidden(element) and text_of(element):
                return element
    raise LayoutChanged(page_url(tree), layout.title, 0)


# -- body ------------------------------------------------------------------------------------------------------------


def _body(body: HtmlElement, title: str) -> tuple[list[str], list[str]]:
    """Paragraphs and captions of the body container."""
    captions: list[str] = []
    for figure in select(body, "figure"):
        caption = first(figure, "figcaption")
        if caption is not None and (text := text_of(caption)):
            captions.append(text)
    apart = set(select(body, _FURNITURE))
    for table in select(body, "table"):  # the old shells lay out a picture and its caption as a table
        if first(table, "img") is not None and not any(above in apart for above in table.iterancestors()):
            captions.extend(line for line in blocks(table) if line != title)
            apart.add(table)
    tops = list(_paragraphs(body, apart))
    if not any(element.tag == "p" for element in tops):
        return blocks(body, without=apart), captions
    below, caption_elements = picture_captions(body)
    captions.extend(line for line in below if line != title)
    lines: list[str] = []
    pictured, any_picture = False, first(body, "img") is not None
    for element in tops:
        if element in caption_elements:
            continue
        texts = blocks(element, without=apart)
        holds_picture = any_picture and first(element, "img") is not None
        for line in texts:
            if line != title and _is_caption(line, after_picture=pictured or holds_picture):
                captions.append(line)
            else:
                lines.append(line)
        pictured = holds_picture or (pictured and not texts)
    return lines, captions


def _paragraphs(element: HtmlElement, apart: set[HtmlElement]) -> Iterator[HtmlElement]:
    """The outermost paragraph-like elements below `element`, in order, without those in something left out."""
    for child in element:
        if child in apart:
            continue
        if child.tag in _PARAGRAPH:
            yield child
        else:
            yield from _paragraphs(child, apart)


def _is_caption(line: str, *, after_picture: bool) -> bool:
    if len(line) > 600:
        return False
    bracketed = line.removesuffix(".").endswith(_BRACKETS)
    return (bracketed and bool(_CREDIT_TAIL.search(line))) or (after_picture and bool(_CAPITALS_TAIL.search(line)))


def _gallery_captions(tree: HtmlElement, body: HtmlElement | None) -> list[str]:
    captions = [
        text_of(caption) for caption in select(tree, ".picshow figcaption, .ce_art figcaption, .picshow .caption")
    ]
    if not captions:
        captions = [
            line for box in select(tree, ".picshow") for element in select(box, "p") for line in blocks(element)
        ]
    if not captions and body is None:
        captions = [fold(image.get("alt") or "") for image in select(tree, ".picshow img, .ce_art img")]
    return [caption for caption in captions if caption]


def _without_tail(lines: list[str], title: str, credit: str | None) -> tuple[list[str], tuple[str, ...], bool]:
    """Paragraphs without furniture, the editors named in it, and whether the house calls the piece an opinion."""
    editors: dict[str, None] = {}
    kept: list[str] = []
    opinion = related = False
    said = "\n".join(lines).lower()
    noticed = any(map(said.__contains__, _NOTICED))
    for line in lines:
        named = _EDITORS.search(line) if len(line) <= 120 else None
        if named and not _EDITORS.sub("", line).strip():
            editors.update(dict.fromkeys(re.split(r"[\s、，,]+", named["names"].strip())))
            continue
        if noticed and any(map(line.lower().__contains__, _NOTICED)) and _NOTICE.search(line):
            opinion = True
            line = _cut_notice(line)
            if not line:
                continue
        if _RELATED_HEAD.fullmatch(line):
            related = True
            continue
        if related and _is_headline(line):
            continue
        related = False
        if line == title or _PAGER.fullmatch(line):
            continue
        kept.append(line)
    while kept and (_CONTACT.fullmatch(kept[-1]) or kept[-1].startswith("- ") or _is_credit(kept[-1], credit)):
        kept.pop()
    return kept, tuple(editors), opinion


def _cut_notice(line: str) -> str:
    """The line before the house's notice; a sentence about the author may stand before it."""
    match = _NOTICE.search(line)
    return line[: match.start()].strip() if match else line


def _is_headline(line: str) -> bool:
    return len(line) <= 160 and not line.endswith((".", '."', '?"', "。", "”"))


def _is_credit(line: str, credit: str | None) -> bool:
    return credit is not None and line.casefold() == credit.casefold()


# -- info line -------------------------------------------------------------------------------------------------------


def _info(tree: HtmlElement, heading: HtmlElement, body: HtmlElement | None) -> Info:
    for selector in _INFO:
        elements = [element for element in select(tree, selector) if not hidden(element)]
        lines = [line for element in elements[:4] for line in blocks(element)]
        if any(find_time(line) for line in lines):
            return parse_info(" | ".join(lines))
    around = [line for line in between(heading, body) if len(line) <= 300][:12] if body is not None else []
    return parse_info(" | ".join(around))


def parse_info(line: str) -> Info:
    """An info line in any of the forms the site has printed since 2007, its lines joined by `|`.

    `By Ma Si | China Daily | Updated: 2026-09-14 10:21`, `By Ding Qingfen (China Daily)`, `Xinhua | Updated: …`,
    `Updated: May 23, 2019 By Ren Xiaojin and Zhong Nan Print`, `来源：中国日报网 | 2023-11-17 15:13`.
    """
    published = updated = None
    rest = fold(line[:2000])
    for _ in range(3):
        found = find_time(rest)
        if found is None:
            break
        stamp, start, end = found
        label = _LABEL.search(rest[max(0, start - 24) : start])
        if label and label["label"].lower() in ("updated", "更新时间"):
            updated = updated or stamp
        else:
            published = published or stamp
        head = rest[: start - len(label[0])] if label else rest[:start]
        rest = f"{head} | {rest[end:]}"
    parts = [part for piece in rest.split("|") if (part := _TOOLS.sub(" ", piece).strip(" .:-"))]
    authors, credit = _writers([fold(part) for part in parts])
    if not (published or updated) and not (credit and is_outlet(credit)):
        credit = None  # without a time it is no info line, only something that stands where one would
    return Info(authors=authors, credit=credit, published=published, updated=updated)


def _writers(parts: list[str]) -> tuple[tuple[str, ...], str | None]:
    byline = next((part for part in parts if _BY.match(part)), None)
    others = [_SOURCE.sub("", part) for part in parts if part is not byline]
    others = [part for part in others if part and len(part) <= 80]
    if byline is None and len(others) >= 2 and outlet_at_end(others[0]) != others[0]:
        byline, others = others[0], others[1:]  # `ZHONG NAN | China Daily | Updated: …`
    credit = others[0] if others else None
    if byline is None:
        return (), credit.strip("()（） ") if credit else None
    if credit is None and (outlet := outlet_at_end(byline)):
        credit, byline = outlet, byline[: -len(outlet)]
    authors, bracketed = parse_byline(byline)
    return authors, credit or bracketed


def _publication(address: Address, info: Info) -> Publication:
    """When the story first appeared: id, printed time and address weighed against each other."""
    stamped = address.shape in ("ws", "site") and len(address.key) >= 24
    made = from_epoch(int(address.key[:8], 16)) if stamped else None
    return weigh(day=address.printed, made=made, published=info.published, updated=info.updated)


# -- around the article ------------------------------------------------------------------------------------------------


def _section(tree: HtmlElement) -> tuple[str, ...]:
    for selector in _CRUMBS:
        crumbs = first(tree, selector)
        if crumbs is None:
            continue
        parts = [fold(part) for part in re.split(r"[/>|＞»]", text_of_links(uncut(crumbs)))]
        return tuple(part for part in parts if part and part.casefold() not in _HOME)
    return ()


def text_of_links(crumbs: HtmlElement) -> str:
    """The text of a breadcrumb with a slash between its links, whether or not the page prints one."""
    pieces: list[str] = []
    for text in crumbs.itertext():
        pieces.append(text if text.strip() else "")
    return "/".join(piece for piece in pieces if piece)


_HREFS = etree.XPath("descendant::a/@href[contains(., $name)]", smart_strings=False)
_FURTHER = re.compile(r"(\d{1,4})\.html?")


def _further(address: Address) -> str:
    """What the links to the further pages of a story have in them."""
    return f"{address.stem}_".rpartition("/")[2]


def _next_pages(tree: HtmlElement, address: Address) -> tuple[str, ...]:
    """Addresses of the other pages of this story, 2 … n, gaps in a long pager filled; none on a later page."""
    if address.page is not None:
        return ()
    stem = f"{address.stem}_"
    name = _further(address)
    numbers: dict[int, str] = {}
    for href in cast(list[str], _HREFS(tree, name=name)):  # a page has hundreds of links
        url = absolute(address.url, href) or ""
        _, found, ending = url.rpartition(stem)
        if found and (match := _FURTHER.fullmatch(ending)):
            numbers.setdefault(int(match[1]), url)
    if not numbers:
        return ()
    low, high = min(numbers), min(max(numbers), 200)
    pattern = numbers[low]
    cut = pattern.rfind(f"_{low}.")
    return tuple(
        numbers.get(number, f"{pattern[:cut]}_{number}{pattern[cut + 1 + len(str(low)) :]}")
        for number in range(low, high + 1)
    )


_EVERY = frozenset({"ws", "content", "site"})
_OLD_BODY = "#Content | #mdf | #detail | .lft_Article | .lft_artc_cont | #ozoom | div.article | .left_t | .content"

# The first that fits is taken. `since`/`until` are dates of addresses; old stories are also re-served in today's shell.
LAYOUTS = (
    Layout(name="chinese_2018", read=_read, shapes=_EVERY, container="h1.dabiaoti", title="h1.dabiaoti"),
    Layout(
        name="gallery_2017", read=_read, shapes=_EVERY, container=".ce_art h1, .ce_art h2",
        title=".ce_art h1 | .ce_art h2", body=".ce_art #Content | #Content | .ce_art",
    ),
    Layout(
        name="article_2017", read=_read, shapes=_EVERY, container=".lft_art h1, #lft-art h1",
        title=".lft_art h1 | #lft-art h1", body="#Content",
    ),
    Layout(
        name="micro_site", read=_read, shapes=_EVERY, container="h1, h2, .title", title="h1 | h2 | .title",
        hosts=re.compile(r"^(?!www\.|global\.|usa\.|europe\.|africa\.|cn\.|m\.)[\w-]+\."), body=_OLD_BODY,
    ),
    Layout(name="mobile", read=_read, shapes=_EVERY, container="h1, h2", title="h1 | h2",
           hosts=re.compile(r"^m\."), body=_OLD_BODY),
    Layout(name="plain_2017", read=_read, shapes=frozenset({"ws"}), container="h1", title="h1", since=date(2001, 1, 1)),
    Layout(
        name="shell_2004", read=_read, shapes=frozenset({"content"}), container="h1, h2, .title, #Title",
        title="h1 | h2 | #Title | .title", until=date(2018, 12, 31), body=_OLD_BODY,
    ),
)  # fmt: skip

LISTINGS = Listings(rows=(ROWS, PAPER_ROWS), read=parse_section, read_answer=parse_search)
MENUS = Menus(
    body=b'id="Content"',
    above=(b"<h1", b"bread", b"crumb"),
    foot="<!-- 公共尾部开始".encode(),
    but=_further,
)

"""Ministry of Commerce: www, English, bureau, leaders' and export-control sites to articles.

Site quirks, as of 2026-11 (the evidence for each is in the project's source notes):
- Meta `PubDate` is the date; `MakeTime` is the build time and days late: never read.
- The header block 【发布单位】…【发文日期】 is no text; it becomes `header`, its 发布文号 the `number`.
- 发布单位 is often the drafting bureau, not the issuing body: kept as printed, not interpreted here.
- The export-control portal keeps title, source and time in inline script; a delisted article is its shell without them.
- "MOFCOM BJT" on English pages is a dateline that a script fills in: furniture. `Tag:`, `Translated by`, the
  "authentic in Chinese" line and language rows are furniture too.
- An `ev.gif` link at the top leads to the same text in the other language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from pipeline.articles.layout import Address, Document, Layout, Listings, Menus, choose, read_address
from pipeline.articles.mofcom_links import attachments_in, links_in
from pipeline.articles.pictures import picture_captions
from pipeline.html import (
    LayoutChanged,
    NotAnArticle,
    PageGone,
    PageMoved,
    absolute,
    blocks,
    first,
    fold,
    fragment,
    not_beyond,
    page_url,
    parsed_for,
    select,
    text_of,
    uncut,
)
from pipeline.listings.mofcom import ROWS, parse_answer, parse_column
from pipeline.model import Article, ArticleKind
from pipeline.text import is_chinese
from pipeline.times import read_time

DOMAIN = "mofcom.gov.cn"

_GATE = r"(?:/gate/big5/[\w.-]{1,80})?"
SHAPES = (
    (
        "jpaas",
        re.compile(
            rf"(?P<stem>{_GATE}(?:/[\w-]{{1,80}}){{0,9}}/art/(?P<year>\d{{4}})/art_(?P<key>[0-9a-f]{{32}}))\.html"
        ),
    ),
    (
        "press_index",
        re.compile(
            r"(?P<stem>/xwfbzt/\d{4}/[a-z]{1,40}(?P<year>\d{4})n(?P<month>\d{1,2})y(?P<day>\d{1,2})r)/(?:index\.html)?"
        ),
    ),
    (
        "aarticle",
        re.compile(
            rf"(?P<stem>{_GATE}/aarticle(?:/[\w-]{{1,60}}){{1,6}}/(?P<year>\d{{4}})(?P<month>\d\d)/(?P<key>\d{{14}}))\.html"
        ),
    ),
    (
        "shtml",
        re.compile(
            rf"(?P<stem>{_GATE}/article(?:/[\w-]{{1,60}}){{1,6}}/(?P<year>\d{{4}})(?P<month>\d\d)/(?P<key>\d{{14}}))\.s?html"
        ),
    ),
    (
        "portal",
        re.compile(r"(?P<stem>/article(?:/[\w-]{1,60}){1,6}/(?P<year>\d{4})(?P<month>\d\d)/(?P<key>\d{1,9}))\.html"),
    ),
)
_METAS = frozenset({"articletitle", "columnname", "contentsource", "pubdate"})
_HEADER_PAIR = re.compile(r"【\s*([^】【]{1,16}?)\s*】\s*[:：]?\s*([^【]{0,300})")
_HEADER_LINE = re.compile(
    r"【\s*(?:发布单位|发布文号|发文日期|发布日期|实施日期|成文日期|发文字号|文号|发文单位|执行日期|生效日期)\s*】"
)
_NUMBER_KEYS = ("发布文号", "发文字号", "文号")
_HOME = frozenset({"home", "首页", "当前位置", "您的位置", "网站首页", "正文", "article", "content"})
_APART = (
    "figcaption, .art-con-gonggao, .u-disclaimer-box, .u-art-box-footer, .article-tool, .tag, .tags, section,"
    " .art-fj, .attachment, .attachments"
)
_CRUMBS = (".position", ".crumbs", ".breadcrumb", ".art-position", ".dqwz", ".bread", ".location", ".weizhi")

_FURNITURE = re.compile(
    r"""(?:\(?(?:All|The)\ information\ published\ on\ this\ website\ is\ authentic\ in\ Chinese.{0,160}
    |Translated\ by\b.{0,80} | Tags?\s?[:：].{0,300} | Full\ Text\ of\ Press\ Conference
    |(?:Photo|Photos|Picture)\ by\b.{0,120} | \(?(?:图片来源|图片|摄影|供图)[:：].{0,80}
    |(?:MOFCOM\s*)?BJT\s*(?:MOFCOM)? | (?:Source\s?[:：]\s?)?MOFCOM\s*(?:\d{4}-\d\d-\d\d(?:\ \d\d:\d\d)?)?\s*BJT
    |[A-Z][a-z]{2,8}\ \d{1,2},\ \d{4}\ -\ \d{1,2}:\d\d\ BJT.{0,60}
    |English\s*Fran[cç]ais.{0,160} | 无障碍浏览.{0,40} | \[an\ error\ occurred\ while\ processing\ this\ directive\]
    |(?:打印|关闭|分享|扫一扫|字号|【?打印本页】?|【?关闭】?|\[?大\s*中\s*小\]?|\s){1,8}
    |(?:Print|Font\ ?Size|Share|Close)(?:\ (?:Print|Font\ ?Size|Share|Close)){0,4}
    |Home\s*>.{0,160} | 当前位置.{0,160})""",
    re.IGNORECASE | re.VERBOSE,
)
_BYLINE = re.compile(
    r"(?:文章)?来源\s*[:：].{0,200}(?:类型\s*[:：]|\d{4}-\d\d-\d\d|$)|类型\s*[:：].{0,80}\d{4}-\d\d-\d\d.{0,20}"
)
_SOURCE = re.compile(r"(?:(?:文章)?来源|Source)\s?[:：]\s?(?P<source>.{0,80}?)\s?(?=类型|分类|\d{4}-|$)")
_DISCLAIMER = re.compile(r"(?:免责声明|本站转载、编译或摘编文章原文均来自其他媒体)")
_GONE_TEXT = ("404 Error", "抱歉，您访问的页面不存在", "您访问的页面不存在", "页面不存在或已删除")

_VARIABLE = re.compile(  # the letters first: `re` finds those fast, and no boundary
    r"""var(?<!\wvar)\s{1,4}(title|subTitle|source|publishTime|tm|articleType|infoType)\s{0,4}=\s{0,4}(?:'([^'\n]{0,500})'|"([^"\n]{0,500})")"""
)
_MOVED = re.compile(
    r"""(?:_cofing1\s{0,4}=\s{0,4}\{\s{0,4}href\s{0,4}:|(?:window\.)?location(?:\.href)?\s{0,4}=)\s{0,4}["']([^"'\s]{1,500})["']"""
)
_ZH_NUMBER = re.compile(
    r"""(?:中华人民共和国)?[一-龥、\s]{2,60}?(?:公告|令)\s?
    (?:[〔\[（(]?(?:\d{4}|[〇○零一二三四五六七八九]{4})[〕\]）)]?\s?年?\s?)第?\s?\d{1,4}\s?号(?:\s?公告|\s?令)?
    |不可靠实体清单工作机制(?:公告)?〔\d{4}〕第?\d{1,4}号 | [一-龥、\s]{2,30}令\s?第\s?\d{1,4}\s?号
    |公告\s?\d{4}\s?年?\s?第\s?\d{1,4}\s?号""",
    re.VERBOSE,
)
_EN_NUMBER = re.compile(
    r"""(?:MOFCOM(?:['’]s)?\ )?(?:Joint\ )?(?:Announcement|Order|Decree|Notice)\ ?(?:No\.?\ ?\d{1,4})
    (?:(?:,|\ of|\ in)?\ (?:19|20)\d\d)?
    (?:\ of\ the\ (?:Ministry\ of\ Commerce(?:\ of\ the\ People['’]s\ Republic\ of\ China)?
    |Unreliable\ Entity\ List\ Working\ Mechanism))?
    |(?:Ministry\ of\ Commerce\ )(?:Order|Announcement)\ No\.?\ ?\d{1,4}(?:(?:,|\ of)?\ (?:19|20)\d\d)?""",
    re.IGNORECASE | re.VERBOSE,
)
_CITING = re.compile(r"就|关于|发言人|负责人|根据|对|将|按照|依据")
_EN_SPLIT = re.compile(r"No\.?\ ?\d{1,4}(?:(?:,| of)? (?:19|20)\d\d)?", re.IGNORECASE)
_PRESS = re.compile(r"新闻发布会|press conference", re.IGNORECASE)
_REMARKS = re.compile(
    r"答记者问|发言人|谈话|负责人就|Spokes(?:man|woman|person)|Head of .{0,60}Department|Remarks|Comments on",
    re.IGNORECASE,
)
_INSTRUMENT = re.compile(
    r"公告|(?:商务部|委员会|总署)令|令20\d\d|的(?:决定|规定|办法|通知)$"
    r"|\b(?:Announcement|Order|Decree)(?: No|$)|^MOFCOM (?:Announcement|Order)",
    re.IGNORECASE,
)


def address_of(url: str) -> Address:
    """What a MOFCOM address says; raises `NotAnArticle`."""
    return read_address(url, DOMAIN, SHAPES)


def parse_article(document: Document) -> Article:
    """The article on a MOFCOM page; raises `LayoutChanged`, `PageGone`, `PageMoved` or `NotAnArticle`."""
    try:
        layout = choose(LAYOUTS, document)
        if document.address.shape == "portal":
            raise_if_delisted(document)
        return layout.read(document, layout)
    except LayoutChanged:
        raise_if_gone(document)
        raise


def raise_if_gone(document: Document) -> None:
    """Raise what a page without an article says instead: that it is gone, or where it has gone."""
    tree, url = document.tree, document.address.url
    text = text_of(tree)[:4000]
    title = first(tree, "title")
    heading = fold(title.text or "") if title is not None else ""
    for phrase in _GONE_TEXT:
        if phrase in text or phrase in heading:
            raise PageGone(url, "body", phrase)
    if document.address.shape == "portal":
        raise_if_delisted(document)
    for script in select(tree, "script"):
        match = _MOVED.search((script.text or "")[:20_000])
        target = absolute(url, match[1]) if match else None
        if target and target != url:
            raise PageMoved(url, "script", target)


def raise_if_delisted(document: Document) -> None:
    """Raise `PageGone` for the export-control portal's shell, which stays where an article was taken off."""
    if document.address.host.startswith("exportcontrol.") and "title" not in _variables(document.tree):
        raise PageGone(document.address.url, "var title", "portal shell without an article")


def _read(document: Document, layout: Layout) -> Article:
    tree, address = document.tree, document.address
    body = uncut(_container(tree, layout))
    meta = _metas(tree)
    variables = _variables(tree)
    title = _title(tree, meta, variables, layout)
    apart = set(select(body, _APART))
    header = _header(select(tree, ".art-con-gonggao"))
    attachments = attachments_in(body, address.url)
    linked = links_in(body, address.url, title, is_article)
    captions, caption_elements = picture_captions(body)
    lines = _framed(body, address.url) or blocks(body, without=apart | linked.marks | caption_elements)
    paragraphs, header_lines = _clean(lines, title)
    header = header or header_lines
    if not paragraphs:
        raise LayoutChanged(address.url, f"{layout.body} p", 0)
    text = "\n\n".join(paragraphs)
    fields = dict(header)
    number = next((fields[key] for key in _NUMBER_KEYS if key in fields), None) or own_number(title, paragraphs)
    published = _published(tree, meta, variables, fields, address)
    return Article(
        source=document.source,
        url=address.url,
        title=title,
        credit=_credit(tree, meta, variables),
        section=_section(tree, meta),
        language="zh" if is_chinese(text) else "en",
        published=published,
        text=text,
        captions=tuple(dict.fromkeys([*(text_of(item) for item in select(tree, "figcaption")), *captions])),
        attachments=attachments,
        number=number,
        header=header,
        kind=_kind(title, number, header, address),
        layout=layout.name,
        links=linked.documents,
        translations=linked.translations,
    )


def _container(tree: HtmlElement, layout: Layout) -> HtmlElement:
    for selector in layout.body.split("|"):
        found = select(tree, selector.strip())
        if found:
            return found[0]
    raise LayoutChanged(page_url(tree), layout.body, 0)


def _metas(tree: HtmlElement) -> dict[str, str]:
    metas: dict[str, str] = {}
    parsed_for(tree, "meta")
    for meta in tree.iter("meta"):
        name = (meta.get("name") or "").lower()
        if name in _METAS and (content := fold(meta.get("content") or "")):
            metas.setdefault(name, content)
    return metas


def _variables(tree: HtmlElement) -> dict[str, str]:
    """Inline script variables of the old pages and the portal; the first non-empty value of each counts."""
    variables: dict[str, str] = {}
    not_beyond(tree, b"var")
    for script in tree.iter("script"):
        for name, single, double in _VARIABLE.findall((script.text or "")[:100_000]):
            value = fold((single or double).replace("\\'", "'").replace('\\"', '"'))
            if value:
                variables.setdefault(name, value)
    return variables


def _title(tree: HtmlElement, meta: dict[str, str], variables: dict[str, str], layout: Layout) -> str:
    stated = meta.get("articletitle") or variables.get("title")
    if stated and stated.count("?") < max(3, len(stated) // 2):  # some portal titles come as question marks
        return stated
    for selector in layout.title.split("|"):
        element = first(tree, selector.strip())
        if element is not None and (text := text_of(element)):
            return text
    raise LayoutChanged(page_url(tree), f"meta[name=ArticleTitle] | {layout.title}", 0)


# -- body --------------------------------------------------------------------------------------------------------------


def _framed(body: HtmlElement, url: str) -> list[str]:
    """The paragraphs of a body that stands in an inline frame (old press conferences), else an empty list."""
    frame = first(body, "iframe")
    if frame is None or "<" not in (frame.text or ""):
        return []
    soup = fragment(frame.text or "", url=url)
    rows = [row for row in (soup.tbody or soup).find_all(["p", "td", "div"]) if row.find(["p", "td", "div"]) is None]
    return [line for row in rows if (line := fold(row.get_text(" ")))]


def _clean(lines: Iterable[str], title: str) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """Paragraphs without furniture and repeated headline, and the header block if it stood in the text."""
    kept: list[str] = []
    header: list[tuple[str, str]] = []
    for line in lines:
        if _DISCLAIMER.match(line) and len(kept) > 0:
            break
        if not kept and _HEADER_LINE.match(line):
            header.extend((name, fold(value)) for name, value in _HEADER_PAIR.findall(line) if value.strip())
            continue
        if _FURNITURE.fullmatch(line) or (len(kept) < 3 and len(line) < 200 and _BYLINE.fullmatch(line)):
            continue
        kept.append(line)
    return kept[_headline_lines(kept, title) :], tuple(header)


def _headline_lines(lines: list[str], title: str) -> int:
    """How many of the first lines only repeat the headline."""
    wanted = re.sub(r"\s", "", title)
    run = ""
    for count, line in enumerate(lines[:4], start=1):
        run += re.sub(r"\s", "", line)
        if run == wanted and count < len(lines):
            return count
        if not wanted.startswith(run):
            return 0
    return 0


def _header(boxes: list[HtmlElement]) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for box in boxes[:1]:
        pairs.extend((name, fold(value)) for name, value in _HEADER_PAIR.findall(text_of(box)) if value.strip())
    return tuple(pairs)


def is_article(url: str) -> bool:
    """Whether an address has the shape of a MOFCOM article."""
    try:
        address_of(url)
    except NotAnArticle:
        return False
    return True


# -- fields ------------------------------------------------------------------------------------------------------------


def _published(
    tree: HtmlElement, meta: dict[str, str], variables: dict[str, str], header: dict[str, str], address: Address
) -> str | None:
    for text in (meta.get("pubdate"), variables.get("tm"), variables.get("publishTime")):
        if stamp := read_time(text):
            return stamp
    if address.day is not None and address.printed:
        return address.printed
    byline = first(tree, "#arsource, .source, .art-source, .info, .artInfo, .article-info")
    visible = read_time(text_of(byline)) if byline is not None else None
    if visible is None:
        visible = _dateline(tree)
    for text in (visible, header.get("发文日期"), header.get("发布日期")):
        if stamp := read_time(text):
            return stamp
    return address.printed


_DATELINE = re.compile(
    r"[A-Z][a-z]{2,8} \d{1,2}, \d{4} - \d{1,2}:\d\d BJT|来源\s?[:：].{0,120}?\d{4}-\d\d-\d\d(?: \d\d:\d\d)?"
)


def _dateline(tree: HtmlElement) -> str | None:
    match = _DATELINE.search(text_of(tree)[:3000])
    return read_time(match[0]) if match else None


def _credit(tree: HtmlElement, meta: dict[str, str], variables: dict[str, str]) -> str | None:
    stated = meta.get("contentsource") or variables.get("source")
    if stated:
        return stated
    byline = first(tree, "#arsource", ".source, .art-source")
    if byline is None:
        return None
    match = _SOURCE.match(text_of(byline)[:300])
    text = match["source"] if match else text_of(byline) if byline.get("id") == "arsource" else ""
    return fold(text) or None


def _section(tree: HtmlElement, meta: dict[str, str]) -> tuple[str, ...]:
    crumbs = first(tree, *_CRUMBS)
    if crumbs is not None:
        parts = [
            fold(part).strip(" :：") for part in re.split(r"[>＞»/]|当前位置[:：]", " ".join(uncut(crumbs).itertext()))
        ]
        named = tuple(_plain_case(part) for part in parts if part and part.casefold() not in _HOME)
        if named:
            return named
    column = meta.get("columnname")
    return (column,) if column else ()


def _plain_case(crumb: str) -> str:
    """`NEWS`, as the English site prints its first crumb, to `News`; abbreviations of three letters stay."""
    return crumb.title() if crumb.isascii() and crumb.isupper() and len(crumb) > 3 else crumb


def own_number(title: str, paragraphs: list[str]) -> str | None:
    """The document's own number as printed: at the head of the title, else alone on one of the first five lines.

    Numbers that a text only cites stand elsewhere and are far more frequent.
    """
    for pattern in (_ZH_NUMBER, _EN_NUMBER):
        match = pattern.match(title)
        if match and not _CITING.search(match[0]):
            return match[0].strip()
    head = paragraphs[:5]
    for index, line in enumerate(head):
        if len(line) > 160:
            continue
        for pattern in (_ZH_NUMBER, _EN_NUMBER):
            if pattern.fullmatch(line):
                return line
        if (
            line.casefold() in ("announcement", "order")
            and index + 1 < len(head)
            and _EN_SPLIT.fullmatch(head[index + 1])
        ):
            return f"{line} {head[index + 1]}"
    return None


def _kind(title: str, number: str | None, header: tuple[tuple[str, str], ...], address: Address) -> ArticleKind:
    if address.shape == "press_index" or (_PRESS.search(title) and not _REMARKS.search(title)):
        return "press_conference"
    if _REMARKS.search(title):
        return "remarks"
    if header or number or _INSTRUMENT.search(title):
        return "announcement"
    return "news"


_TITLES = ".art-title | .artTitle | #artitle | h1 | title"
_BODIES = '[ergodic="article"] | .art-con-bottonmLine | .art-con | .textlive | .artCon | .cont'
_ANY = ", ".join(part.strip() for part in _BODIES.split("|"))

# The first that fits is taken; old addresses also serve migrated pages in the new markup.
LAYOUTS = (
    Layout(
        name="jpaas_2024", read=_read, shapes=frozenset({"jpaas", "shtml", "aarticle"}), title=_TITLES,
        container='[ergodic="article"]', body='[ergodic="article"]',
    ),
    Layout(
        name="press_2026", read=_read, shapes=frozenset({"press_index"}), title=_TITLES, container=_ANY,
        body=".textlive | " + _BODIES,
    ),
    Layout(
        name="portal_2021", read=_read, shapes=frozenset({"portal"}), title="h1 | .u-art-title",
        container="div.bd", body="div.bd", hosts=re.compile(r"^exportcontrol\."),
    ),
    Layout(
        name="live_2013", read=_read, shapes=frozenset({"shtml", "aarticle", "jpaas"}), title=_TITLES,
        container=".textlive", body=".textlive",
    ),
    Layout(
        name="aarticle_2003", read=_read, shapes=frozenset({"aarticle"}), title=_TITLES + " | h2",
        container=_ANY + ", #zoom, .content", body=_BODIES + " | #zoom | .content",
    ),
    Layout(
        name="shtml_2012", read=_read, shapes=frozenset({"shtml", "jpaas", "portal"}), title=_TITLES,
        container=_ANY, body=_BODIES,
    ),
)  # fmt: skip

LISTINGS = Listings(rows=(ROWS,), read=parse_column, read_answer=parse_answer)
MENUS = Menus(
    body=b'ergodic="article"',
    above=(b"<h1", b'position"', b"crumb", b"bread", b'location"', b"dqwz", b"weizhi"),
    below=b"var",
    foot=b'<div class="footer"',
)

"""What the body of a ministry page links to: annexes, the other language's version, and the document it is about.

Of several documents the likeliest comes first: the one that the anchor or the words around it name by the number in the
headline, then by any number or title, then one that the text calls the full text. What the text is only based on, or
what it has said before, comes after these; reports and press conferences are no documents unless a number says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from pipeline.html import absolute, first, fold, text_of
from pipeline.model import Attachment

MOST_LINKS = 60
"""Documents that one body links to, at most; and links that are looked at, five times as many."""

_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|csv|txt)$", re.IGNORECASE)
_OTHER_LANGUAGE = re.compile(r"\b[ce]v\.gif")
_GATEWAY = re.compile(r"https?://big5\.mofcom\.gov\.cn/gate/big5/(?P<page>[\w.-]{1,80}/.*)", re.DOTALL)
_BLOCKS = frozenset({"p", "div", "li", "td", "th", "dd", "section", "article", "body"})
_NUMBER = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s?[年〕\])）]\s?第?\s?(?P<number>\d{1,4})\s?号"
    r"|\bNo\.?\s?(?P<number_en>\d{1,4})(?:\s?(?:of|,|in)\s?|\s?\()(?P<year_en>(?:19|20)\d\d)"
)
_NAMED = re.compile(
    r"《|(?:公告|令|通知|通告|办法|规定|决定|意见|规则|细则|目录|清单|方案|裁定|函)(?:》|$|[（(，。；])"
    r"|\b(?:Announcement|Order|Decree|Notice|Measures|Provisions|Regulations|Catalogue|Circular|Decision|Ruling)\b"
)
_WHOLE = re.compile(
    r"全文|原文|详见|查看|点击|链接|附后|\b(?:full text|read more|click here|details?|here|see)\b", re.IGNORECASE
)
_BASIS = re.compile(
    r"(?:根据|依据|按照|依照|此前|曾于?|另见|参见|相关报道|相关阅读|延伸阅读|废止|替代)[^，。；]{0,12}$"
    r"|\b(?:pursuant to|under|in accordance with|based on|earlier|previously|see also|related|repeals?|replaces?)\b"
    r"[^,.;]{0,24}$",
    re.IGNORECASE,
)
_NEWS = re.compile(
    r"^/(?:gate/[^/]+/[^/]+/)?(?:xwfb|xwfbzt|syxwfb|News|newsrelease|Events|article/(?:ae|xwfb|syxwfb|newsrelease|activity|speeches"
    r"|pressconference\w*)|aarticle/ae)(?:/|$)"
)
_HERE, _CLAUSE = 30, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What a body links to."""

    documents: tuple[str, ...]
    """Pages that may hold the document, the likeliest first."""
    translations: tuple[str, ...]
    marks: frozenset[HtmlElement]
    """The elements of the translations: no text."""


def links_in(body: HtmlElement, url: str, headline: str, is_article: Callable[[str], bool]) -> Linked:
    """The links of a body to other pages of the ministry; `headline`: what is to be found, by its number."""
    translations: dict[str, None] = {}
    documents: dict[str, int] = {}
    marks: set[HtmlElement] = set()
    own, looked = _numbers(headline), 0
    for link in body.iter("a"):
        target = absolute(url, link.get("href"))
        if target is None or target == url:
            continue
        image = first(link, "img")
        if image is not None and _OTHER_LANGUAGE.search(image.get("src") or ""):
            translations[target] = None
            marks.add(link)
            continue
        gateway = _GATEWAY.fullmatch(target)
        page = f"https://{gateway['page']}" if gateway else target
        if page == url or len(documents) >= MOST_LINKS or looked >= 5 * MOST_LINKS or not is_article(page):
            continue
        looked += 1
        likely = _likelihood(link, page, own)
        if likely is not None:
            documents[page] = max(likely, documents.get(page, likely))
    ranked = sorted(documents, key=lambda page: -documents[page])  # stable: the first of equals stays first
    return Linked(documents=tuple(ranked), translations=tuple(translations), marks=frozenset(marks))


def _likelihood(link: HtmlElement, page: str, own: frozenset[tuple[str, str]]) -> int | None:
    """How likely a link leads to the document that the page is about; None for a mere report."""
    anchor = f"{text_of(link)} {fold(link.get('title') or '')}".strip()
    before, after = _before(link), fold(link.tail or "")[:_HERE]
    near = before[-_CLAUSE:] + anchor + after
    numbers = _numbers(anchor) or _numbers(near)
    if _NEWS.match(urlsplit(page).path) and not numbers:
        return None
    likely = 0
    if numbers & own:
        likely += 8
    elif numbers and own:
        likely -= 2  # another document
    elif numbers:
        likely += 4
    if _NAMED.search(anchor):
        likely += 3
    elif _WHOLE.search(anchor) or _WHOLE.search(before[-_HERE:]):
        likely += 2
    elif _NAMED.search(near):
        likely += 1
    if _BASIS.search(before):
        likely -= 4
    return likely


def _numbers(text: str) -> frozenset[tuple[str, str]]:
    """Years and numbers of the documents that a text names."""
    return frozenset(
        (found["year"] or found["year_en"], (found["number"] or found["number_en"]).lstrip("0"))
        for found in _NUMBER.finditer(text)
    )


def _before(link: HtmlElement) -> str:
    """The end of what stands before a link in its block."""
    at: HtmlElement | None = link
    while at is not None and at.tag not in _BLOCKS:
        earlier, above = at.getprevious(), at.getparent()
        if earlier is not None:
            text = fold(earlier.tail or "") or (text_of(earlier) if isinstance(earlier.tag, str) else "")
        else:
            text = fold(above.text or "") if above is not None else ""
        if text or earlier is not None:
            return text[-_CLAUSE:]
        at = above
    return ""


def attachments_in(body: HtmlElement, url: str) -> tuple[Attachment, ...]:
    """The files that a body links to as annexes."""
    files: dict[str, Attachment] = {}
    for link in body.iter("a"):
        target = file_target(link, url)
        if target:
            name = text_of(link) or fold(link.get("title") or "") or unquote(urlsplit(target).path.rsplit("/", 1)[-1])
            files.setdefault(target, Attachment(url=target, name=name))
    return tuple(files.values())


def file_target(link: HtmlElement, url: str) -> str | None:
    """The address of the file that a link leads to; None if it leads to none."""
    target = absolute(url, link.get("href"))
    return target if target and _FILE.search(urlsplit(target).path) else None

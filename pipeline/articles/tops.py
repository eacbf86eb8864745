"""What stands above the articles of a site, the same on all its pages: whole elements that need not be parsed again.

Why nothing else changes without them (libxml2 2.14): they stand in `body` itself, each is closed in its place, and none
of their names closes `body` or changes how anything behind it is read. So the parser's stack is behind them what it was
before, and empty elements can stand for all. What they could give an article shows in the names, classes, ids and
attributes of their tags: where a selector asks for one of these, the whole page is parsed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.html import CUT
from pipeline.selectors import signs_of_tag

TOP_MARK = f"<script>{CUT}</script><{CUT}></{CUT}>".encode()
TOP_MARKS = 2
"""What stands for a top: a script is in `body` only where that was open before, and an element says what was cut."""

_PIECE = re.compile(
    rb"<(?:(/)?([a-z]+)((?:\s++[a-z][a-z:_-]*+(?:=(?:\"[^\"<>]*+\"|'[^'<>]*+'))?+)*+)\s*+(/)?>"
    rb"|!--[^<>-]*+(?:-[^<>-]++)*+-->)"
)
_ATTRIBUTE = re.compile(rb"\s++([a-z:_-]++)(?:=(?:\"([^\"]*+)\"|'([^']*+)'))?+")
_RAW = frozenset({b"script", b"style"})
_EMPTY = frozenset({b"br", b"hr", b"img", b"input"})
_PLAIN = _RAW | _EMPTY | frozenset(b"a b button div em form header i li nav ol p section span strong ul".split())
"""No headings: an article's would be looked for among them."""
_VARIABLE = b"var"
_DEPTH = 40

_LONGEST, _MOST = 40_000, 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Top:
    """Whole elements at the beginning of a body."""

    size: int
    """In bytes; 0 where there are none."""
    signs: frozenset[bytes]
    """Of all their tags, as `signs_of_tag` gives them."""


_NONE = Top(size=0, signs=frozenset())
_seen: dict[bytes, Top | None] = {}
"""What stood above articles, and what was found in it when it was seen a second time."""


def top_of(markup: bytes, article: int) -> tuple[int, Top]:
    """Where a page's body begins, and its top; the article's place and none where nothing like it was seen before.

    `article`: where it begins, at the earliest.
    """
    opened = markup.find(b"<body", 0, article)
    begin = markup.find(b">", opened, article) + 1
    if opened < 0 or not begin or article - begin > _LONGEST:
        return article, _NONE
    above = markup[begin:article]
    if above not in _seen:
        if len(_seen) >= _MOST:
            _seen.clear()
        _seen[above] = None
        return article, _NONE
    top = _seen[above]
    if top is None:
        top = _seen[above] = _whole_elements(above)
    return begin, top


def in_body(mark: HtmlElement) -> bool:
    """Whether the first mark of a top stands where that can be left out: in the body, and in nothing else."""
    return [element.tag for element in mark.iterancestors()] == ["body", "html"]


def _whole_elements(markup: bytes) -> Top:
    """The elements that `markup` begins with, as far as each is whole and plain."""
    size, found = 0, frozenset[bytes]()
    signs: set[bytes] = set()
    open_tags: list[bytes] = []
    last, at = 0, markup.find(b"<")
    while at >= 0 and (piece := _PIECE.match(markup, at)):
        closing, tag, attributes, closed = piece.groups()
        if open_tags and open_tags[-1] in _RAW and (not closing or _VARIABLE in markup[last:at]):
            break
        if closing:
            if not open_tags or open_tags.pop() != tag or attributes or closed:
                break
        elif tag:
            if tag not in _PLAIN or (closed and tag not in _EMPTY) or len(open_tags) > _DEPTH:
                break
            if tag not in _EMPTY:
                open_tags.append(tag)
            named = [(name, double or single) for name, double, single in _ATTRIBUTE.findall(attributes)]
            if any(b"&" in value for name, value in named if name in (b"class", b"id")):
                break
            signs |= signs_of_tag(tag, named)
        last = piece.end()
        if not open_tags:
            size, found = last, frozenset(signs)
        at = markup.find(b"<", last)
    return Top(size=size, signs=found)

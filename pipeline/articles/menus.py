"""Lists of links, styles and scripts cut out of a page before it is parsed: most of a page of news is such furniture.

What is left gives the same article, or none: each cut leaves a mark, and where a mark is read, or anything is missing,
the whole page is parsed. Why nothing else changes (libxml2 2.14, whose table of what closes what was read):

- A list is cut only where each item is one link in its simplest form, and something like it opens and closes in its
  place: to the parser's stack one item, or ten, are the same. Neither classes nor ids are cut.
- The mark is an element, that of a style or script its text. One that became anything else stood in a comment, a frame,
  an attribute: then the numbers differ, and nothing that was cut is believed.
- A mark is as deep as what it stands for, so that what is nested too deeply still is.
- What is the same above all articles of a site is left out as a whole (`tops`).
- What stands below the article can add elements to the tree, and attributes to `html` and `body`, but changes no other
  that was there before. It is looked through for the words of each selector that matches nothing above it (`feet`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import cast

from lxml.html import HtmlElement

from pipeline.articles.feet import Part, parts_of, stands_in
from pipeline.articles.layout import Address, Menus
from pipeline.articles.tops import TOP_MARK, TOP_MARKS, in_body, top_of
from pipeline.html import CUT, Element, tree_of

_MARK = CUT.encode()
_LINK = (
    rb'<a(?: (?:href|target|title|shape|rel|style)="[^"]*")*+>[^<]*+'
    rb'(?:<img(?: (?:src|alt|width|height|border|title|style)="[^"]*")*+ ?/?>\s*+|<span>[^<]*+</span>\s*+)?+</a>\s*+'
)
_ITEM = rb'<li(?: style="[^"]*")?+>\s*+' + _LINK + rb"</li>\s*+"
_LISTS = (
    (b"<li", re.compile(_ITEM + rb"(?:" + _ITEM + rb")++"), b"<li><a><%b></%b></a></li>" % (_MARK, _MARK)),
    (b"<a ", re.compile(_LINK + rb"(?:" + _LINK + rb")++"), b"<a><%b></%b></a>" % (_MARK, _MARK)),
)
_RAW = ((b"<style", b"</style>"), (b"<script", b"</script>"))
_SPARED = b"var"
"""Scripts in which variables are read have it."""
_SMALLEST = 100
"""Bytes of a style or script that are worth cutting."""
_REFERENCE = re.compile(rb"&(?!amp;|nbsp;|gt;)")
_OPENED, _DEPTH = 200, 40
"""Tags that are opened below an article of which nothing is parsed, and elements that it stands in, at most."""
_ABOVE = 8000
"""How far above an article's text, in bytes, its headline and crumbs are looked for."""

_KEY, _LONG, _LONGEST, _MOST = 160, 500, 20_000, 64
_known: dict[bytes, bytes] = {}
"""Long lists that were cut before, by their beginnings: a site's menus are the same on all its pages."""


def tree_without_menus(markup: bytes, menus: Menus, address: Address) -> HtmlElement | None:
    """The tree of a page without its lists of links outside of the article; None where nothing can be cut.

    Raises `PageError` as `tree_of` does.
    """
    if menus.but is not None and menus.but(address).encode() in markup:
        return None
    begin, end = _article(markup, menus)
    at, top = top_of(markup, begin)
    before, above = _thinned(markup[:at])
    between, cut = _thinned(markup[at + top.size : begin])
    beyond = parts_of(markup[end:], menus.foot) if begin < end else ()
    if _closed(beyond, menus):
        after, below = b"<%b></%b>" % (_MARK, _MARK), 1
    else:
        after, below = _thinned(markup[end:])
        beyond = ()
    cut += above + below + (TOP_MARKS if top.size else 0)
    if not cut:
        return None
    parts = (before, TOP_MARK if top.size else b"", between, markup[begin:end], after)
    tree = cast(Element, tree_of(b"".join(parts), url=address.url))
    marks = [found for found in tree.iter(CUT, "style", "script") if found.tag == CUT or found.text == CUT]
    if len(marks) != cut:
        return None
    if top.size:
        if not in_body(marks[above]):
            return None
        tree.above = top.signs
    if beyond:
        if sum(1 for _ in marks[-1].iterancestors()) > _DEPTH:
            return None
        tree.beyond = partial(stands_in, beyond)
    return tree


def _closed(beyond: Sequence[Part], menus: Menus) -> bool:
    """Whether what stands below the article can be left out: no more than is asked for can be missing then.

    It may not nest too deeply, nor say anything of what stands above it, nor hide its words.
    """
    opened = sum(part.opened for part in beyond)
    return (
        0 < opened < _OPENED + (0 if opened < _OPENED else sum(part.markup.count(b"<img ") for part in beyond))
        and all(part.silent for part in beyond)
        and (menus.below is None or not stands_in(beyond, menus.below))
    )


def _thinned(markup: bytes) -> tuple[bytes, int]:
    """Without lists and what stands in styles and scripts, and how many marks stand there instead."""
    markup, emptied = _without_raw(markup)
    markup, lists = _without_lists(markup)
    return markup, emptied + lists


def _without_raw(markup: bytes) -> tuple[bytes, int]:
    """Without what stands in styles and scripts, and how many were emptied."""
    emptied = 0
    for opening, closing in _RAW:
        parts: list[bytes] = []
        at = looked = 0
        while (found := markup.find(opening, looked)) >= 0:
            begin = looked = markup.find(b">", found) + 1
            if not begin:
                break
            end = markup.find(b"<", begin)
            if end - begin >= _SMALLEST and markup.startswith(closing, end) and markup.find(_SPARED, begin, end) < 0:
                parts += markup[at:begin], _MARK
                at = looked = end
                emptied += 1
        if parts:
            markup = b"".join((*parts, markup[at:]))
    return markup, emptied


def _article(markup: bytes, menus: Menus) -> tuple[int, int]:
    """About where the article stands: from its headline or crumbs to the end of its body.

    Where no body is known, both are where it begins at the earliest. Only about: where something of the article is cut,
    the whole page is read, which takes longer and is no mistake.
    """
    begin = at = markup.find(menus.body)
    if begin < 0:
        body = max(0, markup.find(b"<body"))
        begin = min((found for above in menus.above if (found := markup.find(above, body)) >= 0), default=len(markup))
        return begin, begin
    for above in menus.above:
        found = markup.rfind(above, max(0, at - _ABOVE), at)
        begin = found if 0 <= found < begin else begin
    depth = 1
    while depth > 0:
        closed = markup.find(b"</div", at)
        if closed < 0:
            return begin, len(markup)
        depth += markup.count(b"<div", at, closed) - 1
        at = closed + len(b"</div>")
    return begin, at if markup.startswith(b">", at - 1) else len(markup)


def _without_lists(markup: bytes) -> tuple[bytes, int]:
    """Without lists of links, and how many were cut."""
    lists = 0
    for opening, pattern, mark in _LISTS:
        parts: list[bytes] = []
        at = 0
        looked = markup.find(opening)
        while looked >= 0:
            if end := _end(markup, looked, pattern):
                parts += markup[at:looked], mark
                at = end
                lists += 1
            looked = markup.find(opening, end or looked + 1)
        if parts:
            markup = b"".join((*parts, markup[at:]))
    return markup, lists


def _end(markup: bytes, begin: int, pattern: re.Pattern[bytes]) -> int:
    """Where the list that begins here ends; 0 where none does that can be cut."""
    key = markup[begin : begin + _KEY]
    known = _known.get(key)
    if known is not None and markup.startswith(known, begin):
        end = begin + len(known)
    else:
        match = pattern.match(markup, begin)
        if match is None or _REFERENCE.search(match[0]):
            return 0
        end = match.end()
        if _LONG <= end - begin <= _LONGEST:
            if len(_known) >= _MOST:
                _known.clear()
            _known[key] = match[0]
    return end if markup[max(0, begin - 80) : begin].rstrip().endswith(b">") else 0  # else it may stand inside a tag

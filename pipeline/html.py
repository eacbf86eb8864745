"""Bytes to a tree, and strict selectors over it: what is missing raises, and says which page and which selector.

Measured (lxml 6.1, libxml2 2.14): the HTML parser stops at 256 nested elements *without an error* and drops the
rest, and takes the content of an `<iframe>` for plain text. So the parser's own log is read after each page, and
`fragment` parses a piece of HTML that stands inside JSON, a feed or a frame (BeautifulSoup: small and dirty pieces).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Set
from typing import Any, cast
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup
from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from pipeline.selectors import compiled, signs_of, words_of

MAX_BYTES = 8 * 2**20
MAX_FRAGMENT = 2**20


class Element(HtmlElement):  # type: ignore[misc]
    """Every element is of this class: lxml's own table of forms and inputs asks Python for each element it shows."""

    above: frozenset[bytes] = frozenset()
    """Of the root: signs of what stood at the beginning of the body and was not parsed (`articles.tops`)."""
    beyond: Callable[[bytes], bool] | None = None
    """Of the root: whether a word, in small letters, stands at the end of the page in what was not parsed."""


_ELEMENTS = etree.ElementDefaultClassLookup(element=Element)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
_OPENING = re.compile(rb"<[a-zA-Z]")
_CLOSING = re.compile(rb"</[a-zA-Z]")
_BREAK = "\x1e"  # control characters are removed before parsing; what a page writes as `&#30;` ends a paragraph too
_DROPPED = frozenset(
    {"script", "style", "noscript", "template", "iframe", "object", "select", "textarea", "button", "head"}
)
_INLINE = frozenset(
    """a abbr acronym b bdo big cite code data del dfn em font i ins kbd label mark o:p q s samp small span strike
    strong sub sup time tt u var wbr""".split()  # noqa: SIM905
)
_NESTING = 200  # only for BeautifulSoup, which recurses; lxml's own limit is read from its log


class PageError(Exception):
    """A page that gives no article and no listing: which page, which selector, what was found instead.

    `kind` is the kind of the issue row: `unreadable`, `too_large`, `too_deep`, `layout_changed`, `page_gone`,
    `page_moved`, `not_an_article`.
    """

    kind: str = "unreadable"

    def __init__(self, url: str, selector: str, found: int | str = 0, *, kind: str | None = None) -> None:
        super().__init__(url, selector, found)
        self.url = url
        self.selector = selector
        self.found = found
        if kind is not None:
            self.kind = kind

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.url, self.selector, self.found, self.kind)

    @property
    def detail(self) -> str:
        """What was wrong, without the address, on one line."""
        return _one_line(self._detail(), 300)

    def _detail(self) -> str:
        return f"{self.kind.replace('_', ' ')}: {self.selector}, found {self.found}"

    def __str__(self) -> str:
        return f"{_one_line(self.url, 300) or 'page without address'}: {self.detail}"


class LayoutChanged(PageError):
    """A selector that the layout promises matched too little or too much."""

    kind = "layout_changed"

    def _detail(self) -> str:
        return f"layout changed: selector {self.selector!r} found {self.found}"


class PageGone(PageError):
    """The site says that there is no such page (any more), also when it says so with status 200."""

    kind = "page_gone"

    def _detail(self) -> str:
        return f"page gone: {self.found}"


class PageMoved(PageError):
    """The page only sends the browser elsewhere; `found` is the address it names."""

    kind = "page_moved"

    def _detail(self) -> str:
        return f"page only leads on to {self.found}"

    @property
    def target(self) -> str:
        """The absolute address that the page leads to."""
        return str(self.found)


class NotAnArticle(PageError):
    """The address has no shape that the source gives its articles or listings."""

    kind = "not_an_article"

    def _detail(self) -> str:
        return f"not an article: {self.found}"


def _rebuild(cls: type[PageError], url: str, selector: str, found: int | str, kind: str) -> PageError:
    return cls(url, selector, found, kind=kind)


def _one_line(text: str, limit: int) -> str:
    line = " ".join(_INVISIBLE.sub("", _CONTROL.sub(" ", text)).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def decode(body: bytes, *, charset: str | None = None) -> str:
    """The text of a page: UTF-8 whatever the header says, GB18030 only where UTF-8 does not fit.

    A page cut off inside a character, or with a few broken bytes, stays UTF-8. `charset` is asked last of all.
    Control characters (NUL too) are removed.
    """
    return _CONTROL.sub("", _decoded(body, charset))


def _decoded(body: bytes, charset: str | None) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass  # what follows is the answer to it
    lenient = body.decode("utf-8-sig", "replace").removesuffix("\ufffd")
    if lenient.count("\ufffd") * 50 <= sum(1 for c in lenient if c > "\x7f") or lenient.count("\ufffd") < 3:
        return lenient
    for name in ("gb18030", charset):
        try:
            return body.decode(name) if name else lenient
        except (UnicodeDecodeError, LookupError):
            continue
    return lenient


def parse_document(body: bytes, *, url: str = "", charset: str | None = None) -> HtmlElement:
    """The tree of an HTML page, `base_url` set to `url`.

    Raises `PageError` for a body over 8 MiB, one nested too deeply to be read to its end, and one without any element.
    """
    return tree_of(readable(body, url=url, charset=charset), url=url)


def tree_of(markup: bytes, *, url: str = "") -> HtmlElement:
    """The tree of what `readable` gave; raises `PageError` as `parse_document` does."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        tree = document_fromstring(markup, parser=parser, base_url=url or None)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise PageError(url, "html", f"no HTML ({_one_line(str(error), 120)})") from None
    for entry in parser.error_log:
        if "xcessive depth" in entry.message:
            raise PageError(url, "html", "elements nested more than 256 deep", kind="too_deep")
        if "uge" in entry.message and "XML_PARSE_HUGE" in entry.message:
            raise PageError(url, "html", "a text or attribute too large for the parser", kind="too_large")
    return tree


_UNREADABLE = bytes(code for code in range(0x20) if code not in b"\t\n\r") + b"\x7f"


def readable(body: bytes, *, url: str = "", charset: str | None = None) -> bytes:
    """`decode`, as UTF-8; raises `PageError` for a body over 8 MiB. Good UTF-8 stays as it is, which is faster."""
    if len(body) > MAX_BYTES:
        raise PageError(url, "body", f"{len(body)} bytes, at most {MAX_BYTES} are read", kind="too_large")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return decode(body, charset=charset).encode("utf-8")
    if b"\xef" in body and any(map(text.__contains__, "\ufeff\ufffe\uffff")):  # each begins with that byte
        return decode(body, charset=charset).encode("utf-8")
    return body.translate(None, _UNREADABLE) if any(map(body.__contains__, _UNREADABLE)) else body


def fragment(markup: str, *, url: str = "") -> BeautifulSoup:
    """A piece of HTML that was found inside something else (JSON, a feed, a frame), as a BeautifulSoup tree.

    Raises `PageError` where the piece is over 1 MiB or its tags stay open over 200 deep: BeautifulSoup recurses.
    """
    raw = _CONTROL.sub("", markup)
    data = raw.encode("utf-8")
    if len(data) > MAX_FRAGMENT:
        raise PageError(url, "fragment", f"{len(data)} bytes, at most {MAX_FRAGMENT} are read", kind="too_large")
    if len(_OPENING.findall(data)) - len(_CLOSING.findall(data)) > _NESTING * 5 or _deepest(data) > _NESTING:
        raise PageError(url, "fragment", f"elements nested more than {_NESTING} deep", kind="too_deep")
    return BeautifulSoup(raw, "lxml")


_CONTAINER = re.compile(rb"<(/?)(?:div|span|section|table|tr|td|ul|ol|font|b|i|em|strong|a|blockquote|center)\b", re.I)


def _deepest(data: bytes) -> int:
    """The largest number of container tags open at once; an estimate from above, without a parser."""
    depth = deepest = 0
    for match in _CONTAINER.finditer(data):
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """All elements that match a CSS selector, in document order; compiled once a process.

    Raises `CutOut` where more of them may stand in what was not parsed.
    """
    found = _select(tree, selector)
    parsed_for(tree, selector)
    return found


def _select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    not_above(tree, selector)
    return cast(list[HtmlElement], compiled(selector, tree.getparent() is None)(tree))


def one(tree: HtmlElement, selector: str) -> HtmlElement:
    """The only element that matches; raises `LayoutChanged` if there is none, or more than one."""
    found = select(tree, selector)
    if len(found) != 1:
        raise LayoutChanged(page_url(tree), selector, len(found))
    return found[0]


def many(tree: HtmlElement, selector: str, at_least: int = 1) -> list[HtmlElement]:
    """The elements that match; raises `LayoutChanged` if there are fewer than `at_least`."""
    found = select(tree, selector)
    if len(found) < at_least:
        raise LayoutChanged(page_url(tree), selector, len(found))
    return found


def first(tree: HtmlElement, *selectors: str) -> HtmlElement | None:
    """The first match of the first selector that matches at all: for what a page may leave out."""
    for selector in selectors:
        found = _select(tree, selector)
        if found:
            return found[0]
        parsed_for(tree, selector)
    return None


def page_url(tree: HtmlElement) -> str:
    """The address the tree was parsed with, or an empty string."""
    return str(tree.base_url or "")


def fold(text: str) -> str:
    """White space of every kind (no-break, ideographic) folded to single spaces, invisible characters removed.

    Control characters too: a page can write them as references (`&#27;`), and a terminal would obey them.
    """
    if not text.isprintable():  # nothing to remove where it is, the usual white space aside; the test costs a tenth
        text = text.replace("\n", " ").replace("\xa0", " ").replace("\u3000", " ")
        if not text.isprintable():
            return " ".join(_INVISIBLE.sub("", _CONTROL.sub("", text)).split())
    return " ".join(text.split()) if "  " in text else text.strip()


CUT = "cut\x7f"
"""The tag that stands where something was cut out of a page (`articles.menus`); none of its own can be named so."""


class CutOut(Exception):
    """What is to be read was cut out of the page before it was parsed."""


def parsed_for(tree: HtmlElement, selector: str) -> None:
    """Raise `CutOut` where what was not parsed of a page may hold an element that the selector matches."""
    not_above(tree, selector)
    not_beyond(tree, *words_of(selector))


def not_above(tree: HtmlElement, selector: str) -> None:
    """Raise `CutOut` where what was not parsed above an article may have what the selector matches."""
    above: frozenset[bytes] = getattr(tree, "above", frozenset())
    if above and not above.isdisjoint(signs_of(selector)):
        raise CutOut


def not_beyond(tree: HtmlElement, *words: bytes) -> None:
    """Raise `CutOut` where one of the words, in small letters, stands in what was not parsed of a page."""
    beyond: Callable[[bytes], bool] | None = getattr(tree, "beyond", None)
    if beyond is not None and any(map(beyond, words)):
        raise CutOut


def uncut(element: HtmlElement) -> HtmlElement:
    """The element itself; raises `CutOut` where something below it was cut out."""
    if next(element.iter(CUT), None) is not None:
        raise CutOut
    return element


def text_of(element: HtmlElement) -> str:
    """All visible text of an element on one line."""
    return " ".join(blocks(element))


def blocks(element: HtmlElement, without: Collection[HtmlElement] = ()) -> list[str]:
    """The paragraphs an element shows, folded, empty ones left out: a block-level tag or a `<br>` ends one.

    Scripts, styles, frames and the elements of `without` are left out. Raises `CutOut` where text was cut out.
    """
    if len(element) == 0:
        text = element.text or ""
    else:
        parts: list[str] = []
        _collect(element, parts, without if isinstance(without, frozenset | set) else frozenset(without))
        text = "".join(parts)
    return [block for piece in text.split(_BREAK) if (block := fold(piece))]


def _collect(element: HtmlElement, parts: list[str], without: Set[HtmlElement]) -> None:
    # recursion is safe: no tree is deeper than libxml2's 256
    if text := element.text:
        parts.append(text)
    for child in element:
        tag = child.tag
        if isinstance(tag, str) and tag not in _DROPPED and child not in without:
            if tag == CUT:
                raise CutOut
            ends = tag not in _INLINE
            if ends:
                parts.append(_BREAK)
            if len(child):
                _collect(child, parts, without)
            elif text := child.text:
                parts.append(text)
            if ends:
                parts.append(_BREAK)
        if tail := child.tail:
            parts.append(tail)


def between(start: HtmlElement, end: HtmlElement) -> Iterator[str]:
    """The paragraphs that stand after `start` and before `end`, in document order; none if `end` does not follow.

    Raises `CutOut` where something between them was cut out.
    """
    above = set(end.iterancestors())
    here = start
    parent = here.getparent()
    while parent is not None and parent not in above:
        for sibling in here.itersiblings():
            yield from _blocks_of(sibling)
        here, parent = parent, parent.getparent()
    for sibling in here.itersiblings():
        if sibling is end:
            return
        if sibling in above:
            yield from _before(sibling, end, above)
            return
        yield from _blocks_of(sibling)


def _before(element: HtmlElement, end: HtmlElement, above: set[Any]) -> Iterator[str]:
    for child in element:
        if child is end:
            return
        if child in above:
            yield from _before(child, end, above)
            return
        yield from _blocks_of(child)


def _blocks_of(element: HtmlElement) -> Iterable[str]:
    if element.tag == CUT:
        raise CutOut
    if not isinstance(element.tag, str) or element.tag in _DROPPED:
        return ()
    return blocks(element)


def hidden(element: HtmlElement) -> bool:
    """Whether the element or one above it is styled away (`display:none`)."""
    styles = [style for node in (element, *element.iterancestors()) if (style := node.get("style"))]
    return any("display:none" in "".join(style.lower().split()) for style in styles)


def absolute(base: str, href: str | None) -> str | None:
    """The http(s) address that `href` means on page `base`, without its fragment; None for anything else."""
    try:
        joined = urldefrag(urljoin(base, _CONTROL.sub("", href or "").strip())).url
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and parts.hostname else None

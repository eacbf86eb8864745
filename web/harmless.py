"""A foreign page made harmless: its words, headings, lists and tables, and nothing that a browser acts upon.

Three things stand between a fetched page and the reader's browser: what is made here has no script, style, link or
address; the answer that carries it forbids every load, script, form and navigation by its own policy; and the page that
shows it does so in a sandboxed frame.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

import nh3
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from markupsafe import Markup, escape

from web.inert import cut, inert

LONGEST = 1_500_000
"""Characters of a page that are shown."""

_KEPT = frozenset(
    {
        "a", "abbr", "address", "article", "aside", "b", "bdi", "blockquote", "body", "br", "caption", "center",
        "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption",
        "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "ins", "kbd",
        "li", "main", "mark", "nav", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "section", "small", "span",
        "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u",
        "ul", "wbr",
    }
)  # fmt: skip
_NEVER = frozenset(
    {
        "applet", "audio", "canvas", "frameset", "head", "iframe", "map", "math", "noembed", "noframes", "noscript",
        "object", "portal", "script", "select", "style", "svg", "template", "textarea", "title", "video", "xmp",
    }
)  # fmt: skip
"""Left out with all that they hold; what is in neither list loses its tag and keeps its words."""
_HOLD_NOTHING = ("area", "base", "embed", "frame", "input", "link", "meta", "param", "source", "track")
"""Tags without an end, some of which libxml2 takes for the beginning of all that follows."""
_SEPARATOR = re.compile(r"""[\s/"'=]""")
_MOST_SEPARATORS = 6000
_PICTURE = re.compile("data:[a-zA-Z0-9/+.-]{1,60};base64,[A-Za-z0-9+/=]+")
_ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}

STYLE = (
    ":root{color-scheme:light dark}"
    'body{max-width:48rem;margin:1.5rem auto;padding:0 1rem;font:16px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;'
    "overflow-wrap:anywhere}"
    "table{border-collapse:collapse}td,th{border:1px solid #8886;padding:.2rem .5rem;vertical-align:top}"
    "pre{white-space:pre-wrap}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"sandbox; default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""The Content-Security-Policy of a harmless document: no origin, no script, no load; shown by pages of ours only."""


_SHORTENED = Markup("<p><small>What follows is left out here; the saved record has all of it.</small></p>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Harmless:
    """A foreign page as it is shown."""

    markup: Markup
    shortened: bool
    """Whether something at its end was left out."""


def harmless(text: str) -> Harmless:
    """The words of an HTML page in its headings, lists and tables; its source where it cannot be read as a page."""
    shown, shortened = _PICTURE.sub("data:,", inert(text[:LONGEST])), len(text) > LONGEST
    if _overloaded(shown):
        return plain(text)
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(shown.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return plain(text)
    # what follows is quadratic in depth and multiplies misnested tags; of libxml2 comes a tree of 256 levels at most
    _strip(tree)
    markup = etree.tostring(tree, encoding="unicode", method="html")
    clean = nh3.clean(
        markup,
        tags=set(_KEPT - {"body"}),
        clean_content_tags=set(_NEVER),
        attributes={name: set(held) for name, held in _ATTRIBUTES.items()},
        link_rel=None,
        url_schemes=set(),
    )
    too_deep = any("xcessive depth" in entry.message for entry in parser.error_log)
    return Harmless(markup=Markup(clean), shortened=shortened or too_deep)


def plain(text: str) -> Harmless:
    """A text that is no page: its characters as they are."""
    return Harmless(
        markup=Markup("<pre>{}</pre>").format(escape(inert(text[:LONGEST]))),
        shortened=len(text) > LONGEST,
    )


def document(title: str, shown: Harmless) -> str:
    """The whole document that a frame shows."""
    return Markup(
        '<!DOCTYPE html><html lang=""><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{}</title><style>{}</style></head>'
        "<body><main>{}</main>{}</body></html>"
    ).format(inert(cut(title)), Markup(STYLE), shown.markup, _SHORTENED if shown.shortened else "")


def _strip(tree: HtmlElement) -> None:
    """Take out what is never shown, and every attribute but a few."""
    etree.strip_tags(tree, *_HOLD_NOTHING)
    etree.strip_elements(tree, etree.Comment, etree.ProcessingInstruction, *sorted(_NEVER), with_tail=False)
    for element in tree.iter(etree.Element):
        if element.tag == "img":
            element.tag, element.text = "small", f"[{element.get('alt')}]" if element.get("alt") else ""
        kept = {name: element.attrib[name] for name in _ATTRIBUTES.get(element.tag, ()) if name in element.attrib}
        element.attrib.clear()
        element.attrib.update(kept)


def _overloaded(text: str) -> bool:
    """Whether a tag has so many attributes that reading them takes seconds; the parser compares each with each."""
    ends = text.split(">")
    return any(len(_SEPARATOR.findall(piece.rpartition("<")[2])) > _MOST_SEPARATORS for piece in ends)

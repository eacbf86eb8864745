"""readability-lxml: the HTML of the body; its blocks are the paragraphs."""

from __future__ import annotations

from typing import Any

from lxml.html import HtmlElement, document_fromstring
from readability import Document

NAME = "readability-lxml"
TASK = "pages"
PACKAGES = ("readability-lxml", "lxml")
FIELDS = ("text", "title", "authors")
SETTINGS = "Document(html): summary(html_partial=True), short_title(), author()"
BLOCKS = ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre")


def read(item: dict[str, Any]) -> dict[str, Any]:
    """The body, the title and what it takes for the author."""
    document = Document(item["body"])
    summary = document_fromstring(document.summary(html_partial=True))
    author = document.author()
    authors = [author] if author and author != "[no-author]" else []
    return {"text": plain(summary), "title": document.short_title(), "authors": authors}


def plain(summary: HtmlElement) -> str:
    """Its text, a line a block."""
    for element in summary.iter(*BLOCKS):
        element.tail = "\n" + (element.tail or "")
    return str(summary.text_content())

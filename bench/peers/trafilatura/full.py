"""trafilatura with its defaults: the better of its own algorithm and of two others."""

from __future__ import annotations

from typing import Any

from trafilatura import bare_extraction

NAME = "trafilatura"
TASK = "pages"
PACKAGES = ("trafilatura", "htmldate", "lxml")
FIELDS = ("text", "title", "published", "authors")
SETTINGS = "bare_extraction(url=…, include_comments=False, with_metadata=True)"


def read(item: dict[str, Any]) -> dict[str, Any]:
    """The body and what is known of it."""
    found = bare_extraction(item["body"], url=item["url"], include_comments=False, with_metadata=True)
    if found is None:
        return {"text": ""}
    authors = (found.author or "").split("; ")
    return {"text": found.text, "title": found.title, "published": found.date, "authors": [*filter(None, authors)]}

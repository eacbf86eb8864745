"""Our own parsers, which know three sites; they get the page and its address as the peers do."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from pipeline.articles import parse
from pipeline.model import Article, Page

NAME = "policywire"
TASK = "pages"
PACKAGES = ("policywire", "lxml")
FIELDS = ("text", "title", "published", "authors")
SETTINGS = "pipeline.articles.parse(Page)"
FETCHED_AT = datetime(2026, 9, 18, tzinfo=UTC)


def read(item: dict[str, Any]) -> dict[str, Any]:
    """The body and what is known of it."""
    found = parse(Page(url=item["url"], source="", body=item["body"], fetched_at=FETCHED_AT))
    if not isinstance(found, Article):
        raise ValueError("taken for a listing")
    return {"text": found.text, "title": found.title, "published": found.published, "authors": list(found.authors)}

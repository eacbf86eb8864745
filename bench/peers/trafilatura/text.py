"""trafilatura, text only and fast: its own algorithm without the comparison with others."""

from __future__ import annotations

from typing import Any

from trafilatura import extract

NAME = "trafilatura, fast, text only"
TASK = "pages"
PACKAGES = ("trafilatura", "lxml")
FIELDS = ("text",)
SETTINGS = "extract(fast=True, include_comments=False)"


def read(item: dict[str, Any]) -> dict[str, Any]:
    """The body."""
    return {"text": extract(item["body"], fast=True, include_comments=False) or ""}

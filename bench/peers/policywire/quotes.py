"""Our own extractor, which finds announcements on the way: its time is that of both."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from pipeline.extract import extract, read_article

NAME = "policywire"
TASK = "quotes"
PACKAGES = ("policywire",)
LANGUAGES = ("en", "zh")
KINDS = ("direct", "partial", "indirect")
SETTINGS = "pipeline.extract.extract(Article), policy announcements included"


def read(item: dict[str, Any]) -> dict[str, Any]:
    """The quotes."""
    return {"quotes": [quote.as_record() for quote in extract(read_article(item)).quotes]}

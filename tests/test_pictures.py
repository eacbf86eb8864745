"""The pictures in the docs: each page on a desk and on a phone, each mail by day, by night and on a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from demo.mails import NAMES
from demo.pictures import LARGEST, SHOWN
from tests.web_pages import PAGES

ROOT = Path(__file__).resolve().parents[1]
PICTURES = {
    "site.md": {f"{place.name}-{view}.webp" for place in SHOWN for view in ("desk", "phone")},
    "alerts.md": {f"mail-{name}-{view}.webp" for name in NAMES for view in ("light", "dark", "phone")},
}
BLANK = 8_000
"""Bytes that a picture of nothing does not have."""


def test_every_page_that_is_shown_is_also_tested() -> None:
    assert {place.name for place in SHOWN} <= {place.name for place in PAGES}


def test_each_has_its_pictures_and_none_is_large_or_blank() -> None:
    held = {path.name: path.stat().st_size for path in (ROOT / "docs" / "img").glob("*.webp")}
    assert set(held) == set().union(*PICTURES.values())
    assert [name for name, size in held.items() if not BLANK < size <= LARGEST] == []


@pytest.mark.parametrize("page", sorted(PICTURES))
def test_the_docs_show_every_picture_and_no_other(page: str) -> None:
    shown = set(re.findall(r"\(img/([^)]*\.webp)\)", (ROOT / "docs" / page).read_text(encoding="utf-8")))
    assert shown == PICTURES[page]

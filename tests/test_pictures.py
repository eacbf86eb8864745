"""The pictures in the docs: one of each page on a desk and on a phone, small, and all of them shown."""

from __future__ import annotations

import re
from pathlib import Path

from demo.pictures import LARGEST, SHOWN
from tests.web_pages import PAGES

ROOT = Path(__file__).resolve().parents[1]
PICTURES = {f"{place.name}-{view}.webp" for place in SHOWN for view in ("desk", "phone")}


def test_every_page_that_is_shown_is_also_tested() -> None:
    assert {place.name for place in SHOWN} <= {place.name for place in PAGES}


def test_each_has_its_two_pictures_and_none_is_large() -> None:
    held = {path.name: path.stat().st_size for path in (ROOT / "docs" / "img").glob("*.webp")}
    assert set(held) == PICTURES
    assert [name for name, size in held.items() if size > LARGEST] == []


def test_the_docs_show_every_picture_and_no_other() -> None:
    shown = set(re.findall(r"\(img/([^)]*\.webp)\)", (ROOT / "docs" / "site.md").read_text(encoding="utf-8")))
    assert shown == PICTURES

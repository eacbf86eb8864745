"""What all pages of a site end with is looked through once, and every page says what it said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles import feet
from pipeline.articles.feet import parts_of, stands_in
from tests.test_articles_menus import BADGES, NEWS, SNIPPETS, page_of, story, told, told_by_all_of

FOOT = "<!-- 公共尾部开始 -->"


@pytest.mark.parametrize(
    "ending",
    [
        '<div class="picshow"><p>A gate</p></div>', '<div id="playerFrame"></div>', '<h1 class="DABIAOTI">No</h1>',
        '<h1 class="dabiaoti">No</h1>', '<body class="dabiaoti" style="display:none">', "<div>" * 260, "</div><p>More",
        '<div class="pic&#115;how"><p>A gate</p></div>', FOOT + "<div class=ce_art><h2>Old</h2></div>", "<iframe>",
    ],
)  # fmt: skip
def test_what_stands_in_a_foot_says_what_it_said(ending: str) -> None:
    for foot in (FOOT + "<p>", ending + FOOT, FOOT + ending, FOOT + "<p>"):
        page = page_of(NEWS, story(after=BADGES + foot).encode())
        assert told(page) == told_by_all_of(page)


@given(st.lists(st.sampled_from((*SNIPPETS, FOOT, "x", "PicShow")), max_size=8), st.booleans())
def test_a_page_in_parts_holds_what_it_holds(pieces: list[str], split: bool) -> None:
    below = "".join(pieces).encode()
    for _ in range(2):
        parts = parts_of(below, FOOT.encode() if split else None)
        assert b"".join(part.markup for part in parts) == below.lower()
        assert sum(part.opened for part in parts) == below.count(b"<") - below.count(b"</")
        for word in (b"picshow", b"<h1", b"ce_art", "公共".encode()):
            assert stands_in(parts, word) == (word in below.lower())


def test_few_feet_are_remembered_and_none_that_is_long() -> None:
    feet._feet.clear()
    for number in range(3 * feet._MOST):
        parts_of(f"<p>{FOOT}{number}".encode(), FOOT.encode())
    assert len(feet._feet) <= feet._MOST
    feet._feet.clear()
    parts_of((FOOT + "wind" * 20_000).encode(), FOOT.encode())
    assert feet._feet == {}

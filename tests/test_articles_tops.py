"""What stands above the articles of a site is parsed once, and the articles say what they said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles import tops
from pipeline.articles.menus import tree_without_menus
from pipeline.model import Article
from pipeline.sites import site_of
from tests.test_articles_menus import BADGES, NEWS, SNIPPETS, page_of, pages, story, told, told_by_all_of

TOP = (
    '<div class="bar" id="bar"><!-- 1 --><p>Ports<br/></p>\n<img src="a.png"/><script>load()</script></div>'
    "<ul class='sub'><li><a href=\"/a\">Kilns</a></li></ul>\n"
)


def kept_of(top: str, after: str = "", seen: int = 3) -> list[str] | None:
    """The classes that are left of a page whose top was seen so often, or None where nothing is cut."""
    site = site_of(NEWS)
    assert site.menus is not None
    for _ in range(seen):
        tree = tree_without_menus(story(before=top + after).encode(), site.menus, site.address_of(NEWS))
    return None if tree is None else [str(found) for found in tree.xpath("//@class")]


def test_a_top_that_was_seen_before_is_not_parsed_again() -> None:
    tops._seen.clear()
    assert kept_of(TOP, seen=1) == ["bar", "sub", "lft_art"]
    assert kept_of(TOP) == ["lft_art"]
    article = told(page_of(NEWS, story(before=TOP).encode()))
    assert isinstance(article, Article)
    assert article.text == "The plant looks for rubber.\n\nPrices rose."


@pytest.mark.parametrize(
    "beginning",
    [
        "<div class=open>", "<p class=a>", "<h2>No</h2>", "<div class='a&#98;'></div>", "</div>", "<table></table>",
        "<textarea></textarea>", "<script>var title = 'x'</script>", "<script>'<p>'</script>", "<div/>", "<iframe>",
        "<script>a</style></script>", "<div></p></div>", "<!-- -- -->", "<!--[if IE]><p><![endif]-->", "<DIV></DIV>",
        "<a b=c></a>", "<a href='x'class='y'></a>", "<body>", "<head></head>", "<div>" * 60 + "</div>" * 60,
    ],
)  # fmt: skip
def test_only_whole_and_plain_elements_are_left_out(beginning: str) -> None:
    page = page_of(NEWS, story(before=beginning + TOP).encode())
    for _ in range(3):
        assert told(page) == told_by_all_of(page)
    assert "bar" in (kept_of(beginning + TOP) or ["bar"])
    assert "bar" not in (kept_of(TOP + beginning) or [])


@pytest.mark.parametrize(
    "element",
    [
        '<div class="a picshow"><p>A gate</p></div>', '<div id="playerFrame"></div>', "<p class='info'>By Ma Si</p>",
        '<span class="info_l">Updated: 2026-09-17 12:00</span>', '<ol class="a bread"><li>Home</li><li>Tyres</li></ol>',
        '<div id="Content"><p>Other</p></div>', '<div class="ce_art"></div>',
        '<a href="WS6a2a0999a310d6866eb40a11_2.html">2</a>',
    ],
)  # fmt: skip
def test_what_the_article_needs_of_a_top_is_read(element: str) -> None:
    page = page_of(NEWS, story(before=TOP + element).encode())
    for _ in range(3):
        assert told(page) == told_by_all_of(page)


@pytest.mark.parametrize(
    "head",
    ["<!-- <body -->", "<p title='<body'>", "<title><body></title>", "<div><body>", "<body hidden><div>", "<bodyx>",
     "<body", "<script><body></script>", "<img alt='<body'>", "<frameset><body>"],
)  # fmt: skip
def test_a_top_is_left_out_only_of_a_body_that_is_open(head: str) -> None:
    body = story(before=TOP + '<title>No</title><meta name="a">').replace("<html><head></head><body>", head).encode()
    for _ in range(3):
        assert told(page_of(NEWS, body)) == told_by_all_of(page_of(NEWS, body))


def test_what_is_read_between_a_heading_and_the_body_is_not_left_out() -> None:
    page = page_of(NEWS, story(head='<h1 class="dabiaoti">T</h1>', before="<p>By Ma Si</p>" + TOP).encode())
    for _ in range(3):
        assert told(page) == told_by_all_of(page)


def test_few_tops_are_remembered_and_none_that_is_long() -> None:
    tops._seen.clear()
    for number in range(3 * tops._MOST):
        kept_of(f"<p>{number}</p>", seen=1)
    assert len(tops._seen) <= tops._MOST
    tops._seen.clear()
    kept_of("<p>Wind</p>" * 5000)
    assert tops._seen == {}


@given(
    which=st.integers(0, 4),
    edits=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from((*SNIPPETS, TOP, BADGES))), max_size=4
    ),
)
@settings(max_examples=150, deadline=None)
def test_a_top_broken_anywhere_gives_what_all_of_the_page_gives(
    which: int, edits: list[tuple[float, int, str]]
) -> None:
    url, body = pages()[which]
    for share, gone, snippet in edits:
        opened = body.find(b"<body")
        at = body.find(b"<", opened + int(share * max(0, body.find(b"<h1", opened) - opened)))
        body = body[:at] + snippet.encode() + body[at + (gone if gone > 40 else 0) :]
    for _ in range(3):
        assert told(page_of(url, body)) == told_by_all_of(page_of(url, body))

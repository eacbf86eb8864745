"""Strict selectors, folded text and safe addresses."""

from __future__ import annotations

import pytest
from lxml.cssselect import CSSSelector

from pipeline.html import (
    LayoutChanged,
    PageError,
    absolute,
    between,
    blocks,
    decode,
    first,
    fold,
    fragment,
    hidden,
    many,
    one,
    parse_document,
    select,
    text_of,
)

URL = "https://www.chinadaily.com.cn/a/202606/11/x.html"


def test_one_wants_exactly_one() -> None:
    tree = parse_document(b"<p class=a>1</p><p>2</p>", url=URL)
    assert text_of(one(tree, "p.a")) == "1"
    for selector, found in (("p", 2), ("h1", 0)):
        with pytest.raises(LayoutChanged) as caught:
            one(tree, selector)
        assert (caught.value.url, caught.value.selector, caught.value.found) == (URL, selector, found)


def test_many_wants_a_number() -> None:
    tree = parse_document(b"<p>1</p><p>2</p>", url=URL)
    assert len(many(tree, "p", at_least=2)) == 2
    with pytest.raises(LayoutChanged, match=r"selector 'p' found 2"):
        many(tree, "p", at_least=3)


def test_first_may_find_nothing() -> None:
    tree = parse_document(b"<p>1</p>")
    assert first(tree, "h1", "h2") is None


NESTED = b"""<body id=top class="a"><div class="a  b" id=x><p class="ab">1</p><div class="b a"><h1 id="x">2</h1>
<p>3</p></div><h1>4</h1></div><h1 class="\tb\n" role=main>5</h1>
<p class=""><a href>6</a><a>7</a></p><form><input name=n></form>"""


@pytest.mark.parametrize(
    "selector",
    [
        "h1", ".a", ".b", ".a h1", ".a .b h1", "div.a", "h1.b", "#x", "h1#x", "#x #x", "body p", ".a, .b",
        "h1, .b h1, #x", '[role="main"]', "a[href]", "p a[href], #none", ".none h1", "form input",
        ".a > h1", "h1:not(.b)", "*",
    ],
)  # fmt: skip
def test_a_selector_finds_what_css_means_in_the_order_of_the_page(selector: str) -> None:
    tree = parse_document(NESTED)
    inner = tree[0][0]
    for root in (tree, inner):
        assert select(root, selector) == CSSSelector(selector, translator="html")(root)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"\xef\xbb\xbf<p>a\x00b\x1fc\x7f</p>", "abc"),
        ("<p>a\ufffe\ufeffb\uffff￥ 한</p>".encode(), "ab￥ 한"),
        ("<p>政\x0b策</p>".encode("gb18030"), "政策"),
        ("<p>a\x00b 政策</p>".encode("utf-16"), "ab 政策"),
    ],
)
def test_what_no_page_may_hold_is_removed_however_it_is_written(body: bytes, text: str) -> None:
    assert text_of(parse_document(body)) == text


def test_blocks_end_at_block_tags_and_line_breaks_only() -> None:
    tree = parse_document(
        "<div>a<b>b</b> c<br>d<p>e\n f&nbsp;\u3000g</p><script>x</script><o:p>h</o:p>i<ul><li>j</ul></div>".encode()
    )
    assert blocks(tree) == ["ab c", "d", "e f g", "hi", "j"]


def test_what_stands_between_two_elements_is_found_across_their_parents() -> None:
    tree = parse_document(
        b"<div><h1>t</h1><p>one</p></div><p>two</p><div><p>three</p><div id=b>x</div></div><p>four</p>"
    )
    assert list(between(one(tree, "h1"), one(tree, "#b"))) == ["one", "two", "three"]


def test_nothing_stands_between_when_the_end_comes_first() -> None:
    tree = parse_document(b"<div><div id=b>x</div></div><h1>t</h1>")
    assert list(between(one(tree, "h1"), one(tree, "#b"))) == []


def test_hidden_follows_the_elements_above() -> None:
    tree = parse_document(b'<div style="Display : NONE"><h1>x</h1></div><h2>y</h2>')
    assert hidden(one(tree, "h1"))
    assert not hidden(one(tree, "h2"))


def test_fold_knows_every_kind_of_space() -> None:
    assert fold("\u3000商务部\u3000 海关总署\u200b\n\xa0") == "商务部 海关总署"


def test_a_page_cannot_smuggle_in_what_a_terminal_obeys() -> None:
    tree = parse_document(b"<html><body><p>Pears by &#27;[31mrail &#7;again</p></body></html>", url="https://x.cn/")
    assert blocks(one(tree, "p")) == ["Pears by [31mrail again"]


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("//www.chinadaily.com.cn/a", "https://www.chinadaily.com.cn/a"),
        ("/b#top", "https://www.chinadaily.com.cn/b"),
        (" c.html ", "https://www.chinadaily.com.cn/a/202606/11/c.html"),
        ("javascript:void(0)", None),
        ("mailto:a@b.cn", None),
        ("http://[", None),
        (None, URL),
    ],
)
def test_an_address_is_made_whole_or_left_out(href: str | None, address: str | None) -> None:
    assert absolute(URL, href) == address


def test_a_few_broken_bytes_leave_a_page_utf8() -> None:
    assert decode("商务部".encode() * 50 + b"\xff" + b"end").startswith("商务部商务部")


def test_the_named_charset_is_asked_last() -> None:
    assert decode("商务部公告".encode("gb18030"), charset="latin-1") == "商务部公告"
    assert decode("商务部".encode(), charset="latin-1") == "商务部"
    assert decode(b"\x00a\x1fb\x7f") == "ab"


@pytest.mark.parametrize("markup", ["<div>" * 300, "<b><i>" * 5000, "x" * (2**20 + 1)])
def test_a_fragment_that_would_recurse_too_far_is_refused(markup: str) -> None:
    with pytest.raises(PageError):
        fragment(markup, url=URL)

"""A page is read without its menus, and gives what the whole page gives, however broken it is."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.generated import Generated
from pipeline.articles import PageError, parse
from pipeline.articles.layout import Document
from pipeline.articles.menus import tree_without_menus
from pipeline.html import parse_document, readable
from pipeline.model import Article, Page
from pipeline.sites import site_of

NEWS = "https://www.chinadaily.com.cn/a/202606/11/WS6a2a0999a310d6866eb40a11.html"
MENU = '<ul><li><a href="/a">Ports</a></li>\n <li><a href="/b">Orchards</a></li><li><a href="/c">Kilns</a></li></ul>'
BADGES = '<a href="/d"><img src="d.gif" alt=""></a>\n<a href="/e"><img src="e.gif" alt=""/></a>'


def story(*, before: str = MENU, within: str = "", after: str = BADGES, head: str = "") -> str:
    """A page of the newspaper with something before, in and after the text."""
    return (
        f"<html><head>{head}</head><body>{before}<div class=lft_art><h1>New tyres</h1>"
        f'<div id="Content"><p>The plant looks for rubber.</p>{within}<p>Prices rose.</p></div></div>'
        f"{after}</body></html>"
    )


def page_of(url: str, body: bytes) -> Page:
    source = "mofcom" if "mofcom" in url else "china_daily"
    return Page(url=url, source=source, body=body, fetched_at=datetime(2026, 9, 18, tzinfo=UTC))


def told(page: Page) -> Article | tuple[str, str]:
    """What parsing a page gives: the article, or what is wrong with it."""
    try:
        article = parse(page)
    except PageError as error:
        return error.kind, str(error)
    assert isinstance(article, Article)
    return article


def told_by_all_of(page: Page) -> Article | tuple[str, str]:
    """The same with the whole page parsed."""
    site = site_of(page.url)
    try:
        tree = parse_document(page.body, url=page.url)
        return site.parse_article(Document(address=site.address_of(page.url), source=page.source, tree=tree))
    except PageError as error:
        return error.kind, str(error)


def left_of(markup: str, url: str = NEWS) -> list[str] | None:
    """The addresses of the links that are left in a page, or None where nothing is cut."""
    site = site_of(url)
    assert site.menus is not None
    tree = tree_without_menus(readable(markup.encode()), site.menus, site.address_of(url))
    return None if tree is None else [href for link in tree.iter("a") if (href := link.get("href"))]


def test_lists_of_links_around_the_article_are_cut() -> None:
    assert left_of(story()) == []
    assert left_of(story(within='<p><a href="/own">It</a> <a href="/too">all</a></p>')) == ["/own", "/too"]
    assert left_of(story(before=MENU.replace('"/b"', '"/b" id="Content2"'))) == ["/a", "/b", "/c"]
    assert left_of(story(before="", after="<body>" + BADGES + '<p><a href="/f">More</a></p>')) == ["/f"]
    assert left_of(story(before="", after="")) is None


def test_styles_and_scripts_are_emptied_but_where_variables_stand() -> None:
    site = site_of(NEWS)
    assert site.menus is not None
    filler = "a{color:red} " * 20
    head = (
        f"<style>{filler}</style><script>{filler}</script><script>var title = 1; {filler}</script><script>x<y</script>"
    )
    tree = tree_without_menus(story(head=head).encode(), site.menus, site.address_of(NEWS))
    assert tree is not None
    kept = [text for script in tree.iter("script", "style") if (text := script.text) and "\x7f" not in text]
    assert [text[:9] for text in kept] == ["var title", "x<y"]


@pytest.mark.parametrize(
    "frame",
    [
        "<!-- {} -->", "<div title='{}'>", "<textarea>{}</textarea>", "<iframe>{}</iframe>", "<script>'{}'</script>",
        "<title>{}</title>", "<xmp>{}</xmp>", "<noframes>{}</noframes>",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_list_is_not_believed(frame: str) -> None:
    body = story(before=frame.format(MENU)).encode()
    assert told(page_of(NEWS, body)) == told_by_all_of(page_of(NEWS, body))
    assert left_of(body.decode()) is None


@pytest.mark.parametrize("within", ["<div {}>", "<p class=a{}>", "<p class=a {}", '<ul class="{}', "<a href='{}"])
def test_what_begins_inside_a_tag_is_no_list(within: str) -> None:
    items = MENU.removeprefix("<ul>").removesuffix("</ul>")
    for before in (items, items + "<h1>Gate</h1></pre>", items + "</pre>"):
        body = story(before="<div class=lft_art>" + within.format(before)).encode()
        assert told(page_of(NEWS, body)) == told_by_all_of(page_of(NEWS, body))


def test_a_list_that_the_article_needs_is_read() -> None:
    listed = told(page_of(NEWS, story(within=MENU).encode()))
    assert isinstance(listed, Article)
    assert listed.text == "The plant looks for rubber.\n\nPorts\n\nOrchards\n\nKilns\n\nPrices rose."
    unclosed = told(page_of(NEWS, story(after=MENU).replace("</div></div>", "</section>").encode()))
    assert isinstance(unclosed, Article)
    assert unclosed.text.endswith("Prices rose.\n\nPorts\n\nOrchards\n\nKilns")


def test_links_to_further_pages_are_found_in_any_list() -> None:
    pager = (
        '<div><a href="WS6a2a0999a310d6866eb40a11_2.html">2</a> <a href="WS6a2a0999a310d6866eb40a11_3.html">3</a></div>'
    )
    article = told(page_of(NEWS, story(after=pager).encode()))
    assert isinstance(article, Article)
    assert [url[-7:] for url in article.next_pages] == ["_2.html", "_3.html"]
    article = told(page_of(NEWS, story(after=pager.replace("_", "&#95;")).encode()))
    assert isinstance(article, Article)
    assert [url[-7:] for url in article.next_pages] == ["_2.html", "_3.html"]


@pytest.mark.parametrize(
    "below",
    [
        '<body class=dabiaoti style="display:none">', '<div class="picshow"><p>A gate</p></div>',
        '<h1 class="dabiaoti">No</h1>',
        '<div class="pic&#115;how"><p>A gate</p></div>', "<DIV ID=playerFrame></DIV>", "<div>" * 260, "</div><p>More",
        '<span class="info_l">Updated: 2026-09-17 12:00</span>', '<div class="breadcrumb"><a>Home</a>/Tyres</div>',
        "<iframe><h1 class=dabiaoti></iframe>", "<!-- -->", "<figure><figcaption>A gate</figcaption></figure>",
    ],
)  # fmt: skip
def test_what_stands_below_the_article_says_what_it_said(below: str) -> None:
    page = page_of(NEWS, story(after=BADGES + below + MENU).encode())
    assert told(page) == told_by_all_of(page)


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (b'<meta name="ArticleTitle"', '<meta name="ArticleTitle" content="Of tyres">'),
        (b'<meta name="ArticleTitle"', "<script>var\ttitle = 'Of tyres';</script>"),
        (b'<meta name="ContentSource"', '<p class="source">来源：商务部</p>'),
        (b'<meta name="PubDate"', "来源：商务部 2026-09-01"),
        (b'<div class="position">', '<div class="position"><a>Home</a> > <a>Tyres</a></div>'),
        (b'<div class="art-con-gonggao">', '<div class="art-con-gonggao">【发布文号】商务部公告2026年第1号</div>'),
        (b"<nothing", "<figcaption>A gate</figcaption>"),
    ],
)
def test_what_stands_below_an_announcement_says_what_it_said(above: bytes, below: str) -> None:
    url, body = pages()[2]
    body = body.replace(above, b"<p ", 1)
    page = page_of(url, body.replace(b"</body>", below.encode() + b"</body>"))
    assert told(page) == told_by_all_of(page)


def test_crumbs_far_above_the_article_are_read() -> None:
    crumbs = '<span id="bread-nav"><a href="/a">Home</a> <a href="/b">/ Tyres</a></span>' + "<p>Wind</p>" * 900
    article = told(page_of(NEWS, story(before=crumbs).encode()))
    assert isinstance(article, Article)
    assert article.section == ("Tyres",)


def test_crumbs_far_above_an_announcement_are_read() -> None:
    url, body = pages()[2]
    begin = body.index(b'<div class="position">')
    end = body.index(b"</div>", begin) + len(b"</div>")
    crumbs = b'<div class="position"><a href="/a">Home</a> <a href="/b">&gt; Tyres</a></div>'
    body = body[:begin] + crumbs + b"<p>Wind</p>" * 900 + body[end:]
    article = told(page_of(url, body))
    assert isinstance(article, Article)
    assert article.section == ("Tyres",)
    assert article == told_by_all_of(page_of(url, body))


def test_what_is_nested_too_deeply_still_is() -> None:
    deep = "<div>" * 252 + MENU
    assert told(page_of(NEWS, story(before=deep).encode())) == told_by_all_of(
        page_of(NEWS, story(before=deep).encode())
    )
    assert told(page_of(NEWS, story(before=deep).encode()))[0] == "too_deep"  # type: ignore[index]
    nested = story(before="<div>" * 100, after="<div>" * 160).encode()
    assert told(page_of(NEWS, nested))[0] == "too_deep"  # type: ignore[index]


@cache
def pages() -> tuple[tuple[str, bytes], ...]:
    site = Generated(stories=40, listings=10, sites=("china_daily", "mofcom"))
    stories = [site.story("china_daily", 0), *(site.story("mofcom", number) for number in (0, 2, 4))]
    return (
        (NEWS, story(head="<style>" + "a{color:red} " * 20 + "</style>").encode()),
        *((one.url, site.answer(one.host, one.path).body) for one in stories),
    )


@pytest.mark.parametrize("number", range(5))
def test_a_page_in_the_sites_own_markup_loses_its_menus_and_nothing_else(number: int) -> None:
    url, body = pages()[number]
    links = left_of(body.decode(), url)
    assert links is not None
    assert len(links) <= body.count(b"<a ") // 3
    article = told(page_of(url, body))
    assert isinstance(article, Article)
    assert article == told_by_all_of(page_of(url, body))


SNIPPETS = (
    "<p>", "</p>", "<div>", "</div>", "<ul>", "</ul>", "<li>", "</li>", '<a href="x">', "</a>", "<table><tr><td>",
    "</table>", "<!--", "-->", "<script>", "</script>", "<style>", "<textarea>", "<title>", "<iframe>", "'", '"', "<",
    ">", "&#95;", "&", "\x7f", "<h1>", "</h1>", '<div class="ce_art">', '<div class="picshow"><img alt="a b">',
    '<span class="info_l">Updated: 2026-09-17 12:00</span>', '<div id="Content">', '<html style="display:none">',
    "<form>", "<noscript>", "<plaintext>", '<h1 class="dabiaoti">T</h1>', '<div id="playerFrame">', "<cut\x7f>",
    "<figure><figcaption>A gate</figcaption></figure>", '<meta name="PubDate" content="2020-01-01">',
    '<script>var title = "x";</script>', "<div ", "<b>", '<span id="bread-nav"><a href="x">Z</a></span>', "<head>",
    "</body>", "<body>", "<div>" * 250, MENU, BADGES,
)  # fmt: skip
PLACES = (
    b'id="Content"', b'ergodic="article"', b"<h1", b"<ul", b"</ul>", b"<li", b"</li>", b"<a", b"</a>", b"<body",
    b"</body>", b"<style", b"</style>", b"<script", b"</div>", b'class="',
)  # fmt: skip


@given(
    which=st.integers(0, 4),
    edits=st.lists(
        st.tuples(
            st.sampled_from(PLACES), st.integers(0, 60), st.booleans(), st.integers(0, 300), st.sampled_from(SNIPPETS)
        ),
        min_size=1,
        max_size=4,
    ),
)
@settings(max_examples=250, deadline=None)
def test_a_page_broken_anywhere_gives_what_all_of_it_gives(
    which: int, edits: list[tuple[bytes, int, bool, int, str]]
) -> None:
    url, body = pages()[which]
    for place, times, behind, gone, snippet in edits:
        at = -1
        for _ in range(times + 1):
            found = body.find(place, at + 1)
            at = found if found >= 0 else at
        at = max(at, 0) + (len(place) if behind else 0)
        body = body[:at] + snippet.encode() + body[at + (gone if gone > 200 else 0) :]
    assert told(page_of(url, body)) == told_by_all_of(page_of(url, body))

"""The demo's listings lead to every story, page by page, and read as the real ones do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest

from demo.lists import UNIT
from demo.routes import EMPTY_COLUMN, HIDDEN, NO_ROBOTS, STALE_FEED, Routes
from demo.world import TODAY, load_world
from pipeline.articles import LayoutChanged
from pipeline.listings import parse_listing
from pipeline.listings.mofcom import column_query, unit_url
from pipeline.model import Listing, Page
from spiders.source import SOURCES, Section

FIXTURES = Path(__file__).parent / "fixtures" / "world"
ROUTES = Routes(load_world(FIXTURES), rows=10)
SHIPPED = Routes(load_world())
EPAPER = "https://epaper.chinadaily.com.cn/china"
WWW = "https://www.mofcom.gov.cn"


def fetched(routes: Routes, url: str) -> Page:
    parts = urlsplit(url)
    form = parts.fragment or None
    target = parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{form}" if form else "")
    answer = routes.answer(parts.hostname or "", target)
    kind = "search" if "newssearch" in url else "feed" if "/rss/" in url else "listing"
    return Page(
        url=url,
        source="mofcom" if "mofcom" in url else "china_daily",
        body=answer.body,
        status=answer.status,
        headers=(("Content-Type", answer.kind),),
        fetched_at=datetime(2026, 9, 18, tzinfo=UTC),
        kind=kind,
        form=form,
    )


def walked(routes: Routes, url: str) -> list[Listing]:
    """The pages of a listing from `url` on, as a reader who follows the way on sees them."""
    pages: list[Listing] = []
    following: str | None = url
    while following is not None:
        pages.append(parse_listing(fetched(routes, following)))
        following = pages[-1].next_page
        assert len(pages) < 50
    return pages


def rows_of(pages: list[Listing]) -> list[str]:
    return [row.url for page in pages for row in page.rows]


def first_page(routes: Routes, section: Section) -> Listing:
    """A section's first page, through the list endpoint where its page is a shell."""
    page = fetched(routes, section.url.replace("{year}", "2026"))
    assert page.status == 200
    try:
        return parse_listing(page)  # a feed, a section or a column rendered on the server
    except LayoutChanged:
        return parse_listing(fetched(routes, unit_url(column_query(page))))


def test_the_pages_of_a_section_cover_every_row_once() -> None:
    pages = walked(ROUTES, "https://www.chinadaily.com.cn/business/economy")
    held = ROUTES.listings["www.chinadaily.com.cn", "/business/economy"]
    assert [len(page.rows) for page in pages] == [10, 10, 10, 10, 4]
    assert rows_of(pages) == [row.url for row in held]
    assert pages[0].pages == 5


def test_a_section_lists_newest_first_with_the_time_to_the_minute() -> None:
    (first, *_) = walked(ROUTES, "https://www.chinadaily.com.cn/business/tech")
    times = [row.published or "" for row in first.rows]
    assert times == sorted(times, reverse=True)
    assert all(len(time) >= 16 for time in times)


def test_a_section_page_repeats_links_outside_its_rows() -> None:
    html = ROUTES.answer("www.chinadaily.com.cn", "/business/economy").body.decode()
    listing = parse_listing(fetched(ROUTES, "https://www.chinadaily.com.cn/business/economy"))
    assert len(listing.rows) == 10
    assert html.count("/WS") > 2 * len(listing.rows) + 6  # link and picture of each row, and the blocks around


def test_a_page_beyond_the_last_is_not_found() -> None:
    assert ROUTES.answer("www.chinadaily.com.cn", "/business/economy/page_6.html").status == 404
    assert ROUTES.answer("www.chinadaily.com.cn", "/business/economy/page_1.html").status == 200


def test_a_column_is_a_shell_whose_endpoint_gives_all_rows() -> None:
    shell = fetched(ROUTES, f"{WWW}/zwgk/zcfb/index.html")
    with pytest.raises(LayoutChanged):
        parse_listing(shell)
    query = column_query(shell)
    pages = walked(ROUTES, unit_url(query))
    held = ROUTES.listings["www.mofcom.gov.cn", "/zwgk/zcfb"]
    assert [len(page.rows) for page in pages] == [15, 15, 4]
    assert rows_of(pages) == [row.url for row in held]


def test_the_endpoint_refuses_what_no_column_asks() -> None:
    query = dict(parse_qsl(urlsplit(unit_url(column_query(fetched(ROUTES, f"{WWW}/zwgk/zcfb/index.html")))).query))
    for name, value in (("webId", "0"), ("pageId", "0"), ("parseType", "buildstatic"), ("paramJson", "{")):
        answer = ROUTES.answer("www.mofcom.gov.cn", f"{UNIT}?{urlencode({**query, name: value})}")
        assert answer.status == 200
        assert json.loads(answer.body)["success"] is False


def test_an_answer_says_which_page_it_is() -> None:
    query = column_query(fetched(ROUTES, f"{WWW}/zwgk/zcfb/index.html"))
    html = json.loads(fetched(ROUTES, unit_url(query, 2)).body)["data"]["html"]
    assert 'rows="15" count="34" pageNo="2"' in html


def test_columns_of_each_kind_list_their_stories() -> None:
    for url in (f"{WWW}/zcfb/blgg/gg/2026/index.html", "https://english.mofcom.gov.cn/News/PressConference/index.html"):
        assert len(parse_listing(fetched(ROUTES, url)).rows) == 12
    host, path = EMPTY_COLUMN
    query = column_query(fetched(ROUTES, f"https://{host}{path}/index.html"))
    assert json.loads(fetched(ROUTES, unit_url(query)).body)["success"] is True


def test_a_document_stands_in_other_columns_under_other_addresses() -> None:
    def listed(host: str, path: str) -> set[str]:
        return {row.url for row in ROUTES.listings[host, path] if row.story.id == "t-graphite-list"}

    story = next(story for story in ROUTES.written if story.id == "t-graphite-list")
    assert listed("www.mofcom.gov.cn", "/zwgk/zcfb") == {story.url}
    assert listed("www.mofcom.gov.cn", "/zcfb/blgg/gg/2026") == {story.aliases[0]}
    assert listed("aqygzj.mofcom.gov.cn", "/flzc/gzjgfxwj") == {story.aliases[1]}


def test_the_search_finds_words_between_days() -> None:
    def found(**query: str) -> Listing:
        return parse_listing(
            fetched(ROUTES, f"https://newssearch.chinadaily.com.cn/rest/en/search?{urlencode(query)}")
        )  # fmt: skip

    assert [row.title for row in found(keywords="battery labels").rows] == ["Battery labels to travel with the pack"]
    assert len(found(keywords="price index").rows) == 10
    assert found(keywords="price index").next_page is not None
    days = found(keywords="price", publishedDateFrom="2026-09-10", publishedDateTo="2026-09-12")
    assert days.rows
    assert {(row.published or "")[:10] for row in days.rows} <= {"2026-09-10", "2026-09-11", "2026-09-12"}


def test_the_feed_gives_the_newest_business_stories() -> None:
    rows = parse_listing(fetched(ROUTES, "https://www.chinadaily.com.cn/rss/bizchina_rss.xml")).rows
    assert len(rows) == 15
    assert "Battery labels to travel with the pack" in [row.title for row in rows]


def test_robots_are_told_of_one_listed_story_and_one_host_answers_with_a_page() -> None:
    for hidden in HIDDEN.values():
        robots = ROUTES.answer(hidden.host, "/robots.txt").body.decode()
        assert f"Disallow: {hidden.path}\n" in robots
        assert any(row.story is hidden for rows in ROUTES.listings.values() for row in rows)
        assert ROUTES.answer(hidden.host, hidden.path).status == 200
    answer = ROUTES.answer(NO_ROBOTS, "/robots.txt")
    assert answer.status == 404
    assert b"<html" in answer.body


def test_the_newspaper_has_its_days() -> None:
    printed = next(story for story in SHIPPED.written if story.template == "print")
    paper = parse_listing(fetched(SHIPPED, f"https://epaper.chinadaily.com.cn/china/{printed.published:%Y-%m/%d}"))
    assert printed.aliases[0] in [row.url for row in paper.rows], "the paper's own copy"
    assert {row.published for row in paper.rows} == {f"{printed.published:%Y-%m-%d}"}
    assert SHIPPED.answer("epaper.chinadaily.com.cn", "/china/2026-09/13").status == 404  # a Sunday
    assert SHIPPED.answer("epaper.chinadaily.com.cn", "/china").location == f"{EPAPER}/2021-05/21"


def test_one_section_is_answered_by_another_edition_with_its_copies() -> None:
    moved = SHIPPED.answer("www.chinadaily.com.cn", "/world/europe")
    assert (moved.status, moved.location) == (302, "https://europe.chinadaily.com.cn/world/europe")
    copies = [row.url for row in parse_listing(fetched(SHIPPED, moved.location or "")).rows if "//europe." in row.url]
    assert len(copies) == 1
    assert SHIPPED.answer("europe.chinadaily.com.cn", urlsplit(copies[0]).path).status == 200


def test_one_feed_has_stood_still_for_years() -> None:
    rows = parse_listing(fetched(SHIPPED, f"https://www.chinadaily.com.cn/rss/{STALE_FEED}")).rows
    assert len(rows) >= 5
    assert max(row.published or "" for row in rows) == "2024-02-23"


def test_a_change_moves_the_time_that_the_listing_prints() -> None:
    def listed(routes: Routes) -> str:
        rows = routes.listings["www.chinadaily.com.cn", "/business/companies"]
        return next(row.listed for row in rows if row.story.id == "t-harbor-cranes")

    assert listed(ROUTES) == "2026-09-10 09:10"
    assert listed(ROUTES.changed()) == "2026-09-11 18:00"


@pytest.mark.parametrize(
    ("source", "section"),
    [
        pytest.param(source.name, section, id=f"{source.name}-{section.name}")
        for source in SOURCES.values()
        for section in source.sections
    ],
)
def test_every_section_of_the_sources_stands_and_is_alive(source: str, section: Section) -> None:
    if section.name == "epaper":
        section = replace(section, url=f"{EPAPER}/{TODAY:%Y-%m/%d}")
    if section.name == "world/europe":
        section = replace(section, url=section.url.replace("www.", "europe."))
    listing = first_page(SHIPPED, section)
    assert len(listing.rows) >= section.floor
    if section.url.endswith(STALE_FEED):
        return
    newest = max((row.published or "" for row in listing.rows), default="")
    if section.max_age_days is not None and newest:
        age = (TODAY - datetime.fromisoformat(newest[:10]).date()).days
        assert age <= section.max_age_days


def test_the_written_stories_can_all_be_reached_from_listings() -> None:
    listed = {row.url for rows in SHIPPED.listings.values() for row in rows}
    linked = {link for story in SHIPPED.written for link in (*story.links, *story.translations)}
    for story in SHIPPED.written:
        assert {story.url, *story.aliases} & (listed | linked), f"{story.id} stands in no listing"


def test_an_unknown_address_is_not_found() -> None:
    for url in ("https://www.chinadaily.com.cn/" + quote("商务部"), f"{WWW}/zwgk/nowhere/index.html"):
        assert fetched(ROUTES, url).status == 404

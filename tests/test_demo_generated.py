"""A generated site is found whole and stored once, by the real commands over the network."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from demo.generated import Generated, sections
from demo.site import DemoSite
from demo.volume import Comparison, compare
from spiders.source import SOURCES
from tests.demo_desk import TODAY, DemoDesk, column, set_up

STORIES, LISTINGS = 120, 8


@pytest.fixture(scope="module")
def generated() -> Generated:
    return Generated(stories=STORIES, listings=LISTINGS)


@pytest.fixture(scope="module")
def crawled(generated: Generated, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoDesk]:
    with DemoSite(served=generated) as site:
        desk = set_up(tmp_path_factory.mktemp("volume"), site)
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda source: _crawl(desk, source), generated.sites))
        yield desk


def _crawl(desk: DemoDesk, source: str) -> None:
    chosen = [f"--section={section.name}" for section in SOURCES[source].sections if section in _sections(source)]
    done = desk.run("crawl", source, "--since", "2026-01-01", "--as-of", TODAY, *chosen)
    assert done.status == 0, done.out + done.err


def _sections(source: str) -> tuple[object, ...]:
    return sections("mofcom" if source == "mofcom" else "china_daily", LISTINGS)


def test_every_story_is_found_and_stored_once(crawled: DemoDesk, generated: Generated) -> None:
    with crawled.database() as db:
        found = compare(db, generated)
    assert found == [
        Comparison(
            source=source, stories=STORIES, discovered=STORIES, stored=STORIES, duplicates=0, strangers=0, missing=()
        )
        for source in ("china_daily", "mofcom")
    ]


def test_what_a_desk_without_the_last_story_lacks_is_named(crawled: DemoDesk) -> None:
    more = Generated(stories=STORIES + 1, listings=LISTINGS)
    with crawled.database() as db:
        found = compare(db, more)
    assert [(one.stories - one.stored, one.complete) for one in found] == [(1, False), (1, False)]


def test_a_story_is_the_same_each_time_it_is_made(generated: Generated) -> None:
    again = Generated(stories=STORIES, listings=LISTINGS)
    assert list(generated.manifest()) == list(again.manifest())
    other = Generated(stories=STORIES, listings=LISTINGS, seed=2)
    titles = {one["title"] for one in generated.manifest()}
    assert len(titles & {one["title"] for one in other.manifest()}) < STORIES / 4


def test_stories_stand_in_several_listings_run_over_pages_and_have_second_addresses() -> None:
    records = list(Generated(stories=700, listings=10).manifest())
    assert len({one["url"] for one in records}) == 1400
    assert sum(len(one["listings"]) > 1 for one in records) > 150
    assert sum(len(one["aliases"]) for one in records) > 0


def test_a_page_weighs_what_a_real_one_does(generated: Generated) -> None:
    for site, least in (("china_daily", 3_000), ("mofcom", 800)):
        for number in range(20):
            story = generated.story("mofcom" if site == "mofcom" else "china_daily", number)
            page = generated.answer(story.host, story.path)
            assert page.status == 200
            assert 25_000 < len(page.body) < 60_000
            if story.template != "remarks":
                assert len(story.text) > least


def test_a_page_says_as_much_as_a_real_one_does(crawled: DemoDesk) -> None:
    counts = "SELECT count(*) FROM {} AS s JOIN articles AS a ON a.id = s.article_id WHERE a.source = '{}'"
    with crawled.database() as db:
        said = {
            (source, table): column(db, counts.format(table, source))[0] / STORIES
            for source in ("china_daily", "mofcom")
            for table in ("quotes", "policies")
        }
    assert 8 <= said["china_daily", "quotes"] <= 10
    assert 0.5 <= said["mofcom", "quotes"] <= 1.5
    assert 0.8 <= said["china_daily", "policies"] <= 1.3
    assert 1.2 <= said["mofcom", "policies"] <= 2


def test_an_address_that_only_looks_like_a_story_is_nowhere(generated: Generated) -> None:
    story = generated.story("china_daily", 3)
    changed = story.path.replace("00000003.html", "00000004.html")
    beyond = story.path.replace("00000003.html", "0000ffff.html")
    assert [generated.answer(story.host, path).status for path in (changed, beyond)] == [404, 404]
    assert urlsplit(story.url).path == story.path


def test_forty_listings_a_source_are_there_and_no_more_than_there_are_names() -> None:
    assert {len({section.url for section in sections(site, 40)}) for site in ("china_daily", "mofcom")} == {40}
    with pytest.raises(ValueError, match="no more than"):
        sections("mofcom", 500)


def test_a_page_of_a_listing_beyond_the_last_is_nowhere(generated: Generated) -> None:
    column = generated.columns["china_daily"][0]
    assert generated.answer(column.host, f"{column.path}/page_2.html").status in (200, 404)
    assert generated.answer(column.host, f"{column.path}/page_99.html").status == 404
    assert Path(column.path).parts[1] == "business"

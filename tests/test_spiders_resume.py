"""A back catalogue that is killed goes on where it was, and what has not changed is not fetched again."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.spiders_loopback import CD, Answer, Crawled, Site, begin, crawl, listing, loopback, rows, story, wait_until

ECONOMY = f"{CD}/business/economy"
BACK = {"sections": ["business/economy"], "since": "2026-01-01"}
PAGES = 12


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with loopback(tmp_path) as running:
        yield running


def page_address(number: int) -> str:
    return ECONOMY if number == 1 else f"{ECONOMY}/page_{number}.html"


def publish(site: Site, stories: list[tuple[str, str, str]], a_page: int = 10) -> None:
    """A section with these stories, newest first."""
    pages = [stories[at : at + a_page] for at in range(0, len(stories), a_page)]
    for number, page in enumerate(pages, start=1):
        following = page_address(number + 1) if number < len(pages) else None
        site.add(page_address(number), listing(page, following))
        for url, title, time in page:
            if url not in site.pages:
                site.add(url, story(title, updated=time))


def catalogue() -> list[tuple[str, str, str]]:
    """Twelve pages, ten stories a day."""
    days = [f"2026-11-{day:02d}" for day in range(18, 18 - PAGES, -1)]
    return [row for number, day in enumerate(days) for row in rows(day, 100 * (number + 1), 10)]


def kill_at(site: Site, folder: Path, url: str, **options: Any) -> None:
    """Kill -9 a crawl while it waits for the answer to `url`."""
    asked, hold = threading.Event(), threading.Event()
    answer = site.pages[url]
    assert isinstance(answer, Answer)
    before = answer.before
    answer.before = lambda: (asked.set(), hold.wait(30))  # type: ignore[assignment, func-returns-value]
    process = begin(site, folder, "china_daily", **options)
    wait_until(asked.is_set)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    hold.set()
    answer.before = before


def test_a_killed_back_catalogue_goes_on_at_its_mark(site: Site, tmp_path: Path) -> None:
    stories = catalogue()
    publish(site, stories)
    kill_at(site, tmp_path / "c", page_address(9), **BACK)
    stored_before = {event["url"] for event in Crawled(report={}, folder=tmp_path / "c", stderr="").of("store")}
    assert len(stored_before) > 10
    site.asked.clear()
    done = crawl(site, tmp_path / "c", **BACK)
    assert done.report["state"] == "ok", done.stderr
    listings = [url for url in site.asked if url.startswith(ECONOMY)]
    assert listings == [page_address(number) for number in (1, 8, 9, 10, 11, 12)], "the head, then from the mark on"
    assert stored_before.isdisjoint(site.stories())
    stored = [event["url"] for event in done.of("store")]
    assert sorted(stored) == sorted(url for url, _, _ in stories), "all, and none twice"


def test_what_came_on_top_in_the_meantime_is_read_first_and_a_second_kill_there_loses_nothing(
    site: Site, tmp_path: Path
) -> None:
    publish(site, catalogue())
    kill_at(site, tmp_path / "c", page_address(9), **BACK)
    fresh = [row for n, day in enumerate(("2026-11-20", "2026-11-19")) for row in rows(day, 5000 + 100 * n, 15)]
    publish(site, [*fresh, *catalogue()])
    kill_at(site, tmp_path / "c", page_address(2), **BACK)
    done = crawl(site, tmp_path / "c", **BACK)
    assert done.report["state"] == "ok", done.stderr
    assert {event["url"] for event in done.of("store")} == {url for url, _, _ in [*fresh, *catalogue()]}


def test_a_back_catalogue_that_is_whole_is_read_anew_when_it_is_asked_for_again(site: Site, tmp_path: Path) -> None:
    publish(site, catalogue())
    assert crawl(site, tmp_path / "c", **BACK).report["new"] == 10 * PAGES
    site.asked.clear()
    again = crawl(site, tmp_path / "c", **BACK)
    assert (again.report["state"], again.report["new"], again.report["listings"]) == ("ok", 0, PAGES)
    assert site.stories() == []


def test_a_killed_crawl_without_a_date_leaves_no_hole(site: Site, tmp_path: Path) -> None:
    publish(site, catalogue()[40:])
    assert crawl(site, tmp_path / "c", sections=["business/economy"]).report["new"] == 80
    publish(site, catalogue())
    kill_at(site, tmp_path / "c", page_address(3), sections=["business/economy"])
    done = crawl(site, tmp_path / "c", sections=["business/economy"])
    assert done.report["state"] == "ok", done.stderr
    assert {event["url"] for event in done.of("store")} == {url for url, _, _ in catalogue()}


def test_more_news_than_one_crawl_reads_is_had_by_the_next(site: Site, tmp_path: Path) -> None:
    first = {"sections": ["business/economy"], "max_pages": 3}
    publish(site, catalogue()[100:])
    assert crawl(site, tmp_path / "c", **first).report["new"] == 20
    publish(site, catalogue())
    assert [crawl(site, tmp_path / "c", **first).report["new"] for _ in range(9)][:2] == [30, 10], (
        "the head and two pages from the mark"
    )
    done = crawl(site, tmp_path / "c", **first)
    assert {event["url"] for event in done.of("store")} == {url for url, _, _ in catalogue()}


def test_where_the_page_of_the_mark_is_gone_the_listing_is_read_anew(site: Site, tmp_path: Path) -> None:
    publish(site, catalogue())
    kill_at(site, tmp_path / "c", page_address(9), **BACK)
    for number in range(1, PAGES + 1):
        del site.pages[page_address(number)]
    publish(site, catalogue(), a_page=20)  # the site was rebuilt: half as many pages
    lost = crawl(site, tmp_path / "c", **BACK)
    assert [(route["state"], "page_8" in route["detail"]) for route in lost.report["routes"]] == [("failed", True)]
    done = crawl(site, tmp_path / "c", **BACK)
    assert done.report["state"] == "ok", done.stderr
    assert {event["url"] for event in done.of("store")} == {url for url, _, _ in catalogue()}


def test_a_story_that_failed_is_asked_for_again_though_no_listing_shows_it(site: Site, tmp_path: Path) -> None:
    stories = rows("2026-11-18", 1, 12)
    publish(site, stories)
    lost = stories[5][0]
    site.add(lost, b"", status=502)
    first = crawl(site, tmp_path / "c", sections=["business/economy"])
    assert (first.report["state"], first.report["new"]) == ("partial", 11)
    assert [event["url"] for event in first.of("put_off")] == [lost]
    publish(site, rows("2026-11-19", 50, 12))
    site.add(lost, story("Pears, late"))
    done = crawl(site, tmp_path / "c", sections=["business/economy"])
    assert done.report["state"] == "ok", done.stderr
    assert "Pears, late" in {event["title"] for event in done.of("store")}


def test_a_listing_that_has_not_changed_is_not_sent_again(site: Site, tmp_path: Path) -> None:
    stories = rows("2026-11-18", 1, 12)
    publish(site, stories)
    site.add(ECONOMY, listing(stories), headers={"ETag": '"rows-1"', "Content-Type": "text/html"})
    assert crawl(site, tmp_path / "c", sections=["business/economy"]).report["new"] == 12
    site.add(ECONOMY, b"", status=304, headers={})
    site.asked.clear()
    second = crawl(site, tmp_path / "c", sections=["business/economy"])
    assert site.headers[ECONOMY]["If-None-Match"] == '"rows-1"'
    assert (second.report["state"], second.report["new"]) == ("ok", 0), second.stderr
    assert second.report["routes"][0]["links"] == 12, "the rows are those of the copy in the archive"
    assert [url for url in site.asked if "robots" not in url] == [ECONOMY]


def test_rows_of_an_unchanged_listing_that_were_not_had_are_asked_for(site: Site, tmp_path: Path) -> None:
    stories = rows("2026-11-18", 1, 12)
    publish(site, stories)
    site.add(ECONOMY, listing(stories), headers={"Last-Modified": "Wed, 18 Nov 2026 12:00:00 GMT"})
    kill_at(site, tmp_path / "c", stories[3][0], sections=["business/economy"])
    site.add(ECONOMY, b"", status=304, headers={})
    done = crawl(site, tmp_path / "c", sections=["business/economy"])
    assert site.headers[ECONOMY]["If-Modified-Since"] == "Wed, 18 Nov 2026 12:00:00 GMT"
    assert {event["url"] for event in done.of("store")} == {url for url, _, _ in stories}


def test_a_story_that_is_due_is_looked_at_again_and_what_was_edited_is_stored(site: Site, tmp_path: Path) -> None:
    stories = rows("2026-11-18", 1, 12)
    publish(site, stories)
    same, edited, gone = (url for url, _, _ in stories[:3])
    site.add(same, story("Pears"), headers={"ETag": '"v1"', "Content-Type": "text/html"})
    crawl(site, tmp_path / "c", sections=["business/economy"])
    site.add(same, b"", status=304, headers={})
    site.add(edited, story("Pears, corrected"))
    del site.pages[gone]
    site.asked.clear()
    done = crawl(site, tmp_path / "c", sections=["business/economy"], visits=[same, edited, gone])
    assert sorted(site.stories()) == sorted([same, edited, gone])
    assert site.headers[same]["If-None-Match"] == '"v1"'
    assert [event["url"] for event in done.of("unchanged")] == [same]
    assert done.of("store")[-1]["title"] == "Pears, corrected"
    assert [(event["url"], event["kind"]) for event in done.of("reject")] == [(gone, "page_gone")]


def test_of_a_page_without_end_the_first_rows_are_read_and_a_person_is_told(site: Site, tmp_path: Path) -> None:
    endless = [(f"{CD}/a/202611/18/WS{number:024x}.html", "Pears", "2026-11-18 08:00") for number in range(2500)]
    site.add(ECONOMY, listing(endless))
    done = crawl(site, tmp_path / "c", sections=["business/economy"], since="2026-11-19")
    assert done.report["routes"][0]["links"] == 2000, done.stderr
    assert [event["kind"] for event in done.of("note")] == ["listing_too_long"]

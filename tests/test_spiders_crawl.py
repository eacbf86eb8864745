"""Crawls of an invented China Daily on loopback, each in a process of its own, as production runs them."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.warc import Archive
from tests.spiders_loopback import (
    CD,
    Answer,
    Site,
    begin,
    crawl,
    finish,
    listing,
    loopback,
    rows,
    story,
    story_url,
    wait_until,
)

ECONOMY = f"{CD}/business/economy"
ONLY = ["business/economy"]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with loopback(tmp_path) as running:
        yield running


def publish(site: Site, *pages: list[tuple[str, str, str]], section: str = ECONOMY) -> None:
    """A section of several pages, each with its stories."""
    for number, page in enumerate(pages, start=1):
        address = section if number == 1 else f"{section}/page_{number}.html"
        following = f"{section}/page_{number + 1}.html" if number < len(pages) else None
        site.add(address, listing(page, following))
        for url, title, time in page:
            site.add(url, story(title, updated=time))


def test_all_pages_of_a_section_are_stored_and_a_second_crawl_fetches_no_story(site: Site, tmp_path: Path) -> None:
    publish(site, rows("2026-11-18", 1, 12), rows("2026-11-17", 21, 12), rows("2026-11-16", 41, 12))
    first = crawl(site, tmp_path / "c", sections=ONLY)
    assert first.report["state"] == "ok", first.stderr
    assert (first.report["new"], first.report["listings"], first.report["failed"]) == (36, 3, 0)
    assert first.report["routes"] == [
        {"route": "business/economy", "state": "ok", "links": 36, "new": 36, "detail": None, "url": ECONOMY}
    ]
    assert first.kinds() == []
    assert len(site.stories()) == len(set(site.stories())) == 36
    site.asked.clear()

    second = crawl(site, tmp_path / "c", sections=ONLY)
    assert (second.report["state"], second.report["new"], second.report["articles_fetched"]) == ("ok", 0, 0)
    assert site.asked == [f"{CD}/robots.txt", ECONOMY], "one listing page told it all"


def test_every_page_is_archived_before_it_is_stored(site: Site, tmp_path: Path) -> None:
    publish(site, rows("2026-11-18", 1, 10))
    done = crawl(site, tmp_path / "c", sections=ONLY)
    archived = [event["url"] for event in done.of("archive")]
    assert archived[0] == ECONOMY
    for event in done.of("store"):
        before = done.events[: done.events.index(event)]
        assert any(one["what"] == "archive" and one["url"] == event["url"] for one in before)
    with Archive(tmp_path / "c" / "archive") as archive:
        kept = [page for _, page in archive.pages()]
    assert [page.url for page in kept] == archived
    assert [page.kind for page in kept] == ["listing"] + ["article"] * 10
    assert all(page.source == "china_daily" and page.status == 200 for page in kept)


def test_a_story_listed_with_a_later_time_is_fetched_again(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 10)
    publish(site, page)
    crawl(site, tmp_path / "c", sections=ONLY)
    edited = (page[4][0], page[4][1], "2026-11-18 23:50")
    publish(site, [edited, *page[:4], *page[5:]])
    site.asked.clear()
    done = crawl(site, tmp_path / "c", sections=ONLY)
    assert site.stories() == [edited[0]]
    assert (done.report["revised"], done.report["new"]) == (1, 0)


def test_a_copy_that_the_server_calls_unchanged_is_not_stored_again(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 10)
    publish(site, page)
    site.add(page[0][0], story("Story"), headers={"Content-Type": "text/html", "ETag": '"v1"'})
    crawl(site, tmp_path / "c", sections=ONLY)
    publish(site, [(page[0][0], "Story", "2026-11-18 23:50"), *page[1:]])
    site.add(page[0][0], b"", status=304, headers={})
    done = crawl(site, tmp_path / "c", sections=ONLY)
    assert site.headers[page[0][0]]["If-None-Match"] == '"v1"'
    assert (done.report["state"], done.report["unchanged"], done.report["revised"]) == ("ok", 1, 0)


def test_since_leaves_older_stories_alone_and_stops_the_listing(site: Site, tmp_path: Path) -> None:
    publish(
        site,
        rows("2026-11-18", 1, 10),
        rows("2026-11-10", 21, 10),
        rows("2026-11-02", 41, 10),
        rows("2026-11-01", 61, 10),
    )
    done = crawl(site, tmp_path / "c", sections=ONLY, since="2026-11-10")
    assert (done.report["new"], done.report["listings"]) == (20, 3)
    assert site.count("page_4") == 0


def test_a_crawl_with_since_closes_the_gap_that_a_killed_one_left(site: Site, tmp_path: Path) -> None:
    publish(site, rows("2026-11-18", 1, 10), rows("2026-11-17", 21, 10))
    crawl(site, tmp_path / "c", sections=ONLY, max_pages=1)
    done = crawl(site, tmp_path / "c", sections=ONLY, since="2026-11-01")
    assert done.report["new"] == 10


def test_stories_are_fetched_oldest_first_so_that_a_kill_leaves_no_gap(site: Site, tmp_path: Path) -> None:
    newer, older = rows("2026-11-18", 1, 10), rows("2026-11-17", 21, 10)
    publish(site, newer, older)
    crawl(site, tmp_path / "c", sections=ONLY)
    oldest_first = [url for url, _, _ in reversed(newer + older)]
    moved = [abs(oldest_first.index(url) - place) for place, url in enumerate(site.stories())]
    assert max(moved) < 4, "only the few that are in flight together may change places"


def test_kill_9_loses_nothing_and_repeats_nothing_that_was_stored(site: Site, tmp_path: Path) -> None:
    publish(site, rows("2026-11-18", 1, 12), rows("2026-11-17", 21, 12), rows("2026-11-16", 41, 12))
    folder = tmp_path / "c"
    for moment in (3, 11, 20):
        site.asked.clear()
        killed = threading.Event()

        def hold(moment: int = moment, killed: threading.Event = killed) -> None:
            if len(site.stories()) > moment:  # no more of them reach it, however late it is killed
                killed.wait()

        for page in site.pages.values():
            assert isinstance(page, Answer)
            page.before = hold
        process = begin(site, folder, "china_daily", sections=ONLY)
        wait_until(lambda moment=moment: len(site.stories()) >= moment)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        killed.set()
        events = folder / "events.jsonl"
        text = events.read_text()
        events.write_text(text[: text.rfind("\n") + 1])  # the notebook's own torn line
    done = crawl(site, folder, sections=ONLY)
    stored = [event["url"] for event in done.of("store")]
    assert len(stored) == len(set(stored)) == 36
    with Archive(folder / "archive") as archive:
        assert {page.url for _, page in archive.pages()} >= set(stored)


def test_sigterm_finishes_the_page_in_hand_and_says_so(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 12)
    publish(site, page)
    told, release = threading.Event(), threading.Event()
    slow = page[6][0]
    site.pages[slow] = Answer(story("Slow").encode(), before=lambda: (told.set(), release.wait(20))[0])
    process = begin(site, tmp_path / "c", "china_daily", sections=ONLY)
    assert told.wait(20)
    process.send_signal(signal.SIGTERM)
    release.set()
    done = finish(process)
    assert (done.report["reason"], done.report["state"]) == ("shutdown", "partial")
    assert slow in [event["url"] for event in done.of("store")]
    assert done.report["new"] < 12
    assert done.report["errors"] == 0, done.stderr


def test_a_story_of_several_pages_becomes_one_article(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 10)
    publish(site, page)
    url = page[0][0]
    second, third = (f"{url.removesuffix('.html')}_{n}.html" for n in (2, 3))
    links = "".join(f'<a href="{one.removeprefix("https:")}">{n}</a>' for n, one in ((2, second), (3, third)))
    paged = story("A long story").replace(
        "</div></div></body>", f'</div><div id="div_currpage"><span>1</span>{links}</div></div></body>'
    )
    site.add(url, paged)
    site.add(second, story("A long story", "The second page is about plums."))
    site.add(third, story("A long story", "The third page is about quinces."))
    done = crawl(site, tmp_path / "c", sections=ONLY)
    (stored,) = (event for event in done.of("store") if event["url"] == url)
    assert stored["pages"] == [url, second, third]
    assert "plums" in stored["text"]
    assert "quinces" in stored["text"]
    assert done.report["new"] == 10

    site.add(third, "gone", status=404)
    again = crawl(site, tmp_path / "d", sections=ONLY)
    (stored,) = (event for event in again.of("store") if event["url"] == url)
    assert stored["pages"] == [url, second], "the pages that are there still say something"
    assert [(event["kind"], event["url"]) for event in again.of("note")] == [("page_gone", third)]


def test_one_story_that_crashes_an_extractor_is_an_issue_and_the_rest_is_stored(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 10)
    publish(site, page)
    site.add(page[3][0], story("Odd", "This text is a grenade."))
    done = crawl(site, tmp_path / "c", sections=ONLY, crash_on="grenade")
    assert (done.report["state"], done.report["new"], done.report["failed"]) == ("partial", 9, 1)
    assert done.report["errors"] >= 1
    assert [(event["kind"], event["url"]) for event in done.of("note")] == [("crashed", page[3][0])]


def test_pages_that_give_no_article_are_named_and_known_from_then_on(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 12)
    publish(site, page)
    garbage, gone, shell, blocked, failing = (one[0] for one in page[:5])
    site.add(garbage, f"<html><body><p>{'Nothing that we know. ' * 30}</p></body></html>")
    site.add(gone, "no", status=404)
    site.add(shell, "<html><body><script>go()</script></body></html>")
    site.add(blocked, "no", status=403)
    site.add(failing, "oh", status=500)
    done = crawl(site, tmp_path / "c", sections=ONLY)
    assert (done.report["state"], done.report["new"], done.report["failed"]) == ("partial", 7, 5)
    rejected = {event["url"]: event["kind"] for event in done.of("reject")}
    assert rejected == {garbage: "layout_changed", gone: "page_gone"}
    noted = {event["url"]: event["kind"] for event in done.of("note")}
    assert noted == {shell: "script_shell", blocked: "blocked", failing: "fetch_failed"}
    assert site.asked.count(failing) == 4, "a 5xx is asked for again"
    assert site.asked.count(blocked) == site.asked.count(gone) == 1, "a 4xx is not"
    archived = {event["url"] for event in done.of("archive")}
    assert {garbage, gone, shell, blocked, failing} <= archived

    site.asked.clear()
    publish(site, page)
    again = crawl(site, tmp_path / "c", sections=ONLY)
    assert sorted(site.stories()) == sorted([shell, blocked, failing])
    assert again.report["new"] == 3


def test_a_listing_that_is_not_what_it_was_has_a_named_state(site: Site, tmp_path: Path) -> None:
    answers = {
        "business/companies": ("blocked", Answer(b"<html><body>no</body></html>", 403)),
        "business/tech": ("failed", Answer(b"<html><body>no</body></html>", 404)),
        "business/motoring": ("script_shell", Answer(b"<html><body><script>app()</script></body></html>")),
        "business/money": ("empty", Answer(b"<html><body><p>" + b"A new design. " * 60 + b"</p></body></html>")),
        "world/china-us": ("empty", Answer(listing(rows("2026-11-18", 1, 3)).encode())),
        "china/governmentandpolicy": ("all_old", Answer(listing(rows("2026-10-01", 1, 12)).encode())),
        "china/society": ("ok", Answer(listing(rows("2026-10-01", 1, 12)).encode())),
    }
    for section, (_, answer) in answers.items():
        site.pages[f"{CD}/{section}"] = answer
    for url, title, _ in rows("2026-10-01", 1, 12) + rows("2026-11-18", 1, 3):
        site.add(url, story(title))
    done = crawl(site, tmp_path / "c", sections=list(answers))
    assert {one["route"]: one["state"] for one in done.report["routes"]} == {
        section: state for section, (state, _) in answers.items()
    }
    assert done.kinds() == sorted(f"listing_{state}" for state, _ in answers.values() if state != "ok")
    assert (done.report["state"], done.report["new"]) == ("partial", 15)


def test_a_crawl_that_finds_out_nothing_has_failed(site: Site, tmp_path: Path) -> None:
    done = crawl(site, tmp_path / "c", sections=ONLY)
    assert (done.report["state"], done.report["routes"][0]["state"]) == ("failed", "failed")


def test_a_site_that_blocks_is_left_alone_after_a_few_answers(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 20)
    publish(site, page)
    for url, _, _ in page:
        site.add(url, "no", status=403)
    done = crawl(site, tmp_path / "c", sections=ONLY)
    assert (done.report["reason"], done.report["state"]) == ("blocked", "partial")
    assert 5 <= len(site.stories()) < 12


def test_a_sink_that_cannot_keep_pages_ends_the_crawl(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 20)
    publish(site, page)
    done = crawl(site, tmp_path / "c", sections=ONLY, sink_fails_on=page[15][0])
    assert done.report["state"] == "failed"
    assert done.report["reason"].startswith("sink_failed: OSError: no space left")
    assert len(site.stories()) < 12


def test_a_crawl_ends_after_its_time(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 12)
    publish(site, page)
    release = threading.Event()
    site.pages[page[6][0]] = Answer(story("Slow").encode(), before=lambda: (release.wait(1.5), None)[1])
    done = crawl(site, tmp_path / "c", sections=ONLY, max_seconds=0.5)
    assert (done.report["reason"], done.report["state"]) == ("timeout", "partial")


def test_a_query_searches_by_the_sites_json_with_dates(site: Site, tmp_path: Path) -> None:
    base = "https://newssearch.chinadaily.com.cn/rest/en/search?keywords=pear+tariff&sort=dp&page={}&curType=story"
    tail = "&type=&channel=&source=&publishedDateFrom=2026-11-01"
    found = rows("2026-11-18", 1, 10), rows("2026-11-12", 21, 5)
    for number, part in enumerate(found):
        content = [{"url": url, "title": f"<em>{title}</em>", "pubDateStr": time} for url, title, time in part]
        answer = {"content": content, "totalElements": 15, "totalPages": 2}
        site.add(base.format(number) + tail, json.dumps(answer), headers={"Content-Type": "application/json"})
        for url, title, time in part:
            site.add(url, story(title, updated=time))
    done = crawl(site, tmp_path / "c", query="pear tariff", since="2026-11-01")
    assert (done.report["state"], done.report["new"], done.report["listings"]) == ("ok", 15, 2), done.stderr
    assert done.report["routes"][0]["route"] == "search"
    asked = [url for url in site.asked if "/rest/" in url]
    assert [parse_qs(urlsplit(url).query)["page"] for url in asked] == [["0"], ["1"]]
    assert site.headers[asked[0]]["X-Requested-With"] == "XMLHttpRequest"
    assert {event["kind"] for event in done.of("archive")} == {"search", "article"}
    assert site.count("business") == 0


def test_a_feed_is_a_route(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 6)
    items = "".join(f"<item><title>{title}</title><link>{url}</link></item>" for url, title, _ in page)
    site.add(
        f"{CD}/rss/bizchina_rss.xml",
        f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>',
        headers={"Content-Type": "text/xml"},
    )
    for url, title, time in page:
        site.add(url, story(title, updated=time))
    done = crawl(site, tmp_path / "c", sections=["rss/bizchina"])
    assert (done.report["state"], done.report["new"]) == ("ok", 6), done.stderr


def test_a_story_in_two_sections_is_fetched_once(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 10)
    publish(site, page)
    publish(site, page[:6] + rows("2026-11-18", 50, 6), section=f"{CD}/business/tech")
    done = crawl(site, tmp_path / "c", sections=["business/economy", "business/tech"])
    assert done.report["new"] == 16
    assert len(site.stories()) == 16


def test_a_section_that_repeats_another_ones_first_page_is_still_read_on(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 10)
    publish(site, page)
    publish(site, page, rows("2026-11-17", 50, 10), section=f"{CD}/business/tech")
    done = crawl(site, tmp_path / "c", sections=["business/economy", "business/tech"])
    assert done.report["new"] == 20


def test_one_request_at_a_time_and_progress_is_told(site: Site, tmp_path: Path) -> None:
    publish(site, rows("2026-11-18", 1, 10))
    crawl(site, tmp_path / "c", sections=ONLY)
    assert site.most_at_once == 1


def test_a_pager_that_leads_in_a_circle_ends(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 10)
    publish(site, page)
    for number in range(1, 6):
        address = ECONOMY if number == 1 else f"{ECONOMY}/page_{number}.html"
        site.add(address, listing(page, f"{ECONOMY}/page_{number + 1}.html"))
    done = crawl(site, tmp_path / "c", sections=ONLY, since="2026-11-01")
    assert done.report["new"] == 10
    assert done.report["routes"][0]["state"] == "failed"
    assert "rows of the pages before it" in done.report["routes"][0]["detail"]
    assert site.count("page_3") == 0


def test_a_connection_that_is_reset_once_is_tried_again(site: Site, tmp_path: Path) -> None:
    page = rows("2026-11-18", 1, 10)
    publish(site, page)
    whole = story("Cut").encode()
    site.pages[page[0][0]] = [Answer(whole, cut=50), Answer(whole, cut=50), Answer(whole)]
    done = crawl(site, tmp_path / "c", sections=ONLY)
    assert (done.report["state"], done.report["new"]) == ("ok", 10)
    assert site.asked.count(page[0][0]) == 3


def test_story_urls_of_the_invented_site_have_the_real_shape() -> None:
    assert story_url("2026-11-18", 255) == f"{CD}/a/202611/18/WS0000000000000000000000ff.html"

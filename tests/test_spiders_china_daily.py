"""China Daily's ways to its stories: sections, feeds, the search, the paper's days, and what each is called that fails.

Crawls of an invented site on loopback, each in a process of its own.
"""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.model import RouteReport
from spiders.source import SOURCES
from spiders.tally import Tally
from tests.spiders_loopback import CD, Answer, Site, begin, crawl, listing, loopback, rows, story, story_url, wait_until

ECONOMY = f"{CD}/business/economy"
FEED = f"{CD}/rss/bizchina_rss.xml"
EPAPER = "https://epaper.chinadaily.com.cn/china"
FIRST_SEARCH, OTHER_SEARCH = (f"https://newssearch.chinadaily.com.cn/rest/{name}" for name in ("en/search", "search"))
SHELL = "<html><head><script>fill()</script></head><body><div id=app></div></body></html>"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with loopback(tmp_path) as running:
        yield running


def section(site: Site, stories: list[tuple[str, str, str]], url: str = ECONOMY) -> None:
    site.add(url, listing(stories))
    for address, title, time in stories:
        site.add(address, story(title, updated=time))


def feed(site: Site, stories: list[tuple[str, str, str]], url: str = FEED) -> None:
    """A feed as the site prints it: no dates."""
    items = "".join(f"<item><title>{title}</title><link>{address}</link></item>" for address, title, _ in stories)
    site.add(url, f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>')
    for address, title, time in stories:
        site.add(address, story(title, updated=time))


def found(stories: list[tuple[str, str, str]], page: int = 0, pages: int = 1) -> str:
    content = [{"title": title, "url": url, "pubDateStr": time} for url, title, time in stories]
    return json.dumps({"content": content, "totalElements": 10 * pages, "totalPages": pages, "number": page})


def search_address(base: str, page: int = 0, **more: str) -> str:
    fixed = f"keywords=pears&sort=dp&page={page}&curType=story&type=&channel=&source="
    return f"{base}?{fixed}{''.join(f'&{name}={value}' for name, value in more.items())}"


def paper_url(day: str) -> str:
    return f"{EPAPER}/{day[:7]}/{day[8:]}"


def paper(site: Site, day: str, first: int, count: int = 11) -> list[str]:
    """One day's index of the paper, with its stories; their addresses."""
    stories = [
        f"https://epaper.chinadaily.com.cn/a/{day[:7].replace('-', '')}/{day[8:]}/WS{first + n:024x}.html"
        for n in range(count)
    ]
    links = [f'<a href="{url.removeprefix("https:")}">Story {url[-9:-5]} of the paper</a>' for url in stories]
    lead = f'<div class="newslist-bigtitle"><h2>{links[0]}</h2><p>A lead.</p></div>'
    rest = f'<div class="newslist-common">{" ".join(links[1:])}</div>'
    site.add(
        paper_url(day), f'<html><body><div class="lft_art"><div class="edition-name">NATION</div>{lead}{rest}</div>'
    )
    for number, url in enumerate(stories):
        site.add(url, story(f"Story {first + number}", f"Item {first + number} is {number}.", updated=f"{day} 07:00"))
    return stories


def states(report: dict[str, Any]) -> dict[str, str]:
    return {route["route"]: route["state"] for route in report["routes"]}


EVERY_KIND = {"query": "pears", "sections": ["business/economy", "rss/bizchina", "epaper"]}
"""One route of each kind."""


def everywhere(site: Site, answer: Answer) -> None:
    """The same answer to whatever any of these routes begins with."""
    for url in (ECONOMY, FEED, search_address(FIRST_SEARCH), search_address(OTHER_SEARCH)):
        site.pages[url] = answer
    for number in range(31):
        day = f"2026-11-{20 - number:02d}" if number < 20 else f"2026-10-{51 - number:02d}"
        site.pages[paper_url(day)] = answer


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(b"<html><body><p>Welcome to the news.</p></body></html>"), "empty"),
        (Answer(SHELL.encode()), "script_shell"),
        (Answer(b"go away", 403), "blocked"),
        (Answer(b"sorry", 500), "failed"),
    ],
    ids=["zero links", "script shell", "403", "500"],
)
def test_each_kind_of_route_names_what_is_wrong_with_it(site: Site, tmp_path: Path, answer: Answer, state: str) -> None:
    everywhere(site, answer)
    done = crawl(site, tmp_path / "c", **EVERY_KIND)
    kinds = {"search": state, "business/economy": state, "rss/bizchina": state, "epaper": state}
    assert states(done.report) == kinds
    assert done.report["state"] == "failed"
    assert done.kinds() == [f"listing_{state}"] * 4


def test_each_kind_of_listing_that_stands_still_is_all_old(site: Site, tmp_path: Path) -> None:
    section(site, rows("2026-09-18", 1, 10))
    feed(site, rows("2026-09-17", 21, 10))
    paper(site, "2026-11-09", 100)
    done = crawl(site, tmp_path / "c", sections=["business/economy", "rss/bizchina", "epaper"])
    assert states(done.report) == dict.fromkeys(("business/economy", "rss/bizchina", "epaper"), "all_old")
    assert done.kinds() == ["listing_all_old"] * 3
    assert done.report["state"] == "partial", "no section stands in for the feed"


def test_a_stale_feed_beside_a_fresh_section_is_named_and_nobodys_work(site: Site, tmp_path: Path) -> None:
    section(site, rows("2026-11-18", 1, 10))
    feed(site, rows("2026-02-17", 21, 10))
    done = crawl(site, tmp_path / "c", sections=["business/economy", "rss/bizchina"])
    assert states(done.report) == {"business/economy": "ok", "rss/bizchina": "all_old"}
    assert (done.report["state"], done.kinds(), done.report["new"]) == ("ok", [], 20)
    assert done.report["routes"][1]["detail"] == "the newest link is of 2026-02-17"


def test_a_fresh_feed_is_known_by_the_addresses_of_its_items(site: Site, tmp_path: Path) -> None:
    feed(site, [*rows("2026-11-19", 1, 2), *rows("2026-02-17", 21, 10)])
    done = crawl(site, tmp_path / "c", sections=["rss/bizchina"], since="2026-11-01")
    assert states(done.report) == {"rss/bizchina": "ok"}
    assert done.report["new"] == 2, "older items are of other days"


def test_a_dead_feed_counts_only_where_no_section_tells_the_same() -> None:
    def judged(*others: tuple[str, str]) -> str:
        reports = [
            RouteReport(route=name, state=state, links=9 if state == "ok" else 0)  # type: ignore[arg-type]
            for name, state in (*others, ("rss/bizchina", "failed"))
        ]
        return Tally(routes=reports, spares={"rss/bizchina": "business"}).state("finished", 0)

    assert judged(("business/tech", "ok"), ("world/china-us", "ok")) == "ok"
    assert judged(("business/tech", "all_old"), ("world/china-us", "ok")) == "partial"


def test_feeds_and_the_hex_path_sections_are_there_to_be_chosen() -> None:
    source = SOURCES["china_daily"]
    assert {"rss/china", "rss/bizchina", "rss/world"} <= {one.name for one in source.chosen(())}
    hexed = source.chosen(("china/59b8d010a3108c54ed7dfc30",))[0]
    assert hexed.url == f"{CD}/china/59b8d010a3108c54ed7dfc30"


# -- the search --------------------------------------------------------------------------------------------------------


def test_the_search_is_asked_at_its_other_address_where_the_first_gives_nothing(site: Site, tmp_path: Path) -> None:
    first, second = rows("2026-11-18", 1, 10), rows("2026-11-10", 21, 10)
    for number, page in enumerate((first, second)):
        site.add(search_address(OTHER_SEARCH, number), found(page, number, pages=2))
        for url, title, time in page:
            site.add(url, story(title, updated=time))
    done = crawl(site, tmp_path / "c", query="pears")
    (route,) = done.report["routes"]
    assert (route["state"], route["links"], done.report["new"], done.report["state"]) == ("fallback", 20, 20, "ok")
    assert "status 404" in route["detail"]
    assert site.count(FIRST_SEARCH) == 1
    assert done.kinds() == ["listing_fallback"], "somebody should look why"


def test_a_search_without_hits_is_named_and_was_tried_at_both_addresses(site: Site, tmp_path: Path) -> None:
    for base in (FIRST_SEARCH, OTHER_SEARCH):
        site.add(search_address(base), json.dumps({"content": [], "totalElements": 0, "totalPages": 0}))
    done = crawl(site, tmp_path / "c", query="pears")
    assert states(done.report) == {"search": "no_hits"}
    assert (done.report["state"], done.kinds()) == ("ok", [])
    assert [site.count(f"{base}?") for base in (FIRST_SEARCH, OTHER_SEARCH)] == [1, 1]


def test_a_search_that_blocks_us_is_not_asked_elsewhere(site: Site, tmp_path: Path) -> None:
    site.add(search_address(FIRST_SEARCH), b"", status=403)
    done = crawl(site, tmp_path / "c", query="pears")
    assert states(done.report) == {"search": "blocked"}
    assert site.count(f"{OTHER_SEARCH}?") == 0


def test_a_search_that_does_not_heed_its_dates_is_named_and_its_rows_are_looked_at(site: Site, tmp_path: Path) -> None:
    days = {"publishedDateFrom": "2026-11-10", "publishedDateTo": "2026-11-12"}
    pages = [rows(day, 100 * number, 10) for number, day in enumerate(("2026-11-18", "2026-11-11", "2026-11-02"))]
    for number, page in enumerate(pages):
        site.add(search_address(FIRST_SEARCH, number, **days), found(page, number, pages=9))
        for url, title, time in page:
            site.add(url, story(title, updated=time))
    done = crawl(site, tmp_path / "c", query="pears", since="2026-11-10", until="2026-11-12")
    assert states(done.report) == {"search": "dates_unheeded"}
    assert (done.report["new"], done.report["listings"], done.report["state"]) == (10, 3, "ok")
    asked = parse_qs(urlsplit(next(url for url in site.asked if "search?" in url)).query)
    assert (asked["publishedDateFrom"], asked["publishedDateTo"]) == (["2026-11-10"], ["2026-11-12"])
    assert done.kinds() == []


# -- editions ----------------------------------------------------------------------------------------------------------


def test_another_edition_that_answers_is_a_state_and_its_rows_are_taken(site: Site, tmp_path: Path) -> None:
    there = "https://europe.chinadaily.com.cn/business/economy"
    site.add(ECONOMY, b"", status=302, headers={"Location": there})
    section(site, rows("2026-11-18", 1, 10), there)
    folder = tmp_path / "c"
    done = crawl(site, folder, sections=["business/economy"])
    assert states(done.report) == {"business/economy": "redirected_edition"}
    assert (done.report["new"], done.report["state"]) == (10, "ok")
    assert done.kinds() == ["listing_redirected_edition"]
    again = crawl(site, folder, sections=["business/economy"])
    assert states(again.report) == {"business/economy": "redirected_edition"}


def test_a_front_page_of_another_edition_gives_what_rows_it_has(site: Site, tmp_path: Path) -> None:
    there = "https://europe.chinadaily.com.cn/"
    site.add(ECONOMY, b"", status=302, headers={"Location": there})
    old = [f"http://europe.chinadaily.com.cn/business/2026-11/18/content_{23381414 + n}.htm" for n in range(10)]
    links = "".join(f"<li><a href='{url}'>Pear news {n}</a></li>" for n, url in enumerate(old[1:]))
    site.add(there, f"<div class=twBox><h3><a href='{old[0]}'>Pears</a></h3><ul class=liBox>{links}</ul></div>")
    for url in old:
        site.add(url, story("Pears"))
    done = crawl(site, tmp_path / "c", sections=["business/economy"])
    assert (states(done.report), done.report["new"]) == ({"business/economy": "redirected_edition"}, 10)


def test_a_front_page_without_rows_says_which_edition_it_is(site: Site, tmp_path: Path) -> None:
    there = "https://usa.chinadaily.com.cn/"
    site.add(ECONOMY, b"", status=302, headers={"Location": there})
    site.add(there, "<p>Welcome, reader in America. Choose what you would like to read about today.</p>")
    done = crawl(site, tmp_path / "c", sections=["business/economy"])
    (route,) = done.report["routes"]
    assert (route["state"], done.report["state"]) == ("redirected_edition", "failed")
    assert "sent us to usa.chinadaily.com.cn" in route["detail"]


def test_an_edition_outside_the_hosts_is_not_followed(site: Site, tmp_path: Path) -> None:
    site.add(ECONOMY, b"", status=302, headers={"Location": "https://www.chinadailyhk.com/business"})
    done = crawl(site, tmp_path / "c", sections=["business/economy"])
    assert states(done.report) == {"business/economy": "failed"}
    assert "host_refused" in done.report["routes"][0]["detail"]


# -- the paper ---------------------------------------------------------------------------------------------------------

PAPER = {"sections": ["epaper"], "since": "2026-11-10", "until": "2026-11-17"}


def test_the_paper_is_read_day_by_day_and_a_sunday_without_one_is_no_failure(site: Site, tmp_path: Path) -> None:
    days = [f"2026-11-{day}" for day in (17, 16, 14, 13, 12, 11, 10)]  # the 15th is a Sunday
    stories = [url for number, day in enumerate(days) for url in paper(site, day, 1000 * (number + 1))]
    done = crawl(site, tmp_path / "c", **PAPER)
    assert states(done.report) == {"epaper": "ok"}
    assert (done.report["state"], done.report["listings"], done.report["new"]) == ("ok", 7, 77)
    asked = [url for url in site.asked if url.startswith(EPAPER)]
    assert asked == [paper_url(f"2026-11-{day}") for day in range(17, 9, -1)], "newest first, and no other day"
    assert {event["url"] for event in done.of("store")} == set(stories)
    assert {event["listed"] for event in done.of("store")} == set(days), "a row is of the paper's day"


def test_days_of_the_week_without_a_paper_are_named(site: Site, tmp_path: Path) -> None:
    for number, day in enumerate(("2026-11-17", "2026-11-14", "2026-11-12", "2026-11-11", "2026-11-10")):
        paper(site, day, 1000 * (number + 1), 4 if day == "2026-11-11" else 11)
    site.add(paper_url("2026-11-16"), b"", status=302, headers={"Location": paper_url("2021-05-21")})
    paper(site, "2021-05-21", 9000)
    done = crawl(site, tmp_path / "c", **PAPER)
    (route,) = done.report["routes"]
    assert (route["state"], done.report["state"], done.kinds()) == ("days_missing", "ok", [])
    named = "2026-11-16, 2026-11-13, 2026-11-11 (4 links, at least 5 expected)"
    assert route["detail"] == f"no whole paper on {named}"
    assert not [event for event in done.of("store") if "/202105/" in event["url"]], "the entry's old paper is not read"


def test_a_paper_back_catalogue_that_is_killed_goes_on_at_its_day(site: Site, tmp_path: Path) -> None:
    days = [f"2026-11-{day}" for day in (17, 16, 14, 13, 12, 11, 10)]
    stories = [url for number, day in enumerate(days) for url in paper(site, day, 1000 * (number + 1))]
    asked, hold = threading.Event(), threading.Event()
    slow = site.pages[paper_url("2026-11-12")]
    assert isinstance(slow, Answer)
    slow.before = lambda: (asked.set(), hold.wait(30))  # type: ignore[assignment, func-returns-value]
    process = begin(site, tmp_path / "c", "china_daily", **PAPER)
    wait_until(asked.is_set)
    process.send_signal(signal.SIGKILL)
    process.wait()
    hold.set()
    slow.before = None
    site.asked.clear()
    done = crawl(site, tmp_path / "c", **PAPER)
    assert done.report["state"] == "ok", done.stderr
    papers = [url for url in site.asked if url.startswith(EPAPER)]
    assert papers == [paper_url(f"2026-11-{day}") for day in (17, 16, 13, 12, 11, 10)], "the head, then from the mark"
    stored = [event["url"] for event in done.of("store")]
    assert sorted(stored) == sorted(stories), "all, and none twice"


def test_older_days_are_looked_for_at_the_older_address(site: Site, tmp_path: Path) -> None:
    old = f"{CD}/cndy/2013-03/26"
    parts = [[f"{old}/content_{16344597 + 10 * part + n}.htm" for n in range(6)] for part in (0, 1)]
    for number, urls in enumerate(parts, start=1):
        links = "".join(f"<a href='{url.rpartition('/')[2]}'>Pear news {url[-8:-4]}</a>" for url in urls)
        other = f"<a href='{CD}/cndy/2013-03/25/content_16340000.htm'>Yesterday</a><a href='index2.html'>Page 2</a>"
        site.add(f"{old}/index{number}.html", f"<html><body>{links}{other}</body></html>")
        for url in urls:
            site.add(url, story("Pears", updated="2013-03-26 08:07"))
    done = crawl(site, tmp_path / "c", sections=["epaper"], since="2013-03-25", until="2013-03-26")
    assert states(done.report) == {"epaper": "days_missing"}
    assert {event["url"] for event in done.of("store")} == {url for urls in parts for url in urls}
    asked = [url for url in site.asked if "epaper" in url or "/index" in url]
    assert [url.partition(".cn")[2] for url in asked if "robots" not in url] == [
        "/china/2013-03/26", "/cndy/2013-03/26/index1.html", "/cndy/2013-03/26/index2.html",
        "/cndy/2013-03/25/index1.html", "/china/2013-03/25",
    ]  # fmt: skip


def test_a_back_catalogue_without_sections_reads_the_paper_as_well(site: Site, tmp_path: Path) -> None:
    section(site, rows("2026-11-18", 1, 10))
    paper(site, "2026-11-18", 1000)
    done = crawl(site, tmp_path / "c", since="2026-11-18", until="2026-11-18")
    assert states(done.report)["epaper"] == "ok"
    assert done.report["new"] == 21


def test_where_the_paper_ends_is_told(site: Site, tmp_path: Path) -> None:
    paper(site, "2026-11-17", 1000)
    done = crawl(site, tmp_path / "c", sections=["epaper"], since="2026-09-01", until="2026-11-17")
    (route,) = done.report["routes"]
    assert (route["state"], route["links"], done.report["state"]) == ("empty", 11, "partial")
    assert route["detail"].startswith("no paper on any of the 14 days from 2026-11-03 on")
    assert site.count(EPAPER) == 15


def test_no_story_is_asked_for_twice_by_two_routes(site: Site, tmp_path: Path) -> None:
    stories = rows("2026-11-19", 1, 10)
    section(site, stories)
    feed(site, stories)
    done = crawl(site, tmp_path / "c", sections=["business/economy", "rss/bizchina"])
    assert sorted(site.stories()) == sorted(url for url, _, _ in stories)
    assert done.report["state"] == "ok"
    assert story_url("2026-11-19", 1) in site.stories()


# -- stories -----------------------------------------------------------------------------------------------------------


def pager(*urls: str) -> str:
    links = "".join(f'<a href="{url.removeprefix("https:")}">{n}</a>' for n, url in enumerate(urls, start=2))
    return f'<div id="div_currpage"><span>1</span>{links}</div>'


def with_tail(page: str, tail: str) -> str:
    return page.replace("</div></div></body>", f"{tail}</div></div></body>")


def test_stories_of_every_kind_are_stored_as_what_they_are(site: Site, tmp_path: Path) -> None:
    plain = rows("2026-11-18", 1, 10)
    old = f"{CD}/cndy/2017-10/16/content_28438217.htm"
    later = [f"{CD}/cndy/2017-10/16/content_28438217_{number}.htm" for number in (2, 3)]
    video, gallery, opinion = (story_url("2026-11-18", number) for number in (51, 52, 53))
    pictures = [f"{gallery.removesuffix('.html')}_{number}.html" for number in (2, 3)]
    last = f"{opinion.removesuffix('.html')}_2.html"
    special = [(url, "Special", "2026-11-18 09:00") for url in (old, video, gallery, opinion)]
    section(site, [*plain, *special])

    site.add(old, with_tail(story("Old story", updated="2017-10-16 07:19"), pager(later[0], later[1])))
    for number, url in enumerate(later, start=2):
        site.add(url, story("Old story", f"Part {number} is about quinces.", updated="2017-10-16 07:19"))
    shell = '<html><body><div class="lft_art"><h1>{}</h1><span class="info_l">Updated: 2026-11-18 09:30</span>{}</div>'
    site.add(video, shell.format("Harbour at night", '<div id="playerFrame"></div><div id="Content"></div>'))
    for number, url in enumerate((gallery, *pictures), start=1):
        figure = f"<figure><img src=a.jpg><figcaption>Crane {number}. [Photo/VCG]</figcaption></figure>"
        frame = (
            f'<div class="ce_art"><h1>Cranes</h1><div class="picshow">{figure}</div><div id="Content"></div>{{}}</div>'
        )
        site.add(url, frame.format(pager(*pictures) if number == 1 else ""))
    site.add(opinion, with_tail(story("Pears are not walls"), pager(last)))
    notice = "<p>The views don't necessarily represent those of China Daily.</p>"
    site.add(last, with_tail(story("Pears are not walls"), notice))

    done = crawl(site, tmp_path / "c", sections=["business/economy"])
    assert done.report["state"] == "ok", done.stderr
    stored = {event["url"]: event for event in done.of("store")}
    assert stored[old]["pages"] == [old, *later]
    assert all(f"Part {number} is about quinces." in stored[old]["text"] for number in (2, 3))
    assert {url: stored[url]["kind"] for url in (plain[0][0], old, video, gallery, opinion)} == {
        plain[0][0]: "news", old: "news", video: "video", gallery: "gallery", opinion: "opinion",
    }  # fmt: skip
    assert stored[gallery]["captions"] == [f"Crane {number}. [Photo/VCG]" for number in (1, 2, 3)]
    assert stored[video]["text"] == ""
    assert "necessarily" not in stored[opinion]["text"]
    assert (stored[opinion]["pages"], len(stored)) == ([opinion, last], 14)

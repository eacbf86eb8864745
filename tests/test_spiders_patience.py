"""A host that says "later", or is down, is asked later, and later still; nothing else of it is asked meanwhile."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.http import Request, Response

from spiders.patience import retry_after
from tests.spiders_loopback import CD, Answer, Site, begin, crawl, finish, listing, loopback, rows, story, wait_until

ECONOMY = f"{CD}/business/economy"
ONLY = ["business/economy"]
DATE = "Fri, 20 Nov 2026 08:00:00 GMT"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with loopback(tmp_path) as running:
        yield running


def answer(**headers: str) -> Response:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(CD, status=503, headers=said, request=Request(CD))


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Fri, 20 Nov 2026 08:01:30 GMT", 90.0),
        ("Fri, 20 Nov 2026 07:00:00 GMT", 0.0),
        ("9" * 400, 999_999_999.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("１２", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_by_the_servers_own_clock(said: str, seconds: float | None) -> None:
    assert retry_after(Response(CD, headers={"Retry-After": said.encode(), "Date": DATE})) == seconds


def test_a_date_is_nothing_without_the_servers_clock() -> None:
    assert retry_after(answer(Retry_After="Fri, 20 Nov 2026 08:01:30 GMT")) is None
    assert retry_after(answer()) is None


def timed(site: Site, url: str, *answers: Answer) -> list[float]:
    """Register answers one after the other; the list fills with the times at which they were asked for."""
    asked: list[float] = []
    for each in answers:
        each.before = lambda: asked.append(time.monotonic())
    site.pages[url] = list(answers)
    return asked


def test_a_retry_after_holds_the_whole_host_back(site: Site, tmp_path: Path) -> None:
    stories = rows("2026-11-18", 1, 12)
    later = Answer(b"", 503, {"Retry-After": "1"})
    times = timed(site, ECONOMY, later, Answer(listing(stories).encode()))
    for url, title, _ in stories:
        site.add(url, story(title))
    done = crawl(site, tmp_path / "c", sections=ONLY)
    assert (done.report["state"], done.report["new"]) == ("ok", 12), done.stderr
    assert len(times) == 2
    assert times[1] - times[0] >= 1.0


def test_the_wait_doubles_with_each_failure_in_a_row(site: Site, tmp_path: Path) -> None:
    stories = rows("2026-11-18", 1, 12)
    broken = [Answer(b"", 502, {}), Answer(b"", 502, {}), Answer(b"", 502, {})]
    times = timed(site, ECONOMY, *broken, Answer(listing(stories).encode()))
    for url, title, _ in stories:
        site.add(url, story(title))
    done = crawl(site, tmp_path / "c", sections=ONLY, delay=0.1)
    assert (done.report["state"], done.report["new"]) == ("ok", 12), done.stderr
    waits = [b - a for a, b in pairwise(times)]
    assert [wait >= least for wait, least in zip(waits, (0.1, 0.2, 0.4), strict=True)] == [True, True, True], waits


def test_a_host_that_wants_a_day_of_peace_gets_it(site: Site, tmp_path: Path) -> None:
    stories = rows("2026-11-18", 1, 12)
    site.add(ECONOMY, listing(stories))
    for url, title, _ in stories:
        site.add(url, story(title))
    first = stories[-1][0]
    site.add(first, b"", status=429, headers={"Retry-After": "86400"})
    done = crawl(site, tmp_path / "c", sections=ONLY, delay=0.05)
    assert (done.report["state"], done.report["new"]) == ("partial", 0)
    assert site.stories() == [first]
    assert set(done.kinds()) == {"host_paused"}
    assert {event["url"] for event in done.of("put_off")} == {url for url, _, _ in stories}


def test_a_crawl_that_waits_for_a_host_still_ends_when_it_is_told_to(site: Site, tmp_path: Path) -> None:
    site.add(ECONOMY, b"", status=503, headers={"Retry-After": "290"})
    process = begin(site, tmp_path / "c", "china_daily", sections=ONLY)
    wait_until(lambda: site.count("/business/economy") == 1)
    process.send_signal(signal.SIGTERM)
    done = finish(process)
    assert done.report["reason"] == "shutdown"

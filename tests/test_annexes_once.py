"""A file that several stories link to is fetched once a crawl, however close together they come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from pipeline.model import AnnexText, ArchiveRef, DueAnnex, Page
from spiders.annexes import Annexes
from spiders.answers import Ending
from spiders.fetching import Fetcher
from spiders.ledger import Ledger
from spiders.source import SOURCES

FILE = "https://www.mofcom.gov.cn/dl/file/pears.pdf"
REF = ArchiveRef(file="mofcom/2026-11-23.warc.gz", offset=0, length=10)


@dataclass(slots=True)
class Desk:
    """Files that are due by story, and what became of them."""

    due_of: dict[str, list[str]]
    kept: list[str] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)
    settled: list[tuple[str, int]] = field(default_factory=list)
    """Articles, each with how many files were kept by then."""

    def due(self, url: str | None, *, changed: bool, limit: int = 0) -> Sequence[DueAnnex]:
        return [
            DueAnnex(article_id=f"a of {url}", article_url=str(url), url=file, name="pears.pdf", known=None)
            for file in self.due_of[str(url)]
        ]

    def held(self, page: Page) -> AnnexText | None:
        return AnnexText(kind="pdf", state="read", text="pears")

    def read(self, page: Page) -> AnnexText:
        raise AssertionError("it is held")

    def keep(self, page: Page, ref: ArchiveRef | None, text: AnnexText) -> None:
        self.kept.append(page.url)

    def lose(self, due: DueAnnex, why: str, *, for_good: bool) -> None:
        self.lost.append((due.article_id, why))

    def refuse(self, page: Page, ref: ArchiveRef | None) -> None:
        pass

    def settle(self, article_id: str) -> None:
        self.settled.append((article_id, len(self.kept)))

    def note(self, issue: object) -> None:
        pass


@dataclass(slots=True)
class Site:
    """Answers when it is let to."""

    ends: Callable[[str], Page]
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)

    async def fetch(self, url: str, kind: str, headers: object = None, **_more: object) -> tuple[Page, ArchiveRef]:
        self.asked.append(url)
        await self.may_answer.wait()
        return self.ends(url), REF


def answer(status: int = 200) -> Callable[[str], Page]:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return lambda url: Page(
        url=url, source="mofcom", body=b"%PDF-1.4", fetched_at=now, kind="attachment", status=status
    )


def ending(url: str) -> Page:
    raise Ending(url)


def crawl_of(desk: Desk, site: Site) -> Annexes:
    ledger = Ledger(SOURCES["mofcom"], cast(Any, desk), cast(Any, None), lambda why: None)
    return Annexes(ledger, cast(Fetcher, site), desk, 1000)


async def at_a_time(annexes: Annexes, site: Site, stories: Sequence[str]) -> list[BaseException | None]:
    """All stories have been stored, and come to their files before the site has answered."""
    reading = [asyncio.ensure_future(annexes.of_story(story, "new")) for story in stories]
    for _ in range(5):
        await asyncio.sleep(0)
    assert not any(task.done() for task in reading), "a story does not go on without its files"
    site.may_answer.set()
    return list(await asyncio.gather(*reading, return_exceptions=True))


def test_two_stories_that_link_to_a_file_at_a_time_wait_for_one_answer() -> None:
    desk = Desk({"one": [FILE], "other": [FILE.replace("https", "http")]})
    site = Site(answer())
    assert asyncio.run(at_a_time(crawl_of(desk, site), site, ["one", "other"])) == [None, None]
    assert site.asked == desk.kept == [FILE]
    assert sorted(desk.settled) == [("a of one", 1), ("a of other", 1)], "each is joined with the file that came"


def test_a_story_that_comes_later_asks_for_what_the_others_did_not() -> None:
    desk = Desk({"one": [FILE], "other": [FILE, FILE + "x"]})
    site = Site(answer())

    async def crawl() -> None:
        annexes = crawl_of(desk, site)
        await at_a_time(annexes, site, ["one"])
        await annexes.of_story("other", "new")

    asyncio.run(crawl())
    assert site.asked == [FILE, FILE + "x"]


def test_a_file_that_is_not_there_is_lost_to_both_stories() -> None:
    desk = Desk({"one": [FILE], "other": [FILE]})
    site = Site(answer(404))
    asyncio.run(at_a_time(crawl_of(desk, site), site, ["one", "other"]))
    assert site.asked == [FILE]
    assert sorted(desk.lost) == [("a of one", "fetch_failed: status 404"), ("a of other", "fetch_failed: status 404")]


@pytest.mark.parametrize("other", ["one", "other"])
def test_a_crawl_that_ends_leaves_the_file_to_the_next_for_whoever_waits(other: str) -> None:
    desk = Desk({"one": [FILE], "other": [FILE]})
    site = Site(ending)
    ends = asyncio.run(at_a_time(crawl_of(desk, site), site, ["one", other]))
    assert [type(end) for end in ends] == [Ending, type(None)]
    assert (desk.kept, desk.lost) == ([], [])

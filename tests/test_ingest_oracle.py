"""A generic extractor reads a sample of pages too; where it reads another text, a person is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.warc import Archive
from db.connection import rows
from db.crawling.runs import open_run
from ingest.crawl import CrawlSink
from pipeline.articles import parse
from pipeline.model import Article, Page
from pipeline.oracle import agreement
from tests.db_samples import NOON, Desk
from tests.spiders_loopback import story, story_url

URL = story_url("2026-11-18", 0x6AB1E5)
PARAGRAPHS = [
    "The port of Kestrel Bay will open seven berths to pear growers of the upper valley, its harbour master said on "
    "Wednesday, and the fees of the old ones are to fall by a third before the harvest begins.",
    "Growers had asked for a cold store near the quay since the spring, when two shiploads of early fruit spoiled in a "
    "shed without windows and the insurers refused to pay for either of them.",
    "A ferry that used to carry only schoolchildren now brings crates down the river at night; its captain, a retired "
    "lighthouse keeper, has bought a second boat with money lent by the cooperative.",
    "Nobody in town expects prices to rise this year, because orchards on the far bank were planted in the same month "
    "and will bear for the first time, doubling what the valley can send abroad.",
    "Inspectors from the plant office intend to look at every tenth crate for moth larvae, while exporters may choose "
    "a sealed lorry whose driver has been certified by the chamber of carriers.",
    "What remains open is who pays for dredging the channel: the county has offered half, the railway wants a siding "
    "first, and the fishermen would rather keep their sandbank as it is.",
]
FURNITURE = " ".join(f"Read more about the regatta of boat number {number}." for number in range(120))


def page(body: str) -> Page:
    return Page(url=URL, source="china_daily", body=body.encode(), fetched_at=datetime.now(UTC))


def told(paragraphs: list[str]) -> Page:
    return page(story("Berths for pears", "</p><p>".join(paragraphs)))


def article(of: Page) -> Article:
    found = parse(of)
    assert isinstance(found, Article)
    return found


async def stored(sink: CrawlSink, article: Article, page: Page) -> str:
    return await sink.store(article, [(page, await sink.archive(page))], None)


def test_two_readers_of_a_sound_page_agree() -> None:
    whole = told(PARAGRAPHS)
    found = agreement(whole, article(whole))
    assert found is not None
    assert found > 0.9


def test_they_do_not_where_ours_lost_most_of_the_text_or_took_the_furniture_for_it() -> None:
    whole = told(PARAGRAPHS)
    ours = article(whole)
    lost = replace(ours, text="\n\n".join(PARAGRAPHS[:3]) + " Pears." * 60)
    furnished = replace(ours, text=FURNITURE)
    for wrong in (lost, furnished):
        found = agreement(whole, wrong)
        assert found is not None
        assert found < 0.6


def test_a_page_with_little_text_says_nothing() -> None:
    short = told(["Pears."])
    assert agreement(short, article(short)) is None


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[CrawlSink]:
    desk = Desk(tmp_path / "policywire.sqlite")
    run = open_run(desk.db, source="china_daily", job="crawl", pid=1, now=NOON)
    with closing(Archive(tmp_path / "archive")) as archive:
        yield CrawlSink(source="china_daily", archive_folder=archive, db=desk.db, run_id=run, oracle_every=1)


def issues(sink: CrawlSink) -> list[tuple[str, bool]]:
    return [(found["kind"], found["closed_at"] is None) for found in rows(sink.db, "SELECT * FROM issues")]


def test_a_text_that_the_other_does_not_find_is_an_issue_until_both_agree(sink: CrawlSink) -> None:
    whole = told(PARAGRAPHS)
    ours = article(whole)
    ref = asyncio.run(sink.archive(whole))
    assert asyncio.run(sink.store(replace(ours, text=FURNITURE), [(whole, ref)], None)) == "new"
    assert issues(sink) == [("layout?", True)]
    assert asyncio.run(stored(sink, ours, whole)) == "revised"
    assert issues(sink) == [("layout?", False)]


def test_nothing_is_compared_unless_it_is_asked_for(sink: CrawlSink) -> None:
    whole = told(PARAGRAPHS)
    quiet = replace(sink, oracle_every=0)
    asyncio.run(stored(quiet, replace(article(whole), text=FURNITURE), whole))
    assert issues(sink) == []

"""Stories that are read side by side are stored together, and none waits for what it need not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.warc import Archive, ArchiveError
from db.connection import value
from db.store import Stored
from ingest.archiving import Archiving
from ingest.crawl import CrawlSink
from ingest.storing import LONGEST, MOST
from pipeline.articles import parse
from pipeline.model import Article, Page, SinkFailed
from tests.db_samples import NOON, Desk
from tests.spiders_loopback import story, story_url


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "policywire.db")
    yield desk
    desk.db.close()


def told(desk: Desk, number: int) -> Page:
    text = f"Crate {number} of pears went by rail to harbour {number * 7}, where {number * 13} people were waiting."
    page, _ = desk.page(story_url("2026-11-18", number), body=story(f"Pears by rail {number}", text).encode())
    return page


def sink_of(desk: Desk, archive: Archive, on_new: object = None) -> CrawlSink:
    from db.crawling.runs import open_run

    run = open_run(desk.db, source="china_daily", job="crawl", pid=1, now=NOON)
    return CrawlSink(source="china_daily", archive_folder=archive, db=desk.db, run_id=run, on_new=on_new)  # type: ignore[arg-type]


async def read(sink: CrawlSink, page: Page) -> str:
    ref = await sink.archive(page)
    article = await sink.parse(page)
    assert isinstance(article, Article)
    return await sink.store(article, [(page, ref)], None)


async def all_of(sink: CrawlSink, pages: list[Page]) -> list[str | BaseException]:
    return list(await asyncio.gather(*(read(sink, page) for page in pages), return_exceptions=True))


def commits(db: Database) -> list[str]:
    found: list[str] = []
    db.conn.set_trace_callback(lambda sql: found.append(sql) if sql == "COMMIT" else None)
    return found


def test_stories_that_are_read_side_by_side_are_stored_in_few_transactions(desk: Desk, tmp_path: Path) -> None:
    pages = [told(desk, number) for number in range(2 * MOST)]
    with Archive(tmp_path / "archive") as archive:
        sink = sink_of(desk, archive)
        ends = commits(desk.db)
        assert asyncio.run(all_of(sink, pages)) == ["new"] * len(pages)
    assert len(ends) <= 4
    assert value(desk.db, "SELECT count(*) FROM articles") == len(pages)


def test_a_story_that_is_alone_waits_for_nobody(desk: Desk, tmp_path: Path) -> None:
    async def one() -> str:
        loop = asyncio.get_running_loop()
        later: list[float] = []
        real = loop.call_later
        loop.call_later = lambda after, *rest, **more: (later.append(after), real(after, *rest, **more))[1]  # type: ignore[method-assign, assignment]
        outcome = await read(sink, told(desk, 1))
        assert LONGEST not in later
        return outcome

    with Archive(tmp_path / "archive") as archive:
        sink = sink_of(desk, archive)
        assert asyncio.run(one()) == "new"


def test_a_story_that_cannot_be_stored_costs_none_of_those_beside_it(desk: Desk, tmp_path: Path) -> None:
    pages = [told(desk, number) for number in range(5)]

    def refuse_the_third(db: Database, stored: Stored) -> None:
        if value(db, "SELECT url FROM articles WHERE id = ?", [stored.article_id]) == pages[2].url:
            raise KeyError("a bug in a rule")

    with Archive(tmp_path / "archive") as archive:
        sink = sink_of(desk, archive, refuse_the_third)
        outcomes = asyncio.run(all_of(sink, pages))
    assert [type(one) for one in outcomes] == [str, str, KeyError, str, str]
    assert value(desk.db, "SELECT count(*) FROM articles") == 4
    assert value(desk.db, "SELECT count(*) FROM pages") == 4


def test_a_full_disk_is_told_to_every_story_of_the_transaction(desk: Desk, tmp_path: Path) -> None:
    pages = [told(desk, number) for number in range(4)]
    pages = [replace(page, body=page.body.replace(b"waiting.", b"waiting. " * 20_000)) for page in pages]
    with Archive(tmp_path / "archive") as archive:
        sink = sink_of(desk, archive)
        desk.db.conn.execute(f"PRAGMA max_page_count = {value(desk.db, 'PRAGMA page_count') + 2}")
        assert [type(one) for one in asyncio.run(all_of(sink, pages))] == [SinkFailed] * 4
    assert value(desk.db, "SELECT count(*) FROM articles") == 0


def test_a_page_that_the_archive_cannot_keep_is_told_to_who_waits_for_it(desk: Desk, tmp_path: Path) -> None:
    async def both() -> list[object]:
        archiving = Archiving(archive)
        bad = replace(told(desk, 1), source="../elsewhere")
        kept = await asyncio.gather(archiving.keep(bad), return_exceptions=True)
        return [*kept, await archiving.keep(told(desk, 2))]

    with Archive(tmp_path / "archive") as archive:
        refused, ref = asyncio.run(both())
        assert isinstance(refused, ArchiveError)
        assert [page.url for _, page in archive.pages()] == [told(desk, 2).url]
        assert ref.file.startswith("china_daily/")  # type: ignore[attr-defined]


def test_what_is_parsed_is_in_the_archive(desk: Desk, tmp_path: Path) -> None:
    page = told(desk, 1)
    with Archive(tmp_path / "archive") as archive:
        sink = sink_of(desk, archive)
        ref = asyncio.run(sink.archive(page))
        assert archive.read(ref).body == page.body
        assert isinstance(parse(archive.read(ref)), Article)

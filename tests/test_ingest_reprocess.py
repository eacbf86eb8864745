"""Reading the archive again gives what the crawl gave: into the same database, and into one that is empty."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import ingest.crawl
import ingest.reading
from archive.warc import Archive
from db.connection import rows, value
from db.deciding.queue import queue
from db.review import decide, statement
from ingest.crawl import CrawlSink
from pipeline.articles import parse
from pipeline.extract import extract
from pipeline.model import Article, Page, SinkFailed, Statements
from tests.db_samples import NOON, Desk
from tests.demo_desk import DemoDesk, Done, column, set_up
from tests.reread_desk import facts
from tests.spiders_loopback import story, story_url

Policywire = Callable[..., Done]


def test_reading_again_changes_nothing_however_often(policywire: Policywire, crawled: DemoDesk) -> None:
    with crawled.database() as db:
        before = facts(db)
    for _ in range(2):
        done = policywire("--config", crawled.config, "reprocess")
        assert done.status == 0, done.err
        for nothing in ("0 added", "0 changed", "0 retired"):
            assert nothing in done.out
        with crawled.database() as db:
            assert facts(db) == before


def test_groups_that_an_older_version_tore_apart_come_together(policywire: Policywire, crawled: DemoDesk) -> None:
    with crawled.database() as db:
        before = facts(db)
        db.conn.execute("UPDATE instrument_registry SET same_as = id, same_reason = NULL")
        db.conn.execute("UPDATE policies SET instrument_id = instrument_node")
        assert facts(db)["policies"] != before["policies"]
    assert policywire("--config", crawled.config, "reprocess").status == 0
    with crawled.database() as db:
        assert facts(db) == before


def test_an_empty_database_becomes_what_the_crawl_made(
    policywire: Policywire, undisturbed: DemoDesk, tmp_path: Path
) -> None:
    again = set_up(tmp_path / "again", None)
    again.archive.symlink_to(undisturbed.archive)
    done = policywire("--config", again.config, "reprocess")
    assert done.status == 0, done.err
    with again.database() as mine, undisturbed.database() as theirs:
        got, expected = facts(mine, "mails"), facts(theirs, "mails")
        for name in expected:
            assert got[name] == expected[name], name
        assert column(mine, "SELECT count(*) FROM outbox") == [0], "nobody is mailed what is only read again"


def test_a_part_of_the_archive_can_be_read(policywire: Policywire, undisturbed: DemoDesk, tmp_path: Path) -> None:
    again = set_up(tmp_path / "again", None)
    done = policywire("--config", again.config, "reprocess", "--warc", f"{undisturbed.archive}/mofcom/*.warc.gz")
    assert done.status == 0, done.err
    with again.database() as db:
        assert set(column(db, "SELECT source FROM articles")) == {"mofcom"}


def test_damage_in_the_archive_is_told_and_the_rest_is_read(
    policywire: Policywire, crawled: DemoDesk, tmp_path: Path
) -> None:
    again = set_up(tmp_path / "again", None)
    with crawled.database() as db:
        page = next(rows(db, "SELECT * FROM pages WHERE outcome = 'new' AND source = 'mofcom' ORDER BY id LIMIT 1"))
        articles = column(db, "SELECT count(*) FROM articles")[0]
    with (crawled.archive / page["warc_file"]).open("r+b") as file:
        file.seek(page["warc_offset"] + page["warc_length"] // 2)
        file.write(b"\x00" * 40)
    done = policywire("--config", again.config, "reprocess", "--warc", f"{crawled.archive}/*/*.warc.gz")
    assert done.status == 1
    assert page["warc_file"].rpartition("/")[2] in done.err
    with again.database() as db:
        assert column(db, "SELECT count(*) FROM articles")[0] == articles - 1


def test_a_decision_survives_a_better_extractor(
    policywire: Policywire, crawled: DemoDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with crawled.database() as db:
        quote = next(rows(db, "SELECT * FROM quotes WHERE speaker_type = 'person' AND kind = 'direct'"))
        decide(
            db, quote["id"], reviewer="wen", decision="correct", changes={"speaker": "Somebody Else"},
            reason="heard it", now=NOON,
        )  # fmt: skip

    def better(article: Article, annexes: Sequence[str] = ()) -> Statements:
        found = extract(article, annexes)
        quotes = tuple(replace(q, title="a new title") if q.span.text == quote["text"] else q for q in found.quotes)
        return replace(found, quotes=quotes, version="9")

    monkeypatch.setattr(ingest.reading, "extract", better)
    assert policywire("--config", crawled.config, "reprocess").status == 0
    with crawled.database() as db:
        kept = next(rows(db, "SELECT * FROM quotes_attributed WHERE id = ?", [quote["id"]]))
        first = queue(db, limit=1)[0]
        machine = statement(db, quote["id"]).machine
    assert (kept["speaker"], kept["review_state"]) == ("Somebody Else", "corrected")
    assert (first["id"], first["machine_state"]) == (quote["id"], "changed")
    assert (machine["speaker"], machine["title"]) == (quote["speaker"], "a new title")


# -- the sink of a crawl -----------------------------------------------------------------------------------------------


def test_an_extractor_that_fails_costs_no_page_and_no_crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path / "policywire.db")
    page, _ = desk.page(story_url("2026-11-18", 1), body=story("Pears by rail").encode())
    article = parse(page)
    assert isinstance(article, Article)

    def broken(article: Article, annexes: object) -> Statements:
        raise RuntimeError("no such word")

    with Archive(tmp_path / "archive") as archive:
        sink = CrawlSink(source="china_daily", archive_folder=archive, db=desk.db, run_id=_run(desk))
        ref = asyncio.run(sink.archive(page))
        monkeypatch.setattr(ingest.crawl, "extract", broken)
        assert asyncio.run(sink.store(article, [(page, ref)], None)) == "failed"
        issue = next(rows(desk.db, "SELECT * FROM issues"))
        assert (issue["kind"], issue["url"]) == ("extractor_failed", page.url)
        assert "no such word" in issue["detail"]
        assert issue["version"]
        assert archive.read(ref).body == page.body
        monkeypatch.undo()
        assert asyncio.run(_stored(sink, article, page)) == "new"
    assert next(rows(desk.db, "SELECT closed_at FROM issues"))["closed_at"], "the issue is closed when the page is read"
    desk.db.close()


def test_a_disk_that_is_full_ends_the_crawl_and_is_held_against_no_story(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "policywire.db")
    page, _ = desk.page(story_url("2026-11-18", 1), body=story("Pears by rail", "Pears. " * 20_000).encode())
    article = parse(page)
    assert isinstance(article, Article)
    with Archive(tmp_path / "archive") as archive:
        sink = CrawlSink(source="china_daily", archive_folder=archive, db=desk.db, run_id=_run(desk))
        pages = value(desk.db, "PRAGMA page_count")
        desk.db.conn.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(SinkFailed, match="the disk is full"):
            asyncio.run(_stored(sink, article, page))
    desk.db.close()


async def _stored(sink: CrawlSink, article: Article, page: Page) -> str:
    return await sink.store(article, [(page, await sink.archive(page))], None)


def _run(desk: Desk) -> int:
    from db.crawling.runs import open_run

    return open_run(desk.db, source="china_daily", job="crawl", pid=1, now=NOON)

"""Kill -9 at any moment of a crawl, run it again: no page lost, no article twice, none half written."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive.warc import Archive
from db.connection import rows
from demo.site import DemoSite
from pipeline.model import ArchiveRef
from spiders.source import SOURCES
from tests.demo_desk import TODAY, Answers, DemoDesk, column, counted, set_up

SEED = 20260918
KILLS = 11
"""Of each source."""


def _kill_at(desk: DemoDesk, answers: Answers, source: str, chance: random.Random) -> bool:
    """Start a crawl and kill it at a moment that chance chooses; False if it came to its end before.

    A moment is so many answers of the site after the start, and then so many milliseconds: sooner or later in the
    reading, archiving or storing of what was answered.
    """
    articles = chance.random() < 0.8
    more = chance.randint(1, 14) if articles else chance.randint(1, 12)
    pause = chance.uniform(0, 0.06)
    process = desk.start("crawl", source, "--as-of", TODAY)
    answers.wait_for(more, source, process, articles=articles)
    threading.Event().wait(pause)
    process.kill()
    return process.wait() < 0


def _kill_again_and_again(desk: DemoDesk, answers: Answers, source: str) -> int:
    chance = random.Random(f"{SEED} {source}")
    return sum(_kill_at(desk, answers, source, chance) for _ in range(KILLS))


@pytest.fixture(scope="module")
def battered(demo_site: DemoSite, tmp_path_factory: pytest.TempPathFactory) -> DemoDesk:
    """A desk whose crawls were killed again and again, all sources side by side, and then run to the end."""
    print(f"seed of the moments: {SEED}")
    desk = set_up(tmp_path_factory.mktemp("battered"), demo_site)
    with counted(demo_site) as answers, ThreadPoolExecutor() as pool:
        kills = list(pool.map(lambda source: _kill_again_and_again(desk, answers, source), SOURCES))
    assert sum(kills) >= 20, kills
    with desk.database() as db:
        assert column(db, "SELECT count(*) FROM articles")[0] > 0, "all kills fell into the beginning"
    with ThreadPoolExecutor() as pool:
        reports = list(pool.map(desk.crawl, SOURCES))
    assert [report["state"] for report in reports] == ["ok"] * len(SOURCES), reports
    return desk


def _facts(db: Database) -> dict[str, set[Any]]:
    """What must not depend on when a crawl was killed, by names that do not either.

    An instrument without a number is called after the announcement that was stored first, so it stands here for the
    announcements that it joins.
    """
    return {
        name: {tuple(found.values()) for found in rows(db, sql)}
        for name, sql in {
            "articles": "SELECT id, url FROM articles",
            "addresses": "SELECT canonical_url, article_id FROM article_urls",
            "texts": "SELECT article_id, revision, digest FROM revisions",
            "quotes": "SELECT id, article_id, text, speaker FROM quotes WHERE retired_at IS NULL",
            "policies": "SELECT id, article_id, title, number, entities FROM policies WHERE retired_at IS NULL",
            "attachments": "SELECT id, state, digest, text FROM attachments",
            "duplicates": "SELECT id, duplicate_of FROM articles",
            "instruments": "SELECT group_concat(id) FROM (SELECT * FROM policies WHERE retired_at IS NULL ORDER BY id) "
            "GROUP BY instrument_id",
        }.items()
    }


def test_what_was_stored_is_what_a_crawl_in_peace_stores(battered: DemoDesk, undisturbed: DemoDesk) -> None:
    with battered.database() as mine, undisturbed.database() as theirs:
        got, expected = _facts(mine), _facts(theirs)
    for name in expected:
        assert got[name] == expected[name], name


def test_no_article_is_there_twice_and_none_half_written(battered: DemoDesk) -> None:
    with battered.database() as db:
        assert column(db, "SELECT canonical_url FROM articles GROUP BY 1 HAVING count(*) > 1") == []
        assert column(db, "SELECT id FROM articles WHERE revision_id IS NULL") == []
        assert column(db, "SELECT article_id FROM revisions GROUP BY 1 HAVING count(*) > 1") == []
        assert column(db, "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM pages)") == []
        for table, index in (("articles", "articles_fts"), ("quotes", "quotes_fts"), ("policies", "policies_fts")):
            kept = "" if table == "articles" else " WHERE retired_at IS NULL"
            assert column(db, f"SELECT place FROM {table}{kept} EXCEPT SELECT rowid FROM {index}") == []  # noqa: S608
        assert (
            column(db, "SELECT place FROM annexes WHERE dropped_at IS NULL EXCEPT SELECT rowid FROM annexes_fts") == []
        )
        assert column(db, "PRAGMA integrity_check") == ["ok"]
        assert db.conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_every_page_reads_back_from_the_archive(battered: DemoDesk) -> None:
    archive = Archive(battered.archive)
    with battered.database() as db:
        kept = list(rows(db, "SELECT * FROM pages WHERE warc_file IS NOT NULL"))
    assert kept
    for page in kept:
        read = archive.read(ArchiveRef(file=page["warc_file"], offset=page["warc_offset"], length=page["warc_length"]))
        assert (read.url, read.status, len(read.body)) == (page["url"], page["status"], page["size"])
    assert sum(1 for _ in archive.pages()) >= len(kept)


def test_no_story_or_file_that_was_archived_was_fetched_again(battered: DemoDesk) -> None:
    kinds = ("article", "attachment")
    told = Counter(page.url for _, page in Archive(battered.archive).pages() if page.kind in kinds)
    assert [url for url, times in told.items() if times > 1] == []


def test_archive_indexes_and_database_agree(battered: DemoDesk) -> None:
    done = battered.run("archive", "verify")
    assert (done.status, done.err) == (0, ""), done.out


def test_another_program_finds_the_archive_whole(battered: DemoDesk) -> None:
    files = [str(path) for path in Archive(battered.archive).paths()]
    done = subprocess.run(
        [str(Path(sys.executable).with_name("warcio")), "check", *files], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_match_is_told_once_and_none_is_lost(battered: DemoDesk, undisturbed: DemoDesk) -> None:
    sql = "SELECT rule, kind, target_id, recipient FROM alert_matches"
    with battered.database() as mine, undisturbed.database() as theirs:
        got = [tuple(found.values()) for found in rows(mine, sql)]
        assert len(got) == len(set(got))
        assert set(got) == {tuple(found.values()) for found in rows(theirs, sql)}
        assert column(mine, "SELECT id FROM alert_matches WHERE outbox_id IS NULL") == []
        mails = "SELECT rule, recipient, article_id, key FROM outbox"
        assert {tuple(found.values()) for found in rows(mine, mails)} == {
            tuple(found.values()) for found in rows(theirs, mails)
        }


def test_the_runs_that_died_are_closed_as_lost(battered: DemoDesk) -> None:
    with battered.database() as db:
        states = column(db, "SELECT state FROM runs ORDER BY id")
    assert "running" not in states
    assert states[-len(SOURCES) :] == ["ok"] * len(SOURCES)
    # a process that was killed before it opened its run left none
    assert 0 < states.count("lost") <= len(SOURCES) * KILLS

"""The grown database is a whole one: every table copied, every reference held, everything found by search."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from db import open_database
from db.connection import rows, value
from db.finding.fulltext import rejoin
from db.search import find
from demo.grown import grow

FIRST, COPIES, STEP = 40, 3, 1000
"""STEP: the first stories have more than 99 rows in their longest table, and fewer than 1,000."""
LEFT_OUT = {
    "_sqlite_migrations", "meta", "decisions", "outbox", "alert_matches", "owed", "readings", "listing_pages",
    "archive_marks", "additions", "issues", "claims", "viewers", "users", "sessions", "login_attempts", "rules",
    "rule_versions", "identity_edges", "identity_events", "identity_rulings", "relations", "crawl_requests", "samples",
    "sample_items", "batch_items", "decision_batches", "judgements", "job_states", "archive_files",
    "unsubscriptions",
    "source_days", "health_states", "health_transitions", "health_told",
    "reprocess_marks",
}  # fmt: skip
"""Tables of which the first stories fill no row, and those of the program itself."""


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("grown") / "grown.db"
    grow(path, FIRST * COPIES, first=FIRST)
    db = open_database(path, mode="ro")
    yield db
    db.conn.close()


def test_it_has_the_articles_quotes_and_announcements_that_were_asked_for(grown: Database) -> None:
    assert value(grown, "SELECT count(*) FROM articles_latest") == FIRST * COPIES
    assert value(grown, "SELECT count(*) FROM quotes_attributed") == pytest.approx(3 * FIRST * COPIES, rel=0.1)
    assert value(grown, "SELECT count(*) FROM policy_announcements") == pytest.approx(FIRST * COPIES / 2, rel=0.1)


def test_the_file_is_sound_and_every_reference_is_held(grown: Database) -> None:
    assert value(grown, "PRAGMA integrity_check") == "ok"
    assert list(grown.conn.execute("PRAGMA foreign_key_check")) == []


def test_every_table_that_stories_fill_is_filled_by_the_copies_too(grown: Database) -> None:
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '*_fts_*'"
    empty = {one["name"] for one in rows(grown, sql) if not value(grown, f"SELECT count(*) FROM {one['name']}")}  # noqa: S608
    assert empty <= LEFT_OUT


@pytest.mark.parametrize(("kind", "word"), [("article", "出口"), ("quote", "said OR 表示 OR the"), ("policy", "公告")])
def test_the_copies_are_found_by_their_words(grown: Database, kind: str, word: str) -> None:
    found = find(grown, kind, word, limit=1000).rows  # type: ignore[arg-type]
    assert len({hit["seq"] // STEP for hit in found}) == COPIES


def test_what_is_found_is_what_stands_at_that_place(grown: Database) -> None:
    sql = (
        "SELECT a.title, f.title FROM articles_fts AS f JOIN articles AS b ON b.place = f.rowid "
        "JOIN articles_latest AS a ON a.seq = b.seq"
    )
    held = list(grown.conn.execute(sql))
    assert len(held) == FIRST * COPIES
    assert {(title, rejoin(indexed)) for title, indexed in held} == {(title, title) for title, _ in held}


def test_each_copy_is_a_week_older_than_the_next(grown: Database) -> None:
    sql = "SELECT max(sort_at) FROM articles WHERE seq BETWEEN ? AND ?"
    newest = [value(grown, sql, [first * STEP, (first + 1) * STEP]) for first in range(COPIES)]
    assert [day[:10] for day in newest] == ["2026-09-03", "2026-09-10", "2026-09-17"]


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "grown.db"
    path.touch()
    with pytest.raises(FileExistsError, match="is there already"):
        grow(path, 10)

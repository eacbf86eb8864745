"""Reading everything without holding anything: pieces by key, the same rows as page by page."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import open_database
from db.connection import rows
from db.finding import pieces
from db.finding.pieces import in_pieces
from db.search import SearchError, find, iterate
from tests.db_samples import Desk, article, usual


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "policywire.sqlite")
    for at in range(7):
        desk.store(article(url=f"https://www.chinadaily.com.cn/a/202611/19/WS{at}.html", title=f"Story {at}"), usual())
    return desk


@pytest.mark.parametrize("query", [None, "barges", "river AND freight", "出口"])
@pytest.mark.parametrize("kind", ["article", "quote", "policy", "annex"])
def test_iterating_gives_what_all_pages_of_a_search_give(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, query: str | None
) -> None:
    monkeypatch.setattr(pieces, "MOST", 2)
    paged, after = [], None
    while True:
        page = find(desk.db, kind, query, limit=3, after=after, source="china_daily")  # type: ignore[arg-type]
        paged += [hit["id"] for hit in page.rows]
        after = page.next
        if after is None:
            break
    found = [hit["id"] for hit in iterate(desk.db, kind, query, source="china_daily")]  # type: ignore[arg-type]
    assert sorted(found) == sorted(paged)
    assert len(found) == len(set(found))


def test_rows_come_in_the_order_of_storing_and_what_is_stored_meanwhile_is_left_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "MOST", 2)
    stream = iterate(desk.db, "article")
    first = next(stream)
    desk.store(article(url="https://www.chinadaily.com.cn/a/202611/19/WSlate.html", title="Late"))
    assert [first["title"], *(one["title"] for one in stream)] == [f"Story {at}" for at in range(7)]


def test_a_reader_that_pauses_holds_no_snapshot(desk: Desk) -> None:
    reading = open_database(desk.path, mode="ro")
    stream = iterate(reading, "article")
    next(stream)
    desk.store(article(url="https://www.chinadaily.com.cn/a/202611/19/WSlate.html"))
    busy, left, _moved = desk.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert (busy, left) == (0, 0)
    stream.close()
    reading.conn.close()


def test_rows_of_one_key_stay_in_one_piece(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MOST", 2)
    sql = (
        "SELECT k.n / 3 AS third, k.n FROM (WITH RECURSIVE c (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c LIMIT 10) "
        "SELECT n FROM c) AS k WHERE k.n / 3 > :after ORDER BY k.n"
    )
    assert [one["n"] for one in in_pieces(desk.db, sql, {}, key="third")] == list(range(10))


def test_a_piece_of_long_texts_is_short(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(pieces, "LARGEST", 100)
    desk.db.conn.set_trace_callback(asked.append)
    assert len(list(iterate(desk.db, "article"))) == 7
    # one a piece, and the one that finds no more
    assert len([sql for sql in asked if "CROSS JOIN" in sql]) == 8


def test_a_mistake_is_told_before_the_first_row(desk: Desk) -> None:
    with pytest.raises(SearchError, match="never closed"):
        iterate(desk.db, "article", '"barges')
    with pytest.raises(ValueError, match="no filter 'colour'"):
        iterate(desk.db, "article", colour="red")


@pytest.mark.parametrize("kind", ["article", "quote", "policy", "annex"])
@pytest.mark.parametrize("query", [None, "barges"])
def test_no_filter_makes_a_piece_sort_or_scan(desk: Desk, kind: str, query: str | None) -> None:
    asked: list[str] = []
    desk.db.conn.set_trace_callback(asked.append)
    options = {"source": "china_daily", "since": "2026", "language": ["en", "zh"]}
    list(iterate(desk.db, kind, query, **options))  # type: ignore[arg-type]
    desk.db.conn.set_trace_callback(None)
    question = next(sql for sql in asked if "CROSS JOIN" in sql)
    plan = [str(step["detail"]) for step in rows(desk.db, f"EXPLAIN QUERY PLAN {question}")]
    assert not [step for step in plan if "TEMP B-TREE" in step], plan
    assert not [step for step in plan if step.startswith("SCAN") and "VIRTUAL" not in step and "json" not in step], plan

"""Gaps in the numbers of a year's documents are leads: told of in a view and by `status`, and nobody's duty."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from db.connection import rows
from db.status import read_status
from tests.db_samples import NOON, TEXT, Desk, article, ministry, policy, statements


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


def hold(desk: Desk, number: str | None, on: str, *, language: str = "zh", **rest: Any) -> None:
    """Store a document with that number, published on that day."""
    url = f"https://www.mofcom.gov.cn/zcfb/art/2026/art_{desk.pages:032x}.html"
    text = f"{number}。\n\n现将有关事项公告如下，自{on}起施行。"
    desk.store(ministry(text, url=url, number=number, title=f"{number} 说明", published=on, language=language, **rest))


def gaps(desk: Desk) -> list[tuple[str, int, int, int]]:
    found = rows(desk.db, "SELECT * FROM numbering_gaps")
    return [(gap["document"], gap["number"], gap["lower"], gap["upper"]) for gap in found]


def test_a_number_between_two_that_are_held_is_missing(desk: Desk) -> None:
    for number, on in ((1, "2026-01-05"), (2, "2026-01-07"), (5, "2026-01-20")):
        hold(desk, f"商务部公告2026年第{number}号", on)
    hold(desk, None, "2026-02-01")
    assert gaps(desk) == [("商务部公告2026年第4号", 4, 2, 5), ("商务部公告2026年第3号", 3, 2, 5)]
    (line,) = read_status(desk.db, NOON).leads
    assert line == "商务部公告 2026: no document 3 to 4 between 2 of 2026-01-07 and 5 of 2026-01-20"


def test_a_gap_needs_nobody(desk: Desk) -> None:
    for number in (1, 3):
        hold(desk, f"商务部公告2026年第{number}号", "2026-01-05")
    hold(desk, None, "2026-02-01")
    status = read_status(desk.db, NOON)
    assert len(status.leads) == 1
    assert status.needs_a_person == ()


def test_orders_count_for_themselves_and_years_too(desk: Desk) -> None:
    for number in ("商务部公告2026年第1号", "商务部令2026年第2号", "商务部公告2026年第2号", "商务部令2026年第4号",
                   "商务部公告2025年第7号"):  # fmt: skip
        hold(desk, number, "2026-01-05")
    hold(desk, None, "2026-02-01")
    assert gaps(desk) == [("商务部令2026年第3号", 3, 2, 4)]


def test_joint_announcements_and_english_copies_fill_the_ministrys_series(desk: Desk) -> None:
    hold(desk, "商务部公告2026年第1号", "2026-01-05")
    hold(desk, "商务部 海关总署公告2026年第2号", "2026-01-06")
    hold(desk, "MOFCOM Announcement No. 3 of 2026", "2026-01-07", language="en")
    hold(desk, "中华人民共和国商务部公告2026年第4号", "2026-01-08")
    hold(desk, "公告2026年第5号", "2026-01-09")
    hold(desk, "海关总署 商务部公告2026年第9号", "2026-01-09")
    hold(desk, "商务部公告2026年第6号", "2026-01-10")
    hold(desk, None, "2026-02-01")
    assert gaps(desk) == []


def test_what_is_just_out_may_come_in_any_order(desk: Desk) -> None:
    hold(desk, "商务部公告2026年第1号", "2026-01-05")
    hold(desk, "商务部公告2026年第3号", "2026-01-08")
    hold(desk, None, "2026-01-10")
    assert gaps(desk) == []
    hold(desk, None, "2026-01-11")
    assert gaps(desk) == [("商务部公告2026年第2号", 2, 1, 3)]


def test_a_part_of_a_year_that_was_never_read_is_no_gap(desk: Desk) -> None:
    hold(desk, "商务部公告2026年第1号", "2026-01-05")
    hold(desk, "商务部公告2026年第22号", "2026-06-05")
    hold(desk, "商务部公告2026年第44号", "2026-09-05")
    hold(desk, None, "2026-10-01")
    assert {(lower, upper) for _, _, lower, upper in gaps(desk)} == {(1, 22)}


def test_a_missing_document_that_others_tell_of_is_linked(desk: Desk) -> None:
    for number in (1, 3):
        hold(desk, f"商务部公告2026年第{number}号", "2026-01-05")
    told = policy(TEXT, "The Ministry of Commerce issued", number="MOFCOM Announcement No. 2 of 2026")
    desk.store(article(published="2026-01-06"), statements(policies=[told]))
    hold(desk, None, "2026-02-01")
    (gap,) = rows(desk.db, "SELECT i.number FROM numbering_gaps AS g JOIN instruments AS i ON i.id = g.instrument_id")
    assert gap["number"] == "MOFCOM Announcement No. 2 of 2026"
    assert read_status(desk.db, NOON).leads[0].endswith("; 1 told of by others")


def test_many_gaps_are_told_in_few_lines(desk: Desk) -> None:
    for number in range(1, 60, 2):
        hold(desk, f"商务部公告2026年第{number}号", "2026-01-05")
    hold(desk, None, "2026-02-01")
    leads = read_status(desk.db, NOON).leads
    assert len(leads) == 11
    assert leads[0].startswith("商务部公告 2026: no document 58 between 57")
    assert leads[-1] == "and 19 more in the view numbering_gaps"


def test_the_gaps_are_found_through_the_index_of_numbers(desk: Desk) -> None:
    plan = [step["detail"] for step in rows(desk.db, "EXPLAIN QUERY PLAN SELECT * FROM numbering_gaps")]
    assert any("INDEX articles_by_number" in step for step in plan), plan

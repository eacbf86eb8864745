"""What instruments do to each other is stored with its sentence, follows them, and makes their timeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from db.connection import rows, value
from db.links.overrides import merge, move
from db.links.timeline import timeline
from pipeline.model import InstrumentRelation, PolicyAnnouncement, Span, Statements
from tests.db_samples import NOON, Desk, ministry, policy

TEXT = (
    "商务部公告2026年第9号\n\n经批准，自2026年11月20日起，暂停实施商务部公告2026年第3号。\n\n"
    "本公告自2026年12月1日起执行，商务部公告2025年第7号同时废止。"
)
MOFCOM = ("Ministry of Commerce",)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


def announcement(number: str, words: str, **changes: Any) -> PolicyAnnouncement:
    named: dict[str, Any] = {
        "title": f"公告{number}",
        "instrument": "announcement",
        "number": number,
        "issuers": MOFCOM,
    }
    return policy(TEXT, words, **{**named, "issued_on": None, "salience": "background", **changes})


def told(relation: str, subject: int, other: int | None, words: str, **changes: Any) -> InstrumentRelation:
    start = TEXT.index(words)
    return InstrumentRelation(
        relation=relation,  # type: ignore[arg-type]
        subject=subject, object=other, evidence=Span.cut(TEXT, start, start + len(words)), **changes,
    )  # fmt: skip


SUSPENDS = told("suspends", 0, 1, "经批准，自2026年11月20日起，暂停实施商务部公告2026年第3号。", on_date="2026-11-20")
REPEALS = told(
    "repeals", 0, None, "本公告自2026年12月1日起执行，商务部公告2025年第7号同时废止。", number="商务部公告2025年第7号",
    issuers=MOFCOM, on_date="2026-12-01",
)  # fmt: skip


def store(desk: Desk, *relations: InstrumentRelation, version: str = "1") -> list[str]:
    """The instruments of the suspending announcement and of the suspended one."""
    announcements = (
        announcement("商务部公告2026年第9号", "商务部公告2026年第9号", salience="news", issued_on="2026-11-18",
                     effective_on="2026-12-01"),
        announcement("商务部公告2026年第3号", "暂停实施商务部公告2026年第3号"),
    )  # fmt: skip
    desk.store(ministry(TEXT), Statements(quotes=(), policies=announcements, version=version, relations=relations))
    return [one["instrument_id"] for one in rows(desk.db, "SELECT instrument_id FROM policies ORDER BY position")]


def test_a_relation_stands_with_its_sentence_and_date(desk: Desk) -> None:
    ours, suspended = store(desk, SUSPENDS)
    found = list(rows(desk.db, "SELECT from_id, to_id, relation, on_date, text FROM instrument_relations"))
    assert found == [
        {"from_id": ours, "to_id": suspended, "relation": "suspends", "on_date": "2026-11-20",
         "text": SUSPENDS.evidence.text},
    ]  # fmt: skip


def test_a_document_that_only_its_number_names_is_there_for_the_article_that_will_report_it(desk: Desk) -> None:
    ours, _suspended = store(desk, REPEALS)
    repealed = value(desk.db, "SELECT to_id FROM instrument_relations")
    assert value(desk.db, "SELECT number FROM instrument_registry WHERE id = ?", [repealed]) == "商务部公告2025年第7号"
    assert value(desk.db, "SELECT count(*) FROM instruments WHERE id = ?", [repealed]) == 0
    text = "The Ministry of Commerce once issued Announcement No 7 of 2025."
    report = policy(text, text, number="MOFCOM Announcement No. 7 of 2025", instrument="announcement", issued_on="2025")
    page = ministry(text, url="https://x.cn/7.html", number=None, language="en", kind="news", header=())
    desk.store(page, Statements(quotes=(), policies=(report,), version="1"))
    assert value(desk.db, "SELECT instrument_id FROM policies WHERE number LIKE 'MOFCOM%'") == repealed
    assert [(one.event, one.on, one.other) for one in timeline(desk.db, repealed)] == [
        ("issued", "2025", None), ("reported", "2026-11-18", None), ("repealed", "2026-12-01", ours),
    ]  # fmt: skip


def test_the_timeline_of_an_instrument_says_what_it_does_and_what_is_done_to_it(desk: Desk) -> None:
    ours, suspended = store(desk, SUSPENDS, REPEALS)
    assert [(one.event, one.on) for one in timeline(desk.db, ours)] == [
        ("issued", "2026-11-18"), ("reported", "2026-11-18"), ("suspends", "2026-11-20"), ("effective", "2026-12-01"),
        ("repeals", "2026-12-01"),
    ]  # fmt: skip
    (event,) = timeline(desk.db, suspended)
    assert (event.event, event.other, event.other_number) == ("suspended", ours, "商务部公告2026年第9号")
    assert event.text == SUSPENDS.evidence.text


def test_what_a_later_reading_no_longer_says_is_retired_and_comes_back_when_it_says_so_again(desk: Desk) -> None:
    store(desk, SUSPENDS, REPEALS)
    store(desk, REPEALS, version="2")
    assert [one["relation"] for one in rows(desk.db, "SELECT relation FROM instrument_relations")] == ["repeals"]
    assert value(desk.db, "SELECT count(*) FROM relations") == 2
    store(desk, SUSPENDS, REPEALS, version="3")
    assert value(desk.db, "SELECT count(*) FROM instrument_relations") == 2


def test_relations_follow_instruments_that_people_move_and_merge(desk: Desk) -> None:
    ours, suspended = store(desk, SUSPENDS)
    statement = value(desk.db, "SELECT id FROM policies WHERE instrument_id = ?", [suspended])
    moved = move(desk.db, [statement], None, by="ann", now=NOON)
    assert value(desk.db, "SELECT to_id FROM instrument_relations") == moved.identity
    merge(desk.db, suspended, moved.identity, by="ann", now=NOON)
    assert value(desk.db, "SELECT to_id FROM instrument_relations") == suspended
    merge(desk.db, ours, suspended, by="ann", now=NOON)
    assert value(desk.db, "SELECT count(*) FROM instrument_relations") == 0

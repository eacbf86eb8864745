"""What decisions say about the machine: judgements by version, precision with intervals, corrections by field."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db.connection import rows
from db.deciding.quality import Share, quality, wilson
from db.review import decide, undo
from tests.db_samples import NOON, TEXT, Desk, article, quote, statements, usual
from tests.web_desk import WORDS


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


def judged(desk: Desk) -> list[tuple[Any, ...]]:
    sql = "SELECT extractor_version, outcome, fields FROM judgements ORDER BY extractor_version, outcome"
    return [tuple(one.values()) for one in rows(desk.db, sql)]


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0, 0.2775), (10, 10, 0.7225, 1), (1, 1, 0.2065, 1), (50, 100, 0.4038, 0.5962)],
)  # fmt: skip
def test_the_interval_of_a_share_after_wilson(count: int, of: int, low: float, high: float) -> None:
    assert wilson(count, of) == pytest.approx((low, high), abs=1e-4)


def test_nothing_has_no_share() -> None:
    assert (Share(count=0, of=0).point, Share(count=0, of=0).interval) == (None, None)


def test_an_acceptance_finds_the_record_right_and_a_correction_names_its_fields(desk: Desk) -> None:
    quoted, announced = desk.store(article(), usual()).new
    decide(desk.db, quoted, reviewer="Ana", decision="accept", now=NOON)
    changes = {"action": "support", "evidence": [TEXT[:40]]}
    decide(desk.db, announced, reviewer="Ana", decision="correct", changes=changes, now=NOON)
    assert judged(desk) == [("1", "right", "[]"), ("1", "wrong", '["action", "evidence"]')]


def test_undoing_takes_the_judgement_back(desk: Desk) -> None:
    quoted = desk.store(article(), usual()).new[0]
    decide(desk.db, quoted, reviewer="Ana", decision="accept", now=NOON)
    decide(desk.db, quoted, reviewer="Bo", decision="reject", reason="no quote", now=NOON)
    assert judged(desk) == [("1", "rejected", "[]")]
    undo(desk.db, quoted, reviewer="Bo", now=NOON)
    assert judged(desk) == [("1", "right", "[]")]
    undo(desk.db, quoted, reviewer="Ana", now=NOON)
    assert judged(desk) == []


def test_each_version_is_judged_by_its_own_record(desk: Desk) -> None:
    quoted = desk.store(article(), usual()).new[0]
    decide(desk.db, quoted, reviewer="Ana", decision="correct", changes={"role": "expert"}, now=NOON)
    desk.store(article(), statements([quote(TEXT, WORDS, role="expert", cue="told")], usual().policies, "2"))
    decide(desk.db, quoted, reviewer="Ana", decision="accept", now=NOON)
    assert judged(desk) == [("1", "wrong", '["role"]'), ("2", "right", "[]")]


def test_taking_the_machines_new_reading_finds_the_new_version_right(desk: Desk) -> None:
    quoted = desk.store(article(), usual()).new[0]
    decide(desk.db, quoted, reviewer="Ana", decision="correct", changes={"role": "expert"}, now=NOON)
    desk.store(article(), statements([quote(TEXT, WORDS, role="other")], usual().policies, "2"))
    decide(desk.db, quoted, reviewer="Ana", decision="correct", changes={"role": "other"}, now=NOON)
    assert judged(desk) == [("1", "wrong", '["role"]'), ("2", "right", "[]")]


def test_what_was_confirmed_and_lost_is_missed_by_the_version_that_lost_it(desk: Desk) -> None:
    quoted = desk.store(article(), usual()).new[0]
    decide(desk.db, quoted, reviewer="Ana", decision="accept", now=NOON)
    desk.store(article(), statements([], usual().policies, "2"))
    decide(desk.db, quoted, reviewer="Ana", decision="accept", now=NOON)
    assert judged(desk) == [("1", "right", "[]"), ("2", "missed", "[]")]


def test_precision_and_corrections_are_counted_by_hand(desk: Desk) -> None:
    said = [f"Barge number {n} will sail in spring" for n in range(10)]
    text = "\n\n".join(f"{words}, said Lin Qiao of Weir & Quay." for words in said)
    sure = [0.95, 0.95, 0.95, 0.95, 0.6, 0.6, 0.6, 0.3, 0.3, None]
    found = [
        replace(quote(text, words, kind="indirect"), confidence=confidence)
        for words, confidence in zip(said, sure, strict=True)
    ]
    new = desk.store(article(text), statements(found)).new
    for n, identity in enumerate(new):
        if n < 6:
            decide(desk.db, identity, reviewer="Ana", decision="accept", now=NOON)
        elif n < 8:
            decide(desk.db, identity, reviewer="Ana", decision="correct", changes={"role": "expert"}, now=NOON)
        else:
            decide(desk.db, identity, reviewer="Ana", decision="reject", reason="no quote", now=NOON)
    figures = quality(desk.db)
    assert figures.readings == 10
    (version,) = figures.by_version
    assert (version.kind, version.group) == ("quote", "1")
    assert (version.exact, version.real, version.found) == (
        Share(count=6, of=10), Share(count=8, of=10), Share(count=8, of=8),
    )  # fmt: skip
    assert {line.group: (line.exact.count, line.exact.of) for line in figures.by_confidence} == {
        "90 % and more": (4, 4), "50 to 70 %": (2, 3), "below 50 %": (0, 2), "not given": (0, 1),
    }  # fmt: skip
    assert [(line.group, line.exact.of) for line in figures.by_source] == [("china_daily", 10)]
    assert figures.corrections == (("quote", "role", Share(count=2, of=8)),)


def test_figures_are_read_along_an_index(desk: Desk) -> None:
    asked: list[str] = []
    desk.db.conn.set_trace_callback(asked.append)
    quality(desk.db)
    desk.db.conn.set_trace_callback(None)
    plans = [step["detail"] for sql in asked for step in rows(desk.db, f"EXPLAIN QUERY PLAN {sql}")]
    assert any("judgements_read" in plan for plan in plans)
    assert not [plan for plan in plans if plan == "SCAN judgements"]

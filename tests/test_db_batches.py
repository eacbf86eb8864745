"""Batches: only what was shown and has not changed is accepted, each by its own event, and all of it can go back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from db.connection import rows, value
from db.deciding.batches import accept_batch, batch_of, batch_reasons, batches, prepare_batch, undo_batch
from db.deciding.corrections import ReviewError
from db.deciding.queue import Filter, queue
from db.review import decide, history, statement, undo_last
from tests.db_samples import NOON, TEXT, Desk, article, quote, statements, usual
from tests.web_desk import WORDS, filled


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


def prepared(desk: Desk, wanted: Filter | None = None) -> int:
    return prepare_batch(desk.db, wanted or Filter(kind="quote"), reviewer="Ana", now=NOON)


def many(desk: Desk, count: int) -> None:
    said = [f"Barge number {n} will sail in spring" for n in range(count)]
    text = "\n\n".join(f"{words}, said Lin Qiao of Weir & Quay." for words in said)
    found = [replace(quote(text, words, kind="indirect"), confidence=0.9) for words in said]
    desk.store(article(text, url="https://www.chinadaily.com.cn/a/202611/22/WSmany.html"), statements(found))


def test_preparing_writes_down_what_is_there_and_decides_nothing(desk: Desk) -> None:
    batch = batch_of(desk.db, prepared(desk))
    assert (batch.size, batch.states, batch.accepted_at) == (3, {"waiting": 3}, None)
    assert batch.filters == {"kind": "quote"}
    assert batch_reasons(desk.db, batch.id) == [
        ("quote", "quote of an executive", "china_daily", 2),
        ("quote", "quote of an official", "mofcom", 1),
    ]
    assert value(desk.db, "SELECT count(*) FROM decisions") == 0
    assert batches(desk.db) == []


def test_each_statement_of_a_batch_has_an_event_of_its_own_that_names_it(desk: Desk) -> None:
    many(desk, 120)
    batch = prepared(desk, Filter(sure=0.8))
    accept_batch(desk.db, batch, reviewer="Ana", now=NOON)
    events = list(rows(desk.db, "SELECT * FROM decisions"))
    assert len({event["statement_id"] for event in events}) == len(events) == 120
    assert {(e["decision"], e["reviewer"], e["batch_id"]) for e in events} == {("accept", "Ana", batch)}
    assert batch_of(desk.db, batch).states == {"accepted": 120}
    assert len(queue(desk.db)) == 6
    assert value(desk.db, "SELECT min(batch) FROM judgements") == 1


def test_what_has_changed_since_it_was_shown_is_left(desk: Desk) -> None:
    batch = prepared(desk)
    quotes = [one["id"] for one in queue(desk.db, Filter(kind="quote"))]
    read = str(value(desk.db, "SELECT id FROM quotes WHERE text = ?", [WORDS]))
    other = next(one for one in quotes if one != read)
    desk.store(article(), statements([quote(TEXT, WORDS, title="CEO")], usual().policies, "2"))
    decide(desk.db, other, reviewer="Bo", decision="correct", changes={"cue": "told"}, now=NOON)
    accept_batch(desk.db, batch, reviewer="Ana", now=NOON)
    assert batch_of(desk.db, batch).states == {"accepted": 1, "passed": 2}
    assert statement(desk.db, read).review_state == "open"
    assert [event["reviewer"] for event in history(desk.db, other)] == ["Bo"]


def test_accepting_twice_accepts_once(desk: Desk) -> None:
    batch = prepared(desk)
    accept_batch(desk.db, batch, reviewer="Ana", now=NOON)
    accept_batch(desk.db, batch, reviewer="Ana", now=NOON)
    assert value(desk.db, "SELECT count(*) FROM decisions") == 3


def test_a_whole_batch_is_taken_back_but_for_what_was_decided_since(desk: Desk) -> None:
    many(desk, 60)
    batch = prepared(desk)
    accept_batch(desk.db, batch, reviewer="Ana", now=NOON)
    read = str(value(desk.db, "SELECT id FROM quotes WHERE text = ?", [WORDS]))
    decide(desk.db, read, reviewer="Bo", decision="correct", changes={"cue": "told"}, now=NOON)
    undo_batch(desk.db, batch, reviewer="Bo", now=NOON)
    assert batch_of(desk.db, batch).states == {"accepted": 1, "undone": 62}
    assert statement(desk.db, read).record["cue"] == "told"
    undone = list(rows(desk.db, "SELECT * FROM decisions WHERE decision = 'undo'"))
    assert {(event["reviewer"], event["batch_id"]) for event in undone} == {("Bo", batch)}
    assert len(undone) == 62
    assert len(queue(desk.db, limit=100)) == 65
    with pytest.raises(ReviewError, match="taken back"):
        accept_batch(desk.db, batch, reviewer="Ana", now=NOON)


def test_the_key_for_undoing_names_the_batch_instead_of_taking_one_of_it_back(desk: Desk) -> None:
    batch = prepared(desk)
    accept_batch(desk.db, batch, reviewer="Ana", now=NOON)
    with pytest.raises(ReviewError, match=f"batch {batch}: take it back as a whole"):
        undo_last(desk.db, reviewer="Ana", now=NOON)


def test_what_the_machine_has_changed_its_mind_about_is_no_part_of_a_batch(desk: Desk) -> None:
    read = str(value(desk.db, "SELECT id FROM quotes WHERE text = ?", [WORDS]))
    decide(desk.db, read, reviewer="Ana", decision="correct", changes={"role": "expert"}, now=NOON)
    desk.store(article(), statements([quote(TEXT, WORDS, role="other")], usual().policies, "2"))
    assert read in {one["id"] for one in queue(desk.db)}
    assert batch_of(desk.db, prepared(desk, Filter())).size == 5


def test_a_batch_that_cannot_be_says_why(desk: Desk) -> None:
    with pytest.raises(ReviewError, match="nothing that waits fits"):
        prepared(desk, Filter(source="nowhere"))
    batch = prepared(desk)
    with pytest.raises(ReviewError, match="Ana has prepared it"):
        accept_batch(desk.db, batch, reviewer="Bo", now=NOON)
    with pytest.raises(ReviewError, match="not been accepted"):
        undo_batch(desk.db, batch, reviewer="Ana", now=NOON)
    with pytest.raises(LookupError):
        batch_of(desk.db, 99)


def test_a_batch_that_nobody_confirmed_is_forgotten_after_a_day(desk: Desk) -> None:
    old = prepared(desk)
    prepare_batch(desk.db, Filter(), reviewer="Ana", now=NOON + timedelta(days=2))
    with pytest.raises(LookupError):
        batch_of(desk.db, old)

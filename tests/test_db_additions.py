"""What a person adds because the machine has missed it: counts at once, survives extraction, and shows as missed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from db.connection import rows, value
from db.deciding.additions import add_statement, blank
from db.deciding.corrections import ReviewError
from db.deciding.quality import quality
from db.deciding.queue import queue
from db.review import added_by, decide, history, statement, undo
from tests.db_samples import NOON, TEXT, Desk, article, quote, statements, usual

MISSED = "the company would hire two hundred deckhands before the spring"
WHO = {"speaker": "Lin Qiao", "role": "executive", "organization": "Weir & Quay Shipping Co Ltd", "cue": "added"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "policywire.sqlite")
    desk.store(article(), usual())
    return desk


def added(desk: Desk, **changes: Any) -> str:
    article_id = str(value(desk.db, "SELECT id FROM articles"))
    record = {**blank("quote", MISSED), **WHO, **changes}
    return add_statement(desk.db, article_id, "quote", record, reviewer="Ana", now=NOON)


def test_an_added_quote_counts_at_once_with_its_place_person_and_event(desk: Desk) -> None:
    identity = added(desk)
    found = statement(desk.db, identity)
    assert TEXT[found.record["start"] : found.record["end"]] == MISSED
    assert (found.review_state, found.machine_state) == ("accepted", "gone")
    assert added_by(desk.db, identity) == "Ana"
    shown = list(rows(desk.db, "SELECT * FROM quotes_attributed WHERE id = ?", [identity]))
    assert (shown[0]["speaker"], shown[0]["source"]) == ("Lin Qiao", "china_daily")
    assert shown[0]["person_id"] is not None
    (event,) = history(desk.db, identity)
    assert (event["reviewer"], event["machine"], event["old_values"]) == ("Ana", None, {})
    assert identity not in {one["id"] for one in queue(desk.db)}


def test_an_announcement_can_be_added(desk: Desk) -> None:
    article_id = str(value(desk.db, "SELECT id FROM articles"))
    record = {**blank("policy", "easing permits for barges"), "title": "easing of permits", "action": "opening"}
    identity = add_statement(desk.db, article_id, "policy", record, reviewer="Ana", now=NOON)
    assert statement(desk.db, identity).record["evidence"][0]["text"] == "easing permits for barges"
    assert value(desk.db, "SELECT count(*) FROM policy_announcements") == 2


def test_it_survives_extraction_and_nobody_is_asked_again(desk: Desk) -> None:
    identity = added(desk)
    edited = "A note.\n\n" + TEXT
    desk.store(article(edited), usual(edited, "2"))
    found = statement(desk.db, identity)
    assert not found.retired
    assert edited[found.record["start"] : found.record["end"]] == MISSED
    assert identity not in {one["id"] for one in queue(desk.db)}


def test_an_extractor_that_learns_to_find_it_takes_it_over_and_asks_where_it_differs(desk: Desk) -> None:
    identity = added(desk)
    learnt = quote(TEXT, MISSED, kind="indirect", cue="added", title=None)
    desk.store(article(), statements([*usual().quotes, learnt], usual().policies, "2"))
    assert statement(desk.db, identity).machine_state == "same"
    assert added_by(desk.db, identity) is None
    differs = quote(TEXT, MISSED, kind="indirect", cue="added", title=None, role="other")
    desk.store(article(), statements([*usual().quotes, differs], usual().policies, "3"))
    assert queue(desk.db)[0]["id"] == identity
    assert statement(desk.db, identity).record["role"] == "executive"


def test_it_counts_as_missed(desk: Desk) -> None:
    first = str(value(desk.db, "SELECT id FROM quotes"))
    decide(desk.db, first, reviewer="Ana", decision="accept", now=NOON)
    added(desk)
    (line,) = quality(desk.db).by_version
    assert (line.found.count, line.found.of) == (1, 2)
    assert (line.exact.count, line.exact.of) == (1, 1)


def test_taking_it_back_retires_it(desk: Desk) -> None:
    identity = added(desk)
    undo(desk.db, identity, reviewer="Ana", now=NOON)
    assert statement(desk.db, identity).retired
    assert value(desk.db, "SELECT count(*) FROM judgements") == 0
    again = added(desk)
    assert again != identity


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"text": "words that nobody said"}, "does not stand in the article"),
        ({"text": " "}, "give the words of the article"),
        ({"speaker": ""}, "speaker"),
        ({"role": "king"}, "role"),
        ({"text": "Barges will carry twice the grain next year,"}, "a statement already"),
    ],
)
def test_what_cannot_be_added_says_why(desk: Desk, changes: dict[str, str], told: str) -> None:
    with pytest.raises(ReviewError, match=told):
        added(desk, **changes)
    assert value(desk.db, "SELECT count(*) FROM quotes") == 1
    with pytest.raises(LookupError):
        add_statement(desk.db, "a0", "quote", blank("quote", MISSED), reviewer="Ana", now=NOON)

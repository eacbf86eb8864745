"""People merge, split and move what the machine has linked; it holds for all that comes later, and can be undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from db.connection import row, rows, value
from db.links.entities import found_as, instrument, organization, person, quotes_of_person, reports
from db.links.identities import resolve
from db.links.overrides import OverrideError, history, merge, move, split, undo
from db.links.suggestions import suggest
from tests.db_samples import NOON, Desk, article, policy, quote, statements


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


def said(desk: Desk, at: int, **changes: Any) -> tuple[str, str]:
    """The ids of a quote in an article of its own, and of the person who says it."""
    text = f"Report {at}: freight will double."
    stored = desk.store(
        article(text, url=f"https://x.cn/q{at}.html", title=None),
        statements([quote(text, "freight will double", **changes)]),
    )
    return stored.new[0], person_of(desk, stored.new[0])


def person_of(desk: Desk, quoted: str) -> str:
    return str(value(desk.db, "SELECT person_id FROM quotes WHERE id = ?", [quoted]))


def reported(desk: Desk, at: int, **changes: Any) -> tuple[str, str]:
    """The ids of an announcement in an article of its own, and of its instrument."""
    text = f"Report number {at} says that a ministry did something about {at} things."
    stored = desk.store(
        article(text, url=f"https://x.cn/{at}.html", title=None), statements(policies=[policy(text, text, **changes)])
    )
    return stored.new[0], instrument_of(desk, stored.new[0])


def instrument_of(desk: Desk, told: str) -> str:
    return str(value(desk.db, "SELECT instrument_id FROM policies WHERE id = ?", [told]))


def test_two_people_that_are_merged_are_one_from_then_on_and_the_old_id_finds_them(desk: Desk) -> None:
    shipping, board = said(desk, 1), said(desk, 2, organization="Tea Board")
    merge(desk.db, shipping[1], board[1], by="ann", reason="the same interview", now=NOON)
    later = said(desk, 3, organization="the Tea Board")

    assert {person_of(desk, quoted) for quoted, _person in (shipping, board, later)} == {shipping[1]}
    assert resolve(desk.db, board[1]) == shipping[1]
    assert found_as(desk.db, board[1]) == (shipping[1], True)
    found = person(desk.db, shipping[1])
    assert found is not None
    assert (found["quotes"], [post["organization"] for post in found["posts"]]) == (
        3, ["Tea Board", "Weir & Quay Shipping Co Ltd"],
    )  # fmt: skip
    assert {name["reason"] for name in found["names"]} == {"merged by ann: the same interview"}


def test_a_merge_that_is_undone_leaves_both_as_they_were(desk: Desk) -> None:
    shipping, board = said(desk, 1), said(desk, 2, organization="Tea Board")
    made = merge(desk.db, shipping[1], board[1], by="ann", now=NOON)
    undo(desk.db, made.event, by="bob", reason="two people after all", now=NOON)

    assert (person_of(desk, shipping[0]), person_of(desk, board[0])) == (shipping[1], board[1])
    told = [(event["event"], event["by"], event["undone_by"]) for event in history(desk.db, board[1])]
    assert told == [("merge", "ann", made.event + 1), ("undo", "bob", None)]
    with pytest.raises(OverrideError, match="taken back already"):
        undo(desk.db, made.event, by="bob", now=NOON)


def test_a_merge_survives_the_reprocessing_of_every_article(desk: Desk) -> None:
    shipping, board = said(desk, 1), said(desk, 2, organization="Tea Board")
    merge(desk.db, shipping[1], board[1], by="ann", now=NOON)
    again = said_again(desk, 1), said_again(desk, 2, organization="Tea Board")
    assert again == (shipping[1], shipping[1])


def said_again(desk: Desk, at: int, **changes: Any) -> str:
    text = f"Report {at}: freight will double."
    stored = desk.store(
        article(text, url=f"https://x.cn/q{at}.html", title=None),
        statements([quote(text, "freight will double", **changes)], version="2"),
    )
    return str(value(desk.db, "SELECT person_id FROM quotes WHERE article_id = ?", [stored.article_id]))


def test_quotes_that_are_split_off_become_another_person_and_come_back_when_that_is_undone(desk: Desk) -> None:
    one, two, three = said(desk, 1), said(desk, 2), said(desk, 3)
    made = split(desk.db, one[1], [two[0]], by="ann", reason="her namesake", now=NOON)

    assert person_of(desk, two[0]) == made.identity != one[1]
    assert person_of(desk, three[0]) == one[1]
    assert [found["id"] for found in quotes_of_person(desk.db, made.identity)] == [two[0]]
    assert said_again(desk, 2) == made.identity
    undo(desk.db, made.event, by="ann", now=NOON)
    assert person_of(desk, two[0]) == one[1]


def test_a_name_that_is_split_off_whole_takes_along_what_is_said_later(desk: Desk) -> None:
    shipping, board = said(desk, 1), said(desk, 2, organization="Tea Board")
    merge(desk.db, shipping[1], board[1], by="ann", now=NOON)
    made = split(desk.db, shipping[1], [board[0]], by="bob", now=NOON)
    assert made.identity == board[1]
    assert said(desk, 3, organization="Tea Board")[1] == board[1]


def test_organizations_are_merged_and_their_people_of_one_name_with_them(desk: Desk) -> None:
    shipping, board = said(desk, 1), said(desk, 2, organization="Quay Lines")
    ids = [found["organization_id"] for found in rows(desk.db, "SELECT organization_id FROM quotes ORDER BY seq")]
    made = merge(desk.db, ids[0], ids[1], by="ann", now=NOON)
    assert person_of(desk, shipping[0]) == person_of(desk, board[0])
    found = organization(desk.db, ids[0])
    assert found is not None
    assert ([one["name"] for one in found["people"]], found["quotes"]) == (["Lin Qiao"], 2)
    undo(desk.db, made.event, by="ann", now=NOON)
    assert resolve(desk.db, ids[1]) == ids[1]


def test_an_announcement_is_moved_to_another_instrument_and_to_a_new_one(desk: Desk) -> None:
    first, second = reported(desk, 1), reported(desk, 2, title="measures on the licensing of river pilots")
    made = move(desk.db, [second[0]], first[1], by="ann", now=NOON)
    assert instrument_of(desk, second[0]) == first[1]
    found = instrument(desk.db, first[1])
    assert found is not None
    assert (found["articles"], len(reports(desk.db, first[1]))) == (2, 2)

    alone = move(desk.db, [first[0]], None, by="ann", now=NOON)
    assert instrument_of(desk, first[0]) == alone.identity != first[1]
    undo(desk.db, alone.event, by="ann", now=NOON)
    undo(desk.db, made.event, by="ann", now=NOON)
    assert (instrument_of(desk, first[0]), instrument_of(desk, second[0])) == (first[1], second[1])


def test_what_the_machine_put_together_a_person_takes_apart_for_good(desk: Desk) -> None:
    title = "guideline to support river freight along the Yangtze"
    day, month = reported(desk, 1, title=title), reported(desk, 2, title=title, issued_on="2026-11")
    assert instrument_of(desk, day[0]) == instrument_of(desk, month[0])
    kept = instrument_of(desk, day[0])
    other = month[0] if kept == day[1] else day[0]
    split(desk.db, kept, [other], by="ann", now=NOON)
    reported(desk, 3, title=title)
    assert instrument_of(desk, day[0]) != instrument_of(desk, month[0])
    assert "a person put it apart" in suggest(desk.db, kept)[0].reason


def test_namesakes_are_suggested_with_the_reason_why_they_are_not_one(desk: Desk) -> None:
    shipping, board = said(desk, 1), said(desk, 2, organization="Tea Board")
    nobody = said(desk, 3, organization=None)
    found = [(one.id, one.reason) for one in suggest(desk.db, shipping[1])]
    assert found == [
        (board[1], "the same name, another organization: Tea Board"),
        (nobody[1], "the same name, no organization named"),
    ]


def test_what_cannot_be_says_what_to_do(desk: Desk) -> None:
    one, two = said(desk, 1), said(desk, 2, organization="Tea Board")
    told = reported(desk, 1)
    with pytest.raises(OverrideError, match="only two of one sort"):
        merge(desk.db, one[1], told[1], by="ann", now=NOON)
    with pytest.raises(OverrideError, match="one person already"):
        merge(desk.db, one[1], one[1], by="ann", now=NOON)
    with pytest.raises(OverrideError, match="leave at least one"):
        split(desk.db, one[1], [one[0]], by="ann", now=NOON)
    with pytest.raises(OverrideError, match="is not about"):
        split(desk.db, one[1], [two[0]], by="ann", now=NOON)
    with pytest.raises(OverrideError, match="needs a name"):
        merge(desk.db, one[1], two[1], by=" ", now=NOON)
    with pytest.raises(LookupError):
        merge(desk.db, one[1], "n000000000000000", by="ann", now=NOON)
    assert row(desk.db, "SELECT * FROM identity_events") is None
    assert resolve(desk.db, "n000000000000000") is None
    assert resolve(desk.db, "hello") is None

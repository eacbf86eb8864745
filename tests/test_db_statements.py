"""Statements keep their ids while their evidence stands, and what people decided survives every extraction."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db.connection import row, rows, value
from db.deciding.queue import Filter
from db.review import AlreadyDecided, ReviewError, decide, history, last_decision, queue, queue_length, statement, undo
from db.search import find_policies, find_quotes
from pipeline.model import Span
from tests.db_samples import NOON, TEXT, Desk, article, policy, quote, statements, usual

WORDS = "Barges will carry twice the grain next year,"
FIRST = TEXT.partition("\n\n")[0]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.sqlite")


def ids(desk: Desk) -> list[str]:
    return [found["id"] for found in rows(desk.db, "SELECT id FROM quotes WHERE retired_at IS NULL ORDER BY position")]


def quoted(desk: Desk) -> dict[str, Any]:
    found = row(desk.db, "SELECT * FROM quotes_attributed")
    assert found is not None
    return found


def correct(desk: Desk, identity: str, **changes: Any) -> int:
    return decide(desk.db, identity, reviewer="Ana", decision="correct", changes=changes, now=NOON)


# -- ids --------------------------------------------------------------------------------------------------------------


def test_two_databases_give_the_same_ids(tmp_path: Path) -> None:
    first = Desk(tmp_path / "a.sqlite").store(article(), usual())
    second = Desk(tmp_path / "b.sqlite").store(article(), usual())
    assert first.new == second.new


def test_a_better_extractor_changes_fields_and_no_id(desk: Desk) -> None:
    first = desk.store(article(), usual())
    better = statements([quote(TEXT, WORDS, title="chief executive officer")], usual().policies, "2")
    again = desk.store(article(), better)

    assert (again.new, again.retired, again.changed) == ((), (), (first.new[0],))
    assert quoted(desk)["title"] == "chief executive officer"
    assert quoted(desk)["extractor_version"] == "2"


def test_how_sure_the_machine_is_stands_beside_the_statement_and_orders_the_queue(desk: Desk) -> None:
    sure = replace(quote(TEXT, WORDS), confidence=0.9)
    unsure = replace(policy(TEXT, FIRST), confidence=0.4)
    first = desk.store(article(), statements([sure], [unsure], "1"))
    assert quoted(desk)["confidence"] == 0.9

    again = desk.store(article(), statements([replace(sure, confidence=0.6)], [unsure], "2"))
    assert again.changed == (), "what it says is the same"
    assert quoted(desk)["confidence"] == 0.6
    assert {found["id"] for found in queue(desk.db)} == set(first.new)


def test_a_boundary_that_moves_a_little_keeps_the_id(desk: Desk) -> None:
    first = desk.store(article(), usual())
    moved = statements([quote(TEXT, WORDS.rstrip(","))], [policy(TEXT, FIRST[10:])], "2")
    again = desk.store(article(), moved)

    assert (again.new, again.retired) == ((), ())
    assert quoted(desk)["id"] == first.new[0]
    assert quoted(desk)["text"] == WORDS.rstrip(",")


def test_evidence_that_was_edited_and_moved_keeps_the_id(desk: Desk) -> None:
    first = desk.store(article(), usual())
    edited = "A note stands first now.\n\n" + TEXT.replace("twice the grain", "three times the grain")
    words = "Barges will carry three times the grain next year,"
    again = desk.store(article(edited), statements([quote(edited, words)], [policy(edited, FIRST)]))

    assert again.outcome == "revised"
    assert (again.new, again.retired) == ((), ())
    assert quoted(desk)["id"] == first.new[0]
    assert "three times" in quoted(desk)["text"]


def test_a_statement_that_is_no_longer_found_is_retired_and_comes_back_under_its_id(desk: Desk) -> None:
    first = desk.store(article(), usual())
    gone = desk.store(article(), statements(policies=usual().policies, version="2"))
    assert gone.retired == (first.new[0],)
    assert ids(desk) == []
    assert value(desk.db, "SELECT count(*) FROM quotes") == 1

    back = desk.store(article(), usual(version="3"))
    assert (back.new, ids(desk)) == ((), [first.new[0]])


def test_the_same_words_twice_are_two_statements_each_with_its_id(desk: Desk) -> None:
    text = '"No comment," said Lin.\n\nHe was asked again. "No comment," said Lin.'
    spans = [text.index("No comment,"), text.rindex("No comment,")]
    both = [quote(text, "No comment,", span=Span.cut(text, at, at + 11)) for at in spans]
    desk.store(article(text), statements(both))
    before = ids(desk)
    assert len(set(before)) == 2
    desk.store(article(text), statements(both, version="2"))
    assert ids(desk) == before


def test_two_announcements_in_one_sentence_do_not_swap_their_ids(desk: Desk) -> None:
    text = "The ministry issued a notice on kelp farming and a plan for tidal mills on Nov 18."
    kelp = policy(text, text, title="a notice on kelp farming", instrument="notice")
    mills = policy(text, text, title="a plan for tidal mills", instrument="plan")
    stored = desk.store(article(text), statements(policies=[mills]))
    again = desk.store(article(text), statements(policies=[kelp, mills], version="2"))

    assert len(again.new) == 1
    titles = {found["id"]: found["title"] for found in rows(desk.db, "SELECT id, title FROM policies")}
    assert titles[stored.new[0]] == "a plan for tidal mills"


def test_announcements_with_other_numbers_are_never_the_same(desk: Desk) -> None:
    text = "The ministry issued two announcements on Nov 18."
    desk.store(article(text), statements(policies=[policy(text, text, number="MOFCOM Announcement No. 3 of 2026")]))
    other = statements(policies=[policy(text, text, number="MOFCOM Announcement No. 4 of 2026")], version="2")
    assert len(desk.store(article(text), other).new) == 1


# -- decisions --------------------------------------------------------------------------------------------------------


def test_a_correction_stands_beside_what_the_machine_said(desk: Desk) -> None:
    identity = desk.store(article(), usual()).new[0]
    correct(desk, identity, role="expert", title=None)

    assert (quoted(desk)["role"], quoted(desk)["title"]) == ("expert", None)
    assert quoted(desk)["review_state"] == "corrected"
    seen = statement(desk.db, identity)
    assert (seen.record["role"], seen.machine["role"]) == ("expert", "executive")
    assert value(desk.db, "SELECT count(*) FROM executive_quotes") == 0
    event = history(desk.db, identity)[0]
    assert (event["reviewer"], event["decision"], event["extractor_version"]) == ("Ana", "correct", "1")
    assert event["old_values"] == {"role": "executive", "title": "chief executive"}
    assert event["new_values"] == {"role": "expert", "title": None}


def test_a_correction_survives_a_new_extraction_a_revision_and_a_moved_boundary(desk: Desk) -> None:
    identity = desk.store(article(), usual()).new[0]
    correct(desk, identity, role="expert")
    edited = "First a note.\n\n" + TEXT
    desk.store(article(), usual(version="2"))
    desk.store(article(edited), statements([quote(edited, WORDS.rstrip(","))], version="3"))

    assert (quoted(desk)["id"], quoted(desk)["role"], quoted(desk)["text"]) == (identity, "expert", WORDS.rstrip(","))
    assert quoted(desk)["start"] == edited.index(WORDS)


def test_corrected_words_that_the_article_no_longer_holds_come_back_to_a_person(desk: Desk) -> None:
    identity = desk.store(article(), usual()).new[0]
    correct(desk, identity, text="twice the grain next year")
    edited = TEXT.replace("twice the grain next year", "twice the grain next spring")
    words = "Barges will carry twice the grain next spring,"
    desk.store(article(edited), statements([quote(edited, words)]))
    assert quoted(desk)["text"] == words
    assert (quoted(desk)["id"], queue(desk.db)[0]["id"]) == (identity, identity)


def test_a_machine_that_changes_its_mind_brings_a_reviewed_statement_back_with_both_shown(desk: Desk) -> None:
    identity = desk.store(article(), usual()).new[0]
    decide(desk.db, identity, reviewer="Ana", decision="accept", now=NOON)
    assert identity not in {one["id"] for one in queue(desk.db)}

    desk.store(article(), statements([quote(TEXT, WORDS, speaker="Qiao Lin")], usual().policies, "2"))

    assert quoted(desk)["speaker"] == "Lin Qiao"
    assert statement(desk.db, identity).machine["speaker"] == "Qiao Lin"
    assert queue(desk.db)[0]["id"] == identity
    assert "differently" in queue(desk.db)[0]["reason"]

    desk.store(article(), usual(version="3"))
    assert identity not in {one["id"] for one in queue(desk.db)}


def test_a_confirmed_statement_stays_though_the_machine_no_longer_finds_it(desk: Desk) -> None:
    identity = desk.store(article(), usual()).new[0]
    decide(desk.db, identity, reviewer="Ana", decision="accept", now=NOON)
    edited = "A note.\n\n" + TEXT
    stored = desk.store(article(edited), statements(version="2"))

    assert identity not in stored.retired
    assert quoted(desk)["start"] == edited.index(WORDS)
    assert queue(desk.db)[0]["reason"] == "the extractor no longer finds a confirmed statement"

    rewritten = "Nothing of it is left."
    assert identity in desk.store(article(rewritten), statements(version="2")).retired
    assert history(desk.db, identity) != []


def test_who_has_confirmed_what_the_machine_no_longer_finds_is_not_asked_again(desk: Desk) -> None:
    identity = desk.store(article(), usual()).new[0]
    decide(desk.db, identity, reviewer="Ana", decision="accept", now=NOON)
    desk.store(article(), statements(version="2"))
    decide(desk.db, identity, reviewer="Bo", decision="accept", now=NOON)
    assert history(desk.db, identity)[-1]["machine"] is None
    assert queue(desk.db) == []

    desk.store(article(), statements(version="3"))
    assert queue(desk.db) == []

    desk.store(article(), statements([quote(TEXT, WORDS)], version="4"))
    assert queue(desk.db) == []
    desk.store(article(), statements([quote(TEXT, WORDS, role="expert")], version="5"))
    assert [one["id"] for one in queue(desk.db)] == [identity]
    assert quoted(desk)["role"] == "executive"


def test_taking_back_the_confirmation_of_what_is_no_longer_found_asks_again(desk: Desk) -> None:
    identity = desk.store(article(), usual()).new[0]
    decide(desk.db, identity, reviewer="Ana", decision="accept", now=NOON)
    desk.store(article(), statements(version="2"))
    decide(desk.db, identity, reviewer="Bo", decision="accept", now=NOON)
    undo(desk.db, identity, reviewer="Bo", now=NOON)
    assert [one["id"] for one in queue(desk.db)] == [identity]


def test_a_rejected_statement_leaves_the_views_and_stays_rejected(desk: Desk) -> None:
    identity = desk.store(article(), usual()).new[1]
    decide(desk.db, identity, reviewer="Ana", decision="reject", reason="a plan of the company", now=NOON)
    desk.store(article(), usual(version="2"))
    assert value(desk.db, "SELECT count(*) FROM policy_announcements") == 0
    assert value(desk.db, "SELECT review_state FROM policies") == "rejected"


def test_undoing_gives_the_machine_its_say_and_is_an_event_too(desk: Desk) -> None:
    identity = desk.store(article(), usual()).new[0]
    correct(desk, identity, role="expert")
    correct(desk, identity, role="other")
    undo(desk.db, identity, reviewer="Ben", now=NOON)
    assert quoted(desk)["role"] == "expert"
    undo(desk.db, identity, reviewer="Ben", now=NOON)
    assert (quoted(desk)["role"], quoted(desk)["review_state"]) == ("executive", "open")
    assert [event["decision"] for event in history(desk.db, identity)] == ["correct", "correct", "undo", "undo"]
    with pytest.raises(ReviewError, match="no decision"):
        undo(desk.db, identity, reviewer="Ben", now=NOON)


def test_the_second_of_two_reviewers_is_told(desk: Desk) -> None:
    identity = desk.store(article(), usual()).new[0]
    seen = last_decision(desk.db, identity)
    decide(desk.db, identity, reviewer="Ana", decision="accept", now=NOON, expected=seen)
    with pytest.raises(AlreadyDecided, match="Ana has decided") as caught:
        decide(desk.db, identity, reviewer="Ben", decision="accept", now=NOON, expected=seen)
    assert caught.value.latest is not None
    assert len(history(desk.db, identity)) == 1


def test_decisions_cannot_be_changed_or_deleted(desk: Desk) -> None:
    identity = desk.store(article(), usual()).new[0]
    decide(desk.db, identity, reviewer="Ana", decision="accept", now=NOON)
    for sql in ("DELETE FROM decisions", "UPDATE decisions SET reviewer = 'x'"):
        with pytest.raises(Exception, match="a decision is an event"):
            desk.db.execute(sql)


@pytest.mark.parametrize(
    ("which", "changes", "message"),
    [
        (0, {"role": "boss"}, "role: must be one of executive, official, expert, other"),
        (0, {"kind": None}, "kind: must be one of"),
        (0, {"text": "words that are not there"}, "does not stand in the article"),
        (0, {"start": 3}, "start: no field that can be corrected"),
        (0, {"speaker": "  "}, "speaker: must be a text"),
        (1, {"issued_on": "18 Nov 2026"}, "issued_on: must be a date"),
        (1, {"issued_on": "2026-13"}, "issued_on: must be a date"),
        (1, {"issuers": "Ministry of Commerce"}, "issuers: must be a list"),
        (1, {"evidence": []}, "needs at least one sentence"),
        (1, {"title": None}, "title: must be a text"),
        (1, {"instrument": "guideline"}, "every field has that value already"),
        (1, {}, "needs at least one field"),
    ],
)
def test_a_correction_that_the_spec_does_not_allow_is_refused(
    desk: Desk, which: int, changes: dict[str, Any], message: str
) -> None:
    identity = desk.store(article(), usual()).new[which]
    with pytest.raises(ReviewError, match=message):
        decide(desk.db, identity, reviewer="Ana", decision="correct", changes=changes, now=NOON)
    assert history(desk.db, identity) == []


def test_every_field_can_be_corrected(desk: Desk) -> None:
    quote_id, policy_id = desk.store(article(), usual()).new
    correct(
        desk, quote_id, text="twice the grain", kind="partial", cue="claimed", speaker="Lin Qiaoyu",
        speaker_type="unnamed", role=None, title="boatman", organization="Weir & Quay",
    )  # fmt: skip
    correct(
        desk, policy_id, title="river guideline", instrument="plan", number="MOFCOM Order No. 1 of 2026",
        issuers=["State Council"], issued_on="2026-11", effective_on="2027", status="draft", salience="background",
        action="support", regions=["Hubei"], sectors=["freight"], entities=["Weir & Quay"], evidence=["easing permits"],
    )  # fmt: skip
    found = quoted(desk)
    assert (found["text"], found["start"], found["end"]) == (
        "twice the grain", TEXT.index("twice"), TEXT.index(" next year")
    )  # fmt: skip
    corrected = row(desk.db, "SELECT * FROM policy_announcements")
    assert corrected is not None
    assert json.loads(corrected["evidence"])[0]["start"] == TEXT.index("easing permits")
    assert (corrected["status"], json.loads(corrected["issuers"])) == ("draft", ["State Council"])

    desk.store(article(), usual(version="2"))
    assert quoted(desk)["text"] == "twice the grain"
    assert value(desk.db, "SELECT title FROM policy_announcements") == "river guideline"


def test_a_rejection_needs_a_reason_and_a_decision_a_name(desk: Desk) -> None:
    identity = desk.store(article(), usual()).new[0]
    with pytest.raises(ReviewError, match="reason"):
        decide(desk.db, identity, reviewer="Ana", decision="reject", now=NOON)
    with pytest.raises(ReviewError, match="reviewer"):
        decide(desk.db, identity, reviewer=" ", decision="accept", now=NOON)
    with pytest.raises(LookupError):
        decide(desk.db, "q000", reviewer="Ana", decision="accept", now=NOON)
    with pytest.raises(LookupError):
        statement(desk.db, "zebra")


def test_the_queue_begins_with_what_is_worth_most(desk: Desk) -> None:
    official = quote(TEXT, "the company would hire", role="official", kind="indirect")
    background = policy(TEXT, "Lin added that", title="an old notice", salience="background")
    desk.store(article(), statements([*usual().quotes, official], [*usual().policies, background]))
    assert [one["reason"] for one in queue(desk.db)] == [
        "news announcement",
        "quote of an executive",
        "quote of an official",
        "announcement cited as background",
    ]
    assert queue_length(desk.db) == 4
    first = queue(desk.db, limit=1)[0]["id"]
    assert queue(desk.db, limit=1, skip={first})[0]["id"] != first
    assert {one["kind"] for one in queue(desk.db, Filter(kind="quote"))} == {"quote"}


def test_a_hostile_page_of_thousands_of_equal_quotes_is_stored_and_read_again(desk: Desk) -> None:
    text = '"No," said Lin. ' * 3000
    found = [quote(text, "No,", span=Span.cut(text, at * 16 + 1, at * 16 + 4)) for at in range(3000)]
    one = replace(article(), text=text)
    assert len(desk.store(one, statements(found)).new) == 3000
    assert desk.store(one, statements(found, version="2")).new == ()


def test_a_search_knows_at_once_what_was_decided(desk: Desk) -> None:
    quoted, announced = desk.store(article(), usual()).new
    decide(desk.db, quoted, reviewer="Ana", decision="accept", now=NOON)
    decide(desk.db, announced, reviewer="Ana", decision="reject", reason="a plan of the company", now=NOON)
    assert [found["id"] for found in find_quotes(desk.db, review_state="accepted").rows] == [quoted]
    assert find_quotes(desk.db, review_state="open").rows == ()
    assert find_policies(desk.db, "freight").rows == ()
    undo(desk.db, announced, reviewer="Ana", now=NOON)
    assert [found["id"] for found in find_policies(desk.db, "freight").rows] == [announced]

"""Review by a plain form: decisions are stored through the review of the database, nobody is overwritten unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.connection import row, value
from db.review import decide, history, queue_length, statement
from db.statements import FIELDS
from tests.db_samples import NOON, TEXT, Desk, article, quote, statements, usual
from tests.web_desk import FIRST, WORDS, Reader, filled, form_of, site


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return site(desk)


@pytest.fixture
def quoted(desk: Desk) -> str:
    return str(value(desk.db, "SELECT id FROM quotes WHERE text = ?", [WORDS]))


@pytest.fixture
def announced(desk: Desk) -> str:
    return str(value(desk.db, "SELECT id FROM policies WHERE instrument = 'guideline'"))


def form(reader: Reader, identity: str) -> dict[str, str]:
    return {**form_of(reader.get(f"/review/{identity}").text), "reviewer": "Ana"}


def test_the_queue_shows_the_most_valuable_with_its_evidence_in_context(reader: Reader) -> None:
    page = reader.get("/review").text
    assert "6 waiting" in page
    assert "news announcement" in page
    assert '<mark class="policy"' in page
    assert "Next in the queue" in page


def test_accepting_stores_the_decision_and_goes_on(desk: Desk, reader: Reader, quoted: str) -> None:
    answer = reader.post(f"/review/{quoted}", {**form(reader, quoted), "decision": "accept"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/review?done={quoted}"
    event = history(desk.db, quoted)[0]
    assert (event["reviewer"], event["decision"]) == ("Ana", "accept")
    following = reader.get(answer.headers["location"]).text
    assert "Accepted:" in following
    assert "5 waiting" in following


def test_the_name_is_kept_for_the_next_decision(reader: Reader, quoted: str, announced: str) -> None:
    reader.post(f"/review/{quoted}", {**form(reader, quoted), "reviewer": "安 Ana", "decision": "accept"})
    assert form_of(reader.get(f"/review/{announced}").text)["reviewer"] == "安 Ana"


def test_every_field_of_a_quote_can_be_corrected(desk: Desk, reader: Reader, quoted: str) -> None:
    wanted = {
        "text": WORDS.rstrip(","), "kind": "partial", "cue": "told", "speaker": "Qiao Lin", "speaker_type": "person",
        "role": "expert", "title": "", "organization": "Weir & Quay",
    }  # fmt: skip
    answer = reader.post(f"/review/{quoted}", {**form(reader, quoted), **wanted, "decision": "correct"})
    assert answer.status_code == 303, answer.text
    record = statement(desk.db, quoted).record
    assert {name: record[name] or "" for name in wanted} == wanted
    assert statement(desk.db, quoted).machine["role"] == "executive"
    assert "machine: executive" in reader.get(f"/review/{quoted}").text


def test_every_field_of_an_announcement_can_be_corrected(desk: Desk, reader: Reader, announced: str) -> None:
    wanted = {
        "title": "Guideline on River Freight", "instrument": "measures", "number": "No 3", "issued_on": "2026-11",
        "issuers": "Ministry of Transport\r\nMinistry of Commerce", "effective_on": "2027-01-01", "status": "draft",
        "salience": "background", "action": "support", "regions": "Wuhan", "sectors": "river freight\nbarges\n",
        "entities": "Weir & Quay", "evidence": FIRST[:40],
    }  # fmt: skip
    answer = reader.post(f"/review/{announced}", {**form(reader, announced), **wanted, "decision": "correct"})
    assert answer.status_code == 303, answer.text
    record = statement(desk.db, announced).record
    assert record["issuers"] == ["Ministry of Transport", "Ministry of Commerce"]
    assert record["sectors"] == ["river freight", "barges"]
    assert record["evidence"] == [{"start": 0, "end": 40, "text": FIRST[:40]}]
    assert (record["status"], record["issued_on"], record["action"]) == ("draft", "2026-11", "support")


def test_a_form_that_nobody_touched_changes_nothing(desk: Desk, reader: Reader, announced: str) -> None:
    answer = reader.post(f"/review/{announced}", {**form(reader, announced), "decision": "correct"})
    assert answer.status_code == 422
    assert history(desk.db, announced) == []


def test_accepting_a_form_with_changes_is_refused_by_name(desk: Desk, reader: Reader, quoted: str) -> None:
    answer = reader.post(f"/review/{quoted}", {**form(reader, quoted), "speaker": "X", "decision": "accept"})
    assert answer.status_code == 422
    assert "You have changed speaker" in answer.text
    assert form_of(answer.text)["speaker"] == "X"
    assert history(desk.db, quoted) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"decision": "reject"}, "a rejection needs one"),
        ({"decision": "accept", "reviewer": "  "}, "Please give your name"),
        ({"decision": "correct", "text": "words that nobody said"}, "does not stand in the article"),
        ({"decision": "correct", "role": "king"}, "must be one of"),
        ({"decision": "dance"}, "accept, save corrections or reject"),
        ({}, "accept, save corrections or reject"),
    ],
)
def test_what_cannot_be_stored_is_explained_beside_the_form(
    desk: Desk, reader: Reader, quoted: str, changes: dict[str, str], told: str
) -> None:
    answer = reader.post(f"/review/{quoted}", {**form(reader, quoted), **changes})
    assert answer.status_code == 422
    assert told in answer.text
    assert history(desk.db, quoted) == []


def test_rejecting_takes_a_reason_and_undo_takes_it_back(desk: Desk, reader: Reader, announced: str) -> None:
    fields = {**form(reader, announced), "reason": "a company's own plan", "decision": "reject"}
    reader.post(f"/review/{announced}", fields)
    assert value(desk.db, "SELECT count(*) FROM policy_announcements WHERE id = ?", [announced]) == 0
    assert history(desk.db, announced)[0]["reason"] == "a company's own plan"

    answer = reader.post(f"/review/{announced}", {**form(reader, announced), "decision": "undo"})
    assert answer.headers["location"] == f"/review/{announced}"
    assert value(desk.db, "SELECT count(*) FROM policy_announcements WHERE id = ?", [announced]) == 1
    assert "Taken back" not in reader.get(f"/review?done={announced}").text


def test_skipping_shows_the_next_and_stores_nothing(desk: Desk, reader: Reader) -> None:
    first = reader.get("/review").text
    skip = first.partition('">Skip</a>')[0].rpartition('href="')[2]
    assert skip.startswith("/review?skip=p")
    second = reader.get(skip).text
    named = [page.partition('action="/review/')[2][:16] for page in (first, second)]
    assert named[0] != named[1]
    assert value(desk.db, "SELECT count(*) FROM decisions") == 0


def test_skipping_all_ends_with_a_way_back(desk: Desk, reader: Reader) -> None:
    waiting = [r[0] for r in desk.db.conn.execute("SELECT id FROM review_queue").fetchall()]
    page = reader.get(f"/review?skip={','.join(waiting)}").text
    assert "6 skipped" in page
    assert "Begin again with all 6" in page


def test_the_second_of_two_reviewers_is_told_and_nothing_is_overwritten(
    desk: Desk, reader: Reader, quoted: str
) -> None:
    seen_by_both = form(reader, quoted)
    reader.post(f"/review/{quoted}", {**seen_by_both, "role": "expert", "decision": "correct"})
    second = {**seen_by_both, "reviewer": "Bo", "speaker": "Somebody Else", "decision": "correct"}
    answer = reader.post(f"/review/{quoted}", second)
    assert answer.status_code == 409
    assert "Ana has decided (correct) in the meantime" in answer.text
    assert "Somebody Else" in answer.text
    assert form_of(answer.text)["role"] == "expert"
    assert form_of(answer.text)["speaker"] == "Lin Qiao"
    assert len(history(desk.db, quoted)) == 1


def test_a_form_that_shows_an_older_reading_of_the_machine_is_a_conflict(
    desk: Desk, reader: Reader, quoted: str
) -> None:
    stale = form(reader, quoted)
    better = statements([quote(TEXT, WORDS, title="chief executive officer")], usual().policies, "2")
    desk.store(article(), better)
    answer = reader.post(f"/review/{quoted}", {**stale, "speaker": "Qiao Lin", "decision": "correct"})
    assert answer.status_code == 409
    assert "has read this statement anew" in answer.text
    assert form_of(answer.text)["title"] == "chief executive officer"
    assert history(desk.db, quoted) == []


def test_a_form_without_the_mark_of_what_was_seen_is_a_conflict(desk: Desk, reader: Reader, quoted: str) -> None:
    answer = reader.post(f"/review/{quoted}", {"reviewer": "Ana", "decision": "accept"})
    assert answer.status_code == 409
    assert history(desk.db, quoted) == []


def test_the_kinds_can_be_reviewed_apart(desk: Desk, reader: Reader) -> None:
    assert 'action="/review/q' in reader.get("/review?only=quote").text
    assert 'action="/review/p' in reader.get("/review?only=policy").text
    assert queue_length(desk.db) == 6


def test_a_decision_shows_in_the_article(desk: Desk, reader: Reader, quoted: str) -> None:
    decide(desk.db, quoted, reviewer="Ana", decision="accept", now=NOON)
    found = row(desk.db, "SELECT article_id FROM quotes WHERE id = ?", [quoted])
    assert found is not None
    assert "state-accepted" in reader.get(f"/articles/{found['article_id']}").text


def test_no_control_of_the_form_has_the_name_of_a_field() -> None:
    ours = {"expected", "seen", "skip", "only", "reviewer", "reason", "decision"}
    assert all(ours.isdisjoint(names) for names in FIELDS.values())

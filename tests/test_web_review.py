"""Review by a plain form: decisions are stored through the review of the database, nobody is overwritten unseen."""

from __future__ import annotations

import getpass
import json
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest

from db.connection import row, value
from db.deciding.queue import claim, claimed_by_others
from db.keeping.records import FIELDS
from db.review import decide, history, queue, queue_length, statement
from tests.db_samples import NOON, TEXT, Desk, article, quote, statements, usual
from tests.web_desk import FIRST, HOME, NOW, WORDS, Reader, filled, form_of, site


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
    return form_of(reader.get(f"/review/{identity}").text)


def test_the_queue_shows_the_most_valuable_with_its_evidence_in_context(reader: Reader) -> None:
    page = reader.get("/review").text
    assert '<span id="waiting">6</span> waiting' in page
    assert "news announcement" in page
    assert '<mark class="policy"' in page
    assert "Next in the queue" in page


def test_accepting_stores_the_decision_and_goes_on(desk: Desk, reader: Reader, quoted: str) -> None:
    answer = reader.post(f"/review/{quoted}", {**form(reader, quoted), "decision": "accept"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/review?done={quoted}"
    event = history(desk.db, quoted)[0]
    assert (event["reviewer"], event["decision"]) == (getpass.getuser(), "accept")
    following = reader.get(answer.headers["location"]).text
    assert "Accepted:" in following
    assert '<span id="waiting">5</span> waiting' in following


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
    assert "Rejected:" not in reader.get(f"/review?done={announced}").text


def test_skipping_shows_the_next_and_stores_nothing(desk: Desk, reader: Reader) -> None:
    first = reader.get("/review").text
    skip = first.partition('" aria-keyshortcuts="s"')[0].rpartition('href="')[2]
    assert skip.startswith("/review?skip=p")
    second = reader.get(skip).text
    named = [page.partition('class="review" method="post" action="/review/')[2][:16] for page in (first, second)]
    assert named[0] != named[1]
    assert value(desk.db, "SELECT count(*) FROM decisions") == 0


def test_skipping_all_ends_with_a_way_back(desk: Desk, reader: Reader) -> None:
    waiting = [r[0] for r in desk.db.conn.execute("SELECT id FROM review_queue").fetchall()]
    page = reader.get(f"/review?skip={','.join(waiting)}").text
    assert "6 skipped" in page
    assert "Begin again with all 6" in page


def test_the_second_of_two_reviewers_is_told_and_keeps_what_was_entered(
    desk: Desk, reader: Reader, quoted: str
) -> None:
    seen_by_both = form(reader, quoted)
    decide(desk.db, quoted, reviewer="Ana", decision="correct", changes={"role": "expert", "cue": "told"}, now=NOON)
    second = {**seen_by_both, "speaker": "Somebody Else", "cue": "added", "decision": "correct"}
    answer = reader.post(f"/review/{quoted}", second)
    assert answer.status_code == 409
    assert "Ana has decided (correct: role, reporting word) in the meantime, on 20 Nov 2026, 04:00 UTC" in answer.text
    again = form_of(answer.text)
    assert (again["role"], again["speaker"], again["cue"]) == ("expert", "Somebody Else", "added")
    assert answer.text.count("changed by Ana in the meantime") == 1
    assert len(history(desk.db, quoted)) == 1

    assert reader.post(f"/review/{quoted}", {**again, "decision": "correct"}).status_code == 303
    record = statement(desk.db, quoted).record
    assert (record["role"], record["speaker"], record["cue"]) == ("expert", "Somebody Else", "added")


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
    answer = reader.post(f"/review/{quoted}", {"decision": "accept"})
    assert answer.status_code == 409
    assert history(desk.db, quoted) == []


def test_the_kinds_can_be_reviewed_apart(desk: Desk, reader: Reader) -> None:
    assert 'action="/review/q' in reader.get("/review?kind=quote").text
    assert 'action="/review/p' in reader.get("/review?kind=policy").text
    assert queue_length(desk.db) == 6


def test_a_decision_shows_in_the_article(desk: Desk, reader: Reader, quoted: str) -> None:
    decide(desk.db, quoted, reviewer="Ana", decision="accept", now=NOON)
    found = row(desk.db, "SELECT article_id FROM quotes WHERE id = ?", [quoted])
    assert found is not None
    assert "state-accepted" in reader.get(f"/articles/{found['article_id']}").text


def test_no_control_of_the_form_has_the_name_of_a_field() -> None:
    ours = {"expected", "seen", "place", "reason", "reject_as", "decision"}
    assert all(ours.isdisjoint(names) for names in FIELDS.values())


def test_every_button_names_its_key(reader: Reader) -> None:
    page = reader.get("/review").text
    keys = set(" ".join(re.findall(r'aria-keyshortcuts="([^"]+)"', page)).split())
    assert keys == {"/", "?", "1", "2", "3", "4", "a", "c", "e", "s", "u", "x"}


def test_a_reason_of_the_list_is_one_button(desk: Desk, reader: Reader, quoted: str) -> None:
    reader.post(f"/review/{quoted}", {**form(reader, quoted), "reject_as": "words of the reporter"})
    event = history(desk.db, quoted)[0]
    assert (event["decision"], event["reason"]) == ("reject", "words of the reporter")


def test_undoing_without_a_name_takes_back_ones_own_last_decision(
    desk: Desk, reader: Reader, quoted: str, announced: str
) -> None:
    for identity in (announced, quoted):
        reader.post(f"/review/{identity}", {**form(reader, identity), "decision": "accept"})
    assert reader.post("/review/undo", {}).headers["location"] == f"/review/{quoted}"
    assert reader.post("/review/undo", {}).headers["location"] == f"/review/{announced}"
    assert reader.post("/review/undo", {}).status_code == 409
    assert queue_length(desk.db) == 6


def test_undoing_tells_where_somebody_else_has_decided_since(desk: Desk, reader: Reader, quoted: str) -> None:
    reader.post(f"/review/{quoted}", {**form(reader, quoted), "decision": "accept"})
    decide(desk.db, quoted, reviewer="Bo", decision="correct", changes={"role": "other"}, now=NOON)
    answer = reader.post("/review/undo", {})
    assert answer.status_code == 409
    assert "Bo has decided (correct: role)" in answer.text


def test_what_another_reviewer_is_shown_is_not_shown_twice(desk: Desk, reader: Reader) -> None:
    first = queue(desk.db)[0]["id"]
    assert claim(desk.db, first, "Bo", now=NOW)
    page = reader.get("/review").text
    assert f'action="/review/{first}"' not in page
    assert "Bo is looking at this statement right now" in reader.get(f"/review/{first}").text


def test_what_one_is_shown_is_kept_from_others(desk: Desk, reader: Reader) -> None:
    first = queue(desk.db)[0]["id"]
    assert f'action="/review/{first}"' in reader.get("/review").text
    assert claimed_by_others(desk.db, "Bo", now=NOW) == {first}
    assert f'action="/review/{first}"' in reader.get("/review").text


def test_the_end_of_the_queue_says_that_others_have_the_rest(desk: Desk, reader: Reader) -> None:
    for one in queue(desk.db):
        claim(desk.db, one["id"], "Bo", now=NOW)
    page = reader.get("/review").text
    assert "Nothing is left for you here" in page
    assert "Other reviewers are looking at 6 of them" in page


@pytest.mark.parametrize(
    ("query", "count"), [("source=mofcom", 2), ("sector=银杏叶提取物&kind=policy", 1), ("source=mofcom&kind=quote", 1)]
)
def test_a_filter_stays_through_decisions(desk: Desk, reader: Reader, query: str, count: int) -> None:
    page = reader.get(f"/review?{query}")
    for left in range(count - 1, -1, -1):
        identity = page.text.partition('action="/review/p')[2] or page.text.partition('action="/review/q')[2]
        identity = re.findall(r'class="review" method="post" action="/review/([qp]\w+)"', page.text)[0]
        answer = reader.post(f"/review/{identity}", {**form_of(page.text), "decision": "accept"})
        page = reader.get(answer.headers["location"])
        assert f'<span id="waiting">{left}</span>' in page.text
    assert queue_length(desk.db) == 6 - count


def test_where_the_machine_has_changed_its_mind_both_are_shown_and_one_is_taken(
    desk: Desk, reader: Reader, quoted: str
) -> None:
    decide(desk.db, quoted, reviewer="Ana", decision="correct", changes={"role": "expert"}, now=NOON)
    better = [quote(TEXT, WORDS, title="CEO", role="other")]
    desk.store(article(), statements(better, usual().policies, "2"))
    page = reader.get("/review").text
    assert "now reads this reviewed statement differently" in page
    assert re.search(r"<td[^>]*>expert</td><td[^>]*>other</td>", page)
    assert re.search(r"<td[^>]*>chief executive</td><td[^>]*>CEO</td>", page) is None, "nobody has fixed the title"

    kept = reader.post(f"/review/{quoted}", {**form_of(page), "decision": "accept"})
    assert kept.status_code == 303
    assert statement(desk.db, quoted).record["role"] == "expert"
    assert quoted not in {one["id"] for one in queue(desk.db)}

    reader.post("/review/undo", {})
    again = form_of(reader.get("/review").text)
    assert reader.post(f"/review/{quoted}", {**again, "decision": "take"}).status_code == 303
    assert statement(desk.db, quoted).record["role"] == "other"
    assert quoted not in {one["id"] for one in queue(desk.db)}


@pytest.mark.parametrize(("decision", "state"), [("accept", "accepted"), ("take", "rejected")])
def test_what_the_machine_has_lost_is_kept_or_given_up(
    desk: Desk, reader: Reader, quoted: str, decision: str, state: str
) -> None:
    decide(desk.db, quoted, reviewer="Ana", decision="accept", now=NOON)
    desk.store(article(), statements([], usual().policies, "2"))
    page = reader.get("/review").text
    assert "does not find this statement any more" in page
    reader.post(f"/review/{quoted}", {**form_of(page), "decision": decision})
    assert statement(desk.db, quoted).review_state == state
    desk.store(article(), statements([], usual().policies, "3"))
    assert quoted not in {one["id"] for one in queue(desk.db)}


def test_known_names_are_offered_for_what_is_typed(desk: Desk, reader: Reader, quoted: str) -> None:
    def offered(field: str, typed: str) -> list[str]:
        found = json.loads(reader.get(f"/review/suggest?field={field}&q={typed}").text)
        assert isinstance(found, list)
        return found

    assert offered("speaker", "lin") == ["Lin Qiao"]
    assert offered("organization", "weir") == ["Weir & Quay Shipping Co Ltd"]
    assert offered("title", "exec") == ["chief executive"]
    assert offered("issuers", "commerce") == ["Ministry of Commerce"]
    assert offered("issuers", "") == []
    assert offered("speaker", "%") == []
    assert reader.get("/review/suggest?field=cue&q=said").status_code == 404
    assert '<datalist id="known-speaker"><option value="Lin Qiao"></option>' in reader.get(f"/review/{quoted}").text


def test_each_issuer_has_a_line_of_its_own(desk: Desk, reader: Reader, announced: str) -> None:
    body = [
        *form(reader, announced).items(),
        ("issuers", "Ministry of Transport"),
        ("issuers", " "),
        ("decision", "correct"),
    ]
    sent = urlencode(body).encode()
    headers = {"origin": HOME, "content-type": "application/x-www-form-urlencoded"}
    assert reader.ask("POST", f"/review/{announced}", headers=headers, body=sent).status_code == 303
    assert statement(desk.db, announced).record["issuers"] == ["Ministry of Commerce", "Ministry of Transport"]


def test_the_script_gets_the_event_and_what_still_waits(desk: Desk, reader: Reader, quoted: str) -> None:
    body = urlencode({**form(reader, quoted), "decision": "accept"}).encode()
    headers = {"origin": HOME, "content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    answer = reader.ask("POST", f"/review/{quoted}", headers=headers, body=body)
    assert json.loads(answer.text) == {
        "id": quoted, "event": history(desk.db, quoted)[0]["id"], "said": "Accepted", "name": "Lin Qiao",
        "waiting": "5", "address": f"/review/{quoted}",
    }  # fmt: skip

"""What a transaction has changed is told row by row and field by field, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db.changes import Change, Watch
from db.connection import transaction, value
from db.keeping.annexes import keep_file, settle_annexes
from db.review import decide
from db.store import add_page
from pipeline.model import AnnexText, Article, Attachment, Statements
from tests.db_samples import NOON, TEXT, Desk, article, policy, quote, statements, usual

WORDS = "Barges will carry twice the grain next year,"
LEAD = TEXT.partition("\n\n")[0]
URL = "https://www.chinadaily.com.cn/a/202611/19/WSaaaa0001.html"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "policywire.db")


@pytest.fixture
def told(desk: Desk) -> Callable[[Callable[[], object]], list[Change]]:
    """Runs something in a transaction that is watched, and gives what it changed."""
    watch = Watch(desk.db)

    def changed_by(work: Callable[[], object]) -> list[Change]:
        with transaction(desk.db):
            watch.begin()
            work()
            return watch.end()

    return changed_by


Told = Callable[[Callable[[], object]], list[Change]]


def read_again(desk: Desk, one: Article, found: Statements) -> Callable[[], object]:
    """The same archived page once more, with another parser or extractor."""
    page = desk.page(URL)
    desk.pages -= 1
    return lambda: desk.store(one, found, page=page, parser_version="p2")


def short(changes: list[Change]) -> list[tuple[Any, ...]]:
    return [(one.what, one.kind, one.field, one.old, one.new) for one in changes]


def stored(desk: Desk, found: Statements) -> tuple[str, ...]:
    """Store the usual article with these statements; gives their ids, and steps back to its page."""
    page = desk.page(URL)
    desk.pages -= 1
    return desk.store(article(), found, page=page).new


def test_what_is_stored_for_the_first_time_is_new(desk: Desk, told: Told) -> None:
    changes = told(lambda: desk.store(article(), usual()))
    assert [(one.what, one.kind, one.url) for one in changes] == [
        ("new", "article", URL), ("new", "quote", URL), ("new", "policy", URL),
    ]  # fmt: skip
    whole, said, announced = changes
    assert whole.new["title"] == "Barges to get easier permits"
    assert whole.new["authors"] == ["Wen Jiao"]
    assert "text" not in whole.new, "a report of everything new is not the database once more"
    assert (said.new["text"], said.new["speaker"]) == (WORDS, "Lin Qiao")
    assert announced.new["issuers"] == ["Ministry of Commerce"]
    assert {said.article, announced.article} == {whole.id}


def test_what_says_the_same_again_changes_nothing(desk: Desk, told: Told) -> None:
    stored(desk, usual())
    assert told(read_again(desk, article(), usual())) == []
    assert told(read_again(desk, article(), usual(version="2"))) == []


def test_each_field_that_is_read_differently_is_told_by_the_name_that_the_view_has_for_it(
    desk: Desk, told: Told
) -> None:
    found = usual()
    said, announced = stored(desk, found)
    better = statements(
        [replace(found.quotes[0], title="chairman", role="other")],
        [replace(found.policies[0], regions=("Anhui",), issued_on="2026-11-17")],
        "2",
    )
    changes = told(read_again(desk, article(), better))
    assert short([one for one in changes if one.kind == "quote"]) == [
        ("changed", "quote", "role", "executive", "other"),
        ("changed", "quote", "title", "chief executive", "chairman"),
    ]
    assert ("changed", "policy", "regions", [], ["Anhui"]) in short(changes)
    assert ("changed", "policy", "issued_on", "2026-11-18", "2026-11-17") in short(changes)
    assert {one.id for one in changes if one.kind in ("quote", "policy")} == {said, announced}
    assert {one.decided for one in changes} == {None}


def test_a_statement_that_goes_and_comes_back_is_told_so(desk: Desk, told: Told) -> None:
    said, announced = stored(desk, usual())
    gone = told(read_again(desk, article(), statements()))
    assert [(one.what, one.kind, one.id) for one in gone if one.kind in ("quote", "policy")] == [
        ("gone", "quote", said), ("gone", "policy", announced),
    ]  # fmt: skip
    assert gone[0].old["text"] == WORDS
    back = told(read_again(desk, article(), usual()))
    assert [(one.what, one.id) for one in back if one.kind in ("quote", "policy")] == [
        ("back", said), ("back", announced),
    ]  # fmt: skip


def test_an_article_is_told_field_by_field_and_its_statements_by_where_they_now_stand(desk: Desk, told: Told) -> None:
    stored(desk, usual())
    text = "By Wen Jiao\n\n" + TEXT
    better = article(text, title="Barges get easier permits", published="2026-11-19T10:00:00+08:00")
    changes = told(read_again(desk, better, usual(text)))
    assert short([one for one in changes if one.kind == "article"]) == [
        ("changed", "article", "title", "Barges to get easier permits", "Barges get easier permits"),
        ("changed", "article", "published_at", "2026-11-19T09:30:00+08:00", "2026-11-19T10:00:00+08:00"),
        ("changed", "article", "text", TEXT, text),
    ]
    start = TEXT.index(WORDS)
    assert short([one for one in changes if one.kind == "quote"]) == [
        ("changed", "quote", "start", start, start + 13),
        ("changed", "quote", "end", start + len(WORDS), start + len(WORDS) + 13),
    ]


def test_a_further_revision_is_told_against_the_one_before(desk: Desk, told: Told) -> None:
    desk.store(article(), usual())
    later = TEXT.replace("two hundred", "three hundred")
    changes = told(lambda: desk.store(article(later), usual(later)))
    assert short(changes) == [
        ("changed", "article", "text", TEXT, later), ("changed", "article", "revision", 1, 2),
    ]  # fmt: skip


# -- under what people have decided -----------------------------------------------------------------------------------


def test_what_the_machine_reads_beneath_a_correction_is_told_apart(desk: Desk, told: Told) -> None:
    found = usual()
    said, _ = stored(desk, found)
    decide(desk.db, said, reviewer="Ana", decision="correct", changes={"speaker": "Lin Xiao"}, now=NOON)
    better = replace(found, quotes=(replace(found.quotes[0], speaker="Lin X", title="chairman"),))
    changes = [one for one in told(read_again(desk, article(), better)) if one.kind == "quote"]
    assert {one.decided for one in changes} == {"corrected"}
    assert ("reads", "quote", "speaker", "Lin Qiao", "Lin X") in short(changes)
    assert ("changed", "quote", "title", "chief executive", "chairman") in short(changes)
    assert ("reads", "quote", "title", "chief executive", "chairman") not in short(changes), "told once"
    assert value(desk.db, "SELECT speaker FROM quotes_attributed WHERE id = ?", [said]) == "Lin Xiao"


def test_a_confirmed_statement_that_is_no_longer_found_stays_and_is_told(desk: Desk, told: Told) -> None:
    said, _ = stored(desk, usual())
    decide(desk.db, said, reviewer="Ana", decision="accept", now=NOON)
    only_policy = replace(usual(), quotes=())
    changes = told(read_again(desk, article(), only_policy))
    assert [(one.what, one.id, one.decided) for one in changes] == [("misses", said, "accepted")]
    again = told(read_again(desk, article(), usual()))
    assert [(one.what, one.id, one.decided) for one in again] == [("finds", said, "accepted")]


def test_a_confirmed_statement_whose_words_are_gone_is_told_as_gone_with_the_decision(desk: Desk, told: Told) -> None:
    said, _ = stored(desk, usual())
    decide(desk.db, said, reviewer="Ana", decision="accept", now=NOON)
    text = LEAD
    changes = told(read_again(desk, article(text), statements([], [policy(text, text)])))
    assert [(one.what, one.id, one.decided) for one in changes if one.kind == "quote"] == [("gone", said, "accepted")]


def test_a_rejected_statement_that_goes_is_told_with_the_rejection(desk: Desk, told: Told) -> None:
    said, _ = stored(desk, usual())
    decide(desk.db, said, reviewer="Ana", decision="reject", reason="no quote", now=NOON)
    changes = told(read_again(desk, article(), replace(usual(), quotes=())))
    assert [(one.what, one.id, one.decided) for one in changes] == [("gone", said, "rejected")]


# -- what hangs on others ---------------------------------------------------------------------------------------------


def test_a_story_that_now_stands_behind_another_is_told_though_it_was_not_read(desk: Desk, told: Told) -> None:
    later = "https://www.chinadaily.com.cn/a/202611/20/WSaaaa0002.html"
    second = desk.store(article(url=later, published="2026-11-20T09:00:00+08:00"), usual())
    changes = told(lambda: desk.store(article(), usual()))
    root = next(one.id for one in changes if one.what == "new" and one.kind == "article")
    assert [(one.url, one.field, one.new) for one in changes if one.id == second.article_id] == [
        (later, "duplicate_of", root)
    ]


def test_what_a_file_says_when_it_is_read_anew_is_told_of_every_article_that_links_to_it(
    desk: Desk, told: Told
) -> None:
    file = Attachment(url="https://www.mofcom.gov.cn/list.pdf", name="list.pdf")
    for place in (1, 2):
        desk.store(article(f"Barges {place} carry grain.", url=f"https://x.cn/{place}.html", attachments=(file,)))
    page, ref = desk.page(file.url, kind="attachment", body=b"%PDF")

    def read(said: str, version: str) -> None:
        page_id = add_page(desk.db, page, ref, run_id=None)
        text = AnnexText(kind="pdf", state="read", text=said, why=None)
        keep_file(desk.db, page_id, page.url, text, source="mofcom", version=version, now=NOON)
        for row in list(desk.db.conn.execute("SELECT id FROM articles")):
            settle_annexes(desk.db, row[0])

    assert sorted(short(told(lambda: read("one barge", "1"))), key=str) == sorted(
        [
            ("changed", "attachment", "state", "due", "read"),
            ("changed", "attachment", "kind", None, "pdf"),
            ("changed", "attachment", "text", None, "one barge"),
        ]
        * 2,
        key=str,
    )
    assert (
        short(told(lambda: read("two barges", "2")))
        == [("changed", "attachment", "text", "one barge", "two barges")] * 2
    )
    assert told(lambda: read("two barges", "3")) == []


def test_an_instrument_whose_summary_changes_is_told(desk: Desk, told: Told) -> None:
    numbered = {"number": "MOFCOM Announcement No. 7 of 2026", "instrument": "announcement"}
    found = statements([], [policy(TEXT, LEAD, title="ruling on barges", **numbered)])
    stored(desk, found)
    better = statements([], [policy(TEXT, LEAD, title="ruling on river barges", effective_on="2027-01-01", **numbered)])
    changes = [one for one in told(read_again(desk, article(), better)) if one.kind == "instrument"]
    assert ("changed", "instrument", "effective_on", None, "2027-01-01") in short(changes)


def test_a_transaction_that_is_undone_leaves_nothing_to_be_told(desk: Desk) -> None:
    stored(desk, usual())
    watch = Watch(desk.db)

    def broken() -> None:
        read_again(desk, article(title="Something else"), usual())()
        raise ZeroDivisionError

    with transaction(desk.db):
        watch.begin()
        with pytest.raises(ZeroDivisionError), transaction(desk.db):
            broken()
        assert watch.end() == []


def test_words_of_another_connection_are_not_told(desk: Desk, tmp_path: Path) -> None:
    watch = Watch(desk.db)
    other = Desk(desk.path)
    other.store(article(url="https://x.cn/other.html"), usual())
    desk.pages += 5
    with transaction(desk.db):
        watch.begin()
        desk.store(article(quoted := TEXT.replace("grain", "coal")), statements([quote(quoted, "Barges will carry")]))
        changes = watch.end()
    assert {one.url for one in changes} == {URL}

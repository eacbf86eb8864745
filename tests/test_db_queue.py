"""The review queue: its order, its filters, what it counts, and who is looking at what; all of it along an index."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from db.connection import rows
from db.deciding.queue import (
    LEASE,
    Filter,
    claim,
    claim_of,
    claimed_by_others,
    queue,
    queue_length,
    rules_that_matched,
)
from db.deciding.verdicts import BACKGROUND, EXECUTIVE, NEWS
from db.matches import add_match
from db.review import decide, statement
from db.rules import add_rule
from tests.db_samples import NOON, TEXT, Desk, article, quote, statements, usual
from tests.web_desk import WORDS, filled


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "policywire.sqlite")


def ids(desk: Desk, wanted: Filter) -> list[str]:
    return [found["id"] for found in queue(desk.db, wanted)]


def named(desk: Desk, column: str, table: str = "quotes") -> dict[str, str]:
    return {found[column]: found["id"] for found in rows(desk.db, f"SELECT id, {column} FROM {table}")}  # noqa: S608


def test_news_comes_first_then_executives_and_the_least_sure_of_each(desk: Desk) -> None:
    sure = (0.9, 0.2, None)
    texts = [TEXT.replace("grain", grain) for grain in ("wheat", "rye", "oats")]
    for n, (text, confidence) in enumerate(zip(texts, sure, strict=True)):
        words = text.partition('"')[2].partition('"')[0]
        found = replace(quote(text, words), confidence=confidence)
        desk.store(article(text, url=f"https://www.chinadaily.com.cn/a/202611/21/WSq{n}.html"), statements([found]))
    waiting = queue(desk.db)
    assert [one["rank"] for one in waiting] == [20, 20, 30, 30, 30, 30, 30, 40, 50]
    executives = [one["confidence"] for one in waiting if one["rank"] == EXECUTIVE]
    assert executives == [None, None, None, 0.2, 0.9]


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        (Filter(kind="quote"), ["quote"] * 3),
        (Filter(kind="policy"), ["policy"] * 3),
        (Filter(source="mofcom"), ["policy", "quote"]),
        (Filter(source="mofcom", kind="quote"), ["quote"]),
        (Filter(source="nowhere"), []),
        (Filter(sector="银杏叶提取物"), ["policy", "quote"]),
        (Filter(sector="银杏叶提取物", kind="policy"), ["policy"]),
        (Filter(sector='a " of barges'), []),
        (Filter(rank=BACKGROUND), ["policy"]),
        (Filter(rank=NEWS, source="china_daily"), ["policy"]),
        (Filter(sure=0.5), []),
    ],
)
def test_a_filter_leaves_what_it_names_and_the_count_says_how_much(
    desk: Desk, wanted: Filter, kinds: list[str]
) -> None:
    assert [found["kind"] for found in queue(desk.db, wanted)] == kinds
    assert queue_length(desk.db, wanted) == len(kinds)


def test_a_confidence_from_which_on_leaves_the_surer_of_every_class(desk: Desk) -> None:
    text = TEXT.replace("grain", "rye")
    words = text.partition('"')[2].partition('"')[0]
    unsure = replace(quote(text, words), confidence=0.4)
    sure = replace(usual().policies[0], confidence=0.8)
    url = "https://www.chinadaily.com.cn/a/202611/21/WSrye.html"
    desk.store(article(text, url=url), statements([unsure], [sure]))
    assert [(found["kind"], found["confidence"]) for found in queue(desk.db, Filter(sure=0.5))] == [("policy", 0.8)]
    assert [found["kind"] for found in queue(desk.db, Filter(sure=0.4))] == ["policy", "quote"]


def test_what_a_watch_rule_matched_can_be_reviewed_apart(desk: Desk) -> None:
    words = named(desk, "text")
    for rule, target in (("Barges", words[WORDS]), ("Ginkgo", named(desk, "salience", "policies")["background"])):
        found = statement(desk.db, target)
        identity = add_rule(desk.db, {"name": rule, "to": ["reader@example.org"]}, owner="ana", by="ana", now=NOON)
        add_match(
            desk.db, rule_id=identity, rule=rule, kind=found.kind, target_id=target, article_id=found.article_id,
            recipient="reader@example.org", why=(), now=NOON,
        )  # fmt: skip
    assert rules_that_matched(desk.db) == ["Barges", "Ginkgo"]
    assert ids(desk, Filter(rule="Barges")) == [words[WORDS]]
    assert ids(desk, Filter(rule="Barges", kind="policy")) == []
    assert ids(desk, Filter(rule="No such rule")) == []


def test_counting_stops_at_a_cap(desk: Desk) -> None:
    assert queue_length(desk.db) == 6
    assert queue_length(desk.db, cap=6) == 6
    assert queue_length(desk.db, cap=4) == 5


def test_what_was_decided_waits_no_longer(desk: Desk) -> None:
    first = queue(desk.db)[0]["id"]
    decide(desk.db, first, reviewer="Ana", decision="accept", now=NOON)
    assert first not in ids(desk, Filter())
    assert queue_length(desk.db) == 5


def test_what_one_reviewer_looks_at_is_kept_from_another_for_a_while(desk: Desk) -> None:
    first = queue(desk.db)[0]["id"]
    assert claim(desk.db, first, "Ana", now=NOON)
    assert claim(desk.db, first, "Ana", now=NOON)
    assert not claim(desk.db, first, "Bo", now=NOON)
    held = claim_of(desk.db, first, now=NOON)
    assert held is not None
    assert held.reviewer == "Ana"
    assert claimed_by_others(desk.db, "Bo", now=NOON) == {first}
    assert claimed_by_others(desk.db, "Ana", now=NOON) == frozenset()

    later = NOON + LEASE + timedelta(seconds=1)
    assert claimed_by_others(desk.db, "Bo", now=later) == frozenset()
    assert claim(desk.db, first, "Bo", now=later)


def test_a_decision_ends_the_claim(desk: Desk) -> None:
    first = queue(desk.db)[0]["id"]
    claim(desk.db, first, "Ana", now=NOON)
    decide(desk.db, first, reviewer="Ana", decision="accept", now=NOON)
    assert claim_of(desk.db, first, now=NOON) is None


def test_no_question_of_the_queue_reads_or_sorts_a_whole_table(desk: Desk) -> None:
    asked: list[str] = []
    desk.db.conn.set_trace_callback(asked.append)
    for wanted in (
        Filter(), Filter(source="mofcom"), Filter(sure=0.5), Filter(rank=NEWS), Filter(sector="barges"),
        Filter(rule="Barges"), Filter(article_id="a0"),
    ):  # fmt: skip
        queue(desk.db, wanted)
        queue_length(desk.db, wanted)
    rules_that_matched(desk.db)
    desk.db.conn.set_trace_callback(None)
    plans = [
        (step["detail"], sql)
        for sql in asked
        if sql.lstrip().startswith(("SELECT", "WITH"))
        for step in rows(desk.db, f"EXPLAIN QUERY PLAN {sql}")
    ]
    assert plans
    scans = [plan for plan in plans if plan[0] in ("SCAN s", "SCAN quotes", "SCAN policies", "SCAN alert_matches")]
    assert scans == []
    # candidates are at most 5,000, so they may be put in order; the queue itself stands in its index
    sorted_plainly = [
        sql for detail, sql in plans if "TEMP B-TREE FOR ORDER BY" in detail and "json_each" not in sql
        and "article_id =" not in sql
    ]  # fmt: skip
    assert sorted_plainly == []

"""What a rule would have sent, told before it is saved: the same matches as live, and never without bounds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from alerts.announce import make_hook
from alerts.preview import preview
from alerts.rules import Rule
from db.connection import rows
from tests.db_samples import CHINESE, NOON, TEXT, Desk, article, ministry, policy, quote, statements, usual
from tests.watching import HERE, keep, rule

WANTED: list[dict[str, Any]] = [
    {},
    {"query": "barges OR 出口"},
    {"query": "出口"},
    {"kinds": ("announcement", "quote", "article"), "query": "river"},
    {"kinds": ("quote",), "roles": ("executive",)},
    {"kinds": ("quote",), "roles": ("official",)},
    {"actions": ("opening",), "regions": ("Hainan",)},
    {"sources": ("mofcom",)},
    {"kinds": ("article",), "languages": ("zh",)},
    {"minimum_confidence": 0.5},
    {"query": "soybeans"},
]


def fill(desk: Desk, hook: Any = None) -> None:
    desk.store(article(), usual(), on_new=hook)
    desk.store(ministry(), statements((), [policy(CHINESE, CHINESE.partition("\n\n")[0], confidence=0.9)]), on_new=hook)
    desk.store(
        article(url="https://www.chinadaily.com.cn/a/202611/20/WSbbbb0002.html", published="2026-11-20T07:00:00+08:00"),
        usual(),
        on_new=hook,
    )


@pytest.mark.parametrize("values", WANTED, ids=str)
def test_a_preview_shows_the_mails_that_the_rule_then_sends(desk: Desk, values: dict[str, Any]) -> None:
    one = rule(**values)
    keep(desk, one)
    fill(desk, make_hook(HERE, now=lambda: NOON))
    sent = list(rows(desk.db, "SELECT id, subject, text FROM outbox ORDER BY id"))
    told = list(rows(desk.db, "SELECT target_id, outbox_id FROM alert_matches"))
    found = preview(desk.db, one, NOON, base_url=HERE)
    shown = [{match.record["id"] for match in mail.matches} for mail in found.mails]
    assert sorted(map(sorted, shown)) == sorted(
        sorted(match["target_id"] for match in told if match["outbox_id"] == mail["id"]) for mail in sent
    )
    assert found.whole
    assert found.matches == len(told)
    assert (found.newest is None) == (not sent)
    if found.newest is not None:
        assert found.newest.subject in {mail["subject"] for mail in sent}
        # a rule that is not kept yet has no page of its own
        assert found.newest.text.replace("/rules\n", "/rules/1\n") in {mail["text"] for mail in sent}


def test_only_the_days_asked_for_count_by_the_dates_of_the_articles(desk: Desk) -> None:
    fill(desk)
    far = article("A guideline on ink was issued.", url="https://x.cn/1.html", title="Ink", published="2026-08-01")
    desk.store(far, statements(policies=[policy(far.text, far.text)]))
    assert preview(desk.db, rule(), NOON).matches == 2
    assert preview(desk.db, rule(), NOON, days=180).matches == 3
    assert preview(desk.db, rule(), NOON + timedelta(days=180)).matches == 0


def digest(desk: Desk, **values: Any) -> list[tuple[str, int]]:
    found = preview(desk.db, rule(kinds=("announcement", "quote", "article"), **values), NOON)
    return [(mail.at, len(mail.matches)) for mail in found.mails]


def test_a_preview_of_a_digest_counts_the_days_on_which_it_would_have_come(desk: Desk) -> None:
    fill(desk)
    # the ministry's page is of the 18th, the paper's story of the 19th at 09:30 in Shanghai
    assert digest(desk, frequency="daily") == [("2026-11-20T00:00:00Z", 3), ("2026-11-18T00:00:00Z", 2)]
    assert digest(desk, frequency="hourly") == [("2026-11-19T02:00:00Z", 3), ("2026-11-17T17:00:00Z", 2)]
    assert digest(desk, frequency="weekly") == [("2026-11-23T00:00:00Z", 5)]


def test_a_preview_ends_at_so_many_matches_and_says_that_there_is_more(desk: Desk) -> None:
    fill(desk)
    one = rule(kinds=("announcement", "quote", "article"))
    assert [preview(desk.db, one, NOON, most=most).whole for most in (1, 4, 5, 6)] == [False, False, True, True]
    assert preview(desk.db, one, NOON, most=2).matches == 2


def test_a_preview_ends_when_its_time_is_over_and_says_so(desk: Desk) -> None:
    text = "\n\n".join(f"Notice {n} was issued." for n in range(450))
    many = [policy(text, line, title=line) for line in text.split("\n\n")]
    desk.store(article(text), statements(policies=many))
    times = iter([0.0, 0.0, 99.0])
    found = preview(desk.db, rule(), NOON, most=10_000, clock=lambda: next(times))
    assert (found.matches, found.whole) == (400, False)


@pytest.mark.parametrize("one", [rule(**values) for values in WANTED], ids=str)
def test_a_preview_walks_through_indexes(desk: Desk, one: Rule) -> None:
    asked: list[str] = []
    desk.db.conn.set_trace_callback(asked.append)
    preview(desk.db, one, NOON)
    desk.db.conn.set_trace_callback(None)
    scanned = {"articles", "policies", "quotes", "revisions", "a", "p", "q", "r"}
    for sql in asked:
        if sql.startswith("SELECT") and "_fts" not in sql.split("WHERE")[0]:
            plan = [str(step["detail"]) for step in rows(desk.db, f"EXPLAIN QUERY PLAN {sql}")]
            assert not [step for step in plan if step.startswith("SCAN ") and step.split()[1] in scanned], (sql, plan)


def test_a_quote_of_a_hostile_page_is_only_words(desk: Desk) -> None:
    evil = "<script>alert(1)</script>"
    desk.store(article(title=evil), statements([quote(TEXT, "Barges will carry twice the grain next year,")]))
    found = preview(desk.db, rule(kinds=("quote",)), NOON)
    assert found.newest is not None
    assert evil not in found.newest.html

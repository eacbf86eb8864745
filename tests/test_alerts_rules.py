"""Watch rules: which statements they want told of, why, and that a match lands with its statement or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.announce import make_hook
from alerts.rules import Match, Rule, RuleError, check_rules, find_matches, preview
from config import RuleSettings
from db.connection import rows
from db.store import Stored
from tests.db_samples import CHINESE, NOON, TEXT, Desk, article, ministry, policy, quote, statements, usual

HERE = ("reader@example.org",)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "policywire.db")
    yield made
    made.db.close()


def rule(**values: Any) -> Rule:
    return Rule(**{"name": "watch", "to": HERE, **values})


def found(desk: Desk, stored: Stored, one: Rule) -> list[Match]:
    return find_matches(desk.db, stored, [one])


@pytest.fixture
def english(desk: Desk) -> Stored:
    given = statements(
        [quote(TEXT, "Barges will carry twice the grain next year,")],
        [
            policy(
                TEXT, TEXT.partition("\n\n")[0], number="No 4 of 2026", regions=("Yangtze Delta",),
                sectors=("river freight",), entities=("Port of Kestrel Bay",),
            )
        ],
    )  # fmt: skip
    return desk.store(article(), given)


@pytest.mark.parametrize(
    ("wanted", "other"),
    [
        ({"sources": ("china_daily",)}, {"sources": ("mofcom",)}),
        ({"languages": ("en",)}, {"languages": ("zh",)}),
        ({"instruments": ("order", "guideline")}, {"instruments": ("order",)}),
        ({"actions": ("opening",)}, {"actions": ("sanction", "tariff")}),
        ({"issuers": ("ministry of commerce",)}, {"issuers": ("Ministry",)}),
        ({"statuses": ("issued",)}, {"statuses": ("draft",)}),
        ({"salience": ("news",)}, {"salience": ("background",)}),
        ({"regions": ("yangtze",)}, {"regions": ("Hainan",)}),
        ({"sectors": ("freight",)}, {"sectors": ("steel",)}),
        ({"entities": ("Kestrel Bay",)}, {"entities": ("Heron Bay",)}),
        ({"query": "river freight"}, {"query": "soybeans"}),
        ({"query": '"easing permits"'}, {"query": '"permits easing"'}),
        ({"query": "barg*"}, {"query": "river NOT barges"}),
        ({"kinds": ("quote",), "roles": ("executive",)}, {"kinds": ("quote",), "roles": ("official",)}),
        ({"kinds": ("quote",), "organizations": ("weir",)}, {"kinds": ("quote",), "organizations": ("Sluice",)}),
        ({"kinds": ("quote",), "speakers": ("Lin",)}, {"kinds": ("quote",), "speakers": ("Wen",)}),
        ({"kinds": ("quote",), "query": "grain"}, {"kinds": ("quote",), "query": "deckhands"}),
        ({"kinds": ("article",), "query": "deckhands"}, {"kinds": ("article",), "query": "soybeans"}),
    ],
    ids=lambda values: " ".join(f"{k}={v}" for k, v in values.items()),
)
def test_a_filter_lets_through_what_it_names_and_nothing_else(
    desk: Desk, english: Stored, wanted: dict[str, Any], other: dict[str, Any]
) -> None:
    assert len(found(desk, english, rule(**wanted))) == 1
    assert found(desk, english, rule(**other)) == []


def test_all_filters_must_hold_and_each_says_why(desk: Desk, english: Stored) -> None:
    assert found(desk, english, rule(actions=("opening",), sources=("mofcom",))) == []
    match = found(desk, english, rule(actions=("opening",), sources=("china_daily",), query="barges"))[0]
    assert match.why == ("source is china daily", "action is opening", "it says barges")


def test_a_filter_says_nothing_of_kinds_that_lack_its_column(desk: Desk, english: Stored) -> None:
    both = rule(kinds=("announcement", "quote"), roles=("executive",), actions=("opening",))
    assert sorted(match.kind for match in found(desk, english, both)) == ["announcement", "quote"]


@pytest.mark.parametrize(("query", "hits"), [("出口", 1), ("银杏叶提取物", 1), ("商务部 许可", 1), ("进口", 0)])
def test_a_chinese_query_finds_words_inside_longer_runs(desk: Desk, query: str, hits: int) -> None:
    stored = desk.store(ministry(), statements((), [policy(CHINESE, CHINESE.partition("\n\n")[0])]))
    assert len(found(desk, stored, rule(query=query))) == hits
    assert len(found(desk, stored, rule(query=query, kinds=("article",)))) == hits


def test_a_paused_rule_matches_nothing(desk: Desk, english: Stored) -> None:
    assert found(desk, english, rule(paused=True)) == []


@pytest.mark.parametrize("query", ['"open', "AND", "(", "", "a OR", "NOT x"])
def test_a_query_that_cannot_work_is_told_before_a_crawl(query: str) -> None:
    with pytest.raises(RuleError, match="watch"):
        check_rules([rule(query=query)])


def test_a_rule_of_the_configuration_has_the_fields_of_a_rule() -> None:
    assert {field.name for field in fields(Rule)} == set(RuleSettings.model_fields)


# -- matches and mails -------------------------------------------------------------------------------------------------


def hook(*given: Rule) -> Any:
    return make_hook(given, "http://desk.example.org/", now=lambda: NOON)


def outbox(desk: Desk) -> list[dict[str, Any]]:
    return list(rows(desk.db, "SELECT * FROM outbox ORDER BY id"))


def test_one_mail_for_each_rule_recipient_and_article(desk: Desk) -> None:
    two = rule(name="two", to=("a@example.org", "b@example.org"), kinds=("announcement", "quote"))
    one = rule(name="one", to=("a@example.org",), kinds=("article",))
    desk.store(article(), usual(), on_new=hook(two, one))
    assert [(mail["rule"], mail["recipient"]) for mail in outbox(desk)] == [
        ("one", "a@example.org"), ("two", "a@example.org"), ("two", "b@example.org"),
    ]  # fmt: skip
    told = list(rows(desk.db, "SELECT rule, kind, recipient, why, outbox_id FROM alert_matches"))
    assert len(told) == 5
    assert all(match["outbox_id"] and json.loads(match["why"])["reasons"] for match in told)


def test_a_story_stored_again_is_not_told_again(desk: Desk) -> None:
    for _ in range(3):
        desk.store(article(), usual(), on_new=hook(rule(kinds=("announcement", "quote", "article"))))
    assert len(outbox(desk)) == 1


def test_a_revision_tells_only_what_is_new_in_it(desk: Desk) -> None:
    every = hook(rule(kinds=("announcement", "quote", "article")))
    desk.store(article(), usual(), on_new=every)
    added = TEXT + '\n\n"The locks stay open at night," said Lin Qiao.'
    more = statements(
        [quote(added, "Barges will carry twice the grain next year,"), quote(added, "The locks stay open at night,")],
        [policy(added, added.partition("\n\n")[0])],
    )
    assert desk.store(article(added), more, on_new=every).outcome == "revised"
    first, second = outbox(desk)
    assert first["key"] != second["key"]
    assert "The locks stay open" in second["text"]
    assert "twice the grain" not in second["text"]


def test_the_print_version_of_a_story_is_not_told_a_second_time(desk: Desk) -> None:
    every = hook(rule(kinds=("announcement", "quote", "article")))
    desk.store(article(), usual(), on_new=every)
    again = desk.store(
        article(url="https://www.chinadaily.com.cn/a/202611/20/WSbbbb0002.html", published="2026-11-20T07:00:00+08:00"),
        usual(),
        on_new=every,
    )
    assert again.duplicate_of is not None
    assert len(outbox(desk)) == 1


def test_a_story_that_is_rolled_back_leaves_no_mail(desk: Desk) -> None:
    announce = hook(rule(kinds=("announcement", "quote", "article")))

    def fail(db: Any, stored: Stored) -> None:
        announce(db, stored)
        assert list(rows(db, "SELECT id FROM outbox")), "the mail was in, inside the transaction"
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="power"):
        desk.store(article(), usual(), on_new=fail)
    for table in ("articles", "quotes", "policies", "outbox", "alert_matches", "pages"):
        assert list(rows(desk.db, f"SELECT 1 FROM {table}")) == [], table  # noqa: S608
    desk.store(article(), usual(), on_new=announce)
    assert len(outbox(desk)) == 1, "and nothing stops it from being told when it is stored"


def test_what_was_told_by_a_mail_that_is_gone_is_not_told_again(desk: Desk) -> None:
    every = hook(rule(kinds=("announcement",)))
    stored = desk.store(article(), usual(), on_new=every)
    every(desk.db, stored)
    assert len(outbox(desk)) == 1


def test_a_preview_says_what_a_rule_would_have_matched(desk: Desk, english: Stored) -> None:
    one = rule(kinds=("announcement", "quote"), query="barges OR river")
    shown = list(preview(desk.db, one, NOON - timedelta(days=1)))
    assert {match.record["id"] for match in shown} == {match.record["id"] for match in found(desk, english, one)}
    assert list(preview(desk.db, one, NOON + timedelta(days=1))) == []

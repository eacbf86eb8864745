"""Watch rules as they are kept: names, versions, the configuration's own, and matches with what became of them."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from db import open_database
from db.connection import rows, value
from db.matches import add_match, drop, figures, known_targets, rules_with_waiting, sent, tell, waiting
from db.outbox import enqueue
from db.rules import (
    NameTaken,
    RuleConflict,
    TooManyRules,
    add_rule,
    change_rule,
    delete_rule,
    keep_configured,
    last_change,
    list_rules,
    rules_in_service,
    rules_named,
    stored_rule,
    versions,
)
from tests.db_samples import NOON, Desk, article, usual

PEARS = {"name": "Pears", "to": ["ana@example.org"]}
PLUMS = {"name": "Plums", "to": ["ana@example.org"]}


def test_every_change_of_a_rule_is_kept_with_who_made_it_and_when(desk: Desk) -> None:
    identity = add_rule(desk.db, PEARS, owner="ana", by="ana", now=NOON)
    assert change_rule(desk.db, identity, {**PEARS, "query": "pear*"}, by="bo", now=NOON + timedelta(hours=1))
    assert not change_rule(desk.db, identity, {**PEARS, "query": "pear*"}, by="bo", now=NOON + timedelta(hours=2))
    delete_rule(desk.db, identity, by="cy", now=NOON + timedelta(hours=3))
    assert [(v.version, v.change, v.changed_by, v.changed_at) for v in versions(desk.db, identity)] == [
        (3, "deleted", "cy", "2026-11-20T07:00:00Z"),
        (2, "edited", "bo", "2026-11-20T05:00:00Z"),
        (1, "created", "ana", "2026-11-20T04:00:00Z"),
    ]
    assert [dict(v.settings).get("query") for v in versions(desk.db, identity)] == ["pear*", "pear*", None]
    assert rules_in_service(desk.db) == []
    kept = stored_rule(desk.db, identity)
    assert kept is not None
    assert kept.deleted_at == "2026-11-20T07:00:00Z"


@pytest.mark.parametrize("sql", ["UPDATE rule_versions SET changed_by = 'me'", "DELETE FROM rule_versions"])
def test_a_version_is_never_changed_or_deleted(desk: Desk, sql: str) -> None:
    add_rule(desk.db, PEARS, owner="ana", by="ana", now=NOON)
    with pytest.raises(sqlite3.IntegrityError, match="is an event"):
        desk.db.conn.execute(sql)


def test_the_second_of_two_who_change_a_rule_is_told(desk: Desk) -> None:
    identity = add_rule(desk.db, PEARS, owner="ana", by="ana", now=NOON)
    change_rule(desk.db, identity, {**PEARS, "query": "pear*"}, by="bo", now=NOON, expected=1)
    for late in (
        lambda: change_rule(desk.db, identity, {**PEARS, "query": "plum*"}, by="cy", now=NOON, expected=1),
        lambda: delete_rule(desk.db, identity, by="cy", now=NOON, expected=1),
    ):
        with pytest.raises(RuleConflict, match="bo has changed the rule in the meantime"):
            late()
    with pytest.raises(LookupError):
        change_rule(desk.db, 99, PEARS, by="ana", now=NOON)


def test_an_owner_has_a_name_once_and_two_owners_may_share_one(desk: Desk) -> None:
    first = add_rule(desk.db, PEARS, owner="ana", by="ana", now=NOON)
    add_rule(desk.db, PEARS, owner="bo", by="bo", now=NOON)
    second = add_rule(desk.db, PLUMS, owner="ana", by="ana", now=NOON)
    with pytest.raises(NameTaken, match="ana has another rule named 'PEARS'"):
        add_rule(desk.db, {**PEARS, "name": "PEARS"}, owner="ana", by="ana", now=NOON)
    with pytest.raises(NameTaken):
        change_rule(desk.db, second, {**PLUMS, "name": "pears"}, by="ana", now=NOON)
    assert [one.owner for one in rules_named(desk.db, "pears")] == ["ana", "bo"]
    delete_rule(desk.db, first, by="ana", now=NOON)
    assert change_rule(desk.db, second, {**PLUMS, "name": "Pears"}, by="ana", now=NOON)


def test_nobody_has_more_rules_than_are_allowed(desk: Desk) -> None:
    add_rule(desk.db, PEARS, owner="ana", by="ana", now=NOON, most=1)
    add_rule(desk.db, PEARS, owner="bo", by="bo", now=NOON, most=1)
    with pytest.raises(TooManyRules, match="ana has 1 rules"):
        add_rule(desk.db, PLUMS, owner="ana", by="ana", now=NOON, most=1)


def test_a_reader_sees_her_own_rules_and_those_of_the_configuration(desk: Desk) -> None:
    keep_configured(desk.db, [PLUMS], now=NOON)
    for owner in ("ana", "bo"):
        add_rule(desk.db, PEARS, owner=owner, by=owner, now=NOON)
    assert [one.owner for one in list_rules(desk.db, seen_by="ana")] == ["configuration", "ana"]
    assert [one.owner for one in list_rules(desk.db, seen_by=None, after=1)] == ["ana", "bo"]
    assert [one.owner for one in list_rules(desk.db, seen_by=None, limit=1)] == ["configuration"]


def test_the_configurations_rules_are_those_of_its_file_and_go_on_where_they_were(desk: Desk) -> None:
    own = add_rule(desk.db, PEARS, owner="ana", by="ana", now=NOON)
    assert keep_configured(desk.db, [PEARS, PLUMS], now=NOON) == 2
    assert keep_configured(desk.db, [PEARS, PLUMS], now=NOON) == 0
    pears = next(one.id for one in rules_named(desk.db, "Pears") if one.origin == "configuration")
    assert keep_configured(desk.db, [{**PLUMS, "query": "plum*"}], now=NOON) == 2
    assert [one.name for one in rules_in_service(desk.db)] == ["Pears", "Plums"]
    assert keep_configured(desk.db, [PEARS, {**PLUMS, "query": "plum*"}], now=NOON) == 1
    assert {one.id for one in rules_in_service(desk.db)} >= {own, pears}
    assert [one.change for one in versions(desk.db, pears)] == ["restored", "deleted", "created"]


def test_a_number_grows_with_every_change(desk: Desk) -> None:
    seen = [last_change(desk.db)]
    identity = add_rule(desk.db, PEARS, owner="ana", by="ana", now=NOON)
    seen.append(last_change(desk.db))
    change_rule(desk.db, identity, {**PEARS, "paused": True}, by="ana", now=NOON, change="paused")
    seen.append(last_change(desk.db))
    delete_rule(desk.db, identity, by="ana", now=NOON)
    seen.append(last_change(desk.db))
    assert seen == sorted(set(seen))


# -- matches ----------------------------------------------------------------------------------------------------------


def matched(desk: Desk, rule_id: int, target: str, article_id: str, recipient: str, **changes: object) -> bool:
    values = {"kind": "policy", "why": ("it says plum*",), "now": NOON, "rule": "Plums", **changes}
    return add_match(desk.db, rule_id=rule_id, target_id=target, article_id=article_id, recipient=recipient, **values)  # type: ignore[arg-type]


def test_a_match_is_noted_once_with_its_mail(desk: Desk) -> None:
    stored = desk.store(article(), usual())
    rule = add_rule(desk.db, PLUMS, owner="ana", by="ana", now=NOON)
    enqueue(desk.db, key="k1", recipient="ana@example.org", subject="Plums", text="Plums.", due_at=NOON)
    here = (rule, stored.new[1], stored.article_id, "ana@example.org")
    assert [matched(desk, *here, outbox_key="k1") for _ in range(2)] == [True, False]
    (one,) = sent(desk.db, rule)
    assert (one["outbox_id"], one["state"], one["subject"]) == (1, "due", "Plums")
    assert (one["said_title"], one["article_title"]) == ("guideline on river freight", "Barges to get easier permits")
    assert json.loads(one["why"]) == {"reasons": ["it says plum*"]}
    assert known_targets(desk.db, rule, stored.article_id, "ana@example.org") == {stored.new[1]}
    assert known_targets(desk.db, rule, stored.article_id, "bo@example.org") == frozenset()


def test_what_waits_is_found_by_rule_and_time_until_it_is_told_or_dropped(desk: Desk) -> None:
    stored = desk.store(article(), usual())
    daily, weekly = (add_rule(desk.db, one, owner="ana", by="ana", now=NOON) for one in (PLUMS, PEARS))
    for rule in (daily, weekly):
        for target in stored.new:
            matched(desk, rule, target, stored.article_id, "ana@example.org")
    assert rules_with_waiting(desk.db) == [daily, weekly]
    assert waiting(desk.db, daily, before=NOON) == []
    found = waiting(desk.db, daily, before=NOON + timedelta(seconds=1))
    assert [match.target_id for match in found] == list(stored.new)
    enqueue(desk.db, key="k1", recipient="ana@example.org", subject="Plums", text="Plums.", due_at=NOON)
    tell(desk.db, [found[0].id], outbox_key="k1", recipient="ana@example.org")
    drop(desk.db, [found[1].id], "it no longer stands")
    assert rules_with_waiting(desk.db) == [weekly]
    assert [(one["state"], one["dropped"]) for one in sent(desk.db, daily)] == [
        (None, "it no longer stands"), ("due", None),
    ]  # fmt: skip


def test_the_figures_of_a_rule_count_what_matched_and_not_who_was_told(desk: Desk) -> None:
    stored = desk.store(article(), usual())
    rule = add_rule(desk.db, PLUMS, owner="ana", by="ana", now=NOON)
    for recipient in ("ana@example.org", "bo@example.org"):
        matched(desk, rule, stored.new[0], stored.article_id, recipient, now=NOON - timedelta(days=40))
        matched(desk, rule, stored.new[1], stored.article_id, recipient)
    found = figures(desk.db, rule, since=NOON - timedelta(days=30))
    assert (found.last_match_at, found.matches, found.waiting) == ("2026-11-20T04:00:00Z", 1, 4)
    assert [one["recipient"] for one in sent(desk.db, rule, recipient="bo@example.org")] == ["bo@example.org"] * 2
    first, second, *_ = sent(desk.db, rule)
    assert [one["id"] for one in sent(desk.db, rule, before=second["id"], limit=1)] == [first["id"] - 2]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT target_id FROM alert_matches WHERE article_id = 'a' AND rule_id = 1 AND recipient = 'b'",
        "SELECT max(matched_at) FROM alert_matches WHERE rule_id = 1",
        "SELECT target_id FROM alert_matches WHERE rule_id = 1 AND matched_at >= '2026' LIMIT 1000",
        "SELECT 1 FROM alert_matches WHERE rule_id = 1 AND outbox_id IS NULL AND dropped IS NULL LIMIT 1000",
        "SELECT id FROM alert_matches WHERE rule_id = 1 AND id < 9 ORDER BY id DESC LIMIT 100",
        "SELECT id FROM alert_matches WHERE rule_id = 1 AND recipient = 'b' AND id < 9 ORDER BY id DESC LIMIT 100",
    ],
)
def test_the_questions_about_matches_go_through_an_index_and_sort_nothing(desk: Desk, sql: str) -> None:
    plan = " ".join(str(one["detail"]) for one in rows(desk.db, f"EXPLAIN QUERY PLAN {sql}"))
    assert "SEARCH alert_matches USING" in plan
    assert "TEMP B-TREE" not in plan
    assert "SCAN" not in plan


def test_matches_of_before_there_were_rules_in_the_database_keep_their_rule(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "policywire.db")
    stored = desk.store(article(), usual())
    with desk.db.conn:
        for table in ("alert_matches", "rule_versions", "rules"):
            desk.db.conn.execute(f"DROP TABLE {table}")
        desk.db.conn.execute(_BEFORE)
        desk.db.conn.execute(
            "INSERT INTO alert_matches (rule, kind, target_id, article_id, recipient, why, matched_at) "
            "VALUES ('Plums', 'policy', ?, ?, 'ana@example.org', '{\"reasons\": []}', '2026-11-20T04:00:00Z')",
            [stored.new[1], stored.article_id],
        )
        desk.db.conn.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '%watch_rules'")
    desk.db.close()
    db = open_database(tmp_path / "policywire.db", mode="rw")
    assert rules_in_service(db) == []
    keep_configured(db, [PLUMS], now=NOON)
    (rule,) = rules_in_service(db)
    assert known_targets(db, rule.id, stored.article_id, "ana@example.org") == {stored.new[1]}
    assert value(db, "SELECT count(*) FROM alert_matches") == 1


_BEFORE = """
CREATE TABLE alert_matches (
  id INTEGER PRIMARY KEY, rule TEXT NOT NULL, kind TEXT NOT NULL, target_id TEXT NOT NULL, article_id TEXT NOT NULL,
  recipient TEXT NOT NULL, why TEXT NOT NULL, matched_at TEXT NOT NULL, outbox_id INTEGER,
  UNIQUE (rule, target_id, recipient)
)
"""

"""Watch rules: which statements they want told of, why, and that a match lands with its statement or not at all."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from typing import Any

import pytest

from alerts.announce import announce_reviewed
from alerts.matching import Match, compile_rules, find_matches
from alerts.rules import Rule, RuleError, Watch, check_rules, faults, rule_of, settings_of
from config import RuleSettings
from db.connection import rows
from db.review import decide
from db.rules import change_rule, delete_rule
from db.store import OnNew, Stored
from tests.db_samples import CHINESE, NOON, TEXT, Desk, article, ministry, policy, quote, statements, usual
from tests.watching import HERE, keep, rule, watching

EVERYTHING = rule(kinds=("announcement", "quote", "article"))


def found(desk: Desk, stored: Stored, one: Rule) -> list[Match]:
    return find_matches(desk.db, stored, compile_rules([Watch(id=1, rule=one)]), NOON)


@pytest.fixture
def english(desk: Desk) -> Stored:
    given = statements(
        [quote(TEXT, "Barges will carry twice the grain next year,")],
        [
            policy(
                TEXT, TEXT.partition("\n\n")[0], number="No 4 of 2026", regions=("Yangtze Delta",),
                sectors=("river freight",), entities=("Port of Kestrel Bay",), confidence=0.7,
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
        ({"minimum_confidence": 0.7}, {"minimum_confidence": 0.71}),
        ({"reviewed_only": False}, {"reviewed_only": True}),
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


def test_a_paused_rule_matches_nothing_until_its_day_has_come_where_its_reader_is(desk: Desk, english: Stored) -> None:
    assert found(desk, english, rule(paused=True)) == []
    # it is noon of Nov 20 in Shanghai, and still Nov 19 in Honolulu
    assert found(desk, english, rule(paused=True, resumes_on="2026-11-21")) == []
    assert len(found(desk, english, rule(paused=True, resumes_on="2026-11-20"))) == 1
    assert found(desk, english, rule(paused=True, resumes_on="2026-11-20", zone="Pacific/Honolulu")) == []


def test_many_rules_are_answered_as_each_alone(desk: Desk, english: Stored) -> None:
    wanted: list[dict[str, Any]] = [
        {}, {"actions": ("opening",)}, {"actions": ("tariff",)}, {"query": "barges"}, {"query": "soybeans"},
        {"query": "barges", "regions": ("hainan",)}, {"regions": ("yangtze", "hainan"), "query": "river OR soybeans"},
        {"kinds": ("quote", "article"), "query": "grain"}, {"paused": True}, {"kinds": ("article",)},
    ]  # fmt: skip
    rules = [rule(name=str(at), **one) for at, one in enumerate(wanted)]
    together = find_matches(
        desk.db, english, compile_rules([Watch(id=at, rule=one) for at, one in enumerate(rules)]), NOON
    )
    alone = [(one.name, match.record["id"], match.why) for one in rules for match in found(desk, english, one)]
    assert sorted((match.rule.name, match.record["id"], match.why) for match in together) == sorted(alone)
    assert {name for name, _id, _why in alone} == {"0", "1", "3", "6", "7", "9"}


@pytest.mark.parametrize("query", ['"open', "AND", "(", "", "a OR", "NOT x"])
def test_a_query_that_cannot_work_is_told_before_a_crawl(query: str) -> None:
    with pytest.raises(RuleError, match="watch"):
        check_rules([rule(query=query)])


def test_a_rule_of_the_configuration_has_the_fields_of_a_rule() -> None:
    assert {field.name for field in fields(Rule)} == set(RuleSettings.model_fields)
    assert RuleSettings(name="x", to=("a@b.org",)).model_dump() == asdict(Rule(name="x", to=("a@b.org",)))


# -- matches and mails ------------------------------------------------------------------------------------------------


def outbox(desk: Desk) -> list[dict[str, Any]]:
    return list(rows(desk.db, "SELECT * FROM outbox ORDER BY id"))


def test_one_mail_for_each_rule_recipient_and_article(desk: Desk) -> None:
    two = rule(name="two", to=("a@example.org", "b@example.org"), kinds=("announcement", "quote"))
    one = rule(name="one", to=("a@example.org",), kinds=("article",))
    desk.store(article(), usual(), on_new=watching(desk, two, one))
    assert [(mail["rule"], mail["recipient"]) for mail in outbox(desk)] == [
        ("two", "a@example.org"), ("two", "b@example.org"), ("one", "a@example.org"),
    ]  # fmt: skip
    told = list(rows(desk.db, "SELECT rule, kind, recipient, why, outbox_id FROM alert_matches"))
    assert len(told) == 5
    assert all(match["outbox_id"] and json.loads(match["why"])["reasons"] for match in told)


def test_a_story_stored_again_is_not_told_again(desk: Desk) -> None:
    hook = watching(desk, EVERYTHING)
    for _ in range(3):
        desk.store(article(), usual(), on_new=hook)
    assert len(outbox(desk)) == 1


def test_a_revision_tells_only_what_is_new_in_it(desk: Desk) -> None:
    every = watching(desk, EVERYTHING)
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
    every = watching(desk, EVERYTHING)
    desk.store(article(), usual(), on_new=every)
    again = desk.store(
        article(url="https://www.chinadaily.com.cn/a/202611/20/WSbbbb0002.html", published="2026-11-20T07:00:00+08:00"),
        usual(),
        on_new=every,
    )
    assert again.duplicate_of is not None
    assert len(outbox(desk)) == 1


def test_a_story_that_is_rolled_back_leaves_no_mail(desk: Desk) -> None:
    announce = watching(desk, EVERYTHING)

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
    every = watching(desk, rule())
    stored = desk.store(article(), usual(), on_new=every)
    every(desk.db, stored)
    assert len(outbox(desk)) == 1


def test_an_earlier_version_that_comes_later_is_not_told_a_second_time(desk: Desk) -> None:
    hook = watching(desk, EVERYTHING)
    desk.store(article(), usual(), on_new=hook)
    earlier = article(
        url="https://www.chinadaily.com.cn/a/202611/18/WSbbbb0003.html", published="2026-11-18T07:00:00+08:00"
    )
    again = desk.store(earlier, usual(), on_new=hook)
    assert (again.duplicate_of, again.told_before is None) == (None, False)
    assert len(outbox(desk)) == 1


# -- rules of the database --------------------------------------------------------------------------------------------


def story(number: int) -> Any:
    """One of many stories that have nothing in common but a guideline."""
    words = ("Otters", "Lanterns", "Walnuts", "Kites", "Saddles", "Violins")[number]
    text = f"A guideline on {words.lower()} was issued.\n\n{words} are {words[::-1].lower()} to those who keep them."
    one = article(text, url=f"https://www.chinadaily.com.cn/a/202611/19/WS{number:08d}.html", title=words)
    return one, statements(policies=[policy(text, text.partition("\n\n")[0], title=f"guideline on {words}")])


def test_a_rule_that_is_kept_changed_or_deleted_counts_for_the_next_article(desk: Desk) -> None:
    hook: OnNew = watching(desk)

    def told(number: int) -> list[str]:
        one, found = story(number)
        stored = desk.store(one, found, on_new=hook)
        return [mail["recipient"] for mail in outbox(desk) if mail["article_id"] == stored.article_id]

    assert told(0) == []
    one = rule()
    identity = keep(desk, one)
    assert told(1) == ["reader@example.org"]
    change_rule(desk.db, identity, {"name": "watch", "to": ["other@example.org"]}, by="ana", now=NOON)
    assert told(2) == ["other@example.org"]
    change_rule(desk.db, identity, {"name": "watch", "to": ["other@example.org"], "paused": True}, by="ana", now=NOON)
    assert told(3) == []
    change_rule(desk.db, identity, {"name": "watch", "to": ["other@example.org"]}, by="ana", now=NOON)
    delete_rule(desk.db, identity, by="ana", now=NOON)
    assert told(4) == []


def test_a_rule_that_can_no_longer_be_understood_stops_neither_storing_nor_the_other_rules(desk: Desk) -> None:
    keep(desk, rule(name="broken", query="(barges"))
    desk.store(article(), usual(), on_new=watching(desk, rule()))
    assert [mail["rule"] for mail in outbox(desk)] == ["watch"]


def test_rules_of_one_name_that_two_people_own_each_send_their_mail(desk: Desk) -> None:
    for owner in ("ana", "bo"):
        keep(desk, rule(), owner=owner)
    desk.store(article(), usual(), on_new=watching(desk))
    assert len(outbox(desk)) == len({mail["key"] for mail in outbox(desk)}) == 2


def test_a_statement_that_a_later_version_of_the_page_makes_match_is_told_then(desk: Desk) -> None:
    hook = watching(desk, rule(actions=("export_control",)))
    desk.store(article(), usual(), on_new=hook)
    assert outbox(desk) == []
    first = TEXT.partition("\n\n")[0]
    edited = TEXT + "\n\nMore will follow."
    desk.store(article(edited), statements((), [policy(edited, first, action="export_control")]), on_new=hook)
    assert len(outbox(desk)) == 1


def test_a_rule_that_waits_for_a_person_is_told_when_one_has_decided_and_only_once(desk: Desk) -> None:
    wanted = rule(reviewed_only=True, kinds=("announcement", "quote"), actions=("tariff",), roles=("executive",))
    announce_reviewed(desk.db, HERE, NOON)
    stored = desk.store(article(), usual(), on_new=watching(desk, wanted))
    quoted, announced = stored.new
    assert outbox(desk) == []
    decide(desk.db, announced, reviewer="ana", decision="correct", changes={"action": "tariff"}, now=NOON)
    decide(desk.db, quoted, reviewer="ana", decision="reject", reason="no quote", now=NOON)
    assert announce_reviewed(desk.db, HERE, NOON) == 2
    assert announce_reviewed(desk.db, HERE, NOON) == 0
    assert [mail["article_id"] for mail in outbox(desk)] == [stored.article_id]
    told = list(rows(desk.db, "SELECT target_id, why FROM alert_matches"))
    assert [(one["target_id"], json.loads(one["why"])["reasons"]) for one in told] == [
        (announced, ["action is tariff", "a person has corrected it"])
    ]


def test_what_was_reviewed_before_anybody_asked_is_no_news(desk: Desk) -> None:
    stored = desk.store(article(), usual(), on_new=watching(desk, rule(reviewed_only=True)))
    decide(desk.db, stored.new[1], reviewer="ana", decision="accept", now=NOON)
    announce_reviewed(desk.db, HERE, NOON)
    assert outbox(desk) == []


# -- what is wrong with a rule ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"name": " "}, "name", "one line of 1 to 80 characters"),
        ({"name": "a\nb"}, "name", "one line of 1 to 80 characters"),
        ({"to": ()}, "to", "at least one e-mail address"),
        ({"to": ("nobody",)}, "to", "'nobody' is not an e-mail address such as desk@example.org"),
        ({"to": ("a@b.org\nBcc: c@d.org",)}, "to", "is not an e-mail address"),
        ({"to": ("a@b.org", "A@b.org")}, "to", "A@b.org stands there twice"),
        ({"to": tuple(f"a{n}@b.org" for n in range(21))}, "to", "at most 20 addresses, not 21"),
        ({"kinds": ()}, "kinds", "at least one of announcement, quote, article"),
        ({"query": "pears AND"}, "query", "AND needs a word after it (at character 7)"),
        ({"query": "pears speaker:Lin"}, "query", "announcements have no speaker: choose another kind, or leave"),
        ({"actions": ("export-control",)}, "actions", "'export-control' is none of opening, support"),
        ({"sources": ("reuters",)}, "sources", "'reuters' is none of china_daily, mofcom"),
        ({"roles": ("executive",)}, "roles", "only quotes have it: choose them too, or leave it empty"),
        ({"issuers": ("x" * 201,)}, "issuers", "each one line of 1 to 200 characters"),
        ({"minimum_confidence": 70.0}, "minimum_confidence", "a number from 0 to 1, such as 0.8"),
        ({"minimum_confidence": 0.7, "kinds": ("article",)}, "minimum_confidence", "articles have none: choose"),
        ({"reviewed_only": True, "kinds": ("article",)}, "reviewed_only", "articles have none: choose"),
        ({"at": "8:00"}, "at", "a time such as 08:00"),
        ({"zone": "Asia/Beijing"}, "zone", "a time zone such as Asia/Shanghai or Europe/Berlin"),
        ({"zone": "../etc/passwd"}, "zone", "a time zone such as"),
        ({"zone": ""}, "zone", "a time zone such as"),
        ({"resumes_on": "2026-11-31"}, "resumes_on", "a day such as 2026-12-01"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_wrong_is_said_with_the_field_it_stands_in(values: dict[str, Any], field: str, said: str) -> None:
    wrong = list(faults(rule(**values)))
    assert [fault.field for fault in wrong] == [field]
    assert said in wrong[0].message


def test_a_mistake_in_a_query_is_told_with_its_place() -> None:
    (wrong,) = faults(rule(query="出口 OR (gallium"))
    assert (wrong.field, wrong.position) == ("query", 6)
    assert "this bracket is never closed (at character 7)" in wrong.message


def test_settings_come_back_as_the_rule_they_were() -> None:
    full = rule(
        query="出口", kinds=("quote",), roles=("executive",), frequency="weekly", minimum_confidence=0.5, paused=True
    )
    assert rule_of(json.loads(json.dumps(settings_of(full)))) == full
    assert settings_of(replace(rule(), to=("a@b.org",))) == {"name": "watch", "to": ["a@b.org"]}

"""Watch rules on the site: making one from a search, previewing, changing, pausing, deleting; whose is whose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from alerts.digest import send_due
from alerts.rules import MOST_RULES
from db.connection import rows, value
from db.outbox import bury, claim, settle
from db.rules import keep_configured, rules_in_service, stored_rule, versions
from tests.db_samples import NOON, Desk, article, policy, quote, statements
from tests.watching import HERE, keep, rule, watching
from tests.web_desk import NOW, Reader, filled, site
from tests.web_logins import logged_in, site_with_logins, with_users

FIELDS = {
    "name": "Barges", "kinds": "announcement", "query": "barges", "to": "ana@example.org", "frequency": "daily",
    "at": "08:00", "weekday": "mon", "zone": "Asia/Shanghai",
}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = filled(tmp_path / "policywire.sqlite")
    yield made
    made.db.close()


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return site(desk)


def save(reader: Reader, path: str = "/rules/new", **changes: str) -> Any:
    return reader.post(path, {**FIELDS, "do": "save", **changes})


def said(page: str) -> str:
    """A page's words."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.partition("<main")[2])).split())


def wrong(page: str) -> dict[str, str]:
    """What a form says is wrong, by field."""
    return {name: unescape(text) for name, text in re.findall(r'<p class="wrong" id="e-(\w+)"[^>]*>(.*?)</p>', page)}


def field(page: str, name: str) -> str:
    """What stands in a field of a form."""
    found = re.search(rf'<input id="f-{name}"[^>]* value="([^"]*)"', page)
    found = found or re.search(rf'<textarea id="f-{name}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found, name
    return unescape(found[1])


def checked(page: str, name: str) -> list[str]:
    """The values that are ticked."""
    return re.findall(rf'<input type="(?:checkbox|radio)" name="{name}" value="([^"]*)" checked', page)


# -- making -----------------------------------------------------------------------------------------------------------


def test_a_rule_that_is_saved_mails_the_next_article_that_matches(desk: Desk, reader: Reader) -> None:
    answer = save(reader, frequency="instant", query="ferries")
    assert (answer.status_code, answer.headers["location"]) == (303, "/rules/1?said=created")
    assert "works from the next article on" in reader.get("/rules/1?said=created").text
    text = "A guideline on ferries was issued.\n\nFerries may land at night."
    desk.store(
        article(text, url="https://www.chinadaily.com.cn/a/202611/21/WSferry.html", title="Ferries"),
        statements(policies=[policy(text, text.partition("\n\n")[0], title="guideline on ferries")]),
        on_new=watching(desk),
    )
    assert value(desk.db, "SELECT recipient FROM outbox") == "ana@example.org"
    page = reader.get("/rules/1").text
    assert "guideline on ferries" in page
    assert "it says ferries" in page


def test_a_search_begins_a_rule(reader: Reader) -> None:
    page = reader.get(
        "/rules/new?q=出口+OR+tariff&in=quotes&source=mofcom&source=china_daily&language=zh&role=executive&role=expert"
        "&organization=Weir+%26+Quay&review_state=accepted"
    ).text
    assert checked(page, "kinds") == ["quote"]
    assert checked(page, "sources") == ["china_daily", "mofcom"]
    assert checked(page, "languages") == ["zh"]
    assert checked(page, "roles") == ["executive", "expert"]
    assert checked(page, "reviewed_only") == ["1"]
    assert field(page, "query") == "出口 OR tariff"
    assert field(page, "organizations") == "Weir & Quay"
    assert field(page, "name") == "出口 OR tariff executive expert Weir & Quay"


def test_a_search_of_announcements_begins_a_rule_of_them(reader: Reader) -> None:
    page = reader.get(
        "/rules/new?in=announcements&action=export_control&instrument=list&issuer=Ministry+of+Commerce&sector=gallium"
        "&region=Hainan&salience=news&review_state=open"
    ).text
    assert checked(page, "kinds") == ["announcement"]
    assert (checked(page, "actions"), checked(page, "instruments")) == (["export_control"], ["list"])
    assert checked(page, "salience") == ["news"]
    assert [field(page, name) for name in ("issuers", "sectors", "regions")] == [
        "Ministry of Commerce", "gallium", "Hainan",
    ]  # fmt: skip
    assert checked(page, "reviewed_only") == []


def test_what_of_a_search_is_no_part_of_a_rule_is_told(reader: Reader) -> None:
    page = said(reader.get("/rules/new?q=x&in=attachments&since=2026-01-01&until=2026-02-01&kind=pdf").text)
    assert page.count("A rule has no dates; it was left out.") == 1
    assert "A rule has no kind; it was left out." in page
    assert "Attached files cannot be watched by themselves" in page


def test_everything_of_the_form_is_kept_in_the_rule_and_comes_back(desk: Desk, reader: Reader) -> None:
    full = {
        "kinds": "quote", "roles": "executive", "speakers": "Lin\n\n Chen ", "organizations": "Weir & Quay",
        "languages": "zh", "minimum_confidence": "0,75", "reviewed_only": "1", "frequency": "weekly", "at": "17:30",
        "weekday": "fri", "zone": "Europe/Berlin", "to": "a@example.org, b@example.org\nc@example.org",
    }  # fmt: skip
    assert save(reader, **full).status_code == 303
    (kept,) = rules_in_service(desk.db)
    assert kept.settings == {
        "name": "Barges", "query": "barges", "to": ["a@example.org", "b@example.org", "c@example.org"],
        "kinds": ["quote"], "roles": ["executive"], "speakers": ["Lin", "Chen"], "organizations": ["Weir & Quay"],
        "languages": ["zh"], "minimum_confidence": 0.75, "reviewed_only": True, "frequency": "weekly", "at": "17:30",
        "weekday": "fri", "zone": "Europe/Berlin",
    }  # fmt: skip
    page = reader.get("/rules/1/edit").text
    assert field(page, "to") == "a@example.org\nb@example.org\nc@example.org"
    assert field(page, "speakers") == "Lin\nChen"
    assert field(page, "minimum_confidence") == "0.75"
    assert (checked(page, "frequency"), field(page, "at"), field(page, "zone")) == (
        ["weekly"],
        "17:30",
        "Europe/Berlin",
    )
    assert "Fridays at 17:30 (Europe/Berlin)" in reader.get("/rules").text


def test_a_form_with_mistakes_keeps_what_was_entered_and_says_each_beside_its_field(desk: Desk, reader: Reader) -> None:
    answer = save(
        reader, name="", query="(pears", to="ana@example.org\nnobody", zone="Asia/Beijing", minimum_confidence="much",
        issuers="Ministry of Commerce", at="25:00",
    )  # fmt: skip
    assert answer.status_code == 422
    assert wrong(answer.text) == {
        "name": "One line of 1 to 80 characters.",
        "query": "This bracket is never closed (at character 1).",
        "to": "'nobody' is not an e-mail address such as desk@example.org.",
        "zone": "A time zone such as Asia/Shanghai or Europe/Berlin.",
        "minimum_confidence": "A number from 0 to 1, such as 0.8.",
        "at": "A time such as 08:00.",
    }
    assert "<mark>(</mark>pears" in answer.text
    assert field(answer.text, "to") == "ana@example.org\nnobody"
    assert field(answer.text, "issuers") == "Ministry of Commerce"
    assert field(answer.text, "minimum_confidence") == "much"
    assert rules_in_service(desk.db) == []


def test_a_name_that_is_taken_is_told_beside_the_name(desk: Desk, reader: Reader) -> None:
    save(reader)
    answer = save(reader, name="BARGES")
    assert answer.status_code == 422
    assert "has another rule named 'BARGES'" in wrong(answer.text)["name"]
    assert len(rules_in_service(desk.db)) == 1


def test_nobody_has_more_rules_than_are_allowed(desk: Desk, reader: Reader) -> None:
    save(reader)
    (one,) = rules_in_service(desk.db)
    for number in range(MOST_RULES - 1):
        keep(desk, rule(name=f"rule {number}"), owner=one.owner)
    answer = save(reader, name="one more")
    assert answer.status_code == 409
    assert f"has {MOST_RULES} rules, which is as many as one person may have" in said(answer.text)


# -- preview ----------------------------------------------------------------------------------------------------------


def test_a_preview_counts_and_shows_the_mails_and_saves_nothing(desk: Desk, reader: Reader) -> None:
    answer = reader.post("/rules/new", {**FIELDS, "frequency": "instant", "query": "ginkgo OR 银杏叶", "do": "preview"})
    assert answer.status_code == 200
    words = said(answer.text)
    assert "Would have sent 2 mails To ana@example.org in the last 90 days, about 2 matches in 2 articles." in words
    assert "对银杏叶提取物实施出口管制的公告" in words
    assert "because it says ginkgo OR 银杏叶" in words
    assert field(answer.text, "query") == "ginkgo OR 银杏叶"
    assert rules_in_service(desk.db) == []


def test_a_rule_that_would_have_sent_nothing_says_so(reader: Reader) -> None:
    words = said(reader.post("/rules/new", {**FIELDS, "query": "walnuts", "do": "preview"}).text)
    assert "Would have sent 0 mails" in words
    assert "That may be right: a rule looks ahead." in words


def test_the_page_of_a_rule_shows_its_preview_where_asked(reader: Reader) -> None:
    save(reader)
    assert "Would have sent" not in reader.get("/rules/1").text
    assert "Would have sent 1 mail" in said(reader.get("/rules/1?preview=1").text)


# -- changing ---------------------------------------------------------------------------------------------------------


def test_a_change_is_kept_with_what_it_changed(desk: Desk, reader: Reader) -> None:
    save(reader)
    assert save(reader, "/rules/1/edit", expected="1", query="ferries").headers["location"] == "/rules/1?said=edited"
    assert save(reader, "/rules/1/edit", expected="2", query="ferries").headers["location"] == "/rules/1?said=same"
    words = said(reader.get("/rules/1").text)
    assert "Words: barges → ferries" in words
    assert [one.change for one in versions(desk.db, 1)] == ["edited", "created"]


def test_the_second_of_two_who_change_a_rule_is_told_and_keeps_what_was_entered(desk: Desk, reader: Reader) -> None:
    save(reader)
    save(reader, "/rules/1/edit", expected="1", query="ferries")
    answer = save(reader, "/rules/1/edit", expected="1", query="canals")
    assert answer.status_code == 409
    assert "has changed the rule in the meantime" in said(answer.text)
    assert field(answer.text, "query") == "canals"
    again = re.search(r'name="expected" value="(\d+)"', answer.text)
    assert again
    assert save(reader, "/rules/1/edit", expected=again[1], query="canals").status_code == 303
    kept = stored_rule(desk.db, 1)
    assert kept is not None
    assert kept.settings["query"] == "canals"


def test_a_rule_is_paused_until_a_day_and_let_work_again(desk: Desk, reader: Reader) -> None:
    save(reader)
    for day in ("2026-11-20", "never", "2026-02-30"):
        answer = reader.post("/rules/1/pause", {"expected": "1", "until": day})
        assert answer.status_code == 422
        assert "Must be a day to come such as 2026-12-01" in wrong(answer.text)["until"]
    assert reader.post("/rules/1/pause", {"expected": "1", "until": "2026-12-24"}).status_code == 303
    assert "paused until 24 Dec 2026" in said(reader.get("/rules").text)
    # a change meanwhile does not let it work again
    save(reader, "/rules/1/edit", expected="2", query="ferries", paused="1", resumes_on="2026-12-24")
    assert "paused until 24 Dec 2026" in said(reader.get("/rules/1").text)
    assert reader.post("/rules/1/resume", {"expected": "3"}).status_code == 303
    assert "at work" in said(reader.get("/rules/1").text)
    assert [one.change for one in versions(desk.db, 1)] == ["resumed", "edited", "paused", "created"]


def test_a_rule_whose_pause_is_over_can_be_paused_again(desk: Desk, reader: Reader) -> None:
    keep(desk, rule(paused=True, resumes_on="2026-11-20"))
    page = reader.get("/rules/1").text
    assert "at work" in page
    assert "Pause until" in page
    assert reader.post("/rules/1/pause", {"expected": "1", "until": "2026-11-21"}).status_code == 303
    assert "paused until 21 Nov 2026" in said(reader.get("/rules/1").text)


def test_a_rule_is_deleted_after_asking_and_its_history_is_kept(desk: Desk, reader: Reader) -> None:
    save(reader)
    asked = reader.get("/rules/1/delete").text
    assert "What it has sent is kept" in asked
    assert len(rules_in_service(desk.db)) == 1
    assert reader.post("/rules/1/delete", {"expected": "7"}).status_code == 409
    assert reader.post("/rules/1/delete", {"expected": "1"}).headers["location"] == "/rules?said=deleted"
    assert "Barges" not in said(reader.get("/rules").text)
    assert "deleted 20 Nov 2026" in said(reader.get("/rules/1/history").text)
    assert reader.get("/rules/1/edit").status_code == 409


# -- history ----------------------------------------------------------------------------------------------------------


def test_the_history_says_what_was_sent_to_whom_why_and_how_it_fared(desk: Desk, reader: Reader) -> None:
    wanted = rule(name="Barges", to=("a@example.org", "b@example.org"), kinds=("announcement", "quote"), query="grain")
    keep(desk, wanted)
    keep(desk, rule(name="Daily", frequency="daily", kinds=("quote",)))
    text = 'Grain will travel by kite.\n\n"Kites carry the grain," said Lin Qiao.'
    desk.store(
        article(text, url="https://www.chinadaily.com.cn/a/202611/21/WSkite.html", title="Kites"),
        statements([quote(text, "Kites carry the grain,")]),
        on_new=watching(desk),
    )
    first, second = claim(desk.db, NOW, timedelta(minutes=5), 10)
    settle(desk.db, first.id, now=NOW)
    bury(desk.db, second.id, "550 no such user")
    words = said(reader.get("/rules/1/history").text)
    assert "sent to a@example.org , taken by the mail server 20 Nov 2026, 05:00 UTC" in words
    assert "not delivered to b@example.org , given up: 550 no such user" in words
    assert words.count("because it says grain") == 2
    assert "Lin Qiao: Kites carry the grain," in words
    only = said(reader.get("/rules/1/history?recipient=b@example.org").text)
    assert "taken by the mail server" not in only
    assert "given up: 550 no such user" in only
    assert "waits for the digest of 21 Nov 2026, 08:00 Asia/Shanghai" in said(reader.get("/rules/2/history").text)
    send_due(desk.db, NOON + timedelta(days=2), base_url=HERE)
    assert "Daily: Lin Qiao (" in said(reader.get("/rules/2/history").text)


def test_a_long_history_goes_on_at_another_address(desk: Desk, reader: Reader) -> None:
    keep(desk, rule(kinds=("quote",)))
    text = "\n\n".join(f'"Kite {n} carries {n} grains," said Lin Qiao.' for n in range(130))
    many = [quote(text, f"Kite {n} carries {n} grains,") for n in range(130)]
    desk.store(article(text, url="https://x.cn/1.html", title="Kites"), statements(many), on_new=watching(desk))
    page = reader.get("/rules/1/history").text
    following = re.search(r'href="(/rules/1/history\?before=\d+)"', page)
    assert following
    rest = reader.get(following[1]).text
    assert page.count('class="told"') + rest.count('class="told"') == 130
    assert "Earlier matches" not in rest


# -- whose is whose ---------------------------------------------------------------------------------------------------


def test_a_reader_manages_her_own_rules_and_a_reviewer_everybodys(desk: Desk) -> None:
    door = site_with_logins(with_users(desk))
    reader, reviewer = logged_in(door, "Rea"), logged_in(door, "Vero")
    assert save(reader, name="Reas").status_code == 303
    assert save(reviewer, name="Veros").status_code == 303
    assert ("Reas" in reader.get("/rules").text, "Veros" in reader.get("/rules").text) == (True, False)
    assert ("Reas" in reviewer.get("/rules").text, "Veros" in reviewer.get("/rules").text) == (True, True)
    for path in ("/rules/2", "/rules/2/edit", "/rules/2/history", "/rules/2/delete"):
        assert reader.get(path).status_code == 404
    for path in ("/rules/2/pause", "/rules/2/resume", "/rules/2/delete"):
        assert reader.post(path, {"expected": "1"}).status_code == 404
    assert save(reader, "/rules/2/edit", expected="1", name="Mine now").status_code == 404
    assert save(reviewer, "/rules/1/edit", expected="1", name="Reas", query="ferries").status_code == 303
    kept = stored_rule(desk.db, 1)
    assert kept is not None
    assert (kept.owner, versions(desk.db, 1)[0].changed_by) == ("Rea", "Vero")
    assert "Rea" in said(reviewer.get("/rules").text)


def test_rules_of_the_configuration_are_shown_and_changed_by_nobody_here(desk: Desk, reader: Reader) -> None:
    keep_configured(desk.db, [{"name": "Desk", "to": ["desk@example.org"]}], now=NOON)
    page = reader.get("/rules/1").text
    assert "stands in the configuration file" in page
    assert "/rules/1/edit" not in page
    for path in ("/rules/1/edit", "/rules/1/delete"):
        assert reader.get(path).status_code == 403
    for path in ("/rules/1/edit", "/rules/1/delete", "/rules/1/pause", "/rules/1/resume"):
        assert reader.post(path, {**FIELDS, "expected": "1"}).status_code == 403
    assert [one.name for one in rules_in_service(desk.db)] == ["Desk"]


def test_a_form_comes_from_this_site_and_is_plain(reader: Reader) -> None:
    assert reader.post("/rules/new", {**FIELDS, "do": "save"}, origin="https://evil.example").status_code == 403
    assert reader.ask("POST", "/rules/new", headers={"origin": "http://127.0.0.1:8000"}).status_code == 415


@pytest.mark.parametrize("path", ["/rules/x", "/rules/99", "/rules/99999999999999999999/history", "/rules/0/edit"])
def test_a_rule_that_there_is_not_is_not_found(reader: Reader, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_hostile_words_are_inert_on_every_page_of_a_rule(desk: Desk, reader: Reader) -> None:
    evil = '"><script>alert(1)</script>'
    evil_query = "<script>alert(1)</script> OR kite"
    assert save(reader, name=evil, query=evil_query, speakers=evil, kinds="quote").status_code == 303
    assert "<script>alert" not in save(reader, name="x", query=f"({evil}", to=evil).text
    for path in ("/rules", "/rules/1?preview=1", "/rules/1/edit", "/rules/1/history", "/rules/1/delete",
                 "/rules/new?q=%22%3E%3Cscript%3Ealert(3)%3C/script%3E&sector=%3Cscript%3E"):  # fmt: skip
        assert "<script>alert" not in reader.get(path).text


def test_the_list_goes_through_indexes_however_much_was_sent(desk: Desk, reader: Reader) -> None:
    save(reader)
    plans = [
        step["detail"]
        for sql in (
            "SELECT * FROM rules WHERE deleted_at IS NULL AND id > 0 ORDER BY id LIMIT 51",
            "SELECT id FROM rules WHERE origin = 'site' AND owner = 'ana' AND deleted_at IS NULL",
        )
        for step in rows(desk.db, f"EXPLAIN QUERY PLAN {sql}")
    ]
    assert all(str(step).startswith("SEARCH") for step in plans)

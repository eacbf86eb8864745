"""The commands of watch rules: what they show, out of the site and into it as TOML, and mistakes told in one line."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from db.rules import add_rule, rules_in_service, versions
from db.unsubscriptions import leave
from tests.conftest import Policywire
from tests.db_samples import NOON, Desk
from tests.demo_desk import DemoDesk, set_up

CONFIGURED = '[[rules]]\nname = "Desk"\nto = ["desk@example.org"]\n'
FULL = {
    "name": "出口管制 \"dual\"", "to": ["a@example.org", "b@example.org"], "query": 'gallium OR "出口 管制"',
    "kinds": ["announcement", "quote"], "actions": ["export_control"], "roles": ["executive"],
    "minimum_confidence": 0.5, "reviewed_only": True, "frequency": "weekly", "at": "17:30", "weekday": "fri",
    "zone": "Europe/Berlin", "paused": True, "resumes_on": "2999-12-24",
}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> DemoDesk:
    made = set_up(tmp_path / "desk", None, rules=CONFIGURED)
    Desk(made.path).db.close()
    return made


def kept(desk: DemoDesk) -> list[tuple[str, str]]:
    with desk.database() as db:
        return [(one.owner, one.name) for one in rules_in_service(db)]


def test_what_is_exported_is_imported_as_it_was(policywire: Policywire, desk: DemoDesk, tmp_path: Path) -> None:
    with desk.database() as db:
        add_rule(db, FULL, owner="Ana Lü", by="Ana Lü", now=NOON)
    done = policywire("--config", desk.config, "rules", "export")
    assert done.status == 0
    assert tomllib.loads(done.out) == {"rules": [{"owner": "Ana Lü", **FULL}]}
    other = set_up(tmp_path / "other", None, rules="")
    Desk(other.path).db.close()
    file = tmp_path / "rules.toml"
    file.write_text(done.out, encoding="utf-8")
    assert policywire("--config", other.config, "rules", "import", file).out == "1 made, 0 changed, 0 the same\n"
    assert policywire("--config", other.config, "rules", "import", file).out == "0 made, 0 changed, 1 the same\n"
    with other.database() as db:
        (one,) = rules_in_service(db)
        assert (one.owner, one.settings) == ("Ana Lü", FULL)


def test_an_import_changes_rules_of_the_same_name_and_keeps_their_history(
    policywire: Policywire, desk: DemoDesk, tmp_path: Path
) -> None:
    with desk.database() as db:
        identity = add_rule(db, {"name": "Pears", "to": ["a@example.org"]}, owner="ana", by="ana", now=NOON)
    file = tmp_path / "rules.toml"
    file.write_text(
        '[[rules]]\nname = "pears"\nto = ["b@example.org"]\nresumes_on = 2026-12-24\n[[rules]]\nname = "Plums"\n'
        'to = ["a@example.org"]\nowner = "bo"\n'
    )
    tried = policywire("--config", desk.config, "rules", "import", file, "--owner", "ana", "--dry-run")
    assert tried.out == "1 made, 1 changed, 0 the same (nothing was done)\n"
    assert kept(desk) == [("ana", "Pears")]
    assert policywire("--config", desk.config, "rules", "import", file, "--owner", "ana").status == 0
    assert kept(desk) == [("ana", "pears"), ("bo", "Plums")]
    with desk.database() as db:
        assert [one.change for one in versions(db, identity)] == ["edited", "created"]


def test_the_list_has_the_rules_of_the_configuration_too(policywire: Policywire, desk: DemoDesk) -> None:
    with desk.database() as db:
        add_rule(db, FULL, owner="ana", by="ana", now=NOON)
    done = policywire("--config", desk.config, "rules", "list")
    assert "Desk  (configuration)\n       instant to desk@example.org\n       0 matches in 30 days" in done.out
    assert 'dual"  (ana, paused until 2999-12-24)' in done.out
    assert "weekly on fri at 17:30 Europe/Berlin to a@example.org, b@example.org" in done.out
    listed = json.loads(policywire("--config", desk.config, "rules", "list", "--json").out)
    assert [(one["owner"], one["name"]) for one in listed] == [("ana", FULL["name"]), ("configuration", "Desk")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[[rules]]\nname = "x"\nto = ["a@b.org"]\nquery = "(pears"',
            ["rule 'x'", "query", "never closed", "character 1"],
        ),
        (
            '[[rules]]\nname = "x"\nto = ["a@b.org"]\nactoins = ["tariff"]',
            ["rules[0].actoins", "did you mean 'actions'"],
        ),
        ('[[rules]]\nname = "x"\nto = ["a@b.org"]\nzone = "Mars"', ["rules[0].zone", "a time zone name"]),
        ('[[rules]]\nname = "x"\nto = ["a@b.org"]\nresumes_on = "soon"', ["rules[0].resumes_on", "2026-12-01"]),
        ('[[rules]]\nname = "x"\nto = ["a@b.org"]\nat = "8"', ["rules[0].at"]),
        ('[[rules]]\nname = "x"\nto = []', ["rules[0].to"]),
        (
            '[[rules]]\nname = "x"\nto = ["a@b.org"]\nsources = ["reuters"]',
            ["rule 'x'", "sources", "'reuters' is none of"],
        ),
        ('[[rules]]\nname = "x"\nto = ["a@b.org"]\nowner = "configuration"', ["is no owner", "policywire.toml"]),
        ("rules = 3", ["rules"]),
        ("[[rules", ["is not valid TOML"]),
    ],
)
def test_a_file_with_a_mistake_brings_nothing_in(
    policywire: Policywire, desk: DemoDesk, tmp_path: Path, text: str, said: list[str]
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text('[[rules]]\nname = "good"\nto = ["a@b.org"]\n' + text if "owner" in text else text)
    done = policywire("--config", desk.config, "rules", "import", file)
    assert (done.status, len(done.lines)) == (2, 1)
    assert [part for part in said if part not in done.err] == []
    assert kept(desk) == []


def test_a_file_that_is_not_there(policywire: Policywire, desk: DemoDesk) -> None:
    done = policywire("--config", desk.config, "rules", "import", "none.toml")
    assert done.status == 2
    assert "none.toml: cannot be read (No such file or directory); give another FILE" in done.err


def test_a_check_says_what_is_wrong_in_a_file_and_in_the_database(
    policywire: Policywire, desk: DemoDesk, tmp_path: Path
) -> None:
    assert policywire("--config", desk.config, "rules", "check").out == "1 rules, nothing wrong\n"
    with desk.database() as db:
        add_rule(db, {"name": "Pears", "to": ["a@b.org"], "query": "pears AND"}, owner="ana", by="ana", now=NOON)
    done = policywire("--config", desk.config, "rules", "check")
    assert (done.status, done.out) == (
        1, "rule 'Pears': query: AND needs a word after it (at character 7)\n2 rules, 1 wrong\n",
    )  # fmt: skip
    file = tmp_path / "rules.toml"
    file.write_text('[[rules]]\nname = "x"\nto = ["a@b.org"]\nroles = ["expert"]\n')
    done = policywire("--config", desk.config, "rules", "check", file)
    assert (done.status, done.out.splitlines()[0]) == (
        1, "rule 'x': roles: only quotes have it: choose them too, or leave it empty",
    )  # fmt: skip


def test_a_check_reads_the_configuration_as_it_stands_and_brings_nothing_into_service(
    policywire: Policywire, tmp_path: Path
) -> None:
    odd = '[[rules]]\nname = "Odd"\nto = ["desk@example.org"]\nquery = "pears AND"\n'
    desk = set_up(tmp_path / "odd", None, rules=CONFIGURED + odd)
    Desk(desk.path).db.close()
    done = policywire("--config", desk.config, "rules", "check")
    assert (done.status, done.out) == (
        1, "rule 'Odd': query: AND needs a word after it (at character 7)\n2 rules, 1 wrong\n",
    )  # fmt: skip
    assert kept(desk) == []


def test_a_rule_of_the_site_is_previewed_by_name_or_number(policywire: Policywire, desk: DemoDesk) -> None:
    with desk.database() as db:
        for owner in ("ana", "bo"):
            add_rule(db, {"name": "Pears", "to": ["a@b.org"]}, owner=owner, by=owner, now=NOON)
    for named in ("Desk", "2"):
        done = policywire("--config", desk.config, "alerts", "preview", named)
        assert (done.status, done.out) == (0, "0 matches in 0 articles: would have sent 0 mails\n")
    done = policywire("--config", desk.config, "alerts", "preview", "pears")
    assert "'pears' is the name of rules 1, 2: give the number" in done.err
    done = policywire("--config", desk.config, "alerts", "preview", "Plums")
    assert "no rule is named 'Plums'; there are: 'Desk', 'Pears', 'Pears'" in done.err


def test_somebody_who_has_unsubscribed_is_shown_and_let_in_again(policywire: Policywire, desk: DemoDesk) -> None:
    with desk.database() as db:
        identity = add_rule(db, {"name": "Pears", "to": ["ben@example.org"]}, owner="ana", by="ana", now=NOON)
        leave(db, identity, "ben@example.org", now=NOON)
    shown = policywire("--config", desk.config, "rules", "list")
    assert "ben@example.org has unsubscribed 2026-11-20T04:00:00Z" in shown.out
    listed = json.loads(policywire("--config", desk.config, "rules", "list", "--json").out)
    assert [one["unsubscribed"] for one in listed if one["name"] == "Pears"] == [["ben@example.org"]]
    done = policywire("--config", desk.config, "rules", "readmit", str(identity), "ben@example.org")
    assert (done.status, done.out) == (0, f"ben@example.org is told again by rule {identity}, from the next match on\n")
    again = policywire("--config", desk.config, "rules", "readmit", str(identity), "ben@example.org")
    assert again.status != 0
    assert "has not unsubscribed from rule" in again.err
    assert "no rule 99" in policywire("--config", desk.config, "rules", "readmit", "99", "ben@example.org").err

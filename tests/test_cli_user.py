"""`policywire user`: who may log in, managed from the command line; no password ever stands in an argument."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.user import ROLES
from db.accounts.sessions import log_in
from db.accounts.users import ROLES as KNOWN_ROLES
from db.connection import open_database
from tests.conftest import Policywire
from tests.db_samples import NOON

SECRET = b"seven barges, one lock\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "policywire.toml"
    path.write_text('[storage]\ndatabase = "new/desk.db"\narchive = "archive"\n[site]\nlogins = true\n')
    return path


def test_the_roles_are_those_of_the_database() -> None:
    assert ROLES == KNOWN_ROLES


def test_a_user_is_added_listed_changed_disabled_and_enabled(policywire: Policywire, config: Path) -> None:
    def run(*arguments: str, given: bytes = b"") -> str:
        done = policywire("--config", config, "user", *arguments, given=given)
        assert (done.status, done.err) == (0, "")
        return done.out

    assert run("add", "Ana", "--role", "reviewer", "--email", "ana@example.org", given=SECRET) == (
        "Ana may log in as reviewer\n"
    )
    assert run("role", "ana", "admin") == "Ana is admin\n"
    assert run("disable", "ana") == "Ana is disabled; 0 sessions ended\n"
    (listed,) = json.loads(run("list", "--json"))
    assert (listed["name"], listed["role"], listed["email"]) == ("Ana", "admin", "ana@example.org")
    assert listed["disabled_at"] is not None
    assert "password" not in listed
    assert run("enable", "Ana") == "Ana may log in as admin\n"
    assert run("password", "Ana", given=b"nine lanterns on a quay\r\n").startswith("Ana has another password")
    assert "ana@example.org" in run("list")
    db = open_database(config.parent / "new" / "desk.db")
    assert log_in(db, "Ana", "nine lanterns on a quay", address="", now=NOON) == 1
    assert log_in(db, "Ana", SECRET.decode().strip(), address="", now=NOON) is None
    db.close()


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (["add", "Ana", "--role", "reader"], b"short\n", "the password must have at least 12 characters, not 5"),
        (["add", "Ana", "--role", "reader"], b"", "no password: type it when asked"),
        (["add", "Ana", "--role", "reader"], b"\xff\xfe\n", "no UTF-8 text"),
        (["add", "Ana", "--role", "owner"], SECRET, "'owner' is not one of 'reader', 'reviewer', 'admin'"),
        (["add", "Ana"], SECRET, "Missing option '--role'"),
        (["add", "\u202e", "--role", "reader"], SECRET, "a name has 1 to 60 printable characters"),
        (["add", "Ana", "--role", "reader", "--email", "ana"], SECRET, "'ana' is no e-mail address"),
        (["list"], b"", "does not exist"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    policywire: Policywire, config: Path, arguments: list[str], given: bytes, said: str
) -> None:
    done = policywire("--config", config, "user", *arguments, given=given)
    assert done.status == 2
    assert done.err.startswith("policywire: ")
    assert done.err.count("\n") == 1
    assert said in done.err


@pytest.mark.parametrize("command", ["password", "role", "disable", "enable"])
def test_a_name_that_there_is_not_is_told(policywire: Policywire, config: Path, command: str) -> None:
    policywire("--config", config, "user", "add", "Ana", "--role", "reader", given=SECRET)
    more = ["reader"] if command == "role" else []
    done = policywire("--config", config, "user", command, "Bo", *more, given=SECRET)
    assert (done.status, done.err) == (
        2,
        "policywire: there is no user 'Bo': `policywire user list` shows who there is\n",
    )
    twice = policywire("--config", config, "user", "add", "ana", "--role", "reader", given=SECRET)
    assert "there is a user 'ana' already" in twice.err


def test_whoever_adds_a_user_hears_that_the_site_has_no_logins(policywire: Policywire, config: Path) -> None:
    config.write_text('[storage]\ndatabase = "desk.db"\n')
    done = policywire("--config", config, "user", "add", "Ana", "--role", "reader", given=SECRET)
    assert done.status == 0
    assert "set logins = true under [site]" in done.err


def test_a_site_with_logins_does_not_start_before_there_is_a_user(policywire: Policywire, config: Path) -> None:
    policywire("--config", config, "user", "add", "Ana", "--role", "reader", given=SECRET)
    policywire("--config", config, "user", "disable", "Ana")
    done = policywire("--config", config, "serve")
    assert (done.status, done.err) == (
        2,
        "policywire: [site] logins = true and nobody can log in yet: run `policywire user add NAME --role admin`\n",
    )

"""What a user can put right is told in one line that says what to do, with exit status 2, and never as a traceback."""

from __future__ import annotations

import os
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click
import pytest

import cli
import db
from cli.boundary import own_command
from jobs.locks import only_one
from tests.demo_desk import DemoDesk, Done, set_up

Policywire = Callable[..., Done]


@pytest.fixture
def empty(tmp_path: Path) -> DemoDesk:
    """A desk that has crawled nothing yet."""
    return set_up(tmp_path / "desk", None)


def told(done: Done, *parts: str) -> None:
    assert (done.status, len(done.lines)) == (2, 1), done.err
    assert done.err.startswith("policywire: ")
    for part in parts:
        assert part in done.err


def test_files_of_the_current_folder_are_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("raise SystemExit('somebody else’s module')")
    done = subprocess.run(own_command("status", config=None), cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "does not exist: run `policywire crawl`" in done.stderr


READERS = (
    ("status",), ("export", "articles_latest"), ("backup", "copy.db"), ("serve",), ("alerts", "send"),
    ("alerts", "preview", "Executives"),
)  # fmt: skip
WRITERS = (("crawl", "mofcom"), ("run",))


@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_a_missing_database(policywire: Policywire, empty: DemoDesk, command: tuple[str, ...]) -> None:
    told(policywire("--config", str(empty.config), *command), "policywire.db does not exist", "run `policywire crawl`")


@pytest.mark.parametrize("command", READERS + WRITERS, ids=" ".join)
def test_a_foreign_database(policywire: Policywire, empty: DemoDesk, command: tuple[str, ...]) -> None:
    other = sqlite3.connect(empty.path)
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    told(policywire("--config", str(empty.config), *command), "belongs to another program", "give the path")


@pytest.mark.parametrize("command", READERS + WRITERS, ids=" ".join)
def test_a_file_that_is_no_database(policywire: Policywire, empty: DemoDesk, command: tuple[str, ...]) -> None:
    empty.path.write_bytes(b"no database at all, " * 100)
    told(policywire("--config", str(empty.config), *command), "is not a SQLite database", "give the path")


def _short_of_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "open_database", partial(db.open_database, timeout=0.05))
    monkeypatch.setattr("jobs.desk.open_database", partial(db.open_database, timeout=0.05))


# `run` waits for it: tests/test_run_faults.py
@pytest.mark.parametrize("command", [("alerts", "send"), ("crawl", "mofcom")], ids=" ".join)
def test_a_locked_database(
    policywire: Policywire, empty: DemoDesk, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    db.open_database(empty.path, mode="create").close()
    other = sqlite3.connect(empty.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    _short_of_patience(monkeypatch)
    told(policywire("--config", str(empty.config), *command), "is locked by another process", "wait for it")
    other.close()


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_database_that_may_not_be_read(policywire: Policywire, empty: DemoDesk) -> None:
    db.open_database(empty.path, mode="create").close()
    empty.path.chmod(stat.S_IWUSR)
    told(policywire("--config", str(empty.config), "export", "articles_latest"), "cannot be read", "permissions")


def test_a_damaged_database(policywire: Policywire, crawled: DemoDesk) -> None:
    with crawled.path.open("r+b") as file:
        file.seek(40 * 4096)
        file.write(b"\xff" * 400 * 4096)
    told(policywire("--config", str(crawled.config), "export", "quotes_attributed"), "is damaged", "restore")


def test_a_database_of_a_newer_program(policywire: Policywire, empty: DemoDesk) -> None:
    made = db.open_database(empty.path, mode="create")
    made["_sqlite_migrations"].insert({"migration_set": "policywire", "name": "9999_later", "applied_at": "2027-01-01"})
    made.close()
    told(policywire("--config", str(empty.config), "status"), "newer policywire", "update the program")


def test_a_folder_in_place_of_the_database(policywire: Policywire, empty: DemoDesk) -> None:
    empty.path.mkdir()
    told(policywire("--config", str(empty.config), "status"), "is a folder")


def test_an_archive_that_cannot_be_made(policywire: Policywire, empty: DemoDesk) -> None:
    empty.archive.write_text("in the way")
    told(policywire("--config", str(empty.config), "crawl", "mofcom"), "archive")


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("crawl", "reuters"), ("unknown source 'reuters'", "china_daily, mofcom")),
        (("crawl", "mofcom", "--section", "sports"), ("no section 'sports'", "zcfb")),
        (("crawl", "mofcom", "--query", "pears"), ("has no search", "--query")),
        (("crawl", "china_daily", "--query", " "), ("--query is empty",)),
        (("crawl", "china_daily", "--since", "soon"), ("soon", "see `policywire crawl --help`")),
        (("parse",), ("FILE", "see `policywire parse --help`")),
        (("parse", "/nowhere/page.html", "--url", "https://www.mofcom.gov.cn/"), ("/nowhere/page.html",)),
        (("parse", ".", "--url", "https://www.mofcom.gov.cn/"), ("directory",)),
        (("parse", "-", "--url", "https://[::1"), ("'https://[::1'", "no web address")),
        (("extract", "/nowhere/story.txt"), ("/nowhere/story.txt", "give a JSON lines or text file")),
        (("extract", "."), ("cannot be read", "give a JSON lines or text file")),
        (("extract", "--format", "xml"), ("xml", "jsonl")),
        (("alerts", "test", "nobody"), ("nobody", "e-mail address")),
        (("reprocess",), ("no WARC file", "run `policywire crawl` first")),
        (("reprocess", "--warc", "/nowhere/*.gz"), ("/nowhere/*.gz",)),
        (("frobnicate",), ("frobnicate", "see `policywire --help`")),
        (("serve", "--port", "99999"), ("99999", "65535")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_told(
    policywire: Policywire, empty: DemoDesk, arguments: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    told(policywire("--config", str(empty.config), *arguments), *parts)


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("export", "articles"), ("no table 'articles'", "articles_latest")),
        (("export", "articles_latest", "--output", "/nowhere/a.csv"), ("/nowhere/a.csv: cannot be written",)),
        (("export", "articles_latest", "--filter", "mofcom"), ("--filter mofcom", "action=export_control")),
        (("export", "articles_latest", "--filter", "colour=red"), ("no filter 'colour'", "author")),
        (("export", "articles_latest", "--since", "May"), ("--since May", "2026-03-01")),
        (("export", "articles_latest", "--query", '"a'), ("never closed",)),
        (("export", "instruments", "--query", "a"), ("instruments takes no query",)),
        (("export", "source_health", "--manifest", "/nowhere/m.json"), ("/nowhere/m.json",)),
        (("backup", "/nowhere/copy.db"), ("/nowhere", "create it first")),
        (("alerts", "preview", "Nothing"), ("'Nothing'", "'Executives'")),
        (("alerts", "test", "a@example.org"), ("[mail]", "refused")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_with_a_database_is_told(
    policywire: Policywire, undisturbed: DemoDesk, tmp_path: Path, arguments: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    desk = set_up(tmp_path, None, mail="port = 9")
    desk.path.symlink_to(undisturbed.path)
    told(policywire("--config", str(desk.config), *arguments), *parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[storage", ("is not valid TOML",)),
        ("[storage]\ndatabse = 'x'", ("storage.databse", "database")),
        ("[network]\ndelay = 'slow'", ("network.delay",)),
        ("[mail]\nsecurity = 'ssl'", ("mail.security", "starttls")),
        ('[mail]\nsender = "policywire"', ("mail.sender", "policywire@example.org")),
        ('[mail]\nsender = "a\\nb <a@b.org>"', ("mail.sender", "policywire@example.org")),
        ("[[schedule.jobs]]\nsource = 'mofcom'", ("exactly one of every",)),
        ("[[rules]]\nname = 'x'\nto = ['nobody']", ("e-mail address",)),
        ("[[rules]]\nname = 'x'\nto = ['a@b.org']\nkinds = ['tweet']", ("announcement",)),
    ],
)
def test_a_wrong_configuration_is_told_with_file_and_key(
    policywire: Policywire, tmp_path: Path, text: str, parts: tuple[str, ...]
) -> None:
    file = tmp_path / "desk.toml"
    file.write_text(text, encoding="utf-8")
    told(policywire("--config", str(file), "status"), str(file), *parts)


def test_a_configuration_that_is_not_there(
    policywire: Policywire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(policywire("--config", str(tmp_path / "none.toml"), "status"), "none.toml", "--config or POLICYWIRE_CONFIG")
    monkeypatch.setenv("POLICYWIRE_CONFIG", str(tmp_path / "other.toml"))
    told(policywire("status"), "other.toml")


@pytest.mark.parametrize("command", [("crawl", "mofcom"), ("run",), ("alerts", "preview", "x")], ids=" ".join)
def test_a_rule_whose_query_cannot_work_is_told_before_anything_is_done(
    policywire: Policywire, tmp_path: Path, command: tuple[str, ...]
) -> None:
    desk = set_up(tmp_path, None, rules='[[rules]]\nname = "x"\nto = ["a@b.org"]\nquery = "(pears"')
    if command[0] == "alerts":
        db.open_database(desk.path, mode="create").close()
    told(policywire("--config", str(desk.config), *command), "rule 'x'", "(pears")


def test_a_source_of_the_configuration_that_nobody_knows(policywire: Policywire, tmp_path: Path) -> None:
    desk = set_up(tmp_path, None, rest="[sources.reuters]\nenabled = true")
    told(policywire("--config", str(desk.config), "run"), "unknown source 'reuters'")


def test_a_rule_on_a_source_that_nobody_knows(policywire: Policywire, tmp_path: Path) -> None:
    desk = set_up(tmp_path, None, rules='[[rules]]\nname = "x"\nto = ["a@b.org"]\nsources = ["reuters"]')
    told(policywire("--config", str(desk.config), "run"), "unknown source 'reuters'")


def test_a_section_that_the_source_does_not_have(policywire: Policywire, tmp_path: Path) -> None:
    desk = set_up(tmp_path, None, rest='[sources.mofcom]\nsections = ["sports"]')
    told(policywire("--config", str(desk.config), "run"), "sources.mofcom.sections: mofcom has no section 'sports'")


def test_a_password_file_that_is_not_there(
    policywire: Policywire, undisturbed: DemoDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYWIRE_SMTP_PASSWORD_FILE", "/nowhere/password")
    done = policywire("--config", str(undisturbed.config), "alerts", "send")
    told(done, "POLICYWIRE_SMTP_PASSWORD_FILE", "/nowhere/password")


def test_a_port_that_is_taken(policywire: Policywire, undisturbed: DemoDesk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told(policywire("--config", str(undisturbed.config), "serve", "--port", port), port, "give another with --port")


def test_a_second_crawl_of_a_source_is_refused(policywire: Policywire, empty: DemoDesk) -> None:
    with only_one(empty.folder / "policywire.db.crawl-mofcom.lock", "a crawl"):
        told(policywire("--config", str(empty.config), "crawl", "mofcom"), "already running", str(os.getpid()))


# -- help --------------------------------------------------------------------------------------------------------------


def _commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, *path, name)
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(_commands(cli.policywire)), ids=lambda path: " ".join(path) or "policywire")
def test_every_command_explains_itself_with_an_example(
    path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["policywire", *path, "--help"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    shown = capsys.readouterr().out
    assert not ended.value.code
    head, _, examples = shown.partition("Examples:")
    assert len(head.split()) > 10
    assert f"policywire {' '.join(path)}".strip() in examples


@pytest.mark.parametrize("path", [(), ("alerts",)])
def test_a_group_alone_shows_its_commands(policywire: Policywire, path: tuple[str, ...]) -> None:
    done = policywire(*path)
    assert done.status == 2
    assert "Commands:" in done.err


def test_every_command_of_the_design_is_there() -> None:
    wanted = "demo crawl parse extract reprocess run serve alerts status backup export archive rules user upkeep"
    assert set(wanted.split()) == set(cli.policywire.commands)

"""How to restore, as docs/upkeep.md says it: its lines are run on a database that was damaged after its copy."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from db import open_database
from db.connection import value
from demo.site import DemoSite
from tests.demo_desk import ROOT, TODAY, DemoDesk, column, set_up

DOCUMENT = ROOT / "docs" / "upkeep.md"


def _lines() -> list[str]:
    """The command lines of the section, in order."""
    section = DOCUMENT.read_text(encoding="utf-8").partition("## How to restore")[2]
    blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def _run(folder: Path, lines: Sequence[str]) -> list[str]:
    """What the lines print in a shell in `folder`; each must succeed."""
    shim = folder / "bin" / "policywire"
    shim.parent.mkdir(exist_ok=True)
    shim.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -P -m cli "$@"\n')
    shim.chmod(0o755)
    printed = []
    for line in lines:
        done = subprocess.run(
            ["sh", "-e", "-c", line],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PATH": f"{shim.parent}:{os.environ['PATH']}"},
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        printed.append(done.stdout)
    return printed


def _desk(folder: Path, site: DemoSite) -> DemoDesk:
    desk = set_up(folder, site, rest='[schedule]\nbackup_to = "var/backups"\n')
    text = desk.config.read_text(encoding="utf-8")
    desk.config.write_text(
        text.replace('"policywire.db"', '"var/policywire.db"').replace('"archive"', '"var/archive"'), encoding="utf-8"
    )
    (folder / "var").mkdir()
    return desk


def test_the_steps_of_the_document_give_back_what_was_known(demo_site: DemoSite, tmp_path: Path) -> None:
    desk = _desk(tmp_path / "desk", demo_site)
    database = desk.folder / "var" / "policywire.db"
    assert desk.run("crawl", "state_council", "--as-of", TODAY).status == 0
    assert desk.run("upkeep", "backup").status == 0
    (copy,) = (desk.folder / "var" / "backups").glob("*.db")
    assert desk.run("crawl", "mofcom", "--as-of", TODAY).status == 0
    with closing(open_database(database)) as db:
        known = _known(db)
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    body = bytearray(database.read_bytes())
    body[4096 * 3 : 4096 * 30] = b"\xff" * (4096 * 27)
    database.write_bytes(body)
    assert desk.run("upkeep", "check").status != 0
    day = copy.name.removeprefix("policywire-").removesuffix(".db")
    lines = [
        line.replace("2026-11-20.db", f"{day}.db").replace("-newermt 2026-11-20", "-newermt 2026-01-01")
        for line in _lines()
    ]
    assert len(lines) == 5, "a step was added: see that the test still does all of them"
    printed = _run(desk.folder, lines)
    assert printed[2].endswith("policywire.db: all is well\n")
    assert printed[4].endswith("all is well\n")
    with closing(open_database(database, mode="ro")) as db:
        assert _known(db) == known
        assert value(db, "SELECT count(*) FROM pages WHERE warc_file GLOB 'var/*'") == 0
        assert value(db, "SELECT count(*) FROM articles WHERE source = 'mofcom'") > 20
    assert (desk.folder / "aside" / "policywire.db").exists()


def _known(db: object) -> dict[str, list[str]]:
    return {
        name: column(db, f"SELECT id FROM {name} ORDER BY id")  # type: ignore[arg-type]  # noqa: S608
        for name in ("articles_latest", "quotes_attributed", "policy_announcements")
    }

"""A policywire set up against the demo site: its folder, its configuration, and its commands as real processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db import open_database
from demo.site import DemoSite, Request
from spiders.source import SOURCES

ROOT = Path(__file__).resolve().parents[1]
TODAY = "2026-09-18"
"""The day on which the demo's listings are fresh."""
RULES = """
[[rules]]
name = "Export controls"
to = ["trade@example.org", "chief@example.org"]
actions = ["export_control", "sanction"]

[[rules]]
name = "Executives"
to = ["desk@example.org"]
kinds = ["quote"]
roles = ["executive"]

[[rules]]
name = "出口管制"
to = ["zh@example.org"]
kinds = ["article"]
query = "出口管制"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What it said on standard error, line by line."""
        return self.err.splitlines()


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDesk:
    """A folder with policywire.toml, and the commands run on it."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "policywire.toml"

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def path(self) -> Path:
        return self.folder / "policywire.db"

    @contextmanager
    def database(self) -> Iterator[Database]:
        with closing(open_database(self.path, mode="rw")) as db:
            yield db

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "cli", "--config", str(self.config), *arguments]

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """The command as a process of its own; what it prints goes to log.txt."""
        with (self.folder / "log.txt").open("ab") as log:
            return subprocess.Popen(
                self.command(*arguments), cwd=ROOT, stdout=log, stderr=log, env={**os.environ, **environment}
            )

    def run(self, *arguments: str, given: str | None = None, **environment: str) -> Done:
        """The command, waited for."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=ROOT,
            input=(given or "").encode(),
            capture_output=True,
            timeout=120,
            env={**os.environ, **environment},
        )
        return Done(status=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())

    def crawl(self, source: str) -> Mapping[str, Any]:
        """Crawl to the end; gives the report."""
        done = self.run("crawl", source, "--as-of", TODAY, "--json")
        assert done.out, done.err
        report: Mapping[str, Any] = json.loads(done.out)
        return report

    def copy(self, folder: Path) -> DemoDesk:
        """The same desk in another folder, to be changed."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return DemoDesk(folder=folder)

    @property
    def log(self) -> str:
        path = self.folder / "log.txt"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def set_up(folder: Path, site: DemoSite | None, *, mail: str = "", rules: str = RULES, rest: str = "") -> DemoDesk:
    """A desk in `folder` that reaches the site, if there is one; `mail` are lines of [mail], `rest` further tables."""
    folder.mkdir(parents=True, exist_ok=True)
    security = "" if "security" in mail else 'security = "none"\n'
    # what the small world published over the years is all news on its one day
    old = "" if "stale_after" in mail else 'stale_after = "0d"\ntell_within = "0d"\nper_recipient_hourly = 0\n'
    network = ""
    if site is not None:
        connect_to = "\n".join(f'"{asked}" = "{real}"' for asked, real in site.connect_to.items())
        network = f'[network]\ndelay = 0\nca_file = "{site.ca_file}"\n[network.connect_to]\n{connect_to}\n'
    (folder / "policywire.toml").write_text(
        f'[storage]\ndatabase = "policywire.db"\narchive = "archive"\n{network}\n'
        f'[mail]\nhost = "127.0.0.1"\n{security}{old}{mail}\n{rest}\n{rules}',
        encoding="utf-8",
    )
    return DemoDesk(folder=folder)


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait for something that another process or thread does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        threading.Event().wait(0.005)


def crawl_all(desk: DemoDesk) -> list[Mapping[str, Any]]:
    """Crawl all sources side by side, as the scheduler does."""
    running = [
        subprocess.Popen(
            desk.command("crawl", source, "--as-of", TODAY, "--json"),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for source in SOURCES
    ]
    reports: list[Mapping[str, Any]] = []
    for child in running:
        out, err = child.communicate(timeout=120)
        assert out, err.decode()
        reports.append(json.loads(out))
    return reports


class Answers:
    """How often the site has answered, by source, in all and for articles; told the moment it happens."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, bool]] = Counter()
        self._changed = threading.Condition()

    def add(self, host: str, article: bool) -> None:
        source = next(source.name for source in SOURCES.values() if source.owns(host))
        with self._changed:
            self._counts[source, False] += 1
            self._counts[source, True] += article
            self._changed.notify_all()

    def wait_for(self, more: int, source: str, process: subprocess.Popen[bytes], *, articles: bool = False) -> None:
        """Wait until there are so many more for the source, or the process has ended."""
        end = time.monotonic() + 60
        with self._changed:
            wanted = self._counts[source, articles] + more
            while self._counts[source, articles] < wanted and process.poll() is None:
                assert time.monotonic() < end, "the crawl stands still"
                self._changed.wait(0.1)


@contextmanager
def counted(site: DemoSite) -> Iterator[Answers]:
    """Counts what the site answers while the block runs."""
    answers = Answers()
    record = site.record

    def count(request: Request) -> None:
        record(request)
        answers.add(request.host, (request.host, request.path) in site.routes.articles)

    site.record = count  # type: ignore[method-assign]
    try:
        yield answers
    finally:
        del site.record  # type: ignore[attr-defined] # the class's own is back


def column(db: Database, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
    """The first column of what `sql` selects."""
    return [found[0] for found in db.conn.execute(sql, parameters).fetchall()]

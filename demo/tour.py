"""The tour behind `make demo`: the real commands against the invented site, then what came out, for a person to read.

Crawls run as processes of their own, exactly as the scheduler starts them; nothing in spiders or parsers knows of the
demo. It crawls three times: all of it, again with nothing new, and once more after the site has edited a story.
"""

from __future__ import annotations

import errno
import fcntl
import json
import shlex
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlite_utils import Database

from db import open_database
from db.connection import row, rows, value
from demo.check import Check, check, check_lines
from demo.sink import MailSink, Received
from demo.site import DemoSite
from demo.ways import show_ways
from demo.world import TODAY, load_world, truth_records
from pipeline.sources import TITLES
from spiders.source import SOURCES

MARKER = ".policywire-demo"
SHOWN = 6
"""Announcements in the report."""
REACTIONS = 2
"""Quotes shown with each of them."""
PATIENCE = 5.0
"""Seconds that a crawl gets to end when the demo is interrupted."""

_CONFIG = """# Written by `policywire demo`: the settings it ran with.
[storage]
database = "policywire.db"
archive = "archive"

[network]
contact = "demo@example.org"
delay = 0.0
ca_file = "ca.pem"

[network.connect_to]
{connect_to}

[sources.china_daily]
sections = [
  "business/economy", "business/companies", "business/biz_industries", "business/tech", "business/motoring",
  "business/money", "china/governmentandpolicy", "china/society", "china/59b8d010a3108c54ed7dfc30", "world/china-us",
  "world/cn_eu", "world/europe", "opinion/op-ed", "rss/bizchina", "rss/world", "cn/observer", "epaper",
]

[sources.mofcom]
sections = [
  "zcfb", "gg", "rcxwfb", "xwfyrth", "lxxwfbh", "en/announcements", "en/general-policies", "en/press-conference",
  "en/significant-news", "en/remarks", "exportcontrol/catalogue", "exportcontrol/domestic", "trb/home",
]

[mail]
# what this small world published over the years is all news on its one day
stale_after = "0d"
tell_within = "0d"
per_recipient_hourly = 0
host = "127.0.0.1"
port = {port}
security = "none"
sender = "policywire <alerts@policywire.example>"

[[rules]]
name = "Export controls and sanctions"
to = ["trade-desk@example.org"]
kinds = ["announcement"]
actions = ["export_control", "sanction"]
salience = ["news"]

[[rules]]
name = "Executives on chips"
to = ["chips@example.org"]
kinds = ["quote"]
query = "gallium OR semiconductor OR wafer* OR 芯片 OR 氮化镓"
roles = ["executive"]
"""


class Failed(Exception):
    """Something in the demo is not as it must be; the message says what."""


class NoPlace(Exception):
    """The demo cannot write where it was told to; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one crawl of all sources did."""

    reports: Mapping[str, Mapping[str, Any]]
    requests: int
    articles: int
    """Requests for articles, as the site counted them."""
    seconds: float

    def total(self, name: str) -> int:
        """A figure of the reports, added up."""
        return sum(int(report[name]) for report in self.reports.values())


def tour(folder: Path, *, keep_serving: bool = False, console: Console | None = None) -> int:
    """Run the demo into `folder` (made anew each time) and show what came out; 0 if all is as it must be.

    Raises NoPlace for a folder that is not the demo's own or cannot be written.
    """
    say = console or Console(highlight=False)
    with _fresh(folder):
        try:
            seconds = _show(folder, say)
        except Failed as failed:
            say.print(f"[bold red]The demo found a fault:[/] {escape(str(failed))}")
            return 1
        say.print(f"\nDone in {seconds:.0f} s. Everything lies in [bold]{folder}[/].")
        _next_steps(folder, say)
        if keep_serving:
            return subprocess.run(_command(folder, "serve"), check=False).returncode
    return 0


def _show(folder: Path, say: Console) -> float:
    """Run everything and show it; gives the seconds that it took. Raises Failed."""
    began = time.monotonic()
    rounds, mails = _run(folder, say)
    with closing(open_database(folder / "policywire.db", mode="ro")) as db:
        compared = check(db, folder / "truth.jsonl")
        _report(db, folder, rounds, mails, compared, say)
        _insist(db, rounds, mails, compared)
    return time.monotonic() - began


@contextmanager
def _fresh(folder: Path) -> Iterator[None]:
    """An empty folder that no other demo takes meanwhile; one that no demo made is never touched. Raises NoPlace."""
    try:
        if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
            raise NoPlace(f"{folder} is not empty and not the demo's own: give another with --folder")
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / MARKER).open("a") as marker:
            fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for entry in folder.iterdir():
                if entry.is_dir() and not entry.is_symlink():
                    shutil.rmtree(entry)
                elif entry.name != MARKER:
                    entry.unlink()
            yield
    except BlockingIOError as error:
        raise NoPlace(f"another demo is using {folder}: wait for it, or give another with --folder") from error
    except OSError as error:
        if error.filename is None and error.errno != errno.ENOSPC:  # of no file: nothing another folder would mend
            raise
        raise NoPlace(f"{folder} cannot be written ({error.strerror}): give another with --folder") from error


def _run(folder: Path, say: Console) -> tuple[list[Round], list[Received]]:
    world = load_world()
    with DemoSite(world, folder=folder) as site, MailSink(folder / "mail") as sink:
        connect_to = "\n".join(f'"{asked}" = "{real}"' for asked, real in site.connect_to.items())
        config = _CONFIG.format(connect_to=connect_to, port=sink.port)
        (folder / "policywire.toml").write_text(config, encoding="utf-8")
        say.print(
            Panel(
                f"An invented news world of {len(world)} stories and documents is served on this machine under the "
                "real host names. The same commands that run in production crawl it, archive every page, read it, "
                "and mail what two watch rules ask for.",
                title="policywire demo",
                expand=False,
                width=min(100, say.width),
            )
        )
        rounds = [_crawl(folder, site, say, "First crawl: everything")]
        _call(folder, "alerts", "send")
        rounds.append(_crawl(folder, site, say, "Second crawl: nothing is new"))
        site.change()
        rounds.append(_crawl(folder, site, say, "Third crawl: one story was edited"))
        _call(folder, "alerts", "send")
        records = truth_records(world, changed=True)
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (folder / "truth.jsonl").write_text("".join(lines), encoding="utf-8")
        return rounds, list(sink.received)


def _command(folder: Path, *arguments: str) -> list[str]:
    # -P: a config.py or web/ in the current folder must not be taken for ours
    return [sys.executable, "-P", "-m", "cli", "--config", str(folder / "policywire.toml"), *arguments]


def _call(folder: Path, *arguments: str) -> str:
    """Run one policywire command and give what it printed; its log goes to log.txt."""
    with (folder / "log.txt").open("ab") as log:
        done = subprocess.run(_command(folder, *arguments), stdout=subprocess.PIPE, stderr=log, check=False)
    if done.returncode:
        raise Failed(
            f"`policywire {' '.join(arguments)}` ended with status {done.returncode}; see {folder / 'log.txt'}"
        )
    return done.stdout.decode()


def _end(children: Iterable[subprocess.Popen[bytes]]) -> None:
    """End the crawls that still run: the demo was interrupted, and its site is about to go."""
    left = [child for child in children if child.poll() is None]
    for child in left:
        child.terminate()
    for child in left:
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()


def _crawl(folder: Path, site: DemoSite, say: Console, title: str) -> Round:
    """Crawl all sources side by side, as the scheduler does, and show how far they are."""
    site.clear_log()
    began = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (folder / "log.txt").open("ab") as log, Progress(*columns, console=say, transient=True) as progress:
        running = {
            source: subprocess.Popen(
                _command(folder, "crawl", source, "--as-of", TODAY.isoformat(), "--json"),
                stdout=subprocess.PIPE,
                stderr=log,
            )
            for source in SOURCES
        }
        task = progress.add_task(title, total=None)
        try:
            while any(child.poll() is None for child in running.values()):
                progress.update(task, completed=len(site.requests))
                time.sleep(0.1)
        finally:
            _end(running.values())
    reports = {}
    for source, child in running.items():
        printed = child.communicate()[0]
        if child.returncode not in (0, 1) or not printed:
            raise Failed(f"the crawl of {source} ended with status {child.returncode}; see {folder / 'log.txt'}")
        reports[source] = json.loads(printed)
    found = Round(
        reports=reports,
        requests=len(site.requests),
        articles=sum((request.host, request.path) in site.routes.articles for request in site.requests),
        seconds=time.monotonic() - began,
    )
    say.print(
        f"[bold]{title}[/]: {found.requests} requests, {found.articles} for articles — "
        f"[green]{found.total('new')} new[/], {found.total('revised')} revised, "
        f"{found.total('failed')} refused or gone, in {found.seconds:.0f} s"
    )
    if found.total("new"):
        each = (f"{TITLES[source]} {report['new']}" for source, report in reports.items() if report["new"])
        say.print(f"  new: {' · '.join(each)}")
    return found


# -- the report --------------------------------------------------------------------------------------------------------

_OF_ONE_SORT = 2
"""Announcements of one action that the report shows at most."""

_NEWS = """
SELECT i.id AS instrument_id, p.title, coalesce(p.number, i.number) AS number, i.articles, p.action,
  p.issuers, p.issued_on, p.effective_on, p.status, p.evidence, p.url,
  (SELECT count(DISTINCT r.speaker) FROM policy_reactions AS r
    WHERE r.instrument_id = i.id AND r.role IN ('executive', 'expert')) AS people
FROM instruments AS i
JOIN policy_announcements AS p ON p.instrument_id = i.id
WHERE p.salience = 'news' AND p.duplicate_of IS NULL AND p.issued_on >= ?
ORDER BY people > 0 DESC, i.articles DESC, people DESC, p.issued_on DESC, p.language = 'en' DESC,
  p.source = 'mofcom' DESC, p.seq
"""
_REACTIONS = """
SELECT q.speaker, q.title, q.organization, q.text, q.role, q.url, q.article_title
FROM policy_reactions AS r JOIN quotes_attributed AS q ON q.id = r.quote_id
WHERE r.instrument_id = ? AND q.speaker_type = 'person' AND q.duplicate_of IS NULL
ORDER BY q.language = 'en' DESC, q.role = 'executive' DESC, q.role = 'expert' DESC, q.kind = 'direct' DESC, q.seq
"""


def _report(
    db: Database, folder: Path, rounds: Sequence[Round], mails: Sequence[Received], compared: Check, say: Console
) -> None:
    say.rule("[bold]What is new and matters most")
    for announcement in _most_important(db):
        _show_announcement(db, announcement, say)
    say.rule("[bold]The alert mail, as a real SMTP server received it")
    _show_mail(folder, mails, say)
    say.rule("[bold]The ways to the stories")
    show_ways(db, rounds[0].reports, say)
    say.rule("[bold]Counted, and held against the truth its authors wrote")
    _show_counts(db, compared, say)


def _most_important(db: Database) -> list[dict[str, Any]]:
    """One record for each of this month's instruments that most articles tell of and most people speak on."""
    best: dict[str, dict[str, Any]] = {}
    sorts: Counter[str] = Counter()
    for found in rows(db, _NEWS, [f"{TODAY:%Y-%m}"]):
        if found["instrument_id"] in best or sorts[found["action"]] == _OF_ONE_SORT:
            continue
        sorts[found["action"]] += 1
        best[found["instrument_id"]] = found
    return list(best.values())[:SHOWN]


def _show_announcement(db: Database, found: Mapping[str, Any], say: Console) -> None:
    evidence = json.loads(found["evidence"])[0]["text"]
    when = f"issued {found['issued_on']}" + (f", in force {found['effective_on']}" if found["effective_on"] else "")
    issuers = ", ".join(json.loads(found["issuers"])) or "issuer not named"
    say.print(f"\n[bold cyan]{escape(_short(found['title'], 110))}[/]")
    facts = [found["number"], issuers, found["action"].replace("_", " "), found["status"], when]
    say.print("  " + escape(" · ".join(fact for fact in facts if fact)))
    say.print(f"  [italic]“{escape(_short(evidence, 260))}”[/]")
    say.print(f"  {escape(found['url'])}", style="dim", soft_wrap=True)
    told: set[str] = set()
    for quote in rows(db, _REACTIONS, [found["instrument_id"]]):
        if quote["speaker"] in told or len(told) == REACTIONS:
            continue
        told.add(quote["speaker"])
        post = ", ".join(part for part in (quote["title"], quote["organization"]) if part)
        words = escape(_short(quote["text"].rstrip(", "), 180))
        say.print(f"    [bold]{escape(quote['speaker'])}[/]{escape(f' ({post})' if post else '')}: “{words}”")
        say.print(f"    {escape(quote['url'])}", style="dim", soft_wrap=True)


def _show_mail(folder: Path, mails: Sequence[Received], say: Console) -> None:
    say.print(f"{len(mails)} mails arrived; two of them:")
    for recipient in ("trade-desk@example.org", "chips@example.org"):
        of_recipient = [mail for mail in mails if recipient in mail.recipients]
        if not of_recipient:
            continue
        # one that a reader of this report can read
        mail = next((mail for mail in of_recipient if str(mail.message["Subject"]).isascii()), of_recipient[0])
        body = mail.message.get_body(("plain",))
        lines = [line for line in (body.get_content() if body else "").splitlines() if line.strip()]
        say.print(
            Panel(
                escape("\n".join(_short(line, 150) for line in lines[:12])),
                title=escape(_short(str(mail.message["Subject"]), 80)),
                subtitle=escape(f"to {recipient}"),
                width=min(110, say.width),
            )
        )
        files = [mail.eml, *([mail.html] if mail.html else [])]
        say.print("  saved as " + " and ".join(escape(str(path)) for path in files), soft_wrap=True)


def _show_counts(db: Database, compared: Check, say: Console) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("", "in truth", "found", "agree", "F1"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, score in check_lines(compared):
        table.add_row(name, str(score.expected), str(score.found), str(score.right), f"{score.f1:.2f}")
    say.print(table)
    people: int = value(db, "SELECT count(*) FROM persons WHERE same_as = id")
    executives = value(db, "SELECT count(DISTINCT person_id) FROM executive_quotes")
    linked = value(db, "SELECT count(*) FROM instruments WHERE articles > 1")
    waiting = value(db, "SELECT count(*) FROM review_queue")
    say.print(f"{people} people quoted, {executives} of them executives; {waiting} statements wait for review.")
    say.print(f"{linked} instruments are told of by more than one article.")
    for url in compared.wrong_texts:
        say.print(f"  [yellow]text not exact:[/] {escape(url)}", soft_wrap=True)


def _insist(db: Database, rounds: Sequence[Round], mails: Sequence[Received], compared: Check) -> None:
    """What the demo promises. Raises Failed with the first promise that is not kept."""
    first, second, third = rounds
    revision = row(db, "SELECT count(*) AS n FROM revisions WHERE revision > 1")
    promises = (
        (first.total("new") > 0, "the first crawl found nothing"),
        (second.articles == 0, f"the second crawl fetched {second.articles} articles again"),
        (second.total("new") + second.total("revised") == 0, "the second crawl added something"),
        (third.total("revised") == 1, f"the third crawl made {third.total('revised')} revisions, not 1"),
        (third.total("new") == 0, "the third crawl found new articles"),
        (revision is not None and revision["n"] == 1, "the edited story has no second revision"),
        (bool(mails), "no alert mail arrived"),
        (not compared.wrong_texts, f"{len(compared.wrong_texts)} articles are missing or not exact"),
        (compared.marked.f1 >= 0.9, f"quotes in marks: F1 {compared.marked.f1:.2f} is below 0.90"),
        (compared.news.f1 >= 0.75, f"announcements: F1 {compared.news.f1:.2f} is below 0.75"),
    )
    for kept, otherwise in promises:
        if not kept:
            raise Failed(otherwise)


def _next_steps(folder: Path, say: Console) -> None:
    with_config = f"{_own_name()} --config {shlex.quote(str(folder / 'policywire.toml'))}"
    say.print("\n[bold]What to try next[/]")
    for command, what in _commands():
        say.print(f"  {with_config} {command}", soft_wrap=True)
        say.print(f"      {what}", style="dim")


def _own_name() -> str:
    """How this very policywire is called from here: beside the interpreter that runs us, shortened where that reads."""
    command = Path(sys.executable).with_name("policywire")
    return shlex.quote(str(command.relative_to(Path.cwd()) if command.is_relative_to(Path.cwd()) else command))


def _commands() -> Iterator[tuple[str, str]]:
    yield "serve", "read, search and review it in a browser at http://127.0.0.1:8350"
    yield "status", "sources, runs, queue, outbox, open issues"
    yield "export executive_quotes --format csv", "who said what, for a spreadsheet"
    yield 'alerts preview "Executives on chips" --days 365', "what a watch rule matches, and why"
    yield "reprocess", "read the whole archive again with today's extractor"


def _short(text: str, length: int) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= length else folded[: length - 1].rstrip() + "…"

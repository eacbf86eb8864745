"""The command `policywire`: reads its arguments, wires the parts together, says in one line what went wrong."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, TextIO
from urllib.parse import urlsplit

import click

from logs import log_to_stderr

if TYPE_CHECKING:
    from sqlite_utils import Database

    from alerts.rules import Rule
    from config import Config
    from db.status import Status
    from pipeline.model import Article, CrawlProgress, CrawlReport, Listing

# What is heavy (scrapy, datasette, the site) is imported by the command that needs it: `extract` must start at once.

VERSION = "0.1.0"


class Refused(click.ClickException):
    """Something the user can put right: one line, exit status 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"policywire: {self.format_message()}", err=True, file=file)


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=_examples("policywire demo", "policywire crawl mofcom --since 2026-09-01", "policywire status"),
)
@click.version_option(VERSION, prog_name="policywire")
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Configuration file; else $POLICYWIRE_CONFIG, else ./policywire.toml, else the defaults.",
)
@click.pass_context
def policywire(context: click.Context, config_file: Path | None) -> None:
    """A watch desk for Chinese trade and industry policy: announcements and quoted executives, with their evidence."""
    context.obj = config_file


def main() -> None:
    """Entry point of the console script: what a user can put right is one line on standard error and exit status 2."""
    try:
        sys.exit(policywire.main(prog_name="policywire", standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.UsageError as error:
        wanted = f"; see `{error.ctx.command_path} --help`" if error.ctx else ""
        click.echo(f"policywire: {_one_line(error.format_message())}{wanted}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # the reader has gone (`policywire extract … | head`); nothing is lost and nobody is there to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


@contextmanager
def _told() -> Iterator[None]:
    """Turns the errors that users cause, and can put right, into one line and exit status 2."""
    try:
        yield
    except Exception as error:  # a command's boundary: whatever is not known to be the user's goes on as it is
        line = _refusal(error)
        if line is None:
            raise
        raise Refused(line) from error


def _refusal(error: Exception) -> str | None:
    """What to tell the user of an error, or None if it is none of his."""
    from alerts.rules import RuleError
    from archive.warc import ArchiveError
    from config import ConfigError
    from db import DatabaseError
    from db.connection import explain
    from db.export import ExportError
    from scheduler import AlreadyRunning

    if isinstance(error, ConfigError | DatabaseError | RuleError | AlreadyRunning | ArchiveError | ExportError):
        return str(error)
    if isinstance(error, sqlite3.Error):
        return str(explain(error, "the database"))
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}; give another path or change its permissions"
    return None


def _config(context: click.Context) -> Config:
    from config import load_config

    with _told():
        return load_config(context.obj)


# ---------------------------------------------------------------- one page, one article


@policywire.command(
    epilog=_examples(
        "policywire parse story.html --url https://www.chinadaily.com.cn/a/202609/14/WS….html",
        "curl -s URL | policywire parse - --url URL",
    )
)
@click.argument("file", type=click.File("rb"))
@click.option("--url", required=True, help="The address the page was saved from; it decides the layout.")
def parse(file: IO[bytes], url: str) -> None:
    """Parse one saved page (article or listing) and print it as JSON.

    A page of no known layout gives exit status 1 and says which selector failed.
    """
    from pipeline.articles import parse as parse_page
    from pipeline.html import PageError
    from pipeline.model import Article, Page
    from spiders.source import SOURCES

    source = next((source.name for source in SOURCES.values() if urlsplit(url).hostname in source.hosts), "unknown")
    page = Page(url=url, source=source, body=file.read(), fetched_at=datetime.now(UTC))
    try:
        parsed = parse_page(page)
    except PageError as error:
        click.echo(f"policywire: {error}", err=True)
        sys.exit(1)
    record = _article_record(parsed) if isinstance(parsed, Article) else _listing_record(parsed)
    click.echo(json.dumps(record, ensure_ascii=False, indent=2))


def _article_record(article: Article) -> dict[str, Any]:
    return {
        "url": article.url,
        "source": article.source,
        "title": article.title,
        "authors": list(article.authors),
        "credit": article.credit,
        "section": list(article.section),
        "published": article.published,
        "updated": article.updated,
        "language": article.language,
        "text": article.text,
        "captions": list(article.captions),
        "attachments": [{"url": a.url, "name": a.name} for a in article.attachments],
        "number": article.number,
        "layout": article.layout,
        "kind": article.kind,
        "header": dict(article.header),
        "editors": list(article.editors),
        "next_pages": list(article.next_pages),
        "links": list(article.links),
        "translations": list(article.translations),
    }


def _listing_record(listing: Listing) -> dict[str, Any]:
    return {
        "url": listing.url,
        "title": listing.title,
        "layout": listing.layout,
        "rows": [{"url": row.url, "title": row.title, "published": row.published} for row in listing.rows],
        "next_page": listing.next_page,
        "pages": listing.pages,
    }


@policywire.command(
    epilog=_examples(
        "policywire extract articles.jsonl > statements.jsonl",
        "policywire extract story.txt --published 2026-09-14",
        "zcat archive.jsonl.gz | policywire extract -",
    )
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--format", "form", type=click.Choice(["auto", "jsonl", "text"]), default="auto", show_default=True)
@click.option("--published", help="Publication date of a text file, e.g. 2026-09-14.")
@click.option("--title", help="Headline of a text file.")
@click.option("--source", help="Source of a text file, e.g. mofcom.")
@click.option("--language", type=click.Choice(["en", "zh"]), help="Language of a text file; found out if not given.")
def extract(files: tuple[Path, ...], form: str, **fields: str | None) -> None:
    """Print the quotes and policy announcements of articles, one JSON object a line, as they come.

    Reads articles as JSON lines, or a plain text file as one article (with NAME.meta.json beside NAME.txt for its
    date and title where there is one). A line that is no article gives an error line and exit status 1 at the end.
    """
    from pipeline.extract import extract as extract_article
    from pipeline.extract import read_article

    failed = False
    for line in _article_lines(files or (Path("-"),), form, {k: v for k, v in fields.items() if v is not None}):
        name = line.get("id") if isinstance(line, dict) else None
        try:
            if error := line.get("error"):
                raise ValueError(error)
            article = read_article(line)
            statements = extract_article(article)
            record: dict[str, Any] = {
                "id": article.id,
                "quotes": [quote.as_record() for quote in statements.quotes],
                "policies": [policy.as_record() for policy in statements.policies],
            }
        except Exception as error:  # noqa: BLE001 - a command's boundary: one bad article must not end the stream
            failed = True
            expected = isinstance(error, ValueError)
            record = {"id": name, "error": str(error) if expected else f"extractor failed: {error!r}"}
        click.echo(_as_json(record))
    if failed:
        sys.exit(1)


def _as_json(record: dict[str, Any]) -> str:
    """The record as one line of JSON; what no UTF-8 can hold (half a surrogate pair) is written as its escape."""
    line = json.dumps(record, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(record)
    return line


def _article_lines(files: Iterable[Path], form: str, fields: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Every article of the files as its JSON object; a line that is none as `{"error": …}`."""
    for path in files:
        name = "standard input" if str(path) == "-" else str(path)
        try:
            with click.open_file(str(path), "rb") as stream:
                yield from _lines_of(stream, path, name, form, fields)
        except OSError as error:
            raise Refused(f"{name}: cannot be read ({error.strerror}); give a JSON lines or text file") from error


def _lines_of(stream: IO[bytes], path: Path, name: str, form: str, fields: dict[str, str]) -> Iterator[dict[str, Any]]:
    head: list[bytes] = []
    if form == "auto":
        form = {".jsonl": "jsonl", ".json": "jsonl", ".ndjson": "jsonl", ".txt": "text"}.get(path.suffix, "auto")
    if form == "auto":
        head = [line for _, line in zip(range(20), stream, strict=False)]
        form = "jsonl" if any(line.lstrip().startswith(b"{") for line in head) else "text"
    if form == "text":
        yield _text_line(b"".join(head) + stream.read(), path, name, fields)
        return
    for number, raw in enumerate(_chained(head, stream), start=1):
        if raw.strip():
            yield _json_line(raw, f"{name}:{number}")


def _chained(head: list[bytes], stream: IO[bytes]) -> Iterator[bytes]:
    yield from head
    yield from stream


def _json_line(raw: bytes, place: str) -> dict[str, Any]:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"{place}: is no JSON object: {error}"}
    if not isinstance(line, dict):
        return {"id": None, "error": f"{place}: is no JSON object but {type(line).__name__}"}
    line.pop("error", None)
    return line


def _text_line(raw: bytes, path: Path, name: str, fields: dict[str, str]) -> dict[str, Any]:
    from pipeline.extract import paragraphs_joined

    meta: dict[str, Any] = {}
    beside = path.with_suffix(".meta.json")
    if beside.is_file():
        try:
            meta = json.loads(beside.read_text(encoding="utf-8"))
        except ValueError as error:
            raise Refused(f"{beside}: is not valid JSON: {error}") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{name}: is no UTF-8 text ({error.reason} at byte {error.start}); convert it first") from error
    known = ("id", "url", "source", "title", "byline", "published", "language")
    line = {key: value for key, value in meta.items() if key in known} if isinstance(meta, dict) else {}
    return {"id": path.stem if str(path) != "-" else "-", **line, **fields, "text": paragraphs_joined(text)}


# ---------------------------------------------------------------- the job


@policywire.command(
    epilog=_examples(
        "policywire crawl",
        "policywire crawl china_daily --since 2026-09-01 --section business/economy",
        'policywire crawl china_daily --query "export controls"',
    )
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Go back to this day instead of to what is known.")
@click.option("--section", "sections", multiple=True, help="Only this section or column (may be repeated).")
@click.option("--query", help="Ask the source's own search instead of its listings.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge how fresh a listing is as on this day.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object a source.")
@click.pass_context
def crawl(
    context: click.Context,
    sources: tuple[str, ...],
    since: datetime | None,
    sections: tuple[str, ...],
    query: str | None,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Fetch what is new from the sources (all enabled ones if none is named), archive it, extract from it, store it.

    Exit status 0: all went well; 1: the report says what did not.
    """
    config = _config(context)
    chosen = _sources(config, sources)
    if len(chosen) > 1:
        # the reactor starts once in a process: each source is crawled by a process of its own
        arguments = [f"--section={name}" for name in sections]
        arguments += [f"--since={since:%Y-%m-%d}"] if since else []
        arguments += [f"--query={query}"] if query else []
        arguments += [f"--as-of={as_of:%Y-%m-%d}"] if as_of else []
        arguments += ["--json"] if as_json else []
        sys.exit(_crawl_each([_own("crawl", name, *arguments, config=context.obj) for name in chosen]))
    with _told():
        report = _crawl(config, chosen[0], since, sections, query, as_of)
    click.echo(json.dumps(_plain(report), ensure_ascii=False) if as_json else _crawl_lines(report))
    sys.exit(0 if report.state == "ok" else 1)


def _sources(config: Config, named: tuple[str, ...]) -> tuple[str, ...]:
    from spiders.source import SOURCES

    for name in (*named, *config.sources, *(job.source for job in config.schedule.jobs)):
        if name not in SOURCES:
            raise Refused(f"unknown source {name!r}; known are: {', '.join(SOURCES)}")
    chosen = named or tuple(
        name for name in SOURCES if config.sources.get(name) is None or config.sources[name].enabled
    )
    if not chosen:
        raise Refused("every source is disabled in the configuration; name one, or set enabled = true")
    return chosen


def _crawl_each(commands: Iterable[list[str]]) -> int:
    """Run the commands one after the other, the one in hand ended when we are told to end; the worst exit status."""
    from scheduler import supervise

    stop = _told_to_stop()
    worst = 0
    for command in commands:
        if stop.is_set():
            return max(worst, 1)
        status = supervise(command, timedelta.max, stop).returncode
        worst = max(worst, 1 if status < 0 else status)
    return worst


def _told_to_stop() -> threading.Event:
    """Set by SIGTERM and SIGINT from now on."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _own(*arguments: str, config: Path | None) -> list[str]:
    """The command line of another policywire process with the same configuration."""
    named = ["--config", str(config)] if config else []
    return [sys.executable, "-m", "cli", *named, *arguments]


def _crawl(
    config: Config,
    name: str,
    since: datetime | None,
    sections: tuple[str, ...],
    query: str | None,
    as_of: datetime | None,
) -> CrawlReport:
    from alerts.announce import make_hook
    from archive.warc import Archive
    from db import open_database
    from db.runs import close_lost_runs, close_run, last_run, open_run
    from ingest import CrawlSink
    from scheduler import only_one
    from spiders.crawl import CrawlOptions
    from spiders.crawl import check as check_crawl
    from spiders.crawl import crawl as run_crawl
    from spiders.source import SOURCES

    source = SOURCES[name]
    log_to_stderr(config.logging.level, config.logging.format)
    hook = make_hook(_rules(config), config.site.base_url)
    for folder in (config.storage.database.parent, config.storage.archive):
        folder.mkdir(parents=True, exist_ok=True)
    with only_one(_beside(config, f"crawl-{name}"), f"a crawl of {name}"), Archive(config.storage.archive) as archive:
        db = open_database(config.storage.database, mode="create")
        now = datetime.now(UTC)
        close_lost_runs(db, now)
        before = last_run(db, job="crawl", source=name)
        settings = config.sources.get(name)
        with _progress() as progress:
            options = CrawlOptions(
                since=since.date() if since else None,
                sections=sections or (settings.sections if settings else ()),
                query=query,
                # a run that was cut short may have left a hole behind what it did store
                stop_at_known=before is None or before["state"] == "ok",
                user_agent=_user_agent(config),
                delay=config.network.delay,
                max_body_bytes=config.network.max_body_mib * 1024 * 1024,
                timeout=config.network.timeout,
                connect_to=config.network.connect_to,
                ca_file=config.network.ca_file,
                today=as_of.date() if as_of else None,
                progress=progress,
            )
            try:
                check_crawl(source, options)
            except ValueError as error:
                raise Refused(str(error)) from error
            run_id = open_run(db, source=name, job="crawl", pid=os.getpid(), now=now)
            report = run_crawl(source, CrawlSink(archive_folder=archive, db=db, run_id=run_id, on_new=hook), options)
        close_run(db, run_id, report)
    return report


def _beside(config: Config, name: str) -> Path:
    """A lock file next to the database."""
    return config.storage.database.with_name(f"{config.storage.database.name}.{name}.lock")


def _user_agent(config: Config) -> str:
    contact = config.network.contact
    return f"{config.network.user_agent.partition(' (+set')[0]} (+{contact})" if contact else config.network.user_agent


def _rules(config: Config) -> tuple[Rule, ...]:
    from alerts.rules import Rule, check_rules

    rules = tuple(Rule(**rule.model_dump()) for rule in config.rules)
    check_rules(rules)
    return rules


@contextmanager
def _progress() -> Iterator[Callable[[CrawlProgress], None] | None]:
    """A progress line on a terminal; nothing elsewhere, where a log line says it at the end."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[said]}"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("crawl", total=None, said="")

        def show(at: CrawlProgress) -> None:
            said = f"new {at.new} · revised {at.revised} · failed {at.failed}"
            bar.update(task, description=at.source, total=at.found or None, completed=at.fetched, said=said)

        yield show


def _plain(report: CrawlReport) -> dict[str, Any]:
    return {
        **asdict(report),
        "started_at": report.started_at.isoformat(),
        "finished_at": report.finished_at.isoformat(),
    }


def _crawl_lines(report: CrawlReport) -> str:
    seconds = (report.finished_at - report.started_at).total_seconds()
    lines = [
        f"{report.source}: {report.state} ({report.reason}) in {seconds:.0f} s — "
        f"{report.new} new, {report.revised} revised, {report.unchanged} unchanged, {report.failed} failed; "
        f"{report.listings} listing pages, {report.articles_fetched} articles fetched"
    ]
    lines += [f"  {route.state}: {route.route} {route.detail or ''}" for route in report.routes if route.state != "ok"]
    return "\n".join(lines)


@policywire.command(
    epilog=_examples("policywire reprocess", "policywire reprocess --warc 'var/archive/mofcom/2026-09-*.warc.gz'")
)
@click.option("--warc", "pattern", help="Which WARC files (a glob); else all of the archive.")
@click.pass_context
def reprocess(context: click.Context, pattern: str | None) -> None:
    """Read archived pages again with today's parsers and extractor, and bring the database to what they give.

    Statements keep their ids while their evidence stands, and human decisions survive; nobody is mailed.
    """
    from archive.batch import reprocess as reread
    from archive.warc import Archive
    from db import open_database
    from db.runs import finish_run, open_run
    from ingest import Rereading

    config = _config(context)
    with _told():
        log_to_stderr(config.logging.level, config.logging.format)
        paths = _globbed(pattern) if pattern else Archive(config.storage.archive).paths()
        if not paths:
            raise Refused(f"no WARC file matches {pattern or config.storage.archive}; run `policywire crawl` first")
        config.storage.database.parent.mkdir(parents=True, exist_ok=True)
        db = open_database(config.storage.database, mode="create")
        run_id = open_run(db, source=None, job="reprocess", pid=os.getpid(), now=datetime.now(UTC))
        rereading = Rereading(db=db)
        report = reread(paths, rereading.handle, folder=config.storage.archive)
        rereading.finish()
        state = "partial" if report.failed else "ok"
        finish_run(db, run_id, state=state, reason=f"{report.pages} pages", now=datetime.now(UTC))
    counts = ", ".join(f"{n} {name}" for name, n in sorted(rereading.outcomes.items())) or "nothing to read"
    click.echo(f"{report.files} files, {report.pages} pages: {counts}")
    for line in report.failures:
        click.echo(f"  {line}", err=True)
    sys.exit(1 if report.failed else 0)


def _globbed(pattern: str) -> list[Path]:
    given = Path(pattern).expanduser()
    anchor = Path(given.anchor) if given.is_absolute() else Path()
    return sorted(anchor.glob(str(given.relative_to(anchor)) if given.is_absolute() else pattern))


@policywire.command(epilog=_examples("policywire run", "policywire --config /etc/policywire.toml run"))
@click.pass_context
def run(context: click.Context) -> None:
    """Run the scheduler in the foreground until SIGTERM: crawls, mail delivery, the nightly backup."""
    from config import Secrets
    from scheduler import Desk, Task, only_one
    from scheduler import run as run_schedule

    config = _config(context)
    with _told():
        _sources(config, ())
        _rules(config)
        log_to_stderr(config.logging.level, config.logging.format)
        config.storage.database.parent.mkdir(parents=True, exist_ok=True)
        stop = _told_to_stop()
        with only_one(_beside(config, "run"), "the scheduler"):
            desk = Desk(config=config, password=Secrets().password(), stop=stop)
            tasks = [Task(name="deliver", rhythm=config.schedule.deliver_every, work=desk.deliver)]
            if config.schedule.backup_to is not None:
                tasks.append(Task(name="backup", rhythm="30 3 * * *", work=desk.back_up))
            run_schedule(
                schedule=config.schedule,
                crawl_command=lambda source: _own("crawl", source, "--json", config=context.obj),
                last_started=desk.last_started,
                tasks=tasks,
                after_crawl=desk.after_crawl,
                stop=stop,
            )


# ---------------------------------------------------------------- alerts


@policywire.group(epilog=_examples('policywire alerts preview "Export controls" --days 30', "policywire alerts send"))
def alerts() -> None:
    """Watch rules and mail: what a rule would have matched, sending what is due, a test mail."""


@alerts.command(epilog=_examples('policywire alerts preview "Export controls" --days 90'))
@click.argument("rule")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="How far back to look.")
@click.pass_context
def preview(context: click.Context, rule: str, days: int) -> None:
    """Show what a rule of the configuration would have matched, and why."""
    from alerts.rules import preview as matches_of

    config = _config(context)
    with _told(), _database(config, "ro") as db:
        chosen = next((r for r in _rules(config) if r.name == rule), None)
        if chosen is None:
            names = ", ".join(repr(r.name) for r in config.rules) or "none"
            raise Refused(f"no rule is named {rule!r}; the configuration has: {names}")
        articles: set[str] = set()
        count = 0
        for match in matches_of(db, chosen, datetime.now(UTC) - timedelta(days=days)):
            count += 1
            articles.add(match.record.get("article_id", match.record["id"]))
            said = (
                match.record["speaker"] + ": " + match.record["text"]
                if match.kind == "quote"
                else match.record["title"]
            )
            click.echo(f"{match.kind}: {said}\n    {match.record['url']}\n    because {'; '.join(match.why)}")
    click.echo(f"{count} matches in {len(articles)} articles: would have sent {len(articles) * len(chosen.to)} mails")


@alerts.command(epilog=_examples("policywire alerts send"))
@click.pass_context
def send(context: click.Context) -> None:
    """Send all mail that is due, once, and say how it went; exit status 1 if the server cannot be used."""
    from config import Secrets
    from scheduler import Desk

    config = _config(context)
    with _told():
        log_to_stderr(config.logging.level, config.logging.format)
        with _database(config, "ro"):
            pass  # a missing database is told as such and not made
        done = Desk(config=config, password=Secrets().password()).deliver()
    click.echo(f"{done.sent} sent, {done.postponed} postponed, {done.buried} given up")
    if done.error:
        click.echo(f"policywire: mail server: {done.error}", err=True)
    sys.exit(1 if done.error or done.buried else 0)


@alerts.command("test", epilog=_examples("policywire alerts test me@example.org"))
@click.argument("address")
@click.pass_context
def send_test(context: click.Context, address: str) -> None:
    """Send a test mail to ADDRESS with the configured server, at once and past the outbox."""
    from alerts.deliver import ServerUnusable, send_probe
    from config import ConfigError, Secrets, check_address
    from scheduler import mail_server

    config = _config(context)
    with _told():
        check_address(address)
        try:
            send_probe(mail_server(config), Secrets().password(), address, datetime.now(UTC))
        except ServerUnusable as error:
            raise ConfigError(f"[mail]: no mail could be sent: {error}") from error
    click.echo(f"sent to {address} through {config.mail.host}:{config.mail.port}")


# ---------------------------------------------------------------- looking at it


@policywire.command(epilog=_examples("policywire status", "policywire status --json | jq .needs_a_person"))
@click.option("--json", "as_json", is_flag=True, help="One JSON object for machines.")
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Sources, runs, review queue, outbox and open issues; exit status 1 if something needs a person."""
    from db.runs import close_lost_runs
    from db.status import read_status

    config = _config(context)
    with _told(), _database(config, "rw") as db:
        close_lost_runs(db, datetime.now(UTC))
        found = read_status(db, datetime.now(UTC))
    click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2) if as_json else _status_lines(found))
    sys.exit(1 if found.needs_a_person else 0)


def _status_lines(found: Status) -> str:
    lines = ["Sources"]
    for s in found.sources:
        lines.append(
            f"  {s['source']:14} {s['state']:8} last good run {s['last_success_at'] or 'never'}, "
            f"{s['articles_7d']} articles in 7 days (usual {s['baseline_7d']}), {s['failures']} failed runs since"
        )
    lines += ["  none crawled yet: run `policywire crawl`"] if not found.sources else []
    lines += ["Last runs"]
    for r in found.runs:
        lines.append(
            f"  {r['job']:10} {r['source'] or '':14} {r['state']:8} {r['started_at']} "
            f"new {r['new']}, revised {r['revised']}, failed {r['failed']}"
        )
    lines += ["Kept", "  " + ", ".join(f"{n:,} {name}" for name, n in found.counts.items())]
    lines += [f"Review queue: {found.to_review:,} wait"]
    box = found.outbox
    lines += [f"Outbox: {box.due} due, {box.claimed} being sent, {box.sent} sent, {box.dead} dead letters"]
    lines += ["Open issues"] + [f"  {i['source']:14} {i['kind']:18} {i['open']:5}  {i['url']}" for i in found.issues]
    lines += ["  none"] if not found.issues else []
    lines += ["Needs a person"] + [f"  {line}" for line in found.needs_a_person or ("nothing",)]
    return "\n".join(lines)


@policywire.command(epilog=_examples("policywire serve", "policywire serve --port 9000"))
@click.option("--port", type=click.IntRange(0, 65535), help="Another port than the configured one.")
@click.pass_context
def serve(context: click.Context, port: int | None) -> None:
    """Serve the analysts' site on loopback until it is interrupted."""
    import uvicorn

    from web.app import make_app

    config = _config(context)
    with _told():
        log_to_stderr(config.logging.level, config.logging.format)
        with _database(config, "rw"):
            pass  # brings the schema up to date, and tells a missing or foreign database before the site starts
        app = make_app(config.storage.database, archive=config.storage.archive)
    host, chosen = config.site.host, config.site.port if port is None else port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, chosen), family=family)
    except OSError as error:
        raise Refused(f"{host}:{chosen} cannot be listened on ({error.strerror}); give another with --port") from error
    with bound:
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"http://{shown}:{bound.getsockname()[1]}/  (Ctrl-C ends it)", err=True)
        uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[bound])


@policywire.command(epilog=_examples("policywire backup /backups/policywire.db"))
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.pass_context
def backup(context: click.Context, path: Path, force: bool) -> None:
    """Copy the live database to PATH, check that the copy opens, is whole and has every row."""
    from db.backup import backup as make_backup

    config = _config(context)
    with _told(), _database(config, "rw") as db:
        report = make_backup(db, path, force=force)
    click.echo(f"{path}: {report.size:,} bytes, {sum(report.counts.values()):,} rows, checked")


@policywire.command(
    epilog=_examples(
        "policywire export policy_announcements --format csv > announcements.csv",
        "policywire export executive_quotes --format json --output quotes.jsonl",
    )
)
@click.argument("table")
@click.option("--format", "form", type=click.Choice(["csv", "json", "parquet"]), default="csv", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else standard output.")
@click.option("--bom", is_flag=True, help="Begin a CSV with a byte order mark, as some spreadsheets want.")
@click.pass_context
def export(context: click.Context, table: str, form: str, output: Path | None, bom: bool) -> None:
    """Write a public view (policy_announcements, quotes_attributed, executive_quotes, articles_latest …) to a file.

    `json` is JSON lines, one object a row. CSV cells that a spreadsheet would run as a formula are guarded.
    """
    from db.export import columns_of, rows_of, write_csv, write_json_lines, write_parquet

    config = _config(context)
    with _told(), _database(config, "ro") as db:
        columns = columns_of(db, table)
        with _whole_file(output) as path:
            if form == "parquet":
                if path is None:
                    raise Refused("Parquet is no text: give a file with --output")
                write_parquet(rows_of(db, table), path)
                return
            with _text_out(path) as out:
                if form == "csv":
                    write_csv(rows_of(db, table), out, columns=columns, bom=bom)
                else:
                    write_json_lines(rows_of(db, table), out)


@contextmanager
def _whole_file(path: Path | None) -> Iterator[Path | None]:
    """A path beside `path` to write to; put in its place only when all is written, so that no half file ever stands."""
    if path is None:
        yield None
        return
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield unfinished
        unfinished.replace(path)
    except OSError as error:
        raise Refused(f"{path}: cannot be written ({error.strerror}); give another --output") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


@contextmanager
def _text_out(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        return
    with path.open("w", encoding="utf-8", newline="") as out:
        yield out


@policywire.command(epilog=_examples("policywire demo", "policywire demo --folder /tmp/tour --keep-serving"))
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-out"), show_default=True)
@click.option("--keep-serving", is_flag=True, help="Serve the analysts' site on what came out until interrupted.")
def demo(folder: Path, keep_serving: bool) -> None:
    """The whole pipeline on a built-in, invented news site: crawl, extract, store, alert, and a tour of the result."""
    from demo.tour import tour

    sys.exit(tour(folder, keep_serving=keep_serving))


@contextmanager
def _database(config: Config, mode: Literal["ro", "rw"]) -> Iterator[Database]:
    from db import open_database

    with closing(open_database(config.storage.database, mode=mode)) as db:
        yield db


if __name__ == "__main__":
    main()

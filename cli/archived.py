"""Looking into the archive: `archive ls`, `cat`, `verify` and `index`. Nothing but `index` writes."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.boundary import Refused, config_of, examples, told

if TYPE_CHECKING:
    from archive.entries import Entry
    from archive.warc import Archive
    from config import Config
    from pipeline.model import Page

_STAMP = re.compile(r"^([0-9]{8})([0-9]{6})$")
"""A time as an index writes it."""
DAY = click.DateTime(["%Y-%m-%d"])


@click.group(epilog=examples("policywire archive ls --source mofcom", "policywire archive verify"))
def archive() -> None:
    """Look into the archive: every page that was ever fetched, as it came."""


@archive.command(
    epilog=examples(
        "policywire archive ls --since 2026-09-01 --source mofcom",
        "policywire archive ls https://www.chinadaily.com.cn/a/202609/ --json | jq .url",
    )
)
@click.argument("prefix", metavar="[URL-PREFIX]", required=False)
@click.option("--source", help="Only of this source.")
@click.option("--since", type=DAY, help="Only what was fetched on this day (UTC) or later.")
@click.option("--until", type=DAY, help="Only what was fetched on this day (UTC) or earlier.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def ls(
    context: click.Context,
    prefix: str | None,
    source: str | None,
    since: datetime | None,
    until: datetime | None,
    as_json: bool,
) -> None:
    """List archived pages: time, status, media type, size, where it lies, address; by source, as they were fetched."""
    from archive.find import list_entries

    config = config_of(context)
    with told():
        days = (moment.date() if moment else None for moment in (since, until))
        for entry in list_entries(_archive(config), prefix, _source(config, source), *days):
            click.echo(json.dumps(_record(entry), ensure_ascii=False) if as_json else _line(entry))


def _record(entry: Entry) -> dict[str, object]:
    return {
        "url": entry.url,
        "fetched_at": f"{entry.fetched_at:%Y-%m-%dT%H:%M:%SZ}",
        "status": entry.status,
        "mime": entry.mime,
        "size": entry.size,
        "kind": entry.kind,
        "digest": entry.digest,
        "redirect": entry.redirect,
        "file": entry.ref.file,
        "offset": entry.ref.offset,
        "length": entry.ref.length,
    }


def _line(entry: Entry) -> str:
    led = f" -> {_printable(entry.redirect)}" if entry.redirect else ""
    return (
        f"{entry.fetched_at:%Y-%m-%dT%H:%M:%SZ} {entry.status:3} {_printable(entry.mime):24} {entry.size:>10,} "
        f"{entry.ref.file}:{entry.ref.offset} {_printable(entry.url)}{led}"
    )


@archive.command(
    epilog=examples(
        "policywire archive cat https://www.mofcom.gov.cn/zwgk/zcfb/art/2026/art_….html > page.html",
        "policywire archive cat URL --at 2026-09-14 --headers | head",
    )
)
@click.argument("url")
@click.option("--at", help="As it was on this day (to its end, UTC), or at a time such as 2026-09-14T08:30.")
@click.option("--headers", is_flag=True, help="Print the status line and the headers before the body.")
@click.pass_context
def cat(context: click.Context, url: str, at: str | None, headers: bool) -> None:
    """Print an archived page: the newest copy, or the newest of a time. Exit status 1 when there is none."""
    from archive.find import closest

    config = config_of(context)
    with told():
        kept = _archive(config)
        entry = closest(kept, url, _moment(at) if at else None)
        if entry is None:
            later = closest(kept, url) if at else None
            known = f"; the newest is of {later.fetched_at:%Y-%m-%dT%H:%M:%SZ}" if later else ""
            asked = f"{_printable(url)}{f' up to {at}' if at else ''}"
            click.echo(f"policywire: no copy of {asked} in the archive{known}", err=True)
            sys.exit(1)
        page = kept.read(entry.ref)
    out = sys.stdout.buffer
    out.write(_head(page) + page.body if headers else page.body)
    out.flush()


def _head(page: Page) -> bytes:
    """Status line and headers as they are kept; the body's true length stands for what a site packed it to."""
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {page.status} {phrase}", *(f"{name}: {value}" for name, value in page.headers)]
    lines.append(f"Content-Length: {len(page.body)}")
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("utf-8", "replace")


def _moment(text: str) -> datetime:
    """The moment that --at names: a day stands for its last second."""
    try:
        moment = datetime.fromisoformat(_STAMP.sub(r"\1T\2", text))
    except ValueError as error:
        raise Refused(
            f"--at {text!r} is no time; give one such as 2026-09-14, 2026-09-14T08:30 or 20260914083000 (UTC)"
        ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC) + (timedelta(days=1, seconds=-1) if len(text) <= 10 else timedelta())


@archive.command(epilog=examples("policywire archive verify", "policywire archive verify --source mofcom"))
@click.option("--source", help="Only this source.")
@click.option("--since", type=DAY, help="Only files of this day (UTC) and later.")
@click.pass_context
def verify(context: click.Context, source: str | None, since: datetime | None) -> None:
    """Check every record, every index, and that archive and database know the same pages.

    Exit status 1 when something is wrong, with a line each.
    """
    from cli.agreement import check
    from db import open_database
    from db.crawling.archived import pages_elsewhere

    config = config_of(context)
    wrong = 0
    with told():
        kept, name = _archive(config), _source(config, source)
        has_database = config.storage.database.exists()
        if not has_database:
            click.echo(f"policywire: there is no {config.storage.database}; the archive is checked alone", err=True)
        db = open_database(config.storage.database, mode="ro") if has_database else None
        with closing(db) if db is not None else nullcontext(), _progress(kept) as show:
            checked = check(kept, db, name, since.date() if since else None, show)
            for fault in checked.faults:
                wrong += 1
                click.echo(_printable(fault))
            others = pages_elsewhere(db) if db is not None else 0
    if others:
        click.echo(f"pages of the database in files outside the archive, which are not checked: {others:,}")
    verdict = f"{wrong} faults" if wrong else "all is well"
    click.echo(f"{checked.files} files, {checked.pages:,} pages, {checked.size:,} bytes: {verdict}")
    sys.exit(1 if wrong else 0)


@archive.command(epilog=examples("policywire archive index", "policywire archive index --rebuild --source mofcom"))
@click.option("--rebuild", is_flag=True, help="Make every index anew from the records, whatever it says.")
@click.option("--source", help="Only of this source.")
@click.pass_context
def index(context: click.Context, rebuild: bool, source: str | None) -> None:
    """Bring the indexes (CDXJ) beside the WARC files up to date and sort them, as each crawl does for its own."""
    from archive.files import SUFFIX
    from archive.index import is_settled, make

    config = config_of(context)
    made = 0
    with told():
        kept, name = _archive(config), _source(config, source)
        paths = kept.paths(f"{name}/*{SUFFIX}" if name else f"**/*{SUFFIX}")
        for path in paths:
            if rebuild or not is_settled(path):
                make(path, kept.folder, anew=rebuild)
                made += 1
    click.echo(f"{made} of {len(paths)} indexes made")


def _archive(config: Config) -> Archive:
    from archive.warc import Archive

    folder = config.storage.archive
    if not folder.is_dir():
        raise Refused(f"there is no archive at {folder}; run `policywire crawl` first, or set storage.archive")
    return Archive(folder)


def _source(config: Config, name: str | None) -> str | None:
    """The source that was asked for, which must have a folder in the archive."""
    if name is not None and not (name.replace("_", "").isalnum() and (config.storage.archive / name).is_dir()):
        known = sorted(path.name for path in config.storage.archive.iterdir() if path.is_dir())
        raise Refused(f"the archive has nothing of {name!r}; it has: {', '.join(known) or 'nothing yet'}")
    return name


def _printable(text: str) -> str:
    """Scraped text for a terminal: what is no visible character becomes a question mark."""
    return "".join(character if character.isprintable() else "?" for character in text)


@contextmanager
def _progress(kept: Archive) -> Iterator[Callable[[Path, int], None]]:
    """A progress bar of bytes on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda path, done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("verify", total=sum(path.stat().st_size for path in kept.paths()))
        before: dict[str, int] = {}

        def show(path: Path, done: int) -> None:
            before[path.name] = done
            bar.update(task, description=path.name, completed=sum(before.values()))

        yield show

"""Looking at what is known: `serve`, `backup`, `export`, and the `demo`."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

import click

from cli.boundary import Refused, config_of, database, examples, keep_rules, told
from logs import log_to_stderr

if TYPE_CHECKING:
    from config import Config
    from db.formats import Format


@click.command(epilog=examples("policywire serve", "policywire serve --port 9000"))
@click.option("--port", type=click.IntRange(0, 65535), help="Another port than the configured one.")
@click.pass_context
def serve(context: click.Context, port: int | None) -> None:
    """Serve the analysts' site until it is interrupted: on loopback, or with `logins = true` where [site] says."""
    import uvicorn

    from cli.records import record_reader
    from db.accounts.users import anybody_can_log_in
    from web.access import Access
    from web.app import make_app

    config = config_of(context)
    with told():
        log_to_stderr(config.logging.level, config.logging.format)
        # brings the schema up to date, and tells a missing or foreign database before the site starts
        with database(config, "rw") as db:
            keep_rules(config, db)
            if config.site.logins and not anybody_can_log_in(db):
                raise Refused(
                    "[site] logins = true and nobody can log in yet: run `policywire user add NAME --role admin`"
                )
        access = Access(
            logins=config.site.logins,
            base_url=config.site.base_url,
            idle=config.site.session_idle,
            longest=config.site.session_longest,
        )
        app = make_app(
            config.storage.database,
            archive=config.storage.archive,
            access=access,
            read_record=record_reader(config.storage.archive),
        )
    host, chosen = config.site.host, config.site.port if port is None else port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, chosen), family=family)
    except OSError as error:
        raise Refused(f"{host}:{chosen} cannot be listened on ({error.strerror}); give another with --port") from error
    # asyncio sets this for sockets that it makes itself; without it head and body of a page are 40 ms apart
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with bound:
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"http://{shown}:{bound.getsockname()[1]}/  (Ctrl-C ends it)", err=True)
        behind = list(config.site.trusted_proxies)
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,  # its lines go the way of ours
                log_level="warning",
                access_log=False,
                proxy_headers=bool(behind),
                forwarded_allow_ips=behind,
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=5,  # a download may take an hour
            )
        )
        # uvicorn raises the signal again when it has ended: then we have a crawl to end, too
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with told(), _heeding(config, context.obj):
            server.run(sockets=[bound])


@contextmanager
def _heeding(config: Config, config_file: Path | None) -> Iterator[None]:
    """While the site is served, crawls that are asked for on it are run here, unless `policywire run` takes them up."""
    from cli.running import heed
    from config import Secrets
    from jobs.desk import Desk

    desk = Desk(config=config, password=Secrets().password())
    thread = heed(desk, config=config_file, patience=_FOR_THE_SCHEDULER)
    try:
        yield
    finally:
        desk.stop.set()
        thread.join()


_FOR_THE_SCHEDULER = timedelta(seconds=4)
"""How long `policywire run` has to take up what is asked for, before `serve` does."""


@click.command(epilog=examples("policywire backup /backups/policywire.db"))
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.pass_context
def backup(context: click.Context, path: Path, force: bool) -> None:
    """Copy the live database to PATH, check that the copy opens, is whole and has every row."""
    from db.backup import backup as make_backup

    config = config_of(context)
    with told(), database(config, "rw") as db:
        report = make_backup(db, path, force=force)
    click.echo(f"{path}: {report.size:,} bytes, {sum(report.counts.values()):,} rows, checked")


@click.command(
    epilog=examples(
        "policywire export policy_announcements --format csv > announcements.csv",
        "policywire export policy_announcements --query 'gallium OR 镓' --filter action=export_control --since 2026",
        "policywire export executive_quotes --format xlsx --output quotes.xlsx",
    )
)
@click.argument("table")
@click.option(
    "--format", "form", type=click.Choice(["csv", "json", "jsonl", "parquet", "xlsx"]), default="csv", show_default=True
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else standard output.")
@click.option("--bom", is_flag=True, help="Begin a CSV with a byte order mark, as some spreadsheets want.")
@click.option("--query", default="", help="Only what the search finds for these words.")
@click.option(
    "--filter", "filters", multiple=True, metavar="NAME=VALUE", help="As on the search page; may be repeated."
)
@click.option("--since", help="Only articles of this day (month, year) and later.")
@click.option("--until", help="Only articles of this day (month, year) and earlier.")
@click.option("--manifest", type=click.Path(path_type=Path, dir_okay=False), help="File for what the export is of.")
@click.pass_context
def export(
    context: click.Context,
    table: str,
    form: Format | Literal["json"],
    output: Path | None,
    bom: bool,
    query: str,
    filters: tuple[str, ...],
    since: str | None,
    until: str | None,
    manifest: Path | None,
) -> None:
    """Write a public view (policy_announcements, quotes_attributed, executive_quotes, articles_latest …), or what a
    search of it finds, to a file.

    `json` is another name of `jsonl`, one object a line. Cells that a spreadsheet would run as a formula are guarded.
    """
    from db.export import Selection, columns_of, rows_of
    from db.export import manifest as manifest_of
    from db.formats import Tally, finished, pieces_of

    config = config_of(context)
    selection = Selection(
        view=table, query=query, since=_day(since, "since"), until=_day(until, "until"), filters=_filters(filters)
    )
    made_as: Format = "jsonl" if form == "json" else form
    if made_as in ("parquet", "xlsx") and output is None and sys.stdout.isatty():
        raise Refused(f"{form} is no text: give a file with --output, or a pipe")
    # the rows are closed before the database: where the reader goes away, they are in the middle
    with told(), database(config, "ro") as db, closing(rows_of(db, selection)) as found, _whole_file(output) as path:
        about = manifest_of(db, selection, at=datetime.now(UTC))
        tally = Tally()
        with _out(path) as out:
            for piece in pieces_of(found, columns_of(db, table), made_as, about, bom=bom, tally=tally):
                out.write(piece)
    if manifest is not None:
        with told():
            said = json.dumps(finished(about, made_as, tally), ensure_ascii=False, indent=2)
            manifest.write_text(said + "\n", encoding="utf-8")


def _filters(given: tuple[str, ...]) -> dict[str, list[str]]:
    filters: dict[str, list[str]] = {}
    for one in given:
        name, equals, wanted = one.partition("=")
        if not name or not equals:
            raise Refused(f"--filter {one}: give a name and a value, such as action=export_control")
        filters.setdefault(name, []).append(wanted)
    return filters


def _day(given: str | None, option: str) -> str | None:
    if given is not None and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", given):
        raise Refused(f"--{option} {given}: give a date such as 2026-03-01, 2026-03 or 2026")
    return given


@contextmanager
def _whole_file(path: Path | None) -> Iterator[Path | None]:
    """A path beside `path` to write to; put in its place only when all is written, so that no half file ever stands.

    What is no ordinary file (a pipe, `/dev/stdout`) keeps its place and is written to as it is.
    """
    if path is None:
        yield None
        return
    if path.exists() and not path.is_file():
        with _writing(path):
            yield path
        return
    path = path.resolve()
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with _writing(path):
            yield unfinished
            unfinished.replace(path)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused(f"{path}: cannot be written ({error.strerror}); give another --output") from error


@contextmanager
def _out(path: Path | None) -> Iterator[IO[bytes]]:
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()  # here, where a full disk can still be told
        return
    with path.open("wb") as out:
        yield out


@click.command(epilog=examples("policywire demo", "policywire demo --folder /tmp/tour --keep-serving"))
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-out"), show_default=True)
@click.option("--keep-serving", is_flag=True, help="Serve the analysts' site on what came out until interrupted.")
def demo(folder: Path, keep_serving: bool) -> None:
    """The whole pipeline on a built-in, invented news site: crawl, extract, store, alert, and a tour of the result."""
    from demo.tour import NoPlace, tour

    # as by Ctrl-C: what the demo started must not outlive it
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        sys.exit(tour(folder, keep_serving=keep_serving))
    except NoPlace as error:
        raise Refused(str(error)) from error

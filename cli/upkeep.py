"""Upkeep by hand, or by the scheduler as processes of their own: `upkeep backup`, `weekly`, `archive`, `check` …"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from cli.boundary import Refused, config_of, database, examples, lock_beside, told
from logs import log_to_stderr

if TYPE_CHECKING:
    from config import Config
    from jobs.book import Book


@click.group(epilog=examples("policywire upkeep faults", "policywire upkeep backup", "policywire upkeep check"))
def upkeep() -> None:
    """What `policywire run` does by night and by week, done now; and the faults that stand (docs/upkeep.md)."""


@upkeep.command(epilog=examples("policywire upkeep backup"))
@click.pass_context
def backup(context: click.Context) -> None:
    """Make the day's copy in schedule.backup_to, restore and try it, and remove those that are too old."""
    from jobs.nightly import nightly_backup
    from jobs.rotation import Keep

    config = config_of(context)
    schedule = config.schedule
    if schedule.backup_to is None:
        raise Refused("schedule.backup_to is not set: give the folder of the copies, or use `policywire backup PATH`")
    keep = Keep(daily=schedule.keep_daily, weekly=schedule.keep_weekly, monthly=schedule.keep_monthly)
    with _noted(config, "backup_failed") as book, database(config, "rw") as db:
        night = nightly_backup(
            db,
            schedule.backup_to,
            keep,
            now=datetime.now(schedule.timezone),
            spare=config.storage.min_free_mib << 20,
        )
        if night.search is not None:
            book.report("search_damaged", night.search, datetime.now(UTC))
        elif night.restored:
            book.clear("search_damaged", datetime.now(UTC))
    click.echo(str(night))
    sys.exit(1 if night.search is not None else 0)


@upkeep.command(epilog=examples("policywire upkeep weekly"))
@click.pass_context
def weekly(context: click.Context) -> None:
    """Check and tend the database while others use it: damage, references, full text, statistics, what has served."""
    from jobs.locks import only_one
    from jobs.weekly import weekly_upkeep

    config = config_of(context)
    with (
        _noted(config, "upkeep_failed") as book,
        only_one(lock_beside(config, "upkeep"), "the weekly upkeep"),
        _stopping() as stop,
        database(config, "rw") as db,
    ):
        week = weekly_upkeep(db, book, now=lambda: datetime.now(UTC), stopping=stop.is_set)
    click.echo(str(week))
    sys.exit(1 if week.findings.damaged or week.findings.dangling or week.findings.search else 0)


@upkeep.command(epilog=examples("policywire upkeep archive", "policywire upkeep archive --all"))
@click.option("--all", "everything", is_flag=True, help="Every closed file, however long it takes.")
@click.pass_context
def archive(context: click.Context, everything: bool) -> None:
    """Verify a night's piece of the archive: records, indexes, and what the database says of them.

    Exit status 1 when files are missing or wrong, with a line for each.
    """
    from archive.warc import Archive
    from jobs.locks import only_one
    from jobs.verifying import verify_archive

    config = config_of(context)
    folder, piece = config.storage.archive, config.schedule.verify_mib << 20
    with (
        _noted(config, "upkeep_failed") as book,
        only_one(lock_beside(config, "verify"), "the verification of the archive"),
        _stopping() as stop,
        database(config, "rw") as db,
    ):
        if not folder.is_dir():
            raise Refused(f"there is no archive at {folder}; run `policywire crawl` first, or set storage.archive")
        done = verify_archive(
            Archive(folder),
            db,
            book,
            most=sys.maxsize if everything else piece,
            now=datetime.now(UTC),
            stopping=stop.is_set,
        )
    for line in done.wrong:
        click.echo("".join(character if character.isprintable() else "?" for character in line))
    verdict = f"{len(done.wrong)} files are wrong" if done.wrong else "all is well"
    click.echo(f"{done.files} files, {done.size:,} bytes verified: {verdict}")
    sys.exit(1 if done.wrong else 0)


@upkeep.command(epilog=examples("policywire upkeep check"))
@click.pass_context
def check(context: click.Context) -> None:
    """Check the database thoroughly: damage, references, every full-text row. Exit status 1 when something is wrong.

    Others wait while the full text is checked: some seconds for each 100,000 articles.
    """
    from db.tending import check as check_database
    from jobs.weekly import note

    config = config_of(context)
    log_to_stderr(config.logging.level, config.logging.format)
    with told(), database(config, "rw") as db:
        findings = check_database(db, thorough=True, patience=None)
        note(_book(config), findings, datetime.now(UTC))
    wrong = [line for line in (findings.damaged, findings.dangling, findings.search) if line is not None]
    for line in wrong:
        click.echo(line)
    click.echo(f"{config.storage.database}: {f'{len(wrong)} faults' if wrong else 'all is well'}")
    sys.exit(1 if wrong else 0)


@upkeep.command(epilog=examples("policywire upkeep search"))
@click.pass_context
def search(context: click.Context) -> None:
    """Make the full-text index anew from the rows, while no scheduler runs. It takes minutes for each million rows."""
    from db.tending import remake_search
    from jobs.locks import only_one

    config = config_of(context)
    with told(), only_one(lock_beside(config, "run"), "the scheduler"), database(config, "rw") as db:
        remake_search(db)
        _book(config).clear("search_damaged", datetime.now(UTC))
    click.echo("the full-text index was made anew")


@upkeep.command(epilog=examples("policywire upkeep faults"))
@click.pass_context
def faults(context: click.Context) -> None:
    """Print the faults that stand, since when, and what to do. Exit status 1 when one does. Needs no database."""
    from jobs.book import standing_faults
    from jobs.faults import FAULTS

    config = config_of(context)
    standing = standing_faults(config.storage.database)
    for one in standing:
        since = datetime.fromisoformat(one.since).astimezone(config.schedule.timezone)
        click.echo(f"{one.name} since {since:%Y-%m-%d %H:%M}: {one.detail}")
        click.echo(f"  {FAULTS[one.name].to_do}")
    if not standing:
        click.echo("no fault stands")
    sys.exit(1 if standing else 0)


def _book(config: Config) -> Book:
    from jobs.book import Book

    return Book(config.storage.database)


@contextmanager
def _noted(config: Config, fault: str) -> Iterator[Book]:
    """Notes the fault where the block fails, and that it is over where it does not; the user gets one line."""
    from db import DatabaseError
    from jobs.locks import AlreadyRunning

    log_to_stderr(config.logging.level, config.logging.format)
    book = _book(config)
    with told():
        try:
            yield book
        except AlreadyRunning:
            raise
        except (DatabaseError, OSError) as error:
            book.report(fault, str(error), datetime.now(UTC))
            raise
        book.clear(fault, datetime.now(UTC))


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """Set by SIGTERM, so that what is done in pieces ends between two of them."""
    stop = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)

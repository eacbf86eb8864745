"""The scheduler: `run`, and the crawls that are asked for on the site."""

from __future__ import annotations

import logging
import os
import threading
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.boundary import config_of, examples, keep_rules, lock_beside, own_command, rules_of, told
from cli.job import sources_of, told_to_stop
from logs import hide, log_to_stderr

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from sqlite_utils import Database

    from config import Config, Schedule
    from jobs.desk import Desk
    from jobs.requests import AskedCrawl
    from jobs.watched import Watched


def planned(config: Config) -> Schedule:
    """The schedule with the jobs of enabled sources only; without jobs, one for each at the pace of its table.

    Refuses what `sources_of` refuses.
    """
    from config import Job
    from spiders.source import SOURCES

    enabled = sources_of(config, ())
    jobs = tuple(job for job in config.schedule.jobs if job.source in enabled)
    if not config.schedule.jobs:
        jobs = tuple(Job(source=name, every=SOURCES[name].every) for name in enabled)
    return config.schedule.model_copy(update={"jobs": jobs})


@click.command(epilog=examples("policywire run", "policywire --config /etc/policywire.toml run"))
@click.pass_context
def run(context: click.Context) -> None:
    """Run the scheduler in the foreground until SIGTERM: crawls, mail delivery, upkeep (docs/scheduler.md)."""
    from cli import VERSION
    from config import Secrets
    from jobs.desk import Desk
    from jobs.locks import only_one
    from jobs.metrics import Build
    from jobs.processes import kill_orphans
    from jobs.watched import monitor_socket, ping_addresses, watched
    from pipeline.extract import EXTRACTOR_VERSION

    config = config_of(context)
    left: tuple[str, ...] = ()
    with told():
        schedule = planned(config)
        rules_of(config)
        log_to_stderr(config.logging.level, config.logging.format)
        config.storage.database.parent.mkdir(parents=True, exist_ok=True)
        stop = told_to_stop()
        secrets = Secrets()
        addresses = ping_addresses(secrets, tuple(job.source for job in schedule.jobs))
        hide(secrets.password())
        build = Build(version=VERSION, extractor_version=EXTRACTOR_VERSION)
        with (
            only_one(lock_beside(config, "run"), "the scheduler"),
            watched(config, addresses=addresses, bound=monitor_socket(config), build=build, stop=stop) as watch,
        ):
            if orphans := kill_orphans(str(config.storage.database.resolve())):
                log.warning("processes that a scheduler or site left behind were killed", extra={"killed": orphans})
            desk = Desk(config=config, password=secrets.password(), stop=stop)
            left = _run(desk, schedule, watch, context.obj)
    if left:
        # threads in the middle of a copy, or of a mail server's silence: what they do bears being killed
        log.warning("left while something was still at work", extra={"left": ", ".join(left)})
        logging.shutdown()
        os._exit(0)


def _run(desk: Desk, schedule: Schedule, watch: Watched, config_file: Path | None) -> tuple[str, ...]:
    """Everything of the schedule until the desk is stopped; the names of what did not end then."""
    from db import open_database
    from db.crawling.runs import close_lost_runs
    from jobs.chores import chore_tasks
    from jobs.crawls import Crawls
    from jobs.ledger import Ledger
    from jobs.tasks import tasks_of
    from scheduler import Around, items_of
    from scheduler import run as run_items

    config, ground = desk.config, desk.ground

    def command_of(source: str, *, run: int) -> list[str]:
        return own_command("crawl", source, "--quiet", "--run", str(run), config=config_file)

    crawls = Crawls(
        desk=desk,
        command_of=command_of,
        hindrance=ground.hindrance,
        heard=lambda error: ground.watch.heard(error, desk.now()),
        began=watch.crawl_began,
        ended=lambda source, well, line: watch.crawl_ended(source, well=well, line=line),
    )
    items = items_of(
        schedule,
        [*tasks_of(desk), *chore_tasks(desk, partial(own_command, config=config_file)), *watch.tasks],
        crawls.crawl,
        desk.last_started,
    )
    ledger = Ledger(open=lambda: open_database(config.storage.database, timeout=_LEDGER_WAITS))

    def prepared() -> Database:
        with ExitStack() as opened:
            db = desk.open()
            opened.callback(db.close)
            keep_rules(config, db)
            close_lost_runs(db, desk.now())
            ledger.load({item.name for item in items})
            opened.pop_all()
        return db

    db = ground.first_open(prepared)
    if db is None:
        return ()
    db.close()
    ground.look()  # from here on it is known that there was a database
    heeding = heed(desk, config=config_file, patience=timedelta(0))
    left = run_items(
        items,
        ledger=ledger,
        zone=schedule.timezone,
        stop=desk.stop,
        around=Around(
            each_round=lambda now: watch.beat(),
            failed=ground.watch.heard,
            fault=ground.watch.book.report,
            over=ground.watch.book.clear,
        ),
    )
    heeding.join(_TO_JOIN)
    return (*left, "asked crawls") if heeding.is_alive() else left


_LEDGER_WAITS = 1.0
"""Seconds for another writer: the state of a job is in memory, and saved with the next one."""
_TO_JOIN = 3.0


def heed(desk: Desk, *, config: Path | None, patience: timedelta) -> threading.Thread:
    """Take up the crawls that are asked for on the site, in a thread that ends when the desk is stopped."""
    from config import Job
    from jobs.requests import AskedCrawl, heed_requests

    planned_jobs = {job.source: job for job in planned(desk.config).jobs}
    jobs = {
        name: planned_jobs.get(name) or Job(source=name, every=timedelta(hours=1))
        for name in sources_of(desk.config, ())
    }

    def crawl_of(source: str) -> AskedCrawl | str:
        if source not in jobs:
            return "the source is disabled in the configuration"
        if (why := desk.ground.hindrance()) is not None:
            return why
        return AskedCrawl(command=own_command("crawl", source, "--quiet", config=config), job=jobs[source])

    thread = threading.Thread(target=heed_requests, args=(desk, crawl_of), kwargs={"patience": patience}, name="heed")
    thread.start()
    return thread

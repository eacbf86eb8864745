"""The scheduler: `run`, and the crawls that are asked for on the site."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.boundary import config_of, examples, keep_rules, lock_beside, own_command, rules_of, told
from cli.job import sources_of, told_to_stop
from logs import hide, log_to_stderr

if TYPE_CHECKING:
    from config import Config, Schedule
    from jobs.desk import Desk
    from jobs.requests import AskedCrawl


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
    """Run the scheduler in the foreground until SIGTERM: crawls, mail delivery, the nightly backup."""
    from cli import VERSION
    from config import Secrets
    from jobs.desk import Desk
    from jobs.locks import only_one
    from jobs.metrics import Build
    from jobs.tasks import tasks_of
    from jobs.watched import monitor_socket, ping_addresses, watched
    from pipeline.extract import EXTRACTOR_VERSION
    from scheduler import run as run_schedule

    config = config_of(context)
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
            desk = Desk(config=config, password=secrets.password(), stop=stop)
            db = desk.ground.first_open(desk.open)
            if db is None:
                return
            with closing(db):
                keep_rules(config, db)
            desk.ground.look()  # from here on it is known that there was a database
            heeding = heed(desk, config=context.obj, patience=timedelta(0))
            run_schedule(
                schedule=schedule,
                crawl_command=lambda source: own_command("crawl", source, "--quiet", config=context.obj),
                last_started=desk.last_started,
                tasks=[*tasks_of(desk), *watch.tasks],
                after_crawl=lambda source, report: desk.ground.noting(lambda: desk.after_crawl(source, report))(),
                stop=stop,
                wait_for_crawls=desk.ground.wait_for_crawls,
                beat=watch.beat,
            )
            heeding.join()


def heed(desk: Desk, *, config: Path | None, patience: timedelta) -> threading.Thread:
    """Take up the crawls that are asked for on the site, in a thread that ends when the desk is stopped."""
    from jobs.requests import AskedCrawl, heed_requests

    jobs = {job.source: job.timeout for job in planned(desk.config).jobs}
    limits = {name: jobs.get(name, _USUAL_LIMIT) for name in sources_of(desk.config, ())}

    def crawl_of(source: str) -> AskedCrawl | str:
        if source not in limits:
            return "the source is disabled in the configuration"
        if (why := desk.ground.hindrance()) is not None:
            return why
        return AskedCrawl(command=own_command("crawl", source, "--quiet", config=config), timeout=limits[source])

    thread = threading.Thread(target=heed_requests, args=(desk, crawl_of), kwargs={"patience": patience}, name="heed")
    thread.start()
    return thread


_USUAL_LIMIT = timedelta(minutes=30)

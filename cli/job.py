"""The job: `crawl`."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from cli.boundary import Refused, config_of, examples, keep_rules, lock_beside, own_command, rules_of, told
from cli.sources import configured_source
from logs import log_to_stderr, name_process

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from config import Config
    from pipeline.model import CrawlProgress, CrawlReport
    from readers.reader import Reader


@click.command(
    epilog=examples(
        "policywire crawl",
        "policywire crawl china_daily --since 2026-09-01 --section business/economy",
        'policywire crawl china_daily --query "export controls"',
    )
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Go back to this day instead of to what is known.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="With --since: leave later stories out.")
@click.option("--section", "sections", multiple=True, help="Only this section or column (may be repeated).")
@click.option("--query", help="Ask the source's own search instead of its listings.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge how fresh a listing is as on this day.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object a source.")
@click.option("--quiet", is_flag=True, help="Print no report: the log has what counts.")
@click.option("--run", "run_id", type=int, hidden=True, help="The run that the scheduler has opened for it.")
@click.pass_context
def crawl(
    context: click.Context,
    sources: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    sections: tuple[str, ...],
    query: str | None,
    as_of: datetime | None,
    as_json: bool,
    quiet: bool,
    run_id: int | None,
) -> None:
    """Fetch what is new from the sources (all enabled ones if none is named), archive it, extract from it, store it.

    Exit status 0: all went well; 1: the report says what did not.
    """
    config = config_of(context)
    chosen = sources_of(config, sources)
    if len(chosen) > 1:
        # the reactor starts once in a process: each source is crawled by a process of its own
        arguments = [f"--section={name}" for name in sections]
        arguments += [f"--since={since:%Y-%m-%d}"] if since else []
        arguments += [f"--until={until:%Y-%m-%d}"] if until else []
        arguments += [f"--query={query}"] if query else []
        arguments += [f"--as-of={as_of:%Y-%m-%d}"] if as_of else []
        arguments += ["--json"] if as_json else ["--quiet"] if quiet else []
        sys.exit(_crawl_each([own_command("crawl", name, *arguments, config=context.obj) for name in chosen]))
    with told(), _reading() as reader:
        report = _crawl(config, chosen[0], (since, until), sections, query, as_of, run_id, reader)
    if as_json:
        click.echo(json.dumps(_plain(report), ensure_ascii=False))
    elif not quiet:
        click.echo(_crawl_lines(report))
    sys.exit(0 if report.state == "ok" else 1)


def sources_of(config: Config, named: tuple[str, ...]) -> tuple[str, ...]:
    """The sources to crawl: those named, else all that are enabled. Refuses a configuration that names unknown ones."""
    from spiders.source import SOURCES

    meant = (job.source for job in config.schedule.jobs), (name for rule in config.rules for name in rule.sources)
    for name in (*named, *config.sources, *chain(*meant)):
        if name not in SOURCES:
            raise Refused(f"unknown source {name!r}; known are: {', '.join(SOURCES)}")
    for name, settings in config.sources.items():
        try:
            configured_source(config, name).chosen(settings.sections)
        except ValueError as error:
            raise Refused(f"sources.{name}.sections: {error}") from error
    chosen = named or tuple(
        name for name in SOURCES if config.sources.get(name) is None or config.sources[name].enabled
    )
    if not chosen:
        raise Refused("every source is disabled in the configuration; name one, or set enabled = true")
    return chosen


def _crawl_each(commands: Iterable[list[str]]) -> int:
    """Run the commands one after the other, the one in hand ended when we are told to end; the worst exit status."""
    from jobs.supervise import Limits, supervise

    stop = told_to_stop()
    worst = 0
    for command in commands:
        if stop.is_set():
            return max(worst, 1)
        status = supervise(command, Limits(), stop).returncode
        worst = max(worst, 1 if status < 0 else status)
    return worst


def told_to_stop() -> threading.Event:
    """Set by SIGTERM and SIGINT from now on."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


@contextmanager
def _reading() -> Iterator[Reader]:
    """The process that reads for a crawl, begun before the crawl's own parts are loaded: both take their time."""
    from readers.reader import Reader

    with closing(Reader()) as reader:
        reader.begin()
        yield reader


def _crawl(
    config: Config,
    name: str,
    days: tuple[datetime | None, datetime | None],
    sections: tuple[str, ...],
    query: str | None,
    as_of: datetime | None,
    opened: int | None,
    reader: Reader,
) -> CrawlReport:
    # first, for Scrapy's TLS asks at its import whose every frame on the stack is, of all modules that are loaded
    import spiders.connect  # noqa: F401
    from alerts.announce import make_hook
    from alerts.lateness import Lateness
    from annexes.keeping import AnnexSink
    from archive.warc import Archive
    from config import SourceSettings
    from db import open_database
    from db.crawling.runs import adopt_run, close_lost_runs, close_run, open_run
    from ingest.crawl import CrawlSink
    from ingest.left_behind import find_left_behind
    from jobs.locks import only_one
    from spiders.crawl import CrawlOptions
    from spiders.crawl import check as check_crawl
    from spiders.crawl import crawl as run_crawl

    source = configured_source(config, name)
    log_to_stderr(config.logging.level, config.logging.format)
    name_process(job="crawl", source=name)
    rules_of(config)  # a rule that can never work is told before anything is done
    late = Lateness(
        stale_after=config.mail.stale_after,
        tell_within=config.mail.tell_within,
        as_of=as_of.date() if as_of else None,
    )
    hook = make_hook(config.site.base_url, lateness=late)
    for folder in (config.storage.database.parent, config.storage.archive):
        folder.mkdir(parents=True, exist_ok=True)
    with (
        only_one(lock_beside(config, f"crawl-{name}"), f"a crawl of {name}"),
        Archive(config.storage.archive, rotate=config.storage.rotate_mib * 1024 * 1024) as archive,
    ):
        db = open_database(config.storage.database, mode="create")
        now = datetime.now(UTC)
        close_lost_runs(db, now)
        keep_rules(config, db)
        settings = config.sources.get(name, SourceSettings())
        # with a query, the configured sections stay out of it
        chosen = sections or (settings.sections if query is None else ())
        with _progress() as progress:
            options = CrawlOptions(
                since=days[0].date() if days[0] else None,
                sections=chosen,
                query=query,
                until=days[1].date() if days[1] else None,
                revisit=settings.revisit,
                user_agent=_user_agent(config),
                delay=config.network.delay,
                per_host=config.network.per_host,
                max_body_bytes=config.network.max_body_mib * 1024 * 1024,
                max_annex_bytes=config.network.max_attachment_mib * 1024 * 1024,
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
            if config.network.contact is None:
                log.warning("network.contact is not set: whoever runs the sites cannot write to you")
            if opened is None:
                run_id = open_run(db, source=name, job="crawl", pid=os.getpid(), now=now)
            else:
                run_id = opened
                try:
                    adopt_run(db, run_id, source=name, pid=os.getpid())
                except LookupError as error:
                    raise Refused(f"--run {run_id}: {error}; leave it out") from error
                # Python ignores it: then a file that may not grow would be taken for a disk that is full
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            name_process(run=run_id)
            behind = find_left_behind(db, archive, name)
            sink = CrawlSink(
                source=name,
                archive_folder=archive,
                db=db,
                run_id=run_id,
                on_new=hook,
                behind=behind,
                oracle_every=oracle_every(config),
                reader=reader,
            )
            most = config.network.max_attachments
            annexes = AnnexSink(db=db, source=name, run_id=run_id, on_new=hook, most=most)
            report = run_crawl(source, sink, options, annexes if most else None)
        if report.reason == "finished":
            behind.settle()
        close_run(db, run_id, report)
        counts = {"new": report.new, "revised": report.revised, "unchanged": report.unchanged, "failed": report.failed}
        for route in report.routes:
            if route.state != "ok":
                told = {"route": route.route, "state": route.state, "detail": route.detail}
                log.warning("route is not well", extra=told)
        log.info("crawl closed", extra={"state": report.state, "reason": report.reason, **counts})
    return report


def oracle_every(config: Config) -> int:
    """How many stories there are to one that the oracle reads, 0 for none. Refuses a number without the oracle."""
    from pipeline.oracle import is_there

    asked = config.quality.oracle_every
    if asked and not is_there():
        raise Refused("quality.oracle_every needs trafilatura: install policywire[oracle], or set it to 0")
    return (50 if is_there() else 0) if asked is None else asked


def _user_agent(config: Config) -> str:
    """Who asks, with an address for whoever runs the site."""
    named, contact = config.network.user_agent, config.network.contact
    return f"{named} (+{contact})" if contact else named


@contextmanager
def _progress() -> Iterator[Callable[[CrawlProgress], None] | None]:
    """A progress line on a terminal; nothing elsewhere, where a log line says it at the end."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[said]}")
    began = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("crawl", total=None, said="")

        def show(at: CrawlProgress) -> None:
            said = progress_line(at, time.monotonic() - began, datetime.now().astimezone())
            bar.update(task, description=at.source, total=expected(at) or None, completed=at.fetched, said=said)

        yield show


def expected(at: CrawlProgress) -> int:
    """How many stories a crawl will have found in the end, by the share of the days that it has read."""
    if not at.covered:
        return at.found
    return max(at.found, round(at.found / at.covered))


def progress_line(at: CrawlProgress, seconds: float, now: datetime) -> str:
    """Counts, rate and expected end of a crawl that has gone on for so many seconds."""
    counts = f"{at.fetched:,} of {expected(at):,} · {at.new:,} new · {at.revised:,} revised · {at.failed:,} failed"
    rate = at.fetched / seconds if seconds > 1 else 0.0
    if not rate or at.fetched < 10:
        return counts
    end = now + timedelta(seconds=min((expected(at) - at.fetched) / rate, 366 * 86_400))
    day = "" if end.date() == now.date() else f"{end:%d %b} "
    return f"{counts} · {rate:.1f} a second · until about {day}{end:%H:%M}"


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

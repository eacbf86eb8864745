"""`reprocess`: read archived pages again with today's parsers and extractor."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from cli.boundary import Refused, config_of, database, examples, lock_beside, told
from cli.engines import careful, engine_for, forks_for, reads_here, shards_of
from cli.shards import passed_over, refuse, write_shards
from cli.sources import hosts_of
from logs import log_to_stderr, name_process
from readers.heap import give_back_what_is_freed

if TYPE_CHECKING:
    from archive.batch import Stretch
    from archive.places import Place
    from config import Config
    from ingest.changes import Tally
    from ingest.engines import Engine
    from ingest.rereading import Rereading

log = logging.getLogger(__name__)

Cut = Callable[["Place", int], Iterator["Stretch"]]
EVERY = 60.0
"""Seconds between two log lines that say how far it is, where there is no terminal."""


@click.command(
    epilog=examples(
        "policywire reprocess",
        "policywire reprocess --workers 4",
        "policywire reprocess --dask tcp://10.0.0.1:8786",
        "policywire reprocess --dask tcp://10.0.0.1:8786 --to parquet /shared/shards",
        "policywire reprocess --from /shared/shards",
        "policywire reprocess --dry-run --report changes.jsonl",
        "policywire reprocess --warc 'var/archive/mofcom/2026-09-*.warc.gz'",
        "policywire reprocess --warc 's3://commoncrawl/crawl-data/CC-NEWS/2026/11/*.warc.gz'",
    )
)
@click.option(
    "--warc", "patterns", multiple=True, metavar="PATTERN",
    help="Which WARC files: a path or glob, s3://…, https://… or a list of them as @FILE; else all of the archive.",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(1, 512), metavar="N",
    help="Read in so many processes, beside the one that stores; else, or with 1, this one reads and stores in turn.",
)  # fmt: skip
@click.option(
    "--dask", metavar="ADDRESS",
    help="Read on a Dask cluster: tcp://host:8786, or local for a cluster of --workers (or all cores) here.",
)  # fmt: skip
@click.option(
    "--to", type=(click.Choice(["parquet"]), str), metavar="parquet FOLDER",
    help="Write what pages give as Parquet files, and touch no database.",
)  # fmt: skip
@click.option(
    "--from", "shards", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
    help="Store what --to has written, in place of reading the archive.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Try it on a copy of the database, and only tell what would change.")
@click.option(
    "--report", "report", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write every change to FILE, one JSON object a line.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print what was done and changed as one JSON object.")
@click.option("--anew", is_flag=True, help="Begin at the beginning, whatever a run that was cut short has done.")
@click.pass_context
def reprocess(
    context: click.Context, patterns: tuple[str, ...], workers: int | None, dask: str | None,
    to: tuple[str, str] | None, shards: Path | None, dry_run: bool, report: Path | None, as_json: bool, anew: bool,
) -> None:  # fmt: skip
    """Read archived pages again with today's parsers and extractor, and bring the database to what they give.

    Statements keep their ids while their evidence stands, and human decisions survive; nobody is mailed. A run that is
    cut short, however, is gone on with by the same command.

    Exit status 0: all is read; 1: the report says what is damaged or could not be read; 130 and 143: told to stop.
    """
    give_back_what_is_freed()
    forks = None if shards is not None else context.with_resource(forks_for(dask, workers))
    from archive.batch import stretches_of
    from archive.places import find_places
    from db.crawling.runs import close_lost_runs, finish_run, open_run
    from db.rehearsal import rehearsal
    from db.reprocessing import forget_marks
    from ingest.changes import Changes, report_to
    from ingest.engines import EngineError
    from ingest.rereading import Rereading
    from ingest.shards.folder import read_plan

    config = config_of(context)
    with told():
        log_to_stderr(config.logging.level, config.logging.format)
        plan = from_shards = None
        if shards is not None:
            refuse("--from reads no archive", warc=patterns, workers=workers, dask=dask, to=to)
            plan = read_plan(shards, config.storage.archive)
            from_shards = shards_of(shards, plan)
        places = plan.places if plan is not None else find_places(patterns, config.storage.archive)
        if not places:
            asked = " or ".join(patterns) or config.storage.archive
            raise Refused(f"no WARC file matches {asked}; run `policywire crawl` first")
        if to is not None:
            refuse("--to changes no database", dry_run=dry_run, report=report, json=as_json)
            with _stopping() as stop:
                whole = write_shards(
                    config, places, to[1], dask, workers, anew=anew, forks=forks, stop=stop.event, progress=_progress
                )
            sys.exit(128 + stop.told if stop.told is not None else int(not whole))
        if report is not None and not report.absolute().parent.is_dir():
            raise Refused(f"--report {report}: there is no folder {report.parent}; make it, or give another path")
        with (
            _alone(config, dry_run),
            _stopping() as stop,
            from_shards or engine_for(config, places[0], dask, workers, forks=forks) as engine,
            rehearsal(config.storage.database) if dry_run else database(config, "create") as db,
        ):
            close_lost_runs(db, datetime.now(UTC))
            if anew:
                forget_marks(db, [place.name for place in places])
            run_id = open_run(db, source=None, job="reprocess", pid=os.getpid(), now=datetime.now(UTC))
            name_process(job="reprocess", run=run_id)
            rereading = Rereading(db=db)
            cut = partial(stretches_of, hosts=hosts_of(config)) if plan is None else plan.stretches_from
            with report_to(report, go_on=any(map(rereading.begin_of, places))) as lines:
                changes = Changes(db, lines)
                rereading.writing = changes.writing
                try:
                    done = _read_all(
                        rereading, places, engine, stop, cut, whole_archive=not patterns,
                        beside=not reads_here(dask, workers),
                    )  # fmt: skip
                except EngineError as error:
                    finish_run(db, run_id, state="failed", reason=str(error), now=datetime.now(UTC))
                    raise
            state = "partial" if rereading.failed or not done else "ok"
            reason = (
                f"{rereading.pages} pages"
                if done or stop.told is None
                else f"told to stop after {rereading.pages} pages"
            )
            finish_run(db, run_id, state=state, reason=reason, now=datetime.now(UTC))
    _tell(rereading, changes.tally, len(places), dry_run=dry_run, as_json=as_json)
    for line in rereading.failures:
        click.echo(f"  {line}", err=True)
    if stop.told is not None and not done:
        left = "nothing is written" if dry_run else "all that was read is stored: the same command goes on there"
        click.echo(f"stopped, and {left}", err=True)
        sys.exit(128 + stop.told)
    if not done and not dry_run:
        click.echo("the same command goes on with what could not be read, --anew begins at the beginning", err=True)
    sys.exit(1 if rereading.failed else 0)


def _alone(config: Config, dry_run: bool) -> AbstractContextManager[None]:
    """The lock that keeps a second reprocess away; a dry run without a database makes no folder for it."""
    from jobs.locks import only_one

    if dry_run and not config.storage.database.exists():
        return nullcontext()
    config.storage.database.parent.mkdir(parents=True, exist_ok=True)
    return only_one(lock_beside(config, "reprocess"), "a reprocess")


def _tell(rereading: Rereading, tally: Tally, files: int, *, dry_run: bool, as_json: bool) -> None:
    """What was read, and what has changed by it."""
    from cli.changed import as_json as plain
    from cli.changed import changed_lines

    if as_json:
        done = {"files": files, "pages": rereading.pages, "outcomes": rereading.outcomes, "failed": rereading.failed,
                "failures": rereading.failures, "skipped": rereading.skipped, "dry_run": dry_run}  # fmt: skip
        click.echo(json.dumps({**done, **plain(tally)}, ensure_ascii=False))
        return
    counts = ", ".join(f"{n} {name}" for name, n in sorted(rereading.outcomes.items())) or "nothing to read"
    click.echo(f"{files} files, {rereading.pages} pages: {counts}")
    if rereading.skipped:
        click.echo(passed_over(rereading.skipped))
    if dry_run:
        click.echo("tried on a copy: nothing is written")
    for line in changed_lines(tally) if rereading.pages else ():
        click.echo(line)


def _read_all(
    rereading: Rereading, places: Sequence[Place], engine: Engine, stop: Stop, cut: Cut, *, whole_archive: bool,
    beside: bool,
) -> bool:  # fmt: skip
    """Read the places, cut into stretches, and store what they give; False where something is left to read.

    `beside`: others read while this process stores.
    """
    from archive.batch import tapered

    begins = [rereading.begin_of(place) for place in places]
    if any(begins):
        log.info("a reprocess that was cut short is gone on with", extra={"files_begun": sum(map(bool, begins))})
        engine = careful(engine)
    stretches = (
        stretch
        for place, begin in zip(places, begins, strict=True)
        for stretch in cut(place, begin)
    )  # fmt: skip
    left = sum(place.size - begin for place, begin in zip(places, begins, strict=True))
    with (
        _progress(left) as told_of,
        closing(engine(tapered(stretches) if beside else stretches, stop.event)) as batches,
    ):
        for batch in batches:
            rereading.keep(batch)
            told_of(batch.stretch.end - batch.stretch.start, rereading.pages)
    return stop.told is None and rereading.finish(places, whole_archive=whole_archive)


# -- being told to stop -----------------------------------------------------------------------------------------------


class Stop:
    """Whether we were told to stop, and by which signal; a second one ends the command at once."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.told: int | None = None

    def tell(self, number: int, _frame: FrameType | None) -> None:
        """Called by the signal."""
        if self.told is not None:
            sys.exit(128 + number)  # what is being stored is undone, and its mark with it
        self.told = number
        self.event.set()


@contextmanager
def _stopping() -> Iterator[Stop]:
    """Heeds SIGINT and SIGTERM while the block runs."""
    stop = Stop()
    before = {number: signal.signal(number, stop.tell) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# -- progress ---------------------------------------------------------------------------------------------------------


@contextmanager
def _progress(left: int) -> Iterator[Callable[[int, int], None]]:
    """Tells how far it is of `left` bytes, on a terminal by a bar, elsewhere by a log line now and then."""
    began = time.monotonic()
    done = 0
    if not sys.stderr.isatty():
        last = began

        def note(read: int, pages: int) -> None:
            nonlocal done, last
            done += read
            now = time.monotonic()
            if now - last >= EVERY:
                last = now
                line = progress_line(done, left, pages, now - began, datetime.now().astimezone())
                log.info("reprocessing", extra={"progress": line})

        yield note
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = TextColumn("reprocess"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[said]}")
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reprocess", total=left, said="")

        def show(read: int, pages: int) -> None:
            nonlocal done
            done += read
            said = progress_line(done, left, pages, time.monotonic() - began, datetime.now().astimezone())
            bar.update(task, completed=done, said=said)

        yield show


def progress_line(done: int, left: int, pages: int, seconds: float, now: datetime) -> str:
    """Pages, rate and expected end of a reprocess that has read `done` of `left` bytes in so many seconds."""
    counts = f"{pages:,} pages · {done / 2**20:,.0f} of {left / 2**20:,.0f} MiB"
    if seconds <= 1 or not done:
        return counts
    end = now + timedelta(seconds=min((left - done) * seconds / done, 366 * 86_400))
    day = "" if end.date() == now.date() else f"{end:%d %b} "
    return f"{counts} · {pages / seconds:.0f} pages a second · until about {day}{end:%H:%M}"

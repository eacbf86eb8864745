"""`reprocess --to parquet`: what archived pages give, as a folder of Parquet files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from cli.boundary import Refused
from cli.engines import engine_for
from cli.sources import hosts_of

if TYPE_CHECKING:
    from archive.places import Place
    from config import Config
    from readers.forks import Forks

Progress = Callable[[int], AbstractContextManager[Callable[[int, int], None]]]
TOLD = 50
"""Failures that are named; all are counted."""
MOST_REASONS = 20
"""Of why records of others were passed over, the most frequent that are named."""


def write_shards(
    config: Config,
    places: Sequence[Place],
    into: str,
    dask: str | None,
    workers: int | None,
    *,
    anew: bool,
    forks: Forks | None,
    stop: Event,
    progress: Progress,
) -> bool:
    """Write the shards that a folder lacks, and tell of it; False where something could not be read."""
    from ingest.shards.folder import missing_in, plan_for

    folder = Path(into)
    if "://" in into:
        raise Refused(f"--to parquet {into}: give the path of a folder; workers elsewhere must have it too")
    plan = plan_for(folder, places, hosts_of(config), anew=anew)
    missing = missing_in(folder, plan)
    pages, written, failed, failures, skipped = 0, 0, 0, list[str](), Counter[str]()
    if missing:
        left = sum(stretch.end - stretch.start for stretch in missing)
        with (
            engine_for(config, missing[0].place, dask, workers, folder, forks) as engine,
            progress(left) as told_of,
            closing(engine(missing, stop)) as batches,
        ):
            for batch in batches:
                pages += batch.pages
                written += batch.unread is None
                skipped.update(batch.skipped)
                wrong = [*batch.damaged, *([] if batch.unread is None else [batch.unread])]
                failed += len(wrong)
                failures += wrong[: max(0, TOLD - len(failures))]
                told_of(batch.stretch.end - batch.stretch.start, pages)
    there = sum(1 for _ in plan.stretches()) - len(missing)
    click.echo(f"{written} shards of {pages} pages written to {folder}" + (f", {there} were there" if there else ""))
    if skipped:
        click.echo(passed_over(skipped))
    for line in failures:
        click.echo(f"  {line}", err=True)
    if written < len(missing):
        click.echo(f"{len(missing) - written} shards are missing: the same command writes them", err=True)
    return not failed


def passed_over(skipped: Counter[str]) -> str:
    """How many records of others were no stories of our sources, by why."""
    named = ", ".join(f"{count:,} {why}" for why, count in skipped.most_common(MOST_REASONS))
    more = len(skipped) - MOST_REASONS
    return f"passed over: {named}" + (f", and for {more} more reasons" if more > 0 else "")


def refuse(why: str, **options: object) -> None:
    """Refuse options that say nothing where this one is given."""
    if given := [name.replace("_", "-") for name, value in options.items() if value]:
        raise Refused(f"{why}: leave out --{given[0]}")

"""`reprocess --to parquet`: what archived pages give, as a folder of Parquet files."""

from __future__ import annotations

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

Progress = Callable[[int], AbstractContextManager[Callable[[int, int], None]]]
TOLD = 50
"""Failures that are named; all are counted."""


def write_shards(
    config: Config,
    places: Sequence[Place],
    into: str,
    dask: str | None,
    workers: int | None,
    *,
    anew: bool,
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
    pages, written, failed, failures = 0, 0, 0, list[str]()
    if missing:
        left = sum(stretch.end - stretch.start for stretch in missing)
        with (
            engine_for(config, missing[0].place, dask, workers, folder) as engine,
            progress(left) as told_of,
            closing(engine(missing, stop)) as batches,
        ):
            for batch in batches:
                pages += batch.pages
                written += batch.unread is None
                wrong = [*batch.damaged, *([] if batch.unread is None else [batch.unread])]
                failed += len(wrong)
                failures += wrong[: max(0, TOLD - len(failures))]
                told_of(batch.stretch.end - batch.stretch.start, pages)
    there = sum(1 for _ in plan.stretches()) - len(missing)
    click.echo(f"{written} shards of {pages} pages written to {folder}" + (f", {there} were there" if there else ""))
    for line in failures:
        click.echo(f"  {line}", err=True)
    if written < len(missing):
        click.echo(f"{len(missing) - written} shards are missing: the same command writes them", err=True)
    return not failed


def refuse(why: str, **options: object) -> None:
    """Refuse options that say nothing where this one is given."""
    if given := [name.replace("_", "-") for name, value in options.items() if value]:
        raise Refused(f"{why}: leave out --{given[0]}")

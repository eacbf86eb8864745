"""`reprocess`: read archived pages again with today's parsers and extractor."""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, datetime

import click

from cli.boundary import Refused, config_of, database, examples, told
from logs import log_to_stderr, name_process


@click.command(
    epilog=examples("policywire reprocess", "policywire reprocess --warc 'var/archive/mofcom/2026-09-*.warc.gz'")
)
@click.option(
    "--warc", "patterns", multiple=True, metavar="PATTERN", help="Which WARC files (a glob); else all of the archive."
)
@click.pass_context
def reprocess(context: click.Context, patterns: tuple[str, ...]) -> None:
    """Read archived pages again with today's parsers and extractor, and bring the database to what they give.

    Statements keep their ids while their evidence stands, and human decisions survive; nobody is mailed.
    """
    from archive.batch import stretches_of
    from archive.places import find_places
    from db.crawling.runs import finish_run, open_run
    from ingest.engines.here import read_here
    from ingest.rereading import Rereading

    config = config_of(context)
    with told():
        log_to_stderr(config.logging.level, config.logging.format)
        places = find_places(patterns, config.storage.archive)
        if not places:
            asked = " or ".join(patterns) or config.storage.archive
            raise Refused(f"no WARC file matches {asked}; run `policywire crawl` first")
        config.storage.database.parent.mkdir(parents=True, exist_ok=True)
        with database(config, "create") as db:
            run_id = open_run(db, source=None, job="reprocess", pid=os.getpid(), now=datetime.now(UTC))
            name_process(job="reprocess", run=run_id)
            rereading = Rereading(db=db)
            stretches = (stretch for place in places for stretch in stretches_of(place, rereading.begin_of(place)))
            for batch in read_here(stretches, threading.Event()):
                rereading.keep(batch)
            rereading.finish(places)
            state = "partial" if rereading.failed else "ok"
            finish_run(db, run_id, state=state, reason=f"{rereading.pages} pages", now=datetime.now(UTC))
    counts = ", ".join(f"{n} {name}" for name, n in sorted(rereading.outcomes.items())) or "nothing to read"
    click.echo(f"{len(places)} files, {rereading.pages} pages: {counts}")
    for line in rereading.failures:
        click.echo(f"  {line}", err=True)
    sys.exit(1 if rereading.failed else 0)

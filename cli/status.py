"""`policywire status`: the whole desk at one look, for people and for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from cli.boundary import Refused, config_of, database, examples
from logs import inert, inert_json

if TYPE_CHECKING:
    from config import Config
    from db.job_states import JobState
    from db.status import Status
    from jobs.report import Report


@click.command(
    epilog=examples(
        "policywire status", "policywire status --json | jq .needs_a_person", "policywire status --alive && echo well"
    )
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for machines; docs/status.schema.json.")
@click.option("--alive", "only_alive", is_flag=True, help="Only whether the scheduler is alive, as /healthz says it.")
@click.pass_context
def status(context: click.Context, as_json: bool, only_alive: bool) -> None:
    """Scheduler, jobs, sources, review queue, outbox, faults, disks and open issues.

    Exit status 0: all is well; 1: something needs a person; 2: the database cannot be used, and why.
    """
    config = config_of(context)
    if only_alive:
        sys.exit(_alive(config))
    _bring_up_to_date(config)
    from jobs.report import read_report

    now = datetime.now(UTC)
    found = read_report(config, now, leads=True)
    if found.database.state == "ok":
        found = replace(found, troubles=(*found.troubles, *_lost_files(config)))
    if as_json:
        click.echo(inert_json(json.dumps(plain(found), ensure_ascii=False, indent=2)))
    elif found.status is not None or found.scheduler.state != "off" or found.faults:
        click.echo("\n".join(map(inert, _lines(found))))
    if found.status is None:
        raise Refused(str(found.database.detail))
    sys.exit(1 if found.needs_a_person else 0)


def _alive(config: Config) -> int:
    from jobs.report import alive, read_report

    found = read_report(config, datetime.now(UTC))
    reasons = alive(found)
    click.echo("\n".join(line for _name, line in reasons) or "the scheduler is alive")
    return 1 if reasons else 0


def _bring_up_to_date(config: Config) -> None:
    """Bring the schema up to date, and close runs whose process is gone; where that cannot be done the rest is told."""
    import sqlite3

    from db import DatabaseError
    from db.crawling.runs import close_lost_runs

    with suppress(DatabaseError, sqlite3.Error), database(config, "rw") as db:
        close_lost_runs(db, datetime.now(UTC))


def _lost_files(config: Config) -> Iterator[str]:
    from cli.agreement import missing_files

    with database(config, "ro") as db:
        lost = missing_files(config.storage.archive, db)
    if lost:
        files = lost[0] if len(lost) == 1 else f"{len(lost)} files, the first {lost[0]},"
        told = f"{files} of the archive {config.storage.archive} missing"
        yield f"{told}; `policywire archive verify` names what was lost"


# -- for machines ------------------------------------------------------------------------------------------------------


def plain(found: Report) -> dict[str, Any]:
    """The report as JSON has it. Keys are only ever added; docs/status.schema.json has them all."""
    scheduler, beat_age = found.scheduler, found.scheduler.age(found.at)
    backup = _job(found, "backup")
    return {
        "at": _utc(found.at),
        "scheduler": {
            "state": scheduler.state,
            "pid": scheduler.pid,
            "since": _utc(scheduler.since),
            "beat_at": _utc(scheduler.beat_at),
            "beat_age_seconds": None if beat_age is None else round(beat_age.total_seconds()),
        },
        "database": {
            "path": found.database.path,
            "state": found.database.state,
            "detail": found.database.detail,
            "size_bytes": found.database.size,
            "wal_bytes": found.database.wal,
        },
        "disks": [
            {"name": disk.name, "folder": disk.folder, "free_bytes": disk.free, "size_bytes": disk.size}
            for disk in found.disks
        ],
        "faults": [{"name": fault.name, "detail": fault.detail, "since": fault.since} for fault in found.faults],
        "backup": {
            "last_ok_at": backup.last_ok_at if backup else None,
            "age_seconds": _age(backup.last_ok_at, found.at) if backup else None,
        },
        **(_of_the_database(found.status) if found.status else {}),
        "needs_a_person": list(found.needs_a_person),
    }


def _of_the_database(status: Status) -> dict[str, Any]:
    kept = {name: value for name, value in asdict(status).items() if name not in ("needs_a_person", "jobs")}
    # the process that ran it last is none of a monitor's business
    hidden = ("pid", "process", "changed_at")
    jobs = [{name: value for name, value in asdict(job).items() if name not in hidden} for job in status.jobs]
    return {**kept, "jobs": jobs}


def _job(found: Report, name: str) -> JobState | None:
    return next((job for job in (found.status.jobs if found.status else ()) if job.name == name), None)


def _age(moment: str | None, now: datetime) -> int | None:
    return round((now - datetime.fromisoformat(moment)).total_seconds()) if moment else None


def _utc(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None


# -- for people --------------------------------------------------------------------------------------------------------


def _lines(found: Report) -> Iterator[str]:
    yield from _scheduler(found)
    if found.status is not None:
        yield from _jobs(found.status.jobs)
        yield from _content(found.status)
    yield from _machine(found)
    yield "Needs a person"
    yield from (f"  {line}" for line in found.needs_a_person or ("nothing",))


def _scheduler(found: Report) -> Iterator[str]:
    scheduler, age = found.scheduler, found.scheduler.age(found.at)
    words = {"alive": "running", "stuck": "stands still", "died": "has died", "off": "not running"}[scheduler.state]
    beat = (
        f", process {scheduler.pid} since {_utc(scheduler.since)}, last heartbeat {said_span(age)} ago" if age else ""
    )
    yield f"Scheduler: {words}{beat if scheduler.pid else ''}"


def _jobs(jobs: tuple[JobState, ...]) -> Iterator[str]:
    if jobs:
        yield "Jobs"
    for job in jobs:
        times = f"last {job.last_started_at or 'never'}, next {job.next_at or '-'}"
        failed = f", {_count(job.failures, 'failure')} in a row" if job.failures else ""
        yield f"  {job.name:20} {job.state:8} {times}{failed}{f': {job.detail}' if job.detail else ''}"


def _content(status: Status) -> Iterator[str]:
    from db.status import count_said

    def said(name: str, number: int) -> str:
        return count_said(number, more=name in status.more)

    yield "Sources"
    for s in status.sources:
        yield (
            f"  {s['source']:14} {s['state']:8} last good run {s['last_success_at'] or 'never'}, "
            f"{_count(s['articles_7d'], 'article')} in 7 days (usual {s['baseline_7d']}), "
            f"{_count(s['failures'], 'failed run')} since"
        )
    if not status.sources:
        yield "  none crawled yet: run `policywire crawl`"
    yield "Last runs"
    for r in status.runs:
        yield (
            f"  {r['job']:10} {r['source'] or '':14} {r['state']:8} {r['started_at']} "
            f"new {r['new']}, revised {r['revised']}, failed {r['failed']}"
        )
    yield "Kept"
    yield "  " + ", ".join(f"{said(f'counts.{name}', n)} {name}" for name, n in status.counts.items())
    yield f"Review queue: {said('to_review', status.to_review)} waiting"
    states = {"due": "due", "claimed": "being sent", "sent": "sent", "dead": "dead letters"}
    box = ", ".join(f"{said(f'outbox.{name}', getattr(status.outbox, name))} {words}" for name, words in states.items())
    oldest = f"; the oldest has been due since {status.outbox.oldest_due_at}" if status.outbox.oldest_due_at else ""
    yield f"Outbox: {box}{oldest}"
    for letter in status.dead_letters:
        yield f"  dead {letter['id']}: {letter['subject']} ({letter['last_error']})"
    yield "Open issues"
    for i in status.issues:
        yield f"  {i['source']:14} {i['kind']:18} {count_said(i['open'], more=i['more']):>7}  {i['url']}"
    if not status.issues:
        yield "  none"
    if status.leads:
        yield "Leads"
        yield from (f"  {line}" for line in status.leads)


def _machine(found: Report) -> Iterator[str]:
    if found.faults:
        yield "Faults"
        yield from (f"  {fault.name} since {fault.since}: {fault.detail}" for fault in found.faults)
    backup = _job(found, "backup")
    if backup:
        age = _age(backup.last_ok_at, found.at)
        ago = f"{said_span(timedelta(seconds=age))} ago" if age is not None else "never"
        yield f"Backup: the last good one {ago}"
    room = ", ".join(f"{disk.name} {disk.free / (1 << 30):,.1f} GiB free" for disk in found.disks)
    yield f"Disks: {room}; the database has {(found.database.size + found.database.wal) / (1 << 20):,.1f} MiB"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def said_span(span: timedelta) -> str:
    """A span of time as one would say it: `40 s`, `3 min`, `26 h`, `5 days`."""
    seconds = span.total_seconds()
    for unit, size, most in (("s", 1, 120), ("min", 60, 120), ("h", 3600, 48)):
        if seconds < size * most:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86400:.0f} days"

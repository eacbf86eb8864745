"""The state of the desk as Prometheus metrics. Names and labels are a contract: docs/deploy.md lists them.

No metric is kept: each is read from a report when it is asked for. A label holds nothing scraped, and no address.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from db.health.model import HealthState
from db.job_states import JobState, Standing
from db.outbox import OutboxCounts
from db.status import Status
from db.totals import Totals
from jobs.beat import Liveness
from jobs.faults import FAULTS
from jobs.report import Report

RUN_STATES = ("running", "ok", "partial", "failed", "lost")
OUTBOX_STATES = ("due", "claimed", "dead")
"""Mail that was sent is not counted here: `policywire_mails_queued_total` grows with it."""
_MOST_FILES = 200_000
"""Files of the archive that are looked at; it has one a day and source, and more of a day that fills them."""

Samples = Iterable[tuple[tuple[str, ...], float | None]]
"""Values by their labels; without a value there is no sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """What is running."""

    version: str
    extractor_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """How large the archive is."""

    files: int
    size: int
    """Bytes."""


class DeskCollector(Collector):
    """Gives the metrics of what `look` reports when it is asked."""

    def __init__(self, look: Callable[[], Report], archived: Callable[[], Archived], build: Build) -> None:
        self._look = look
        self._archived = archived
        self._build = build

    def collect(self) -> Iterator[Metric]:
        """All metrics of one moment; those of the database only while it can be read."""
        report = self._look()
        yield from _program(report, self._build)
        yield from _faults(report)
        yield from _storage(report, self._archived())
        if report.status is not None:
            yield from _jobs(report.status.jobs)
            yield from _sources(report.status)
            yield from _last_runs(report.status)
            yield from _mail(report.status.outbox)
            yield from _open_work(report.status)
        if report.totals is not None:
            yield from _totals(report.totals)


def registry_of(desk: DeskCollector) -> CollectorRegistry:
    """The desk's metrics, and those of the process."""
    registry = CollectorRegistry()
    registry.register(desk)
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


def archive_size(folder: Path) -> Archived:
    """Files and bytes below `folder`; a file that vanishes meanwhile is not counted."""
    files = size = 0
    waiting = [folder]
    while waiting and files < _MOST_FILES:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    elif entry.is_file(follow_symlinks=False):
                        files, size = files + 1, size + entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue
    return Archived(files=files, size=size)


def _program(report: Report, build: Build) -> Iterator[Metric]:
    about = InfoMetricFamily("policywire_build", "What is running.")
    python = platform.python_version()
    about.add_metric(
        [], {"version": build.version, "extractor_version": build.extractor_version, "python_version": python}
    )
    yield about
    scheduler = report.scheduler
    yield _states("policywire_scheduler_state", "Whether the scheduler is alive.", (), {(): scheduler.state}, Liveness)
    beat = scheduler.beat_at.timestamp() if scheduler.beat_at else None
    since = scheduler.since.timestamp() if scheduler.since else None
    yield _gauge("policywire_scheduler_heartbeat_timestamp_seconds", "When its loop last went round.", (), [((), beat)])
    yield _gauge("policywire_scheduler_start_timestamp_seconds", "When it was started.", (), [((), since)])
    needed = "Things that nobody but a person will put right; `policywire status` names them."
    yield _gauge("policywire_needs_a_person", needed, (), [((), len(report.needs_a_person))])


def _faults(report: Report) -> Iterator[Metric]:
    standing = {fault.name for fault in report.faults}
    about = "Faults of the machine (docs/upkeep.md): 1 while one stands."
    yield _gauge("policywire_fault", about, ("fault",), [((name,), name in standing) for name in FAULTS])


def _storage(report: Report, archived: Archived) -> Iterator[Metric]:
    database = report.database
    yield _gauge(
        "policywire_database_readable", "Whether the database can be read.", (), [((), database.state == "ok")]
    )
    sizes = [(("main",), database.size), (("wal",), database.wal)]
    yield _gauge("policywire_database_size_bytes", "Size of the database and its write-ahead log.", ("file",), sizes)
    yield _gauge("policywire_archive_size_bytes", "Size of the archive.", (), [((), archived.size)])
    yield _gauge("policywire_archive_files", "Files of the archive, indexes among them.", (), [((), archived.files)])
    free, size = ([((d.name,), getattr(d, name)) for d in report.disks] for name in ("free", "size"))
    yield _gauge("policywire_disk_free_bytes", "Room on the disk of a folder.", ("folder",), free)
    yield _gauge("policywire_disk_size_bytes", "Size of the disk of a folder.", ("folder",), size)


def _jobs(jobs: tuple[JobState, ...]) -> Iterator[Metric]:
    standing: dict[tuple[str, ...], str] = {(job.name,): job.state for job in jobs}
    yield _states("policywire_job_state", "How a job of the scheduler stands.", ("job",), standing, Standing)
    for what, moment in (
        ("last_start", "last_started_at"), ("last_end", "last_ended_at"), ("last_success", "last_ok_at"),
        ("next_run", "next_at"),
    ):  # fmt: skip
        name = f"policywire_job_{what}_timestamp_seconds"
        samples = [((job.name,), _moment(getattr(job, moment))) for job in jobs]
        yield _gauge(name, f"The {what.replace('_', ' ')} of a job.", ("job",), samples)
    failures = [((job.name,), job.failures) for job in jobs]
    yield _gauge("policywire_job_failures", "How often in a row a job has failed.", ("job",), failures)


def _sources(status: Status) -> Iterator[Metric]:
    found = status.sources
    states: dict[tuple[str, ...], str] = {(source["source"],): source["state"] for source in found}
    yield _states("policywire_source_state", "Health of a source.", ("source",), states, HealthState)
    for name, column, about in (
        ("last_success", "last_success_at", "When a crawl last went well."),
        ("last_article", "last_article_at", "When its newest article was published."),
    ):
        samples = [((source["source"],), _moment(source[column])) for source in found]
        yield _gauge(f"policywire_source_{name}_timestamp_seconds", about, ("source",), samples)
    for name, column, about in (
        ("articles_7d", "articles_7d", "Articles of the last seven days."),
        ("articles_usual_7d", "baseline_7d", "Articles of seven days in the four weeks before."),
        ("failures", "failures", "Failed crawls since the last that went well."),
    ):
        yield _gauge(f"policywire_source_{name}", about, ("source",), [((s["source"],), s[column]) for s in found])


def _last_runs(status: Status) -> Iterator[Metric]:
    runs = [run for run in status.runs if run["source"]]
    samples = [
        ((run["job"], run["source"], outcome), run[outcome])
        for run in runs
        for outcome in ("new", "revised", "unchanged", "failed")
    ]
    about = "Articles of the last run, by what became of them."
    yield _gauge("policywire_last_run_articles", about, ("job", "source", "outcome"), samples)


def _mail(outbox: OutboxCounts) -> Iterator[Metric]:
    samples = [((state,), getattr(outbox, state)) for state in OUTBOX_STATES]
    about = "Mails that wait, are being sent, or were given up; 10,000 stands for as many and more."
    yield _gauge("policywire_outbox_mails", about, ("state",), samples)
    oldest = _moment(outbox.oldest_due_at)
    about = "When the mail was due that has waited longest; none where none waits."
    yield _gauge("policywire_outbox_oldest_due_timestamp_seconds", about, (), [((), oldest)])


def _open_work(status: Status) -> Iterator[Metric]:
    issues = [((issue["source"], issue["kind"]), issue["open"]) for issue in status.issues]
    yield _gauge("policywire_open_issues", "Open issues; 10,000 for more.", ("source", "kind"), issues)
    about = "Statements that wait for a decision; 10,000 for more."
    yield _gauge("policywire_review_queue", about, (), [((), status.to_review)])
    owed = [(("waiting",), status.counts["owed"]), (("given_up",), status.counts["given up"])]
    about = "Stories that were found and are not had; 10,000 for more."
    yield _gauge("policywire_stories_owed", about, ("state",), owed)


_STORED = {
    "articles": ("policywire_articles_stored", "Articles that were ever stored."),
    "announcements": ("policywire_announcements_stored", "Policy announcements that were ever stored."),
    "quotes": ("policywire_quotes_stored", "Quotes that were ever stored."),
    "pages": ("policywire_pages_fetched", "Pages that were ever fetched."),
    "mails": ("policywire_mails_queued", "Mails that were ever put into the outbox."),
}


def _totals(totals: Totals) -> Iterator[Metric]:
    for name, (metric, about) in _STORED.items():
        yield CounterMetricFamily(metric, about, value=totals.stored[name])
    pairs = sorted({(job, source) for job, source, _state in totals.runs_24h})
    samples = [((*pair, state), totals.runs_24h.get((*pair, state), 0)) for pair in pairs for state in RUN_STATES]
    about = "Runs that began within 24 hours, by how they ended; at most 500 in all."
    yield _gauge("policywire_runs_24h", about, ("job", "source", "state"), samples)


def _gauge(name: str, about: str, labels: tuple[str, ...], samples: Samples) -> Metric:
    gauge = GaugeMetricFamily(name, about, labels=labels)
    for values, number in samples:
        if number is not None:
            gauge.add_metric(values, float(number))
    return gauge


def _states(
    name: str, about: str, labels: tuple[str, ...], held: Mapping[tuple[str, ...], str], known: object
) -> Metric:
    """1 for the state that each has, 0 for all others; one that is not known yet has its 1, too."""
    states = known if isinstance(known, tuple) else get_args(known)
    samples = [
        ((*values, state), float(state == now))
        for values, now in held.items()
        for state in (*states, *(() if now in states else (now,)))
    ]
    return _gauge(name, f"{about} 1 for the state it is in.", (*labels, "state"), samples)


def _moment(text: str | None) -> float | None:
    """Seconds since 1970 of a time that the database holds."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

"""One look at everything: sources, last runs, review queue, outbox, issues; and what of it needs a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from db.bounded import COUNT_TO, counted
from db.connection import rows, value
from db.deciding.queue import queue_length
from db.health.view import source_health
from db.health.workdays import schedule_missing
from db.job_states import JobState, states
from db.mailing.outage import Outage, outage
from db.names import utc
from db.numbering import gap_lines
from db.outbox import OutboxCounts, outbox_counts

_NEEDS_A_PERSON = ("failing", "changed_layout", "silent", "thin", "not_crawled")
_OFTEN = 3
"""A mail server that cannot be used once or twice is being restarted."""
_STATES = ("due", "claimed", "sent", "dead")
_LETTERS_NAMED = 20
_TRIES_OF_A_TASK = 3
"""A task of every minute that fails is tried again at once: so often in a row it is no passing fault."""
_RARE = timedelta(hours=1)
"""A job that has longer than this between two runs fails once and is told."""
_LONGEST_WAIT = timedelta(hours=6)
"""Mail that nobody has tried to send for so long, though it could be, is told of."""
_EXPECTED_ISSUES = ("page_gone", "robots_denied", "not_an_article")
"""Kinds of issue that are told and counted but are nobody's work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state of the whole desk at one moment. Counts stop at `COUNT_TO`; `more` names those that did."""

    sources: tuple[dict[str, Any], ...]
    """Rows of `source_health`."""
    runs: tuple[dict[str, Any], ...]
    """The newest run of each job and source."""
    counts: dict[str, int]
    """Articles, quotes and announcements that count, instruments; stories found and not had yet, stories given up."""
    to_review: int
    outbox: OutboxCounts
    dead_letters: tuple[dict[str, Any], ...]
    """The newest letters that were given up: id, recipient, subject, last_error."""
    jobs: tuple[JobState, ...]
    """How the jobs of the scheduler stand; none before it has run."""
    issues: tuple[dict[str, Any], ...]
    """Open issues by source and kind, with how many, whether `more` than that, and the newest of them."""
    leads: tuple[str, ...]
    """A line for each gap in the numbers of a ministry's documents, and for guessed holidays; nobody's duty."""
    needs_a_person: tuple[str, ...]
    """One line for each thing that nobody but a person will put right; empty: all is well."""
    more: tuple[str, ...] = ()
    """Counts that stopped at `COUNT_TO`, because there is more: `counts.articles`, `to_review`, `outbox.sent`."""


def read_status(db: Database, now: datetime, *, leads: bool = True) -> Status:
    """The status at `now`. Without `leads`, which cost more than all the rest, it is quick enough for each minute."""
    sources = tuple(source_health(db, now=utc(now)))
    outbox = outbox_counts(db)
    issues = _open_issues(db)
    jobs = states(db)
    counts = {name: counted(db, sql) for name, sql in _COUNTS.items()}
    to_review = queue_length(db, cap=COUNT_TO)
    figures = {
        **{f"counts.{name}": number for name, number in counts.items()},
        "to_review": to_review,
        **{f"outbox.{state}": getattr(outbox, state) for state in _STATES},
    }
    return Status(
        sources=sources,
        runs=tuple(rows(db, _LAST_RUNS)),
        counts={name: min(number, COUNT_TO) for name, number in counts.items()},
        to_review=min(to_review, COUNT_TO),
        outbox=_stopped(outbox),
        dead_letters=tuple(rows(db, _DEAD_LETTERS, [_LETTERS_NAMED])) if outbox.dead else (),
        jobs=jobs,
        issues=issues,
        leads=(*gap_lines(db), *_unscheduled(sources, now)) if leads else (),
        needs_a_person=_troubles(sources, outbox, issues, jobs, value(db, _UNTRIED), outage(db), now),
        more=tuple(name for name, number in figures.items() if number > COUNT_TO),
    )


def needs_a_person(db: Database, sources: Sequence[dict[str, Any]], now: datetime) -> tuple[str, ...]:
    """The lines of the status that nobody but a person will put right, without its counts: quick at any size."""
    return _troubles(sources, outbox_counts(db), _open_issues(db), states(db), value(db, _UNTRIED), outage(db), now)


def count_said(number: int, *, more: bool) -> str:
    """A count as it is printed: `10,000+` where it stopped."""
    return f"{number:,}{'+' if more else ''}"


def _stopped(outbox: OutboxCounts) -> OutboxCounts:
    counts = {state: min(getattr(outbox, state), COUNT_TO) for state in _STATES}
    return OutboxCounts(**counts, oldest_due_at=outbox.oldest_due_at)


def _open_issues(db: Database) -> tuple[dict[str, Any], ...]:
    found = [
        {**issue, "open": min(issue["open"], COUNT_TO), "more": issue["open"] > COUNT_TO}
        for issue in rows(db, _ISSUES, {"most": COUNT_TO + 1})
    ]
    return tuple(sorted(found, key=lambda issue: (issue["source"], -issue["open"])))


def _troubles(
    sources: Sequence[dict[str, Any]],
    outbox: OutboxCounts,
    issues: tuple[dict[str, Any], ...],
    jobs: Sequence[JobState],
    untried: str | None,
    away: Outage | None,
    now: datetime,
) -> tuple[str, ...]:
    mail = _undelivered(outbox, untried, away, now)
    return (*_broken(jobs), *_sick(sources), *mail, *_unexpected(issues))


def _broken(jobs: Sequence[JobState]) -> Iterator[str]:
    for job in jobs:
        if job.state == "stuck":
            yield f"job {job.name} has been running since {job.last_started_at}, which is longer than it may"
        # a crawl that fails is told as the state of its source
        elif job.source is None and job.failures >= (1 if _is_rare(job) else _TRIES_OF_A_TASK):
            times = "once" if job.failures == 1 else f"{job.failures} times in a row"
            detail = f": {job.detail}" if job.detail else ""
            yield f"job {job.name} has failed {times}, it last went well {job.last_ok_at or 'never'}{detail}"


def _is_rare(job: JobState) -> bool:
    if job.next_at is None or job.last_ended_at is None:
        return False
    return datetime.fromisoformat(job.next_at) - datetime.fromisoformat(job.last_ended_at) > _RARE


def _sick(sources: Sequence[dict[str, Any]]) -> list[str]:
    return [
        f"source {s['source']} is {s['state'].replace('_', ' ')}" + (f": {s['reason']}" if s["reason"] else "")
        for s in sources
        if s["state"] in _NEEDS_A_PERSON
    ]


def _undelivered(outbox: OutboxCounts, untried: str | None, away: Outage | None, now: datetime) -> Iterator[str]:
    if outbox.dead:
        dead = count_said(min(outbox.dead, COUNT_TO), more=outbox.dead > COUNT_TO)
        mails, them = ("mail", "it") if outbox.dead == 1 else ("mails", "them")
        yield f"{dead} {mails} could not be delivered; `policywire alerts retry --all` makes {them} due again"
    if away is not None and away.failures >= _OFTEN:
        yield f"mail waits, the server cannot be used since {away.since}; tried {away.failures} times: {away.error}"
    elif away is None and untried and datetime.fromisoformat(untried) < now - _LONGEST_WAIT:
        yield f"mail could be sent since {untried} and nobody has tried; does `policywire run` run?"


def _unscheduled(sources: Sequence[dict[str, Any]], now: datetime) -> list[str]:
    """A year whose holidays are guessed matters where sources are judged by them."""
    year = schedule_missing(now) if sources else None
    if year is None:
        return []
    return [
        f"China's holidays and working weekends of {year} are not in chinesecalendar: days are judged by custom until "
        "`pip install --upgrade chinesecalendar` brings them"
    ]


def _unexpected(issues: tuple[dict[str, Any], ...]) -> list[str]:
    return [
        f"{count_said(issue['open'], more=issue['more'])} open {'issue' if issue['open'] == 1 else 'issues'} "
        f"{issue['kind']!r} of {issue['source']}, {'' if issue['open'] == 1 else 'the newest '}at {issue['url']}"
        for issue in issues
        if issue["kind"] not in _EXPECTED_ISSUES
    ]


# what is held back, by a lease, a pause or a quiet hour, is to be tried later than it is due
_UNTRIED = "SELECT min(next_attempt_at) FROM outbox INDEXED BY outbox_waiting WHERE state IN ('due', 'claimed')"
_DEAD_LETTERS = """
SELECT id, recipient, subject, last_error FROM outbox INDEXED BY outbox_by_state
WHERE state = 'dead' ORDER BY id DESC LIMIT ?
"""
# From one source and kind to the next along the index: a GROUP BY would read every open issue.
_ISSUES = """
WITH RECURSIVE sources (source) AS (
  SELECT min(source) FROM issues WHERE closed_at IS NULL
  UNION ALL
  SELECT (SELECT min(i.source) FROM issues AS i WHERE i.closed_at IS NULL AND i.source > sources.source)
  FROM sources WHERE sources.source IS NOT NULL
),
kinds (source, kind) AS (
  SELECT source, (SELECT min(i.kind) FROM issues AS i WHERE i.closed_at IS NULL AND i.source = sources.source)
  FROM sources WHERE source IS NOT NULL
  UNION ALL
  SELECT source, (SELECT min(i.kind) FROM issues AS i
    WHERE i.closed_at IS NULL AND i.source = kinds.source AND i.kind > kinds.kind)
  FROM kinds WHERE kinds.kind IS NOT NULL
)
SELECT k.source, k.kind, (
    SELECT count(*) FROM (
      SELECT 1 FROM issues AS i WHERE i.closed_at IS NULL AND i.source = k.source AND i.kind = k.kind LIMIT :most)
  ) AS open, newest.last_seen_at, newest.url, newest.detail
FROM kinds AS k CROSS JOIN issues AS newest ON newest.id = (
  SELECT i.id FROM issues AS i WHERE i.closed_at IS NULL AND i.source = k.source AND i.kind = k.kind
  ORDER BY i.last_seen_at DESC, i.id DESC LIMIT 1)
WHERE k.kind IS NOT NULL
"""
# The walk along the sources of a job ends with none: so runs of no source have their row too.
_LAST_RUNS = """
WITH RECURSIVE jobs (job) AS (
  SELECT min(job) FROM runs
  UNION ALL
  SELECT (SELECT min(r.job) FROM runs AS r WHERE r.job > jobs.job) FROM jobs WHERE jobs.job IS NOT NULL
),
pairs (job, source) AS (
  SELECT job, (SELECT min(r.source) FROM runs AS r WHERE r.job = jobs.job) FROM jobs WHERE job IS NOT NULL
  UNION ALL
  SELECT job, (SELECT min(r.source) FROM runs AS r WHERE r.job = pairs.job AND r.source > pairs.source)
  FROM pairs WHERE pairs.source IS NOT NULL
)
SELECT r.job, r.source, r.state, r.reason, r.started_at, r.finished_at, r.new, r.revised, r.unchanged, r.failed
FROM pairs AS p CROSS JOIN runs AS r ON r.id = (
  SELECT l.id FROM runs AS l WHERE l.job = p.job AND l.source IS p.source ORDER BY l.id DESC LIMIT 1)
ORDER BY r.source, r.job
"""
# A statement that counts, not retired and not rejected, is one that has its place in the full text.
_COUNTS = {
    "articles": "SELECT 1 FROM articles",
    "announcements": "SELECT 1 FROM policies WHERE place IS NOT NULL",
    "quotes": "SELECT 1 FROM quotes WHERE place IS NOT NULL",
    "instruments": "SELECT 1 FROM instrument_registry INDEXED BY instruments_by_lead WHERE same_as = id",
    "owed": "SELECT 1 FROM owed WHERE next_attempt_at IS NOT NULL",
    "given up": "SELECT 1 FROM owed WHERE next_attempt_at IS NULL",
}

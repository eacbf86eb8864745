"""What is seen of a source, and what is made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

HealthState = Literal["ok", "thin", "silent", "changed_layout", "failing", "not_crawled"]
STATES: tuple[HealthState, ...] = ("ok", "thin", "silent", "changed_layout", "failing", "not_crawled")
"""From well to worst; the worst of what is found counts. `not_crawled` stands last: then nothing else is known."""


def rank(state: HealthState) -> int:
    """How bad it is: 0 is well."""
    return STATES.index(state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What came from a source on one day of China."""

    day: date
    articles: int = 0
    """Published on it, and found soon enough to be news."""
    late: int = 0
    """Published on it, and found later: from a back catalogue."""
    quotes: int = 0
    announcements: int = 0
    """Of the fresh articles."""
    crawled: bool = True
    """Whether a good run came in time to find what was published on it."""
    troubled: bool = False
    """Whether the source was not well: such a day is no baseline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A page, or the address of a listing, that shows how it was."""

    url: str
    page: int | None = None
    """Its number in `pages`: the site shows it as it was archived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """One of the newest article pages, and whether its parser could read it."""

    page: int
    url: str
    shape: str
    """Host and first part of the path, numbers folded: pages of one shape share their layouts."""
    layout: str | None
    """The layout that read it; None where none could."""
    selector: str | None = None
    """The one that found too little, where the layout has changed."""
    failed: bool = False
    """Whether it failed because the layout has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSeen:
    """One of the newest crawls that have ended."""

    number: int
    state: str
    reason: str
    started_at: datetime
    finished_at: datetime
    blocked: bool = False
    """Whether all its routes were refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSeen:
    """How one way of discovery went in one run."""

    run: int
    at: datetime
    state: str
    links: int
    new: int
    detail: str | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Everything that a source is judged by at one moment."""

    now: datetime
    days: tuple[Day, ...] = ()
    """The last `reach_days` days without a gap, today the last."""
    newest: datetime | None = None
    """When the newest fresh article was found."""
    last_good: datetime | None = None
    """When the last good run ended."""
    last_begun: datetime | None = None
    """When the last run began, however it ended, or is still at it."""
    gap_hours: float | None = None
    """How far apart crawls usually begin; None: not known yet."""
    bad_runs: tuple[RunSeen, ...] = ()
    """Runs that failed since the last good one, the newest first."""
    pages: tuple[PageRead, ...] = ()
    """The newest article pages, the newest first."""
    well_from: datetime | None = None
    """When the last trouble ended that left gaps in the counts: what was thin before it says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a source looks at one moment, before patience is applied."""

    state: HealthState = "ok"
    reasons: tuple[str, ...] = ()
    """Sentences; the one that decided stands first."""
    since: datetime | None = None
    """When the trouble began, as far as can be told."""
    expected: float | None = None
    actual: float | None = None
    """Articles of the window that was looked at, expected and found."""
    layout: str | None = None
    selector: str | None = None
    last_good: Seen | None = None
    first_bad: Seen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is remembered of a source or route from one evaluation to the next."""

    state: HealthState = "ok"
    since: datetime | None = None
    """Since when it is in this state; None: from the beginning."""
    pending: HealthState | None = None
    """What the last evaluations have said instead."""
    pending_since: datetime | None = None
    looks: int = 0
    """How many of them."""
    relapses: int = 0
    """Troubles that came back within a week of the one before."""
    recovered_at: datetime | None = None
    told: bool = False
    """Whether the operator was told of the trouble that it is in."""
    well_from: datetime | None = None
    evaluated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A change of state that has lasted long enough to count."""

    id: int
    source: str
    route: str
    """Empty: the source as a whole."""
    before: HealthState
    after: HealthState
    at: datetime
    verdict: Verdict = field(default_factory=Verdict)
    tell: bool = True
    """Whether the operator is to hear of it."""

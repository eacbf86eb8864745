"""Simulated months of a source: articles by the hour, crawls, troubles; judged without a database.

Arrivals are Poisson by weekday with bunches (a gamma-distributed factor a day), 8 to 20 o'clock in China, few on days
off; a crawl finds what was published since the last one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from db.health.holding import Change, step
from db.health.judging import judge
from db.health.limits import LIMITS, Limits
from db.health.model import Day, Observation, PageRead, RunSeen, Standing
from db.health.workdays import CHINA, china_day, kind_of

HOURS = range(8, 20)
"""In which articles are published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a source usually publishes."""

    name: str
    rate: float
    """Articles of a mean working day."""
    weekdays: tuple[float, ...] = (1.0, 1.1, 1.0, 1.2, 0.7)
    """Beside the mean, Monday first."""
    off: float = 0.2
    """Of a mean working day, on a weekend or holiday."""
    lieu: float = 0.7
    """And on a Saturday or Sunday that is worked on."""
    bunching: float = 0.15
    """Variance of the factor of a day; 0 is plain Poisson."""
    quotes: float = 2.0
    """Of an article."""


PROFILES = (
    Profile(name="paper", rate=100),
    Profile(name="ministry", rate=10),
    Profile(name="council", rate=3, off=0.1),
    Profile(name="bureau", rate=0.6, off=0.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that happens to the source, or to us, from one time to another."""

    kind: str
    """`outage`, `thin`, `layout`, `blocked`, `yield`, `flapping`, `uncrawled`."""
    begins: datetime
    ends: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether it is on; a flapping one is on every other four hours."""
        if not self.begins <= moment < self.ends:
            return False
        return self.kind != "flapping" or int((moment - self.begins) / timedelta(hours=4)) % 2 == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A change of state, when it was written down."""

    at: datetime
    change: Change


@dataclass(slots=True, kw_only=True)
class _Source:
    """What has happened so far."""

    days: dict[date, Day] = field(default_factory=dict)
    waiting: list[date] = field(default_factory=list)
    """Published and not found yet, by day."""
    newest: datetime | None = None
    last_good: datetime | None = None
    last_begun: datetime | None = None
    bad_runs: list[RunSeen] = field(default_factory=list)
    pages: list[PageRead] = field(default_factory=list)


def live(
    profile: Profile,
    *,
    seed: int,
    first: date,
    days: int,
    troubles: tuple[Trouble, ...] = (),
    every: int = 2,
    limits: Limits = LIMITS,
) -> list[Told]:
    """The changes of state of so many days, with a crawl and an evaluation every so many hours."""
    told, standing, source = [], Standing(), _Source()
    bad: list[tuple[datetime, datetime | None]] = []
    for now in _hours(first, days, every):
        _publish(profile, source, seed, now, every, troubles)
        _crawl(profile, source, seed, now, troubles)
        seen = _observe(source, now, standing, bad, limits, every)
        verdict = judge(seen, limits, standing.state)
        standing, change = step(standing, verdict, now, limits)
        if change is None:
            continue
        told.append(Told(at=now, change=change))
        if change.after == "ok":
            bad[-1] = (bad[-1][0], change.since)
        elif change.before == "ok":
            bad.append((verdict.since or now, None))
    return told


def _hours(first: date, days: int, every: int) -> Iterator[datetime]:
    begin = datetime(first.year, first.month, first.day, tzinfo=CHINA)
    for at in range(0, days * 24, every):
        yield begin + timedelta(hours=at + every)


def expected(profile: Profile, day: date) -> float:
    """Articles of that day, as the source means it."""
    if kind_of(day) == "working":
        return profile.rate * (profile.weekdays[day.weekday()] if day.weekday() < 5 else profile.lieu)
    return profile.rate * profile.off


def _publish(
    profile: Profile, source: _Source, seed: int, now: datetime, every: int, troubles: tuple[Trouble, ...]
) -> None:
    for back in range(every, 0, -1):
        hour = now - timedelta(hours=back)
        if hour.hour not in HOURS or any(one.kind == "outage" and one.holds(hour) for one in troubles):
            continue
        chance = random.Random(f"{seed}-{profile.name}-{hour.date()}")
        bunch = chance.gammavariate(1 / profile.bunching, profile.bunching) if profile.bunching else 1.0
        mean = expected(profile, hour.date()) * bunch / len(HOURS)
        mean *= 0.2 if any(one.kind == "thin" and one.holds(hour) for one in troubles) else 1.0
        source.waiting += [hour.date()] * _poisson(mean, random.Random(f"{seed}-{profile.name}-{hour}"))


def _poisson(mean: float, chance: random.Random) -> int:
    found, at = 0, chance.expovariate(1.0)
    while at < mean:
        found, at = found + 1, at + chance.expovariate(1.0)
    return found


def _crawl(profile: Profile, source: _Source, seed: int, now: datetime, troubles: tuple[Trouble, ...]) -> None:
    on = {one.kind for one in troubles if one.holds(now)}
    if "uncrawled" in on:
        return
    source.last_begun = now
    if on & {"blocked", "flapping"}:
        run = RunSeen(number=1, state="failed", reason="blocked", started_at=now, finished_at=now, blocked=True)
        source.bad_runs.insert(0, run)
        return
    source.last_good, source.bad_runs = now, []
    chance = random.Random(f"{seed}-{profile.name}-read-{now}")
    for day in source.waiting:
        failed = "layout" in on
        source.pages.insert(0, _page(len(source.pages), failed))
        if failed or (china_day(now) - day).days > LIMITS.fresh_days:
            continue
        held = source.days.get(day, Day(day=day))
        quotes = _poisson(profile.quotes * (0.05 if "yield" in on else 1.0), chance)
        source.days[day] = replace(held, articles=held.articles + 1, quotes=held.quotes + quotes)
        source.newest = now
    source.waiting, source.pages = [], source.pages[:120]


def _page(number: int, failed: bool) -> PageRead:
    url = f"https://www.example.cn/a/{number}.html"
    shape, layout = "www.example.cn/a", None if failed else "2026"
    return PageRead(page=number, url=url, shape=shape, layout=layout, selector="#body", failed=failed)


def _observe(
    source: _Source,
    now: datetime,
    standing: Standing,
    bad: list[tuple[datetime, datetime | None]],
    limits: Limits,
    every: int,
) -> Observation:
    today = china_day(now)
    if source.last_good is not None:
        source.days.setdefault(china_day(source.last_good), Day(day=china_day(source.last_good)))
    spans = [(china_day(start), china_day(end) if end else today) for start, end in bad]
    days = []
    for back in range(limits.reach_days - 1, -1, -1):
        day = today - timedelta(days=back)
        held = source.days.get(day)
        if held is None:
            days.append(Day(day=day, crawled=False))
        else:
            days.append(replace(held, troubled=any(start <= day <= end for start, end in spans)) if spans else held)
    return Observation(
        now=now,
        days=tuple(days),
        newest=source.newest,
        last_good=source.last_good,
        last_begun=source.last_begun,
        gap_hours=float(every),
        bad_runs=tuple(source.bad_runs),
        pages=tuple(source.pages),
        well_from=standing.well_from,
    )

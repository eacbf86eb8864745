"""What is usual: articles of a working day, by weekday, from four good weeks; and how much of a day is over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from db.health.chances import dispersion
from db.health.limits import Limits
from db.health.model import Day
from db.health.workdays import china_day, kind_of, midnight


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What the source brings on working days; days off are not waited for, so nothing is usual on them."""

    articles: int
    days: float
    """Working days that they came on."""
    weights: tuple[float, ...]
    """What each weekday brings beside the mean of all, Monday first."""
    dispersion: float

    @property
    def rate(self) -> float:
        """Articles of a working day."""
        return self.articles / self.days

    def expected(self, day: date) -> float:
        """Articles of that day; 0 for a day off."""
        return self.rate * self.weights[day.weekday()] if kind_of(day) == "working" else 0.0


def baseline_before(days: Sequence[Day], until: date, limits: Limits) -> Baseline | None:
    """What was usual before the day `until`; None where too few working days were crawled, or nothing came.

    Days of trouble do not count, unless too few others are left: what has lasted so long is usual now.
    """
    before = [day for day in reversed(days) if day.day < until and day.crawled]
    good = [day for day in before if not day.troubled][: limits.baseline_days]
    recent = takewhile(lambda day: day.day >= until - timedelta(days=limits.baseline_days), before)
    for chosen in (good, list(recent)):
        working = [day for day in chosen if kind_of(day.day) == "working"]
        if len(working) >= limits.least_working_days:
            return _baseline(working, limits)
    return None


def _baseline(working: Sequence[Day], limits: Limits) -> Baseline | None:
    articles = sum(day.articles for day in working)
    if not articles:
        return None
    mean, weight = articles / len(working), limits.weekday_weight
    weights = []
    for weekday in range(7):
        same = [day.articles for day in working if day.day.weekday() == weekday]
        weights.append((sum(same) + weight * mean) / (len(same) + weight) / mean)
    expected = [mean * weights[day.day.weekday()] for day in working]
    return Baseline(
        articles=articles,
        days=sum(weights[day.day.weekday()] for day in working),
        weights=tuple(weights),
        dispersion=dispersion([day.articles for day in working], expected, most=limits.most_dispersion),
    )


def exposure(
    usual: Baseline, start: datetime, end: datetime, limits: Limits, *, without: Collection[date] = ()
) -> float:
    """Working time between two aware times, in mean working days of the baseline; days `without` do not count."""
    total, day = 0.0, china_day(start)
    while day <= china_day(end):
        if kind_of(day) == "working" and day not in without:
            total += usual.weights[day.weekday()] * max(0.0, share(day, end, limits) - share(day, start, limits))
        day += timedelta(days=1)
    return total


def share(day: date, moment: datetime, limits: Limits) -> float:
    """How much of the day's working hours is over at `moment`, 0 to 1."""
    hours = (moment - midnight(day)).total_seconds() / 3600
    return min(1.0, max(0.0, (hours - limits.day_begins) / (limits.day_ends - limits.day_begins)))

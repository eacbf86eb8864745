"""A source at one moment: whether it is well, and if not, what speaks for that. Values in, a verdict out; no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from db.health.baseline import Baseline, baseline_before, exposure, share
from db.health.chances import chance_of_at_most, dispersion
from db.health.layouts import judge_layouts
from db.health.limits import Limits
from db.health.model import Day, HealthState, Observation, Verdict, rank
from db.health.workdays import china_day, kind_of, midnight

_WORKING_DAYS = 250
"""Of a year."""


def judge(seen: Observation, limits: Limits, standing: HealthState = "ok") -> Verdict:
    """How the source looks; `standing` is the state that it is in, which is not left at the threshold it came by.

    Of several troubles the worst is the verdict; the reasons of the others follow its own.
    """
    return worst_of(
        [
            _crawling(seen, limits),
            _running(seen, limits, standing),
            judge_layouts(seen.pages, limits, standing),
            _yield(seen, limits, standing),
            _silence(seen, limits, standing),
            _thinness(seen, limits, standing),
        ]
    )


def worst_of(verdicts: Sequence[Verdict | None]) -> Verdict:
    """The worst of them, with the reasons of the others behind its own; well where there is none."""
    found = [verdict for verdict in verdicts if verdict is not None and verdict.state != "ok"]
    if not found:
        return Verdict()
    worst = max(found, key=lambda verdict: rank(verdict.state))
    others = tuple(reason for verdict in found if verdict is not worst for reason in verdict.reasons)
    return replace(worst, reasons=(*worst.reasons, *others))


def _crawling(seen: Observation, limits: Limits) -> Verdict | None:
    """Whether we have asked at all: if not, the fault is ours, and nothing can be said of the source."""
    if seen.last_begun is None:
        return None
    if seen.gap_hours is None:
        patience = limits.uncrawled_first_hours
    else:
        patience = max(limits.uncrawled_hours, limits.uncrawled_gaps * seen.gap_hours)
    hours = (seen.now - seen.last_begun).total_seconds() / 3600
    if hours <= patience:
        return None
    usual = f", usual is every {_hours(seen.gap_hours)}" if seen.gap_hours is not None else ""
    return Verdict(
        state="not_crawled",
        reasons=(f"no crawl has begun for {_hours(hours)}{usual}: the fault is ours, not the source's",),
        since=seen.last_begun,
    )


def _running(seen: Observation, limits: Limits, standing: HealthState) -> Verdict | None:
    """Whether the runs fail; of a source that does already, one more failure says that it is not over."""
    bad = seen.bad_runs
    if not bad:
        return None
    lasted = (seen.now - bad[-1].started_at).total_seconds() / 3600
    few = len(bad) < limits.failed_runs or lasted < limits.failed_hours
    if few and seen.last_good is not None and standing != "failing":
        return None
    runs = "the last run" if len(bad) == 1 else f"the last {len(bad)} runs"
    what = f"{runs} were refused (403, 429 or a challenge)" if all(run.blocked for run in bad) else f"{runs} failed"
    return Verdict(state="failing", reasons=(f"{what}: {bad[0].reason}",), since=bad[-1].started_at)


def _silence(seen: Observation, limits: Limits, standing: HealthState) -> Verdict | None:
    """Whether nothing new has come for longer than chance explains, up to the last time that we looked."""
    if seen.last_good is None or (seen.newest is not None and seen.last_good <= seen.newest):
        return None
    usual = baseline_before(seen.days, china_day(seen.newest), limits) if seen.newest else None
    if seen.newest is None or usual is None:
        # a silence so long that what was usual before it is no longer at hand ends when something comes, not before
        long = seen.newest is None or seen.last_good - seen.newest > timedelta(days=limits.fresh_days)
        said = "nothing new since then, for weeks"
        return Verdict(state="silent", reasons=(said,), since=seen.newest) if long and standing == "silent" else None
    waited = _waited(seen, usual, limits)
    least = limits.silent_after_thin if standing == "thin" else limits.silent_least_days
    if waited < least or _odds(usual, waited, limits) > 1:
        return None
    expected = waited * usual.rate
    return Verdict(
        state="silent",
        reasons=(f"nothing new for {_days(waited)}, where {expected:.0f} articles were to be expected",),
        since=seen.newest,
        expected=round(expected, 1),
        actual=0,
    )


def _waited(seen: Observation, usual: Baseline, limits: Limits) -> float:
    """Working days since the newest article, up to the last time that we looked; without those that we missed."""
    assert seen.newest is not None
    assert seen.last_good is not None
    missed = {day.day for day in seen.days if not day.crawled} - {china_day(seen.last_good)}
    return exposure(usual, seen.newest, seen.last_good, limits, without=missed)


def _odds(usual: Baseline, waited: float, limits: Limits) -> float:
    """How many gaps as long as this are to be expected in `silent_years`, from what is usual."""
    spread = min(usual.dispersion, limits.silent_most_dispersion)
    chance = chance_of_at_most(0, exposure=waited, usual=usual.articles / spread, usual_exposure=usual.days)
    return chance * max(1.0, _WORKING_DAYS * usual.rate / spread) * limits.silent_years


def _thinness(seen: Observation, limits: Limits, standing: HealthState) -> Verdict | None:
    """Whether far fewer articles come than usual, over a few working days, or over more where few come at all."""
    lengths = limits.thin_windows[:1] if standing == "thin" else limits.thin_windows
    windows = [found for length in lengths if (found := _over(length, seen, limits, standing)) is not None]
    thin = next((one for one in windows if _is_thin(one, seen, limits, standing)), None)
    if thin is None:
        return None
    said = f"{thin.found} articles in {_days(thin.waited)}, where {thin.expected:.0f} were to be expected"
    # it began with the longest stretch that is poor: days before it are what is usual, and these are not
    began = min(one.first for one in windows if one.found < limits.thin_until * one.expected)
    return Verdict(
        state="thin",
        reasons=(said,),
        since=midnight(began),
        expected=round(thin.expected, 1),
        actual=thin.found,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """The last working days, and what was usual before them."""

    first: date
    waited: float
    found: int
    usual: Baseline

    @property
    def expected(self) -> float:
        return self.waited * self.usual.rate


def _over(length: int, seen: Observation, limits: Limits, standing: HealthState) -> _Window | None:
    """So many working days; None where that is too short a time, or nothing is known of the time before."""
    if seen.last_good is None:
        return None
    days = _window(seen, length, standing)
    usual = baseline_before(seen.days, days[0].day, limits) if days else None
    if usual is None:
        return None
    waited = sum(usual.weights[day.day.weekday()] * share(day.day, seen.last_good, limits) for day in days)
    if waited < limits.thin_least_days:
        return None
    return _Window(first=days[0].day, waited=waited, found=sum(day.articles for day in days), usual=usual)


def _is_thin(window: _Window, seen: Observation, limits: Limits, standing: HealthState) -> bool:
    if standing == "thin":
        return window.found < limits.thin_until * window.expected
    if window.found >= limits.thin_below * window.expected or _falls_silent(seen, window.usual, limits):
        return False
    spread = window.usual.dispersion
    chance = chance_of_at_most(
        window.found / spread,
        exposure=window.waited,
        usual=window.usual.articles / spread,
        usual_exposure=window.usual.days,
    )
    return chance <= limits.thin_chance


def _falls_silent(seen: Observation, usual: Baseline, limits: Limits) -> bool:
    """Whether it is too little because nothing comes any more: that will be told as silence, and only as that."""
    if seen.newest is None or seen.last_good is None:
        return True
    return _odds(usual, _waited(seen, usual, limits), limits) <= limits.silent_near


def _window(seen: Observation, working_days: int, standing: HealthState) -> list[Day]:
    """The last working days that were crawled, the oldest first, today among them as far as it was.

    What was told before is not told again: days of an earlier trouble do not count.
    """
    assert seen.last_good is not None
    last = china_day(seen.last_good)
    first = china_day(seen.well_from) if seen.well_from else None
    found: list[Day] = []
    for day in reversed(seen.days):
        if day.day > last or kind_of(day.day) != "working" or not (day.crawled or day.day == last):
            continue
        told = day.troubled and standing != "thin"
        if len(found) == working_days or told or (first is not None and day.day <= first):
            break
        found.append(day)
    return found[::-1]


def _yield(seen: Observation, limits: Limits, standing: HealthState) -> Verdict | None:
    """Whether quotes or announcements have all but ceased where articles still come."""
    window = _newest_articles(seen.days, limits)
    if not window:
        return None
    before = [day for day in seen.days if day.day < window[0].day and day.articles and not day.troubled]
    before = before[-limits.baseline_days :]
    read, known = sum(day.articles for day in window), sum(day.articles for day in before)
    if not known:
        return None
    below = limits.yield_until if standing == "changed_layout" else limits.yield_below
    reasons = []
    for what in ("quotes", "announcements"):
        usual, found = sum(getattr(day, what) for day in before), sum(getattr(day, what) for day in window)
        expected = usual / known * read
        if expected < limits.yield_least or found >= below * expected:
            continue
        spread = dispersion(
            [getattr(day, what) for day in before],
            [usual / known * day.articles for day in before],
            most=limits.yield_most_dispersion,
        )
        chance = chance_of_at_most(found / spread, exposure=read, usual=usual / spread, usual_exposure=known)
        if standing == "changed_layout" or chance <= limits.yield_chance:
            reasons.append(f"{found} {what} in {read} articles, where {expected:.0f} were to be expected")
    if not reasons:
        return None
    return Verdict(state="changed_layout", reasons=tuple(reasons), since=midnight(window[0].day))


def _newest_articles(days: Sequence[Day], limits: Limits) -> list[Day]:
    """The last days that brought articles, until there are enough of them, the oldest first."""
    found: list[Day] = []
    for day in reversed(days[-10:]):
        if day.articles:
            found.append(day)
        if sum(one.articles for one in found) >= limits.yield_articles:
            break
    return found[::-1]


def _days(days: float) -> str:
    return f"{days:.1f} working days" if days < 10 else f"{days:.0f} working days"


def _hours(hours: float | None) -> str:
    if hours is None:
        return "?"
    if hours >= 48:
        return f"{timedelta(hours=hours).days} days"
    return f"{hours:.0f} h" if hours >= 1 else f"{hours * 60:.0f} min"

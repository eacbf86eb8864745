"""When a job is due: its rhythm, the times that were missed, and how long a job that failed is left in peace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

MISSED_TO = 10_000
"""More missed times than that are not counted."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_FORCED = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=6)
GENTLE_PAUSE = timedelta(minutes=15)
"""After a crawl whose site did not answer as it should: a site is not asked again at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a job is due: every so often, or by five cron fields in a time zone."""

    zone: tzinfo
    every: timedelta | None = None
    cron: str | None = None
    jitter: timedelta = timedelta()
    """By how much a run may begin later than it is due."""

    @property
    def trigger(self) -> Any:
        """The APScheduler trigger, without jitter: what is due is known exactly."""
        return _trigger(self.zone, self.every, self.cron)

    def after(self, moment: datetime) -> datetime:
        """The next time after `moment`, which is the last one for a job of every so often."""
        if self.every is not None:
            return moment + self.every
        found: datetime | None = self.trigger.get_next_fire_time(None, moment + timedelta(seconds=1))
        # fields that no day meets any more, as 29 February of this year only, are refused by config
        return found if found is not None else moment + timedelta(days=366)

    def passed(self, due: datetime, now: datetime) -> tuple[int, datetime]:
        """How many more times it was due after `due` until `now`, at most `MISSED_TO`; and the last of them."""
        if self.every is not None:
            times = max(0, (now - due) // self.every)
            return min(times, MISSED_TO), due + times * self.every
        times, last = 0, due
        while times < MISSED_TO and (following := self.after(last)) <= now:
            times, last = times + 1, following
        return times, last

    def span(self, due: datetime) -> timedelta:
        """From a time that it is due to the next."""
        return self.after(due) - due


@lru_cache(maxsize=256)
def _trigger(zone: tzinfo, every: timedelta | None, cron: str | None) -> Any:
    if cron is not None:
        return CronTrigger.from_crontab(cron, timezone=zone)
    assert every is not None  # one of the two is given
    return IntervalTrigger(seconds=max(1, int(every.total_seconds())), timezone=zone)


def pause_after(failures: int, first: timedelta = FIRST_PAUSE, longest: timedelta = LONGEST_PAUSE) -> timedelta:
    """How long a job waits that has failed so often in a row: twice as long each time."""
    return min(first * (1 << min(failures - 1, 20)), longest)


def begins_after_failure(ended: datetime, failures: int, regular: datetime, *, gentle: bool) -> datetime:
    """When a job that failed begins again: sooner than it is due anyway where that is long, later where it is short.

    `gentle`: it ran to its end, and the site is the trouble.
    """
    soon = ended + pause_after(failures, GENTLE_PAUSE if gentle else FIRST_PAUSE)
    at_least: datetime = ended + pause_after(failures, longest=LONGEST_FORCED)
    return max(at_least, min(regular, soon))

"""When a rule's digest is due, in its own zone, whatever the clocks of that zone do.

A local time that is skipped in spring is due when the clock has jumped over it, one that comes twice in autumn is due
the first time: a day has one digest. Hours are counted as they pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from alerts.rules import Rule, Weekday

_HOUR = timedelta(hours=1)


def last_due(rule: Rule, now: datetime) -> datetime:
    """The last moment, in UTC and not after `now`, at which a digest of the rule was due; an instant rule: now."""
    if rule.frequency == "instant":
        return now.astimezone(UTC)
    if rule.frequency == "hourly":
        full = now.astimezone(ZoneInfo(rule.zone)).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
        return full if full <= now else full - _HOUR
    return max(due for due in _around(rule, now) if due <= now)


def next_due(rule: Rule, after: datetime) -> datetime:
    """The first moment, in UTC and after `after`, at which a digest of the rule is due; an instant rule: `after`."""
    if rule.frequency == "instant":
        return after.astimezone(UTC)
    if rule.frequency == "hourly":
        return last_due(rule, after) + _HOUR
    return min(due for due in _around(rule, after) if due > after)


def _around(rule: Rule, moment: datetime) -> Iterator[datetime]:
    """When digests are due in the days or weeks before and after a moment."""
    zone = ZoneInfo(rule.zone)
    today = moment.astimezone(zone).date()
    hour, minute = map(int, rule.at.split(":"))
    for days in _days(rule, today):
        yield datetime.combine(today + timedelta(days=days), time(hour, minute), tzinfo=zone).astimezone(UTC)


def _days(rule: Rule, today: date) -> tuple[int, ...]:
    if rule.frequency == "daily":
        return (-2, -1, 0, 1, 2)
    ahead = get_args(Weekday).index(rule.weekday) - today.weekday()
    return (ahead - 14, ahead - 7, ahead, ahead + 7, ahead + 14)

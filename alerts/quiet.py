"""Quiet hours: when mail of a rule is held back, on the clock of the rule's zone; what matches meanwhile is noted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from alerts.rules import NEVER_QUIET, watch_of
from db.outbox import OutboxRow
from db.rules import stored_rule


def quiet_until(hours: str | None, zone: str, moment: datetime) -> datetime | None:
    """When the quiet hours end that `moment` is in, in UTC; None outside of them.

    `22:00-07:00` goes over midnight. A local time that the clocks skip is when they have jumped, one that comes twice
    is the first of the two.
    """
    if hours is None or hours == NEVER_QUIET:
        return None
    begin, end = (time.fromisoformat(printed) for printed in hours.split("-"))
    local = ZoneInfo(zone)
    today = moment.astimezone(local).date()
    for day in (today - timedelta(days=1), today):
        begun = datetime.combine(day, begin, tzinfo=local).astimezone(UTC)
        over = datetime.combine(day if begin < end else day + timedelta(days=1), end, tzinfo=local).astimezone(UTC)
        if begun <= moment < over:
            return over
    return None


def holding(db: Database, default: str | None) -> Callable[[OutboxRow, datetime], datetime | None]:
    """Until when a mail is held by the quiet hours of its rule, or by the `default` where it has none of its own.

    Mail of no rule, to the operator, is never held.
    """
    known: dict[int, tuple[str | None, str]] = {}

    def held_until(row: OutboxRow, now: datetime) -> datetime | None:
        if row.rule_id is None:
            return None
        if row.rule_id not in known:
            stored = stored_rule(db, row.rule_id)
            assert stored is not None, "rules are never taken out of their table"
            rule = watch_of(stored).rule
            known[row.rule_id] = (rule.quiet or default, rule.zone)
        return quiet_until(*known[row.rule_id], now)

    return held_until

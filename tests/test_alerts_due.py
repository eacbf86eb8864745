"""When digests are due: the zones' own clocks, what they skip in spring and what they tell twice in autumn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.rules import Rule
from alerts.when import last_due, next_due


def rule(**values: Any) -> Rule:
    return Rule(**{"name": "watch", "to": ("reader@example.org",), "frequency": "daily", **values})


def at(printed: str) -> datetime:
    return datetime.fromisoformat(printed)


@pytest.mark.parametrize(
    ("values", "now", "last", "following"),
    [
        # 08:00 in Shanghai is midnight in Greenwich
        ({}, "2026-11-20T00:00:00Z", "2026-11-20T00:00Z", "2026-11-21T00:00Z"),
        ({}, "2026-11-19T23:59:59Z", "2026-11-19T00:00Z", "2026-11-20T00:00Z"),
        ({"at": "23:59"}, "2026-11-20T15:58:00Z", "2026-11-19T15:59Z", "2026-11-20T15:59Z"),
        # 20 Nov 2026 is a Friday
        ({"frequency": "weekly"}, "2026-11-20T04:00:00Z", "2026-11-16T00:00Z", "2026-11-23T00:00Z"),
        ({"frequency": "weekly", "weekday": "fri"}, "2026-11-20T04:00:00Z", "2026-11-20T00:00Z", "2026-11-27T00:00Z"),
        ({"frequency": "weekly", "weekday": "sat"}, "2026-11-20T04:00:00Z", "2026-11-14T00:00Z", "2026-11-21T00:00Z"),
        # Sunday has begun in Auckland while it is Saturday noon in Greenwich
        ({"frequency": "weekly", "weekday": "sun", "at": "00:30", "zone": "Pacific/Auckland"},
         "2026-11-21T12:00:00Z", "2026-11-21T11:30Z", "2026-11-28T11:30Z"),
        ({"frequency": "hourly"}, "2026-11-20T04:59:59Z", "2026-11-20T04:00Z", "2026-11-20T05:00Z"),
        ({"frequency": "hourly", "zone": "Asia/Kolkata"}, "2026-11-20T04:20:00Z", "2026-11-20T03:30Z",
         "2026-11-20T04:30Z"),
        # spring in Berlin, 29 Mar 2026: 02:30 is skipped, and due when the clock has jumped to 03:30
        ({"at": "02:30", "zone": "Europe/Berlin"}, "2026-03-29T01:29:00Z", "2026-03-28T01:30Z", "2026-03-29T01:30Z"),
        ({"at": "02:30", "zone": "Europe/Berlin"}, "2026-03-29T01:30:00Z", "2026-03-29T01:30Z", "2026-03-30T00:30Z"),
        # and 08:00 comes an hour earlier than the day before
        ({"zone": "Europe/Berlin"}, "2026-03-29T06:00:00Z", "2026-03-29T06:00Z", "2026-03-30T06:00Z"),
        ({"zone": "Europe/Berlin"}, "2026-03-28T12:00:00Z", "2026-03-28T07:00Z", "2026-03-29T06:00Z"),
        # autumn in Berlin, 25 Oct 2026: 02:30 comes twice and is due the first time
        ({"at": "02:30", "zone": "Europe/Berlin"}, "2026-10-25T00:30:00Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z"),
        ({"at": "02:30", "zone": "Europe/Berlin"}, "2026-10-25T01:30:00Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z"),
        # both hours of that name pass
        ({"frequency": "hourly", "zone": "Europe/Berlin"}, "2026-10-25T01:10:00Z", "2026-10-25T01:00Z",
         "2026-10-25T02:00Z"),
        ({"frequency": "hourly", "zone": "Europe/Berlin"}, "2026-10-25T00:10:00Z", "2026-10-25T00:00Z",
         "2026-10-25T01:00Z"),
        # Samoa had no 30 Dec 2011
        ({"zone": "Pacific/Apia"}, "2011-12-30T12:00:00Z", "2011-12-29T18:00Z", "2011-12-30T18:00Z"),
    ],
)  # fmt: skip
def test_a_digest_is_due_when_its_readers_clock_says_so(
    values: dict[str, Any], now: str, last: str, following: str
) -> None:
    one = rule(**values)
    assert last_due(one, at(now)) == at(last)
    assert next_due(one, at(now)) == at(following)


ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Africa/Cairo")


@given(
    frequency=st.sampled_from(["hourly", "daily", "weekly"]),
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    weekday=st.sampled_from(["mon", "thu", "sun"]),
    minutes=st.integers(0, 20 * 366 * 24 * 60),
)
def test_no_moment_is_between_two_periods_and_none_is_in_both(
    frequency: str, zone: str, hour: int, minute: int, weekday: str, minutes: int
) -> None:
    one = rule(frequency=frequency, zone=zone, at=f"{hour:02}:{minute:02}", weekday=weekday)
    now = at("2010-01-01T00:00:00Z") + timedelta(minutes=minutes)
    last, following = last_due(one, now), next_due(one, now)
    assert last <= now < following
    assert last_due(one, following) == following
    assert last_due(one, following - timedelta(seconds=1)) == last
    assert next_due(one, last) == following

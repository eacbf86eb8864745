"""Months of invented sources, seeded: quiet ones alarm nobody, and each trouble is told once and over once.

Golden Week (1-7 October 2026), Spring Festival (February 2027, by custom: its schedule is not published in the data
that is tested with) and working weekends lie within them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bench.health_world import PROFILES, Told, Trouble, live
from db.health.workdays import CHINA

FIRST = date(2026, 9, 7)
MOST_FALSE_ALARMS_A_YEAR = 0.25
"""Of one source: one in four years."""
PAPER, MINISTRY, COUNCIL, BUREAU = PROFILES


def china(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CHINA)


def troubled(kind: str, source: int, begins: datetime, ends: datetime, seed: int = 1) -> list[Told]:
    trouble = Trouble(kind=kind, begins=begins, ends=ends)
    return live(PROFILES[source], seed=seed, first=FIRST, days=110, troubles=(trouble,), every=3)


def hours(later: datetime, earlier: datetime) -> float:
    return (later - earlier) / timedelta(hours=1)


def test_half_a_year_of_quiet_alarms_hardly_anybody() -> None:
    # bench/health.py lives all of them with every seed
    lives = [(PROFILES[seed % len(PROFILES)], seed) for seed in range(20)]
    alarms = [
        (profile.name, seed, told.change.after)
        for profile, seed in lives
        for told in live(profile, seed=seed, first=FIRST, days=180, every=8)
        if told.change.tell and told.change.after != "ok"
    ]
    years = len(lives) * 180 / 365
    print(f"false alarms: {alarms} in {years:.1f} years of sources")
    assert len(alarms) <= MOST_FALSE_ALARMS_A_YEAR * years


@pytest.mark.parametrize("source", range(len(PROFILES)))
@pytest.mark.parametrize(("first", "days"), [(date(2026, 7, 20), 90), (date(2026, 11, 30), 90)])
def test_golden_week_and_spring_festival_are_no_silence(source: int, first: date, days: int) -> None:
    assert live(PROFILES[source], seed=3, first=first, days=days, every=3) == []


TROUBLES = [
    ("outage", 0, china(11, 9), china(11, 13), 12, "silent"),
    ("outage", 1, china(11, 9), china(11, 23), 7 * 24, "silent"),
    ("outage", 2, china(11, 9), china(11, 23), 12 * 24, "silent"),
    ("thin", 0, china(11, 9, 0), china(11, 27, 0), 5 * 24, "thin"),
    ("thin", 1, china(11, 9, 0), china(11, 27, 0), 14 * 24, "thin"),
    ("layout", 0, china(11, 9), china(11, 11), 6, "changed_layout"),
    ("layout", 1, china(11, 9), china(11, 13), 24, "changed_layout"),
    ("yield", 0, china(11, 9, 0), china(11, 20, 0), 24, "changed_layout"),
    ("blocked", 0, china(11, 9), china(11, 11), 6, "failing"),
    ("blocked", 3, china(11, 9), china(11, 11), 6, "failing"),
    ("uncrawled", 2, china(11, 9), china(11, 11), 16, "not_crawled"),
    ("flapping", 1, china(11, 9, 9), china(11, 12, 9), 6, "failing"),
]


@pytest.mark.parametrize(("kind", "source", "begins", "ends", "within", "state"), TROUBLES)
def test_a_trouble_is_told_once_in_time_and_its_end_once(
    kind: str, source: int, begins: datetime, ends: datetime, within: int, state: str
) -> None:
    told = [one for one in troubled(kind, source, begins, ends) if one.change.tell]
    assert [(one.change.before, one.change.after) for one in told] == [("ok", state), (state, "ok")]
    bad, well = told
    assert 0 <= hours(bad.at, begins) <= within
    # a day after its end, and what it takes to see that: three working days and a weekend of a thin source
    assert 20 <= hours(well.at, ends) <= 24 * (7 if kind in ("thin", "yield") else 3)


def test_an_outage_over_golden_week_is_told_when_people_work_again() -> None:
    told = troubled("outage", 0, china(9, 30, 18), china(10, 12))
    assert told[0].change.after == "silent"
    assert china(10, 8, 12) <= told[0].at <= china(10, 8, 23)

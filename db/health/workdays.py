"""Which days people work on in mainland China: Monday to Friday, less the public holidays, plus the days in lieu.

`chinesecalendar` has the State Council's schedule of every year that has been published, usually each November for the
year after. For a later year weekends and the customary days of the feasts are off: taking a working day for a day off
only makes us slower to say that a source is silent; the other way round would raise alarms all through a Golden Week.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from importlib import resources
from typing import Literal

CHINA = timezone(timedelta(hours=8))
DayKind = Literal["working", "weekend", "holiday"]

_CUSTOMARY = ((1, 1, 1), (5, 1, 5), (10, 1, 7))
"""Month, day and length of the holidays that the calendar fixes: New Year, Labour Day, National Day."""
_LUNAR = {"spring_festival": (-1, 8), "tomb_sweeping": (0, 1), "dragon_boat": (0, 1), "mid_autumn": (0, 1)}
"""From which day on, counted from the feast, and how many days are customarily off."""


def china_day(moment: datetime) -> date:
    """The day that it is in China at an aware time."""
    return moment.astimezone(CHINA).date()


def midnight(day: date) -> datetime:
    """When the day begins in China."""
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


@lru_cache(maxsize=4096)
def kind_of(day: date) -> DayKind:
    """Whether people work on that day; `holiday` is a day off that would be worked on, or belongs to a feast."""
    try:
        from chinese_calendar import get_holiday_detail, is_workday

        if is_workday(day):
            return "working"
        feast = get_holiday_detail(day)[1]
    except NotImplementedError:  # the year is not in the library
        return _customary(day)
    return "holiday" if feast else "weekend"


def is_known(year: int) -> bool:
    """Whether the schedule of the year is in the library."""
    from chinese_calendar import is_workday

    try:
        is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def schedule_missing(now: datetime) -> int | None:
    """The year of today or of a fortnight from now whose schedule is not in the library; None where both are."""
    days = (china_day(now), china_day(now + timedelta(days=14)))
    return next((day.year for day in days if not is_known(day.year)), None)


def _customary(day: date) -> DayKind:
    if day in _days_off(day.year):
        return "holiday"
    return "weekend" if day.weekday() >= 5 else "working"


@lru_cache(maxsize=16)
def _days_off(year: int) -> frozenset[date]:
    spans = [(date(year, month, first), length) for month, first, length in _CUSTOMARY]
    for feast, (offset, length) in _LUNAR.items():
        if year in _feasts():
            month, first = _feasts()[year][feast].split("-")
            spans.append((date(year, int(month), int(first)) + timedelta(days=offset), length))
    return frozenset(first + timedelta(days=at) for first, length in spans for at in range(length))


@lru_cache(maxsize=1)
def _feasts() -> Mapping[int, Mapping[str, str]]:
    """The feasts of the lunar calendar, by year."""
    with resources.files("db.health").joinpath("feasts.csv").open(encoding="utf-8") as table:
        return {int(line["year"]): line for line in csv.DictReader(table)}

"""Which days people work on in China: the State Council's schedule where it is known, customs where it is not yet."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from db.health.workdays import china_day, is_known, kind_of, schedule_missing


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-09-20", "working"),  # a Sunday in lieu of 7 October
        ("2026-09-25", "holiday"),  # Mid-Autumn
        ("2026-09-26", "holiday"),
        ("2026-10-01", "holiday"),
        ("2026-10-07", "holiday"),
        ("2026-10-08", "working"),
        ("2026-10-10", "working"),  # a Saturday in lieu of 6 October
        ("2026-10-17", "weekend"),
        ("2026-11-20", "working"),
        ("2026-02-23", "holiday"),  # the last day of Spring Festival
    ],
)
def test_a_published_year_follows_the_schedule(day: str, kind: str) -> None:
    assert kind_of(date.fromisoformat(day)) == kind


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2040-01-01", "holiday"),
        ("2040-02-11", "holiday"),  # New Year's Eve by the moon
        ("2040-02-18", "holiday"),
        ("2040-02-20", "working"),
        ("2040-04-04", "holiday"),
        ("2040-05-01", "holiday"),
        ("2040-05-05", "holiday"),
        ("2040-09-20", "holiday"),  # Mid-Autumn
        ("2040-10-01", "holiday"),
        ("2040-10-07", "holiday"),
        ("2040-10-08", "working"),
        ("2040-10-13", "weekend"),  # it may be worked on in lieu; nobody knows yet
    ],
)
def test_a_year_that_is_not_published_yet_follows_customs(day: str, kind: str) -> None:
    assert not is_known(2040)
    assert kind_of(date.fromisoformat(day)) == kind


def test_beyond_the_table_of_feasts_only_the_fixed_days_are_off() -> None:
    assert (kind_of(date(2060, 10, 3)), kind_of(date(2060, 2, 2))) == ("holiday", "working")


def test_a_missing_schedule_is_told_a_fortnight_before_the_year_begins() -> None:
    assert is_known(2026)
    assert schedule_missing(datetime(2026, 11, 1, tzinfo=UTC)) is None
    assert schedule_missing(datetime(2039, 12, 20, tzinfo=UTC)) == 2039
    assert schedule_missing(datetime(2040, 6, 1, tzinfo=UTC)) == 2040


def test_a_day_is_chinas() -> None:
    assert china_day(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) == date(2026, 11, 21)


def test_the_calendar_is_loaded_only_when_a_day_is_asked_for() -> None:
    code = "import sys, db, db.health.evaluation, web.app; print('chinese_calendar' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

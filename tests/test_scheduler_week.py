"""A week of simulated time with random faults: what is due runs once, or is counted as missed and made up for once."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.simulated_week import FATES, Week

MONDAY = datetime(2026, 11, 8, 16, 0, tzinfo=UTC)
"""Midnight in Shanghai; the week has no holiday."""
SCHEDULE = {
    "jobs": [
        {"source": "china_daily", "every": "2h", "jitter": "5m"},
        {"source": "mofcom", "every": "1h", "jitter": "1m"},
        {"source": "state_council", "cron": "0 9,12,15,18 * * mon-fri"},
    ]
}
TROUBLE = (58.0, 82.0)
"""Hours of the week in which the ministry refuses every crawl: from ten on Wednesday to ten on Thursday."""


def fate_of(source: str, chance: random.Random, hours: float) -> str:
    if source == "mofcom":
        return "site" if TROUBLE[0] <= hours < TROUBLE[1] else "well"
    return chance.choice(FATES)


def troubles(week: Week) -> None:
    """A week of faults, a few hours between them; the last half day is calm."""
    while week.hours < 7 * 24 - 15:
        week.sleep(week.chance.uniform(2, 12))
        trouble = week.chance.choice(["kill", "kill", "stop", "locked", "slept"])
        if trouble == "slept":
            week.time.slept += week.chance.uniform(0.1, 3) * 3600
        elif trouble == "locked":
            week.lock(1)
        else:
            week.kill() if trouble == "kill" else week.end()
            week.sleep(week.chance.uniform(0, 3))
            week.begin()
    week.sleep(7 * 24 - week.hours)


def due_times(source: str) -> list[datetime]:
    """When the source was due in that week, by its line in the schedule."""
    if source != "state_council":
        step = 2 if source == "china_daily" else 1
        return [MONDAY + timedelta(hours=hour) for hour in range(0, 7 * 24, step)]
    # a new database crawls at once; from then on at 9, 12, 15 and 18 o'clock from Monday to Friday
    return [MONDAY, *(MONDAY + timedelta(days=day, hours=hour) for day in range(5) for hour in (9, 12, 15, 18))]


def stood_for(run: dict[str, Any], due: list[datetime]) -> list[datetime]:
    """The times that a run says it stands for."""
    first = due.index(min(due, key=lambda time: abs(time - datetime.fromisoformat(run["due_at"]))))
    assert abs(due[first] - datetime.fromisoformat(run["due_at"])) < timedelta(seconds=5), run
    return due[first : first + 1 + run["missed"]]


@pytest.mark.parametrize("seed", range(3))
def test_in_a_week_of_faults_every_due_crawl_runs_once_or_is_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    week = Week(folder=tmp_path, start=MONDAY, schedule=SCHEDULE, seed=seed, fate_of=fate_of)
    week.patch(monkeypatch)
    week.live(lambda: troubles(week))

    assert week.overlaps == []
    assert week.rows("SELECT * FROM runs WHERE state = 'running'") == []
    missed = 0
    for source in ("china_daily", "mofcom", "state_council"):
        due = due_times(source)
        runs = week.rows(f"SELECT due_at, missed, state FROM runs WHERE source = '{source}' ORDER BY id")  # noqa: S608
        seen: list[datetime] = []
        before = None
        for run in runs:
            times = stood_for(run, due)
            if seen and times[0] <= seen[-1]:
                assert before is not None
                assert before["state"] in ("failed", "lost", "partial"), "only what went wrong is run once more"
            seen += [time for time in times if not seen or time > seen[-1]]
            before = run
            missed += run["missed"]
        assert seen == due[: len(seen)], "none was left out"
        assert due[-1] - seen[-1] <= timedelta(hours=2), "to the end of the week"
    assert missed > 0

    nights = [hour for name, hour in week.tasks if name == "backup"]
    assert len(nights) in (7, 8), "each night's copy once; one of a killed scheduler once more"
    told = week.rows("SELECT from_state, to_state, at FROM health_transitions WHERE tell AND source = 'mofcom'")
    assert [(one["from_state"], one["to_state"]) for one in told] == [("ok", "failing"), ("failing", "ok")]
    bad, well = ((datetime.fromisoformat(one["at"]) - MONDAY) / timedelta(hours=1) for one in told)
    assert TROUBLE[0] < bad < TROUBLE[0] + 8
    assert TROUBLE[1] + 20 < well < TROUBLE[1] + 48
    mails = week.rows("SELECT subject FROM outbox WHERE subject LIKE '%Commerce%' ORDER BY id")
    assert len(mails) == 2, "one when it turns bad, one when it is over"


def clock_is_set(week: Week) -> None:
    """The clock is set forward and back by minutes, days and years, and set right again at the end."""
    for _ in range(12):
        week.sleep(week.chance.uniform(6, 14))
        by = timedelta(seconds=week.chance.choice([600, 7200, 3 * 86_400, 400 * 86_400]) * week.chance.choice([-1, 1]))
        week.time.wall_ahead += by
    week.sleep(2)
    week.time.wall_ahead = timedelta()
    week.sleep(24)


@pytest.mark.parametrize("seed", range(3))
def test_a_clock_that_is_set_all_the_time_neither_doubles_nor_stops_a_crawl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    week = Week(
        folder=tmp_path, start=MONDAY, schedule=SCHEDULE, seed=seed, fate_of=lambda source, chance, hours: "well"
    )
    week.patch(monkeypatch)
    week.live(lambda: clock_is_set(week))
    assert week.overlaps == []
    for source, every in (("china_daily", 2.0), ("mofcom", 1.0)):
        began = [attempt.began for attempt in week.attempts if attempt.source == source]
        gaps = [later - earlier for earlier, later in pairwise(began)]
        assert min(gaps) > every - 0.2, "not twice for the clock"
        assert max(gaps) < every + 0.2, "and not late for it"
        assert week.hours - began[-1] < every + 0.2
    by_day = [attempt.began for attempt in week.attempts if attempt.source == "state_council"]
    gaps = [later - earlier for earlier, later in pairwise(by_day)]
    assert max([*gaps, week.hours - by_day[-1]]) < 4 * 24, "a weekend that is jumped into is the longest"
    assert week.faults.count("clock_jumped") == 13

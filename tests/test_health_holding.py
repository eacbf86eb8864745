"""Patience: a trouble becomes a state when it lasts, is told once, and is over when it has been over for a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from db.health.holding import step
from db.health.limits import LIMITS
from db.health.model import HealthState, Standing, Verdict
from db.health.workdays import CHINA

MIDNIGHT = datetime(2026, 11, 9, tzinfo=CHINA)


def through(
    *said: HealthState, every: float = 1.0, standing: Standing | None = None
) -> list[tuple[int, str, str, bool]]:
    """The changes that verdicts at a distance of `every` hours make: at which of them, from, to, told."""
    standing, found = standing or Standing(), []
    for at, state in enumerate(said):
        now = MIDNIGHT + timedelta(hours=at * every)
        standing, change = step(standing, Verdict(state=state), now, LIMITS)
        if change is not None:
            found.append((at, change.before, change.after, change.tell))
    return found


def test_a_silence_counts_when_it_is_seen_twice_an_hour_apart() -> None:
    assert through("silent", "ok", "silent", "ok") == []
    assert through("silent", "silent") == [(1, "ok", "silent", True)]
    assert through("silent", "silent", "silent", "silent", "silent", every=0.25) == [(4, "ok", "silent", True)]


def test_thin_counts_after_half_a_day() -> None:
    assert through(*["thin"] * 13) == [(12, "ok", "thin", True)]  # type: ignore[list-item]


def test_failing_has_been_waited_for_already() -> None:
    assert through("failing") == [(0, "ok", "failing", True)]


def test_a_state_that_worsens_is_told_once_and_one_that_softens_is_not() -> None:
    said: list[HealthState] = ["silent"] * 3 + ["failing"] * 3 + ["silent"] * 30 + ["ok"] * 30  # type: ignore[assignment]
    assert through(*said) == [
        (1, "ok", "silent", True),
        (3, "silent", "failing", True),
        (30, "failing", "silent", False),
        (60, "silent", "ok", True),
    ]


def test_a_source_is_well_after_a_day_of_being_well() -> None:
    said: list[HealthState] = ["failing"] + ["ok"] * 30  # type: ignore[assignment]
    assert through(*said) == [(0, "ok", "failing", True), (25, "failing", "ok", True)]


def test_what_comes_and_goes_is_one_trouble() -> None:
    said: list[HealthState] = (["failing"] * 4 + ["ok"] * 8) * 10 + ["ok"] * 30  # type: ignore[assignment]
    changes = through(*said)
    assert [(before, after) for _at, before, after, _tell in changes] == [("ok", "failing"), ("failing", "ok")]


def test_a_relapse_within_a_week_doubles_the_time_that_the_next_recovery_takes() -> None:
    said: list[HealthState] = ["failing"] + ["ok"] * 26 + ["failing"] + ["ok"] * 60  # type: ignore[assignment]
    assert [(at, after) for at, _before, after, _tell in through(*said)] == [
        (0, "failing"), (25, "ok"), (27, "failing"), (76, "ok"),
    ]  # fmt: skip


def test_a_trouble_that_another_tells_is_not_told_nor_is_its_end() -> None:
    standing, change = step(Standing(), Verdict(state="failing"), MIDNIGHT, LIMITS, covered=True)
    assert change is not None
    assert not change.tell
    for hour in range(1, 30):
        standing, change = step(standing, Verdict(), MIDNIGHT + timedelta(hours=hour), LIMITS)
        assert change is None or not change.tell
    assert standing.state == "ok"


def test_a_clock_that_was_set_back_is_waited_for() -> None:
    standing, _ = step(Standing(), Verdict(state="silent"), MIDNIGHT, LIMITS)
    same, change = step(standing, Verdict(state="failing"), MIDNIGHT - timedelta(hours=2), LIMITS)
    assert (same, change) == (standing, None)

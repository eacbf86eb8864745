"""When a job begins next: after a start, after a run, after a failure, after the clock was set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from db.job_states import JobState, Standing
from jobs.clock import Clock, Jump, Watch
from jobs.planning import Item, Planned, first_plan, next_plan, plan_after_jump
from jobs.rhythm import Rhythm, begins_after_failure, pause_after
from jobs.tasks import Begun, Outcome

NOW = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai, a Friday."""
SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def item(every: timedelta | None = None, cron: str | None = None, *, at_once: bool = True) -> Item:
    rhythm = Rhythm(zone=SHANGHAI, every=every, cron=cron)
    return Item(name="it", rhythm=rhythm, work=lambda begun: None, patience=HOUR, at_once=at_once)


def left(state: Standing, *, due: datetime, started: datetime, next_at: datetime | None = None) -> JobState:
    """What the last scheduler left."""
    times = (due, started, next_at or due)
    due_at, started_at, planned_at = (f"{time:%Y-%m-%dT%H:%M:%SZ}" for time in times)
    return JobState(name="it", state=state, due_at=due_at, last_started_at=started_at, next_at=planned_at)


def plan(due: datetime, begins: datetime | None = None) -> Planned:
    return Planned(due=due, begins=begins or due)


# -- after a start ----------------------------------------------------------------------------------------------------


def test_a_job_that_never_ran_runs_at_once() -> None:
    assert first_plan(item(30 * MINUTE), JobState(name="it"), NOW) == plan(NOW)


def test_a_nightly_task_of_a_new_database_waits_for_its_night() -> None:
    new = first_plan(item(cron="30 3 * * *", at_once=False), JobState(name="it"), NOW)
    assert new == plan(datetime(2026, 9, 18, 19, 30, tzinfo=UTC))


def test_a_crawl_that_was_begun_by_hand_counts_where_there_is_no_scheduler_yet() -> None:
    by_hand = Item(
        name="it",
        rhythm=Rhythm(zone=SHANGHAI, every=HOUR),
        work=lambda begun: None,
        patience=HOUR,
        last_started=lambda: NOW - 20 * MINUTE,
    )
    assert first_plan(by_hand, JobState(name="it"), NOW) == plan(NOW + 40 * MINUTE)


@pytest.mark.parametrize("rhythm", [item(30 * MINUTE), item(cron="*/30 * * * *")], ids=["every", "cron"])
def test_what_was_missed_is_caught_up_at_once(rhythm: Item) -> None:
    due = NOW - 9 * HOUR
    state = left("ok", due=due, started=due - 30 * MINUTE)
    assert first_plan(rhythm, state, NOW) == plan(due, NOW)
    assert rhythm.rhythm.passed(due, NOW) == (18, NOW), "eighteen half hours have come since"


def test_a_job_that_ran_lately_waits_for_its_time() -> None:
    state = left("ok", due=NOW + 20 * MINUTE, started=NOW - 10 * MINUTE)
    assert first_plan(item(30 * MINUTE), state, NOW) == plan(NOW + 20 * MINUTE)


@pytest.mark.parametrize("state", ["lost", "stopped", "waiting"])
def test_a_run_that_did_not_come_to_its_end_is_made_up_for_at_once(state: Standing) -> None:
    due = NOW - 5 * MINUTE
    assert first_plan(item(cron="55 9 * * *"), left(state, due=due, started=due), NOW) == plan(due, NOW)


def test_the_pause_after_a_failure_outlives_the_scheduler() -> None:
    state = left("failed", due=NOW - HOUR, started=NOW - HOUR, next_at=NOW + 10 * MINUTE)
    assert first_plan(item(cron="0 9 * * *"), state, NOW) == plan(NOW - HOUR, NOW + 10 * MINUTE)


def test_a_rhythm_that_was_changed_holds_from_the_last_run_on() -> None:
    state = left("ok", due=NOW + 23 * HOUR, started=NOW - HOUR)
    assert first_plan(item(30 * MINUTE), state, NOW) == plan(NOW - 30 * MINUTE, NOW)
    assert first_plan(item(2 * HOUR), state, NOW) == plan(NOW + HOUR)


def test_a_clock_that_was_years_ahead_puts_nothing_off() -> None:
    future = NOW + 800 * DAY
    for state in (left("ok", due=future, started=future - DAY), left("lost", due=future, started=future)):
        assert first_plan(item(30 * MINUTE), state, NOW) == plan(NOW + 30 * MINUTE)
        assert first_plan(item(cron="0 11 * * *"), state, NOW) == plan(NOW + HOUR)


# -- after a run ------------------------------------------------------------------------------------------------------


def ran(of: Item, outcome: Outcome, *, due: datetime, failures: int = 0, now: datetime = NOW) -> Planned:
    begun = Begun(name="it", at=due, due_at=due, missed=0)
    return next_plan(of, begun, due, outcome, failures, now)


def test_cron_fields_are_read_in_the_zone_of_the_schedule() -> None:
    assert ran(item(cron="30 10 * * *"), Outcome(), due=NOW - HOUR) == plan(NOW + 30 * MINUTE), "10:30 in Shanghai"


def test_every_so_often_is_counted_from_when_it_was_due() -> None:
    assert ran(item(HOUR), Outcome(), due=NOW - 7 * MINUTE) == plan(NOW + 53 * MINUTE)


def test_what_came_due_while_it_ran_begins_when_it_ends() -> None:
    due = NOW - 50 * MINUTE
    assert ran(item(20 * MINUTE), Outcome(), due=due) == plan(due + 20 * MINUTE, NOW)


def test_what_could_not_begin_stays_due() -> None:
    due = NOW - 50 * MINUTE
    assert ran(item(20 * MINUTE), Outcome(state="waiting"), due=due) == plan(due, NOW + MINUTE / 4)


def test_a_failure_is_tried_again_after_growing_pauses_and_not_in_a_loop() -> None:
    assert [pause_after(n).total_seconds() for n in (1, 2, 3, 10, 11, 12, 5000)] == [
        30, 60, 120, 15360, 21600, 21600, 21600,
    ]  # fmt: skip
    nightly, failed = item(cron="30 3 * * *"), Outcome(state="failed")
    night = datetime(2026, 9, 17, 19, 30, tzinfo=UTC)
    tries = [ran(nightly, failed, due=night, failures=n, now=night).begins - night for n in (1, 4, 11)]
    assert tries == [timedelta(seconds=30), 4 * MINUTE, 6 * HOUR]
    assert ran(nightly, failed, due=night, failures=1, now=night).due == night, "the same night's once more"


def test_a_task_of_every_minute_that_fails_is_left_in_peace_for_a_quarter_of_an_hour_at_most() -> None:
    deliver, failed = item(MINUTE), Outcome(state="failed")
    tries = [ran(deliver, failed, due=NOW, failures=n).begins - NOW for n in (1, 2, 4, 6, 600)]
    assert tries == [timedelta(seconds=30), MINUTE, 4 * MINUTE, 15 * MINUTE, 15 * MINUTE]


def test_a_site_that_fails_is_not_asked_again_at_once() -> None:
    failed = Outcome(state="failed", gentle=True)
    assert ran(item(cron="0 10 * * *"), failed, due=NOW, failures=1).begins == NOW + 15 * MINUTE
    assert ran(item(10 * MINUTE), failed, due=NOW, failures=1).begins == NOW + 10 * MINUTE
    assert begins_after_failure(NOW, 9, NOW + 10 * MINUTE, gentle=True) == NOW + 15 * MINUTE


# -- after the clock was set ------------------------------------------------------------------------------------------


def clocks(*times: tuple[float, float, float]) -> Watch:
    """A watch on clocks that show these times, in hours: on the wall, without and with sleep."""
    shown = iter(times)
    current = [0.0, 0.0, 0.0]

    def wall() -> datetime:
        current[:] = next(shown)
        return NOW + current[0] * HOUR

    return Watch(
        Clock(now=wall, monotonic=lambda: current[1] * 3600, since_boot=lambda: current[2] * 3600, longest_wait=60)
    )


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ((1, 1, 1), "None"),
        ((73, 1, 1), "the clock was set forward by 3 days, 0:00:00"),
        ((-23, 1, 1), "the clock was set back by 1 day, 0:00:00"),
        ((6, 1, 6), "the machine slept for 5:00:00"),
        ((1.005, 1, 1), "None"),
        ((1.01, 1, 1), "the clock was set forward by 0:00:36"),
        ((8, 1, 6), "the clock was set forward by 2:00:00"),
    ],
)
def test_a_jump_is_told_from_sleep_and_from_time_that_passes(after: tuple[float, float, float], said: str) -> None:
    watch = clocks((0, 0, 0), after, (after[0] + 1, after[1] + 1, after[2] + 1))
    assert watch.look() is None
    assert str(watch.look()) == said
    assert watch.look() is None, "told once"


def jumped(by: timedelta) -> Jump:
    return Jump(kind="forward" if by > timedelta() else "back", by=by)


@pytest.mark.parametrize("by", [3 * DAY, -3 * DAY, -400 * DAY, 5 * MINUTE])
def test_what_is_due_every_so_often_keeps_its_distance(by: timedelta) -> None:
    planned = plan(NOW + 20 * MINUTE)
    assert plan_after_jump(item(HOUR), planned, jumped(by), 40 * MINUTE, NOW + by) == plan(NOW + by + 20 * MINUTE)


def test_a_time_of_day_that_was_jumped_over_is_made_up_for_once() -> None:
    planned = plan(NOW + HOUR)
    after = plan_after_jump(item(cron="0 11 * * *"), planned, jumped(3 * DAY), 23 * HOUR, NOW + 3 * DAY)
    assert after == planned


def test_a_time_of_day_that_comes_twice_counts_once() -> None:
    nightly = item(cron="0 10 * * *")
    now = NOW - 20 * MINUTE
    assert plan_after_jump(nightly, plan(NOW + DAY), jumped(-25 * MINUTE), 5 * MINUTE, now) == plan(NOW + DAY)


@pytest.mark.parametrize("by", [-3 * DAY, -400 * DAY])
def test_a_clock_that_is_set_back_by_days_stops_nothing_that_is_due_at_times_of_day(by: timedelta) -> None:
    now = NOW + HOUR + by
    after = plan_after_jump(item(cron="0 10 * * *"), plan(NOW + DAY), jumped(by), HOUR, now)
    assert after == plan(NOW + by + DAY)


def test_sleep_is_no_jump_and_what_was_slept_through_is_late() -> None:
    planned = plan(NOW + 20 * MINUTE)
    slept = Jump(kind="slept", by=5 * HOUR)
    assert plan_after_jump(item(HOUR), planned, slept, HOUR, NOW + 5 * HOUR) == planned

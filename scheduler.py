"""What runs when: crawls as supervised subprocesses, and tasks such as the delivery of mail; until it is stopped.

APScheduler keeps the times and the threads. What is due is known to ourselves: each run says how its job stands, how
many times that it was due were missed, and when it begins next (`jobs/planning.py`), so that a scheduler that was
killed, a machine that slept, a clock that was set and a job that fails all end in a plan.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.executors.base import BaseExecutor
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from config import Job, Schedule
from db.job_states import JobState, begun, ended
from db.names import utc
from jobs.beat import EVERY
from jobs.clock import Clock, Jump, Watch
from jobs.crawls import patience_of
from jobs.ledger import Ledger
from jobs.notify import notify
from jobs.planning import Item, Planned, first_plan, next_plan, plan_after_jump
from jobs.rhythm import Rhythm
from jobs.standing import Hindered
from jobs.tasks import Begun, Outcome, Task
from logs import named

log = logging.getLogger(__name__)

LEAVE = timedelta(seconds=25)
"""How long jobs may take to end when the scheduler is stopped."""
ALIVE_EVERY = timedelta(minutes=1)
"""How often the row of the scheduler itself is written."""
JUMP_STANDS = timedelta(hours=1)
"""For how long after a jump the clock's row, and the fault, say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is told of what happens."""

    each_round: Callable[[datetime], None] = lambda now: None
    """Called every few seconds (`jobs.beat.EVERY`) by the scheduler's own loop: what it beats with."""
    failed: Callable[[BaseException, datetime], bool] = lambda error, now: False
    """A job has raised this; whether it shows a fault that is told of elsewhere."""
    fault: Callable[[str, str, datetime], None] = lambda name, detail, now: None
    """Something is wrong: `clock_jumped` or `job_stuck`, and the detail."""
    over: Callable[[str, datetime], None] = lambda name, now: None
    """It is over."""


def items_of(
    schedule: Schedule,
    tasks: Sequence[Task],
    crawl: Callable[[Job, Begun], Outcome],
    last_started: Callable[[str], datetime | None] = lambda source: None,
) -> tuple[Item, ...]:
    """The jobs of a configuration: its crawls and its tasks. `last_started` is when a source was crawled last."""
    crawls = [
        Item(
            name=name,
            rhythm=rhythm_of(job, schedule.timezone),
            work=lambda begun, job=job: crawl(job, begun),  # type: ignore[misc]  # a default binds it to this turn
            patience=patience_of(job),
            source=job.source,
            last_started=lambda job=job: last_started(job.source),  # type: ignore[misc]
        )
        for name, job in named_jobs(schedule.jobs).items()
    ]
    return (*crawls, *(_item(task, schedule.timezone) for task in tasks))


def named_jobs(jobs: Sequence[Job]) -> Mapping[str, Job]:
    """Jobs by name: `crawl mofcom`, and `crawl mofcom 2` for the second of one source."""
    found: dict[str, Job] = {}
    for job in jobs:
        number = sum(other.source == job.source for other in found.values()) + 1
        found[f"crawl {job.source}" + (f" {number}" if number > 1 else "")] = job
    return found


def rhythm_of(job: Job, zone: tzinfo) -> Rhythm:
    """The rhythm of a crawl; its jitter is never more than a quarter of the interval."""
    jitter = job.jitter if job.every is None else min(job.jitter, job.every / 4)
    return Rhythm(zone=zone, every=job.every, cron=job.cron, jitter=jitter)


def _item(task: Task, zone: tzinfo) -> Item:
    cron = task.rhythm if isinstance(task.rhythm, str) else None
    every = None if isinstance(task.rhythm, str) else task.rhythm
    return Item(
        name=task.name,
        rhythm=Rhythm(zone=zone, every=every, cron=cron),
        work=lambda begun: task.work(),
        patience=task.patience,
        at_once=cron is None,
    )


def run(
    items: Sequence[Item],
    *,
    ledger: Ledger,
    zone: tzinfo,
    stop: threading.Event,
    clock: Clock | None = None,
    around: Around | None = None,
    executor: BaseExecutor | None = None,
) -> tuple[str, ...]:
    """Run every job when it is due until `stop` is set; gives the names of those that have not ended by then.

    A run that was missed is caught up once, runs of one job never overlap. Raises what the database does when the state
    of the jobs cannot be read at the start.
    """
    clock = clock or Clock()
    if not ledger.loaded:
        ledger.load({item.name for item in items})
    loop = _Loop(
        items=items, ledger=ledger, zone=zone, stop=stop, clock=clock, around=around or Around(), executor=executor
    )
    loop.plan_all()
    loop.start()  # until `stop` is set
    return loop.leave()


class _Loop(BlockingScheduler):  # type: ignore[misc]  # APScheduler has no types
    """APScheduler with a loop that looks at the clock before it looks at the jobs, and plans each by how it ended."""

    def __init__(
        self,
        *,
        items: Sequence[Item],
        ledger: Ledger,
        zone: tzinfo,
        stop: threading.Event,
        clock: Clock,
        around: Around,
        executor: BaseExecutor | None,
    ) -> None:
        super().__init__(
            timezone=zone,
            executors={"default": executor or ThreadPoolExecutor(max(4, len(items)))},
            # facts: APScheduler's default grace of 1 s silently skips a late run
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._items = {item.name: item for item in items}
        self._ledger, self._stop, self._clock, self._around = ledger, stop, clock, around
        self._watch = Watch(clock)
        self._lock, self._looking = threading.Lock(), threading.Lock()
        self._planned: dict[str, Planned] = {}
        """By job: what is planned, or what the run in hand was planned for."""
        self._since: dict[str, float] = {}
        """By job: when its last run began, by the monotonic clock."""
        self._working: dict[str, bool] = {}
        """By job that runs: whether it was told of as stuck."""
        self._settled: set[str] = set()
        """Jobs that still run for APScheduler, and are planned already."""
        self._alive_at: float | None = None
        self._round_at: float | None = None
        self._jumped_at: float | None = None
        self._deaf: set[Callable[..., object]] = set()
        # that a job is still at work when it is due again is no warning: it is counted, and made up for when it ends
        self._logger.setLevel(logging.ERROR)
        self.add_listener(self._ended, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)

    # -- planning ------------------------------------------------------------------------------------------------------

    def plan_all(self) -> None:
        """Plan every job from what the last scheduler left."""
        now = self._clock.now()
        before = self._ledger.get("scheduler")
        if before.state == "running":
            log.warning("the last scheduler died", extra={"was_pid": before.pid, "last_seen": before.changed_at})
        self._ledger.put(replace(begun(JobState(name="scheduler"), now=now), last_ended_at=before.last_ended_at))
        for number, item in enumerate(self._items.values()):
            state = self._ledger.get(item.name)
            if state.state in ("running", "stuck"):
                state = replace(ended(state, state="lost", now=now), detail="the scheduler died while it ran")
                log.warning("a job was lost", extra={"lost": item.name, "started": state.last_started_at})
            planned = first_plan(item, state, now)
            # those that are due at the same start need not start in the same second
            planned = replace(planned, begins=max(planned.begins, now + timedelta(seconds=0.2 * number)))
            self._planned[item.name] = planned
            self._ledger.put(_with_plan(replace(state, source=item.source), planned, now))
            self.add_job(self._work, item.rhythm.trigger, args=[item.name], id=item.name, next_run_time=planned.begins)
        log.info("scheduler started", extra={"planned": len(self._items)})

    def _replan(self, name: str, planned: Planned) -> None:
        with self._lock:
            self._planned[name] = planned
        self.modify_job(name, next_run_time=planned.begins)

    def _ended(self, event: JobExecutionEvent) -> None:
        # here and not in `_work`: APScheduler holds the instance until now, and would skip a run planned for at once
        with self._lock:
            self._working.pop(event.job_id, None)
            self._settled.discard(event.job_id)
            planned = self._planned[event.job_id]
        if not self._stop.is_set():
            self.modify_job(event.job_id, next_run_time=planned.begins)

    # -- the loop ------------------------------------------------------------------------------------------------------

    def _main_loop(self) -> None:
        while not self._stop.is_set():
            now = self._clock.now()
            self._look_at_the_clock()
            self._look_for_stuck(now)
            self._say_alive(now)
            self._each_round(now)
            seconds = self._process_jobs()
            longest = self._clock.longest_wait
            self._clock.wait(self._stop, longest if seconds is None else min(max(seconds, 0.01), longest))

    def _look_at_the_clock(self) -> None:
        """Plan anew if the clock was set; before every other look at it, so that no plan mixes both times."""
        with self._looking:
            jump = self._watch.look()
            if jump is not None:
                self._after_jump(jump, self._clock.now())

    def _each_round(self, now: datetime) -> None:
        passed = self._clock.monotonic()
        if self._round_at is None or passed - self._round_at >= EVERY.total_seconds():
            self._round_at = passed
            self._tell(self._around.each_round, now)

    def _after_jump(self, jump: Jump, now: datetime) -> None:
        log.warning("the time has jumped: jobs are planned anew", extra={"how": str(jump)})
        self._jumped_at = self._clock.monotonic()
        with self._lock:
            running = self._working.keys() - self._settled
            waiting = {name: planned for name, planned in self._planned.items() if name not in running}
            for name in running:
                if self._items[name].rhythm.every is not None and jump.kind != "slept":
                    self._planned[name] = replace(self._planned[name], due=self._planned[name].due + jump.by)
        for name, planned in waiting.items():
            self._replan(name, plan_after_jump(self._items[name], planned, jump, self._idle(name, now - jump.by), now))
        self._ledger.put(
            JobState(name="clock", state="jumped", last_started_at=utc(now), detail=str(jump), changed_at=utc(now))
        )
        if jump.kind != "slept":
            self._tell(self._around.fault, "clock_jumped", str(jump), now)

    def _idle(self, name: str, now: datetime) -> timedelta:
        """What has passed since the job began last; `now` is what the clock would say had it not been set."""
        if name in self._since:
            return timedelta(seconds=self._clock.monotonic() - self._since[name])
        started = self._ledger.get(name).last_started_at
        return now - datetime.fromisoformat(started) if started else timedelta(days=366)

    def _look_for_stuck(self, now: datetime) -> None:
        with self._lock:
            stuck = [
                name
                for name, told in self._working.items()
                if not told and self._clock.monotonic() - self._since[name] > self._items[name].patience.total_seconds()
            ]
            self._working.update(dict.fromkeys(stuck, True))
        for name in stuck:
            state = self._ledger.get(name)
            detail = f"it has been working since {state.last_started_at}, and is not begun again until it ends"
            log.error("a job is stuck", extra={"stuck": name, "since": state.last_started_at})
            self._ledger.put(replace(state, state="stuck", detail=detail, changed_at=utc(now)))
            self._tell(self._around.fault, "job_stuck", f"{name}: {detail}", now)

    def _say_alive(self, now: datetime) -> None:
        passed = self._clock.monotonic()
        if self._jumped_at is not None and passed - self._jumped_at > JUMP_STANDS.total_seconds():
            self._jumped_at = None
            self._ledger.put(replace(self._ledger.get("clock"), state="ok", changed_at=utc(now)))
            self._tell(self._around.over, "clock_jumped", now)
        if self._alive_at is None or passed - self._alive_at >= ALIVE_EVERY.total_seconds():
            self._alive_at = passed
            self._ledger.put(replace(self._ledger.get("scheduler"), changed_at=utc(now)))

    def _tell(self, what: Callable[..., object], *told: Any) -> object:
        try:
            heard = what(*told)
        except Exception:
            # what listens must not end the scheduler; the same trouble is told once
            if what not in self._deaf:
                log.exception("what is to be told cannot be told")
            self._deaf.add(what)
            return None
        self._deaf.discard(what)
        return heard

    def leave(self) -> tuple[str, ...]:
        """Wait for what still works, but not for ever; gives the names of what did not end."""
        notify("STOPPING=1")
        until = self._clock.monotonic() + LEAVE.total_seconds()
        never = threading.Event()
        while (left := self._still_working()) and self._clock.monotonic() < until:
            self._clock.wait(never, 0.1)
        now = self._clock.now()
        for name in left:
            self._ledger.put(ended(self._ledger.get(name), state="stopped", now=now, detail="it did not end in time"))
        self._ledger.put(ended(self._ledger.get("scheduler"), state="stopped", now=now))
        self.shutdown(wait=False)
        log.info("scheduler stopped", extra={"left": len(left)})
        return left

    def _still_working(self) -> tuple[str, ...]:
        with self._lock:
            return tuple(sorted(self._working))

    # -- one run of a job, in a thread of its own ----------------------------------------------------------------------

    def _work(self, name: str) -> None:
        item, now = self._items[name], self._clock.now()
        with self._lock:
            if self._stop.is_set():
                return
            self._working[name] = False
            self._since[name] = self._clock.monotonic()
            due = min(self._planned[name].due, now)
            missed, last = item.rhythm.passed(due, now)
            self._planned[name] = replace(self._planned[name], due=last)
        begins = Begun(name=name, at=now, due_at=due, missed=missed)
        if missed:
            log.info("runs were missed", extra={"missed": missed, "since": utc(due), "of": name})
        state = begun(
            self._ledger.get(name),
            now=now,
            source=item.source,
            due_at=due,
            missed=missed,
            missed_since=due if missed else None,
        )
        self._ledger.put(state)
        with named(job=name):
            outcome = self._outcome(item, begins)
        self._settle(item, begins, outcome)

    def _outcome(self, item: Item, begins: Begun) -> Outcome:
        try:
            found = item.work(begins)
        except Hindered as hindered:
            return Outcome(state="waiting", detail=str(hindered))
        except Exception as error:
            # a job's boundary: one that fails must not end the scheduler, and it runs again after a pause
            if self._tell(self._around.failed, error, self._clock.now()):
                log.warning("job failed", extra={"why": str(error)})
            else:
                log.exception("job failed")
            return Outcome(state="failed", detail=f"{type(error).__name__}: {error}"[:500])
        return found if isinstance(found, Outcome) else Outcome()

    def _settle(self, item: Item, begins: Begun, outcome: Outcome) -> None:
        self._look_at_the_clock()
        now = self._clock.now()
        state = ended(self._ledger.get(item.name), state=outcome.state, now=now, detail=outcome.detail)
        with self._lock:
            was_stuck = self._working.get(item.name, False)
            last = self._planned[item.name].due
            planned = next_plan(item, begins, last, outcome, state.failures, now)
            self._planned[item.name] = planned
            self._settled.add(item.name)
        self._ledger.put(_with_plan(state, planned, now))
        if was_stuck:
            self._tell(self._around.over, "job_stuck", now)


def _with_plan(state: JobState, planned: Planned, now: datetime) -> JobState:
    return replace(state, due_at=utc(planned.due), next_at=utc(planned.begins), changed_at=utc(now))

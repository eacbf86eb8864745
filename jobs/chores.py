"""Upkeep as jobs of the scheduler: each is a `policywire upkeep …` in a process of its own, with limits.

So a copy that hangs on a dead disk, or a file that costs all memory, ends alone and is told of.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from config import Schedule
from jobs.alarm import bars_the_outbox
from jobs.desk import Desk
from jobs.faults import FAULTS
from jobs.standing import Hindered
from jobs.supervise import Limits, supervise
from jobs.tasks import Outcome, Task

log = logging.getLogger(__name__)

_MEMORY = 2 << 30
_MORE = timedelta(minutes=5)
"""What a chore's thread may take beyond the chore's own time."""
_FOUND = 1
"""Exit status of a chore that was done and has found something, which stands as a fault by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """A piece of upkeep."""

    name: str
    words: tuple[str, ...]
    """The command after `policywire`."""
    rhythm: str
    limit: timedelta
    fault: str
    """What stands where it does not come to its end."""
    bars: frozenset[str] = frozenset()
    """Faults that stand in its way, beside those of the database."""


def chores_of(schedule: Schedule) -> tuple[Chore, ...]:
    """The chores of a configuration; without a folder for it there is no nightly copy."""
    backup = Chore(
        name="backup",
        words=("upkeep", "backup"),
        rhythm=schedule.backup_at,
        limit=timedelta(hours=8),
        fault="backup_failed",
    )
    weekly = Chore(
        name="weekly",
        words=("upkeep", "weekly"),
        rhythm=schedule.weekly_at,
        limit=timedelta(hours=8),
        fault="upkeep_failed",
    )
    verify = Chore(
        name="verify",
        words=("upkeep", "archive"),
        rhythm=schedule.verify_at,
        limit=timedelta(hours=8),
        fault="upkeep_failed",
        bars=frozenset({"archive_missing"}),
    )
    return (*((backup,) if schedule.backup_to is not None else ()), verify, weekly)


def chore_tasks(desk: Desk, command_of: Callable[..., Sequence[str]]) -> list[Task]:
    """The chores as tasks; `command_of("upkeep", "backup")` is the command line of one."""
    return [
        Task(
            name=chore.name,
            rhythm=chore.rhythm,
            work=lambda chore=chore: do(chore, desk, command_of(*chore.words)),  # type: ignore[misc]  # bound to this turn
            patience=chore.limit + _MORE,
        )
        for chore in chores_of(desk.config.schedule)
    ]


def do(chore: Chore, desk: Desk, command: Sequence[str]) -> Outcome:
    """Run a chore to its end. Raises Hindered where a fault stands in its way."""
    book, database = desk.ground.watch.book, desk.config.storage.database
    for one in book.read().standing.values():
        if bars_the_outbox(one) or one.name in chore.bars:
            raise Hindered(FAULTS[one.name].means)
    log.info("upkeep started", extra={"upkeep": chore.name})
    limits = Limits(time=chore.limit, memory=_MEMORY)
    report = supervise(command, limits, desk.stop, desk=str(database.resolve()))
    log.info(
        "upkeep ended",
        extra={"upkeep": chore.name, "ended": report.ended, "status": report.returncode, "s": round(report.seconds, 1)},
    )
    if report.ended == "stopped":
        return Outcome(state="stopped", detail="ended with the scheduler; made up for at the next start")
    named = f"`policywire {' '.join(chore.words)}`"
    if report.was_cut_short:
        said = f"{named} was ended: {report.ended} after {report.seconds:.0f} s"
        book.report(chore.fault, said, desk.now())
        return Outcome(state="failed", detail=said)
    if report.returncode not in (0, _FOUND):
        said = f"{named} ended with status {report.returncode}; the log says why"
        if chore.fault not in book.read().standing:  # else it has said itself why
            book.report(chore.fault, said, desk.now())
        return Outcome(state="failed", detail=said)
    return Outcome(detail="something was found; it stands as a fault" if report.returncode == _FOUND else None)

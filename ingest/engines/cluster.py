"""Reads on a Dask cluster: on this machine's cores, or wherever workers are connected to a scheduler.

A stretch is a task. A worker that dies, or cannot read, costs nothing: what it had in hand is given to another one, and
what it had read and not sent yet is read again. A worker that joins later is asked whether it fits, as those are that
were there at the start, and gets its share.
"""

from __future__ import annotations

import logging
import pickle
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from threading import Event

from distributed import Client, Future, KilledWorker

from archive.batch import Stretch
from ingest.engines.at_worker import read_at_worker
from ingest.engines.crew import Crew
from ingest.engines.processes import batch_of, opened
from ingest.reading import Batch

log = logging.getLogger(__name__)

Work = Callable[[Stretch], tuple[str, bytes]]
"""What a worker does with a stretch: gives its own address, and a packed answer."""
AHEAD = 3
"""Stretches under way for each thread of the cluster: one that is read, one that waits, one that is done."""
ATTEMPTS = 3
"""How often a stretch is given to somebody, when those who had it could not read it."""
TICK = 0.5
"""Seconds after which it is looked whether somebody has gone or come, or wants to stop."""
SENDING = 60.0
"""Seconds that a batch may take from its worker to us, when it is done."""


@dataclass(slots=True, kw_only=True)
class _Task:
    """A stretch that somebody is to read."""

    stretch: Stretch
    future: Future[tuple[str, bytes]]
    given: frozenset[str]
    """The addresses of the workers that may have it."""
    failed: int = 0
    """How often it came back unread."""


@dataclass(slots=True, kw_only=True)
class OnCluster:
    """The engine: does the work on each stretch at a worker that fits, and gives the batches in order."""

    client: Client
    crew: Crew
    work: Work = read_at_worker
    _numbers: Iterator[int] = field(default_factory=count)

    def __call__(self, stretches: Iterable[Stretch], stop: Event, /) -> Generator[Batch, None, None]:
        """The batches in order. Raises EngineError when the scheduler, or the last worker, has gone."""
        waiting: deque[_Task] = deque()
        left = iter(stretches)
        try:
            while not stop.is_set():
                self.crew.look(at_once=not self.crew.fit)
                while len(waiting) < AHEAD * self.crew.threads and (stretch := next(left, None)) is not None:
                    waiting.append(self._give(stretch))
                if not waiting and self.crew.threads:
                    return
                batch = self._answer(waiting[0]) if waiting else None
                if batch is not None:
                    waiting.popleft().future.release()
                    yield batch
                else:
                    self._give_again(waiting)
        finally:
            for task in waiting:
                task.future.release()

    def _give(self, stretch: Stretch, *, but: str | None = None, failed: int = 0) -> _Task:
        """To one of those that fit; where there are others not to the one that failed."""
        given = (self.crew.fit - {but}) or self.crew.fit
        future = self.client.submit(
            self.work, stretch, key=f"{self.crew.name}-{next(self._numbers)}", workers=sorted(given),
            priority=failed, pure=False,
        )  # fmt: skip
        return _Task(stretch=stretch, future=future, given=given, failed=failed)

    def _answer(self, task: _Task) -> Batch | None:
        """What became of a task; None: nothing yet, or it was given to somebody else."""
        worker = None
        with self.crew.scheduler_is_there():
            try:
                error = task.future.exception(timeout=TICK)
                if error is None:
                    worker, packed = task.future.result(timeout=SENDING)
            except TimeoutError:  # also of a result whose worker has just died: it is read again
                return None
        try:
            answer = ("unread", _told(task.stretch, error)) if error is not None else opened(packed)
        except (pickle.UnpicklingError, ValueError, TypeError) as wrong:
            answer = ("unread", _told(task.stretch, wrong))
        batch = batch_of(task.stretch, answer)
        if batch.unread is None or task.failed + 1 >= ATTEMPTS:
            return batch
        log.warning("a stretch is given to another worker: %s", batch.unread, extra={"worker": worker})
        self._move(task, but=worker, failed=task.failed + 1)
        return None

    def _give_again(self, waiting: Iterable[_Task]) -> None:
        """Give to others what only those may have who have gone."""
        for task in waiting:
            if self.crew.fit and not task.given & self.crew.fit and not task.future.done():
                self._move(task, failed=task.failed)

    def _move(self, task: _Task, *, failed: int, but: str | None = None) -> None:
        again = self._give(task.stretch, but=but, failed=failed)
        task.future.release()
        task.future, task.given, task.failed = again.future, again.given, again.failed


def _told(stretch: Stretch, error: BaseException) -> str:
    what = f"{stretch.place.name} at {stretch.start}"
    if isinstance(error, KilledWorker):
        return f"{what}: every worker that read it died"
    return f"{what}: {type(error).__name__}: {error}"

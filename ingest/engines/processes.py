"""Reads in processes beside this one, each with limits on memory and time: what one of them dies of is passed over."""

from __future__ import annotations

import pickle
import signal
import socket
import threading
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

from archive.batch import Stretch
from ingest.engines import Engine
from ingest.engines.worker import NOWHERE, WAIT
from ingest.reading import ON_THE_WIRE, Batch
from readers.forks import Forked, Forks
from readers.reader import MEMORY, SECONDS
from readers.wire import LENGTH, MOST, frame, packed, unframed

AHEAD = 2
"""Stretches for each process that are read, or being read, before they are asked for."""
SPARED = 2
"""So many processes may die at one record, or without having come to one, before it is held to be the cause."""
MODULE = "ingest.engines.worker"
"""What the processes run (`readers.forks`)."""


@contextmanager
def readers(
    workers: int, *, seconds: float = SECONDS, memory: int = MEMORY, forks: Forks | None = None
) -> Iterator[Engine]:
    """An engine of so many processes, which begin at once and are ended with the block.

    `seconds` of processor time are what a record may take, `memory` is in bytes; `forks` are what they come from, where
    that has been begun before.
    """
    desks = Desks(seconds=seconds, memory=memory, forks=forks or Forks(MODULE))
    try:
        desks.begin(workers)
        yield partial(_read_all, desks, workers)
    finally:
        desks.kill()
        desks.close()


def read_beside(workers: int, *, seconds: float = SECONDS, memory: int = MEMORY) -> Engine:
    """The same for whoever begins to read now: the processes end with the last batch."""

    def engine(stretches: Iterable[Stretch], stop: threading.Event) -> Generator[Batch, None, None]:
        with readers(workers, seconds=seconds, memory=memory) as begun:
            yield from begun(stretches, stop)

    return engine


def _read_all(
    desks: Desks, workers: int, stretches: Iterable[Stretch], stop: threading.Event
) -> Generator[Batch, None, None]:
    threads = ThreadPoolExecutor(workers, thread_name_prefix="reader")
    coming = iter(stretches)
    under_way: deque[Future[Batch]] = deque()
    try:
        under_way.extend(threads.submit(desks.read, each) for each in islice(coming, workers * AHEAD))
        while under_way:
            while not _is_done(under_way[0]):
                if stop.is_set():
                    return
            batch = under_way.popleft().result()
            under_way.extend(threads.submit(desks.read, each) for each in islice(coming, 1))
            yield batch
            if stop.is_set():
                return
    finally:
        for future in under_way:
            future.cancel()
        if under_way:
            desks.kill()
        threads.shutdown()


def _is_done(future: Future[Batch], seconds: float = 0.25) -> bool:
    """Whether it is, after a short wait: so that a signal is heeded soon."""
    with suppress(TimeoutError):
        future.exception(seconds)
    return future.done()


class ReaderLost(Exception):
    """The process ended while it read a stretch."""

    def __init__(self, at: int, why: str, *, late: bool) -> None:
        super().__init__(why)
        self.at = at
        """Where the record begins that it was at; -1: it had come to none."""
        self.late = late
        """Whether it took too long."""


@dataclass(frozen=True, slots=True, eq=False)
class _Process:
    forked: Forked
    stream: Any
    """Both ways, as `socket.makefile` gives it."""
    at: IO[bytes]
    """In which it writes the offset of the record in hand."""

    def end(self) -> int | None:
        """Kill it where it still lives; its exit status."""
        status = self.forked.end()
        with suppress(OSError):  # what was not sent
            self.stream.close()
        self.at.close()
        return status


@dataclass(slots=True, kw_only=True)
class Desks:
    """The processes, one for each thread that asks; one that has died is replaced when its thread asks again."""

    seconds: float
    memory: int
    to_be_stored: bool = True
    """Whether stories are sent as what storing asks for."""
    forks: Forks = field(default_factory=lambda: Forks(MODULE))
    """Where they come from; ended with them."""
    _own: threading.local = field(default_factory=threading.local)
    _begun: list[_Process] = field(default_factory=list)
    """Those that nobody has asked yet."""
    _all: set[_Process] = field(default_factory=set)
    _closed: bool = False

    def begin(self, count: int) -> None:
        """Start so many now, so that they are ready when they are asked."""
        self._begun += [self._start() for _ in range(count)]

    def read(self, stretch: Stretch) -> Batch:
        """What a stretch gives, however many processes die of it; called by several threads."""
        return batch_of(stretch, self._answered(stretch, opened))

    def answer(self, stretch: Stretch) -> bytes:
        """The same as it came, to be sent on; `opened` and `batch_of` make the batch of it."""
        found: bytes = self._answered(stretch, bytes)
        return found

    def _answered(self, stretch: Stretch, made: Callable[[bytes], Any]) -> Any:
        """What is made of the answer, or of one that says why there is none."""
        crashed: dict[int, str | None] = {}
        deaths: Counter[int] = Counter()
        while True:
            try:
                return self._ask(stretch, crashed, made)
            except ReaderLost as lost:
                deaths[lost.at] += 1
                if self._closed or (lost.at < 0 and deaths[lost.at] > SPARED):
                    return made(unread(f"{stretch.place.name} from {stretch.start} on: {lost}"))
                if lost.at >= 0 and (lost.late or deaths[lost.at] >= SPARED):
                    deaths[lost.at] = 0
                    crashed[lost.at] = None if lost.at in crashed else str(lost)

    def kill(self) -> None:
        """End the processes, whatever they are at; whoever waits for one is told."""
        self._closed = True
        for process in list(self._all):
            process.forked.kill()

    def close(self) -> None:
        """Let go of them, when no thread asks any more."""
        for process in self._all:
            process.end()
        self.forks.close()

    def _ask(self, stretch: Stretch, crashed: Mapping[int, str | None], made: Callable[[bytes], Any]) -> Any:
        process: _Process | None = getattr(self._own, "process", None)
        if process is None:
            process = self._own.process = self._begun.pop() if self._begun else self._start()
        try:
            process.stream.write(frame((stretch, dict(crashed), self.to_be_stored)))
            process.stream.flush()
            length = LENGTH.unpack(_read(process.stream, LENGTH.size))[0]
            if length > MOST:
                raise ValueError(f"the answer is {length} bytes long")
            return made(_read(process.stream, length))
        except (EOFError, OSError, pickle.UnpicklingError, ValueError, TypeError) as error:
            self._own.process = None
            self._all.discard(process)
            raise self._lost(process, error) from error

    def _lost(self, process: _Process, error: Exception) -> ReaderLost:
        """What became of a process that has died, or says what cannot be read."""
        ended = isinstance(error, (EOFError, OSError))
        if ended:
            process.forked.wait()
        process.at.seek(0)
        at = int.from_bytes(process.at.read(8), "big", signed=True)
        status = process.end()
        if not ended:
            return ReaderLost(at, f"the answer cannot be read: {error}", late=False)
        if status == -signal.SIGPROF:
            return ReaderLost(at, f"reading took longer than {self.seconds:g} seconds of processor time", late=True)
        if status == -signal.SIGALRM:
            return ReaderLost(at, f"reading took longer than {self.seconds * WAIT:g} seconds", late=True)
        return ReaderLost(at, f"the reading process ended with status {status}", late=False)

    def _start(self) -> _Process:
        ours, its = socket.socketpair()
        at = TemporaryFile(buffering=0)  # noqa: SIM115 - closed when the process has ended
        at.write(NOWHERE)
        with its:
            forked = self.forks.fork((its.fileno(), at.fileno()), self.seconds, self.memory)
        with ours:
            process = _Process(forked, ours.makefile("rwb"), at)
        self._all.add(process)
        if self._closed:
            forked.kill()
        return process


def opened(answer: bytes) -> tuple[str, Any]:
    """What a process says: `gave` and the batch, or `unread` and why. Raises UnpicklingError for anything else."""
    found: tuple[str, Any] = unframed(answer, ON_THE_WIRE)
    return found


def answer(batch: Batch) -> bytes:
    """An answer that `opened` opens."""
    return packed(("gave", batch))


def unread(why: str) -> bytes:
    """An answer that says why there is no batch."""
    return packed(("unread", why))


def batch_of(stretch: Stretch, answer: tuple[str, Any]) -> Batch:
    """The batch of an answer, an empty one where a stretch could not be read."""
    state, found = answer
    if state == "gave":
        batch: Batch = found
        return batch
    return Batch(stretch=stretch, reached=stretch.start, unread=str(found))


def _read(stream: Any, size: int) -> bytes:
    found: bytes = stream.read(size)
    if len(found) < size:
        raise EOFError
    return found

"""Reads in this process, one stretch after the other."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

from archive.batch import Stretch
from archive.records import ArchiveError
from ingest.reading import Batch, TookTooLong, read_stretch
from readers.reader import SECONDS

AGAIN = 0.05
"""Seconds of processor time after which a page is given up that could not be interrupted where it was."""
_DEAF = frozenset({("_weakrefset", "_remove"), ("weakref", "remove")})
"""Modules and their functions that are called while an object goes: what is raised in them is lost."""


def read_here(stretches: Iterable[Stretch], stop: Event) -> Generator[Batch, None, None]:
    """The batches of the stretches, each read when it is asked for.

    A page on which Python works for too long is given up; one that stops or kills the process otherwise is found by the
    next run, which reads in processes beside it.
    """
    for stretch in stretches:
        if stop.is_set():
            return
        try:
            with _timed() as watch:
                batch = read_stretch(stretch, watch=watch)
        except (ArchiveError, TookTooLong) as error:
            batch = Batch(stretch=stretch, reached=stretch.start, unread=str(error))
        yield batch


@contextmanager
def _timed() -> Iterator[Callable[[int], None] | None]:
    """What gives each record its processor time while the block runs; only the main thread can be interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield None
        return

    def give_up(_number: int, frame: FrameType | None) -> None:
        if frame is not None and (frame.f_globals.get("__name__"), frame.f_code.co_name) in _DEAF:
            return  # it is asked again soon
        signal.setitimer(signal.ITIMER_PROF, 0)
        raise TookTooLong(f"reading took longer than {SECONDS:g} seconds of processor time")

    def begin(_offset: int) -> None:
        signal.setitimer(signal.ITIMER_PROF, SECONDS, AGAIN)

    before = signal.signal(signal.SIGPROF, give_up)
    try:
        yield begin
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

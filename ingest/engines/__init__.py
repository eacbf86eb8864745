"""Who reads the stretches of an archive: this process, processes beside it, other machines.

An engine is given stretches and yields a batch for each, in their order, with a bounded number of them under way. It
ends after the batch in hand once `stop` is set; whoever closes the generator ends what it has begun.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from threading import Event
from typing import Protocol

from archive.batch import Stretch
from ingest.reading import Batch


class Engine(Protocol):
    """Reads stretches, in order."""

    def __call__(self, stretches: Iterable[Stretch], stop: Event, /) -> Generator[Batch, None, None]: ...


class EngineError(Exception):
    """An engine cannot be used, or not any more; the message says why, and what to do."""

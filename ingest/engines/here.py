"""Reads in this process, one stretch after the other."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from threading import Event

from archive.batch import Stretch
from archive.records import ArchiveError
from ingest.reading import Batch, read_stretch


def read_here(stretches: Iterable[Stretch], stop: Event) -> Generator[Batch, None, None]:
    """The batches of the stretches, each read when it is asked for."""
    for stretch in stretches:
        if stop.is_set():
            return
        try:
            yield read_stretch(stretch)
        except ArchiveError as error:
            yield Batch(stretch=stretch, reached=stretch.start, unread=str(error))

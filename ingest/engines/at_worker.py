"""What runs on a worker of a cluster: reads a stretch there, and sends back what it gave as bytes."""

from __future__ import annotations

import pickle
from collections.abc import Callable

from distributed import get_worker

from archive.batch import Stretch
from archive.records import ArchiveError
from ingest.reading import Batch

Work = Callable[[Stretch], Batch]
"""What is done with a stretch: it is read, or read and written as a shard."""


def work_at_worker(work: Work, stretch: Stretch) -> tuple[str, bytes]:
    """The address of the worker, and the batch packed, so that neither worker nor scheduler need look into it."""
    try:
        batch = work(stretch)
    except ArchiveError as error:
        batch = Batch(stretch=stretch, reached=stretch.start, unread=str(error))
    return get_worker().address, pickle.dumps(batch, protocol=pickle.HIGHEST_PROTOCOL)

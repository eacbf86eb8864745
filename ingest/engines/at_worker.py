"""What runs on a worker of a cluster: has a stretch read by a process beside it, and sends back what that says.

The worker itself reads no page, so that none can kill or stop it, and a worker of many threads uses as many cores.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from distributed import get_worker

from archive.batch import Stretch
from ingest.engines.processes import Desks, answer, unread
from readers.reader import MEMORY, SECONDS


def read_at_worker(stretch: Stretch) -> tuple[str, bytes]:
    """The address of this worker, and an answer that only who asked opens (`ingest.engines.processes.opened`)."""
    return get_worker().address, _desks(to_be_stored=True).answer(stretch)


def write_at_worker(folder: str, stretch: Stretch) -> tuple[str, bytes]:
    """The same, for what is read written as a shard into a folder that all workers share; the answer then is short."""
    from ingest.shards.folder import write_shard

    try:
        batch = write_shard(Path(folder), _desks(to_be_stored=False).read(stretch))
    except OSError as error:
        return get_worker().address, unread(f"{error.filename or folder}: {error.strerror or error}")
    return get_worker().address, answer(batch)


@cache
def _desks(*, to_be_stored: bool) -> Desks:
    """The processes that read for this worker, one for each of its threads."""
    return Desks(seconds=SECONDS, memory=MEMORY, to_be_stored=to_be_stored)

"""The process that reads stretches for `ingest.engines.processes`: one after the other from a socket, each answered.

`readers.forker` forks it. Before each record it writes into a file where that begins, so that the asking side knows
which one ended it. A record that takes too long ends it by a signal which nobody handles, so neither does it matter
what code is in a loop.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final, Protocol

from archive.batch import Stretch
from archive.records import ArchiveError
from ingest.engines.first_texts import read_first_texts
from ingest.reading import ON_THE_WIRE, read_stretch
from readers.wire import LENGTH, frame, unframed

WAIT: Final = 10
"""How many times its processor time a record may take by the clock, where it waits for a disk or a network."""
BEHIND: Final = 5
"""How far it stands behind the one that stores, for which all of them wait in the end."""
IDLE: Final = 600.0
"""Seconds after which it ends when it is not asked any more; whoever asks then gets another."""


def noted(offset: int) -> bytes:
    """An offset as it is written into the file."""
    return offset.to_bytes(8, "big", signed=True)


NOWHERE: Final = noted(-1)
"""It is at no record."""


def main(number: int, file: int, seconds: float, memory: int) -> None:
    """Answer until the socket is closed."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory if hard == resource.RLIM_INFINITY else min(memory, hard)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(BEHIND)

    def watch(offset: int) -> None:
        os.pwrite(file, noted(offset), 0)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, seconds * WAIT)

    asking_side_gone = suppress(BrokenPipeError, ConnectionResetError)  # it was killed; there is nobody to tell
    with asking_side_gone, socket.socket(fileno=number) as connection, connection.makefile("rwb") as stream:
        while _is_asked(connection) and (request := _request(stream)) is not None:
            watch(-1)
            answer = _answer(*request, watch)
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            os.pwrite(file, NOWHERE, 0)
            stream.write(frame(answer))
            stream.flush()


def get_ready() -> None:
    """Load the tables that the first articles load, and compile what they ask for: once for all readers."""
    read_first_texts()


def _is_asked(connection: socket.socket) -> bool:
    """Whether somebody asks; False after a long time in which nobody does, as at a worker of a cluster that waits."""
    return bool(select.select([connection], [], [], IDLE)[0])


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _request(stream: _Readable) -> tuple[Stretch, Mapping[int, str | None], bool] | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    found: tuple[Stretch, Mapping[int, str | None], bool] = unframed(stream.read(LENGTH.unpack(head)[0]), ON_THE_WIRE)
    return found


def _answer(
    stretch: Stretch, crashed: Mapping[int, str | None], to_be_stored: bool, watch: Callable[[int], None]
) -> tuple[str, Any]:
    """`gave` and the batch, or `unread` and why."""
    try:
        return "gave", read_stretch(stretch, crashed, watch, sending=to_be_stored)
    except ArchiveError as error:
        return "unread", str(error)
    except Exception as error:  # noqa: BLE001 - the boundary of the process: the asking side tells it
        return "unread", f"{stretch.place.name} from {stretch.start} on: {error!r}"[:500]

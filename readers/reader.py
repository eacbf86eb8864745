"""Asks the process that reads, in the order of the asking; starts it when first needed, and again when it has died."""

from __future__ import annotations

import asyncio
import os
import pickle
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from pipeline.model import Article, Listing, Page, Statements
from readers.wire import LENGTH, MOST, frame, unframed

SECONDS = 60.0
"""That reading one page may take; the slowest hostile one known takes two."""
MEMORY = 2 * 2**30
"""Bytes of address space."""
AHEAD = 2 * 2**20
"""Bytes of pages and answers that wait between the two: the process reads on while the crawl stores what it has read.

A system that allows less (`net.core.wmem_max`) gives what it allows.
"""
_ROOT = Path(__file__).resolve().parents[1]
_LEASH = {name: os.environ[name] for name in ("POLICYWIRE_LEASH",) if name in os.environ}
"""By which the scheduler finds the process when it ends the crawl that started it (`jobs/processes.py`)."""


class ReaderDied(Exception):
    """The process ended, or had to be ended, while it was reading this page."""


class ReadingFailed(Exception):
    """The parser or extractor raised what nobody expected."""


@dataclass(frozen=True, slots=True)
class _Process:
    popen: subprocess.Popen[bytes]
    stream: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Reader:
    """Parses and extracts in a process of its own; for one event loop, to be closed before that ends."""

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self.seconds = seconds
        self.memory = memory
        self._process: _Process | None = None
        self._ahead: tuple[subprocess.Popen[bytes], socket.socket] | None = None
        """A process that was begun and has not been asked yet."""
        self._asked: dict[int, bytes] = {}
        """Frames that wait for an answer, in their order."""
        self._turn = asyncio.Lock()
        self._numbers = count()

    @property
    def pid(self) -> int | None:
        """The process's id; None while there is none."""
        if self._process is not None:
            return self._process.popen.pid
        return self._ahead[0].pid if self._ahead is not None else None

    async def parse(self, page: Page) -> Article | Listing:
        """As `pipeline.articles.parse`; also raises ReaderDied and ReadingFailed."""
        found: Article | Listing = await self._ask("parse", page)
        return found

    async def read(self, page: Page) -> tuple[Article | Listing, Statements | None]:
        """What the page holds, and what can be extracted from it where it is a whole story; raises as `parse`."""
        found: tuple[Article | Listing, Statements | None] = await self._ask("read", page)
        return found

    async def extract(self, article: Article, annexes: Sequence[str] = ()) -> Statements:
        """As `pipeline.extract.extract`; raises ReaderDied and ReadingFailed."""
        found: Statements = await self._ask("extract", article, tuple(annexes))
        return found

    def begin(self) -> None:
        """Start the process now, so that it is ready when it is asked."""
        self._ahead = self._ahead or self._spawn()

    def close(self) -> None:
        """End the process; nothing may be asked any more."""
        self._end()
        if self._ahead is not None:
            popen, ours = self._ahead
            self._ahead = None
            ours.close()
            popen.kill()
            popen.wait()

    async def _ask(self, name: str, *arguments: Any) -> Any:
        number = next(self._numbers)
        self._asked[number] = asked = frame((name, arguments))
        if self._process is not None:
            self._process.writer.write(asked)
        try:
            async with self._turn:  # fair: whose frame went first has the first turn, so the next answer is its own
                process = self._process or await self._start()
                state, found = await self._answer(process)
        except BaseException:
            self._end()  # what it says from now on would be taken for the answer to another question
            raise
        finally:
            del self._asked[number]
        if state == "gave":
            return found
        raise found if state == "refused" else ReadingFailed(found)

    async def _start(self) -> _Process:
        """The process that was begun, or a new one, given everything that waits for an answer."""
        popen, ours = self._ahead or self._spawn()
        self._ahead = None
        stream, writer = await asyncio.open_connection(sock=ours)
        self._process = process = _Process(popen, stream, writer)
        for asked in self._asked.values():
            writer.write(asked)
        return process

    def _spawn(self) -> tuple[subprocess.Popen[bytes], socket.socket]:
        ours, its = socket.socketpair()
        for end in (ours, its):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, AHEAD)
        with its:
            popen = subprocess.Popen(
                [sys.executable, "-m", "readers", str(its.fileno()), str(self.memory)],
                stdin=subprocess.DEVNULL,
                cwd=_ROOT,
                env={"PATH": os.defpath, "PYTHONPATH": str(_ROOT), **_LEASH},
                pass_fds=(its.fileno(),),
                start_new_session=True,  # a Ctrl-C ends the crawl after the pages in hand, so they must still be read
            )
        return popen, ours

    async def _answer(self, process: _Process) -> tuple[str, Any]:
        try:
            async with asyncio.timeout(self.seconds):
                length = LENGTH.unpack(await process.stream.readexactly(LENGTH.size))[0]
                if length > MOST:
                    raise ReaderDied(f"the answer is {length} bytes long")
                state, found = unframed(await process.stream.readexactly(length))
        except TimeoutError as error:
            raise ReaderDied(f"reading took longer than {self.seconds:.0f} seconds") from error
        except (asyncio.IncompleteReadError, OSError) as error:
            process.popen.kill()
            raise ReaderDied(f"the reading process ended with status {process.popen.wait()}") from error
        except (pickle.UnpicklingError, ValueError, TypeError) as error:
            raise ReaderDied(f"the answer cannot be read: {error}") from error
        return state, found

    def _end(self) -> None:
        """Kill the process; the next turn starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.writer.transport.abort()
            process.popen.kill()
            process.popen.wait()

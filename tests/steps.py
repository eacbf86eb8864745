"""Counts the steps that a call takes, so that a test can say "four times the text, four times the work".

Where the kernel lets a process count its own machine instructions (Linux, perf_event_paranoid of 2 or less) these are
the steps; they see into regular expressions. Elsewhere it is calls of functions, Python's and C's, which do not.
Garbage is not collected meanwhile: a full collection goes through all that earlier tests have left, whenever it comes.
"""

from __future__ import annotations

import ctypes
import gc
import os
import platform
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

_PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}
_ATTRIBUTES = 128
_HARDWARE, _INSTRUCTIONS = 0, 1
_USER_SPACE_ONLY = 1 << 5 | 1 << 6
_TRIES = 5
_MOST_A_SECOND = 100_000_000_000
_TICK = 0.01


def steps(work: Callable[[], object]) -> int:
    """How many steps `work` takes in this thread: instructions, or calls where those cannot be counted.

    A virtual machine's counter may jump by thousands of billions at once; what no processor can do is counted again, so
    `work` must cost the same each time.
    """
    counter = _counter()
    if counter is None:
        return _calls(work)
    for _ in range(_TRIES):
        with _no_collections():
            began, before = time.process_time(), _read(counter)
            work()
            counted, seconds = _read(counter) - before, time.process_time() - began
        if 0 <= counted <= _MOST_A_SECOND * (seconds + _TICK):
            return counted
    raise RuntimeError("the counter of instructions jumps: it counted what no processor can do")


def counts_instructions() -> bool:
    """Whether steps are machine instructions here."""
    return _counter() is not None


@contextmanager
def _no_collections() -> Iterator[None]:
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@cache
def _counter() -> int | None:
    number = _PERF_EVENT_OPEN.get(platform.machine())
    if not sys.platform.startswith("linux") or number is None:
        return None
    attributes = bytearray(_ATTRIBUTES)
    struct.pack_into("IIQ", attributes, 0, _HARDWARE, _ATTRIBUTES, _INSTRUCTIONS)
    struct.pack_into("Q", attributes, 40, _USER_SPACE_ONLY)
    argument = (ctypes.c_char * _ATTRIBUTES).from_buffer(attributes)
    descriptor: int = ctypes.CDLL(None, use_errno=True).syscall(number, argument, 0, -1, -1, 0)
    if descriptor < 0:
        return None
    first = _read(descriptor)
    return descriptor if _read(descriptor) > first else None


def _read(descriptor: int) -> int:
    value: int = struct.unpack("q", os.read(descriptor, 8))[0]
    return value


def _calls(work: Callable[[], object]) -> int:
    seen = 0

    def on_event(_frame: object, event: str, _argument: object) -> None:
        nonlocal seen
        seen += event in ("call", "c_call")

    sys.setprofile(on_event)
    try:
        work()
    finally:
        sys.setprofile(None)
    return seen

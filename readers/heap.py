"""What the C library keeps of what was freed: by default the more, the larger a piece was that was ever freed."""

from __future__ import annotations

import ctypes
import platform
from typing import Final

LARGE: Final = 128 * 2**10
"""Bytes. What is as large is mapped for itself and given back when freed; so is as much at the end of the heap.

It is what glibc begins with; setting it keeps it from growing with the largest piece that was ever freed.
"""
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8


def give_back_what_is_freed() -> bool:
    """Have it given back to the system from now on, and all threads share one heap; False: not with this C library."""
    if platform.libc_ver()[0] != "glibc":
        return False
    libc = ctypes.CDLL(None)
    options = ((_TRIM_THRESHOLD, LARGE), (_MMAP_THRESHOLD, LARGE), (_ARENA_MAX, 1))
    return all(libc.mallopt(option, value) for option, value in options)

"""What a process has freed goes back to the system, whatever it held before."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PEAK = 24 * 2**20
"""Bytes of the largest piece, which would have glibc keep as much as twice of it from then on."""
CODE = f"""
import ctypes
from pathlib import Path
from readers.heap import give_back_what_is_freed

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
if GIVE_BACK:
    assert give_back_what_is_freed()
libc.free(libc.malloc({PEAK}))
before = resident()
for size in [{PEAK} // 64] * 32:
    held = [libc.malloc(size) for _ in range(32)]
    for each in held:
        ctypes.memset(each, 1, size)
    for each in held:
        libc.free(each)
print(resident() - before)
"""


def kept(*, give_back: bool) -> int:
    """Bytes that a process keeps of a dozen megabytes that it held and freed, after it had freed a large piece."""
    code = f"GIVE_BACK = {give_back}\n{CODE}"
    return int(subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told how to keep what is freed")
def test_what_is_freed_is_given_back_where_glibc_would_keep_it() -> None:
    assert kept(give_back=False) > 8 * 2**20
    assert kept(give_back=True) < 2**20

"""Runs a command under the system calls that a systemd unit allows: `confined.py UNIT COMMAND…`.

The filter is made by libseccomp out of the unit's own lines, with the lists of this machine's systemd; what is not
allowed fails as it would there. Also address families and writable code are as the unit has them.
"""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LIBRARY = "libseccomp.so.2"
_ALLOW = 0x7FFF0000
_EQUAL, _MASKED_EQUAL = 4, 7
_FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}
_WRITE, _EXECUTE = 2, 4


class _Argument(ctypes.Structure):
    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


def settings(unit: Path, name: str) -> list[str]:
    """The values of all lines `name=` of a unit."""
    lines = unit.read_text(encoding="utf-8").splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]


def system_calls(group: str) -> Iterator[str]:
    """The calls of a group of systemd's, such as `@system-service`, and of the groups in it."""
    told = subprocess.run(["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True)
    for line in told.stdout.splitlines()[1:]:
        word = line.strip()
        if word.startswith("@"):
            yield from system_calls(word)
        elif word and not word.startswith("#"):
            yield word


def allowed(unit: Path) -> set[str]:
    """The calls that `SystemCallFilter=` lets through."""
    calls = set(system_calls("@default"))  # always allowed beside a list of what is
    for line in settings(unit, "SystemCallFilter"):
        named = {call for word in line.lstrip("~").split() for call in _calls(word)}
        calls = calls - named if line.startswith("~") else calls | named
    return calls


def _calls(word: str) -> Iterator[str]:
    if word.startswith("@"):
        yield from system_calls(word)
    else:
        yield word


def confine(unit: Path) -> None:
    """Put this process, and all it starts, under the unit's filter."""
    seccomp = ctypes.CDLL(LIBRARY, use_errno=True)
    seccomp.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(seccomp.seccomp_init(_refuse(errno.EPERM)))
    for call in sorted(allowed(unit)):
        number = seccomp.seccomp_syscall_resolve_name(call.encode())
        if number >= 0 and call not in ("socket", "mmap", "mprotect"):
            _checked(seccomp.seccomp_rule_add_array(context, _ALLOW, number, 0, None), call)
    for family in settings(unit, "RestrictAddressFamilies")[0].split():
        _rule(seccomp, context, "socket", [_Argument(0, _EQUAL, _FAMILIES[family], 0)])
    no_writable_code = settings(unit, "MemoryDenyWriteExecute") == ["yes"]
    for call in ("mmap", "mprotect"):
        if not no_writable_code:
            _rule(seccomp, context, call, [])
        elif call == "mprotect":
            _rule(seccomp, context, call, [_Argument(2, _MASKED_EQUAL, _EXECUTE, 0)])
        else:
            for bits in (0, _WRITE, _EXECUTE):
                _rule(seccomp, context, call, [_Argument(2, _MASKED_EQUAL, _WRITE | _EXECUTE, bits)])
    _checked(seccomp.seccomp_load(context), "load")


def _rule(seccomp: ctypes.CDLL, context: ctypes.c_void_p, call: str, arguments: list[_Argument]) -> None:
    array = (_Argument * len(arguments))(*arguments)
    number = seccomp.seccomp_syscall_resolve_name(call.encode())
    _checked(seccomp.seccomp_rule_add_array(context, _ALLOW, number, len(arguments), array), call)


def _refuse(number: int) -> int:
    return 0x00050000 | number


def _checked(status: int, what: str) -> None:
    if status:
        raise OSError(-status, f"seccomp, {what}")


if __name__ == "__main__":
    confine(Path(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])

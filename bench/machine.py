"""What a bench ran on: machine, versions, commit, and how busy the machine was with other work. No names, no paths."""

from __future__ import annotations

import os
import platform
import re
import resource
import sqlite3
import subprocess
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LIBRARIES = ("lxml", "beautifulsoup4", "sqlite-utils", "scrapy", "fastwarc", "warcio", "pyarrow", "distributed")
"""Those whose release moves a figure."""
BUSY = 0.15
"""Processors that other programs may take before a result says that the machine was busy."""


def machine() -> dict[str, Any]:
    """Processor, cores that we may use, memory and kernel."""
    info = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    model = re.search(r"^model name\s*:\s*(.+)$", info, re.MULTILINE)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    kernel = re.match(r"[\d.]+", platform.release())
    return {
        "processor": model[1].strip() if model else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(memory, 1),
        "kernel": f"{platform.system()} {kernel[0] if kernel else ''}".strip(),
    }


def versions() -> dict[str, str]:
    """Python's, SQLite's, and those of the libraries that do the work."""
    found = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def commit() -> str:
    """The short id of the commit that was measured, with `+` where files differ from it."""
    try:
        at = _git("rev-parse", "--short=8", "HEAD")
        changed = _git(
            "status", "--porcelain", "--untracked-files=no", "--", ":!bench/results", ":!docs", ":!README.md"
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{at}+" if changed else at


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The processors' account at one time."""

    at: float
    all_busy: float
    """Processor seconds of everybody since the machine was started."""
    own: float
    """Of this process and of the children that have ended."""


def moment() -> Moment:
    """Now."""
    fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    ticks = [int(one) for one in fields]
    busy = sum(ticks[:3]) + sum(ticks[5:8])  # user, nice, system, irq, softirq, steal; not idle, not waiting
    own = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        own += usage.ru_utime + usage.ru_stime
    return Moment(at=time.monotonic(), all_busy=busy / os.sysconf("SC_CLK_TCK"), own=own)


def others(since: Moment) -> float:
    """How many processors other programs had, on average, since then."""
    now = moment()
    spent = (now.all_busy - since.all_busy) - (now.own - since.own)
    return max(0.0, spent / max(now.at - since.at, 0.01))

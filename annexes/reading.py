"""Starts the process that reads a file, ends it when it is late, and believes nothing it says beyond the limits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, get_args

from pipeline.model import AnnexState, AnnexText

_ROOT = Path(__file__).resolve().parents[1]
_LEASH = {name: os.environ[name] for name in ("POLICYWIRE_LEASH",) if name in os.environ}
"""By which the scheduler finds the process when it ends the crawl that started it (`jobs/processes.py`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What reading one file may take."""

    memory: int = 1024 * 2**20
    """Bytes of address space."""
    processor: int = 30
    """Seconds of processor time."""
    wait: float = 60.0
    """Seconds until the process is killed, whatever it does."""
    answer: int = 24 * 2**20
    """Bytes of the answer."""


def read_apart(body: bytes, limits: Limits = Limits()) -> AnnexText:
    """The text of an attached file, read in a process of its own; never raises for what the file holds.

    A file whose reader takes too long, too much memory, or dies gives the state `unreadable` and says so.
    """
    with TemporaryFile() as given, TemporaryFile() as answer:
        given.write(body)
        given.seek(0)
        status = _run(given, answer, limits)
        answer.seek(0)
        lines = answer.read(limits.answer).split(b"\n")
    kind = str(_record(lines[0]).get("kind", "unknown"))[:20]
    found = _record(lines[1]) if status == 0 and len(lines) > 1 else {}
    if found.get("state") not in get_args(AnnexState):
        return AnnexText(kind=kind, state="unreadable", why=_why(status, limits))
    why = found.get("why")
    return AnnexText(kind=kind, state=found["state"], text=str(found.get("text", "")), why=str(why) if why else None)


def _run(given: IO[bytes], answer: IO[bytes], limits: Limits) -> int | None:
    """The process's exit status; None where it was killed for being late."""
    command = [sys.executable, "-m", "annexes", str(limits.memory), str(limits.processor), str(limits.answer)]
    reader = subprocess.Popen(
        command,
        stdin=given,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PATH": os.defpath, "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", **_LEASH},
        start_new_session=True,  # a Ctrl-C for the crawl is none for the file in hand
    )
    try:
        return reader.wait(limits.wait)
    except subprocess.TimeoutExpired:
        return None
    finally:
        reader.kill()
        reader.wait()


def _record(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _why(status: int | None, limits: Limits) -> str:
    if status is None:
        return f"reading it took longer than {limits.wait:.0f} seconds"
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"reading it took more than {limits.processor} seconds of processor time"
    if status < 0:
        return f"its reader was ended by {signal.Signals(-status).name}, as happens when it needs too much memory"
    return "its reader failed, or gave more text than is kept"

"""Which nightly copies are kept: by the day in a file's name alone, so that anybody can tell beforehand.

Kept are the copies of the newest days, the first copy of each of the newest weeks (from Monday), and the first of each
of the newest months. The newest copy is always kept, and a file with any other name is not ours and never touched.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_NAME = re.compile(r"policywire-([0-9]{4}-[0-9]{2}-[0-9]{2})\.db$")
_UNFINISHED = re.compile(r"\.policywire-[0-9]{4}-[0-9]{2}-[0-9]{2}\.db\.[0-9a-f]{8}\.unfinished(-journal|-wal|-shm)?$")
RESTORED = ".policywire-restore-test"
"""The folder beside the copies in which a copy is restored to be tested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How many copies of each sort are kept."""

    daily: int
    weekly: int
    monthly: int


def copy_name(day: date) -> str:
    """The name of a day's copy."""
    return f"policywire-{day.isoformat()}.db"


def day_of(name: str) -> date | None:
    """The day of a copy by its name; None for a name that is not ours."""
    match = _NAME.match(name)
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def days_to_keep(days: Iterable[date], keep: Keep) -> set[date]:
    """Of the days that have a copy, those whose copies are kept."""
    there = sorted(set(days))
    weeks: dict[tuple[int, int], date] = {}
    months: dict[tuple[int, int], date] = {}
    for day in there:
        weeks.setdefault(day.isocalendar()[:2], day)
        months.setdefault((day.year, day.month), day)
    return {
        *there[-max(keep.daily, 1) :],
        *_newest(weeks, keep.weekly),
        *_newest(months, keep.monthly),
    }


def _newest(first_days: dict[tuple[int, int], date], many: int) -> list[date]:
    return list(first_days.values())[-many:] if many else []


def copies_in(folder: Path) -> dict[date, Path]:
    """The copies in a folder by day, oldest first: ordinary files with a name of ours."""
    found = ((day_of(path.name), path) for path in folder.iterdir() if path.is_file() and not path.is_symlink())
    return dict(sorted((day, path) for day, path in found if day is not None))


def rotate(folder: Path, keep: Keep) -> list[Path]:
    """Delete the copies that the rule does not keep; gives them. Call it after a copy was made and found good."""
    copies = copies_in(folder)
    kept = days_to_keep(copies, keep)
    gone = [path for day, path in copies.items() if day not in kept]
    for path in gone:
        path.unlink()
    return gone


def clear_unfinished(folder: Path) -> None:
    """Remove what a copy that was killed has left behind; only one process may make copies in the folder meanwhile."""
    for path in folder.iterdir():
        if _UNFINISHED.match(path.name) and path.is_file() and not path.is_symlink():
            path.unlink()
    left = folder / RESTORED
    if left.is_dir() and not left.is_symlink():
        shutil.rmtree(left)

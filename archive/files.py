"""Names of the archive's files, `<source>/<day>.warc.gz`, then `<day>-2.warc.gz` … once one is full; their order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

SUFFIX = ".warc.gz"
_NAME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:-([0-9]{1,9}))?\.warc\.gz$")


def file_name(day: str, number: int) -> str:
    """The name of the `number`th file of a day (ISO, UTC); the first one is 1."""
    return f"{day}{SUFFIX}" if number == 1 else f"{day}-{number}{SUFFIX}"


def day_and_number(name: str) -> tuple[str, int] | None:
    """The day of a file's name and its number on that day; None for a name that is not ours."""
    match = _NAME.match(Path(name).name)
    return (match[1], int(match[2] or 1)) if match else None


def day_of(moment: datetime) -> str:
    """The day, in UTC, whose file a page that was fetched at `moment` belongs to."""
    return moment.astimezone(UTC).date().isoformat()


def order(name: str | Path) -> tuple[str, str, int, str]:
    """Sorts files by folder, then in the order in which they were written: `-10` after `-9` after the first."""
    path = Path(name)
    day, number = day_and_number(path.name) or (path.name, 0)
    return str(path.parent), day, number, path.name


def in_order(paths: Iterable[Path]) -> list[Path]:
    """The files, those of a source in the order in which they were written."""
    return sorted(paths, key=order)


def newest_number(folder: Path, day: str) -> int:
    """The number of the newest file of a day in a source's folder; 1 when there is none yet."""
    found = (day_and_number(path.name) for path in folder.glob(f"{day}*{SUFFIX}"))
    return max((name[1] for name in found if name is not None and name[0] == day), default=1)


def lies_between(name: str, since: date | None, until: date | None) -> bool:
    """Whether a file can hold pages of these days (UTC); one whose name tells no day may."""
    found = day_and_number(name)
    if found is None:
        return True
    return (since is None or found[0] >= since.isoformat()) and (until is None or found[0] <= until.isoformat())

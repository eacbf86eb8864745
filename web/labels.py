"""The words that readers see for the values of closed vocabularies, and dates as people write them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pipeline.sources import TITLES

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "en": "English",
        "zh": "中文",
        "policy": "announcement",
        "open": "not reviewed",
        "news": "news",
        "background": "background",
        "issued_on": "issued",
        "effective_on": "in force from",
        "speaker_type": "kind of speaker",
        "text": "words quoted",
        "title": "title",
        "cue": "reporting word",
        "entities": "names (companies, agencies)",
        "regions": "where it applies",
        "sectors": "goods and sectors",
    }
)

_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d:\d\d))?)?)?")


def words(value: str | None) -> str:
    """A value of a vocabulary in words: `export_control` is `export control`."""
    return _WORDS.get(value or "", (value or "").replace("_", " "))


def source_name(source: str | None) -> str:
    """The name of a source as its readers know it."""
    return TITLES.get(source or "", source or "")


def day(printed: str | None) -> str:
    """An ISO prefix as a date: `2026-09` is `Sep 2026`, `2026-09-18T10:30:00+08:00` is `18 Sep 2026`."""
    found = _ISO.match(printed or "")
    if found is None:
        return printed or ""
    year, month, of_month, _clock = found.groups()
    if not month or int(month) not in range(1, 13):
        return year
    return f"{int(of_month)} {_MONTHS[int(month)]} {year}" if of_month else f"{_MONTHS[int(month)]} {year}"


def moment(printed: str | None) -> str:
    """An ISO prefix as a date with the time, where it has one: `18 Sep 2026, 10:30`; UTC is named."""
    found = _ISO.match(printed or "")
    if found is None or not found[4]:
        return day(printed)
    zone = " UTC" if (printed or "").endswith("Z") else ""
    return f"{day(printed)}, {found[4]}{zone}"


def listed(held: str | None) -> list[Any]:
    """The list behind a JSON column."""
    found = json.loads(held) if held else []
    return found if isinstance(found, list) else []


def counted(number: int, cap: int = 10_000) -> str:
    """A number that was counted up to a cap: `1,204`, or `10,000+` where it is more."""
    return f"{number:,}" if number <= cap else f"{cap:,}+"

"""The words that readers see for the values of closed vocabularies, and dates as people write them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import Any

from alerts.dates import ISO, MONTHS
from alerts.dates import day as day
from alerts.dates import moment as moment
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


def words(value: str | None) -> str:
    """A value of a vocabulary in words: `export_control` is `export control`."""
    return _WORDS.get(value or "", (value or "").replace("_", " "))


_PLURALS: Mapping[str, str] = MappingProxyType(
    {
        "export_control": "export controls",
        "trade_remedy": "trade remedies",
        "sanction": "sanctions",
        "restriction": "restrictions",
        "tariff": "tariffs",
        "opening": "openings",
        "regulation": "regulations",
        "other": "others",
    }
)


def of_action(action: str, number: int) -> str:
    """So many announcements of an action: `3 export controls`, `1 trade remedy`, `2 of support`."""
    if action == "support":
        return f"{number:,} of support"
    return f"{number:,} {words(action) if number == 1 else _PLURALS.get(action, words(action))}"


def source_name(source: str | None) -> str:
    """The name of a source as its readers know it."""
    return TITLES.get(source or "", source or "")


def day_heading(day_held: str, now: str) -> str:
    """A day as it heads its news: `Today`, `Yesterday`, `Friday, 18 Sep`; with the year where it is another one."""
    try:
        meant, today = date.fromisoformat(day_held[:10]), date.fromisoformat(now[:10])
    except ValueError:
        return day(day_held)
    if (today - meant).days in (0, 1):
        return "Yesterday" if meant < today else "Today"
    return f"{meant:%A}, {day(day_held) if meant.year != today.year else f'{meant.day} {MONTHS[meant.month]}'}"


def since_when(moment_held: str, now: str) -> str:
    """A time gone by, as one says it: `09:12 UTC`, `Tuesday, 09:12 UTC`, `18 Sep 2026, 09:12 UTC`."""
    meant, today = date.fromisoformat(moment_held[:10]), date.fromisoformat(now[:10])
    days, clock = (today - meant).days, f"{moment_held[11:16]} UTC"
    if days <= 0:
        return clock
    return f"{meant:%A}, {clock}" if days < 7 else moment(moment_held)


def clock(printed: str | None) -> str:
    """The time of day of an ISO prefix as it is printed; nothing where it has none."""
    found = ISO.match(printed or "")
    return (found[4] or "") if found else ""


def listed(held: str | None) -> list[Any]:
    """The list behind a JSON column."""
    found = json.loads(held) if held else []
    return found if isinstance(found, list) else []


def counted(number: int, cap: int = 10_000) -> str:
    """A number that was counted up to a cap: `1,204`, or `10,000+` where it is more."""
    return f"{number:,}" if number <= cap else f"{cap:,}+"


def month(printed: str | None) -> str:
    """The month of an ISO prefix: `Sep 2026`."""
    return day((printed or "")[:7])


def by_month(found: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Rows that come by time, grouped by the month of their `sort_at`."""
    return [(held, list(of_month)) for held, of_month in groupby(found, key=lambda one: str(one["sort_at"])[:7])]

"""The chart of a weekly digest: announcements by day and action, as a table of coloured cells, and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from alerts.dates import MONTHS
from alerts.rules import Rule

WIDEST = 300
"""Pixels of the longest bar."""
_NARROWEST = 6
_DAYS = 7

ACTIONS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "export_control": ("export control", "export controls", "#a12d22"),
        "sanction": ("sanction", "sanctions", "#7d5bb5"),
        "restriction": ("restriction", "restrictions", "#c4622d"),
        "trade_remedy": ("trade remedy", "trade remedies", "#b8860b"),
        "tariff": ("tariff", "tariffs", "#7d6b5d"),
        "regulation": ("regulation", "regulations", "#34708f"),
        "support": ("support", "support", "#2e6b45"),
        "opening": ("opening", "openings", "#4f9d69"),
        "other": ("other", "others", "#8c8578"),
    }
)
"""Each action in words, one and many, and its colour: seen on white and on black, and told apart without its hue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a bar: the announcements of one action on one day."""

    words: str
    count: int
    width: int
    """Pixels."""
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One bar."""

    name: str
    count: int
    shares: tuple[Share, ...]

    @property
    def words(self) -> str:
        """What the bar shows."""
        return ", ".join(f"{share.count} {share.words}" for share in self.shares) or "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The chart."""

    days: tuple[Day, ...]
    legend: tuple[Share, ...]
    """Each action of the week with its sum."""
    outside: int
    """Announcements of the digest that are dated on other days."""


def week_of(rule: Rule, announcements: Sequence[Mapping[str, Any]], due: datetime) -> Week | None:
    """The chart of a weekly rule's announcements (rows with `sort_at` and `action`) in the seven days before `due`, in
    the rule's zone; a digest of the afternoon counts its own day. None for other rules, and where no announcement is of
    those days.
    """
    if rule.frequency != "weekly":
        return None
    zone = ZoneInfo(rule.zone)
    last = (due.astimezone(zone) - timedelta(hours=12)).date()
    days = [last - timedelta(days=back) for back in reversed(range(_DAYS))]
    counts = {one: Counter[str]() for one in days}
    outside = 0
    for record in announcements:
        on = datetime.fromisoformat(record["sort_at"]).astimezone(zone).date()
        if on in counts:
            counts[on][record["action"]] += 1
        else:
            outside += 1
    most = max(sum(held.values()) for held in counts.values())
    if not most:
        return None
    whole = sum(counts.values(), Counter[str]())
    return Week(
        days=tuple(
            Day(
                name=f"{one:%a} {one.day} {MONTHS[one.month]}",
                count=sum(held.values()),
                shares=tuple(_shares(held, most)),
            )
            for one, held in counts.items()
        ),
        legend=tuple(_shares(whole, most)),
        outside=outside,
    )


def _shares(held: Counter[str], most: int) -> list[Share]:
    return [
        Share(
            words=words[0] if held[action] == 1 else words[1],
            count=held[action],
            width=max(_NARROWEST, held[action] * WIDEST // most),
            colour=words[2],
        )
        for action, words in ACTIONS.items()
        if held[action]
    ]

"""Small charts as numbers that a template draws: a row of bars for each action or role; a bar leads to its search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from db.weekly import Weekly
from web.labels import words

HEIGHT = 22
"""Height of the highest bar, in the units of the drawing."""
_QUARTERS = 40
_QUARTER_MONTHS = ("Jan–Mar", "Apr–Jun", "Jul–Sep", "Oct–Dec")
STEP, WIDTH = 12, 9
"""From one bar to the next, and how wide a bar is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One week of one row."""

    x: int
    y: int
    height: int
    count: int
    week: str
    """First and last day of the week, or month of the quarter, as people write them."""
    href: str | None
    """The search that finds just what the bar counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One action or role over all weeks."""

    name: str
    label: str
    total: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Rows that share one scale."""

    rows: tuple[Row, ...]
    """Without those that have nothing to show."""
    weeks: tuple[str, ...]
    highest: int
    width: int


def chart(weekly: Weekly, *, name: str, search: dict[str, str]) -> Chart:
    """The counts as rows of bars; a bar asks the `search` for its `name` and its week."""
    counts = {one: held for one, held in weekly.counts.items() if any(held)}
    highest = max((max(held) for held in counts.values()), default=0)
    weeks = tuple(week_of(monday) for monday in weekly.mondays)
    return Chart(
        rows=tuple(
            Row(
                name=one,
                label=words(one),
                total=sum(held),
                bars=tuple(
                    _bar(at, count, highest, weeks[at], {**search, name: one, **_days(weekly.mondays[at])})
                    for at, count in enumerate(held)
                ),
            )
            for one, held in counts.items()
        ),
        weeks=weeks,
        highest=highest,
        width=STEP * len(weeks) - (STEP - WIDTH),
    )


def week_of(monday: date) -> str:
    """The week that begins on `monday`: `7–13 Sep`, `28 Sep – 4 Oct`."""
    sunday = monday + timedelta(days=6)
    if monday.month == sunday.month:
        return f"{monday.day}–{sunday.day} {sunday:%b}"
    return f"{monday.day} {monday:%b} – {sunday.day} {sunday:%b}"


def _days(monday: date) -> dict[str, str]:
    return {"since": str(monday), "until": str(monday + timedelta(days=6))}


def _bar(at: int, count: int, highest: int, week: str, search: dict[str, str] | None) -> Bar:
    height = max(2, round(HEIGHT * count / highest)) if count else 0
    href = "/search?" + urlencode(search) if search else None
    return Bar(x=at * STEP, y=HEIGHT - height, height=height, count=count, week=week, href=href)


def by_quarter(months: Sequence[tuple[str, int]], *, name: str = "quotes") -> Chart:
    """Counts by month (`2026-03`, the earliest first) as one row of quarters without a gap, the newest forty."""
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for month, count in months:
        counts[int(month[:4]), (int(month[5:7]) - 1) // 3] += count
    first, last = min(counts), max(counts)
    until = last[0] * 4 + last[1]
    quarters = [divmod(at, 4) for at in range(max(first[0] * 4 + first[1], until - _QUARTERS + 1), until + 1)]
    highest = max(counts.values())
    labels = tuple(f"{_QUARTER_MONTHS[quarter]} {year}" for year, quarter in quarters)
    bars = tuple(_bar(at, counts.get(quarter, 0), highest, labels[at], None) for at, quarter in enumerate(quarters))
    row = Row(name=name, label=name, total=sum(bar.count for bar in bars), bars=bars)
    return Chart(rows=(row,), weeks=labels, highest=highest, width=STEP * len(labels) - (STEP - WIDTH))

"""Articles a day as a small chart: numbers that a template draws, and the same by week for a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from web.charts import week_of
from web.labels import day as as_day

HEIGHT = 44
STEP, WIDTH = 4, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """One day that has articles."""

    x: int
    y: int
    height: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChart:
    """The days of one source, each on the scale of the busiest."""

    bars: tuple[DayBar, ...]
    width: int
    usual: float | None
    """Height of the line of what is usual, from above; none where nothing is."""
    first: str
    last: str
    said: str
    """The chart in a sentence."""
    weeks: tuple[tuple[str, int], ...]
    """Week and articles, the newest first."""


def day_chart(counts: Mapping[date, int], *, baseline_7d: float) -> DayChart:
    """The days, the oldest first, and what `baseline_7d` articles in a week are a day."""
    days = list(counts)
    usual = baseline_7d / 7
    highest = max([*counts.values(), usual], default=0) or 1
    bars = tuple(_bar(at, one, counts[one], highest) for at, one in enumerate(days) if counts[one])
    return DayChart(
        bars=bars,
        width=STEP * len(days) - (STEP - WIDTH),
        usual=round(HEIGHT - HEIGHT * usual / highest, 1) if usual else None,
        first=as_day(str(days[0])),
        last=as_day(str(days[-1])),
        said=_said(counts, usual),
        weeks=_weeks(counts),
    )


def _bar(at: int, one: date, count: int, highest: float) -> DayBar:
    height = max(2, round(HEIGHT * count / highest))
    return DayBar(x=at * STEP, y=HEIGHT - height, height=height, said=f"{as_day(str(one))}: {count:,}")


def _said(counts: Mapping[date, int], usual: float) -> str:
    total = sum(counts.values())
    if not total:
        return f"No article was published in these {len(counts)} days."
    busiest = max(counts, key=lambda one: (counts[one], one))
    return (
        f"{total:,} articles in {len(counts)} days, {counts[busiest]:,} at most, on {as_day(str(busiest))}; "
        f"usual are {usual:.1f} a day."
    )


def _weeks(counts: Mapping[date, int]) -> tuple[tuple[str, int], ...]:
    held: dict[date, int] = {}
    for one, count in counts.items():
        monday = one - timedelta(days=one.weekday())
        held[monday] = held.get(monday, 0) + count
    return tuple((week_of(monday), count) for monday, count in sorted(held.items(), reverse=True))

"""Four weeks of articles against what was to be expected: numbers that a template draws as a chart, and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from db.health.model import Day
from db.health.workdays import DayKind, kind_of
from web.labels import day as as_day

HEIGHT = 60
STEP, WIDTH = 12, 9
_KINDS: dict[DayKind, str] = {"working": "", "weekend": "weekend", "holiday": "holiday"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """One day: how high its articles stand, and the line of what was expected."""

    x: int
    y: float
    height: float
    expected_y: float | None
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Days off beside each other: shaded, for nothing is expected on them."""

    x: int
    width: int
    holiday: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """A day in the table."""

    day: str
    articles: int
    expected: str
    note: str
    """What else there is to say: a day off, not crawled, in a trouble, found late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChart:
    """The days of one source, on the scale of the busiest."""

    bars: tuple[DayBar, ...]
    bands: tuple[Band, ...]
    width: int
    first: str
    last: str
    said: str
    """The chart in a sentence."""
    expects: bool
    """Whether anything is known of what was to be expected."""
    rows: tuple[DayRow, ...]
    """The newest day first."""


def day_chart(days: Sequence[Day], expected: Sequence[float | None]) -> DayChart:
    """The days, the oldest first, and what was to be expected on each; None where that is not known."""
    highest = max([*(day.articles for day in days), *(mean or 0 for mean in expected)], default=0) or 1
    return DayChart(
        bars=tuple(_bar(at, day, mean, highest) for at, (day, mean) in enumerate(zip(days, expected, strict=True))),
        bands=tuple(_bands(days)),
        width=STEP * len(days),
        first=as_day(str(days[0].day)),
        last=as_day(str(days[-1].day)),
        said=_said(days, expected),
        expects=any(expected),
        rows=tuple(_row(day, mean) for day, mean in zip(days[::-1], expected[::-1], strict=True)),
    )


def _bar(at: int, day: Day, mean: float | None, highest: float) -> DayBar:
    height = max(2.0, round(HEIGHT * day.articles / highest, 1)) if day.articles else 0.0
    said = f"{as_day(str(day.day))}: {day.articles:,}" + (f", expected {mean:.0f}" if mean else "")
    kind = _KINDS[kind_of(day.day)]
    return DayBar(
        x=at * STEP + (STEP - WIDTH) // 2,
        y=HEIGHT - height,
        height=height,
        expected_y=round(HEIGHT - HEIGHT * mean / highest, 1) if mean else None,
        said=said + (f", {kind}" if kind else ""),
    )


def _bands(days: Sequence[Day]) -> list[Band]:
    found, at = [], 0
    for kind, together in groupby(days, key=lambda day: kind_of(day.day)):
        length = len(list(together))
        if kind != "working":
            found.append(Band(x=at * STEP, width=length * STEP, holiday=kind == "holiday"))
        at += length
    return found


def _row(day: Day, mean: float | None) -> DayRow:
    notes = {
        _KINDS[kind_of(day.day)]: True,
        "not crawled": not day.crawled,
        "not well": day.troubled,
        f"{day.late:,} more found late": bool(day.late),
    }
    return DayRow(
        day=as_day(str(day.day)),
        articles=day.articles,
        expected="" if mean is None else f"{mean:.0f}" if mean else "none",
        note=", ".join(note for note, holds in notes.items() if note and holds),
    )


def _said(days: Sequence[Day], expected: Sequence[float | None]) -> str:
    total = sum(day.articles for day in days)
    if not total:
        return f"No article was published in these {len(days)} days."
    busiest = max(days, key=lambda day: (day.articles, day.day))
    known = sum(mean for mean in expected if mean)
    return (
        f"{total:,} articles in {len(days)} days, {busiest.articles:,} at most, on {as_day(str(busiest.day))}"
        + (f"; about {known:,.0f} were to be expected" if known else "")
        + "."
    )

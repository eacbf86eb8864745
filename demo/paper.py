"""The days of the demo's newspaper, and the copies that editions and paper have of a story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlsplit

from demo.backfile import PAPER_SINCE, paper_stories
from demo.lists import Row
from demo.story import TODAY, Story

EPAPER: Final = "epaper.chinadaily.com.cn"
ENTRY: Final = date(2021, 5, 21)
"""The day that the paper's bare entry leads to."""
SUNDAY: Final = 7


def papers(written: Iterable[Story], *, fill: bool) -> Mapping[date, list[Row]]:
    """The paper's days, none of them a Sunday: what was written for it, then, with `fill`, what the back file adds."""
    days: dict[date, list[Row]] = defaultdict(list)
    for story in written:
        if story.template == "print":
            days[story.published.date()].append(copy_on(EPAPER, Row(story=story, url=story.url)))
    if fill:
        served = (TODAY - timedelta(days=ago) for ago in range((TODAY - PAPER_SINCE).days + 1))
        for day in (*(day for day in served if day.isoweekday() != SUNDAY), ENTRY):
            days[day] += [Row(story=story, url=story.url) for story in paper_stories(day, len(days[day]))]
    return dict(days)


def copy_on(host: str, row: Row) -> Row:
    """The row with the address that its story has on another host of the site, if it has one."""
    copies = (alias for alias in row.story.aliases if urlsplit(alias).hostname == host)
    return replace(row, url=next(copies, row.url))

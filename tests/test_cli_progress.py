"""The line that a person sees while a crawl or a reprocess goes on: counts, rate and when it will be done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cli.job import expected, progress_line
from cli.reprocess import progress_line as reprocess_line
from pipeline.model import CrawlProgress

NOW = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)


def at(**figures: Any) -> CrawlProgress:
    """A crawl at some point."""
    usual = {
        "source": "china_daily", "listings": 3, "found": 60, "fetched": 0, "new": 0, "revised": 0, "unchanged": 0,
        "failed": 0, "bytes_received": 0, "url": "https://www.chinadaily.com.cn/",
    }  # fmt: skip
    return CrawlProgress(**{**usual, **figures})


@pytest.mark.parametrize(("covered", "total"), [(None, 60), (0.0, 60), (0.25, 240), (1.0, 60)])
def test_the_stories_to_come_follow_from_the_days_that_are_read(covered: float | None, total: int) -> None:
    assert expected(at(covered=covered)) == total


def test_nothing_is_promised_at_the_beginning() -> None:
    assert progress_line(at(fetched=3, new=3), 0.2, NOW) == "3 of 60 · 3 new · 0 revised · 0 failed"


def test_the_end_is_told_as_a_time_and_a_later_day_as_such() -> None:
    soon = progress_line(at(found=2400, fetched=1200, new=1100, revised=60, failed=40), 600, NOW)
    assert soon == "1,200 of 2,400 · 1,100 new · 60 revised · 40 failed · 2.0 a second · until about 22:10"
    late = progress_line(at(found=2400, fetched=1200, new=1200, covered=0.05), 600, NOW)
    assert late.endswith("1,200 of 48,000 · 1,200 new · 0 revised · 0 failed · 2.0 a second · until about 21 Nov 04:30")


def test_a_reprocess_is_measured_by_bytes_and_tells_pages() -> None:
    mib = 2**20
    assert reprocess_line(0, 9 * mib, 0, 0.4, NOW) == "0 pages · 0 of 9 MiB"
    line = reprocess_line(200 * mib, 1000 * mib, 24_000, 600, NOW)
    assert line == "24,000 pages · 200 of 1,000 MiB · 40 pages a second · until about 22:40"
    assert reprocess_line(mib, 1000 * mib, 120, 60, NOW).endswith("· 2 pages a second · until about 21 Nov 14:39")

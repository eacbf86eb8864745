"""Goes China Daily's paper day by day, newest first, by the index that each day has of its own.

Site quirks (2026-11): a day's index is `epaper…/china/YYYY-MM/DD`; there is no paper on Sundays and some holidays; the
bare entry `epaper…/china`, and perhaps a day that is not there, sends on to the paper of 2021-05-21. Older papers stood
at `www…/cndy/YYYY-MM/DD/index1.html` (how the date was written there is not certain).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from pipeline.listings.china_daily import paper_day
from pipeline.model import Listing, Page, RouteState
from pipeline.times import BEIJING
from spiders.options import CrawlOptions
from spiders.routes import Route, RouteLost
from spiders.site import Crawl

ENTRY = "https://epaper.chinadaily.com.cn/china"
"""Where the route is said to begin; never fetched, for it leads to one day of 2021."""
OLD_UNTIL = date(2021, 5, 21)
"""The last day for which the older address is tried as well."""
FIRST = date(2004, 1, 1)
"""No index of an earlier day can be had."""
PATIENCE = 14
"""Days in a row without a paper after which there is none below; the longest holiday has about eight."""
PARTS = 40
"""Index pages of one day at most."""
SUNDAY = 7
NAMED = 12
"""Missing days that a report names."""


@dataclass(slots=True, kw_only=True)
class Paper:
    """The reading of one span of days."""

    route: Route
    options: CrawlOptions
    crawl: Crawl
    read: Callable[[Page], Listing]
    remarks: dict[RouteState, str]
    """What the route's report is to name: filled as days turn out to be missing."""
    old: bool = False
    """Whether the day before was found at its older address: then the next is looked for there first."""
    missing: list[str] = field(default_factory=list)

    async def listings(self, at: str | None) -> AsyncGenerator[Listing]:
        """The index pages of the days, newest first, from the day of `at` on; days without a paper are passed over.

        Raises RouteLost, `empty` where no paper has been found for two weeks of days.
        """
        self.old = at is not None and "/cndy/" in at
        without, found = 0, False
        for day in self.days(at):
            without += 1
            async with aclosing(self.pages_of(day)) as pages:
                async for listing in pages:
                    without, found = 0, True
                    yield listing
            if without == PATIENCE and found and self.options.since is None:
                return
            if without == PATIENCE:
                raise RouteLost("empty", f"no paper on any of the {PATIENCE} days from {day} on")

    def days(self, at: str | None) -> Iterator[date]:
        """From the newest day that is asked for, or that of `at`, back to the oldest."""
        last = min(self.options.until or self.today, self.today)
        resumed = paper_day(at) if at is not None else None
        day = date.fromisoformat(resumed) if resumed else last
        while day >= max(self.options.since or FIRST, FIRST):
            yield day
            day -= timedelta(days=1)

    @property
    def today(self) -> date:
        """The day it is where the paper is made."""
        return self.options.today or datetime.now(UTC).astimezone(BEIJING).date()

    async def pages_of(self, day: date) -> AsyncGenerator[Listing]:
        """The index pages of one day's paper; none where there is no paper. Raises RouteLost."""
        why: str | None = None
        for url in self.addresses(day):
            try:
                listing = await self.index(url, day)
            except RouteLost as lost:
                if not (lost.gone or lost.state == "empty"):
                    raise
                why = why or lost.detail
                continue
            self.old = "/cndy/" in url
            if len(listing.rows) < self.route.floor and not self.old:
                self.miss(day, f"{len(listing.rows)} links, at least {self.route.floor} expected")
            for _ in range(PARTS):
                yield listing
                if listing.next_page is None:
                    return
                try:
                    listing = await self.index(listing.next_page, day)
                except RouteLost as lost:
                    if not lost.gone:
                        raise
                    return
            return
        if day.isoweekday() != SUNDAY and day != self.today:  # today's may come yet
            self.miss(day, None)

    def addresses(self, day: date) -> list[str]:
        """Where a day's index may stand, likelier first."""
        new, old = f"{ENTRY}/{day:%Y-%m/%d}", f"https://www.chinadaily.com.cn/cndy/{day:%Y-%m/%d}/index1.html"
        if day > OLD_UNTIL:
            return [new]
        both = [old, new] if self.old else [new, old]
        return both[:1] if day.isoweekday() == SUNDAY else both

    async def index(self, url: str, day: date) -> Listing:
        """One index page; raises RouteLost, `empty` where another day's paper answers."""
        page = await self.crawl.listing(url)
        got = paper_day(page.final_url or url)
        if got != day.isoformat():
            raise RouteLost("empty", f"{url} led to {f'the paper of {got}' if got else page.final_url}")
        return replace(self.read(page), url=url)

    def miss(self, day: date, why: str | None) -> None:
        """Note a day of the week that has no paper, or hardly one."""
        self.missing.append(f"{day}{f' ({why})' if why else ''}")
        named = ", ".join(self.missing[:NAMED])
        more = f" and {len(self.missing) - NAMED} more" if len(self.missing) > NAMED else ""
        self.remarks["days_missing"] = f"no whole paper on {named}{more}"

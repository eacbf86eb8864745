"""The ways to find stories, how far to go along them, and what each turned out to be. No network, no Scrapy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pipeline.model import Known, Listing, PageKind, Reading, RouteReport, RouteState
from spiders.options import CrawlOptions

if TYPE_CHECKING:  # a site's module imports this one
    from spiders.site import Section

PAGES = 2000
"""Listing pages of one route at most, whatever is asked for: the longest real listing has about 500."""
MINUTE = 16
"""Length of an ISO time down to the minute, which is the most that a listing prints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way to find stories: a section's listing, a feed, a search."""

    name: str
    url: str
    floor: int = 0
    """Links that the first page must have."""
    max_age_days: int | None = None
    kind: PageKind = "listing"
    spare_for: str | None = None
    """The sections that tell the same, by what their names begin with: where one is fine, this may be old or dead."""
    most_pages: int = PAGES
    """Pages that one crawl reads at most, whatever is asked for."""

    @classmethod
    def of(cls, section: Section) -> Route:
        """The route along a section's listing."""
        return cls(
            name=section.name,
            url=section.url,
            floor=section.floor,
            max_age_days=section.max_age_days,
            kind="feed" if section.kind == "feed" else "listing",
            spare_for=section.spare_for,
        )


class RouteLost(Exception):
    """A route cannot be gone further, for a reason that has a name."""

    def __init__(self, state: RouteState, detail: str, *, gone: bool = False) -> None:
        super().__init__(detail)
        self.state = state
        self.detail = detail
        self.gone = gone
        """Whether the site said that there is no such page."""


def later(a: str, b: str) -> bool:
    """Whether ISO prefix `a` is later than `b`, as far as both of them say: a day is not later than its morning."""
    length = min(len(a), len(b), MINUTE)
    return a[:length] > b[:length]


def needs_fetch(listed: str | None, known: Known | None) -> bool:
    """Whether a story must be fetched: not known, or listed with a later time than when it was."""
    if known is None:
        return True
    return listed is not None and known.listed is not None and later(listed, known.listed)


def within(listed: str | None, options: CrawlOptions) -> bool:
    """Whether a listed time lies in the days that are asked for; a row without a time may, so it does."""
    if listed is None:
        return True
    if options.since is not None and later(options.since.isoformat(), listed):
        return False
    return options.until is None or not later(listed, options.until.isoformat())


@dataclass(slots=True, kw_only=True)
class Survey:
    """What the listing pages of one route have shown so far, and how far the listing is read with that.

    A reading that an earlier crawl left unfinished is gone on with: first the pages that came on top of it since (the
    head), then from its mark. Rows only move down a listing, so nothing lies between the two.
    """

    route: Route
    options: CrawlOptions
    page_limit: int
    """The source's own, which counts when neither a date nor a number is given."""
    before: Reading | None = None
    """How far earlier crawls had read the listing; None: it never was."""
    pages: int = 0
    links: int = 0
    first_links: int = 0
    new: int = 0
    newest: str | None = None
    oldest: str | None = None
    """Of the page last read."""
    state: Reading = field(default_factory=Reading)
    joined: bool = True
    """Whether the pages read now go on from the earlier reading, or there was none to go on from."""
    exhausted: bool = False
    """The last page held nothing that makes the next one worth asking for."""

    def __post_init__(self) -> None:
        if self.before is not None and self.before.mark is not None:
            self.state, self.joined = self.before, False

    def reach(self, listing: Listing) -> Reading:
        """How far the listing is read once the rows of this page are taken."""
        if not self.joined and listing.url != self.state.mark:
            return self.state  # of the head: were the mark moved up, a kill would leave a hole below
        self.joined = True
        times = _times(listing)
        self.state = Reading(
            mark=listing.url,
            pages=self.state.pages + 1,
            oldest=_earliest([*times, *([self.state.oldest] if self.state.oldest else [])]),
            newest=self.state.newest if self.state.pages else _latest(times),
        )
        return self.state

    def add(self, listing: Listing, new: int, *, fresh: bool) -> None:
        """Take one more page into account: `new` of its rows are to be fetched; `fresh`: some row was not known."""
        self.pages += 1
        self.links += len(listing.rows)
        self.new += new
        if self.pages == 1:
            self.first_links = len(listing.rows)
        times = _times(listing)
        self.newest = _latest([*times, *([self.newest] if self.newest else [])])
        self.oldest = _earliest(times)
        if self.options.since is not None:
            since = self.options.since.isoformat()
            self.exhausted = bool(times) and all(later(since, time) for time in times)
        else:
            self.exhausted = not fresh and self.below_what_was_read

    @property
    def below_what_was_read(self) -> bool:
        """Whether a page without news means that the rest is known: not where an earlier reading may have a hole."""
        if self.before is None or self.before.mark is None:
            return True
        return self.oldest is not None and self.before.oldest is not None and later(self.before.oldest, self.oldest)

    @property
    def head_is_read(self) -> bool:
        """Whether all that came on top of an unfinished reading has been seen, and its mark is next."""
        if self.joined or self.before is None or self.before.newest is None or self.oldest is None:
            return False
        return later(self.before.newest, self.oldest)

    @property
    def at_limit(self) -> bool:
        """Whether as many pages were read as one crawl may."""
        limit = self.options.max_pages
        if limit is None:
            limit = self.page_limit if self.options.since is None else self.route.most_pages
        return self.pages >= min(limit, self.route.most_pages)

    @property
    def over(self) -> bool:
        """Whether the next page need not be asked for."""
        return (self.joined and self.exhausted) or self.at_limit

    @property
    def whole(self) -> bool:
        """Whether a listing that ended here is read as far as it was to be.

        The limit of pages is where a first reading ends; a later one that meets it has more below it than it read, and
        the next crawl goes on there.
        """
        return self.joined and (self.exhausted or not self.at_limit or self.before is None)

    @property
    def covered(self) -> float:
        """Which share of the days that were asked for has been read, 0 to 1; 0 where no day was."""
        if self.options.since is None or self.oldest is None or self.newest is None:
            return 0.0
        try:
            top = date.fromisoformat((self.state.newest or self.newest)[:10])
            here = date.fromisoformat(self.oldest[:10])
        except ValueError:  # a listing that prints no more than a month
            return 0.0
        days = (top - self.options.since).days + 1
        return min(1.0, max(0.0, (top - here).days / days)) if days > 0 else 1.0

    def report(
        self, lost: RouteLost | None, today: date, remarks: Mapping[RouteState, str] | None = None
    ) -> RouteReport:
        """How the route went; `lost` is why it ended early, if it did, `remarks` what else the discovery saw."""
        state, detail = self.judge(lost, today)
        if remarks:
            state = next(iter(remarks)) if state == "ok" else state
            detail = "; ".join([*([detail] if detail else []), *remarks.values()])
        return RouteReport(
            route=self.route.name, state=state, links=self.links, new=self.new, detail=detail, url=self.route.url
        )

    def judge(self, lost: RouteLost | None, today: date) -> tuple[RouteState, str | None]:
        """The state and a line about it, None when all is well."""
        if lost is not None:
            return lost.state, lost.detail
        if self.first_links < self.route.floor:
            return "empty", f"{self.first_links} links on the first page, at least {self.route.floor} expected"
        if self.route.max_age_days is not None and self.newest is not None:
            oldest = (today - timedelta(days=self.route.max_age_days)).isoformat()
            if later(oldest, self.newest):
                return "all_old", f"the newest link is of {self.newest[:10]}"
        return "ok", None


def _times(listing: Listing) -> list[str]:
    return [row.published for row in listing.rows if row.published is not None]


def _earliest(times: Sequence[str]) -> str | None:
    return min(times, default=None)


def _latest(times: Sequence[str]) -> str | None:
    return max(times, default=None)

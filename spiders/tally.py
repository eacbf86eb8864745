"""What a crawl counts while it runs, and what those figures make of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipeline.model import CrawlProgress, RouteReport, RouteState, RunState

HARMLESS = frozenset({"page_gone", "not_an_article", "page_moved", "robots_denied", "host_refused"})
"""Kinds of failed story that are the site's business and no sign that we read it wrongly."""
DEAD = frozenset({"blocked", "script_shell", "failed", "empty"})
"""States of a route that did not give what it should have."""
NOBODYS_WORK: frozenset[RouteState] = frozenset({"ok", "no_hits", "dates_unheeded", "days_missing"})
"""States of a route that its run names and that become no issue: there is nothing that a person should do."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """The figures of one crawl."""

    listings: int = 0
    found: int = 0
    """Stories that were to be fetched."""
    fetched: int = 0
    bytes_received: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    """Stories that were stored, by what storing did."""
    failures: Counter[str] = field(default_factory=Counter)
    """Stories that gave no article, by kind of issue."""
    crashes: int = 0
    routes: list[RouteReport] = field(default_factory=list)
    spares: dict[str, str] = field(default_factory=dict)
    """Routes that others may stand in for, with what the names of those begin with."""
    planned: int = 0
    """Routes that are to be gone."""
    covered: dict[str, float] = field(default_factory=dict)
    """Which share of what was asked for each route has been read, 0 to 1."""

    @property
    def failed(self) -> int:
        """Stories that gave no article."""
        return self.failures.total() + self.outcomes["failed"]

    @property
    def unaccounted(self) -> int:
        """Stories that were to be fetched and of which nothing was heard again."""
        return max(0, self.found - self.outcomes.total() - self.failures.total())

    def progress(self, source: str, url: str) -> CrawlProgress:
        """The figures for a display; `url` is the page just done."""
        return CrawlProgress(
            source=source,
            listings=self.listings,
            found=self.found,
            fetched=self.fetched,
            new=self.outcomes["new"],
            revised=self.outcomes["revised"],
            unchanged=self.outcomes["unchanged"],
            failed=self.failed,
            bytes_received=self.bytes_received,
            url=url,
            covered=sum(self.covered.values()) / self.planned if self.planned else None,
        )

    def state(self, reason: str, errors: int) -> RunState:
        """`failed`: nothing was found out; `partial`: something is missing that was to be had; `ok`: neither.

        `reason` is why the crawl ended, `errors` what was logged and swallowed on the way.
        """
        if not self.routes or reason.startswith(("never_started", "sink_failed")):
            return "failed"
        if all(is_dead(route) and not route.links for route in self.routes) and not self.outcomes:
            return "failed"
        serious = any(kind not in HARMLESS for kind in self.failures) or self.outcomes["failed"]
        missed = any(self.is_missed(route) for route in self.routes)
        if reason != "finished" or errors or serious or missed or self.unaccounted:
            return "partial"
        return "ok"

    def is_missed(self, route: RouteReport) -> bool:
        """Whether a route did not give what it should have, and no other one gave the same."""
        stale = route.state == "all_old" and route.route in self.spares
        return (is_dead(route) or stale) and not self.is_spared(route)

    def is_spared(self, route: RouteReport) -> bool:
        """Whether another route that tells the same is fine: a feed may be old or dead where its sections are not."""
        subject = self.spares.get(route.route)
        return subject is not None and any(
            other.route.startswith(f"{subject}/") and other.state != "all_old" and not is_dead(other)
            for other in self.routes
        )


def is_dead(route: RouteReport) -> bool:
    """Whether a route gave nothing, or less than it must; another edition's rows are better than none."""
    return route.state in DEAD or (route.state == "redirected_edition" and not route.links)

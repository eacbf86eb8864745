"""What a crawl counts while it runs, and what those figures make of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipeline.model import CrawlProgress, RouteReport, RunState

HARMLESS = frozenset({"page_gone", "not_an_article", "page_moved", "robots_denied", "host_refused"})
"""Kinds of failed story that are the site's business and no sign that we read it wrongly."""
DEAD = frozenset({"blocked", "script_shell", "failed", "empty"})
"""States of a route that did not give what it should have."""


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
        if all(route.state in DEAD and not route.links for route in self.routes) and not self.outcomes:
            return "failed"
        serious = any(kind not in HARMLESS for kind in self.failures) or self.outcomes["failed"]
        dead = any(route.state in DEAD for route in self.routes)
        if reason != "finished" or errors or serious or dead or self.unaccounted:
            return "partial"
        return "ok"

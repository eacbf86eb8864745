"""What a crawl may be told: how far back, which sections, how fast, and where its hosts really stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from pipeline.model import CrawlProgress


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """All of it has a safe default."""

    since: date | None = None
    """Stories that a listing dates before this day are not fetched; the listings are read back to it."""
    until: date | None = None
    """Stories that a listing dates after this day are not fetched."""
    sections: tuple[str, ...] = ()
    """Names of sections; empty: the source's default ones, or none when there is a query."""
    query: str | None = None
    """Words for the source's own search."""
    revisit: timedelta = timedelta(days=7)
    """Stories published within this time are looked at again, at growing intervals; zero: none are."""
    max_pages: int | None = None
    """Listing pages a section at most; None: the source's own limit, or no limit with `since`."""
    user_agent: str = "policywire/0.1"
    """Sent with every request; should hold an address where the operator can be reached."""
    delay: float | None = None
    """Seconds between two requests to one host; None: the source's own delay."""
    per_host: int = 1
    """Requests that may be under way to one host at a time."""
    max_body_bytes: int = 8 * 1024 * 1024
    """Of a response, packed or unpacked; a larger one is dropped and becomes the issue `too_large`."""
    max_annex_bytes: int = 32 * 1024 * 1024
    """The same for an attached file."""
    timeout: float = 30.0
    """Seconds for one response, from connecting to its last byte."""
    max_seconds: float | None = None
    """For the whole crawl, which then ends with the reason `timeout`."""
    connect_to: Mapping[str, str] = field(default_factory=dict)
    """Like curl's --connect-to: `www.example.org:443` -> `127.0.0.1:8443`. Empty in production."""
    ca_file: Path | None = None
    """Certificates trusted beside the system's own, for sites whose chain is incomplete."""
    today: date | None = None
    """The day by which a listing counts as standing still; None: the real one."""
    progress: Callable[[CrawlProgress], None] | None = None
    """Told after every page."""

"""Asks again after a failure, and waits longer each time: a host that is down or says "later" is left in peace.

What waits is the host, not the request: while one page is to be asked for again nothing else of that host is.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from spiders.answers import Ending

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

LATER = frozenset({429, 503})
"""Statuses whose Retry-After says when to come again."""
LONGEST_WAIT = 300.0
"""Seconds that a crawl waits for a host; one that wants more is left alone until the next crawl."""
FIRST_WAIT = "POLICYWIRE_FIRST_WAIT"


class HostPaused(IgnoreRequest):
    """The host wants to be left alone for longer than a crawl waits."""


class Patience(RetryMiddleware):
    """Scrapy's retries, after a pause of the host that doubles with each failure in a row, or that the host names."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self.first_wait = settings.getfloat(FIRST_WAIT)
        self.until: dict[str, float] = {}
        """Host -> monotonic time at which it may be asked again."""
        self.failures: defaultdict[str, int] = defaultdict(int)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy calls it with the settings of `spiders.settings`."""
        return super().from_crawler(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait out the host's pause; raises HostPaused when it is too long, Ending when the crawl ends first."""
        host = _host(request)
        while (wait := self.until.get(host, 0.0) - time.monotonic()) > 0:
            if wait > LONGEST_WAIT:
                raise HostPaused(f"{host} asks to be left alone for {wait:.0f} s")
            spider: Any = self.crawler.spider
            try:
                await asyncio.wait_for(spider.ending.wait(), wait)
            except TimeoutError:
                continue
            raise Ending("the crawl is ending")

    def process_response(  # type: ignore[override] # Scrapy drops the spider that its own still takes
        self, request: Request, response: Response
    ) -> Request | Response:
        """The answer, or the request again where it says that there is something wrong for now."""
        if response.status not in self.retry_http_codes:
            if response.status < 400:
                self.failures.pop(_host(request), None)
            return response
        self.pause(request, retry_after(response) if response.status in LATER else None)
        return super().process_response(request, response)

    def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        """The request again where a connection failed."""
        if isinstance(exception, self.exceptions_to_retry):
            self.pause(request, None)
        return super().process_exception(request, exception)

    def pause(self, request: Request, asked: float | None) -> None:
        """Let the host rest for as long as it asked, or twice as long as after its last failure."""
        host = _host(request)
        own = min(self.first_wait * 2.0 ** min(self.failures[host], 16), LONGEST_WAIT)
        self.failures[host] += 1
        until = max(self.until.get(host, 0.0), time.monotonic() + max(own, asked or 0.0))
        self.until[host] = until
        downloader: Any = self.crawler.engine.downloader
        slot = downloader.slots.get(host)
        if slot is None:
            return
        slot.lastseen = until  # what is past us and waits for its turn waits on
        while slot.queue and until - time.monotonic() > LONGEST_WAIT:
            _, answer = slot.queue.popleft()
            answer.errback(HostPaused(f"{host} asks to be left alone"))


def retry_after(response: Response) -> float | None:
    """Seconds that an answer asks to wait, by its Retry-After (seconds or a date); None where it does not say."""
    said = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        at = parsedate_to_datetime(said)
        now = parsedate_to_datetime((response.headers.get("Date") or b"").decode("latin-1"))
        return max(0.0, (at - now).total_seconds())
    except (ValueError, TypeError, OverflowError):  # neither a number nor a date, or one of them without a zone
        return None


def _host(request: Request) -> str:
    return urlsplit(request.url).hostname or ""

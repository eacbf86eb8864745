"""Scrapy's downloader, held to the number of requests that a host may have under way."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from scrapy import Request
from scrapy.core.downloader import Downloader as ScrapysDownloader
from scrapy.core.downloader import Slot
from scrapy.http import Response
from twisted.internet.defer import Deferred


class Downloader(ScrapysDownloader):
    """Counts a request as under way from the moment at which it is begun.

    Scrapy 2.19 counts it when its task first runs, and until then takes further requests off the host's queue: several
    that have waited together are all sent at once, each over a connection of its own that is not kept.
    """

    def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> Coroutine[Any, Any, None]:
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)

"""Run one crawl of one source to its end and say how it went; the only module that starts a reactor.

Twisted's reactor starts once in a process, so `crawl` can be called once: each crawl is a process of its own.
Scrapy's exit status means nothing (it is 0 when every request failed), so a crawl is judged here by what it counted.
"""

from __future__ import annotations

import logging
import signal
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from twisted.logger import globalLogBeginner

from pipeline.model import CrawlReport
from spiders.annexes import AnnexSink
from spiders.connect import split_address
from spiders.options import CrawlOptions
from spiders.settings import crawl_settings
from spiders.sink import Sink
from spiders.site import Source
from spiders.spider import SourceSpider
from spiders.tally import Tally

__all__ = ["AnnexSink", "CrawlOptions", "CrawlReport", "Sink", "check", "crawl"]

logger = logging.getLogger(__name__)


def crawl(source: Source, sink: Sink, options: CrawlOptions, annexes: AnnexSink | None = None) -> CrawlReport:
    """Crawl the source into the sink; blocks until it is done, or until SIGTERM and the pages in hand are.

    Attached files go to `annexes`; None: they are not fetched. Raises ValueError for options that the source cannot
    fulfil, before anything is fetched.
    """
    check(source, options)
    started = datetime.now(UTC)
    told = {"name": source.name, "source": source, "sink": sink, "options": options, "annex_sink": annexes}
    spider_class = type(source.name, (SourceSpider,), told)
    process = AsyncCrawlerProcess(crawl_settings(source, options))
    _leave_the_log_to_python()
    logging.getLogger("scrapy").setLevel(logging.INFO)  # Scrapy sets it to DEBUG: several lines a page
    crawler = process.create_crawler(spider_class)
    task = process.crawl(crawler)
    with _stopped_by_signals(crawler):
        process.start(install_signal_handlers=False)
    error = task.exception() if task.done() and not task.cancelled() else None
    if error is not None:
        logger.error("the crawl could not run source=%s", source.name, exc_info=error)
    return judge(source, crawler, started, error)


def _leave_the_log_to_python() -> None:
    """Scrapy sends what Twisted logs to Python's log; until told otherwise Twisted prints what is critical as well."""
    globalLogBeginner.beginLoggingTo([], discardBuffer=True, redirectStandardIO=False)


def check(source: Source, options: CrawlOptions) -> None:
    """Raise ValueError, one line that says what is allowed, when the options do not fit the source."""
    source.chosen(options.sections)
    if options.query is not None and not source.searchable:
        raise ValueError(f"{source.name} has no search; leave --query out and choose sections")
    if options.query is not None and not options.query.strip():
        raise ValueError("--query is empty; give at least one word")
    if options.until is not None and options.since is None:
        raise ValueError(f"--until {options.until} needs --since: the day down to which listings are read")
    if options.since is not None and options.until is not None and options.since > options.until:
        raise ValueError(f"--since {options.since} lies after --until {options.until}")
    if not options.user_agent.isprintable() or not options.user_agent.strip():
        raise ValueError("the user agent must be one line that says who is asking")
    if options.ca_file is not None:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(options.ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise ValueError(f"no certificates (PEM) at {options.ca_file}: {error.strerror or error}") from error
    for asked, real in options.connect_to.items():
        split_address(asked)
        split_address(real)


def judge(source: Source, crawler: Crawler, started: datetime, error: BaseException | None) -> CrawlReport:
    """The report of a crawl that has ended, from its own figures and Scrapy's."""
    stats: Mapping[str, Any] = crawler.stats.get_stats() if crawler.stats is not None else {}
    spider = crawler.spider
    tally = spider.ledger.tally if isinstance(spider, SourceSpider) else Tally()
    reason = str(stats.get("finish_reason") or "never_started")
    if isinstance(spider, SourceSpider) and spider.ledger.why is not None:
        reason = f"{reason}: {spider.ledger.why}"
    if error is not None:
        reason = f"never_started: {type(error).__name__}: {error}"
    # A crash is logged once by us; what Scrapy swallowed is logged by Scrapy. Either way it is in this figure.
    errors = max(int(stats.get("log_count/ERROR", 0)), int(stats.get("spider_exceptions/count", 0)), tally.crashes)
    return CrawlReport(
        source=source.name,
        started_at=started,
        finished_at=datetime.now(UTC),
        state=tally.state(reason, errors),
        reason=reason,
        listings=tally.listings,
        articles_fetched=tally.fetched,
        new=tally.outcomes["new"],
        revised=tally.outcomes["revised"],
        unchanged=tally.outcomes["unchanged"] + tally.outcomes["alias"],
        failed=tally.failed,
        bytes_received=tally.bytes_received,
        errors=errors,
        routes=tuple(tally.routes),
    )


@contextmanager
def _stopped_by_signals(crawler: Crawler) -> Iterator[None]:
    """SIGTERM and SIGINT end the crawl after the page in hand, the second one at once; then all is as before.

    Scrapy's own handlers would wait for requests that have not been sent, and stay behind when the crawl is over.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    from twisted.internet import reactor

    told = False

    def end() -> None:
        if isinstance(crawler.spider, SourceSpider):
            crawler.spider.end("shutdown")

    def handle(number: int, _: FrameType | None) -> None:
        nonlocal told
        if told:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        told = True
        reactor.callFromThread(end)  # nothing may be done inside a signal handler

    def end_when_open() -> None:
        if told:
            end()

    crawler.signals.connect(end_when_open, signal=signals.spider_opened, weak=False)
    before = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

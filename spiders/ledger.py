"""What a crawl has met and what became of it: figures, issues, and the sink that everything must get into.

A story that cannot be had or read becomes an issue and the crawl goes on; a sink that cannot keep pages ends it, for
there is no use in fetching more.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from pipeline.articles import PARSER_VERSION
from pipeline.html import PageError
from pipeline.model import ArchiveRef, Issue, ListingRow, Page, SinkFailed
from spiders.options import CrawlOptions
from spiders.sink import Sink
from spiders.site import Source
from spiders.tally import Tally

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Ledger:
    """The books of one crawl; `end` is called when there is no use in going on."""

    def __init__(self, source: Source, sink: Sink, options: CrawlOptions, end: Callable[[str], None]) -> None:
        self.source = source
        self.sink = sink
        self.options = options
        self.end = end
        self.tally = Tally()
        self.seen: set[str] = set()
        """Addresses that stories led to, and what listings showed first, where it matters how far they are read."""
        self.why: str | None = None
        """A line about why the crawl was ended, if it was."""

    def is_first(self, url: str) -> bool:
        """Whether this crawl meets an address for the first time; http and https are one."""
        address = bare_address(url)
        if address in self.seen:
            return False
        self.seen.add(address)
        return True

    def has_news(self, needed: Sequence[ListingRow], found: Sequence[ListingRow]) -> bool:
        """Whether a listing page shows something that no earlier crawl had found: `found` now, or by another route.

        What is needed but was found earlier and could not be had yet is no news: the page was read before.
        """
        if self.options.since is None:
            self.seen.update(bare_address(row.url) for row in found)
        return any(bare_address(row.url) in self.seen for row in needed) or bool(found)

    def issue(self, error: PageError, url: str) -> Issue:
        """The issue that a page which gave no article is."""
        return Issue(
            kind=error.kind,
            source=self.source.name,
            url=url,
            detail=error.detail,
            selector=error.selector,
            version=PARSER_VERSION,
        )

    def reject(self, page: Page, ref: ArchiveRef, error: PageError) -> None:
        """A page that will give no article however often it is fetched."""
        self.tally.failures[error.kind] += 1
        self.trust(lambda: self.sink.reject(page, ref, self.issue(error, page.url)))

    def fail(self, issue: Issue, story: str) -> None:
        """A story that could not be had now, by its listed address; it is asked for again by a later crawl."""
        if issue.kind == "ending":  # not asked for at all; the run is partial for what it left
            return
        self.tally.failures[issue.kind] += 1
        self.note(issue)
        self.put_off(story, issue.detail)

    def put_off(self, story: str, why: str) -> None:
        """Let a later crawl ask for a story again, or give it up where it has failed for too long."""
        if self.trust(lambda: self.sink.put_off(story, why)):
            self.note(Issue(kind="given_up", source=self.source.name, url=story, detail=f"for a month: {why}"[:300]))

    def crashed(self, url: str, error: Exception) -> None:
        """An exception that nobody expected, in one story or route."""
        self.tally.crashes += 1
        self.tally.failures["crashed"] += 1
        logger.error("crashed url=%s", url, exc_info=error)
        try:
            self.note(
                Issue(kind="crashed", source=self.source.name, url=url, detail=f"{type(error).__name__}: {error}"[:300])
            )
            self.put_off(url, f"{type(error).__name__}: {error}")
        except SinkFailed as failed:
            self.give_up(failed)

    def note(self, issue: Issue) -> None:
        """Give an issue to the sink."""
        self.trust(lambda: self.sink.note(issue))

    def trust(self, act: Callable[[], T]) -> T:
        """Do what the crawl cannot go on without; whatever it raises is SinkFailed."""
        try:
            return act()
        except Exception as error:  # the sink's own kinds of error (disk, database) are not ours to list
            raise SinkFailed(f"{type(error).__name__}: {error}") from error

    async def trust_awaited(self, act: Awaitable[T]) -> T:
        """The same for what takes its time."""
        try:
            return await act
        except Exception as error:
            raise SinkFailed(f"{type(error).__name__}: {error}") from error

    def give_up(self, error: SinkFailed) -> None:
        """End the crawl: what is fetched could not be kept."""
        self.why = str(error)
        self.end("sink_failed")

    def tell(self, url: str) -> None:
        """Report progress."""
        if self.options.progress is not None:
            self.options.progress(self.tally.progress(self.source.name, url))


def bare_address(url: str) -> str:
    """An address without scheme and fragment: what is asked for once a crawl."""
    return url.partition("#")[0].partition("://")[2]

"""Where a crawl puts what it finds: the protocol that the archive and the database stand behind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Protocol

from pipeline.model import (
    ArchiveRef,
    Article,
    Issue,
    Known,
    Listing,
    ListingRow,
    Mark,
    Outcome,
    Page,
    PageKind,
    Reading,
    ReadingKey,
)


class Sink(Protocol):
    """Given to `crawl`; every call is made from the crawl's own thread; those that are awaited may overlap."""

    def known(self, url: str) -> Known | None:
        """What is held of that address; None: it must be fetched."""

    async def archive(self, page: Page) -> ArchiveRef:
        """Keep the page; it must be safe on disk when this returns. Awaited before the page is parsed."""

    def left_behind(self) -> Iterable[tuple[Page, ArchiveRef, ListingRow]]:
        """Stories that an earlier crawl archived and did not come to store, in the order of fetching, each once."""

    def archived(self, url: str, kind: PageKind) -> tuple[Page, ArchiveRef] | None:
        """One of those, or a file that belongs to one, by its address, given once; None: it must be fetched."""

    async def parse(self, page: Page) -> Article | Listing:
        """What an archived page holds; raises PageError."""

    async def store(
        self, article: Article, pages: Sequence[tuple[Page, ArchiveRef]], listed: ListingRow | None
    ) -> Outcome:
        """Extract from the article and store both, in one transaction; it is on disk when this returns."""

    def close(self) -> None:
        """The crawl has ended; nothing more will come."""

    def reject(self, page: Page, ref: ArchiveRef | None, issue: Issue) -> None:
        """Record that the page gave no article; its address counts as known from now on."""

    def note(self, issue: Issue) -> None:
        """Record an issue that has no page of its own, or whose page is to be tried again."""

    def unchanged(self, page: Page) -> None:
        """Record that the site said of a story that it is as we have it (status 304)."""

    # -- what is found and not yet had -------------------------------------------------------------------------

    def owed(self, after: Mark | None, limit: int) -> Sequence[tuple[Mark, ListingRow]]:
        """Stories that an earlier crawl, or this one, found and did not have, as far as they are due; oldest first."""

    def owe(self, rows: Sequence[ListingRow]) -> Sequence[ListingRow]:
        """Record that these stories are to be fetched; gives those of which that was not known."""

    def put_off(self, url: str, why: str) -> bool:
        """Record that a story could not be had now; True when it is given up with that."""

    def due_visits(self, window: timedelta) -> Sequence[ListingRow]:
        """Stories that were published inside the window and are due to be looked at again."""

    # -- listings ----------------------------------------------------------------------------------------------

    def reading(self, key: ReadingKey) -> Reading | None:
        """How far a listing was read by earlier crawls; None: never."""

    def take_page(self, key: ReadingKey, state: Reading, rows: Sequence[ListingRow], rank: int) -> Sequence[ListingRow]:
        """`owe` the rows of a listing page and record how far the listing is read, both or neither.

        `rank`: what is owed by a lower one comes back first.
        """

    def finish_reading(self, key: ReadingKey) -> None:
        """Record that a listing was read as far as it was to be."""

    def last_listing(self, url: str) -> Page | None:
        """The last copy of a listing page, from the archive; None when it is to be fetched whatever it holds."""

    def keep_listing(self, page: Page, ref: ArchiveRef) -> None:
        """Remember a listing page as the last copy."""

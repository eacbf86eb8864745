"""Where a crawl puts what it finds: the protocol that the archive and the database stand behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pipeline.model import ArchiveRef, Article, Issue, Known, ListingRow, Outcome, Page


class Sink(Protocol):
    """Given to `crawl`; every call is made from the crawl's own thread, one at a time."""

    def known(self, url: str) -> Known | None:
        """What is held of that address; None: it must be fetched."""

    def archive(self, page: Page) -> ArchiveRef:
        """Keep the page; it must be safe on disk when this returns. Called before the page is parsed."""

    def store(self, article: Article, pages: Sequence[tuple[Page, ArchiveRef]], listed: ListingRow | None) -> Outcome:
        """Extract from the article and store both, in one transaction."""

    def reject(self, page: Page, ref: ArchiveRef | None, issue: Issue) -> None:
        """Record that the page gave no article; its address counts as known from now on."""

    def note(self, issue: Issue) -> None:
        """Record an issue that has no page of its own, or whose page is to be tried again."""

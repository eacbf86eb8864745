"""What is handed to the store, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from pipeline.model import ArchiveRef, Article, ListingRow, Outcome, Page, Statements


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article to be stored, with the pages it was read from and what was extracted from it."""

    article: Article
    pages: Sequence[tuple[Page, ArchiveRef | None]]
    statements: Statements
    listed: ListingRow | None = None
    """What a listing said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What storing an article did."""

    article_id: str
    outcome: Outcome
    new: tuple[str, ...] = ()
    """Ids of statements that were not there before, in text order, quotes first."""
    changed: tuple[str, ...] = ()
    """Ids of statements whose record that counts has changed."""
    retired: tuple[str, ...] = ()
    revision: int = 1
    duplicate_of: str | None = None
    """The id of the article of earliest date that tells the same story, where that is another one."""
    completed: tuple[str, ...] = ()
    """Ids of announcements to which a file that came later has added names or goods."""
    told_before: str | None = None
    """The id of an article that tells the same story and was stored before this one, whatever their dates: readers of
    alerts have heard of it."""


OnNew = Callable[[Database, Stored], None]

TOLD_BEFORE = """
SELECT id FROM articles WHERE (id = :root OR duplicate_of = :root) AND seq < (SELECT seq FROM articles WHERE id = :id)
ORDER BY seq LIMIT 1
"""

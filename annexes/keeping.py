"""From a fetched file to the database: its text, and what its lists add to the announcement whose annex it is."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database

from annexes.reading import read_apart
from db.connection import transaction
from db.issues import add_issue
from db.keeping.annexes import (
    article_as_stored,
    articles_linking,
    due_annexes,
    held_text,
    keep_file,
    lose_annex,
    settle_annexes,
    texts_of,
)
from db.store import OnNew, Stored, add_page, refresh_statements
from pipeline.annexes import READER_VERSION
from pipeline.extract import EXTRACTOR_VERSION, extract
from pipeline.model import AnnexText, ArchiveRef, DueAnnex, Issue, Page

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexSink:
    """What a crawl gives attached files to (`spiders.annexes.AnnexSink`); its pages are archived before they come."""

    db: Database
    source: str
    run_id: int | None = None
    on_new: OnNew | None = None
    most: int = 20
    """Files of one article that are fetched."""

    def due(self, url: str | None, *, changed: bool, limit: int = 200) -> Sequence[DueAnnex]:
        """Files to fetch for the article at `url`; None: those that earlier crawls left."""
        return due_annexes(self.db, source=self.source, url=url, changed=changed, most=self.most, limit=limit)

    def held(self, page: Page) -> AnnexText | None:
        """What the same content gave before, at this address or another; None: it has to be read."""
        return held_text(self.db, page.body, READER_VERSION)

    def read(self, page: Page) -> AnnexText:
        """The text of a file, in a process of its own; may be called from any thread, touches no database."""
        return read_apart(page.body)

    def keep(self, page: Page, ref: ArchiveRef | None, text: AnnexText) -> None:
        """Store the page and what was read in it."""
        keep_annex(self.db, page, ref, text, run_id=self.run_id)

    def lose(self, due: DueAnnex, why: str, *, for_good: bool) -> None:
        """Note that a file could not be had."""
        lose_annex(self.db, due, why, for_good=for_good)

    def refuse(self, page: Page, ref: ArchiveRef | None) -> None:
        """Store a page that came in place of the file."""
        add_page(self.db, page, ref, run_id=self.run_id, outcome="failed")

    def settle(self, article_id: str) -> None:
        """All that could be had of the article's files has been kept: join it, and bring the statements up to date."""
        settle(self.db, article_id, on_new=self.on_new)


def keep_annex(db: Database, page: Page, ref: ArchiveRef | None, text: AnnexText, *, run_id: int | None) -> None:
    """Store a file's page and text in one transaction."""
    with transaction(db):
        page_id = add_page(db, page, ref, run_id=run_id)
        keep_file(db, page_id, page.url, text, source=page.source, version=READER_VERSION, now=page.fetched_at)


def settle(db: Database, article_id: str, *, on_new: OnNew | None, always: bool = False) -> Stored | None:
    """Join the files that were fetched to an article and extract once more, in one transaction.

    None where nothing has changed, or the extractor failed, which an issue row then tells.
    """
    with transaction(db):
        if not settle_annexes(db, article_id) and not always:
            return None
        article = article_as_stored(db, article_id)
        try:
            statements = extract(article, texts_of(db, article.attachments))
        except Exception as error:
            # the boundary of one article, as when it is stored: the file is kept, the job goes on
            log.exception("extractor failed", extra={"url": article.url})
            issue = Issue(
                kind="extractor_failed",
                source=article.source,
                url=article.url or "",
                detail=repr(error),
                version=EXTRACTOR_VERSION,
            )
            add_issue(db, issue, now=datetime.now(UTC))
            return None
        return refresh_statements(db, article_id, statements, on_new=on_new)


def text_of(db: Database, page: Page) -> AnnexText:
    """What an archived file says to today's reader; one that it has read before is not read again."""
    return held_text(db, page.body, READER_VERSION) or read_apart(page.body)


def rejoin_annex(db: Database, page: Page, ref: ArchiveRef, text: AnnexText) -> list[Stored]:
    """Store what an archived file says and bring the articles that link to it up to date; nobody is mailed."""
    keep_annex(db, page, ref, text, run_id=None)
    settled = (settle(db, article, on_new=None, always=True) for article in articles_linking(db, page.url))
    return [stored for stored in settled if stored is not None]

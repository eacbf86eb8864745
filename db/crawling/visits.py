"""What a crawl looks at again: stories that may still be edited, and listing pages that may not have changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from db.connection import row, rows, transaction
from db.crawling.frontier import settle
from db.issues import NOT_HAD, close_issues
from db.names import canonical_url, utc
from pipeline.model import ArchiveRef, ListingRow, Page

FIRST_VISIT = timedelta(hours=6)
"""After a story was first had; then as long again as it has been known, so 12 hours, a day, two, four …"""


def due_visits(db: Database, source: str, now: datetime, *, window: timedelta, limit: int = 200) -> list[ListingRow]:
    """Stories of the last `window` that are due to be looked at again, longest not seen first."""
    found = rows(
        db,
        _DUE,
        {
            "source": source,
            "now": utc(now),
            "from": utc(now - window),
            "first": FIRST_VISIT.total_seconds() / 86_400,
            "limit": limit,
        },
    )
    return [ListingRow(url=each["url"], title=each["title"] or "", published=each["listed_at"]) for each in found]


def note_visit(db: Database, page: Page) -> None:
    """Note that a story was looked at and the site said that nothing had changed."""
    with transaction(db):
        settle(db, [page.url])
        db.conn.execute(
            "UPDATE articles SET last_seen_at = max(last_seen_at, ?) "
            "WHERE id = (SELECT article_id FROM article_urls WHERE canonical_url = ?)",
            [utc(page.fetched_at), canonical_url(page.url)],
        )
        close_issues(db, url=page.url, kinds=NOT_HAD, reason="the page has not changed", now=page.fetched_at)


def keep_listing(db: Database, page: Page, ref: ArchiveRef) -> None:
    """Remember where the copy of a listing page lies that the next one is asked to differ from."""
    with transaction(db):
        db.conn.execute(
            "INSERT INTO listing_pages (url, source, warc_file, warc_offset, warc_length, fetched_at) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET warc_file = excluded.warc_file, "
            "warc_offset = excluded.warc_offset, warc_length = excluded.warc_length, fetched_at = excluded.fetched_at",
            [page.url, page.source, ref.file, ref.offset, ref.length, utc(page.fetched_at)],
        )


def kept_listing(db: Database, url: str) -> ArchiveRef | None:
    """Where the last copy of a listing page lies, if one is remembered."""
    found = row(db, "SELECT warc_file, warc_offset, warc_length FROM listing_pages WHERE url = ?", [url])
    if found is None:
        return None
    return ArchiveRef(file=found["warc_file"], offset=found["warc_offset"], length=found["warc_length"])


# A story that is gone, or that a listing led to before it was due, is not asked for; one that was found long after it
# was published is looked at by when we first had it. A look that gave no article, such as another layout, is one too.
_DUE = """
WITH young AS (
  SELECT a.url, r.title, a.listed_at, a.first_seen_at, max(a.last_seen_at, coalesce(
    (SELECT max(p.fetched_at) FROM pages AS p WHERE p.canonical_url = a.canonical_url), '')) AS looked_at
  FROM articles AS a JOIN revisions AS r ON r.id = a.revision_id
  WHERE a.source = :source AND a.sort_at BETWEEN :from AND :now AND a.gone_at IS NULL
)
SELECT url, title, listed_at FROM young
WHERE julianday(:now) - julianday(first_seen_at)
      >= max(:first, 2 * (julianday(looked_at) - julianday(first_seen_at)))
ORDER BY looked_at LIMIT :limit
"""

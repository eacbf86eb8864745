"""Pages and addresses: what was fetched, where its record lies, and which article it is of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from db.connection import insert, row, update
from db.crawling.frontier import settle
from db.keeping.copies import Identity
from db.names import body_digest, canonical_url, utc
from pipeline.model import ArchiveRef, Article, Known, Page

_LAST_PAGE = "SELECT listed_at, etag, last_modified FROM pages WHERE canonical_url = ? ORDER BY id DESC LIMIT 1"


def known(db: Database, url: str) -> Known | None:
    """What is known of `url`; None if it was never stored or rejected and has to be fetched."""
    canonical = canonical_url(url)
    listed = row(
        db,
        "SELECT a.listed_at FROM article_urls AS u JOIN articles AS a ON a.id = u.article_id WHERE u.canonical_url = ?",
        [canonical],
    )
    page = row(db, _LAST_PAGE, [canonical])
    if page is None:
        return Known(listed=listed["listed_at"], etag=None, last_modified=None) if listed else None
    times = [time for time in (listed and listed["listed_at"], page["listed_at"]) if time]
    return Known(listed=max(times, default=None), etag=page["etag"], last_modified=page["last_modified"])


def page_row(
    db: Database,
    page: Page,
    ref: ArchiveRef | None,
    *,
    outcome: str,
    run_id: int | None,
    listed: str | None,
    article: str | None,
    revision_id: int | None,
    parser_version: str | None,
) -> int:
    """Write the row of a page, or bring it up to date where its record was read before; gives its id."""
    columns = page_columns(page, ref) | {
        "outcome": outcome,
        "listed_at": listed,
        "article_id": article,
        "revision_id": revision_id,
        "parser_version": parser_version,
        "run_id": run_id,
    }
    settle(db, [url for url in (page.url, page.final_url) if url])
    before = ref and row(db, "SELECT * FROM pages WHERE warc_file = ? AND warc_offset = ?", [ref.file, ref.offset])
    if before and (before["canonical_url"], before["fetched_at"]) != (columns["canonical_url"], columns["fetched_at"]):
        # the archive was deleted and its file begun anew: of the page that lay there only this row is left
        lost = {"warc_file": None, "warc_offset": None, "warc_length": None}
        update(db, "pages", "id", before["id"], lost)
        before = None
    if not before:
        return insert(db, "pages", columns)
    # read again from the archive: what the crawl itself said of the page stays, and so does what it once gave
    kept = {"listed_at", "run_id"}
    if outcome == "failed":
        kept |= {"article_id", "revision_id"}
    elif before["outcome"] != "failed":
        kept.add("outcome")
    update(db, "pages", "id", before["id"], {name: new for name, new in columns.items() if name not in kept})
    return int(before["id"])


def add_addresses(
    db: Database, identity: Identity, article: Article, canonical: str, pages: Sequence[Page], seen_at: str
) -> None:
    """Every address that leads to the article: its own, those that redirected to it, and its further pages."""
    addresses = addresses_of(article, canonical, pages, alias=identity.alias)
    for address, (url, reason) in addresses.items():
        db.conn.execute(
            "INSERT OR IGNORE INTO article_urls (canonical_url, url, article_id, reason, first_seen_at) "
            "VALUES (?, ?, ?, ?, ?)",
            [address, url, identity.id, reason, seen_at],
        )


def addresses_of(article: Article, canonical: str, pages: Sequence[Page], *, alias: bool) -> dict[str, tuple[str, str]]:
    """Canonical address -> the address as it was given, and how it leads to the article."""
    found = {canonical: (article.url or "", "same_document" if alias else "primary")}
    for at, page in enumerate(pages):
        for url in (page.url, page.final_url):
            if url:
                reason = "same_document" if alias else "part" if at else "redirect"
                found.setdefault(canonical_url(url), (url, reason))
    return found


def page_columns(page: Page, ref: ArchiveRef | None) -> dict[str, Any]:
    """What the row of a page says of the page alone."""
    return {
        "url": page.url,
        "canonical_url": canonical_url(page.url),
        "final_url": page.final_url,
        "source": page.source,
        "kind": page.kind,
        "status": page.status,
        "fetched_at": utc(page.fetched_at),
        "digest": page.digest or body_digest(page.body),
        "size": len(page.body) if page.size is None else page.size,
        "etag": page.header("ETag"),
        "last_modified": page.header("Last-Modified"),
        "warc_file": ref.file if ref else None,
        "warc_offset": ref.offset if ref else None,
        "warc_length": ref.length if ref else None,
    }

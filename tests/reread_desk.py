"""Archives of generated pages, and what must be in a database whoever reads them again, and however often."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.records import records_of, warcinfo
from db.connection import rows
from demo.generated import Generated
from demo.render import page_paths
from ingest.reading import Batch, Sent
from pipeline.model import Page

DAY = datetime(2026, 9, 18, tzinfo=UTC)


def generated_pages(stories: int) -> list[Page]:
    """The pages of so many stories of each source, in the order of a crawl."""
    site = Generated(stories=stories, listings=8)
    return [
        Page(
            url=f"https://{story.host}{path}",
            source=source,
            body=site.answer(story.host, path).body,
            fetched_at=DAY + timedelta(seconds=number),
        )
        for source in site.sites
        for number in range(stories)
        for story in [site.story(source, number)]
        for path in page_paths(story)
    ]


def archive_of(folder: Path, pages: list[Page]) -> dict[str, int]:
    """Write pages into the file of their source and day; gives the offset of each by its address."""
    offsets = {}
    for source in sorted({page.source for page in pages}):
        (folder / source).mkdir(parents=True, exist_ok=True)
        with (folder / source / f"{DAY.date()}.warc.gz").open("wb") as file:
            file.write(warcinfo(source))
            for page in (page for page in pages if page.source == source):
                offsets[page.url] = file.tell()
                file.writelines(records_of(page))
    return offsets


_LASTING = {
    "articles": "SELECT id, canonical_url, kind, language, published_at, duplicate_of FROM articles",
    "revisions": "SELECT article_id, revision, digest FROM revisions",
    "addresses": "SELECT canonical_url, article_id FROM article_urls",
    "quotes": "SELECT id, article_id, text, speaker, title, organization FROM quotes WHERE retired_at IS NULL",
    "policies": "SELECT id, article_id, title, number, issued_on, instrument_id, entities, sectors FROM policies "
    "WHERE retired_at IS NULL",
    "attachments": "SELECT id, article_id, url, state, text, digest FROM attachments",
    "mails": "SELECT key, recipient FROM outbox",
    # of pages: what is noted without one, such as what robots.txt forbids, no archive tells
    "issues": "SELECT kind, source, url, selector, version, times FROM issues WHERE page_id IS NOT NULL",
}


def facts(db: Database, *but: str) -> dict[str, set[Any]]:
    """What must not depend on who read the pages, or when."""
    return {name: {tuple(r.values()) for r in rows(db, sql)} for name, sql in _LASTING.items() if name not in but}


def opened(batches: Iterable[Batch]) -> list[Batch]:
    """The batches with every page as it was read, whether its story was sent ready to be stored or not."""
    return [
        replace(one, found=tuple(read.opened() if isinstance(read, Sent) else read for read in one.found))
        for one in batches
    ]


def forker_of(pid: int) -> int | None:
    """The process that forks the readers of a reprocess; None while there is none."""
    return next((child for child in _children(pid) if b"readers.forker" in _command(child)), None)


def readers_of(pid: int) -> list[int]:
    """The processes that read for it."""
    forker = forker_of(pid)
    return sorted(_children(forker)) if forker is not None else []


def lives(*pids: int) -> bool:
    """Whether one of the processes has not ended."""
    for pid in pids:
        with suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] not in "ZX":
                return True
    return False


def _children(pid: int) -> set[int]:
    found: set[int] = set()
    with suppress(OSError):  # it has ended
        for each in Path(f"/proc/{pid}/task").glob("*/children"):
            with suppress(OSError):
                found |= {int(child) for child in each.read_text(encoding="ascii").split()}
    return found


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""

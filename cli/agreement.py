"""What archive and database say of each other: every row has its record, every page that gives an article its row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.files import SUFFIX, lies_between
from archive.records import ArchiveError
from archive.verify import check_file
from archive.warc import Archive
from db.crawling.archived import files_with_pages, is_superseded, pages_in
from db.crawling.frontier import is_owed
from pipeline.articles import parse
from pipeline.html import PageError
from pipeline.model import ArchiveRef, Article, Page


@dataclass(slots=True, kw_only=True)
class Checked:
    """A check that is going on: `faults` drives it, the figures grow meanwhile."""

    faults: Iterator[str]
    files: int = 0
    pages: int = 0
    size: int = 0
    parts: set[str] = field(default_factory=set)
    """Further pages of stories that are waited for."""


def check(
    archive: Archive,
    db: Database | None,
    source: str | None,
    since: date | None,
    progress: Callable[[Path, int], None],
) -> Checked:
    """Check the files of a source (or all), from a day on; without a database, the archive alone."""
    checked = Checked(faults=iter(()))
    checked.faults = _faults(checked, archive, db, source, since, progress)
    return checked


def missing_files(archive: Path, db: Database, source: str | None = None) -> list[str]:
    """Files that rows of the database point at and that are not there: only those are looked at."""
    return [name for name in files_with_pages(db, f"{source}/" if source else "") if not (archive / name).is_file()]


def _faults(
    checked: Checked,
    archive: Archive,
    db: Database | None,
    source: str | None,
    since: date | None,
    progress: Callable[[Path, int], None],
) -> Iterator[str]:
    if db is not None:
        for name in missing_files(archive.folder, db, source):
            if lies_between(name, since, None):
                yield f"{name} is missing, and with it {len(pages_in(db, name))} pages that the database knows"
    for path in archive.paths(f"{source}/*{SUFFIX}" if source else f"**/*{SUFFIX}"):
        if not lies_between(path.name, since, None):
            continue
        checked.files += 1
        wrong: list[str] = []
        known = pages_in(db, str(path.relative_to(archive.folder))) if db is not None else {}
        try:
            for ref, page in check_file(path, archive.folder, wrong):
                checked.pages += 1
                checked.size += ref.length
                progress(path, ref.offset + ref.length)
                wrong.extend(_disagreement(checked, db, ref, page, known.pop(ref.offset, None)))
                yield from wrong
                wrong.clear()
        except ArchiveError as error:
            wrong.append(str(error))
        yield from wrong
        for offset, row in known.items():
            place = f"{path.relative_to(archive.folder)}:{offset}"
            yield f"{place}: no whole page, but the database has one of {row['url']}"


def _disagreement(
    checked: Checked, db: Database | None, ref: ArchiveRef, page: Page, row: dict[str, Any] | None
) -> Iterator[str]:
    where = f"{ref.file}:{ref.offset}"
    if row is not None:
        said = {"url": row["url"], "status": row["status"], "size": row["size"], "length": row["warc_length"]}
        held = {"url": page.url, "status": page.status, "size": len(page.body), "length": ref.length}
        for name in held:
            if said[name] != held[name]:
                yield f"{where}: {name} is {held[name]}, but {said[name]} in the database"
    elif db is not None and _should_have_a_row(checked, db, page):
        yield (
            f"{where}: the database does not know this page of {page.url}; the next crawl takes it up where one "
            "died, else `policywire reprocess`"
        )


def _should_have_a_row(checked: Checked, db: Database, page: Page) -> bool:
    """Whether a page without a row gives an article that nothing else has given, and that nobody waits to complete."""
    if page.kind != "article" or not 200 <= page.status < 300 or is_superseded(db, page):
        return False
    try:
        article = parse(page)
    except PageError:
        return False
    if not isinstance(article, Article) or page.url in checked.parts:
        return False
    if is_owed(db, page.url):
        checked.parts.update(article.next_pages)
        return False
    return True

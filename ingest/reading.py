"""Reads a stretch of an archive: pages to articles and statements, in any process and on any machine.

What comes back is small and can be sent: pages without their bodies, and no record that says nothing of a story.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from archive.batch import Stretch, page_of, records_in
from archive.foreign import Sieve, is_ours
from archive.records import DamagedRecord
from db.keeping.stories import Story
from db.names import body_digest
from db.storing.prepared import PREPARED, Prepared, prepare
from pipeline.annexes import READER_VERSION
from pipeline.articles import PARSER_VERSION, parse
from pipeline.extract import EXTRACTOR_VERSION, extract
from pipeline.html import PageError, PageGone, PageMoved
from pipeline.model import ArchiveRef, Article, Issue, Page, Statements
from pipeline.shells import is_script_shell
from readers.wire import packed, unframed

log = logging.getLogger(__name__)

VERSION = f"{EXTRACTOR_VERSION} {PARSER_VERSION} {READER_VERSION}"
"""Of all that makes statements of a page: extractor, parsers, reader of attached files."""


class TookTooLong(Exception):
    """Raised into the reading of a record by whoever watches it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """What reading one archived page gave: an article, an issue, or neither for an attached file."""

    ref: ArchiveRef
    page: Page
    """Without its body; its digest, its size and the headers that are stored are there."""
    article: Article | None = None
    statements: Statements | None = None
    """Of the page alone, without the texts of attached files; None where the story runs over several pages."""
    issue: Issue | None = None
    """Why there is no article, or nothing extracted from it."""

    def story(self) -> Story:
        """A whole story, to be stored."""
        assert self.article is not None
        assert self.statements is not None
        return Story(article=self.article, pages=[(self.page, self.ref)], statements=self.statements)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A whole story as a reader sends it: ready to be stored, and itself packed for whoever needs more."""

    prepared: Prepared
    packed: bytes
    """What was read (`PageRead`), without the text."""

    @property
    def ref(self) -> ArchiveRef:
        """Where its page lies."""
        page = self.prepared.pages[0]
        return ArchiveRef(file=page["warc_file"], offset=page["warc_offset"], length=page["warc_length"])

    def opened(self) -> PageRead:
        """What was read."""
        read: PageRead = unframed(self.packed, ON_THE_WIRE)
        assert read.article is not None
        return replace(read, article=replace(read.article, text=self.prepared.text))

    def story(self) -> Story:
        """The story, to be stored from what was read."""
        return self.opened().story()


def sent(read: PageRead) -> PageRead | Sent:
    """What a reader sends of a page; whoever stores it then has little more to do than to write it."""
    if read.article is None or read.statements is None:
        return read
    try:
        prepared = prepare(read.story())
        if prepared.text != read.article.text:
            return read
        without_text = packed(replace(read, article=replace(read.article, text="")))
    except Exception:  # noqa: BLE001 - whoever stores it prepares it once more, and says why that cannot be done
        return read
    return Sent(prepared=prepared, packed=without_text)


ON_THE_WIRE: Final = frozenset(
    {
        ("archive.batch", "Stretch"),
        ("archive.places", "Place"),
        ("ingest.reading", "Batch"),
        ("ingest.reading", "PageRead"),
        ("ingest.reading", "Sent"),
        *PREPARED,
    }
)
"""Module and name of the classes that readers send beside those that pages and articles are made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What reading a stretch gave."""

    stretch: Stretch
    found: tuple[PageRead | Sent, ...] = ()
    """In the order of the records."""
    pages: int = 0
    """Pages in the stretch; of most listings and refusals nothing is in `found`."""
    first: int | None = None
    """Where the first record begins; None: none does."""
    reached: int = 0
    """Where the last record ends; the start of the stretch where there is none."""
    damaged: tuple[str, ...] = ()
    """Records that cannot be read, one line each."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Records of others that were passed over, by why."""
    unread: str | None = None
    """Why the stretch could not be read to its end."""


def read_stretch(
    stretch: Stretch,
    crashed: Mapping[int, str | None] = MappingProxyType({}),
    watch: Callable[[int], None] | None = None,
    *,
    sending: bool = False,
) -> Batch:
    """Read all records of a stretch; what one of them raises is told in the batch.

    Of the records at the offsets in `crashed` it is only noted that they ended their reader, and how; None: that even
    unpacking them did. `watch` is told each offset before its record is read. What goes to another process is made
    ready for that where it is `sending`. Raises ArchiveError where the file cannot be read.
    """
    found: list[PageRead | Sent] = []
    damaged: list[str] = []
    first, reached, pages = None, stretch.start, 0
    sieve = Sieve(hosts=dict(stretch.hosts))
    for ref, content in records_in(stretch, watch, sieve):
        if first is None:
            first = ref.offset
        elif ref.offset != reached:
            damaged.append(f"{ref.file} at {reached}: {ref.offset - reached} bytes hold no record")
        reached = ref.offset + ref.length
        how = crashed.get(ref.offset, "")
        if how is None:
            damaged.append(f"{ref.file} at {ref.offset}: the record ends whoever unpacks it")
            continue
        if not content:
            continue
        page = page_of(ref, content, sieve)
        if isinstance(page, DamagedRecord):
            damaged.append(str(page))
        elif page is not None:
            pages += 1
            read = _read(ref, page, how)
            if (
                read is not None
                and read.issue is not None
                and read.issue.kind == PageGone.kind
                and not is_ours(content)
            ):
                sieve.skipped["says that it is gone"] += 1  # what a site told others is not told of our own copy
            elif read is not None:
                found.append(sent(read) if sending else read)
    return Batch(
        stretch=stretch,
        found=tuple(found),
        pages=pages,
        first=first,
        reached=reached,
        damaged=tuple(damaged),
        skipped=dict(sieve.skipped),
    )


def _read(ref: ArchiveRef, page: Page, crashed: str) -> PageRead | None:
    """What a page gives, None where that is nothing; listings and feeds are passed over."""
    if page.kind == "attachment" and page.status < 300:
        return PageRead(ref=ref, page=without_body(page))
    if page.kind != "article" or (page.status >= 400 and page.status not in _GONE) or page.status == 304:
        return None  # answers that say nothing of the story: a crawl notes them and asks again
    if crashed:
        return _issue(ref, page, "crashed", crashed)
    try:
        article = parse(page)
    except PageMoved:
        return None  # it only led on; the page that it led to has a record of its own
    except PageError as error:
        return None if is_script_shell(page) else _issue(ref, page, error.kind, error.detail, error.selector)
    except TookTooLong as late:
        return _issue(ref, page, "crashed", str(late))
    except Exception as error:
        log.exception("parser failed", extra={"url": page.url})
        return _issue(ref, page, "crashed", repr(error))
    if not isinstance(article, Article):
        return None
    kept = without_body(page)
    if article.next_pages:
        return PageRead(ref=ref, page=kept, article=article)
    try:
        return PageRead(ref=ref, page=kept, article=article, statements=extract(article))
    except TookTooLong as late:
        return _issue(ref, page, "crashed", str(late))
    except Exception as error:
        log.exception("extractor failed", extra={"url": article.url})
        issue = unextracted(page, error)
        return PageRead(ref=ref, page=kept, article=article, issue=issue)


def without_body(page: Page) -> Page:
    """The page as far as its row needs it."""
    headers = tuple((name, said) for name, said in page.headers if name.lower() in _STORED)
    return replace(page, body=b"", headers=headers, digest=body_digest(page.body), size=len(page.body))


def unextracted(page: Page, error: Exception) -> Issue:
    """What to tell of a page from which nothing could be extracted."""
    return Issue(
        kind="extractor_failed", source=page.source, url=page.url, detail=repr(error), version=EXTRACTOR_VERSION
    )


def _issue(ref: ArchiveRef, page: Page, kind: str, detail: str, selector: str | None = None) -> PageRead:
    issue = Issue(kind=kind, source=page.source, url=page.url, detail=detail, selector=selector, version=PARSER_VERSION)
    return PageRead(ref=ref, page=without_body(page), issue=issue)


_GONE = frozenset({404, 410})
"""Answers that say the page is gone."""
_STORED = frozenset({"etag", "last-modified"})

"""Reads archived pages again, for the database that they were read into, or for a new one."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from annexes.keeping import reread_annex
from db.keeping.annexes import texts_of
from db.linking import regroup_article
from db.store import Stored, reject_page, store_article
from ingest.storing import reject_unextracted
from pipeline.articles import PARSER_VERSION, merge, parse
from pipeline.extract import extract
from pipeline.html import PageError, PageMoved
from pipeline.model import ArchiveRef, Article, Issue, Page
from pipeline.shells import is_script_shell

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Rereading:
    """Brings the database to what today's code makes of archived pages; the handler of `archive.batch.reprocess`.

    The pages of a story that runs over several are held until they are all there, so memory grows with the stories
    that are incomplete and not with the archive. Nobody is mailed about what is only read again.
    """

    db: Database
    outcomes: Counter[str] = field(default_factory=Counter)
    """Articles by outcome, statements `added`, `changed` and `retired`, and pages that gave no article as `failed`."""
    _stories: dict[str, _Story] = field(default_factory=dict)
    """Stories that wait for further pages, by the address of their first one."""
    _parts: dict[str, str] = field(default_factory=dict)
    """Address of a further page that is waited for -> address of its story's first page."""

    def handle(self, ref: ArchiveRef, page: Page) -> None:
        """Read one archived page or attached file again; listings and feeds are passed over."""
        if page.kind == "attachment" and page.status < 300:
            self._count(reread_annex(self.db, page, ref))
        if page.kind != "article" or (page.status >= 400 and page.status not in _GONE) or page.status == 304:
            return  # answers that say nothing of the story: a crawl notes them and asks again
        try:
            article = parse(page)
        except PageMoved:
            return  # it only led on; the page that it led to has a record of its own
        except PageError as error:
            if not is_script_shell(page):
                self._reject(ref, page, error)
            return
        if not isinstance(article, Article):
            return
        first = self._parts.pop(page.url, None)
        if first is not None:
            self._add_part(first, article, ref, page)
        elif article.next_pages:
            self._begin(article, ref, page)
        else:
            self._keep(article, [(page, ref)])

    def finish(self) -> None:
        """Store the stories of which some further page never came, with the pages there are."""
        for story in list(self._stories.values()):
            self._close(story)

    def _begin(self, article: Article, ref: ArchiveRef, page: Page) -> None:
        if earlier := self._stories.get(page.url):
            self._close(earlier)
        story = _Story(first=article, pages=[(page, ref)], wanted=list(article.next_pages))
        self._stories[page.url] = story
        self._parts |= dict.fromkeys(article.next_pages, page.url)

    def _add_part(self, first: str, article: Article, ref: ArchiveRef, page: Page) -> None:
        story = self._stories[first]
        story.wanted.remove(page.url)
        story.rest[page.url] = article
        story.pages.append((page, ref))
        if not story.wanted:
            self._close(story)

    def _close(self, story: _Story) -> None:
        for url in story.wanted:
            self._parts.pop(url, None)
        del self._stories[story.pages[0][0].url]
        parts = [story.rest[url] for url in story.first.next_pages if url in story.rest]
        self._keep(merge(story.first, parts), story.pages)

    def _keep(self, article: Article, pages: Sequence[tuple[Page, ArchiveRef]]) -> None:
        try:
            statements = extract(article, texts_of(self.db, article.attachments))
        except Exception as error:
            log.exception("extractor failed", extra={"url": article.url})
            reject_unextracted(self.db, pages, None, None, error)
            self.outcomes["failed"] += 1
            return
        stored = store_article(
            self.db, article, pages=pages, statements=statements, parser_version=PARSER_VERSION, run_id=None
        )
        regroup_article(self.db, stored.article_id)
        self.outcomes[stored.outcome] += 1
        self._count([stored])

    def _count(self, stored: Sequence[Stored]) -> None:
        for one in stored:
            self.outcomes["added"] += len(one.new)
            self.outcomes["changed"] += len(one.changed)
            self.outcomes["retired"] += len(one.retired)

    def _reject(self, ref: ArchiveRef, page: Page, error: PageError) -> None:
        self.outcomes["failed"] += 1
        issue = Issue(
            kind=error.kind,
            source=page.source,
            url=page.url,
            detail=error.detail,
            selector=error.selector,
            version=PARSER_VERSION,
        )
        reject_page(self.db, page, ref, issue, run_id=None, parser_version=PARSER_VERSION)


@dataclass(slots=True, kw_only=True)
class _Story:
    """A story that runs over several pages, while it is put together."""

    first: Article
    pages: list[tuple[Page, ArchiveRef]]
    wanted: list[str]
    rest: dict[str, Article] = field(default_factory=dict)


_GONE = frozenset({404, 410})
"""Answers that say the page is gone."""

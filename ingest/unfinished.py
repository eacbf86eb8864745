"""Stories that run over several pages, while they are put together from what is read one page after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.reading import PageRead
from pipeline.articles import merge
from pipeline.model import ArchiveRef, Article, Page, Statements

MOST = 500
"""Stories that wait; the one that has waited longest is then taken to be whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A story with all of its pages."""

    article: Article
    pages: Sequence[tuple[Page, ArchiveRef]]
    statements: Statements | None = None
    """Where the story is one page."""


@dataclass(slots=True, kw_only=True)
class Unfinished:
    """The stories that wait for further pages; those of one page go through.

    The pages of a story were fetched one after the other, so it waits for a short stretch of the archive; where one
    was never had, until the end or until many others wait.
    """

    _stories: dict[str, _Story] = field(default_factory=dict)
    """By the address of the first page, in the order of their coming."""
    _parts: dict[str, str] = field(default_factory=dict)
    """Address of a further page that is waited for -> address of its story's first page."""

    def take(self, read: PageRead, article: Article) -> Iterator[Whole]:
        """What is whole now that this page has been read."""
        page = (read.page, read.ref)
        first = self._parts.pop(read.page.url, None)
        if first is not None:
            story = self._stories[first]
            story.wanted.remove(read.page.url)
            story.rest[read.page.url] = article
            story.pages.append(page)
            if not story.wanted:
                yield self._close(first)
        elif article.next_pages:
            if read.page.url in self._stories:
                yield self._close(read.page.url)
            elif len(self._stories) >= MOST:
                yield self._close(next(iter(self._stories)))
            self._stories[read.page.url] = _Story(first=article, pages=[page], wanted=list(article.next_pages))
            self._parts |= dict.fromkeys(article.next_pages, read.page.url)
        else:
            yield Whole(article=article, pages=[page], statements=read.statements)

    def is_awaited(self, url: str) -> bool:
        """Whether a page is part of a story that waits for it."""
        return url in self._parts

    def close(self) -> Iterator[Whole]:
        """All that wait, with the pages there are."""
        for first in list(self._stories):
            yield self._close(first)

    def copy(self) -> Unfinished:
        """The same as it is now, whatever comes afterwards."""
        return Unfinished(_stories={url: story.copy() for url, story in self._stories.items()}, _parts={**self._parts})

    def begin_of(self, file: str) -> int | None:
        """Where in a file the first page lies that belongs to a story which waits."""
        refs = (ref for story in self._stories.values() for _page, ref in story.pages)
        return min((ref.offset for ref in refs if ref.file == file), default=None)

    def _close(self, first: str) -> Whole:
        story = self._stories.pop(first)
        for url in story.wanted:
            if self._parts.get(url) == first:
                del self._parts[url]
        parts = [story.rest[url] for url in story.first.next_pages if url in story.rest]
        return Whole(article=merge(story.first, parts), pages=story.pages)


@dataclass(slots=True, kw_only=True)
class _Story:
    first: Article
    pages: list[tuple[Page, ArchiveRef]]
    wanted: list[str]
    rest: dict[str, Article] = field(default_factory=dict)

    def copy(self) -> _Story:
        return _Story(first=self.first, pages=[*self.pages], wanted=[*self.wanted], rest={**self.rest})

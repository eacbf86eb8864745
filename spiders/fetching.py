"""Fetches beside the queue and archives: a fetched page is in the archive before anything reads it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from scrapy.http import Request, Response

from pipeline.model import ArchiveRef, Issue, Known, Page, PageKind
from spiders.answers import FORM, LOST, Ending, answer_state, page_of, why_lost
from spiders.ledger import Ledger
from spiders.routes import RouteLost

BLOCKS = 5
"""Answers of "not you" in a row after which the crawl ends: going on would be pressing the site."""


class Fetcher:
    """Fetches for one crawl; `download` is the engine's, through all middlewares."""

    def __init__(self, ledger: Ledger, download: Callable[[Request], Awaitable[Response]]) -> None:
        self.ledger = ledger
        self.download = download
        self.blocks = 0
        self.moved: dict[str, str] = {}
        """Where the endpoints that answer to forms were found to be."""

    async def fetch(
        self, url: str, kind: PageKind, headers: dict[str, str] | None = None, *, most_bytes: int | None = None
    ) -> tuple[Page, ArchiveRef | None]:
        """Fetch an address beside the queue (a listing, a later page of a story); archived when this returns.

        `most_bytes`: in place of the crawl's own cap. What an earlier crawl archived and did not come to store is not
        fetched again. Raises what `LOST` names.
        """
        meta = {"download_maxsize": most_bytes} if most_bytes else None
        request = Request(url, headers=headers, meta=meta, dont_filter=True)
        had = self.ledger.trust(lambda: self.ledger.sink.archived(request.url, kind))
        return had or await self.keep(await self.download(request), kind)

    async def post(
        self, url: str, kind: PageKind, headers: dict[str, str] | None = None
    ) -> tuple[Page, ArchiveRef | None]:
        """Send the form behind the `#` of an address by POST, and once more to where that led: a redirect loses it."""
        address, _, form = url.partition("#")
        page, ref = await self.keep(await self.download(posting(self.moved.get(address, address), form, headers)), kind)
        if page.form is None and page.final_url is not None:
            self.moved[address] = page.final_url
            page, ref = await self.keep(await self.download(posting(page.final_url, form, headers)), kind)
        if address in self.moved:
            page = replace(page, url=url, final_url=page.final_url or self.moved[address])
        return page, ref

    async def keep(self, response: Response, kind: PageKind) -> tuple[Page, ArchiveRef | None]:
        """The response as a page, archived; an answer 304 has nothing to archive."""
        page = page_of(response, self.ledger.source.name, kind)
        self.ledger.tally.bytes_received += len(response.body)
        state = answer_state(page)
        self.blocks = self.blocks + 1 if state == "blocked" else 0
        if self.blocks >= BLOCKS:
            self.ledger.end("blocked")
        if state == "unchanged":
            return page, None
        return page, await self.ledger.trust_awaited(self.ledger.sink.archive(page))

    async def listing(
        self, url: str, kind: PageKind = "listing", headers: dict[str, str] | None = None, *, posted: bool = False
    ) -> Page:
        """A page of a listing, answered with status 200 or, where it has not changed, the last copy of it.

        What is `posted` for is always asked for anew: to a POST with If-None-Match a server answers 412, as a block.
        Raises RouteLost.
        """
        last = None if posted else self.ledger.trust(lambda: self.ledger.sink.last_listing(url))
        try:
            ask = self.post if posted else self.fetch
            page, ref = await ask(url, kind, {**(headers or {}), **conditions(_copy(last))})
        except Ending:
            raise
        except LOST as error:
            why, detail = why_lost(error)
            raise RouteLost("blocked" if why == "robots_denied" else "failed", f"{why}: {detail}") from error
        state = answer_state(page)
        if state == "unchanged" and last is not None:
            return last
        if state == "blocked":
            raise RouteLost("blocked", f"status {page.status} from {url}")
        if state != "fine":
            raise RouteLost("failed", f"status {page.status} from {url}", gone=state == "gone")
        if ref is not None and conditions(_copy(page)) and not posted:
            self.ledger.trust(lambda: self.ledger.sink.keep_listing(page, ref))
        return page

    def note(self, issue: Issue) -> None:
        """Record something that a person should know."""
        self.ledger.note(issue)


def posting(address: str, form: str, headers: dict[str, str] | None) -> Request:
    """The request that posts a form."""
    return Request(
        address,
        method="POST",
        body=form,
        headers={**(headers or {}), "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"},
        meta={FORM: form},
        dont_filter=True,
    )


def conditions(known: Known | None) -> dict[str, str]:
    """The headers that ask for a page only if it is another than the copy that is known."""
    if known is None:
        return {}
    asked = (("If-None-Match", known.etag), ("If-Modified-Since", known.last_modified))
    return {name: value for name, value in asked if value}


def _copy(page: Page | None) -> Known | None:
    """What the site said by which a later copy can be told from this one."""
    if page is None:
        return None
    return Known(etag=page.header("ETag"), last_modified=page.header("Last-Modified"))

"""Archives the pages of a crawl, those that come while others are being synced together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from archive.warc import Archive
from pipeline.model import ArchiveRef, Page


@dataclass(frozen=True, slots=True)
class _Waiting:
    page: Page
    kept: asyncio.Future[ArchiveRef]


class Archiving:
    """Writes in a thread beside the crawl, in the order of asking; a page's turn is over when it is on the disk."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, page: Page) -> ArchiveRef:
        """Archive a page; raises ArchiveError."""
        one = _Waiting(page, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await one.kept

    async def _write(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting, []
                try:
                    refs = await asyncio.to_thread(self.archive.append_all, [one.page for one in taken])
                except Exception as error:  # noqa: BLE001 - whoever waits for it gets it
                    for one in taken:
                        if not one.kept.done():
                            one.kept.set_exception(error)
                    continue
                for one, ref in zip(taken, refs, strict=True):
                    if not one.kept.done():
                        one.kept.set_result(ref)
        finally:
            self._writing = None

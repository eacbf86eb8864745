"""A file that is made while it is sent: in threads, and no longer than somebody takes it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator

import anyio
from anyio import CancelScope, to_thread
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

log = logging.getLogger("policywire.web")

LONGEST = 3600.0
"""Seconds after which a download is cut off, for a reader that neither takes it nor goes away."""
AT_ONCE = 4
"""Downloads at the same time: each takes a part of a core, and pages must stay quick beside them."""

Ended = Callable[[], bool]
Make = Callable[[Ended], Generator[bytes, None, None]]
"""Makes the file; what it is given says whether to leave off."""

_free = threading.BoundedSemaphore(AT_ONCE)


class Download(Response):
    """An answer whose body `make` gives piece by piece; what goes wrong before the first piece is told on a page.

    When the reader goes away `make` is told to leave off, and closed.
    """

    def __init__(self, make: Make, *, name: str, media_type: str) -> None:
        self.status_code = 200
        self.background = None
        self.media_type = media_type
        self._make = make
        self.body = b""
        self.init_headers({"Content-Disposition": f'attachment; filename="{name}"'})
        del MutableHeaders(raw=self.raw_headers)["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        if scope["method"] == "HEAD":
            await self._begin(send)
            await send({"type": "http.response.body", "body": b""})
            return
        if not _free.acquire(blocking=False):
            raise HTTPException(
                503, f"{AT_ONCE} exports are being made; ask again in a minute.", headers={"Retry-After": "60"}
            )
        making = _Making(self._make)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_until_gone, receive, tasks.cancel_scope)
                with anyio.move_on_after(LONGEST) as limit:
                    await self._stream(making, send)
                tasks.cancel_scope.cancel()
            if limit.cancelled_caught:
                log.warning("download cut off", extra={"path": scope["path"], "s": LONGEST})
        except BaseExceptionGroup as group:  # how a task group wraps what went wrong in it
            raise group.exceptions[0] from None
        finally:
            with CancelScope(shield=True):
                await to_thread.run_sync(making.end)
            _free.release()

    async def _stream(self, making: _Making, send: Send) -> None:
        piece = await to_thread.run_sync(making.next, abandon_on_cancel=True)
        await self._begin(send)
        while piece:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await to_thread.run_sync(making.next, abandon_on_cancel=True)
        await send({"type": "http.response.body", "body": b""})

    async def _begin(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})


async def _until_gone(receive: Receive, scope: CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


class _Making:
    """The file in the making, one thread at a time."""

    def __init__(self, make: Make) -> None:
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._pieces = make(self._ended.is_set)

    def next(self) -> bytes:
        """The next piece; nothing at the end."""
        with self._lock:
            for piece in self._pieces:
                if piece:
                    return piece
            return b""

    def end(self) -> None:
        """Leave off; a piece in the making ends at once, because it asks."""
        self._ended.set()
        with self._lock:
            self._pieces.close()

"""The application below `/data`: made when it is first asked for, in a thread and event loop of its own.

Datasette renders in its event loop; in ours, every page of others would wait for a table of a thousand rows.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.formats import guarded
from web.data.tables import NAME

_OPEN = re.compile(rf"/{NAME}(?:/[A-Za-z0-9_~-]+(?:/[A-Za-z0-9_~,-]+)?)?(?:\.(?:json|csv))?")
"""The paths that are passed on: the database, its tables, queries and rows; none of Datasette's own `/-/` pages."""
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?")
_KEPT = frozenset({"content-type", "content-disposition", "location"})
_DROPPED = re.compile(r"(?:^|&)_(?:trace|ttl|context|stream)=[^&]*")

csv.field_size_limit(64 * 1024 * 1024)  # the text of a long article is one field


class Elsewhere:
    """An application in a thread of its own, begun by the first request."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._begun: tuple[asyncio.AbstractEventLoop, ASGIApp] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        there, app = await run_in_threadpool(self._begin)
        here = asyncio.get_running_loop()

        async def send_here(message: Message) -> None:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(_sent(send, message), here))

        asked = _answered(app, scope, send_here)
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asked, there))

    def _begin(self) -> tuple[asyncio.AbstractEventLoop, ASGIApp]:
        with self._lock:
            if self._begun is None:
                app = self._make()
                loop = asyncio.new_event_loop()
                threading.Thread(target=loop.run_forever, name="data", daemon=True).start()
                self._begun = loop, app
            return self._begun


def data_app(make: Callable[[], ASGIApp]) -> ASGIApp:
    """What is mounted at `/data`, over the application that `make` makes."""
    elsewhere = Elsewhere(make)

    async def data(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path == "/":
            await RedirectResponse(f"/data/{NAME}", 307)(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405)
        if not _OPEN.fullmatch(path):
            raise HTTPException(404)
        await elsewhere(_told(scope, path), receive, _cleaned(send, path))

    return data


def _told(scope: Scope, path: str) -> Scope:
    """The request as Datasette may see it: no cookie of ours, none of its switches for debugging and caching."""
    host = [(name, value) for name, value in scope["headers"] if name in (b"host", b"accept")]
    query = _DROPPED.sub("", scope["query_string"].decode("latin-1")).lstrip("&")
    return {
        "type": "http",
        "asgi": scope["asgi"],
        "http_version": scope.get("http_version", "1.1"),
        "method": scope["method"],
        "scheme": scope.get("scheme", "http"),
        "path": path,
        "raw_path": path.encode(),  # of the letters in _OPEN none is ever escaped
        "root_path": "",
        "query_string": query.encode("latin-1"),
        "headers": host,
        "client": scope.get("client"),
        "server": scope.get("server"),
    }


def _cleaned(send: Send, path: str) -> Send:
    """Only the headers that say what an answer is; every cell of a CSV guarded against spreadsheets."""
    csv_comes = False

    async def cleaned(message: Message) -> None:
        nonlocal csv_comes
        if message["type"] == "http.response.start":
            given = Headers(raw=message.get("headers", []))
            headers = MutableHeaders({name: value for name, value in given.items() if name.lower() in _KEPT})
            csv_comes = message["status"] == 200 and path.endswith(".csv")
            if csv_comes:
                headers["content-type"] = "text/csv; charset=utf-8"
            message = {"type": "http.response.start", "status": message["status"], "headers": headers.raw}
        elif csv_comes and message.get("body"):
            message = {**message, "body": _guarded_rows(message["body"])}
        await send(message)

    return cleaned


def _guarded_rows(written: bytes) -> bytes:
    """Rows of a CSV as Datasette writes them, whole ones at a time, with cells that no spreadsheet runs."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in csv.reader(io.StringIO(written.decode(), newline="")):
        writer.writerow([cell if _NUMBER.fullmatch(cell) else guarded(cell) for cell in row])
    return out.getvalue().encode()


async def _answered(app: ASGIApp, scope: Scope, send: Send) -> None:
    await app(scope, _nothing_more, send)


def _sent(send: Send, message: Message) -> Coroutine[Any, Any, None]:
    async def sent() -> None:
        await send(message)

    return sent()


async def _nothing_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}

"""Answers /healthz, /readyz and /metrics on loopback, in a thread of its own beside the scheduler.

It reads through a connection of its own that may not write, for a few seconds at most, keeps what it read for a
moment, and answers few at a time: whoever asks, however often, costs the scheduler little, and nothing that breaks here
ends it.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import urlsplit

import uvicorn
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jobs.beat import Heart
from jobs.report import Report, alive

log = logging.getLogger(__name__)

KEPT = 5.0
"""Seconds for which a report is told again instead of being made anew."""
ARCHIVE_KEPT = 600.0
"""The same for the size of the archive: each of its files is looked at."""
_PATIENCE = 10.0
"""Seconds that a question waits for another one's report."""
_AT_ONCE = 20
_HOSTS = ["127.0.0.1", "localhost", "[::1]", "::1"]
"""A page of a foreign site that rebinds its own name to this machine is not answered."""

Found = TypeVar("Found")


class Busy(Exception):
    """Somebody else's question has been under way for too long."""


@dataclass(slots=True)
class Kept(Generic[Found]):
    """What `make` gives, kept for `seconds`; one thread at a time makes it."""

    make: Callable[[], Found]
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _held: tuple[float, Found] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self) -> Found:
        """What is held, or what was made just now. Raises Busy."""
        if not self._lock.acquire(timeout=_PATIENCE):
            raise Busy
        try:
            if self._held is None or self.clock() - self._held[0] >= self.seconds:
                self._held = (self.clock(), self.make())
            return self._held[1]
        finally:
            self._lock.release()


def monitor_app(
    *, look: Callable[[], Report], heart: Heart, registry: CollectorRegistry, ready: Callable[[], bool]
) -> Starlette:
    """The application: `look` gives the newest report, `heart` is the scheduler's, `ready` says that it has begun."""

    def healthz(request: Request) -> Response:
        try:
            reasons = alive(look(), stopped_for=heart.stopped_for())
        except Busy:
            reasons = (("busy", "the state cannot be read: another question has been under way for too long"),)
        if not reasons:
            return JSONResponse({"status": "ok"})
        said = [{"reason": name, "detail": detail} for name, detail in reasons]
        return JSONResponse({"status": "failing", "reasons": said}, 503)

    def readyz(request: Request) -> Response:
        return JSONResponse({"ready": True}) if ready() else JSONResponse({"ready": False}, 503)

    def metrics(request: Request) -> Response:
        encode, kind = choose_encoder(request.headers.get("accept", ""))
        try:
            return Response(encode(registry), headers={"Content-Type": kind})
        except Busy:
            return Response("busy\n", 503)

    return Starlette(
        routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS, www_redirect=False)],
    )


def listen(where: str) -> socket.socket:
    """A socket that listens at `where`, such as `127.0.0.1:9350`. Raises OSError."""
    parts = urlsplit(f"//{where}")
    host = "127.0.0.1" if parts.hostname == "localhost" else str(parts.hostname)
    return socket.create_server((host, parts.port or 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)


class Monitor:
    """The server in its thread; `end` stops it."""

    def __init__(self, app: Starlette, bound: socket.socket) -> None:
        self._bound = bound
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                lifespan="off",
                ws="none",
                limit_concurrency=_AT_ONCE,
                timeout_keep_alive=5,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self._serve, name="monitor", daemon=True)

    def begin(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def end(self) -> None:
        """Answer no more; waits a moment, and no longer."""
        self._server.should_exit = True
        self._thread.join(3)
        self._bound.close()

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._bound])
        except (Exception, SystemExit):  # the thread's boundary: the scheduler goes on without being watched
            log.exception("monitoring has ended; the scheduler goes on")

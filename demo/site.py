"""The demo site: serves the world on loopback over TLS, under the real host names.

One HTTPS port answers for every host by its Host header, with a certificate of a throw-away CA made at start; clients
reach it as with `curl --connect-to` and trust `ca_file`. A second, plain port only sends people to https, as both
real sites do.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final, Protocol, Self

import trustme

from demo.routes import SECTION_ROWS, Answer, Routes
from demo.story import Story
from demo.world import load_world
from spiders.source import SOURCES

IDLE_SECONDS: Final = 15
MAX_CONNECTIONS: Final = 64
MOST_POSTED: Final = 10_000
"""Bytes of a form."""
_READ_ONLY: Final = ("GET", "HEAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One line of the request log."""

    method: str
    host: str
    path: str
    """With its query."""
    status: int


class Served(Protocol):
    """What a site can serve: the written world (`Routes`) or a generated one."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host with something on it."""

    def answer(self, host: str, target: str) -> Answer:
        """The response to a GET of `target` (path and query) on `host`, or to a POST of the form behind its `#`."""

    def changed(self) -> Served:
        """The same after the site has edited its stories."""


class DemoSite:
    """The running site, as a context manager; `with DemoSite() as site:`."""

    def __init__(
        self,
        stories: Sequence[Story] | None = None,
        *,
        folder: Path | None = None,
        rows: int = SECTION_ROWS,
        fill: bool = True,
        served: Served | None = None,
    ) -> None:
        """`folder` gets ca.pem (a temporary one is made if there is none); `rows` and `fill` as for `Routes`.

        `served` is served in place of the written stories.
        """
        self.served: Served = served or Routes(load_world() if stories is None else stories, rows=rows, fill=fill)
        self._folder = folder
        self._log: list[Request] = []
        self._lock = threading.Lock()
        self._servers: list[_Server] = []
        self._threads: list[threading.Thread] = []
        self._temporary: TemporaryDirectory[str] | None = None
        self.ca_file = Path()
        """The CA's certificate in PEM, once the site runs."""
        self.connect_to: Mapping[str, str] = {}
        """`host:port` -> `127.0.0.1:port`, for every host of the sources, once the site runs."""

    @property
    def routes(self) -> Routes:
        """The written world that is served."""
        assert isinstance(self.served, Routes), "generated stories are served"
        return self.served

    @property
    def hosts(self) -> tuple[str, ...]:
        """All hosts that the site answers for: those of the sources, so that no crawl can leave the machine."""
        return tuple(sorted({*self.served.hosts, *(host for source in SOURCES.values() for host in source.hosts)}))

    @property
    def requests(self) -> tuple[Request, ...]:
        """What was asked for so far, in order of the answers."""
        with self._lock:
            return tuple(self._log)

    def clear_log(self) -> None:
        """Forget the requests so far."""
        with self._lock:
            self._log.clear()

    def change(self) -> None:
        """Let the site edit its stories: from now on it serves their `[edited]` state."""
        self.served = self.served.changed()

    def start(self) -> None:
        """Make the certificates and begin to serve."""
        if self._folder is None:
            self._temporary = TemporaryDirectory(prefix="policywire-demo-")
            self._folder = Path(self._temporary.name)
        authority = trustme.CA()
        self.ca_file = self._folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*self.hosts).configure_cert(context)
        secure, plain = _Server(self, context), _Server(self, None)
        self._servers = [secure, plain]
        for server in self._servers:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            self._threads.append(thread)
        self.connect_to = {
            f"{host}:{port}": f"127.0.0.1:{server.server_address[1]}"
            for host in self.hosts
            for port, server in ((443, secure), (80, plain))
        }

    def stop(self) -> None:
        """End all connections and wait for them."""
        for server in self._servers:
            server.stop()
        for thread in self._threads:
            thread.join()
        self._servers, self._threads = [], []
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None
            self._folder = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def record(self, request: Request) -> None:
        """Add a line to the log."""
        with self._lock:
            self._log.append(request)


class _Server(ThreadingHTTPServer):
    """One port; with a context it speaks TLS, without one it only redirects."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, site: DemoSite, context: ssl.SSLContext | None) -> None:
        self.site = site
        self.secure = context is not None
        self._context = context
        self._slots = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a connection when a slot is free; no more than MAX_CONNECTIONS are served at a time."""
        self._slots.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Shake hands in the connection's own thread, so that a silent client stops nobody else."""
        try:
            request.settimeout(IDLE_SECONDS)
            if self._context is not None:
                try:
                    request = self._context.wrap_socket(request, server_side=True)
                except (OSError, ssl.SSLError):
                    request.close()
                    return
            with self._guard:
                self._open.add(request)
            try:
                super().process_request_thread(request, client_address)
            finally:
                with self._guard:
                    self._open.discard(request)
        finally:
            self._slots.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle is no news; anything else is a fault of ours and must be seen."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """Stop accepting, end the connections that idle, wait for their threads."""
        self.shutdown()
        with self._guard:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client was faster
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").partition(":")[0].lower()
        if not self.server.secure:
            moved = Answer(body=b"", status=HTTPStatus.MOVED_PERMANENTLY)
            self._send(host, moved, {"Location": f"https://{host}{self.path}"})
            return
        answer = self.server.site.served.answer(host, self.path)
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:20]}"'
        headers = {"ETag": tag} if answer.status == HTTPStatus.OK else {}
        if answer.location is not None:
            headers["Location"] = answer.location
        if answer.changed is not None:
            headers["Last-Modified"] = format_datetime(answer.changed.astimezone(UTC), usegmt=True)
        if answer.status == HTTPStatus.OK and self._is_known(tag, answer.changed):
            answer = Answer(body=b"", status=HTTPStatus.NOT_MODIFIED, kind=answer.kind)
        self._send(host, answer, headers)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        form = self.rfile.read(int(length)) if length.isdigit() and int(length) <= MOST_POSTED else None
        host = (self.headers.get("Host") or "").partition(":")[0].lower()
        if form is None:
            self.close_connection = True
            answer = Answer(body=b"", status=HTTPStatus.BAD_REQUEST)
        elif not self.server.secure:
            answer = Answer(body=b"", status=HTTPStatus.MOVED_PERMANENTLY)
        elif "If-None-Match" in self.headers or "If-Modified-Since" in self.headers:
            answer = Answer(body=b"", status=HTTPStatus.PRECONDITION_FAILED)
        else:
            answer = self.server.site.served.answer(host, f"{self.path}#{form.decode('ascii', 'replace')}")
        moved = {} if self.server.secure else {"Location": f"https://{host}{self.path}"}
        self._send(host, answer, moved)

    def _send(self, host: str, answer: Answer, headers: Mapping[str, str]) -> None:
        self.server.site.record(Request(method=self.command, host=host, path=self.path, status=answer.status))
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _is_known(self, tag: str, changed: datetime | None) -> bool:
        """Whether the client's conditional headers say that it has this very page."""
        if (tags := self.headers.get("If-None-Match")) is not None:
            return tag in (part.strip().removeprefix("W/") for part in tags.split(","))
        since = self.headers.get("If-Modified-Since")
        if since is None or changed is None:
            return False
        try:
            return changed.replace(microsecond=0) <= parsedate_to_datetime(since)
        except ValueError:
            return False

    def log_message(self, format: str, *args: Any) -> None:
        """Requests go to the site's own log, not to stderr."""

"""A real HTTP server on loopback that takes pings, and answers as a test wants it to."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Switch:
    """What was pinged, path and body; answers are used up one by one, then all is well."""

    heard: list[tuple[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    leads_to: str = ""
    port: int = 0

    @property
    def paths(self) -> list[str]:
        return [path for path, _body in self.heard]


@contextmanager
def switch(*, answers: Sequence[int] = (), tls: ssl.SSLContext | None = None) -> Iterator[Switch]:
    """A dead-man's switch on a free port."""
    told = Switch(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.heard.append((self.path, body))
            self.send_response(told.answers.pop(0) if told.answers else 200)
            if told.leads_to:
                self.send_header("Location", told.leads_to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        told.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()

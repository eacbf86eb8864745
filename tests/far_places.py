"""Real servers on loopback that files are read from by ranges: a web server that can fail, and one that speaks S3."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

KEY, SECRET = "DESKKEY", "desk-secret"


@dataclass
class RangeServer:
    """Files by path. `failures` go to a GET each: ("status", 503), or ("cut", 10) to hang up after ten bytes."""

    files: dict[str, bytes] = field(default_factory=dict)
    failures: list[tuple[str, int]] = field(default_factory=list)
    ranges: bool = True
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, path and range of each request."""
    url: str = ""

    def sent_ranges(self) -> list[str]:
        return [wanted for method, _, wanted in self.asked if method == "GET"]


@contextmanager
def serving(**files: bytes) -> Iterator[RangeServer]:
    """A web server that knows Range, until the block is left."""
    state = RangeServer(files={f"/{name}": body for name, body in files.items()})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self.answer(head=True)

        def do_GET(self) -> None:
            self.answer(head=False)

        def answer(self, *, head: bool) -> None:
            path, wanted = self.path.partition("?")[0], self.headers.get("Range", "")
            state.asked.append((self.command, path, wanted))
            kind, number = state.failures.pop(0) if state.failures and not head else ("", 0)
            body = state.files.get(path)
            if kind == "status" or body is None:
                self.send_response(number or 404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            span = re.fullmatch(r"bytes=(\d+)-(\d+)", wanted) if state.ranges else None
            piece = body[int(span[1]) : int(span[2]) + 1] if span else body
            self.send_response(206 if span else 200)
            if span:
                self.send_header("Content-Range", f"bytes {span[1]}-{int(span[1]) + len(piece) - 1}/{len(body)}")
            self.send_header("Content-Length", str(len(piece)))
            self.end_headers()
            if not head:
                self.wfile.write(piece[:number] if kind == "cut" else piece)
            self.close_connection = kind == "cut"

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # type: ignore[method-assign] # a client that hangs up is the test
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def serving_s3(folder: Path, *, public: bool = False) -> Iterator[str]:
    """rclone's S3 server over a folder whose folders are buckets; gives its address.

    A public one asks nobody for a name.
    """
    program = shutil.which("rclone", path=str(Path(sys.executable).parent)) or "rclone"
    keys = [] if public else ["--auth-key", f"{KEY},{SECRET}"]
    command = [program, "serve", "s3", "--addr", "127.0.0.1:0", "--config", "", "--dir-cache-time", "0s", *keys, "."]
    server = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    try:
        for line in server.stderr:
            if found := re.search(r"\[(http://127\.0\.0\.1:\d+)/\]", line):
                break
        else:
            raise AssertionError("rclone did not start")
        yield found[1]
    finally:
        server.terminate()
        server.wait()
        server.stderr.close()

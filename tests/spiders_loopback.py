"""A real HTTPS server on loopback that stands for any hosts, and crawls of it in processes of their own.

Pages are invented. A page is registered under its address; whatever is not registered is answered with 404.
"""

from __future__ import annotations

import atexit
import json
import os
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

from spiders.source import SOURCES

ROOT = Path(__file__).resolve().parents[1]
CD = "https://www.chinadaily.com.cn"


@dataclass
class Answer:
    """What the server says to one address."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    before: Callable[[], None] | None = None
    """Called before the answer is sent, e.g. to make it slow."""
    cut: int | None = None
    """Close the connection after this many bytes of the body."""


class Site:
    """Pages by address, and what was asked for, in order; of a POST the form stands behind a `#`."""

    def __init__(self, folder: Path) -> None:
        self.pages: dict[str, Answer | list[Answer]] = {}
        self.asked: list[str] = []
        self.headers: dict[str, dict[str, str]] = {}
        self.clients: set[tuple[str, int]] = set()
        """The far ends of all connections."""
        self.most_at_once = 0
        self.lock = threading.Lock()
        self.at_once = 0
        authority = trustme.CA()
        self.ca_file = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        names = {name for source in SOURCES.values() for name in (source.domain, f"*.{source.domain}")}
        certificate = authority.issue_cert(*sorted(names))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        self.tls = self.serve("https", context)
        self.plain = self.serve("http", None)

    def serve(self, scheme: str, context: ssl.SSLContext | None) -> ThreadingHTTPServer:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet: two would wait 40 ms for each other
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                site.answer(self, f"{scheme}://{self.headers['Host']}{self.path}")

            def do_POST(self) -> None:
                form = self.rfile.read(int(self.headers["Content-Length"])).decode()
                site.answer(self, f"{scheme}://{self.headers['Host']}{self.path}#{form}")

            def log_message(self, *args: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.daemon_threads = True
        server.handle_error = lambda *args: None  # type: ignore[method-assign] # a client that goes away is the test
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server

    def answer(self, handler: BaseHTTPRequestHandler, url: str) -> None:
        with self.lock:
            self.asked.append(url)
            self.clients.add(handler.client_address)
            self.headers[url] = dict(handler.headers)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            found = self.pages.get(url, Answer(b"no such page", 404))
            if isinstance(found, list):  # one after the other, the last one for good
                found = found.pop(0) if len(found) > 1 else found[0]
        if found.before is not None:
            found.before()
        handler.send_response(found.status)
        for name, value in found.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(found.body)))
        with self.lock:  # before the last byte: the client asks for the next page as soon as it has this one
            self.at_once -= 1
        handler.end_headers()
        handler.wfile.write(found.body[: found.cut])
        if found.cut is not None:
            handler.close_connection = True

    def add(self, url: str, body: str | bytes = b"", **rest: Any) -> None:
        self.pages[url] = Answer(body.encode() if isinstance(body, str) else body, **rest)

    def connect_to(self, *hosts: str) -> dict[str, str]:
        ports = {"443": self.tls.server_address[1], "80": self.plain.server_address[1]}
        return {f"{host}:{port}": f"127.0.0.1:{real}" for host in hosts for port, real in ports.items()}

    def count(self, part: str) -> int:
        return sum(part in url for url in self.asked)

    def stories(self) -> list[str]:
        return [url for url in self.asked if "/WS" in url or "/art_" in url]

    def close(self) -> None:
        for server in (self.tls, self.plain):
            server.shutdown()
            server.server_close()


@contextmanager
def loopback(folder: Path) -> Iterator[Site]:
    """A running site."""
    site = Site(folder)
    try:
        yield site
    finally:
        site.close()


CHINA_DAILY_HOSTS = ("www.chinadaily.com.cn", "global.chinadaily.com.cn", "newssearch.chinadaily.com.cn")
MOFCOM_HOSTS = ("www.mofcom.gov.cn", "english.mofcom.gov.cn", "aqygzj.mofcom.gov.cn")


@dataclass
class Crawled:
    """What a crawl said when it ended, and what its sink was given."""

    report: dict[str, Any]
    folder: Path
    stderr: str
    peak_rss: int = 0

    @property
    def events(self) -> list[dict[str, Any]]:
        path = self.folder / "events.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def of(self, what: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["what"] == what]

    def kinds(self) -> list[str]:
        return sorted(event["kind"] for event in self.events if event["what"] in ("note", "reject"))


class Crawling:
    """A crawl that runs in a process of its own."""

    def __init__(self, told: dict[str, Any], folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.out, self.err = folder / "stdout", folder / "stderr"
        self.pid = int(_ask({"crawl": told, "out": str(self.out), "err": str(self.err)}))

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def wait(self) -> int:
        """Its exit status; negative for a signal."""
        return int(_ask({"wait": self.pid}))


@cache
def _starter() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.spiders_run"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def end() -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait()
        process.stdout.close()

    atexit.register(end)
    return process


def _ask(question: dict[str, Any]) -> str:
    process = _starter()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(question) + "\n")
    process.stdin.flush()
    return process.stdout.readline()


def begin(site: Site, folder: Path, source: str, **options: Any) -> Crawling:
    """Start a crawl of the site in a process of its own."""
    told = {
        "source": source,
        "folder": str(folder),
        "connect_to": site.connect_to(*SOURCES[source].hosts),
        "ca_file": str(site.ca_file),
        "delay": 0,
        "today": "2026-11-20",
        **options,
    }
    return Crawling(told, folder)


def finish(process: Crawling) -> Crawled:
    """Wait for a crawl and read what it said."""
    status = process.wait()
    out, err = process.out.read_text(), process.err.read_text()
    assert out, f"the crawl gave no report (exit {status}):\n{err}"
    told = json.loads(out)
    return Crawled(report=told["report"], folder=process.folder, stderr=err, peak_rss=told["peak_rss"])


def crawl(site: Site, folder: Path, source: str = "china_daily", **options: Any) -> Crawled:
    """One crawl from beginning to end."""
    return finish(begin(site, folder, source, **options))


def wait_until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for something another process does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        threading.Event().wait(0.01)


def story_url(day: str, number: int) -> str:
    """An address in China Daily's shape: `day` is YYYY-MM-DD."""
    return f"{CD}/a/{day[:7].replace('-', '')}/{day[8:]}/WS{number:024x}.html"


def story(title: str, body: str = "Growers said the rule helps them.", updated: str = "2026-11-18 09:30") -> str:
    """A story in China Daily's markup of today."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>
    <div id="lft-art" class="lft_art"><h1>{title}</h1>
    <div class="info"><span class="info_l">By Nora Field | China Daily | Updated: {updated}</span></div>
    <div id="Content"><p>The Kestrel Bay customs office published a notice on pears on Wednesday.</p>
    <p>{body}</p></div></div></body></html>"""


def listing(rows: list[tuple[str, str, str]], next_page: str | None = None) -> str:
    """A section listing in China Daily's markup: rows of (address, title, printed time)."""
    items = "".join(
        f'<div class="mb10 tw3_01_2 "><span class="tw3_01_2_t"><h4><a href="{url.removeprefix("https:")}">{title}</a>'
        f"</h4><b>{time}</b></span></div>"
        for url, title, time in rows
    )
    pager = f'<a class="pagestyle" href="{next_page.removeprefix("https:")}">Next</a>' if next_page else ""
    pages = f'<div id="div_currpage"><span>1</span>{pager}</div>'
    return f"<html><head><title>China</title></head><body>{items}{pages}</body></html>"


def rows(day: str, first: int, count: int) -> list[tuple[str, str, str]]:
    """Rows for stories of one day, newest first."""
    return [
        (story_url(day, first + n), f"Story {first + n}", f"{day} {20 - n // 3:02d}:{(59 - n) % 60:02d}")
        for n in range(count)
    ]

"""WARC files of invented pages as Common Crawl's news crawl writes them: mostly other people's, some of our sources.

A file opens with a `warcinfo`; a capture is a `request`, a `response` and sometimes a `metadata` record, each a gzip
member of its own. Bodies are as a crawler may leave them: as they came (chunked, packed), or unpacked under headers
that were renamed to `X-Crawl-…`.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import random
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import brotli
from isal import isal_zlib

Encoding = Literal["gzip", "deflate", "br"]
WHEN = datetime(2026, 11, 3, 6, 30, tzinfo=UTC)
_LEVEL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One answer of a server, and how the crawler wrote it down."""

    url: str
    body: bytes
    at: datetime = WHEN
    status: str = "200 OK"
    media: str | None = "text/html; charset=utf-8"
    encoding: Encoding | None = None
    """How the body is packed in the record."""
    chunked: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    """More HTTP headers, or others in the place of those that are made."""
    kind: str = "response"
    fields: Mapping[str, str] = field(default_factory=dict)
    """More WARC fields, or others in the place of those that are made."""
    digests: bool = True
    cut: int | None = None
    """Bytes of the body after which the record ends."""
    version: str = "1.0"


def packed(body: bytes, encoding: Encoding | None) -> bytes:
    """A body as a server would send it."""
    if encoding == "gzip":
        return gzip.compress(body, 6, mtime=0)
    if encoding == "deflate":
        return zlib.compress(body)
    return brotli.compress(body, quality=5) if encoding == "br" else body


def in_chunks(body: bytes, size: int = 4000) -> bytes:
    """A body in chunks, as HTTP/1.1 sends it."""
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def record_of(capture: Capture) -> bytes:
    """The record of a capture, not packed."""
    body = packed(capture.body, capture.encoding)
    if capture.chunked:
        body = in_chunks(body)
    headers: dict[str, str] = {"Content-Type": capture.media} if capture.media else {}
    if capture.encoding:
        headers["Content-Encoding"] = capture.encoding
    headers["Transfer-Encoding" if capture.chunked else "Content-Length"] = (
        "chunked" if capture.chunked else str(len(body))
    )
    head = f"HTTP/1.1 {capture.status}\r\n" + _lines({**headers, **capture.headers}) + "\r\n"
    return _record(capture.kind, head.encode("latin-1") + body[: capture.cut], capture)


def request_of(capture: Capture) -> bytes:
    """The request that a capture answers, not packed."""
    parts = urlsplit(capture.url)
    block = f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: newsbot\r\n\r\n".encode()
    return _record("request", block, capture)


def member(record: bytes) -> bytes:
    """A record as a gzip member."""
    deflate = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, 31)
    return bytes(deflate.compress(record) + deflate.flush())


def write_file(path: Path, captures: Iterable[Capture], *, packing: bool = True) -> int:
    """Write a file of captures, and give how many records it holds; without `packing` a plain `.warc`."""
    pack = member if packing else bytes
    path.parent.mkdir(parents=True, exist_ok=True)
    info = b"software: an invented crawler\r\nformat: WARC File Format 1.0\r\n"
    count = 1
    with path.open("wb") as file:
        about = Capture(
            url="", body=b"", fields={"Content-Type": "application/warc-fields", "WARC-Filename": path.name}
        )
        file.write(pack(_record("warcinfo", info, about)))
        for number, capture in enumerate(captures):
            records = [request_of(capture), record_of(capture)]
            if number % 50 == 0:
                records.append(_record("metadata", b"fetchTimeMs: 250\r\n", capture))
            for record in records:
                file.write(pack(record))
                count += 1
    return count


def other_people(count: int, seed: int = 1, size: int = 60_000) -> Iterator[Capture]:
    """Captures of invented sites that are nobody's source; pages are of about `size` bytes, as news pages are."""
    chance = random.Random(seed)
    words = [f"{chance.getrandbits(28):x}" for _ in range(3_000)]
    bodies = []
    for _ in range(25):
        text = " ".join(chance.choices(words, k=size // 20))
        menu = "".join(f'<li class="menu-item"><a href="/section/{n}">Section {n}</a></li>' for n in range(size // 130))
        bodies.append(f"<!DOCTYPE html><html><body><ul>{menu}</ul><p>{text}</p></body></html>".encode())
    for number in range(count):
        host = f"www.news-{number % 997}.example"
        status = "404 Not Found" if number % 40 == 7 else "200 OK"
        yield Capture(
            url=f"https://{host}/2026/11/story-{number}.html",
            body=bodies[number % len(bodies)],
            status=status,
            headers={"X-Crawl-Content-Encoding": "gzip"} if number % 2 else {},
        )


def strewn(ours: Sequence[Capture], others: Iterable[Capture], every: int) -> Iterator[Capture]:
    """Captures of ours among those of others, one after each `every` of these, and the rest at the end."""
    mine = iter(ours)
    for number, other in enumerate(others, 1):
        yield other
        if number % every == 0 and (one := next(mine, None)) is not None:
            yield one
    yield from mine


def _record(kind: str, block: bytes, capture: Capture) -> bytes:
    fields: dict[str, Any] = {
        "WARC-Type": kind,
        "WARC-Date": capture.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "WARC-Record-ID": f"<urn:uuid:{_uuid(kind + capture.url)}>",
        "Content-Type": f"application/http; msgtype={'request' if kind == 'request' else 'response'}",
    }
    if capture.url:
        fields["WARC-Target-URI"] = capture.url
    if capture.digests and kind != "warcinfo":
        fields["WARC-Block-Digest"] = _digest(block)
    fields["Content-Length"] = str(len(block))
    return f"WARC/{capture.version}\r\n{_lines({**fields, **capture.fields})}\r\n".encode() + block + b"\r\n\r\n"


def _lines(fields: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items())


def _digest(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode("ascii")


def _uuid(name: str) -> str:
    digits = hashlib.sha256(name.encode()).hexdigest()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))

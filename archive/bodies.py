"""HTTP bodies as others archive them: chunked, packed, both, or already unpacked under headers that say otherwise."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import brotli

_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r\n")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_LAYERS = 3


class Unpackable(Exception):
    """A body that cannot be unpacked; the message says why, and is one of few."""


class CutShort(Exception):
    """A packed body that ends before its end."""


def unpacked(body: bytes, headers: Sequence[tuple[str, str]], most: int) -> tuple[bytes, bool]:
    """The body as the site made it, and whether its end is known to be missing.

    Crawlers unpack bodies and leave the headers, or rename them to `X-Crawl-…`: what a header says is believed when the
    bytes look like it. Raises Unpackable, also for more than `most` bytes, and CutShort.
    """
    said = {name.lower(): value.lower() for name, value in reversed(headers)}
    if "chunked" in said.get("transfer-encoding", ""):
        body, cut = _unchunked(body)
    else:
        length = said.get("content-length", "")
        cut = length.isdigit() and len(length) < 18 and len(body) < int(length)
    encodings = [name.strip() for name in said.get("content-encoding", "").split(",") if name.strip()]
    for encoding in reversed(encodings[:_LAYERS]):
        if encoding != "identity" and not _MARKUP.match(body):
            body = _unpack(encoding, body, most)
    if len(body) > most:
        raise Unpackable("too large")
    return body, cut


def _unchunked(body: bytes) -> tuple[bytes, bool]:
    """What the chunks hold, and whether the last one is missing; a body that is not chunked as it is."""
    if not _SIZE.match(body):
        return body, False
    parts: list[bytes] = []
    at = 0
    while (size := _SIZE.match(body, at)) is not None:
        length = int(size[1], 16)
        if length == 0:
            return b"".join(parts), False
        chunk = body[size.end() : size.end() + length]
        parts.append(chunk)
        at = size.end() + length + 2
        if len(chunk) < length:
            break
    return b"".join(parts), True


def _unpack(encoding: str, body: bytes, most: int) -> bytes:
    unpack = _WAYS.get(encoding)
    if unpack is None:
        raise Unpackable("packed in a way not known")
    data = unpack(body, most)
    if len(data) > most:
        raise Unpackable("too large")
    return data


def _inflated(body: bytes, most: int, wbits: int) -> bytes:
    inflate = zlib.decompressobj(wbits)
    try:
        data = inflate.decompress(body, most + 1)
    except zlib.error as error:
        raise Unpackable("not packed as its header says") from error
    if not inflate.eof and len(data) <= most:
        raise CutShort
    return data


def _gunzipped(body: bytes, most: int) -> bytes:
    return _inflated(body, most, 31)


def _deflated(body: bytes, most: int) -> bytes:
    """Of zlib's format, or bare, as some servers send it."""
    try:
        return _inflated(body, most, 15)
    except Unpackable:
        return _inflated(body, most, -15)


def _brotli(body: bytes, most: int) -> bytes:
    unpack = brotli.Decompressor()
    parts: list[bytes] = []
    size, given = 0, body
    try:
        while size <= most and not unpack.is_finished():
            data = unpack.process(given, output_buffer_limit=1 << 18)
            if not data and not unpack.is_finished():
                raise CutShort
            parts.append(data)
            size += len(data)
            given = b""
    except brotli.error as error:
        raise Unpackable("not packed as its header says") from error
    return b"".join(parts)


_WAYS: Mapping[str, Callable[[bytes, int], bytes]] = MappingProxyType(
    {"gzip": _gunzipped, "x-gzip": _gunzipped, "deflate": _deflated, "br": _brotli}
)

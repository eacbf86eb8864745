"""The key that an address has in an index: its SURT, host turned round, as the tools of the Internet Archive make it.

The rules are those of their Java `WaybackURLKeyMaker` for http and https: escapes undone and made anew, `www.` and
usual ports dropped, path and query in lower case, parameters sorted, session ids, fragment and final slash dropped.
"""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import quote_from_bytes, unquote_to_bytes

_PARTS = re.compile(rb"(?:([a-z][a-z0-9+.-]*):)?(?:/*([^/?#]*))([^?#]*)(?:\?([^#]*))?", re.IGNORECASE | re.DOTALL)
_SCHEME = re.compile(rb"[a-z][a-z0-9+.-]*:/", re.IGNORECASE)
_BREAKS = re.compile(rb"[\n\r\t]")
_WWW = re.compile(rb"^www\d*\.")
_USUAL_PORT = {b"http": b"80", b"https": b"443"}
_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_PATH_SESSIONS = (
    re.compile(rb"^(.*/)(\((?:[a-z]\([0-9a-z]{24}\))+\)/)([^?]+\.aspx.*)$"),
    re.compile(rb"^(.*/)(\([0-9a-z]{24}\)/)([^?]+\.aspx.*)$"),
)
_QUERY_SESSIONS = tuple(
    re.compile(rb"^(.*)(?:" + name + rb")(?:&(.*))?$", re.IGNORECASE)
    for name in (
        rb"jsessionid=[0-9a-z]{32}",
        rb"phpsessid=[0-9a-z]{32}",
        rb"sid=[0-9a-z]{32}",
        rb"aspsessionid[a-z]{8}=[a-z]{24}",
        rb"cfid=[^&]+&cftoken=[^&]+",
    )
)


def surt(url: str) -> str:
    """The key of an address: `https://www.mofcom.gov.cn/A?b=2&a=1` is `cn,gov,mofcom)/a?a=1&b=2`."""
    raw = _BREAKS.sub(b"", url.strip().encode("utf-8", "replace"))
    match = _PARTS.match(raw if _SCHEME.match(raw) else b"http://" + raw)
    scheme, host, path, query = match.groups() if match is not None else (b"", b"", raw, None)
    key = _host_key((scheme or b"").lower(), host) + _path_key(path)
    query = _query_key(query) if query else b""
    return (key + b"?" + query if query else key).decode("ascii")


def _host_key(scheme: bytes, authority: bytes) -> bytes:
    host, _, port = authority.rpartition(b"@")[2].partition(b":")
    host = _unescaped(host)
    if not host.isascii():
        with suppress(UnicodeError):  # no name that can be asked for: its bytes are as good a key
            host = host.decode("utf-8", "ignore").encode("idna")
    host = _WWW.sub(b"", _escaped(host.replace(b"..", b".").strip(b".").lower()), count=1) if host else host
    turned = b",".join(reversed(host.split(b".")))
    return turned + (b":" + _escaped(port) if port and port != _USUAL_PORT.get(scheme) else b"") + b")"


def _path_key(path: bytes) -> bytes:
    kept: list[bytes] = []
    parts = _unescaped(path).split(b"/")[1:]
    for part in parts:
        if part == b"..":
            if kept:
                kept.pop()
            else:
                kept.append(part)
        elif part != b".":
            kept.append(part)
    last = kept[-1:] or [b""]
    key = _escaped(b"/" + b"/".join([part for part in kept[:-1] if part] + last)).lower()
    for session in _PATH_SESSIONS:
        if found := session.match(key):
            key = found[1] + found[3]
    return key[:-1] if len(key) > 1 and key.endswith(b"/") else key


def _query_key(query: bytes) -> bytes:
    key = _escaped(_unescaped(query))
    for session in _QUERY_SESSIONS:
        if found := session.match(key):
            key = found[1] + (found[2] or b"")
    return b"&".join(b"=".join(pair) for pair in sorted(tuple(arg.split(b"=", 1)) for arg in key.lower().split(b"&")))


def _unescaped(text: bytes) -> bytes:
    while (once := unquote_to_bytes(text)) != text:
        text = once
    return text


def _escaped(text: bytes) -> bytes:
    return quote_from_bytes(text, safe=_SAFE).encode("ascii")

"""What every request must pass and every answer carries: known host, own origin, a small body, strict headers."""

from __future__ import annotations

from types import MappingProxyType
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.access import LOOPBACK, Access

LARGEST_BODY = 512 * 1024
"""Bytes of a form: 10,000 Chinese characters take 90,000, and a form has more than one field."""

HEADERS = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
)
"""On every answer. The one script is a file of ours; nothing inline is allowed."""

BRINGS_ITS_OWN = "/archived/"
"""Where pages bring a policy of their own: one that shows a frame, and a stricter one that is shown in it."""

BY_ONE_CLICK = "/unsubscribe/"
"""Where mail programs send a POST by themselves, without an origin (RFC 8058, section 3.2): a token is the proof."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def guarded(app: ASGIApp, *, access: Access) -> ASGIApp:
    """`app` behind the checks; a request that fails one never reaches it."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if not scope["path"].startswith(BRINGS_ITS_OWN):
                    headers.update(HEADERS)
                for name, held in HEADERS.items():
                    headers.setdefault(name, held)
                headers.setdefault("Cache-Control", _keeping(scope, access))
            await send(message)

        refusal = _refusal(scope, access)
        if refusal is None and scope["method"] not in _SAFE:
            body = await _body(scope, receive)
            if body is None:
                refusal = PlainTextResponse(f"The form is larger than {LARGEST_BODY // 1024} kB.\n", 413)
            else:
                receive = _replayed(body, receive)
        await (refusal or app)(scope, receive, send_with_headers)

    return guard


def _keeping(scope: Scope, access: Access) -> str:
    """Pages are asked for anew each time, and not kept where people log out; a file whose address carries its digest
    never changes.
    """
    if scope["path"].startswith("/static/") and scope["query_string"].startswith(b"v="):
        return "max-age=31536000, immutable"
    return "private, no-store" if access.logins else "private, no-cache"


def _refusal(scope: Scope, access: Access) -> PlainTextResponse | None:
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if len(headers.getlist("host")) > 1 or _name_of(host) not in access.hosts:
        named = ", ".join(sorted(access.hosts - LOOPBACK)) or "127.0.0.1, localhost and [::1]"
        return PlainTextResponse(f"This site answers to {named} only (base_url under [site]).\n", 400)
    by_one_click = scope["method"] == "POST" and scope["path"].startswith(BY_ONE_CLICK)
    if scope["method"] not in _SAFE and not by_one_click and not _from_here(headers, host, access):
        return PlainTextResponse("A form can only be sent from a page of this site.\n", 403)
    return None


def _name_of(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _from_here(headers: Headers, host: str, access: Access) -> bool:
    """Whether a page of ours sent the request.

    Under `Referrer-Policy: no-referrer` browsers send `Origin: null` even to the own site (Fetch standard, "append a
    request Origin header"); then `Sec-Fetch-Site`, which no page can set, tells. Neither: no.
    """
    origin = headers.get("origin", "null")
    if origin != "null":
        try:
            return access.origin_is_ours(origin, host)
        except ValueError:
            return False
    return headers.get("sec-fetch-site") == "same-origin"


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """The whole body, or None if it is too large."""
    declared = Headers(scope=scope).get("content-length", "0")
    if not declared.isdecimal() or int(declared[:20]) > LARGEST_BODY:
        return None
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again

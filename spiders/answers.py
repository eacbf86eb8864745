"""What an answer, or the lack of one, says about a site: fine, gone, blocked, a shell for scripts, failed.

A block is reported and not evaded; each of these is a named state of a route or the kind of an issue.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Headers, Response
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost

from pipeline.model import Page, PageKind

AnswerState = Literal["fine", "unchanged", "gone", "blocked", "script_shell", "failed"]


class Ending(IgnoreRequest):
    """The crawl is ending and the request had not been sent yet."""


LOST = (
    IgnoreRequest,
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
    ConnectError,
    ConnectionDone,
    ConnectionLost,
    OSError,
    ValueError,  # an address that cannot be sent, or a content encoding that is not what it says
)
"""What a download can end in instead of an answer."""

FORM = "form"
"""What a request posts, in its meta."""

BLOCKED = frozenset({401, 403, 405, 406, 412, 418, 429, 451, 521})
"""Statuses that mean "not you": 412 is customs.gov.cn's, 521 the cookie step of some ministries."""


def page_of(response: Response, source: str, kind: PageKind) -> Page:
    """The page that a response is; `url` is the address that was asked for before any redirect."""
    assert response.request is not None
    asked = response.meta.get("redirect_urls", [response.request.url])[0]
    form = response.meta.get(FORM) if response.request.method == "POST" else None  # a redirect makes it GET
    return Page(
        url=asked if form is None else f"{asked}#{form}",
        source=source,
        body=response.body,
        fetched_at=datetime.now(UTC),
        status=response.status,
        headers=_lines(response.headers),
        final_url=response.url if response.url != asked else None,
        kind=kind,
        form=form,
        sent=_lines(response.request.headers),
    )


def _lines(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name in headers for value in headers.getlist(name)
    )


def answer_state(page: Page) -> AnswerState:
    """What the status says; whether a page of status 200 is a shell is asked when parsing it failed."""
    if page.status == 304:
        return "unchanged"
    if page.status in BLOCKED:
        return "blocked"
    if page.status in (404, 410):
        return "gone"
    return "fine" if 200 <= page.status < 300 else "failed"


def why_lost(error: BaseException | None) -> tuple[str, str]:
    """The kind of issue that a failed download is, and a line about it."""
    name = type(error).__name__
    text = " ".join(str(error).split())[:300] or name
    if isinstance(error, Ending):
        return "ending", text
    if name == "RobotsDenied":
        return "robots_denied", text
    if name == "RobotsUnreachable":
        return "robots_unreachable", text
    if name == "HostPaused":
        return "host_paused", text
    if name == "HostRefused":
        return "host_refused", text
    if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in text:
        return "too_large", text
    if isinstance(error, DownloadTimeoutError):
        return "timeout", text
    if isinstance(error, IgnoreRequest):
        return "redirect_loop" if "redirections" in text else "request_ignored", text
    if isinstance(error, CannotResolveHostError):
        return "fetch_failed", f"no public address: {text}"
    return "fetch_failed", f"{name}: {text}"

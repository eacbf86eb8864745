"""Whether a page is only a shell that scripts are to fill, or a challenge: it says nothing of the story behind it."""

from __future__ import annotations

import re

from pipeline.model import Page

SHELL_TEXT = 200
"""A page whose scripts are to fill it shows less visible text than this, in characters."""

_SCRIPT = re.compile(rb"<script\b", re.I)
_BODY = re.compile(rb"<body\b", re.I)
_UNSEEN = (b"script", b"style", b"noscript")
_TAG = re.compile(rb"<[^<>]*>")


def is_script_shell(page: Page) -> bool:
    """Whether a page holds scripts and hardly any text: an application shell or a challenge."""
    return _SCRIPT.search(page.body) is not None and visible_length(page.body) < SHELL_TEXT


def visible_length(body: bytes) -> int:
    """About how many bytes of a page a reader would see; linear in its size."""
    start = _BODY.search(body)
    rest = body[start.start() :] if start else body
    for name in _UNSEEN:
        rest = _without(rest, name)
    return len(b"".join(_TAG.sub(b"", rest).split()))


def _without(body: bytes, name: bytes) -> bytes:
    lowered = body.lower()
    kept, at = [], 0
    while (opened := lowered.find(b"<" + name, at)) >= 0:
        kept.append(body[at:opened])
        closed = lowered.find(b"</" + name, opened)
        if closed < 0:
            return b"".join(kept)
        at = closed
    kept.append(body[at:])
    return b"".join(kept)

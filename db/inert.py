"""Scraped text made harmless for the eye: no character may reorder, hide or break what stands beside it."""

from __future__ import annotations

import re

_REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_LINE = re.compile("[\x85\u2028\u2029]")


def inert(text: str) -> str:
    """`text` with controls shown as signs, direction overrides spelt out and invisible characters left out."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE.sub("\n", text)
    text = _REORDERING.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
    return _INVISIBLE.sub("", _CONTROL.sub("\ufffd", text))

"""Scraped text made harmless for the eye: no character may reorder, hide or break what stands beside it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LONGEST_LINE = 300
"""Characters of a title or name that are shown; a page of 100 kB in a headline is cut here."""

_REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_LINK_CHARACTERS = re.compile("[\x00-\x20\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\\\\\"'<>`]")
_LINE = re.compile("[\x85\u2028\u2029]")


def inert(text: str) -> str:
    """`text` with controls shown as signs, direction overrides spelt out and invisible characters left out."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE.sub("\n", text)
    text = _REORDERING.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
    return _INVISIBLE.sub("", _CONTROL.sub("\ufffd", text))


def cut(text: str | None, length: int = LONGEST_LINE) -> str:
    """`text` in at most `length` characters."""
    text = text or ""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def web_address(url: str | None) -> str:
    """`url` if it is a plain web address that may stand in a link, else nothing."""
    if not url or _LINK_CHARACTERS.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def language_of(text: str | None) -> str:
    """The `lang` of a text: `zh-Hans` where Chinese characters carry it, else `en`."""
    sample = (text or "")[:400]
    return "zh-Hans" if len(_CHINESE.findall(sample)) * 4 > len(sample) else "en"

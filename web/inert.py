"""Scraped text made harmless for a page: no character may reorder, hide or break what stands beside it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from db.inert import inert as inert
from db.search import MARK_END, MARK_START

LONGEST_LINE = 300
"""Characters of a title or name that are shown; a page of 100 kB in a headline is cut here."""

_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_LINK_CHARACTERS = re.compile("[\x00-\x20\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\\\\\"'<>`]")


def finalize(value: object) -> object:
    """What Jinja puts out for `value`: nothing for None, text made inert, markup of ours as it is."""
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        return inert(value)
    return value


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


def highlighted(snippet: str | None) -> Markup:
    """A snippet of the search with `<mark>` for its marks, everything else escaped."""
    pieces = [Markup("")]
    for at, piece in enumerate((snippet or "").split(MARK_START)):
        hit, closed, rest = piece.partition(MARK_END) if at else ("", "", piece)
        if at and closed:
            pieces += [Markup("<mark>"), escape(inert(hit)), Markup("</mark>")]
            pieces.append(escape(inert(rest)))
        else:
            pieces.append(escape(inert(piece)))
    return Markup("").join(pieces)

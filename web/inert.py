"""Scraped text made harmless for a page: no character may reorder, hide or break what stands beside it."""

from __future__ import annotations

from markupsafe import Markup, escape

from db.inert import cut as cut
from db.inert import inert as inert
from db.inert import language_of as language_of
from db.inert import web_address as web_address
from db.search import MARK_END, MARK_START


def finalize(value: object) -> object:
    """What Jinja puts out for `value`: nothing for None, text made inert, markup of ours as it is."""
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        return inert(value)
    return value


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

"""What the keyboard does, on a page of its own."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from web.addresses import Address
from web.render import page

_KEYS = (
    (
        "Everywhere",
        (("/", "to the search"), ("?", "to this page"), ("Tab", "to the next link or field, first past the bar")),
    ),
    (
        "Today and lists of results",
        (("j", "to the next entry"), ("k", "to the one before"), ("Enter", "open it")),
    ),
    (
        "An article",
        (
            ("j", "to the next marked statement; its record shows"),
            ("k", "to the one before"),
            ("Enter", "into its record: the instrument or the person"),
            ("r", "review it"),
        ),
    ),
)  # fmt: skip


def keys(request: Request) -> Response:
    """The keys, by page. In review they stand on the buttons."""
    return page("keys.html", heading="Keys", groups=_KEYS)


ADDRESSES = (Address("/keys", keys),)

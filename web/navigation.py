"""The bar at the head of every page: the pages that this site has, for those who may open them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from web.addresses import Address, Needs, Subtree


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One link of the bar."""

    name: str
    """What a page calls itself as `here`."""
    address: str
    label: str
    needs: Needs


_ORDER = (
    ("today", "/", "Today"),
    ("search", "/search", "Search"),
    ("rules", "/rules", "Watch rules"),
    ("review", "/review", "Review"),
    ("quality", "/quality", "Quality"),
    ("sources", "/sources", "Sources"),
    ("mail", "/mail", "Mail"),
    ("data", "/data", "Data"),
)


def entries(places: Iterable[Address | Subtree]) -> tuple[Entry, ...]:
    """The links to those pages that there are, with the role that each asks for."""
    needed = {place.path: place.role for place in places}
    return tuple(
        Entry(name=name, address=address, label=label, needs=needed[address])
        for name, address, label in _ORDER
        if address in needed
    )

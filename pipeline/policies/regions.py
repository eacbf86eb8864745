"""Places that an English sentence says a measure is for or in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.patterns import regex
from pipeline.policies.places import places_in

_ADDRESS = regex(r", (?P<outer>[A-Z][a-z]+)(?: province| autonomous region| municipality)?")


def regions_of(text: str, start: int, end: int) -> tuple[str, ...]:
    """Places that the sentence says a measure is for or in, as printed, a city with its province as one."""
    found = []
    edge = start
    for place in places_in(text, start, end):
        if place.start < edge or text[place.start - 1 : place.start] == "(":
            continue
        stop = place.end
        outer = _ADDRESS.match(text, place.end, end)
        if outer and outer["outer"] == place.parent:
            stop = outer.end()
        printed = text[place.start : stop]
        before = text[max(start, place.start - 8) : place.start]
        if place.kind != "country" or re.search(r"\b(?:in|on|from|against|for|with|of|to) $", before):
            found.append(printed)
        edge = stop
    return outer_places(found)[:8]


def outer_places(names: Sequence[str]) -> tuple[str, ...]:
    """Each place once, one that another names with more words left out: `Suzhou` beside `Suzhou, Jiangsu province`."""
    kept = dict.fromkeys(names)
    return tuple(name for name in kept if not any(name != other and other.startswith(f"{name},") for other in kept))

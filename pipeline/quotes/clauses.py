"""A report of which some words stand in marks: the full clauses beside them that are reported without marks."""

from __future__ import annotations

from pipeline.patterns import regex
from pipeline.quotes.attribution import FINITE, PLAIN_FINITE, Attribution
from pipeline.quotes.marks import Marked

_TAIL = regex(
    r"(?:, (?:which|who|where|an?|in part because|partly because|because|with|noting|producing|making|leaving)\b|"
    r" — (?:what|which|an?)\b| —)(?: [\w'’-]+){0,9} ?$|"
    r" (?:and|but)(?: (?:has|have|is|are|was|were|will|would|can|could|must|should))? ?$"
)
"""What a clause may be followed by before the words in marks: a relative clause, an apposition, a second verb."""


def clause_beside(
    text: str, start: int, end: int, inside: list[Marked], attribution: Attribution
) -> list[tuple[int, int]]:
    """The full clause of a report whose quoted words stand in a tail or a setting of their own."""
    first = inside[0].start - 1
    if _LEANS.match(text, start, end) or text.endswith(("which ", "that "), 0, attribution.around[0]):
        return []
    tail = _TAIL.search(text, start, first)
    stop = tail.start() if tail else first
    if attribution.post and start < attribution.around[0] < stop:
        if len(text[start : attribution.around[0]].split()) > 5:
            return [(start, attribution.around[0])]
        start = attribution.around[1]
    if tail and len(text[start:stop].split()) > 5 and FINITE.search(text, start, stop):
        return [(start, stop)]
    last = inside[-1].end + 1
    setting = _IN_SETTING.match(text, start, first)
    if setting and text.startswith(", ", last) and PLAIN_FINITE.search(text, last, end):
        return [(last + 2, end)]
    return []


_LEANS = regex(r"(?:while|as|although|though|if|when|because|since|after|before)\b")
_IN_SETTING = regex(r"(?:Amid|With|Despite|Given|Under|Against)(?: [\w'’-]+){0,4} $")

_NEXT_CLAUSE = regex(r",? (?:and|but|while) that ")


def clauses_without(text: str, start: int, end: int, inside: list[Marked]) -> list[tuple[int, int]]:
    """The full clauses of a report that hold no quoted words."""
    if text.find(" that ", start, end) < 0:
        return []
    cuts = [
        match
        for match in _NEXT_CLAUSE.finditer(text, start, end)
        if all(not (s.start <= match.start() < s.end) for s in inside)
    ]
    edges = [start, *(match.end() for match in cuts)]
    stops = [*(match.start() for match in cuts), end]
    out: list[tuple[int, int]] = []
    free = False
    for first, last in zip(edges, stops, strict=True):
        plain = bool(cuts) and all(s.end <= first or s.start >= last for s in inside)
        if plain and free:
            out[-1] = (out[-1][0], last)
        elif plain:
            out.append((first, last))
        free = plain
    return out

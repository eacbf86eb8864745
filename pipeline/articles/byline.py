"""Bylines as newspapers print them, to the names of the writers: `By XU WEI in Beijing and MA SI` is two people.

Names are joined by `and`, commas and slashes; a place follows ` in ` and may hold a comma of its own
(`in Wuzhen, Zhejiang`); capitals are a house style, not part of the name.
"""

from __future__ import annotations

import re

from pipeline.articles.vocabulary import is_outlet, is_place

_BY = re.compile(r"^\s*(?:(?:story |reported )?by\b[:\s]*|作者[:：]\s*|记者[:：]?\s*)", re.IGNORECASE)
_EMAIL = re.compile(r"\S{1,64}@\S{1,64}")
_PARENTHESIS = re.compile(r"\(([^()]{0,80})\)|（([^（）]{0,80})）")
_JOINT = re.compile(r"\s*(,\s*and\b|,|/|;|、|&|\band\b|\bwith\b)\s*", re.IGNORECASE)
_PLACE = re.compile(r"\s+(?:in|from)\s+", re.IGNORECASE)
_CAPITALS = re.compile(r"\bMc[A-Z]{2,}|[^\W\d_]{2,}")


def parse_byline(text: str) -> tuple[tuple[str, ...], str | None]:
    """The writers named in a byline, in Title Case, and the outlet that stands among them or in brackets."""
    outlet: str | None = None
    bracket = _PARENTHESIS.search(text)
    if bracket:
        outlet = (bracket[1] or bracket[2] or "").strip() or None
    plain = " ".join(_EMAIL.sub(" ", _PARENTHESIS.sub(" ", _BY.sub("", text))).split())
    names: list[str] = []
    for piece in _people(plain):
        if is_outlet(piece):
            outlet = outlet or piece
        elif (name := title_case(piece)) and name not in names:
            names.append(name)
    return tuple(names), outlet


def _people(plain: str) -> list[str]:
    """The pieces of a byline that are people: places after ` in ` cut off, with their comma parts."""
    pieces = _JOINT.split(plain)
    people: list[str] = []
    in_place = False
    for index in range(0, len(pieces), 2):
        piece = pieces[index].strip(" .|-")
        joint = pieces[index - 1].strip().lower() if index else ""
        if not piece:
            continue
        name, *place = _PLACE.split(piece, maxsplit=1)
        if in_place and not place and joint == "," and _continues_place(name, people):
            continue
        people.append(name.strip())
        in_place = bool(place)
    return people


def _continues_place(piece: str, people: list[str]) -> bool:
    if is_place(piece):
        return True
    if people and people[-1].isupper():
        return not piece.isupper()  # names in capitals: what is not is the rest of a place
    return " " not in piece  # writers give two names; `in Changsha, Hunan` gives one


def title_case(name: str) -> str:
    """`MA SI` to `Ma Si`, `JEAN-PIERRE` to `Jean-Pierre`, `O'BRIEN` to `O'Brien`, `McDONALD` to `McDonald`."""
    return _CAPITALS.sub(_lowered, name)


def _lowered(match: re.Match[str]) -> str:
    word = match[0]
    if word.startswith("Mc") and word[2:].isupper():
        return "Mc" + word[2:].capitalize()
    if not word.isupper():
        return word
    after_apostrophe = match.start() > 0 and match.string[match.start() - 1] in "'’"
    if after_apostrophe and len(word) < 3:  # Xi'AN, and a possessive 'S
        return word.lower()
    return word.capitalize()

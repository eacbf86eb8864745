"""Cut the words beside a verb at their commas, and read the lists of people and bodies among the pieces."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.quotes.cast import Cast
from pipeline.quotes.phrases import has_organization_word, title_words
from pipeline.quotes.records import Mention
from pipeline.quotes.source_heads import is_noun_phrase
from pipeline.quotes.source_phrases import parse_source

WINDOW = 600
"""How far from its verb a source may begin."""
_COMMA = regex(r",(?=[ \"”“\ue000]|$)")


def comma_pieces(left: str) -> list[tuple[int, str]]:
    """(offset, text) of the pieces between commas."""
    if "," not in left:
        return [_stripped(0, left)]
    pieces: list[tuple[int, str]] = []
    at = 0
    for match in _COMMA.finditer(left):
        pieces.append((at, left[at : match.start()]))
        at = match.end()
    pieces.append((at, left[at:]))
    return [_stripped(start, piece) for start, piece in pieces]


def _stripped(start: int, piece: str) -> tuple[int, str]:
    inner = piece.lstrip(' "”\ue000')
    return start + len(piece) - len(inner), inner.rstrip()


def joint_source(pieces: list[tuple[int, str]], base: int, cast: Cast) -> Mention | None:
    """`Jia Yi, president of X, and Ou Chen, head of Y,`: everybody named, where the pieces are names and posts."""
    if len(pieces) < 2 or not any(piece.startswith("and ") for _, piece in pieces[1:]) or len(pieces) > 16:
        return None
    named: list[Mention] = []
    closed = False
    for start, piece in reversed(pieces):
        found = parse_source(piece, base + start, cast)
        sort = found.kind if found is not None and found.text in (piece, piece.removeprefix("and ").strip()) else None
        if found is not None and sort in ("name", "surname"):
            named.append(found)
            if closed:
                break
            closed = piece.startswith("and ")
            if not closed:
                return None
        elif not (title_words().search(piece) or has_organization_word(piece)) or not is_noun_phrase(piece):
            break
    if len(named) < 2:
        return _joint_bodies(pieces, base, cast)
    named.reverse()
    return Mention(
        kind="name", text=" and ".join(found.text for found in named), start=named[0].start, end=named[-1].end
    )


def listed_bodies(pieces: list[tuple[int, str]], base: int, cast: Cast) -> Mention | None:
    """`Chad, Peru, Sierra Leone and Switzerland`: the last two of the list without a comma between them."""
    start, last = pieces[-1]
    first, _, second = last.partition(" and ")
    if last.startswith("and ") or " and " in second:
        return None
    return _joint_bodies([*pieces[:-1], (start, first), (start + len(first) + 5, f"and {second}")], base, cast)


def _joint_bodies(pieces: list[tuple[int, str]], base: int, cast: Cast) -> Mention | None:
    """`Norway, the United Kingdom, Chile and Peru`: a list of bodies or countries and nothing else."""
    found = [parse_source(piece, base + start, cast) for start, piece in pieces]
    bodies = [mention for mention in found if mention is not None and mention.kind == "organization"]
    if len(bodies) != len(pieces) or len(bodies) < 3 or any(len(mention.text) > 60 for mention in bodies):
        return None
    names_only = [re.sub(r"^(?:and )?(?:the )?", "", mention.text) for mention in bodies]
    return Mention(kind="organization", text=" and ".join(names_only), start=bodies[0].start, end=bodies[-1].end)

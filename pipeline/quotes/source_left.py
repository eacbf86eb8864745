"""Find the source that ends where a reporting verb begins: its subject, with appositions and clauses."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.quotes.cast import Cast
from pipeline.quotes.phrases import last_match, title_words
from pipeline.quotes.records import Mention
from pipeline.quotes.source_names import leading_name, name_at_end
from pipeline.quotes.source_phrases import parse_source
from pipeline.quotes.source_pieces import WINDOW, comma_pieces, joint_source, listed_bodies

_AUXILIARIES = (
    "has|have|had|also|long|then|further|later|recently|previously|once|still|"
    "repeatedly|both|all|earlier|reportedly|"
    "openly|publicly|clearly|strongly|explicitly|specifically|often|generally|widely|"
    "even|now|in turn|as well|themselves|himself|"
    "herself|itself|jointly|unanimously|thus|always|again|increasingly|largely|would|will|does|did|"
    "on Monday|on Tuesday|on Wednesday|on Thursday|on Friday|on Saturday|on Sunday|"
    "frequently|particularly|especially|"
    "first|firmly|broadly|commonly|similarly|pointedly|vividly|proudly|jokingly|candidly|"
    "emphatically|subsequently|likewise|consistently|meanwhile|however"
)
_AUXILIARY = regex(rf"(?: (?:{_AUXILIARIES}))+$")
_AUXILIARY_ENDS = frozenset(words.rpartition(" ")[2] for words in _AUXILIARIES.split("|"))

_SOME_OF_WHOM = regex(r"(?:many|some|most|all|both|several|few|half) of whom$")
_RELATIVE_LAST = regex(r"\b(?:who|which)$")
_RELATIVE_FIRST = regex(r"(?: ?)(?:who|which)\b")


def source_before(text: str, floor: int, verb: int, cast: Cast) -> Mention | None:
    """The source that ends just before the verb at `verb`, not reaching left of `floor`."""
    left = text[max(floor, verb - WINDOW) : verb].rstrip()
    base = max(floor, verb - WINDOW)
    if left.rpartition(" ")[2] in _AUXILIARY_ENDS and (auxiliary := _AUXILIARY.search(" " + left)):
        left = left[: max(0, auxiliary.start() - 1)].rstrip() if auxiliary.start() else ""
    if left.endswith("—") and (dash := left.rfind("—", 0, len(left) - 1)) > 0:
        left = left[:dash].rstrip()
        if found := _apposed(left, base, cast):
            return found
    if not left or left.endswith(("'s", "’s")):
        return None
    if left.endswith((',"', ",”")):
        left = left[:-1]
    if left.endswith(","):
        return _apposed(left[:-1], base, cast)
    pieces = comma_pieces(left)
    start, piece = pieces[-1]
    if piece.startswith("and ") and len(pieces) > 1 and (joint := joint_source(pieces, base, cast)):
        return joint
    if len(pieces) > 2 and " and " in piece and (listed := listed_bodies(pieces, base, cast)):
        return listed
    if len(pieces) > 1 and _SOME_OF_WHOM.match(piece):
        return _group_at_end(pieces[-2][1], base + pieces[-2][0], cast)
    found = parse_source(piece, base + start, cast) or leading_name(piece, base + start, cast)
    if found is None:
        found = _after_boundary(piece, base + start, cast)
    if found is None:
        found = name_at_end(piece, base + start, cast)
    if found is None and len(pieces) > 1 and piece == "which":
        found = _apposed(left[: left.rfind(",")], base, cast)
        if found is None or found.kind not in ("name", "surname"):
            found = _thing_at_end(pieces[-2][1], base + pieces[-2][0], cast) or found
    if found is None and len(pieces) > 1 and _RELATIVE_LAST.search(piece):
        found = _apposed(left[: left.rfind(",")], base, cast)
    if found is None and len(pieces) > 1 and _RELATIVE_FIRST.match(piece):
        found = _apposed(left[: pieces[-1][0]].rstrip(" ,"), base, cast)
    if found is None and piece.endswith("who") and _RELATIVE_LAST.search(piece):
        found = parse_source(piece[:-4], base + start, cast) or name_at_end(piece[:-4], base + start, cast)
    return found


_AFTER_A_NOUN = regex(
    r"(?:which |who )?(?:(?:was|were|is|are) )?(?:[a-z]+ly )?"
    r"(?:including |[a-z]+(?:ed|wn|de|ld) (?:by|in|on|at|as|with|from) )"
)
"""Says more about the noun before it: `jointly issued by 10 departments`."""

_POST_OF = regex(r"(?:and )?(?:the |an? )?[a-z][\w -]*? (?:at|of|for|with|in) ")


def _apposed(left: str, base: int, cast: Cast) -> Mention | None:
    """The source in `Zhang Yu, chief scientific officer at X,` read from right to left."""
    pieces = comma_pieces(left)
    fallback: Mention | None = None
    if (joint := joint_source(pieces, base, cast)) is not None:
        return joint
    post: Mention | None = None
    for start, piece in reversed(pieces[-14:]):
        included = piece.startswith("including ")
        if included:
            start, piece = start + 10, piece[10:]
        if _AFTER_A_NOUN.match(piece):
            continue
        found = (
            parse_source(piece, base + start, cast)
            or name_at_end(piece, base + start, cast, after_boundary=True)
            or leading_name(piece, base + start, cast)
        )
        if found is None or (included and found.kind not in ("name", "surname")):
            continue
        if found.kind in ("name", "surname", "pronoun"):
            if _POST_OF.match(piece) and (person := _left_name(pieces, start, base, cast)):
                return person
            return found
        if found.kind == "post":
            post = found
            continue
        described = fallback is not None and fallback.kind == "organization" and fallback.text[:1].islower()
        if fallback is None or (described and found.kind == "organization" and found.text[:1].isupper()):
            fallback = found
    return fallback or post


def _left_name(pieces: list[tuple[int, str]], at: int, base: int, cast: Cast) -> Mention | None:
    """The person whose post a piece is: in `Vane, manager at wagon owner Aura Rail,` the second name is a firm's."""
    left = [(start, piece) for start, piece in pieces if start < at]
    if not left or not title_words().search(pieces[len(left)][1]):
        return None
    start, piece = left[-1]
    found = parse_source(piece, base + start, cast) or name_at_end(piece, base + start, cast)
    return found if found is not None and found.kind in ("name", "surname") else None


_BOUNDARY = regex(
    r"(?:^|(?<=[\s(—;\"”]))(?:and|but|while|as|that|when|because|if|which|what|where|"
    r"although|though|since|yet|so|whereas|than|after|before) ",
    re.I,
)


def _after_boundary(piece: str, base: int, cast: Cast) -> Mention | None:
    """The source that is all of the piece's last clause: `and the ministry` of `prices fell and the ministry`."""
    for match in reversed(list(_BOUNDARY.finditer(piece))):
        found = parse_source(piece[match.end() :], base + match.end(), cast)
        if found is not None:
            return found
    dash = max(piece.rfind("— "), piece.rfind("- "), piece.rfind(": "), piece.rfind("; "))
    if dash >= 0:
        return parse_source(piece[dash + 2 :], base + dash + 2, cast)
    return None


_THING_STARTS = regex(r"(?:^|(?<= ))(?:the|an?|its|this|his|her|their|[A-Z0-9][\w&]*)(?= |$)")


def _thing_at_end(piece: str, base: int, cast: Cast) -> Mention | None:
    """The document or body that a relative clause is about: `… is set out in the port plan, which calls for …`."""
    for opening in _THING_STARTS.finditer(piece[-160:]):
        at = max(0, len(piece) - 160) + opening.start()
        found = parse_source(piece[at:], base + at, cast)
        if found is not None and found.kind in ("document", "organization"):
            return found
    return None


_LAST_PREPOSITION = regex(r" (?:among|for|of|by|with|from|to|between|on|in|including|attracted|drew|brought|surveyed) ")


def _group_at_end(piece: str, base: int, cast: Cast) -> Mention | None:
    """The group that closes a clause: `… among growers and farmers, many of whom say`."""
    last = last_match(_LAST_PREPOSITION, piece)
    start = last.end() if last else 0
    phrase = piece[start:]
    if not 0 < len(phrase.split()) < 9:
        return None
    found = parse_source(phrase, base + start, cast)
    kind = found.kind if found is not None else None
    return found if kind == "group" else Mention(kind="group", text=phrase, start=base + start, end=base + len(piece))

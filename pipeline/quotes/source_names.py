"""Find the proper name of a person or body that a phrase is, opens with or ends in."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.quotes.beside import openers
from pipeline.quotes.cast import Cast
from pipeline.quotes.phrases import (
    CAPITAL,
    PERSON_RUN,
    has_organization_word,
    is_chinese_name,
    is_place,
    last_match,
    possible_name,
    split_run,
    strong_name,
    title_words,
)
from pipeline.quotes.records import Mention, MentionKind
from pipeline.quotes.source_heads import DETERMINED, PREPOSITION, is_noun_phrase
from pipeline.quotes.tables import names, nouns

_JOINT_NAME = regex(rf"((?:{CAPITAL} ?){{1,4}}) and ")

_ADDRESS = frozenset(("Professor", "Prof", "Dr", "Mr", "Ms", "Mrs", "Academician"))


_TWO_SURNAMES = regex(r"([A-Z]\w+) and ([A-Z]\w+)$")


def person_named(phrase: str, cast: Cast) -> tuple[MentionKind, str] | None:
    """The kind and text of the personal name that a phrase is or ends in."""
    if phrase.rpartition(" ")[2].islower():
        return None
    run = last_match(PERSON_RUN, phrase)
    if run is None or run.end() != len(phrase):
        return None
    words = run.group().split()
    if len(words) == 2 and words[0] in openers() and words[1] in cast.short and not is_chinese_name(words):
        words = words[1:]
    _, name = split_run(" ".join(words))
    if name and cast.knows(name):
        joint = _JOINT_NAME.match(phrase)
        if joint and cast.knows(joint.group(1).strip()):
            return "name", f"{joint.group(1).strip()} and {name}"
        return "name", name
    if (
        name
        and run.group() == phrase
        and words[0] not in openers()
        and (strong_name(name.split()) or possible_name(name.split()))
        and not is_place(name)
    ):
        return ("organization", phrase) if cast.named(phrase) else ("name", name)
    for size in (2, 3):
        if len(words) > size and cast.knows(known := " ".join(words[-size:])):
            return "name", known
    last = words[-1]
    if last in cast.short and (
        len(words) == 1 or title_words().search(phrase) or words[0] in ("Mr", "Ms", "Mrs", "Dr")
    ):
        joint = _TWO_SURNAMES.match(phrase)
        if joint and joint.group(1) in cast.short:
            return "surname", phrase
        if phrase == last or title_words().search(phrase) or words[0] in ("Mr", "Ms", "Mrs", "Dr"):
            return "surname", last
    if len(words) == 2 and words[0] in _ADDRESS and run.group() == phrase:
        return "surname", last
    if phrase == last and phrase in names("surname") and phrase not in openers():
        return "surname", phrase
    return None


_AFTER_NAME = regex(rf"$| (?:\(|{PREPOSITION} )")


def leading_name(piece: str, base: int, cast: Cast) -> Mention | None:
    """A known person's name that opens the piece and is followed by a preposition or nothing."""
    match = PERSON_RUN.match(piece)
    if match is None or not _AFTER_NAME.match(piece, match.end()):
        return None
    _, name = split_run(match.group())
    if cast.knows(name):
        return Mention(kind="name", text=name, start=base, end=base + len(piece))
    if match.group() in cast.short and not is_place(match.group()):
        return Mention(kind="surname", text=match.group(), start=base, end=base + match.end())
    return None


def name_at_end(piece: str, base: int, cast: Cast, *, after_boundary: bool = False) -> Mention | None:
    """A known person's name that closes the piece, whatever stands before it."""
    last = last_match(PERSON_RUN, piece)
    if last is None or last.end() != len(piece):
        word = piece.rpartition(" ")[2]
        if word not in ("they", "he", "she") or word == piece:
            return None
        return Mention(kind="pronoun", text=word, start=base + len(piece) - len(word), end=base + len(piece))
    _, name = split_run(last.group())
    word = name or last.group().split()[-1]
    begin = base + len(piece) - len(word)
    if name and cast.knows(name):
        return Mention(kind="name", text=name, start=begin, end=base + len(piece))
    if not after_boundary and len(last.group().split()) == 1 and word in cast.short and not is_place(word):
        return Mention(kind="surname", text=word, start=begin, end=base + len(piece))
    return None


_OF_FIRM = regex(rf"({CAPITAL} {CAPITAL}) (?:of|at|from) (.+)$")


def somebody_of_firm(phrase: str) -> str | None:
    """The name of somebody of a well-known firm: `Jonas Huld of NVIDIA`."""
    match = _OF_FIRM.match(phrase)
    return match.group(1) if match and match.group(2) in nouns("company") else None


_NAMED_BODY = regex(
    rf"(?:[\w'’&./-]+ ){{0,8}}?(?P<name>{CAPITAL}(?:(?: (?:of|for|and|on|&|at)(?: the)?)? (?:{CAPITAL}|"
    rf"\d{{4}}))*)(?: \([\w -]{{2,40}}\))?$"
)

_PLACED = regex(r"((?:[Tt]he )?[A-Z][^,]{2,80}?) (?:in|from) (?:the )?[A-Z][\w'’ -]{2,60}$")

_IN_NAMES = frozenset(("All", "One", "First", "Next", "New", "Now", "Every"))
"""Words that open sentences, and names of firms inside them: `a forecast from All Pears`."""
_SMALL_FIRST = regex(r"(?<!\S)[a-z]{1,2}[A-Z][A-Za-z]+ $")
"""`iPear Research`, whose first letter is small."""


def named_body(phrase: str, base: int, cast: Cast) -> Mention | None:
    """The body with a proper name that the whole phrase is."""
    placed = _PLACED.match(phrase)
    if placed and has_organization_word(placed.group(1)):
        phrase = placed.group(1)
    last = phrase.rpartition(" ")[2]
    if not (last[:1].isupper() or last[:1].isdigit() or ")" in last):
        return None
    match = _NAMED_BODY.match(phrase)
    if match is None or not is_noun_phrase(phrase):
        return None
    name = match.group("name")
    if match.start("name") == 0 and name == phrase and " " not in name and _ordinary(name, cast):
        return None
    first, _, rest = name.partition(" ")
    if first in openers() and not (rest and first in _IN_NAMES and base > 1 and cast.text[base - 2].isalpha()):
        if not rest:
            return None
        name = rest
    front = phrase[: match.start("name")]
    if small := _SMALL_FIRST.search(front):
        name, front = small.group() + name, front[: small.start()]
    if front and not (
        DETERMINED.match(front) or has_organization_word(front) or front[:1].isupper() or is_place(front.strip())
    ):
        return None
    if front and re.search(r"\b(?:in|at|of|on|by|to|for|from|with|as|during|under|is|was|are)\b", front):
        return None
    if name in ("We", "I", "You", "Our", "My", "PRNewswire", "Q", "A", "AI", "IT", "EV", "GDP"):
        return None
    if any(word in nouns("time") for word in name.split()) or (
        name.endswith("ly") and not name.endswith(("Daily", "Weekly", "Monthly", "Quarterly"))
    ):
        return None
    if name in nouns("time") or name in nouns("place") or name.isdigit():
        return None
    return Mention(kind="organization", text=name, start=base, end=base + len(phrase))


def _ordinary(name: str, cast: Cast) -> bool:
    """A word that is capital only because it opens the sentence: `History reminds us that …`."""
    if name in nouns("thing") or re.fullmatch(
        r"[A-Z][a-z]+(?:-[a-z]+|tions|sions|ments|osals|ities|isms|nesses)", name
    ):
        return True
    return cast.prints_small(name)

"""English phrases around an instrument: the noun phrase that a verb takes, and how far its title goes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.patterns import regex
from pipeline.policies.cues import cues
from pipeline.policies.instruments import Noun, nouns
from pipeline.policies.tables import words
from pipeline.policies.tokens import PART, Token, verb_forms


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase that names an instrument; tokens are numbered within the sentence."""

    first: int
    """Its first token, the determiner included."""
    head: int
    """The last token of the instrument noun."""
    last: int
    """The last token of the complement that belongs to its title."""
    noun: Noun
    definite: bool
    named: bool
    """In title case or in marks: a name of its own."""


_STOP = words("stop")
_FINITE = words("finite")
_PREPOSITION = words("preposition")
_DETERMINER = words("determiner")
_QUANTIFIER = words("quantifier")
_CHANGES = words("changes")
_SKIP = words("skip")
_DATE_WORD = words("date_word")
_COMPLEMENT = words("complement")
_PRE_COMPLEMENT_VERB = regex(r"^[a-z]{3,}ing$")


@cache
def _ends() -> frozenset[str]:
    """The last words of the nouns: most tokens are none, and are told so at once."""
    return frozenset(noun.rsplit(" ", 1)[-1] for noun in nouns("en"))


NOUNS = cues(lambda: [PART.findall(word)[-1] for word in _ends()])
"""A sentence without one of these words has no instrument noun, and so no phrase for a verb to take."""


def head_at(tokens: list[Token], i: int) -> Noun | None:
    """The instrument noun that ends at token `i`, the longest of up to three words."""
    low = tokens[i].low
    if low not in _ends() or (len(low) > 3 and tokens[i].word.isupper()):
        return None
    table = nouns("en")
    if i >= 1:
        pair = f"{tokens[i - 1].low} {low}"
        noun = (table.get(f"{tokens[i - 2].low} {pair}") if i >= 2 else None) or table.get(pair)
        if noun is not None:
            return noun
    return table.get(low)


def object_phrase(tokens: list[Token], i: int, limit: int | None = None) -> Phrase | None:
    """The noun phrase with an instrument noun as its head that begins at token `i`, dates in between skipped."""
    end = min(len(tokens), limit if limit is not None else i + 26)
    while i < end and (
        tokens[i].low in _SKIP
        or tokens[i].low in _DATE_WORD
        or (tokens[i].word[:1].isdigit() and i + 1 < end and _date_before(tokens, i))
    ):
        i += 1
    if i < end and tokens[i].low in {"and", "or", "by"}:
        return None
    if i + 1 < end and tokens[i].low in {"more", "fewer"} and tokens[i + 1].low == "than":
        i += 2
    first = i
    head: int | None = None
    noun: Noun | None = None
    quoted = False
    hops = 0
    while i < end:
        low = tokens[i].low
        found = head_at(tokens, i)
        if found is not None:
            head, noun = i, found
            if (
                i + 1 < end
                and tokens[i + 1].low in {"and", "or"}
                and i + 2 < end
                and head_at(tokens, min(i + 2, end - 1)) is not None
            ):
                i += 2
                continue
            if i + 1 >= end or head_at(tokens, i + 1) is None:
                following = tokens[i + 1].low if i + 1 < end else ""
                if (
                    following
                    and following.isalpha()
                    and following not in _STOP | _PREPOSITION
                    and not _verbal(following)
                    and _nominal(tokens, i + 1, end)
                ):
                    i += 1
                    continue
                break
        if low in _QUANTIFIER and i + 1 < end and tokens[i + 1].low == "of":
            i += 2
            continue
        if low in _CHANGES and i + 1 < end and tokens[i + 1].low == "to":
            i += 2
            continue
        if head is None and low in {"called", "dubbed"}:
            return None
        if low in {'"', "“", "”"}:
            quoted = True
        elif (
            (low in _STOP and not (quoted and tokens[i].word[0].isupper()) and tokens[i].word != "Plus")
            or (
                low in _PREPOSITION
                and not (
                    low == "of"
                    and hops < 1
                    and head is None
                    and i > first + 1
                    and tokens[i - 1].low in {"edition", "version", "outline", "draft", "phase"}
                )
            )
            or (
                low in {",", ";", ":", "—", "–", "-"}
                and not (low == "," and i + 1 < end and _adjective_list(tokens, i, end))
            )
        ):
            break
        elif low == "of":
            hops += 1
        i += 1
    if head is None or noun is None:
        return _apposition(tokens, first, i) if quoted or _title_case(tokens[first:i]) else None
    return _phrase(tokens, first, head, noun, end=len(tokens), quoted=quoted)


def _title_case(tokens: list[Token]) -> bool:
    words = [t for t in tokens if t.word[0].isalpha() and t.low not in _DETERMINER]
    return len(words) > 1 and all(t.word[0].isupper() or t.low in _PREPOSITION | {"and"} for t in words)


def _apposition(tokens: list[Token], first: int, comma: int) -> Phrase | None:
    """`"X", a comprehensive service platform`: the name, with the noun that says what it is."""
    if comma + 2 >= len(tokens) or tokens[comma].low != "," or tokens[comma + 1].low not in {"a", "an", "the"}:
        return None
    said = object_phrase(tokens, comma + 1, min(len(tokens), comma + 16))
    if said is None:
        return None
    return Phrase(first, said.head, comma - 1, said.noun, False, True)


def _date_before(tokens: list[Token], i: int) -> bool:
    return i > 0 and (tokens[i - 1].low in _DATE_WORD or tokens[i - 1].low in {",", "in"})


def _adjective_list(tokens: list[Token], i: int, end: int) -> bool:
    """Whether a comma joins adjectives (`a new, wide-ranging plan`) and no clause: an instrument noun follows soon."""
    return (
        any(head_at(tokens, k) for k in range(i + 1, min(end, i + 4)))
        and tokens[i + 1].low not in _DETERMINER | _PREPOSITION | _STOP
    )


def _verbal(word: str) -> bool:
    return word.endswith(("ed", "ing")) or word in {
        "took",
        "take",
        "takes",
        "came",
        "come",
        "comes",
        "sets",
        "set",
        "calls",
        "says",
        "aims",
    }


def _nominal(tokens: list[Token], i: int, end: int) -> bool:
    """Whether an instrument noun follows at once: `action plan`, `policy measures`."""
    return any(head_at(tokens, k) is not None for k in range(i, min(end, i + 2)))


def phrases_of(tokens: list[Token]) -> list[Phrase]:
    """Every phrase with an instrument noun in the sentence, in order, the complement of one not searched again."""
    ends = _ends()
    found = []
    for i, token in enumerate(tokens):
        noun = head_at(tokens, i) if token.low in ends else None
        if noun is not None and not (i + 1 < len(tokens) and head_at(tokens, i + 1) is not None):
            first = i
            while first > 0 and _before_head(tokens, first - 1) and i - first < 12:
                first -= 1
            found.append(_phrase(tokens, first, i, noun, end=len(tokens), quoted=False))
    return found


def _before_head(tokens: list[Token], i: int) -> bool:
    low = tokens[i].low
    if (
        low == "of"
        and i > 0
        and tokens[i - 1].word[0].isupper()
        and tokens[i + 1].word[0].isupper()
        and tokens[i - 1].low.endswith(("republic", "kingdom", "states"))
    ):
        return True
    if low in {"draft", "revised", "updated", "amended", "proposed"} or tokens[i].word == "Plus":
        return True
    if low in {"titled", "entitled", "named", "called", "dubbed"}:
        return False
    if low in _STOP or low in _PREPOSITION or not (low[0].isalnum()) or low in {"and"}:
        return False
    if tokens[i + 1].low in {"the", "a", "an", "this", "these", "its", "their"}:
        return False
    return not (low in verb_forms() and verb_forms()[low][2] in {"past", "base", "third", "gerund"})


_GATHERED = frozenset(
    {"raft", "series", "package", "set", "range", "slew", "host", "batch", "round", "string", "bundle"}
)
"""`A raft of measures`: how many, and part of the phrase."""


def phrase_before(tokens: list[Token], i: int) -> Phrase | None:
    """The phrase that stands as subject right before the verb group at token `i`, its complement running up to it."""
    best = None
    for k in range(i - 1, max(-1, i - 40), -1):
        low = tokens[k].low
        if low in {";", ":", "that", "which", "who", "said"}:
            break
        if low == "," and best is not None and tokens[k + 1].low in {"a", "an"}:
            # `… on pears, a response to tariffs announced by …`: what stands before is another phrase
            break
        noun = head_at(tokens, k)
        if noun is not None and not (k + 1 < i and head_at(tokens, k + 1) is not None):
            first = k
            while first > 0 and _before_head(tokens, first - 1) and k - first < 12:
                first -= 1
            if first > 2 and tokens[first - 1].low == "of" and tokens[first - 2].low in _GATHERED:
                first -= 3 if tokens[first - 3].low in {"a", "an", "another"} else 2
            phrase = _phrase(tokens, first, k, noun, end=i, quoted=False)
            rest = tokens[k + 1 : i]
            if (
                not rest
                or rest[0].low in _COMPLEMENT | {",", "(", "which", "from", "related", "covering", "between"}
                or all(t.low in {"and", "other"} for t in rest[:1])
            ):
                best = phrase
                if first == 0 or tokens[first - 1].low not in _PREPOSITION or tokens[first - 2].low == "according":
                    # `China plans to …, according to a guideline released by …`
                    break
            elif (
                best is None
                and len(rest) <= 2
                and all(t.low in {"that", "which", "and"} or t.low.endswith(("ly", "ed")) for t in rest)
            ):
                best = phrase
    return best


def _phrase(tokens: list[Token], first: int, head: int, noun: Noun, *, end: int, quoted: bool) -> Phrase:
    last = _complement(tokens, head, end)
    determiner = tokens[first].low
    definite = determiner in {"the", "this", "these", "its", "their", "those"} or "'s" in determiner
    if definite and head + 1 < end and tokens[head + 1].low == "that":
        last = head
    title_words = [
        t.word for t in tokens[max(first, head - 6) : head + 1] if t.word[0].isalpha() and t.low not in _DETERMINER
    ]
    named = (
        bool(title_words)
        and tokens[head].word[0].isupper()
        and (len(title_words) > 1 or (last > head and tokens[head + 1].low != "to"))
    )
    return Phrase(first, head, last, noun, definite, named or quoted)


def _complement(tokens: list[Token], head: int, end: int) -> int:
    """The last token of what follows the head and belongs to the title."""
    i = head + 1
    if i < end and tokens[i].low == "(" and i + 2 < end:
        close = next((k for k in range(i, min(end, i + 8)) if tokens[k].low == ")"), None)
        if close is not None and not any(t.low in {"no", "hereinafter"} for t in tokens[i:close]):
            i = close + 1
    i = _past_date(tokens, i, end)
    if i >= end or not (
        (tokens[i].low == "from" and i + 1 < end and tokens[i + 1].word[:1].isdigit())
        or tokens[i].low in _COMPLEMENT
        or _PRE_COMPLEMENT_VERB.match(tokens[i].low)
        or tokens[i].word.isdigit()
        or tokens[i].low == "that"
    ):
        return i - 1
    if tokens[i].low in {"on", "in"} and i + 1 < end and tokens[i + 1].word[:2] in {"19", "20"}:
        return i - 1
    forms, opens = verb_forms(), i
    while i < end and i - head < 30:
        low = tokens[i].low
        if low == "(" and any(t.low in {"no", "hereinafter", "mofcom"} for t in tokens[i + 1 : i + 8]):
            break
        if low in {",", ";", ":", "—", "–"} or (
            low in _STOP
            and low not in {"with", "from", "under", "into", "as"}
            and not (i == opens and (low == "that" or low in _COMPLEMENT))
            and not (low == "than" and tokens[i - 1].low in {"more", "less", "fewer"})
        ):
            if low == "," and i + 1 < end and _listed(tokens, i, end):
                i += 1
                continue
            break
        if low in {"on", "in", "last", "this"} and i + 1 < end and tokens[i + 1].low in _DATE_WORD:
            break
        if (
            low in forms
            and forms[low][2] in {"past", "third"}
            and low not in {"cut", "issues", "plans", "launches"}
            and not (
                i + 1 < end
                and tokens[i + 1].low not in _PREPOSITION
                and low.endswith("ed")
                and tokens[i - 1].low in {"of", "and"}
            )
        ):
            break
        if low in {"take", "come", "enter"} and i + 1 < end and tokens[i + 1].low in {"effect", "into"}:
            break
        if low in _FINITE and tokens[i - 1].low not in {"to", "and"}:
            break
        if (
            low in {"and"}
            and i + 1 < end
            and (
                tokens[i + 1].low in _NEXT_VERB
                or (tokens[i + 1].low in forms and forms[tokens[i + 1].low][2] in {"past", "third"})
            )
        ):
            break
        i += 1
    return i - 1


def _past_date(tokens: list[Token], i: int, end: int) -> int:
    """`A plan on Wednesday to integrate …`, `rules late last month requiring …`: where the complement goes on after
    the date; `i` itself where no date stands there, or no complement comes after it."""
    k = i
    if k < end and tokens[k].low in {"early", "late", "earlier"}:
        k += 1
    if k + 1 < end and tokens[k].low in {"on", "in", "last", "this"} and tokens[k + 1].low in _DATE_WORD:
        k += 2
        if k < end and tokens[k].word.isdigit():
            k += 1
    elif k < end and tokens[k].low in {"yesterday", "today", "recently"}:
        k += 1
    else:
        return i
    if k + 1 >= end or tokens[k + 1].low in _DATE_WORD or tokens[k + 1].low in _NO_PURPOSE:
        return i
    low = tokens[k].low
    return k if low in _COMPLEMENT - {"in", "with", "into"} or low == "that" or _REQUIRES.match(low) else i


_NEXT_VERB = frozenset({"is", "are", "was", "were", "has", "have", "had", "will", "would"})
_NO_PURPOSE = frozenset({"public", "comment", "comments", "first", "review", "behalf", "its", "condition"})
_REQUIRES = regex(
    r"(?:requir|bann|allow|prohibit|restrict|barr|declar|mandat|permitt|limit|exempt|order|lift|ask|urg|instruct|call)ing$"
)


def _listed(tokens: list[Token], comma: int, end: int) -> bool:
    """Whether a comma goes on a list of single words that an `and` ends soon: `for finance, trade and culture`."""
    for k in range(comma + 1, min(end, comma + 5)):
        if tokens[k].low == "and":
            return k > comma + 1
        if tokens[k].low in _STOP | _PREPOSITION | {","} | _DETERMINER:
            return False
    return False

"""Participles that report: whose they are when no reporting verb stands before them.

`The bureau issued a notice, urging …` and `X praised the port, highlighting …` report what the sentence's subject said;
`…, with analysts saying that …` brings its own source; `The line cut costs, highlighting …` reports nothing.
"""

from __future__ import annotations

from pipeline.patterns import regex
from pipeline.quotes.cast import Cast
from pipeline.quotes.records import Mention
from pipeline.quotes.source_phrases import parse_source

SHARE = regex(
    r"(?:[Tt]he |[Aa] )?(?:(?:[Nn]early|[Aa]bout|[Oo]ver|[Mm]ore than|[Aa]lmost|[Aa]round|[Ss]ome|[Aa]pproximately) )?"
    r"(?:(?:half|[\d.]+ percent|proportion|share|percentage|number|two-thirds|one-third|a third|three-quarters) of|"
    r"one in \w+) "
)
"""A share of people, which is a figure and no source."""

_ISSUING = (
    "issued", "released", "published", "delivered", "gave", "made", "posted", "wrote", "sent", "unveiled", "adopted",
    "signed", "launched",
)  # fmt: skip
_WORDS_ISSUED = (
    rf"(?:{'|'.join(_ISSUING)}) "
    r"(?:[\w'’(),-]+ ){0,9}?(?:statements?|warnings?|reports?|notices?|speech|guidelines?|documents?|paper|strategy|"
    r"plan|letters?|circulars?|alerts?|reminders?|commentar(?:y|ies)|editorials?|articles?|remarks|posts?|messages?|"
    r"advisor(?:y|ies)|notes?|outlook|blueprint|opinions?|communique|declarations?|rules|draft|Strategy|Plan|"
    r"Guidelines|Declaration|Statement)\b"
)
_ISSUED_WORDS = regex(rf"\b{_WORDS_ISSUED} $")
_DEED_OF_WORDS = regex(
    rf"\b(?:{_WORDS_ISSUED}|commended|praised|welcomed|hailed|lauded|applauded|thanked|criticized|condemned|slammed|"
    r"blasted|denounced|pushed back|spoke highly|congratulated|rejected|defended|voiced support|expressed \w+|"
    r"(?:remain|remains|remained|is|are|was|were|turning|turned|grown|growing)(?: \w+ly| more)? "
    r"(?:optimistic|confident|bullish|upbeat|cautious|skeptical|positive)|turned to|"
    r"attach(?:es|ed)? (?:great |high |much )?importance)\b[^.;:\"“”]{0,240}$"
)
_DEPENDENT = regex(r"\b(?:which|that)\b[^,]*, $")


def issuing_verb(before: str) -> int | None:
    """Where `delivered a speech` begins, right before `highlighting …`: the participle is what the words say."""
    if not any(verb in before for verb in _ISSUING):
        return None
    found = _ISSUED_WORDS.search(before, max(0, len(before) - 240))
    return found.start() if found else None


def follows_deed_of_words(before: str) -> bool:
    """An act of speech or an attitude stands before: a participle after it (`…, highlighting its reach`) reports."""
    at = max(0, len(before) - 320)
    return _DEED_OF_WORDS.search(before, at) is not None and _DEPENDENT.search(before, at) is None


_WITH = regex(r"(?:^|, | )(?:[Ww]ith|[Dd]espite) ")


def absolute_source(text: str, start: int, verb: int, cast: Cast) -> tuple[int, Mention] | None:
    """`…, with analysts saying that …`, `despite the firm claiming …`: where the phrase begins, and its source."""
    left = text[max(start, verb - 160) : verb]
    opened = list(_WITH.finditer(left))
    if not opened:
        return None
    base = verb - len(left)
    at = base + opened[-1].end()
    mention = parse_source(text[at:verb].rstrip(), at, cast)
    if mention is None or mention.kind == "post" or mention.text.lower() == "it" or SHARE.match(text, at):
        return None
    return base + opened[-1].start(), mention


_ATTRIBUTED_LAST = regex(
    r",[\"”]? (?!(?:and|but|while|who|which|that|as|also|or|so) )(?:[\w'’.-]+ ){1,5}"
    r"(?:said|added|noted|says|explained|stressed|warned)"
    r"(?: (?:(?:on|in|at|last|this|during|to|earlier|late|after|when|as|via|while) )[^,.;]{0,50})?[.]?$"
)


def closing_attribution(text: str, at: int, end: int) -> int | None:
    """Where `…, he said.` begins, which makes the whole sentence somebody's report."""
    found = _ATTRIBUTED_LAST.search(text, max(at, end - 90), end)
    return found.start() if found else None

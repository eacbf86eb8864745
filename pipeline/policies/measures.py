"""Measures that English prose tells as deeds of an authority, not as documents.

`imposed tariffs on …`, `launched an investigation into …`, `put … on an export blacklist`. The words are in
measures.csv, the grammar is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipeline.patterns import regex
from pipeline.policies.cues import Cues, cues
from pipeline.policies.sentence import Sentence
from pipeline.policies.tables import rows

Family = Literal["impose", "ban", "fine", "order", "probe", "list", "recognize"]
_FAMILIES: tuple[Family, ...] = ("impose", "ban", "fine", "order", "probe", "list", "recognize")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A measure at `start:end` of the text, its title running to `stop`."""

    family: Family
    start: int
    end: int
    stop: int
    title: str
    object: str
    """What is imposed, banned or launched, lower case."""
    target: str | None = None
    """Who is fined."""


def _words(role: str) -> list[str]:
    return sorted((row["word"] for row in rows("measures") if row["role"] == role), key=len, reverse=True)


def _any(role: str) -> str:
    return "|".join(re.escape(word) for word in _words(role))


def _part(role: str, part: int) -> Cues:
    """The first (0) or last (-1) words of what has this role in the table."""
    return cues(lambda: [_WORD.findall(word)[part].lower() for word in _words(role)])


_VERBS_ALONE = cues("fined fines penalized ordered recognized")
_PAIRS = tuple(
    (_part(f"{family}_verb", 0), _part(f"{family}_object", -1)) for family in ("impose", "ban", "probe", "list")
)


def may_tell(sentence: Sentence) -> bool:
    """Whether the sentence may tell a measure: it has a verb and an object of one family."""
    has = sentence.cues
    return bool(has & _VERBS_ALONE) or any(has & verbs and has & objects for verbs, objects in _PAIRS)


@cache
def _pattern() -> re.Pattern[str]:
    between = r"(?:(?!said\b|that\b|which\b|and (?!countervailing|anti|restrict|technolog|other))[\w$%.,'’-]+ ){0,7}?"
    return re.compile(
        rf"\b(?:(?P<impose>{_any('impose_verb')}) {between}(?P<object>{_any('impose_object')})\b"
        rf"|(?P<ban>{_any('ban_verb')}) (?:(?!on\b|of\b)[\w'’.-]+ ){{0,4}}?(?P<banned>{_any('ban_object')})\b"
        r"|(?P<fine>fined|fines|penalized) (?P<fined>(?:[A-Z]|(?:the|an?|two|three|four|five|\d+) )[\w'’. -]{1,60}?)"
        r" (?P<sum>(?:[A-Z]{1,2})?[€$£]?\d[\d.,]*)"
        r"|(?P<order>ordered) (?:[\w-]+ ){1,6}?to\b"
        rf"|(?P<probe>{_any('probe_verb')}) (?:to (?:launch|initiate|start|open) )?(?:[\w'’/,-]+"
        rf" ){{0,7}}?(?P<probed>{_any('probe_object')})\b"
        rf"|(?P<list>{_any('list_verb')}) (?:[\w'’/.-]+,? ){{1,16}}?(?:on|to|in|onto) (?:(?:its"
        rf"|the|an|a|US|their) )?[\"“]?(?P<listed>{_any('list_object')})\b"
        r"|(?P<recognize>recognized) [\"“]?(?:[\w-]+ ){0,6}?[\w-]+[\"”]? as )"
    )


_WORD = regex(r"\w+")
_END = regex(
    r"[,;:]|\.(?=\s|$)|[.\"”]+$| (?:said|after|while|when|which|who|that|because|as"
    r"|despite)\b(?! a new| an? )| on a trial basis\b"
    r"| and (?=(?:put|add|also|has|have|impos|extend|relax|all)\w*\b)"
)
_LEAD = regex(r"^(?:a|an|the|to launch the|to launch a|to launch an|to launch|to initiate) ")


def deeds_in(text: str, start: int, end: int) -> Iterator[Deed]:
    """The measures told in `text[start:end]`, in order, whoever does them."""
    for match in _pattern().finditer(text, start, end):
        family = next(name for name in _FAMILIES if match[name])
        stopper = _END.search(text, match.end(), end)
        stop = stopper.start() if stopper else end
        title = text[match.start() : stop].strip(' ,."”')
        if family == "probe":
            title = _LEAD.sub("", text[match.end("probe") : stop].strip(' ,."”'))
        elif family == "list" and "black" in match["listed"]:
            title = match["listed"]
        yield Deed(
            family=family,
            start=match.start(),
            end=match.end(),
            stop=stop,
            title=title,
            object=(match["object"] or match["banned"] or match["probed"] or match["listed"] or family).lower(),
            target=match["fined"].strip() if match["fined"] else None,
        )

"""Opinions without a verb of saying: `In her view, …`, `For Ma, it is a "gift"`, `… is stressed in the plan`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.patterns import regex
from pipeline.quotes.attribution import FINITE, PLAIN_FINITE, Attribution, make_attribution, sentence_end
from pipeline.quotes.cast import Cast
from pipeline.quotes.records import Mention
from pipeline.quotes.source_phrases import parse_source
from pipeline.quotes.source_right import source_after
from pipeline.quotes.tables import Cue

_VIEW = Cue(lemma="in the view of", takes=frozenset(("source",)))
_IN_A_VIEW = regex(
    r"(?:(?:But|And|Yet|However,|Meanwhile,) )?"
    r"(?P<cue>[Ii]n (?P<owner>his|her|their|[A-Z][\w'’. -]{1,40}(?:'s|’s|s'|s’)) "
    r"(?:own )?(?:view|views|opinion|assessment|estimation|judgment|eyes)), "
)
_FOR = regex(r"(?P<cue>For) (?P<owner>[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,3})(?:, [^,]{3,90})?, ")

_MARK = regex(r"[\"“]")
"""`For Ma, …` alone is the writer's account of Ma; words in marks are hers."""


def read_opinions(text: str, start: int, end: int, cast: Cast) -> Iterator[Attribution]:
    """The opinion that a sentence opens with, as one reporting clause; `text` has quoted words blanked."""
    if match := _IN_A_VIEW.match(text, start, end):
        owner = match.group("owner")
        mention = _owner(owner, match.start("owner"), cast)
    elif match := _FOR.match(text, start, end):
        mention = _person(match, cast) if _MARK.search(text, match.end(), end) else None
    else:
        return
    if mention is not None:
        yield make_attribution(
            _cue(match), _VIEW, "opinion", mention, (match.end(), sentence_end(text, end)), (start, match.end() - 1)
        )


def _cue(match: re.Match[str]) -> re.Match[str]:
    found = re.compile(re.escape(match.group("cue"))).match(match.string, match.start("cue"))
    assert found is not None
    return found


def _owner(owner: str, at: int, cast: Cast) -> Mention | None:
    pronoun = {"his": "he", "her": "she", "their": "they"}.get(owner)
    if pronoun:
        return Mention(kind="pronoun", text=pronoun, start=at, end=at + len(owner))
    return parse_source(re.sub(r"(?:'s|’s|'|’)$", "", owner), at, cast)


def _person(match: re.Match[str], cast: Cast) -> Mention | None:
    found = parse_source(match.group("owner"), match.start("owner"), cast)
    return found if found is not None and found.kind in ("name", "surname") else None


_SAID_IN = regex(r" (?:in|by) (?:both |all )?(?=the |this |its |their |last |[A-Z])")
_BE = regex(r" (?:is|are|was|were|has been|have been)(?: also| again| further| \w+ly)? $")
_PASSIVE_VERBS = frozenset(("emphasize", "emphasise", "stress", "highlight", "underline", "underscore", "reiterate"))


def read_stressed_in(text: str, start: int, end: int, match: re.Match[str], cue: Cue, cast: Cast) -> Attribution | None:
    """`Care for the old is stressed in the outline`: the subject is what the document says."""
    if cue.lemma not in _PASSIVE_VERBS or not match.group().endswith("ed"):
        return None
    put = _SAID_IN.match(text, match.end(), end)
    be = _BE.search(text, max(start, match.start() - 24), match.start())
    if put is None or be is None:
        return None
    mention = source_after(text, put.end(), end, cast)
    if mention is None or mention.kind != "document":
        return None
    comma = text.rfind(", ", start, be.start())
    first = comma + 2 if comma >= 0 else start
    if PLAIN_FINITE.search(text, first, be.start()) or FINITE.search(text, first, first + 12):
        return None
    return make_attribution(
        match, cue, "stressed-in", mention, (first, be.start()), (be.start(), mention.end), post=True
    )

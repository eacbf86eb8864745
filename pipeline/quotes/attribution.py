"""A reporting clause, and what all rules of English attribution share: where clauses begin, end and hold a verb."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.patterns import regex
from pipeline.quotes.records import Mention
from pipeline.quotes.tables import Cue


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """One reporting clause: its cue, its source, and the stretch of the sentence that it reports."""

    cue: str
    lemma: Cue
    at: int
    rule: str
    mention: Mention | None
    """None: the source of the clause before (`…, adding that …`)."""
    start: int
    end: int
    """The reported words, `start == end` where the sentence holds none."""
    around: tuple[int, int]
    """The whole clause, so that two clauses do not claim the same words."""
    post: bool = False
    """Whether the report stands before its verb."""


def make_attribution(
    match: re.Match[str],
    cue: Cue,
    rule: str,
    mention: Mention | None,
    reported: tuple[int, int],
    around: tuple[int, int],
    *,
    post: bool = False,
) -> Attribution:
    """The clause of the cue at `match`, with the offsets of the reported words and of the clause itself."""
    return Attribution(
        cue=match.group().strip(), lemma=cue, at=match.start(), rule=rule, mention=mention, start=reported[0],
        end=reported[1], around=around, post=post,
    )  # fmt: skip


def clause_start(text: str, start: int, end: int) -> int:
    """Past a connective that opens the sentence (`For instance, …`)."""
    lead = _OPENING.match(text, start, end)
    start = lead.end() if lead else start
    setting = _SETTING.match(text, start, end)
    return setting.end() if setting else start


_SETTING = regex(r"As [^,;:\"“”]{3,120}? (?:is|are) (?:\w+ ){0,2}\w+ing [^,;:\"“”]{3,200}, (?=\w)")
"""The writer's circumstance before somebody's report: `As China is opening up, exports will grow, experts said`."""

_OPENING = regex(
    r"(?:(?:For (?:instance|example)|However|Meanwhile|Moreover|Furthermore|In addition|"
    r"Additionally|Besides|Similarly|But|And|Yet|Also|Overall|Therefore|Still|Nevertheless|"
    r"In fact|Indeed|Specifically|Notably),? )+"
)

DOCUMENTS_ONLY = frozenset(("find", "read"))
"""Verbs that report only when a document or a body is their source."""

_ADDED_TO = regex(r"[^;:\"“”]{2,200}? (?:to|from|into) (?:its|the|their|an?) ")


def speaks_of(text: str, complement: tuple[int, int], cue: Cue, mention: Mention | None) -> bool:
    """`X Corp added three firms to its list` and `added more than 100 stores` are deeds, no words."""
    if cue.lemma != "add" or text[complement[0] - 5 : complement[0]] == "that ":
        return True
    first = PLAIN_FINITE.search(text, *complement)
    deed = _ADDED_TO.match(text, *complement)
    if deed and (first is None or first.start() > deed.end() - 3):
        return False
    if first is not None or (mention is None and _SHORT_CLAUSE.match(text, *complement)):
        return True
    return mention is not None and mention.kind in ("name", "surname", "pronoun", "post", "group")


_SHORT_CLAUSE = regex(
    r"(?:he|she|it|they|this|these|(?:the|its|their) (?:[\w'’-]+ ){0,2}?[\w'’-]+) [a-z]+(?:ed|[^s]s)\b"
)

PLAIN_FINITE = regex(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|do|does|did|cannot)\b"
)


def sentence_end(text: str, end: int) -> int:
    """Where the words of a sentence end, its closing punctuation left out."""
    stop = end
    while stop > 0 and text[stop - 1] in " .!?…":
        stop -= 1
    return stop


FINITE = regex(
    r"\b(?:(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|do|"
    r"does|did|isn't|aren't|won't|cannot|can't|doesn't|don't|need|needs|remain|remains|"
    r"continue|continues|'s|’s)|[a-z]{3,}(?:s|ed)|"
    r"(?<= )(?:began|became|broke|brought|built|came|chose|drew|drove|fell|felt|flew|found|gave|got|grew|held|hid|kept|"
    r"knew|laid|led|left|lost|made|meant|met|paid|ran|rose|sank|saw|sent|shook|shrank|sold|sought|spent|spoke|stood|"
    r"struck|taught|thought|threw|took|understood|went|withdrew|won|wrote))\b"
)
"""A finite verb by its form; a clause without `that` has one."""

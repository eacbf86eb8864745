"""Words in marks that a document is quoted with where no verb reports them.

`The plan sets out to "build ports for people"`, `a new guideline aims at cities where the young can "stay and work"`:
a stretch that could not be a name, since it opens with a verb, in a sentence about one document.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.patterns import regex
from pipeline.quotes.cast import Cast
from pipeline.quotes.marks import Marked
from pipeline.quotes.participles import subject_of_sentence
from pipeline.quotes.records import Mention
from pipeline.quotes.source_phrases import parse_source

_TO_DO = regex(r"\b(?:to|can|will|should|must) [\"“]$")
_GOAL_OF_DOING = regex(r"\b(?:goal|aim|target|task|principle|requirement|pledge|commitment)s? of [\"“]$")
_DOING = regex(r"[a-z]+ing [a-z]")
_PHRASE = regex(r"[a-z]+(?:, [a-z]+)* [a-z]")
_MORE = regex(
    r" (?:for the first time|in \d{4}|reinforces|sets|introduces?|introduced|placed?|places|aims|adds|also|includes?)"
    r"\b.*$"
)
_ISSUED = regex(
    r"(?:rolled out|issued|released|unveiled|published|adopted|launched) "
    r"(?P<name>(?:an?|the|its|their) (?:[\w-]+ ){0,4}?"
    r"(?:guidelines?|plan|notice|circular|document|blueprint|outline|statement|white paper|action plan|measures))\b"
)


def document_of(text: str, blank: str, stretch: Marked, start: int, cast: Cast) -> Mention | None:
    """The document that the marked words come from, or None where they may be anything else."""
    words = text[stretch.start : stretch.end]
    if not words[:1].islower() or len(words.split()) < 4:
        return None
    before = blank[max(start, stretch.start - 32) : stretch.start]
    does = _TO_DO.search(before) and _PHRASE.match(words)
    if not does and not (_GOAL_OF_DOING.search(before) and _DOING.match(words)):
        return None
    subject = subject_of_sentence(blank, start, stretch.start - 1, cast)
    if subject is not None and subject.kind == "document":
        return replace(subject, text=_MORE.sub("", subject.text))
    if issued := _ISSUED.search(blank, start, stretch.start):
        found = parse_source("the " + issued.group("name").split(" ", 1)[1], issued.start("name"), cast)
        return found if found is not None and found.kind == "document" else None
    return None

"""Quotes: who said what in an article, English and Chinese.

The rules are those of the project's extraction spec. `find_candidates` keeps why each quote was taken for one;
`find_quotes` gives the records.
"""

from __future__ import annotations

from pipeline.model import Article, Quote, Span, Why
from pipeline.quotes.assemble import find_english
from pipeline.quotes.chinese import find_chinese
from pipeline.quotes.records import Candidate
from pipeline.quotes.turns import find_turns

__all__ = ["find_candidates", "find_quotes"]


def find_quotes(article: Article) -> tuple[Quote, ...]:
    """The quotes of an article in text order; spans never overlap."""
    return tuple(_quote(article, candidate) for candidate in find_candidates(article))


def find_candidates(article: Article) -> tuple[Candidate, ...]:
    """The quotes with rule, cue and the chain of mentions that led to the speaker."""
    turns = find_turns(article)
    taken = [(turn.start, turn.end) for turn in turns]
    if article.language == "zh":
        rest = find_chinese(article, taken)
    elif turns:
        rest = []
    else:
        rest = find_english(article.text, taken)
    return tuple(sorted([*turns, *(found for found in rest if found.speaker)], key=lambda found: found.start))


def _quote(article: Article, candidate: Candidate) -> Quote:
    speaker = candidate.speaker
    assert speaker is not None
    return Quote(
        span=Span.cut(article.text, candidate.start, candidate.end),
        kind=candidate.kind,
        cue=candidate.cue,
        speaker=speaker.name,
        speaker_type=speaker.type,
        role=speaker.role if speaker.type == "person" else None,
        title=speaker.title,
        organization=speaker.organization,
        why=Why(rule=candidate.rule, cue=candidate.cue, chain=(*speaker.chain, speaker.name), notes=candidate.notes),
    )

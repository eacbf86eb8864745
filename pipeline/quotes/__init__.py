"""Quotes: who said what in an article, English and Chinese.

The rules are those of the project's extraction spec. `find_quotes` gives the records, `explain_quotes` also what was
considered and dropped; `find_candidates` keeps rule, cue and mentions as the finder passes them on.
"""

from __future__ import annotations

from functools import lru_cache

from pipeline.model import Article, Dropped, Quote, Span, Why
from pipeline.quotes.assemble import find_english
from pipeline.quotes.chinese import find_chinese
from pipeline.quotes.confidence import confidence
from pipeline.quotes.interviews import find_interview
from pipeline.quotes.notices import is_notice, settle_notice
from pipeline.quotes.records import Candidate, Refused
from pipeline.quotes.turns import find_turns, transcript_span

__all__ = ["explain_quotes", "find_candidates", "find_quotes"]


def find_quotes(article: Article) -> tuple[Quote, ...]:
    """The quotes of an article in text order; spans never overlap."""
    return tuple(_quote(article, candidate) for candidate in find_candidates(article))


def explain_quotes(article: Article) -> tuple[tuple[Quote, ...], tuple[Dropped, ...]]:
    """The quotes of an article, and in text order what looked like one and why it was dropped; for `--explain`."""
    return find_quotes(article), tuple(_dropped(article, words) for words in _read(article)[1])


def find_candidates(article: Article) -> tuple[Candidate, ...]:
    """The quotes with rule, cue and the chain of mentions that led to the speaker."""
    return _read(article)[0]


@lru_cache(maxsize=4)
def _read(article: Article) -> tuple[tuple[Candidate, ...], tuple[Refused, ...]]:
    interview = find_interview(article) if article.language == "en" and article.source != "mofcom" else None
    turns = list(interview.answers) if interview else find_turns(article)
    taken = [(interview.start, interview.end)] if interview else [(turn.start, turn.end) for turn in turns]
    rest: list[Candidate] = []
    refused: list[Refused] = []
    if article.language == "zh":
        asked = transcript_span(article) if turns else None
        rest, refused = find_chinese(article, [asked] if asked else taken)
    elif interview or not turns:
        rest, refused = find_english(article.text, taken)
        rest = settle_notice(article, rest) if is_notice(article) else rest
    found = sorted([*turns, *(made for made in rest if made.speaker)], key=lambda made: made.start)
    return tuple(found), tuple(sorted(refused, key=lambda words: (words.start, words.end, words.rule)))


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
        confidence=confidence(candidate, article.language),
        why=Why(
            rule=candidate.rule,
            cue=candidate.cue,
            chain=(*speaker.chain, speaker.name),
            notes=(*candidate.notes, *speaker.notes),
        ),
    )


def _dropped(article: Article, words: Refused) -> Dropped:
    return Dropped(
        span=Span.cut(article.text, words.start, words.end),
        kind="quote",
        why=Why(rule=words.rule, cue=words.cue, chain=words.chain),
        reason=words.reason,
    )

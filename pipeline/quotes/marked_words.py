"""Decide whether words in marks are a quote, of what kind and whose, or a term, a title, nobody's words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.model import QuoteKind
from pipeline.patterns import regex
from pipeline.quotes.attribution import Attribution
from pipeline.quotes.fragments import document_of
from pipeline.quotes.marks import Marked, ends_like_a_clause
from pipeline.quotes.memory import Memory
from pipeline.quotes.records import Candidate, Refused, Speaker
from pipeline.quotes.speaker_bodies import of_person
from pipeline.quotes.speakers import resolve
from pipeline.quotes.terms import is_named, is_term, is_whole_report


@dataclass(slots=True, kw_only=True)
class Sentence:
    """A sentence with its stretches in marks and its reporting clauses."""

    start: int
    end: int
    paragraph: int
    marks: list[Marked]
    attributions: list[Attribution]


_TERM = "a term or stock phrase in marks"


def marked_quote(
    text: str,
    blank: str,
    stretch: Marked,
    sentence: Sentence,
    speakers: list[Speaker | None],
    memory: Memory,
    before: Sentence | None,
    *,
    carried: bool = False,
) -> Candidate | None:
    """The quote that the words in marks are; where they are none, the reason is noted among what was refused."""
    index = governing(stretch, sentence)
    if index is None:
        made = _unattributed(text, stretch, sentence, memory, before) or _fragment(
            text, blank, stretch, sentence, memory
        )
        if made is None:
            memory.refused.append(_unspoken(stretch, None, "no cue reports the words in marks"))
        return made
    attribution, speaker = sentence.attributions[index], speakers[index]
    direct = _is_clause(text, stretch, sentence) or is_whole_report(text, stretch, attribution)
    reason = None
    if speaker is None:
        reason = "nobody in the article fits its source"
    elif _is_work(text, blank, stretch, attribution):
        reason = "the title of a work"
    elif (
        not direct
        and not carried
        and not _holds_the_verb(blank, stretch, attribution)
        and is_term(text, stretch, attribution)
    ):
        reason = _TERM
    if reason is not None:
        memory.refused.append(_unspoken(stretch, attribution, reason))
        return None
    kind: QuoteKind = "direct" if direct else "partial"
    return Candidate(
        start=stretch.start,
        end=stretch.end,
        kind=kind,
        cue=attribution.cue,
        rule=f"marked-{attribution.rule}",
        speaker=speaker,
    )


def governing(stretch: Marked, sentence: Sentence) -> int | None:
    """The reporting clause whose reported words hold the marked ones; the nearest one where several do."""
    best: int | None = None
    for index, attribution in enumerate(sentence.attributions):
        holds = attribution.start - 1 <= stretch.start and stretch.end <= attribution.end + 2
        if not holds or attribution.end <= attribution.start:
            continue
        if best is None:
            best = index
        elif not attribution.post or sentence.attributions[best].post:
            nearer = attribution.at < stretch.start or sentence.attributions[best].at > stretch.end
            best = index if nearer else best
    if best is not None:
        return best
    for index, attribution in enumerate(sentence.attributions):
        if attribution.rule == "bare":
            return index
    return None


def _is_clause(text: str, stretch: Marked, sentence: Sentence) -> bool:
    """A clause or more: it closes like one, and opens like one or is long."""
    words = text[stretch.start : stretch.end]
    upper = words[:1].isupper() or not words[:1].isalpha()
    own = ends_like_a_clause(text, stretch)
    if own and (upper or len(words.split()) > 5):
        return True
    opens = stretch.start - 1 <= sentence.start
    introduced = text[max(0, stretch.start - 3) : stretch.start - 1].strip().endswith((":", ","))
    return upper and len(words.split()) > 5 and (opens or introduced)


_WORK_BEFORE = regex(
    r"\b(?:analysis|report|publication|article|book|paper|study|essay|speech|film|documentary|series|event|seminar|"
    r"forum|exhibition|column|post|song|play|podcast|video|game|novel),? [\"“]$"
)


def _is_work(text: str, blank: str, stretch: Marked, attribution: Attribution) -> bool:
    """The title of a work: words in title case after the noun of a work, without a sentence's own end."""
    if ends_like_a_clause(text, stretch) and text[stretch.end - 1] != ",":
        return False
    return bool(_WORK_BEFORE.search(blank, max(0, stretch.start - 24), stretch.start))


_VERB_FORM = regex(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|should|must|do|does|did|to)\b|"
    r"\b[a-z]{3,}ed\b"
)

_CLAUSES = ("clause", "addressee", "source", "noun-as")


def _holds_the_verb(blank: str, stretch: Marked, attribution: Attribution) -> bool:
    """Whether the report would be no sentence without the marked words: `said his firm "respectfully disagrees"`."""
    if (
        attribution.post
        or attribution.lemma.takes.isdisjoint(_CLAUSES)
        or "noun" in attribution.lemma.takes
        or attribution.end <= attribution.start
    ):
        return False
    outside = blank[attribution.start : attribution.end]
    return _VERB_FORM.search(outside) is None and not re.search(
        r"\b[a-z]{3,}s\b", blank[attribution.start : stretch.start]
    )


def _unspoken(stretch: Marked, attribution: Attribution | None, reason: str) -> Refused:
    return Refused(
        start=stretch.start,
        end=stretch.end,
        cue=attribution.cue if attribution else "",
        rule=f"marked-{attribution.rule}" if attribution else "marked",
        reason=reason,
        chain=(attribution.mention.text,) if attribution and attribution.mention else (),
    )


def _fragment(text: str, blank: str, stretch: Marked, sentence: Sentence, memory: Memory) -> Candidate | None:
    """Words of a document in marks, without a verb that reports them."""
    source = document_of(text, blank, stretch, sentence.start, memory.cast)
    speaker = resolve(source, memory, blank) if source is not None else None
    if speaker is None:
        return None
    return Candidate(
        start=stretch.start, end=stretch.end, kind="partial", cue="", rule="fragment", speaker=memory.keep(speaker)
    )


def _unattributed(
    text: str, stretch: Marked, sentence: Sentence, memory: Memory, before: Sentence | None
) -> Candidate | None:
    """A quoted sentence without a reporting clause: the speaker goes on, or is named later."""
    words = text[stretch.start : stretch.end]
    if _second_half(text, stretch, sentence) and memory.last is not None:
        return Candidate(
            start=stretch.start, end=stretch.end, kind="direct", cue="", rule="second-half", speaker=memory.last
        )
    if (
        not (ends_like_a_clause(text, stretch) or not stretch.closed)
        or len(words.split()) < 3
        or (not words[:1].isupper() and len(words.split()) < 8)
        or is_named(text, stretch)
    ):
        return None
    if stretch.start - 1 > sentence.start + 1 and not re.search(
        r"[:,]\s*[\"“]$", text[max(0, stretch.start - 3) : stretch.start]
    ):
        return None
    if text[stretch.start - 3 : stretch.start - 1] == ": ":
        subject = memory.cast.subject(text, sentence.start, stretch.start - 1)
        if subject is not None:
            memory.keep(of_person(subject, memory, text))
            before = sentence
    if 0 < stretch.start - memory.doing[0] < 4 and memory.doing[1] is not None:
        return Candidate(
            start=stretch.start, end=stretch.end, kind="direct", cue="", rule="after-subject", speaker=memory.doing[1]
        )
    goes_on = before is not None and sentence.paragraph - before.paragraph <= 1 and memory.last is not None
    return Candidate(
        start=stretch.start,
        end=stretch.end,
        kind="direct",
        cue="",
        rule="continued" if goes_on else "no-source",
        speaker=memory.last if goes_on else None,
    )


def _second_half(text: str, stretch: Marked, sentence: Sentence) -> bool:
    """`"A violin cannot," said Rao Min, owner of a workshop, "but a violinist can."`"""
    return (
        ends_like_a_clause(text, stretch)
        and text.startswith(", ", stretch.start - 3)
        and any(found.rule == "inverted" and found.at < stretch.start for found in sentence.attributions)
    )

"""English quotes: the marked stretches and reporting clauses of each sentence put together."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.model import QuoteKind
from pipeline.patterns import regex
from pipeline.quotes.attribution import Attribution
from pipeline.quotes.cast_reading import read_cast
from pipeline.quotes.clauses import clause_beside, clauses_without
from pipeline.quotes.cuts import glued_stops, quoting_sentences
from pipeline.quotes.english import find_attributions
from pipeline.quotes.fragments import document_of
from pipeline.quotes.marks import Marked, between, ends_like_a_clause, find_marked, masked
from pipeline.quotes.records import Candidate, Refused, Speaker
from pipeline.quotes.speakers import Memory, of_person, opens_with_document, resolve, turn_to
from pipeline.quotes.terms import is_carried_along, is_named, is_term, is_whole_report
from pipeline.text import paragraphs


@dataclass(slots=True, kw_only=True)
class _Sentence:
    start: int
    end: int
    paragraph: int
    marks: list[Marked]
    attributions: list[Attribution]


def find_english(text: str, skip: list[tuple[int, int]]) -> tuple[list[Candidate], list[Refused]]:
    """The quotes of an English text, outside the stretches that a transcript already took, and what was refused."""
    spans = list(paragraphs(text))
    marks = {start: list(find_marked(text, start, end)) for start, end in spans}
    blank = masked(text, [stretch for start, _ in spans for stretch in marks[start]])
    memory = Memory(cast=read_cast(blank), text=text)
    glued = glued_stops(blank)
    sentences: list[_Sentence] = []
    for index, (start, end) in enumerate(spans):
        if any(start < stop and begin < end for begin, stop in skip):
            continue
        for first, last in quoting_sentences(text, blank, start, end, marks[start], glued):
            inside = between(marks[start], first, last)
            found = find_attributions(blank, first, last, memory.cast)
            sentences.append(_Sentence(start=first, end=last, paragraph=index, marks=inside, attributions=found))
    return _read(text, blank, sentences, memory), memory.refused


def _read(text: str, blank: str, sentences: list[_Sentence], memory: Memory) -> list[Candidate]:
    found: list[Candidate] = []
    waiting: list[tuple[Candidate, int]] = []
    before: _Sentence | None = None
    previous: _Sentence | None = None
    for sentence in sentences:
        speakers = _resolve_all(sentence, memory, blank)
        if speakers and previous and _stands_for_a_thing(sentence, speakers[0], previous, blank):
            sentence.attributions, speakers = sentence.attributions[1:], speakers[1:]
        previous = sentence
        sorts = {speaker.type for speaker in speakers if speaker}
        if "person" not in sorts:
            subject = memory.cast.subject(blank, sentence.start, sentence.end)
            if subject is not None and not sentence.attributions:
                memory.doing = (sentence.end, of_person(subject, memory, blank))
            if subject is None and not _PRONOUN_LEADS.match(blank, sentence.start):
                subject = memory.cast.last_named(sentence.start, sentence.end)
            if subject is not None:
                memory.person = of_person(subject, memory, blank)
        if not sentence.attributions:
            body = memory.cast.opening_body(blank, sentence.start, sentence.end)
            body = body or memory.cast.data_owner(sentence.start, sentence.end)
            body = body or memory.cast.country_subject(sentence.start, sentence.end)
            if body is not None:
                memory.thing = Speaker(name=memory.cast.fullest(body), type="organization")
            elif blank.startswith(_DETERMINERS, sentence.start):
                opens_with_document(memory, blank, sentence.start, sentence.end)
        if not sentence.marks and not sentence.attributions:
            continue
        made = _from_sentence(text, blank, sentence, speakers, memory, before)
        for candidate in made:
            if candidate.speaker is None:
                waiting.append((candidate, sentence.paragraph))
            else:
                found += [_owned(late, candidate.speaker) for late, where in waiting if sentence.paragraph - where <= 1]
                waiting.clear()
                found.append(candidate)
        if made or sentence.attributions:
            before = sentence
    memory.refused += [_refused(late, "nobody is named as its source") for late, _ in waiting]
    return sorted(found, key=lambda candidate: candidate.start)


def _refused(candidate: Candidate, reason: str) -> Refused:
    chain = (*candidate.speaker.chain, candidate.speaker.name) if candidate.speaker else ()
    return Refused(
        start=candidate.start,
        end=candidate.end,
        cue=candidate.cue,
        rule=candidate.rule,
        reason=reason,
        chain=chain,
    )


_PRONOUN_LEADS = regex(r"(?:[A-Z][a-z]+ [^,.]{0,60}, )?(?:He|She|he|she|They|they|His|Her) ")


def _owned(candidate: Candidate, speaker: Speaker) -> Candidate:
    return Candidate(
        start=candidate.start,
        end=candidate.end,
        kind=candidate.kind,
        cue=candidate.cue,
        rule="speaker-later",
        speaker=speaker,
    )


_UNLIKE_SPEECH = frozenset(("highlight", "suggest", "underscore", "underline", "indicate", "reveal", "call for"))


def _stands_for_a_thing(sentence: _Sentence, speaker: Speaker | None, previous: _Sentence, blank: str) -> bool:
    """`It highlights how …` after a sentence about a thing: nobody speaks, neither there nor here."""
    first = sentence.attributions[0]
    mention = first.mention
    if (
        mention is None
        or mention.text != "It"
        or mention.start > sentence.start
        or first.lemma.lemma not in _UNLIKE_SPEECH
    ):
        return False
    if previous.paragraph != sentence.paragraph or previous.attributions or speaker is None:
        return False
    if blank.startswith(("This ", "These ", "That ", "Such "), previous.start):
        return True
    return speaker.type == "organization" and speaker.name.split()[0] not in blank[previous.start : previous.end]


def _resolve_all(sentence: _Sentence, memory: Memory, text: str) -> list[Speaker | None]:
    speakers: list[Speaker | None] = []
    current: Speaker | None = None
    for attribution in sentence.attributions:
        mention = attribution.mention
        if mention is not None:
            if (
                mention.kind == "pronoun"
                and not attribution.post
                and mention.text in _SINGULAR
                and not _FRONTED.match(text, sentence.start)
            ):
                turn_to(memory.cast.subject(text, sentence.start, mention.start), mention, memory, text)
            elif mention.text == "it" and not attribution.post and text.startswith(_DETERMINERS, sentence.start):
                opens_with_document(memory, text, sentence.start, mention.start)
            resolved = resolve(mention, memory, text)
            current = memory.keep(resolved) if resolved else None
            if (
                mention.kind == "post"
                and current
                and current.type == "unnamed"
                and mention.text[:2] in ("a ", "an", "A ")
            ):
                memory.person = replace(current, chain=(), notes=())
        speakers.append(current)
    return speakers


_DETERMINERS = ("The ", "This ", "Its ", "A ", "An ", "On ", "In ", "Last ", "Earlier ")
_FRONTED = regex(r"(?:[A-Z]\w+ing|Like|Unlike|With|According|For|To) ")
"""Opens a clause whose names are not the subject: `Quoting the mayor, he said …`."""
_SINGULAR = frozenset(("he", "she", "He", "She"))


def _from_sentence(
    text: str, blank: str, sentence: _Sentence, speakers: list[Speaker | None], memory: Memory, before: _Sentence | None
) -> list[Candidate]:
    made: list[Candidate] = []
    spoken: list[Marked] = []
    for stretch in sentence.marks:
        candidate = _marked(text, blank, stretch, sentence, speakers, memory, before)
        if candidate is not None:
            made.append(candidate)
            spoken.append(stretch)
    if spoken and len(spoken) < len(sentence.marks):
        for stretch in _carried_along(text, sentence, spoken):
            candidate = _marked(text, blank, stretch, sentence, speakers, memory, before, carried=True)
            if candidate is not None:
                made.append(candidate)
                spoken.append(stretch)
                memory.refused = [words for words in memory.refused if words.start != stretch.start]
    for attribution, speaker in zip(sentence.attributions, speakers, strict=True):
        if speaker is not None:
            made += _indirect(text, attribution, speaker, spoken, made)
        elif attribution.end - attribution.start > 2:
            memory.refused.append(
                Refused(
                    start=attribution.start,
                    end=attribution.end,
                    cue=attribution.cue,
                    rule=attribution.rule,
                    reason="nobody in the article fits its source",
                    chain=(attribution.mention.text,) if attribution.mention else (),
                )
            )
    return _apart(sorted(made, key=lambda candidate: (candidate.start, -candidate.end)), memory)


def _carried_along(text: str, sentence: _Sentence, spoken: list[Marked]) -> list[Marked]:
    """Short phrases in marks in a report of which longer words are quoted: all are the source's own."""
    reports = {_governing(stretch, sentence) for stretch in spoken if stretch.end - stretch.start > _LONG_WORDS}
    reports.discard(None)
    return [
        stretch
        for stretch in sentence.marks
        if stretch not in spoken and is_carried_along(text, stretch) and _governing(stretch, sentence) in reports
    ]


_LONG_WORDS = 16
"""Letters of a fragment that is certainly the source's own."""


def _apart(candidates: list[Candidate], memory: Memory) -> list[Candidate]:
    """Drop or shorten what overlaps: marked words win, then the narrower clause."""
    kept: list[Candidate] = []
    ranked = sorted(candidates, key=lambda item: (item.kind == "indirect", item.end - item.start))
    for candidate in ranked:
        if all(candidate.end <= other.start or other.end <= candidate.start for other in kept):
            kept.append(candidate)
        else:
            memory.refused.append(_refused(candidate, "overlaps words that are nearer to their cue, or in marks"))
    return sorted(kept, key=lambda candidate: candidate.start)


_TERM = "a term or stock phrase in marks"


def _marked(
    text: str,
    blank: str,
    stretch: Marked,
    sentence: _Sentence,
    speakers: list[Speaker | None],
    memory: Memory,
    before: _Sentence | None,
    *,
    carried: bool = False,
) -> Candidate | None:
    index = _governing(stretch, sentence)
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


def _governing(stretch: Marked, sentence: _Sentence) -> int | None:
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


def _is_clause(text: str, stretch: Marked, sentence: _Sentence) -> bool:
    """A clause or more: it closes like one, and opens like one or is long."""
    words = text[stretch.start : stretch.end]
    upper = words[:1].isupper() or not words[:1].isalpha()
    own = ends_like_a_clause(text, stretch)
    if own and (upper or len(words.split()) > 5):
        return True
    opens = stretch.start - 1 <= sentence.start
    introduced = text[max(0, stretch.start - 3) : stretch.start - 1].strip().endswith((":", ","))
    return upper and len(words.split()) > 5 and (opens or introduced)


def _fragment(text: str, blank: str, stretch: Marked, sentence: _Sentence, memory: Memory) -> Candidate | None:
    """Words of a document in marks, without a verb that reports them."""
    source = document_of(text, blank, stretch, sentence.start, memory.cast)
    speaker = resolve(source, memory, blank) if source is not None else None
    if speaker is None:
        return None
    return Candidate(
        start=stretch.start, end=stretch.end, kind="partial", cue="", rule="fragment", speaker=memory.keep(speaker)
    )


def _second_half(text: str, stretch: Marked, sentence: _Sentence) -> bool:
    """`"A violin cannot," said Rao Min, owner of a workshop, "but a violinist can."`"""
    return (
        ends_like_a_clause(text, stretch)
        and text.startswith(", ", stretch.start - 3)
        and any(found.rule == "inverted" and found.at < stretch.start for found in sentence.attributions)
    )


def _unattributed(
    text: str, stretch: Marked, sentence: _Sentence, memory: Memory, before: _Sentence | None
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


def _indirect(
    text: str, attribution: Attribution, speaker: Speaker, spoken: list[Marked], made: list[Candidate]
) -> list[Candidate]:
    start, end = attribution.start, attribution.end
    if end - start < 3 or not attribution.lemma.takes & {
        "clause",
        "noun",
        "noun-to",
        "noun-of",
        "noun-as",
        "noun-figure",
        "noun-for",
        "noun-noun",
        "noun-reason",
        "source",
        "against",
        "addressee",
    }:
        return []
    inside = [stretch for stretch in spoken if start - 1 <= stretch.start and stretch.end <= end + 1]
    pieces = [(start, end)] if not inside else clauses_without(text, start, end, inside)
    if inside and not pieces and attribution.lemma.takes & {"clause", "addressee"}:
        pieces = clause_beside(text, start, end, inside, attribution)
    out = []
    for first, last in pieces:
        first, last = _trim(text, first, last)
        if last - first > 2:
            out.append(
                Candidate(
                    start=first, end=last, kind="indirect", cue=attribution.cue, rule=attribution.rule, speaker=speaker
                )
            )
    return out


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and text[end - 1] in " ,.;:—-":
        end -= 1
    while start < end and text[start] in " ,.;:—":
        start += 1
    return start, end

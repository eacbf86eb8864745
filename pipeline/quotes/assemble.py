"""English quotes: the marked stretches and reporting clauses of each sentence put together."""

from __future__ import annotations

from dataclasses import replace

from pipeline.patterns import regex
from pipeline.quotes.attribution import Attribution
from pipeline.quotes.cast_reading import read_cast
from pipeline.quotes.clauses import clause_beside, clauses_without
from pipeline.quotes.cuts import glued_stops, quoting_sentences
from pipeline.quotes.english import find_attributions
from pipeline.quotes.marked_words import Sentence, governing, marked_quote
from pipeline.quotes.marks import Marked, between, find_marked, masked
from pipeline.quotes.memory import Memory
from pipeline.quotes.records import Candidate, Refused, Speaker
from pipeline.quotes.speaker_bodies import of_person
from pipeline.quotes.speaker_documents import opening_document
from pipeline.quotes.speakers import resolve, turn_to
from pipeline.quotes.terms import is_carried_along
from pipeline.text import paragraphs


def find_english(text: str, skip: list[tuple[int, int]]) -> tuple[list[Candidate], list[Refused]]:
    """The quotes of an English text, outside the stretches that a transcript already took, and what was refused."""
    spans = list(paragraphs(text))
    marks = {start: list(find_marked(text, start, end)) for start, end in spans}
    blank = masked(text, [stretch for start, _ in spans for stretch in marks[start]])
    memory = Memory(cast=read_cast(blank), text=text)
    glued = glued_stops(blank)
    sentences: list[Sentence] = []
    for index, (start, end) in enumerate(spans):
        if skip and any(start < stop and begin < end for begin, stop in skip):
            continue
        for first, last in quoting_sentences(text, blank, start, end, marks[start], glued):
            inside = between(marks[start], first, last)
            found = find_attributions(blank, first, last, memory.cast)
            sentences.append(Sentence(start=first, end=last, paragraph=index, marks=inside, attributions=found))
    return _read(text, blank, sentences, memory), memory.refused


def _read(text: str, blank: str, sentences: list[Sentence], memory: Memory) -> list[Candidate]:
    found: list[Candidate] = []
    waiting: list[tuple[Candidate, int]] = []
    before: Sentence | None = None
    previous: Sentence | None = None
    for sentence in sentences:
        speakers = _resolve_all(sentence, memory, blank) if sentence.attributions else []
        if speakers and previous and _stands_for_a_thing(sentence, speakers[0], previous, blank):
            sentence.attributions, speakers = sentence.attributions[1:], speakers[1:]
        previous = sentence
        if not (speakers and any(speaker.type == "person" for speaker in speakers if speaker)):
            subject = memory.cast.subject(blank, sentence.start, sentence.end)
            if subject is not None and not sentence.attributions:
                memory.doing = (sentence.end, of_person(subject, memory, blank))
            if subject is None and not _PRONOUN_LEADS.match(blank, sentence.start):
                subject = memory.cast.last_named(sentence.start, sentence.end)
            if subject is not None:
                memory.person = of_person(subject, memory, blank)
        if not sentence.attributions:
            memory.unread.append((sentence.start, sentence.end))
            if not sentence.marks:
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


def _stands_for_a_thing(sentence: Sentence, speaker: Speaker | None, previous: Sentence, blank: str) -> bool:
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


def _resolve_all(sentence: Sentence, memory: Memory, text: str) -> list[Speaker | None]:
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
            elif (
                mention.text == "it"
                and not attribution.post
                and (document := opening_document(memory, text, sentence.start, mention.start)) is not None
            ):
                memory.turn_to(document)
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


_FRONTED = regex(r"(?:[A-Z]\w+ing|Like|Unlike|With|According|For|To) ")
"""Opens a clause whose names are not the subject: `Quoting the mayor, he said …`."""
_SINGULAR = frozenset(("he", "she", "He", "She"))


def _from_sentence(
    text: str, blank: str, sentence: Sentence, speakers: list[Speaker | None], memory: Memory, before: Sentence | None
) -> list[Candidate]:
    made: list[Candidate] = []
    spoken: list[Marked] = []
    for stretch in sentence.marks:
        candidate = marked_quote(text, blank, stretch, sentence, speakers, memory, before)
        if candidate is not None:
            made.append(candidate)
            spoken.append(stretch)
    if spoken and len(spoken) < len(sentence.marks):
        for stretch in _carried_along(text, sentence, spoken):
            candidate = marked_quote(text, blank, stretch, sentence, speakers, memory, before, carried=True)
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


def _carried_along(text: str, sentence: Sentence, spoken: list[Marked]) -> list[Marked]:
    """Short phrases in marks in a report of which longer words are quoted: all are the source's own."""
    reports = {governing(stretch, sentence) for stretch in spoken if stretch.end - stretch.start > _LONG_WORDS}
    reports.discard(None)
    return [
        stretch
        for stretch in sentence.marks
        if stretch not in spoken and is_carried_along(text, stretch) and governing(stretch, sentence) in reports
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

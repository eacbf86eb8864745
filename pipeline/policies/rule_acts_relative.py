"""English prose: acts in relative clauses, `the tariffs that Sampleland imposed in May`, told as known."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.policies.act_frames import CUT, MOST_TITLE, SEGMENT
from pipeline.policies.act_words import OFFICIAL, object_at
from pipeline.policies.actions import action_of
from pipeline.policies.candidates import Candidate
from pipeline.policies.reading import NEGATED, Reader
from pipeline.policies.sentence import Sentence

_RELATED = regex(r"(?:,? (?:which|that)| with which)? (?:the )?$")


def in_relative_clause(reader: Reader, sentence: Sentence, verb: tuple[int, int], future: bool) -> None:
    """`the tariffs that Sampleland imposed in May`, `the fees, which the bloc suspended`: told as known."""
    start, end = sentence.span
    tokens, text = sentence.tokens, reader.text
    if all(token.low not in OFFICIAL for token in tokens[max(0, verb[0] - 14) : verb[0]]):
        return
    at = tokens[verb[0]].start
    actor = reader.actors.subject(start, at)
    if actor is None or not actor.issuers:
        return
    before = max((i for i, t in enumerate(tokens[: verb[0]]) if t.end <= actor.start), default=-1)
    while before >= 0 and tokens[before].low in {"which", "that", "the", ",", "with"}:
        before -= 1
    if before < 0 or not _RELATED.fullmatch(text, tokens[before].end, actor.start):
        return
    first = before
    while first > 0 and before - first < 16 and tokens[first - 1].low not in SEGMENT | set(",;:—–"):
        first -= 1
    for i in range(first, before + 1):
        found = object_at(sentence, i, before + 1)
        if (
            found is not None
            and found.last == before
            and found.things
            and found.things[-1].noun.split()[-1] in OFFICIAL
        ):
            break
    else:
        return
    if tokens[found.first].low in {"any", "no"} or any(
        c.kept and c.evidence[0] == sentence.span and found.head in c.title for c in reader.found
    ):
        return
    stop = CUT.search(text, tokens[verb[1]].end, end)
    title = text[tokens[found.first].start : stop.start() if stop else end][:MOST_TITLE].strip(' ,."”“')
    candidate = Candidate(
        rule="act", trigger=text[at : tokens[verb[1]].end], title=re.sub(r"^(?:[Tt]he|[Ii]ts) ", "", title),
        instrument="other" if future else "decision", head=found.things[-1].noun, actor=actor.name,
        issuers=reader.we_as_nation(actor), status="planned" if future else "issued",
        evidence=[sentence.span], strength=1, reason="what an authority did, told of a measure that is known",
    )  # fmt: skip
    candidate.issued_on, candidate.effective_on = reader.dates_of(sentence, at, future)
    candidate.action = action_of(candidate.title)
    if NEGATED.search(text[start:at].rstrip()) and not future:
        candidate.drop("wished, denied or supposed")
    reader.found.append(candidate)

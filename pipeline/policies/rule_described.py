"""English prose: instruments that a definite phrase, a noun of issuing or their coming into force speaks of."""

from __future__ import annotations

import re

from pipeline.policies.actors import Actor
from pipeline.policies.dates import When, dates_in
from pipeline.policies.phrases import (
    Token,
    object_phrase,
    phrase_before,
    phrases_of,
    spell,
)
from pipeline.policies.reading import PRIVATE, Reader, bare, complemented
from pipeline.policies.rule_issued import FORECAST
from pipeline.policies.rule_named import PREP_LEGAL
from pipeline.policies.sameness import complement_words

_FORCE = re.compile(
    r"\b(?:came|come|comes|coming|went|goes|entered|put|enter|enters) into (?:effect"
    r"|force)|\b(?:took|take|takes|taken|taking) effect|\bbec(?:ame|omes?) effective"
    r"|\beffective (?:from|on|as of|since)"
)
_PAST_FORCE = re.compile(r"came|went|entered|took|became|put")
_NOMINAL_ACT = re.compile(
    r"\b(?P<act>rollout|roll-out|release|launch|introduction|issuance|implementation"
    r"|promulgation|announcement|publication|expansion) of "
)


def described(reader: Reader, tokens: list[Token], start: int, end: int, dates: list[When], taken: set[int]) -> None:
    """A definite strong noun with a complement of its own, or a bare one that points back."""
    text = reader.text
    for phrase in phrases_of(tokens):
        if phrase.first in taken or phrase.head in taken:
            continue
        low = tokens[phrase.head].low
        if complemented(phrase, tokens) and phrase.noun.strength in {"strong", "weak"}:
            reader.seen[low] = (bare(spell(text, tokens, phrase.first, phrase.last)), (start, end))
        if phrase.definite and not complemented(phrase, tokens):
            known = reader.antecedent(low, phrase)
            if known and len(known.evidence) < 6:
                known.add_evidence((start, end))
                if known.effective_on is None and not known.number:
                    known.effective_on = reader.dates_of(start, end, tokens[phrase.head].end, dates, False)[1]
            continue
        if phrase.noun.strength != "strong" or phrase.noun.instrument not in {
            "plan",
            "guideline",
            "notice",
            "list",
            "measures",
            "regulation",
        }:
            continue
        if low in {"guidance"} or "five-year" in spell(text, tokens, phrase.first, phrase.head).lower():
            continue
        if not (phrase.definite or "latest" in spell(text, tokens, phrase.first, phrase.head)) or not complemented(
            phrase, tokens
        ):
            continue
        if not phrase.named and phrase.noun.instrument not in {"plan", "guideline", "notice"}:
            continue
        lead = text[start : tokens[phrase.first].start]
        if PREP_LEGAL.search(lead + " ") and phrase.noun.instrument in {"measures", "regulation", "list"}:
            continue
        if PRIVATE.search(lead[-40:]) or (
            re.search(r"\b(?:company|firm|its|their)\b", spell(text, tokens, phrase.first, phrase.head).lower())
            and not reader.ministry
        ):
            continue
        candidate = reader.candidate(tokens, phrase, None, start, end, dates, None)
        candidate.rule = "described"
        candidate.salience = "background"
        known = reader.similar(candidate) or reader.wider(phrase, start)
        if known:
            known.add_evidence((start, end))
            if known.instrument != candidate.instrument:
                known.title, known.instrument, known.head = candidate.title, candidate.instrument, candidate.head
            if len(candidate.title) > len(known.title) and known.strength < 3 and not complement_words(known.title):
                known.title = candidate.title
            candidate.drop(f"the same instrument as {known.title[:40]!r}")
        reader.found.append(candidate)


def nominal_act(reader: Reader, tokens: list[Token], start: int, end: int, dates: list[When], taken: set[int]) -> None:
    """`accelerate the rollout of pilot projects for …`, `since the implementation of the negative list`."""
    for match in _NOMINAL_ACT.finditer(reader.text, start, end):
        at = next((i for i, t in enumerate(tokens) if t.start >= match.end()), len(tokens))
        phrase = object_phrase(tokens, at) if at < len(tokens) else None
        if (
            phrase is None
            or phrase.head in taken
            or not complemented(phrase, tokens)
            or phrase.noun.strength in {"vague", "measure"}
            or "report" in phrase.noun.noun
        ):
            continue
        if phrase.noun.strength != "strong" and not reader.ministry:
            continue
        run = reader.text[start : match.start()].rstrip()
        future = re.search(r"\b(?:will|would|plans? to|is to|are to|aims? to)\b[^,.;]{0,60}$", run) is not None
        actor = reader.actors.subject(start, match.start()) or (_we(reader, start, match.start()) if future else None)
        if actor is None and (future or phrase.noun.strength != "strong"):
            continue
        candidate = reader.candidate(tokens, phrase, actor, start, end, dates, None)
        candidate.rule = "planned" if future else "act as a noun"
        candidate.trigger = match["act"]
        candidate.status = "planned" if future else "issued"
        if FORECAST.search(run):
            candidate.drop("wished, denied or supposed")
        reader.found.append(candidate)
        taken.update(range(phrase.first, phrase.last + 1))


def in_force(reader: Reader, tokens: list[Token], start: int, end: int, dates: list[When], taken: set[int]) -> None:
    """`The Free Trade Agreement came into effect on January 1`."""
    for match in _FORCE.finditer(reader.text, start, end):
        at = next((i for i, t in enumerate(tokens) if t.end > match.start()), len(tokens))
        while at > 0 and tokens[at - 1].low in {
            "will",
            "has",
            "have",
            "had",
            "to",
            "recently",
            "officially",
            "formally",
            "is",
            "which",
            ",",
        }:
            at -= 1
        phrase = phrase_before(tokens, at)
        if phrase is None or phrase.head in taken or phrase.noun.strength not in {"strong", "name", "weak"}:
            continue
        future = _PAST_FORCE.match(match[0]) is None
        when = next(
            (
                w
                for w in dates_in(reader.text, match.end(), end, reader.today, future=future)
                if w.start - match.end() < 12
            ),
            None,
        )
        known = reader.antecedent(tokens[phrase.head].low, phrase) if phrase.definite and not phrase.named else None
        if known is not None and not complemented(phrase, tokens):
            known.effective_on = known.effective_on or (when.value if when else None)
            known.add_evidence((start, end))
            continue
        if not (phrase.named or (phrase.noun.strength == "strong" and complemented(phrase, tokens))):
            continue
        candidate = reader.candidate(tokens, phrase, None, start, end, dates, None)
        candidate.rule, candidate.trigger, candidate.issued_on = "in force", match[0], None
        candidate.effective_on = when.value if when else None
        reader.found.append(candidate)
        taken.update(range(phrase.first, phrase.last + 1))


def _we(reader: Reader, start: int, at: int) -> Actor | None:
    if re.search(r"\b[Ww]e (?:will|would|plan)\b", reader.text[start:at]) and reader.ministry:
        return Actor(("Ministry of Commerce",), "we", start, start)
    return None

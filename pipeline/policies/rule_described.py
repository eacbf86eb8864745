"""English prose: instruments that a definite phrase, a noun of issuing or their coming into force speaks of."""

from __future__ import annotations

import re

from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.cues import cues
from pipeline.policies.dates import dates_in
from pipeline.policies.issuers import bodies_in, country_of
from pipeline.policies.phrases import Phrase, object_phrase, phrase_before
from pipeline.policies.places import places_in
from pipeline.policies.reading import FORECAST, NEGATED, PRIVATE, Reader, bare, complemented
from pipeline.policies.rule_named import PREP_LEGAL
from pipeline.policies.sameness import complement_words
from pipeline.policies.sentence import Sentence
from pipeline.policies.tokens import spell

_YEAR = regex(r"(?:19|20)\d\d")
_REVISION = regex(
    r"\b(?P<ongoing>ongoing |upcoming |further |the )*(?P<act>revisions?|amendments?|formulation|drafting|enactment)"
    r" (?:of|to) (?=(?:the |its |relevant )?[\w' -]{0,40}?(?:laws?|regulations?|rules|standards?|measures)\b)"
)
_REVISES = regex(
    r"\b(?:by|and|including|through) (?P<act>revising|amending|formulating|drafting) (?=(?:the |its "
    r"|a )?[\w' -]{0,50}?(?:Law|law|laws"
    r"|Regulations?|regulations)\b)"
)
_THE_BODY = regex(r"\b[Tt]he (?:authority|regulator|ministry|administration|commission)\b")
_PUSHES = regex(
    r"\b(?:will|would|plans? to|is to|are to|aims? to|to)\b[^,.;]{0,40}?\b(?:accelerat\w+|speed\w* up|advanc\w+"
    r"|push\w* (?:forward|ahead)|complet\w+|start\w*|begin|step up|promot\w+|expedit\w+)(?: \w+)?$"
)
_GOES_TO = regex(r"\b(?:will|aims? to|plans? to|intends? to|vowed to|pledged to)\b[^.;]{0,120}$")
_FORCE = regex(
    r"\b(?:came|come|comes|coming|went|goes|entered|put|enter|enters) into (?:effect"
    r"|force)|\b(?:took|take|takes|taken|taking) effect|\bbec(?:ame|omes?) effective"
    r"|\beffective (?:from|on|as of|since)"
)
_ISSUED_ON = regex(
    r"\b(?:issued|released|unveiled|published|adopted|approved|passed|promulgated|announced|signed)"
    r"(?: by [^,;.]{3,70}?)? (?:on |in |late |early )*$"
)
"""`The sample standard, released on Nov 3, will take effect …`: the day of issue beside that of effect."""
_PAST_FORCE = regex(r"came|went|entered|took|became|put")
_TO_COME = regex(r"\b(?:will|is to|are to|set to|due to) be $")
_IN_A_PLACE = regex(r" (?:in|across|throughout) [^,;.]{2,40} (?:on|from|in) ")
_UNDER_ONE = regex(r"\b[Uu]nder$")
_TITLED = regex(r",? (?:titled|entitled|named|called|dubbed),? [\"“](?P<name>[^\"“”]{5,140})[\"”]")
_NOMINAL_ACT = regex(
    r"\b(?P<act>rollout|roll-out|release|launch|introduction|issuance|implementation"
    r"|promulgation|announcement|publication|expansion) of "
)

_DATED_LEAD = regex(r"(?:In|On) (?:[A-Z][a-z]{2,8} (?:\d{1,2}(?:, )?)?)?(?:20\d\d)?, $")
NOMINAL_WORDS = cues(
    "rollout roll release launch introduction issuance implementation promulgation announcement publication expansion"
)
REVISION_WORDS = cues("revision revisions amendment amendments formulation drafting enactment")
_BETWEEN = regex(r" between (?:the )?[A-Z][\w' -]{2,30}? and (?:the )?[A-Z]\w+(?: [A-Z]\w+)*")
FORCE_WORDS = cues("effect force effective")


def described(reader: Reader, sentence: Sentence, taken: set[int]) -> None:
    """A definite strong noun with a complement of its own, or a bare one that points back."""
    if not sentence.phrases:
        return
    start = sentence.start
    text, tokens = reader.text, sentence.tokens
    for phrase in sentence.phrases:
        if phrase.first in taken or phrase.head in taken:
            continue
        low = tokens[phrase.head].low
        if complemented(phrase, tokens) and phrase.noun.strength in {"strong", "weak"}:
            reader.seen[low] = (bare(spell(text, tokens, phrase.first, phrase.last)), sentence.span)
        if phrase.definite and not complemented(phrase, tokens):
            known = reader.antecedent(low, phrase)
            if known and len(known.evidence) < 6:
                known.add_evidence(sentence.span)
                if known.effective_on is None and not known.number:
                    known.effective_on = reader.dates_of(sentence, tokens[phrase.head].end, False)[1]
            continue
        if phrase.noun.strength in {"strong", "weak"} and _dated(reader, sentence, phrase):
            taken.update(range(phrase.first, phrase.last + 1))
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
        fresh = (
            phrase.first > 0
            and tokens[phrase.first].low in {"new", "revised", "updated"}
            and _DATED_LEAD.match(text, start, tokens[phrase.first].start)
        )
        if not (
            phrase.definite or fresh or "latest" in spell(text, tokens, phrase.first, phrase.head)
        ) or not complemented(phrase, tokens):
            continue
        if not (phrase.named or fresh) and phrase.noun.instrument not in {"plan", "guideline", "notice"}:
            continue
        lead = text[start : tokens[phrase.first].start]
        if PREP_LEGAL.search(lead + " ") and phrase.noun.instrument in {"measures", "regulation", "list"}:
            continue
        if PRIVATE.search(lead[-40:]) or (
            re.search(r"\b(?:company|firm|its|their)\b", spell(text, tokens, phrase.first, phrase.head).lower())
            and not reader.ministry
        ):
            continue
        candidate = reader.candidate(sentence, phrase, None)
        candidate.rule = "described"
        candidate.salience = "background"
        known = reader.similar(candidate) or reader.wider(phrase, start)
        if known:
            known.add_evidence(sentence.span)
            if known.instrument != candidate.instrument:
                known.title, known.instrument, known.head = candidate.title, candidate.instrument, candidate.head
            if len(candidate.title) > len(known.title) and known.strength < 3 and not complement_words(known.title):
                known.title = candidate.title
            candidate.drop(f"the same instrument as {known.title[:40]!r}")
        reader.found.append(candidate)


def _dated(reader: Reader, sentence: Sentence, phrase: Phrase) -> bool:
    """`according to the 2024 interim rules for …`: a year before the noun tells one instrument from all others."""
    start = sentence.start
    tokens = sentence.tokens
    year = next((t.word for t in tokens[phrase.first : phrase.head] if _YEAR.fullmatch(t.word)), None)
    if year is None or phrase.last == phrase.head or tokens[phrase.head].low in {"report", "white paper"}:
        return False
    if PRIVATE.search(reader.text, max(start, tokens[phrase.first].start - 30), tokens[phrase.head].start):
        return False
    candidate = reader.candidate(sentence, phrase, None)
    owner = next((a for a in reversed(reader.actors.actors(start, tokens[phrase.head].start)) if a.issuers), None)
    bodies = bodies_in(reader.text, start, tokens[phrase.head].start)
    if bodies and tokens[phrase.head].start - bodies[-1].end < 12:
        candidate.issuers = (country_of(bodies[-1]),)
    elif owner is not None and tokens[phrase.head].start - owner.end < 40:
        candidate.issuers = owner.issuers
    candidate.rule, candidate.issued_on, candidate.strength = "dated", year, 2
    if year > (reader.today or "9999")[:4]:
        candidate.drop("a year to come")
    reader.found.append(candidate)
    return True


def nominal_act(reader: Reader, sentence: Sentence, taken: set[int]) -> None:
    """`accelerate the rollout of pond schools`, `since the implementation of the negative list`."""
    start, end = sentence.span
    tokens = sentence.tokens
    for match in _NOMINAL_ACT.finditer(reader.text, start, end):
        at = sentence.token_from(match.end())
        phrase = object_phrase(tokens, at) if at < len(tokens) else None
        titled = _TITLED.match(reader.text, tokens[phrase.head].end, end) if phrase is not None else None
        if (
            phrase is None
            or phrase.head in taken
            or not (complemented(phrase, tokens) or titled)
            or phrase.noun.strength in {"vague", "measure"}
            or "report" in phrase.noun.noun
        ):
            continue
        if phrase.noun.strength != "strong" and not reader.ministry:
            continue
        run = reader.text[start : match.start()].rstrip()
        future = re.search(r"\b(?:will|would|plans? to|is to|are to|aims? to)\b[^,.;]{0,60}$", run) is not None
        actor = reader.actors.subject(start, match.start()) or (_we(reader, start, match.start()) if future else None)
        actor = actor or reader.actors.agent(tokens[phrase.last].end, end)
        if actor is None and (future or phrase.noun.strength != "strong"):
            continue
        candidate = reader.candidate(sentence, phrase, actor)
        candidate.rule = "planned" if future else "act as a noun"
        if titled is not None:
            candidate.title, candidate.strength = titled["name"], 3
        candidate.trigger = match["act"]
        candidate.status = "planned" if future else "issued"
        if FORECAST.search(run):
            candidate.drop("wished, denied or supposed")
        reader.found.append(candidate)
        taken.update(range(phrase.first, phrase.last + 1))


def revising(reader: Reader, sentence: Sentence, taken: set[int]) -> None:
    """`will accelerate revisions to the regulations on …`, `the ongoing revisions of the pond law`."""
    start, end = sentence.span
    tokens = sentence.tokens
    text = reader.text
    for match in (*_REVISION.finditer(text, start, end), *_REVISES.finditer(text, start, end)):
        at = sentence.token_from(match.end())
        phrase = object_phrase(tokens, at) if at < len(tokens) else None
        if phrase is None or phrase.head in taken:
            continue
        run = text[start : match.start()].rstrip()
        ongoing = re.match(r"(?:the )?(?:ongoing|upcoming) ", match[0]) is not None
        actors = [a for a in reader.actors.actors(start, match.start()) if a.issuers]
        if not ongoing and not _PUSHES.search(run) and not (match.re == _REVISES and _GOES_TO.search(run)):
            continue
        candidate = reader.candidate(sentence, phrase, None)
        candidate.rule, candidate.trigger, candidate.status = "planned", match["act"], "planned"
        candidate.issued_on = None
        candidate.title = text[match.start() : tokens[phrase.last].end].removeprefix("the ")
        if not ongoing:
            candidate.issuers = (
                actors[-1].issuers if actors else reader.last_body(start) if _THE_BODY.search(run) else ()
            )
        candidate.action = "regulation"
        if FORECAST.search(run) or NEGATED.search(run):
            candidate.drop("wished, denied or supposed")
        reader.found.append(candidate)
        taken.update(range(phrase.first, phrase.last + 1))


_RIGHT_BEFORE = 500


def in_force(reader: Reader, sentence: Sentence, taken: set[int]) -> None:
    """`The Pear Trade Agreement came into effect on May 4`."""
    start, end = sentence.span
    tokens = sentence.tokens
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
            "be",
            "been",
            "was",
            "were",
            "both",
            "which",
            "that",
            ",",
        }:
            at -= 1
        phrase = phrase_before(tokens, at)
        if phrase is None or phrase.head in taken or phrase.noun.strength not in {"strong", "name", "weak", "measure"}:
            continue
        if phrase.first > 0 and tokens[phrase.first - 1].low == "since":
            # `the third change since the rules took effect in 2031`
            continue
        related = phrase.last + 2 < len(tokens) and [t.low for t in tokens[phrase.last + 1 : phrase.last + 3]] == [
            ",",
            "which",
        ]
        if phrase.noun.strength == "measure" and not (
            related or (complemented(phrase, tokens) and tokens[phrase.first].low != "the")
        ):
            continue
        inside = reader.text[tokens[phrase.head].start : tokens[phrase.last].end]
        if related and phrase.noun.strength == "measure" and phrase.definite and not complemented(phrase, tokens):
            # `The tariff, which takes effect on May 1`: the one told right before
            known = next((c for c in reversed(reader.found) if c.kept and inside in c.title), None)
            if known is not None and start - known.evidence[-1][1] < _RIGHT_BEFORE:
                known.add_evidence(sentence.span)
                known.effective_on = known.effective_on or reader.dates_of(sentence, match.end(), False)[1]
                continue
        if phrase.noun.strength == "measure" and any(
            c.kept and c.evidence[0] == sentence.span and inside in c.title for c in reader.found
        ):
            continue
        future = _PAST_FORCE.match(match[0]) is None or _TO_COME.search(reader.text, start, match.start()) is not None
        ruling = (
            _UNDER_ONE.search(reader.text[start : tokens[phrase.first].start].rstrip()) is not None
            and not phrase.definite
            and tokens[at].low == "that"
        )
        when = next(
            (
                w
                for w in dates_in(reader.text, match.end(), end, reader.today, future=future)
                if w.start - match.end() < (30 if phrase.noun.strength == "measure" else 12)
                or _IN_A_PLACE.fullmatch(reader.text, match.end(), w.start)
            ),
            None,
        )
        known = reader.antecedent(tokens[phrase.head].low, phrase) if phrase.definite and not phrase.named else None
        if known is not None and not complemented(phrase, tokens):
            known.effective_on = known.effective_on or (when.value if when else None)
            known.add_evidence(sentence.span)
            continue
        dated = when is not None and tokens[phrase.first].word[0].isupper() and phrase.head - phrase.first >= 2
        dated = dated or (phrase.noun.strength == "measure" and when is not None)
        told = phrase.noun.strength in {"strong", "weak"} and phrase.last > phrase.head
        if not (
            phrase.named
            or dated
            or told
            or (ruling and when is not None)
            or (phrase.noun.strength == "strong" and complemented(phrase, tokens))
        ):
            continue
        candidate = reader.candidate(sentence, phrase, None)
        candidate.rule, candidate.trigger = "in force", match[0]
        candidate.issued_on = next(
            (w.value for w in sentence.dates if _ISSUED_ON.search(reader.text, max(start, w.start - 90), w.start)), None
        )
        candidate.effective_on = when.value if when else None
        between = _BETWEEN.match(reader.text, tokens[phrase.head].end, match.start())
        if between is not None and candidate.instrument == "agreement":
            candidate.title = candidate.title.removesuffix(between[0]) + between[0]
            lands = [p for p in places_in(reader.text, *between.span()) if p.kind in {"country", "bloc"}]
            candidate.issuers = candidate.issuers or tuple(
                dict.fromkeys(p.government for p in lands if p.government and p.name != "China")
            )
        reader.found.append(candidate)
        taken.update(range(phrase.first, phrase.last + 1))


def _we(reader: Reader, start: int, at: int) -> Actor | None:
    if re.search(r"\b[Ww]e (?:will|would|plan)\b", reader.text[start:at]) and reader.ministry:
        return Actor(("Ministry of Commerce",), "we", start, start)
    return None

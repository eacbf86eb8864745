"""Who issues an instrument where no authority is subject or agent of the verb: signers, a meeting, `we`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.patterns import regex
from pipeline.policies.actor import Actor
from pipeline.policies.issuers import bodies_in
from pipeline.policies.phrases import Phrase
from pipeline.policies.places import places_in
from pipeline.policies.reading import (
    PLAIN,
    PRIVATE,
    Reader,
)
from pipeline.policies.sentence import Sentence
from pipeline.policies.tables import rows
from pipeline.policies.tokens import Token, Verb, spell

_SIGNERS = regex(
    r"\b(?:Ministers?|Presidents?|Premiers?|Prime Minister|leaders|two sides|two countries"
    r"|both sides|two governments|governments|China and [A-Z]\w+)\b[^.;]{0,160}$"
)
_AGENCY = regex(
    r"(?:[A-Z][\w'’-]+ ){1,4}(?:Agency|Bureau|Center|Office) of the (?:Ministry|Administration|Commission)"
    r"(?: (?:of|for) [A-Z]\w+(?: and [A-Z]\w+)?)?"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """How a verb of issuing stands in its sentence."""

    verb: Verb
    at: int
    run: str
    """What the sentence has before the verb."""
    lead: str
    """What it has before the auxiliaries."""
    after: str
    """The word after the verb."""
    passive: bool
    reduced: bool
    future: bool
    perfect: bool


def acting_otherwise(reader: Reader, sentence: Sentence, clause: Clause, phrase: Phrase) -> Actor | None:
    """Who issues where no authority is subject or agent: the ministry itself, signers, a meeting, `we`."""
    start, end = sentence.span
    tokens, text = sentence.tokens, reader.text
    verb, at, run, after = clause.verb, clause.at, clause.run, clause.after
    passive, reduced = clause.passive, clause.reduced
    actor: Actor | None = None
    if actor is None and passive and after != "by" and reader.conference and reader.ministry:
        # a ministry that speaks of itself leaves itself out
        actor = Actor(("Ministry of Commerce",), "the ministry", at, at)
    if actor is None and verb.sense == "sign" and _SIGNERS.search(run):
        parties = [m.name for m in bodies_in(text, tokens[phrase.first].start, end)]
        actor = Actor(tuple(dict.fromkeys(parties)), "signers", start, start)
    if (
        actor is None
        and (passive or reduced)
        and after != "by"
        and _between_states(reader, spell(text, tokens, phrase.first, phrase.head), phrase, sentence, at)
    ):
        actor = Actor((), "signers", at, at)
    if (
        actor is None
        and (passive or reduced)
        and (held := _HELD_AT.match(text, tokens[verb.last].end, end)) is not None
    ):
        inside = bodies_in(text, held.start(), held.end())
        actor = Actor((inside[-1].name,) if inside else (), held["who"], at, at)
    if actor is None and passive and after != "by" and verb.sense == "issue" and phrase.noun.instrument in _BINDING:
        public = _GOVERNED.search(text, tokens[phrase.first].start, tokens[phrase.head].start)
        actor = Actor((), public[0], at, at) if public else None
    if (
        actor is None
        and passive
        and after in {"in", "across"}
        and verb.sense == "issue"
        and phrase.noun.instrument in _BINDING
    ):
        actor = _in_place(reader, tokens, verb, end)
    if actor is None and passive and after != "by" and verb.sense == "issue":
        actor = _dated_and_public(reader, sentence, clause, phrase)
    if actor is None and verb.sense == "sign" and not (passive or reduced):
        partner = re.compile(r" with (?:the )?").match(text, tokens[phrase.head].end, end)
        body = [m for m in bodies_in(text, partner.end(), end) if m.start == partner.end()] if partner else []
        agency = _AGENCY.match(text, partner.end(), end) if partner else None
        if body or agency:
            actor = Actor((body[0].name if body else agency[0],), "signers", start, start)  # type: ignore[index]
    if actor is None and not (passive or reduced):
        actor = reader.coordinate(tokens, verb, start)
        if (
            actor is None
            and phrase.named
            and phrase.noun.strength in {"strong", "weak"}
            and re.search(
                r"\b[Ww]e(?: have| also)*(?: \w+ly)*$|\b[Ww]e (?:have )?[^.]{0,200}, (?:and )?$",
                run + (" " if run.endswith(",") else ""),
            )
        ):
            actor = Actor((), "we", start, start)
    return actor


_GOVERNED = regex(r"\b(?:government|national|nationwide|provincial|municipal|federal|state|central)\b")
_BINDING = frozenset({"law", "regulation", "measures", "guideline", "standard"})


_PUBLIC_NOUNS = frozenset({"measures", "policies", "policy measures", "steps", "package", "incentives"})
_FULL_NOUNS = frozenset({"blueprint", "plan", "guidelines"})
_MADE_PUBLIC = frozenset({"release", "issue", "publish", "unveil", "promulgate", "announce", "make public", "roll out"})
_TO_DO = regex(
    r"(?: (?:on|in|last|this|early|late|earlier) [^,;]{2,24})?,? (?:to (?:[a-z]+ly )?[a-z]{3,}|aimed at|aiming) "
)


def _dated_and_public(reader: Reader, sentence: Sentence, clause: Clause, phrase: Phrase) -> Actor | None:
    """`In September, steps were announced to open up …`, `A blueprint for the development of … was released on Monday`.

    With a day or month, and with what they are for: nobody but an authority issues them.
    """
    if phrase.definite or clause.verb.lemma not in _MADE_PUBLIC or PRIVATE.search(clause.run):
        return None
    tokens, noun = sentence.tokens, phrase.noun.noun
    dated = any(len(when.value) >= 7 for when in sentence.dates)
    stop = tokens[clause.verb.last].end
    wanted = noun in _PUBLIC_NOUNS and _TO_DO.match(reader.text, stop, sentence.end) is not None
    whole = noun in _FULL_NOUNS and phrase.last > phrase.head + 3 and not PRIVATE.search(sentence.printed)
    whole = whole and not any(token.low in {"its", "their"} for token in tokens[phrase.head : phrase.last])
    return Actor((), "authorities", clause.at, clause.at) if dated and (wanted or whole) else None


def _in_place(reader: Reader, tokens: list[Token], verb: Verb, end: int) -> Actor | None:
    """`A package of measures was unveiled in Sampleton to …`: by who governs there; no host of a fair has such ones."""
    at = tokens[verb.last].end
    place = next((p for p in places_in(reader.text, at, min(end, at + 40)) if p.start <= at + 12), None)
    if place is None or place.kind in {"country", "bloc"} or not place.government or place.name == "Beijing":
        return None
    return Actor((place.government,), place.name, place.start, place.end) if place.government in _chinese() else None


@cache
def _chinese() -> frozenset[str]:
    """The governments of China's cities and provinces that the table of places has."""
    return frozenset(row["government"] for row in rows("places") if row["kind"] not in {"country", "bloc"})


_HELD_AT = regex(
    r" (?:at|during) (?:the |a |an |its )?(?:[\w'’-]+ ){0,6}?(?P<who>[Ss]ummit|[Mm]eeting|[Ss]ession|[Pp]lenum)\b"
)
_JOINT = regex(r"\bjoint (?:statement|declaration|communique)\b|\b(?:upgrade|FTA)\b", re.IGNORECASE)


def _between_states(reader: Reader, title: str, phrase: Phrase, sentence: Sentence, at: int) -> bool:
    """Whether an agreement or joint statement without a signer named is one of states: by its words, or dated."""
    if phrase.noun.instrument not in {"agreement", "statement"}:
        return False
    if PRIVATE.search(reader.text, sentence.start, at):
        return False
    return _JOINT.search(title) is not None


def told_apart(tokens: list[Token], phrase: Phrase) -> bool:
    """Whether a word before the noun tells one agreement from any other."""
    return any(t.low not in PLAIN and t.low[0].isalpha() for t in tokens[phrase.first : phrase.head])

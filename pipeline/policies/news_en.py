"""Announcements that English prose reports, sentence by sentence.

Rules, in the order tried: `issued` (authority + verb of issuing + noun phrase, active or passive), `planned` (the same
after will, plans to …), `measure` (authority + imposes, bans, fines, launches a probe …), `in force` (came into
effect), `described` (a definite instrument with a complement of its own), `dated` (one with its year before it), `work`
(a name in title case with a verb beside it), `public money`, `trade-in program`, `rate`, `standing policy`, and the
kinds of instrument with names of their own: document numbers, five-year plans, work reports, negative lists. Each
module `rule_*` holds a family; what they share is in `reading`.
"""

from __future__ import annotations

import re

from pipeline.model import Article
from pipeline.policies.candidates import LIMIT, Candidate
from pipeline.policies.cuts import evidence_sentences
from pipeline.policies.dates import When, dates_in
from pipeline.policies.finish_en import finish
from pipeline.policies.issuers import Mention, bodies, bodies_in
from pipeline.policies.numbers import find_numbers
from pipeline.policies.phrases import (
    Token,
    tokenize,
    verbs_of,
)
from pipeline.policies.reading import Reader
from pipeline.policies.rule_context import context
from pipeline.policies.rule_deeds import deeds
from pipeline.policies.rule_described import described, in_force, nominal_act, revising
from pipeline.policies.rule_issued import detailed, issuing
from pipeline.policies.rule_money import money
from pipeline.policies.rule_named import named
from pipeline.policies.rule_works import works
from pipeline.policies.sameness import more_exact

_LIKELY = (
    "plan", "polic", "rule", "report", "illion", "law", "list", "order", "program", "control", "fund", "standard",
    "platform", "measure", "announce", "agreement", "strategy", "guideline", "guidance", "regulation", "decree",
    "notice", "circular", "catalog", "decision", "ruling", "memorand", "protocol", "treaty", "pilot", "trial", "tariff",
    "duty", "duties", "sanction", "restriction", "curb", "subsid", "investigat", "probe", "white paper", "opinions",
    "provisions", "scheme", "campaign", "blueprint", "roadmap", "directive", "legislation", "statement", "incentive",
    "visa", "resolution", "recommendation", "proposal", "exempt", "decid", "recognised", "recognized", "professions",
    "declaration", "tax", "trade-in", "voucher", "quota", "waiver", "requirement", "limits", "agenda", "vision",
    "charter", "convention", "draft", "communique", "blockade", "embargo", "impos", "document", "budget",
    "minimum wage", "retirement age", "approval", "permission", "clearance", "quotas", "funding", "truce",
)  # fmt: skip
"""Parts of the words without which a sentence tells no measure, the commonest first."""
_LIKELY_WORD = re.compile(r"\b(?:acts?|bill|ban|fine[ds]?|rates?|accord|code|pact)\b|\bban")
_SAYS = re.compile(r",? (?:said|announced)\b")
_NAMES_IT = re.compile(
    r"(?:, |\bis |\bwas )(?:code-?named|named|called|dubbed|titled|entitled|known as) [\"“](?P<name>[^\"”“]{3,80})[\"”]"
)


def _answered_for(reader: Reader, start: int, end: int, dates: list[When]) -> None:
    """The sentence after an undated lead, `The European Commission said on Tuesday …`, dates it."""
    known = next((c for c in reversed(reader.found[-6:]) if c.kept), None)
    if (
        known is None
        or not known.kept
        or known.issued_on
        or known.status not in {"issued", "draft"}
        or known.evidence[-1][1] + 3 < start
        or start > 900
    ):
        return
    table = bodies()
    for actor in reader.actors.actors(start, end):
        said = _SAYS.match(reader.text, actor.end, min(end, actor.end + 30))
        if said is None or not actor.issuers or actor.issuers[0] not in table:
            continue
        place = table[actor.issuers[0]].place
        if known.issuers and (known.issuers[0] not in table or table[known.issuers[0]].place != place):
            continue
        when = next((w for w in dates if 0 <= w.start - actor.end < 16), None)
        if when is not None:
            known.issued_on = when.value
        if not known.issuers or more_exact(actor.issuers, known.issuers):
            known.issuers = actor.issuers
        known.add_evidence((start, end))
        return


def pass_over(reader: Reader, start: int, end: int) -> None:
    """A sentence without a word of ours: it can only date the measure that the one before it told."""
    known = reader.found[-1] if reader.found else None
    if known is not None and known.issued_on is None and known.evidence[-1][1] + 3 >= start:
        reader.actors.enter(start, end)
        _answered_for(reader, start, end, dates_in(reader.text, start, end, reader.today))


def read(reader: Reader, start: int, end: int) -> None:
    """One sentence through all rules; what they find goes to `reader.found`."""
    text = reader.text
    tokens = tokenize(text, start, end)
    if not tokens or len(tokens) > 400 or text[end - 1] == "?":
        return
    tokens = _masked(tokens, bodies_in(text, start, end))
    dates = dates_in(text, start, end, reader.today)
    reader.numbers = find_numbers(text, start, end)
    taken: set[int] = set()
    before = len(reader.found)
    reader.actors.enter(start, end)
    _answered_for(reader, start, end, dates)
    if detailed(reader, tokens, start, end, dates):
        return
    verbs = verbs_of(tokens)
    for verb in verbs:
        candidate, phrase = issuing(reader, tokens, verb, start, end, dates)
        if candidate is not None:
            reader.found.append(candidate)
            if phrase is not None and candidate.kept:
                taken.update(range(phrase.first, phrase.last + 1))
    if not any(c.kept for c in reader.found[before:]):
        deeds(reader, start, end, dates)
    naming = _NAMES_IT.search(text, start, end)
    if naming:
        for candidate in reversed(reader.found):
            if (
                candidate.kept
                and candidate.strength < 3
                and candidate.evidence
                and start - candidate.evidence[0][0] < 800
            ):
                candidate.title, candidate.strength = naming["name"], 3
                candidate.add_evidence((start, end))
                break
    named(reader, start, end, dates)
    nominal_act(reader, tokens, start, end, dates, taken)
    in_force(reader, tokens, start, end, dates, taken)
    revising(reader, tokens, start, end, dates, taken)
    works(reader, tokens, start, end, dates, taken)
    money(reader, start, end, dates)
    described(reader, tokens, start, end, dates, taken)
    context(reader, start, end, dates)
    for candidate in reader.found[before:]:
        finish(reader, candidate, start, end)


def reported_records(article: Article) -> list[Candidate]:
    """Candidates of a page that reports, in text order; several of one instrument are still apart."""
    reader = Reader(article)
    for start, end in evidence_sentences(article.text):
        if len(reader.found) >= LIMIT:
            break
        sentence = article.text[start:end].lower()
        if any(part in sentence for part in _LIKELY) or _LIKELY_WORD.search(sentence):
            read(reader, start, end)
        else:
            pass_over(reader, start, end)
    return reader.found


def _masked(tokens: list[Token], mentions: tuple[Mention, ...]) -> list[Token]:
    """The tokens, those in a body's name made opaque: no regulation in `Administration for Market Regulation`."""
    if not mentions:
        return tokens
    inside = [any(m.start <= t.start < m.end for m in mentions) for t in tokens]
    return [t._replace(low="body") if hidden else t for t, hidden in zip(tokens, inside, strict=True)]

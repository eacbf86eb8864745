"""One record for one measure: what a Chinese page tells again, with its number, in its headline or in other words."""

from __future__ import annotations

from pipeline.model import Article
from pipeline.patterns import regex
from pipeline.policies.acting_zh import FOREIGN_SIDE
from pipeline.policies.candidates import Candidate
from pipeline.policies.cuts import evidence_sentences
from pipeline.policies.dates import dates_in, printed_day
from pipeline.policies.entities import entities_of
from pipeline.policies.issuers import bodies_in
from pipeline.policies.numbers import find_numbers
from pipeline.policies.sectors import regions_zh

_TOPIC = regex(r"就(?P<topic>.{4,60}?)(?:应询|有关情况|相关情况|问题|事)?答记者问")


def fold_into_topic(article: Article, found: list[Candidate]) -> list[Candidate]:
    """Fold the deeds of an answer to the press into the measure that its headline names."""
    match = _TOPIC.search(article.title or "")
    deeds = [c for c in found if c.kept and c.rule == "measure taken" and c.actor == "own" and c.salience == "news"]
    numbered = [c for c in found if c.kept and c.rule == "number issued" and c.salience == "news"]
    if not deeds:
        _fold_foreign(found)
        return found
    if numbered:
        for deed in deeds:
            deed.drop("what the numbered announcement does")
            same = [n for n in numbered if n.action == deed.action]
            for number in same:
                if _mentions(article.text, deed, number):
                    number.add_evidence(*deed.evidence)
        return found
    first = max(
        deeds,
        key=lambda c: (("决定" in c.trigger) or c.effective_on is not None, c.instrument == "list", -c.evidence[0][0]),
    )
    for deed in deeds:
        if deed is not first and (deed.instrument == first.instrument or deed.action == first.action or match):
            first.add_evidence(*deed.evidence)
            first.issued_on = first.issued_on or deed.issued_on
            first.effective_on = first.effective_on or deed.effective_on
            first.entities = first.entities or deed.entities
            first.issuers = first.issuers or deed.issuers
            deed.drop("the same measure in another sentence")
    if (
        match
        and not FOREIGN_SIDE.match(match["topic"])
        and not match["topic"].startswith(("美", "英", "欧", "荷", "日"))
    ):
        first.title = match["topic"]
        first.regions = first.regions or regions_zh(match["topic"])
        first.issued_on = first.issued_on or printed_day(article.published)
        first.strength = 2
        if "列入" not in match["topic"] and first.instrument == "list" and "调整" in match["topic"]:
            first.instrument = "decision"
    if not first.entities:
        for start, end in evidence_sentences(article.text):
            if names := entities_of(article.text[start:end]):
                first.entities = names
                first.add_evidence((start, end))
                break
    if not first.issuers and first.actor == "own":
        touched = {c.issuers for c in found if c.kept and c.rule == "number touched"}
        # who issued what is suspended suspends it
        first.issuers = _mechanism(article, first) or (touched.pop() if len(touched) == 1 else ())
    return found


def _fold_dated(article: Article, deed: Candidate, numbered: list[Candidate]) -> bool:
    """`于4月4日和9日，将17家美国实体列入…` tells what the announcements of those days did."""
    days = {when.value for when in dates_in(article.text, *deed.evidence[0], article.published)}
    same = [n for n in numbered if n.issued_on in days and n.action == deed.action]
    for number in same:
        number.add_evidence(*deed.evidence)
    if same:
        deed.drop("told again with its number")
    return bool(same)


def fold_same_deeds(article: Article, found: list[Candidate]) -> None:
    """Fold a deed told twice, and an announcement told without its number into the one that has it."""
    numbered = [c for c in found if c.kept and c.number]
    for nth, candidate in enumerate(found):
        for other in found[nth + 1 :]:
            if (
                candidate.kept
                and other.kept
                and candidate.rule == other.rule == "noun issued"
                and other.head == candidate.head
                and not other.issuers
                and other.issued_on is None
            ):
                candidate.add_evidence(*other.evidence)
                other.drop("the same instrument in another sentence")
    for nth, candidate in enumerate(found):
        if not candidate.kept or candidate.number:
            continue
        if candidate.rule == "noun issued" and candidate.head == "公告" and candidate.title == "公告":
            days = {w.value for w in dates_in(article.text, *candidate.evidence[0], article.published)} | {
                candidate.issued_on
            }
            same = [n for n in numbered if n.issued_on in days]
            for number in same:
                number.add_evidence(*candidate.evidence)
            if same or candidate.issued_on is None:
                candidate.drop("told again with its number")
        elif (
            candidate.rule == "measure taken"
            and candidate.salience == "background"
            and _fold_dated(article, candidate, numbered)
        ):
            continue
        elif candidate.rule == "measure taken":
            for other in found[nth + 1 :]:
                if (
                    other.kept
                    and other.rule == candidate.rule
                    and other.action == candidate.action
                    and other.issued_on == candidate.issued_on
                    and candidate.issued_on
                ):
                    candidate.add_evidence(*other.evidence)
                    other.drop("the same measure in another sentence")


def _mechanism(article: Article, candidate: Candidate) -> tuple[str, ...]:
    """The mechanism that acts, where the page says that it does: `不可靠实体清单工作机制将…列入`, `经…机制批准`."""
    if candidate.action != "sanction":
        return ()
    names = [m.name for m in bodies_in(article.text, 0, len(article.text)) if m.kind == "mechanism"]
    return (names[0],) if names else ()


def _fold_foreign(found: list[Candidate]) -> None:
    """One country's deeds on a page are one measure, unless both are dated and the dates differ."""
    deeds = [c for c in found if c.kept and c.rule == "measure taken" and c.actor == "foreign" and c.issuers]
    for nth, deed in enumerate(deeds):
        for other in deeds[nth + 1 :]:
            if (
                other.kept
                and deed.kept
                and other.issuers == deed.issuers
                and (other.issued_on in {None, deed.issued_on} or deed.issued_on is None)
            ):
                deed.add_evidence(*other.evidence)
                deed.issued_on = deed.issued_on or other.issued_on
                other.drop("the same measure in another sentence")


def _mentions(text: str, deed: Candidate, number: Candidate) -> bool:
    """Whether the deed stands in the part of the page that deals with the number: before the next number."""
    return deed.evidence[0][0] >= number.evidence[0][0] and not find_numbers(
        text, number.evidence[0][1], deed.evidence[0][0]
    )

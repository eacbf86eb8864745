"""What the announcements of a new story make of instruments, where they tell of none that could be another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from db.links.instrument_links import MOST, Report, answers, cited_beside, compare, questions, report_key
from db.links.instrument_summary import better, page_of
from db.links.naming import instrument_of, instrument_reason
from db.storing import pending as sql
from db.storing.gathered import Gathered
from db.storing.pending import Pending
from db.storing.prepared import Prepared

Link = tuple[str, str, str]
"""Instrument, node, why."""


@dataclass(slots=True, kw_only=True)
class Reporting:
    """What a story adds to what is known of instruments."""

    links: list[Link] = field(default_factory=list)
    """Of each announcement."""
    fresh: list[Report] = field(default_factory=list)
    """Reports that nobody made before."""
    new: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Rows of the registry that are to be added."""
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Rows of it that say more now."""
    relations: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)

    def write(self, waiting: Pending, one: Prepared) -> None:
        """Let the rows wait."""
        rows = waiting.rows
        rows[sql.INSTRUMENTS].extend(tuple(row[name] for name in sql.REGISTRY) for row in self.new.values())
        rows[sql.SUMMARIES].extend(
            (*(row[name] for name in sql.SUMMARY), identity) for identity, row in self.changed.items()
        )
        rows[sql.REPORTS].extend(
            (told.node, told.lead, told.issued_on, told.name, told.title, told.instrument, told.draft, told.numbered)
            for told in self.fresh
        )
        rows[sql.RELATIONS].extend(
            (one.id, *key, said["on_date"], said["start"], said["end"], said["text"], one.seen_at)
            for key, said in self.relations.items()
        )

    def note(self, found: Gathered) -> None:
        """Let the stories that follow see them."""
        found.instruments |= self.new
        found.instruments |= self.changed
        found.reported |= {node for _instrument, node, _why in self.links}
        for told in self.fresh:
            found.add_report(told)


def report(found: Gathered, one: Prepared) -> Reporting | None:
    """What a story adds; None where something that it tells of may be one with something else."""
    made = Reporting()
    for record, told in zip(one.summaries, one.reports, strict=True):
        if told.node not in found.instruments and told.node not in made.new:
            made.new[told.node] = _BLANK | instrument_of(told, record) | {"same_as": told.node}
    if _may_be_another(found, one, made):
        return None
    page = page_of({
        "url": one.url, "language": one.language, "kind": one.kind, "sort_at": one.sort_at,
        "number_key": one.document, "title_key": one.headline,
    })  # fmt: skip
    for said, record, told in zip(one.policies, one.summaries, one.reports, strict=True):
        node = _row(found, made, told.node)
        made.links.append((node["same_as"], told.node, node["same_reason"] or instrument_reason(record)))
        held = _row(found, made, node["same_as"])
        changes = better(held, {**page, "id": said.id}, record)
        if changes:
            (made.new if held["id"] in made.new else made.changed)[held["id"]] = {**held, **changes}
    _relate(found, one, made)
    return made


def _row(found: Gathered, made: Reporting, identity: str) -> dict[str, Any]:
    return made.new.get(identity) or made.changed.get(identity) or found.instruments[identity]


def _may_be_another(found: Gathered, one: Prepared, made: Reporting) -> bool:
    """Whether a report looks like another one, of another instrument."""
    for told in one.reports:
        same_name = found.reports_at(("name", told.name, told.lead))
        if len(same_name) >= MOST:
            return True
        if any(_key(other) == _key(told) for other in (*same_name, *made.fresh)):
            continue
        made.fresh.append(told)
    for told in made.fresh:
        asked = list(questions(told))
        for question in asked:
            known = found.reports_at(question)
            if len(known) >= MOST:
                return True
            ours = [other for other in one.reports if other.node != told.node and question in answers(other)]
            if any(other.node != told.node and compare(told, other) is not None for other in (*known, *ours)):
                return True
    numbered = [told.node for told in one.reports if told.numbered]
    if len(one.reports) < 2 or not any(node in found.instruments for node in numbered):
        return False
    if not found.reported.isdisjoint(numbered):
        return True
    return next(cited_beside(found.db, one.id, one.reports), None) is not None


def _key(told: Report) -> tuple[Any, ...]:
    """What tells two reports apart in the database."""
    return told.node, report_key(told)


def _relate(found: Gathered, one: Prepared, made: Reporting) -> None:
    nodes = [node for _instrument, node, _why in made.links]
    for act in one.acts:
        named = act.named
        first = nodes[act.subject]
        other = nodes[act.object] if act.object is not None else named["id"] if named else None
        if named and named["id"] not in found.instruments and named["id"] not in made.new:
            made.new[named["id"]] = _BLANK | named | {"same_as": named["id"]}
        if other and first != other:
            made.relations.setdefault((first, other, act.relation), act.columns)


_BLANK: dict[str, Any] = dict.fromkeys((*sql.REGISTRY, "same_reason"))

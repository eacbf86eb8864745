"""What happened to an instrument and when, each with the article that says so; what it does to others, they to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.connection import row, rows

_MOST = 100
_DONE = {
    "amends": "amended", "repeals": "repealed", "suspends": "suspended", "resumes": "resumed", "extends": "extended",
    "implements": "implemented", "interprets": "interpreted", "reviews": "reviewed",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A point of an instrument's life."""

    event: str
    """`drafted`, `planned`, `issued`, `effective`, `reported`, `amended`, `repealed`, `suspended`, `resumed`,
    `extended`, `implemented`, `interpreted`, `reviewed`; of what it does itself `amends`, `repeals` and so on."""
    on: str
    """ISO prefix."""
    article_id: str
    text: str
    """The sentence that says so; empty where it is told by a date only."""
    other: str | None = None
    """The other instrument of a relation."""
    other_title: str | None = None
    other_number: str | None = None


def timeline(db: Database, identity: str) -> list[Event]:
    """The life of an instrument, earliest first: of each kind the earliest report, and every relation."""
    found = row(db, "SELECT issued_on, effective_on FROM instrument_registry WHERE id = ? AND same_as = id", [identity])
    if found is None:
        return []
    events = [*_dates(db, identity, found), *_relations(db, identity)]
    return sorted(events, key=lambda one: (one.on, one.event, one.article_id, one.other or ""))


def _dates(db: Database, identity: str, found: dict[str, Any]) -> list[Event]:
    events = []
    for sql, event in _FIRST_TOLD.items():
        told = row(db, sql, {"id": identity, "issued": found["issued_on"], "effective": found["effective_on"]})
        if told and told["on"]:
            events.append(Event(event=event, on=told["on"], article_id=told["article_id"], text=told["text"] or ""))
    return events


_TOLD = """
SELECT {on} AS "on", p.article_id, json_extract(p.evidence, '$[0].text') AS text
FROM policies AS p JOIN articles AS a ON a.id = p.article_id
WHERE p.instrument_id = :id AND p.retired_at IS NULL AND p.review_state <> 'rejected' AND {which}
ORDER BY p.sort_at, p.seq LIMIT 1
"""
# the day as the page prints it: `sort_at` is UTC, in which a Chinese morning is the day before
_PRINTED_ON = "(SELECT substr(coalesce(published_at, sort_at), 1, 10) FROM articles WHERE id = p.article_id)"
_FIRST_TOLD = {
    _TOLD.format(on="p.issued_on", which="p.issued_on = :issued AND p.status = 'issued'"): "issued",
    _TOLD.format(on=f"coalesce(p.issued_on, {_PRINTED_ON})", which="p.status = 'draft'"): "drafted",
    _TOLD.format(on=_PRINTED_ON, which="p.status = 'planned'"): "planned",
    _TOLD.format(on="p.effective_on", which="p.effective_on = :effective"): "effective",
    _TOLD.format(on=_PRINTED_ON, which="p.salience = 'news'"): "reported",
}
"""How to find the first report that says so, and what it says."""


def _relations(db: Database, identity: str) -> list[Event]:
    events: dict[tuple[str, str], Event] = {}
    for found in rows(db, _ACTS_ON, [identity, _MOST]):
        events.setdefault((found["relation"], found["other"]), _event(found, found["relation"]))
    for found in rows(db, _ACTED_ON, [identity, _MOST]):
        events.setdefault((_DONE[found["relation"]], found["other"]), _event(found, _DONE[found["relation"]]))
    return list(events.values())


def _event(found: dict[str, Any], event: str) -> Event:
    return Event(
        event=event, on=found["on"], article_id=found["article_id"], text=found["text"], other=found["other"],
        other_title=found["title"], other_number=found["number"],
    )  # fmt: skip


_ACTS_ON = """
SELECT r.relation, coalesce(r.on_date, f.issued_on, substr(coalesce(a.published_at, a.sort_at), 1, 10)) AS "on",
  r.article_id, r.text,
  o.id AS other, o.title, o.number
FROM instrument_registry AS f JOIN relations AS r ON r.from_node = f.id
  JOIN instrument_registry AS t ON t.id = r.to_node JOIN instrument_registry AS o ON o.id = t.same_as
  JOIN articles AS a ON a.id = r.article_id
WHERE f.same_as = ? AND r.retired_at IS NULL AND o.id <> f.same_as ORDER BY a.sort_at, r.id LIMIT ?
"""
_ACTED_ON = """
SELECT r.relation, coalesce(r.on_date, o.issued_on, substr(coalesce(a.published_at, a.sort_at), 1, 10)) AS "on",
  r.article_id, r.text,
  o.id AS other, o.title, o.number
FROM instrument_registry AS t JOIN relations AS r ON r.to_node = t.id
  JOIN instrument_registry AS f ON f.id = r.from_node JOIN instrument_registry AS o ON o.id = f.same_as
  JOIN articles AS a ON a.id = r.article_id
WHERE t.same_as = ? AND r.retired_at IS NULL AND o.id <> t.same_as ORDER BY a.sort_at, r.id LIMIT ?
"""

"""What may be the same instrument, person or organization, and why the machine did not merge it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from db.connection import rows
from db.links.identities import nodes_of, resolve, sort_of
from db.links.instrument_names import edition_of, key_likeness

_MOST_COMPARED = 200
_ALIKE = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One that may be the same."""

    id: str
    name: str
    detail: str | None
    """The organization of a person, the number or date of an instrument."""
    reason: str
    """Why the machine did not merge it."""


def suggest(db: Database, identity: str, *, limit: int = 10) -> list[Suggestion]:
    """What may be the same as an instrument, person or organization, likeliest first; LookupError for an unknown id."""
    sort = sort_of(identity)
    standing = resolve(db, identity)
    if standing is None:
        raise LookupError(f"no {sort.name} {identity!r}")
    nodes = nodes_of(db, standing)
    found = {"n": _persons, "o": _organizations, "i": _instruments}[sort.letter](db, standing, nodes)
    made: dict[str, Suggestion] = {}
    for one in (*_doubted(db, standing, nodes), *found):
        if one.id != standing:
            made.setdefault(one.id, one)
    return list(made.values())[:limit]


def _doubted(db: Database, standing: str, nodes: list[str]) -> Iterator[Suggestion]:
    """What an edge leads to that was not followed."""
    sort = sort_of(standing)
    name, detail = ("title", "coalesce(s.number, s.issued_on)") if sort.letter == "i" else ("name", "NULL")
    sql = f"""
SELECT s.id, s.{name} AS name, {detail} AS detail, e.reason,
  EXISTS (SELECT 1 FROM identity_rulings AS r
    WHERE r.ruling = 'apart' AND (r.a = e.a AND r.b = e.b OR r.a = e.b AND r.b = e.a)) AS ruled
FROM (SELECT a, b, a AS other, strength, reason FROM identity_edges WHERE b IN (SELECT value FROM json_each(:ids))
  UNION ALL SELECT a, b, b, strength, reason FROM identity_edges WHERE a IN (SELECT value FROM json_each(:ids))) AS e
  JOIN {sort.nodes} AS n ON n.id = e.other JOIN {sort.nodes} AS s ON s.id = n.same_as
WHERE s.id <> :standing ORDER BY e.strength DESC, s.id LIMIT 20
"""  # noqa: S608
    for found in rows(db, sql, {"ids": json.dumps(nodes), "standing": standing}):
        why = "a person put it apart" if found["ruled"] else "claimed by two that cannot be one"
        yield Suggestion(id=found["id"], name=found["name"], detail=found["detail"], reason=f"{why}; {found['reason']}")


def _persons(db: Database, standing: str, nodes: list[str]) -> Iterator[Suggestion]:
    mine = {found["key"].partition("|")[0] for found in rows(db, _KEYS_OF_PERSONS, [json.dumps(nodes)])}
    for found in rows(db, _NAMESAKES, {"ids": json.dumps(nodes), "standing": standing, "most": _MOST_COMPARED}):
        same = found["key"].partition("|")[0] in mine
        name = "the same name" if same else "a name that may be spelled alike"
        where = f"another organization: {found['organization']}" if found["organization"] else "no organization named"
        yield Suggestion(id=found["id"], name=found["name"], detail=found["organization"], reason=f"{name}, {where}")


_KEYS_OF_PERSONS = "SELECT key FROM persons WHERE id IN (SELECT value FROM json_each(?))"
_NAMESAKES = """
SELECT DISTINCT s.id, s.name, n.key, o.name AS organization
FROM person_spellings AS mine JOIN person_spellings AS theirs ON theirs.spelling = mine.spelling
  JOIN persons AS n ON n.id = theirs.person_id JOIN persons AS s ON s.id = n.same_as
  LEFT JOIN organizations AS o ON o.id = n.organization_id
WHERE mine.person_id IN (SELECT value FROM json_each(:ids)) AND s.id <> :standing
ORDER BY o.id IS NULL, s.name, s.id LIMIT :most
"""


def _organizations(db: Database, standing: str, nodes: list[str]) -> Iterator[Suggestion]:
    """Those whose name goes on where this one's ends, or ends where it goes on."""
    for held in rows(
        db, "SELECT key FROM organizations WHERE id IN (SELECT value FROM json_each(?)) LIMIT 20", [json.dumps(nodes)]
    ):
        key = held["key"]
        for found in rows(db, _LONGER_NAMES, {"key": key, "standing": standing}):
            yield Suggestion(id=found["id"], name=found["name"], detail=None, reason="its name says more than this one")
        words = key.split()
        shorter = [" ".join(words[:size]) for size in range(len(words) - 1, 0, -1)]
        for found in rows(db, _SHORTER_NAMES, {"keys": json.dumps(shorter), "standing": standing}):
            yield Suggestion(id=found["id"], name=found["name"], detail=None, reason="its name says less than this one")


_LONGER_NAMES = """
SELECT s.id, s.name FROM organizations AS n JOIN organizations AS s ON s.id = n.same_as
WHERE n.key > :key || ' ' AND n.key < :key || '!' AND s.id <> :standing ORDER BY n.key LIMIT 10
"""
_SHORTER_NAMES = """
SELECT s.id, s.name FROM organizations AS n JOIN organizations AS s ON s.id = n.same_as
WHERE n.key IN (SELECT value FROM json_each(:keys)) AND s.id <> :standing ORDER BY length(n.key) DESC LIMIT 10
"""


def _instruments(db: Database, standing: str, nodes: list[str]) -> Iterator[Suggestion]:
    """Others of the same issuer with a title much alike: of the same name, or of the same day."""
    alike: list[tuple[float, Suggestion]] = []
    mine = list(
        rows(
            db,
            "SELECT * FROM instrument_reports WHERE node IN (SELECT value FROM json_each(?)) LIMIT 20",
            [json.dumps(nodes)],
        )
    )
    for report in mine:
        wanted = {**report, "standing": standing, "most": _MOST_COMPARED}
        for found in (*rows(db, _OF_NAME, wanted), *(rows(db, _OF_DAY, wanted) if report["lead"] else ())):
            likeness = key_likeness(report["name_key"], found["name_key"])
            if likeness < _ALIKE:
                continue
            if found["numbered"] and report["numbered"]:
                why = "another number"
            elif edition_of(found["title"]) != edition_of(report["title"]):
                why = "another edition"
            elif found["draft"] != report["draft"]:
                why = "one is a draft"
            elif found["issued_on"] != report["issued_on"]:
                why = "another date"
            elif found["lead"] != report["lead"]:
                why = "another issuer"
            else:
                why = "the titles differ too much"
            suggestion = Suggestion(
                id=found["id"],
                name=found["shown"],
                detail=found["detail"],
                reason=f"titles alike ({likeness:.2f}), but {why}",
            )
            alike.append((likeness, suggestion))
    yield from (one for _likeness, one in sorted(alike, key=lambda item: (-item[0], item[1].id)))


_OTHERS = """
SELECT t.*, s.id, s.title AS shown, coalesce(s.number, s.issued_on) AS detail
FROM instrument_reports AS t JOIN instrument_registry AS n ON n.id = t.node
  JOIN instrument_registry AS s ON s.id = n.same_as
WHERE {which} AND s.id <> :standing LIMIT :most
"""
_OF_NAME = _OTHERS.format(which="t.name_key = :name_key")
_OF_DAY = _OTHERS.format(which="t.lead = :lead AND t.issued_on = :issued_on")

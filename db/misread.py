"""Forgets what only a misreading said: reports, names and edges that no statement bears out any more.

A statement that is read differently leaves behind what it was taken for: a report with a wrong date, a person of half a
name. Where that still joined two instruments or people, a fresh crawl would not. A reprocess ends by going through all
groups, a piece at a time; only what has to change is written.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from db.connection import rows, transaction, update
from db.linking import SPEAKING_FOR, beside_edges, regroup_all
from db.links.identities import BY_HAND, add_edges
from db.links.instrument_links import BESIDE, edges_of, report_key, stored_report
from db.links.instrument_summary import is_up_to_date, summarise
from db.links.naming import report_of, shortest
from db.links.organization_names import shown_organization
from db.links.person_links import edges_among_namesakes
from db.links.person_names import shown_name

_PIECE = 200
"""Groups that are looked at at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """What of some groups is to be made anew, of one sort."""

    nodes: tuple[str, ...] = ()
    """Nodes that are known for something that nobody says."""
    summaries: tuple[str, ...] = ()
    """Instruments of which something is shown that no report says."""
    names: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    """Names, with the Chinese one, that people and organizations should be shown by."""


def misread(db: Database) -> Iterator[Misread]:
    """What no statement bears out any more, a piece at a time: give each to `forget` before asking for the next."""
    for groups in _groups(db, "instrument_registry"):
        if found := _misread_instruments(db, groups):
            yield found
    if found := _misread_beside(db):
        yield found
    for groups in _groups(db, "persons"):
        if found := _misread_people(db, groups):
            yield found
    for groups in _groups(db, "organizations"):
        if found := _misread_organizations(db, groups):
            yield found


def forget(db: Database, found: Misread) -> None:
    """Forget it, and make the groups anew that it stood in; one transaction."""
    with transaction(db):
        people = {node for node in found.nodes if node[:1] == "n"}
        instruments = set(found.nodes) - people
        touched = _drop_edges(db, found.nodes) | set(found.nodes)
        if people:
            touched |= _bury(db, people)
        for node in sorted(instruments):
            touched |= _report_anew(db, node)
        for article in _articles_of(db, instruments):
            touched |= add_edges(db, beside_edges(db, article))
        regroup_all(db, touched)
        standing = {one["same_as"] for one in rows(db, _STANDING, [json.dumps(sorted(touched))])}
        for identity in sorted(standing | set(found.summaries)):
            summarise(db, identity)
        for node, (name, name_zh) in found.names.items():
            if node[:1] == "o":
                update(db, "organizations", "id", node, {"name": name, "name_zh": name_zh})
            else:
                update(db, "persons", "id", node, {"name": name})


def _groups(db: Database, table: str) -> Iterator[list[str]]:
    """The ids that stand for a group, a piece at a time, in their order."""
    after = ""
    sql = f"SELECT DISTINCT same_as FROM {table} WHERE same_as > ? ORDER BY same_as LIMIT {_PIECE}"  # noqa: S608
    while found := [one["same_as"] for one in rows(db, sql, [after])]:
        yield found
        after = found[-1]


def _drop_edges(db: Database, nodes: Iterable[str]) -> set[str]:
    """Take away all that joins these nodes to others; gives the others."""
    beside: set[str] = set()
    for node in nodes:
        beside |= {one["other"] for one in rows(db, _BESIDE_NODE, {"node": node})}
        db.conn.execute("DELETE FROM identity_edges WHERE article_id = '' AND (a = ? OR b = ?)", [node, node])
    return beside


_BESIDE_NODE = """
SELECT b AS other FROM identity_edges WHERE a = :node AND article_id = ''
UNION SELECT a FROM identity_edges WHERE b = :node AND article_id = ''
"""
_STANDING = """
SELECT same_as FROM instrument_registry WHERE id IN (SELECT value FROM json_each(?))
"""


# -- instruments ------------------------------------------------------------------------------------------------------


def _misread_instruments(db: Database, groups: Sequence[str]) -> Misread | None:
    ids = json.dumps(groups)
    told: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
    for found in rows(db, _REPORTING, [ids]):
        report = report_of(found["id"], {**found, "issuers": json.loads(found["issuers"])})
        told[report.node].add(report_key(report))
    stale = {
        one["node"] for one in rows(db, _REPORTED, [ids]) if report_key(stored_report(one)) not in told[one["node"]]
    }
    summaries = [identity for identity in groups if not is_up_to_date(db, identity)]
    if not stale and not summaries:
        return None
    return Misread(nodes=tuple(sorted(stale)), summaries=tuple(summaries))


_REPORTING = """
SELECT id, title, number, issuers, issued_on, instrument, status FROM policies
WHERE instrument_id IN (SELECT value FROM json_each(?)) AND retired_at IS NULL
"""
_REPORTED = """
SELECT r.* FROM instrument_registry AS i JOIN instrument_reports AS r ON r.node = i.id
WHERE i.same_as IN (SELECT value FROM json_each(?))
"""


def _report_anew(db: Database, node: str) -> set[str]:
    """Drop what nobody reports of a node, and look anew what the rest tells of; gives the nodes that it looks like."""
    told = {
        report_key(report_of(one["id"], {**one, "issuers": json.loads(one["issuers"])}))
        for one in rows(db, _REPORTING_NODE, [node])
    }
    touched: set[str] = set()
    for report in [stored_report(one) for one in rows(db, "SELECT * FROM instrument_reports WHERE node = ?", [node])]:
        if report_key(report) in told:
            touched |= add_edges(db, list(edges_of(db, report)))
        else:
            db.conn.execute(_DROP_REPORT, [node, *report_key(report)])
    return touched


_REPORTING_NODE = """
SELECT p.id, p.title, p.number, p.issuers, p.issued_on, p.instrument, p.status
FROM instrument_registry AS n JOIN policies AS p ON p.instrument_id = n.same_as
WHERE n.id = ? AND p.instrument_node = n.id AND p.retired_at IS NULL
"""
_DROP_REPORT = """
DELETE FROM instrument_reports
WHERE node = ? AND name_key = ? AND issued_on = ? AND instrument = ? AND draft = ? AND lead = ? AND title = ?
"""


def _misread_beside(db: Database) -> Misread | None:
    """Instruments that were joined for what stands beside them in an article that no longer says so."""
    borne_out: dict[str, set[tuple[str, str]]] = {}
    stale: set[str] = set()
    for edge in list(rows(db, _BESIDE)):
        pair = (edge["a"], edge["b"])
        for article in _articles_of(db, [edge["a"]]):
            if article not in borne_out:
                borne_out[article] = {(one.a, one.b) for one in beside_edges(db, article)}
            if pair in borne_out[article] or pair[::-1] in borne_out[article]:
                break
        else:
            stale |= set(pair)
    return Misread(nodes=tuple(sorted(stale))) if stale else None


_BESIDE = f"SELECT a, b FROM identity_edges WHERE article_id = '' AND reason LIKE '{BESIDE}%'"  # noqa: S608


def _articles_of(db: Database, nodes: Iterable[str]) -> list[str]:
    return [one["article_id"] for one in rows(db, _ARTICLES, [json.dumps(sorted(nodes)), _MOST_ARTICLES])]


_MOST_ARTICLES = 2000
_ARTICLES = """
SELECT DISTINCT p.article_id FROM instrument_registry AS n JOIN policies AS p ON p.instrument_id = n.same_as
WHERE n.id IN (SELECT value FROM json_each(?)) AND p.instrument_node = n.id AND p.retired_at IS NULL
ORDER BY p.article_id LIMIT ?
"""


# -- people -----------------------------------------------------------------------------------------------------------


def _misread_people(db: Database, groups: Sequence[str]) -> Misread | None:
    ids = json.dumps(groups)
    dead = tuple(one["id"] for one in rows(db, _UNNAMED, [ids]))
    names = _misnamed(rows(db, _SPEAKERS, [ids, BY_HAND]), lambda printed: (shown_name(printed), None))
    return Misread(nodes=dead, names=names) if dead or names else None


def _misread_organizations(db: Database, groups: Sequence[str]) -> Misread | None:
    names = _misnamed(rows(db, _ORGANIZATIONS, [json.dumps(groups), BY_HAND]), shown_organization)
    return Misread(names=names) if names else None


def _misnamed(
    printed: Iterable[Mapping[str, Any]], shown: Callable[[str], tuple[str, str | None]]
) -> dict[str, tuple[str, str | None]]:
    """What is called otherwise than the shortest that it is printed by, with that."""
    best: dict[str, tuple[str, str | None]] = {}
    held: dict[str, tuple[str, str | None]] = {}
    for one in printed:
        name = shown(one["printed"])
        held[one["id"]] = one["name"], one["name_zh"]
        if one["id"] not in best or shortest(name[0]) < shortest(best[one["id"]][0]):
            best[one["id"]] = name
    return {node: name for node, name in best.items() if name != held[node]}


_SPEAKERS = """
SELECT DISTINCT p.id, p.name, NULL AS name_zh, q.speaker AS printed
FROM quotes AS q JOIN persons AS p ON p.id = q.person_node
WHERE q.person_id IN (SELECT value FROM json_each(?)) AND q.retired_at IS NULL AND q.person_reason <> ?
"""
_ORGANIZATIONS = """
SELECT DISTINCT o.id, o.name, o.name_zh, iif(q.speaker_type = 'organization', q.speaker, q.organization) AS printed
FROM quotes AS q JOIN organizations AS o ON o.id = q.organization_node
WHERE q.organization_id IN (SELECT value FROM json_each(?)) AND q.retired_at IS NULL AND q.organization_reason <> ?
"""


_UNNAMED = """
SELECT p.id FROM persons AS p
WHERE p.same_as IN (SELECT value FROM json_each(?))
  AND EXISTS (SELECT 1 FROM person_spellings AS s WHERE s.person_id = p.id)
  AND NOT EXISTS (SELECT 1 FROM identity_edges AS e WHERE e.a = p.id AND e.article_id <> '')
  AND NOT EXISTS (SELECT 1 FROM identity_edges AS e WHERE e.b = p.id AND e.article_id <> '')
  AND NOT EXISTS (SELECT 1 FROM quotes AS q
    WHERE q.person_id = p.same_as AND q.person_node = p.id AND q.retired_at IS NULL)
ORDER BY p.id
"""


def _bury(db: Database, people: Iterable[str]) -> set[str]:
    """Let names that nobody bears join nobody, and no organizations either; gives what else was joined by them."""
    ids = json.dumps(sorted(people))
    joined = list(rows(db, _JOINED_BY, [ids]))
    db.conn.execute("DELETE FROM person_spellings WHERE person_id IN (SELECT value FROM json_each(?))", [ids])
    if not joined:
        return set()
    # what the rest of the people says of these organizations is found anew
    organizations = {node for edge in joined for node in (edge["a"], edge["b"])}
    for edge in joined:
        db.conn.execute("DELETE FROM identity_edges WHERE a = ? AND b = ? AND article_id = ''", [edge["a"], edge["b"]])
    speaking = {one["id"] for one in rows(db, SPEAKING_FOR, [json.dumps(sorted(organizations))])}
    touched = speaking | _drop_edges(db, speaking) | organizations
    regroup_all(db, touched)
    return touched | add_edges(db, edges_among_namesakes(db, speaking))


_JOINED_BY = """
SELECT DISTINCT e.a, e.b FROM persons AS p JOIN person_spellings AS s ON s.person_id = p.id
  JOIN person_spellings AS t ON t.spelling = s.spelling JOIN persons AS other ON other.id = t.person_id
  JOIN identity_edges AS e ON e.a = min(p.organization_id, other.organization_id)
    AND e.b = max(p.organization_id, other.organization_id) AND e.article_id = ''
WHERE p.id IN (SELECT value FROM json_each(?))
"""

"""The same instrument, person and organization across articles. Precision first: a wrong merge is worse than none.

Every link says why it was made, and is made anew whenever an article is stored or reprocessed: the order in which
articles come does not matter (`db/links/identities.py`), and what people have ruled stands (`db/links/overrides.py`).
What cannot be linked with others gets an entry of its own, so that an instrument that only one article reports has its
page.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlite_utils import Database

from db.connection import row, rows, transaction
from db.links.identities import BY_HAND, SORTS, Edge, add_edges, drop_edges_of, regroup, sort_of
from db.links.instrument_links import Report, add_reports, beside_the_same, cited_beside, conflicts, edges_of
from db.links.instrument_names import FEWEST_WORDS, is_draft, name_key, number_key, title_likeness
from db.links.instrument_summary import offer, summarise
from db.links.organization_names import body_of, organization_key, public_body, shown_organization
from db.links.person_links import (
    edges_among_namesakes,
    edges_within_article,
    former_organizations,
    ministers_body,
    organization_conflicts,
    person_conflicts,
)
from db.links.person_names import person_key, shown_name, spellings
from db.names import linked_id
from pipeline.sources import TITLES

__all__ = ["Link", "Linked", "link_policies", "link_quotes", "number_key", "organization_key", "person_key",
           "regroup_all", "regroup_article", "title_likeness", "unlink_policies"]  # fmt: skip

Link = dict[str, str | None]
Linked = tuple[str, Mapping[str, Any]]
"""A statement's id and the record of it that counts."""


def regroup_all(db: Database, nodes: Iterable[str]) -> dict[str, str]:
    """Make the groups of these nodes anew, of whatever sort, and all that hangs on them; gives what has moved."""
    by_letter: dict[str, set[str]] = defaultdict(set)
    for node in nodes:
        by_letter[node[:1]].add(node)
    moved = regroup(db, by_letter["i"], lambda found: conflicts(db, found))
    for identity in sorted({*moved.values(), *moved}):
        summarise(db, identity)
    of_organizations = regroup(db, by_letter["o"], lambda found: organization_conflicts(db, found))
    people = by_letter["n"]
    if of_organizations:
        # within what is now one organization, people of one name are one
        ids = json.dumps(sorted({*of_organizations, *of_organizations.values()}))
        speaking = {found["id"] for found in rows(db, _SPEAKING_FOR, [ids])}
        people |= {node for node in add_edges(db, edges_among_namesakes(db, speaking)) if node[:1] == "n"}
    moved.update(of_organizations)
    moved.update(regroup(db, people, lambda found: person_conflicts(db, found)))
    return moved


def regroup_article(db: Database, article: str) -> dict[str, str]:
    """Make the groups anew that an article's statements stand in, which an older version may have made; as above."""
    named = {each for found in rows(db, _NAMED_IN, {"article": article}) for each in found.values() if each}
    with transaction(db):
        return regroup_all(db, named)


_NAMED_IN = """
SELECT instrument_node, NULL AS organization_node FROM policies WHERE article_id = :article AND retired_at IS NULL
UNION SELECT person_node, organization_node FROM quotes WHERE article_id = :article AND retired_at IS NULL
"""
_SPEAKING_FOR = """
SELECT p.id FROM organizations AS o JOIN organizations AS m ON m.same_as = o.same_as
  JOIN persons AS p ON p.organization_id = m.id
WHERE o.id IN (SELECT value FROM json_each(?)) ORDER BY p.id LIMIT 2000
"""


# -- instruments ------------------------------------------------------------------------------------------------------


def link_policies(db: Database, *, article: str, records: Sequence[Linked]) -> list[Link]:
    """The instrument of each announcement of an article: by its number, else same issuer, date and title."""
    if not records:
        return []
    assigned = _assigned(db, [statement for statement, _record in records])
    reports = [_report(statement, record) for statement, record in records]
    chosen = [
        assigned.get((statement, "i"), report.node) for (statement, _r), report in zip(records, reports, strict=True)
    ]
    before = _standing(db, "i", [*chosen, *(report.node for report in reports)])
    made: dict[str, dict[str, Any]] = {}
    for report, (_statement, record) in zip(reports, records, strict=True):
        if report.node not in before and report.node not in made:
            made[report.node] = _instrument(report, record)
    db.conn.executemany(_ADD_INSTRUMENT, made.values())
    touched: set[str] = set()
    for report in add_reports(db, reports):
        touched |= add_edges(db, list(edges_of(db, report)))
    touched |= add_edges(db, _edges_beside(db, article, reports))
    if touched:
        regroup_all(db, touched)
    standing = _standing(db, "i", chosen)
    links: list[Link] = []
    for node, (statement, record) in zip(chosen, records, strict=True):
        reason = BY_HAND if (statement, "i") in assigned else standing[node][1] or _instrument_reason(record)
        links.append({"instrument_id": standing[node][0], "instrument_node": node, "instrument_reason": reason})
        offer(db, standing[node][0], article=article, statement=statement, record=record)
    return links


def unlink_policies(db: Database, nodes: Iterable[str]) -> None:
    """Forget what nodes were reported as that no statement reports any more: a misreading links nothing."""
    left = [
        node
        for node in sorted(nodes)
        if row(db, _STILL_REPORTED, {"node": node}) is None and row(db, _HAS_REPORTS, [node]) is not None
    ]
    beside = {found["other"] for node in left for found in rows(db, _BESIDE_NODE, {"node": node})}
    for node in left:
        db.conn.execute("DELETE FROM instrument_reports WHERE node = ?", [node])
        db.conn.execute("DELETE FROM identity_edges WHERE a = ? OR b = ?", [node, node])
    if left:
        regroup_all(db, {*left, *beside})


_STILL_REPORTED = """
SELECT 1 FROM instrument_registry AS n JOIN policies AS p ON p.instrument_id = n.same_as
WHERE n.id = :node AND p.instrument_node = :node AND p.retired_at IS NULL LIMIT 1
"""
_HAS_REPORTS = "SELECT 1 FROM instrument_reports WHERE node = ? LIMIT 1"
_BESIDE_NODE = """
SELECT b AS other FROM identity_edges WHERE a = :node UNION SELECT a FROM identity_edges WHERE b = :node
"""


def _edges_beside(db: Database, article: str, reports: Sequence[Report]) -> list[Edge]:
    """Edges to what other articles cite beside the same numbered instrument."""
    made = []
    for report, found in cited_beside(db, article, reports):
        record = {**found, "issuers": json.loads(found["issuers"])}
        other = replace(_report("", record), node=found["instrument_node"])
        made.append(beside_the_same(report, other))
    return [edge for edge in made if edge is not None]


def _report(statement: str, record: Mapping[str, Any]) -> Report:
    lead = record["issuers"][0] if record["issuers"] else ""
    number = number_key(record["number"], lead)
    title = record["title"][:300]
    name = name_key(title)
    draft = is_draft(title, record["status"])
    issued = record["issued_on"] or ""
    # named by what it is where that is enough, so that the id does not hang on which report came first
    told = f"{lead}|{issued or None}|{record['instrument']}|{name}" + ("|draft" if draft else "")
    telling = lead and len(name.split()) >= FEWEST_WORDS
    return Report(
        node=linked_id("i", number or (told if telling else statement)),
        lead=lead, issued_on=issued, title=title, name=name, instrument=record["instrument"], draft=draft,
        numbered=number is not None,
    )  # fmt: skip


def _instrument(report: Report, record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": report.node,
        "number_key": number_key(record["number"], report.lead),
        "lead_issuer": report.lead or None,
        "issued_on": record["issued_on"],
        "name_key": report.name,
        "instrument": record["instrument"],
        "number": record["number"],
        "title": record["title"],
        "issuers": json.dumps(record["issuers"], ensure_ascii=False),
    }


_ADD_INSTRUMENT = """
INSERT OR IGNORE INTO instrument_registry
  (id, same_as, number_key, lead_issuer, issued_on, name_key, instrument, number, title, issuers)
VALUES (:id, :id, :number_key, :lead_issuer, :issued_on, :name_key, :instrument, :number, :title, :issuers)
"""


def _instrument_reason(record: Mapping[str, Any]) -> str:
    """Why, where no other name of the instrument is known: the same whichever report came first."""
    return f"same number: {record['number']}" if record["number"] else "same issuer, date and title"


# -- persons and organizations ----------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Named:
    """What one quote names."""

    statement: str
    record: Mapping[str, Any]
    organization: str | None = None
    """Node of the organization that it names."""
    name: str | None = None
    employer: str | None = None
    """Node of the organization that the person speaks for, where that is not said beside the name."""
    person: str | None = None


def link_quotes(db: Database, *, article: str, text: str, records: Sequence[Linked]) -> list[Link]:
    """The person and the organization behind each quote of an article, found or made."""
    if not records:
        return []
    organizations: dict[str, dict[str, Any]] = {}
    named = [_named(organizations, statement, record) for statement, record in records]
    _fill_in_employers(db, organizations, article, named)
    persons: dict[str, dict[str, Any]] = {}
    for one in named:
        if one.name:
            one.person = _add_person(persons, one.name, one.employer, article, one.record["speaker"])
    within = _posts_held(organizations, persons, text, article, named)
    fresh = _make_nodes(db, organizations, persons)
    touched = add_edges(db, within, article=article)
    touched |= drop_edges_of(db, article, within)
    if fresh:
        touched |= add_edges(db, edges_among_namesakes(db, fresh))
    if touched:
        regroup_all(db, touched)
    return _links(db, named)


def _named(organizations: dict[str, dict[str, Any]], statement: str, record: Mapping[str, Any]) -> _Named:
    one = _Named(statement=statement, record=record)
    kind = record["speaker_type"]
    printed = record["speaker"] if kind == "organization" else record["organization"]
    if printed:
        one.organization = one.employer = _add_organization(organizations, printed)
    if kind == "person":
        one.name = person_key(record["speaker"])
    return one


def _add_organization(organizations: dict[str, dict[str, Any]], printed: str) -> str | None:
    key = organization_key(printed)
    if not key:
        return None
    found = linked_id("o", key)
    name, name_zh = shown_organization(printed)
    organizations.setdefault(found, {"id": found, "key": key, "name": name, "name_zh": name_zh})
    return found


def _add_person(persons: dict[str, dict[str, Any]], name: str, employer: str | None, article: str, speaker: str) -> str:
    # without an organization nothing tells two people of one name apart: such a person lives in one article
    key = f"{name}|{employer or article}"
    found = linked_id("n", key)
    persons.setdefault(found, {"id": found, "key": key, "name": shown_name(speaker), "organization_id": employer})
    return found


def _fill_in_employers(
    db: Database, organizations: dict[str, dict[str, Any]], article: str, named: Sequence[_Named]
) -> None:
    """For whom those speak of whom the quote does not say it: their post, the same name elsewhere in the article, the
    ministry on whose own page a single official answers."""
    employers: dict[str, set[str]] = defaultdict(set)
    for one in named:
        if one.name and not one.employer:
            ministry = public_body(ministers_body(one.record["title"]) or "")
            one.employer = _add_organization(organizations, ministry) if ministry else None
        if one.name and one.employer:
            employers[one.name].add(one.employer)
    without = [one for one in named if one.name and not one.employer]
    for one in without:
        if len(known := employers[one.name or ""]) == 1:
            (one.employer,) = known
    left = [one for one in without if not one.employer and one.record["role"] == "official"]
    if not left or len({one.name for one in left}) > 1:
        return
    found = row(db, "SELECT source, kind FROM articles WHERE id = ?", [article])
    if found is None or found["kind"] not in ("press_conference", "remarks"):
        return
    host = TITLES.get(found["source"], "")
    if (body := body_of(host)) is not None and body.name.startswith("Ministry"):
        for one in left:
            one.employer = _add_organization(organizations, host)


def _posts_held(
    organizations: dict[str, dict[str, Any]],
    persons: dict[str, dict[str, Any]],
    text: str,
    article: str,
    named: Sequence[_Named],
) -> list[Edge]:
    """One person by two posts in one article, or by a post that the text says was held before."""
    posts: dict[str, dict[str, str]] = defaultdict(dict)
    printed: dict[str, str] = {}
    for one in named:
        if one.name and one.person and one.employer:
            posts[one.name][one.employer] = one.person
            printed[shown_name(one.record["speaker"])] = one.name
    for speaker, organization in former_organizations(text, printed):
        employer = _add_organization(organizations, organization)
        if employer:
            person = _add_person(persons, printed[speaker], employer, article, speaker)
            posts[printed[speaker]][employer] = person
    return list(edges_within_article(posts))


def _make_nodes(
    db: Database, organizations: Mapping[str, Mapping[str, Any]], persons: Mapping[str, Mapping[str, Any]]
) -> set[str]:
    """Add the nodes that are not there; gives the persons among them that have an organization."""
    known = _standing(db, "o", organizations)
    db.conn.executemany(
        "INSERT OR IGNORE INTO organizations (id, key, name, name_zh, same_as) "
        "VALUES (:id, :key, :name, :name_zh, :id)",
        [one for found, one in organizations.items() if found not in known],
    )
    known = _standing(db, "n", persons)
    new = [one for found, one in persons.items() if found not in known]
    db.conn.executemany(
        "INSERT OR IGNORE INTO persons (id, key, name, organization_id, same_as) "
        "VALUES (:id, :key, :name, :organization_id, :id)",
        new,
    )
    spelled = [(spelling, one) for one in new for spelling in spellings(one["key"].partition("|")[0])]
    db.conn.executemany(
        "INSERT OR IGNORE INTO person_spellings (spelling, person_id) VALUES (?, ?)",
        [(spelling, one["id"]) for spelling, one in spelled],
    )
    return {one["id"] for one in new if one["organization_id"]}


def _links(db: Database, named: Sequence[_Named]) -> list[Link]:
    assigned = _assigned(db, [one.statement for one in named])
    chosen = [
        (assigned.get((one.statement, "n"), one.person), assigned.get((one.statement, "o"), one.organization))
        for one in named
    ]
    people = _standing(db, "n", [person for person, _organization in chosen if person])
    bodies = _standing(db, "o", [organization for _person, organization in chosen if organization])
    links: list[Link] = []
    for one, (person, organization) in zip(named, chosen, strict=True):
        link: Link = dict.fromkeys(
            ("person_id", "person_node", "person_reason", "organization_id", "organization_node", "organization_reason")
        )
        if person:
            usual = "same name and organization" if one.employer else "name within this article"
            reason = BY_HAND if person != one.person else people[person][1] or usual
            link.update(person_id=people[person][0], person_node=person, person_reason=reason)
        if organization:
            usual = "name without form of company"
            reason = BY_HAND if organization != one.organization else bodies[organization][1] or usual
            link.update(
                organization_id=bodies[organization][0], organization_node=organization, organization_reason=reason
            )
        links.append(link)
    return links


# -- both -------------------------------------------------------------------------------------------------------------


def _standing(db: Database, letter: str, nodes: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """What stands for each of these nodes, and why; those that are not there are left out."""
    ids = sorted(set(nodes))
    if not ids:
        return {}
    table = SORTS[letter].nodes
    sql = f"SELECT id, same_as, same_reason FROM {table} WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608
    return {found["id"]: (found["same_as"], found["same_reason"]) for found in rows(db, sql, [json.dumps(ids)])}


def _assigned(db: Database, statements: Sequence[str]) -> dict[tuple[str, str], str]:
    """Where people have put statements: the node, by statement and the letter of its sort."""
    found = rows(db, _ASSIGNED, [json.dumps(list(statements))])
    return {(one["a"], sort_of(one["b"]).letter): one["b"] for one in found}


_ASSIGNED = """
SELECT a, b FROM identity_rulings
WHERE ruling = 'assigned' AND a IN (SELECT value FROM json_each(?)) ORDER BY id
"""

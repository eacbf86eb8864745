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
from typing import Any

from sqlite_utils import Database

from db.connection import joined, row, rows
from db.links.identities import BY_HAND, SORTS, Edge, add_edges, drop_edges_of, regroup, sort_of
from db.links.instrument_links import Report, add_reports, beside_the_same, cited_beside, conflicts, edges_of
from db.links.instrument_names import number_key, title_likeness
from db.links.instrument_summary import offer, summarise
from db.links.naming import (
    CALL_ORGANIZATION,
    CALL_PERSON,
    Link,
    Linked,
    Named,
    instrument_of,
    instrument_reason,
    links_of,
    names_in,
    report_of,
    spelled,
)
from db.links.organization_names import organization_key
from db.links.person_links import edges_among_namesakes, organization_conflicts, person_conflicts
from db.links.person_names import person_key

__all__ = ["Link", "Linked", "link_policies", "link_quotes", "number_key", "organization_key", "person_key",
           "regroup_all", "regroup_article", "regroup_articles", "title_likeness", "unlink_policies"]  # fmt: skip


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
        speaking = {found["id"] for found in rows(db, SPEAKING_FOR, [ids])}
        people |= {node for node in add_edges(db, edges_among_namesakes(db, speaking)) if node[:1] == "n"}
    moved.update(of_organizations)
    moved.update(regroup(db, people, lambda found: person_conflicts(db, found)))
    return moved


def regroup_article(db: Database, article: str) -> dict[str, str]:
    """Make the groups anew that an article's statements stand in, which an older version may have made; as above."""
    return regroup_articles(db, [article])


def regroup_articles(db: Database, articles: Iterable[str]) -> dict[str, str]:
    """The same for several articles, as if for one after the other.

    Most names stand for themselves, with no edge, no ruling and no other name beside them: these are left out by one
    question for all.
    """
    named: dict[str, set[str]] = {}
    for article, node in db.conn.execute(_NAMED_IN, [json.dumps(list(articles))]):
        named.setdefault(article, set()).add(node)
    if not named:
        return {}
    ids = json.dumps(sorted(set().union(*named.values())))
    beside = {node for (node,) in db.conn.execute(_NOT_ALONE, {"ids": ids})}
    moved: dict[str, str] = {}
    done: set[str] = set()
    with joined(db):
        for nodes in named.values():
            left = (nodes & beside) - done
            found = regroup_all(db, left) if left else {}
            moved |= found
            done = set() if found else done | left
    return moved


_NAMED_IN = """
SELECT w.value, p.instrument_node FROM json_each(?1) AS w CROSS JOIN policies AS p ON p.article_id = w.value
WHERE p.retired_at IS NULL AND p.instrument_node IS NOT NULL
UNION ALL SELECT w.value, q.person_node FROM json_each(?1) AS w CROSS JOIN quotes AS q ON q.article_id = w.value
WHERE q.retired_at IS NULL AND q.person_node IS NOT NULL
UNION ALL SELECT w.value, q.organization_node FROM json_each(?1) AS w CROSS JOIN quotes AS q ON q.article_id = w.value
WHERE q.retired_at IS NULL AND q.organization_node IS NOT NULL
"""
_NODES = """
SELECT n.id FROM json_each(:ids) AS w CROSS JOIN {nodes} AS n ON n.id = w.value
WHERE n.same_as <> n.id OR n.same_reason IS NOT NULL
  OR EXISTS (SELECT 1 FROM {nodes} AS m WHERE m.same_as = n.id AND m.id <> n.id)
"""
_NOT_ALONE = " UNION ".join([
    *(_NODES.format(nodes=sort.nodes) for sort in SORTS.values()),
    *(
        f"SELECT w.value FROM json_each(:ids) AS w WHERE EXISTS (SELECT 1 FROM {table} AS e WHERE e.{end} = w.value)"  # noqa: S608
        for table in ("identity_edges", "identity_rulings")
        for end in ("a", "b")
    ),
])  # fmt: skip
SPEAKING_FOR = """
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
    reports = [report_of(statement, record) for statement, record in records]
    chosen = [
        assigned.get((statement, "i"), report.node) for (statement, _r), report in zip(records, reports, strict=True)
    ]
    before = _standing(db, "i", [*chosen, *(report.node for report in reports)])
    made: dict[str, dict[str, Any]] = {}
    for report, (_statement, record) in zip(reports, records, strict=True):
        if report.node not in before and report.node not in made:
            made[report.node] = instrument_of(report, record)
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
        reason = BY_HAND if (statement, "i") in assigned else standing[node][1] or instrument_reason(record)
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


def beside_edges(db: Database, article: str) -> list[Edge]:
    """Edges to what other articles cite beside the numbered instruments that this one reports."""
    reporting = list(rows(db, _REPORTING, [article]))
    return _edges_beside(
        db, article, [report_of(one["id"], {**one, "issuers": json.loads(one["issuers"])}) for one in reporting]
    )


_REPORTING = """
SELECT id, title, number, issuers, issued_on, instrument, status FROM policies
WHERE article_id = ? AND retired_at IS NULL
"""


def _edges_beside(db: Database, article: str, reports: Sequence[Report]) -> list[Edge]:
    """Edges to what other articles cite beside the same numbered instrument."""
    made = []
    for report, found in cited_beside(db, article, reports):
        record = {**found, "issuers": json.loads(found["issuers"])}
        other = report_of("", record)._replace(node=found["instrument_node"])
        made.append(beside_the_same(report, other))
    return [edge for edge in made if edge is not None]


_ADD_INSTRUMENT = """
INSERT OR IGNORE INTO instrument_registry
  (id, same_as, number_key, lead_issuer, issued_on, name_key, instrument, number, title, issuers)
VALUES (:id, :id, :number_key, :lead_issuer, :issued_on, :name_key, :instrument, :number, :title, :issuers)
"""


# -- persons and organizations ----------------------------------------------------------------------------------------


def link_quotes(db: Database, *, article: str, text: str, records: Sequence[Linked]) -> list[Link]:
    """The person and the organization behind each quote of an article, found or made."""
    if not records:
        if gone := drop_edges_of(db, article, ()):
            regroup_all(db, gone)
        return []
    names = names_in(article, text, records, lambda: _source_and_kind(db, article))
    fresh = _make_nodes(db, names.organizations, names.persons)
    touched = add_edges(db, names.within, article=article)
    touched |= drop_edges_of(db, article, names.within)
    if fresh:
        touched |= add_edges(db, edges_among_namesakes(db, fresh))
    if touched:
        regroup_all(db, touched)
    return _links(db, names.named)


def _source_and_kind(db: Database, article: str) -> tuple[str, str] | None:
    found = row(db, "SELECT source, kind FROM articles WHERE id = ?", [article])
    return (found["source"], found["kind"]) if found else None


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
    # a name that nobody bore any more (`db/misread.py`) has none
    spelled_out = {found["id"] for found in rows(db, _SPELLED_OUT, [json.dumps(sorted(persons))])}
    new = [one for found, one in persons.items() if found not in spelled_out]
    db.conn.executemany(
        "INSERT OR IGNORE INTO persons (id, key, name, organization_id, same_as) "
        "VALUES (:id, :key, :name, :organization_id, :id)",
        new,
    )
    db.conn.executemany("INSERT OR IGNORE INTO person_spellings (spelling, person_id) VALUES (?, ?)", spelled(new))
    db.conn.executemany(CALL_ORGANIZATION, [one for one in organizations.values() if one["by_quote"]])
    db.conn.executemany(CALL_PERSON, [one for one in persons.values() if one["by_quote"]])
    return {one["id"] for one in new if one["organization_id"]}


_SPELLED_OUT = """
SELECT DISTINCT person_id AS id FROM person_spellings WHERE person_id IN (SELECT value FROM json_each(?))
"""


def _links(db: Database, named: Sequence[Named]) -> list[Link]:
    assigned = _assigned(db, [one.statement for one in named])
    people = {assigned.get((one.statement, "n"), one.person) for one in named}
    bodies = {assigned.get((one.statement, "o"), one.organization) for one in named}
    return links_of(named, assigned, _standing(db, "n", filter(None, people)), _standing(db, "o", filter(None, bodies)))


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

"""What is one and the same: instruments (`i…`), persons (`n…`) and organizations (`o…`), each a group of names.

A *node* is what statements name by one key: a number, a title of one issuer's day, a name within an organization. It is
made of the statement alone, so it is the same in whatever order articles are stored. *Edges* say which nodes look like
one thing, how strongly and why. *Rulings* are what people have decided (`db/links/overrides.py`). Groups are made of
both, from the strongest edge down, and never across a conflict; a node that two things claim alike goes with neither.
One node stands for its group: `same_as` of every node names it, and statements carry its id: an old id finds it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from db.connection import rows, value

_NEARLY = 0.05
"""Of two that claim a name, neither has it where the other's claim is as strong or weaker by so little."""
MOST_NODES = 400
"""A group of more names than this is no group that we could stand by: it is left as it is."""


@dataclass(frozen=True, slots=True)
class Sort:
    """Where the nodes of one sort live, and the statements that carry their ids."""

    letter: str
    name: str
    nodes: str
    statements: str
    id_column: str
    node_column: str
    reason_column: str


SORTS: Mapping[str, Sort] = MappingProxyType(
    {
        "i": Sort(
            "i", "instrument", "instrument_registry", "policies", "instrument_id", "instrument_node",
            "instrument_reason",
        ),
        "n": Sort("n", "person", "persons", "quotes", "person_id", "person_node", "person_reason"),
        "o": Sort(
            "o", "organization", "organizations", "quotes", "organization_id", "organization_node",
            "organization_reason",
        ),
    }
)  # fmt: skip


def sort_of(identity: str) -> Sort:
    """The sort that an id names; LookupError if it is none of an instrument, person or organization."""
    try:
        return SORTS[identity[:1]]
    except KeyError:
        raise LookupError(f"{identity!r} is the id of no instrument, person or organization") from None


@dataclass(frozen=True, slots=True)
class Edge:
    """Two nodes that look like one thing."""

    a: str
    b: str
    strength: float
    reason: str


Conflict = Callable[[str, str], bool]
"""Whether two nodes cannot be one thing whatever speaks for it: two numbers, two days, two Chinese names."""


def resolve(db: Database, identity: str) -> str | None:
    """The id that stands for an instrument, person or organization now; None where there never was one of that id."""
    sort = SORTS.get(identity[:1])
    if sort is None:
        return None
    found = value(db, f"SELECT same_as FROM {sort.nodes} WHERE id = ?", [identity])  # noqa: S608
    return str(found) if found else None


def nodes_of(db: Database, identity: str) -> list[str]:
    """All nodes of the group that an id stands in, the one that stands for it first."""
    sort = sort_of(identity)
    sql = f"SELECT id FROM {sort.nodes} WHERE same_as = ? ORDER BY id <> same_as, id LIMIT ?"  # noqa: S608
    return [found["id"] for found in rows(db, sql, [resolve(db, identity), MOST_NODES])]


def add_edges(db: Database, edges: Iterable[Edge], *, article: str | None = None) -> set[str]:
    """Note edges; gives the nodes of those that are new or say more: are stronger, or as strong for the least reason.

    What stands in the end is then the same in whatever order they come.
    """
    touched: set[str] = set()
    for edge in edges:
        a, b = sorted((edge.a, edge.b))
        before = db.conn.total_changes
        db.conn.execute(_ADD_EDGE, [a, b, article or "", edge.strength, edge.reason])
        if db.conn.total_changes > before:
            touched |= {a, b}
    return touched


def drop_edges_of(db: Database, article: str, keep: Iterable[Edge]) -> set[str]:
    """Take back what an article no longer says of two nodes; gives the nodes."""
    kept = {tuple(sorted((edge.a, edge.b))) for edge in keep}
    gone = [
        (found["a"], found["b"])
        for found in rows(db, "SELECT a, b FROM identity_edges WHERE article_id = ?", [article])
        if (found["a"], found["b"]) not in kept
    ]
    for a, b in gone:
        db.conn.execute("DELETE FROM identity_edges WHERE a = ? AND b = ? AND article_id = ?", [a, b, article])
    return {node for pair in gone for node in pair}


_ADD_EDGE = """
INSERT INTO identity_edges (a, b, article_id, strength, reason) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (a, b, article_id) DO UPDATE SET strength = excluded.strength, reason = excluded.reason
WHERE excluded.strength > strength OR (excluded.strength = strength AND excluded.reason < reason)
"""


def regroup(db: Database, seeds: Iterable[str], conflicts: Callable[[Sequence[str]], Conflict]) -> dict[str, str]:
    """Make the groups anew that hold `seeds`, all of one sort; gives the nodes that have moved, with where they stand.

    `conflicts` is given the nodes in question and gives their conflicts.
    """
    seeds = sorted(set(seeds))
    if not seeds:
        return {}
    sort = sort_of(seeds[0])
    nodes, edges, rulings = _neighbourhood(db, sort, seeds)
    if len(nodes) > MOST_NODES:
        return {}
    groups = _groups(sorted(nodes), edges, rulings, conflicts(sorted(nodes)))
    moved: dict[str, str] = {}
    for members, why in groups:
        first = _first_of(db, sort, members, rulings)
        for node in members:
            before, known_why = nodes[node]
            reason = why.get(node) if len(members) > 1 else None
            if before != first:
                moved[node] = first
            if (before, known_why) != (first, reason):
                _move(db, sort, node, before, first, reason)
                db.conn.execute(
                    _with("UPDATE :nodes SET same_as = ?, same_reason = ? WHERE id = ?", sort), [first, reason, node]
                )
    return moved


def _neighbourhood(
    db: Database, sort: Sort, seeds: Sequence[str]
) -> tuple[dict[str, tuple[str, str | None]], list[Edge], list[dict[str, Any]]]:
    """Every node that edges, rulings or groups lead to from `seeds`, where it stands and why; edges and rulings."""
    nodes: dict[str, tuple[str, str | None]] = {}
    edges: dict[tuple[str, str], Edge] = {}
    rulings: dict[int, dict[str, Any]] = {}
    asked: set[str] = set()
    waiting = set(seeds)
    while waiting and len(nodes) <= MOST_NODES:
        asked |= waiting
        some = {"ids": json.dumps(sorted(waiting)), "most": MOST_NODES + 1}
        known = {found["id"]: (found["same_as"], found["same_reason"]) for found in rows(db, _with(_NODES, sort), some)}
        nodes.update(known)
        reached = set(known)
        for found in rows(db, _EDGES, some):
            pair = (found["a"], found["b"])
            edge = Edge(found["a"], found["b"], found["strength"], found["reason"])
            if pair not in edges or _says_more(edge, edges[pair]):
                edges[pair] = edge
            reached |= set(pair)
        for found in rows(db, _RULINGS, some):
            rulings[found["id"]] = found
            reached |= {found["a"], found["b"]}
        # those of the same group, too: what leads to them is as good a reason as what leads to a seed
        waiting = {node for node in reached if node not in asked and node[:1] == sort.letter}
    strongest = sorted(edges.values(), key=lambda edge: (-edge.strength, edge.a, edge.b))
    return nodes, strongest, [rulings[at] for at in sorted(rulings)]


def _says_more(edge: Edge, than: Edge) -> bool:
    return (-edge.strength, edge.reason) < (-than.strength, than.reason)


def _with(sql: str, sort: Sort) -> str:
    return sql.replace(":nodes", sort.nodes)


_NODES = """
SELECT id, same_as, same_reason FROM :nodes WHERE id IN (SELECT value FROM json_each(:ids))
UNION SELECT m.id, m.same_as, m.same_reason FROM :nodes AS n JOIN :nodes AS m ON m.same_as = n.same_as
WHERE n.id IN (SELECT value FROM json_each(:ids)) LIMIT :most
"""
_EDGES = """
SELECT a, b, strength, reason FROM identity_edges WHERE a IN (SELECT value FROM json_each(:ids))
UNION SELECT a, b, strength, reason FROM identity_edges WHERE b IN (SELECT value FROM json_each(:ids)) LIMIT 4 * :most
"""
_RULINGS = """
SELECT id, ruling, a, b, event_id, reason FROM identity_rulings WHERE a IN (SELECT value FROM json_each(:ids))
UNION SELECT id, ruling, a, b, event_id, reason FROM identity_rulings WHERE b IN (SELECT value FROM json_each(:ids))
LIMIT 4 * :most
"""


# -- groups -----------------------------------------------------------------------------------------------------------


def _groups(
    nodes: Sequence[str], edges: Sequence[Edge], rulings: Sequence[Mapping[str, Any]], conflict: Conflict
) -> list[tuple[list[str], dict[str, str]]]:
    """Which nodes go together, and why each does; what people ruled comes before every edge."""
    group = {node: {node} for node in nodes}
    why: dict[str, str] = {}
    apart = {frozenset((r["a"], r["b"])): r["id"] for r in rulings if r["ruling"] == "apart"}
    alike = {frozenset((edge.a, edge.b)) for edge in edges}

    def join(a: str, b: str, reason: str) -> None:
        why.setdefault(a, reason)
        why.setdefault(b, reason)
        merged = group[a] | group[b]
        for node in merged:
            group[node] = merged

    for ruling in rulings:
        if ruling["ruling"] != "same" or ruling["a"] not in group or ruling["b"] not in group:
            continue
        if apart.get(frozenset((ruling["a"], ruling["b"])), 0) < ruling["id"]:  # the later word counts
            join(ruling["a"], ruling["b"], ruling["reason"])
    doubted = _claimed_twice(edges, conflict)
    for edge in edges:
        if edge.a not in group or edge.b not in group or group[edge.a] is group[edge.b] or edge in doubted:
            continue
        pairs = [frozenset((x, y)) for x in group[edge.a] for y in group[edge.b]]
        if any(pair in apart or (pair not in alike and conflict(*pair)) for pair in pairs):
            continue
        join(edge.a, edge.b, edge.reason)
    made = {id(members): members for members in group.values()}
    return [(sorted(members), why) for members in made.values()]


def _claimed_twice(edges: Sequence[Edge], conflict: Conflict) -> set[Edge]:
    """Edges of a node that look as strong as another of it, to a node that conflicts with theirs."""
    at: dict[str, list[tuple[str, Edge]]] = defaultdict(list)
    for edge in edges:
        at[edge.a].append((edge.b, edge))
        at[edge.b].append((edge.a, edge))
    doubted: set[Edge] = set()
    for others in at.values():
        for other, edge in others:
            nearly = edge.strength - _NEARLY
            if any(rival.strength >= nearly and conflict(other, one) for one, rival in others if one != other):
                doubted.add(edge)
    return doubted


def _first_of(db: Database, sort: Sort, members: Sequence[str], rulings: Sequence[Mapping[str, Any]]) -> str:
    """The node that stands for a group: what a person kept, else the one that says most, else the least id."""
    if len(members) == 1:
        return members[0]
    kept = [r["a"] for r in rulings if r["ruling"] == "same" and r["a"] in members and r["b"] in members]
    if kept:
        return str(kept[-1])
    ids = json.dumps(list(members))
    order = _SAYS_MOST[sort.letter]
    sql = f"SELECT id FROM {sort.nodes} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY {order}, id LIMIT 1"  # noqa: S608
    return str(value(db, sql, [ids]))


_SAYS_MOST: Mapping[str, str] = MappingProxyType(
    {
        # what its own reports say: the columns of the one that stands for a group are those of the whole group
        "i": "number_key IS NULL, (SELECT max(lead) FROM instrument_reports WHERE node = id) > '' IS NOT TRUE, "
        "(SELECT max(length(issued_on)) FROM instrument_reports WHERE node = id) DESC",
        # a Latin name sorts before a Chinese one, which is what an index of people wants
        "n": "organization_id IS NULL, key",
        "o": "key",
    }
)


BY_HAND = "a person put it there"
"""The reason of a statement that does not stand where its own words would put it."""


def _move(db: Database, sort: Sort, node: str, before: str, after: str, why: str | None) -> None:
    """Let the statements of a node say what it now stands for, and why: as they would if they were stored now."""
    db.conn.execute(
        f"UPDATE {sort.statements} SET {sort.id_column} = :after, {sort.reason_column} = "  # noqa: S608
        f"CASE {sort.reason_column} WHEN :by_hand THEN :by_hand ELSE coalesce(:why, {_USUAL[sort.letter]}) END "
        f"WHERE {sort.id_column} = :before AND {sort.node_column} = :node",
        {"after": after, "before": before, "node": node, "why": why, "by_hand": BY_HAND},
    )


_USUAL: Mapping[str, str] = MappingProxyType(
    {
        "i": "iif(number IS NULL, 'same issuer, date and title', 'same number: ' || number)",
        "n": "iif((SELECT organization_id FROM persons WHERE id = :node) IS NULL, 'name within this article', "
        "'same name and organization')",
        "o": "'name without form of company'",
    }
)
"""Why a statement is linked where its node stands alone, as `db/linking.py` says it."""

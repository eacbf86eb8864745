"""What people rule about instruments, persons and organizations: merge, split, move a statement, undo.

Events are appended and never changed. What stands of them is kept beside them as rulings, which every later store and
reprocess obeys; undoing an event takes its rulings away, and the machine's own groups come back.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from db.connection import insert, row, rows, transaction, value
from db.linking import regroup_all
from db.links.identities import MOST_NODES, Sort, nodes_of, resolve, sort_of
from db.names import linked_id, utc
from db.statements import relink

MOST_STATEMENTS = 5000
"""In one split or move."""


class OverrideError(ValueError):
    """A merge, split, move or undo that cannot be; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """An event that was taken down, and the id that came of it."""

    event: int
    identity: str
    """What is there now: the one that was kept, the new one of a split, where a statement was moved to."""


def merge(db: Database, keep: str, other: str, *, by: str, reason: str | None = None, now: datetime) -> Override:
    """Rule that two are one; `keep` stands for both from now on. LookupError for an unknown id."""
    _check_name(by)
    with transaction(db):
        sort = sort_of(keep)
        if sort_of(other) is not sort:
            raise OverrideError(f"{other} is no {sort.name}: only two of one sort can be merged")
        first, second = _known(db, keep), _known(db, other)
        if first == second:
            raise OverrideError(f"{keep} and {other} are one {sort.name} already")
        event = _add_event(db, "merge", sort, first, second, [], by, reason, now)
        _rule(db, event, "same", first, second, _said("merged by", by, reason))
        regroup_all(db, [first, second])
        return Override(event=event, identity=_known(db, first))


def split(
    db: Database, identity: str, statements: Sequence[str], *, by: str, reason: str | None = None, now: datetime
) -> Override:
    """Rule that some statements are about another than the rest; gives the id of that other.

    Where the statements are all that one name stands for, the name itself is taken out, so that what is stored under it
    later follows; the rest is moved one by one. LookupError for an unknown id; `statements` may not be all there are.
    """
    _check_name(by)
    with transaction(db):
        sort = sort_of(identity)
        first = _known(db, identity)
        chosen = _checked(db, sort, first, statements)
        whole, single = _by_node(db, sort, first, chosen)
        rest = [node for node in nodes_of(db, first) if node not in whole]
        if not rest or not _has_statements_beside(db, sort, first, chosen):
            raise OverrideError(f"statements: these are all that {first} has; leave at least one")
        apart = list(whole)
        why = _said("split by", by, reason)
        if single:
            apart.append(_make_node(db, sort, single[0]))
        event = _add_event(db, "split", sort, first, apart[0], sorted(chosen), by, reason, now)
        for statement in single:
            _rule(db, event, "assigned", statement, apart[-1], why)
        for node in apart:
            for left in rest:
                _rule(db, event, "apart", node, left, why)
        for node in apart[1:]:
            _rule(db, event, "same", apart[0], node, why)
        regroup_all(db, [*apart, *rest])
        relink(db, single)
        regroup_all(db, [*apart, *rest])
        return Override(event=event, identity=_known(db, apart[0]))


def move(
    db: Database, statements: Sequence[str], to: str | None, *, by: str, reason: str | None = None, now: datetime,
    sort: str = "i",
) -> Override:  # fmt: skip
    """Put statements to the instrument (person, organization) `to`, or to a new one; `sort` is the letter of a new one.

    LookupError for an unknown id.
    """
    _check_name(by)
    with transaction(db):
        kind = sort_of(to or sort)
        target = _known(db, to) if to else None
        chosen = _checked(db, kind, None, statements)
        before = [_standing(db, kind, statement) for statement in chosen]
        node = target or _make_node(db, kind, chosen[0])
        event = _add_event(db, "move", kind, node, before[0], sorted(chosen), by, reason, now)
        for statement in chosen:
            _rule(db, event, "assigned", statement, node, _said("moved by", by, reason))
        relink(db, chosen)
        regroup_all(db, {node, *(found for found in before if found)})
        return Override(event=event, identity=_known(db, node))


def undo(db: Database, event: int, *, by: str, reason: str | None = None, now: datetime) -> Override:
    """Take back a merge, split or move. LookupError for an unknown event."""
    _check_name(by)
    with transaction(db):
        found = row(db, "SELECT * FROM identity_events WHERE id = ?", [event])
        if found is None:
            raise LookupError(f"no event {event}")
        if found["event"] == "undo":
            raise OverrideError(f"event {event} is itself an undoing: make the merge or split anew instead")
        if value(db, "SELECT 1 FROM identity_events WHERE undoes = ?", [event]):
            raise OverrideError(f"event {event} was taken back already")
        touched = {
            node
            for ruling in rows(db, "SELECT ruling, a, b FROM identity_rulings WHERE event_id = ?", [event])
            for node in ((ruling["b"],) if ruling["ruling"] == "assigned" else (ruling["a"], ruling["b"]))
        }
        sort = next(one for one in map(sort_of, "ino") if one.name == found["sort"])
        undone = _add_event(db, "undo", sort, found["identity"], found["other"], [], by, reason, now, undoes=event)
        db.conn.execute("DELETE FROM identity_rulings WHERE event_id = ?", [event])
        statements = json.loads(found["statements"])
        relink(db, statements)
        regroup_all(db, touched | {node for one in statements if (node := _standing(db, sort, one))})
        return Override(event=undone, identity=_known(db, found["identity"]))


def history(db: Database, identity: str) -> list[dict[str, Any]]:
    """Every event about an instrument, person or organization or any id that stands in it now, oldest first.

    Rows of `identity_events` with `statements` as a list and `undone_by`, the id of the event that took it back.
    """
    wanted = {"ids": json.dumps(nodes_of(db, identity) or [identity]), "most": MOST_NODES}
    return [{**found, "statements": json.loads(found["statements"])} for found in rows(db, _HISTORY, wanted)]


_HISTORY = """
SELECT e.*, u.id AS undone_by FROM identity_events AS e LEFT JOIN identity_events AS u ON u.undoes = e.id
WHERE e.id IN (
  SELECT id FROM identity_events WHERE identity IN (SELECT value FROM json_each(:ids))
  UNION SELECT id FROM identity_events WHERE other IN (SELECT value FROM json_each(:ids)) LIMIT :most)
ORDER BY e.id
"""


# -- events and rulings -----------------------------------------------------------------------------------------------


def _check_name(by: str) -> None:
    if not by.strip():
        raise OverrideError("by: whoever merges or splits needs a name")


def _known(db: Database, identity: str) -> str:
    sort = sort_of(identity)
    found = resolve(db, identity)
    if found is None:
        raise LookupError(f"no {sort.name} {identity!r}")
    return found


def _add_event(
    db: Database,
    event: str,
    sort: Sort,
    identity: str,
    other: str | None,
    statements: Sequence[str],
    by: str,
    reason: str | None,
    now: datetime,
    undoes: int | None = None,
) -> int:
    return insert(
        db,
        "identity_events",
        {
            "event": event, "sort": sort.name, "by": by.strip(), "at": utc(now),
            "reason": (reason or "").strip() or None,
            "identity": identity, "other": other, "statements": json.dumps(list(statements)), "undoes": undoes,
        },
    )  # fmt: skip


def _rule(db: Database, event: int, ruling: str, a: str, b: str, reason: str) -> None:
    insert(db, "identity_rulings", {"event_id": event, "ruling": ruling, "a": a, "b": b, "reason": reason})


def _said(done: str, by: str, reason: str | None) -> str:
    return f"{done} {by.strip()}" + (f": {reason.strip()}" if reason and reason.strip() else "")


def _checked(db: Database, sort: Sort, identity: str | None, statements: Sequence[str]) -> list[str]:
    """The statements, each once; raises for one that is not there, or is not about `identity`."""
    chosen = list(dict.fromkeys(statements))
    if not chosen:
        raise OverrideError("statements: choose at least one")
    if len(chosen) > MOST_STATEMENTS:
        raise OverrideError(f"statements: at most {MOST_STATEMENTS:,} at once, not {len(chosen):,}")
    held = {
        found["id"]: found["standing"]
        for found in rows(
            db,
            f"SELECT id, {sort.id_column} AS standing FROM {sort.statements} "  # noqa: S608
            "WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(chosen)],
        )
    }
    for statement in chosen:
        if statement not in held:
            raise LookupError(f"no statement {statement!r} that names a {sort.name}")
        if identity is not None and held[statement] != identity:
            raise OverrideError(f"statements: {statement} is not about {identity}")
    return chosen


def _standing(db: Database, sort: Sort, statement: str) -> str | None:
    found = value(db, f"SELECT {sort.id_column} FROM {sort.statements} WHERE id = ?", [statement])  # noqa: S608
    return str(found) if found else None


def _by_node(db: Database, sort: Sort, identity: str, chosen: Sequence[str]) -> tuple[list[str], list[str]]:
    """The nodes all of whose statements are chosen, and the chosen statements of other nodes."""
    by_node: dict[str, list[str]] = defaultdict(list)
    sql = f"SELECT id, {sort.node_column} AS node FROM {sort.statements} WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608
    for found in rows(db, sql, [json.dumps(list(chosen))]):
        by_node[found["node"]].append(found["id"])
    count = (
        f"SELECT count(*) FROM (SELECT 1 FROM {sort.statements} WHERE {sort.id_column} = ? "  # noqa: S608
        f"AND {sort.node_column} = ? AND retired_at IS NULL LIMIT ?)"
    )
    whole: list[str] = []
    single: list[str] = []
    for node, statements in sorted(by_node.items()):
        if node != identity and value(db, count, [identity, node, len(statements) + 1]) <= len(statements):
            whole.append(node)
        else:
            single.extend(statements)
    return whole, single


def _has_statements_beside(db: Database, sort: Sort, identity: str, chosen: Sequence[str]) -> bool:
    sql = (
        f"SELECT count(*) FROM (SELECT 1 FROM {sort.statements} "  # noqa: S608
        f"WHERE {sort.id_column} = ? AND retired_at IS NULL LIMIT ?)"
    )
    return int(value(db, sql, [identity, len(chosen) + 1])) > len(chosen)


def _make_node(db: Database, sort: Sort, statement: str) -> str:
    """A node of its own for statements that a person has put apart, named as the statement's own is."""
    stored: Mapping[str, Any] | None = row(
        db,
        f"SELECT n.* FROM {sort.statements} AS s JOIN {sort.nodes} AS n ON n.id = s.{sort.node_column} "  # noqa: S608
        "WHERE s.id = ?",
        [statement],
    )
    if stored is None:
        raise OverrideError(f"{statement} names no {sort.name}")
    event = 1 + (value(db, "SELECT max(id) FROM identity_events") or 0)
    made = linked_id(sort.letter, f"ruled|{event}")  # type: ignore[arg-type]
    columns = {name: held for name, held in stored.items() if name not in ("seq", "same_reason")}
    columns.update(id=made, same_as=made)
    if sort.letter == "i":
        columns["number_key"] = None
    else:
        columns["key"] = f"{stored['key'].partition('|')[0]}|ruled {event}"
    insert(db, sort.nodes, columns)
    return made

"""What articles say that instruments do to each other, kept in step with their newest extraction.

A relation hangs on the nodes of the statements behind it, so that it follows them when instruments are linked anew,
merged or split. What a revision no longer says is retired, never deleted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from db.connection import rows, value
from db.links.instrument_names import name_key, number_key
from db.names import linked_id
from pipeline.model import InstrumentRelation

Key = tuple[str, str, str]


def keep_relations(
    db: Database, *, article: str, statements: Sequence[str], relations: Sequence[InstrumentRelation], now: str
) -> None:
    """Bring the relations of an article to what was extracted from it.

    `statements` are the ids of its announcements in the order of the extraction.
    """
    stored = {(one["from_node"], one["to_node"], one["relation"]): one for one in rows(db, _OF_ARTICLE, [article])}
    if not relations and not stored:
        return
    nodes = {one["id"]: one["instrument_node"] for one in rows(db, _NODES, [json.dumps(list(statements))])}
    wanted: dict[Key, InstrumentRelation] = {}
    for relation in relations:
        first = nodes.get(statements[relation.subject])
        other = _other(db, relation, nodes, statements)
        if first and other and first != other:
            wanted.setdefault((first, other, relation.relation), relation)
    for key, relation in wanted.items():
        columns = columns_of_relation(relation)
        old = stored.get(key)
        if old is None or old["retired_at"] or any(old[name] != held for name, held in columns.items()):
            db.conn.execute(_KEEP, {"article": article, **dict(zip(_KEY, key, strict=True)), **columns, "now": now})
    for key, old in stored.items():
        if key not in wanted and old["retired_at"] is None:
            db.conn.execute("UPDATE relations SET retired_at = ? WHERE id = ?", [now, old["id"]])


_KEY = ("from_node", "to_node", "relation")
_OF_ARTICLE = "SELECT * FROM relations WHERE article_id = ?"
_NODES = "SELECT id, instrument_node FROM policies WHERE id IN (SELECT value FROM json_each(?))"
_KEEP = """
INSERT INTO relations (article_id, from_node, to_node, relation, on_date, start, "end", text, first_seen_at)
VALUES (:article, :from_node, :to_node, :relation, :on_date, :start, :end, :text, :now)
ON CONFLICT (article_id, from_node, to_node, relation) DO UPDATE SET
  on_date = excluded.on_date, start = excluded.start, "end" = excluded."end", text = excluded.text, retired_at = NULL
"""


def follow_node(db: Database, article: str, before: str | None, after: str) -> None:
    """Let the relations of an article go with an announcement that a person has put elsewhere."""
    for column in ("from_node", "to_node"):
        db.conn.execute(
            f"UPDATE OR IGNORE relations SET {column} = ? WHERE article_id = ? AND {column} = ?",  # noqa: S608
            [after, article, before],
        )


def columns_of_relation(relation: InstrumentRelation) -> dict[str, Any]:
    """What a relation says beside what it is between."""
    where = relation.evidence
    return {"on_date": relation.on_date, "start": where.start, "end": where.end, "text": where.text}


def _other(
    db: Database, relation: InstrumentRelation, nodes: Mapping[str, str], statements: Sequence[str]
) -> str | None:
    """The node that is acted on; one that only its number names is made, and found when an article reports it."""
    if relation.object is not None:
        return nodes.get(statements[relation.object])
    named = named_by_number(relation)
    if named is None:
        return None
    if value(db, "SELECT 1 FROM instrument_registry WHERE id = ?", [named["id"]]) is None:
        db.conn.execute(_ADD_NAMED, named)
    return str(named["id"])


def named_by_number(relation: InstrumentRelation) -> dict[str, Any] | None:
    """The instrument that a relation names by its number; None where that does not tell which."""
    lead = relation.issuers[0] if relation.issuers else ""
    key = number_key(relation.number, lead)
    if relation.object is not None or key is None or not lead:
        return None
    return {
        "id": linked_id("i", key),
        "number_key": key,
        "lead_issuer": lead,
        "name_key": name_key(relation.number or ""),
        "instrument": "order" if "|order|" in key else "announcement",
        "number": relation.number,
        "title": relation.number,
        "issuers": json.dumps(list(relation.issuers), ensure_ascii=False),
    }


_ADD_NAMED = """
INSERT INTO instrument_registry (id, same_as, number_key, lead_issuer, name_key, instrument, number, title, issuers)
VALUES (:id, :id, :number_key, :lead_issuer, :name_key, :instrument, :number, :title, :issuers)
"""

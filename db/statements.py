"""The statements of one article, kept in step with its newest extraction: same evidence, same id.

A row of `quotes` or `policies` holds the record that counts: the machine's, with what people have decided laid over
it. Where the two differ the machine's own record stands beside it, in `machine`. A statement that the extractor no
longer finds is retired, never deleted; one that a person has confirmed stays while its evidence stands in the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from db.connection import insert, rows, storable, update, value
from db.deciding.verdicts import Kind, Record, Verdict, queue_place, verdicts_of
from db.finding.fulltext import index_new, index_row
from db.keeping.pairing import paired
from db.keeping.records import (
    FIELDS,
    TABLES,
    columns_of,
    content_of,
    evidence_of,
    kind_of,
    machine_record_of,
    record_of,
)
from db.keeping.standing import locate, standing_columns
from db.linking import Link, link_policies, link_quotes, unlink_policies
from db.links.relations import follow_node, keep_relations
from db.names import statement_id
from pipeline.model import Statements


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of an article's statements: ids, each in text order."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    """Those that were extracted, in the order of the extraction; of both kinds together: the announcements."""


def keep_statements(
    db: Database,
    *,
    article: str,
    revision_id: int,
    text: str,
    statements: Statements,
    now: str,
    sort_at: str,
    moved: Callable[[int], int] | None,
) -> Kept:
    """Bring the statements of `article` to what was extracted from its newest `text`.

    `moved` takes an offset of the revision before to this text; None where the text is the same.
    """
    quotes = [storable(quote.as_record()) for quote in statements.quotes]
    policies = [storable(policy.as_record()) for policy in statements.policies]
    both: tuple[tuple[Kind, list[Record], list[float | None]], ...] = (
        ("quote", quotes, [quote.confidence for quote in statements.quotes]),
        ("policy", policies, [policy.confidence for policy in statements.policies]),
    )
    kept = [
        _keep_kind(db, kind, records, sure, article, revision_id, text, statements.version, now, sort_at, moved)
        for kind, records, sure in both
    ]
    keep_relations(db, article=article, statements=kept[1].held, relations=statements.relations, now=now)
    return Kept(
        new=kept[0].new + kept[1].new,
        changed=kept[0].changed + kept[1].changed,
        retired=kept[0].retired + kept[1].retired,
        held=kept[1].held,
    )


def _keep_kind(
    db: Database,
    kind: Any,
    records: Sequence[Record],
    confidences: Sequence[float | None],
    article: str,
    revision_id: int,
    text: str,
    version: str,
    now: str,
    sort_at: str,
    moved: Callable[[int], int] | None,
) -> Kept:
    stored = list(rows(db, _OF_ARTICLE[kind], [article]))
    source = value(db, "SELECT source FROM articles WHERE id = ?", [article])
    verdicts = verdicts_of(db, [old["id"] for old in stored if old["review_state"] != "open"])
    pairs = paired(kind, stored, records, moved)
    new: list[str] = []
    changed: list[str] = []
    retired: list[str] = []
    found = _New(db=db, kind=kind, article=article, taken={old["id"] for old in stored})
    placed: list[tuple[Mapping[str, Any] | None, Record]] = []
    for position, record in enumerate(records):
        common = {
            "revision_id": revision_id,
            "position": position,
            "sort_at": sort_at,
            "confidence": confidences[position],
            "extractor_version": version,
        }
        old = pairs.get(position)
        if old is None:
            row = _new_row(kind, record, {**common, "source": source, "first_seen_at": now}, found)
        else:
            row = _renewed_row(kind, old, record, common, verdicts.get(old["id"], Verdict()), text)
        placed.append((old, row))
    written = db.conn.total_changes
    links = _links(db, kind, article, text, [row for _old, row in placed])
    # groups that were made anew have moved the rows that are there
    moved_to = (
        {} if db.conn.total_changes == written else {one["id"]: one for one in rows(db, _LINKED[kind], [article])}
    )
    for (old, row), link in zip(placed, links, strict=True):
        if old is not None:
            old = {**old, **moved_to.get(old["id"], {})}
        if old is None:
            new.append(row["id"])
            found.rows.append(insert(db, TABLES[kind], {**row, **link}))
        elif _refresh(db, kind, old, {**row, **link}):
            changed.append(old["id"])
    index_new(db, kind, found.rows)
    still = {old["id"] for old in pairs.values()}
    for old in stored:
        if old["id"] in still or old["retired_at"]:
            continue
        if _stays_confirmed(db, kind, old, verdicts.get(old["id"], Verdict()), revision_id, text):
            continue
        retire(db, kind, old, now)
        retired.append(old["id"])
    if kind == "policy":
        named = {link["instrument_node"] for link in links}
        unlink_policies(db, {old["instrument_node"] for old in stored} - named - {None})
    held = tuple(row["id"] for _old, row in placed)
    return Kept(new=tuple(new), changed=tuple(changed), retired=tuple(retired), held=held)


# -- writing ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _New:
    """What the new statements of an article are given, each thing asked for once: ids, since when."""

    db: Database
    kind: Kind
    article: str
    taken: set[str]
    nth: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    revisions: int | None = None
    rows: list[int] = field(default_factory=list)
    """Those that were added."""

    def id(self, evidence: str) -> str:
        """One that no other has; the nth of equal evidence is found at once."""
        while True:
            found = statement_id(self.kind, self.article, evidence, self.nth[evidence])
            self.nth[evidence] += 1
            if found not in self.taken:
                return found

    def said_since(self, evidence: str) -> str | None:
        """When the first revision was seen that says so; None where there is only the one that was just read."""
        if self.revisions is None:
            self.revisions = value(self.db, _REVISIONS, [self.article]) or 0
        return value(self.db, _SAID_SINCE, [self.article, evidence]) if self.revisions > 1 else None


def _new_row(kind: Kind, record: Record, common: Mapping[str, Any], new: _New) -> Record:
    evidence = evidence_of(kind, record)
    row = {"id": new.id(evidence), "article_id": new.article, **columns_of(record), **common}
    # an extractor that has learnt to see it now would have seen it in the first revision that says so
    row["first_seen_at"] = new.said_since(evidence) or common["first_seen_at"]
    row.update(queue_place(kind, record, "open", "same"))
    return row


def _renewed_row(
    kind: Kind, old: Mapping[str, Any], machine: Record, common: Mapping[str, Any], verdict: Verdict, text: str
) -> Record:
    """A stored row with what the machine says now under what people decided."""
    columns = standing_columns(kind, machine, verdict, text)
    if old["review_state"] == "open":
        columns["machine_state"] = "same"
    return {**old, **columns, **common, "retired_at": None, "retired_reason": None}


def _refresh(db: Database, kind: Kind, old: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Write what differs from the stored row; gives whether the record that counts has changed."""
    differing = {name: value for name, value in wanted.items() if old[name] != value}
    if not differing:
        return False
    update(db, TABLES[kind], "id", old["id"], differing)
    before, after = record_of(kind, old), record_of(kind, wanted)
    if content_of(after) != content_of(before) or old["retired_at"] or after.get("evidence") != before.get("evidence"):
        index_row(db, kind, old["seq"])
    return content_of(after) != content_of(before)


def apply_verdict(db: Database, kind: Kind, stored: Mapping[str, Any], verdict: Verdict, text: str) -> None:
    """Lay what people have decided over a stored statement, after a decision or its undoing."""
    machine = machine_record_of(kind, stored)
    columns = standing_columns(kind, machine, verdict, text)
    if stored["machine_state"] == "gone":
        columns["machine_state"] = "gone"
    columns.update(
        queue_place(
            kind,
            {**machine, **verdict.values},
            verdict.state,
            columns["machine_state"],
            settled=verdict.without_machine,
        )
    )
    if stored["retired_at"]:
        columns.update(queue_rank=None, queue_reason=None)
    update(db, TABLES[kind], "id", stored["id"], columns)
    if stored["retired_at"]:
        return
    # most decisions confirm: the same words need no new links
    if any(columns[name] != stored[name] for name in FIELDS[kind]):
        relink(db, [stored["id"]])
    index_row(db, kind, stored["seq"])


def _stays_confirmed(
    db: Database, kind: Kind, old: Mapping[str, Any], verdict: Verdict, revision_id: int, text: str
) -> bool:
    """Keep what a person has confirmed and the text still says, though the machine no longer finds it."""
    if old["review_state"] not in ("accepted", "corrected"):
        return False
    record = record_of(kind, old)
    spans = [record] if kind == "quote" else record["evidence"]
    placed = []
    for span in spans:
        start = locate(text, span["text"], near=span["start"])
        if start is not None:
            placed.append({"start": start, "end": start + len(span["text"]), "text": span["text"]})
    if not placed:
        return False
    where = {"start": placed[0]["start"], "end": placed[0]["end"]} if kind == "quote" else {"evidence": placed}
    columns = {**columns_of(where), "revision_id": revision_id, "machine_state": "gone"}
    columns.update(queue_place(kind, record, old["review_state"], "gone", settled=verdict.without_machine))
    update(db, TABLES[kind], "id", old["id"], columns)
    return True


def retire(db: Database, kind: Kind, old: Mapping[str, Any], now: str) -> None:
    """Let a statement count no longer; its row and its events stay."""
    columns = {"retired_at": now, "retired_reason": "no longer found", "queue_rank": None, "queue_reason": None}
    update(db, TABLES[kind], "id", old["id"], columns)
    index_row(db, kind, old["seq"])


def _links(db: Database, kind: Kind, article: str, text: str, stored: Sequence[Mapping[str, Any]]) -> list[Link]:
    """What each of an article's statements is about, all of one kind at once."""
    records = [(row["id"], record_of(kind, row)) for row in stored]
    if kind == "quote":
        return link_quotes(db, article=article, text=text, records=records)
    return link_policies(db, article=article, records=records)


def relink(db: Database, statements: Sequence[str]) -> None:
    """Link statements anew, after a person has put them elsewhere or taken that back."""
    for statement in statements:
        kind = kind_of(statement)
        for stored in rows(db, _ONE[kind], [statement]):
            (link,) = _links(db, kind, stored["article_id"], stored["revision_text"], [stored])
            update(db, TABLES[kind], "id", statement, link)
            if kind == "policy" and link["instrument_node"] != stored["instrument_node"]:
                follow_node(db, stored["article_id"], stored["instrument_node"], str(link["instrument_node"]))


_ONE: Mapping[str, str] = MappingProxyType(
    {
        "quote": "SELECT q.*, r.text AS revision_text FROM quotes AS q JOIN revisions AS r ON r.id = q.revision_id "
        "WHERE q.id = ?",
        "policy": "SELECT p.*, '' AS revision_text FROM policies AS p WHERE p.id = ?",
    }
)


_OF_ARTICLE: Mapping[str, str] = MappingProxyType(
    {
        "quote": "SELECT * FROM quotes WHERE article_id = ? ORDER BY position",
        "policy": "SELECT * FROM policies WHERE article_id = ? ORDER BY position",
    }
)

_LINKED: Mapping[str, str] = MappingProxyType(
    {
        "quote": "SELECT id, person_id, person_reason, organization_id, organization_reason FROM quotes "
        "WHERE article_id = ?",
        "policy": "SELECT id, instrument_id, instrument_reason FROM policies WHERE article_id = ?",
    }
)

_REVISIONS = "SELECT count(*) FROM revisions WHERE article_id = ?"
_SAID_SINCE = "SELECT min(seen_at) FROM revisions WHERE article_id = ? AND instr(text, ?) > 0"

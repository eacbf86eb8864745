"""The review queue: what waits for a decision, most valuable first, by filters, and who is looking at what.

Order: what the machine reads differently since it was reviewed, news announcements, executives, officials, the rest;
within each the least sure first. Every question goes through an index and is bounded: sources have their own, goods and
watch rules begin with at most `MOST_CANDIDATES` of the newest statements that they name.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from db.connection import row, rows, transaction, value
from db.deciding.verdicts import REASONS, Kind
from db.finding.fulltext import separate
from db.names import utc

QUEUE_CAP = 10_000
"""Where counting stops: a reader needs no more than "10,000+"."""

MOST_CANDIDATES = 1_000
"""How many of the newest statements of a sector or a watch rule are looked at."""

LEASE = timedelta(minutes=5)
"""For how long an item is kept from other reviewers once somebody has been shown it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What of the queue is wanted; None wants all."""

    kind: Kind | None = None
    source: str | None = None
    sector: str | None = None
    """Words of a sector: announcements on it, and quotes in articles that report one."""
    rule: str | None = None
    """A watch rule's name: what it has matched."""
    article_id: str | None = None
    rank: int | None = None
    """One class of the queue: a key of `db.deciding.verdicts.REASONS`."""
    sure: float | None = None
    """Confidence from which on a statement is taken."""


def queue(
    db: Database,
    wanted: Filter = Filter(),
    *,
    limit: int = 20,
    skip: frozenset[str] | set[str] = frozenset(),
) -> list[dict[str, Any]]:
    """The first rows that wait, most valuable first, without the ids in `skip`; columns as in `review_queue`."""
    enough = limit + len(skip)
    merged = heapq.merge(*(_waiting(db, kind, wanted, enough) for kind in _kinds(wanted)), key=_order)
    return [found for found in merged if found["id"] not in skip][:limit]


def queue_length(db: Database, wanted: Filter = Filter(), *, cap: int = QUEUE_CAP) -> int:
    """How many statements wait; `cap` + 1 stands for "more than `cap`"."""
    length = 0
    for kind in _kinds(wanted):
        for sql, parameters in _questions(db, kind, wanted, "1"):
            counted = f"SELECT count(*) FROM ({sql} LIMIT :cap)"  # noqa: S608
            length += int(value(db, counted, {**parameters, "cap": cap + 1}))
            if length > cap:
                return cap + 1
    return length


def rules_that_matched(db: Database, *, limit: int = 50) -> list[str]:
    """The names of the watch rules that have matched anything, in order of the alphabet."""
    return [found["rule"] for found in rows(db, _RULES, {"limit": limit})]


# -- who is looking at what -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody is looking at a statement."""

    statement_id: str
    reviewer: str
    until: str


def claimed_by_others(db: Database, reviewer: str, *, now: datetime) -> frozenset[str]:
    """The ids that others are looking at."""
    found = rows(db, "SELECT statement_id, reviewer FROM claims WHERE until > ?", [utc(now)])
    return frozenset(one["statement_id"] for one in found if one["reviewer"] != reviewer)


def claim_of(db: Database, statement_id: str, *, now: datetime) -> Claim | None:
    """Who is looking at the statement, if anybody is."""
    found = row(db, "SELECT * FROM claims WHERE statement_id = ? AND until > ?", [statement_id, utc(now)])
    return Claim(**found) if found else None


def claim(db: Database, statement_id: str, reviewer: str, *, now: datetime) -> bool:
    """Keep a statement from others for `LEASE`; False where somebody else has it. One short write transaction."""
    with transaction(db):
        db.conn.execute("DELETE FROM claims WHERE until <= ?", [utc(now)])
        held = claim_of(db, statement_id, now=now)
        if held is not None and held.reviewer != reviewer:
            return False
        db.conn.execute(
            "INSERT OR REPLACE INTO claims (statement_id, reviewer, until) VALUES (?, ?, ?)",
            [statement_id, reviewer, utc(now + LEASE)],
        )
    return True


def release(db: Database, statement_id: str) -> None:
    """Let others have the statement."""
    db.conn.execute("DELETE FROM claims WHERE statement_id = ?", [statement_id])


# -- the questions ----------------------------------------------------------------------------------------------------


def _order(found: Mapping[str, Any]) -> tuple[int, float, int]:
    # a confidence that is not given sorts first, as SQLite sorts NULL
    return found["rank"], -1.0 if found["confidence"] is None else found["confidence"], -found["seq"]


def _kinds(wanted: Filter) -> tuple[Kind, ...]:
    return (wanted.kind,) if wanted.kind else ("policy", "quote")


def _waiting(db: Database, kind: Kind, wanted: Filter, limit: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for sql, parameters in _questions(db, kind, wanted, _COLUMNS.format(kind=kind)):
        ordered = f"{sql} ORDER BY s.queue_rank, s.confidence, s.seq DESC LIMIT :limit"
        found += rows(db, ordered, {**parameters, "limit": limit - len(found)})
        if len(found) >= limit:
            break
    return found


def _questions(db: Database, kind: Kind, wanted: Filter, columns: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """SELECTs that together name what of one kind waits: one, or one a class where a confidence is asked for.

    The index is by class and confidence: without the class a confidence would be looked for in all of it.
    """
    table = "policies" if kind == "policy" else "quotes"
    conditions, parameters = ["s.queue_rank IS NOT NULL"], dict[str, Any]()
    by = f"INDEXED BY {table}_to_review{'_by_source' if wanted.source else ''}"
    if wanted.source:
        conditions.append("s.source = :source")
        parameters["source"] = wanted.source
    if wanted.article_id:
        conditions.append("s.article_id = :article")
        parameters["article"], by = wanted.article_id, ""
    candidates = _candidates(db, kind, wanted)
    if candidates is not None:
        conditions.append("s.id IN (SELECT value FROM json_each(:candidates))")
        parameters["candidates"], by = json.dumps(sorted(candidates)), ""
    if wanted.sure is not None:
        conditions.append("s.confidence >= :sure")
        parameters["sure"] = wanted.sure
    ranks = [wanted.rank] if wanted.rank is not None else [None] if wanted.sure is None else sorted(REASONS)
    for rank in ranks:
        of_rank = [] if rank is None else ["s.queue_rank = :rank"]
        where = " AND ".join(conditions + of_rank)
        yield f"SELECT {columns} FROM {table} AS s {by} WHERE {where}", {**parameters, "rank": rank}  # noqa: S608


def _candidates(db: Database, kind: Kind, wanted: Filter) -> set[str] | None:
    """The ids that sector and rule leave; None where neither is asked for."""
    found: set[str] | None = None
    if wanted.rule:
        found = _first(rows(db, _OF_RULE[kind], {"rule": wanted.rule, "limit": MOST_CANDIDATES}))
    if wanted.sector:
        words = separate(wanted.sector).replace('"', " ")
        of_sector = _first(rows(db, _OF_SECTOR[kind], {"words": f'sectors : "{words}"', "limit": MOST_CANDIDATES}))
        found = of_sector if found is None else found & of_sector
    return found


def _first(found: Iterable[Mapping[str, Any]]) -> set[str]:
    return {one["id"] for one in found}


_COLUMNS = (
    "s.id, '{kind}' AS kind, s.article_id, s.queue_reason AS reason, s.queue_rank AS rank, s.confidence, "
    "s.review_state, s.machine_state, s.seq"
)

_OF_SECTOR: Mapping[Kind, str] = MappingProxyType(
    {
        "policy": """
SELECT p.id FROM policies AS p
WHERE p.place IN (SELECT rowid FROM policies_fts WHERE policies_fts MATCH :words ORDER BY rowid DESC LIMIT :limit)
""",
        "quote": """
SELECT q.id FROM policies AS p JOIN quotes AS q ON q.article_id = p.article_id
WHERE p.place IN (SELECT rowid FROM policies_fts WHERE policies_fts MATCH :words ORDER BY rowid DESC LIMIT :limit)
  AND q.queue_rank IS NOT NULL
LIMIT :limit
""",
    }
)

_OF_RULE: Mapping[Kind, str] = MappingProxyType(
    {
        "policy": """
SELECT m.target_id AS id FROM alert_matches AS m WHERE m.rule = :rule AND m.kind = 'policy'
ORDER BY m.id DESC LIMIT :limit
""",
        "quote": """
SELECT m.target_id AS id FROM alert_matches AS m WHERE m.rule = :rule AND m.kind = 'quote'
ORDER BY m.id DESC LIMIT :limit
""",
    }
)

# From one name to the next along the index: a DISTINCT would read every match.
_RULES = """
WITH RECURSIVE names (rule) AS (
  SELECT min(rule) FROM alert_matches
  UNION ALL
  SELECT (SELECT min(m.rule) FROM alert_matches AS m WHERE m.rule > names.rule) FROM names WHERE names.rule IS NOT NULL
)
SELECT rule FROM names WHERE rule IS NOT NULL LIMIT :limit
"""

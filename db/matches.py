"""What watch rules matched, for whom, and what became of the mail that tells of it.

A match is *told* (a mail in the outbox tells of it), *waits* for its rule's digest, or was *dropped* with a reason:
the recipient has left the rule, or what matched no longer stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from db.connection import rows, transaction, value
from db.names import utc

Target = Literal["article", "quote", "policy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A match that waits for a digest."""

    id: int
    kind: Target
    target_id: str
    article_id: str
    recipient: str
    why: tuple[str, ...]
    matched_at: str


def add_match(
    db: Database,
    *,
    rule_id: int,
    rule: str,
    kind: Target,
    target_id: str,
    article_id: str,
    recipient: str,
    why: Sequence[str],
    now: datetime,
    outbox_key: str | None = None,
    late: str | None = None,
    dropped: str | None = None,
) -> bool:
    """Note that a rule matched for `recipient`, and why; False where that is known already.

    `outbox_key` names the mail that tells of it; without one the match waits for the rule's digest. `late` says why a
    match of an instant rule waits, `dropped` why nobody is told.
    """
    with transaction(db):
        outbox_id = value(db, "SELECT id FROM outbox WHERE key = ? AND recipient = ?", [outbox_key, recipient])
        return bool(
            db.conn.execute(
                "INSERT OR IGNORE INTO alert_matches "
                "(rule_id, rule, kind, target_id, article_id, recipient, why, matched_at, outbox_id, late, dropped) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    rule_id,
                    rule,
                    kind,
                    target_id,
                    article_id,
                    recipient,
                    json.dumps({"reasons": list(why)}, ensure_ascii=False),
                    utc(now),
                    outbox_id,
                    late,
                    dropped,
                ],
            ).rowcount
        )


def known_targets(db: Database, rule_id: int, article_id: str, recipient: str) -> frozenset[str]:
    """The ids of what of an article `recipient` was told of by the rule, or waits to be."""
    found = rows(
        db,
        "SELECT target_id FROM alert_matches WHERE article_id = ? AND rule_id = ? AND recipient = ?",
        [article_id, rule_id, recipient],
    )
    return frozenset(one["target_id"] for one in found)


def rules_with_waiting(db: Database) -> list[int]:
    """The ids of rules of which matches wait for a digest."""
    return [one["rule_id"] for one in rows(db, _RULES_WITH_WAITING)]


# by steps through the partial index: a rule that waits for its weekly digest may have thousands of matches
_RULES_WITH_WAITING = """
WITH RECURSIVE step (rule_id) AS (
  SELECT min(rule_id) FROM alert_matches WHERE outbox_id IS NULL AND dropped IS NULL
  UNION ALL
  SELECT (SELECT min(m.rule_id) FROM alert_matches AS m
    WHERE m.outbox_id IS NULL AND m.dropped IS NULL AND m.rule_id > step.rule_id)
  FROM step WHERE step.rule_id IS NOT NULL
)
SELECT rule_id FROM step WHERE rule_id IS NOT NULL
"""


def waiting(db: Database, rule_id: int, *, before: datetime, most: int = -1, late: bool = True) -> list[Waiting]:
    """What of a rule waits for a digest and matched before then, oldest first; at most so many.

    Without `late` what an instant rule was late to find is left out.
    """
    found = rows(
        db,
        "SELECT id, kind, target_id, article_id, recipient, why, matched_at FROM alert_matches "
        "WHERE rule_id = ? AND matched_at < ? AND outbox_id IS NULL AND dropped IS NULL AND (late IS NULL OR ?) "
        "ORDER BY id LIMIT ?",
        [rule_id, utc(before), late, most],
    )
    return [Waiting(**{**one, "why": tuple(json.loads(one["why"])["reasons"])}) for one in found]


def late_between(db: Database, rule_id: int) -> tuple[datetime | None, datetime | None]:
    """When the first and the last came of what a rule was late to find, and that waits."""
    first, last = (value(db, _LATE.format(which), [rule_id]) for which in ("min", "max"))
    return (datetime.fromisoformat(first), datetime.fromisoformat(last)) if first else (None, None)


_LATE = """
SELECT {}(matched_at) FROM alert_matches INDEXED BY alert_matches_late
WHERE rule_id = ? AND late IS NOT NULL AND outbox_id IS NULL AND dropped IS NULL
"""


def tell(db: Database, matches: Sequence[int], *, outbox_key: str, recipient: str) -> None:
    """Note that the mail with that key tells of these matches."""
    db.conn.execute(
        "UPDATE alert_matches SET outbox_id = (SELECT id FROM outbox WHERE key = ? AND recipient = ?) "
        "WHERE id IN (SELECT value FROM json_each(?))",
        [outbox_key, recipient, json.dumps(list(matches))],
    )


def drop(db: Database, matches: Sequence[int], why: str) -> None:
    """Note that nobody will be told of these matches, and why."""
    db.conn.execute(
        "UPDATE alert_matches SET dropped = ? WHERE id IN (SELECT value FROM json_each(?))",
        [why, json.dumps(list(matches))],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a rule has done of late."""

    last_match_at: str | None
    matches: int
    """Different statements and articles since the day asked for; `most` means that many or more."""
    waiting: int


MOST_COUNTED = 1000


def figures(db: Database, rule_id: int, *, since: datetime) -> Figures:
    """When a rule matched last, and how much since then."""
    last = value(db, "SELECT max(matched_at) FROM alert_matches WHERE rule_id = ?", [rule_id])
    counted = value(
        db,
        "SELECT count(DISTINCT target_id) FROM (SELECT target_id FROM alert_matches "
        "WHERE rule_id = ? AND matched_at >= ? LIMIT ?)",
        [rule_id, utc(since), MOST_COUNTED],
    )
    wait = value(
        db,
        "SELECT count(*) FROM (SELECT 1 FROM alert_matches "
        "WHERE rule_id = ? AND outbox_id IS NULL AND dropped IS NULL LIMIT ?)",
        [rule_id, MOST_COUNTED],
    )
    return Figures(last_match_at=last, matches=counted, waiting=wait)


def sent(
    db: Database, rule_id: int, *, recipient: str | None = None, before: int | None = None, limit: int = 100
) -> list[Mapping[str, Any]]:
    """What a rule matched, newest first, with the mail that told of it and how that was delivered.

    `before` is the id of the last row of the page before.
    """
    whose = "AND m.recipient = :recipient" if recipient is not None else ""
    return list(
        rows(
            db,
            _SENT.format(whose=whose),
            {"rule": rule_id, "recipient": recipient, "before": before or 2**62, "limit": limit},
        )
    )


_SENT = """
SELECT m.id, m.kind, m.target_id, m.article_id, m.recipient, m.why, m.matched_at, m.dropped, m.late, m.outbox_id,
  o.subject, o.state, o.due_at, o.next_attempt_at, o.sent_at, o.attempts, o.last_error,
  r.title AS article_title, a.url AS article_url, a.source, a.published_at,
  coalesce(p.title, q.speaker) AS said_title, q.text AS said
FROM alert_matches AS m LEFT JOIN outbox AS o ON o.id = m.outbox_id
  LEFT JOIN articles AS a ON a.id = m.article_id LEFT JOIN revisions AS r ON r.id = a.revision_id
  LEFT JOIN policies AS p ON p.id = m.target_id LEFT JOIN quotes AS q ON q.id = m.target_id
WHERE m.rule_id = :rule AND m.id < :before {whose} ORDER BY m.id DESC LIMIT :limit
"""

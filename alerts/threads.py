"""Which mails a mail stands under: what is told later of an instrument arrives in the thread of its first mail.

An instrument is found by the statements that report it today, for its id may change when articles are linked anew; what
amends, suspends or repeals another one goes into that one's thread. Digests belong to no thread.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from db.connection import row, rows

MOST_NAMED = 10
"""Mails that are named in References: the first one and the last ones."""
_MOST_STATEMENTS = 2000
_MOST_RELATED = 50
_FURTHEST = 5
"""Steps from an instrument to those that it acts on, and on to those that they act on."""


def thread_of(
    db: Database, rule_id: int, recipient: str, announcements: Sequence[Mapping[str, Any]]
) -> tuple[str, ...]:
    """Keys of the mails of this rule to this recipient that a mail about `announcements` follows, the first one first.

    News counts before background; the first announcement whose instrument, or one that it acts on, was told of decides.
    """
    for record in sorted(announcements, key=lambda record: record["salience"] != "news"):
        if record["instrument_id"] is None:
            continue
        known = _thread(db, rule_id, recipient, record["instrument_id"])
        if known:
            return known if len(known) <= MOST_NAMED else (known[0], *known[1 - MOST_NAMED :])
    return ()


def _thread(db: Database, rule_id: int, recipient: str, instrument: str) -> tuple[str, ...]:
    step, seen = [instrument], {instrument}
    for _ in range(_FURTHEST):
        told = [key for key in (_last_told(db, rule_id, recipient, one) for one in step) if key]
        if told:
            return told[0]
        step = [one for found in step for one in _acted_on(db, found) if one not in seen][:_MOST_RELATED]
        seen.update(step)
        if not step:
            break
    return ()


def _last_told(db: Database, rule_id: int, recipient: str, instrument: str) -> tuple[str, ...]:
    """The thread that the last mail about an instrument ends; empty where there was none."""
    last = row(
        db,
        _LAST_TOLD,
        {"rule": rule_id, "recipient": recipient, "instrument": instrument, "most": _MOST_STATEMENTS},
    )
    return (*json.loads(last["follows"] or "[]"), last["key"]) if last else ()


def _acted_on(db: Database, instrument: str) -> list[str]:
    """The instruments that one amends, suspends, repeals and so on."""
    return [one["id"] for one in rows(db, _ACTED_ON, [instrument, _MOST_RELATED])]


# by the instrument's statements to this rule's matches of each; a digest's mail has no article of its own
_LAST_TOLD = """
SELECT o.key, o.follows
FROM (SELECT id FROM policies WHERE instrument_id = :instrument ORDER BY sort_at DESC, seq DESC LIMIT :most) AS p
  CROSS JOIN alert_matches AS m ON m.rule_id = :rule AND m.target_id = p.id AND m.recipient = :recipient
  CROSS JOIN outbox AS o ON o.id = m.outbox_id
WHERE o.article_id IS NOT NULL AND o.state <> 'dropped' ORDER BY o.id DESC LIMIT 1
"""
_ACTED_ON = """
SELECT DISTINCT t.same_as AS id
FROM instrument_registry AS f JOIN relations AS r ON r.from_node = f.id
  JOIN instrument_registry AS t ON t.id = r.to_node
WHERE f.same_as = ? AND r.retired_at IS NULL AND t.same_as <> f.same_as ORDER BY r.id LIMIT ?
"""

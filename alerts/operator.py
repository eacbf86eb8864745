"""What the operator hears: a source that turns bad and that it has recovered, each once; and mail that nobody takes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from alerts.compose import message_key
from db.connection import row, rows, transaction
from db.health import source_health
from db.names import utc
from db.outbox import enqueue

_MEANING = {
    "ok": "has recovered",
    "thin": "brings far fewer articles than usual",
    "silent": "has brought nothing new for too long",
    "failing": "fails to be crawled",
}


def announce_health(db: Database, operator: str, base_url: str, now: datetime) -> list[str]:
    """Put in one mail for each source whose state has changed since the last time; gives those sources.

    A source that is seen for the first time and is well is no news.
    """
    changed: list[str] = []
    with transaction(db):
        for health in source_health(db, now=utc(now)):
            source, state = health["source"], health["state"]
            before = row(db, "SELECT value FROM meta WHERE key = ?", [f"health:{source}"])
            if before is not None and before["value"] == state:
                continue
            db.conn.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [f"health:{source}", state])
            if before is None and state == "ok":
                continue
            _enqueue(db, operator, health, base_url, now)
            changed.append(source)
    return changed


def announce_dead_letters(db: Database, operator: str, now: datetime) -> bool:
    """Put in one mail about the letters that were given up; False where the same ones have been told of already.

    Those to the operator are left out: a mail about them would go the same way.
    """
    dead = list(rows(db, _DEAD, [operator]))
    if not dead:
        return False
    lines = [
        "These mails were given up. What they tell stands in the database; nobody is told again by itself.",
        "",
        *(f"{letter['recipient']}: {letter['subject']}\n  {letter['last_error']}" for letter in dead[:TOLD]),
        *([f"… and {len(dead) - TOLD} more"] if len(dead) > TOLD else []),
    ]
    return enqueue(
        db,
        key=message_key("dead", *(str(letter["id"]) for letter in dead)),
        recipient=operator,
        subject=f"policywire: {len(dead)} mails could not be delivered",
        text="\n".join(lines),
        due_at=now,
    )


TOLD = 20
"""Dead letters that a mail names, the newest first; all are counted."""

_DEAD = """
SELECT id, recipient, subject, last_error FROM outbox WHERE state = 'dead' AND recipient <> ? ORDER BY id DESC
"""


def _enqueue(db: Database, operator: str, health: dict[str, Any], base_url: str, now: datetime) -> None:
    source, state = health["source"], health["state"]
    issues = rows(
        db,
        "SELECT kind, url, detail FROM issues WHERE source = ? AND closed_at IS NULL "
        "ORDER BY last_seen_at DESC LIMIT 5",
        [source],
    )
    lines = [
        f"Source {source} {_MEANING.get(state, state)}.",
        "",
        f"Last good run:       {health['last_success_at'] or 'never'}",
        f"Newest article:      {health['last_article_at'] or 'none'}",
        f"Articles in 7 days:  {health['articles_7d']} (usual: {health['baseline_7d']})",
        f"Failed runs since:   {health['failures']}",
        "",
        *(f"{issue['kind']}: {issue['url']}\n  {issue['detail']}" for issue in issues),
        "",
        base_url,
    ]
    enqueue(
        db,
        key=message_key("health", source, state, utc(now)),
        recipient=operator,
        subject=f"policywire: {source} {_MEANING.get(state, state)}",
        text="\n".join(lines),
        due_at=now,
    )

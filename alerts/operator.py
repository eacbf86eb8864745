"""What the operator hears: a source that has turned bad, once, and once more when it has recovered."""

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

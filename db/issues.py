"""Issues: what a person should look at, one open row for the same trouble at the same place, counted."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from db.connection import insert, row, transaction
from db.names import utc
from pipeline.model import Issue

_LONGEST_DETAIL = 2000


def add_issue(
    db: Database, issue: Issue, *, run_id: int | None = None, now: datetime, page_id: int | None = None
) -> int:
    """Note an issue, or count it again where the same one is open; gives its id."""
    key = {"kind": issue.kind, "source": issue.source, "url": issue.url, "selector": issue.selector,
           "version": issue.version}  # fmt: skip
    with transaction(db):
        known = row(
            db,
            "SELECT id FROM issues WHERE closed_at IS NULL AND url = :url AND kind = :kind AND source = :source "
            "AND selector IS :selector AND version IS :version",
            key,
        )
        latest = {"detail": issue.detail[:_LONGEST_DETAIL], "last_seen_at": utc(now), "run_id": run_id}
        if known is None:
            return insert(db, "issues", {**key, **latest, "page_id": page_id, "first_seen_at": utc(now)})
        db.conn.execute(
            "UPDATE issues SET times = times + 1, detail = :detail, run_id = :run_id, last_seen_at = :last_seen_at, "
            "page_id = coalesce(:page_id, page_id) WHERE id = :id",
            {**latest, "page_id": page_id, "id": known["id"]},
        )
        return int(known["id"])


def close_issues(db: Database, *, url: str, kinds: tuple[str, ...], reason: str, now: datetime) -> int:
    """Close the open issues of these kinds at `url`, because what they told of is over; gives how many."""
    marks = ", ".join("?" for _ in kinds)
    with transaction(db):
        return db.conn.execute(
            f"UPDATE issues SET closed_at = ?, closed_reason = ? "  # noqa: S608
            f"WHERE url = ? AND closed_at IS NULL AND kind IN ({marks})",
            [utc(now), reason, url, *kinds],
        ).rowcount

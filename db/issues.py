"""Issues: what a person should look at, one open row for the same trouble at the same place, counted."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from db.connection import insert, row, transaction, update, value
from db.names import utc
from pipeline.model import Issue

NOT_HAD = (
    "fetch_failed", "timeout", "blocked", "too_large", "redirect_loop", "request_ignored", "host_refused",
    "host_paused", "robots_denied", "robots_unreachable", "script_shell", "crashed", "given_up",
)  # fmt: skip
"""Kinds that say of a story that it could not be had: over as soon as the site says anything of it."""
_LONGEST_DETAIL = 2000


def add_issue(
    db: Database, issue: Issue, *, run_id: int | None = None, now: datetime, page_id: int | None = None
) -> int:
    """Note an issue, or count it again where the same one is open; gives its id.

    A page that is only read again from the archive (`page_id` as before) is no further occurrence.
    """
    key = {"kind": issue.kind, "source": issue.source, "url": issue.url, "selector": issue.selector}
    with transaction(db):
        known = row(
            db,
            "SELECT id, page_id FROM issues INDEXED BY issues_open WHERE closed_at IS NULL "
            "AND url = :url AND kind = :kind AND source = :source AND selector IS :selector",
            key,
        )
        said = {"detail": issue.detail[:_LONGEST_DETAIL], "version": issue.version}
        seen = {"last_seen_at": utc(now), "run_id": run_id, "page_id": page_id}
        if known is None:
            return insert(db, "issues", {**key, **said, **seen, "first_seen_at": utc(now)})
        update(db, "issues", "id", known["id"], said)
        if page_id is None or page_id != known["page_id"]:
            db.conn.execute(
                "UPDATE issues SET times = times + 1, last_seen_at = :last_seen_at, run_id = :run_id, "
                "page_id = coalesce(:page_id, page_id) WHERE id = :id",
                {**seen, "id": known["id"]},
            )
        return int(known["id"])


def close_issues(db: Database, *, url: str, kinds: tuple[str, ...], reason: str, now: datetime) -> int:
    """Close the open issues of these kinds at `url`, because what they told of is over; gives how many."""
    if value(db, "SELECT 1 FROM issues WHERE url = ? AND closed_at IS NULL LIMIT 1", [url]) is None:
        return 0  # as nearly always; a savepoint would cost more than the look
    marks = ", ".join("?" for _ in kinds)
    with transaction(db):
        return db.conn.execute(
            f"UPDATE issues SET closed_at = ?, closed_reason = ? "  # noqa: S608
            f"WHERE url = ? AND closed_at IS NULL AND kind IN ({marks})",
            [utc(now), reason, url, *kinds],
        ).rowcount


def close_issue(db: Database, issue_id: int, *, by: str, reason: str, now: datetime) -> bool:
    """Close an issue by hand; False where it is closed already, or there is none.

    Where the same trouble comes again it is a new issue.
    """
    with transaction(db):
        return bool(
            db.conn.execute(
                "UPDATE issues SET closed_at = ?, closed_by = ?, closed_reason = ? WHERE id = ? AND closed_at IS NULL",
                [utc(now), by, reason[:_LONGEST_DETAIL], issue_id],
            ).rowcount
        )

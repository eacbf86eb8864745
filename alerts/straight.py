"""A mail past the outbox, for what must be told when there is no database to put it in."""

from __future__ import annotations

from datetime import datetime

from alerts.envelope import compose_mail
from alerts.sheet import Composed
from alerts.smtp import Server, send_one
from db.names import utc
from db.outbox import OutboxRow


def send_straight(
    server: Server, password: str | None, *, key: str, recipient: str, mail: Composed, now: datetime
) -> None:
    """Send it at once; the Message-ID comes from `key`, as it would from the outbox. Raises ServerUnusable."""
    row = OutboxRow(
        id=0,
        key=key,
        recipient=recipient,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        rule=None,
        article_id=None,
        created_at=utc(now),
        due_at=utc(now),
        attempts=1,
        lease_token="",
    )
    send_one(server, password, recipient, compose_mail(row, server.letterhead, now))

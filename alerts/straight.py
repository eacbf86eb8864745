"""A mail past the outbox, for what must be told when there is no database to put it in."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from datetime import datetime

from alerts.deliver import Server, ServerUnusable, connect
from alerts.envelope import compose_message
from alerts.sheet import Composed
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
    connection = connect(server, password)
    try:
        connection.send_message(compose_message(row, server.letterhead, now), server.letterhead.address, [recipient])
    except (smtplib.SMTPException, OSError) as error:
        raise ServerUnusable(f"{server.host}:{server.port}: {error}") from error
    finally:
        with suppress(smtplib.SMTPException, OSError):  # it has been taken, or not; a rude goodbye changes nothing
            connection.quit()

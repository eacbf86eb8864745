"""A test mail, past the outbox: whether the configured server takes mail for an address."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime, make_msgid

from alerts.mime import write_mail
from alerts.smtp import Server, send_one

_TEXT = "This mail was asked for with `policywire alerts test`. Alerts can reach this address.\n"


def send_probe(server: Server, password: str | None, address: str, now: datetime) -> None:
    """Send a test mail to `address` at once. Raises ServerUnusable with what the server said."""
    headers = [
        ("From", server.sender),
        ("To", address),
        ("Subject", "policywire: test mail"),
        ("Date", format_datetime(now)),
        ("Message-ID", make_msgid(domain=server.letterhead.domain)),
        ("Auto-Submitted", "auto-generated"),
    ]
    send_one(server, password, address, write_mail(headers, _TEXT, None))

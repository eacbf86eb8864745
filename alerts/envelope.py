"""A row of the outbox as a mail: its headers and its parts; every repeat of a row carries the same Message-ID."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from alerts.compose import message_key
from alerts.sheet import one_line
from db.outbox import OutboxRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What is the same on every mail that goes out."""

    sender: str
    """A name and an address, `policywire <policywire@example.org>`."""
    reply_to: str | None = None

    @property
    def address(self) -> str:
        """The sender's address alone."""
        return parseaddr(self.sender)[1]

    @property
    def domain(self) -> str:
        """Where our Message-IDs are from."""
        return self.address.partition("@")[2] or "localhost"


def compose_message(row: OutboxRow, letterhead: Letterhead, now: datetime) -> EmailMessage:
    """The mail of an outbox row. Its Message-ID comes from the row's key alone: every repeat carries the same."""
    message = EmailMessage(policy=SMTP)
    message["From"] = letterhead.sender
    message["To"] = row.recipient
    if letterhead.reply_to:
        message["Reply-To"] = letterhead.reply_to
    message["Subject"] = one_line(row.subject, 200)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(row.key, row.recipient, letterhead)
    message["Auto-Submitted"] = "auto-generated"
    if row.rule:
        message["X-Policywire-Rule"] = one_line(row.rule, 100)
    for name, value in row.headers.items():
        message[name] = one_line(value, 500)
    message.set_content(_printable(row.text))
    if row.html:
        message.add_alternative(_printable(row.html), subtype="html")
    return message


def message_id(key: str, recipient: str, letterhead: Letterhead) -> str:
    """The Message-ID of the outbox row with that key for that recipient."""
    return f"<{message_key(key, recipient)}@{letterhead.domain}>"


def _printable(text: str) -> str:
    """Without NUL and its like, which mail cannot carry."""
    return "".join(c for c in text if c in "\n\t" or ord(c) >= 32)

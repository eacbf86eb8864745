"""A row of the outbox as a mail: its headers and its parts; every repeat of a row carries the same Message-ID.

The link by which a recipient leaves the rule is put in here and not into the outbox: it is made with a key that is no
part of the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from zoneinfo import ZoneInfo

from alerts.compose import message_key
from alerts.mime import write_mail
from alerts.sheet import one_line, with_way_out
from alerts.unsubscribing import Ways
from db.outbox import OutboxRow

SUBJECT_LENGTH = 200
_RESERVED = frozenset(
    ("from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id", "in-reply-to", "references",
     "list-id", "list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "mime-version")
)  # fmt: skip
"""What is said here, or by nobody: a row cannot say it as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What is the same on every mail that goes out."""

    sender: str
    """A name and an address, `policywire <policywire@example.org>`."""
    reply_to: str | None = None
    ways_out: Ways | None = field(default=None, repr=False)
    """How recipients leave a rule; None: the mails say nothing of it."""

    @property
    def address(self) -> str:
        """The sender's address alone."""
        return _parsed(self.sender)

    @property
    def domain(self) -> str:
        """Where our Message-IDs are from."""
        return self.address.partition("@")[2] or "localhost"


@lru_cache(maxsize=64)
def _parsed(sender: str) -> str:
    return parseaddr(sender)[1]


def compose_mail(row: OutboxRow, letterhead: Letterhead, now: datetime, *, utf8: bool = False) -> bytes:
    """The mail of an outbox row as it goes out; `utf8` as in `write_mail`. Raises ValueError where that cannot be."""
    text, html = row.text, row.html
    if row.rule_id is not None and letterhead.ways_out:
        text, html = with_way_out(text, html, letterhead.ways_out.address(row.rule_id, row.recipient))
    return write_mail(headers_of(row, letterhead, now), text, html, utf8=utf8)


def headers_of(row: OutboxRow, letterhead: Letterhead, now: datetime) -> list[tuple[str, str]]:
    """The headers of a mail, without those of its parts. Its Message-ID comes from the row's key and recipient alone:
    every repeat carries the same. Raises ValueError for a row that says what only we say.
    """
    found = [("From", letterhead.sender), ("To", row.recipient)]
    if letterhead.reply_to:
        found.append(("Reply-To", letterhead.reply_to))
    found += [
        ("Subject", one_line(row.subject, SUBJECT_LENGTH)),
        ("Date", format_datetime(now.astimezone(ZoneInfo(row.zone) if row.zone else UTC))),
        ("Message-ID", message_id(row.key, row.recipient, letterhead)),
    ]
    if row.follows:
        before = [message_id(key, row.recipient, letterhead) for key in row.follows]
        found += [("In-Reply-To", before[-1]), ("References", " ".join(before))]
    found.append(("Auto-Submitted", "auto-generated"))
    if row.rule_id is not None:
        found.append(("List-Id", f"<rule-{row.rule_id}.policywire.{letterhead.domain}>"))
        if letterhead.ways_out:
            found += letterhead.ways_out.headers(row.rule_id, row.recipient).items()
    if row.rule:
        found.append(("X-Policywire-Rule", one_line(row.rule, 100)))
    for name, value in row.headers.items():
        if name.lower() in _RESERVED:
            raise ValueError(f"header {name} of a row in the outbox")
        found.append((name, one_line(value, 500)))
    return found


def message_id(key: str, recipient: str, letterhead: Letterhead) -> str:
    """The Message-ID of the outbox row with that key for that recipient."""
    return f"<{message_key(key, recipient)}@{letterhead.domain}>"

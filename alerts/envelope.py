"""A row of the outbox as a mail: its headers and its parts; every repeat of a row carries the same Message-ID.

The link by which a recipient leaves the rule is put in here and not into the outbox: it is made with a key that is no
part of the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from alerts.compose import message_key
from alerts.sheet import one_line, with_way_out
from alerts.unsubscribing import Ways
from db.outbox import OutboxRow

SUBJECT_LENGTH = 200
_LINE = 76
_RESERVED = frozenset(
    ("from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id", "in-reply-to", "references",
     "list-id", "list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "mime-version")
)  # fmt: skip
"""What is said here, or by nobody: a row cannot say it as well."""


class _Verbatim(UnstructuredHeader, BaseHeader):
    """A header of addresses and ids, folded between them only: the library makes encoded words of long ones."""

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """No words are looked for in it. Raises ValueError for what must not stand there."""
        if not value.isascii() or not value.isprintable():
            raise ValueError(f"{value[:100]!r} in a header of addresses")
        kwds["parse_tree"] = None
        kwds["decoded"] = value

    def fold(self, *, policy: Policy) -> str:
        """As it stands on the wire."""
        return f"{self.name}: {f'{policy.linesep} '.join(str(self).split())}{policy.linesep}"


class _Said(UnstructuredHeader, BaseHeader):
    """A header of words that mean themselves: the library takes `=?utf-8?q?=0D=0ABcc:_…?=` for what it encodes, and
    writes another header.
    """

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """No words are looked for in it."""
        kwds["parse_tree"] = None
        kwds["decoded"] = value

    def fold(self, *, policy: Policy) -> str:
        """As it stands on the wire."""
        said = str(self)
        charset = "us-ascii" if said.isascii() and "=?" not in said else "utf-8"
        words = Header(said, charset, maxlinelen=_LINE, header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {words}{policy.linesep}"


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry(default_class=_Said)
    registry.map_to_type("Subject", _Said)
    for name in ("To", "References", "In-Reply-To", "List-Id", "List-Unsubscribe"):
        registry.map_to_type(name, _Verbatim)
    return registry


_POLICY = SMTP.clone(header_factory=_headers())


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
        return parseaddr(self.sender)[1]

    @property
    def domain(self) -> str:
        """Where our Message-IDs are from."""
        return self.address.partition("@")[2] or "localhost"


def compose_message(row: OutboxRow, letterhead: Letterhead, now: datetime) -> EmailMessage:
    """The mail of an outbox row. Its Message-ID comes from the row's key alone: every repeat carries the same.

    Raises ValueError for a row that cannot be written as a mail.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = letterhead.sender
    message["To"] = row.recipient
    if letterhead.reply_to:
        message["Reply-To"] = letterhead.reply_to
    message["Subject"] = one_line(row.subject, SUBJECT_LENGTH)
    message["Date"] = format_datetime(now.astimezone(ZoneInfo(row.zone) if row.zone else UTC))
    message["Message-ID"] = message_id(row.key, row.recipient, letterhead)
    if row.follows:
        before = [message_id(key, row.recipient, letterhead) for key in row.follows]
        message["In-Reply-To"] = before[-1]
        message["References"] = " ".join(before)
    message["Auto-Submitted"] = "auto-generated"
    text, html = row.text, row.html
    if row.rule_id is not None:
        message["List-Id"] = f"<rule-{row.rule_id}.policywire.{letterhead.domain}>"
        if letterhead.ways_out:
            for name, value in letterhead.ways_out.headers(row.rule_id, row.recipient).items():
                message[name] = value
            text, html = with_way_out(text, html, letterhead.ways_out.address(row.rule_id, row.recipient))
    if row.rule:
        message["X-Policywire-Rule"] = one_line(row.rule, 100)
    for name, value in row.headers.items():
        if name.lower() in _RESERVED:
            raise ValueError(f"header {name} of a row in the outbox")
        message[name] = one_line(value, 500)
    message.set_content(_printable(text))
    if html:
        message.add_alternative(_printable(html), subtype="html")
    return message


def message_id(key: str, recipient: str, letterhead: Letterhead) -> str:
    """The Message-ID of the outbox row with that key for that recipient."""
    return f"<{message_key(key, recipient)}@{letterhead.domain}>"


def _printable(text: str) -> str:
    """Without NUL and its like, and without halves of characters, which mail cannot carry."""
    return "".join(c for c in text if c in "\n\t" or (ord(c) >= 32 and not "\ud800" <= c <= "\udfff"))

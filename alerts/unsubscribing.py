"""The address at which a recipient leaves a watch rule by one click (RFC 8058), and who comes by such an address.

Its token is made of rule and recipient with a key that stands in a file beside the database and nowhere else: whoever
reads the database can unsubscribe nobody. A token tells nothing of the address that it was made for.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import quote, urlsplit

PLACE = "/unsubscribe"
_KEY_BYTES = 32
_MARK_BYTES = 18


class KeyUnusable(Exception):
    """The key can neither be read nor made; the message is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How recipients leave a rule."""

    base_url: str
    key: bytes = field(repr=False)
    mailto: str | None = None
    """An address that people who read mail without a browser can write to."""

    def address(self, rule_id: int, recipient: str) -> str:
        """Where this recipient leaves this rule."""
        return f"{self.base_url.rstrip('/')}{PLACE}/{token(self.key, rule_id, recipient)}"

    def headers(self, rule_id: int, recipient: str) -> dict[str, str]:
        """What a mail of the rule says of it to mail programs. One click wants https (RFC 8058, section 3.1)."""
        made = token(self.key, rule_id, recipient)
        ways = [f"<{self.address(rule_id, recipient)}>"]
        if self.mailto:
            ways.append(f"<mailto:{quote(self.mailto, safe='@')}?subject=unsubscribe%20{made}>")
        one_click = urlsplit(self.base_url).scheme == "https"
        return {
            "List-Unsubscribe": ", ".join(ways),
            **({"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if one_click else {}),
        }


def token(key: bytes, rule_id: int, recipient: str) -> str:
    """What proves that somebody has got a mail of this rule to this address."""
    said = f"unsubscribe\x1f{rule_id}\x1f{recipient.casefold()}".encode("utf-8", "surrogatepass")
    mark = hmac.new(key, said, hashlib.sha256).digest()[:_MARK_BYTES]
    return f"{rule_id}-{urlsafe_b64encode(mark).decode()}"


def rule_of_token(printed: str) -> int | None:
    """The rule that a token is of; None for what cannot be one."""
    rule, dash, mark = printed.partition("-")
    if not dash or not rule.isascii() or not rule.isdecimal() or len(rule) > 18 or len(mark) != _MARK_BYTES * 4 // 3:
        return None
    return int(rule)


def holder(key: bytes, rule_id: int, printed: str, recipients: Iterable[str]) -> str | None:
    """Which of the recipients of a rule a token was made for; None where none. Takes as long whichever it is."""
    given = printed.encode("utf-8", "surrogatepass")
    found = None
    for recipient in recipients:
        if hmac.compare_digest(token(key, rule_id, recipient).encode(), given):
            found = recipient
    return found


def key_file(database: Path) -> Path:
    """Where the key of a database stands."""
    return database.with_name(f"{database.name}.unsubscribe-key")


def unsubscribe_key(database: Path) -> bytes:
    """The key beside a database; made, readable by us alone, where there is none. Raises KeyUnusable."""
    path = key_file(database)
    try:
        if not path.exists():
            _make(path)
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it holds no key"
        raise KeyUnusable(f"{path}: the key of the links to unsubscribe cannot be used ({why})") from error
    if len(key) < _KEY_BYTES:
        raise KeyUnusable(f"{path}: the key of the links to unsubscribe is too short; delete the file for another one")
    return key


def _make(path: Path) -> None:
    """Whole or not at all, and never over another one: of two processes that make it, one keeps its own."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.") as made:  # mode 0600
        made.write(secrets.token_hex(_KEY_BYTES).encode())
        made.flush()
        os.fsync(made.fileno())
        try:
            os.link(made.name, path)
        except FileExistsError:
            return

"""Who is logged in, and how often somebody has tried: sessions and attempts, kept so that a restart changes nothing.

Of a session's token only the SHA-256 is kept: whoever reads the file, or a backup of it, cannot use it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any

from sqlite_utils import Database

from db.accounts.passwords import hashed, matches, outdated
from db.accounts.users import Role, keep_rehashed, name_key
from db.connection import insert, row, rows, transaction, update
from db.names import utc

WINDOW = timedelta(minutes=15)
"""How long an attempt that failed counts."""
PER_ACCOUNT_AND_ADDRESS = 8
PER_ACCOUNT = 40
"""From wherever; so much more than from one address that nobody is kept out by one who guesses."""
PER_ADDRESS = 40
SEEN_EVERY = timedelta(minutes=5)
"""How exactly the last use of a session is known."""

_LONGEST_AGENT = 200


class TooManyAttempts(Exception):
    """There were too many attempts; `wait` says when to try again."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too many attempts")
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """A session that holds."""

    session_id: int
    user_id: int
    name: str
    role: Role
    seen_at: str


def log_in(db: Database, name: str, password: str, *, address: str, now: datetime) -> int | None:
    """The user's id if the password is right and the user may come in, else None. Raises TooManyAttempts.

    The attempt is written down before the password is looked at and struck out if it was right, so that guesses made
    at the same moment count too. A name that there is not takes as long as one that there is.
    """
    account = hashlib.sha256(name_key(name).encode("utf-8", "replace")).hexdigest()[:32]
    place = _place(address)
    with transaction(db):
        _check_attempts(db, account, place, now)
        attempt = insert(db, "login_attempts", {"account": account, "address": place, "attempted_at": utc(now)})
    found = row(db, "SELECT id, password, disabled_at FROM users WHERE name_key = ?", [name_key(name)])
    right = matches(password, found["password"] if found else None)
    if found is None or not right or found["disabled_at"] is not None:
        return None
    with transaction(db):
        db.conn.execute(
            "DELETE FROM login_attempts WHERE id = ? OR (account = ? AND address = ?)", [attempt, account, place]
        )
    if outdated(found["password"]):
        keep_rehashed(db, found["id"], found["password"], hashed(password))
    return int(found["id"])


def open_session(
    db: Database, user_id: int, *, longest: timedelta, address: str, agent: str, now: datetime, instead_of: str = ""
) -> str:
    """Begin a session and give its token; the one of the token `instead_of` ends, and what is over is cleared away."""
    token = secrets.token_urlsafe(32)
    with transaction(db):
        db.conn.execute("DELETE FROM sessions WHERE expires_at <= ? OR digest = ?", [utc(now), _digest(instead_of)])
        insert(
            db,
            "sessions",
            {
                "digest": _digest(token),
                "user_id": user_id,
                "created_at": utc(now),
                "seen_at": utc(now),
                "expires_at": utc(now + longest),
                "address": address[:60],
                "agent": agent[:_LONGEST_AGENT],
            },
        )
    return token


def session(db: Database, token: str, *, idle: timedelta, now: datetime) -> LoggedIn | None:
    """The session of a token, if it holds and its user may come in."""
    found = row(db, _SESSION, [_digest(token), utc(now), utc(now - idle)])
    return LoggedIn(**found) if found else None


def is_due(held: LoggedIn, now: datetime) -> bool:
    """Whether the use of a session is worth being written down."""
    return held.seen_at <= utc(now - SEEN_EVERY)


def seen(db: Database, session_id: int, now: datetime) -> None:
    """Write down that a session is used."""
    with transaction(db):
        update(db, "sessions", "id", session_id, {"seen_at": utc(now)})


def sessions_of(db: Database, user_id: int, *, idle: timedelta, now: datetime) -> list[dict[str, Any]]:
    """The sessions of a user that hold, newest first."""
    return list(rows(db, _SESSIONS_OF, [user_id, utc(now), utc(now - idle)]))


def end_session(db: Database, user_id: int, session_id: int) -> None:
    """End one session of a user."""
    with transaction(db):
        db.conn.execute("DELETE FROM sessions WHERE id = ? AND user_id = ?", [session_id, user_id])


def end_other_sessions(db: Database, user_id: int, session_id: int | None) -> None:
    """End the sessions of a user but one."""
    with transaction(db):
        db.conn.execute("DELETE FROM sessions WHERE user_id = ? AND id IS NOT ?", [user_id, session_id])


def _check_attempts(db: Database, account: str, place: str, now: datetime) -> None:
    """Raises TooManyAttempts; what is too old to count is cleared away."""
    db.conn.execute("DELETE FROM login_attempts WHERE attempted_at <= ?", [utc(now - WINDOW)])
    for where, limit in _LIMITS.items():
        since = row(
            db,
            f"SELECT attempted_at FROM login_attempts WHERE {where} ORDER BY attempted_at DESC LIMIT 1 OFFSET :last",  # noqa: S608
            {"account": account, "address": place, "last": limit - 1},
        )
        if since is not None:
            raise TooManyAttempts(_time(since) + WINDOW - now)


_LIMITS: Mapping[str, int] = {
    "account = :account AND address = :address": PER_ACCOUNT_AND_ADDRESS,
    "account = :account": PER_ACCOUNT,
    "address = :address": PER_ADDRESS,
}


def _time(found: Mapping[str, Any]) -> datetime:
    return datetime.strptime(found["attempted_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _place(address: str) -> str:
    """Whose attempts count as one's: an address, of IPv6 the network of a household or office (/64)."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:60]
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return f"{IPv6Address(int(found) >> 64 << 64)}/64"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


_SESSION = """
SELECT s.id AS session_id, s.user_id, u.name, u.role, s.seen_at FROM sessions AS s JOIN users AS u ON u.id = s.user_id
WHERE s.digest = ? AND s.expires_at > ? AND s.seen_at > ? AND u.disabled_at IS NULL
"""
_SESSIONS_OF = """
SELECT id, created_at, seen_at, expires_at, address, agent FROM sessions
WHERE user_id = ? AND expires_at > ? AND seen_at > ? ORDER BY seen_at DESC, id DESC
"""

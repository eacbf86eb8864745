"""Who may use the site: name, role, hash of the password. Users are disabled, not deleted: decisions bear the name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlite_utils import Database

from db.accounts.passwords import check_password, hashed
from db.connection import insert, row, rows, transaction, update
from db.names import utc

Role = Literal["reader", "reviewer", "admin"]
"""What a user may do: each includes those before it."""

ROLES: tuple[Role, ...] = get_args(Role)
LONGEST_NAME = 60
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


class UserError(ValueError):
    """Something about a user that cannot be done; the message is one line and says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user, without the password."""

    id: int
    name: str
    role: Role
    email: str | None
    created_at: str
    password_at: str
    """Since when the password holds."""
    disabled_at: str | None
    seen_at: str | None
    """When a session was last used, to within minutes; none: no session."""
    sessions: int


def add_user(db: Database, name: str, role: Role, password: str, *, now: datetime, email: str | None = None) -> User:
    """Add a user. Raises UserError for a name that is taken or cannot be one, PasswordError for a poor password."""
    shown = checked_name(name)
    _check_email(email)
    check_password(password, shown)
    kept = hashed(password)  # takes a while: before the transaction
    with transaction(db):
        if row(db, "SELECT 1 FROM users WHERE name_key = ?", [name_key(shown)]):
            raise UserError(
                f"there is a user {shown!r} already: `policywire user password {shown}` changes the password"
            )
        insert(
            db,
            "users",
            {
                "name": shown,
                "name_key": name_key(shown),
                "role": role,
                "email": email,
                "password": kept,
                "created_at": utc(now),
                "password_at": utc(now),
            },
        )
        return user_named(db, shown)


def users(db: Database) -> list[User]:
    """Every user, by name."""
    return [_user(found) for found in rows(db, f"{_USERS} ORDER BY u.name_key")]


def user_named(db: Database, name: str) -> User:
    """The user of that name, however it is capitalised. Raises UserError where there is none."""
    found = row(db, f"{_USERS} WHERE u.name_key = ?", [name_key(name)])
    if found is None:
        raise UserError(f"there is no user {name!r}: `policywire user list` shows who there is")
    return _user(found)


def anybody_can_log_in(db: Database) -> bool:
    """Whether there is a user who is not disabled."""
    return row(db, "SELECT 1 FROM users WHERE disabled_at IS NULL LIMIT 1") is not None


def set_password(db: Database, name: str, password: str, *, now: datetime) -> User:
    """Give a user another password; every session of that user ends. Raises UserError, PasswordError."""
    user = user_named(db, name)
    check_password(password, user.name)
    kept = hashed(password)
    with transaction(db):
        update(db, "users", "id", user.id, {"password": kept, "password_at": utc(now)})
        _end_sessions(db, user)
    return user


def keep_rehashed(db: Database, user_id: int, before: str, kept: str) -> None:
    """Store a password's hash that was made anew with today's parameters, unless it has been changed meanwhile."""
    with transaction(db):
        db.conn.execute("UPDATE users SET password = ? WHERE id = ? AND password = ?", [kept, user_id, before])


def set_role(db: Database, name: str, role: Role) -> User:
    """Give a user another role; it holds from the next request. Raises UserError."""
    with transaction(db):
        update(db, "users", "id", user_named(db, name).id, {"role": role})
        return user_named(db, name)


def disable(db: Database, name: str, *, now: datetime) -> User:
    """Let a user in no longer; every session of that user ends. Raises UserError."""
    with transaction(db):
        user = user_named(db, name)
        update(db, "users", "id", user.id, {"disabled_at": user.disabled_at or utc(now)})
        _end_sessions(db, user)
        return user_named(db, name)


def enable(db: Database, name: str) -> User:
    """Let a user in again. Raises UserError."""
    with transaction(db):
        update(db, "users", "id", user_named(db, name).id, {"disabled_at": None})
        return user_named(db, name)


def checked_name(name: str) -> str:
    """`name` as it is kept. Raises UserError for one that cannot be shown beside a decision."""
    shown = unicodedata.normalize("NFC", " ".join(name.split()))
    if not 0 < len(shown) <= LONGEST_NAME or not shown.isprintable() or not any(map(str.isalnum, shown)):
        raise UserError(f"a name has 1 to {LONGEST_NAME} printable characters, a letter or digit among them")
    return shown


def name_key(name: str) -> str:
    """What two spellings of one name have in common."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def _check_email(email: str | None) -> None:
    if email is not None and (len(email) > 254 or not email.isprintable() or not _EMAIL.fullmatch(email)):
        raise UserError(f"{email!r} is no e-mail address such as ana@example.org")


def _end_sessions(db: Database, user: User) -> None:
    db.conn.execute("DELETE FROM sessions WHERE user_id = ?", [user.id])


def _user(found: Mapping[str, Any]) -> User:
    return User(**found)


_USERS = """
SELECT u.id, u.name, u.role, u.email, u.created_at, u.password_at, u.disabled_at,
  (SELECT max(s.seen_at) FROM sessions AS s WHERE s.user_id = u.id) AS seen_at,
  (SELECT count(*) FROM sessions AS s WHERE s.user_id = u.id) AS sessions
FROM users AS u
"""

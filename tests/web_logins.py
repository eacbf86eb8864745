"""A site with logins and a user of each role, for the tests of who may do what."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from starlette.types import ASGIApp, Receive, Scope, Send

from db.accounts.passwords import hashed
from db.accounts.sessions import open_session
from db.accounts.users import add_user, name_key
from db.connection import insert
from db.names import utc
from tests.db_samples import NOON, Desk
from tests.web_desk import HOME, NOW, Reader
from web.access import Access
from web.app import make_app

SECRETS = {
    "Rea": "seven barges, one lock",
    "Vero": "nine lanterns on a quay",
    "Ada": "three kilns by the river",
}
ROLES = {"Rea": "reader", "Vero": "reviewer", "Ada": "admin"}


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def with_users(desk: Desk) -> Desk:
    """`desk` with a reader, a reviewer and an admin."""
    for name, role in ROLES.items():
        add_user(desk.db, name, role, SECRETS[name], now=NOON)  # type: ignore[arg-type]
        desk.db.conn.execute("UPDATE users SET password = ? WHERE name = ?", [_hash(name), name])
    return desk


@cache
def _hash(name: str) -> str:
    return hashed(SECRETS[name])


def site_with_logins(desk: Desk, *, clock: Clock | None = None, base_url: str = HOME) -> Reader:
    """The site over `desk`, where people log in; nobody has yet."""
    access = Access(logins=True, base_url=base_url)
    return Reader(make_app(desk.path, archive=desk.path.parent / "archive", access=access, clock=clock or Clock()))


def logged_in(site: Reader, name: str) -> Reader:
    """A browser of its own in which that user is logged in."""
    browser = Reader(site.app)
    answer = browser.post("/login", {"name": name, "password": SECRETS[name]})
    assert answer.status_code == 303, answer.text
    return browser


def site_of(desk: Desk, name: str) -> ASGIApp:
    """The site over `desk` where whoever asks is logged in as the reviewer `name`."""
    access = Access(logins=True, base_url=HOME)
    app = make_app(desk.path, archive=desk.path.parent / "archive", access=access, clock=Clock())
    user = {"name": name, "name_key": name_key(name), "role": "reviewer", "password": "none"}
    identity = insert(desk.db, "users", {**user, "created_at": utc(NOW), "password_at": utc(NOW)})
    token = open_session(desk.db, identity, longest=access.longest, address="127.0.0.1", agent="test", now=NOW)

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        cookie = (b"cookie", f"{access.cookie}={token}".encode())
        await app({**scope, "headers": [*scope.get("headers", []), cookie]}, receive, send)

    return asked

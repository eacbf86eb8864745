"""A site with logins and a user of each role, for the tests of who may do what."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from db.passwords import hashed
from db.users import add_user
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

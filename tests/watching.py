"""Watch rules for tests: kept in a database, and the hook that reads them there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from alerts.announce import make_hook
from alerts.rules import Rule, settings_of
from db.rules import add_rule
from db.store import OnNew
from tests.db_samples import NOON, Desk

HERE = "http://desk.example.org/"


def keep(desk: Desk, rule: Rule, *, owner: str = "ana") -> int:
    """The rule in the database; gives its id."""
    return add_rule(desk.db, settings_of(rule), owner=owner, by=owner, now=NOON)


def watching(desk: Desk, *rules: Rule, now: Callable[[], datetime] = lambda: NOON) -> OnNew:
    """The rules in the database, and the hook that the store is to call."""
    for rule in rules:
        keep(desk, rule)
    return make_hook(HERE, now=now)


def rule(**values: Any) -> Rule:
    """A rule that wants every new announcement, with some things changed."""
    return Rule(**{"name": "watch", "to": ("reader@example.org",), **values})

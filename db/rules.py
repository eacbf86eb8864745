"""Watch rules as they are kept: settings, owner and every change of them; what the settings mean is said by `alerts`.

A rule is changed and deleted by writing a further version; versions are events and stay, as what was sent does. The
number of the last version serves as the counter by which a long-running process sees that a rule has changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from db.connection import insert, rows, transaction, update, value
from db.names import utc

Origin = Literal["site", "configuration"]
Change = Literal["created", "edited", "paused", "resumed", "deleted", "restored"]

CONFIGURATION = "configuration"
"""The owner of rules that stand in the configuration file."""


class RuleConflict(ValueError):
    """A change that cannot be made as things stand; the message says why."""


class NameTaken(RuleConflict):
    """The owner has another rule of that name."""


class TooManyRules(RuleConflict):
    """The owner has as many rules as anybody may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRule:
    """A watch rule as it stands."""

    id: int
    name: str
    owner: str
    origin: Origin
    settings: Mapping[str, Any]
    """Everything that can be set, by the names of `alerts.rules.Rule`; what is not there has its default."""
    version: int
    """Give it to `change_rule` and `delete_rule` as `expected`."""
    created_at: str
    changed_at: str
    deleted_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One change of a rule."""

    version: int
    change: Change
    changed_by: str
    changed_at: str
    settings: Mapping[str, Any]


def add_rule(
    db: Database,
    settings: Mapping[str, Any],
    *,
    owner: str,
    by: str,
    now: datetime,
    origin: Origin = "site",
    most: int | None = None,
) -> int:
    """Keep a new rule; gives its id. Raises NameTaken, and TooManyRules where the owner has `most` already."""
    with transaction(db):
        _insist_on_name(db, origin, owner, settings["name"], other_than=0)
        if most is not None and count_rules(db, owner) >= most:
            raise TooManyRules(f"{owner} has {most} rules, which is as many as one person may have: delete one first")
        identity = insert(
            db,
            "rules",
            {
                "name": settings["name"],
                "owner": owner,
                "origin": origin,
                "settings": _held(settings),
                "version": 1,
                "created_at": utc(now),
                "changed_at": utc(now),
            },
        )
        _note(db, identity, 1, "created", by, now, settings)
    return identity


def change_rule(
    db: Database,
    identity: int,
    settings: Mapping[str, Any],
    *,
    by: str,
    now: datetime,
    expected: int | None = None,
    change: Change = "edited",
) -> bool:
    """Give a rule other settings; False where they are what it has.

    Raises LookupError for a rule that there is not, RuleConflict where it is no longer at the version `expected`.
    """
    with transaction(db):
        found = _expected(db, identity, expected)
        if json.loads(_held(settings)) == found.settings and found.deleted_at is None:
            return False
        _insist_on_name(db, found.origin, found.owner, settings["name"], other_than=identity)
        version = found.version + 1
        values = {"name": settings["name"], "settings": _held(settings), "version": version, "changed_at": utc(now)}
        update(db, "rules", "id", identity, {**values, "deleted_at": None})
        _note(db, identity, version, change, by, now, settings)
    return True


def delete_rule(db: Database, identity: int, *, by: str, now: datetime, expected: int | None = None) -> None:
    """Take a rule out of service; what it has sent stays, and so do its versions. Raises as `change_rule`."""
    with transaction(db):
        found = _expected(db, identity, expected)
        version = found.version + 1
        update(
            db, "rules", "id", identity, {"version": version, "changed_at": utc(now), "deleted_at": utc(now)}
        )  # fmt: skip
        _note(db, identity, version, "deleted", by, now, found.settings)


def keep_configured(db: Database, settings: Sequence[Mapping[str, Any]], *, now: datetime) -> int:
    """Bring the rules of the configuration to what stands in its file; gives how many had to change.

    They are known by their names: one that is gone from the file is deleted, one that comes back goes on where it was.
    """
    with transaction(db):
        held: dict[str, StoredRule] = {}
        for found in _read(db, "WHERE origin = 'configuration' ORDER BY deleted_at IS NULL, id"):
            held[found.name] = found
        changed = 0
        for wanted in settings:
            there = held.pop(wanted["name"], None)
            if there is None:
                add_rule(db, wanted, owner=CONFIGURATION, by=CONFIGURATION, now=now, origin="configuration")
                changed += 1
            else:
                change: Change = "restored" if there.deleted_at else "edited"
                changed += change_rule(db, there.id, wanted, by=CONFIGURATION, now=now, change=change)
        for gone in held.values():
            if gone.deleted_at is None:
                delete_rule(db, gone.id, by=CONFIGURATION, now=now)
                changed += 1
    return changed


def stored_rule(db: Database, identity: int) -> StoredRule | None:
    """The rule with that id, deleted or not; None if there never was one."""
    return next(_read(db, "WHERE id = :id", {"id": identity}), None)


def rules_in_service(db: Database) -> list[StoredRule]:
    """All rules that are not deleted, in the order of their making."""
    return list(_read(db, "WHERE deleted_at IS NULL ORDER BY id"))


def rules_named(db: Database, name: str) -> list[StoredRule]:
    """The rules in service of that name, whoever owns them."""
    return list(_read(db, "WHERE deleted_at IS NULL AND name = :name COLLATE NOCASE ORDER BY id", {"name": name}))


def list_rules(db: Database, *, seen_by: str | None, after: int = 0, limit: int = 50) -> list[StoredRule]:
    """Rules in service, the configuration's first and then by id: all of them, or those that `seen_by` may see."""
    whose = "" if seen_by is None else "AND (origin = 'configuration' OR owner = :owner)"
    return list(
        _read(
            db,
            f"WHERE deleted_at IS NULL AND id > :after {whose} ORDER BY id LIMIT :limit",
            {"after": after, "owner": seen_by, "limit": limit},
        )
    )


def count_rules(db: Database, owner: str) -> int:
    """How many rules in service somebody owns on the site."""
    return int(
        value(db, "SELECT count(*) FROM rules WHERE origin = 'site' AND owner = ? AND deleted_at IS NULL", [owner])
    )


def versions(db: Database, identity: int, *, limit: int = 50) -> list[Version]:
    """What was changed in a rule, newest first."""
    found = rows(db, "SELECT * FROM rule_versions WHERE rule_id = ? ORDER BY version DESC LIMIT ?", [identity, limit])
    names = ("version", "change", "changed_by", "changed_at")
    return [Version(settings=json.loads(one["settings"]), **{name: one[name] for name in names}) for one in found]


def last_change(db: Database) -> int:
    """A number that grows with every change of any rule."""
    return int(value(db, "SELECT max(id) FROM rule_versions") or 0)


def _expected(db: Database, identity: int, expected: int | None) -> StoredRule:
    found = stored_rule(db, identity)
    if found is None:
        raise LookupError(f"there is no rule {identity}")
    if expected is not None and found.version != expected:
        last = versions(db, identity, limit=1)[0]
        raise RuleConflict(f"{last.changed_by} has changed the rule in the meantime ({last.change}): look at it again")
    return found


def _insist_on_name(db: Database, origin: Origin, owner: str, name: str, *, other_than: int) -> None:
    taken = value(
        db,
        "SELECT 1 FROM rules WHERE origin = ? AND owner = ? AND name = ? COLLATE NOCASE AND deleted_at IS NULL "
        "AND id <> ?",
        [origin, owner, name, other_than],
    )
    if taken:
        raise NameTaken(f"{owner} has another rule named {name!r}: give this one another name")


def _note(
    db: Database, identity: int, version: int, change: Change, by: str, now: datetime, settings: Mapping[str, Any]
) -> None:
    insert(
        db,
        "rule_versions",
        {
            "rule_id": identity,
            "version": version,
            "change": change,
            "changed_by": by,
            "changed_at": utc(now),
            "settings": _held(settings),
        },
    )


def _held(settings: Mapping[str, Any]) -> str:
    return json.dumps(dict(settings), ensure_ascii=False, sort_keys=True)


def _read(db: Database, where: str, parameters: Mapping[str, Any] | None = None) -> Iterator[StoredRule]:
    for found in rows(db, f"SELECT * FROM rules {where}", parameters or {}):  # noqa: S608
        settings = json.loads(found.pop("settings"))
        yield StoredRule(settings=settings, **found)

"""A watch rule -> matches, and why each matched: a full-text query and filters over new statements."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from sqlite_utils import Database

from db.connection import row, rows
from db.search import SEARCH_COLUMNS, SearchError, matches, to_match
from db.store import Stored

Record = Mapping[str, Any]
RuleKind = Literal["announcement", "quote", "article"]

_VIEWS: Mapping[RuleKind, str] = MappingProxyType(
    {"announcement": "policy_announcements", "quote": "quotes_attributed", "article": "articles_latest"}
)
_KIND_OF_ID: Mapping[str, RuleKind] = MappingProxyType({"p": "announcement", "q": "quote", "a": "article"})


class RuleError(ValueError):
    """A rule that can never work; the message names the rule and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What somebody wants to hear of.

    The query and every filter that is not empty must hold; of a filter's values one is enough. A filter says
    nothing of kinds that lack its column: `roles` leaves announcements alone.
    """

    name: str
    to: tuple[str, ...]
    query: str | None = None
    kinds: tuple[RuleKind, ...] = ("announcement",)
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    salience: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One statement (or article) that a rule wants told of."""

    rule: Rule
    kind: RuleKind
    record: Record
    """The row of the public view."""
    why: tuple[str, ...]
    """One line for each condition that held, for the reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filter:
    """One kind of condition: the rule's field, the view's column, and how a wanted value is compared with it."""

    field: str
    column: str
    kinds: tuple[RuleKind, ...]
    holds: Callable[[str, str], bool]


def _same(wanted: str, found: str) -> bool:
    return wanted.casefold() == found.casefold()


def _inside(wanted: str, found: str) -> bool:
    return wanted.casefold() in found.casefold()


_ALL: tuple[RuleKind, ...] = ("announcement", "quote", "article")
_FILTERS = (
    _Filter(field="sources", column="source", kinds=_ALL, holds=_same),
    _Filter(field="languages", column="language", kinds=_ALL, holds=_same),
    _Filter(field="instruments", column="instrument", kinds=("announcement",), holds=_same),
    _Filter(field="actions", column="action", kinds=("announcement",), holds=_same),
    _Filter(field="issuers", column="issuers", kinds=("announcement",), holds=_same),
    _Filter(field="statuses", column="status", kinds=("announcement",), holds=_same),
    _Filter(field="salience", column="salience", kinds=("announcement",), holds=_same),
    _Filter(field="regions", column="regions", kinds=("announcement",), holds=_inside),
    _Filter(field="sectors", column="sectors", kinds=("announcement",), holds=_inside),
    _Filter(field="entities", column="entities", kinds=("announcement",), holds=_inside),
    _Filter(field="roles", column="role", kinds=("quote",), holds=_same),
    _Filter(field="organizations", column="organization", kinds=("quote",), holds=_inside),
    _Filter(field="speakers", column="speaker", kinds=("quote",), holds=_inside),
)


def check_rules(rules: Iterable[Rule]) -> None:
    """Raises RuleError for a rule whose query cannot be understood, before a crawl has to find out."""
    for rule in rules:
        if rule.query is None:
            continue
        try:
            to_match(rule.query, columns=sorted({name for names in SEARCH_COLUMNS.values() for name in names}))
        except SearchError as error:
            raise RuleError(f"rule {rule.name!r}: query {rule.query!r}: {error}") from error


def find_matches(db: Database, stored: Stored, rules: Sequence[Rule]) -> list[Match]:
    """What of `stored` the rules want told of: its new statements, those that a file completed, and the article itself
    the first time it comes.

    Reads what the storing transaction has just written. A copy of an article that another page already brought
    (`duplicate_of`) tells nothing new.
    """
    active = [rule for rule in rules if not rule.paused]
    fresh = stored.new or stored.completed or stored.outcome == "new"
    if not active or not fresh:
        return []
    article = row(db, "SELECT * FROM articles_latest WHERE id = ?", [stored.article_id])
    if article is None or article["duplicate_of"]:
        return []
    targets = [*stored.new, *stored.completed, *([stored.article_id] if stored.outcome == "new" else [])]
    return list(_matches_of(db, targets, active))


def preview(db: Database, rule: Rule, since: datetime) -> Iterator[Match]:
    """What `rule` would have matched of all that was first seen since then, newest last."""
    for kind in rule.kinds:
        sql = f"SELECT * FROM {_VIEWS[kind]} WHERE first_seen_at >= ? AND duplicate_of IS NULL ORDER BY seq"  # noqa: S608
        for record in rows(db, sql, [f"{since:%Y-%m-%dT%H:%M:%SZ}"]):
            if (why := _why(db, rule, kind, record)) is not None:
                yield Match(rule=rule, kind=kind, record=record, why=why)


def _matches_of(db: Database, targets: Iterable[str], rules: Sequence[Rule]) -> Iterator[Match]:
    for target in targets:
        kind = _KIND_OF_ID[target[0]]
        wanting = [rule for rule in rules if kind in rule.kinds]
        record = row(db, f"SELECT * FROM {_VIEWS[kind]} WHERE id = ?", [target]) if wanting else None  # noqa: S608
        if record is None:
            continue
        for rule in wanting:
            if (why := _why(db, rule, kind, record)) is not None:
                yield Match(rule=rule, kind=kind, record=record, why=why)


def _why(db: Database, rule: Rule, kind: RuleKind, record: Record) -> tuple[str, ...] | None:
    """Why the rule wants the record, one line a condition; None if it does not."""
    reasons: list[str] = []
    for condition in _FILTERS:
        wanted: tuple[str, ...] = getattr(rule, condition.field)
        if not wanted or kind not in condition.kinds:
            continue
        found = _values(record[condition.column])
        held = next((f for f in found for w in wanted if condition.holds(w, f)), None)
        if held is None:
            return None
        # the values of our own vocabularies are written with underscores: `export_control`
        reasons.append(f"{condition.column} is {held.replace('_', ' ')}")
    # the query comes last: it is the dearest of the conditions
    if rule.query is not None:
        if not matches(db, record["id"], rule.query):
            return None
        reasons.append(f"it says {rule.query}")
    return tuple(reasons) or (f"every new {kind}",)


def _values(found: Any) -> list[str]:
    """The values of a column: the members of a JSON list, or the one value, or nothing."""
    if found is None:
        return []
    if isinstance(found, str) and found.startswith("["):
        return [str(member) for member in json.loads(found)]
    return [str(found)]

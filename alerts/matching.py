"""New statements and watch rules -> matches, and why each matched; a thousand rules take milliseconds.

Rules are compiled: for each filter a table from its wanted values to the rules that want them, as the bits of one
integer. A statement goes through the filters by ands and ors of such integers, and what full text is asked for by the
rules that are left is asked once of all new statements together (`db.finding.probing`).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from alerts.rules import FILTERS, SEARCHED, Filter, Rule, RuleKind, Watch
from db.connection import row, rows
from db.finding.probing import probing_all
from db.search import SEARCH_COLUMNS, SearchError, to_match
from db.store import Stored

log = logging.getLogger(__name__)

Record = Mapping[str, Any]

VIEWS: Mapping[RuleKind, str] = MappingProxyType(
    {"announcement": "policy_announcements", "quote": "quotes_attributed", "article": "articles_latest"}
)
_KIND_OF_ID: Mapping[str, RuleKind] = MappingProxyType({"p": "announcement", "q": "quote", "a": "article"})
_REVIEWED = ("accepted", "corrected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One statement (or article) that a rule wants told of."""

    watch: Watch
    kind: RuleKind
    record: Record
    """The row of the public view."""
    why: tuple[str, ...]
    """One line for each condition that held, for the reader."""

    @property
    def rule(self) -> Rule:
        """The rule that matched."""
        return self.watch.rule


@dataclass(frozen=True, slots=True, kw_only=True)
class _Condition:
    """One filter over all rules."""

    filter: Filter
    indifferent: int
    """The rules that do not use it."""
    wanted: Mapping[str, int]
    """Folded value -> the rules that want it."""

    def lets_through(self, record: Record, left: int) -> int:
        found = [one.casefold() for one in values(record[self.filter.column])]
        through = self.indifferent
        if not self.filter.inside:
            for one in found:
                through |= self.wanted.get(one, 0)
            return left & through
        for wanted, by in self.wanted.items():
            if by & left and any(wanted in one for one in found):
                through |= by
        return left & through


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The rules that ask for one kind, ready to be asked."""

    kind: RuleKind
    watches: tuple[Watch, ...]
    """The rule of bit n is the nth."""
    conditions: tuple[_Condition, ...]
    asking: int
    """The rules with a query."""
    expressions: Mapping[str, int]
    """FTS5 expression -> the rules that ask it."""
    confidence: Mapping[float, int]
    reviewed_only: int


def compile_rules(watches: Sequence[Watch]) -> Mapping[RuleKind, Compiled]:
    """The rules by the kind that they ask for. A rule whose query can no longer be understood is left out and logged:
    it must not keep an article from being stored."""
    understood = [one for one in watches if _understood(one)]
    return {kind: _compiled(kind, [one for one in understood if kind in one.rule.kinds]) for kind in VIEWS}


def find_matches(db: Database, stored: Stored, rules: Mapping[RuleKind, Compiled], now: datetime) -> list[Match]:
    """What of `stored` the rules want told of: its statements that are new or have changed, and the article itself
    the first time it comes.

    Reads what the storing transaction has just written. A copy of an article that another page already brought tells
    nothing new, nor does an earlier version that came later.
    """
    if not any(compiled.watches for compiled in rules.values()):
        return []
    first = stored.outcome == "new"
    if first and stored.told_before:
        return []
    targets = dict.fromkeys([*stored.new, *stored.completed, *stored.changed])
    if not targets and not first:
        return []
    article = row(db, "SELECT * FROM articles_latest WHERE id = ?", [stored.article_id])
    if article is None or article["duplicate_of"]:
        return []
    return list(matches_of(db, [*targets, *([stored.article_id] if first else [])], rules, now))


def matches_of(
    db: Database, targets: Iterable[str], rules: Mapping[RuleKind, Compiled], now: datetime, *, reviewed: bool = False
) -> Iterator[Match]:
    """Which of the articles and statements with these ids the rules want; `reviewed`: only by rules that wait for
    a person's decision."""
    by_kind: dict[RuleKind, list[str]] = {}
    for target in targets:
        by_kind.setdefault(_KIND_OF_ID[target[0]], []).append(target)
    for kind, ids in by_kind.items():
        compiled = rules[kind]
        working = _bits(one.rule.works(now) for one in compiled.watches)
        if reviewed:
            working &= compiled.reviewed_only
        if working:
            sql = f"SELECT * FROM {VIEWS[kind]} WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608
            records = {record["id"]: record for record in rows(db, sql, [json.dumps(ids)])}
            yield from match_records(db, compiled, [records[one] for one in ids if one in records], working)


def match_records(
    db: Database, compiled: Compiled, records: Sequence[Record], working: int | None = None
) -> Iterator[Match]:
    """Which of these rows of the kind's public view the rules want; `working` are the bits of those to be asked."""
    everybody = (1 << len(compiled.watches)) - 1 if working is None else working
    left = [(record, _filtered(compiled, record, everybody)) for record in records]
    left = [(record, by) for record, by in left if by]
    asking = 0
    for _record, by in left:
        asking |= by & compiled.asking
    hits = _hits(db, compiled, [record["seq"] for record, by in left if by & compiled.asking], asking) if asking else {}
    for record, by in left:
        for at in _ones((by & ~compiled.asking) | (by & hits.get(record["seq"], 0))):
            watch = compiled.watches[at]
            yield Match(watch=watch, kind=compiled.kind, record=record, why=reasons(watch.rule, compiled.kind, record))


def reasons(rule: Rule, kind: RuleKind, record: Record) -> tuple[str, ...]:
    """Why a rule wants a record that it does want, one line a condition."""
    found = [line for condition in FILTERS if (line := _reason(condition, rule, kind, record))]
    if rule.minimum_confidence is not None and kind != "article" and record["review_state"] not in _REVIEWED:
        found.append(f"confidence is {record['confidence']:.2f}")
    if rule.reviewed_only and kind != "article":
        found.append(f"a person has {record['review_state']} it")
    if rule.query is not None:
        found.append(f"it says {rule.query}")
    return tuple(found) or (f"every new {kind}",)


def values(found: Any) -> list[str]:
    """The values of a column: the members of a JSON list, or the one value, or nothing."""
    if found is None:
        return []
    if isinstance(found, str) and found.startswith("["):
        return [str(member) for member in json.loads(found)]
    return [str(found)]


def _reason(condition: Filter, rule: Rule, kind: RuleKind, record: Record) -> str:
    wanted = [one.casefold() for one in getattr(rule, condition.field)]
    if not wanted or kind not in condition.kinds:
        return ""
    for one in values(record[condition.column]):
        folded = one.casefold()
        if any(want in folded if condition.inside else want == folded for want in wanted):
            # the values of our own vocabularies are written with underscores: `export_control`
            return f"{condition.column} is {one.replace('_', ' ') if condition.values else one}"
    return ""


def _understood(watch: Watch) -> bool:
    try:
        for kind in watch.rule.kinds if watch.rule.query is not None else ():
            to_match(watch.rule.query or "", columns=SEARCH_COLUMNS[SEARCHED[kind]])
    except SearchError as error:
        said = {"rule": watch.id, "rule_name": watch.rule.name, "why": str(error)}
        log.error("watch rule left out: edit its query", extra=said)
        return False
    return True


def _compiled(kind: RuleKind, watches: Sequence[Watch]) -> Compiled:
    conditions = []
    for condition in FILTERS:
        wanted: dict[str, int] = {}
        for at, one in enumerate(watches):
            for value in getattr(one.rule, condition.field):
                wanted[value.casefold()] = wanted.get(value.casefold(), 0) | 1 << at
        if wanted and kind in condition.kinds:
            indifferent = _bits(not getattr(one.rule, condition.field) for one in watches)
            conditions.append(_Condition(filter=condition, indifferent=indifferent, wanted=wanted))
    expressions: dict[str, int] = {}
    confidence: dict[float, int] = {}
    for at, one in enumerate(watches):
        if one.rule.query is not None:
            expression = to_match(one.rule.query, columns=SEARCH_COLUMNS[SEARCHED[kind]])
            expressions[expression] = expressions.get(expression, 0) | 1 << at
        if one.rule.minimum_confidence is not None and kind != "article":
            least = one.rule.minimum_confidence
            confidence[least] = confidence.get(least, 0) | 1 << at
    return Compiled(
        kind=kind,
        watches=tuple(watches),
        conditions=tuple(conditions),
        asking=_bits(one.rule.query is not None for one in watches),
        expressions=expressions,
        confidence=confidence,
        reviewed_only=_bits(one.rule.reviewed_only and kind != "article" for one in watches),
    )


def _filtered(compiled: Compiled, record: Record, left: int) -> int:
    """The bits of the rules whose filters the record passes."""
    if compiled.kind != "article" and record["review_state"] not in _REVIEWED:
        left &= ~compiled.reviewed_only
        sure = record["confidence"]
        for least, by in compiled.confidence.items():
            if sure is None or sure < least:
                left &= ~by
    for condition in compiled.conditions:
        if not left:
            break
        left = condition.lets_through(record, left)
    return left


def _hits(db: Database, compiled: Compiled, seqs: Sequence[int], asking: int) -> dict[int, int]:
    """By record, the bits of the rules whose query it answers."""
    found: dict[int, int] = {}
    with probing_all(db, SEARCHED[compiled.kind], seqs) as asked:
        for expression, by in compiled.expressions.items():
            if by & asking:
                for seq in asked(expression):
                    found[seq] = found.get(seq, 0) | by
    return found


def _bits(holds: Iterable[bool]) -> int:
    return sum(1 << at for at, one in enumerate(holds) if one)


def _ones(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest

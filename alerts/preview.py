"""What a rule would have matched and sent, before it is saved: newest first, bounded in matches, rows and time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from alerts.announce import article_of, mail_of
from alerts.digest_mail import compose_digest
from alerts.matching import VIEWS, Compiled, Match, Record, compile_rules, match_records, reasons
from alerts.rules import FILTERS, SEARCHED, Rule, RuleKind, Watch
from alerts.sheet import Composed
from alerts.when import next_due
from db.connection import row, rows
from db.finding.fulltext import INDEXES, place_at
from db.finding.marking import worded
from db.names import utc

MOST_MATCHES = 500
MOST_ROWS = 20_000
"""Of one kind that are looked at."""
SECONDS = 1.5

_AT_A_TIME = 200
_TABLES = {"announcement": "policies", "quote": "quotes", "article": "articles"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMail:
    """A mail that would have been sent to each recipient."""

    at: str
    """UTC: the time of the article, or when the digest would have been due."""
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a rule would have done since a day."""

    since: datetime
    mails: tuple[PlannedMail, ...]
    """Newest first."""
    matches: int
    articles: int
    whole: bool
    """False where there is more than was looked at: the numbers are then the least that it would have been."""
    newest: Composed | None
    """The newest of the mails, as it would read."""


def preview(
    db: Database,
    rule: Rule,
    now: datetime,
    *,
    days: int = 90,
    most: int = MOST_MATCHES,
    base_url: str = "",
    clock: Callable[[], float] = time.monotonic,
) -> Preview:
    """What `rule` would have matched of the articles of the last days, by their own dates, and sent.

    Looks at the newest first and stops at `most` matches, MOST_ROWS rows a kind or after SECONDS.
    """
    since = now.astimezone(UTC) - timedelta(days=days)
    deadline = clock() + SECONDS
    found: list[Match] = []
    whole = True
    for kind in rule.kinds:
        matches = _matches(db, rule, kind, utc(since))
        for looked_at, more in matches:
            found += more
            if len(found) >= most or looked_at >= MOST_ROWS or clock() > deadline:
                whole = whole and next(matches, None) is None
                break
        if len(found) >= most:
            whole = whole and kind == rule.kinds[-1] and len(found) == most
            break
    found = sorted(found, key=lambda match: str(match.record["sort_at"]), reverse=True)[:most]
    mails = tuple(_mails(rule, found))
    return Preview(
        since=since,
        mails=mails,
        matches=len(found),
        articles=len({article_of(match) for match in found}),
        whole=whole,
        newest=compose_planned(db, rule, mails[0], base_url, page=f"{base_url}/rules") if mails else None,
    )


def _matches(db: Database, rule: Rule, kind: RuleKind, since: str) -> Iterator[tuple[int, list[Match]]]:
    """How many rows have been looked at, and what of the last of them the rule wants."""
    # the query has been answered by the index that gave the rows
    asked = compile_rules([Watch(id=0, rule=replace(rule, query=None))])[kind]
    watch = Watch(id=0, rule=rule)
    looked_at = 0
    with closing(_seqs(db, rule, kind, since)) as seqs:
        while some := [seq for _, seq in zip(range(_AT_A_TIME), seqs, strict=False)]:
            looked_at += len(some)
            yield (
                looked_at,
                [
                    Match(watch=watch, kind=kind, record=record, why=reasons(rule, kind, record))
                    for record in _wanted(db, asked, kind, some, since)
                ],
            )


def _wanted(db: Database, asked: Compiled, kind: RuleKind, seqs: Sequence[int], since: str) -> Iterator[Record]:
    sql = (
        f"SELECT * FROM {VIEWS[kind]} WHERE seq IN (SELECT value FROM json_each(?)) "  # noqa: S608
        "AND duplicate_of IS NULL AND sort_at >= ?"
    )
    for match in match_records(db, asked, list(rows(db, sql, [json.dumps(list(seqs)), since]))):
        yield match.record


def _seqs(db: Database, rule: Rule, kind: RuleKind, since: str) -> Generator[int, None, None]:
    """Integer keys of what may match, newest first: by the query's index where there is one, else by time."""
    table = _TABLES[kind]
    if rule.query is not None:
        index = INDEXES[SEARCHED[kind]].table
        sql = (
            f"SELECT b.seq FROM {index} AS f CROSS JOIN {table} AS b ON b.place = f.rowid "  # noqa: S608
            f"WHERE {index} MATCH ? AND f.rowid >= ? ORDER BY f.rowid DESC"
        )
        parameters: list[Any] = [worded(SEARCHED[kind], rule.query), place_at(since)]
    else:
        conditions, parameters = [f"sort_at >= ?{_standing(kind)}"], [since]
        for condition in FILTERS:
            wanted = getattr(rule, condition.field)
            # only what stands in the table itself; the rest is looked at row by row
            if wanted and condition.kinds == (kind,) and condition.values:
                conditions.append(f"{condition.column} IN (SELECT value FROM json_each(?))")  # noqa: S608
                parameters.append(json.dumps(list(wanted)))
        sql = f"SELECT seq FROM {table} WHERE {' AND '.join(conditions)} ORDER BY sort_at DESC, seq DESC"  # noqa: S608
    with closing(db.conn.execute(sql, parameters)) as cursor:
        for (seq,) in cursor:
            yield seq


def _standing(kind: RuleKind) -> str:
    return "" if kind == "article" else " AND retired_at IS NULL"


def _mails(rule: Rule, found: Sequence[Match]) -> Iterator[PlannedMail]:
    """The matches by the mail that would have told of them, newest first."""
    together: dict[tuple[str, str], list[Match]] = {}
    for match in found:
        published = datetime.fromisoformat(match.record["sort_at"])
        if rule.frequency == "instant":
            key = (match.record["sort_at"], article_of(match))
        else:
            key = (utc(next_due(rule, published)), "")
        together.setdefault(key, []).append(match)
    for at, _article in sorted(together, reverse=True):
        yield PlannedMail(at=at, matches=tuple(together[at, _article]))


def compose_planned(db: Database, rule: Rule, mail: PlannedMail, base_url: str, *, page: str) -> Composed:
    """The mail as it would read; `page` is the rule's page on the site, which a digest leads to."""
    if rule.frequency != "instant":
        due = datetime.fromisoformat(mail.at)
        return compose_digest(db, mail.matches[0].watch, mail.matches, due=due, page=page, base_url=base_url)
    article = row(db, "SELECT * FROM articles_latest WHERE id = ?", [article_of(mail.matches[0])])
    assert article is not None, "the match was read from it"
    return mail_of(db, article, mail.matches, base_url)

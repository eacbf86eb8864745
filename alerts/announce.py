"""Matches -> outbox: the hook that the store calls in its transaction, so that a match and its mail land together.

An instant rule's match gets its mail at once; a match of any other waits for the rule's digest (`alerts.digest`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from alerts.compose import compose_alert, message_key
from alerts.lateness import Lateness, Verdict
from alerts.matching import Compiled, Match, compile_rules, find_matches, matches_of
from alerts.rules import RuleKind, watch_of
from alerts.sheet import Composed
from alerts.surroundings import find_surroundings
from alerts.threads import thread_of
from db.connection import row, rows, transaction, value
from db.matches import Target, add_match, known_targets
from db.outbox import enqueue
from db.rules import last_change, rules_in_service
from db.store import Stored
from db.unsubscriptions import stays

TARGETS: Mapping[RuleKind, Target] = {"announcement": "policy", "quote": "quote", "article": "article"}


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class RulesInService:
    """The rules of the database, compiled; read again when any of them has changed."""

    _change: int = -1
    _compiled: Mapping[RuleKind, Compiled] = field(default_factory=dict)

    def read(self, db: Database) -> Mapping[RuleKind, Compiled]:
        """The rules as they stand in the transaction that is open."""
        change = last_change(db)
        if change != self._change:
            self._compiled = compile_rules([watch_of(stored) for stored in rules_in_service(db)])
            self._change = change
        return self._compiled


def make_hook(
    base_url: str, now: Callable[[], datetime] = _now, lateness: Lateness | None = None
) -> Callable[[Database, Stored], None]:
    """The `on_new` of `db.store`: one mail for each instant rule, recipient and article, whatever the number of
    statements; what other rules match waits for their digests.

    The rules are those of the database at that moment: one that is saved on the site works for the next article. A
    mail's key is made of the rule, the recipient and the ids of what it tells, so that storing the same again (after
    a crash, in a reprocessing) makes no second mail. `now` is the clock. With
    `lateness`, what is found long after it was published is told otherwise, or not at all.
    """
    rules = RulesInService()

    def announce(db: Database, stored: Stored) -> None:
        _tell(db, find_matches(db, stored, rules.read(db), now()), base_url, now(), lateness)

    return announce


def announce_reviewed(db: Database, base_url: str, now: datetime, rules: RulesInService | None = None) -> int:
    """Tell the rules that want only what a person has reviewed of the decisions since the last time; gives how many
    decisions were looked at.

    A mark says up to which decision; it moves in the transaction in which the matches land.
    """
    with transaction(db):
        newest = int(value(db, "SELECT max(id) FROM decisions") or 0)
        mark = value(db, "SELECT value FROM meta WHERE key = ?", [_MARK])
        # what was decided before there were such rules is no news
        since = newest if mark is None else int(mark)
        decided = list(rows(db, _DECIDED, [since, _MOST_DECISIONS]))
        if decided:
            compiled = (rules or RulesInService()).read(db)
            statements = dict.fromkeys(one["statement_id"] for one in decided)
            found = matches_of(db, statements, compiled, now, reviewed=True)
            _tell(db, [match for match in found if not match.record["duplicate_of"]], base_url, now)
        reached = decided[-1]["id"] if decided else newest
        if mark is None or reached != since:
            db.conn.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [_MARK, str(reached)])
    return len(decided)


_MARK = "rules:decisions"
_MOST_DECISIONS = 500
_DECIDED = "SELECT id, statement_id FROM decisions WHERE id > ? ORDER BY id LIMIT ?"


def mail_of(db: Database, article: Mapping[str, Any], found: Sequence[Match], base_url: str) -> Composed:
    """The mail that tells of one rule's matches in one article."""
    return compose_alert(
        rule=found[0].rule,
        article=article,
        announcements=[(match.record, match.why) for match in found if match.kind == "announcement"],
        quotes=[(match.record, match.why) for match in found if match.kind == "quote"],
        why=next((match.why for match in found if match.kind == "article"), ()),
        around=find_surroundings(db, [article["id"]], base_url=base_url, rule_id=found[0].watch.id),
    )


def article_of(match: Match) -> str:
    """The id of the article that a match stands in, or is."""
    return str(match.record["id"] if match.kind == "article" else match.record["article_id"])


def _tell(db: Database, found: Iterable[Match], base_url: str, now: datetime, lateness: Lateness | None = None) -> None:
    def place(match: Match) -> tuple[str, int]:
        return article_of(match), match.watch.id

    articles: dict[str, dict[str, Any]] = {}
    for (article_id, _rule), group in groupby(sorted(found, key=place), key=place):
        together = list(group)
        if article_id not in articles:
            article = row(db, "SELECT * FROM articles_latest WHERE id = ?", [article_id])
            assert article is not None, "it was stored in this transaction or before"
            articles[article_id] = article
        verdict, why = lateness.judge(articles[article_id], now) if lateness else ("fresh", "")
        mails: dict[tuple[str, ...], Composed] = {}
        for recipient in stays(db, together[0].watch.id, together[0].rule.to):
            _note(db, articles[article_id], together, recipient, base_url, now, verdict, why, mails)


def _note(
    db: Database,
    article: Mapping[str, Any],
    found: Sequence[Match],
    recipient: str,
    base_url: str,
    now: datetime,
    verdict: Verdict,
    late: str,
    mails: dict[tuple[str, ...], Composed],
) -> None:
    """Note what `recipient` has not been told yet and, for an instant rule, put in the mail that tells of it.

    `mails` are those made for others, by the ids of what they tell.
    """
    watch = found[0].watch
    known = known_targets(db, watch.id, article["id"], recipient)
    fresh = [match for match in found if match.record["id"] not in known]
    if not fresh:
        return
    key = None
    instant = watch.rule.frequency == "instant"
    if instant and verdict == "fresh":
        told = tuple(sorted(match.record["id"] for match in fresh))
        composed = mails.setdefault(told, mails.get(told) or mail_of(db, article, fresh, base_url))
        key = message_key("rule", str(watch.id), recipient, *told)
        enqueue(
            db,
            key=key,
            recipient=recipient,
            subject=composed.subject,
            text=composed.text,
            html=composed.html,
            rule=watch.rule.name,
            rule_id=watch.id,
            zone=watch.rule.zone,
            follows=thread_of(
                db, watch.id, recipient, [match.record for match in fresh if match.kind == "announcement"]
            ),
            article_id=article["id"],
            due_at=now,
        )
    for match in fresh:
        add_match(
            db,
            rule_id=watch.id,
            rule=watch.rule.name,
            kind=TARGETS[match.kind],
            target_id=match.record["id"],
            article_id=article["id"],
            recipient=recipient,
            why=match.why,
            now=now,
            outbox_key=key,
            late=late if instant and verdict == "late" else None,
            dropped=late if verdict == "old" else None,
        )

"""Matches -> outbox: the hook that the store calls in its transaction, so that a match and its mail land together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from alerts.compose import compose_alert, letter_for, message_key
from alerts.rules import Match, Rule, find_matches
from db.connection import row, rows
from db.outbox import add_match, enqueue
from db.store import Stored


def make_hook(
    rules: Sequence[Rule], base_url: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Callable[[Database, Stored], None]:
    """The `on_new` of `db.store`: one mail for each rule, recipient and article, whatever the number of statements.

    A mail's key is made of the rule, the recipient and the ids of what it tells, so that storing the same again
    (after a crash, in a reprocessing) makes no second mail. `now` is the clock.
    """

    def announce(db: Database, stored: Stored) -> None:
        found = sorted(find_matches(db, stored, rules), key=lambda match: match.rule.name)
        if not found:
            return
        article = row(db, "SELECT * FROM articles_latest WHERE id = ?", [stored.article_id])
        assert article is not None  # it was stored in this transaction
        for _, of_rule in groupby(found, key=lambda match: match.rule.name):
            together = list(of_rule)
            for recipient in together[0].rule.to:
                _enqueue(db, article, together, recipient, base_url, now())

    return announce


def _enqueue(
    db: Database, article: dict[str, Any], found: Sequence[Match], recipient: str, base_url: str, now: datetime
) -> None:
    """Put in the mail that tells `recipient` of all he has not been told yet."""
    rule = found[0].rule
    told = {
        told["target_id"]
        for told in rows(
            db,
            "SELECT target_id FROM alert_matches WHERE rule = ? AND recipient = ? AND article_id = ?",
            [rule.name, recipient, article["id"]],
        )
    }
    fresh = [match for match in found if match.record["id"] not in told]
    if not fresh:
        return
    composed = compose_alert(
        letter_for(
            rule=rule.name,
            article=article,
            announcements=[(match.record, match.why) for match in fresh if match.kind == "announcement"],
            quotes=[(match.record, match.why) for match in fresh if match.kind == "quote"],
            why=next((match.why for match in fresh if match.kind == "article"), ()),
            base_url=base_url,
        )
    )
    key = message_key(rule.name, recipient, *sorted(match.record["id"] for match in fresh))
    enqueue(
        db,
        key=key,
        recipient=recipient,
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        rule=rule.name,
        article_id=article["id"],
        due_at=now,
    )
    for match in fresh:
        add_match(
            db,
            rule=rule.name,
            kind="policy" if match.kind == "announcement" else match.kind,
            target_id=match.record["id"],
            article_id=article["id"],
            recipient=recipient,
            why={"reasons": match.why},
            now=now,
            outbox_key=key,
        )

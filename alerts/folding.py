"""One mail instead of a flood: what has waited in the outbox for too long, or exceeds what a recipient takes an hour.

Mails of a rule to a recipient that were never tried are put together in one; a mail that was tried once goes out
under its own Message-ID, for its recipient may have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from alerts.compose import message_key
from alerts.digest import put_together
from alerts.rules import watch_of
from db.connection import transaction
from db.mailing.folding import Untried, folded_into, put_aside, untried
from db.mailing.pace import sent_to
from db.matches import drop
from db.names import utc
from db.rules import stored_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pile:
    rule_id: int
    recipient: str
    mails: tuple[int, ...]
    why: str


def fold(db: Database, now: datetime, *, stale_after: timedelta, per_recipient_hourly: int, base_url: str) -> int:
    """Put together what has piled up; gives how many mails were put aside. One transaction a rule and recipient.

    What has waited for longer than `stale_after` (zero: no cap) since it was due takes everything of its rule and
    recipient with it; of the rest, what `per_recipient_hourly` (0: no limit) lets through goes as it is, the oldest
    first.
    """
    aside = 0
    for mails in list(untried(db, now)):
        for pile in _piles(db, mails, now, stale_after, per_recipient_hourly):
            aside += _put_together(db, pile, now, base_url)
    return aside


def _piles(
    db: Database, mails: Sequence[Untried], now: datetime, stale_after: timedelta, limit: int
) -> Iterator[_Pile]:
    recipient = mails[0].recipient
    stale_before = utc(now - stale_after)
    rest: list[Untried] = []
    for rule_id, of_rule in _by_rule(mails).items():
        if stale_after and len(of_rule) > 1 and of_rule[0].due_at < stale_before:
            yield _Pile(
                rule_id=rule_id,
                recipient=recipient,
                mails=tuple(one.id for one in of_rule),
                why="it had waited for too long: another mail tells of it, together with others",
            )
        else:
            rest += of_rule
    if not limit or len(rest) < 2:
        return
    sent, _free_at = sent_to(db, recipient, now)
    left = max(0, limit - sent)
    beyond = sorted(rest, key=lambda one: (one.due_at, one.id))[left:]
    for rule_id, of_rule in _by_rule(beyond).items():
        if len(of_rule) > 1:
            yield _Pile(
                rule_id=rule_id,
                recipient=recipient,
                mails=tuple(one.id for one in of_rule),
                why="too many mails for an hour: another mail tells of it, together with others",
            )


def _by_rule(mails: Sequence[Untried]) -> dict[int, list[Untried]]:
    found: dict[int, list[Untried]] = {}
    for one in mails:
        found.setdefault(one.rule_id, []).append(one)
    return found


def _put_together(db: Database, pile: _Pile, now: datetime, base_url: str) -> int:
    with transaction(db):
        stored = stored_rule(db, pile.rule_id)
        assert stored is not None, "rules are never taken out of their table"
        watch = watch_of(stored)
        aside, told = put_aside(db, pile.mails, pile.why)
        if stored.deleted_at is not None:
            drop(db, [match.id for match in told], "the rule was deleted")
        elif watch.rule.works(now):
            key = message_key("folded", str(pile.rule_id), pile.recipient, *map(str, aside))
            kind = f"{len(aside)} mails put together"
            put_together(db, watch, pile.recipient, told, now, base_url, key=key, kind=kind)
            folded_into(db, aside, key=key, recipient=pile.recipient)
        # of a paused rule it waits, as what is for a digest does
    return len(aside)

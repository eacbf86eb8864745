"""Telling the operator of faults: once when one stands and once when it is over, also where there is no database.

A mail goes through the outbox where that can be written, and else straight to the server; where that fails too it is
tried again at growing intervals. What was told stands in the book of faults, so that a restart tells nothing twice.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from socket import gethostname

from alerts.compose import message_key
from alerts.notice import compose_notice
from alerts.sheet import Composed
from alerts.smtp import Server, ServerUnusable
from alerts.straight import send_straight
from config import Config
from db import DatabaseError, open_database
from db.outbox import enqueue
from jobs.book import Book, Page, Standing
from jobs.faults import FAULTS

log = logging.getLogger(__name__)

LONGEST = timedelta(hours=1)
"""Between two attempts to tell of a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """How the operator is told."""

    config: Config
    server: Server
    password: str | None = field(repr=False)
    book: Book

    def tell(self, now: datetime) -> None:
        """Tell what is to be told by now, in one mail. Without an operator faults are only logged."""
        operator = self.config.mail.operator
        page = self.book.read()
        new = _worst_first(one for one in page.standing.values() if _is_to_be_told(one, now))
        ended = _worst_first(one for one in page.ended if one.tell_at <= now.isoformat())
        if not new and not ended:
            return
        told = operator is None or self._send(operator, new, ended, now)
        self.book.change(lambda held: _note(held, new, ended, now, told=told))

    def _send(self, operator: str, new: Sequence[Standing], ended: Sequence[Standing], now: datetime) -> bool:
        mail = compose(new, ended, self.config)
        key = message_key(
            "fault", *(f"{one.name} {one.since}" for one in new), *(f"{one.name} {one.over_at}" for one in ended)
        )
        if not any(bars_the_outbox(one) for one in self.book.read().standing.values()):
            try:
                self._put_in(key, operator, mail, now)
            except (DatabaseError, sqlite3.Error) as error:
                log.warning("the outbox cannot be written; the mail goes straight out", extra={"error": str(error)})
            else:
                return True
        try:
            send_straight(self.server, self.password, key=key, recipient=operator, mail=mail, now=now)
        except ServerUnusable as error:
            log.warning("the operator cannot be told", extra={"error": str(error)})
            return False
        return True

    def _put_in(self, key: str, operator: str, mail: Composed, now: datetime) -> None:
        with closing(open_database(self.config.storage.database, mode="rw", timeout=2.0)) as db:
            enqueue(db, key=key, recipient=operator, subject=mail.subject, text=mail.text, html=mail.html, due_at=now)


def bars_the_outbox(one: Standing) -> bool:
    """Whether it stands in the way of the outbox."""
    return one.name in ("disk_full", *(name for name in FAULTS if name.startswith("database_"))) and (
        one.name != "database_replaced"
    )


def _worst_first(faults: Iterable[Standing]) -> list[Standing]:
    order = list(FAULTS)
    return sorted(faults, key=lambda one: order.index(one.name))


def _is_to_be_told(one: Standing, now: datetime) -> bool:
    return one.told_at is None and FAULTS[one.name].by_mail and one.tell_at <= now.isoformat()


def _note(page: Page, new: Sequence[Standing], ended: Sequence[Standing], now: datetime, *, told: bool) -> None:
    if told:
        for one in new:
            page.last_told[one.name] = now.isoformat()
            if one.name in page.standing:
                page.standing[one.name] = replace(page.standing[one.name], told_at=now.isoformat())
        page.ended = [one for one in page.ended if one not in ended]
        return
    for one in new:
        if one.name in page.standing:
            page.standing[one.name] = _later(one, page.standing[one.name], now)
    page.ended = [_later(one, one, now) if one in ended else one for one in page.ended]


def _later(one: Standing, known: Standing, now: datetime) -> Standing:
    pause = min(one.tell_pause * 2, LONGEST.total_seconds())
    return replace(known, tell_pause=pause, tell_at=(now + timedelta(seconds=one.tell_pause)).isoformat())


def compose(new: Sequence[Standing], ended: Sequence[Standing], config: Config) -> Composed:
    """The mail about faults that stand and faults that are over; its subject is the first one's headline."""
    first = FAULTS[new[0].name].means if new else FAULTS[ended[0].name].over
    more = len(new) + len(ended) - 1
    facts: list[tuple[str, object]] = []
    words: list[str] = []
    for one in new:
        fault = FAULTS[one.name]
        facts.append((one.name, f"since {_moment(one.since, config)}: {one.detail}"))
        waits = " No crawl is begun meanwhile." if fault.stops_crawls and "No crawl" not in fault.to_do else ""
        words.append(f"{fault.means[0].upper()}{fault.means[1:]}. {fault.to_do}{waits}")
    for one in ended:
        until = _moment(one.over_at or one.since, config)
        facts.append((f"{one.name}, over", f"from {_moment(one.since, config)} to {until}: {one.detail}"))
        words.append(f"{FAULTS[one.name].over[0].upper()}{FAULTS[one.name].over[1:]}.")
    facts += [("machine", gethostname()), ("database", config.storage.database), ("archive", config.storage.archive)]
    title = f"{first} (and {more} more)" if more else first
    return compose_notice(title, facts=facts, paragraphs=words)


def _moment(at: str, config: Config) -> str:
    return f"{datetime.fromisoformat(at).astimezone(config.schedule.timezone):%Y-%m-%d %H:%M %Z}"

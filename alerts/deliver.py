"""Outbox -> SMTP: claim what is due, send it over one connection, settle it; at least once, and said so.

A server that drops the connection after DATA may have the mail while we see an error, and a sender that dies has not
noted its last mails: they are sent again with the same Message-ID, which is derived from the outbox row's key, so that
a reader's program can tell a repeat.
"""

from __future__ import annotations

import logging
import random
import smtplib
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlite_utils import Database

from alerts.envelope import compose_mail
from alerts.smtp import (
    PATIENCE_AFTER_DATA,
    Answer,
    CannotBeSaid,
    Letter,
    Line,
    Server,
    ServerUnusable,
    connect,
    hang_up,
    said,
)
from db.mailing.outage import end_outage, note_outage, outage
from db.mailing.pace import sent_since, sent_to
from db.outbox import OutboxRow, Taken, bury, claim, is_due, postpone, release, settle_all

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
BATCH = 100
"""How many mails are claimed at a time; memory does not grow with the queue."""
SETTLED_TOGETHER = 25
"""How many taken mails may wait to be noted in one transaction, and so be repeated if the process dies, beside the
one under way;"""
SETTLED_WITHIN = 0.25
"""and for how many seconds, so that with a server across a network each is noted while the next is under way."""
MOST_DEFERRALS = 20
"""Mails deferred one after the other before the server itself is taken to be unwell."""
MOST_LOST = 2
"""Connections lost one after the other, without a mail taken, before the server is taken to be unwell."""

_ABOUT_THE_MAIL = (552, 555)
"""Refusals of a sender's command that mean this one mail: too large, or with parameters that it needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much mail may go out; 0 means no limit."""

    per_minute: int = 0
    per_recipient_hourly: int = 0
    """Of mails of watch rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one run of delivery did."""

    sent: int = 0
    postponed: int = 0
    buried: int = 0
    held: int = 0
    """Claimed and given back untried: quiet hours, a recipient's limit, or one that is deferred."""
    full: bool = False
    """Whether it ended because so many mails had been sent within a minute."""
    error: str | None = None
    """Why the server could not be used, if it could not; then no mail was touched."""


def _never(row: OutboxRow, now: datetime) -> datetime | None:
    return None


def deliver(
    db: Database,
    server: Server,
    password: str | None,
    *,
    now: Callable[[], datetime],
    lease: timedelta,
    give_up_after: timedelta,
    limits: Limits = Limits(),  # frozen
    held_until: Callable[[OutboxRow, datetime], datetime | None] = _never,
    insist: bool = True,
    stopping: Callable[[], bool] = lambda: False,
) -> Delivery:
    """Send all mail that is due, a batch at a time over one connection.

    `stopping` is asked before each mail; once it says yes, what was claimed is given back and the run ends. A mail
    that is `held_until` a later moment is given back until then.

    A 5xx answer to a mail buries it at once; a 4xx answer or a broken connection postpones it, longer each time,
    until `give_up_after` has passed since it was first tried. A server that cannot be used ends the run and costs no
    mail anything; without `insist` it is left in peace for a while, longer each time.
    """
    resting = None if insist else outage(db)
    if resting is not None and now() < datetime.fromisoformat(resting.retry_at):
        return Delivery(error=resting.error)
    run = _Run(
        db=db, server=server, password=password, now=now, lease=lease, give_up_after=give_up_after, limits=limits,
        held_until=held_until, stopping=stopping,
    )  # fmt: skip
    error: str | None = None
    try:
        while not stopping() and is_due(db, now()) and run.allowance() > 0:
            run.connected()
            if not run.send_batch():
                break
    except ServerUnusable as unusable:
        error = str(unusable)
        noted = note_outage(db, error, now())
        log.warning("mail server cannot be used", extra={"error": error, "retry_at": noted.retry_at})
    finally:
        run.settle()
        if run.line is not None:
            hang_up(run.line)
    if error is None and run.reached:
        end_outage(db)
    done = run.done
    if done:
        log.info("mail delivered", extra=dict(done))
    return Delivery(
        sent=done["sent"], postponed=done["postponed"], buried=done["buried"], held=done["held"],
        full=run.full, error=error,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    until: datetime
    due_then: bool = False
    """It is not late before."""


@dataclass(slots=True, kw_only=True)
class _Run:
    """One run of delivery: its connection, and what it has taken note of."""

    db: Database
    server: Server
    password: str | None = field(repr=False)
    now: Callable[[], datetime]
    lease: timedelta
    give_up_after: timedelta
    limits: Limits
    held_until: Callable[[OutboxRow, datetime], datetime | None]
    stopping: Callable[[], bool]
    line: Line | None = None
    reached: bool = False
    full: bool = False
    done: Counter[str] = field(default_factory=Counter)
    taken: list[Taken] = field(default_factory=list)
    """Taken by the server and not settled yet."""
    settle_by: float = 0.0
    lost: int = 0
    deferrals: int = 0
    unwilling: dict[str, datetime] = field(default_factory=dict)
    """Recipients that the server does not take mail for now, and until when they are left alone."""
    written: dict[int, Letter | ValueError] = field(default_factory=dict)
    """The next mails, composed while the server was busy."""
    promised: int | None = None
    """The mail of which the server has the envelope already, perhaps: it goes next."""

    def allowance(self) -> int:
        """How many mails may be claimed now."""
        most = self.limits.per_minute
        if not most:
            return BATCH
        self.settle()
        left = most - sent_since(self.db, self.now() - timedelta(minutes=1), most=most)
        self.full = left <= 0
        return min(BATCH, left)

    def connected(self) -> Line:
        """The connection, made anew where there is none. Raises ServerUnusable."""
        if self.line is None:
            self.line = connect(self.server, self.password)
            self.reached = True
        return self.line

    def send_batch(self) -> bool:
        """Claim some mails and send them; False where there was none."""
        claimed = self.now()
        batch = claim(self.db, now=claimed, lease=self.lease, limit=self.allowance())
        slowest = timedelta(seconds=self.server.timeout * (PATIENCE_AFTER_DATA + 2))
        until = claimed + (self.lease - slowest if self.lease > slowest else self.lease / 2)
        self.written.clear()
        at = 0
        try:
            while at < len(batch):
                if batch[at].id != self.promised and (self.now() >= until or self.stopping()):
                    break
                self._send(batch[at], batch[at + 1 : at + 3])
                at += 1
        finally:
            self.settle()
            release(self.db, batch[at:])
        return bool(batch)

    def settle(self) -> None:
        """Note what the server has taken."""
        if self.taken:
            taken, self.taken = self.taken, []
            settle_all(self.db, taken)

    def _send(self, row: OutboxRow, ahead: Sequence[OutboxRow]) -> None:
        promised, self.promised = self.promised == row.id, None
        if not promised and (held := self._held(row)) is not None:
            release(self.db, [row], until=held.until, due_then=held.due_then)
            self.done["held"] += 1
            return

        def meanwhile() -> None:
            self._settle_some()
            for one in ahead:
                self._written(one)

        line = self.connected()
        try:
            letter = self._written(row)
            if isinstance(letter, ValueError):
                raise letter
            answer = line.hand_over(letter, self._promise(row, ahead), meanwhile)
        except ValueError as error:
            # it cannot be written, or never be said there, however often it is tried; the others must not wait for it
            self._bury(row, f"cannot be {'sent' if isinstance(error, CannotBeSaid) else 'written'}: {error}")
        except (smtplib.SMTPException, OSError) as error:
            self.line = self.promised = None
            self.lost += 1
            # it may have gone out: sent again later under the same Message-ID
            self._wait(row, f"connection lost: {said(error)}")
            if self.lost >= MOST_LOST:
                raise self._unusable(f"hung up {self.lost} times in a row: {said(error)}") from error
        else:
            if answer.stage != "mail":
                self.promised = None
            self._heed(row, answer)
        self.written.pop(row.id, None)

    def _promise(self, row: OutboxRow, ahead: Sequence[OutboxRow]) -> Letter | None:
        """The mail that is sent next whatever happens to this one, if there is such."""
        if not ahead or self.stopping() or not self.connected().has_extn("pipelining"):
            return None
        limited = self.limits.per_recipient_hourly and ahead[0].recipient == row.recipient
        if limited or self._held(ahead[0]) is not None:
            return None
        letter = self._written(ahead[0])
        if isinstance(letter, ValueError):
            return None
        self.promised = ahead[0].id
        return letter

    def _heed(self, row: OutboxRow, answer: Answer) -> None:
        if answer.taken:
            if not self.taken:
                self.settle_by = time.monotonic() + SETTLED_WITHIN
            self.taken.append(Taken(id=row.id, token=row.lease_token, at=self.now(), response=str(answer)[:200]))
            self.done["sent"] += 1
            self.lost = self.deferrals = 0
        elif answer.code >= 500 and (answer.stage != "sender" or answer.code in _ABOUT_THE_MAIL):
            self._bury(row, str(answer))
        elif answer.code >= 500:
            # it is us that the server does not want (no login, relaying denied): no mail is to be lost for it
            raise self._unusable(f"refuses our sender {self.server.letterhead.address}: {answer}")
        else:
            retry_at = self._wait(row, str(answer))
            if answer.stage == "recipient":
                self.unwilling[row.recipient] = retry_at
            else:
                self.deferrals += 1
                if self.deferrals >= MOST_DEFERRALS:
                    raise self._unusable(f"defers one mail after the other: {answer}")

    def _held(self, row: OutboxRow) -> _Held | None:
        """Until when the mail is to be given back, if it is."""
        now = self.now()
        if (until := self.held_until(row, now)) is not None:
            return _Held(until=until, due_then=True)
        if (until := self.unwilling.get(row.recipient)) is not None:
            return _Held(until=until)
        most = self.limits.per_recipient_hourly
        if not most or row.rule is None:
            return None
        self.settle()
        sent, free_at = sent_to(self.db, row.recipient, now)
        return _Held(until=free_at) if sent >= most else None

    def _written(self, row: OutboxRow) -> Letter | ValueError:
        """The mail as it is handed over, or why it cannot be written; composed once."""
        if row.id not in self.written:
            # addresses in UTF-8 go to a server that takes them; any other header is encoded
            utf8 = not row.recipient.isascii() and self.connected().has_extn("smtputf8")
            letterhead = self.server.letterhead
            try:
                content = compose_mail(row, letterhead, self.now(), utf8=utf8)
                self.written[row.id] = Letter(sender=letterhead.address, recipient=row.recipient, content=content)
            except ValueError as error:
                self.written[row.id] = error
        return self.written[row.id]

    def _settle_some(self) -> None:
        if self.taken and (len(self.taken) >= SETTLED_TOGETHER or time.monotonic() >= self.settle_by):
            self.settle()

    def _bury(self, row: OutboxRow, error: str) -> None:
        bury(self.db, row.id, error, token=row.lease_token)
        log.warning("mail will not be delivered", extra={"outbox": row.id, "error": error})
        self.done["buried"] += 1

    def _wait(self, row: OutboxRow, error: str) -> datetime:
        """Try it again later; gives when. Given up where that has gone on for too long."""
        now = self.now()
        retry_at = now + pause_after(row.attempts)
        if row.first_attempt_at and now - datetime.fromisoformat(row.first_attempt_at) >= self.give_up_after:
            self._bury(row, f"given up after {row.attempts} attempts: {error}")
        else:
            postpone(self.db, row.id, error, retry_at, token=row.lease_token, tried_at=now)
            self.done["postponed"] += 1
        return retry_at

    def _unusable(self, why: str) -> ServerUnusable:
        return ServerUnusable(f"{self.server.host}:{self.server.port}: {why}")


def pause_after(attempts: int) -> timedelta:
    """How long a mail waits after so many attempts: twice as long each time, a fifth more or less."""
    pause: timedelta = FIRST_RETRY * 2 ** max(0, min(attempts - 1, 12))
    return min(pause, LONGEST_RETRY) * random.uniform(0.8, 1.2)

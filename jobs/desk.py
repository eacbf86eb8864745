"""What the scheduler does between crawls: mail, the nightly copy, the runs of processes that have died."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlite_utils import Database

from alerts.announce import announce_reviewed
from alerts.deliver import Delivery, Limits, deliver
from alerts.digest import send_due
from alerts.folding import fold
from alerts.operator import announce_dead_letters, announce_health
from alerts.quiet import holding
from alerts.smtp import Server, ServerUnusable, connect, hang_up
from alerts.unsubscribing import KeyUnusable, Ways, unsubscribe_key
from config import Config
from db import open_database
from db.crawling.requests import Ending, Request, end_request
from db.crawling.runs import close_lost_runs, last_run
from db.health.evaluation import evaluate
from jobs.alarm import Alarm
from jobs.book import Book
from jobs.standing import LONGEST, Ground
from jobs.watch import Watch

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the scheduler does between crawls; each call opens the database anew, for it runs in another thread."""

    config: Config
    password: str | None = field(repr=False)
    stop: threading.Event = field(default_factory=threading.Event)
    """Set when the process is to end: what takes long asks it."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    ground: Ground = field(init=False, repr=False)
    """What we stand on, watched."""

    def __post_init__(self) -> None:
        book = Book(self.config.storage.database)
        alarm = Alarm(config=self.config, server=mail_server(self.config), password=self.password, book=book)
        watch = Watch(config=self.config, book=book, alarm=alarm)
        pause = min(LONGEST, self.config.schedule.deliver_every)
        object.__setattr__(self, "ground", Ground(watch=watch, stop=self.stop, pause=pause, now=self.now))

    def open(self) -> Database:
        """The database; made where there never was one, but not where one has gone."""
        known = self.ground.watch.book.read().database
        return open_database(self.config.storage.database, mode="create" if known is None else "rw")

    def close_lost(self) -> None:
        """Close the runs that dead processes have left open."""
        with closing(self.open()) as db:
            close_lost_runs(db, self.now())

    def last_started(self, source: str) -> datetime | None:
        """When the last crawl of the source began, whoever began it; None where it was lost."""
        with closing(self.open()) as db:
            found = last_run(db, job="crawl", source=source)
        return datetime.fromisoformat(found["started_at"]) if found and found["state"] != "lost" else None

    def judge_sources(self) -> None:
        """Write down which sources have turned bad or well, and put in the operator's mails about them."""
        now = self.now()
        with closing(self.open()) as db:
            evaluate(db, now)
            if self.config.mail.operator:
                announce_health(db, self.config.mail.operator, self.config.site.base_url, now)

    def compose(self) -> int:
        """Put in the digests that are due, and what people have reviewed for the rules that wait for it."""
        base_url = self.config.site.base_url
        with closing(self.open()) as db:
            announce_reviewed(db, base_url, self.now())
            composed = send_due(db, self.now(), base_url=base_url)
            mail = self.config.mail
            fold(
                db,
                self.now(),
                stale_after=mail.stale_after,
                per_recipient_hourly=mail.per_recipient_hourly,
                base_url=base_url,
            )
            return composed

    def end_request(self, request: Request, ended: Ending, detail: str | None = None) -> None:
        """Say on the site how it ended."""
        with closing(self.open()) as db:
            end_request(db, request.id, ended=ended, detail=detail, now=self.now())

    def deliver(self, *, insist: bool = False) -> Delivery:
        """Send what is due; the operator is told of what nobody takes. `insist`: try a server that rests, too."""
        mail = self.config.mail
        with closing(self.open()) as db:
            done = deliver(
                db,
                replace(mail_server(self.config), ways_out=_ways_out(self.config)),
                self.password,
                now=self.now,
                lease=mail.lease,
                give_up_after=mail.give_up_after,
                limits=Limits(per_minute=mail.per_minute, per_recipient_hourly=mail.per_recipient_hourly),
                held_until=holding(db, mail.quiet),
                insist=insist,
                stopping=self.stop.is_set,
            )
            if done.buried and mail.operator:
                announce_dead_letters(db, mail.operator, self.now())
        self._note_server(done)
        return done

    def _note_server(self, done: Delivery) -> None:
        """Whether the mail server can be used; one that could not is tried with nothing to send, too."""
        book, error = self.ground.watch.book, done.error
        if error is None and not done.sent and "mail_unusable" in book.read().standing:
            try:
                hang_up(connect(mail_server(self.config), self.password))
            except ServerUnusable as unusable:
                error = str(unusable)
        if error is not None:
            book.report("mail_unusable", error, self.now())
        elif done.sent or "mail_unusable" in book.read().standing:
            book.clear("mail_unusable", self.now())


def mail_server(config: Config) -> Server:
    """The SMTP server of the configuration, its password left out."""
    mail = config.mail
    return Server(
        host=mail.host,
        port=mail.port,
        security=mail.security,
        sender=mail.sender,
        username=mail.username,
        reply_to=mail.reply_to,
        ca_file=mail.ca_file,
        timeout=mail.timeout,
    )


def _ways_out(config: Config) -> Ways | None:
    """How recipients leave a rule. A key that cannot be used keeps no mail from going out."""
    try:
        key = unsubscribe_key(config.storage.database)
    except KeyUnusable as error:
        log.error("mails go out without a link to unsubscribe", extra={"why": str(error)})
        return None
    return Ways(base_url=config.site.base_url, key=key, mailto=config.mail.unsubscribe_to)

"""Outbox -> SMTP: claim what is due, send it over one connection, settle each; at least once, and said so.

A server that drops the connection after DATA may have the mail while we see an error: it is sent again with the
same Message-ID, which is derived from the outbox row's key, so that a reader's program can tell a repeat.
"""

from __future__ import annotations

import logging
import random
import smtplib
import ssl
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Literal

from sqlite_utils import Database

from alerts.envelope import Letterhead, compose_message
from alerts.unsubscribing import Ways
from db.outbox import OutboxRow, bury, claim, postpone, settle

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
BATCH = 50
"""How many mails are claimed at a time; memory does not grow with the queue."""

_ABOUT_THE_MAIL = (552, 555)
"""Refusals of a sender's command that mean this one mail: too large, or with parameters that it needs."""

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where mail goes out. The password is handed over apart, so that it is in no `repr` and no log."""

    host: str
    port: int
    security: Security
    sender: str
    username: str | None = None
    reply_to: str | None = None
    ca_file: Path | None = None
    timeout: float = 30.0
    ways_out: Ways | None = field(default=None, repr=False)
    """How recipients leave a rule; None: its mails say nothing of it."""

    @property
    def letterhead(self) -> Letterhead:
        """What stands on every mail that goes out there."""
        return Letterhead(sender=self.sender, reply_to=self.reply_to, ways_out=self.ways_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one run of delivery did."""

    sent: int = 0
    postponed: int = 0
    buried: int = 0
    error: str | None = None
    """Why the server could not be used, if it could not."""


class ServerUnusable(Exception):
    """No connection, no TLS or no login: nothing is wrong with the mails, all of them wait."""


def deliver(
    db: Database,
    server: Server,
    password: str | None,
    *,
    now: Callable[[], datetime],
    lease: timedelta,
    give_up_after: timedelta,
    stopping: Callable[[], bool] = lambda: False,
) -> Delivery:
    """Send all mail that is due, a batch at a time over one connection; each row is settled before the next is sent.

    `stopping` is asked before each mail; once it says yes, what was claimed is given back and the run ends.

    A 5xx answer to a mail buries it at once; a 4xx answer or a broken connection postpones it, longer each time,
    until `give_up_after` has passed. A server that cannot be used postpones what was claimed and ends the run.
    """
    done: Counter[str] = Counter()
    error: str | None = None
    connection: smtplib.SMTP | None = None
    try:
        while error is None and not stopping():
            claimed = now()
            batch = claim(db, now=claimed, lease=lease, limit=BATCH)
            if not batch:
                break
            for at, row in enumerate(batch):
                if now() >= claimed + lease:
                    break  # a slow server: what is left may be another sender's by now, and is claimed anew
                if stopping():
                    for waiting in batch[at:]:
                        postpone(db, waiting.id, "the sender was stopped", now(), token=waiting.lease_token)
                    break
                try:
                    connection = connection or connect(server, password)
                    done[_send(db, connection, server, row, now(), give_up_after)] += 1
                except ServerUnusable as unusable:
                    error = str(unusable)
                    for waiting in batch[at:]:
                        done[_wait(db, waiting, error, now(), give_up_after)] += 1
                    break
                except (smtplib.SMTPServerDisconnected, OSError) as broken:
                    # it may have gone out: sent again later under the same Message-ID
                    done[_wait(db, row, f"connection lost: {broken}", now(), give_up_after)] += 1
                    connection = None
    finally:
        if connection is not None:
            _quit(connection)
    if done:
        log.info("mail delivered", extra=dict(done))
    return Delivery(sent=done["sent"], postponed=done["postponed"], buried=done["buried"], error=error)


def send_probe(server: Server, password: str | None, address: str, now: datetime) -> None:
    """Send a test mail to `address` at once, past the outbox. Raises ServerUnusable with what the server said."""
    message = EmailMessage(policy=SMTP)
    message["From"] = server.sender
    message["To"] = address
    message["Subject"] = "policywire: test mail"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=server.letterhead.domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("This mail was asked for with `policywire alerts test`. Alerts can reach this address.\n")
    connection = connect(server, password)
    try:
        connection.send_message(message, server.letterhead.address, [address])
    except (smtplib.SMTPException, OSError) as error:
        raise ServerUnusable(f"{server.host}:{server.port}: {_without(str(error), password)}") from error
    finally:
        _quit(connection)


def connect(server: Server, password: str | None) -> smtplib.SMTP:
    """A connection that mail can be sent over: certificate verified, logged in. Raises ServerUnusable."""
    context = ssl.create_default_context()
    if server.ca_file is not None:
        try:
            context.load_verify_locations(server.ca_file)
        except OSError as error:
            raise ServerUnusable(f"{server.ca_file}: no certificates can be read there ({error})") from error
    try:
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    except (OSError, smtplib.SMTPException) as error:
        raise ServerUnusable(f"{server.host}:{server.port}: {error}") from error
    try:
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.username is not None:
            connection.login(server.username, password or "")
    except UnicodeEncodeError:
        # not chained: the error holds the password
        connection.close()
        raise ServerUnusable(f"{server.host}:{server.port}: user name and password can be sent in ASCII only") from None
    except (OSError, smtplib.SMTPException) as error:
        connection.close()
        raise ServerUnusable(f"{server.host}:{server.port}: {_without(str(error), password)}") from error
    return connection


def _without(text: str, secret: str | None) -> str:
    return text.replace(secret, "…") if secret else text


def _quit(connection: smtplib.SMTP) -> None:
    with suppress(smtplib.SMTPException, OSError):  # all mails are settled; a rude goodbye changes nothing
        connection.quit()


def _send(
    db: Database,
    connection: smtplib.SMTP,
    server: Server,
    row: OutboxRow,
    now: datetime,
    give_up_after: timedelta,
) -> str:
    try:
        message = compose_message(row, server.letterhead, now)
        connection.send_message(message, server.letterhead.address, [row.recipient])
    except smtplib.SMTPRecipientsRefused as refused:
        code, answer = refused.recipients[row.recipient]
        return _refused(db, row, code, answer, now, give_up_after)
    except smtplib.SMTPSenderRefused as refused:
        if refused.smtp_code not in _ABOUT_THE_MAIL and refused.smtp_code >= 500:
            # it is us that the server does not want (no login, relaying denied): no mail is to be lost for it
            said = f"{refused.smtp_code} {_text(refused.smtp_error)}"
            raise ServerUnusable(f"{server.host}:{server.port}: {said}") from refused
        return _refused(db, row, refused.smtp_code, refused.smtp_error, now, give_up_after)
    except smtplib.SMTPResponseException as refused:
        return _refused(db, row, refused.smtp_code, refused.smtp_error, now, give_up_after)
    except (ValueError, smtplib.SMTPNotSupportedError) as error:
        # it cannot be written, or its address not be said, however often it is tried; the others must not wait for it
        bury(db, row.id, f"cannot be written: {error}", token=row.lease_token)
        log.warning("mail cannot be written", extra={"outbox": row.id, "error": str(error)})
        return "buried"
    settle(db, row.id, token=row.lease_token, now=now, response="accepted")
    return "sent"


def _refused(
    db: Database, row: OutboxRow, code: int, answer: bytes | str, now: datetime, give_up_after: timedelta
) -> str:
    error = f"{code} {_text(answer)}"
    if code == 421:  # the server is closing; smtplib has hung up
        raise smtplib.SMTPServerDisconnected(error)
    if code >= 500:
        bury(db, row.id, error, token=row.lease_token)
        log.warning("mail refused for good", extra={"outbox": row.id, "error": error})
        return "buried"
    return _wait(db, row, error, now, give_up_after)


def _wait(db: Database, row: OutboxRow, error: str, now: datetime, give_up_after: timedelta) -> str:
    if now - datetime.fromisoformat(row.created_at) >= give_up_after:
        bury(db, row.id, f"given up after {row.attempts} attempts: {error}", token=row.lease_token)
        log.warning("mail given up", extra={"outbox": row.id, "error": error})
        return "buried"
    pause = min(FIRST_RETRY * 2 ** min(row.attempts - 1, 12), LONGEST_RETRY)
    postpone(db, row.id, error, now + pause * random.uniform(0.8, 1.2), token=row.lease_token)
    return "postponed"


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer

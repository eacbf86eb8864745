"""A connection that mail goes out by: TLS verified, logged in, pipelined (RFC 2920) where the server offers it.

smtplib, and what else is kept up in Python, sends command by command; here MAIL, RCPT and DATA go out in one write,
with the mail before them, and their answers are read in order. It also bounds what smtplib leaves open: how long a
whole answer may take, however slowly it drips, and how long it may be.
"""

from __future__ import annotations

import base64
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NoReturn

from alerts.envelope import Letterhead
from alerts.unsubscribing import Ways

LONGEST_LINE = 8192
MOST_LINES = 100
"""Of one answer; a server that sends more is not one to talk to."""
PATIENCE_AFTER_DATA = 4
"""How many times the usual patience the answer to a whole mail may take: who hangs up sooner sends it twice."""

Security = Literal["starttls", "tls", "none"]
Stage = Literal["sender", "recipient", "data", "mail"]

_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)
"""Linux has it; it holds until the next answer, and saves 40 ms a mail with some servers."""
_ENVELOPE: tuple[Stage, ...] = ("sender", "recipient", "data")
_UNSAYABLE = re.compile(r"[\x00-\x20\x7f<>]")


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
    """Seconds that one answer may take; the one to a whole mail `PATIENCE_AFTER_DATA` times as long."""
    ways_out: Ways | None = field(default=None, repr=False)
    """How recipients leave a rule; None: its mails say nothing of it."""

    @property
    def letterhead(self) -> Letterhead:
        """What stands on every mail that goes out there."""
        return Letterhead(sender=self.sender, reply_to=self.reply_to, ways_out=self.ways_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server said to a mail: its last word, and to what it said it."""

    stage: Stage
    """`mail` is the answer to the whole mail; any other is that of the first command that was refused."""
    code: int
    text: str

    @property
    def taken(self) -> bool:
        """Whether the mail is the server's now."""
        return self.stage == "mail" and 200 <= self.code < 300

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail as it is handed over."""

    sender: str
    recipient: str
    content: bytes
    """Its lines end with CR LF."""


class ServerUnusable(Exception):
    """No connection, no TLS or no login: nothing is wrong with the mails, all of them wait."""


class CannotBeSaid(ValueError):
    """A mail that this server can never be handed: its address, or its size."""


class Line(smtplib.SMTP):
    """smtplib's connection, with pipelining, and answers that are whole in time or end it."""

    def __init__(self, server: Server, context: ssl.SSLContext) -> None:
        self._context = context
        self._wrapped = server.security == "tls"
        self._patience = server.timeout
        self._held = b""
        self._begun: Letter | None = None
        super().__init__(server.host, server.port, timeout=server.timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        plain = super()._get_socket(host, port, timeout)  # type: ignore[misc] # smtplib's own SMTP_SSL does the same
        # commands and mails are whole writes: none is to wait for the acknowledgement of the one before
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._context.wrap_socket(plain, server_hostname=host) if self._wrapped else plain

    def starttls(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        """As smtplib's; what came before the handshake is forgotten, for anybody may have sent it."""
        said = super().starttls(context=self._context)
        self._held = b""
        return said

    def getreply(self) -> tuple[int, bytes]:
        """The next whole answer. Raises SMTPServerDisconnected, the connection closed, where none comes."""
        return self._answer(self._patience)

    def hand_over(
        self, letter: Letter, following: Letter | None = None, meanwhile: Callable[[], None] = lambda: None
    ) -> Answer:
        """Hand the server one mail.

        `meanwhile` is called while the server makes up its mind about the whole of it. The envelope of the `following`
        one goes out in the same write where the server can take that: it must be the next that is handed over, or the
        connection be closed. Raises CannotBeSaid before anything of the mail is sent, and SMTPServerDisconnected or
        OSError where the connection is lost: after `meanwhile` began, the server may have the mail all the same.
        """
        pipelining = self.has_extn("pipelining")
        begun, self._begun = self._begun, None
        assert begun is None or begun is letter, "another mail was promised"
        commands = self._commands(letter)
        if pipelining and begun is None:
            self.send(b"".join(command for _stage, command in commands))
        refused = self._answers() if pipelining else self._one_by_one(commands)
        if refused is not None:
            self.send(b"RSET\r\n")
            self._answer(self._patience)
            return refused
        group = _dotted(letter.content)
        if pipelining and following is not None and (after := self._sayable(following)):
            # RFC 2920, 3.1: a mail may be the first of a group
            group += after
            self._begun = following
        self.send(group)
        meanwhile()
        code, text = self._answer(self._patience * PATIENCE_AFTER_DATA)
        return self._judged("mail", code, text)

    def _sayable(self, letter: Letter) -> bytes:
        try:
            return b"".join(command for _stage, command in self._commands(letter))
        except CannotBeSaid:
            return b""  # said when it is its turn

    def _commands(self, letter: Letter) -> list[tuple[Stage, bytes]]:
        options = ""
        for address in (letter.sender, letter.recipient):
            if _UNSAYABLE.search(address):
                raise CannotBeSaid(f"{address!r} is no address")
        if self.has_extn("size"):
            most = self.esmtp_features["size"]
            if most.isdecimal() and 0 < int(most[:12]) < len(letter.content):
                raise CannotBeSaid(
                    f"{len(letter.content):,} bytes are more than the {int(most):,} that the server takes"
                )
            options += f" SIZE={len(letter.content)}"
        if not letter.content.isascii() and self.has_extn("8bitmime"):
            options += " BODY=8BITMIME"
        if not (letter.sender + letter.recipient).isascii():
            if not self.has_extn("smtputf8"):
                raise CannotBeSaid(f"the server takes no address such as {letter.recipient!r} (it offers no SMTPUTF8)")
            options += " SMTPUTF8"
        return [
            ("sender", f"MAIL FROM:<{letter.sender}>{options}\r\n".encode()),
            ("recipient", f"RCPT TO:<{letter.recipient}>\r\n".encode()),
            ("data", b"DATA\r\n"),
        ]

    def _answers(self) -> Answer | None:
        """The answers to a whole envelope: the first refusal, or None where the server waits for the mail."""
        answers = [self._judged(stage, *self._answer(self._patience)) for stage in _ENVELOPE]
        refused = next((one for one in answers if one.code // 100 != (3 if one.stage == "data" else 2)), None)
        if refused is not None and answers[-1].code == 354:
            # it would take a mail to nobody: RFC 2920, 3.1, ends that with a single dot
            self.send(b".\r\n")
            self._answer(self._patience)
        return refused

    def _one_by_one(self, commands: list[tuple[Stage, bytes]]) -> Answer | None:
        for stage, command in commands:
            self.send(command)
            answer = self._judged(stage, *self._answer(self._patience))
            if answer.code // 100 != (3 if stage == "data" else 2):
                return answer
        return None

    def _judged(self, stage: Stage, code: int, text: bytes) -> Answer:
        said = Answer(stage=stage, code=code, text=text.decode("utf-8", "replace"))
        if code == 421 or not 200 <= code < 600:
            self.close()
            raise smtplib.SMTPServerDisconnected(str(said))
        return said

    def _answer(self, patience: float) -> tuple[int, bytes]:
        until = time.monotonic() + patience
        lines: list[bytes] = []
        while len(lines) < MOST_LINES:
            line = self._next_line(until)
            if not re.match(rb"[0-9]{3}(?:[ -]|$)", line):
                self._hang_up(f"what came is no answer: {line[:40]!r}")
            lines.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)
        self._hang_up(f"an answer of more than {MOST_LINES} lines")

    def _next_line(self, until: float) -> bytes:
        while (end := self._held.find(b"\n")) < 0:
            if len(self._held) > LONGEST_LINE:
                self._hang_up(f"a line of more than {LONGEST_LINE} characters")
            if self.sock is None:
                raise smtplib.SMTPServerDisconnected("the connection is closed")
            left = until - time.monotonic()
            if left <= 0:
                self._hang_up("no answer in time")
            try:
                self.sock.settimeout(left)
                if _QUICK_ACK is not None:
                    # a server that writes each answer of a group by itself waits for the one before to be acknowledged
                    self.sock.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)
                came = self.sock.recv(65536)
            except TimeoutError:
                self._hang_up("no answer in time")
            except OSError as error:
                self._hang_up(str(error))
            if not came:
                self._hang_up("the server has hung up")
            self._held += came
            self.sock.settimeout(self._patience)
        line, self._held = self._held[:end], self._held[end + 1 :]
        return line.rstrip(b"\r")

    def _hang_up(self, why: str) -> NoReturn:
        self._held = b""
        self.close()
        raise smtplib.SMTPServerDisconnected(why)


def connect(server: Server, password: str | None) -> Line:
    """A connection that mail can be sent over: certificate verified, logged in. Raises ServerUnusable."""
    context = ssl.create_default_context()
    if server.ca_file is not None:
        try:
            context.load_verify_locations(server.ca_file)
        except OSError as error:
            raise ServerUnusable(f"{server.ca_file}: no certificates can be read there ({error})") from error
    named = f"{server.host}:{server.port}"
    line: Line | None = None
    try:
        line = Line(server, context)
        if server.security == "starttls":
            line.starttls()
        line.ehlo_or_helo_if_needed()
        if server.username is not None:
            line.login(server.username, password or "")
    except UnicodeEncodeError:
        # not chained: the error holds the password
        _close(line)
        raise ServerUnusable(f"{named}: user name and password can be sent in ASCII only") from None
    except (OSError, smtplib.SMTPException) as error:
        _close(line)
        # not chained either: a server may repeat what it was told
        raise ServerUnusable(f"{named}: {without(said(error), password, server.username)}") from None
    return line


def send_one(server: Server, password: str | None, recipient: str, content: bytes) -> None:
    """Hand over one mail on a connection of its own. Raises ServerUnusable, with the answer, where it is not taken."""
    named = f"{server.host}:{server.port}"
    line = connect(server, password)
    try:
        answer = line.hand_over(Letter(sender=server.letterhead.address, recipient=recipient, content=content))
    except (smtplib.SMTPException, OSError, CannotBeSaid) as error:
        raise ServerUnusable(f"{named}: {without(said(error), password, server.username)}") from None
    finally:
        hang_up(line)
    if not answer.taken:
        raise ServerUnusable(f"{named}: {without(str(answer), password, server.username)}")


def said(error: Exception) -> str:
    """What went wrong, in the server's own words where there are such."""
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        return f"{error.smtp_code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
    return str(error) or type(error).__name__


def without(text: str, secret: str | None, username: str | None = None) -> str:
    """`text` with the secret, and what is sent in its place at a login, blotted out."""
    if not secret:
        return text
    held = secret.encode()
    sent = (held, b"\0" + (username or "").encode() + b"\0" + held)
    for one in (secret, *(base64.b64encode(each).decode() for each in sent)):
        text = text.replace(one, "…")
    return text


def hang_up(line: Line) -> None:
    """Say goodbye; that it is not answered changes nothing."""
    with suppress(smtplib.SMTPException, OSError):
        line.quit()
    _close(line)


def _close(line: Line | None) -> None:
    if line is not None:
        with suppress(OSError):
            line.close()


def _dotted(content: bytes) -> bytes:
    """A whole mail with what ends it; a dot that begins a line is doubled."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"

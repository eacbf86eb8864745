"""A mail server that does one thing wrong at a chosen moment: it stalls, hangs up, drips, babbles or breaks TLS.

What aiosmtpd cannot be brought to do; where an answer alone is wrong, tests/smtp_loopback.py says it with aiosmtpd.
"""

from __future__ import annotations

import os
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

Stage = Literal["banner", "ehlo", "starttls", "mail", "rcpt", "data", "dot"]
Fault = Callable[["Session", str], bool]
"""What is done instead of the answer; whether the session goes on."""

ANSWERS: dict[Stage, str] = {
    "banner": "220 at your service",
    "ehlo": "250-faulty\r\n250-8BITMIME\r\n250 SIZE 1000000",
    "starttls": "220 go ahead",
    "mail": "250 fine",
    "rcpt": "250 fine",
    "data": "354 go on",
    "dot": "250 taken",
}


@dataclass(slots=True)
class Session:
    """One connection, as the faults see it."""

    socket: socket.socket
    over: threading.Event

    def say(self, text: str) -> None:
        """Send a whole answer."""
        self.socket.sendall(text.encode() + b"\r\n")


@dataclass(slots=True)
class FaultyServer:
    """What the server got, and when it is to fail."""

    faults: dict[Stage, Fault] = field(default_factory=dict)
    left: int = 1
    """How often it fails before it is well."""
    pipelining: bool = False
    port: int = 0
    connections: int = 0
    taken: list[bytes] = field(default_factory=list)
    """Mails that it has answered for."""
    seen: list[bytes] = field(default_factory=list)
    """Mails of which it has seen the end, whatever it answered."""
    over: threading.Event = field(default_factory=threading.Event)
    context: ssl.SSLContext | None = None


def stall(session: Session, usual: str) -> bool:
    """Say nothing, and keep the line open."""
    session.over.wait(30)
    return False


def half(session: Session, usual: str) -> bool:
    """Begin an answer and fall silent."""
    session.socket.sendall(usual.encode()[:3])
    session.over.wait(30)
    return False


def drip(session: Session, usual: str) -> bool:
    """Send the answer a character every now and then: there is always something coming."""
    for character in "250-" + "x" * 300:
        session.socket.sendall(character.encode())
        if session.over.wait(0.05):
            break
    return False


def hang_up(session: Session, usual: str) -> bool:
    """Close the connection."""
    return False


def reset(session: Session, usual: str) -> bool:
    """Break the connection off."""
    session.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def endless_line(session: Session, usual: str) -> bool:
    """A line that does not end."""
    with suppress(OSError):
        for _ in range(200):
            session.socket.sendall(b"250 " + b"x" * 8000)
    return False


def endless_answer(session: Session, usual: str) -> bool:
    """Lines of an answer that do not end."""
    with suppress(OSError):
        for _ in range(5000):
            session.say("250-and")
    return False


def babble(session: Session, usual: str) -> bool:
    """What is no answer."""
    session.say("HTTP/1.1 400 Bad Request")
    return True


def many_lines(session: Session, usual: str) -> bool:
    """A good answer of several lines."""
    code = usual[:3]
    session.say(f"{code}-first\r\n{code}-second\r\n{code} last")
    return True


def torn_tls(session: Session, usual: str) -> bool:
    """Bytes that are no TLS, in the middle of it."""
    with socket.socket(fileno=os.dup(session.socket.fileno())) as underneath:
        underneath.sendall(b"250 in the clear\r\n")
    return False


@contextmanager
def faulty_server(stage: Stage | None = None, fault: Fault | None = None, **settings: object) -> Iterator[FaultyServer]:
    """A running server that fails at the stage; later sessions are well."""
    server = FaultyServer(**settings)  # type: ignore[arg-type] # fields of its own
    if stage is not None and fault is not None:
        server.faults[stage] = fault
    listening = socket.create_server(("127.0.0.1", 0))
    server.port = listening.getsockname()[1]
    thread = threading.Thread(target=_accept, args=(server, listening), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        listening.close()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", server.port), 0.2).close()
        thread.join(5)


def _accept(server: FaultyServer, listening: socket.socket) -> None:
    while not server.over.is_set():
        try:
            connection, _address = listening.accept()
        except OSError:
            return
        server.connections += 1
        threading.Thread(target=_attend, args=(server, Session(connection, server.over)), daemon=True).start()


def _attend(server: FaultyServer, session: Session) -> None:
    with suppress(OSError):
        _serve(server, session)
    with suppress(OSError):  # by now TLS may stand around it
        session.socket.close()


def _serve(server: FaultyServer, session: Session) -> None:
    if not _answer(server, session, "banner"):
        return
    held = b""
    while True:
        while b"\r\n" not in held:
            came = session.socket.recv(65536)
            if not came:
                return
            held += came
        line, held = held.split(b"\r\n", 1)
        stage = _stage(line)
        if stage is None:
            session.say("250 as you like" if line[:4].upper() != b"QUIT" else "221 bye")
            continue
        if not _answer(server, session, stage):
            return
        if stage == "starttls" and server.context is not None:
            session.socket = server.context.wrap_socket(session.socket, server_side=True)
        if stage == "data":
            while not held.endswith(b"\r\n.\r\n") and b"\r\n.\r\n" not in held:
                came = session.socket.recv(65536)
                if not came:
                    return
                held += came
            mail, held = held.split(b"\r\n.\r\n", 1)
            server.seen.append(mail)
            if not _answer(server, session, "dot"):
                return
            server.taken.append(mail)


def _stage(line: bytes) -> Stage | None:
    word = line[:8].upper()
    stages: tuple[tuple[bytes, Stage], ...] = (
        (b"EHLO", "ehlo"), (b"STARTTLS", "starttls"), (b"MAIL", "mail"), (b"RCPT", "rcpt"), (b"DATA", "data"),
    )  # fmt: skip
    return next((stage for begin, stage in stages if word.startswith(begin)), None)


def _answer(server: FaultyServer, session: Session, stage: Stage) -> bool:
    usual = ANSWERS[stage]
    if stage == "ehlo":
        offers = [*(["PIPELINING"] if server.pipelining else []), *(["STARTTLS"] if server.context else [])]
        usual = usual.replace("250 SIZE", "".join(f"250-{one}\r\n" for one in offers) + "250 SIZE")
    fault = server.faults.get(stage)
    if fault is not None and server.left > 0:
        server.left -= 1
        return fault(session, usual)
    session.say(usual)
    return True

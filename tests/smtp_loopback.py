"""A real SMTP server on loopback that takes, refuses, defers or drops mail as a test wants it to."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER = "desk"
PASSWORD = "canary-7f3a-swordfish"

DROP = "drop"
"""The answer that is none: the server takes the mail and hangs up without a word."""


class Postbox:
    """What the server got, and what it is to answer; answers are used up one by one, then all is well."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.envelopes: list[tuple[str, tuple[str, ...]]] = []
        self.to_sender: list[str] = []
        self.to_recipient: list[str] = []
        self.to_data: list[str] = []
        self.connections = 0
        self.pipelining = False
        self.port = 0

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.messages]

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.pipelining else responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.to_sender:
            return self.to_sender.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.to_recipient:
            return self.to_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.to_data.pop(0) if self.to_data else "250 OK"
        if answer.startswith(("250", DROP)):
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
            self.envelopes.append((envelope.mail_from, tuple(envelope.rcpt_tos)))
        if answer == DROP:
            server.transport.abort()
        return answer


class _Controller(Controller):
    """On a socket bound beforehand, so that the port is known and free."""

    def __init__(self, handler: Postbox, **settings: Any) -> None:
        self._bound = socket.create_server(("127.0.0.1", 0))
        port = self._bound.getsockname()[1]
        super().__init__(handler, hostname="127.0.0.1", port=port, enable_SMTPUTF8=False, **settings)

    async def _create_server(self) -> asyncio.AbstractServer:
        return await self.loop.create_server(self._factory_invoker, sock=self._bound, ssl=self.ssl_context)


def _authenticate(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
    right = isinstance(given, LoginPassword) and given == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def postbox(
    *, login: bool = False, authority: trustme.CA | None = None, wrapped: bool = False, pipelining: bool = False
) -> Iterator[Postbox]:
    """A running server; with `login` it wants one, with `pipelining` it offers it.

    With an authority it has a certificate of it, and wants STARTTLS or is `wrapped` in TLS from the first byte.
    """
    box = Postbox()
    box.pipelining = pipelining
    settings: dict[str, Any] = {}
    if authority is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        settings = {"ssl_context": context} if wrapped else {"tls_context": context, "require_starttls": True}
    if login:
        settings |= {"authenticator": _authenticate, "auth_required": True, "auth_require_tls": authority is not None}
    controller = _Controller(box, **settings)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


def repeated(ids: Sequence[str]) -> set[str]:
    """The Message-IDs that came more than once."""
    return {one for one in ids if ids.count(one) > 1}

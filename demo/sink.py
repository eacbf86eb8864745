"""A real SMTP server on loopback that keeps what it gets: each mail as .eml, its HTML part as .html beside it."""

from __future__ import annotations

import asyncio
import re
import socket
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One mail as it arrived."""

    message: EmailMessage
    recipients: tuple[str, ...]
    """Of the envelope."""
    eml: Path
    html: Path | None
    """None for a mail without an HTML part."""


class MailSink:
    """The running server, as a context manager; `host` and `port` say where it listens."""

    def __init__(self, folder: Path) -> None:
        """`folder` gets the mails; it is made if it is not there."""
        self.folder = folder
        self.received: list[Received] = []
        self.host = "127.0.0.1"
        self.port = 0
        """The port it got; known once it runs."""
        self._controller: _OnFreePort | None = None

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._controller = _OnFreePort(self, self.host)
        self.port = self._controller.port
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep one mail; called by the server for each."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        eml = self.folder / f"{len(self.received) + 1:03d}-{_file_name(str(message['Subject'] or 'mail'))}.eml"
        eml.write_bytes(envelope.content)
        part = message.get_body(("html",))
        html = None
        if part is not None:
            html = eml.with_suffix(".html")
            html.write_text(part.get_content(), encoding="utf-8")
        self.received.append(
            Received(message=message, recipients=tuple(envelope.rcpt_tos), eml=eml, html=html)
        )  # fmt: skip
        return "250 Message accepted for delivery"


class _OnFreePort(Controller):
    """aiosmtpd's controller on a socket bound beforehand: given port 0, it would knock at port 0 to see if it is up."""

    def __init__(self, handler: object, host: str) -> None:
        self._socket = socket.create_server((host, 0))
        super().__init__(handler, hostname=host, port=self._socket.getsockname()[1])

    async def _create_server(self) -> asyncio.AbstractServer:
        return await self.loop.create_server(self._factory_invoker, sock=self._socket)


def _file_name(subject: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", subject.lower()).strip("-")[:60] or "mail"

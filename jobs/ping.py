"""Pings a dead-man's switch (healthchecks and its like), so that silence is an alarm at somebody else's.

`ADDRESS/start` when something begins, `ADDRESS` when it went well, `ADDRESS/fail` when it did not, each a POST with a
few lines for people. The addresses are secrets. Pings are sent by a thread of their own: no job ever waits for one, and
one that cannot be sent is no fault of the job.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

import httpx

from logs import hidden, hide

log = logging.getLogger(__name__)

Signal = Literal["start", "success", "fail"]
SCHEDULER = "scheduler"
"""The check of the scheduler itself; every other one is a source's."""

TIMEOUT = 10.0
"""Seconds for each of connecting, sending and the first word of an answer."""
WAITS = (2.0, 10.0, 30.0)
"""Seconds before the second, third and fourth try."""
_LONGEST_BODY = 8_000
_MOST_WAITING = 64
"""Pings that wait to be sent; later ones are dropped, and the next heartbeat says the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """One word to one check."""

    check: str
    signal: Signal
    lines: tuple[str, ...] = ()
    """What a person is told who looks at the check."""


@dataclass(frozen=True, slots=True)
class Pinger:
    """Takes pings from any thread and sends them in the order they came. An unknown check is nobody's concern."""

    addresses: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Check to address: `SCHEDULER`, and names of sources."""
    stop: threading.Event = field(default_factory=threading.Event)
    waits: Sequence[float] = WAITS
    _waiting: queue.Queue[Ping] = field(default_factory=lambda: queue.Queue(_MOST_WAITING), repr=False)
    _unheard: set[str] = field(default_factory=set, repr=False)

    def say(self, check: str, signal: Signal, lines: Sequence[str] = ()) -> None:
        """Have a ping sent; returns at once."""
        if check not in self.addresses:
            return
        try:
            self._waiting.put_nowait(Ping(check=check, signal=signal, lines=tuple(lines)))
        except queue.Full:
            self._note(check, "too many pings wait to be sent")

    def begin(self) -> threading.Thread | None:
        """Send what is said from now on, in a thread of its own until `end`; None where there is nobody to ping."""
        if not self.addresses:
            return None
        hide(*self.addresses.values())
        thread = threading.Thread(target=self._send_all, name="ping", daemon=True)
        thread.start()
        return thread

    def end(self) -> None:
        """Send no more; what waits is dropped, for silence is an alarm."""
        self.stop.set()

    def _send_all(self) -> None:
        # redirects are not followed: the secret would go to another host
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False, headers={"User-Agent": "policywire"}) as client:
            while not self.stop.is_set():
                try:
                    ping = self._waiting.get(timeout=0.2)
                except queue.Empty:
                    continue
                self._note(ping.check, self._sent(client, ping))

    def _sent(self, client: httpx.Client, ping: Ping) -> str | None:
        """None when it was heard, else why not."""
        why = None
        for wait in (0.0, *self.waits):
            if wait and self.stop.wait(wait):
                return why
            why, worth_another_try = send(client, self.addresses[ping.check], ping)
            if not worth_another_try:
                break
        return why

    def _note(self, check: str, why: str | None) -> None:
        """Log that a check is not heard, once, and once that it is heard again."""
        if why is not None and check not in self._unheard:
            self._unheard.add(check)
            log.warning("ping is not heard", extra={"check": check, "why": why})
        elif why is None and check in self._unheard:
            self._unheard.discard(check)
            log.info("ping is heard again", extra={"check": check})


def send(client: httpx.Client, address: str, ping: Ping) -> tuple[str | None, bool]:
    """Send one ping: why it was not heard (None: it was), and whether another try may help. Tells no address."""
    suffix = {"start": "/start", "fail": "/fail", "success": ""}[ping.signal]
    body = hidden("\n".join(ping.lines)).encode("utf-8", "replace")[:_LONGEST_BODY]
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    try:
        with client.stream("POST", address.rstrip("/") + suffix, content=body, headers=headers) as answer:
            status = answer.status_code
    except httpx.HTTPError as error:
        return f"{type(error).__name__}: {hidden(str(error))}", True
    if 200 <= status < 300:
        return None, False
    if 300 <= status < 400:
        return f"answer {status}: the address leads elsewhere; give the new one", False
    return f"answer {status}", status == 429 or status >= 500


def address_fault(address: str) -> str | None:
    """What is wrong with an address to ping, without naming it; None if nothing is."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "is no address"
    if not host or parts.scheme not in ("http", "https") or not address.isprintable() or " " in address:
        return "must be an address such as https://hc-ping.com/…"
    if parts.query or parts.fragment:
        return "must be an address without ? and #, for /start and /fail are put behind it"
    if parts.scheme == "http" and host not in ("127.0.0.1", "::1", "localhost"):
        return "must be an https address: it is a secret, and http beyond this machine would tell it to the network"
    return None

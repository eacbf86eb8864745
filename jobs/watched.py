"""The scheduler watched over from outside, from its first moment to its last: heartbeat, systemd, monitor, pings."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

from config import Config, ConfigError, Secrets, source_ping_address
from jobs.beat import Heart, beat_file
from jobs.metrics import Build, DeskCollector, archive_size, registry_of
from jobs.monitor import ARCHIVE_KEPT, KEPT, Kept, Monitor, listen, monitor_app
from jobs.notify import notify
from jobs.ping import SCHEDULER, Pinger, address_fault
from jobs.report import Report, read_report
from jobs.tasks import Task
from logs import hide

log = logging.getLogger(__name__)

_MOST_LINES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What the scheduler does for those who watch over it."""

    heart: Heart
    pinger: Pinger
    look: Callable[[], Report]
    begun: Event
    """Set from the first beat of the scheduler's loop on."""
    ping_every: timedelta

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What the scheduler does for it."""
        pings = SCHEDULER in self.pinger.addresses
        return (Task(name="ping", rhythm=self.ping_every, work=self.ping),) if pings else ()

    def beat(self) -> None:
        """Called by the scheduler's loop, every `jobs.beat.EVERY`: it goes round."""
        if not self.begun.is_set():
            self.begun.set()
            notify("READY=1\nSTATUS=The scheduler is running.")
        try:
            self.heart.beat(datetime.now(UTC))
        except OSError as error:
            log.warning("the heartbeat cannot be written", extra={"why": str(error)})

    def crawl_began(self, source: str) -> None:
        """Tell the source's own switch, if it has one."""
        self.pinger.say(source, "start")

    def crawl_ended(self, source: str, *, well: bool, line: str) -> None:
        """The same; `line` says how it ended."""
        self.pinger.say(source, "success" if well else "fail", [line])

    def ping(self) -> None:
        """Called every `ping_every`: tell the dead-man's switch that all is well, or what is not."""
        needed = self.look().needs_a_person
        self.pinger.say(SCHEDULER, "fail" if needed else "success", needed[:_MOST_LINES] or ["all is well"])


def ping_addresses(secrets: Secrets, sources: tuple[str, ...]) -> Mapping[str, str]:
    """Whom to ping: the scheduler's switch, and one for each source that has its own. Raises ConfigError."""
    found = {SCHEDULER: secrets.ping_address(), **{source: source_ping_address(source) for source in sources}}
    for check, address in found.items():
        if address and (fault := address_fault(address)):
            name = "POLICYWIRE_PING_URL" + ("" if check == SCHEDULER else f"_{check.upper()}")
            raise ConfigError(f"{name} {fault}")
    addresses = {check: address for check, address in found.items() if address}
    hide(*addresses.values())
    return addresses


def monitor_socket(config: Config) -> socket.socket | None:
    """What the monitor listens on; None where none is wanted. Raises ConfigError."""
    where = config.monitoring.listen
    if where is None:
        return None
    try:
        return listen(where)
    except OSError as error:
        raise ConfigError(
            f"monitoring.listen: {where} cannot be listened on ({os.strerror(error.errno or 0)}); give another"
        ) from error


@contextmanager
def watched(
    config: Config, *, addresses: Mapping[str, str], bound: socket.socket | None, build: Build, stop: Event
) -> Iterator[Watched]:
    """Watches over the scheduler that runs in the block."""
    look = Kept(lambda: read_report(config, datetime.now(UTC)), KEPT)
    archived = Kept(lambda: archive_size(config.storage.archive), ARCHIVE_KEPT)
    watch = Watched(
        heart=Heart(beat_file(config.storage.database)),
        pinger=Pinger(addresses=addresses),
        look=look.get,
        begun=Event(),
        ping_every=config.monitoring.ping_every,
    )
    try:
        watch.heart.begin(datetime.now(UTC))
    except OSError as error:  # a full disk; the faults tell of it
        log.warning("the heartbeat cannot be written", extra={"why": str(error)})
    with ExitStack() as ending:
        if bound is not None:
            registry = registry_of(DeskCollector(look.get, archived.get, build))
            ready = lambda: watch.begun.is_set() and not stop.is_set()  # noqa: E731
            app = monitor_app(look=look.get, heart=watch.heart, registry=registry, ready=ready)
            monitor = Monitor(app, bound)
            monitor.begin()
            ending.callback(monitor.end)
        if watch.pinger.begin() is not None:
            watch.pinger.say(SCHEDULER, "start")
            ending.callback(watch.pinger.end)
        try:
            yield watch
        except BaseException:
            if not watch.begun.is_set():  # refused at the start, and said so
                watch.heart.end()
            raise
        watch.heart.end()

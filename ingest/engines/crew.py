"""Who of a cluster's workers may read: each is asked what it has before it is given anything."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Container, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from distributed import Client, Future
from distributed.comm.core import CommClosedError

from ingest.engines import EngineError
from ingest.engines.fitness import Need

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds after which it is looked again who is there."""
_LONG = 10.0
"""Seconds to wait at the start for answers once somebody may read."""


@dataclass(slots=True, kw_only=True)
class Crew:
    """The workers of a scheduler that fit; looked up again every two seconds."""

    client: Client
    address: str
    """As the user named the scheduler."""
    need: Need
    patience: float
    """Seconds to wait for a worker when there is none."""
    name: str = field(default_factory=lambda: f"policywire-{uuid4().hex[:12]}")
    """Of this run; the keys of its tasks begin with it."""
    fit: frozenset[str] = frozenset()
    """Addresses of the workers that may be given something."""
    threads: int = 0
    """Of all of them."""
    refused: dict[str, str] = field(default_factory=dict)
    """Why others are left aside, by their addresses."""
    _asked: dict[str, Future[str | None]] = field(default_factory=dict)
    _looked: float = 0.0
    _lonely_since: float | None = None

    def wait(self) -> None:
        """Until those who are there have said whether they may read; for those who take long, not once one may.

        Raises EngineError when all who are there are refused, or nobody comes.
        """
        began = time.monotonic()
        while not self.fit or (self._asked and time.monotonic() - began < _LONG):
            self.look(at_once=True)
            if self.refused and not self.fit and not self._asked:
                reasons = "; ".join(f"{address} {why}" for address, why in sorted(self.refused.items())[:3])
                raise EngineError(f"no worker of {self.address} can read for us: {reasons}")
            if not self.fit or self._asked:
                time.sleep(0.05)

    def look(self, *, at_once: bool = False) -> None:
        """See who has come and gone. Raises EngineError when nobody fit has been there for too long."""
        now = time.monotonic()
        if now - self._looked < EVERY and not at_once:
            return
        self._looked = now
        with self.scheduler_is_there():
            there = {address: about["nthreads"] for address, about in self.client.scheduler_info()["workers"].items()}
        self._ask(there)
        gone = self.fit - there.keys()
        if gone:
            log.warning("workers have gone; others read what they had", extra={"workers": ", ".join(sorted(gone))})
        self.fit = self.fit & there.keys()
        self.refused = {address: why for address, why in self.refused.items() if address in there}
        self._hear(there.keys())
        self.threads = sum(there[address] for address in self.fit)
        if self.fit:
            self._lonely_since = None
        elif self._lonely_since is None:
            self._lonely_since = now
        elif now - self._lonely_since > self.patience:
            raise EngineError(
                f"{self.address} has had no worker that can read for {self.patience:.0f} seconds; "
                f"start one with `dask worker {self.address}` and begin again: what was stored stands"
            )

    @contextmanager
    def scheduler_is_there(self) -> Iterator[None]:
        """Turns what Dask raises when the scheduler has gone into a EngineError."""
        try:
            yield
        except TimeoutError:
            raise
        except (CancelledError, CommClosedError, OSError) as error:
            raise EngineError(
                f"the scheduler at {self.address} has gone; what was stored stands: "
                "start it, and the same command again, to go on"
            ) from error

    def _ask(self, there: dict[str, int]) -> None:
        for address in there.keys() - self.fit - self.refused.keys() - self._asked.keys():
            self._asked[address] = self.client.submit(
                _question(), asdict(self.need), key=f"{self.name}-fit-{uuid4().hex[:8]}", workers=[address], pure=False
            )

    def _hear(self, there: Container[str]) -> None:
        for address, future in list(self._asked.items()):
            if address not in there:
                del self._asked[address]
            elif future.done():
                del self._asked[address]
                error = future.exception()
                why = future.result() if error is None else f"cannot be asked ({error!r})"
                if why is None:
                    self.fit |= {address}
                else:
                    self.refused[address] = why
                    log.warning("a worker is left aside: it %s", why, extra={"worker": address})


def _question() -> Callable[[Mapping[str, Any]], str | None]:
    """A function that is sent as it is, for a worker that has nothing of ours has no module to find it in."""

    def lacks(need: Mapping[str, Any]) -> str | None:
        try:
            from ingest.engines.fitness import shortcoming
        except ImportError as error:
            return f"has no policywire, or an older one ({error}); install the same one there"
        return shortcoming(need)

    return lacks

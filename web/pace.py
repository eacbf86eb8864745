"""How often a client may be wrong: kept in memory, for a few minutes, of a limited number of clients."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MOST = 20
WITHIN = timedelta(minutes=10)
_MOST_CLIENTS = 10_000


@dataclass(frozen=True, slots=True)
class Pace:
    """The faults of each client within the last minutes."""

    _faults: dict[str, deque[datetime]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, client: str, now: datetime) -> int | None:
        """Seconds that a client who was wrong too often has to wait; None: it need not."""
        with self._lock:
            held = self._faults.get(client)
            if held is None or len(held) < MOST or now - held[0] >= WITHIN:
                return None
            return int((held[0] + WITHIN - now).total_seconds()) + 1

    def note(self, client: str, now: datetime) -> None:
        """A client was wrong."""
        with self._lock:
            held = self._faults.pop(client, None) or deque(maxlen=MOST)
            held.append(now)
            self._faults[client] = held  # those that were wrong longest ago stand first
            while len(self._faults) > _MOST_CLIENTS:
                del self._faults[next(iter(self._faults))]
